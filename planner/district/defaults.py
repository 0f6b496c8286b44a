"""What a district is judged by, set beside and priced in, where nobody says otherwise."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from planner.district.benchmarks import find_benchmark
from planner.district.standards.files import builtin_standards
from planner.errors import InputError

STANDARD = "gb50180-2018"
NONE = "none"
"""Benchmark of a district that is set beside none."""

_MONEY = re.compile(r"([A-Z]{3})(?: ?([1-9][0-9]{0,2}(?:,[0-9]{3})+|[1-9][0-9]*))?")


@dataclass(frozen=True)
class Money:
    """A unit of money.

    Parameters
    ----------
    currency
        Code of ISO 4217, such as ``"CNY"``; empty for a unit that is no money: prices then only
        tell which remedy is dearer.
    many
        How many of them the unit is.

    Examples
    --------
    >>> Money.read("CNY 10,000"), str(Money("EUR", 1000))
    (Money(currency='CNY', many=10000), 'EUR 1,000')
    """

    currency: str = ""
    many: int = 1

    def __str__(self) -> str:
        """Return the unit as it is written in files."""
        return f"{self.currency} {self.many:,}" if self.many > 1 else self.currency

    @classmethod
    def read(cls, text: str) -> Money:
        """Return the unit that a text names.

        Raises
        ------
        InputError
            ``district.bad_currency``.
        """
        found = _MONEY.fullmatch(text.strip())
        if text.strip() and not found:
            raise InputError("district.bad_currency", value=text)
        return cls(found[1], int((found[2] or "1").replace(",", ""))) if found else cls()


YUAN = Money("CNY", 10_000)
"""What the prices that ship are in."""


@dataclass(frozen=True)
class Defaults:
    """What a district is judged by, set beside and priced in; empty where nobody has said it.

    Parameters
    ----------
    standard
        Id of a standard that ships.
    benchmark
        Id of a benchmark that ships, or :data:`NONE`.
    currency
        Unit of prices and budgets: a currency, and how many of it, such as ``"CNY 10,000"``.
    """

    standard: str = ""
    benchmark: str = ""
    currency: str = ""

    @classmethod
    def said(cls, standard: str | None, benchmark: str | None, currency: str | None) -> Defaults:
        """Return what somebody says, None where nothing is said; errors as of :meth:`checked`."""
        return cls(standard or "", benchmark or "", currency or "").checked()

    def checked(self) -> Defaults:
        """Return the same, the currency as it is written everywhere.

        Raises
        ------
        InputError
            ``district.unknown_default``, ``district.unknown_benchmark``,
            ``district.bad_currency``.
        """
        if self.standard and self.standard not in builtin_standards():
            known = ", ".join(builtin_standards())
            raise InputError("district.unknown_default", name=self.standard, known=known)
        if self.benchmark not in ("", NONE):
            find_benchmark(self.benchmark)
        return replace(self, currency=str(Money.read(self.currency)))

    def filled(self, *, in_china: bool) -> Defaults:
        """Return the same with what is usual for what nobody has said.

        Parameters
        ----------
        in_china
            Whether the place lies in mainland China: only there the national benchmark and yuan
            are usual.
        """
        usual = ("china-2005", str(YUAN)) if in_china else (NONE, "")
        return Defaults(
            self.standard or STANDARD, self.benchmark or usual[0], self.currency or usual[1]
        )
