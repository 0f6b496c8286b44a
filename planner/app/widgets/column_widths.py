"""How wide the columns of a table are, so that no heading and no text in it is cut.

Streamlit's tables look for the end of a line in about as many characters as fit by the mean width
of all texts that they have measured. Once Chinese names stand among these that is too few for
Latin words: a text of several lines is taken to fit, and is cut. So texts of Chinese end with
characters of no width, which bring the mean down to that of Latin letters. These are past what is
measured of a text that is drawn again, so the mean still grows. Where names in Latin letters stand
beside Chinese, each sign of Chinese has one behind it, so that any part of a text has that mean;
elsewhere they stay at the end, since nothing is found in a text with others between its signs.

They end lines at a space or, where a line has none, anywhere: also before a comma. So a text of
Chinese has a space where a line may well end, and none between a word and its number.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any

import numpy as np
import pandas as pd

_WIDE = re.compile("[\u2e80-\uffef]")
"""Characters as wide as the font is high: Chinese, and punctuation that goes with it."""

WIDE, NARROW = 13.1, 7.1
"""Widths of characters in a table, pixels; of narrow ones those that are not listed."""

_GROUPS = {
    2.6: " \u00a0",
    3.4: "ij|',.:;l·I",
    4.1: "!f()[]{}-",
    4.6: "tr/\\",
    5.8: '*s"?zx',
    6.5: "cvyYJ–L0123456789#$+<=>F^ek~×é≤_ag",
    8.0: "PCRKB&",
    8.7: "DGHNUOQ",
    9.5: "wM",
    10.9: "W%m@",
    12.4: "…",
}
_WIDTHS = {letter: width for width, letters in _GROUPS.items() for letter in letters}
"""As the browser measures them in the font of tables, rounded up."""

PADDING = 18.0
BAR = 104.0
"""Width of a share as a bar with its figure, pixels."""

TEXT = 112.0
"""Width, pixels, at which a word is parted at the end of a line; in Chinese what has no comma."""

_RAGGED = 1.1
"""Lines end where a word does."""

_WORDS = re.compile("[^ ]+ ?| ")

NO_WIDTH, NO_BREAK = "\u200b", "\u00a0"

_ENDS = re.compile("(?<=[，、；：。])(?=[^\\s，、；：。）])|(?<=[^\\s（])(?=（)")
"""Where a line of Chinese may well end: behind a comma, before a bracket."""

_NOT_FIRST = "，、；：。）"
"""Signs with which no line begins."""

_NUMBERED = re.compile("(?<=[\u2e80-\uffef]) (?=\\d+(?![\\d ,.]))|(?<=\\d) (?=[\u2e80-\uffef])")
"""Spaces between a word and its number, or a number and its unit, where none may."""

MOST_LINES = 6
"""Columns are made no narrower than for so many lines of their longest text."""

FEW_LINES, ENOUGH = 2, 4
"""Texts take more lines than these only where so many columns would else not fit: high rows hide
those below them."""

HIGHEST = 9
"""Lines for which rows are high enough; the longest text may take more than it was laid out for."""

_STEP = 4.0
"""By so much, pixels, a column is widened at a time while it is tried."""

LONGEST = 60
"""So many of the longest texts of a column are tried in it."""

_ROUNDED = 0.5
"""By so much, pixels, a column may be narrower than its text and not cut it."""


@dataclass(frozen=True)
class Laid:
    """Columns as they are laid out.

    Parameters
    ----------
    names
        The columns that are shown, in their order.
    config
        How they are shown, with their widths.
    lines
        Lines of the longest text.
    """

    names: list[str]
    config: dict[str, Any]
    lines: int

    def shows_as_much_as(self, wider: Laid) -> bool:
        """Return whether all columns of a wider layout are shown, in rows as low."""
        return self.names == wider.names and self.lines <= wider.lines

    def measured(self, table: pd.DataFrame) -> pd.DataFrame:
        """Return a table of which the browser finds the ends of lines."""
        if self.lines == 1:
            return table
        texts = [name for name in self.names if not pd.api.types.is_numeric_dtype(table[name])]
        ended = {name: table[name].map(partial(_ended, self._inner(name))) for name in texts}
        told = [each for name in texts for each in ended[name] if isinstance(each, str)]
        padded = _parted if any(map(_is_latin, told)) else _padded
        return table.assign(**{name: ended[name].map(padded) for name in texts})

    def _inner(self, name: str) -> float:
        """Return the room for text in a column, pixels."""
        return float(self.config[name]["width"]) - PADDING


def _ended(width: float, text: object) -> object:
    """Return a text with spaces where its lines end, in words too that are wider than a line."""
    marked = with_line_ends(text)
    if not isinstance(marked, str) or not _WIDE.search(marked):
        return marked
    return " ".join("".join(_pieces(word, width, mark=" ")) for word in marked.split(" "))


def with_line_ends(text: object) -> object:
    """Return a text of Chinese with spaces where its lines may end, and nowhere else.

    Examples
    --------
    >>> with_line_ends("备选点 073（河套五巷，钟楼以东 90 米）").replace(NO_BREAK, "_")
    '备选点_073 （河套五巷， 钟楼以东 90_米）'
    >>> with_line_ends("Civil affairs, Health")
    'Civil affairs, Health'
    """
    if not isinstance(text, str) or not _WIDE.search(text):
        return text
    return _ENDS.sub(" ", _NUMBERED.sub(NO_BREAK, text))


def _is_latin(text: str) -> bool:
    """Return whether a text has words, and more signs that are not of Chinese than are."""
    return " " in text.strip() and 2 * len(_WIDE.findall(text)) < len(text)


def _parted(text: object) -> object:
    """Return a text of Chinese with a character of no width behind each of its own."""
    if not isinstance(text, str) or _is_latin(text):
        return _padded(text)
    return _WIDE.sub(lambda found: found.group() + NO_WIDTH, text)


def _padded(text: object) -> object:
    """Return a text with as many characters of no width behind it as bring its mean width down."""
    if not isinstance(text, str):
        return text
    return text + NO_WIDTH * (2 * len(_WIDE.findall(text)))


def searched_text(text: str) -> str:
    """Return a text without white space around, and as it was before it stood in a table.

    Examples
    --------
    >>> searched_text(" 钟楼\u200b\u200b"), searched_text("新华路， 钟楼以东 90\u00a0米")
    ('钟楼', '新华路，钟楼以东 90 米')
    """
    plain = text.replace(NO_WIDTH, "").replace(NO_BREAK, " ")
    return re.sub("(?<=[，、；：。]) | (?=（)", "", plain).strip()


def text_width(text: str) -> float:
    """Return about how wide a text is in a table, pixels.

    Examples
    --------
    >>> text_width("步行"), text_width("walk")
    (26.2, 25.9)
    """
    return math.fsum(map(_letter_width, text))


@lru_cache(maxsize=4096)
def _letter_width(letter: str) -> float:
    return _WIDTHS.get(letter) or (WIDE if _WIDE.match(letter) else NARROW)


def broken(text: str, width: float) -> list[str]:
    """Return a text in lines as the browser parts it, none wider than its column.

    Parameters
    ----------
    text
        What is shown.
    width
        Room for it, pixels. Words that are wider are parted inside.

    Examples
    --------
    >>> broken("Civil affairs, Health", 90.0)
    ['Civil affairs,', 'Health']
    >>> broken("养老服务站", 40.0)
    ['养老服', '务站']
    """
    lines = [""]
    for word in _WORDS.findall(text):
        if text_width(lines[-1] + word.rstrip()) <= width:
            lines[-1] += word
            continue
        lines += _pieces(word, width)
    return [line.strip() for line in lines if line.strip()] or [""]


def _pieces(word: str, width: float, *, mark: str = "") -> list[str]:
    """Return a word in parts no wider than its column, none of which begins with a comma.

    What may begin no line takes the sign before it along; there the part before ends in `mark`.
    """
    pieces = [""]
    for letter in word:
        if pieces[-1] and text_width(pieces[-1] + letter.rstrip()) > width:
            along = pieces[-1][-1] if letter in _NOT_FIRST and len(pieces[-1]) > 1 else ""
            if along:
                pieces[-1] = pieces[-1][:-1] + mark
            pieces.append(along)
        pieces[-1] += letter
    return pieces


def laid_out(
    table: pd.DataFrame,
    order: Sequence[str],
    config: Mapping[str, Any],
    room: float,
    *,
    deciding: int = 4,
    every: bool = False,
) -> Laid:
    """Return which columns of a table fit, and their widths.

    Texts are wrapped only where columns that decide would else have no room.

    Parameters
    ----------
    table
        What is shown.
    order
        Its columns, those that decide first. Those that hold nothing take no room.
    config
        How columns are shown, as Streamlit has it; a width in it is kept.
    room
        Width that there is, pixels.
    deciding
        How many columns decide.
    every
        Whether all are shown, with or without room.
    """
    columns = {name: _Column.of(table[name], dict(config.get(name) or {}), name) for name in order}
    if every:
        least = {name: columns[name].width(3) for name in order}
        return _spread(list(order), columns, config, least, room)
    filled = [name for name in order if _holds(table[name])] or list(order[:1])
    first = [name for name in order[:deciding] if name in filled] or filled[:1]
    whole = {name: columns[name].width(1) for name in filled}
    names = _fitting(first, whole, room)
    if len(names) < len(first):
        for lines in range(2, MOST_LINES + 1):
            least = {name: columns[name].width(lines) for name in first}
            more = _fitting(first, least, room)
            if len(more) > len(names):
                names, whole = more, least
            if len(names) == len(first) or (lines >= FEW_LINES and len(names) >= ENOUGH):
                break
        return _spread(names, columns, config, whole, room)
    rest = [name for name in filled if name not in first]
    left = room - sum(whole[name] for name in names)
    names += _fitting(rest, whole, left, none=True)
    return _spread(names, columns, config, whole, room)


@dataclass(frozen=True)
class _Column:
    """What a column needs: width of its heading, of its longest text, and of its longest word."""

    head: float
    longest: float
    word: float
    wraps: bool
    texts: tuple[str, ...] = ()

    @classmethod
    def of(cls, column: pd.Series, config: dict[str, Any], name: str) -> _Column:
        given = config.get("width")
        if isinstance(given, int):
            return cls(float(given), 0.0, 0.0, wraps=False)
        head = text_width(str(config.get("label") or name)) + PADDING
        if (config.get("type_config") or {}).get("type") == "progress":
            return cls(max(head, BAR), 0.0, 0.0, wraps=False)
        if pd.api.types.is_numeric_dtype(column):
            return cls(max(head, _figure_width(column) + PADDING), 0.0, 0.0, wraps=False)
        texts = [str(with_line_ends(str(each))) for each in column.dropna().unique()]
        longest = max(texts, key=text_width, default="")
        tried = sorted(texts, key=text_width, reverse=True)[:LONGEST]
        words = max((text_width(word) for text in texts for word in text.split(" ")), default=0.0)
        return cls(head, text_width(longest), min(words, TEXT), wraps=True, texts=tuple(tried))

    def width(self, lines: int) -> float:
        """Return the width in which the longest text takes no more lines than these.

        Whole pixels: columns that were rounded up later would no longer fit.
        """
        if not self.wraps:
            return float(math.ceil(self.head))
        inner = self.longest if lines == 1 else max(_RAGGED * self.longest / lines, self.word)
        return float(math.ceil(max(self.head, inner + PADDING)))

    def for_lines(self, lines: int, least: float) -> float:
        """Return the width, no less than the least, in which no text takes more lines."""
        width, whole = least, self.width(1)
        while width < whole and self.lines(width) > lines:
            width = min(width + _STEP, whole)
        return width

    def lines(self, width: float) -> int:
        """Return the lines that the longest text takes."""
        inner = max(width - PADDING, 1.0) + _ROUNDED
        if not self.wraps or self.longest <= inner:
            return 1
        return min(max(len(broken(text, inner)) for text in self.texts), HIGHEST)


def _fitting(
    names: Sequence[str], widths: Mapping[str, float], room: float, *, none: bool = False
) -> list[str]:
    """Return the first columns that fit; at the least one, unless there may be none."""
    ends = np.cumsum([widths[name] for name in names])
    count = int(np.searchsorted(ends, room, side="right"))
    return list(names[: count if none else max(count, 1)])


def _spread(
    names: list[str],
    columns: Mapping[str, _Column],
    config: Mapping[str, Any],
    least: Mapping[str, float],
    room: float,
) -> Laid:
    """Return columns with what room is left given to texts that would be wrapped.

    First to those that make rows high, then to those that are whole with the least.
    """
    widths = _levelled({name: columns[name] for name in names}, least, room)
    left = max(room - sum(widths.values()), 0.0)
    for name in sorted(names, key=lambda each: columns[each].width(1) - least[each]):
        more = min(left, columns[name].width(1) - least[name])
        widths[name] += more
        left -= more
    lines = max((columns[name].lines(widths[name]) for name in names), default=1)
    shown = {name: {**(config.get(name) or {}), "width": math.ceil(widths[name])} for name in names}
    return Laid(names, shown, lines)


def _levelled(
    columns: Mapping[str, _Column], least: Mapping[str, float], room: float
) -> dict[str, float]:
    """Return the widths, no less than the least, by which rows are as low as the room allows."""
    widths = {name: least[name] for name in columns}
    most = max((column.lines(widths[name]) for name, column in columns.items()), default=1)
    for lines in range(most - 1, 0, -1):
        lower = {name: columns[name].for_lines(lines, widths[name]) for name in columns}
        if sum(lower.values()) > room:
            break
        widths = lower
    return widths


def _figure_width(column: pd.Series) -> float:
    values = column.to_numpy(dtype=np.float64, na_value=np.nan)
    known = np.abs(values[np.isfinite(values)])
    if not known.size:
        return NARROW
    sign = bool((values < 0).any())
    decimals = 0 if (known == np.round(known)).all() else 2
    return text_width(f"{known.max():,.{decimals}f}") + NARROW * sign


def _holds(column: pd.Series) -> bool:
    """Whether a column tells anything."""
    return bool(column.notna().any()) and any(str(each) != "" for each in column)
