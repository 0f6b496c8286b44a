"""Columns of streets that can hardly be in the unit that they are read in."""

from __future__ import annotations

from collections.abc import Iterator

import geopandas as gpd
import numpy as np
import shapely

from planner.arrays import F64
from planner.errors import Finding

_FEWEST = 10
_WIDEST_M = 100.0
_HIGHEST_LAYER = 9
_STEEPEST_OF_SHARES = 0.5
STEEP_PERCENT = 8.0
"""Slope above which streets are hardly built where there is another way, per cent."""

_MOST_STEEP = 1 / 3


def odd_streets(streets: gpd.GeoDataFrame) -> Iterator[Finding]:
    """Tell of slopes that look like shares, widths in centimetres, and layers of a drawing.

    Parameters
    ----------
    streets
        Layer ``streets``.
    """
    slopes = _figures(streets, "slope_percent")
    steep = slopes[slopes > 0]
    # of so many streets with a slope the steepest part of one passes half a per cent
    if len(steep) >= _FEWEST and steep.max() <= _STEEPEST_OF_SHARES:
        params = {"count": len(steep), "most": f"{steep.max():g}"}
        yield Finding("district.slopes_of_shares", params)
    yield from _too_steep(streets)
    wide = _figures(streets, "width_m")
    wide = wide[wide > _WIDEST_M]
    if len(wide):
        params = {"count": len(wide), "most": f"{wide.max():g}"}
        yield Finding("district.widths_too_large", params)
    high = np.abs(_figures(streets, "layer"))
    high = high[high > _HIGHEST_LAYER]
    if len(high):
        yield Finding("district.layers_of_drawing", {"count": len(high), "most": int(high.max())})


def _too_steep(streets: gpd.GeoDataFrame) -> Iterator[Finding]:
    """Tell of a network too steep to be: heights in feet, or a raster of something else."""
    if "slope_percent" not in streets:
        return
    slope = streets["slope_percent"].to_numpy(dtype=np.float64, na_value=np.nan)
    metres = shapely.length(streets.geometry.to_numpy())
    known, steep = metres[np.isfinite(slope)], metres[slope > STEEP_PERCENT]
    if len(known) < _FEWEST or steep.sum() <= _MOST_STEEP * known.sum():
        return
    params = {
        "percent": round(100 * float(steep.sum() / known.sum())),
        "most": f"{STEEP_PERCENT:g}",
        "km": round(float(known.sum()) / 1000, 1),
    }
    yield Finding("district.slopes_too_steep", params)


def _figures(streets: gpd.GeoDataFrame, column: str) -> F64:
    if column not in streets:
        return np.empty(0)
    return np.asarray(streets[column].dropna().to_numpy(dtype=np.float64))
