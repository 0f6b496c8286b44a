"""Facilities that may be one: two of a kind that stand by each other, as lists have them twice."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from planner.arrays import F64, I64, Objects
from planner.district.identity.names import names_alike, plain_name

ALIKE_M = 100.0
"""Two facilities of a kind as near as this, with names alike, may be one."""

PLACED_M = 30.0
"""Two of a kind as near as this may be one where one of them has no name."""

SPOT_M = 10.0
"""Two of a kind as near as this may be one under another name."""

MOST_NEAR = 20
"""So many others of its kind within `ALIKE_M` are compared with a facility, the nearest ones.

Where a list puts a crowd on one spot, pairs would grow with the square of its rows, and tell no
more than some of them do.
"""


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
    pairs = near_pairs(xy, kinds)
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


def near_pairs(xy: F64, kinds: Objects) -> I64:
    """Return pairs of rows (p, 2) of one kind as near as `ALIKE_M`, lower row first, in order.

    Each row stands beside the `MOST_NEAR` nearest of its kind at most. A kind may be anything in
    which both of a pair are equal.
    """
    from scipy.spatial import cKDTree  # takes long to load, and one list needs it not

    found = [np.empty((0, 2), dtype=np.int64)]
    kind_of, known = pd.factorize(kinds)
    if len(kinds) > MOST_NEAR + 1:
        # of what stands on one spot no more than can be compared, or the tree would search it all
        places = pd.DataFrame({"kind": kind_of, "x": xy[:, 0], "y": xy[:, 1]})
        crowd = places.groupby(["kind", "x", "y"], sort=False).cumcount() > MOST_NEAR
        kind_of = np.where(crowd, -1, kind_of)
    for kind in range(len(known)):
        rows = np.flatnonzero(kind_of == kind)
        if len(rows) < 2:
            continue
        _, near = cKDTree(xy[rows]).query(
            xy[rows], k=MOST_NEAR + 1, distance_upper_bound=np.nextafter(ALIKE_M, np.inf)
        )
        # the tree gives the number of its rows for "no further one"
        row, column = np.nonzero(near < len(rows))
        pair = np.sort(np.column_stack([rows[row], rows[near[row, column]]]), axis=1)
        found.append(pair[pair[:, 0] != pair[:, 1]])
    return np.unique(np.concatenate(found), axis=0)
