"""The font of figures: one with Chinese letters, from a package or from the machine."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from planner.errors import Finding

if TYPE_CHECKING:
    from planner.views.words.labels import Labels

PACKAGE, FILE = "pylopdf_fonts_zh_cn", "NotoSansSC-Regular.otf"
"""The package of the extra ``fonts``: Noto Sans SC by the SIL Open Font License, 17 MB."""

SYSTEM = (
    "Noto Sans SC",
    "Source Han Sans SC",
    "Source Han Sans CN",
    "Noto Sans CJK SC",
    "Microsoft YaHei",
    "SimHei",
    "PingFang SC",
    "Heiti SC",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
    "Noto Sans CJK JP",
    "Droid Sans Fallback",
    "SimSun",
)
"""Families of Linux, Windows and macOS that have simplified Chinese, the best first."""

LATIN = "DejaVu Sans"
"""Comes with Matplotlib."""

NO_FONT = Finding("plots.no_chinese_font")
"""What is to be said where no font has Chinese letters."""

_LETTER = ord("规")


@dataclass(frozen=True)
class Lettering:
    """The words of a figure and the font they are set in.

    Parameters
    ----------
    labels
        The language that can be drawn: English where no font has Chinese letters.
    families
        Fonts, the first that has a letter draws it.
    known
        Code points that the fonts have.
    """

    labels: Labels
    families: tuple[str, ...]
    known: frozenset[int]

    def drawn(self, text: str, instead: str = "") -> str:
        """Return a text where all of its letters can be drawn, else what stands for it.

        Places are called as in the language: before lines are broken, for names differ in length.
        """
        said = self.labels.place(text)
        return said if all(ord(letter) in self.known for letter in said) else instead


def lettering(labels: Labels) -> Lettering:
    """Return the words and fonts of a figure.

    Warns
    -----
    UserWarning
        ``plots.no_chinese_font`` where Chinese is asked for and no font has it: the words are
        English then, and names that cannot be drawn are left out.
    """
    from dataclasses import replace

    family = chinese_font()
    if family is None:
        if labels.language == "zh":
            warnings.warn(labels.finding(NO_FONT), stacklevel=3)
            labels = replace(labels, language="en")
        return Lettering(labels, (LATIN,), _letters((LATIN,)))
    return Lettering(labels, (family, LATIN), _letters((family, LATIN)))


@lru_cache(maxsize=1)
def chinese_font() -> str | None:
    """Return the family of a font with Chinese letters, None where there is none."""
    from matplotlib import font_manager

    fonts = font_manager.fontManager
    packaged = _packaged()
    if packaged is not None:
        fonts.addfont(packaged)
        return str(font_manager.get_font(packaged).family_name)
    there = {entry.name for entry in fonts.ttflist}
    return next((each for each in SYSTEM if each in there and _LETTER in _letters((each,))), None)


def _packaged() -> str | None:
    """Return the file of the package's font, None where the package is not installed."""
    found = find_spec(PACKAGE)
    if found is None or not found.submodule_search_locations:
        return None
    file = Path(next(iter(found.submodule_search_locations))) / FILE
    return str(file) if file.is_file() else None


@lru_cache(maxsize=4)
def _letters(families: tuple[str, ...]) -> frozenset[int]:
    """Return the code points that fonts have, line ends included."""
    from matplotlib import font_manager

    known = {ord("\n")}
    for family in families:
        known |= set(font_manager.get_font(font_manager.findfont(family)).get_charmap())
    return frozenset(known)
