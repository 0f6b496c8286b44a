"""Distances between positions on a network; the methods of :class:`WalkNetwork` document them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
import numpy.typing as npt

from planner.arrays import F64, I32, I64, Bool
from planner.errors import InputError

if TYPE_CHECKING:
    from scipy.sparse import csr_array

    from planner.network.positions import Positions
    from planner.network.walk_network import WalkNetwork

__all__ = [
    "Nearest",
    "Path",
    "count_within",
    "k_nearest",
    "limit_in",
    "matrix",
    "nearest",
    "nearest_of_labels",
    "path",
    "per_source",
]

Unit = Literal["m", "s"]

_MAX_COST = 2**31 - 2
_PORTION = 1 << 22


@dataclass(frozen=True, eq=False)
class Nearest:
    """The nearest source of each target.

    Parameters
    ----------
    value
        (n,) or (n, k) float64: NaN position unknown, inf nothing reached, in ``unit``.
    source
        The same shape, int32; −1 where none.
    unit
        ``"m"`` or ``"s"``.
    """

    value: F64
    source: I32
    unit: Unit = "m"

    @property
    def distance_m(self) -> F64:
        """The values, where they are metres."""
        return self._in("m")

    @property
    def time_s(self) -> F64:
        """The values, where they are seconds."""
        return self._in("s")

    def _in(self, unit: Unit) -> F64:
        if self.unit != unit:
            raise InputError("network.wrong_unit", asked=unit, unit=self.unit)
        return self.value


def limit_in(net: WalkNetwork, metres: float, seconds: float, name: str = "cutoff") -> int:
    """Give a limit as a whole number of millimetres or milliseconds, whichever the network uses.

    Raises
    ------
    InputError
        ``network.wrong_unit`` where the other unit's limit was set, ``network.bad_limit`` where
        the limit is negative or no number.
    """
    own, other = (metres, seconds) if net.unit == "m" else (seconds, metres)
    if other != np.inf:
        raise InputError("network.wrong_unit", asked="s" if net.unit == "m" else "m", unit=net.unit)
    if not own >= 0:
        raise InputError("network.bad_limit", name=f"{name}_{net.unit}", value=own)
    return int(min(np.floor(own * 1000.0 + 1e-6), _MAX_COST))


@dataclass(frozen=True, eq=False)
class Path:
    """The way between two positions.

    Parameters
    ----------
    value
        Its length with both access legs, in ``unit``; inf where there is no way.
    xy
        (n, 2) float64, its line from the first point as given to the second; empty where no way.
    edges
        (m,) int32, the edges walked, in order, the first and last perhaps in part.
    unit
        ``"m"`` or ``"s"``.
    """

    value: float
    xy: F64
    edges: I32
    unit: Unit = "m"


def nearest(net: WalkNetwork, sources: Positions, targets: Positions | None, limit: int) -> Nearest:
    """See :meth:`WalkNetwork.nearest`; the limit is whole."""
    from planner.network.kernels import graph as kernels
    from planner.network.kernels.spread import spread

    graph = net.graph
    offset, access = net.legs(sources)
    nodes, seeds, count = _seeds(net, sources.edge, offset, access, limit)
    hierarchy = net.hierarchy_if_worthwhile()
    if hierarchy is None:
        place = graph.rank
        label = np.full(len(graph.order), kernels.NONE, np.int64)
        spread(graph.indptr, graph.neighbour, graph.weight, nodes, seeds, count, limit, label)
        ends = graph.ends
    else:
        place, ends = net.hierarchy_places()
        label = hierarchy.spread(nodes, seeds, count, limit)
    if targets is None:
        value = np.empty(len(place))
        source = np.empty(len(place), np.int32)
        kernels.tell_nodes(place, label, limit, value, source)
        return Nearest(value, source, net.unit)
    best = np.empty(len(targets), np.int64)
    places = (sources.edge, offset, access, targets.edge, *net.legs(targets))
    kernels.label_targets(ends, graph.cost, label, *places, limit, best)
    return nearest_of_labels(best, targets.known, net.unit)


def k_nearest(
    net: WalkNetwork, sources: Positions, targets: Positions | None, k: int, limit: int
) -> Nearest:
    """See :meth:`WalkNetwork.k_nearest`; the limit is whole."""
    from planner.network.kernels import rows as kernels
    from planner.network.kernels.graph import NONE

    if k < 1:
        raise InputError("network.bad_count", value=k)
    graph = net.graph
    offset, access = net.legs(sources)
    nodes, seeds, count = _seeds(net, sources.edge, offset, access, limit)
    hierarchy = net.hierarchy_if_worthwhile()
    inner = np.arange(len(graph.order), dtype=np.int32)
    if hierarchy is None:
        position = inner
        labels = np.full((len(inner), k), NONE, np.int64)
        kernels.seed_rows(nodes, seeds, count, position, labels)
        kernels.spread_rows(graph.indptr, graph.neighbour, graph.weight, limit, labels)
    else:
        position = hierarchy.position
        labels = hierarchy.spread_rows(nodes, seeds, count, k, limit)
    if targets is None:
        return nearest_of_labels(labels[position[graph.rank]], None, net.unit)
    best = np.full((len(targets), k), NONE, np.int64)
    places = (sources.edge, offset, access, targets.edge, *net.legs(targets))
    kernels.row_targets(graph.ends, graph.cost, position, labels, *places, limit, best)
    return nearest_of_labels(best, targets.known, net.unit)


def count_within(
    net: WalkNetwork,
    sources: Positions,
    targets: Positions | None,
    limit: int,
    weights: npt.ArrayLike | None,
) -> F64:
    """See :meth:`WalkNetwork.count_within`; the limit is whole."""
    each = np.ones(len(sources)) if weights is None else per_source(weights, len(sources))
    # sums of whole numbers are the same in any order; others are added up in the order of the
    # sources, so that a sum does not depend on what was searched from where
    any_order = bool((each == np.rint(each)).all()) and float(np.abs(each).sum()) < 2**53
    aims = net.at_nodes() if targets is None else targets
    total = np.zeros(len(aims))
    forward = len(sources) <= len(aims)
    for grower, found, _ in _balls(net, *((sources, aims) if forward else (aims, sources)), limit):
        source, aim = (grower, found) if forward else (found, grower)
        if any_order:
            total += np.bincount(aim, weights=each[source], minlength=len(aims))
            continue
        order = np.lexsort((source, aim))
        np.add.at(total, aim[order], each[source[order]])
    if targets is not None:
        total[~targets.known] = np.nan
    return total


def per_source(weights: npt.ArrayLike, count: int) -> F64:
    """(count,) float64, one weight a source."""
    each = np.asarray(weights, np.float64)
    if each.shape != (count,):
        raise InputError(
            "network.bad_shape", name="weights", expected=f"({count},)", found=each.shape
        )
    return each


def matrix(
    net: WalkNetwork, sources: Positions, targets: Positions | None, limit: int
) -> csr_array:
    """See :meth:`WalkNetwork.matrix`; the limit is whole."""
    from scipy.sparse import csc_array, csr_array

    aims = net.at_nodes() if targets is None else targets
    shape = (len(sources), len(aims))
    forward = shape[0] <= shape[1]
    parts = list(_balls(net, *((sources, aims) if forward else (aims, sources)), limit))
    grower, found, cost = (np.concatenate(column) for column in zip(*parts, strict=True))
    rows = shape[0] if forward else shape[1]
    start = np.zeros(rows + 1, np.int64)
    start[1:] = np.cumsum(np.bincount(grower, minlength=rows))
    value = cost / 1000.0
    if forward:
        by_column = csr_array((value, found, start), shape).tocsc()
    else:
        by_column = csc_array((value, found, start), shape)
    return by_column.tocsr()  # a transposition sorts each row


def path(net: WalkNetwork, start: Positions, end: Positions) -> Path:
    """See :meth:`WalkNetwork.path`."""
    from planner.network.kernels import graph as kernels

    if len(start) != 1 or len(end) != 1:
        raise InputError("network.one_position", found=(len(start), len(end)))
    nowhere = Path(np.inf, np.empty((0, 2)), np.empty(0, np.int32), net.unit)
    graph = net.graph
    (offset,), (access,) = (leg.astype(np.int64) for leg in net.legs(start))
    (end_offset,), (end_access,) = (leg.astype(np.int64) for leg in net.legs(end))
    e, f = int(start.edge[0]), int(end.edge[0])
    if e < 0 or f < 0:
        return nowhere
    n = len(graph.order)
    reach, parent = np.full(n, -1, np.int32), np.empty(n, np.int32)
    seeds = np.array([offset, graph.cost[e] - offset], np.int64) + access
    kernels.grow(
        graph.indptr,
        graph.neighbour,
        graph.weight,
        graph.ends[e].copy(),
        seeds,
        _MAX_COST,
        reach,
        parent,
        np.empty(n, np.int32),
    )
    legs = (end_offset, graph.cost[f] - end_offset)
    options = [
        (int(reach[graph.ends[f, side]] + legs[side] + end_access), side)
        for side in (0, 1)
        if reach[graph.ends[f, side]] >= 0
    ]
    if e == f:
        options.append((int(abs(offset - end_offset) + access + end_access), 2))
    if not options or min(options)[0] > _MAX_COST:
        return nowhere
    total, last = min(options)
    here, there = int(start.offset_mm[0]), int(end.offset_mm[0])
    if last == 2:
        steps = [(e, here, there)]
    else:
        steps = _steps_back(net, int(graph.ends[f, last]), parent, e, here)
        steps.append((f, 0 if last == 0 else int(net.edge_length_mm[f]), there))
    pieces = [start.xy, start.join_xy, *(_stretch(net, *step) for step in steps)]
    xy = np.concatenate([*pieces, end.join_xy, end.xy])
    moved = np.r_[True, (np.diff(xy, axis=0) != 0).any(axis=1)]
    return Path(total / 1000.0, xy[moved], np.array([s[0] for s in steps], np.int32), net.unit)


def _steps_back(
    net: WalkNetwork, node: int, parent: I32, first: int, offset: int
) -> list[tuple[int, int, int]]:
    """Follow parents from a node to the start: (edge, from mm, to mm), in walking order."""
    graph = net.graph
    steps = []
    while parent[node] >= 0:
        edge = int(graph.edge[parent[node]])
        length = int(net.edge_length_mm[edge])
        towards_second = bool(graph.ends[edge, 1] == node)
        steps.append((edge, 0, length) if towards_second else (edge, length, 0))
        node = int(graph.ends[edge, 0 if towards_second else 1])
    side = -1 - int(parent[node])
    steps.append((first, offset, int(net.edge_length_mm[first]) if side else 0))
    return steps[::-1]


def _stretch(net: WalkNetwork, edge: int, begin: int, end: int) -> F64:
    """Polyline (n, 2) of an edge between two offsets in millimetres."""
    xy = net.coords[net.coord_start[edge] : net.coord_start[edge + 1]]
    along = np.r_[0.0, np.cumsum(np.hypot(*np.diff(xy, axis=0).T))]
    length = int(net.edge_length_mm[edge])
    low, high = (min(begin, end), max(begin, end))
    low_m, high_m = (along[-1] * mm / max(length, 1) for mm in (low, high))
    between = (along > low_m) & (along < high_m)
    spots = np.r_[low_m, along[between], high_m]
    line = np.column_stack([np.interp(spots, along, xy[:, axis]) for axis in (0, 1)])
    return line if begin <= end else line[::-1]


def _seeds(
    net: WalkNetwork, edge: I32, offset: I32, access: I32, limit: int
) -> tuple[I32, I64, int]:
    """Labels that sources put on the ends of their edges: inner nodes, labels, how many."""
    from planner.network.kernels import graph as kernels

    nodes = np.empty(2 * len(edge), np.int32)
    seeds = np.empty(2 * len(edge), np.int64)
    graph = net.graph
    count = kernels.seed_labels(graph.ends, graph.cost, edge, offset, access, limit, nodes, seeds)
    return nodes, seeds, int(count)


def nearest_of_labels(label: I64, known: Bool | None, unit: Unit) -> Nearest:
    """Turn labels into metres or seconds and source numbers; NaN where a place is not known."""
    value = (label >> 32) / 1000.0
    source = label.astype(np.int32)  # the lower 32 bits
    none = label == np.iinfo(np.int64).max
    value[none], source[none] = np.inf, -1
    if known is not None:
        value[~known] = np.nan
    return Nearest(value, source, unit)


def _balls(
    net: WalkNetwork, growers: Positions, aims: Positions, limit: int
) -> Iterator[tuple[I32, I32, I32]]:
    """Grow a ball around each grower; give pairs within the limit in portions that fit memory.

    Yields (grower, aim, cost), each (m,) int32, growers ascending; one empty portion at the least.
    """
    from planner.network.kernels import graph as kernels

    graph = net.graph
    offset, access = net.legs(growers)
    a_offset, a_access = net.legs(aims)
    # which aims are met at a node is looked up once for all growers
    start, member = kernels.places_by_node(len(graph.order), graph.ends, aims.edge)
    row_start = np.zeros(len(growers) + 1, np.int64)
    # a portion holds what one grower can find at most: each goes wholly into one of them
    room = max(2 * len(aims), _PORTION)
    found, cost = np.empty(room, np.int32), np.empty(room, np.int32)
    first = 0
    while True:
        after = kernels.pairs_within(
            graph.indptr,
            graph.neighbour,
            graph.weight,
            graph.ends,
            graph.cost,
            growers.edge,
            offset,
            access,
            aims.edge,
            a_offset,
            a_access,
            start,
            member,
            limit,
            first,
            row_start,
            found,
            cost,
        )
        filled = int(row_start[after])
        rows = np.arange(first, after, dtype=np.int32)
        grower = np.repeat(rows, np.diff(row_start[first : after + 1]))
        yield grower, found[:filled].copy(), cost[:filled].copy()
        if after == len(growers):
            return
        first = after
