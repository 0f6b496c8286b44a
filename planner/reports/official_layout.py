"""How official papers look (GB/T 9704-2012): fonts, sizes, margins, and which signs they hold."""

from __future__ import annotations

import re
from typing import Literal

MARGINS_MM = {"top": 37, "bottom": 35, "left": 28, "right": 26}
"""GB/T 9704-2012, clause 5.2: edges of an A4 page."""

PLAIN_MARGINS_MM = {"top": 25, "bottom": 25, "left": 20, "right": 20}
"""Of documents in a language for which that rule is not made."""

FONTS: dict[str, dict[str, tuple[str, float]]] = {
    "zh": {
        "Title": ("方正小标宋简体", 22),
        "Heading 1": ("黑体", 16),
        "Heading 2": ("楷体_GB2312", 16),
        "Normal": ("仿宋_GB2312", 16),
        "Caption": ("黑体", 12),
        "Table": ("仿宋_GB2312", 12),
        "Tight": ("仿宋_GB2312", 10.5),
        "Tightest": ("仿宋_GB2312", 9),
    },
    "en": {
        "Title": ("Calibri", 22),
        "Heading 1": ("Calibri", 15),
        "Heading 2": ("Calibri", 13),
        "Normal": ("Calibri", 11),
        "Caption": ("Calibri", 10),
        "Table": ("Calibri", 10),
        "Tight": ("Calibri", 9),
        "Tightest": ("Calibri", 8),
    },
}
"""Font and size, points, of each style by language."""

BRIEF_MARGINS_MM = {"top": 16, "bottom": 14, "left": 20, "right": 20}
"""Of a briefing, which is one page."""

BRIEF_SIZES: dict[str, float] = {
    "Title": 17,
    "Heading 1": 11.5,
    "Heading 2": 10.5,
    "Normal": 10,
    "Caption": 8.5,
    "Table": 8.5,
    "Tight": 8.5,
    "Tightest": 8,
}
"""Points, likewise."""

STYLES = ("Title", "Heading 1", "Heading 2", "Normal", "Caption")
"""Styles of paragraphs, by the names that Word gives them."""

LETTERS_PER_MM = {"zh": 0.5, "en": 0.53}
"""Letters of a table of the size ``"Tight"`` that fit into a millimetre; a Chinese sign is two."""

Letters = Literal["Table", "Tight", "Tightest"]
"""Sizes of the letters of a table."""

LATIN = "Times New Roman"
"""For Latin letters and figures in a Chinese document."""

_UNPRINTABLE = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Signs that no XML may hold (XML 1.0, production 2), such as those a paste leaves in a name."""


def printable(text: str) -> str:
    r"""Return a text without the signs that a Word document cannot hold.

    Examples
    --------
    >>> printable("Clinic\x0b A\x00"), printable("诊所\t1")
    ('Clinic A', '诊所\t1')
    """
    return _UNPRINTABLE.sub("", text)
