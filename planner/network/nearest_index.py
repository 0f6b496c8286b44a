"""The nearest facility of every place, kept up to date while facilities and links change.

The index keeps for every node the distance to its nearest source and which source that is. A
change touches only the nodes whose answer it alters: an added source or link is spread from where
it stands as far as it improves anything; what a removed source, link or closed edge had served is
unset (all nodes whose label may rest on it) and settled anew from around it. Every answer equals
that of :meth:`WalkNetwork.nearest` on the changed network, ties included.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

import numpy as np
import numpy.typing as npt

from planner.arrays import F64, I32, I64, Bool
from planner.errors import InputError
from planner.network import distances
from planner.network.distances import Nearest
from planner.network.positions import Positions

if TYPE_CHECKING:
    from planner.network.walk_network import WalkNetwork

__all__ = ["Change", "NearestIndex", "TargetView", "score_links"]


_Value = TypeVar("_Value", bound=np.generic)

_NONE = 2**63 - 1
_FIRST_LINKS = 64
_NO_INT = np.empty(0, np.int32)
_NO_LABEL = np.empty(0, np.int64)


@dataclass(frozen=True, eq=False)
class Change:
    """What one change did to the nodes.

    Parameters
    ----------
    nodes
        (n,) int32, public numbers of the nodes whose distance or source changed.
    before, after
        :class:`Nearest` of these nodes, before and after.
    """

    nodes: I32
    before: Nearest
    after: Nearest


@dataclass(frozen=True, eq=False)
class _Step:
    """A change as the index remembers it: inner nodes, labels, edges, and the way back."""

    nodes: I32
    old: I64
    new: I64
    edges: I32
    revert: Callable[[], None]


class NearestIndex:
    """Distances to the nearest source, exact after every change.

    Sources are numbered in the order in which they were given and added; of equally near ones the
    lowest number is the nearest. A number is kept by :meth:`move` and never used again after
    :meth:`remove`. One index belongs to one thread at a time; the network may be shared.

    Places on a closed edge are unknown (NaN) until it is reopened: sources there serve nobody and
    links that end there cannot be walked.

    Parameters
    ----------
    network
        The streets; they are not changed.
    sources
        Facilities; those of unknown position serve nobody.

    Examples
    --------
    >>> from planner.network import WalkNetwork
    >>> net = WalkNetwork.from_edges([(0, 0), (100, 0), (200, 0)], [(0, 1), (1, 2)])
    >>> homes = net.snap([(10, 0), (190, 0)])
    >>> index = NearestIndex(net, net.snap([(0, 0)]))
    >>> index.distances(homes).distance_m
    array([ 10., 190.])
    >>> index.add(net.snap([(150, 0)]))
    1
    >>> index.distances(homes).distance_m
    array([10., 40.])
    >>> index.changed_nodes.tolist()
    [1, 2]
    """

    def __init__(self, network: WalkNetwork, sources: Positions) -> None:
        from planner.network.kernels.nearest_index import Links, Sources, Streets

        graph = network.graph
        n, edges, count = len(graph.order), len(graph.cost), len(sources)
        offset, access = network.legs(sources)
        self.network = network
        self._graph = graph
        self._degree = int(np.diff(graph.indptr).max(initial=0))
        self._streets = Streets(
            graph.indptr,
            graph.neighbour,
            graph.weight,
            graph.ends,
            graph.cost,
            np.zeros(edges, np.bool_),
        )
        self._own_weight = False
        room = max(16, 2 * count)
        self._sources = Sources(
            _roomy(sources.edge, room),
            _roomy(offset, room),
            _roomy(access, room),
            np.full(n, -1, np.int32),
            np.full(2 * room, -1, np.int32),
        )
        self._alive = _roomy(np.ones(count, np.bool_), room)
        self._count = count
        self._links = Links(
            np.zeros(2 * _FIRST_LINKS, np.int32),
            np.zeros(2 * _FIRST_LINKS, np.int32),
            np.zeros(_FIRST_LINKS, np.int32),
            np.full(n, -1, np.int32),
            np.full(4 * _FIRST_LINKS, -1, np.int32),
        )
        self._link_alive: Bool = np.zeros(_FIRST_LINKS, np.bool_)
        self._link_count = 0
        self._label: I64 = np.full(n + 2 * _FIRST_LINKS, _NONE, np.int64)
        self._label[:n] = _labels(network.nearest(sources))[graph.order]
        for s in np.flatnonzero(sources.edge >= 0):
            self._hang(self._sources, int(s))
        self._incidence: tuple[I32, I32] | None = None
        self._last = _Step(_NO_INT, _NO_LABEL, _NO_LABEL, _NO_INT, _nothing)
        self._history: list[_Step] = []
        self._recording = False
        self._views: weakref.WeakSet[TargetView] = weakref.WeakSet()

    # ------------------------------------------------------------------ asking

    @property
    def sources(self) -> I32:
        """Numbers of the sources that are there, ascending."""
        return np.flatnonzero(self._alive[: self._count]).astype(np.int32)

    @property
    def links(self) -> I32:
        """Numbers of the extra links that are there, ascending."""
        return np.flatnonzero(self._link_alive[: self._link_count]).astype(np.int32)

    @property
    def closed_edges(self) -> I32:
        """Numbers of the closed edges, ascending."""
        return np.flatnonzero(self._streets.closed).astype(np.int32)

    def distances(self, targets: Positions | None = None) -> Nearest:
        """Distance from each target to its nearest source, as :meth:`WalkNetwork.nearest` says.

        Parameters
        ----------
        targets
            Homes; None takes all nodes, without access legs.
        """
        if targets is None:
            return self._told(self._label[self._graph.rank])
        label = np.empty(len(targets), np.int64)
        offset, access = self.network.legs(targets)
        self._place(targets.edge, offset, access, np.arange(len(targets), dtype=np.int32), label)
        return self._told(label, self._unknown(targets.edge))

    def watch(self, targets: Positions) -> TargetView:
        """Distances of targets that follow every later change of the index by themselves."""
        view = TargetView(self, targets)
        self._views.add(view)
        return view

    @property
    def last_change(self) -> Change:
        """What the last change (or undo) did to the nodes; link ends in mid-edge are left out."""
        step = self._last
        inner = step.nodes < len(self._graph.order)
        return Change(
            self._graph.order[step.nodes[inner]],
            self._told(step.old[inner]),
            self._told(step.new[inner]),
        )

    @property
    def changed_nodes(self) -> I32:
        """Public numbers of the nodes that the last change altered, ascending."""
        return np.sort(self.last_change.nodes)

    # ------------------------------------------------------------------ changing sources

    def add(self, position: Positions) -> int:
        """Add a source and answer its number.

        Parameters
        ----------
        position
            One position of this network.

        Raises
        ------
        InputError
            ``network_index.one_position`` where it is not one.
        """
        place = self._one(position)
        s = self._count
        self._make_room(s)
        for array, value in zip(self._sources[:3], place, strict=True):
            array[s] = value
        self._alive[s] = True
        self._count += 1
        self._hang(self._sources, s)

        def revert() -> None:
            self._unhang(self._sources, s)
            self._alive[s] = False
            self._count -= 1

        self._settle([], self._around(place[0]), [place[0]], revert)
        return s

    def remove(self, source: int) -> None:
        """Remove a source.

        Raises
        ------
        InputError
            ``network_index.no_source`` where there is no such source.
        """
        s = self._existing(source)
        freed = self._release(self._owned_by(s))
        self._unhang(self._sources, s)
        self._alive[s] = False

        def revert() -> None:
            self._alive[s] = True
            self._hang(self._sources, s)

        self._settle(freed, freed[0], [int(self._sources.edge[s])], revert)

    def move(self, source: int, position: Positions) -> None:
        """Move a source; it keeps its number.

        Raises
        ------
        InputError
            ``network_index.no_source``, ``network_index.one_position``.
        """
        s, place = self._existing(source), self._one(position)
        before = tuple(int(a[s]) for a in self._sources[:3])
        freed = self._release(self._owned_by(s))

        def put(there: tuple[int, ...]) -> None:
            self._unhang(self._sources, s)
            for array, value in zip(self._sources[:3], there, strict=True):
                array[s] = value
            self._hang(self._sources, s)

        put(place)
        dirty = np.concatenate([freed[0], self._around(place[0])])
        self._settle(freed, dirty, [before[0], place[0]], lambda: put(before))

    # ------------------------------------------------------------------ changing streets

    def add_link(
        self,
        a: Positions,
        b: Positions,
        length_m: float | None = None,
        *,
        time_s: float | None = None,
    ) -> int:
        """Open a link between two places, such as a gate, a footbridge or a path.

        Parameters
        ----------
        a, b
            One known position each, anywhere on an edge. Their access legs do not count.
        length_m
            Metres from street to street.
        time_s
            Seconds instead, where the network counts in seconds.

        Returns
        -------
        int
            The link's number, for :meth:`remove_link`.

        Raises
        ------
        InputError
            ``network_index.one_position``, ``network_index.unknown_end``,
            ``network_index.bad_link_length``, ``network.wrong_unit``.
        """
        ends = (self._one(a), self._one(b))
        if min(ends[0][0], ends[1][0]) < 0:
            raise InputError("network_index.unknown_end", row=0)
        cost = int(self._link_cost(length_m, time_s)[0])
        k = self._link_count
        self._make_link_room(k)
        for j, (edge, offset, _) in zip((2 * k, 2 * k + 1), ends, strict=True):
            self._links.edge[j], self._links.offset[j] = edge, offset
        self._links.length[k] = cost
        self._link_alive[k] = True
        self._link_count += 1
        self._hang_link(k)

        def revert() -> None:
            self._unhang_link(k)
            self._link_alive[k] = False
            self._link_count -= 1

        self._settle([], self._open_link_ends([k]), [ends[0][0], ends[1][0]], revert)
        return k

    def remove_link(self, link: int) -> None:
        """Close a link that :meth:`add_link` opened.

        Raises
        ------
        InputError
            ``network_index.no_link`` where there is no such link.
        """
        k = int(link)
        if not (0 <= k < self._link_count and self._link_alive[k]):
            raise InputError("network_index.no_link", link=link)
        edges = [int(e) for e in self._links.edge[2 * k : 2 * k + 2]]
        freed = self._release(self._open_link_ends([k]))
        self._unhang_link(k)
        self._link_alive[k] = False

        def revert() -> None:
            self._link_alive[k] = True
            self._hang_link(k)

        self._settle(freed, self._still_there(freed[0]), edges, revert)

    def close_edge(self, edge: int) -> None:
        """Close a street: nobody walks it, and what stands on it is unknown till it reopens.

        Raises
        ------
        InputError
            ``network.id_range`` where there is no such edge, ``network_index.closed`` where it
            is closed already.
        """
        e = self._existing_edge(edge)
        if self._streets.closed[e]:
            raise InputError("network_index.closed", edge=edge)
        roots = [self._open_link_ends(self._links_on(e)), self._resting_on(e)]
        roots += [self._owned_by(s) for s in self._sources_on(e)]
        freed = self._release(np.concatenate(roots))
        self._shut(e)
        self._settle(freed, self._still_there(freed[0]), [e], lambda: self._open(e))

    def reopen_edge(self, edge: int) -> None:
        """Open a closed street again, with whatever stands on it.

        Raises
        ------
        InputError
            ``network.id_range``, ``network_index.not_closed``.
        """
        e = self._existing_edge(edge)
        if not self._streets.closed[e]:
            raise InputError("network_index.not_closed", edge=edge)
        self._open(e)
        dirty = np.concatenate([self._around(e), self._open_link_ends(self._links_on(e))])
        self._settle([], dirty, [e], lambda: self._shut(e))

    # ------------------------------------------------------------------ going back

    def snapshot(self) -> int:
        """Begin to remember changes, if not begun; answers a mark to which :meth:`undo` returns."""
        self._recording = True
        return len(self._history)

    def undo(self, mark: int) -> None:
        """Take back all changes since a mark, in time proportional to what they changed.

        Raises
        ------
        InputError
            ``network_index.no_mark`` where the mark is not one of this index any more.
        """
        if not (self._recording and 0 <= mark <= len(self._history)):
            raise InputError("network_index.no_mark", mark=mark)
        undone = []
        while len(self._history) > mark:
            step = self._history.pop()
            step.revert()
            self._label[step.nodes] = step.old
            undone.append(step)
        if undone:
            nodes = np.unique(np.concatenate([step.nodes for step in undone]))
            edges = np.unique(np.concatenate([step.edges for step in undone]))
            was = np.full(nodes.size, _NONE)
            for step in reversed(undone):
                was[np.searchsorted(nodes, step.nodes)] = step.new
            self._tell(_Step(nodes, was, self._label[nodes], edges, _nothing))

    def forget(self) -> None:
        """Stop remembering; all marks lose their meaning."""
        self._recording = False
        self._history.clear()

    @contextmanager
    def trial(self) -> Iterator[NearestIndex]:
        """Take back at the end of a ``with`` block whatever was changed in it.

        Examples
        --------
        >>> from planner.network import WalkNetwork
        >>> net = WalkNetwork.from_edges([(0, 0), (100, 0)], [(0, 1)])
        >>> index = NearestIndex(net, net.snap([(0, 0)]))
        >>> with index.trial():
        ...     index.remove(0)
        ...     index.distances().distance_m
        array([inf, inf])
        >>> index.distances().distance_m
        array([  0., 100.])
        """
        recording = self._recording
        mark = self.snapshot()
        try:
            yield self
        finally:
            self.undo(mark)
            if not recording:
                self.forget()

    def trial_link(
        self,
        a: Positions,
        b: Positions,
        length_m: float | None = None,
        *,
        time_s: float | None = None,
    ) -> Change:
        """Say what a link would change, without opening it; see :meth:`add_link`."""
        with self.trial():
            self.add_link(a, b, length_m, time_s=time_s)
            return self.last_change

    # ------------------------------------------------------------------ inside: labels

    @property
    def _room(self) -> int:
        return self._degree + 4 * self._link_count + 4

    def _told(self, label: I64, unknown: Bool | None = None) -> Nearest:
        value = (label >> 32) / 1000.0
        source = label.astype(np.int32)  # the lower 32 bits
        none = label == _NONE
        value[none], source[none] = np.inf, -1
        if unknown is not None:
            value[unknown] = np.nan
        return Nearest(value, source, self.network.unit)

    def _unknown(self, edge: I32) -> Bool:
        return np.asarray((edge < 0) | self._streets.closed[edge])

    def _place(self, edge: I32, offset: I32, access: I32, which: I32, out: I64) -> None:
        from planner.network.kernels import nearest_index as kernels

        state = (self._streets, self._sources, self._links, self._label)
        kernels.place_labels(*state, edge, offset, access, which, self._room, out)

    def _release(self, roots: I32) -> tuple[I32, I64]:
        from planner.network.kernels import nearest_index as kernels

        if not roots.size:
            return _NO_INT, _NO_LABEL
        freed: tuple[I32, I64] = kernels.release(
            self._streets, self._links, self._label, roots, self._room
        )
        return freed

    def _settle(
        self,
        freed: tuple[I32, I64] | list[I32],
        dirty: I32,
        edges: list[int],
        revert: Callable[[], None],
    ) -> None:
        """Settle dirty nodes after the structure has changed, and remember what became of it."""
        from planner.network.kernels import nearest_index as kernels

        nodes, old = _NO_INT, _NO_LABEL
        if dirty.size:
            state = (self._streets, self._sources, self._links, self._label)
            nodes, old = kernels.settle(*state, dirty, self._room)
        if freed:
            nodes = np.concatenate([freed[0], nodes])
            old = np.concatenate([freed[1], old])
        nodes, first = np.unique(nodes, return_index=True)  # what they had at first
        old, new = old[first], self._label[nodes]
        changed = old != new
        touched = np.asarray([e for e in edges if e >= 0], np.int32)
        step = _Step(nodes[changed], old[changed], new[changed], touched, revert)
        if self._recording:
            self._history.append(step)
        self._tell(step)

    def _tell(self, step: _Step) -> None:
        self._last = step
        for view in self._views:
            view._follow(step.nodes, step.edges)

    # ------------------------------------------------------------------ inside: structure

    def _around(self, edge: int) -> I32:
        """Nodes and link ends that an edge leads to."""
        if edge < 0 or self._streets.closed[edge]:
            return _NO_INT
        ends = np.flatnonzero(self._links.edge[: 2 * self._link_count] == edge)
        hung = [j for j in ends if self._link_open(int(j) >> 1)]
        n = len(self._graph.order)
        return np.asarray([*self._graph.ends[edge], *(n + j for j in hung)], np.int32)

    def _owned_by(self, s: int) -> I32:
        """Nodes around a source's edge that it serves; whatever else it serves rests on them."""
        around = self._around(int(self._sources.edge[s]))
        label = self._label[around]
        return np.asarray(around[(label != _NONE) & (label.astype(np.int32) == s)])

    def _resting_on(self, edge: int) -> I32:
        """Find the end of an edge whose label may rest on the other's, over this edge."""
        u, v = (int(x) for x in self._graph.ends[edge])
        at_u, at_v = int(self._label[u]), int(self._label[v])
        step = int(self._graph.cost[edge]) << 32
        rests = [v] if at_u != _NONE and at_v == at_u + step else []
        rests += [u] if at_v != _NONE and at_u == at_v + step else []
        return np.asarray(rests, np.int32)

    def _still_there(self, nodes: I32) -> I32:
        """Leave out the ends of links that are gone or shut."""
        n = len(self._graph.order)
        if not (nodes >= n).any():
            return nodes
        return np.asarray(
            [x for x in nodes if x < n or self._link_open((int(x) - n) >> 1)], np.int32
        )

    def _hang(self, things: tuple[I32, ...], k: int) -> None:
        from planner.network.kernels import nearest_index as kernels

        edge = things[0][k]
        if edge >= 0 and not self._streets.closed[edge]:
            kernels.hang(self._graph.ends, things[0], things[3], things[4], k)

    def _unhang(self, things: tuple[I32, ...], k: int) -> None:
        from planner.network.kernels import nearest_index as kernels

        edge = things[0][k]
        if edge >= 0 and not self._streets.closed[edge]:
            kernels.unhang(self._graph.ends, things[0], things[3], things[4], k)

    def _link_open(self, k: int) -> bool:
        edges = self._links.edge[2 * k : 2 * k + 2]
        return bool(self._link_alive[k] and not self._streets.closed[edges].any())

    def _hang_link(self, k: int) -> None:
        if self._link_open(k):
            self._hang(self._links, 2 * k)
            self._hang(self._links, 2 * k + 1)

    def _unhang_link(self, k: int) -> None:
        if self._link_open(k):
            self._unhang(self._links, 2 * k)
            self._unhang(self._links, 2 * k + 1)

    def _links_on(self, edge: int) -> list[int]:
        ends = np.flatnonzero(self._links.edge[: 2 * self._link_count] == edge)
        return [k for k in sorted({int(j) >> 1 for j in ends}) if self._link_alive[k]]

    def _sources_on(self, edge: int) -> list[int]:
        here = (self._sources.edge[: self._count] == edge) & self._alive[: self._count]
        return [int(s) for s in np.flatnonzero(here)]

    def _open_link_ends(self, links: list[int]) -> I32:
        n = len(self._graph.order)
        ends = [n + 2 * k + side for k in links if self._link_open(k) for side in (0, 1)]
        return np.asarray(ends, np.int32)

    def _shut(self, edge: int) -> None:
        for s in self._sources_on(edge):
            self._unhang(self._sources, s)
        for k in self._links_on(edge):
            self._unhang_link(k)
        self._streets.closed[edge] = True
        self._reweigh(edge)

    def _open(self, edge: int) -> None:
        self._streets.closed[edge] = False
        self._reweigh(edge)
        for s in self._sources_on(edge):
            self._hang(self._sources, s)
        for k in self._links_on(edge):
            self._hang_link(k)

    def _reweigh(self, edge: int) -> None:
        """Give the two arcs between an edge's nodes the cost of the cheapest open edge there."""
        u, v = (int(x) for x in self._graph.ends[edge])
        if u == v:
            return
        start, member = self._edges_at_nodes()
        here = member[start[u] : start[u + 1]]
        parallel = here[(self._graph.ends[here] == v).any(axis=1) & ~self._streets.closed[here]]
        cost = int(self._graph.cost[parallel].min()) if parallel.size else -1
        if not self._own_weight:
            self._streets = self._streets._replace(weight=self._graph.weight.copy())
            self._own_weight = True
        indptr, neighbour = self._graph.indptr, self._graph.neighbour
        for a, b in ((u, v), (v, u)):
            arc = indptr[a] + np.searchsorted(neighbour[indptr[a] : indptr[a + 1]], b)
            self._streets.weight[arc] = cost

    def _edges_at_nodes(self) -> tuple[I32, I32]:
        if self._incidence is None:
            from planner.network.kernels import nearest_index as kernels

            edges = len(self._graph.cost)
            start = np.empty(len(self._graph.order) + 1, np.int32)
            member = np.empty(2 * edges, np.int32)
            kernels.places_at(
                self._graph.ends, np.arange(edges, dtype=np.int32), start.size - 1, start, member
            )
            self._incidence = start, member
        return self._incidence

    def _make_room(self, s: int) -> None:
        if s < self._sources.edge.size:
            return
        room = 2 * s
        self._sources = self._sources._replace(
            edge=_roomy(self._sources.edge, room),
            offset=_roomy(self._sources.offset, room),
            access=_roomy(self._sources.access, room),
            next=_roomy(self._sources.next, 2 * room),
        )
        self._alive = _roomy(self._alive, room)

    def _make_link_room(self, k: int) -> None:
        if k < self._links.length.size:
            return
        room = 2 * k
        self._links = self._links._replace(
            edge=_roomy(self._links.edge, 2 * room),
            offset=_roomy(self._links.offset, 2 * room),
            length=_roomy(self._links.length, room),
            next=_roomy(self._links.next, 4 * room),
        )
        self._link_alive = _roomy(self._link_alive, room)
        label = np.full(len(self._graph.order) + 2 * room, _NONE, np.int64)
        label[: self._label.size] = self._label
        self._label = label

    # ------------------------------------------------------------------ inside: checking

    def _one(self, position: Positions) -> tuple[int, int, int]:
        if len(position) != 1:
            raise InputError("network_index.one_position", found=len(position))
        offset, access = self.network.legs(position)
        return int(position.edge[0]), int(offset[0]), int(access[0])

    def _existing(self, source: int) -> int:
        if not (0 <= source < self._count and self._alive[source]):
            raise InputError("network_index.no_source", source=source)
        return int(source)

    def _existing_edge(self, edge: int) -> int:
        count = len(self._graph.cost)
        if not 0 <= edge < count:
            raise InputError("network.id_range", name="edge", row=0, value=edge, count=count)
        return int(edge)

    def _link_cost(self, length_m: npt.ArrayLike | None, time_s: npt.ArrayLike | None) -> I32:
        own, other = (length_m, time_s) if self.network.unit == "m" else (time_s, length_m)
        if own is None or other is not None:
            asked = "s" if self.network.unit == "m" else "m"
            raise InputError("network.wrong_unit", asked=asked, unit=self.network.unit)
        return link_costs(own)


