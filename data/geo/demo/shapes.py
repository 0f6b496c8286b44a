"""Curves and cuts: the geometry that a made-up town is drawn with."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely
from scipy.interpolate import CubicSpline
from shapely.geometry import LineString, MultiPolygon, Point, Polygon
from shapely.geometry.base import BaseGeometry
from shapely.ops import split as split_by_line

GRID_M = 0.01
"""All coordinates lie on this grid, so that lines that meet share the very same numbers."""

XY = tuple[float, float]


def smooth(points: Sequence[XY] | np.ndarray, step_m: float = 25.0) -> LineString:
    """Return a smooth line through the points, with a vertex about every `step_m`."""
    xy = np.asarray(points, dtype=float)
    along = np.r_[0, np.cumsum(np.hypot(*np.diff(xy, axis=0).T))]
    at = np.linspace(0, along[-1], max(int(along[-1] / step_m), 2) + 1)
    return LineString(CubicSpline(along, xy)(at))


def closed_curve(points: Sequence[XY], step_m: float = 40.0) -> Polygon:
    """Return the area within a smooth closed curve through the points."""
    xy = np.asarray([*points, points[0]], dtype=float)
    along = np.r_[0, np.cumsum(np.hypot(*np.diff(xy, axis=0).T))]
    at = np.linspace(0, along[-1], int(along[-1] / step_m))
    return Polygon(CubicSpline(along, xy, bc_type="periodic")(at[:-1]))


def ribbon(line: LineString, half_width_m: np.ndarray) -> Polygon:
    """Return the area along a line whose half width changes from vertex to vertex."""
    xy = np.asarray(line.coords)
    ahead = np.gradient(xy, axis=0)
    left = np.c_[-ahead[:, 1], ahead[:, 0]] / np.hypot(*ahead.T)[:, None]
    sides = np.r_[xy + left * half_width_m[:, None], (xy - left * half_width_m[:, None])[::-1]]
    return Polygon(sides).buffer(0)


def polygons(shape: BaseGeometry) -> list[Polygon]:
    """Return the polygons in a shape, largest first."""
    parts = [part for part in shapely.get_parts(shape) if isinstance(part, Polygon)]
    return sorted((part for part in parts if part.area > 0), key=lambda part: -part.area)


def lines(shape: BaseGeometry) -> list[LineString]:
    """Return the lines in a shape."""
    parts = shapely.get_parts(shape)
    return [part for part in parts if isinstance(part, LineString) and part.length > 0]


def largest(shape: BaseGeometry) -> Polygon:
    """Return the largest polygon in a shape without its holes; empty where there is none."""
    found = polygons(shape)
    return Polygon(found[0].exterior) if found else Polygon()


def _cut_line(
    cell: Polygon, rng: np.random.Generator, turn_deg: float, bend_m: float
) -> LineString:
    """Return a slightly bent line across the cell's longer side."""
    corners = np.asarray(cell.minimum_rotated_rectangle.exterior.coords)[:4]
    sides = np.diff(np.r_[corners, corners[:1]], axis=0)
    long = int(np.argmax(np.hypot(*sides[:2].T)))
    start, side, across = corners[long], sides[long], sides[(long + 1) % 4]
    middle = start + side * rng.uniform(0.4, 0.6) + across / 2
    turn = np.deg2rad(rng.normal(0, turn_deg))
    ahead = np.array(
        [
            across[0] * np.cos(turn) - across[1] * np.sin(turn),
            across[0] * np.sin(turn) + across[1] * np.cos(turn),
        ]
    )
    sideways = np.array([-ahead[1], ahead[0]]) / np.hypot(*ahead)
    t = np.linspace(-0.75, 0.75, 13)
    wave = bend_m * rng.normal() * np.sin(np.pi * (t + rng.uniform(0, 1)))
    return LineString(middle + t[:, None] * ahead + wave[:, None] * sideways)


def halve(
    cell: Polygon, rng: np.random.Generator, *, turn_deg: float = 4.0, bend_m: float = 3.0
) -> tuple[list[Polygon], list[LineString]]:
    """Cut a polygon in two about its middle; return the pieces and the cut.

    The cut reaches a little beyond the polygon, so that it surely meets what bounds it.
    """
    if cell.area < 100 or cell.minimum_rotated_rectangle.area < 100:
        return [cell], []
    for _ in range(10):
        cut = _cut_line(cell, rng, turn_deg, bend_m)
        pieces = polygons(split_by_line(cell, cut))
        if len(pieces) > 1 and pieces[1].area > 0.24 * cell.area:
            inside = [part for part in lines(cut.intersection(cell)) if part.length > 5]
            return pieces, [extend(part, 0.3) for part in inside]
    return [cell], []


def extend(line: LineString, by_m: float) -> LineString:
    """Return the line made longer by `by_m` at both ends."""
    xy = np.asarray(line.coords)
    first = xy[0] - (xy[1] - xy[0]) / np.hypot(*(xy[1] - xy[0])) * by_m
    last = xy[-1] + (xy[-1] - xy[-2]) / np.hypot(*(xy[-1] - xy[-2])) * by_m
    return LineString(np.r_[[first], xy, [last]])


def box_at(x: float, y: float, width_m: float, depth_m: float, angle_deg: float) -> Polygon:
    """Return a rectangle about a point, turned counter-clockwise."""
    angle = np.deg2rad(angle_deg)
    u = np.array([np.cos(angle), np.sin(angle)]) * width_m / 2
    v = np.array([-np.sin(angle), np.cos(angle)]) * depth_m / 2
    centre = np.array([x, y])
    return Polygon([centre - u - v, centre + u - v, centre + u + v, centre - u + v])


def rectangle_in(plot: Polygon, setback_m: float) -> Polygon:
    """Return a rectangle that lies within the plot less a setback; empty where none fits."""
    room = largest(plot.buffer(-setback_m))
    if room.is_empty or room.area < 25:
        return Polygon()
    box = room.minimum_rotated_rectangle
    corners = np.asarray(box.exterior.coords)
    turn = np.degrees(np.arctan2(*(corners[1] - corners[0])[::-1]))
    level = shapely.affinity.rotate(box, -turn, origin="centroid")
    fits = shapely.affinity.rotate(room, -turn, origin=box.centroid).buffer(0.3)
    for along, across in _SHARES:
        smaller = shapely.affinity.scale(level, along, across)
        if fits.contains(smaller):
            return shapely.affinity.rotate(smaller, turn, origin=box.centroid)
    return Polygon()


_SHARES = sorted(
    ((a, b) for a in np.arange(0.4, 1.01, 0.1) for b in np.arange(0.4, 1.01, 0.1)),
    key=lambda pair: -pair[0] * pair[1],
)


def on_grid(shape: BaseGeometry) -> BaseGeometry:
    """Return the shape with its coordinates on the centimetre grid."""
    rounded = shapely.set_precision(shape, GRID_M, mode="pointwise")
    return rounded if rounded.is_valid else area_of(shapely.set_precision(shape, GRID_M))


def xy_of(shapes: Sequence[Point]) -> np.ndarray:
    """Return the coordinates of points, shape (n, 2)."""
    return shapely.get_coordinates(shapes)


def area_of(shape: BaseGeometry) -> MultiPolygon:
    """Return the polygons in a shape as one multipolygon."""
    return MultiPolygon(polygons(shape))
