"""Headings of the tables of departments."""

from __future__ import annotations

from collections.abc import Sequence

from planner.app.session.context import Context
from planner.siting.departments.departments import Departments
from planner.views.words.siting.departments import currency_word


def columns(context: Context, shown: Departments, names: Sequence[str]) -> list[str]:
    """Return columns by their headings, prices with their currency."""
    currency = currency_word(shown, context.labels)
    return [context.word(f"departments.col_{name}", currency=currency) for name in names]
