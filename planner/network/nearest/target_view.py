"""Distances of homes that follow every change of an index by themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import numpy as np
import numpy.typing as npt

from planner.arrays import I32, I64
from planner.network.distances import Nearest, nearest_of_labels
from planner.network.nearest.places import IndexPlaces
from planner.network.positions import Positions

if TYPE_CHECKING:
    from planner.network.walk_network import WalkNetwork

__all__ = ["TargetView"]


class Followed(Protocol):
    """What a view asks of the index that it follows."""

    network: WalkNetwork
    places: IndexPlaces

    def write_labels(self, places: tuple[I32, I32, I32], which: I32, label: I64) -> None:
        """Write the labels of some places to their rows of ``label``."""


class TargetView:
    """Distances of targets, kept in step with an index.

    See ``watch`` of :class:`~planner.network.nearest.index.NearestIndex`.

    Attributes
    ----------
    targets
        The positions watched.
    changed
        (c,) int32, which targets the last change altered, ascending.

    Examples
    --------
    >>> from planner.network import NearestIndex, WalkNetwork
    >>> net = WalkNetwork.from_edges([(0, 0), (100, 0), (200, 0)], [(0, 1), (1, 2)])
    >>> index = NearestIndex(net, net.snap([(0, 0)]))
    >>> view = index.watch(net.snap([(10, 0), (190, 0)]))
    >>> _ = index.add(net.snap([(150, 0)]))
    >>> view.changed.tolist(), view.nearest.distance_m.tolist()
    ([1], [10.0, 40.0])
    """

    def __init__(self, index: Followed, targets: Positions) -> None:
        from planner.network.kernels.graph import places_by_node

        self.targets = targets
        self._index = index
        graph = index.network.graph
        self._start, self._member = places_by_node(len(graph.order), graph.ends, targets.edge)
        self._seen = np.zeros(len(targets), np.bool_)
        self._label = np.empty(len(targets), np.int64)
        self._places = (targets.edge, *index.network.legs(targets))
        index.write_labels(self._places, np.arange(len(targets), dtype=np.int32), self._label)
        self.changed = np.empty(0, np.int32)

    @property
    def nearest(self) -> Nearest:
        """Distance and source of every target.

        As :meth:`~planner.network.nearest.index.NearestIndex.distances` says.
        """
        return nearest_of_labels(self._label, self.targets.known, self._index.network.unit)

    def of(self, which: npt.ArrayLike) -> Nearest:
        """Distance and source of some of the targets, by number."""
        chosen = np.asarray(which)
        known = self.targets.known[chosen]
        return nearest_of_labels(self._label[chosen], known, self._index.network.unit)

    def follow(self, nodes: I32, edges: I32) -> None:
        """Ask anew for the targets on edges at some nodes, and on some edges."""
        from planner.network.kernels.nearest_index import touched_places

        places = self._index.places
        which = touched_places(
            places.streets,
            places.links,
            self._start,
            self._member,
            self.targets.edge,
            nodes,
            edges,
            self._seen,
        )
        before = self._label[which]
        self._index.write_labels(self._places, which, self._label)
        self.changed = np.sort(which[before != self._label[which]])
