"""What decided proposals cost in one unit, and of which of them nobody knows it."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from planner.district import District
from planner.errors import InputError
from planner.plan.proposals.proposal import Proposal
from planner.plan.targets.budgets import price_range
from planner.siting.actions import Action
from planner.siting.change_prices import unit_of_list, unit_of_price
from planner.siting.costs import Costs

PRICES = ("low", "mid", "high")
"""Which price is taken where that of a proposal is a range: its least, its middle or its most."""


@dataclass(frozen=True)
class Pricing:
    """Which price of a proposal counts.

    Parameters
    ----------
    unit
        What one unit of all prices is. An amount of which nobody says in which unit is no price.
    price
        One of :data:`PRICES`.
    told
        Whether a price of the plan tells that unit.
    """

    unit: str
    price: str
    told: bool = False

    @classmethod
    def of(
        cls, decided: Sequence[Proposal], district: District, prices: Costs, price: str
    ) -> Pricing:
        """Return the prices of proposals in their unit, that of a list where none tells one.

        Raises
        ------
        InputError
            ``plan.unknown_price``, ``plan.several_currencies``.
        """
        if price not in PRICES:
            raise InputError("plan.unknown_price", price=price[:40], known=", ".join(PRICES))
        found = sorted({x.currency for x in decided if x.cost is not None and x.currency})
        if len(found) > 1:
            raise InputError("plan.several_currencies", found=", ".join(found))
        unit = found[0] if found else unit_of_list(district, prices)
        return cls(unit, price, bool(found))

    def beside(self, district: District, offers: Sequence[Action], prices: Costs) -> Pricing:
        """Return these prices in the one unit of all that is offered beside them; refuse several.

        Raises
        ------
        InputError
            ``plan.other_currency``, ``plan.offers_in_two_currencies``.
        """
        units = Counter(unit_of_price(district, [each.change], prices) or "" for each in offers)
        if len(units) > 1:
            own, listed = str(district.money), unit_of_list(district, prices)
            told = {"count": units[own], "district": own, "list": listed}
            raise InputError("plan.offers_in_two_currencies", **told)
        unit = next(iter(units), self.unit)
        if self.told and unit != self.unit:
            raise InputError("plan.other_currency", plan=self.unit, list=unit)
        return replace(self, unit=unit)

    def cost(self, proposal: Proposal) -> float | None:
        """Return what a proposal costs, of a range its end or middle; None where nobody knows."""
        known = price_range(proposal, self.unit)
        if known is None:
            return None
        low, high = known
        return {"low": low, "mid": (low + high) / 2, "high": high}[self.price]

    def total(self, proposals: Iterable[Proposal]) -> float:
        """Return what proposals cost together: the least, where some of them have no price."""
        told = (self.cost(each) for each in proposals)
        return math.fsum(each for each in told if each is not None)

    def unpriced(self, proposals: Iterable[Proposal]) -> tuple[str, ...]:
        """Return the ids of those without a price."""
        return tuple(each.id for each in proposals if self.cost(each) is None)

    def ranges(self, proposals: Iterable[Proposal]) -> int:
        """Return how many have a price between two, of which one is taken."""
        known = (price_range(each, self.unit) for each in proposals)
        return sum(each is not None and each[0] != each[1] for each in known)
