"""A network too large to be searched at once, asked tile by tile."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from planner.arrays import F64, I32
from planner.errors import InputError
from planner.network import distances
from planner.network.positions import Positions
from planner.network.tiles.halo import EdgeEnds, Halo
from planner.network.tiles.tile import Tile, on_edges, part_of
from planner.network.walk_network import WalkNetwork
from planner.progress import Progress, untold

if TYPE_CHECKING:
    from scipy.sparse import csr_array

__all__ = ["TiledNetwork"]


class TiledNetwork:
    """The questions of a :class:`WalkNetwork`, answered tile by tile with a halo of the cutoff.

    Answers are the network's own to the last bit, of equally near sources the same one too; why the
    halo is wide enough for any lengths and times is shown in :mod:`planner.network.tiles.halo`. One
    tile is built and searched at a time, so that a search needs the memory of one; the streets
    themselves, an index of their ends, sources, targets and answers are held as a whole. For the
    nearest alone that index is more than a search of the whole needs.

    Parameters
    ----------
    network
        The whole.
    size_m
        Width of the square tiles in metres. Small ones need less memory and more time, since each
        searches its halo too: let them be several times as wide as the cutoff.

    Raises
    ------
    InputError
        ``network.bad_tile_size`` where the size is not above zero.

    Examples
    --------
    >>> net = WalkNetwork.from_edges([(0, 0), (100, 0), (200, 0)], [(0, 1), (1, 2)])
    >>> tiled = TiledNetwork(net, size_m=50)
    >>> homes, clinic = net.snap([(10, 0), (190, 0)]), net.snap([(60, 0)])
    >>> tiled.nearest(clinic, homes, cutoff_m=100).distance_m
    array([50., inf])
    >>> [tile.target.tolist() for tile in tiled.tiles(clinic, homes, cutoff_m=100)]
    [[0], [1]]
    """

    def __init__(self, network: WalkNetwork, size_m: float) -> None:
        if not size_m > 0:
            raise InputError("network.bad_tile_size", value=size_m)
        self.network = network
        self.size_m = float(size_m)

    def tiles(
        self,
        sources: Positions,
        targets: Positions | None = None,
        *,
        cutoff_m: float = np.inf,
        cutoff_s: float = np.inf,
        progress: Progress | None = None,
    ) -> Iterator[Tile]:
        """Make the tiles one after another; those are left out whose targets reach no source.

        Parameters
        ----------
        sources, targets, cutoff_m, cutoff_s
            As in :meth:`WalkNetwork.nearest`, but the cutoff must be finite.
        progress
            Told how many of the tiles are done.

        Raises
        ------
        InputError
            ``network.tiles_without_cutoff``, and those of :meth:`WalkNetwork.nearest`.
        """
        limit = self._limit(cutoff_m, cutoff_s, "cutoff")
        return self._tiles(sources, targets, limit, progress)

    def nearest(
        self,
        sources: Positions,
        targets: Positions | None = None,
        *,
        cutoff_m: float = np.inf,
        cutoff_s: float = np.inf,
        progress: Progress | None = None,
    ) -> distances.Nearest:
        """See :meth:`WalkNetwork.nearest`; parameters and errors are those of :meth:`tiles`."""
        limit = self._limit(cutoff_m, cutoff_s, "cutoff")
        tiles = self._tiles(sources, targets, limit, progress)
        return self._together(tiles, targets, None)

    def k_nearest(
        self,
        sources: Positions,
        targets: Positions | None,
        k: int,
        *,
        cutoff_m: float = np.inf,
        cutoff_s: float = np.inf,
        progress: Progress | None = None,
    ) -> distances.Nearest:
        """See :meth:`WalkNetwork.k_nearest`; other errors are those of :meth:`tiles`."""
        limit = self._limit(cutoff_m, cutoff_s, "cutoff")
        if k < 1:
            raise InputError("network.bad_count", value=k)
        tiles = self._tiles(sources, targets, limit, progress)
        return self._together(tiles, targets, k)

    def count_within(
        self,
        sources: Positions,
        targets: Positions | None,
        limit_m: float = np.inf,
        *,
        limit_s: float = np.inf,
        weights: npt.ArrayLike | None = None,
        progress: Progress | None = None,
    ) -> F64:
        """See :meth:`WalkNetwork.count_within`; other errors are those of :meth:`tiles`."""
        limit = self._limit(limit_m, limit_s, "limit")
        each = None if weights is None else distances.per_source(weights, len(sources))
        total = np.zeros(self._count(targets))
        for tile in self._tiles(sources, targets, limit, progress):
            total[tile.target] = tile.count_within(each)
            del tile  # so that no two tiles are held while the next one is made
        if targets is not None:
            total[~targets.known] = np.nan
        return total

    def matrix(
        self,
        sources: Positions,
        targets: Positions | None,
        cutoff_m: float = np.inf,
        *,
        cutoff_s: float = np.inf,
        progress: Progress | None = None,
    ) -> csr_array:
        """See :meth:`WalkNetwork.matrix`; other errors are those of :meth:`tiles`."""
        from scipy.sparse import csc_array

        limit = self._limit(cutoff_m, cutoff_s, "cutoff")
        rows, columns = [np.empty(0, np.int32)], [np.empty(0, np.int32)]
        values = [np.empty(0)]
        for tile in self._tiles(sources, targets, limit, progress):
            found = tile.matrix().tocoo()
            rows.append(tile.source[found.row])
            columns.append(tile.target[found.col])
            values.append(found.data)
            del tile  # as in count_within
        shape = (len(sources), self._count(targets))
        column = np.concatenate(columns)
        order = np.argsort(column, kind="stable")
        start = np.zeros(shape[1] + 1, np.int64)
        start[1:] = np.cumsum(np.bincount(column, minlength=shape[1]))
        parts = (np.concatenate(values)[order], np.concatenate(rows)[order], start)
        return csc_array(parts, shape).tocsr()  # a transposition sorts each row

    # ------------------------------------------------------------------ how

    @cached_property
    def _ends(self) -> EdgeEnds:
        return EdgeEnds(self.network)

    def _limit(self, metres: float, seconds: float, name: str) -> int:
        net = self.network
        limit = distances.limit_in(net, metres, seconds, name)
        if (metres if net.unit == "m" else seconds) == np.inf:
            raise InputError("network.tiles_without_cutoff", name=f"{name}_{net.unit}")
        return limit

    def _count(self, targets: Positions | None) -> int:
        return len(self.network.node_xy if targets is None else targets)

    def _together(
        self, tiles: Iterator[Tile], targets: Positions | None, k: int | None
    ) -> distances.Nearest:
        """Put the tiles' answers into one; what no tile tells is out of reach, or unknown."""
        count = self._count(targets)
        shape = (count,) if k is None else (count, k)
        value, source = np.full(shape, np.inf), np.full(shape, -1, np.int32)
        for tile in tiles:
            found = tile.nearest() if k is None else tile.k_nearest(k)
            value[tile.target], source[tile.target] = found.value, found.source
            del tile  # as in count_within
        if targets is not None:
            value[~targets.known] = np.nan
        return distances.Nearest(value, source, self.network.unit)

    def _tiles(
        self,
        sources: Positions,
        targets: Positions | None,
        limit: int,
        progress: Progress | None,
    ) -> Iterator[Tile]:
        net = self.network
        net.legs(sources)  # refuses what is not of this network
        aims = net.at_nodes() if targets is None else targets
        offset, access = net.legs(aims)
        return self._made(sources, aims, offset, access, limit, targets is None, progress or untold)

    def _made(
        self,
        sources: Positions,
        aims: Positions,
        offset: I32,
        access: I32,
        limit: int,
        at_nodes: bool,
        report: Progress,
    ) -> Iterator[Tile]:
        net = self.network
        halo = Halo(self._ends, limit, self.size_m)
        on_edge = _ByEdge(sources, len(net.edge_uv))
        groups = self._groups(aims, offset)
        for done, rows in enumerate(groups):
            report("network.progress_tiles", done / len(groups))
            edge = aims.edge[rows]
            # from a place on a street one comes to its two ends, and has so much left there
            along = offset[rows].astype(np.int64)
            both = np.column_stack([along, net.edge_cost[edge] - along])
            left = (limit - access[rows, None] - both).astype(np.int64)
            begin = net.edge_uv[edge]
            if at_nodes:
                # where an edge of no length takes time, only the node says at which end one is
                begin = np.column_stack([begin, rows])
                left = np.column_stack([left, np.full(len(rows), limit)])
            near = halo.edges(begin[left >= 0], left[left >= 0])
            # a long street may have both ends out of reach, and a source upon it all the same
            edges = near if np.isin(edge, near).all() else np.union1d(near, edge)
            source = on_edge.on(edges)
            if len(source):
                part, nodes = part_of(net, edges)
                yield Tile(
                    part,
                    on_edges(sources.take(source), edges),
                    on_edges(aims.take(rows), edges),
                    source,
                    rows,
                    np.searchsorted(nodes, rows).astype(np.int32) if at_nodes else None,
                    limit,
                )
                del part
        report("network.progress_tiles", 1.0)

    def _groups(self, aims: Positions, offset: I32) -> list[I32]:
        """Return the known targets of each tile that has any: by the nearer end of their street.

        Which tile a target is in makes no difference to its answer.
        """
        net = self.network
        known = np.flatnonzero(aims.known).astype(np.int32)
        if not len(known):
            return []
        edge = aims.edge[known]
        second = offset[known] > net.edge_cost[edge] // 2
        xy = net.node_xy[net.edge_uv[edge, second.astype(np.int8)]]
        with np.errstate(over="ignore"):
            cell = np.floor((xy - xy.min(axis=0)) / self.size_m)
        # columns and rows are numbered among those that have any place, so that neither small tiles
        # nor far places make the numbers too large
        column, row = (np.unique(axis, return_inverse=True)[1] for axis in cell.T)
        tile = column.astype(np.int64) * (row.max() + 1) + row
        order = np.argsort(tile, kind="stable")
        return np.split(known[order], np.flatnonzero(np.diff(tile[order])) + 1)


class _ByEdge:
    """Which sources stand on which edge."""

    def __init__(self, sources: Positions, edges: int) -> None:
        known = np.flatnonzero(sources.known).astype(np.int32)
        self._source = known[np.argsort(sources.edge[known], kind="stable")]
        self._start = np.zeros(edges + 1, np.int64)
        self._start[1:] = np.cumsum(np.bincount(sources.edge[known], minlength=edges))

    def on(self, edges: I32) -> I32:
        """Return the sources on some edges, ascending: equally near ones keep their order."""
        first = self._start[edges]
        count = self._start[edges + 1] - first
        begin = np.cumsum(count) - count
        return np.sort(self._source[np.repeat(first - begin, count) + np.arange(count.sum())])
