"""Words of what streets tell of themselves, as bureaus write them; the words are data."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from planner.sources.tables.headers.headers import read_header
from planner.sources.tables.values.numbers import plain_word
from planner.sources.tables.words.flags import answers

_FLAGS = ("wheelchair", "handrail", "ramp", "ramp:wheelchair", "obstacle")
_UNITS = {
    **dict.fromkeys(("°", "度"), "°"),
    **dict.fromkeys(("%", "％"), "%"),
    **dict.fromkeys(("‰", "千分之"), "‰"),
    **dict.fromkeys(("mm", "毫米"), "mm"),
    **dict.fromkeys(("cm", "厘米"), "cm"),
    **dict.fromkeys(("dm", "分米"), "dm"),
    **dict.fromkeys(("m", "米"), "m"),
    "ft": "ft",
}
_NOTE = re.compile(r"[(（]([^()（）]*)[)）]$")


@cache
def _data() -> dict[str, dict[str, list[str]]]:
    path = Path(__file__).parent / "attributes.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))


@cache
def _keys() -> Mapping[str, str]:
    return {word: key for key, words in _data()["headers"].items() for word in words}


@cache
def _order() -> Mapping[str, int]:
    return {word: at for words in _data()["headers"].values() for at, word in enumerate(words)}


@cache
def _values(key: str) -> Mapping[str, str]:
    told = {word: value for value, words in _data().get(key, {}).items() for word in words}
    if key == "crossing":
        return dict.fromkeys(answers()[1], "")
    if key not in _FLAGS:
        return told
    yes, no = answers()
    return {**dict.fromkeys(yes, "yes"), **dict.fromkeys(no, "no"), **told}


def key_of(header: str) -> str:
    """Return the key of OpenStreetMap that a header has a word for, empty where none.

    Examples
    --------
    >>> key_of("路面类型"), key_of("坡度（%）"), key_of("surface")
    ('surface', 'incline', '')
    """
    return _keys().get(_without_unit(header)[0], "")


def unit_of(header: str) -> str:
    """Return the unit of a slope, a width or a height that a header tells, empty where none.

    Examples
    --------
    >>> unit_of("坡度（%）"), unit_of("宽度_m"), unit_of("路宽毫米"), unit_of("坡度")
    ('%', 'm', 'mm', '')
    """
    return _without_unit(header)[1]


def is_mean(header: str) -> bool:
    """Return whether a header says that its figures are means.

    Examples
    --------
    >>> is_mean("平均坡度(%)"), is_mean("坡度(%)")
    (True, False)
    """
    return _without_unit(header)[0] in _data()["notes"]["mean"]


def rank_of(header: str) -> int:
    """Return which of several headers of one key is asked first: the least of these numbers.

    Examples
    --------
    >>> rank_of("最大坡度(%)") < rank_of("坡度") < rank_of("平均坡度")
    True
    """
    return _order().get(_without_unit(header)[0], -1)


def _without_unit(header: str) -> tuple[str, str]:
    """Return a header's word without its unit, in brackets or behind a word of ours, and that."""
    told = read_header(header)
    if told.plain in _keys() or told.unit:
        return told.plain, _UNITS.get(told.unit, "")
    for unit in sorted(_UNITS, key=len, reverse=True):
        word = told.plain.removesuffix(unit)
        if word != told.plain and word in _keys():
            return word, _UNITS[unit]
    return told.plain, ""


def value_of(key: str, text: str) -> str:
    """Return what a cell says in the words of OpenStreetMap; what is not known stays as it is.

    Examples
    --------
    >>> value_of("surface", "土路"), value_of("wheelchair", "否"), value_of("surface", "Sand")
    ('ground', 'no', 'sand')
    >>> value_of("handrail", "无扶手"), value_of("handrail", "有（东侧）")
    ('no', 'yes')
    >>> value_of("handrail", "有（已损坏）")
    '有(已损坏)'
    """
    word, known = plain_word(text), _values(key)
    if word in known or key not in _FLAGS:
        return known.get(word, word)
    # what is there or not may be named once more, and a note may follow
    note = _NOTE.search(word)
    bare = word[: note.start()].strip() if note else word
    for header in sorted(_data()["headers"][key], key=len, reverse=True):
        bare = bare.replace(header, "")
    value = known.get(bare, word)
    # a note behind "no" takes nothing back; one behind "yes" may, unless it tells a side
    harmless = note is None or value == "no" or note[1] in _data()["notes"]["side"]
    return value if harmless else word
