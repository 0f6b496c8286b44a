"""What to mend in a district before its figures are believed."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator

import geopandas as gpd
import numpy as np
import shapely

from planner.arrays import F64, Bool
from planner.district import District
from planner.errors import Finding
from planner.network import ISLAND_M, Barriers, Islands, Positions, WalkNetwork
from planner.sources.checks.islands import island_findings, island_places
from planner.sources.checks.street_faults import (
    FOUND_ANEW,
    gates_passed,
    shut_places,
    walked_all_the_same,
)
from planner.sources.streets.joining import find_unjoined
from planner.sources.streets.layer import loose_findings
from planner.sources.streets.unjoined import unjoined_findings
from planner.sources.streets.walls import Walls
from planner.sources.tables.set_aside import rows_told

_SEVERAL = ""
"""Stands for the codes of a step that finds several things."""

_OPTIONAL = {"opening_hours": "text", "capacity": "number", "floor_area_m2": "number"}


def check(
    district: District, *, max_access_m: float = 250.0, without: Container[str] = ()
) -> list[Finding]:
    """Return what a planner should mend before believing a district's figures.

    Parameters
    ----------
    district
        The district.
    max_access_m
        Longest straight way from a place to a street, metres.
    without
        Codes of findings that are told otherwise, as :mod:`planner.analysis.data_check` tells them
        row by row; what tells nothing else is not looked for.

    Returns
    -------
    Findings: the district's own, then streets that do not join and loose pieces, places without a
    street, places beside small loose pieces (whom they do not catch, whom they keep), facilities
    inside barriers, demand outside the communities, communities without demand, and columns of
    facilities that are not filled.
    """
    steps: tuple[tuple[str, Callable[[], Iterable[Finding]]], ...] = (
        (_SEVERAL, lambda: (f for f in district.findings if f.code not in FOUND_ANEW)),
        ("sources.unjoined", lambda: _unjoined(district)),
        (_SEVERAL, lambda: loose_findings(district.streets)),
        (_SEVERAL, lambda: joining_findings(district, max_access_m=max_access_m)),
        (_SEVERAL, lambda: walked_all_the_same(district.streets)),
        (_SEVERAL, lambda: gates_passed(district.streets, district.gates, district.barriers)),
        ("sources.facilities_in_barriers", lambda: _inside_barriers(district)),
        ("sources.demand_outside", lambda: _outside_communities(district)),
        ("sources.communities_empty", lambda: (f for f, _ in without_demand(district))),
        ("sources.not_filled", lambda: (f for f, _ in not_filled(district))),
    )
    found = [finding for code, step in steps if code not in without for finding in step()]
    return [finding for finding in found if finding.code not in without]


def _unjoined(district: District) -> Iterator[Finding]:
    walls = Walls.of(district.barriers, district.gates)
    found = find_unjoined(district.streets, shut=shut_gates(district), walls=walls)
    yield from unjoined_findings(found)


def shut_gates(district: District) -> F64:
    """Return the places (n, 2) of gates that are shut, where streets end on purpose."""
    return shut_places(district.gates)


def barriers_of(district: District) -> Barriers | None:
    """Return what an access leg may not cross, with the gates that are open; None where none."""
    if district.barriers.empty:
        return None
    gates = district.gates.loc[district.gates["open"].astype(bool)]
    return Barriers(
        district.barriers.geometry.to_numpy(),
        gate_xy=shapely.get_coordinates(gates.geometry.to_numpy()),
    )


def joining_findings(district: District, *, max_access_m: float = 250.0) -> Iterator[Finding]:
    """Tell which places find no street, and whom small loose pieces do not catch or keep.

    Parameters as of :func:`check`, of which this is a part.
    """
    network = WalkNetwork.from_lines(
        district.streets.geometry.to_numpy(),
        joinable=~(district.streets["bridge"] | district.streets["tunnel"]).to_numpy(),
    )
    barriers = barriers_of(district)
    islands = Islands.of(network, ISLAND_M if district.island_m is None else district.island_m)
    joined: dict[str, Positions] = {}
    for layer, column in (("demand", "demand_id"), ("facilities", "facility_id")):
        table = getattr(district, layer)
        if table.empty:
            continue
        at = joined[layer] = islands.snap(
            shapely.get_coordinates(table.geometry.to_numpy()),
            max_access_m=max_access_m,
            barriers=barriers,
        )
        lost = table[~at.known]
        if len(lost):
            yield Finding(
                f"sources.{layer}_without_street",
                {
                    "count": len(lost),
                    "metres": round(max_access_m),
                    "ids": rows_told(lost[column].tolist()),
                },
            )
    places = island_places(district, islands, joined, barriers, max_access_m)
    yield from island_findings(places, islands)


def _inside_barriers(district: District) -> Iterator[Finding]:
    areas = district.barriers[district.barriers.geom_type.isin(["Polygon", "MultiPolygon"])]
    water = areas[areas["kind"].isin(["water", "railway", "motorway"])]
    if water.empty or district.facilities.empty:
        return
    inside, _ = water.sindex.query(district.facilities.geometry, predicate="within")
    held = district.facilities.iloc[np.unique(inside)]
    if len(held):
        yield Finding(
            "sources.facilities_in_barriers",
            {"count": len(held), "ids": rows_told(held["facility_id"].tolist())},
        )


def _outside_communities(district: District) -> Iterator[Finding]:
    if (district.demand["community_id"] == "").any():
        yield outside_finding(district)


def outside_finding(district: District) -> Finding:
    """Tell how many homes lie in no community, and which share of the demand that is."""
    outside = district.demand["community_id"] == ""
    total = district.demand[district.groups[0]]
    percent = round(100 * float(total[outside].sum() / total.sum()), 1)
    return Finding("sources.demand_outside", {"count": int(outside.sum()), "percent": percent})


def without_demand(district: District) -> Iterator[tuple[Finding, Bool]]:
    """Tell of communities in which nobody lives, and which rows these are."""
    total = district.groups[0]
    living = set(district.demand.loc[district.demand[total] > 0, "community_id"])
    empty = ~district.communities["community_id"].isin(living).to_numpy(dtype=bool)
    if empty.any():
        rows = district.communities[empty]
        names = rows["name"].where(rows["name"] != "", rows["community_id"])
        params = {"count": len(rows), "names": rows_told(names.tolist())}
        yield Finding("sources.communities_empty", params), empty


def not_filled(district: District) -> Iterator[tuple[Finding, Bool]]:
    """Yield for each column of facilities that is not filled what to tell, and in which rows."""
    table: gpd.GeoDataFrame = district.facilities
    for column, kind in _OPTIONAL.items():
        blank = table[column].eq("") if kind == "text" else table[column].isna()
        if blank.any():
            params = {"column": column, "count": int(blank.sum()), "total": len(table)}
            yield Finding("sources.not_filled", params), blank.to_numpy(dtype=bool)
