"""Headings of the tables of departments."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from planner.app.session.context import Context
from planner.siting.departments.departments import Departments
from planner.views.words.siting.departments import currency_word


def columns(context: Context, shown: Departments, names: Sequence[str]) -> list[str]:
    """Return columns by their headings, prices with their currency."""
    currency = currency_word(shown, context.labels)
    return [context.word(f"departments.col_{name}", currency=currency) for name in names]


NOT_YET = "…"
_OPEN = ("price", "price_low", "price_high", "for_others", "agrees", "actor", "partners")
"""Columns that the best links may change: prices, also upwards, and who does what."""


def held_back(context: Context, shown: Departments, table: pd.DataFrame) -> pd.DataFrame:
    """Return a table without what the search for links may still change: nothing is corrected."""
    still_open = [name for name in columns(context, shown, _OPEN) if name in table]
    return table.assign(**dict.fromkeys(still_open, NOT_YET))
