"""Numbers with a sign of percent or per mille, in their cell or in their header."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from planner.arrays import F64, Bool
from planner.sources.tables.values.numbers import is_blank, number

SIGNS = {"%": 100.0, "％": 100.0, "﹪": 100.0, "‰": 1000.0}
"""What a number is divided by where the sign stands at it."""

_WORDS = {
    "‰": ("千分之", "千分率", "per mille", "per thousand"),
    "%": ("百分之", "per cent", "percent"),
}
"""Words of a header that stand for a sign."""


@dataclass(frozen=True, eq=False)
class Signed:
    """Numbers, those with a sign as shares.

    Parameters
    ----------
    value
        The number, divided by what its sign says, (n,); NaN for blanks and what is no number.
    signed
        Which have a sign, in their cell or by their header, (n,).
    bad
        Text of the first cell that is no number, empty where all are.
    """

    value: F64
    signed: Bool
    bad: str


def sign_of(text: str) -> str:
    """Return the sign of percent or per mille that a text ends with, empty where none.

    Examples
    --------
    >>> sign_of("1.2 ％"), sign_of("5‰"), sign_of("7")
    ('％', '‰', '')
    """
    last = text.strip()[-1:]
    return last if last in SIGNS else ""


def _of_header(header: str) -> str:
    """Return the sign that a header has, or has a word for.

    Examples
    --------
    >>> _of_header("rate (%)"), _of_header("增长率（千分之）"), _of_header("rate")
    ('%', '‰', '')
    """
    words = {word: sign for sign, several in _WORDS.items() for word in several}
    text = header.casefold()
    found = (
        sign for word, sign in {**{own: own for own in SIGNS}, **words}.items() if word in text
    )
    return next(found, "")


def signed_numbers(cells: Iterable[object], header: str) -> Signed:
    """Return numbers; the sign in a cell goes before that of the header.

    Examples
    --------
    >>> signed_numbers(["1.2%", "0.8", ""], "rate (%)").value.round(6).tolist()
    [0.012, 0.008, nan]
    """
    by_header = _of_header(header)
    values, signed, bad = [], [], ""
    for cell in cells:
        text = "" if is_blank(cell) else str(cell).strip()
        sign = sign_of(text)
        found = number(text[: -len(sign)] if sign else text)
        if found is None:
            bad, found = bad or text, np.nan
        sign = sign or by_header
        values.append(found / SIGNS[sign] if sign else found)
        signed.append(bool(sign))
    return Signed(np.array(values, dtype=np.float64), np.array(signed, dtype=bool), bad)
