"""Streets once other gates are shut: cut at them, and joined where a gate had cut them."""

from __future__ import annotations

from dataclasses import replace

import geopandas as gpd
import numpy as np
import shapely

from planner.arrays import Bool, Shapes
from planner.district import District
from planner.errors import Finding
from planner.sources.checks.district import shut_gates
from planner.sources.streets.gates import REACH_M, cut_at_gates
from planner.sources.streets.joining import find_unjoined
from planner.sources.streets.layer import loose_findings
from planner.sources.streets.reopened import cut_at, cut_beside, joined_at
from planner.sources.streets.unjoined import unjoined_findings
from planner.sources.streets.walls import Walls
from planner.sources.tables.set_aside import rows_told

_SAME_M = 0.01
_NONE = "–"
_AFTER_ALL = (
    "sources.cut_streets",
    "sources.inner_junctions",
    "sources.loose_streets",
    "sources.unjoined",
)


def streets_at(
    district: District, gates: gpd.GeoDataFrame, barriers: gpd.GeoDataFrame
) -> tuple[dict[str, gpd.GeoDataFrame], list[Finding], list[Finding]]:
    """Return streets as they are walked with other gates or barriers, nothing where these stay.

    Parameters
    ----------
    district
        As it was.
    gates, barriers
        As they are going to be.

    Returns
    -------
    The layer; what is found of gates from now on; and what must be known before it is taken.
    """
    streets = district.streets
    before, now = _shut(district.gates), _shut(gates)
    lines, spots = streets.geometry.to_numpy(), before.geometry.to_numpy()
    walled = _at_wall(before, district.barriers) & ~_at_wall(before, barriers)
    opened = before[~_among(before, now) | (walled & cut_beside(lines, spots))]
    reopened, ends = cut_at(lines, opened.geometry.to_numpy())
    joined = joined_at(streets, opened.geometry.to_numpy()) if reopened.any() else streets
    table, cuts, found = cut_at_gates(joined, gates, barriers)
    told = []
    if reopened.any() or len(cuts):
        fresh = next((f.params["ids"] for f in found if f.code == "sources.gates_cut"), _NONE)
        params = {"opened": _ids(opened, reopened) or _NONE, "shut": fresh, "streets": len(table)}
        told.append(Finding("update.streets_follow", params))
    if ends.any():
        params = {"count": int(ends.sum()), "ids": _ids(opened, ends)}
        told.append(Finding("update.streets_end", params))
    shut, _ = cut_at(table.geometry.to_numpy(), now.geometry.to_numpy())
    notes = [f for f in found if f.code != "sources.gates_cut"]
    if shut.any():
        params = {"count": int(shut.sum()), "ids": _ids(now, shut)}
        notes.append(Finding("sources.gates_cut", params))
    notes += [each for each in told if each.code == "update.streets_end"]
    changed = reopened.any() or len(cuts)
    return ({"streets": table} if changed else {}), notes, told


def with_findings_of_streets(district: District) -> District:
    """Return a district of whose streets it is told anew what does not join."""
    streets = district.streets
    findings = [each for each in district.findings if each.code not in _AFTER_ALL]
    walls = Walls.of(district.barriers, district.gates)
    found = find_unjoined(streets, shut=shut_gates(district), walls=walls)
    findings += unjoined_findings(found)
    findings += loose_findings(streets)
    return replace(district, findings=tuple(dict.fromkeys(findings)))


def _shut(gates: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    return gates[~gates["open"].to_numpy(dtype=bool)]


def _among(gates: gpd.GeoDataFrame, others: gpd.GeoDataFrame) -> Bool:
    """Whether one of some others stands at the very place of each gate."""
    return _near(gates, others, _SAME_M)


def _at_wall(gates: gpd.GeoDataFrame, barriers: gpd.GeoDataFrame) -> Bool:
    """Whether a barrier passes each gate so near that the streets that cross it are cut."""
    return _near(gates, barriers, REACH_M)


def _near(gates: gpd.GeoDataFrame, others: gpd.GeoDataFrame, within_m: float) -> Bool:
    found = np.zeros(len(gates), bool)
    shapes: Shapes = others.geometry.to_numpy()
    if len(gates) and len(shapes):
        own, _ = shapely.STRtree(shapes).query(
            gates.geometry.to_numpy(), predicate="dwithin", distance=within_m
        )
        found[own] = True
    return found


def _ids(gates: gpd.GeoDataFrame, which: Bool) -> str:
    return rows_told(gates["gate_id"].astype(str).to_numpy(dtype=object)[which])
