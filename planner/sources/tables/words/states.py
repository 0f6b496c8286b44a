"""What words of a file mean that stand for one of a few values, and who said so.

Whether a facility is in use and whom it belongs to; of which class a street is, and whether people
may walk there; what a barrier is; whether a gate is open. What a person says of a word goes before
what is known of it, is kept with the mapping of its file, and holds for the next one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

import pandas as pd

from planner.district.layers import BARRIER_KINDS
from planner.errors import Finding, InputError
from planner.sources.tables.set_aside import SetAside
from planner.sources.tables.values.numbers import blank, plain_word
from planner.sources.tables.words.kinds import data

ORIGINAL = "_text"
"""Ending of the column in which the words of the file stay beside ours."""

_NOT_SAID = frozenset({"无", "没有", "不详", "未知", "待定", "none", "nil"})
"""Words that say nothing in other columns; here the facility may not exist."""


COLUMNS = ("status", "ownership")
"""Columns of facilities whose words are put into ours."""

WALKED, PRIVATE, SHUT = "yes", "private", "no"
"""What a word of a street may say of those who walk: they may; it is not the public's; nobody."""

OPEN_GATE, SHUT_GATE = "open", "shut"

_VALUES: dict[str, tuple[str, ...]] = {
    "street_class": (
        "trunk", "primary", "secondary", "tertiary", "unclassified", "residential",
        "living_street", "service", "pedestrian", "footway", "path", "steps", "track", "cycleway",
        "motorway", "motorway_link", "motorroad", "construction", "proposed", SHUT,
    ),
    "access": (WALKED, PRIVATE, SHUT),
    "barrier": BARRIER_KINDS,
    "gate": (OPEN_GATE, SHUT_GATE),
}  # fmt: skip
"""Values beside those of :data:`COLUMNS`; a class of ``"no"`` is one that nobody walks on."""

ASKED: dict[str, tuple[str, ...]] = {
    "facilities": COLUMNS,
    "streets": ("street_class", "access", "status"),
    "barriers": ("barrier",),
    "gates": ("gate",),
}
"""What is asked of words, by the layer whose files have them."""

MATTERS = tuple(dict.fromkeys(matter for each in ASKED.values() for matter in each))
"""All that is asked of words."""

StateWords = Mapping[str, Mapping[str, str]]
"""By one of :data:`MATTERS` what words mean. Empty sets a facility's status or a barrier's rows
aside, and leaves any other one empty."""


@dataclass(frozen=True)
class StateWord:
    """What a word of a file means.

    Parameters
    ----------
    column
        One of :data:`MATTERS`.
    word
        As it stands in the file.
    value
        What it is read as, empty where that is not known.
    count
        Rows that have it.
    """

    column: str
    word: str
    value: str
    count: int


def values_of(column: str) -> tuple[str, ...]:
    """Return what a word may mean in one of :data:`MATTERS`.

    Examples
    --------
    >>> values_of("ownership"), values_of("barrier")
    (('public', 'partner', 'internal'), ('water', 'railway', 'motorway', 'wall'))
    """
    return _VALUES[column] if column in _VALUES else tuple(data()[column])


def check_state_words(said: StateWords) -> None:
    """Refuse what a word cannot mean.

    Raises
    ------
    InputError
        ``tables.state_word_value``.
    """
    for column, words in said.items():
        known = values_of(column) if column in MATTERS else ()
        for word, value in words.items():
            if value and value not in known:
                raise InputError(
                    "tables.state_word_value",
                    column=column,
                    word=word,
                    value=value,
                    known=", ".join(known),
                )


def said_before(
    kept: Mapping[str, Mapping[str, str]], said: StateWords | None
) -> dict[str, dict[str, str]]:
    """Return what words mean by what was kept of a file, and before that by what was said now.

    Examples
    --------
    >>> said_before({"gate": {"a": "open", "b": "shut"}}, {"gate": {"b": "open"}})
    {'gate': {'a': 'open', 'b': 'open'}}
    """
    given = said or {}
    return {column: {**words, **given.get(column, {})} for column, words in kept.items()}


def counted(column: str, words: Iterable[str], known: Mapping[str, str]) -> list[StateWord]:
    """Return the words of some cells, each once with its rows, the most frequent first.

    Examples
    --------
    >>> counted("gate", ["a", "", "a"], {"a": "open"})
    [StateWord(column='gate', word='a', value='open', count=2)]
    """
    amounts = Counter(word for word in words if word)
    return [StateWord(column, word, known.get(word, ""), n) for word, n in amounts.most_common()]


@cache
def _words(column: str) -> dict[str, str]:
    table = data()[column]
    own = {value: value for value in table}
    return own | {plain_word(word): value for value, words in table.items() for word in words}


def read_states(
    table: pd.DataFrame, aside: SetAside, said: StateWords | None = None
) -> tuple[list[Finding], tuple[StateWord, ...]]:
    """Put our words for ``status`` and ``ownership`` in the place of the file's, which stay beside.

    What a person said of words goes before those known. A status that is not known sets its row
    aside: a facility that may be closed must not count. An ownership that is not known is left
    empty, and told. The words are listed with what they were taken for.

    Examples
    --------
    >>> table = pd.DataFrame({"status": ["在用", "停用", ""]}, index=[2, 3, 4])
    >>> notes, words = read_states(table, SetAside("a.csv"))
    >>> table["status"].tolist(), notes[0].params["words"]
    (['existing', 'closed', ''], '在用 → existing (1); 停用 → closed (1)')
    >>> words[0]
    StateWord(column='status', word='在用', value='existing', count=1)
    """
    findings = []
    listed: list[StateWord] = []
    check_state_words(said or {})
    for column in COLUMNS:
        if column not in table:
            continue
        # "无" under 现状 is no facility in use, and one that 未知 owns is perhaps no public one
        empty = blank(table[column])
        empty &= ~table[column].map(lambda cell: plain_word(cell) in _NOT_SAID)
        text = table[column].where(~empty, "").astype(object).map(str)
        own = {plain_word(word): value for word, value in (said or {}).get(column, {}).items()}
        words = {**_words(column), **own}
        known = {word: words.get(plain_word(word), "") for word in pd.unique(text)}
        listed += counted(column, text, known)
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
    return findings, tuple(listed)
