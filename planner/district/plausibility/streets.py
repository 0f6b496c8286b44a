"""Columns of streets that can hardly be in the unit that they are read in."""

from __future__ import annotations

import re
from collections.abc import Iterator

import geopandas as gpd
import numpy as np
import shapely

from planner.arrays import F64
from planner.district.plausibility.communities import told_first
from planner.errors import Finding

_FEWEST = 10
_WIDEST_M = 100.0
_HIGHEST_LAYER = 9
_STEEPEST_OF_SHARES = 0.5
STEEP_PERCENT = 8.0
"""Slope above which streets are hardly built where there is another way, per cent."""

_MOST_STEEP = 1 / 3
_FAST = re.compile(
    r"高速(?:公路)?(?:[东南西北]?(?:段|线))?\s*(?:[(（].*)?$|"
    r"(?<!an der )(?<!zur )(?<!de l')(?<!da )(?<!de la )(?<!dell')"
    r"\b(?:motorway|freeway|autobahn|autoroute|autopista|autostrada)(?: [a-z]{0,2}[ -]?\d+)?$",
    re.IGNORECASE,
)
"""Names of motorways, not those of the streets that lead to one."""

_NUMBERED = re.compile(r"^[GS](?:\d{1,2}|\d{4})(?:\s|$)", re.IGNORECASE)
"""Numbers of Chinese motorways; those of three digits are of ordinary roads."""

_CHINESE = re.compile(r"[\u4e00-\u9fff]")

_RAPID = re.compile(r"快速(?:路|干道|干线|通道)\s*(?:[(（].*)?$|\bexpressway$", re.IGNORECASE)
_BESIDE = ("footway", "path", "pedestrian", "steps", "cycleway", "service", "track", "corridor")
"""Classes of what runs beside a motorway and has its name."""

_MAIN = ("trunk", "trunk_link", "primary", "primary_link", "secondary", "secondary_link")
"""Classes of expressways that have pavements in many towns."""


def odd_streets(streets: gpd.GeoDataFrame) -> Iterator[Finding]:
    """Tell of slopes that cannot be, widths in centimetres, layers of a drawing, fast roads.

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
    yield from _fast_by_name(streets)
    wide = _figures(streets, "width_m")
    wide = wide[wide > _WIDEST_M]
    if len(wide):
        params = {"count": len(wide), "most": f"{wide.max():g}"}
        yield Finding("district.widths_too_large", params)
    high = np.abs(_figures(streets, "layer"))
    high = high[high > _HIGHEST_LAYER]
    if len(high):
        yield Finding("district.layers_of_drawing", {"count": len(high), "most": int(high.max())})


def _fast_by_name(streets: gpd.GeoDataFrame) -> Iterator[Finding]:
    """Tell of streets that by their names are for motor vehicles only, and by their class are not.

    A class taken from another list, or left at what most streets are, lets people walk there.
    """
    if not {"name", "highway"} <= set(streets.columns):
        return
    names = streets["name"].fillna("").astype(str)
    every = [(name, name.strip()) for name in names.unique()]
    # elsewhere the same letters number lines and lanes
    numbered = any(_CHINESE.search(name) for name, _ in every)
    motorways = [
        name for name, bare in every if _FAST.search(bare) or (numbered and _NUMBERED.search(bare))
    ]
    rapid = [name for name, bare in every if _RAPID.search(bare)]
    if not motorways and not rapid:
        return
    classes = streets["highway"].fillna("").astype(str).str.casefold()
    told = names.isin(motorways) & ~classes.isin(_BESIDE)
    told |= names.isin(rapid) & ~classes.isin((*_BESIDE, *_MAIN))
    fast = told.to_numpy(dtype=bool)
    if fast.any():
        counts = names[fast].value_counts()
        params = {
            "count": int(fast.sum()),
            "km": round(float(shapely.length(streets.geometry.to_numpy()[fast]).sum()) / 1000, 1),
            "names": told_first(f"{name} ({times})" for name, times in counts.items()),
        }
        yield Finding("district.fast_by_name", params)


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
