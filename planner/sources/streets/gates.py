"""Streets that lead through a gate that is shut: cut there, whichever door they come by.

An extract says on which node of a way a gate stands. A file has gates as points of their own, so
it must be seen which street each stands on: one that crosses a barrier there, or one that passes
within half a metre and has no junction there. Other shut gates beside a street are told, since a
gate beside a street, or at a corner, may well be that of a yard which nobody drew a way into.
"""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import shapely
import shapely.ops

from planner.arrays import F64, I64, Bool, Shapes
from planner.errors import Finding
from planner.sources.streets.pieces import split_table

REACH_M = 3.0
"""A gate this near to where a street crosses a barrier stands on that street, metres."""

ON_M = 0.45
"""A gate this near to a street without a barrier stands on it, metres."""

CUT_M = 0.5
"""A street ends so far before a shut gate, metres."""

NEAR_M = 20.0
"""A shut gate on a barrier this near to where a street crosses it may be that street's, metres."""

_NAMED = 10
_SAME_M = 0.01


def cut_at_gates(
    streets: gpd.GeoDataFrame, gates: gpd.GeoDataFrame, barriers: gpd.GeoDataFrame | None
) -> tuple[gpd.GeoDataFrame, F64, list[Finding]]:
    """Cut the streets on which a shut gate stands.

    Parameters
    ----------
    streets
        Pieces with ``street_id``.
    gates
        With ``gate_id`` and ``open``, in the same CRS.
    barriers
        What cannot be crossed, None where that is not known.

    Returns
    -------
    The streets; the places (n, 2) where they were cut; which gates cut a street, and which stand
    beside one that they do not cut.
    """
    shut = gates[~gates["open"].to_numpy(dtype=bool)]
    nowhere = np.empty((0, 2))
    if shut.empty or streets.empty:
        return streets, nowhere, []
    lines = streets.geometry.to_numpy()
    level = np.ones(len(streets), bool)
    for column in ("bridge", "tunnel"):
        if column in streets:
            level &= ~streets[column].to_numpy(dtype=bool)
    walls = np.empty(0, object) if barriers is None else barriers.geometry.to_numpy()
    points = shut.geometry.to_numpy()
    gate, street = shapely.STRtree(lines).query(points, predicate="dwithin", distance=REACH_M)
    gate, street = gate[level[street]], street[level[street]]
    cuts = _crossing(points, lines, walls, gate, street)
    # a gate some way before the wall leaves a piece that crosses it, and leads nowhere any more
    ending = cuts & _ends_at(points, lines, gate, street)
    cuts &= ~ending
    done = np.setdiff1d(gate[ending], gate[cuts])
    passed = np.zeros(len(points), bool)
    for number in np.setdiff1d(gate, done).tolist():
        mine = gate == number
        if not cuts[mine].any():
            cuts[mine], passed[number] = _standing_on(points[number], lines[street[mine]])
    cut_by = np.unique(gate[cuts])
    beside = np.setdiff1d(np.flatnonzero(passed), cut_by)
    off = _off_crossing(shut, gates, lines[level], walls)
    off = np.setdiff1d(off, np.concatenate([cut_by, beside, done]))
    ids = shut["gate_id"].tolist()
    findings = [
        Finding(code, {"count": len(rows), "ids": _some([str(ids[row]) for row in rows.tolist()])})
        for code, rows in (
            ("sources.gates_cut", cut_by),
            ("sources.gates_beside", beside),
            ("sources.gates_off", off),
        )
        if len(rows)
    ]
    if not cuts.any():
        return streets, nowhere, findings
    along = shapely.line_locate_point(lines[street[cuts]], points[gate[cuts]])
    spots = shapely.line_interpolate_point(lines[street[cuts]], along)
    pieces, origin = _parts(lines, street[cuts], along)
    return split_table(streets, pieces, origin), shapely.get_coordinates(spots), findings


def _some(ids: list[str]) -> str:
    return ", ".join(ids[:_NAMED]) + (", …" if len(ids) > _NAMED else "")


