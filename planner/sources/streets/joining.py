"""Streets that meet on the ground but not in the data: found, and joined where that is asked for.

Drawings and shapefiles often have lines that cross without a common vertex, ends that lie on
another line without one, and ends a few centimetres from each other; a line may meet itself so.
Nobody can turn there, and coverage falls without a word.
"""

from __future__ import annotations

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from planner.arrays import F64, I64, Bool, Shapes
from planner.network import SAME_PLACE_M
from planner.sources.streets.meetings import (
    Crossings,
    LooseEnds,
    StreetLines,
    points_at,
)
from planner.sources.streets.noding import end_points, node_lines, with_vertices
from planner.sources.streets.pieces import split_table
from planner.sources.streets.unjoined import JOIN_M, Unjoined
from planner.sources.streets.walls import Walls

_OF_WHOLE = ["length_m", "ascent_m", "descent_m"]


def find_unjoined(
    streets: gpd.GeoDataFrame,
    tolerance_m: float = JOIN_M,
    shut: F64 | None = None,
    walls: Walls | None = None,
) -> Unjoined:
    """Return where the streets of a layer meet without a common vertex.

    Parameters
    ----------
    streets
        Layer ``streets``.
    tolerance_m
        Longest gap between an end and the street that it should join, metres.
    shut
        (n, 2) places where streets are cut on purpose, such as closed gates.
    walls
        What may stand between an end and what it should join; None where that is not known.
    """
    lines = StreetLines.of(streets, shut)
    ends, barred = _not_barred(lines.loose_ends(tolerance_m), walls)
    return _found(lines, ends, lines.crossings(), tolerance_m, barred)


def _not_barred(ends: LooseEnds, walls: Walls | None) -> tuple[LooseEnds, int]:
    """Return the loose ends that nothing parts from what they should join, and count the others."""
    barred = np.zeros(len(ends.line), bool)
    if walls is not None and ends.apart.any():
        barred[ends.apart] = walls.bar(ends.xy[ends.apart], ends.to[ends.apart])
    return ends.only(~barred), int(barred.sum())


def _found(
    lines: StreetLines, ends: LooseEnds, crossings: Crossings, tolerance_m: float, barred: int
) -> Unjoined:
    return Unjoined(
        _once(crossings.xy),
        _once(ends.xy[~ends.to_end]),
        _once(ends.xy[ends.to_end], tolerance_m),
        lines.inner(),
        barred,
    )


def join_streets(
    streets: gpd.GeoDataFrame,
    tolerance_m: float = JOIN_M,
    shut: F64 | None = None,
    apart: F64 | None = None,
    walls: Walls | None = None,
) -> tuple[gpd.GeoDataFrame, Unjoined]:
    """Join streets that cross or nearly meet at one level.

    Parameters
    ----------
    streets, tolerance_m, shut, walls
        As of :func:`find_unjoined`; no gap is closed through a barrier or a shut gate.
    apart
        Places (n, 2) of which somebody said that streets do not meet there; within a metre.

    Returns
    -------
    The streets, split where they are joined, and what was joined. Nothing is moved: a short line
    leads across each gap. A piece of street ``"7"`` is called ``"7/1"``, a line across a gap at its
    end ``"7/join1"``; their other columns are those of the street. Its ``length_m``, climb and fall
    are shared out over its pieces, none of them goes to a line across a gap.

    Examples
    --------
    >>> cross = shapely.from_wkt(["LINESTRING (0 0, 10 0)", "LINESTRING (5 -5, 5 5)"])
    >>> table = gpd.GeoDataFrame({"street_id": ["a", "b"]}, geometry=cross, crs=32650)
    >>> joined, what = join_streets(table)
    >>> joined["street_id"].tolist(), len(what.crossings)
    (['a/1', 'a/2', 'b/1', 'b/2'], 1)
    """
    lines = StreetLines.of(streets, shut)
    kept = np.empty((0, 2)) if apart is None else apart
    ends, barred = _not_barred(lines.loose_ends(tolerance_m), walls)
    crossings = lines.crossings()
    if len(kept):
        ends = ends.only(~(_near(ends.xy, kept) | _near(ends.to, kept)))
        crossings = crossings.only(~_near(crossings.xy, kept))
    bridged, part_of = _connectors(ends)
    rows = streets.iloc[part_of].set_geometry(bridged, crs=streets.crs)
    rows["street_id"] = [f"{key}/join{n + 1}" for n, key in enumerate(rows["street_id"])]
    for column in rows.columns.intersection(_OF_WHOLE):  # the street's, which keeps all of it
        rows[column] = np.nan
    shapes = with_vertices(
        lines.with_own_vertices(ends, crossings, tolerance_m),
        np.concatenate([ends.other, crossings.line]),
        np.concatenate([ends.to, crossings.xy]),
    )
    whole = pd.concat([streets.set_geometry(shapes, crs=streets.crs), rows], ignore_index=True)
    pieces, origin = node_lines(whole.geometry.to_numpy())
    if len(kept):
        pieces, origin = _whole_at(pieces, origin, kept)
    joined = split_table(gpd.GeoDataFrame(whole, crs=streets.crs), pieces, origin)
    found = _found(lines, ends, crossings, tolerance_m, barred)
    return joined, replace(found, inner=found.inner[~_near(found.inner, kept)])


def _near(xy: F64, places: F64) -> Bool:
    """Whether each of some places (n, 2) lies within a metre of one of others."""
    if not len(xy) or not len(places):
        return np.zeros(len(xy), bool)
    return np.asarray(shapely.dwithin(points_at(xy), shapely.multipoints(places), 1.0))


def _whole_at(pieces: Shapes, origin: I64, places: F64) -> tuple[Shapes, I64]:
    """Return pieces of lines, those that one line was split into at some places one again."""
    at = np.flatnonzero((origin[1:] == origin[:-1]) & _near(end_points(pieces[:-1], -1), places))
    result, keep = pieces.copy(), np.ones(len(pieces), bool)
    for row in at[::-1].tolist():  # from behind: what follows is whole already
        before, after = (shapely.get_coordinates(result[each]) for each in (row, row + 1))
        result[row] = shapely.LineString(np.concatenate([before, after[1:]]))
        keep[row + 1] = False
    return result[keep], origin[keep]


def _once(xy: F64, apart_m: float = SAME_PLACE_M) -> F64:
    """Return places, of those that are near each other the first only."""
    from scipy.spatial import cKDTree

    if not len(xy):
        return xy
    pairs = cKDTree(xy).query_pairs(apart_m, output_type="ndarray")
    return np.delete(xy, np.unique(pairs[:, 1]), axis=0)


def _connectors(ends: LooseEnds) -> tuple[Shapes, I64]:
    """Short lines across the gaps, each once, and the street that each is a part of."""
    gap = np.flatnonzero(ends.apart)
    both = np.round(np.stack([ends.xy[gap], ends.to[gap]], axis=1) / SAME_PLACE_M).astype(np.int64)
    order = np.lexsort((both[:, :, 1], both[:, :, 0]), axis=1)
    both = np.take_along_axis(both, order[:, :, None], axis=1).reshape(-1, 4)
    gap = gap[np.sort(np.unique(both, axis=0, return_index=True)[1])]
    lines = shapely.linestrings(np.stack([ends.xy[gap], ends.to[gap]], axis=1))
    return np.atleast_1d(np.asarray(lines, dtype=object)), ends.line[gap]
