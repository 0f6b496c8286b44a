"""Whether a street of a file is there and open to walkers, by the words that bureaux write."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Container, Mapping
from dataclasses import dataclass
from functools import cache, partial

import geopandas as gpd
import numpy as np
import pandas as pd

from planner.arrays import Bool
from planner.errors import Finding
from planner.sources.osm.lifecycle import SAID, there_by_dates
from planner.sources.osm.rules import walk_rules
from planner.sources.tables.headers.headers import folded, read_header, words_of
from planner.sources.tables.set_aside import rows_told
from planner.sources.tables.values.dates import DATE_KEYS, reads_date
from planner.sources.tables.values.numbers import cell_text, plain_word
from planner.sources.tables.words.flags import answers
from planner.sources.tables.words.gates import OPEN
from planner.sources.tables.words.gates import SHUT as SHUT_WORDS
from planner.sources.tables.words.kinds import data
from planner.sources.tables.words.states import (
    PRIVATE,
    SHUT,
    WALKED,
    StateWord,
    StateWords,
    counted,
)
from planner.sources.tables.words.streets import street_words

_NAMED = 10
_ACCESS = ("access", "foot")
_OTHER_VALUES = (
    "agricultural",
    "forestry",
    "dismount",
    "use_sidepath",
    "permissive",
    "unknown",
    "limited",
    "discouraged",
)
PRIVATE_VALUES = ("private", "residents", "permit", "members")
"""Values of OpenStreetMap of what is not the public's, though some people walk there."""

_SHUT = ("no", *PRIVATE_VALUES)
_ANSWERS: dict[str, tuple[str, str]] = {
    "built": ("existing", "planned"),
    "construction": ("planned", "existing"),
}
"""What yes and no say where a column asks whether a street is built, or being built."""

_CLASS = {"planned": "construction", "proposed": "proposed", "closed": "disused"}
"""Class of ``highway`` by whose walk rule a street of a state is judged."""


@dataclass
class StreetStates:
    """Streets by whose words it is told whether one may walk there.

    Parameters
    ----------
    table
        The streets, ``highway`` set where a state says that a street is not there.
    findings
        Words and dates that are not known, which leave a street open.
    listed
        The words with what they mean.
    words
        What the file says of ``access`` and ``foot`` in its own words, as far as it has them.
    opened
        Whether a person opened a street that its word shuts, bool (n,).
    classes
        What the file says of the class in its own words, None where it says nothing.
    """

    table: gpd.GeoDataFrame
    findings: list[Finding]
    listed: list[StateWord]
    words: dict[str, pd.Series]
    opened: Bool
    classes: pd.Series | None = None


def with_states(
    table: gpd.GeoDataFrame,
    file: str,
    today: dt.date | None = None,
    said: StateWords | None = None,
) -> StreetStates:
    """Return streets whose words of access and state are those that the walk rules ask for.

    Parameters
    ----------
    table
        Streets with ``access``, ``foot``, ``status``, ``built``, ``construction`` and dates as
        far as the file has them.
    file
        Its name.
    today
        Day on which dates are asked; None for this one.
    said
        What a person said of words, by ``access`` and ``status``; goes before what is known.
    """
    own = said or {}
    states = StreetStates(table.copy(), [], [], {}, np.zeros(len(table), bool))
    _read_access(states, file, own.get("access", {}))
    _read_states(states, file, own.get("status", {}))
    states.findings += _dated(states.table, file, today or dt.datetime.now(tz=dt.UTC).date())
    return states


def _read_access(states: StreetStates, file: str, said: Mapping[str, str]) -> None:
    """Put values of OpenStreetMap into ``access`` and ``foot``; of two columns one that shuts."""
    table, usual = states.table, _access_words()
    given = {plain_word(word): value for word, value in said.items()}
    for column in _ACCESS:
        for own in _named(table, column):
            texts = table[own].map(_text)
            known = {text: _value(text, usual | given) for text in pd.unique(texts)}
            values = texts.map(lambda text, of=known: text if of[text] is None else of[text])
            words = texts
            if own != column:  # of two columns the one that shuts a street counts
                shuts = values.isin(_SHUT)
                values = table[column].where(~shuts, values)
                words = states.words[column].where(~shuts, texts)
            table[column], states.words[column] = values, words
            states.findings += _unknown(texts, known, own, file)
            states.listed += counted("access", texts, {w: _walks(v) for w, v in known.items()})
            before = {text: _walks(_value(text, usual)) for text in known}
            shut_else = texts.map(before).isin((PRIVATE, SHUT)) & (texts.map(known) == WALKED)
            states.opened |= shut_else.to_numpy(dtype=bool)


def _walks(value: str | None) -> str:
    """Return what a value of access says of those who walk; empty where it says nothing.

    Examples
    --------
    >>> _walks("residents"), _walks("designated"), _walks("military"), _walks(None)
    ('private', 'yes', 'no', '')
    """
    if value in PRIVATE_VALUES:
        return PRIVATE
    tags = {"highway": "service", "access": value or ""}
    return "" if not value else WALKED if walk_rules().walked(tags) else SHUT


