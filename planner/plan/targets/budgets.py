"""What departments would spend in a year, against their limits."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from planner.plan.coordination.houses import guests_of, handed_in, held_twice, planned_once
from planner.plan.proposals.proposal import Proposal
from planner.plan.proposals.statuses import DECIDED, OPEN
from planner.plan.targets.aims import Limit

ROUNDING = 1e-12
"""Sums of prices that differ by a smaller share are equal: decimals are no binary numbers."""

State = Literal["over", "perhaps_over", "asked_over", "perhaps_asked_over", "within"]


@dataclass(frozen=True)
class Spending:
    """What proposals cost together.

    Parameters
    ----------
    low, high
        Between which the sum of those with a price lies.
    proposals
        Ids of all of them.
    unpriced
        Ids of those without a price, or with one in another unit than the limit.
    """

    low: float
    high: float
    proposals: tuple[str, ...]
    unpriced: tuple[str, ...]


Whole = tuple[tuple[str, tuple[str, ...]], ...]
Elsewhere = tuple[tuple[str, str, int | None], ...]
Twice = tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True)
class Budget:
    """A limit, and what is decided and asked for of it.

    Parameters
    ----------
    limit
        The limit.
    decided, asked
        Of the proposals that are decided, and of those that are open.
    whole
        Houses of several departments that count here with all of their rooms, by id with the other
        departments.
    elsewhere
        Houses with rooms that this department planned for this year and that count elsewhere: by
        id, the department that builds them and the year in which they count, if any.
    twice
        Houses that were handed in and would count here, or have rooms that do, and do not as long
        as others take the same proposals in, drafts too: by id with the ids of the others. The
        single proposals count.
    """

    limit: Limit
    decided: Spending
    asked: Spending
    whole: Whole = ()
    elsewhere: Elsewhere = ()
    twice: Twice = ()

    @property
    def state(self) -> State:
        """Whether the limit is kept.

        ``"over"`` where what is decided costs more for sure, ``"perhaps_over"`` where it may;
        ``"asked_over"`` and ``"perhaps_asked_over"`` where that is so once all that is open is
        approved as well; else ``"within"``.
        """
        amount = self.limit.amount
        low, high = self.decided.low + self.asked.low, self.decided.high + self.asked.high
        if passes(self.decided.low, amount):
            return "over"
        if passes(self.decided.high, amount) or self.decided.unpriced:
            return "perhaps_over"
        if passes(low, amount):
            return "asked_over"
        if passes(high, amount) or self.asked.unpriced:
            return "perhaps_asked_over"
        return "within"

    @property
    def over(self) -> tuple[float, float]:
        """By how much the limit is passed at least and at most, of what :attr:`state` is about."""
        low, high = self.decided.low, self.decided.high
        if self.state in ("asked_over", "perhaps_asked_over"):
            low, high = low + self.asked.low, high + self.asked.high
        amount = self.limit.amount
        least, most = (cost - amount if passes(cost, amount) else 0.0 for cost in (low, high))
        return least, most


def passes(cost: float, amount: float) -> bool:
    """Whether a sum of prices is more than an amount, by more than binary digits round.

    Examples
    --------
    >>> passes(1.1 + 2.2, 3.3), passes(3.31, 3.3)
    (False, True)
    """
    return cost > amount * (1.0 + ROUNDING)


def budgets(limits: Sequence[Limit], proposals: Iterable[Proposal]) -> list[Budget]:
    """Return what proposals cost against each limit.

    Parameters
    ----------
    limits
        Of one workspace or several.
    proposals
        Those of the plan; only those of the department, the year and the workspace of a limit count
        for it, of every workspace for one that names none.
    """
    there = [each for each in proposals if not each.deleted]
    known = {each.id: each for each in there}
    alive = planned_once(there)
    of_part = held_twice(there)
    held = [each for each in handed_in(there) if not of_part.keys().isdisjoint(each.made_of)]
    return [
        replace(_budget(limit, alive, known), twice=_twice(limit, held, of_part, known))
        for limit in limits
    ]


def _twice(
    limit: Limit,
    held: Sequence[Proposal],
    of_part: Mapping[str, Sequence[Proposal]],
    known: Mapping[str, Proposal],
) -> Twice:
    """Return the houses that a limit would count, or rooms of them, and does not for others."""
    found = []
    for house in held:
        parts = [known[own] for own in house.made_of if own in known]
        own = (house.department, house.year) == (limit.department, limit.year)
        own = own or any(_is_of(part, house, limit) for part in parts)
        if own and limit.workspace in ("", house.workspace):
            rivals = {each.id for part in house.made_of for each in of_part.get(part, ())}
            found.append((house.id, tuple(sorted(rivals - {house.id}))))
    return tuple(found)


def price_range(proposal: Proposal, currency: str) -> tuple[float, float] | None:
    """Return between which a proposal's price lies, None where it is not known in that unit."""
    low, most = proposal.cost, proposal.cost_most
    if low is None or most is None or proposal.currency != currency:
        return None
    return low, most


def _budget(limit: Limit, alive: Sequence[Proposal], known: Mapping[str, Proposal]) -> Budget:
    counting = [
        each
        for each in alive
        if each.status in (*OPEN, *DECIDED, "opened") and limit.workspace in ("", each.workspace)
    ]
    own = [x for x in counting if (x.department, x.year) == (limit.department, limit.year)]
    # what opened was paid from the limit of its year too
    decided = [each for each in own if each.status in (*DECIDED, "opened")]
    asked = [each for each in own if each.status in OPEN]
    # a house is built by one department, whose limit has all of its price: both sides are told
    parts = {each.id: [known[x] for x in each.made_of if x in known] for each in counting}
    guests = {each.id: guests_of(each, known) for each in own}
    counted = {each.id for each in own}
    return Budget(
        limit,
        spending_of(decided, limit.currency),
        spending_of(asked, limit.currency),
        tuple((each.id, guests[each.id]) for each in own if guests[each.id]),
        tuple(
            (each.id, each.department, each.year)
            for each in counting
            if each.id not in counted and any(_is_of(part, each, limit) for part in parts[each.id])
        ),
    )


def _is_of(part: Proposal, house: Proposal, limit: Limit) -> bool:
    """Whether a limit would count a part of a house, were it not built in that."""
    year = house.year if part.year is None else part.year
    return (part.department, year) == (limit.department, limit.year)


def spending_of(proposals: Sequence[Proposal], currency: str) -> Spending:
    """Return what proposals cost together, of those with a price in that unit."""
    prices = {each.id: price_range(each, currency) for each in proposals}
    known = [each for each in prices.values() if each is not None]
    return Spending(
        math.fsum(low for low, _ in known),
        math.fsum(high for _, high in known),
        tuple(prices),
        tuple(own for own, price in prices.items() if price is None),
    )
