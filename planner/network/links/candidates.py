"""Places where a link is worth a thought: streets near each other that are far apart on foot.

The streets are cut into pieces of some fifty metres, and for any two pieces that come near each
other the two places are taken where they are nearest, anywhere along the street. Whether the way
between them is long is found by a search that stops as soon as it is not; no matrix of distances
is kept. Method after Bhagat-Conway, M. W., Compiano, A., Ivie, A. (2025), who ask the same of
pairs of whole edges and of a matrix of all distances.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import shapely

from planner.arrays import F64, I32, Bool, Shapes
from planner.errors import InputError
from planner.network.boxes import BoxTree
from planner.network.positions import Positions

if TYPE_CHECKING:
    from planner.network.kernels.links import Graph
    from planner.network.kernels.pieces import Pieces, Tree, Walls
    from planner.network.walk_network import WalkNetwork

__all__ = ["LinkCandidates", "crosses_any", "link_candidates", "pair_gains", "walked_m", "warm_up"]


PIECE_M = 50.0
"""Longest piece of street for which one place is tried against another piece.

Longer ones would miss more: only what is longer than asked by twice this is found for certain.
Shorter ones make many more pairs to look at, and more links that say the same.
"""

_MAX_MM = 2**31 - 2


@dataclass(frozen=True, eq=False)
class LinkCandidates:
    """Links that could be made; row i leads from ``a[i]`` to ``b[i]``.

    Parameters
    ----------
    network
        The streets that both ends lie on.
    a, b
        n positions each, without access legs; a on the lower edge.
    length_m
        (n,) float64, straight metres between them.
    """

    network: WalkNetwork
    a: Positions
    b: Positions
    length_m: F64

    def __len__(self) -> int:
        return len(self.length_m)

    @property
    def lines(self) -> Shapes:
        """(n,) straight LineStrings from a to b."""
        ends = np.stack([self.a.join_xy, self.b.join_xy], axis=1)
        return np.asarray(shapely.linestrings(ends), dtype=object)

    def take(self, index: npt.ArrayLike) -> LinkCandidates:
        """Choose some, by index or by a boolean mask, in that order."""
        chosen = np.asarray(index)
        return LinkCandidates(
            self.network, self.a.take(chosen), self.b.take(chosen), self.length_m[chosen]
        )

    def merged(self, priority: npt.ArrayLike, radius_m: float) -> I32:
        """Say which links to keep where several lead from about one place to about another.

        A link stands for every later one whose two ends are each within the radius, on foot, of
        its own ends, in either direction.

        Parameters
        ----------
        priority
            (n,) the lower, the sooner kept; of equals the earlier row.
        radius_m
            Metres on foot, inclusive.

        Returns
        -------
        ndarray
            (n,) int32, row of the link that stands for each, itself where it is kept.
        """
        from planner.network.kernels import links as kernels
        from planner.network.kernels.graph import places_by_node

        by = np.empty(len(self), np.int32)
        edge = np.column_stack([self.a.edge, self.b.edge]).reshape(-1)
        offset = np.column_stack([self.a.offset_mm, self.b.offset_mm]).reshape(-1)
        graph = _graph(self.network)
        order = np.argsort(np.asarray(priority), kind="stable").astype(np.int32)
        start, member = places_by_node(len(graph.indptr) - 1, graph.ends, edge)
        places = kernels.Places(edge, offset, start, member)
        kernels.merge(graph, places, order, _whole_mm(radius_m, "radius_m"), by)
        return by


def link_candidates(
    network: WalkNetwork,
    *,
    max_gap_m: float = 80.0,
    min_walk_m: float = 300.0,
    min_detour: float = 2.0,
    spanned: Sequence[shapely.Geometry] | Shapes = (),
    max_span_m: float = 0.0,
) -> LinkCandidates:
    """Find all places where two streets are near each other but far apart on foot.

    Edges that are not joinable (bridges, tunnels) take no part as ends.

    Parameters
    ----------
    network
        Streets that count in metres.
    max_gap_m
        Longest straight line.
    min_walk_m, min_detour
        The walk is at least that long, and that many times the straight line; pieces of street
        with no way between them qualify too.
    spanned
        Rivers and the like (polygons, or lines as their banks) that a longer link may span, if
        both its ends lie within ``max_gap_m`` of the bank.
    max_span_m
        Longest straight line across one of these.

    Returns
    -------
    LinkCandidates
        At most one for any two pieces of street, those of neighbouring pieces beside each other:
        see :meth:`LinkCandidates.merged`. Ordered by edge and offset of both ends.

    Raises
    ------
    InputError
        ``network.timed_links`` where the network counts in seconds, ``network.bad_limit``
        where a length is negative or no number.

    Notes
    -----
    No place is missed whose walk is longer than ``min_walk_m`` by twice the length of a piece.

    Examples
    --------
    Two parallel streets 20 m apart, joined at one end:

    >>> from planner.network import WalkNetwork
    >>> corners = [(0, 20), (0, 0), (190, 0), (190, 20)]
    >>> net = WalkNetwork.from_edges(corners, [(1, 2), (2, 3), (0, 3)])
    >>> found = link_candidates(net, min_walk_m=350)
    >>> found.length_m.tolist(), found.a.offset_mm.tolist(), walked_m(found).tolist()
    ([20.0], [0], [400.0])
    """
    from planner.network.kernels.pieces import far_pairs

    if network.unit != "m":
        raise InputError("network.timed_links")
    for name, value in (("max_gap_m", max_gap_m), ("max_span_m", max_span_m)):
        _whole_mm(value, name)
    if not (np.isfinite(min_detour) and min_detour >= 0):
        raise InputError("network.bad_limit", name="min_detour", value=min_detour)
    pieces, tree = _pieces(network, spanned, max_gap_m)
    found, xy = far_pairs(
        _graph(network),
        pieces,
        tree,
        _walls(spanned),
        float(max_gap_m),
        float(max(max_gap_m, max_span_m)),
        _whole_mm(min_walk_m, "min_walk_m"),
        float(min_detour),
    )
    # which of two pieces comes first is chance of the tree. Turned to lead from the lower place, a
    # link does not depend on it, and one that is found from two pieces, which meet at a cut, is
    # known as the same and kept once
    back = (found[:, 0] > found[:, 2]) | (
        (found[:, 0] == found[:, 2]) & (found[:, 1] > found[:, 3])
    )
    found[back] = found[back][:, [2, 3, 0, 1, 4]]
    xy[back] = xy[back][:, [2, 3, 0, 1]]
    order = np.lexsort((found[:, 3], found[:, 2], found[:, 1], found[:, 0]))
    found, xy = found[order], xy[order]
    distinct = np.ones(len(found), np.bool_)
    distinct[1:] = (found[1:] != found[:-1]).any(axis=1)
    found, xy = found[distinct], xy[distinct]
    a = _positions(found[:, 0], found[:, 1], xy[:, :2])
    b = _positions(found[:, 2], found[:, 3], xy[:, 2:])
    return LinkCandidates(network, a, b, found[:, 4] / 1000.0)


def crosses_any(lines: F64, shapes: Shapes) -> Bool:
    """Return which straight lines meet one of some shapes, as GEOS tells, many times as fast.

    Parameters
    ----------
    lines
        (n, 4), both ends of each.
    shapes
        Lines, and polygons of which the outlines count.

    Examples
    --------
    >>> street = shapely.LineString([(0, 0), (10, 0)])
    >>> crosses_any(np.array([[5, -1, 5, 1], [5, 1, 5, 0], [5, 1, 5, 0.1]]), [street]).tolist()
    [True, True, False]
    """
    from planner.network.kernels import crossings

    if not len(lines) or not len(shapes):
        return np.zeros(len(lines), np.bool_)
    how = crossings.crossed(np.ascontiguousarray(lines, np.float64), _walls(shapes))
    met = np.asarray(how == crossings.MEETS)
    # a line that may just touch a shape, as far as 53 binary digits tell, is left to GEOS
    unsure = np.flatnonzero(how == crossings.UNSURE)
    if unsure.size:
        asked = np.asarray(shapely.linestrings(lines[unsure].reshape(-1, 2, 2)), dtype=object)
        tree = shapely.STRtree(_outlines(shapes))
        met[unsure[tree.query(asked, predicate="intersects")[0]]] = True
    return met


def walked_m(links: LinkCandidates, cutoff_m: float = np.inf) -> F64:
    """Walk between the two ends of each link as the streets are.

    Parameters
    ----------
    links
        n links.
    cutoff_m
        Longest walk of interest.

    Returns
    -------
    ndarray
        (n,) float64 metres, inf where there is no way or it is longer.
    """
    from planner.network.kernels import links as kernels

    walked = np.empty(len(links), np.int64)
    limit = _MAX_MM if np.isinf(cutoff_m) else _whole_mm(cutoff_m, "cutoff_m")
    a, b = links.a, links.b
    graph = _graph(links.network)
    kernels.walks(graph, a.edge, a.offset_mm, b.edge, b.offset_mm, limit, walked)
    return np.where(walked <= limit, walked / 1000.0, np.inf)


def pair_gains(
    links: LinkCandidates,
    cutoff_m: float,
    origins: npt.ArrayLike | None = None,
    destinations: npt.ArrayLike | None = None,
) -> F64:
    """Pairs of an origin and a destination that each link alone would bring within a cutoff.

    The measure of MissingLinks.jl with a cumulative decay, but without a matrix and without
    rounding to metres.

    Parameters
    ----------
    links
        n links.
    cutoff_m
        Longest walk, inclusive.
    origins, destinations
        (N,) weights of the network's nodes, 1 by default. A pair counts their product.

    Returns
    -------
    ndarray
        (n,) float64.

    Raises
    ------
    InputError
        ``network.bad_limit``, ``network.bad_shape``.

    Examples
    --------
    The four corners of the example of :func:`link_candidates`, two of them joined:

    >>> from planner.network import WalkNetwork
    >>> corners = [(0, 20), (0, 0), (190, 0), (190, 20)]
    >>> net = WalkNetwork.from_edges(corners, [(1, 2), (2, 3), (0, 3)])
    >>> found = link_candidates(net, min_walk_m=350)
    >>> pair_gains(found, 200.0).tolist()  # both ways between the two corners that it joins
    [2.0]
    """
    from planner.network.kernels import links as kernels

    network = links.network
    weights = []
    for name, given in (("origins", origins), ("destinations", destinations)):
        nodes = len(network.node_xy)
        each = np.ones(nodes) if given is None else np.asarray(given, np.float64)
        if each.shape != (nodes,):
            raise InputError(
                "network.bad_shape", name=name, expected=f"({nodes},)", found=each.shape
            )
        # as the kernels number nodes, so that neighbours lie side by side in memory
        weights.append(np.ascontiguousarray(each[network.graph.order]))
    gains = np.empty(len(links))
    a, b = links.a, links.b
    kernels.pair_gains(
        _graph(network),
        a.edge,
        a.offset_mm,
        b.edge,
        b.offset_mm,
        np.rint(links.length_m * 1000).astype(np.int64),
        _whole_mm(cutoff_m, "cutoff_m"),
        *weights,
        gains,
    )
    return gains


def is_compiled() -> bool:
    """Tell whether the kernels of links need not be compiled any more."""
    from planner import compiled
    from planner.network.kernels import crossings, link_scores, pieces

    late = (pieces.cut_pieces, pieces.far_pairs, crossings.crossed, link_scores.link_scores)
    return all(map(compiled.is_compiled, late))


def warm_up() -> None:
    """Compile the kernels that look for links and judge them, or load them from numba's cache."""
    from planner.network.links.scores import score_links
    from planner.network.nearest.index import NearestIndex
    from planner.network.walk_network import WalkNetwork

    streets = [(0, 20), (0, 0), (190, 0), (190, 20)]
    network = WalkNetwork.from_edges(streets, [(1, 2), (2, 3), (0, 3)])
    links = link_candidates(network, min_walk_m=350)
    crosses_any(np.hstack([links.a.join_xy, links.b.join_xy]), network.lines())
    links.merged(links.length_m, 50)
    walked_m(links)
    homes = network.at_nodes()
    index = NearestIndex(network, homes.take([0]))
    index.watch(homes)
    score_links(index, links.a, links.b, links.length_m, homes, np.ones(len(homes)), 300.0)
    with index.trial():
        index.add_link(links.a.take([0]), links.b.take([0]), 20.0)


