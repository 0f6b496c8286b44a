"""A packed tree of bounding boxes over line segments, for kernels to walk."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from planner.arrays import F64, I32
from planner.network.graph import hilbert_order
from planner.network.positions import own_array

__all__ = ["BoxTree"]


@dataclass(frozen=True, eq=False)
class BoxTree:
    """Segments in Hilbert order, four to a leaf box, four boxes to the box above.

    An R-tree (Guttman 1984), packed along the curve (Kamel and Faloutsos 1993, On packing R-trees).
    Unlike a uniform grid it does not degrade where a few far places stretch the extent.

    Parameters
    ----------
    order
        (M,) int32, the sorted order of the segments.
    boxes
        (B, 4) float64, min x, min y, max x, max y; leaves first, the root last.
    level
        (L + 1,) int32, where each level's boxes start.
    """

    order: I32
    boxes: F64
    level: I32

    @classmethod
    def build(cls, segments: F64) -> BoxTree:
        """Sort segments (M, 4) by their midpoints and box them level by level."""
        return cls.over(segments, hilbert_order((segments[:, :2] + segments[:, 2:]) / 2))

    @classmethod
    def over(cls, segments: F64, order: I32) -> BoxTree:
        """Box segments (M, 4) in an order given, (M,) int32."""
        if not len(order):
            return cls(order, np.empty((0, 4)), np.zeros(1, np.int32))
        from planner.network.kernels.snapping import box_segments

        sizes = [0]
        count = len(order)
        while sizes[-1] != 1:
            count = -(-count // 4)
            sizes.append(count)
        level = np.cumsum(sizes).astype(np.int32)
        boxes = np.empty((level[-1], 4))
        box_segments(own_array(segments, np.float64), order, level, boxes)
        return cls(order, boxes, level)