class TargetView:
    """Distances of targets, kept in step with a :class:`NearestIndex`; see its ``watch``.

    Attributes
    ----------
    targets
        The positions watched.
    changed
        (c,) int32, which targets the last change altered, ascending.

    Examples
    --------
    >>> from planner.network import WalkNetwork
    >>> net = WalkNetwork.from_edges([(0, 0), (100, 0), (200, 0)], [(0, 1), (1, 2)])
    >>> index = NearestIndex(net, net.snap([(0, 0)]))
    >>> view = index.watch(net.snap([(10, 0), (190, 0)]))
    >>> _ = index.add(net.snap([(150, 0)]))
    >>> view.changed.tolist(), view.nearest.distance_m.tolist()
    ([1], [10.0, 40.0])
    """

    def __init__(self, index: NearestIndex, targets: Positions) -> None:
        from planner.network.kernels import nearest_index as kernels

        self.targets = targets
        self._index = index
        self._offset, self._access = index.network.legs(targets)
        n = len(index.network.node_xy)
        self._start = np.empty(n + 1, np.int32)
        self._member = np.empty(2 * len(targets), np.int32)
        ends = index.network.graph.ends
        kernels.places_at(ends, targets.edge, n, self._start, self._member)
        self._seen = np.zeros(len(targets), np.bool_)
        self._label = np.empty(len(targets), np.int64)
        self._place(np.arange(len(targets), dtype=np.int32), self._label)
        self.changed = _NO_INT

    @property
    def nearest(self) -> Nearest:
        """Distance and source of every target, as :meth:`NearestIndex.distances` says."""
        return self._index._told(self._label, self._index._unknown(self.targets.edge))

    def of(self, which: npt.ArrayLike) -> Nearest:
        """Distance and source of some of the targets, by number."""
        chosen = np.asarray(which)
        unknown = self._index._unknown(self.targets.edge[chosen])
        return self._index._told(self._label[chosen], unknown)

    def _place(self, which: I32, out: I64) -> None:
        self._index._place(self.targets.edge, self._offset, self._access, which, out)

    def _follow(self, nodes: I32, edges: I32) -> None:
        from planner.network.kernels import nearest_index as kernels

        index = self._index
        which = kernels.touched_places(
            index._streets,
            index._links,
            self._start,
            self._member,
            self.targets.edge,
            nodes,
            edges,
            self._seen,
        )
        before = self._label[which]
        self._place(which, self._label)
        self.changed = np.sort(which[before != self._label[which]])


