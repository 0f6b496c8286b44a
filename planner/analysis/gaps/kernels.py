"""The compiled loop that walks along outlines."""
# mypy: allow-untyped-defs, allow-untyped-calls

from __future__ import annotations

import numpy as np

from planner.compiled import kernel


@kernel
def walk_round(follows, corner, corners):
    """Return sides in the order of the rings that they make, where each ring begins, and its walk.

    ``follows`` (s,) i8 is the side after each, every side after one other; ``corner`` (s,) i8 is
    where each starts, below ``corners``. A walk that comes by a corner again has closed a ring
    there: no ring comes by a corner twice.
    """
    count = len(follows)
    order, begins, walk = (
        np.empty(count, np.int64),
        np.empty(count + 1, np.int64),
        np.empty(count, np.int64),
    )
    done, way, passed = (
        np.zeros(count, np.bool_),
        np.empty(count, np.int64),
        np.full(corners, -1, np.int64),
    )
    placed, rings, walks, length = 0, 0, 0, 0
    for first in range(count):
        if done[first]:
            continue
        at = first
        while not done[at]:
            done[at] = True
            way[length] = at
            passed[corner[at]] = length
            length += 1
            at = follows[at]
            closed = passed[corner[at]]
            if closed < 0:
                continue
            begins[rings], walk[rings] = placed, walks
            rings += 1
            for i in range(closed, length):
                order[placed] = way[i]
                passed[corner[way[i]]] = -1
                placed += 1
            length = closed
        walks += 1
    begins[rings] = placed
    return order, begins[: rings + 1], walk[:rings]
