"""Walked lengths of streets that can hardly be those of their lines."""

from __future__ import annotations

from collections.abc import Iterator

import geopandas as gpd
import numpy as np
import shapely

from planner.district.plausibility.communities import told_first
from planner.errors import Finding

SHORT_SHARE = 0.01
"""Share of its drawn length by which a street's ``length_m`` may fall short of it: rounding."""

LONG_TIMES = 3.0
"""A street's ``length_m`` of more than so many times its drawn length is told."""

SCALED_TIMES = 1.05
"""Lengths of more than so many times their lines are no rise of the ground (of 30 % even), where
all streets share the factor."""

_LEAST_M = 1.0
_DRAWN_M = 10.0
_FEWEST = 10
_ALIKE = 0.02
_MOST_ALIKE = 0.8


def odd_lengths(streets: gpd.GeoDataFrame) -> Iterator[Finding]:
    """Tell of walked lengths that are shorter than the line, or longer by far or by one factor.

    Parameters
    ----------
    streets
        Layer ``streets``.
    """
    given = streets["length_m"].to_numpy(dtype=np.float64)
    drawn = shapely.length(streets.geometry.to_numpy())
    known = ~np.isnan(given)
    short = known & (given < drawn * (1 - SHORT_SHARE) - _LEAST_M / 2)
    far = known & (given > drawn * LONG_TIMES + _LEAST_M)

    # A detour is one street's own; a factor that most streets share is a unit, or a projection.
    told = known & (drawn >= _DRAWN_M)
    times = np.divide(given, drawn, out=np.ones_like(given), where=told)
    middle = float(np.median(times[told])) if told.sum() >= _FEWEST else 1.0
    alike = told & (np.abs(times - middle) <= _ALIKE * middle)
    if middle > SCALED_TIMES and alike.sum() >= _MOST_ALIKE * told.sum():
        count = int(alike.sum())
        yield Finding("district.length_scaled", {"count": count, "times": f"{middle:.2f}"})
        far &= ~alike

    for code, which in (("district.length_below_drawn", short), ("district.length_far_above", far)):
        if which.any():
            ids = told_first(streets.loc[which, "street_id"])
            yield Finding(code, {"count": int(which.sum()), "ids": ids, "times": LONG_TIMES})
