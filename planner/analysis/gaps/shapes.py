"""The ground beside each home's stretch of street, as pieces that fit together without a gap.

The ground is shared out by a Voronoi diagram of the homes and of points along their stretches of
street in sight of them, barriers hiding what lies behind. Points strewn over the empty country
around bound it, so that the pieces still fit together exactly where they end. A piece that a
barrier crosses is cut along it and keeps its own side.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely

from planner.analysis.gaps.ground import Stretches
from planner.analysis.gaps.outlines import united
from planner.arrays import F64, I64, Shapes
from planner.network import WalkNetwork

STEP_M = 40.0
"""Longest way between two points along a street, metres."""

DEPTH_M = 35.0
"""The ground reaches at least this far from a home or street, where nobody else's begins."""

COUNTRY_M = 30.0
"""Points of the empty country lie this far apart, metres."""

GRID_M = 0.001


@dataclass(frozen=True, eq=False)
class Ground:
    """Pieces of ground, and the home that each belongs to.

    Parameters
    ----------
    pieces
        (m,) Polygons that do not overlap, sorted by home.
    home
        (m,) int64.
    holder
        (n,) int64, the home that holds each home's ground: itself, or one at the same place.
    """

    pieces: Shapes
    home: I64
    holder: I64

    def of(self, groups: Sequence[I64]) -> Shapes:
        """Return the ground of each group of homes: a Polygon, or a MultiPolygon where parted."""
        sizes = np.array([len(group) for group in groups], dtype=np.int64)
        group = np.repeat(np.arange(len(groups)), sizes)
        homes = np.concatenate([*groups, np.empty(0, np.int64)]).astype(np.int64)
        # a pair as one number: whole rows take ten times as long to sort
        pairs = np.unique(group * len(self.holder) + self.holder[homes])
        of, held = np.divmod(pairs, max(len(self.holder), 1))
        holders = np.split(held, np.cumsum(np.bincount(of, minlength=len(groups))))[: len(groups)]
        # groups of the same homes have one ground, and uniting it is most of the work
        first_of: dict[bytes, int] = {}
        first = [first_of.setdefault(each.tobytes(), at) for at, each in enumerate(holders)]
        differ, number = np.unique(first, return_inverse=True)
        whole = self._united([holders[at] for at in differ])
        return np.asarray(whole[number], dtype=object)

    def _united(self, holders: Sequence[I64]) -> Shapes:
        """Return the ground of each group of homes that hold ground, ascending in each group."""
        sizes = np.array([len(each) for each in holders], dtype=np.int64)
        held = np.concatenate([*holders, np.empty(0, np.int64)]).astype(np.int64)
        first = np.searchsorted(self.home, held)
        many = np.searchsorted(self.home, held, side="right") - first
        rows = np.repeat(first - np.cumsum(many) + many, many) + np.arange(many.sum())
        of = np.repeat(np.repeat(np.arange(len(holders)), sizes), many)
        bounds = np.cumsum(np.bincount(of, minlength=len(holders)))
        sets = np.split(rows, bounds)[: len(holders)]
        whole = united(self.pieces, sets)
        # pieces that do not fit together, which GEOS moves to a grid
        for number in np.flatnonzero(~shapely.is_valid(whole)):
            snapped = shapely.union_all(self.pieces[sets[number]], grid_size=GRID_M)
            whole[number] = shapely.normalize(snapped)
        return whole


