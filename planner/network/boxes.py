"""A packed tree of bounding boxes over line segments, for kernels to walk."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from planner.network.graph import hilbert_order

__all__ = ["BoxTree"]

Float = npt.NDArray[np.float64]
Int = npt.NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class BoxTree:
    """Segments in Hilbert order, four to a leaf box, four boxes to the box above.

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

    order: Int
    boxes: Float
    level: Int

    @classmethod
    def build(cls, segments: Float) -> BoxTree:
        """Sort segments (M, 4) by their midpoints and box them level by level."""
        order = hilbert_order((segments[:, :2] + segments[:, 2:]) / 2)
        sorted_segments = segments[order]
        low = np.minimum(sorted_segments[:, :2], sorted_segments[:, 2:])
        high = np.maximum(sorted_segments[:, :2], sorted_segments[:, 2:])
        boxes = [np.empty((0, 4))]
        starts = [0]
        while len(low):
            groups = np.arange(0, len(low), 4)
            low = np.minimum.reduceat(low, groups)
            high = np.maximum.reduceat(high, groups)
            boxes.append(np.hstack([low, high]))
            starts.append(starts[-1] + len(low))
            if len(low) == 1:
                break
        return cls(order, np.concatenate(boxes), np.asarray(starts, np.int32))
