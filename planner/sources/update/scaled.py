"""Figures of a newer file that are those of the layer in another unit, by one factor."""

from __future__ import annotations

from collections.abc import Iterator

import geopandas as gpd
import numpy as np
import pandas as pd

from planner.errors import Finding

FACTOR = 8.0
"""Figures that become so many times as large, or as small, did not change on the ground: no price,
floor area, room or number of residents does for most rows of a list at once."""

_MOST_OF = 0.5


def scaled_columns(
    file: str, changed: gpd.GeoDataFrame, matched: pd.DataFrame
) -> Iterator[Finding]:
    """Tell of columns whose figures are another unit's in most of the rows that are in both.

    Parameters
    ----------
    file
        Name of the newer file.
    changed, matched
        A line for each value that differs, and for each row in both, as
        :func:`planner.sources.update.comparison.changes` returns.
    """
    values = changed[changed["column"] != "geometry"]
    for column, rows in values.groupby("column", sort=False):
        old = pd.to_numeric(rows["old"], errors="coerce").to_numpy(dtype=np.float64)
        new = pd.to_numeric(rows["new"], errors="coerce").to_numpy(dtype=np.float64)
        positive = (old > 0) & (new > 0)
        if positive.sum() <= _MOST_OF * len(matched):
            continue
        factors = new[positive] / old[positive]
        usual = float(np.median(factors))
        if 1 / FACTOR < usual < FACTOR:
            continue
        far = np.maximum(factors, 1 / factors) >= FACTOR
        params = {
            "file": file,
            "column": column,
            "count": int(far.sum()),
            "total": len(matched),
            "times": f"{usual if usual >= 1 else 1 / usual:,.4g}",
        }
        yield Finding("update.figures_grown" if usual >= 1 else "update.figures_shrunk", params)