def _graph(network: WalkNetwork) -> Graph:
    from planner.network.kernels.links import Graph

    graph = network.graph
    return Graph(graph.indptr, graph.neighbour, graph.weight, graph.ends, graph.cost)


def _pieces(
    network: WalkNetwork, spanned: Sequence[shapely.Geometry] | Shapes, bank_m: float
) -> tuple[Pieces, Tree]:
    """Cut the joinable streets into pieces and box them."""
    from planner.network.kernels import pieces as kernels

    coords, start = network.coords, network.coord_start
    step = np.hypot(*np.diff(coords, axis=0).T)
    step[start[1:-1] - 1] = 0.0
    metres = np.add.reduceat(step, start[:-1])
    room = int(np.maximum(1, np.ceil(metres / PIECE_M)).sum())
    xy, along, piece_start, edge = kernels.cut_pieces(
        coords, start, network.joinable, PIECE_M, room
    )
    first = piece_start[:-1]
    if not len(edge):
        bounds = np.empty((0, 4))
    else:
        low, high = np.minimum.reduceat(xy, first), np.maximum.reduceat(xy, first)
        bounds = np.hstack([low, high])
    wide = np.zeros(len(edge), np.bool_)
    if len(spanned) and len(edge):
        outlines = shapely.STRtree(_outlines(spanned))
        boxes = shapely.box(*bounds.T)
        wide[np.unique(outlines.query(boxes, predicate="dwithin", distance=bank_m)[0])] = True
    tree = BoxTree.build(bounds)
    pieces = kernels.Pieces(xy, piece_start, edge, along, metres, wide)
    return pieces, kernels.Tree(tree.order, tree.boxes, tree.level)


