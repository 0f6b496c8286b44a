"""Numbers, shares, lengths, dates and moments as a language writes them."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import pandas as pd
from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal, format_percent

from planner.analysis.hours.moments import of_no_date
from planner.views.words.sentence_filling import Sentences
from planner.views.words.shares import COUNTED, rounded_share


class Numbers(Sentences):
    """Figures in one language; parameters as of :class:`planner.views.words.labels.Labels`."""

    def number(self, value: float | None, digits: int = 0) -> str:
        """Return a number with separators and `digits` decimals."""
        special = self._not_a_figure(value)
        if special is not None or value is None:
            return special or ""
        return _decimal(round(float(value), digits) + 0.0, digits, self.locale)

    def count(self, value: float) -> str:
        """Return a count of people as :meth:`number` does; one that is missing is withheld."""
        return self.message("small_numbers.withheld") if pd.isna(value) else self.number(value)

    def share(self, value: float, people: float) -> str:
        """Return a share as :meth:`percent` does; withheld where the people it is made of are."""
        return self.count(people) if pd.isna(people) else self.percent(value)

    def rate(self, row: Mapping[Any, Any]) -> str:
        """Return the share of a row, or the range it lies in where too many are not known.

        It is withheld where a count of the row is, which the share would tell.
        """
        low, high = row["share_low"], row["share_high"]
        if not pd.isna(low) and any(pd.isna(row.get(count, 0.0)) for count in COUNTED):
            return self.count(math.nan)
        if not pd.isna(row["share"]) or pd.isna(low) or row["unknown"] == 0:
            return self.percent(row["share"])
        return self.percent_range(low, high)

    def percent_range(self, low: float, high: float) -> str:
        """Return the range between two shares (0–1), one figure where both are told alike.

        Examples
        --------
        >>> Numbers("en").percent_range(0.5316, 0.5324), Numbers("en").percent_range(0.5, 0.6)
        ('53.2%', '50.0%–60.0%')
        """
        least, most = self.percent(low), self.percent(high)
        return least if least == most else self.text("{low}–{high}", low=least, high=most)

    def percent(self, value: float | None, digits: int = 1) -> str:
        """Return a share (0–1) in per cent; only a whole is 100 %, only nothing is 0 %."""
        special = self._not_a_figure(value)
        if special is not None or value is None:
            return special or ""
        return _percent(rounded_share(float(value), digits + 2), digits, self.locale)

    def metres(self, value: float | None) -> str:
        """Return a length in whole metres with its unit, rounded up so as not to flatter."""
        special = self._not_a_figure(value)
        if special is not None or value is None:
            return special or ""
        return self.text("{metres} m", metres=self.whole_metres(float(value)))

    def whole_metres(self, value: float) -> str:
        """Return a length in whole metres as every place tells it, rounded up, without its unit."""
        return self.number(math.ceil(round(value, 3)))

    def date(self, value: dt.date | str) -> str:
        """Return a date, given as such or in ISO 8601; other text stays as it is."""
        try:
            day = dt.date.fromisoformat(value[:10]) if isinstance(value, str) else value
        except ValueError:
            return str(value)
        return str(format_date(day, format="long", locale=self.locale))

    def moment(self, at: dt.datetime) -> str:
        """Return a moment as it was asked: weekday and hour, with the date where it has one."""
        form = "EEEE HH:mm" if of_no_date(at) else "EEEE HH:mm, yyyy-MM-dd"
        return format_datetime(
            at, form + ("" if at.tzinfo is None else " ZZZZ"), locale=self.locale
        )

    def _not_a_figure(self, value: float | None) -> NoFigure | None:
        if value is None or pd.isna(value):
            return NoFigure(self.text("unknown"))
        if math.isinf(value):
            return NoFigure(self.text("unreachable"))
        return None


COUNTS = frozenset(("count", "homes", "metres", "people", "rows", "total"))
"""Parameters of sentences that are counts; lengths end in ``_m``. A year or a row is neither."""


class _Grouped(int):
    """A count or length that a sentence writes as tables do: 5,242."""

    def __format__(self, spec: str) -> str:
        return super().__format__(spec or ",")


class NoFigure(str):
    """The word that stands where a figure is not known, whatever form a sentence asks of it.

    Examples
    --------
    >>> "{short_by:,.0f}".format(short_by=NoFigure("unknown"))
    'unknown'
    """

    __slots__ = ()

    def __format__(self, _spec: str) -> str:
        return str(self)


def grouped(key: str, value: object) -> object:
    """Return a whole count or length so that its thousands are told apart."""
    counted = key in COUNTS or key.endswith("_m")
    return _Grouped(value) if counted and type(value) is int else value


@lru_cache(maxsize=16_384)
def _decimal(value: float, digits: int, locale: str) -> str:
    """Return a number as Babel formats it; a map of 300 communities asks for a thousand."""
    pattern = "#,##0" + ("." + "0" * digits if digits else "")
    return str(format_decimal(value, pattern, locale=locale))


@lru_cache(maxsize=16_384)
def _percent(share: float, digits: int, locale: str) -> str:
    pattern = "0" + ("." + "0" * digits if digits else "") + "%"
    return str(format_percent(share, pattern, locale=locale))
