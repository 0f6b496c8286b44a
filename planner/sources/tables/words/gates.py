"""Whether a gate in a table is open, by the words that people write."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pandas as pd

from planner.errors import Finding
from planner.sources.tables.set_aside import rows_told
from planner.sources.tables.values.numbers import is_blank, plain_word
from planner.sources.tables.words.states import OPEN_GATE, SHUT_GATE, StateWord, counted

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
    Whether each is open. A blank says nothing; where nothing is said a gate is open, and that is
    told. Where a word is not known it is shut.

    Examples
    --------
    >>> table = pd.DataFrame({"open": ["关闭", "", "ask the porter"]}, index=[2, 3, 4])
    >>> states, notes = opened(table, "gates.csv", {})
    >>> states, notes[0].params["words"]
    ([False, True, False], 'ask the porter (4)')
    """
    states = [True] * len(table)
    unknown: dict[str, list[str]] = {}
    told_of: set[int] = set()
    for _column, meanings, cells in _asked(table, words):
        for place, row, cell in cells:
            told_of.add(place)
            word = _plain(cell)
            if word not in meanings:
                unknown.setdefault(str(cell).strip(), []).append(str(row))
            states[place] &= meanings.get(word, False)
    findings = list(_untold(table, told_of, file))
    if not unknown:
        return states, findings
    told = "; ".join(f"{word} ({', '.join(rows[:10])})" for word, rows in unknown.items())
    count = sum(map(len, unknown.values()))
    params = {"file": file, "count": count, "words": told}
    return states, [Finding("sources.gate_words", params), *findings]


def _untold(table: pd.DataFrame, told_of: set[int], file: str) -> Iterator[Finding]:
    """Tell of gates of which nothing is said."""
    rows = [row for place, row in enumerate(table.index) if place not in told_of]
    if rows:
        yield Finding(
            "sources.gates_untold", {"file": file, "count": len(rows), "rows": rows_told(rows)}
        )


def gate_words_of(table: pd.DataFrame, words: Mapping[str, bool]) -> tuple[StateWord, ...]:
    """Return the words of gates with what they mean; parameters as of :func:`opened`.

    An answer to "is it locked?" is no word of a state, and left out where it is known.

    Examples
    --------
    >>> table = pd.DataFrame({"open": ["关闭", "问门卫"], "locked": ["是", ""]})
    >>> [(each.word, each.value) for each in gate_words_of(table, {})]
    [('关闭', 'shut'), ('问门卫', '')]
    """
    said: list[str] = []
    known: dict[str, str] = {}
    for column, meanings, cells in _asked(table, words):
        for _place, _row, cell in cells:
            word = str(cell).strip()
            state = meanings.get(_plain(cell))
            if column == "locked" and _plain(cell) in _LOCK:
                continue
            said.append(word)
            if state is not None:
                known[word] = OPEN_GATE if state else SHUT_GATE
    return tuple(counted("gate", said, known))


def _asked(
    table: pd.DataFrame, words: Mapping[str, bool]
) -> Iterator[tuple[str, dict[str, bool], list[tuple[int, object, object]]]]:
    """Yield each column that says something of gates: what words mean there, and its cells.

    A cell comes with its place in the table and its row as told.
    """
    known = {_plain(word): state for word, state in words.items()}
    asked: dict[str, dict[str, bool]] = {"open": {}, "locked": _LOCK, "access": {}}
    for column, answers in asked.items():
        if column not in table:
            continue
        cells = [
            (place, row, cell)
            for place, (row, cell) in enumerate(table[column].items())
            if not is_blank(cell) or (isinstance(cell, str) and _says(cell))
        ]
        yield column, _STATES | answers | known, cells


def _says(cell: str) -> bool:
    """Return whether a cell that is a blank elsewhere says something of a gate.

    Of a gate "none" could mean either state, and what is "unknown" to its bureau is not open.
    """
    return any(sign.isalnum() for sign in cell) and _plain(cell) != "nan"


def _plain(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return plain_word(cell)