def _outlines(shapes: Sequence[shapely.Geometry] | Shapes) -> Shapes:
    """Lines of lines and polygons."""
    parts = shapely.get_parts(np.asarray(shapes, dtype=object))
    polygons = shapely.get_type_id(parts) == shapely.GeometryType.POLYGON
    parts[polygons] = shapely.boundary(parts[polygons])
    return np.asarray(shapely.get_parts(parts), dtype=object)


def _walls(shapes: Sequence[shapely.Geometry] | Shapes) -> Walls:
    """Segments of lines and polygons under a tree of boxes."""
    from planner.network.kernels import pieces as kernels

    if not len(shapes):
        segments = np.empty((0, 4))
    else:
        xy, line = shapely.get_coordinates(_outlines(shapes), return_index=True)
        joined = line[1:] == line[:-1]
        segments = np.hstack([xy[:-1][joined], xy[1:][joined]])
    tree = BoxTree.build(segments)
    return kernels.Walls(
        np.ascontiguousarray(segments[tree.order]),
        kernels.Tree(tree.order, tree.boxes, tree.level),
    )


def _positions(edge: I32, offset: I32, xy: F64) -> Positions:
    return Positions(edge, offset, np.zeros(len(edge), np.int32), xy, xy)


def _whole_mm(metres: float, name: str) -> int:
    if not (np.isfinite(metres) and 0 <= metres * 1000 <= _MAX_MM):
        raise InputError("network.bad_limit", name=name, value=metres)
    return round(metres * 1000)
