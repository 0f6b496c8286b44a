"""Buildings that kinds of two departments could share: where their gaps are within one reach."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from planner.analysis.people import people_of
from planner.arrays import F64, I64, Bool, Objects
from planner.errors import Finding
from planner.location.one_stop_sites.problem import MOST_KINDS
from planner.siting.candidates import PlaceOptions
from planner.siting.departments.prices import BUILD, gap_homes
from planner.siting.one_stop_sites.places import Places, merged
from planner.siting.one_stop_sites.proposals import distances_to, offered_places
from planner.siting.walks import keeps, uncovered

if TYPE_CHECKING:
    from planner.analysis.assessment import Assessment

MOST = 10
"""Buildings that are listed; where there are more, that is told."""


@dataclass(frozen=True, eq=False)
class Shared:
    """Buildings on offer to several departments.

    Parameters
    ----------
    table
        See :attr:`planner.siting.departments.departments.Departments.buildings`.
    owners
        The department of each kind.
    homes
        Of each building, by kind, which homes it brings within the limit, (n,) bool.
    findings
        What a reader must know of the places.
    more
        Whether there are more than are listed.
    """

    table: gpd.GeoDataFrame
    owners: Mapping[str, str]
    homes: tuple[Mapping[str, Bool], ...] = ()
    findings: tuple[Finding, ...] = ()
    more: bool = False


def shared_buildings(
    assessment: Assessment,
    gaps: gpd.GeoDataFrame,
    owners: Mapping[str, str],
    group: str,
    places: PlaceOptions,
) -> Shared:
    """Find places that bring kinds of two departments or more to homes of their gaps.

    Those gaps count that take a new facility, and of them who is known to be beyond the limit. One
    place after another is taken, that first which brings most to others than the department which
    gains most; who is served then counts no more. Those that cost less than separate buildings are
    listed first, then the others, each part by what it brings to those other departments. Prices,
    rooms and places are those of one-stop sites, see
    :func:`planner.siting.one_stop_sites.proposals.propose_one_stop`.

    Parameters
    ----------
    assessment, gaps
        The district and its gaps by kind.
    owners
        The department of each kind.
    group
        Whose residents count.
    places
        Places to choose from, with their prices.
    """
    built = gaps[(gaps["remedy"] == BUILD).to_numpy()]
    sizes = built.groupby("kind")[group].sum().sort_values(ascending=False, kind="stable")
    kinds = [str(kind) for kind in sizes.index if owners[str(kind)]][:MOST_KINDS]
    if len({owners[kind] for kind in kinds}) < 2:
        return Shared(_none(assessment), owners)
    tables, unlisted = offered_places(assessment, kinds, places)
    offered = merged(assessment, tables, places.prices)
    limits_m = {kind: assessment.limit_m(kind, group) or 0.0 for kind in kinds}
    distances = distances_to(assessment, offered, limits_m)
    people, wanted = people_of(assessment, group), {}
    for kind in kinds:
        inside = np.zeros(len(people), dtype=np.bool_)
        inside[gap_homes(assessment, built[(built["kind"] == kind).to_numpy()], group).row] = True
        wanted[kind] = inside & uncovered(assessment, kind, limits_m[kind])
    covers = {kind: keeps(distances[kind], limits_m[kind]).tocsc() for kind in kinds}
    left = np.column_stack([np.where(wanted[kind], people, 0.0) for kind in kinds])
    of = np.array([owners[kind] for kind in kinds], dtype=object)
    chosen: list[tuple[int, Bool]] = []
    homes: list[dict[str, Bool]] = []
    gains: list[F64] = []
    more = False
    while True:
        brought = np.column_stack(
            [covers[kind].T @ left[:, number] for number, kind in enumerate(kinds)]
        )
        brought[[place for place, _ in chosen]] = 0.0
        opened = _opened(offered, brought)
        shared = _shared(np.where(opened, brought, 0.0), of)
        best = int(np.argmax(shared)) if len(shared) else -1
        if best < 0 or shared[best] <= 0:
            break
        if len(chosen) == MOST:
            more = True
            break
        served = {}
        for number in np.flatnonzero(opened[best]):
            near = np.zeros(len(people), dtype=np.bool_)
            near[covers[kinds[number]][:, [best]].tocoo().row] = True
            served[kinds[number]] = near & (left[:, number] > 0)
            left[near, number] = 0.0
        chosen.append((best, opened[best]))
        homes.append(served)
        gains.append(np.where(opened[best], brought[best], 0.0))
    notes = (places.finding(unlisted),) if unlisted and chosen else ()
    table = _table(assessment, offered, chosen, gains, homes, of, people)
    # who looks for a building to share to save money finds those that do so first
    saves = table["saved"].to_numpy(dtype=np.float64) > 0
    order = np.lexsort((-table["shared"].to_numpy(dtype=np.float64), ~saves))
    table = table.iloc[order].reset_index(drop=True).assign(rank=np.arange(1, len(table) + 1))
    return Shared(table, owners, tuple(homes[each] for each in order), notes, more)


def _opened(offered: Places, brought: F64) -> Bool:
    """Return which kinds each place would hold: those that bring somebody, as far as they fit."""
    useful = offered.allowed & (brought > 0)
    needed = useful @ offered.area_m2
    for place in np.flatnonzero(needed > offered.room_m2 * (1 + 1e-9)):
        room = offered.room_m2[place] * (1 + 1e-9)
        for number in np.argsort(-brought[place], kind="stable"):
            if useful[place, number] and offered.area_m2[number] <= room:
                room -= offered.area_m2[number]
            else:
                useful[place, number] = False
    return np.asarray(useful)


def _shared(gained: F64, of: Objects) -> F64:
    """Return what a place brings to others than the department that gains most there."""
    departments = np.unique(of.astype(str))
    by = np.column_stack([gained[:, of == each].sum(axis=1) for each in departments])
    total: F64 = by.sum(axis=1) - by.max(axis=1)
    return total


def _table(
    assessment: Assessment,
    offered: Places,
    chosen: list[tuple[int, Bool]],
    gains: list[F64],
    homes: list[dict[str, Bool]],
    of: Objects,
    people: F64,
) -> gpd.GeoDataFrame:
    if not chosen:
        return _none(assessment)
    place = np.array([each for each, _ in chosen], dtype=np.int64)
    opened = np.zeros(offered.allowed.shape, dtype=np.bool_)
    for number, inside in chosen:
        opened[number] = inside
    rows = offered.table.iloc[place].reset_index(drop=True)
    cost = offered.cost(opened)[place]
    names = np.array(offered.kinds, dtype=object)
    return gpd.GeoDataFrame(
        {
            "rank": np.arange(1, len(place) + 1),
            **{name: rows[name] for name in ("site_id", "origin", "name", "facility_id")},
            "community": _communities(assessment, rows),
            "kinds": [";".join(names[inside]) for _, inside in chosen],
            "departments": [";".join(dict.fromkeys(of[inside])) for _, inside in chosen],
            "gained": [float(each.sum()) for each in gains],
            "shared": _shared(np.vstack(gains), of),
            "residents": [
                float(people[np.any(list(served.values()), axis=0)].sum()) for served in homes
            ],
            "cost": cost,
            "saved": offered.separate_cost(opened)[place] - cost,
            "floor_area_m2": rows["floor_area_m2"].astype(np.float64),
            "needed_m2": [float(offered.area_m2[inside].sum()) for _, inside in chosen],
        },
        geometry=rows.geometry.to_numpy(),
        crs=rows.crs,
    )


def _communities(assessment: Assessment, places: gpd.GeoDataFrame) -> list[str]:
    """Return the name of the community that each place is in, empty for none."""
    communities = assessment.district.communities
    tree = shapely.STRtree(communities.geometry.to_numpy())
    found: I64 = np.full(len(places), -1, np.int64)
    row, inside = tree.query(places.geometry.to_numpy(), predicate="intersects")
    found[row[::-1]] = inside[::-1]
    names = communities["name"].where(communities["name"] != "", communities["community_id"])
    return [str(names.iloc[each]) if each >= 0 else "" for each in found]


def _none(assessment: Assessment) -> gpd.GeoDataFrame:
    texts = ("site_id", "origin", "name", "facility_id", "community", "kinds", "departments")
    figures = ("gained", "shared", "residents", "cost", "saved", "floor_area_m2", "needed_m2")
    columns = {
        "rank": pd.Series(dtype="int64"),
        **{name: pd.Series(dtype=object) for name in texts},
        **{name: pd.Series(dtype="float64") for name in figures},
    }
    return gpd.GeoDataFrame(columns, geometry=[], crs=assessment.district.crs)
