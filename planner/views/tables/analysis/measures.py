"""Ranges in the tables of measures."""

from __future__ import annotations

import numpy as np
import pandas as pd

_SAME = 5e-4


def joined_ends(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows with both ends of a range as one column where they are alike throughout.

    Examples
    --------
    >>> rows = pd.DataFrame({"load_low": [0.5], "load_high": [0.5], "full_low": 1, "full_high": 2})
    >>> list(joined_ends(rows))
    ['load', 'full_low', 'full_high']
    """
    for low in [name for name in rows.columns if name.endswith("_low")]:
        base = low.removesuffix("_low")
        high = f"{base}_high"
        ends = rows[[low, high]].to_numpy(dtype=np.float64)
        with np.errstate(invalid="ignore"):
            apart = np.abs(ends[:, 1] - ends[:, 0]) > _SAME
        if (apart | (np.isnan(ends[:, 0]) != np.isnan(ends[:, 1]))).any():
            continue
        known = base in rows
        rows = rows.drop(columns=[low, high] if known else [high])
        rows = rows if known else rows.rename(columns={low: base})
    return rows
