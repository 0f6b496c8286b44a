"""Quiet streets whose pavements are lines of their own: crossed anywhere, not at crossings only."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from planner.arrays import F64, I64, Objects
from planner.errors import Finding
from planner.sources.streets.noding import node_lines, with_vertices
from planner.sources.streets.pieces import split_table

EVERY_M = 30.0
"""A quiet street is crossed at places this far apart, metres."""

PAVEMENTS = ("footway", "path", "pedestrian", "cycleway")
"""Classes of ways that may be a pavement."""

REACH_M = 25.0
"""A pavement lies no farther from the middle of its street, metres."""

_VERTEX_M = 0.5
"""A line across ends at a vertex of the pavement that is as near, metres."""

_NOTHING: dict[str, float] = {"b": False, "i": 0, "f": np.nan}
"""What a column of each kind holds where nothing is told."""


def cross_quiet_streets(
    streets: gpd.GeoDataFrame, carriageways: gpd.GeoDataFrame
) -> tuple[gpd.GeoDataFrame, list[Finding]]:
    """Return streets with lines across quiet carriageways that are not walked themselves.

    A line leads straight across where a pavement lies on either side, every :data:`EVERY_M` and at
    least once; where a walked line crosses the carriageway as near, there is a crossing already.

    Parameters
    ----------
    streets
        Pieces split where they share a vertex.
    carriageways
        ``street_id``, ``name`` and the line of each, in the same CRS.

    Returns
    -------
    The streets, those that such a line joins split there, and what was done. The lines are called
    ``<street_id>/cross<n>``, their ``crossing`` is ``informal``; what their kerbs are is not known.
    """
    if carriageways.empty or "highway" not in streets:
        return streets, []
    ground = streets["highway"].isin(PAVEMENTS)
    for name in ("bridge", "tunnel"):
        ground &= ~streets[name].astype(bool)
    rows = np.flatnonzero(ground.to_numpy())
    lines = streets.geometry.to_numpy()
    tree = shapely.STRtree(lines[rows])
    owner, middle, ends = _across(carriageways.geometry.to_numpy())
    owner, middle, ends = _without_crossings(owner, middle, ends, carriageways, lines, tree, rows)
    left, right = (_first_met(middle, ends[:, side], tree, lines, rows) for side in (0, 1))
    both = (left[0] >= 0) & (right[0] >= 0)
    if not both.any():
        return streets, []
    spots = np.stack([left[1][both], right[1][both]], axis=1)
    made = _rows(streets, carriageways, owner[both], spots)
    met = np.concatenate([left[0][both], right[0][both]])
    shapes = with_vertices(lines, met, np.concatenate([spots[:, 0], spots[:, 1]]))
    whole = pd.concat([streets.set_geometry(shapes, crs=streets.crs), made], ignore_index=True)
    pieces, origin = node_lines(whole.geometry.to_numpy())
    result = split_table(gpd.GeoDataFrame(whole, crs=streets.crs), pieces, origin)
    params = {"places": int(both.sum()), "streets": len(np.unique(owner[both]))}
    return result, [Finding("osm.quiet_streets_crossed", params)]


def _across(lines: Objects) -> tuple[I64, F64, F64]:
    """Return places along lines: whose, (n, 2) where, and (n, 2, 2) the ends of a way across."""
    length = shapely.length(lines)
    parts = np.maximum(np.rint(length / EVERY_M), 1).astype(np.int64)
    owner = np.repeat(np.arange(len(lines)), parts)
    step = np.arange(len(owner)) - np.repeat(np.cumsum(parts) - parts, parts)
    at = (step + 0.5) / parts[owner] * length[owner]
    points = shapely.line_interpolate_point(lines[owner], at)
    middle = shapely.get_coordinates(points)
    reach = np.minimum(1.0, length[owner] / 4)
    before, after = (
        shapely.get_coordinates(shapely.line_interpolate_point(lines[owner], at + by))
        for by in (-reach, reach)
    )
    along = after - before
    along /= np.maximum(np.hypot(*along.T), 1e-9)[:, None]
    sideways = np.column_stack([-along[:, 1], along[:, 0]]) * REACH_M
    return owner, middle, np.stack([middle + sideways, middle - sideways], axis=1)


def _without_crossings(
    owner: I64,
    middle: F64,
    ends: F64,
    carriageways: gpd.GeoDataFrame,
    lines: Objects,
    tree: shapely.STRtree,
    rows: I64,
) -> tuple[I64, F64, F64]:
    """Leave out places near to which a walked line crosses the carriageway already."""
    ways = carriageways.geometry.to_numpy()
    way, line = tree.query(ways, predicate="intersects")
    met = shapely.intersection(ways[way], lines[rows[line]])
    place = np.arange(len(owner))
    near = np.zeros(len(owner), bool)
    points: Objects = np.asarray(shapely.points(middle), dtype=object)
    order = np.argsort(way, kind="stable")
    starts = np.searchsorted(way[order], np.arange(len(ways) + 1))
    for number in np.unique(way).tolist():
        mine = place[owner == number]
        found = shapely.union_all(met[order[starts[number] : starts[number + 1]]])
        near[mine] = shapely.dwithin(points[mine], found, EVERY_M / 2)
    return owner[~near], middle[~near], ends[~near]


def _first_met(
    middle: F64, end: F64, tree: shapely.STRtree, lines: Objects, rows: I64
) -> tuple[I64, F64]:
    """Return the line, −1 for none, that each way from the middle meets first, and where."""
    count = len(middle)
    found, where = np.full(count, -1, np.int64), np.full((count, 2), np.nan)
    ways = np.asarray(shapely.linestrings(np.stack([middle, end], axis=1)), dtype=object)
    way, line = tree.query(ways, predicate="intersects")
    if not len(way):
        return found, where
    here = shapely.points(middle[way])
    shared = shapely.intersection(ways[way], lines[rows[line]])
    met = shapely.get_coordinates(shapely.get_point(shapely.shortest_line(here, shared), 1))
    away = np.hypot(*(met - middle[way]).T)
    order = np.lexsort([line, away, way])
    first = order[np.unique(way[order], return_index=True)[1]]
    found[way[first]] = rows[line[first]]
    where[way[first]] = [
        _at_vertex(lines[row], xy) for row, xy in zip(rows[line[first]], met[first], strict=True)
    ]
    return found, where


def _at_vertex(line: shapely.LineString, xy: F64) -> F64:
    """Return the vertex of a line that lies next to a place on it; the place where none does."""
    coords = shapely.get_coordinates(line)
    away = np.hypot(*(coords - xy).T)
    nearest = int(away.argmin())
    return np.asarray(coords[nearest] if away[nearest] <= _VERTEX_M else xy, np.float64)


def _rows(
    streets: gpd.GeoDataFrame, carriageways: gpd.GeoDataFrame, owner: I64, spots: F64
) -> gpd.GeoDataFrame:
    """Return the rows of the lines across."""
    number = pd.Series(owner).groupby(owner).cumcount().to_numpy() + 1
    ids = carriageways["street_id"].to_numpy(dtype=object)[owner]
    table = pd.DataFrame(
        {
            "street_id": [f"{key}/cross{n}" for key, n in zip(ids, number, strict=True)],
            "name": carriageways["name"].to_numpy(dtype=object)[owner],
            "highway": "footway",
            "crossing": "informal",
            "source": [f"osm:{key}" for key in ids],
        }
    )
    for name in streets.columns.drop(streets.geometry.name).difference(table.columns):
        table[name] = _NOTHING.get(str(streets[name].dtype.kind), "")
    across: Objects = np.asarray(shapely.linestrings(spots), dtype=object)
    return gpd.GeoDataFrame(table, geometry=across, crs=streets.crs)
