"""Facilities that may be one: two of a kind that stand by each other, as lists have them twice."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from planner.arrays import F64, I64, Objects
from planner.district.names import names_alike, plain_name

ALIKE_M = 100.0
"""Two facilities of a kind as near as this, with names alike, may be one."""

PLACED_M = 30.0
"""Two of a kind as near as this may be one where one of them has no name."""

SPOT_M = 10.0
"""Two of a kind as near as this may be one under another name."""


def doubles(xy: F64, kinds: Objects, names: Sequence[object]) -> tuple[I64, I64, F64]:
    """Return pairs of facilities that may be one, the lower row first, and metres between.

    Parameters
    ----------
    xy
        (n, 2) places in metres.
    kinds, names
        Kind and name of each; no name is empty.

    Returns
    -------
    Rows (p,), rows (p,) and metres (p,), in the order of the rows.
    """
    from scipy.spatial import cKDTree  # takes long to load, and one list needs it not

    pairs = cKDTree(xy).query_pairs(ALIKE_M, output_type="ndarray").astype(np.int64)
    pairs = np.sort(pairs[kinds[pairs[:, 0]] == kinds[pairs[:, 1]]], axis=1)
    pairs = pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))]
    first, second = pairs[:, 0], pairs[:, 1]
    away = np.hypot(*(xy[first] - xy[second]).T)
    plain = [plain_name(name) for name in names]
    one = np.array(
        [
            metres <= SPOT_M
            or (metres <= PLACED_M and not (plain[a] and plain[b]))
            or names_alike(plain[a], plain[b])
            for a, b, metres in zip(first.tolist(), second.tolist(), away.tolist(), strict=True)
        ],
        dtype=bool,
    )
    return first[one], second[one], away[one]
