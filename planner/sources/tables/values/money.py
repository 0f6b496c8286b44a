"""Prices that name a unit, and whether it is that of the district's prices."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from planner.district.defaults import YUAN, Money
from planner.errors import Finding, InputError
from planner.sources.tables.headers.currencies import named_currency
from planner.sources.tables.headers.units import header_unit, units

IN_YUAN = "tables.prices_in_yuan"
"""Code of the finding that prices name a unit and were read in :data:`YUAN`."""


IN_CURRENCY = "tables.prices_in_currency"
"""Code of the finding that a header names a currency, in which the prices were left."""


def money_named(header: str, cells: Iterable[str], file: str) -> list[Finding]:
    """Return what to tell of prices whose header or cells name yuan or another currency.

    Parameters
    ----------
    header, cells, file
        As of :func:`yuan_named`.

    Examples
    --------
    >>> [f.params["unit"] for f in money_named("造价(万欧元)", [], "a.csv")]
    ['万欧元']
    >>> money_named("人民币造价(万元)", [], "a.csv")[0].code
    'tables.prices_in_yuan'
    """
    named = named_currency(header)
    if named is None or (YUAN.currency in named.codes and header_unit(header, "cost")):
        return yuan_named(header, cells, file)
    told = {"file": file, "column": header, "unit": named.text, "many": str(named.many)}
    told["codes"] = ";".join(named.codes)
    if named.strange:
        strange = Finding(
            "tables.unit_not_known", {"file": file, "column": header, "unit": named.text}
        )
        return [Finding(IN_CURRENCY, told), strange, *yuan_named("", cells, file)]
    # 120万 beside a header in euros counts ten thousand yuan, which is told, too
    return [Finding(IN_CURRENCY, told), *yuan_named("", cells, file)]


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


_REFUSED = {
    IN_YUAN: "tables.prices_of_other_money",
    IN_CURRENCY: "tables.prices_of_other_currency",
}


def of_money(findings: Iterable[Finding], money: Money) -> tuple[Finding, ...]:
    """Return findings without those on prices in a unit that is that of the district's prices.

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
        ``tables.prices_of_other_money``, ``tables.prices_of_other_currency``: they are not what
        the district's prices are in.
    """
    kept = []
    for each in findings:
        if each.code not in _REFUSED or not money.currency:
            kept.append(each)
        elif not _of(each, money):
            told = {name: each.params[name] for name in ("file", "column", "unit")}
            raise InputError(_REFUSED[each.code], **told, district=str(money))
    return tuple(kept)


def _of(finding: Finding, money: Money) -> bool:
    """Return whether the prices that a finding is on are in a unit of money."""
    if finding.code == IN_YUAN:
        return money == YUAN
    codes = str(finding.params["codes"]).split(";")
    return money.currency in codes and str(money.many) == finding.params["many"]


def _behind(cell: str) -> str:
    """Return the unit of prices that a cell ends in, the longest that fits."""
    plain = unicodedata.normalize("NFKC", cell).strip()
    known = sorted(units("cost"), key=len, reverse=True)
    return next((unit for unit in known if plain.rstrip("左右上下余多 ").endswith(unit)), "")
