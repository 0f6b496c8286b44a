"""The joint plan by community or subdistrict: coverage year by year, and who is still left out."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from planner.analysis.assessment import Assessment
from planner.analysis.coverage.levels import Level

FIGURES = ("total", "covered", "uncovered", "unknown", "share", "share_low", "share_high")
_KEYS = ["area_id", "kind", "group"]


def by_area(
    years: Sequence[str],
    after: Sequence[Assessment],
    level: Level = "community",
    kind: str | None = None,
) -> pd.DataFrame:
    """Return coverage by area, kind and group at the end of each year.

    Parameters
    ----------
    years, after
        Names of the years, today first, and the assessment at the end of each.
    level
        ``"community"`` or ``"subdistrict"``.
    kind
        Only this kind; all where none is given.

    Returns
    -------
    DataFrame
        ``year``, ``area_id``, ``name``, ``subdistrict``, ``kind``, ``group``, the columns of
        :data:`FIGURES` as :meth:`planner.Assessment.league` of a new assessment of that year has
        them (withheld ones are missing), and ``gained`` against today; of a group whose small
        counts are withheld it is missing where so few gain or lose.
    """
    names = [*_KEYS[:1], "name", "subdistrict", *_KEYS[1:], *FIGURES]
    tables = [
        state.league(level, kind)[names].assign(year=year)
        for year, state in zip(years, after, strict=True)
    ]
    whole = pd.concat(tables, ignore_index=True)
    # a kind without data today is asked of nobody then: nothing is known to be gained
    today = tables[0].set_index(_KEYS)["covered"]
    before = today.reindex(pd.MultiIndex.from_frame(whole[_KEYS])).to_numpy()
    whole["gained"] = whole["covered"].to_numpy() - before
    whole["gained"] = whole["gained"].mask(_few(after[0], whole))
    return whole[["year", *names, "gained"]]


def _few(state: Assessment, table: pd.DataFrame) -> pd.Series:
    """Return whether fewer gain or lose in a row than may be told of its group."""
    withheld = state.district.withheld
    if withheld is None:
        return pd.Series(False, index=table.index)
    few = pd.Series(withheld.few(table["gained"].abs()), index=table.index)
    return few & table["group"].isin(withheld.groups)


def left_out(
    state: Assessment, level: Level = "community", kind: str | None = None
) -> pd.DataFrame:
    """Return who is still beyond the limit of a kind, by area, the most people first.

    Parameters
    ----------
    state
        The assessment at the end of a year.
    level
        ``"community"`` or ``"subdistrict"``.
    kind
        Only this judged kind; all of them where none is given.

    Returns
    -------
    DataFrame
        ``area_id``, ``name``, ``subdistrict``, ``kind``, ``group``, ``uncovered`` people beyond the
        limit and ``unknown``, those of whom it is not known, apart, then the homes of both,
        whoever lives there: ``homes`` beyond and ``homes_unknown``. Areas where it is known that
        there is none of them are not listed; those whose people are withheld are, since that they
        are none is not known.
    """
    rows = state.league(level, kind)
    rows = rows[rows["kind"].isin(_judged(state, kind))]
    counted = homes_beyond(state, level, kind)
    # tables without rows, as of subdistricts that nobody names, say nothing of their types
    keys = dict.fromkeys(_KEYS, "object")
    table = rows[["area_id", "name", "subdistrict", *_KEYS[1:], "uncovered", "unknown"]]
    table = table.astype(keys).merge(
        counted.astype(keys), on=_KEYS, how="left", validate="one_to_one"
    )
    none = table[["uncovered", "unknown"]].eq(0.0).all(axis=1)
    nobody = table[["homes", "homes_unknown"]].eq(0).all(axis=1) & ~_kept_back(state, table)
    listed = table[~(none | nobody)]
    return listed.sort_values(
        ["uncovered", "unknown", *_KEYS], ascending=[False, False, True, True, True]
    ).reset_index(drop=True)


def _judged(state: Assessment, kind: str | None) -> list[str]:
    return [each for each in state.judged_kinds if kind in (None, each)]


def _kept_back(state: Assessment, table: pd.DataFrame) -> pd.Series:
    """Return whether the people of a row are withheld."""
    withheld = state.district.withheld
    groups = [] if withheld is None else withheld.groups
    missing = table[["uncovered", "unknown"]].isna().any(axis=1)
    return missing & table["group"].isin(groups)


def homes_beyond(
    state: Assessment, level: Level = "community", kind: str | None = None
) -> pd.DataFrame:
    """Return how many homes with residents are beyond the limits, and how many it may be.

    Parameters
    ----------
    state
        The assessment at the end of a year.
    level
        ``"community"`` or ``"subdistrict"``.
    kind
        Only this kind; all judged ones where none is given.

    Returns
    -------
    DataFrame
        ``area_id``, ``kind``, ``group``, ``homes`` beyond the limit of the group, whoever lives
        there, and ``homes_unknown``, those of which it is not known: a row for every area, kind and
        group, those with none too. A kind that is not judged has no rows.
    """
    areas, area_of = state.areas(level)
    people = state.district.people()[state.groups[0]].to_numpy(dtype=np.float64)
    # a home of which nobody knows how many live there is a home all the same
    counted = (area_of >= 0) & ~(people == 0.0)
    tables = []
    for each in _judged(state, kind):
        for group in state.groups:
            within = state.within(each, group)
            unknown = within.isna().to_numpy()
            beyond = ~within.fillna(True).to_numpy(dtype=bool)
            found = {
                name: np.bincount(area_of[where & counted], minlength=len(areas))
                for name, where in (("homes", beyond), ("homes_unknown", unknown))
            }
            told = pd.DataFrame({"area_id": areas.index, **found})
            tables.append(told.assign(kind=each, group=group))
    columns = [*_KEYS, "homes", "homes_unknown"]
    return pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=columns)
