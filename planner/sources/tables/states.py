"""Whether a facility is in use and whom it belongs to, by the words of a list."""

from __future__ import annotations

import unicodedata
from collections import Counter
from functools import cache

import pandas as pd

from planner.errors import Finding
from planner.sources.tables.kind_words import data
from planner.sources.tables.numbers import blank
from planner.sources.tables.set_aside import SetAside

ORIGINAL = "_text"
"""Ending of the column in which the words of the file stay beside ours."""

_NOT_SAID = frozenset({"无", "没有", "不详", "未知", "待定", "none", "nil"})
"""Words that say nothing in other columns; here the facility may not exist."""


@cache
def _words(column: str) -> dict[str, str]:
    table = data()[column]
    own = {value: value for value in table}
    return own | {_plain(word): value for value, words in table.items() for word in words}


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip().casefold()


def read_states(table: pd.DataFrame, aside: SetAside) -> list[Finding]:
    """Put our words for ``status`` and ``ownership`` in the place of the file's, which stay beside.

    A status that is not known sets its row aside: a facility that may be closed must not count.
    An ownership that is not known is left empty, and told.

    Examples
    --------
    >>> table = pd.DataFrame({"status": ["在用", "停用", ""]}, index=[2, 3, 4])
    >>> notes = read_states(table, SetAside("a.csv"))
    >>> table["status"].tolist(), notes[0].params["words"]
    (['existing', 'closed', ''], '在用 → existing (1); 停用 → closed (1)')
    """
    findings = []
    for column in ("status", "ownership"):
        if column not in table:
            continue
        empty = blank(table[column])
        if column == "status":  # "无" under 现状 is no facility in use
            empty &= ~table[column].map(lambda cell: _plain(str(cell)) in _NOT_SAID)
        text = table[column].where(~empty, "").astype(object).map(str)
        known = {word: _words(column).get(_plain(word), "") for word in pd.unique(text)}
        unknown = (text != "") & (text.map(known) == "")
        table[column] = text.map(known).astype(object)
        changed = (table[column] != "") & (table[column] != text)
        if changed.any():
            table[f"{column}{ORIGINAL}"] = text.where(changed, "")
        taken = Counter(word for word in text if known[word] and known[word] != word)
        if taken:
            told = "; ".join(f"{w} → {known[w]} ({n})" for w, n in taken.most_common(20))
            params = {"file": aside.file, "column": column, "words": told}
            findings.append(Finding("tables.words_taken", params))
        if not unknown.any():
            continue
        if column == "status":
            aside.add("tables.unknown_status", text.index[unknown], column, text[unknown])
        else:
            left = Counter(text[unknown])
            told = "; ".join(f"{word} ({count})" for word, count in left.most_common(20))
            params = {"file": aside.file, "column": column, "words": told}
            findings.append(Finding("tables.words_left_empty", params))
    return findings
