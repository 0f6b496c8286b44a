"""The prices of the work: those that were edited in the page, or those of the package."""

from __future__ import annotations

from dataclasses import replace

from planner.app.session.answers.costs import costs_of
from planner.app.session.context import Context
from planner.app.session.drafts import current
from planner.siting.change_prices import money_of
from planner.siting.costs import builtin_costs

PRICES = "prices"
"""The name of the setting of the work."""


def own(context: Context) -> str:
    """Return the prices of the work as a text, empty for those that ship with the package."""
    return current.standing(context).setting(PRICES)


def priced(context: Context) -> Context:
    """Return the same with the words for what sums of the prices of the work are in."""
    unit = money_of(context.district(), costs_of(own(context)) or builtin_costs())
    return replace(context, labels=replace(context.labels, prices_in=unit))
