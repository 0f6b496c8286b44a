"""Figures as people write them: with thousands, decimal commas, units, 万, and about-words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator

import numpy as np
import pandas as pd

from planner.arrays import F64, Bool
from planner.district.validation.layers import MOST_NUMBER
from planner.errors import Finding, InputError
from planner.sources.tables.cells import MOST_SIGNS, has_note
from planner.sources.tables.headers.headers import folded
from planner.sources.tables.headers.units import (
    ABOUT,
    counts_others,
    foreign_unit,
    header_factor,
    units,
)
from planner.sources.tables.set_aside import SetAside
from planner.sources.tables.values.money import IN_CURRENCY, money_named
from planner.sources.tables.values.numbers import no_figures
from planner.sources.tables.values.rooms import rooms_counted
from planner.sources.tables.values.rounding import (
    LARGE_UNIT,
    counts_people,
    in_large_unit,
    rounded,
)

NUMBERS = (
    "population",
    "weight",
    "households",
    "floor_area_m2",
    "capacity",
    "capacity_residents",
    "cost",
)
"""Columns of numbers, beside those of groups (``pop_…``)."""

_ABOUT = re.compile(
    r"^(?:大约为?|约为?|近|大概|将近|超过|超|逾|共|计|≈|~|>|>=|≥|about|approx\.?|ca\.?)+", re.I
)
_POINT = re.compile(
    r"([+-]?(?:\d{1,3}(?:[, ']\d{3})+|\d+)(?:\.\d*)?(?:e[+-]?\d{1,3})?|\.\d+)(.*)", re.I
)
_COMMA = re.compile(
    r"([+-]?(?:\d{1,3}(?:[. ']\d{3})+|\d+)(?:,\d*)?(?:e[+-]?\d{1,3})?|,\d+)(.*)", re.I
)
_PLAIN = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d{1,3})?", re.I)
_SAYS_COMMA = re.compile(
    r"[+-]?(?:\d{1,3}(?:\.\d{3})+,\d+|\d+,(?:\d{1,2}|\d{4,})|\d{4,},\d+|0,\d+)"
)
_SAYS_POINT = re.compile(
    r"[+-]?(?:\d{1,3}(?:,\d{3})+\.\d+|\d+\.(?:\d{1,2}|\d{4,})|\d{4,}\.\d+|0\.\d+)"
)
_GROUPED = {
    ".": re.compile(r"[+-]?[1-9]\d{0,2}(?:\.\d{3})+"),
    ",": re.compile(r"[+-]?[1-9]\d{0,2}(?:,\d{3})+"),
}
"""Figures that may be thousands, by the sign that was taken for that of decimals."""
_LOOKED_AT = 2000


def is_figure(column: str) -> bool:
    """Return whether a column holds figures."""
    return column in NUMBERS or column.startswith("pop_")


def decimal_sign(columns: Iterable[pd.Series]) -> str:
    """Return the decimal sign by the file's own evidence, ``"."`` where there is none.

    ``1,234`` is no evidence, since it may be a thousand; ``113,93067`` is.

    Examples
    --------
    >>> decimal_sign([pd.Series(["113,9306707", "114"])]), decimal_sign([pd.Series(["1,234"])])
    (',', '.')
    """
    comma = point = 0
    for values in columns:
        text = values.iloc[:_LOOKED_AT].astype(str)
        comma += int(text.str.fullmatch(_SAYS_COMMA).sum())
        point += int(text.str.fullmatch(_SAYS_POINT).sum())
    return "," if comma and not point else "."


def figure(text: str, column: str, decimal: str = ".") -> tuple[float, bool] | None:
    """Return the figure that a cell holds and whether it is about, None for what is none.

    Parameters
    ----------
    text
        A cell that is not blank.
    column
        Our name of the column, which tells its units.
    decimal
        Decimal sign.

    Examples
    --------
    >>> figure("约120平方米", "floor_area_m2"), figure("1.2万", "population")
    ((120.0, True), (12000.0, False))
    >>> figure("５０床", "capacity"), figure("3床", "population") is None
    ((50.0, False), True)
    """
    if len(text) > MOST_SIGNS or has_note(text):
        return None
    plain = unicodedata.normalize("NFKC", text).strip()
    if "_" in plain:
        return None
    stripped = _ABOUT.sub("", plain)
    about = stripped != plain
    found = (_COMMA if decimal == "," else _POINT).fullmatch(stripped.strip())
    if found is None:
        return None
    digits, rest = found.groups()
    bare = ABOUT.sub("", rest)
    about |= bare != rest
    unit = folded(bare)
    factor = 1.0
    if unit:
        known = units(column)
        if unit not in known:
            return None
        factor = known[unit]
    digits = digits.replace(" ", "").replace("'", "")
    digits = (
        digits.replace(".", "").replace(",", ".") if decimal == "," else digits.replace(",", "")
    )
    value = float(digits) * factor
    return (value, about) if np.isfinite(value) else None


def has_unit(text: str) -> bool:
    """Return whether a cell names a unit of its own; "about" and "odd" are none.

    Examples
    --------
    >>> has_unit("约2"), has_unit("3余"), has_unit("约2万"), has_unit("1.2e3")
    (False, False, True, False)
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    bare = ABOUT.sub("", _ABOUT.sub("", plain))
    return bool(re.search(r"[^\W\d_eE]|[㎡²]", bare))


