"""Headings, values and ranges of the tables of measures, as readers see them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from planner.district import Kinds
from planner.errors import messages
from planner.views.words.labels import Labels

_SAME = 5e-4


def heading(labels: Labels, name: str, kinds: Kinds | None = None) -> str:
    """Return the heading of a column of a measure.

    Examples
    --------
    >>> heading(Labels("en"), "alone_high"), heading(Labels("zh"), "kind")
    ('Carried alone at most', '设施类别')
    """
    code = f"measures.col_{name}"
    return labels.message(code) if code in messages() else labels.column(name, kinds)


def value(labels: Labels, text: str) -> str:
    """Return the word for a value such as ``"low-low"`` or ``"Mo"``; others stay as they are."""
    code = f"measures.value_{text.replace('-', '_')}"
    return labels.message(code) if code in messages() else labels.value(text)


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
