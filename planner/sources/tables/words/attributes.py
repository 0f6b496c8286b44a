"""Words of what streets tell of themselves, as bureaus write them; the words are data."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from planner.sources.tables.headers.headers import read_header
from planner.sources.tables.values.numbers import plain_word
from planner.sources.tables.words.flags import answers

_FLAGS = ("wheelchair", "handrail", "ramp", "ramp:wheelchair")


@cache
def _data() -> dict[str, dict[str, list[str]]]:
    path = Path(__file__).parent / "attributes.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))


@cache
def _keys() -> Mapping[str, str]:
    return {word: key for key, words in _data()["headers"].items() for word in words}


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
    return _keys().get(read_header(header).plain, "")


def value_of(key: str, text: str) -> str:
    """Return what a cell says in the words of OpenStreetMap; what is not known stays as it is.

    Examples
    --------
    >>> value_of("surface", "土路"), value_of("wheelchair", "否"), value_of("surface", "Sand")
    ('ground', 'no', 'sand')
    """
    word = plain_word(text)
    return _values(key).get(word, word)