def _crossing(points: Shapes, lines: Shapes, walls: Shapes, gate: I64, street: I64) -> Bool:
    """Whether each street crosses a barrier at its gate."""
    crosses = np.zeros(len(gate), bool)
    if not len(walls) or not len(gate):
        return crosses
    near = shapely.buffer(points[gate], REACH_M)
    pair, wall = shapely.STRtree(walls).query(near, predicate="intersects")
    edges = np.where(shapely.get_dimensions(walls) == 2, shapely.boundary(walls), walls)
    met = shapely.intersection(lines[street[pair]], edges[wall])
    crosses[pair[shapely.intersects(met, near[pair])]] = True
    return crosses


def _ends_at(points: Shapes, lines: Shapes, gate: I64, street: I64) -> Bool:
    """Whether each street ends at its gate and no other goes on: it is cut there already."""
    own, at = lines[street], points[gate]
    along = shapely.line_locate_point(own, at)
    to_start, to_end = along, shapely.length(own) - along
    ends = shapely.get_point(own, np.where(to_start < to_end, 0, -1))
    short = np.minimum(to_start, to_end) <= CUT_M
    row, _ = shapely.STRtree(lines).query(ends, predicate="dwithin", distance=_SAME_M)
    alone = np.bincount(row, minlength=len(ends)) == 1
    return np.asarray(short & alone, dtype=np.bool_)


def _off_crossing(
    shut: gpd.GeoDataFrame, gates: gpd.GeoDataFrame, lines: Shapes, walls: Shapes
) -> I64:
    """Return the shut gates on a barrier that a street crosses some metres beside.

    None are those with another gate nearer to that crossing, which is that one's.
    """
    points, every = shut.geometry.to_numpy(), gates.geometry.to_numpy()
    if not len(walls) or not len(lines):
        return np.empty(0, np.int64)
    edges = np.where(shapely.get_dimensions(walls) == 2, shapely.boundary(walls), walls)
    gate, wall = shapely.STRtree(edges).query(points, predicate="dwithin", distance=REACH_M)
    tree, around = shapely.STRtree(lines), shapely.STRtree(every)
    found = set()
    for row, edge in zip(gate.tolist(), edges[wall].tolist(), strict=True):
        near = shapely.intersection(edge, shapely.buffer(points[row], NEAR_M))
        met = shapely.intersection(lines[tree.query(near, predicate="crosses")], near)
        spots = np.asarray(shapely.points(shapely.get_coordinates(met)), object).reshape(-1)
        if not len(spots):
            continue
        own = shapely.distance(points[row], spots)
        nearest = around.query_nearest(spots, all_matches=False, return_distance=True)[1]
        if (own <= nearest + _SAME_M).any():
            found.add(row)
    return np.array(sorted(found), dtype=np.int64)


def _standing_on(gate: Any, lines: Shapes) -> tuple[Bool, bool]:
    """Whether a gate stands on each of some streets, and on no junction of them.

    And whether any of them leads past it, so that it is worth a word where it does not.
    """
    on = shapely.distance(lines, gate) <= ON_M
    to_end = [shapely.distance(shapely.get_point(lines, end), gate) for end in (0, -1)]
    ends = [each <= ON_M for each in to_end]
    meeting = int(sum(each[on].sum() for each in ends))
    leads_past = np.minimum(*to_end) > shapely.distance(lines, gate) + ON_M
    passes = (meeting, int(on.sum())) in ((0, 1), (2, 2))
    return np.asarray(on & passes), bool(leads_past.any() or meeting > 2)


def _parts(lines: Shapes, street: I64, along: F64) -> tuple[Shapes, I64]:
    """Return the lines without what lies at the cuts, and which line each is of."""
    parts: list[Any] = []
    origin: list[int] = []
    cut = set(street.tolist())
    for row, line in enumerate(lines.tolist()):
        if row not in cut:
            parts.append(line)
            origin.append(row)
            continue
        at = np.sort(along[street == row])
        begins, ends = np.r_[0.0, at + CUT_M], np.r_[at - CUT_M, line.length]
        for low, high in zip(begins, ends, strict=True):
            if high > low:
                parts.append(shapely.ops.substring(line, low, high))
                origin.append(row)
    return np.array(parts, dtype=object), np.array(origin, dtype=np.int64)
