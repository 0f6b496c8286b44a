"""What a link must not run through, and what it passes over on its way."""

from __future__ import annotations

import numpy as np
import shapely

from planner.arrays import I64, Bool, Shapes
from planner.district import District
from planner.network.links.candidates import LinkCandidates, crosses_any

__all__ = ["THROUGH_M", "buildable", "crossings", "over"]

THROUGH_M = 3.0
"""A link this near to a gate leads through it, also where no wall is mapped."""

INSIDE_M = 2.0
"""A link runs through a building or a compound where so much of it lies inside, metres: outlines
are drawn a metre off."""

AT_END_M = 0.5
"""A street met this near to a link's end is the one that it joins, metres."""


def buildable(district: District, links: LinkCandidates) -> Bool:
    """Return which links could be made where they are drawn, (n,) bool.

    Left out is what crosses a street on the ground between its ends, for there it would join that
    street, and a shorter link says so; what joins two streets of which one passes over the other
    (column ``layer``), for that takes stairs or a ramp, and no data say where they would fit; what
    runs through a building; and what runs through a closed compound from outside to outside (a link
    that ends within it is a way in).
    """
    # most places lie across another street: so this is asked first, and the rest of few
    rows = np.flatnonzero(_on_one_level(district, links) & ~_crosses_street(district, links))
    lines = links.take(rows).lines
    fine = np.ones(len(rows), dtype=np.bool_)
    fine[_long_inside(lines, _of_context(district, "building"))[0]] = False
    compounds = _of_context(district, "private")
    line, area = _long_inside(lines, compounds)
    into = np.zeros(len(line), dtype=np.bool_)
    for ends in (links.a.join_xy[rows], links.b.join_xy[rows]):
        into |= shapely.intersects_xy(compounds[area], ends[line, 0], ends[line, 1])
    fine[line[~into]] = False
    result = np.zeros(len(links), dtype=np.bool_)
    result[rows[fine]] = True
    return result


def over(district: District, kind: str, lines: Shapes) -> Bool:
    """Return which lines pass over a kind of context that is drawn as lines, (n,) bool."""
    passes = np.zeros(len(lines), dtype=np.bool_)
    shapes = _of_context(district, kind)
    if len(shapes) and len(lines):
        passes[shapely.STRtree(shapes).query(lines, predicate="intersects")[0]] = True
    return passes


def crossings(district: District, lines: Shapes) -> tuple[I64, I64]:
    """Return which link crosses which barrier, other than through an open gate."""
    shapes = outlines(district.barriers.geometry.to_numpy())
    if not len(shapes) or not len(lines):
        return np.empty(0, np.int64), np.empty(0, np.int64)
    row, barrier = shapely.STRtree(shapes).query(lines, predicate="intersects")
    gates = district.gates.geometry.to_numpy()[district.gates["open"].to_numpy(dtype=bool)]
    near, gate = shapely.STRtree(gates).query(lines[row], predicate="dwithin", distance=THROUGH_M)
    where = shapely.intersection(lines[row[near]], shapes[barrier[near]])
    through = near[shapely.distance(where, gates[gate]) <= THROUGH_M]
    return np.delete(row, through), np.delete(barrier, through)


def outlines(shapes: Shapes) -> Shapes:
    """Return lines as they are and polygons as their boundaries."""
    polygons = shapely.get_dimensions(shapes) == 2
    return np.where(polygons, shapely.boundary(shapes), shapes)


def _on_one_level(district: District, links: LinkCandidates) -> Bool:
    """Return which links join two streets of the same ``layer`` (none told is the ground)."""
    streets = district.streets
    told = streets["layer"].to_numpy(dtype=np.float64)[~streets["link"].to_numpy(dtype=bool)]
    level = np.nan_to_num(told)
    return np.asarray(level[links.a.edge] == level[links.b.edge])


def _of_context(district: District, kind: str) -> Shapes:
    shapes = district.context.geometry.to_numpy()
    return np.asarray(shapes[(district.context["kind"] == kind).to_numpy(dtype=bool)], object)


def _long_inside(lines: Shapes, areas: Shapes) -> tuple[I64, I64]:
    """Return pairs of a line and an area in which more than a little of it lies."""
    if not len(areas) or not len(lines):
        return np.empty(0, np.int64), np.empty(0, np.int64)
    row, area = shapely.STRtree(areas).query(lines, predicate="intersects")
    long = shapely.length(shapely.intersection(lines[row], areas[area])) > INSIDE_M
    return row[long], area[long]


def _crosses_street(district: District, links: LinkCandidates) -> Bool:
    """Return which links cross a street on the ground farther than a little from their ends."""
    crosses = np.zeros(len(links), dtype=np.bool_)
    streets = district.streets
    raised = streets["bridge"] | streets["tunnel"] | streets["link"]
    shapes = streets.geometry.to_numpy()[~raised.to_numpy(dtype=bool)]
    a, b = links.a.join_xy, links.b.join_xy
    length_m = np.hypot(*(b - a).T)
    long = np.flatnonzero(length_m > 2 * AT_END_M)
    if len(shapes) and long.size:
        step = (b - a)[long] * (AT_END_M / length_m[long])[:, None]
        crosses[long] = crosses_any(np.hstack([a[long] + step, b[long] - step]), shapes)
    return crosses
