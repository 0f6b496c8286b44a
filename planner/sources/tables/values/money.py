"""Prices that name a unit, and whether it is that of the district's prices."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from planner.district.defaults import YUAN, Money
from planner.errors import Finding, InputError
from planner.sources.tables.values.units import header_unit, units

IN_YUAN = "tables.prices_in_yuan"
"""Code of the finding that prices name a unit and were read in :data:`YUAN`."""


def yuan_named(header: str, cells: Iterable[str], file: str) -> list[Finding]:
    """Return what to tell of prices that name a unit: 万元 in the header, or 万 behind a figure.

    Units of prices are those of yuan, and read in :data:`planner.district.defaults.YUAN`. Whether
    the district's prices are in it is not known while a file is read; see :func:`of_money`.

    Parameters
    ----------
    header
        The file's name of the column; empty where it has none.
    cells
        Texts of cells that hold more than digits.
    file
        Name by which it is told.

    Examples
    --------
    >>> yuan_named("造价(万元)", [], "a.csv")[0].params["unit"], yuan_named("cost", ["12"], "a.csv")
    ('万元', [])
    """
    unit = header_unit(header, "cost") or next(filter(None, map(_behind, cells)), "")
    if not unit:
        return []
    return [Finding(IN_YUAN, {"file": file, "column": header or "cost", "unit": unit})]


def of_money(findings: Iterable[Finding], money: Money) -> tuple[Finding, ...]:
    """Return findings without those on prices in yuan where the district's are in them, too.

    Parameters
    ----------
    findings
        Of files that were read.
    money
        Unit of the district's prices. Where that is no currency the prices stand beside
        placeholders in yuan, and what they were read in is told.

    Raises
    ------
    InputError
        ``tables.prices_of_other_money``: they are not what the district's prices are in.
    """
    kept = []
    for each in findings:
        if each.code != IN_YUAN or not money.currency:
            kept.append(each)
        elif money != YUAN:
            params = {**each.params, "district": str(money)}
            raise InputError("tables.prices_of_other_money", **params)
    return tuple(kept)


def _behind(cell: str) -> str:
    """Return the unit of prices that a cell ends in, the longest that fits."""
    plain = unicodedata.normalize("NFKC", cell).strip()
    known = sorted(units("cost"), key=len, reverse=True)
    return next((unit for unit in known if plain.rstrip("左右上下余多 ").endswith(unit)), "")
