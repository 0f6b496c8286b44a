"""The compiled loop that finds which straight lines cross others."""
# mypy: allow-untyped-defs, allow-untyped-calls

from __future__ import annotations

import numpy as np

from planner.compiled import kernel

__all__ = ["MEETS", "PASSES", "UNSURE", "crossed"]

PASSES, MEETS, UNSURE = 0, 1, 2

_ROUNDING = 4e-16
"""A determinant of three places, worked out with 53 binary digits, is off by no more than this
share of the sum of its two products (Shewchuk 1997, Adaptive Precision Floating-Point Arithmetic,
who has 3.3306690738754716e-16)."""


@kernel
def side(line, x, y):
    """On which side of a line a place lies, 1 or −1; 0 where rounding could decide."""
    left = (line[2] - line[0]) * (y - line[1])
    right = (line[3] - line[1]) * (x - line[0])
    off = _ROUNDING * (abs(left) + abs(right))
    return 1 if left - right > off else (-1 if left - right < -off else 0)


@kernel
def meeting(a, b):
    """Whether two segments cross, pass each other, or touch as far as rounding tells."""
    first, last = side(a, b[0], b[1]), side(a, b[2], b[3])
    if first * last > 0:
        return PASSES
    here, there = side(b, a[0], a[1]), side(b, a[2], a[3])
    if here * there > 0:
        return PASSES
    return MEETS if first * last < 0 and here * there < 0 else UNSURE


@kernel
def crossed(lines, walls):
    """Whether each line (n, 4) crosses one of the walls of :mod:`planner.network.kernels.pieces`.

    Answers :data:`MEETS`, :data:`PASSES`, or :data:`UNSURE` where it may just touch one.
    """
    segments, boxes, level = walls.segments, walls.tree.boxes, walls.tree.level
    found = np.zeros(lines.shape[0], np.int8)
    stack = np.empty((96, 2), np.int32)
    for row in range(lines.shape[0]):
        line = (lines[row, 0], lines[row, 1], lines[row, 2], lines[row, 3])
        low_x, high_x = min(line[0], line[2]), max(line[0], line[2])
        low_y, high_y = min(line[1], line[3]), max(line[1], line[3])
        # down the tree, past every box that the line's own does not touch; one segment that is
        # crossed is enough
        stack[0, 0], stack[0, 1] = level.size - 2, 0
        size = 1
        while size > 0 and found[row] != MEETS:
            size -= 1
            depth, i = stack[size, 0], stack[size, 1]
            box = level[depth] + i
            if (
                boxes[box, 0] > high_x
                or boxes[box, 2] < low_x
                or boxes[box, 1] > high_y
                or boxes[box, 3] < low_y
            ):
                continue
            if depth > 0:
                for child in range(4 * i, min(4 * i + 4, level[depth] - level[depth - 1])):
                    stack[size, 0], stack[size, 1] = depth - 1, child
                    size += 1
                continue
            for m in range(4 * i, min(4 * i + 4, segments.shape[0])):
                other = (segments[m, 0], segments[m, 1], segments[m, 2], segments[m, 3])
                how = meeting(line, other)
                if how != PASSES:
                    found[row] = how
                if how == MEETS:
                    break
    return found
