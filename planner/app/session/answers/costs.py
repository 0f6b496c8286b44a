"""What actions cost by the prices that an answer is asked with."""

from __future__ import annotations

from planner.siting.costs import Costs, costs_from_toml


def costs_of(text: str) -> Costs | None:
    """Return the prices of such a text; None, for those of the package, where it is empty.

    Examples
    --------
    >>> costs_of("") is None
    True
    """
    return costs_from_toml(text) if text else None
