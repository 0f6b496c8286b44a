"""The nearest facility of every place, kept up to date while facilities and links change.

The index keeps for every node the distance to its nearest source and which source that is. A
change touches only the nodes whose answer it alters: an added source or link is spread from where
it stands as far as it improves anything; what a removed source or link had served is unset (all
nodes whose label may rest on it) and settled anew from around it. Every answer equals that of
:meth:`WalkNetwork.nearest` on the changed network, ties included.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from planner.arrays import I32, I64
from planner.errors import InputError
from planner.network.distances import Nearest, nearest_of_labels
from planner.network.inputs import link_costs
from planner.network.nearest.places import IndexPlaces
from planner.network.nearest.target_view import TargetView
from planner.network.positions import Positions

if TYPE_CHECKING:
    from planner.network.walk_network import WalkNetwork

__all__ = ["NearestIndex"]

_NONE = 2**63 - 1
_NO_NODES = np.empty(0, np.int32)
_NO_LABELS = np.empty(0, np.int64)


@dataclass(frozen=True, eq=False)
class _Step:
    """A change as the index remembers it: nodes, what labels they had, edges, and the way back."""

    nodes: I32
    old: I64
    edges: I32
    revert: Callable[[], None]


class NearestIndex:
    """Distances to the nearest source, exact after every change.

    Sources are numbered in the order in which they were given and added; of equally near ones the
    lowest number is the nearest. A number is kept by :meth:`move` and never used again after
    :meth:`remove`. One index belongs to one thread at a time; the network may be shared.

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
    """

    def __init__(self, network: WalkNetwork, sources: Positions) -> None:
        graph = network.graph
        self.network = network
        self.places = IndexPlaces(graph, sources.edge, *network.legs(sources))
        self.label: I64 = np.full(self.places.node_count, _NONE, np.int64)
        self.label[: len(graph.order)] = _labels(network.nearest(sources))[graph.order]
        self._history: list[_Step] = []
        self._recording = False
        self._views: weakref.WeakSet[TargetView] = weakref.WeakSet()

    # ------------------------------------------------------------------ asking

    def distances(self, targets: Positions | None = None) -> Nearest:
        """Distance from each target to its nearest source, as :meth:`WalkNetwork.nearest` says.

        Parameters
        ----------
        targets
            Homes; None takes all nodes, without access legs.
        """
        unit = self.network.unit
        if targets is None:
            return nearest_of_labels(self.label[self.network.graph.rank], None, unit)
        label = np.empty(len(targets), np.int64)
        places = (targets.edge, *self.network.legs(targets))
        self.write_labels(places, np.arange(len(targets), dtype=np.int32), label)
        return nearest_of_labels(label, targets.known, unit)

    def watch(self, targets: Positions) -> TargetView:
        """Distances of targets that follow every later change of the index by themselves."""
        view = TargetView(self, targets)
        self._views.add(view)
        return view

    def write_labels(self, places: tuple[I32, I32, I32], which: I32, label: I64) -> None:
        """Write the labels of some places (edge, offset, access leg) to their rows of ``label``."""
        from planner.network.kernels.nearest_index import place_labels

        place_labels(*self.state, *places, which, self.places.most_steps, label)

    @property
    def state(self) -> tuple[object, ...]:
        """Streets, sources, links and labels, as the kernels take them."""
        return (self.places.streets, self.places.sources, self.places.links, self.label)

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
            ``network.one_position_each`` where it is not one.
        """
        place = self._one(position)
        s = self.places.new_source(place)

        def revert() -> None:
            self.places.drop_source(s)
            self.places.count -= 1

        # dirty are the nodes around the new source, the only ones it reaches straight; whatever
        # else it improves is spread from them
        self._settle(None, self.places.around(place[0]), [place[0]], revert)
        return s

    def remove(self, source: int) -> None:
        """Remove a source.

        Raises
        ------
        InputError
            ``network.no_source`` where there is no such source.
        """
        s = self._existing(source)
        # what rests on the source is told by its labels, so that it is unset first; it is settled
        # once the source is gone, which would else be found again. Nobody else's label can have
        # become wrong: dirty is what was unset
        freed = self._release(self._served_directly(s))
        self.places.drop_source(s)
        edge = self.places.source(s)[0]
        self._settle(freed, freed[0], [edge], lambda: self.places.restore_source(s))

    def move(self, source: int, position: Positions) -> None:
        """Move a source; it keeps its number.

        Raises
        ------
        InputError
            ``network.no_source``, ``network.one_position_each``.
        """
        s, place = self._existing(source), self._one(position)
        before = self.places.source(s)
        # unset around where it was, settled there and around where it is now: dirty is what it
        # served, and what it may serve
        freed = self._release(self._served_directly(s))
        self.places.put_source(s, place)
        dirty = np.concatenate([freed[0], self.places.around(place[0])])
        edges = [before[0], place[0]]
        self._settle(freed, dirty, edges, lambda: self.places.put_source(s, before))

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
            ``network.one_position_each``, ``network.unknown_end``,
            ``network.bad_link_length``, ``network.wrong_unit``.
        """
        ends = (self._one(a), self._one(b))
        if min(ends[0][0], ends[1][0]) < 0:
            raise InputError("network.unknown_end", row=0)
        k = self.places.new_link(*ends, int(self._link_cost(length_m, time_s)[0]))
        if self.places.node_count > self.label.size:
            more = np.full(self.places.node_count - self.label.size, _NONE, np.int64)
            self.label = np.concatenate([self.label, more])

        def revert() -> None:
            self.places.drop_link(k)
            self.places.link_count -= 1

        self._settle(None, self.places.link_ends(k), self.places.edges_of_link(k), revert)
        return k

    def remove_link(self, link: int) -> None:
        """Close a link that :meth:`add_link` opened.

        Raises
        ------
        InputError
            ``network.no_link`` where there is no such link.
        """
        k, places = int(link), self.places
        if not (0 <= k < places.link_count and places.link_alive[k]):
            raise InputError("network.no_link", link=link)
        # whatever comes over the link passes its ends: what rests on them is unset while they
        # stand, and settled without them, who are no nodes any more
        freed = self._release(places.link_ends(k))
        places.drop_link(k)
        dirty = places.without_gone(freed[0])
        self._settle(freed, dirty, places.edges_of_link(k), lambda: places.restore_link(k))

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
            ``network.no_mark`` where the mark is not one of this index any more.
        """
        if not (self._recording and 0 <= mark <= len(self._history)):
            raise InputError("network.no_mark", mark=mark)
        undone = []
        while len(self._history) > mark:
            step = self._history.pop()
            step.revert()
            self.label[step.nodes] = step.old
            undone.append(step)
        if undone:
            nodes = np.unique(np.concatenate([step.nodes for step in undone]))
            self._tell_views(nodes, np.unique(np.concatenate([step.edges for step in undone])))

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

    # ------------------------------------------------------------------ inside

    def _served_directly(self, s: int) -> I32:
        """Nodes around a source's edge that it serves; whatever else it serves rests on them."""
        around = self.places.around(self.places.source(s)[0])
        label = self.label[around]
        return np.asarray(around[(label != _NONE) & (label.astype(np.int32) == s)])

    def _release(self, roots: I32) -> tuple[I32, I64]:
        from planner.network.kernels.nearest_index import release

        if not roots.size:
            return _NO_NODES, _NO_LABELS
        places = self.places
        freed: tuple[I32, I64] = release(
            places.streets, places.links, self.label, roots, places.most_steps
        )
        return freed

    def _settle(
        self,
        freed: tuple[I32, I64] | None,
        dirty: I32,
        edges: list[int],
        revert: Callable[[], None],
    ) -> None:
        """Settle dirty nodes after the places have changed, and remember what became of it."""
        from planner.network.kernels.nearest_index import settle

        nodes, old = _NO_NODES, _NO_LABELS
        if dirty.size:
            nodes, old = settle(*self.state, dirty, self.places.most_steps)
        if freed is not None:
            nodes = np.concatenate([freed[0], nodes])
            old = np.concatenate([freed[1], old])
        # a node that changed more than once is kept with what it had at first, to which `undo` goes
        # back; if it has that again now, nothing has changed
        nodes, first = np.unique(nodes, return_index=True)
        changed = old[first] != self.label[nodes]
        touched = np.asarray([e for e in edges if e >= 0], np.int32)
        if self._recording:
            self._history.append(_Step(nodes[changed], old[first][changed], touched, revert))
        self._tell_views(nodes[changed], touched)

    def _tell_views(self, nodes: I32, edges: I32) -> None:
        for view in self._views:
            view.follow(nodes, edges)

    def _one(self, position: Positions) -> tuple[int, int, int]:
        if len(position) != 1:
            raise InputError("network.one_position_each", found=len(position))
        offset, access = self.network.legs(position)
        return int(position.edge[0]), int(offset[0]), int(access[0])

    def _existing(self, source: int) -> int:
        if not (0 <= source < self.places.count and self.places.alive[source]):
            raise InputError("network.no_source", source=source)
        return int(source)

    def _link_cost(self, length_m: npt.ArrayLike | None, time_s: npt.ArrayLike | None) -> I32:
        own, other = (length_m, time_s) if self.network.unit == "m" else (time_s, length_m)
        if own is None or other is not None:
            asked = "s" if self.network.unit == "m" else "m"
            raise InputError("network.wrong_unit", asked=asked, unit=self.network.unit)
        return link_costs(own)


def _labels(nearest: Nearest) -> I64:
    """Nearest sources as the kernels have them: cost above, source below."""
    reached = nearest.source >= 0
    cost = np.rint(np.where(reached, nearest.value, 0.0) * 1000.0).astype(np.int64)
    return np.where(reached, (cost << 32) | nearest.source, _NONE)
