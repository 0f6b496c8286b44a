"""Networks with a link more (a gate, a footbridge, a path) or a street less."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from planner.arrays import F64, I32, I64, Bool
from planner.errors import InputError
from planner.network.inputs import link_costs
from planner.network.positions import Positions

if TYPE_CHECKING:
    from planner.network.walk_network import WalkNetwork

__all__ = ["ChangedNetwork", "with_links", "without_edges"]


@dataclass(frozen=True, eq=False)
class ChangedNetwork:
    """A network made from another, and where the other's places are on it.

    Parameters
    ----------
    network
        The changed network.
    link_edge
        (n,) int32, the edge of each link that was added.
    piece_key
        (P,) int64, ascending: edge of the old network above, millimetres along it below, where
        each piece of an old edge begins.
    piece_edge
        (P,) int32, the edge that this piece is now, −1 where it is gone.
    """

    network: WalkNetwork
    link_edge: I32
    piece_key: I64
    piece_edge: I32

    def on_network(self, positions: Positions) -> Positions:
        """Give places of the old network as places of this one, exact to the millimetre.

        Access legs stay as they are. A place on an edge that is gone becomes unknown; snap it
        again to let it join another street.
        """
        edge, offset = positions.edge, positions.offset_mm
        key = (edge.astype(np.int64) << 32) | offset
        piece = np.maximum(np.searchsorted(self.piece_key, key, side="right") - 1, 0)
        now = np.where(edge >= 0, self.piece_edge[piece], -1)
        known = now >= 0
        begin = (self.piece_key[piece] & 0xFFFFFFFF).astype(np.int32)
        return Positions(
            now,
            np.where(known, offset - begin, 0),
            np.where(known, positions.access_mm, 0),
            positions.xy,
            np.where(known[:, None], positions.join_xy, np.nan),
        )


def with_links(
    network: WalkNetwork, a: Positions, b: Positions, length_m: npt.ArrayLike
) -> ChangedNetwork:
    """Add links between places on edges; the edges are split there, in whole millimetres.

    Edges that are not split keep their numbers, and so does the first piece of each that is;
    further pieces follow, and then the links in the order given. Points cannot join the links, so
    that homes keep their access legs.

    Parameters
    ----------
    network
        A network that measures in metres.
    a, b
        n known positions each; their access legs do not count.
    length_m
        (n,) metres from street to street.

    Raises
    ------
    InputError
        ``network.unknown_end``, ``network.bad_link_length``,
        ``network.timed_links``, ``network.bad_shape``, and those of
        :meth:`WalkNetwork.legs`.

    Examples
    --------
    >>> from planner.network import WalkNetwork
    >>> net = WalkNetwork.from_edges([(0, 0), (90, 0), (90, 20), (0, 20)], [(0, 1), (1, 2), (2, 3)])
    >>> home, clinic = net.snap([(10, 0)]), net.snap([(10, 20)])
    >>> net.nearest(clinic, home).distance_m
    array([180.])
    >>> after = with_links(net, net.snap([(30, 0)]), net.snap([(30, 20)]), [25])
    >>> after.network.nearest(after.on_network(clinic), after.on_network(home)).distance_m
    array([65.])
    """
    _needs_metres(network)
    length = link_costs(length_m) if np.size(length_m) else np.empty(0, np.int32)
    for name, found in (("b", len(b)), ("length_m", length.size)):
        if found != len(a):
            raise InputError(
                "network.bad_shape", name=name, expected=f"({len(a)},)", found=(found,)
            )
    ends = Positions.concatenate(a, b)
    network.legs(ends)
    if not ends.known.all():
        row = int(np.flatnonzero(~ends.known)[0]) % len(a)
        raise InputError("network.unknown_end", row=row)
    return _linked(network, ends, length)


def without_edges(network: WalkNetwork, edges: npt.ArrayLike) -> ChangedNetwork:
    """Take streets away; the others move up and keep their order, all nodes stay.

    Parameters
    ----------
    network
        A network that measures in metres.
    edges
        Numbers of the edges to leave out.

    Raises
    ------
    InputError
        ``network.id_range``, ``network.no_edges`` where none would be left,
        ``network.timed_links``.

    Examples
    --------
    >>> from planner.network import WalkNetwork
    >>> net = WalkNetwork.from_edges([(0, 0), (50, 0), (90, 0)], [(0, 1), (1, 2)])
    >>> after = without_edges(net, [0])
    >>> after.on_network(net.snap([(10, 5), (60, 5)])).edge.tolist()
    [-1, 0]
    """
    _needs_metres(network)
    count = len(network.edge_uv)
    gone = np.atleast_1d(np.asarray(edges, np.int64))
    wrong = (gone < 0) | (gone >= count)
    if wrong.any():
        row = int(np.flatnonzero(wrong)[0])
        raise InputError(
            "network.id_range", name="edges", row=row, value=int(gone[row]), count=count
        )
    keep = np.ones(count, np.bool_)
    keep[gone] = False
    if not keep.any():
        raise InputError("network.no_edges")
    points = np.diff(network.coord_start)
    changed = _network_like(
        network,
        network.node_xy,
        network.edge_uv[keep],
        network.edge_length_mm[keep],
        network.joinable[keep],
        network.coords[np.repeat(keep, points)],
        points[keep],
    )
    now = np.where(keep, np.cumsum(keep) - 1, -1).astype(np.int32)
    return ChangedNetwork(changed, np.empty(0, np.int32), np.arange(count) << 32, now)


def _needs_metres(network: WalkNetwork) -> None:
    if network.unit != "m":
        raise InputError("network.timed_links")


def _linked(network: WalkNetwork, ends: Positions, length: I32) -> ChangedNetwork:
    edges = len(network.edge_uv)
    old_length = network.edge_length_mm
    # where a link leaves a street between its ends the street is cut, once for all that leave there
    within = (ends.offset_mm > 0) & (ends.offset_mm < old_length[ends.edge])
    key = (ends.edge.astype(np.int64) << 32) | ends.offset_mm
    cuts = np.unique(key[within])
    cut_edge, cut_at = (cuts >> 32).astype(np.int32), (cuts & 0xFFFFFFFF).astype(np.int32)
    cut_node = len(network.node_xy) + np.arange(cuts.size, dtype=np.int32)

    # the piece up to the first cut keeps the street's number, the others are put behind all streets
    uv, new_length = network.edge_uv.copy(), old_length.copy()
    first = np.ones(cuts.size, np.bool_)  # of its edge
    first[1:] = cut_edge[1:] != cut_edge[:-1]
    last = np.roll(first, -1)
    uv[cut_edge[first], 1] = cut_node[first]
    new_length[cut_edge[first]] = cut_at[first]
    after = np.where(last, network.edge_uv[cut_edge, 1], np.roll(cut_node, -1))
    till = np.where(last, old_length[cut_edge], np.roll(cut_at, -1))

    # a link at the very end of a street joins the node that is there
    link_node = np.where(
        within,
        len(network.node_xy) + np.searchsorted(cuts, key),
        network.edge_uv[ends.edge, np.where(ends.offset_mm > 0, 1, 0)],
    ).astype(np.int32)
    link_uv = link_node.reshape(2, -1).T

    coords, points, cut_xy = _cut_polylines(network, cut_edge, cut_at)
    node_xy = np.concatenate([network.node_xy, cut_xy])
    changed = _network_like(
        network,
        node_xy,
        np.concatenate([uv, np.column_stack([cut_node, after]), link_uv]),
        np.concatenate([new_length, till - cut_at, length]),
        np.concatenate(
            [network.joinable, network.joinable[cut_edge], np.zeros(length.size, np.bool_)]
        ),
        np.concatenate([coords, node_xy[link_uv].reshape(-1, 2)]),
        np.concatenate([points, np.full(length.size, 2)]),
    )
    # places of the old network find their piece by street and millimetre: each street begins one
    piece_key = np.concatenate([np.arange(edges, dtype=np.int64) << 32, cuts])
    piece_edge = np.arange(piece_key.size, dtype=np.int32)
    order = np.argsort(piece_key)
    link_edge = piece_key.size + np.arange(length.size, dtype=np.int32)
    return ChangedNetwork(changed, link_edge, piece_key[order], piece_edge[order])


def _cut_polylines(network: WalkNetwork, cut_edge: I32, cut_at: I32) -> tuple[F64, I32, F64]:
    """Polylines of all edges, cut ones up to their first cut, then of all further pieces.

    Answers their coordinates, how many each has, and where the cuts are.
    """
    start = network.coord_start
    points = np.diff(start)
    keep = np.ones(len(network.coords), np.bool_)
    heads: list[F64] = []
    tails: list[F64] = []
    spots: list[F64] = []
    split_edges = np.unique(cut_edge)
    for edge in split_edges:
        line = network.coords[start[edge] : start[edge + 1]]
        # what is walked may differ from what is drawn: cuts lie at the same part of both
        along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(line, axis=0).T))])
        part = cut_at[cut_edge == edge] / float(network.edge_length_mm[edge])
        where = part * along[-1]
        xy = np.column_stack([np.interp(where, along, line[:, axis]) for axis in (0, 1)])
        bounds = np.concatenate([[-np.inf], where, [np.inf]])
        corners = np.vstack([line[:1], xy, line[-1:]])
        for i in range(len(bounds) - 1):
            inner = line[1:-1][(along[1:-1] > bounds[i]) & (along[1:-1] < bounds[i + 1])]
            piece = np.vstack([corners[i : i + 1], inner, corners[i + 1 : i + 2]])
            (heads if i == 0 else tails).append(piece)
        spots.append(xy)
        keep[start[edge] : start[edge + 1]] = False
    if not split_edges.size:
        return network.coords, points, np.empty((0, 2))
    # lines stay in the order of their numbers: first pieces where the whole street was
    new_points = points.copy()
    new_points[split_edges] = [len(piece) for piece in heads]
    whole = np.ones(len(points), np.bool_)
    whole[split_edges] = False
    coords = np.empty((int(new_points.sum()), 2))
    of_whole = np.repeat(whole, new_points)
    coords[of_whole] = network.coords[keep]
    coords[~of_whole] = np.concatenate(heads)
    return (
        np.concatenate([coords, *tails]),
        np.concatenate([new_points, [len(piece) for piece in tails]]),
        np.concatenate(spots),
    )


def _network_like(
    network: WalkNetwork,
    node_xy: F64,
    uv: I32,
    length: I32,
    joinable: Bool,
    coords: F64,
    points: I32,
) -> WalkNetwork:
    start = np.zeros(len(points) + 1, np.int32)
    start[1:] = np.cumsum(points)
    return type(network)(
        node_xy,
        np.ascontiguousarray(uv, np.int32),
        np.ascontiguousarray(length, np.int32),
        joinable,
        np.ascontiguousarray(coords),
        start,
    )
