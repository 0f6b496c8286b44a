"""Whether a street of a file is there and open to walkers, by the words that bureaux write."""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections import Counter
from functools import cache

import geopandas as gpd
import pandas as pd

from planner.errors import Finding
from planner.sources.osm.lifecycle import DATE_KEYS, reads_date, there_by_dates
from planner.sources.osm.rules import walk_rules
from planner.sources.tables.gates import OPEN, SHUT
from planner.sources.tables.headers import folded, read_header, words_of
from planner.sources.tables.kind_words import data
from planner.sources.tables.numbers import cell_text, is_blank
from planner.sources.tables.set_aside import rows_told

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
_NO_WALKING = (
    "禁行",
    "不通",
    "不通行",
    "封闭管理",
    "封路",
    "行人禁行",
    "禁止行人",
    "仅车行",
    "机动车专用",
)
_WITHIN = ("仅限内部", "仅内部", "内部通行")
_STATES = {
    "closed": ("封闭", "封路", "断路", "不通", "报废", "取消"),
    "planned": ("未建成", "未通车", "未完工", "未开通", "未竣工"),
    "existing": ("通车", "已通车", "已完工", "竣工", "已竣工", "开通", "已开通"),
}
_SHUT = ("no", "private")
_YES, _NO = ("yes", "true", "t", "1", "是"), ("no", "false", "f", "0", "否")
_ANSWERS: dict[str, dict[str, tuple[str, ...]]] = {
    "built": {"existing": _YES, "planned": _NO},
    "construction": {"planned": _YES, "existing": (*_NO, "minor")},
}
"""What an answer says where a column asks whether a street is built, or being built."""

_CLASS = {"planned": "construction", "proposed": "proposed", "closed": "disused"}
"""Class of ``highway`` by whose walk rule a street of a state is judged."""


def with_states(
    table: gpd.GeoDataFrame, file: str, today: dt.date | None = None
) -> tuple[gpd.GeoDataFrame, list[Finding]]:
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

    Returns
    -------
    The streets, ``highway`` set where a state says that a street is not there; and the words that
    are not known, which leave a street open.
    """
    table = table.copy()
    findings = []
    for column, words in ((name, _access_words()) for name in _ACCESS):
        for own in _named(table, column):
            texts = table[own].map(_text)
            known = {text: _value(text, words) for text in pd.unique(texts)}
            values = texts.map(lambda text, of=known: text if of[text] is None else of[text])
            if own != column:  # of two columns the one that shuts a street counts
                values = table[column].where(~values.isin(_SHUT), values)
            table[column] = values
            findings += _unknown(texts, known, own, file)
    for column in ("status", *_ANSWERS):
        for own in _named(table, column):
            texts = table[own].map(_text)
            if column == "construction" and "highway" in table:  # then it is the class to come
                texts = texts.mask(table["highway"].map(_plain) == "construction", "")
            words = _state_words(column)
            known = {text: _value(text, words) for text in pd.unique(texts)}
            findings += _unknown(texts, known, own, file)
            _mark(table, texts.map(lambda text, of=known: _CLASS.get(of[text] or "", "")))
    findings += _dated(table, file, today or dt.datetime.now(tz=dt.UTC).date())
    return table, findings


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
        **dict.fromkeys((*SHUT, *_NO_WALKING), "no"),
        **dict.fromkeys((*_INTERNAL, *_WITHIN), "private"),
        **{value: value for value in (*own, *_OTHER_VALUES) if value != "*"},
    }


@cache
def _state_words(column: str) -> dict[str, str]:
    """Return the state by each word that a column may say."""
    words = {"": ""}
    for state, said in (*data()["status"].items(), *_STATES.items()):
        words |= {_plain(word): state for word in said}
    for state, said in _ANSWERS.get(column, {}).items():
        words |= dict.fromkeys(said, state)
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