def figures(
    values: pd.Series, column: str, aside: SetAside, *, header: str = "", decimal: str = "."
) -> tuple[pd.Series, list[Finding]]:
    """Return a column's figures, NaN for what is not known, and note the rows that hold none.

    Plain numbers are read all at once; what is left is read cell by cell, each text once.

    Parameters
    ----------
    values
        Cells; the index is the row told.
    column
        Our name of the column.
    aside
        Where rows at fault are noted.
    header
        The file's name of the column, which may tell a unit.
    decimal
        Decimal sign.

    Returns
    -------
    The figures, and findings on what was about and which unit a header told.

    Raises
    ------
    InputError
        ``tables.unit_of_others`` where the header's unit counts another thing.
    """
    strange = foreign_unit(header, column) if header else ""
    if strange and counts_others(strange, column):
        raise InputError("tables.unit_of_others", file=aside.file, column=header, unit=strange)
    result, left = _plain(values, decimal)
    factor = header_factor(header, column) if header else 1.0
    result *= factor
    scaled = np.full(len(values), factor >= LARGE_UNIT)
    about, example = 0, ""
    texts = values[left].astype(str)
    known = {text: figure(text, column, decimal) for text in pd.unique(texts)}
    bad: list[bool] = []
    for place, text in zip(np.flatnonzero(left), texts, strict=True):
        found = known[text]
        bad.append(found is None)
        if found is not None:
            result[place] = found[0] * (1.0 if has_unit(text) else factor)
            scaled[place] = in_large_unit(text) if has_unit(text) else factor >= LARGE_UNIT
            if found[1]:
                about, example = about + 1, example or text
    findings: list[Finding] = []
    if factor == 1.0:
        findings += _maybe_thousands(values, decimal, aside.file, header or column)
    if counts_people(column):
        findings += rounded(result, scaled, aside.file, header or column)
    wrong = np.zeros(len(values), dtype=bool)
    wrong[np.flatnonzero(left)] = bad
    _note(aside, "sources.not_a_number", wrong, values, column)
    read = pd.Series(result, index=values.index)
    _note(aside, "sources.negative", result < 0, read, column)
    _note(aside, "sources.too_large", result > MOST_NUMBER, read, column, most=MOST_NUMBER)
    money = money_named(header, known, aside.file) if column == "cost" else []
    if column == "capacity" and np.isfinite(result).any():
        findings += rooms_counted(header, known, aside.file)
    if strange and all(each.code != IN_CURRENCY for each in money):
        at = {"file": aside.file, "column": header, "unit": strange}
        findings.append(Finding("tables.unit_not_known", at))
    if about:
        params = {"file": aside.file, "column": header or column, "count": about, "value": example}
        findings.append(Finding("tables.about_figures", params))
    if factor != 1.0:
        told = {"file": aside.file, "column": header, "factor": f"{factor:,g}"}
        findings.append(Finding("tables.unit_of_header", told))
    return read, [*findings, *money]


def _maybe_thousands(values: pd.Series, decimal: str, file: str, column: str) -> Iterator[Finding]:
    """Tell of a column in which the sign of decimals may part thousands: 1.234 beside 900.

    Where those with the sign have three digits behind it, and others are whole, either can be
    meant. So it can where all have: a program that writes three decimals writes them of every
    figure, and a list of thousands may hold nothing else. A figure below 1, or of four digits
    before the sign, is parted by decimals.
    """
    if pd.api.types.is_numeric_dtype(values):
        return
    texts = values[~no_figures(values)].astype(str)
    texts = texts.map(lambda text: unicodedata.normalize("NFKC", text))
    parted = texts[texts.str.contains(decimal, regex=False)]
    if not len(parted) or not parted.str.strip().str.fullmatch(_GROUPED[decimal]).all():
        return
    told = {"file": file, "column": column, "count": len(parted), "sign": decimal}
    code = "all" if len(parted) == len(texts) else "maybe"
    yield Finding(f"tables.{code}_thousands", {**told, "value": parted.iloc[0].strip()})


def share_of_figures(values: pd.Series, column: str, decimal: str) -> float:
    """Return the share of a column's filled cells that hold a figure; 1 where none is filled."""
    filled = values[~no_figures(values)].iloc[:_LOOKED_AT]
    if not len(filled):
        return 1.0
    found, left = _plain(filled, decimal)
    good = int(np.isfinite(found).sum())
    texts = filled[left].astype(str)
    return (good + sum(figure(text, column, decimal) is not None for text in texts)) / len(filled)


def _plain(values: pd.Series, decimal: str) -> tuple[F64, Bool]:
    """Return the numbers that stand there as a computer writes them, and which cells are left."""
    if pd.api.types.is_bool_dtype(values):  # yes and no are no figures
        return np.full(len(values), np.nan), values.notna().to_numpy(dtype=bool)
    if pd.api.types.is_numeric_dtype(values):
        found = values.to_numpy(dtype=np.float64, na_value=np.nan)
        endless = np.isinf(found)
        return np.where(endless, np.nan, found), endless
    empty = no_figures(values).to_numpy()
    text = values.astype(object).where(~empty, "")
    text = text.astype(str)
    fits = text.str.fullmatch(_PLAIN).to_numpy(dtype=bool)
    if decimal == ",":
        fits = fits & ~text.str.contains(".", regex=False).to_numpy(dtype=bool)
    result = np.full(len(values), np.nan)
    result[fits] = text[fits].astype(np.float64)
    endless = np.isinf(result)
    result[endless] = np.nan
    return result, (~fits & ~empty) | endless


def _note(
    aside: SetAside, code: str, wrong: Bool, values: pd.Series, column: str, **params: object
) -> None:
    if wrong.any():
        at = values[wrong]
        aside.add(code, at.index, column, at, **params)


def needed(values: pd.Series, column: str, aside: SetAside) -> None:
    """Note the rows of a column that says nothing there."""
    wrong = no_figures(values)
    if wrong.any():
        aside.add("sources.missing_value", values.index[wrong], column)
