"""How wide texts are drawn."""

from __future__ import annotations

from unicodedata import east_asian_width


def width_of(text: str) -> int:
    """Return how many signs wide a text is; those of East Asia take two.

    Examples
    --------
    >>> width_of("clinic"), width_of("卫生站")
    (6, 6)
    """
    return sum(2 if east_asian_width(sign) in "WF" else 1 for sign in text)
