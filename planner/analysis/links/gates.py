"""What opening a shut gate means for the streets: a link through it."""

from __future__ import annotations

import numpy as np
import shapely

from planner.analysis.distances.streets import LINK_REACH_M, streets_of
from planner.analysis.links.obstacles import THROUGH_M
from planner.analysis.links.places import BEFORE_M
from planner.arrays import F64
from planner.district import District
from planner.district.scenarios.scenario import Connect
from planner.errors import InputError
from planner.sources.checks.district import barriers_of

BESIDE_M = 1.5
"""How far before and behind the gate the way to the street begins, metres."""

AT_BARRIER_M = 5.0
"""A gate farther from every barrier than this opens nothing, metres."""


def gate_link(district: District, gate_id: str) -> Connect:
    """Return the change that opens a gate: a link between the streets on both sides of it.

    Parameters
    ----------
    district
        The place.
    gate_id
        A gate of its ``gates``.

    Returns
    -------
    Connect
        From the nearest street before the barrier, through the gate, to the nearest one behind
        it; each way to the street crosses no barrier.

    Raises
    ------
    InputError
        ``links.no_gate`` where there is none of that id, ``links.no_barrier``
        where it stands in no barrier, ``links.no_street`` where a side has no street
        within :data:`planner.analysis.distances.streets.LINK_REACH_M`.
    """
    found = district.gates[district.gates["gate_id"] == gate_id]
    if found.empty:
        raise InputError("links.no_gate", gate=gate_id)
    gate, name = found.geometry.iloc[0], str(found["name"].iloc[0])
    across = _across(district, gate, gate_id)
    here = np.array([gate.x, gate.y])
    sides = np.vstack([here + across * BESIDE_M, here - across * BESIDE_M])
    ground = streets_of(district).ground
    joined = ground.snap(sides, max_access_m=LINK_REACH_M, barriers=barriers_of(district))
    if not joined.known.all():
        raise InputError("links.no_street", gate=gate_id, max_m=round(LINK_REACH_M))
    length_m = np.hypot(*(joined.join_xy - here).T).sum()
    (x1, y1), (x2, y2) = joined.join_xy.round(3).tolist()
    return Connect(x1, y1, x2, y2, name=name, length_m=round(float(length_m), 3))


def gate_opened(district: District, link: Connect) -> str:
    """Return the name (or id) of the shut gate that a connection leads through, empty for none.

    Parameters
    ----------
    district
        The place, with the gate as it is without the connection.
    link
        The connection: named by the gate where it was made for one.
    """
    shut = district.gates[~district.gates["open"].to_numpy(dtype=bool)]
    line = shapely.LineString([(link.x1, link.y1), (link.x2, link.y2)])
    away = shapely.distance(shut.geometry.to_numpy(), line)
    named = (shut["name"] == link.name).to_numpy(dtype=bool) & (away <= BEFORE_M)
    through = named if link.name else away <= THROUGH_M
    if not through.any():
        return ""
    gate = shut[through].iloc[int(away[through].argmin())]
    return str(gate["name"] or gate["gate_id"])


def _across(district: District, gate: shapely.Point, gate_id: str) -> F64:
    """Return the unit vector through the gate, square to its barrier, shape (2,)."""
    shapes = district.barriers.geometry.to_numpy()
    outlines = np.array(
        [shape.boundary if shape.geom_type.endswith("Polygon") else shape for shape in shapes],
        dtype=object,
    )
    away = shapely.distance(outlines, gate)
    if not away.size or away.min() > AT_BARRIER_M:
        raise InputError("links.no_barrier", gate=gate_id)
    line = max(
        shapely.get_parts(
            shapely.intersection(outlines[away.argmin()], gate.buffer(AT_BARRIER_M + 1))
        ),
        key=lambda part: part.length,
    )
    at = line.project(gate)
    start, end = line.interpolate(max(0.0, at - 1)), line.interpolate(at + 1)
    along = np.array([end.x - start.x, end.y - start.y])
    square: F64 = np.array([-along[1], along[0]]) / np.hypot(*along)
    return square
