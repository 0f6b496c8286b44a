"""What remedies cost: an editable table, marked unverified until a bureau has put in its own."""

from __future__ import annotations

import json
import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from planner.analysis.links.places import SETTLE_WAY
from planner.district import Money
from planner.district.defaults import YUAN
from planner.documents import flag_of, parse_toml, unread_entry
from planner.errors import InputError, MissingFileError
from planner.own_copies import shipped

_BUILTIN = Path(__file__).with_name("costs.toml")
_WORKS = ("open_gate", "new_gate", "path", "crossing", "footbridge")


_ENTRIES: Mapping[str, Any] = {
    "verified": None,
    "currency": None,
    "site": {"fixed": None, "per_m2": None},
    "open_internal": {"fixed": None},
    "extend_hours": {"fixed": None},
    "add_service": {"fixed": None},
    "link": {work: {"fixed": None, "per_m": None} for work in _WORKS},
    "one_stop": {"saving": None},
}
"""What a file of prices may hold: tables, and None for a value."""


@dataclass(frozen=True)
class Costs:
    """Prices of remedies, in 10,000 yuan unless `currency` says otherwise.

    Parameters
    ----------
    site_fixed, site_per_m2
        A new facility where its candidate names no price.
    open_internal, extend_hours, add_service
        One such action.
    link_fixed, link_per_m
        A link by the kind of work (``open_gate``, ``new_gate``, ``path``, ``crossing``,
        ``footbridge``).
    one_stop_saving
        Share saved on each further kind in the same building, 0 to 1.
    currency
        What one unit is.
    verified
        Whether somebody answers for the prices.
    """

    site_fixed: float
    site_per_m2: float
    open_internal: float
    extend_hours: float
    add_service: float
    link_fixed: Mapping[str, float]
    link_per_m: Mapping[str, float]
    one_stop_saving: float
    currency: str
    verified: bool

    @property
    def placeholders(self) -> bool:
        """Whether nobody answers for the prices, so that they only compare remedies."""
        return not self.verified and self.currency == str(YUAN)

    def site(self, floor_area_m2: float | None) -> float:
        """Return the price of a new facility; without a floor area only the fixed part.

        Examples
        --------
        >>> builtin_costs().site(100.0)
        120.0
        """
        known = floor_area_m2 is not None and not math.isnan(floor_area_m2)
        return self.site_fixed + (
            self.site_per_m2 * floor_area_m2 if known and floor_area_m2 else 0.0
        )

    def link(self, work: str, length_m: float) -> float:
        """Return the price of a link; 0 where only the map is to say that one may walk there.

        Examples
        --------
        >>> builtin_costs().link("footbridge", 50.0)
        450.0

        Raises
        ------
        InputError
            ``siting.unknown_work``.
        """
        if work == SETTLE_WAY:  # the way is there: nothing is built
            return 0.0
        if work not in self.link_fixed:
            raise InputError("siting.unknown_work", work=work, known=", ".join(self.link_fixed))
        return self.link_fixed[work] + self.link_per_m[work] * length_m


def read_costs(path: str | Path) -> Costs:
    """Read prices from a TOML file of the form of the built-in one.

    Raises
    ------
    MissingFileError, InputError
        Where there is no such file, an entry is missing or a price is not a number of 0 or more.
    """
    path = Path(path)
    if not path.is_file():
        raise MissingFileError("siting.missing_costs", file=str(path))
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError("siting.bad_costs", file=path.name, problem=str(error)) from error
    return costs_from_toml(text, path.name)


def costs_from_toml(text: str, name: str = "prices.toml") -> Costs:
    """Read prices from the text of such a file; `name` is what a refusal calls it.

    Raises
    ------
    InputError
        Where an entry is missing, a price is not a number of 0 or more, ``verified`` is no true or
        false, or nobody reads an entry: a misspelt ``currency`` is no price in the district's unit.
    """
    try:
        table = parse_toml(text)
    except tomllib.TOMLDecodeError as error:
        raise InputError("siting.bad_costs", file=name, problem=str(error)) from error
    if unread := unread_entry(table, _ENTRIES):
        raise InputError("siting.unread_price", file=name, entry=unread)

    def price(*keys: str) -> float:
        value: Any = table
        for key in keys:
            value = value.get(key) if isinstance(value, dict) else None
        number = isinstance(value, (int, float)) and not isinstance(value, bool)
        if not number or not 0 <= value < math.inf:
            problem = f"{'.'.join(keys)} is {value!r}"
            raise InputError("siting.bad_costs", file=name, problem=problem)
        return float(value)

    saving = price("one_stop", "saving")
    if saving > 1:
        problem = f"one_stop.saving is {saving}"
        raise InputError("siting.bad_costs", file=name, problem=problem)
    return Costs(
        site_fixed=price("site", "fixed"),
        site_per_m2=price("site", "per_m2"),
        open_internal=price("open_internal", "fixed"),
        extend_hours=price("extend_hours", "fixed"),
        add_service=price("add_service", "fixed"),
        link_fixed={work: price("link", work, "fixed") for work in _WORKS},
        link_per_m={work: price("link", work, "per_m") for work in _WORKS},
        one_stop_saving=saving,
        currency=str(table.get("currency", "")),
        verified=flag_of(table, "verified", name),
    )


def costs_toml(costs: Costs) -> str:
    """Return prices as the text of a file that :func:`read_costs` reads.

    Examples
    --------
    >>> costs_from_toml(costs_toml(builtin_costs())) == builtin_costs()
    True
    """
    lines = [
        f"verified = {str(costs.verified).lower()}",
        f"currency = {json.dumps(costs.currency, ensure_ascii=False)}",
        "[site]",
        f"fixed = {costs.site_fixed!r}",
        f"per_m2 = {costs.site_per_m2!r}",
    ]
    for name in ("open_internal", "extend_hours", "add_service"):
        lines += [f"[{name}]", f"fixed = {getattr(costs, name)!r}"]
    lines.append("[link]")
    lines += [
        f"{work} = {{ fixed = {costs.link_fixed[work]!r}, per_m = {costs.link_per_m[work]!r} }}"
        for work in _WORKS
    ]
    lines += ["[one_stop]", f"saving = {costs.one_stop_saving!r}"]
    return "\n".join(lines) + "\n"


def list_unit(money: Money, costs: Costs) -> Money:
    """Return what the prices of a list are in: where it does not tell, what the district's are in.

    Placeholders, which compare remedies with each other, are in no money where the district tells
    none.

    Parameters
    ----------
    money
        Unit of the district's own prices.
    costs
        The list.
    """
    if costs.placeholders and not money.currency:
        return Money()
    return Money.read(costs.currency) if costs.currency else money


def check_currency(costs: Costs, money: object) -> None:
    """Refuse prices that are in another unit than those of the district.

    Prices that nobody answers for are placeholders, in yuan anywhere; where that is told, they
    compare remedies with each other.

    Raises
    ------
    InputError
        ``siting.other_currency``.
    """
    if costs.currency not in ("", str(money)) and not costs.placeholders:
        raise InputError("siting.other_currency", list=costs.currency, district=str(money) or "–")


@shipped
def builtin_costs() -> Costs:
    """Return the prices that ship with the package, none of them verified."""
    return read_costs(_BUILTIN)
