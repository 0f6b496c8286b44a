"""Walked lengths of streets that can hardly be those of their lines."""

from __future__ import annotations

from collections.abc import Iterator

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from planner.arrays import F64, Objects
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
_PIECE = r"(?:/\d+)+$"


def odd_lengths(streets: gpd.GeoDataFrame) -> Iterator[Finding]:
    """Tell of walked lengths that are shorter than the line, or longer by far or by one factor.

    Pieces of one street among which its length was shared out are one street.

    Parameters
    ----------
    streets
        Layer ``streets``.
    """
    if streets["length_m"].isna().all():
        return
    ids, given, drawn = _whole_streets(streets[streets["length_m"].notna()])
    short = given < drawn * (1 - SHORT_SHARE) - _LEAST_M / 2
    far = given > drawn * LONG_TIMES + _LEAST_M

    # A detour is one street's own; a factor that most streets share is a unit, or a projection.
    told = drawn >= _DRAWN_M
    times = np.divide(given, drawn, out=np.ones_like(given), where=told)
    middle = float(np.median(times[told])) if told.sum() >= _FEWEST else 1.0
    alike = told & (np.abs(times - middle) <= _ALIKE * middle)
    if middle > SCALED_TIMES and alike.sum() >= _MOST_ALIKE * told.sum():
        count = int(alike.sum())
        yield Finding("district.length_scaled", {"count": count, "times": f"{middle:.2f}"})
        far &= ~alike

    for code, which in (("district.length_below_drawn", short), ("district.length_far_above", far)):
        if which.any():
            told_ids = told_first(ids[which])
            yield Finding(code, {"count": int(which.sum()), "ids": told_ids, "times": LONG_TIMES})


def _whole_streets(streets: gpd.GeoDataFrame) -> tuple[Objects, F64, F64]:
    """Return id, walked and drawn length of streets, pieces of one with one factor together.

    Each piece has the factor of its street, and would have a say of its own in what most share.
    """
    table = pd.DataFrame(
        {
            "street_id": streets["street_id"].astype(str).to_numpy(dtype=object),
            "given": streets["length_m"].to_numpy(dtype=np.float64),
            "drawn": shapely.length(streets.geometry.to_numpy()),
        }
    )
    street = table["street_id"].str.replace(_PIECE, "", regex=True)
    times = (table["given"] / table["drawn"].where(table["drawn"] > 0)).round(2)
    groups = table.groupby([street, times], sort=False, dropna=False)
    whole = groups.agg({"street_id": "first", "given": "sum", "drawn": "sum"})
    cut = groups.size().to_numpy() > 1
    return (
        np.where(cut, whole.index.get_level_values(0), whole["street_id"]),
        whole["given"].to_numpy(np.float64),
        whole["drawn"].to_numpy(np.float64),
    )
