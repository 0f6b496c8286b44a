"""Heights from a GeoTIFF: how far each street climbs and falls, and how steep it is.

Streets are walked both ways, so that a street's steepness counts the same up and down. A raster
shows the ground: of bridges and tunnels it tells nothing, and a ramp that is shorter than its
pixels is not seen. Heights in whole metres climb a plain in steps, each of which would read as a
steep part: they are evened out before slopes are taken.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import numpy as np
import shapely

from planner.arrays import F64, I64
from planner.district import District
from planner.district.transformers import Transformation, transformer
from planner.errors import Finding, InputError
from planner.sources.vector import gdal
from planner.sources.vector.rasters import METRES, crs_of, opened_raster, read_window, window_around
from planner.sources.vector.reading import source_of

PART_M = 10.0
"""Steepness is that of parts of a street of about this length, or of a pixel if that is longer."""

MOST_PIXELS = 40_000_000
"""Pixels around a district that are read at most, 320 MB."""

STEEPEST_PERCENT = 100.0
"""A part that is steeper than that is a cliff beside the street or a slip of the raster."""

WHOLE = 0.9
"""Heights of which such a part are whole numbers were rounded to these; voids may be filled."""

STEP_PERCENT = 2.0
"""A step of rounded heights that reads as a steeper part than this is evened out."""

EVENED_PERCENT = 1.0
"""So steep may a step still look where it is evened out: a metre over 100 m."""

ASIDE_PIXELS = 0.1
"""So far, in pixels, may what is known around a pixel lie to one side for its mean to stand."""

_FEWEST, _LARGEST_M = 8, 10.0
"""So many different heights tell a step of more than a metre, and none is larger than this."""

LOWEST_M, HIGHEST_M = -450.0, 9000.0
"""No street lies lower (the shore of the Dead Sea) or higher, metres."""


def with_elevation(district: District, path: str | Path) -> District:
    """Return a district whose streets know their slope, by the heights of a GeoTIFF.

    Parameters
    ----------
    district
        The district.
    path
        One band of metres above some level. Only GeoTIFF is read, and nothing beside the file.

    Returns
    -------
    District
        With ``ascent_m`` and ``descent_m`` of its streets where they were not known, and
        ``slope_percent``, the steepest part, where neither was told by a tag. Bridges, tunnels,
        links, and streets beyond the raster or over pixels without data (or lower or higher than
        any land) stay as they are. Findings tell how many, how wide a pixel is, and over which
        distance heights in whole metres were evened out.

    Raises
    ------
    MissingFileError, InputError
        Where the file is no GeoTIFF of one band with a CRS, lies elsewhere, is too large or is not
        in metres; ``population.needs_rasterio`` where rasterio is not installed.
    """
    file = gdal.local_file(path)
    streets = district.streets
    ground = ~(streets["bridge"] | streets["tunnel"] | streets["link"]).to_numpy(dtype=bool)
    heights = _Heights.read(file, streets)
    rows = np.flatnonzero(ground)
    climb, fall, steep = _profiles(streets.geometry.to_numpy()[rows], heights)
    told = np.full((3, len(streets)), np.nan)
    told[:, rows] = climb, fall, steep
    table = streets.copy()
    before = table[["ascent_m", "descent_m"]].isna().all(axis=1).to_numpy()
    for name, values in (("ascent_m", told[0]), ("descent_m", told[1])):
        table[name] = np.where(before, values, table[name].to_numpy(dtype=np.float64))
    slope = table["slope_percent"].to_numpy(dtype=np.float64)
    table["slope_percent"] = np.where(np.isnan(slope), told[2], slope)
    metres = shapely.length(streets.geometry.to_numpy())
    known = table["slope_percent"].notna().to_numpy()
    params = {
        "file": file.name,
        "pixel_m": round(heights.pixel_m, 1),
        "km": round(float(metres[~np.isnan(told[2])].sum()) / 1000, 1),
        "without_km": round(float(metres[~known].sum()) / 1000, 1),
    }
    if np.isnan(told[2]).all():
        raise InputError("population.raster_elsewhere", file=file.name)
    made = district.with_layers(streets=table)
    told_of = [Finding("sources.elevation_read", params)]
    if heights.evened_m:
        over = {"file": file.name, "step": heights.step_m, "over_m": round(heights.evened_m)}
        told_of.append(Finding("sources.elevation_evened", over))
    return replace(
        made,
        sources=(*made.sources, source_of("streets", file)),
        findings=(*made.findings, *told_of),
    )


class _Heights:
    """Metres at the middles of pixels, and what lies between them."""

    def __init__(self, values: F64, to_pixel: F64, change: Transformation, sides: F64) -> None:
        self.values, self.to_pixel, self.change = values, to_pixel, change
        self.pixel_m = float(sides.max())
        self.step_m, self.evened_m = 0.0, 0.0

    @classmethod
    def read(cls, file: Path, streets: gpd.GeoDataFrame) -> _Heights:
        """Read the heights around some streets."""
        with opened_raster(file) as data:
            crs = crs_of(data)
            unit = (data.units[0] or "").strip().casefold()
            if unit not in ("", *METRES):
                raise InputError("sources.elevation_unit", file=file.name, unit=unit)

            def around(margin: int) -> tuple[F64, F64]:
                window = window_around(data, streets, crs, file.name, MOST_PIXELS, margin)
                values, forth = read_window(data, window)
                # a void that the file does not declare, such as −9999, is no flat land
                values[(values < LOWEST_M) | (values > HIGHEST_M)] = np.nan
                return values, forth

            values, forth = around(1)
            sides = _sides_m(values.shape, forth, transformer(crs, streets.crs))
            step_m = _step_m(values)
            pixels = _pixels_evened(step_m, sides)
            if pixels.max() > 1:  # what lies beside the streets counts in their heights
                values, forth = around(1 + int(pixels.max()) // 2)
        inverse: F64 = np.asarray(np.linalg.inv(forth), np.float64)
        made = cls(values, inverse, transformer(streets.crs, crs), sides)
        if pixels.max() > 1:
            made.values = _evened(values, pixels)
            made.step_m, made.evened_m = step_m, float((pixels * sides).max())
        return made

    def at(self, xy: F64) -> F64:
        """Return the height at places (n, 2) of the streets' CRS, between four pixels; NaN unknown.

        Where one of the four is not known, or lies beyond the raster, the height is not.
        """
        x, y = self.change.transform(xy[:, 0], xy[:, 1])
        column, row = (self.to_pixel @ np.vstack([x, y, np.ones(len(xy))]))[:2] - 0.5
        inside = np.isfinite(column) & np.isfinite(row)
        height, width = self.values.shape
        inside &= (column >= 0) & (row >= 0) & (column <= width - 1) & (row <= height - 1)
        result = np.full(len(xy), np.nan)
        c, r = column[inside], row[inside]
        left = np.minimum(c.astype(np.int64), max(width - 2, 0))
        top = np.minimum(r.astype(np.int64), max(height - 2, 0))
        right, low = np.minimum(left + 1, width - 1), np.minimum(top + 1, height - 1)
        u, v = c - left, r - top
        upper = self.values[top, left] * (1 - u) + self.values[top, right] * u
        lower = self.values[low, left] * (1 - u) + self.values[low, right] * u
        result[inside] = upper * (1 - v) + lower * v
        return result


def _sides_m(shape: tuple[int, ...], forth: F64, back: Transformation) -> F64:
    """Return how wide and how high a pixel in the middle is, metres."""
    row, column = shape[0] / 2, shape[1] / 2
    around = np.array([[column, row], [column + 1, row], [column, row + 1]])
    x, y = back.transform(*(forth[:2, :2] @ around.T + forth[:2, 2:]))
    return np.array([np.hypot(x[1] - x[0], y[1] - y[0]), np.hypot(x[2] - x[0], y[2] - y[0])])


def _step_m(values: F64) -> float:
    """Return the step of heights that were rounded to whole metres or more; 0 of finer ones."""
    known = values[np.isfinite(values)]
    whole = np.rint(known)
    if not known.size or np.mean(np.abs(known - whole) < 1e-3) < WHOLE:
        return 0.0
    heights = np.unique(whole)
    step = float(np.gcd.reduce(np.diff(heights).astype(np.int64)))
    # a few heights, such as of a plain and a void, have no step in common but by chance
    return min(step, 1.0) if len(heights) < _FEWEST or step > _LARGEST_M else step


def _pixels_evened(step_m: float, sides: F64) -> I64:
    """Return over how many pixels, across and down, rounded heights are evened out; 1 for none.

    An odd number, so that a pixel stays in its middle.
    """
    part = np.maximum(sides, PART_M)
    needed = np.ceil((100 * step_m / EVENED_PERCENT / sides - 1) / 2) * 2 + 1
    return np.where(100 * step_m / part > STEP_PERCENT, needed, 1).astype(np.int64)


def _evened(values: F64, pixels: I64) -> F64:
    """Return the mean of the heights around each pixel; NaN where its own is not known.

    The mean of a rounded plane over a stretch is as steep as the plane, up to a step a stretch.
    At the edge of the raster and of what it does not tell, heights are known on one side alone:
    their mean is that of a place farther in, and a slope between two such reads too low. It is not
    known there.
    """
    from scipy.ndimage import uniform_filter

    known = np.isfinite(values)
    size = (int(pixels[1]), int(pixels[0]))
    places: F64 = np.indices(values.shape, dtype=np.float64)

    def around(each: F64) -> F64:
        return np.asarray(uniform_filter(np.where(known, each, 0.0), size, mode="constant"))

    some = around(np.ones_like(values))

    def mean(each: F64) -> F64:
        return np.divide(around(each), some, out=np.full_like(some, np.nan), where=known)

    # how far, down and across, the middle of what is known around a pixel lies from it
    aside = np.max([np.abs(mean(places[axis]) - places[axis]) for axis in (0, 1)], axis=0)
    with np.errstate(invalid="ignore"):
        return np.where(aside <= ASIDE_PIXELS, mean(values), np.nan)


def _profiles(lines: np.ndarray, heights: _Heights) -> tuple[F64, F64, F64]:
    """Return climb and fall (metres) and the steepest part (per cent) of each line, NaN unknown."""
    length = shapely.length(lines)
    part = max(PART_M, heights.pixel_m)
    parts: I64 = np.maximum(np.rint(length / part), 1).astype(np.int64)
    owner = np.repeat(np.arange(len(lines)), parts + 1)
    first = np.cumsum(parts + 1) - (parts + 1)
    step = np.arange(len(owner)) - first[owner]
    share = step / parts[owner]
    points = shapely.line_interpolate_point(lines[owner], share, normalized=True)
    z = heights.at(shapely.get_coordinates(points))
    same = owner[1:] == owner[:-1]
    rise = np.diff(z)[same]
    line = owner[1:][same]
    run = length[line] / parts[line]
    with np.errstate(divide="ignore", invalid="ignore"):
        percent = np.where(run > 0, 100 * np.abs(rise) / run, 0.0)
    lost = np.isnan(rise) | (percent > STEEPEST_PERCENT)
    unknown = np.bincount(line, weights=lost, minlength=len(lines)) > 0
    plain = np.where(lost, 0.0, rise)
    climb = np.bincount(line, weights=np.maximum(plain, 0), minlength=len(lines))
    fall = np.bincount(line, weights=np.maximum(-plain, 0), minlength=len(lines))
    steepest = np.zeros(len(lines))
    np.maximum.at(steepest, line, np.where(lost, 0.0, percent))
    return (
        np.where(unknown, np.nan, np.round(climb, 2)),
        np.where(unknown, np.nan, np.round(fall, 2)),
        np.where(unknown, np.nan, np.round(steepest, 2)),
    )
