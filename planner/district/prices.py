"""Prices of sites that can hardly be in the unit that a district's prices are taken in."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

import pandas as pd

from planner.district.defaults import YUAN, Money
from planner.errors import Finding

IN_SINGLE_UNITS = "district.prices_in_single_units"
"""Code of the finding, which follows the unit of the prices and not the layer alone."""

KEPT = "update.prices_before_unit"
"""Code of the finding that the unit was changed and the sites' prices stand as they were."""

MOST_UNITS = 10_000.0
MOST_MONEY = 1e8
"""A community facility costs no more than so many units nor so much money, whichever is more: a
hundred million yuan or euros, and of small coins, of which a unit has a million, ten thousand
units. What costs more is told in single yuan or euros."""

_TOLD = 10


def in_single_units(candidates: pd.DataFrame, money: Money) -> list[Finding]:
    """Return what to tell of sites whose price looks like one in single yuan, euros or dollars.

    Prices of files without a unit are taken in the district's, which is of many coins: 1,200,000
    would be twelve thousand million yuan. Where the unit is one coin nothing can be told; where no
    currency is known prices stand beside placeholders in :data:`planner.district.defaults.YUAN`.

    Parameters
    ----------
    candidates
        Layer ``candidates``.
    money
        Unit of the district's prices.

    Examples
    --------
    >>> sites = pd.DataFrame({"candidate_id": ["a", "b"], "cost": [1_200_000.0, 90.0]})
    >>> in_single_units(sites, YUAN)[0].params["ids"], in_single_units(sites, Money("EUR"))
    ('a', [])
    """
    unit = money if money.currency else YUAN
    if unit.many == 1 or "cost" not in candidates:
        return []
    most = max(MOST_UNITS, MOST_MONEY / unit.many)
    dear = candidates[candidates["cost"] > most]
    if dear.empty:
        return []
    ids = ", ".join(dear["candidate_id"].astype(str).head(_TOLD))
    params = {
        "count": len(dear),
        "ids": ids + (", …" if len(dear) > _TOLD else ""),
        "value": f"{float(dear['cost'].iloc[0]):,.0f}",
        "most": f"{most:,.0f}",
        "unit": str(money) or "–",
    }
    return [Finding(IN_SINGLE_UNITS, params)]


def of_unit_before(
    findings: Iterable[Finding], candidates: pd.DataFrame, before: Money, after: Money
) -> tuple[Finding, ...]:
    """Return findings with what to tell of sites' prices where the unit of prices is changed.

    No rate of exchange is known, so the figures stand as they are, and may be wrong in the new
    unit. That stays told until the prices are given anew or the unit is the one that it was.

    Parameters
    ----------
    findings, candidates
        Of the district.
    before, after
        Unit of its prices until now and from now on. Where it had none, nothing is changed.

    Examples
    --------
    >>> sites = pd.DataFrame({"candidate_id": ["a"], "cost": [75.0]})
    >>> told = of_unit_before((), sites, YUAN, Money("EUR"))
    >>> told[0].params["before"], of_unit_before(told, sites, Money("EUR"), YUAN)
    ('CNY 10,000', ())
    """
    told = [each for each in findings if each.code == KEPT]
    rest = tuple(each for each in findings if each.code != KEPT)
    given = str(told[0].params["before"]) if told else str(before)
    count = int(candidates["cost"].notna().sum()) if "cost" in candidates else 0
    if not count or not given:
        return rest
    sign = told[0].params.get("prices") if told else _sign(candidates)
    if given == str(after):
        if sign in (None, _sign(candidates)):
            return rest
        # back where it was, but some were priced meanwhile, in the unit of then
        given = str(before)
    params = {"count": count, "before": given, "unit": str(after) or "–", "prices": sign}
    return (*rest, Finding(KEPT, params))


def _sign(candidates: pd.DataFrame) -> str:
    """Return a sign of the prices of sites, another once one of them becomes another."""
    told = sorted(f"{own} {price!r}" for own, price in _priced_sites(candidates))
    return hashlib.sha256("\n".join(told).encode("utf-8")).hexdigest()[:16]


def given_anew(before: pd.DataFrame, after: pd.DataFrame) -> bool:
    """Return whether no site has kept the price that it had, under whatever id."""
    old, new = _priced_sites(before), _priced_sites(after)
    same_amounts = sorted(cost for _, cost in old) == sorted(cost for _, cost in new)
    return not old & new and not (old and same_amounts)


def _priced_sites(candidates: pd.DataFrame) -> set[tuple[str, float]]:
    if "cost" not in candidates:
        return set()
    priced = candidates.dropna(subset=["cost"])
    return set(zip(priced["candidate_id"].astype(str), priced["cost"], strict=True))
