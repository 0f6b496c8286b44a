"""What the compiled loops of the p-median share: limits, open sites, what prices choose."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from planner.arrays import F64, I8, I32, Bool

__all__ = ["Choice", "Found", "Nearest"]


class Choice(NamedTuple):
    """What may be chosen."""

    kind: I8  # (m,) FREE, FIXED and FORBIDDEN candidates
    cost: F64  # (m,)
    p: float  # candidates at most
    budget: float  # inf for none


class Nearest(NamedTuple):
    """Open sites, and every row's two nearest of them; -1 and the cap where there is none."""

    is_open: Bool  # (m,)
    first: I32  # (n,)
    first_m: F64  # (n,)
    second: I32  # (n,)
    second_m: F64  # (n,)

    @classmethod
    def none(cls, rows: int, candidates: int) -> Nearest:
        """Make room for that many rows; no site is open, and the rows are not yet filled in."""
        return cls(
            np.zeros(candidates, np.bool_),
            np.empty(rows, np.int32),
            np.empty(rows),
            np.empty(rows, np.int32),
            np.empty(rows),
        )


class Found(NamedTuple):
    """What the prices choose, and what they prove."""

    worth: F64  # (2, m) highest bound known if a candidate is opened (0), if it stays closed (1)
    picked: F64  # (m,) shares chosen last
    often: F64  # (m,) their running mean

    @classmethod
    def nothing(cls, candidates: int) -> Found:
        """Start without a choice or a proof."""
        worth = np.full((2, candidates), -np.inf)
        return cls(worth, np.zeros(candidates), np.zeros(candidates))
