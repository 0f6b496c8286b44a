"""Columns that say of some rows that they are not there, shut or not walked, and are not read."""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

from planner.errors import Finding
from planner.sources.tables.headers.columns import known_columns
from planner.sources.tables.headers.headers import folded
from planner.sources.tables.unread.sheet import Sheet
from planner.sources.tables.values.numbers import cell_text, number, plain_word
from planner.sources.tables.words.flags import answers
from planner.sources.tables.words.gates import SHUT
from planner.sources.tables.words.kinds import data
from planner.sources.tables.words.streets import street_words

_KNOWN = {
    "facilities": "status, 状态",
    "streets": "highway, status, access",
    "gates": "open, 状态",
    "candidates": "forbidden, 禁选; kinds, 允许类别",
    "barriers": "",
    "communities": "",
    "demand": "",
    "totals": "",
    "cells": "",
    "homes": "",
}
"""Names by which columns of states are read, by layer; of some no column of states is read."""

_ROWS = ("communities", "demand", "totals", "cells", "homes")
"""Layers of which rows may be of a community or home that is no more, not yet, or empty."""

_NAMED = 5
_NOTE = 40
STEPPED_OVER_M = 0.5
"""A wall that is not so high bars nobody, metres."""
_PAST_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)")
_YEAR = re.compile(r"(?<!\d)(20\d\d)(?!\d)")
UNREAD = ("tables.barriers_unread", "tables.rows_unread", "tables.states_unread")
"""Codes of the findings made here."""

_OF_WALKERS_ONLY = frozenset({"private", "residents", "permit"})


def unread_states(sheet: Sheet) -> list[Finding]:
    """Tell of columns whose cells say that rows do not count, and that nobody reads.

    A list has its state under whatever header its bureau likes; what is planned, shut or a
    motorway would count otherwise without a word.

    Parameters
    ----------
    sheet
        The table.

    Examples
    --------
    >>> body = pd.DataFrame({"备注": ["", "已关闭"], "是否停用": ["否", "是"], "电话": ["1", "2"]})
    >>> unread_states(Sheet("facilities", body, [], "a.csv"))[0].params["columns"]
    '备注, 是否停用'
    """
    if sheet.layer not in _KNOWN:
        return []
    found: dict[str, Counter[str]] = {}
    # beside its word a code of a class says nothing new
    classed = "highway" in known_columns(sheet.layer, map(str, sheet.read)).values()
    for header, cells in sheet.columns():
        if classed and folded(header) == "code":
            continue
        if told := _telling(sheet.layer, header, cells):
            found[header] = told
    if not found:
        return []
    words: Counter[str] = sum(found.values(), Counter())
    params = {
        "file": sheet.file,
        "columns": ", ".join(found),
        "known": _KNOWN[sheet.layer],
        "words": "; ".join(f"{word}: {count}" for word, count in words.most_common(_NAMED)),
    }
    if sheet.layer == "barriers":  # whose state no column tells
        return [Finding("tables.barriers_unread", params)]
    code = "tables.rows_unread" if sheet.layer in _ROWS else "tables.states_unread"
    return [Finding(code, params)]


def told_whole(layer: str, header: str, text: str) -> bool:
    """Return whether a cell is told as it stands, by :func:`unread_states`.

    Examples
    --------
    >>> told_whole("facilities", "备注", "已停业"), told_whole("facilities", "备注", "停业至年底")
    (True, False)
    """
    return bool(_telling(layer, header, pd.Series([text])))


def _telling(layer: str, header: str, cells: pd.Series) -> Counter[str]:
    """Return the cells of a column by which rows would not count, and how often each stands."""
    name, asks = folded(header), _asks()
    texts = Counter(text for text in map(cell_text, cells.astype(object)) if text)
    if layer == "streets" and name in asks["class_codes"]["headers"]:
        return texts
    if layer == "barriers":
        return _of_barriers(name, header, texts)
    if layer in _ROWS:
        return _of_rows(header, texts) or _to_come(header, texts) or _no_homes(layer, header, texts)
    if layer == "facilities" and (told := _for_insiders(header, texts)):
        return told
    ends = layer == "facilities" and re.search(asks["facilities"]["ends"], header, re.I)
    if ends and (told := _ended(texts)):
        return told
    if layer in ("facilities", "streets", "candidates") and (told := _to_come(header, texts)):
        return told
    if layer == "streets" and (told := _of_streets(name, header, texts)):
        return told
    if re.search(asks["others"]["headers"], header, re.I):
        return Counter()
    yes, no = answers()
    gone = _gone(layer)
    if re.search(asks["shut"]["headers"], header, re.I):
        gone = gone | yes
    elif re.search(asks["running"]["headers"], header, re.I):
        gone = gone | no
    plain = {text: plain_word(text).replace("_", " ") for text in texts}
    return Counter({text: n for text, n in texts.items() if {plain_word(text), plain[text]} & gone})


def _for_insiders(header: str, texts: Counter[str]) -> Counter[str]:
    """Return the cells by which facilities are not for everybody."""
    asks = _asks()["facilities"]
    if not re.search(asks["audience"], header, re.I):
        return Counter()
    return Counter({t: n for t, n in texts.items() if re.search(asks["insiders"], t, re.I)})


