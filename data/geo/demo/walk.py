"""Walking distances, computed plainly: so that planted gaps are known to be gaps.

This is not the planner's own engine on purpose: what is planted must not depend on what is
tested with it.
"""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components, dijkstra
from shapely.geometry.base import BaseGeometry

REACH_M = 250.0
"""A place with no street within this is nowhere on the network."""

LIMIT_M = 2500.0
"""Longer walks are not told apart."""

FEW = 4
"""Ways from so few nodes at once are kept."""


@dataclass(frozen=True)
class Places:
    """Places on the network; `edge` is -1 where a place has no street near it."""

    xy: np.ndarray
    edge: np.ndarray
    along_m: np.ndarray
    access_m: np.ndarray

    def __len__(self) -> int:
        return len(self.edge)

    def take(self, which: np.ndarray) -> Places:
        """Return some of the places."""
        return Places(self.xy[which], self.edge[which], self.along_m[which], self.access_m[which])


class Walk:
    """The street network of the demo, with barriers that the way to a street must not cross."""

    def __init__(self, streets: gpd.GeoDataFrame, barriers: list[BaseGeometry]) -> None:
        self.lines = streets.geometry.to_numpy()
        self.length = shapely.length(self.lines)
        ends = np.array([[line.coords[0], line.coords[-1]] for line in self.lines])
        nodes, node = np.unique(ends.reshape(-1, 2), axis=0, return_inverse=True)
        self.nodes, self.ends = nodes, node.reshape(-1, 2)
        self._joinable = np.flatnonzero(~(streets["bridge"] | streets["tunnel"]).to_numpy())
        self._tree = shapely.STRtree(self.lines[self._joinable])
        self._barriers = shapely.STRtree(barriers)
        self._joined: dict[tuple[float, float], int] = {}
        self._reached: dict[int, np.ndarray] = {}
        self.graph = self._graph()
        part = connected_components(self.graph, directed=False)[1]
        self.main = (part == np.bincount(part).argmax())[self.ends[:, 0]]
        """Which pieces hang together with the largest part of the network."""

    def _graph(self) -> coo_matrix:
        order = np.argsort(-self.length)  # of parallel pieces the shortest is written last
        shortest = {tuple(sorted(self.ends[i])): self.length[i] for i in order}
        pairs = np.array(list(shortest))
        size = len(self.nodes)
        return coo_matrix((list(shortest.values()), pairs.T), (size, size)).tocsr()

    def place(self, xy: np.ndarray) -> Places:
        """Join points to the nearest street that is not behind a barrier."""
        xy = np.asarray(xy)
        # gates and spots are asked for again and again: each is joined once
        keys = list(map(tuple, xy.tolist()))
        new = [row for row, key in enumerate(keys) if key not in self._joined]
        if new:
            edges = self._edges(shapely.points(xy[new])).tolist()
            self._joined.update(zip([keys[row] for row in new], edges, strict=True))
        edge = np.array([self._joined[key] for key in keys], dtype=np.int64)
        found = edge >= 0
        points = shapely.points(xy[found])
        along, access = np.full(len(xy), np.nan), np.full(len(xy), np.nan)
        along[found] = shapely.line_locate_point(self.lines[edge[found]], points)
        access[found] = shapely.distance(self.lines[edge[found]], points)
        return Places(xy, edge, along, access)

    def _edges(self, points: np.ndarray) -> np.ndarray:
        """Return the street that each point is joined to, -1 for none."""
        edge = np.full(len(points), -1)
        pair = self._tree.query(points, predicate="dwithin", distance=60.0)
        todo = self._join(points, edge, pair)
        if len(todo):
            pair = self._tree.query(points[todo], predicate="dwithin", distance=REACH_M)
            self._join(points, edge, np.array([todo[pair[0]], pair[1]]))
        return edge

    def _join(self, points: np.ndarray, edge: np.ndarray, pair: np.ndarray) -> np.ndarray:
        who, which = pair
        which = self._joinable[which]
        legs = shapely.shortest_line(points[who], self.lines[which])
        free = np.ones(len(who), dtype=bool)
        free[self._barriers.query(legs, predicate="intersects")[0]] = False
        order = np.lexsort((shapely.length(legs), ~free))
        first = dict(zip(who[order][::-1].tolist(), order[::-1].tolist(), strict=True))
        for i, row in first.items():
            if free[row]:
                edge[i] = which[row]
        return np.flatnonzero(edge < 0)

    def _reach(self, starts: np.ndarray, limit_m: float) -> np.ndarray:
        """Return the way from some nodes to all; single nodes are asked for again and again."""
        if len(starts) > FEW or limit_m != LIMIT_M:
            return dijkstra(self.graph, directed=False, indices=starts, limit=limit_m)
        for node in starts.tolist():
            if node not in self._reached:
                way = dijkstra(self.graph, directed=False, indices=node, limit=limit_m)
                self._reached[node] = way
        return np.stack([self._reached[node] for node in starts.tolist()])

    def distances(
        self, sources: Places, targets: Places, *, limit_m: float = LIMIT_M
    ) -> np.ndarray:
        """Return walking distances, shape (sources, targets); ``inf`` beyond the limit."""
        result = np.full((len(sources), len(targets)), np.inf)
        known, there = np.flatnonzero(sources.edge >= 0), np.flatnonzero(targets.edge >= 0)
        s, t = sources.take(known), targets.take(there)
        starts, row = np.unique(self.ends[s.edge], return_inverse=True)
        reach = self._reach(starts, limit_m)
        row = row.reshape(-1, 2)
        from_s = np.stack([s.along_m, self.length[s.edge] - s.along_m])
        from_t = np.stack([t.along_m, self.length[t.edge] - t.along_m])
        best = np.full((len(s), len(t)), np.inf)
        for a in (0, 1):
            for b in (0, 1):
                way = reach[np.ix_(row[:, a], self.ends[t.edge][:, b])]
                np.minimum(best, from_s[a][:, None] + way + from_t[b][None, :], out=best)
        i, j = np.nonzero(s.edge[:, None] == t.edge[None, :])
        best[i, j] = np.minimum(best[i, j], np.abs(s.along_m[i] - t.along_m[j]))
        result[np.ix_(known, there)] = best + s.access_m[:, None] + t.access_m[None, :]
        return result
