"""Corrections of the map: loose pieces of street, and where each could be joined.

Who lives on a piece of street that joins no other gets out in truth, and only the map does not say
how. To draw the missing metre is work at the map, which serves nobody who is not served today: so
it stands apart from the links, is not ranked among them and is never bought in a budget. A piece
that is cut off at the edge of the data is told too, and is no fault of the map: what it joins lies
beyond, and more data show it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from planner.analysis.distances.pieces import Pieces
from planner.analysis.distances.reach import plain_walk_only
from planner.analysis.links.places import Search
from planner.analysis.links.tables import street_names
from planner.arrays import I64, Shapes
from planner.network import Positions
from planner.sources.checks.district import barriers_of

if TYPE_CHECKING:
    from planner.analysis.distances.reach import Reach

__all__ = ["loose_streets", "map_work"]


def map_work(reach: Reach, search: Search = Search()) -> gpd.GeoDataFrame:  # noqa: B008
    """Return the loose pieces of street with the shortest way to join each to another.

    Parameters
    ----------
    reach
        Homes and facilities on the streets of a district.
    search
        Its ``max_gap_m`` says how far a piece may lie from the street that it is joined to.

    Returns
    -------
    GeoDataFrame
        One row for each loose piece with another street near it, those with the most homes first:
        ``street_m`` of the piece, ``homes`` and ``facilities`` to which no street is nearer (most
        join another past it, see :mod:`planner.network.islands`), ``cut`` whether the piece
        runs on beyond the data (then a wider extract is the work, and no join), ``street_a`` on
        the piece and ``street_b`` beyond, ``length_m`` of the join, its ends ``x1, y1, x2, y2``
        and the line, in the district's CRS. Bridges and tunnels are not joined from beside.
    """
    piece, line = _work(reach, search)
    return _table(reach, piece, line)[0]


def loose_streets(reach: Reach, search: Search = Search()) -> gpd.GeoDataFrame:  # noqa: B008
    """Return the streets of each piece that :func:`map_work` lists, in its order, to be drawn.

    Parameters
    ----------
    reach, search
        As of :func:`map_work`.

    Returns
    -------
    GeoDataFrame
        ``street_m`` and ``cut`` of the piece and its streets as one MultiLineString.
    """
    piece, line = _work(reach, search)
    table, order = _table(reach, piece, line)
    network, of_edge = reach.streets.network, Pieces.of(reach).of_edge
    lines = network.lines()
    shapes = [shapely.multilinestrings(list(lines[of_edge == each])) for each in piece[order]]
    return gpd.GeoDataFrame(table[["street_m", "cut"]].copy(), geometry=shapes, crs=table.crs)


def _work(reach: Reach, search: Search) -> tuple[I64, Shapes]:
    plain_walk_only(reach)
    return _joins(reach, Pieces.of(reach), search.max_gap_m)


def _table(reach: Reach, piece: I64, line: Shapes) -> tuple[gpd.GeoDataFrame, I64]:
    """Return the rows of :func:`map_work`, and which of `piece` each is."""
    pieces = Pieces.of(reach)

    def beside(positions: Positions) -> I64:
        on = pieces.joined_by(_nearest_streets(reach, positions))
        return np.bincount(on[on >= 0], minlength=len(pieces.metres))[piece].astype(np.int64)

    ends = shapely.get_coordinates(line).reshape(-1, 4)
    table = pd.DataFrame(
        {
            "street_m": pieces.metres[piece],
            "homes": beside(reach.homes),
            "facilities": beside(reach.places),
            "cut": pieces.cut[piece],
            "street_a": street_names(reach.district, ends[:, :2]),
            "street_b": street_names(reach.district, ends[:, 2:]),
            "length_m": np.hypot(*(ends[:, 2:] - ends[:, :2]).T),
            **dict(zip(("x1", "y1", "x2", "y2"), ends.T, strict=True)),
        }
    )
    order = np.lexsort((-table["street_m"], -table["facilities"], -table["homes"]))
    found = gpd.GeoDataFrame(table, geometry=line, crs=reach.district.crs)
    return found.iloc[order].reset_index(drop=True), order.astype(np.int64)


def _nearest_streets(reach: Reach, positions: Positions) -> Positions:
    """Return positions as they would be, had no rule led them past the islands."""
    walls = barriers_of(reach.district)
    passed = reach.streets.islands.passed(
        positions, max_access_m=reach.max_access_m, barriers=walls
    )
    moved = passed.known
    return Positions(
        np.where(moved, passed.edge, positions.edge),
        np.where(moved, passed.offset_mm, positions.offset_mm),
        np.where(moved, passed.access_mm, positions.access_mm),
        positions.xy,
        np.where(moved[:, None], passed.join_xy, positions.join_xy),
    )


def _joins(reach: Reach, pieces: Pieces, gap_m: float) -> tuple[I64, Shapes]:
    """Return each loose piece with a street near it, and the shortest line from it to that."""
    network = reach.streets.network
    edges = np.flatnonzero(network.joinable)
    piece, lines = pieces.of_edge[edges], network.lines()[edges]
    loose = np.flatnonzero(piece != pieces.main)
    mine, other = shapely.STRtree(lines).query(lines[loose], predicate="dwithin", distance=gap_m)
    mine = loose[mine]
    apart = piece[mine] != piece[other]
    mine, other = mine[apart], other[apart]
    away = shapely.distance(lines[mine], lines[other])
    order = np.lexsort((away, piece[mine]))
    first = order[np.unique(piece[mine][order], return_index=True)[1]]
    found = np.asarray(shapely.shortest_line(lines[mine[first]], lines[other[first]]), object)
    return piece[mine[first]], found
