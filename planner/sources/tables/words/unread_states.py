"""Columns that nobody reads and that say of rows that they may not count."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterator
from functools import cache

import pandas as pd

from planner.errors import Finding
from planner.sources.tables.headers.headers import folded, read_header, words_of
from planner.sources.tables.values.numbers import is_blank
from planner.sources.tables.words.flags import answer_word, answers
from planner.sources.tables.words.kinds import data

_RUNS = re.compile(
    r"运营|营业|开放|启用|投用|在用|通车|建成|通行|步行|\b(?:is_?)?(?:open|operat|activ|running|built)|"
    r"in_?use|walk",
    re.I,
)
_STOPPED = re.compile(
    r"停用|停业|停运|关闭|封闭|废弃|拆除|注销|\b(?:is_?)?(?:clos|disus|abandon|demol|lock|restrict|private|shut)",
    re.I,
)
_MOST_ANSWERS = 0.9
_NAMED = 10


def unread_states(
    table: pd.DataFrame, read: Collection[str], words: Collection[str], file: str
) -> list[Finding]:
    """Tell of rows that by a column which is not read may be shut, planned or not for all.

    Such as a list whose state stands under a header that nobody knows: all its rows would count,
    without a word. What is told is by how many rows, in which column and by which words.

    Parameters
    ----------
    table
        Cells under the headers of the file.
    read
        Columns that have a meaning.
    words
        Words, as of :func:`~planner.sources.tables.values.numbers.plain_word`, by which a row of
        this layer would not count; yes and no are answers to what a header asks.
    file
        Its name.

    Examples
    --------
    >>> body = pd.DataFrame({"情况": ["规划", "正常"], "是否停用": ["否", "是"]})
    >>> unread_states(body, [], {"规划", "停用"}, "a.csv")[0].params["columns"]
    '情况: 规划 (1); 是否停用: 是 (1)'
    """
    told, rows = [], pd.Series(False, table.index)
    for column in map(str, table.columns.unique().difference(list(read), sort=False)):
        cells = table[column]
        if str(cells.dtype) == "geometry":
            continue
        plain = cells.map(lambda cell: "" if is_blank(cell) else answer_word(cell))
        says = plain.isin(frozenset(words) - answers()[0] - answers()[1])
        says |= plain.isin(frozenset(_ends(column, plain)))
        if says.any():
            counted = Counter(cells[says].map(str).str.strip()).most_common(_NAMED)
            told.append(f"{column}: " + ", ".join(f"{word} ({count})" for word, count in counted))
            rows |= says
    if not told:
        return []
    params = {"file": file, "count": int(rows.sum()), "columns": "; ".join(told)}
    return [Finding("tables.states_unread", params)]


def _ends(header: str, plain: pd.Series) -> Iterator[str]:
    """Yield the answers by which a row does not count, where the header asks whether it runs."""
    yes, no = answers()
    given = plain[plain != ""]
    if given.empty or given.isin(yes | no).mean() < _MOST_ANSWERS:
        return
    asked = unicodedata.normalize("NFKC", header)
    if _STOPPED.search(asked):
        yield from yes
    elif _RUNS.search(asked):
        yield from no


def read_columns(table: pd.DataFrame, layer: str) -> set[str]:
    """Return the columns of a table under our names that the readers of a layer ask."""
    ours = words_of(layer)
    known = {folded(word) for words in ours.values() for word in words}
    return {
        name
        for name in map(str, table.columns)
        if name in ours or name == "geometry" or read_header(name).plain in known
    }


@cache
def not_counting() -> frozenset[str]:
    """Return words by which a facility is not there, not yet, no longer, or not for all."""
    status, ownership = data()["status"], data()["ownership"]
    gone = (word for each in ("planned", "proposed", "closed") for word in status[each])
    return frozenset([*gone, *ownership["internal"], "不开放", "未开放", "不对外", "未建成"])
