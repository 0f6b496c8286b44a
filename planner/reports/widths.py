"""How wide columns must be, and how a table that is wider than a page falls into pieces."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from unicodedata import east_asian_width

from planner.reports.content import Table, shown
from planner.views.words.labels import Labels

PADDING = 2.5
"""Room between columns, in letters."""

SHORTEST_TEXT, LONGEST_TEXT = 10.0, 60.0
"""A column of long texts, which are wrapped, is as wide at least and at most."""

BROAD = 1.12
"""Letters and digits of what cannot be broken are so much broader where a font is lacking."""

_WIDE = re.compile("[ᄀ-ᇿ⺀-鿿가-힯豈-﫿＀-｠]")
_UNIT = re.compile("（[⺀-鿿]{1,2}）")
_WORDS = re.compile(r"[\s\-–/]+")


@dataclass(frozen=True)
class Piece:
    """Columns of a table that fit side by side.

    Parameters
    ----------
    places
        Their places in the table.
    widths
        What each needs, in letters.
    """

    places: tuple[int, ...]
    widths: tuple[float, ...]


def pieces(table: Table, labels: Labels, room: float) -> list[Piece]:
    """Return the pieces into which a table falls, each with the columns that name its rows.

    Parameters
    ----------
    table
        With all of its rows: documents show the first, and below them the sum of all.
    labels
        How figures are written.
    room
        Letters that fit side by side.
    """
    paper, sums = table.on_paper(), table.sums() if table.has_sums else (None,) * len(table.columns)
    sizes = [
        _sizes(
            column.heading,
            [shown(row[place], column, labels) for row in paper.rows]
            + ([] if (total := sums[place]) is None else [shown(total, column, labels)]),
        )
        for place, column in enumerate(paper.columns)
    ]
    keys = tuple(range(table.keys))
    left = room - sum(sizes[place].least for place in keys)
    others = range(table.keys, len(sizes))
    # as few pieces as there must be, each with about as many columns as the others
    number, most = len(_groups(others, sizes, left, len(sizes))), len(sizes)
    while most > 1 and len(_groups(others, sizes, left, most - 1)) == number:
        most -= 1
    return [_piece((*keys, *own), sizes, room) for own in _groups(others, sizes, left, most)]


@dataclass(frozen=True)
class _Size:
    """Room of a column, in letters: the least in which no word is broken, and what it likes."""

    least: float
    liked: float


def _groups(
    places: Sequence[int], sizes: Sequence[_Size], left: float, most: int
) -> list[list[int]]:
    """Return columns in groups that fit, none of more than so many."""
    found: list[list[int]] = [[]]
    for place in places:
        taken = sum(sizes[each].least for each in found[-1])
        if found[-1] and (taken + sizes[place].least > left or len(found[-1]) == most):
            found.append([])
        found[-1].append(place)
    return found


def _piece(places: tuple[int, ...], sizes: Sequence[_Size], room: float) -> Piece:
    """Share what is left of the room among the columns by what they would like more."""
    least = [sizes[place].least for place in places]
    more = [sizes[place].liked - sizes[place].least for place in places]
    part = min(1.0, max(0.0, room - sum(least)) / sum(more)) if sum(more) else 0.0
    widths = tuple(low + part * extra for low, extra in zip(least, more, strict=True))
    return Piece(places, widths)


def _sizes(heading: str, cells: Sequence[str]) -> _Size:
    longest = max(map(_width, (*cells, "")))
    word = max(map(_longest_word, (heading, *cells)))
    least = max(word, min(longest, SHORTEST_TEXT), min(_width(heading) / 4, SHORTEST_TEXT))
    return _Size(least + PADDING, max(least, min(longest, LONGEST_TEXT)) + PADDING)


def _longest_word(text: str) -> float:
    """Return the width of what cannot be broken; Chinese may be broken after every sign.

    A short unit in brackets keeps them beside it.
    """
    units = max(map(_width, _UNIT.findall(text)), default=0.0)
    return units or max(
        (4.0 if _WIDE.search(word) else BROAD * _width(word) for word in _WORDS.split(text)),
        default=0.0,
    )


def _width(text: str) -> float:
    return float(sum(2 if east_asian_width(sign) in "WF" else 1 for sign in text))
