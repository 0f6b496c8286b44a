"""Sentences filled in and put one behind the other, as each language writes them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from string import Formatter
from typing import Any

_SIGNS = "\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef“”‘’—…"
_BESIDE_BLANK = re.compile(r"\} | \{")
_OPEN_BLANK = re.compile(f"[{_SIGNS}] +$")
_STOP = re.compile(r"[.!?。！？…;；:：][\"'”’)）\]]*$")
_FORMATTER = Formatter()


def filled_chinese(sentence: str, params: Mapping[str, Any]) -> str:
    """Return a Chinese sentence with its braces filled, and closed up where words met.

    The blank that a sentence has beside a brace is for a figure or a Latin word. Where the words
    that come in begin or end with a Chinese sign, it would part two of them. Blanks within what
    comes in, such as a name, stay.

    Examples
    --------
    >>> filled_chinese("{people} 在限值以外", {"people": "7,928 名居民"})
    '7,928 名居民在限值以外'
    >>> filled_chinese("{people} 在限值以外", {"people": 12})
    '12 在限值以外'
    """
    if _BESIDE_BLANK.search(sentence) is None:
        return sentence.format_map(params)
    said = ""
    for piece in _pieces(sentence, params):
        said = _joined(said, piece)
    return said


def _pieces(sentence: str, params: Mapping[str, Any]) -> Iterator[str]:
    """Yield what stands between braces, and what fills each."""
    for literal, name, form, conversion in _FORMATTER.parse(sentence):
        yield literal
        if name is not None:
            value, _ = _FORMATTER.get_field(name, (), params)
            yield _FORMATTER.format_field(
                _FORMATTER.convert_field(value, conversion or None), form or ""
            )


def _joined(said: str, piece: str) -> str:
    """Return a piece behind what was said; a blank between two Chinese signs goes."""
    if not said or not piece:
        return said + piece
    if _OPEN_BLANK.search(said) and _is_sign(piece[0]):
        return said.rstrip(" ") + piece
    rest = piece.lstrip(" ")
    if rest != piece and rest and _is_sign(said[-1]) and _is_sign(rest[0]):
        return said + rest
    return said + piece


def _is_sign(letter: str) -> bool:
    return re.match(f"[{_SIGNS}]", letter) is not None


def in_a_row(sentences: Iterable[str], language: str) -> str:
    """Return sentences one behind the other; one without a stop, such as a reason, gets one.

    Examples
    --------
    >>> in_a_row(["反对：太远", "尚无回应。"], "zh")
    '反对：太远。尚无回应。'
    """
    stop, between = ("。", "") if language == "zh" else (".", " ")
    return between.join(_ended(each, stop) for each in sentences)


def _ended(sentence: str, stop: str) -> str:
    told = sentence.rstrip()
    return told if _STOP.search(told) else told + stop
