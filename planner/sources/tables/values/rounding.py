"""Counts of people that were rounded before they were listed: 0.1 in a column of 万人."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np

from planner.arrays import F64, Bool
from planner.errors import Finding

LARGE_UNIT = 100.0
"""A unit of so many people or more hides what its last figure rounds away."""

_SCALES = re.compile(r"[百千万萬亿億]|thousand|million", re.IGNORECASE)
_LEAST_STEP = 100
"""What is rounded to tens washes out over the homes of a walk."""

_FEWEST = 5
"""So many figures are hardly all hundreds by chance, where no unit tells why they are."""

_HARMFUL = 0.05
"""From this share of the usual figure an error is told that each may have."""


def counts_people(column: str) -> bool:
    """Return whether a column counts people or households, which are whole numbers of any kind."""
    return column in ("population", "households") or column.startswith("pop_")


def in_large_unit(text: str) -> bool:
    """Return whether a cell counts in hundreds or more by a unit of its own.

    Examples
    --------
    >>> in_large_unit("0.1万"), in_large_unit("1000人")
    (True, False)
    """
    return _SCALES.search(text) is not None


def rounded(values: F64, scaled: Bool, file: str, column: str) -> Iterator[Finding]:
    """Tell of figures that are all multiples of a hundred or more, by how much each may be off.

    Figures in a large unit are told however few they are. Others are told from five on, unless
    all are the same, which is no count of each.

    Parameters
    ----------
    values
        Figures, NaN where none is.
    scaled
        Whether each was listed in a large unit.
    file, column
        Of what they are.

    Examples
    --------
    >>> told = list(rounded(np.array([1000.0, 2000.0]), np.array([True, True]), "a.csv", "万人"))
    >>> told[0].params["step"], told[0].params["half"]
    (1000, 500)
    """
    people = np.isfinite(values) & (values > 0)
    for chosen, fewest in ((people & scaled, 1), (people, _FEWEST)):
        own = values[chosen]
        if len(own) < fewest or (fewest > 1 and own.min() == own.max()):
            continue
        step, usual = _step(own), float(np.median(own))
        if step < _LEAST_STEP or step / 2 < _HARMFUL * usual:
            continue
        params = {"file": file, "column": column, "count": len(own), "step": step}
        percent = round(100 * step / 2 / usual)
        yield Finding(
            "tables.rounded_figures",
            {**params, "half": step // 2, "usual": round(usual), "percent": percent},
        )
        return


def _step(values: F64) -> int:
    """Return the largest power of ten of which all values are multiples, 0 where not all are whole.

    Values are above 0, so that there is one.
    """
    whole = np.rint(values)
    if not np.allclose(values, whole, rtol=0.0, atol=1e-6) or (whole < 1).any():
        return 0
    step = 1
    while (whole % (10 * step) == 0).all():
        step *= 10
    return step