def ground(network: WalkNetwork, shared: Stretches, home_xy: F64, barriers: Shapes) -> Ground:
    """Share the ground out among homes.

    Parameters
    ----------
    network, shared
        The streets, and whose they are.
    home_xy
        (n, 2) homes, metres.
    barriers
        Lines that no piece of ground crosses.
    """
    xy, home = _points(network, shared)
    walls = shapely.STRtree(barriers)
    in_sight = np.ones(len(home), dtype=np.bool_)
    legs = np.asarray(shapely.linestrings(np.stack([xy, home_xy[home]], axis=1)), dtype=object)
    in_sight[walls.query(legs, predicate="intersects")[0]] = False
    xy, home = xy[in_sight], home[in_sight]
    sites, first, place = np.unique(
        np.concatenate([home_xy, xy]).round(3), axis=0, return_index=True, return_inverse=True
    )
    owner = np.concatenate([np.arange(len(home_xy)), home])[first]
    country = _country(sites)
    cells = shapely.voronoi_polygons(
        shapely.multipoints(np.concatenate([sites, country])), ordered=True
    )
    pieces = shapely.get_parts(cells)[: len(sites)]
    pieces, site = _cut(pieces, barriers, sites)
    order = np.argsort(owner[site], kind="stable")
    return Ground(pieces[order], owner[site][order], owner[place.reshape(-1)[: len(home_xy)]])


def _points(network: WalkNetwork, shared: Stretches) -> tuple[F64, I64]:
    """Points along the stretches that have ground beside them, and whose they are."""
    open_to_ground = network.joinable[shared.edge]
    edge, home = shared.edge[open_to_ground], shared.home[open_to_ground]
    start, end = shared.start_m[open_to_ground], shared.end_m[open_to_ground]
    count = np.maximum(np.ceil((end - start) / STEP_M).astype(np.int64), 1)
    stretch = np.repeat(np.arange(len(edge)), count)
    number = np.arange(len(stretch)) - np.repeat(np.cumsum(count) - count, count)
    along = start[stretch] + (number + 0.5) * ((end - start) / count)[stretch]
    part = along / np.maximum(network.edge_length_mm[edge[stretch]] / 1000, 1e-3)
    used, line = np.unique(edge[stretch], return_inverse=True)
    lines = network.lines()[used]
    points = shapely.line_interpolate_point(lines[line], np.minimum(part, 1.0), normalized=True)
    return shapely.get_coordinates(points), home[stretch]


def _country(sites: F64) -> F64:
    """Points of the empty country around: a grid of them, twice the depth away from any site."""
    from scipy.ndimage import maximum_filter
    from scipy.spatial import cKDTree

    far = 2 * DEPTH_M + 2 * COUNTRY_M
    around = int(far / COUNTRY_M) + 1
    cell = ((sites - sites.min(axis=0)) / COUNTRY_M).astype(np.int64) + around
    taken = np.zeros(cell.max(axis=0) + around + 1, dtype=np.bool_)
    taken[cell[:, 0], cell[:, 1]] = True
    near = np.argwhere(maximum_filter(taken, 2 * around + 1))
    grid = sites.min(axis=0) + (near - around) * COUNTRY_M
    away, _ = cKDTree(sites).query(grid, distance_upper_bound=far)
    return np.asarray(grid[(away > 2 * DEPTH_M) & (away < far)])


def _cut(pieces: Shapes, barriers: Shapes, sites: F64) -> tuple[Shapes, I64]:
    """Cut pieces along barriers; keep of each the part that holds its site."""
    whole = np.arange(len(pieces))
    piece, barrier = shapely.STRtree(pieces).query(barriers, predicate="intersects")[::-1]
    if not piece.size:
        return pieces, whole
    order = np.argsort(piece, kind="stable")
    crossed, number = np.unique(piece[order], return_inverse=True)
    walls = shapely.multilinestrings(barriers[barrier[order]], indices=number)
    lines = shapely.union(shapely.boundary(pieces[crossed]), walls)
    parts, of = shapely.get_parts(shapely.polygonize(lines.reshape(-1, 1)), return_index=True)
    inside = shapely.covered_by(shapely.point_on_surface(parts), pieces[crossed[of]])
    own = inside & shapely.intersects(parts, shapely.points(sites[crossed[of]]))
    kept = np.setdiff1d(whole, crossed)
    return np.concatenate([pieces[kept], parts[own]]), np.concatenate([kept, crossed[of[own]]])