def score_links(
    index: NearestIndex,
    a: Positions,
    b: Positions,
    length_m: npt.ArrayLike,
    targets: Positions,
    weight: npt.ArrayLike,
    limit_m: float,
) -> F64:
    """Weight that each link alone would bring within the limit.

    Each link is judged by itself on the index as it stands (its other changes included) and the
    index is not changed. Exact: the same as :meth:`NearestIndex.add_link` and counting again.

    Parameters
    ----------
    index
        Sources and streets as they are. One of a network in seconds takes seconds for both
        ``length_m`` and ``limit_m``.
    a, b
        (n,) where the links begin and end; a link with an unknown end gains nothing.
    length_m
        (n,) metres from street to street.
    targets
        (t,) homes.
    weight
        (t,) their weights, such as residents.
    limit_m
        A target is served at this distance or less.

    Returns
    -------
    ndarray
        (n,) float64, the weight newly served.

    Raises
    ------
    InputError
        ``network_index.bad_link_length``, ``network.bad_shape``, ``network.bad_limit``.

    Notes
    -----
    A link helps only beyond its farther end, and only if it undercuts that end's own distance by
    more than nothing; from there one search per link runs over the nodes that it improves and no
    farther than the limit.
    """
    from planner.network.kernels import nearest_index as kernels

    network = index.network
    cost = link_costs(length_m)
    weights = np.ascontiguousarray(weight, np.float64)
    for name, given, wanted in (
        ("b", len(b), len(a)),
        ("length_m", cost.size, len(a)),
        ("weight", weights.size, len(targets)),
    ):
        if given != wanted:
            raise InputError(
                "network.bad_shape", name=name, expected=f"({wanted},)", found=(given,)
            )
    own = {"m": (limit_m, np.inf), "s": (np.inf, limit_m)}[network.unit]
    limit = distances.limit_in(network, *own, name="limit")
    t_offset, t_access = network.legs(targets)
    label = np.empty(len(targets), np.int64)
    index._place(targets.edge, t_offset, t_access, np.arange(len(targets), dtype=np.int32), label)
    lacking = ((label >> 32) > limit) & ~index._unknown(targets.edge) & (weights != 0)
    far = np.flatnonzero(lacking)
    edge = targets.edge[far]
    n = len(network.node_xy)
    start, member = np.empty(n + 1, np.int32), np.empty(2 * far.size, np.int32)
    kernels.places_at(network.graph.ends, edge, n, start, member)
    gain = np.empty(len(a))
    state = (index._streets, index._sources, index._links, index._label)
    kernels.link_gains(
        *state,
        a.edge,
        network.legs(a)[0],
        b.edge,
        network.legs(b)[0],
        cost,
        start,
        member,
        (edge, t_offset[far], t_access[far], weights[far]),
        limit,
        index._room,
        gain,
    )
    return gain


def link_costs(length: npt.ArrayLike) -> I32:
    """Lengths of links, one or many, in whole thousandths.

    Raises
    ------
    InputError
        ``network_index.bad_link_length`` where one is negative, no number or beyond int32.
    """
    metres = np.atleast_1d(np.asarray(length, np.float64))
    scaled = np.rint(metres * 1000.0)
    wrong = ~((scaled >= 0) & (scaled <= 2**31 - 2))
    if wrong.any():
        row = int(np.flatnonzero(wrong)[0])
        raise InputError("network_index.bad_link_length", row=row, value=float(metres[row]))
    return np.ascontiguousarray(scaled, np.int32)


def _labels(nearest: Nearest) -> I64:
    """Nearest sources as the kernels have them: cost above, source below."""
    reached = nearest.source >= 0
    cost = np.rint(np.where(reached, nearest.value, 0.0) * 1000.0).astype(np.int64)
    return np.where(reached, (cost << 32) | nearest.source, _NONE)


def _roomy(array: npt.NDArray[_Value], room: int) -> npt.NDArray[_Value]:
    """Give the values with zeros behind them up to a length."""
    larger = np.zeros(room, array.dtype)
    larger[: array.size] = array
    return larger


def _nothing() -> None:
    """Revert no change."""
