"""Whether a gate in a table is open, by the words that people write."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from planner.errors import Finding
from planner.sources.tables.numbers import is_blank, plain_word

OPEN = frozenset(
    (
        "yes",
        "y",
        "true",
        "t",
        "1",
        "open",
        "opened",
        "unlocked",
        "public",
        "permissive",
        "designated",
        "destination",
        "customers",
        "是",
        "开",
        "开放",
        "开着",
        "常开",
        "打开",
        "开启",
        "已开放",
        "可通行",
        "通行",
    )
)
"""Words that open a gate."""

SHUT = frozenset(
    (
        "no",
        "n",
        "false",
        "f",
        "0",
        "close",
        "closed",
        "shut",
        "locked",
        "private",
        "residents",
        "permit",
        "否",
        "不",
        "关",
        "关闭",
        "已关闭",
        "常闭",
        "封闭",
        "封",
        "锁",
        "上锁",
        "停用",
        "不开放",
        "未开放",
        "禁止",
        "禁止通行",
        "不可通行",
    )
)
"""Words that shut it."""

_STATES = dict.fromkeys(OPEN, True) | dict.fromkeys(SHUT, False)

_LOCKED = ("yes", "y", "true", "t", "1", "是", "有", "有锁")
_UNLOCKED = ("no", "n", "false", "f", "0", "否", "不", "none", "无", "没有", "无锁")
_LOCK = dict.fromkeys(_LOCKED, False) | dict.fromkeys(_UNLOCKED, True)
"""Whether a gate is open by an answer to "is it locked?"; other words are of its state."""

_NOTHING = ("none", "无", "没有")
"""Words for "none" that are a blank elsewhere: of a gate they could mean either."""


def opened(
    table: pd.DataFrame, file: str, words: Mapping[str, bool]
) -> tuple[list[bool], list[Finding]]:
    """Return whether each gate is open, and a finding on the words that are not known.

    Parameters
    ----------
    table
        Gates with a column ``open``, or ``locked`` or ``access``, as far as the file has them;
        the index is the row told.
    file
        Its name.
    words
        What further words mean.

    Returns
    -------
    Whether each is open. A blank says nothing; where nothing is said a gate is open, where a word
    is not known it is shut.

    Examples
    --------
    >>> table = pd.DataFrame({"open": ["关闭", "", "ask the porter"]}, index=[2, 3, 4])
    >>> states, notes = opened(table, "gates.csv", {})
    >>> states, notes[0].params["words"]
    ([False, True, False], 'ask the porter (4)')
    """
    known = {_plain(word): state for word, state in words.items()}
    states = [True] * len(table)
    unknown: dict[str, list[str]] = {}
    asked = {"open": {}, "locked": _LOCK, "access": {}}
    for column, answers in asked.items():
        if column not in table:
            continue
        meanings = _STATES | answers | known
        for place, (row, cell) in enumerate(table[column].items()):
            word = _plain(cell)
            said_none = isinstance(cell, str) and word in (*_NOTHING, *answers)
            if is_blank(cell) and not said_none:
                continue
            if word not in meanings:
                unknown.setdefault(str(cell).strip(), []).append(str(row))
            states[place] &= meanings.get(word, False)
    if not unknown:
        return states, []
    told = "; ".join(f"{word} ({', '.join(rows[:10])})" for word, rows in unknown.items())
    count = sum(map(len, unknown.values()))
    return states, [Finding("sources.gate_words", {"file": file, "count": count, "words": told})]


def _plain(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return plain_word(cell)
