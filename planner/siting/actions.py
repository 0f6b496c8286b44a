"""What can be done for a kind, and whom each brings within the limit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
from scipy.sparse import csc_array, csr_array

from planner.analysis.hours.rules import SHUT
from planner.analysis.people import people_of
from planner.analysis.questions import Question
from planner.arrays import F64, I64
from planner.district.scenarios.scenario import AddService, Change, ExtendHours
from planner.siting.candidates import GENERATED
from planner.siting.costs import Costs
from planner.siting.opening import opening
from planner.siting.walks import keeps, site_distances, uncovered

if TYPE_CHECKING:
    from planner.analysis.assessment import Assessment


@dataclass(frozen=True, eq=False)
class Action:
    """A remedy: what it does and costs, and the homes that it brings.

    Parameters
    ----------
    action_id, remedy, kind, name, cost, change
        What it is.
    gains
        (m,) rows of the homes that come within the limit of `gains_of`; where that is empty, of
        all kinds one below the other. A city has tens of thousands of remedies: a sparse column
        for each would hold a number for every home.
    gains_of
        The kind, empty where it brings homes of several kinds.
    x, y
        Where it is.
    """

    action_id: str
    remedy: str
    kind: str
    name: str
    cost: float
    change: Change
    gains: I64
    gains_of: str
    x: float
    y: float


def facility_actions(
    assessment: Assessment, kind: str, group: str, sites: gpd.GeoDataFrame, prices: Costs
) -> list[Action]:
    """Return the facilities that could be built, opened or improved for one kind."""
    limit = assessment.limit_m(kind, group)
    assert limit is not None
    missed = uncovered(assessment, kind, limit)

    def brought(rows: gpd.GeoDataFrame) -> list[I64]:
        """Return for each place the homes beyond the limit that it has within it."""
        covers = csc_array(keeps(site_distances(assessment, rows, kind, limit), limit))
        parts = np.split(covers.indices, covers.indptr[1:-1])
        return [np.sort(part[missed[part]]).astype(np.int64) for part in parts]

    actions = []
    if len(sites):
        gains = brought(sites)
        for number, site in enumerate(sites.itertuples()):
            remedy = "open_internal" if site.origin == "internal" else "build"
            change = opening(assessment, kind, site, f"new-{kind}-{site.site_id}")
            spot = (site.geometry.x, site.geometry.y)
            name = "" if site.origin in GENERATED else str(site.name)
            key = f"{remedy}:{kind}:{site.site_id}"
            made = Action(key, remedy, kind, name, site.cost, change, gains[number], kind, *spot)
            actions.append(made)
    for remedy, rows, cost, make in _improvable(assessment, kind, prices):
        if len(rows):
            gains = brought(rows)
            for number, row in enumerate(rows.itertuples()):
                key, name = f"{remedy}:{row.facility_id}", str(row.name or row.facility_id)
                change = make(row.facility_id)
                spot = (row.geometry.x, row.geometry.y)
                made = Action(key, remedy, kind, name, cost, change, gains[number], kind, *spot)
                actions.append(made)
    return actions


def _improvable(
    assessment: Assessment, kind: str, prices: Costs
) -> list[tuple[str, gpd.GeoDataFrame, float, Callable[[str], Change]]]:
    """Return the open facilities that miss only the asked hour, or only the asked service."""
    facilities = assessment.district.open_facilities()
    of_kind = facilities[facilities["kind"] == kind]
    asked = assessment.question
    shut = Question(asked.at, None).states(of_kind) == SHUT
    lacking = Question(None, asked.service).states(of_kind) == SHUT
    found: list[tuple[str, gpd.GeoDataFrame, float, Callable[[str], Change]]] = []
    if asked.at is not None:
        longer = partial(ExtendHours, opening_hours="24/7")
        found.append(("extend_hours", of_kind[shut & ~lacking], prices.extend_hours, longer))
    if asked.service is not None:
        more = partial(AddService, service=asked.service)
        found.append(("add_service", of_kind[lacking & ~shut], prices.add_service, more))
    return found


def stacked(actions: Sequence[Action], kinds: Sequence[str], homes: int) -> csr_array:
    """Return which action brings which home of which kind, (kinds × homes, actions)."""
    below = {kind: homes * number for number, kind in enumerate(kinds)} | {"": 0}
    rows = [each.gains + below[each.gains_of] for each in actions]
    ends = np.cumsum([0, *map(len, rows)])
    ones = np.ones(int(ends[-1]), dtype=np.int32)
    shape = (homes * len(kinds), len(actions))
    return csr_array(csc_array((ones, np.concatenate([*rows, _NOBODY]), ends), shape=shape))


_NOBODY = np.empty(0, np.int64)


def weights(assessment: Assessment, kinds: Sequence[str], group: str) -> F64:
    """Return what each home of each kind weighs, (kinds × homes,)."""
    people = people_of(assessment, group)
    return np.tile(people, len(kinds))
