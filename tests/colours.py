"""What a test of contrast or lightness asks of a colour."""

from __future__ import annotations


def luminance(colour: str) -> float:
    """Return the relative luminance (0 black to 1 white) of a ``#rrggbb`` colour (WCAG 2)."""

    def linear(part: str) -> float:
        level = int(part, 16) / 255
        return level / 12.92 if level <= 0.04045 else ((level + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(colour[place : place + 2]) for place in (1, 3, 5))
    return round(0.2126 * red + 0.7152 * green + 0.0722 * blue, 6)
