"""Measures of an assessment, worked out once and shared by all sessions. Never change them."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

import pandas as pd

from planner.analysis.assessment import Assessment
from planner.analysis.measures.equity import distance_lorenz, equity
from planner.analysis.measures.groups import group_coverage
from planner.analysis.measures.redundancy import redundancy
from planner.analysis.measures.supply import catchments, load
from planner.analysis.measures.uncertainty import loose_pieces, uncertainty
from planner.analysis.measures.week import round_the_clock, week

Value = TypeVar("Value")

CURVE_POINTS = 300

_kept: WeakKeyDictionary[Assessment, dict[Hashable, Any]] = WeakKeyDictionary()


def _once(result: Assessment, key: Hashable, make: Callable[[], Value]) -> Value:
    """Return what was made under this key for an assessment, made when first asked for."""
    found = _kept.setdefault(result, {})
    if key not in found:
        found[key] = make()
    value: Value = found[key]
    return value


def hours(result: Assessment, group: str) -> pd.DataFrame:
    """Return :func:`planner.analysis.measures.week.week` of all judged kinds."""
    return _once(result, ("hours", group), lambda: week(result, groups=[group]))


def around_the_clock(result: Assessment, group: str) -> pd.DataFrame:
    """Return :func:`planner.analysis.measures.week.round_the_clock` of all judged kinds."""
    return _once(result, ("always", group), lambda: round_the_clock(result, groups=[group]))


def served(result: Assessment, kind: str, group: str) -> pd.DataFrame:
    """Return the catchments of a kind with each facility's ``x`` and ``y``."""

    def make() -> pd.DataFrame:
        places = result.district.facilities.set_index("facility_id").geometry
        table = catchments(result, kind, group=group)
        at = places.reindex(table.index)
        return table.assign(x=at.x, y=at.y)

    return _once(result, ("supply", kind, group), make)


def loads(result: Assessment, group: str) -> pd.DataFrame:
    """Return :func:`planner.analysis.measures.supply.load`."""
    return _once(result, ("load", group), lambda: load(result, group=group))


def alone(result: Assessment, kind: str, group: str) -> pd.DataFrame:
    """Return :func:`planner.analysis.measures.redundancy.redundancy`."""
    return _once(result, ("alone", kind, group), lambda: redundancy(result, kind, group=group))


def spread(result: Assessment, group: str) -> pd.DataFrame:
    """Return :func:`planner.analysis.measures.equity.equity` of all kinds."""
    return _once(result, ("equity", group), lambda: equity(result, groups=[group]))


def curve(result: Assessment, kind: str, group: str) -> pd.DataFrame:
    """Return the Lorenz curve of a kind, thinned to what a chart shows."""

    def make() -> pd.DataFrame:
        whole = distance_lorenz(result, kind, group=group)
        step = max(1, len(whole) // CURVE_POINTS)
        return pd.concat([whole.iloc[:-1:step], whole.iloc[-1:]])

    return _once(result, ("curve", kind, group), make)


def by_group(result: Assessment, kind: str) -> pd.DataFrame:
    """Return :func:`planner.analysis.measures.groups.group_coverage` of a kind."""
    return _once(result, ("groups", kind), lambda: group_coverage(result, [kind]))


def ranges(result: Assessment, kind: str, group: str) -> pd.DataFrame:
    """Return :func:`planner.analysis.measures.uncertainty.uncertainty` of a kind."""
    return _once(
        result, ("ranges", kind, group), lambda: uncertainty(result, [kind], groups=[group])
    )


def pieces(result: Assessment) -> pd.DataFrame:
    """Return :func:`planner.analysis.measures.uncertainty.loose_pieces`."""
    return _once(result, "pieces", lambda: loose_pieces(result))
