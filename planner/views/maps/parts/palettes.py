"""Colours and classes of the maps, safe for colour-blind readers: lightness alone tells them."""

from __future__ import annotations

import math
from dataclasses import dataclass

NO_DATA = "#cfd2d6"


@dataclass(frozen=True)
class Classes:
    """Fixed classes of a figure.

    Parameters
    ----------
    breaks
        Ascending bounds between the classes; a value on a bound belongs to the class above it
        where `closed` is ``"left"``, else to the class below.
    colours
        One ``#rrggbb`` more than there are breaks.
    closed
        Which end of a class belongs to it.
    """

    breaks: tuple[float, ...]
    colours: tuple[str, ...]
    closed: str = "left"

    def of(self, value: float) -> int:
        """Return the class of a value, −1 where it is not a finite number."""
        if not math.isfinite(value):
            return -1
        if self.closed == "left":
            return sum(bool(value >= bound) for bound in self.breaks)
        return sum(bool(value > bound) for bound in self.breaks)

    def colour(self, value: float) -> str:
        """Return the colour of a value, grey where there is none."""
        number = self.of(value)
        return NO_DATA if number < 0 else self.colours[number]


COVERAGE = Classes((0.2, 0.4, 0.6, 0.8), ("#eef4ee", "#cbe5da", "#98cfc0", "#5cb0a2", "#2a8a80"))
"""Share of people covered."""

DISTANCE_M = Classes(
    (300.0, 500.0, 800.0, 1200.0),
    ("#edf0f8", "#cdd5ea", "#a3b1d6", "#7788bb", "#515f97"),
    closed="right",
)
"""Mean walking distance in metres, for kinds that are not judged."""

BEYOND_M = Classes(
    (100.0, 300.0, 600.0), ("#fdbf6f", "#f4813f", "#cf2f27", "#7a0a12"), closed="right"
)
"""Metres beyond the limit."""

UNREACHABLE = "#3b1d5e"
