"""The prices of the work: those that were edited in the page, or those of the package."""

from __future__ import annotations

from planner.app.session.context import Context
from planner.app.session.drafts import current

PRICES = "prices"
"""The name of the setting of the work."""


def own(context: Context) -> str:
    """Return the prices of the work as a text, empty for those that ship with the package."""
    return current.standing(context).setting(PRICES)
