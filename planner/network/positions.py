"""Places on a street network: an edge, how far along it, and the leg that leads there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from planner.arrays import F64, I32, Bool
from planner.errors import InputError

__all__ = ["Positions"]


def own_array(values: npt.ArrayLike, dtype: Any) -> npt.NDArray[Any]:
    """Give values as a writable C-contiguous array of exactly one dtype, as kernels expect."""
    array = np.ascontiguousarray(values, dtype=dtype)
    return array if array.flags.writeable else array.copy()


@dataclass(frozen=True, eq=False)
class Positions:
    """Where points join the network.

    Made by :meth:`~planner.network.walk_network.WalkNetwork.snap`.

    Parameters
    ----------
    edge
        (n,) int32, the edge joined, −1 where the point joins none (its position is unknown).
    offset_mm
        (n,) int32, millimetres along the edge from its first node.
    access_mm
        (n,) int32, millimetres of the straight leg from the point to the edge.
    xy
        (n, 2) float64, the points as given, in the network's CRS.
    join_xy
        (n, 2) float64, where they join; NaN where unknown.

    Raises
    ------
    InputError
        ``network.positions_shape`` where the arrays differ in length,
        ``network.negative_offset`` where an offset or leg is negative.
    """

    edge: I32
    offset_mm: I32
    access_mm: I32
    xy: F64
    join_xy: F64

    def __post_init__(self) -> None:
        for name in ("edge", "offset_mm", "access_mm"):
            object.__setattr__(self, name, own_array(getattr(self, name), np.int32))
        for name in ("xy", "join_xy"):
            object.__setattr__(self, name, own_array(getattr(self, name), np.float64))
        n = self.edge.size
        shapes = (self.edge, self.offset_mm, self.access_mm)
        if any(a.shape != (n,) for a in shapes) or any(
            a.shape != (n, 2) for a in (self.xy, self.join_xy)
        ):
            raise InputError("network.positions_shape", n=n)
        if n and min(self.offset_mm.min(), self.access_mm.min()) < 0:
            raise InputError("network.negative_offset")

    @property
    def known(self) -> Bool:
        """(n,) bool, whether the point joins the network."""
        return np.asarray(self.edge >= 0)

    def __len__(self) -> int:
        return self.edge.size

    def take(self, index: npt.ArrayLike) -> Positions:
        """Choose some of the positions, by index or by a boolean mask, in that order."""
        chosen = np.asarray(index)
        return Positions(
            self.edge[chosen],
            self.offset_mm[chosen],
            self.access_mm[chosen],
            self.xy[chosen],
            self.join_xy[chosen],
        )

    def at_streets(self) -> Positions:
        """Return the places where these join the streets: nobody walks any way to them."""
        nothing = np.zeros_like(self.access_mm)
        return Positions(self.edge, self.offset_mm, nothing, self.join_xy, self.join_xy)

    @classmethod
    def concatenate(cls, *parts: Positions) -> Positions:
        """Join several sets of positions into one, in the order given."""
        names = ("edge", "offset_mm", "access_mm", "xy", "join_xy")
        return cls(*(np.concatenate([getattr(part, name) for part in parts]) for name in names))