def _of_streets(name: str, header: str, texts: Counter[str]) -> Counter[str]:
    """Return the cells by which nobody walks on a street, or that are codes of a motorway."""
    asks = _asks()
    if name == "code":
        found = asks["class_codes"]["geofabrik"]
        return Counter({text: n for text, n in texts.items() if re.fullmatch(found, text)})
    if not re.search(asks["walkers"]["headers"], header, re.I):
        return Counter()
    no = answers()[1] | frozenset(asks["walkers"]["words"])
    return Counter({text: n for text, n in texts.items() if plain_word(text) in no})


def _ended(texts: Counter[str]) -> Counter[str]:
    """Return the cells whose last year is over; within this year the day is not looked at."""
    now = dt.datetime.now(tz=dt.UTC).year
    last = {text: max(map(int, _PAST_YEAR.findall(text)), default=now) for text in texts}
    return Counter({text: n for text, n in texts.items() if last[text] < now})


def _to_come(header: str, texts: Counter[str]) -> Counter[str]:
    """Return the cells by which rows are to come, by a year that lies ahead."""
    asks = _asks()["facilities"]
    if not re.search(asks["years"], header, re.I) or re.search(asks["until"], header, re.I):
        return Counter()
    now = dt.datetime.now(tz=dt.UTC).year
    years = {text: max(map(int, _YEAR.findall(text)), default=0) for text in texts}
    return Counter({text: n for text, n in texts.items() if years[text] > now})


def _of_barriers(name: str, header: str, texts: Counter[str]) -> Counter[str]:
    asks = _asks()["barriers"]
    if name in asks["ends"]:
        return texts
    if known_columns("streets", [header]).get(header) in ("bridge", "tunnel"):
        return Counter()  # read, see planner.sources.files.off_ground
    # a level alone says less than a bridge: rivers are drawn below the bridges over them
    if name in asks["levels"]:
        return Counter({text: n for text, n in texts.items() if number(text) not in (None, 0.0)})
    if name in asks["heights"]:
        tall = {text: number(text) for text in texts}
        return Counter({t: n for t, n in texts.items() if 0 < (tall[t] or 0) < STEPPED_OVER_M})
    if told := _to_come(header, texts):
        return told
    gone = _gone("barriers")
    if re.search(asks["headers"], header, re.I):
        gone = gone | answers()[0]
    return Counter({text: n for text, n in texts.items() if plain_word(text) in gone})


def _of_rows(header: str, texts: Counter[str]) -> Counter[str]:
    """Return the cells by which a community or home is no more, not yet, or empty."""
    asks = _asks()["rows"]
    if re.search(asks["ends"], header, re.I) and (told := _ended(texts)):
        return told
    gone, (yes, no) = _gone("rows"), answers()
    # a name or an address holds such words for another reason (在建设路5号)
    noted = not re.search(asks["named"], header, re.I)
    if re.search(asks["shut"], header, re.I):
        gone = gone | yes
    elif re.search(asks["running"], header, re.I):
        gone = gone | no
    return Counter(
        {
            text: n
            for text, n in texts.items()
            if plain_word(text) in gone or (noted and len(text) <= _NOTE and _said_gone(text))
        }
    )


def _no_homes(layer: str, header: str, texts: Counter[str]) -> Counter[str]:
    """Return the cells by which rows of homes are used for something else."""
    asks = _asks()["rows"]
    if layer != "demand" or not re.search(asks["use"], header, re.I):
        return Counter()
    return Counter({text: n for text, n in texts.items() if re.search(asks["others"], text, re.I)})


def _said_gone(text: str) -> bool:
    return re.search(_asks()["rows"]["said"], text, re.I) is not None


def _kinds() -> set[str]:
    """Return the words that lists use for kinds of facilities, and the kinds' own names."""
    rows = data()["kinds"]
    words = {word for row in rows for word in row["words"]}
    return words | {row["kind"] for row in rows if "kind" in row}


@cache
def _gone(layer: str) -> frozenset[str]:
    """Return the words by which a row of a layer is not there, shut or not walked."""
    states = data()["status"]
    found = {*states["planned"], *states["proposed"], *states["closed"]}
    if layer == "streets":
        own, asks = street_words(), _asks()["not_walked"]
        found |= {*own["state"]["closed"], *own["state"]["planned"], *asks["words"]}
        found |= {*own["access"]["no"], *own["access"]["private"], *_asks()["facilities"]["words"]}
        found |= {word for name in asks["classes"] for word in own["class"][name]}
    if layer == "facilities":
        found |= {*data()["ownership"]["internal"], *_asks()["facilities"]["words"]}
        found |= {f"已{word}" for word in states["closed"]}
    if layer == "candidates":
        # a site is mostly planned by its nature; a kind alone may stand there
        found = {*states["closed"], *_asks()["candidates"]["words"], *_kinds()}
    if layer == "barriers":
        found |= {*_asks()["barriers"]["words"]}
    yes, no = answers()
    if layer == "rows":  # a community whose gates are shut is one all the same
        return frozenset(map(plain_word, found - {*_asks()["rows"]["gates"]})) - yes - no
    return frozenset(map(plain_word, found | (SHUT - _OF_WALKERS_ONLY))) - yes - no - {"n", "f"}


@cache
def _asks() -> dict[str, Any]:
    path = Path(__file__).parent / "states.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))
