"""How wide columns must be, and how a table that is wider than a page falls into pieces."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from planner.reports.content import Table, shown
from planner.views.words.labels import Labels
from planner.views.words.widths import width_of

PADDING = 1.5
"""Room between columns, in letters."""

SHORTEST_TEXT, LONGEST_TEXT = 9.0, 60.0
"""A column of long texts, which are wrapped, is as wide at least and at most."""

BROAD = 1.19
"""Letters and digits of what cannot be broken are so much broader where a font is lacking."""

_WIDE = re.compile("[ᄀ-ᇿ⺀-鿿가-힯豈-﫿＀-｠]")
_UNIT = re.compile("（(?:%|[⺀-鿿]{1,2})）")
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
    least = [sizes[place].least for place in others]
    groups = _even(least, left, _fewest(least, left))
    return [_piece((*keys, *others[first:end]), sizes, room) for first, end in pairwise(groups)]


@dataclass(frozen=True)
class _Size:
    """Room of a column, in letters: the least in which no word is broken, and what it likes."""

    least: float
    liked: float


def _fewest(least: Sequence[float], left: float) -> int:
    """Return how many groups of neighbours there must be so that each fits."""
    number, taken = 0, left + 1.0
    for width in least:
        if taken + width > left:
            number, taken = number + 1, 0.0
        taken += width
    return max(number, 1)


def _even(least: Sequence[float], left: float, number: int) -> list[int]:
    """Return where groups of neighbours begin and end, so that none has few columns.

    To fill each as far as it goes would leave one column for the last. So of all ways to part them
    that fit the one is taken whose groups differ least: that of the least sum of squares. A column
    that is wider than the page stands alone.
    """
    ends: dict[tuple[int, int], tuple[float, list[int]]] = {(len(least), 0): (0.0, [len(least)])}
    for groups in range(1, number + 1):
        for first in range(len(least)):
            ways = []
            for end in range(first + 1, len(least) + 1):
                rest = ends.get((end, groups - 1))
                if rest is not None and (end == first + 1 or sum(least[first:end]) <= left):
                    ways.append((float((end - first) ** 2) + rest[0], [first, *rest[1]]))
            if ways:
                ends[first, groups] = min(ways, key=lambda way: (way[0], [-at for at in way[1]]))
    return ends[0, number][1] if least else [0, 0]


def _piece(places: tuple[int, ...], sizes: Sequence[_Size], room: float) -> Piece:
    """Share what is left of the room among the columns by what they would like more."""
    least = [sizes[place].least for place in places]
    more = [sizes[place].liked - sizes[place].least for place in places]
    part = min(1.0, max(0.0, room - sum(least)) / sum(more)) if sum(more) else 0.0
    widths = tuple(low + part * extra for low, extra in zip(least, more, strict=True))
    return Piece(places, widths)


def _sizes(heading: str, cells: Sequence[str]) -> _Size:
    longest = max(map(width_of, (*cells, "")))
    word = max(map(_longest_word, (heading, *cells)))
    least = max(word, min(longest, SHORTEST_TEXT), min(width_of(heading) / 4, SHORTEST_TEXT))
    return _Size(least + PADDING, max(least, min(longest, LONGEST_TEXT)) + PADDING)


def _longest_word(text: str) -> float:
    """Return the width of what cannot be broken; Chinese may be broken after every sign.

    A short unit in brackets keeps them beside it.
    """
    # the sign of per cent is about as broad as a Chinese one
    units = max((width_of(unit.replace("%", "成")) for unit in _UNIT.findall(text)), default=0.0)
    return units or max(
        (4.0 if _WIDE.search(word) else BROAD * width_of(word) for word in _WORDS.split(text)),
        default=0.0,
    )
