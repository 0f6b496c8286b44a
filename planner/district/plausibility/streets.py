"""Columns of streets that can hardly be in the unit that they are read in."""

from __future__ import annotations

from collections.abc import Iterator

import geopandas as gpd
import numpy as np

from planner.arrays import F64
from planner.errors import Finding

_FEWEST = 10
_WIDEST_M = 100.0
_HIGHEST_LAYER = 9
_STEEPEST_OF_SHARES = 0.5


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
    wide = _figures(streets, "width_m")
    wide = wide[wide > _WIDEST_M]
    if len(wide):
        params = {"count": len(wide), "most": f"{wide.max():g}"}
        yield Finding("district.widths_too_large", params)
    high = np.abs(_figures(streets, "layer"))
    high = high[high > _HIGHEST_LAYER]
    if len(high):
        yield Finding("district.layers_of_drawing", {"count": len(high), "most": int(high.max())})


def _figures(streets: gpd.GeoDataFrame, column: str) -> F64:
    if column not in streets:
        return np.empty(0)
    return np.asarray(streets[column].dropna().to_numpy(dtype=np.float64))
