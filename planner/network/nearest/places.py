"""Sources and extra links on a street graph, listed at its nodes, for the index of the nearest."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import numpy as np
import numpy.typing as npt

from planner.arrays import I32, Bool
from planner.network.graph import StreetGraph

if TYPE_CHECKING:
    from planner.network.kernels.nearest_index import Links, Sources

__all__ = ["IndexPlaces"]

_Value = TypeVar("_Value", bound=np.generic)

_FIRST_LINKS = 64
_NO_NODES = np.empty(0, np.int32)


class IndexPlaces:
    """What stands on the streets: arrays that grow, and which of their rows are there.

    Parameters
    ----------
    graph
        The streets.
    edge, offset, access
        (n,) int32, the first sources; those of unknown position (edge −1) are in no list.

    Attributes
    ----------
    streets, sources, links
        As :mod:`planner.network.kernels.nearest_index` has them.
    alive, link_alive
        Which sources and links are there.
    count, link_count
        How many numbers have been given.
    """

    def __init__(self, graph: StreetGraph, edge: I32, offset: I32, access: I32) -> None:
        from planner.network.kernels.nearest_index import Links, Sources, Streets

        n, self.count, self.link_count = len(graph.order), len(edge), 0
        room = max(16, 2 * self.count)
        self.streets = Streets(graph.indptr, graph.neighbour, graph.weight, graph.ends, graph.cost)
        self.sources: Sources = Sources(
            _with_room(edge, room),
            _with_room(offset, room),
            _with_room(access, room),
            np.full(n, -1, np.int32),
            np.full(2 * room, -1, np.int32),
        )
        self.alive: Bool = _with_room(np.ones(self.count, np.bool_), room)
        self.links: Links = Links(
            np.zeros(2 * _FIRST_LINKS, np.int32),
            np.zeros(2 * _FIRST_LINKS, np.int32),
            np.zeros(_FIRST_LINKS, np.int32),
            np.full(n, -1, np.int32),
            np.full(4 * _FIRST_LINKS, -1, np.int32),
        )
        self.link_alive: Bool = np.zeros(_FIRST_LINKS, np.bool_)
        self._degree = int(np.diff(graph.indptr).max(initial=0))
        for s in range(self.count):
            self._attach(self.sources, s)

    @property
    def node_count(self) -> int:
        """How many nodes and link ends there is room for."""
        return self.sources.head.size + self.links.edge.size

    @property
    def most_steps(self) -> int:
        """More neighbours than any node, link end or place can have."""
        return self._degree + 4 * self.link_count + 4

    # ------------------------------------------------------------------ sources

    def new_source(self, place: tuple[int, int, int]) -> int:
        """Give a place (edge, offset, access leg) the next number and list it."""
        s = self.count
        if s == self.sources.edge.size:
            room = 2 * s
            self.sources = self.sources._replace(
                edge=_with_room(self.sources.edge, room),
                offset=_with_room(self.sources.offset, room),
                access=_with_room(self.sources.access, room),
                next=_with_room(self.sources.next, 2 * room),
            )
            self.alive = _with_room(self.alive, room)
        self.count += 1
        self._write(s, place)
        self.restore_source(s)
        return s

    def source(self, s: int) -> tuple[int, int, int]:
        """Return edge, offset and access leg of a source."""
        edge, offset, access = (int(column[s]) for column in self.sources[:3])
        return edge, offset, access

    def put_source(self, s: int, place: tuple[int, int, int]) -> None:
        """Move a source that is there."""
        self._detach(self.sources, s)
        self._write(s, place)
        self._attach(self.sources, s)

    def restore_source(self, s: int) -> None:
        """List a source that is not there."""
        self.alive[s] = True
        self._attach(self.sources, s)

    def drop_source(self, s: int) -> None:
        """Take a source out of the lists; its number stays."""
        self._detach(self.sources, s)
        self.alive[s] = False

    def _write(self, s: int, place: tuple[int, int, int]) -> None:
        for column, value in zip(self.sources[:3], place, strict=True):
            column[s] = value

    # ------------------------------------------------------------------ links

    def new_link(self, a: tuple[int, int, int], b: tuple[int, int, int], cost: int) -> int:
        """Give a link between two places the next number and list its ends."""
        k = self.link_count
        if k == self.links.length.size:
            room = 2 * k
            self.links = self.links._replace(
                edge=_with_room(self.links.edge, 2 * room),
                offset=_with_room(self.links.offset, 2 * room),
                length=_with_room(self.links.length, room),
                next=_with_room(self.links.next, 4 * room),
            )
            self.link_alive = _with_room(self.link_alive, room)
        self.link_count += 1
        for j, (edge, offset, _) in zip((2 * k, 2 * k + 1), (a, b), strict=True):
            self.links.edge[j], self.links.offset[j] = edge, offset
        self.links.length[k] = cost
        self.restore_link(k)
        return k

    def restore_link(self, k: int) -> None:
        """List the two ends of a link that is not there."""
        self.link_alive[k] = True
        for j in (2 * k, 2 * k + 1):
            self._attach(self.links, j)

    def drop_link(self, k: int) -> None:
        """Take the two ends of a link out of the lists; its number stays."""
        for j in (2 * k, 2 * k + 1):
            self._detach(self.links, j)
        self.link_alive[k] = False

    def link_ends(self, k: int) -> I32:
        """(2,) int32, the two ends of a link as nodes."""
        return np.arange(2 * k, 2 * k + 2, dtype=np.int32) + np.int32(self.sources.head.size)

    def edges_of_link(self, k: int) -> list[int]:
        """Return the two edges that a link joins."""
        return [int(edge) for edge in self.links.edge[2 * k : 2 * k + 2]]

    # ------------------------------------------------------------------ around

    def around(self, edge: int) -> I32:
        """Nodes and link ends that an edge leads to."""
        if edge < 0:
            return _NO_NODES
        n = self.sources.head.size
        ends = np.flatnonzero(self.links.edge[: 2 * self.link_count] == edge)
        there = ends[self.link_alive[ends >> 1]]
        return np.asarray([*self.streets.ends[edge], *(n + there)], np.int32)

    def without_gone(self, nodes: I32) -> I32:
        """Leave out the ends of links that are not there."""
        end = nodes - self.sources.head.size
        return np.asarray(nodes[(end < 0) | self.link_alive[np.maximum(end, 0) >> 1]])

    def _attach(self, things: Sources | Links, k: int) -> None:
        from planner.network.kernels import nearest_index as kernels

        if things.edge[k] >= 0:
            kernels.attach(self.streets.ends, things.edge, things.head, things.next, k)

    def _detach(self, things: Sources | Links, k: int) -> None:
        from planner.network.kernels import nearest_index as kernels

        if things.edge[k] >= 0:
            kernels.detach(self.streets.ends, things.edge, things.head, things.next, k)


def _with_room(array: npt.NDArray[_Value], room: int) -> npt.NDArray[_Value]:
    """Give the values with zeros behind them up to a length."""
    larger = np.zeros(room, array.dtype)
    larger[: array.size] = array
    return larger
