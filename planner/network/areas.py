"""What can be reached on foot from a place: stretches of street, and the ground beside them.

A street is cut exactly where the limit runs out. The ground within a short access leg of what was
reached makes the polygon; it ends at every barrier, so that a river divides it even where the
streets on both banks run close together.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import shapely

from planner.arrays import F64, I32, I64, Bool, Shapes
from planner.errors import InputError
from planner.network.distances import limit_in

if TYPE_CHECKING:
    from planner.network.barriers import Barriers
    from planner.network.positions import Positions
    from planner.network.walk_network import WalkNetwork

__all__ = ["ServiceAreas", "service_areas"]


_WALL_M = 0.05  # half the width that a barrier line takes from the ground
_LANE_M = 0.5  # half the width of a street itself


@dataclass(frozen=True, eq=False)
class ServiceAreas:
    """One area for each source and limit, sources first.

    Parameters
    ----------
    source
        (n,) int32, index of the source.
    limit
        (n,) float64, the limit in the network's unit, metres or seconds.
    lines
        (n,) MultiLineStrings, the stretches of street within the limit; empty where the source's
        position is unknown.
    polygons
        (n,) Polygons and MultiPolygons, the ground beside them; None where not asked for.
    stretch_area, stretch_edge
        (m,) int32, area and edge of each stretch, in the order of the lines' parts.
    stretch_mm
        (m, 2) int32, from where to where along its edge, in millimetres (milliseconds where the
        network counts in seconds).
    """

    source: I32
    limit: F64
    lines: Shapes
    polygons: Shapes | None
    stretch_area: I32
    stretch_edge: I32
    stretch_mm: I32


def service_areas(
    network: WalkNetwork,
    sources: Positions,
    limits_m: npt.ArrayLike,
    *,
    barriers: Barriers | None = None,
    access_m: float = 40.0,
    polygons: bool = True,
    threads: int = 2,
) -> ServiceAreas:
    """Find the streets, and the ground beside them, within limits of each source by itself.

    Parameters
    ----------
    network
        The streets.
    sources
        Where to start; the access leg counts.
    limits_m
        One limit or several, in metres (in seconds where the network counts in seconds).
    barriers
        What the ground beside a street does not cross. Lines and the outlines of polygons count;
        gates do not widen the ground, for who passes a gate passes it on a street.
    access_m
        How far the ground reaches from a street. Streets that cannot be joined (bridges,
        tunnels) have no ground beside them.
    polygons
        Whether to make the polygons, which takes most of the time.
    threads
        How many threads make them.

    Returns
    -------
    ServiceAreas
        A polygon contains its lines, and the polygons of larger limits contain those of smaller
        ones, but for slivers narrower than the approximation of a round corner.

    Raises
    ------
    InputError
        ``network.bad_limit``, ``network.no_limits``, and those of
        :meth:`WalkNetwork.legs`.

    Examples
    --------
    >>> from planner.network import WalkNetwork
    >>> net = WalkNetwork.from_edges([(0, 0), (100, 0), (100, 100)], [(0, 1), (1, 2)])
    >>> areas = service_areas(net, net.snap([(80, 0)]), [10, 50])
    >>> areas.lines[1].wkt
    'MULTILINESTRING ((30 0, 100 0), (100 0, 100 30))'
    >>> areas.polygons[1].contains(areas.lines[1])
    True
    """
    limits = np.atleast_1d(np.asarray(limits_m, np.float64))
    if not limits.size:
        raise InputError("network.no_limits")
    if not (np.isfinite(access_m) and access_m > 0):
        raise InputError("network.bad_limit", name="access_m", value=access_m)
    area, edge, span = _stretches(network, sources, limits)
    count = len(sources) * limits.size
    pieces = _cut(network, edge, span)
    lines = _gather(pieces, area, count)
    grounds = None
    if polygons:
        grounds = _grounds(network, count, pieces, area, edge, span, barriers, access_m, threads)
    return ServiceAreas(
        np.repeat(np.arange(len(sources), dtype=np.int32), limits.size),
        np.tile(limits, len(sources)),
        lines,
        grounds,
        area,
        edge,
        span,
    )


def _stretches(network: WalkNetwork, sources: Positions, limits: F64) -> tuple[I32, I32, I32]:
    """Area, edge and span of every stretch within a limit, by area."""
    from planner.network.kernels import areas
    from planner.network.kernels.graph import places_by_node

    own = [{"m": (x, np.inf), "s": (np.inf, x)}[network.unit] for x in limits.tolist()]
    whole = np.array([limit_in(network, *x, name="limit") for x in own], np.int64)
    graph = network.graph
    edges = np.arange(len(graph.cost), dtype=np.int32)
    start, incident = places_by_node(len(graph.order), graph.ends, edges)
    area, edge, low, high = areas.reached_stretches(
        graph.indptr,
        graph.neighbour,
        graph.weight,
        graph.ends,
        graph.cost,
        start,
        incident,
        sources.edge,
        *network.legs(sources),
        whole,
    )
    some = low < high
    return area[some], edge[some], np.column_stack([low, high])[some]


def _cut(network: WalkNetwork, edge: I32, span: I32) -> Shapes:
    """LineStrings of stretches, cut out of the polylines of their edges."""
    from planner.network.kernels import areas

    if not edge.size:
        return np.empty(0, object)
    start, coords = network.coord_start, network.coords
    piece = np.concatenate([[0.0], np.hypot(*np.diff(coords, axis=0).T)])
    piece[start[:-1]] = 0.0
    total = np.cumsum(piece)
    along = total - np.repeat(total[start[:-1]], np.diff(start))
    metres = along[start[edge + 1] - 1]
    cost = network.edge_cost[edge]
    low, high = (
        np.where(span[:, side] == cost, metres, span[:, side] / cost * metres) for side in (0, 1)
    )
    points = np.empty(edge.size, np.int32)
    areas.count_points(along, start, edge, low, high, points)
    xy = np.empty((int(points.sum()), 2))
    areas.cut_lines(coords, along, start, edge, low, high, xy)
    return np.asarray(shapely.linestrings(xy, indices=np.repeat(np.arange(edge.size), points)))


def _gather(pieces: Shapes, area: npt.NDArray[np.integer], count: int) -> Shapes:
    """One MultiLineString for each area; areas are ascending."""
    out = np.full(count, shapely.MultiLineString(), object)
    if len(pieces):
        present, number = np.unique(area, return_inverse=True)
        out[present] = shapely.multilinestrings(pieces, indices=number)
    return out


def _grounds(
    network: WalkNetwork,
    count: int,
    pieces: Shapes,
    area: I32,
    edge: I32,
    span: I32,
    barriers: Barriers | None,
    access_m: float,
    threads: int,
) -> Shapes:
    """Polygons of the ground beside the stretches of each area."""
    open_to_ground = network.joinable[edge]
    walls = barriers.segments if barriers is not None else np.empty((0, 4))
    near = np.zeros(len(pieces), np.bool_)
    zones, zone_area = np.empty(0, object), np.empty(0, np.int64)
    if len(walls):
        near, zones, zone_area = _walled_zones(pieces, area, open_to_ground, walls, access_m)
    free = np.flatnonzero(open_to_ground & ~near)
    _, first, number = np.unique(
        np.column_stack([edge, span])[free], axis=0, return_index=True, return_inverse=True
    )
    # one by one and then joined: many times faster than the buffer of a whole collection
    wide = shapely.buffer(pieces[free[first]], access_m, quad_segs=4)[number.reshape(-1)]
    strip = np.setdiff1d(np.arange(len(pieces)), free)
    narrow = shapely.buffer(pieces[strip], _LANE_M, quad_segs=2)
    parts = np.concatenate([wide, narrow, zones])
    part_area = np.concatenate([area[free], area[strip], zone_area])
    order = np.argsort(part_area, kind="stable")
    bounds = np.searchsorted(part_area[order], np.arange(count + 1))

    def ground(i: int) -> shapely.Geometry:
        whole: shapely.Geometry = shapely.union_all(parts[order[bounds[i] : bounds[i + 1]]])
        return whole if bounds[i] < bounds[i + 1] else shapely.Polygon()

    out = np.empty(count, object)
    with ThreadPoolExecutor(max(1, threads)) as pool:
        out[:] = list(pool.map(ground, range(count)))
    return out


def _walled_zones(
    pieces: Shapes,
    area: I32,
    open_to_ground: Bool,
    walls: F64,
    access_m: float,
) -> tuple[Bool, Shapes, I64]:
    """Ground beside the stretches that have a wall near: which these are, the zones, their areas.

    Every straight segment is cut where it passes a wall, widened, and keeps only the ground on
    its own side. Segments that several areas share are worked out once.
    """
    wall_lines = _straight(walls)
    tree = shapely.STRtree(wall_lines)
    near = np.zeros(len(pieces), np.bool_)
    near[np.unique(tree.query(pieces, predicate="dwithin", distance=access_m)[0])] = True
    chosen = np.flatnonzero(near & open_to_ground)
    if not chosen.size:
        return near, np.empty(0, object), np.empty(0, np.int64)
    xy, piece = shapely.get_coordinates(pieces[chosen], return_index=True)
    joined = piece[1:] == piece[:-1]
    rows = np.hstack([xy[:-1], xy[1:]])[joined]
    places, number = np.unique(rows, axis=0, return_inverse=True)
    zones, zone_of = _own_side(_straight(places), wall_lines, access_m)
    # hand each distinct segment's zones to the areas that hold it
    holder = np.unique(
        np.column_stack([area[chosen][piece[:-1][joined]], number.reshape(-1)]), axis=0
    )
    first = np.searchsorted(zone_of, holder[:, 1])
    many = np.searchsorted(zone_of, holder[:, 1], side="right") - first
    at = np.repeat(first - np.cumsum(many) + many, many) + np.arange(many.sum())
    return near, zones[at], np.repeat(holder[:, 0], many).astype(np.int64)


def _straight(rows: F64) -> Shapes:
    """LineStrings of rows x0, y0, x1, y1."""
    return np.asarray(shapely.linestrings(rows.reshape(-1, 2, 2)), object)


def _own_side(segments: Shapes, walls: Shapes, access_m: float) -> tuple[Shapes, I64]:
    """Ground within reach of each segment on its own side of the walls; zones, and whose."""
    segment, wall = shapely.STRtree(walls).query(segments, predicate="dwithin", distance=access_m)
    order = np.argsort(segment, kind="stable")
    has, number = np.unique(segment[order], return_inverse=True)
    block = np.full(len(segments), shapely.Polygon(), object)
    block[has] = shapely.buffer(
        shapely.multilinestrings(walls[wall[order]], indices=number),
        _WALL_M,
        cap_style="square",
        join_style="mitre",
    )
    parts, owner = shapely.get_parts(shapely.difference(segments, block), return_index=True)
    some = ~shapely.is_empty(parts)
    parts, owner = parts[some], owner[some]
    wide = shapely.difference(shapely.buffer(parts, access_m, quad_segs=4), block[owner])
    zones, part = shapely.get_parts(wide, return_index=True)
    same = shapely.intersects(zones, parts[part])
    return zones[same], owner[part[same]].astype(np.int64)