def _read_states(states: StreetStates, file: str, said: Mapping[str, str]) -> None:
    """Mark the streets that are not there, by their state and by answers whether they are built."""
    table = states.table
    given = {plain_word(word): value for word, value in said.items()}
    for column in ("status", *_ANSWERS):
        for own in _named(table, column):
            words = _state_words(column) | given
            texts = table[own].map(partial(_text, said=words) if column in _ANSWERS else _text)
            if column == "construction" and "highway" in table:  # then it is the class to come
                texts = texts.mask(table["highway"].map(plain_word) == "construction", "")
            known = {text: _value(text, words) for text in pd.unique(texts)}
            states.findings += _unknown(texts, known, own, file)
            told = {text: value or "" for text, value in known.items()}
            asked = texts if column == "status" else texts[texts.map(told) == ""]
            states.listed += counted("status", asked, told)
            _mark(table, texts.map(lambda text, of=known: _CLASS.get(of[text] or "", "")))


def columns_beside(table: gpd.GeoDataFrame, column: str) -> list[str]:
    """Return columns of a file that bear a name of one of ours, which another one has taken."""
    words = {folded(word) for word in words_of("streets")[column]}
    texts = (str(name) for name in table.columns.drop([table.geometry.name, column]))
    return [name for name in texts if read_header(name).plain in words]


def _named(table: gpd.GeoDataFrame, column: str) -> list[str]:
    """Return a column and those beside it, nothing where the file does not have it."""
    return [column, *columns_beside(table, column)] if column in table else []


def _mark(table: gpd.GeoDataFrame, gone: pd.Series) -> None:
    """Set the class of streets that are not there."""
    if (gone != "").any():
        own = table["highway"].map(_text) if "highway" in table else pd.Series("", table.index)
        table["highway"] = gone.where(gone != "", own)


def _dated(table: gpd.GeoDataFrame, file: str, day: dt.date) -> list[Finding]:
    """Set the class of streets that are not there by their dates; tell of dates not read."""
    findings = []
    for column in sorted(DATE_KEYS.intersection(table.columns)):
        texts = table[column].map(_text)
        words = [word for word in pd.unique(texts) if not reads_date(word)]
        if words:
            unread = texts.isin(words)
            params = {
                "file": file,
                "column": column,
                "count": int(unread.sum()),
                "words": rows_told(words),
                "rows": rows_told(table.index[unread].tolist()),
            }
            findings.append(Finding("sources.dates_unread", params))
        past = _CLASS["closed" if column == "end_date" else "planned"]
        there = {word: there_by_dates({column: word}, day) for word in pd.unique(texts)}
        _mark(table, texts.map(lambda word, of=there, past=past: "" if of[word] else past))
    return findings


def _text(cell: object, said: Container[str] = ()) -> str:
    """Return the text of a cell; a word that is a blank elsewhere, such as 无, may be an answer."""
    if isinstance(cell, str) and plain_word(cell) in said:
        return cell.strip()
    return cell_text(cell)


def _value(text: str, words: dict[str, str]) -> str | None:
    """Return what a word means, the first known of several; None where none is known."""
    parts = [text, *text.replace("|", ";").split(";")]
    return next((words[plain_word(part)] for part in parts if plain_word(part) in words), None)


@cache
def _access_words() -> dict[str, str]:
    """Return the value of OpenStreetMap of each word for access, those of its own unchanged."""
    own = {
        value
        for rule in walk_rules().ways
        for condition in (rule.when, rule.unless)
        for key in _ACCESS
        for value in condition.get(key, ())
    }
    return {
        "": "",
        **dict.fromkeys(OPEN, "yes"),
        **dict.fromkeys(SHUT_WORDS, "no"),
        **{word: value for value, words in street_words()["access"].items() for word in words},
        **{value: value for value in (*own, *_OTHER_VALUES) if value not in ("*", "0")},
    }


@cache
def _state_words(column: str) -> dict[str, str]:
    """Return the state by each word that a column may say."""
    words = {"": "", **SAID, **{word.replace("_", " "): state for word, state in SAID.items()}}
    for state, said in (*data()["status"].items(), *street_words()["state"].items()):
        words |= {plain_word(word): state for word in said}
    if column in _ANSWERS:
        for state, said in zip(_ANSWERS[column], answers(), strict=True):
            words |= dict.fromkeys(said, state)
    if column == "construction":
        words["minor"] = "existing"
    return words


def _unknown(
    texts: pd.Series, known: dict[str, str | None], column: str, file: str
) -> list[Finding]:
    counts = Counter(text for text in texts if known[text] is None)
    if not counts:
        return []
    told = "; ".join(f"{word}: {count}" for word, count in counts.most_common(_NAMED))
    params = {"file": file, "column": column, "count": counts.total(), "words": told}
    return [Finding("sources.street_states", params)]
