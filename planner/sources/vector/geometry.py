"""Geometries as layers of a district have them."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import shapely

from planner.arrays import I64, Bool, Shapes, Texts

HEIGHTS_M = 2.5
"""Lines whose heights at a place differ by more pass over one another there, metres."""


def plain_shapes(shapes: np.ndarray) -> np.ndarray:
    """Drop heights, and turn multi-part shapes of a single part into that part.

    Parameters
    ----------
    shapes
        Shapely geometries, shape (n,); None stays.

    Examples
    --------
    >>> plain_shapes(shapely.from_wkt(["MULTIPOINT Z (1 2 3)"])).tolist()
    [<POINT (1 2)>]
    """
    flat = shapely.force_2d(shapes)
    single = (shapely.get_type_id(flat) >= shapely.GeometryType.MULTIPOINT) & (
        shapely.get_num_geometries(flat) == 1
    )
    flat[single] = shapely.get_geometry(flat[single], 0)
    return flat


def lying_in(points: gpd.GeoSeries, areas: gpd.GeoDataFrame, ids: Texts) -> tuple[I64, Bool]:
    """Return the row of the area that each point lies in, and whether it lies in several.

    Parameters
    ----------
    points, areas
        In one CRS.
    ids
        (a,) of the areas: of several the one whose id comes first is taken, so that the order of
        rows tells nothing.

    Returns
    -------
    row
        (n,) int64, −1 where a point lies in none.
    several
        (n,) whether another area has it too, as on a border.
    """
    point, area = areas.sindex.query(points, predicate="intersects")
    order = np.argsort(ids.astype(str), kind="stable")
    place = np.empty(len(areas), dtype=np.int64)
    place[order] = np.arange(len(areas))
    first = np.full(len(points), len(areas), dtype=np.int64)
    np.minimum.at(first, point, place[area])
    inside = first < len(areas)
    row = np.full(len(points), -1, dtype=np.int64)
    row[inside] = order[first[inside]]
    return row, np.bincount(point, minlength=len(points)) > 1


def places_over_places(shapes: Shapes, decimals: int) -> int:
    """Return at how many places vertices of lines lie over one another, by their heights.

    Parameters
    ----------
    shapes
        Geometries with heights or without; only lines are looked at.
    decimals
        Of coordinates at which two vertices are at one place.

    Examples
    --------
    >>> lines = ["LINESTRING Z (0 0 0, 5 0 0, 9 0 0)", "LINESTRING Z (5 -5 6, 5 0 6, 5 5 6)"]
    >>> places_over_places(shapely.from_wkt(lines), 3)
    1
    """
    lines = shapes[np.isin(shapely.get_type_id(shapes), (1, 5)) & shapely.has_z(shapes)]
    xyz, line = shapely.get_coordinates(lines, include_z=True, return_index=True)
    known = np.isfinite(xyz[:, 2])
    xyz, line = xyz[known], line[known]
    if not len(xyz):
        return 0
    _, place = np.unique(np.round(xyz[:, :2], decimals), axis=0, return_inverse=True)
    order = np.lexsort((xyz[:, 2], place.ravel()))
    first = np.flatnonzero(np.r_[True, np.diff(place.ravel()[order]) != 0])
    heights = xyz[order, 2]
    last = np.append(first[1:], len(order)) - 1
    # one line may climb over itself as a ramp does, but is told as any other
    return int((heights[last] - heights[first] > HEIGHTS_M).sum())


def crossings_over_crossings(shapes: Shapes, decimals: int) -> int:
    """Return at how many places lines cross over one another, by their heights.

    Parameters
    ----------
    shapes, decimals
        As of :func:`places_over_places`, which counts places that are vertices of both: these are
        not counted here.

    Examples
    --------
    >>> lines = ["LINESTRING Z (0 0 0, 9 0 0)", "LINESTRING Z (5 -5 6, 5 5 6)"]
    >>> crossings_over_crossings(shapely.from_wkt(lines), 3)
    1
    """
    lines = shapes[np.isin(shapely.get_type_id(shapes), (1, 5)) & shapely.has_z(shapes)]
    if len(lines) < 2:
        return 0
    a, b = shapely.STRtree(lines).query(lines, predicate="crosses")
    a, b = a[a < b], b[a < b]
    met, pair = shapely.get_parts(shapely.intersection(lines[a], lines[b]), return_index=True)
    is_point = shapely.get_type_id(met) == shapely.GeometryType.POINT
    met, pair = met[is_point], pair[is_point]
    xy, line = shapely.get_coordinates(lines, return_index=True)
    vertices = np.asarray(shapely.multipoints(xy, indices=line))
    near = [shapely.distance(vertices[side[pair]], met) <= 10.0**-decimals for side in (a, b)]
    heights = [
        shapely.get_z(shapely.line_interpolate_point(line, shapely.line_locate_point(line, met)))
        for line in (lines[a[pair]], lines[b[pair]])
    ]
    apart = np.abs(heights[0] - heights[1]) > HEIGHTS_M
    return int((apart & ~(near[0] & near[1])).sum())
