"""Numbers as people write them in cells, and cells that say nothing."""

from __future__ import annotations

import math
import re
import unicodedata
from functools import cache

import numpy as np
import pandas as pd

from planner.district.not_told import tells_nothing
from planner.district.validation.layers import MOST_NUMBER
from planner.errors import InputError
from planner.sources.tables.cells import MOST_SIGNS, has_note
from planner.sources.tables.headers.headers import header_words

_THOUSANDS = re.compile(r"[+-]?\d{1,3}(?:[, ]\d{3})+(?:\.\d+)?")


@cache
def _blanks() -> frozenset[str]:
    return frozenset(header_words()["rows"]["blanks"])


def plain_word(value: object) -> str:
    """Return the text of a cell as words are compared: half-width, trimmed, in small letters.

    Examples
    --------
    >>> plain_word(" ＹＥＳ")
    'yes'
    """
    return unicodedata.normalize("NFKC", str(value)).strip().casefold()


def is_blank(value: object) -> bool:
    """Return whether a cell says nothing."""
    if value is None or value is pd.NA:
        return True
    if isinstance(value, float):
        return math.isnan(value)
    return str(value).strip().casefold() in _blanks()


def blank(values: pd.Series) -> pd.Series:
    """Return which cells of a column say nothing."""
    if pd.api.types.is_numeric_dtype(values):
        return values.isna()
    # each value is asked once; what is missing is no value, and not equal to itself
    codes, cells = pd.factorize(values.astype(object))
    known = np.array([*map(is_blank, cells), True], dtype=np.bool_)
    return pd.Series(known[codes], index=values.index, dtype=bool)


def no_figures(values: pd.Series) -> pd.Series:
    """Return which cells of a column of figures say nothing, or that it is not known.

    A word such as 待核实 asks what it means where words do; a figure that it stands for is not
    known.

    Examples
    --------
    >>> no_figures(pd.Series(["12", "待核实", "?", "无", "many"])).tolist()
    [False, True, True, True, False]
    """
    empty = blank(values)
    if pd.api.types.is_numeric_dtype(values) or empty.all():
        return empty
    texts = values.astype(object)
    known = {value: isinstance(value, str) and tells_nothing(value) for value in pd.unique(texts)}
    return empty | pd.Series([known[value] for value in texts], index=values.index, dtype=bool)


def number(value: object) -> float | None:
    """Return the number that a cell holds, NaN for a blank, None for what is no number.

    Thousands separators and full-width digits are understood; units and words are not, see
    :func:`planner.sources.tables.values.figures.figure`.

    Examples
    --------
    >>> number("１，２３４．５"), number("1 234"), number(7), number("1,23"), number("many")
    (1234.5, 1234.0, 7.0, None, None)
    """
    if is_blank(value):
        return math.nan
    if len(str(value)) > MOST_SIGNS or has_note(str(value)):
        return None
    text = unicodedata.normalize("NFKC", str(value)).strip()
    if _THOUSANDS.fullmatch(text):
        text = text.replace(",", "").replace(" ", "")
    if "_" in text:
        return None
    try:
        result = float(text)
    except ValueError:
        return None
    return result if math.isfinite(result) else None


def numbers(values: pd.Series, file: str, column: str) -> pd.Series:
    """Return a column's numbers; the index of `values` is the row told in errors.

    Raises
    ------
    InputError
        Names the file, row and column of what is no number.
    """
    parsed = [number(value) for value in values]
    for row, value, result in zip(values.index, values, parsed, strict=True):
        if result is None:
            raise InputError("sources.not_a_number", file=file, row=row, column=column, value=value)
    return pd.Series(np.array(parsed, dtype="float64"), index=values.index)


def counts(values: pd.Series, file: str, column: str, *, needed: bool = False) -> pd.Series:
    """Return a column's numbers, none below zero and, where `needed`, none missing.

    Raises
    ------
    InputError
        Names the file, row and column of the first fault.
    """
    result = numbers(values, file, column)
    for row, value in result.items():
        if value < 0:
            raise InputError("sources.negative", file=file, row=row, column=column, value=value)
        if needed and math.isnan(value):
            raise InputError("sources.missing_value", file=file, row=row, column=column)
        if value > MOST_NUMBER:
            raise InputError(
                "sources.too_large",
                file=file,
                row=row,
                column=column,
                value=value,
                most=MOST_NUMBER,
            )
    return result


def cell_text(value: object) -> str:
    """Return a cell as text: empty for a blank, a whole number without its decimals."""
    if is_blank(value):
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()
