"""Whether a street of a file is there and open to walkers, by the words that bureaux write."""

from __future__ import annotations

import unicodedata
from collections import Counter
from functools import cache

import geopandas as gpd
import pandas as pd

from planner.errors import Finding
from planner.sources.osm.rules import walk_rules
from planner.sources.tables.gates import OPEN, SHUT
from planner.sources.tables.kind_words import data
from planner.sources.tables.numbers import cell_text, is_blank

_NAMED = 10
_ACCESS = ("access", "foot")
_INTERNAL = ("内部", "内部道路", "内部使用", "专用", "小区内部", "单位内部")
_PUBLIC = ("公共", "公用", "对外开放", "社会道路", "市政道路", "市政", "允许", "不限")
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
_CLASS = {"planned": "construction", "proposed": "proposed", "closed": "disused"}
"""Class of ``highway`` by whose walk rule a street of a state is judged."""


def with_states(table: gpd.GeoDataFrame, file: str) -> tuple[gpd.GeoDataFrame, list[Finding]]:
    """Return streets whose words of access and state are those that the walk rules ask for.

    Parameters
    ----------
    table
        Streets with ``access``, ``foot`` and ``status`` as far as the file has them.
    file
        Its name.

    Returns
    -------
    The streets, ``highway`` set where a state says that a street is not there; and the words that
    are not known, which leave a street open.
    """
    table = table.copy()
    findings = []
    for column, words in ((name, _access_words()) for name in _ACCESS):
        if column in table:
            texts = table[column].map(_text)
            known = {text: _value(text, words) for text in pd.unique(texts)}
            table[column] = texts.map(lambda text, of=known: text if of[text] is None else of[text])
            findings += _unknown(texts, known, column, file)
    if "status" in table:
        texts = table["status"].map(_text)
        states = _state_words()
        known = {text: _value(text, states) for text in pd.unique(texts)}
        findings += _unknown(texts, known, "status", file)
        gone = texts.map(lambda text: _CLASS.get(known[text] or "", ""))
        own = table["highway"].map(_text) if "highway" in table else pd.Series("", table.index)
        table["highway"] = gone.where(gone != "", own)
    return table, findings


def _text(cell: object) -> str:
    return "" if is_blank(cell) else cell_text(cell).strip()


def _plain(cell: object) -> str:
    return unicodedata.normalize("NFKC", str(cell)).strip().casefold()


def _value(text: str, words: dict[str, str]) -> str | None:
    """Return what a word means, the first known of several; None where none is known."""
    parts = [text, *text.replace("|", ";").split(";")]
    return next((words[_plain(part)] for part in parts if _plain(part) in words), None)


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
        **dict.fromkeys((*OPEN, *_PUBLIC), "yes"),
        **dict.fromkeys(SHUT, "no"),
        **dict.fromkeys(_INTERNAL, "private"),
        **{value: value for value in (*own, *_OTHER_VALUES) if value != "*"},
    }


@cache
def _state_words() -> dict[str, str]:
    return {"": ""} | {
        _plain(word): state for state, words in data()["status"].items() for word in words
    }


def _unknown(
    texts: pd.Series, known: dict[str, str | None], column: str, file: str
) -> list[Finding]:
    counts = Counter(text for text in texts if known[text] is None)
    if not counts:
        return []
    told = "; ".join(f"{word}: {count}" for word, count in counts.most_common(_NAMED))
    params = {"file": file, "column": column, "count": counts.total(), "words": told}
    return [Finding("sources.street_states", params)]
