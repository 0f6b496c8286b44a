"""What is decided beside the best that the same money could do, with proven bounds.

All three choices start from the same district: with what cannot be chosen otherwise done already
(:mod:`planner.plan.coordination.compromise.standing`). What facilities bring on top of that adds up
exactly over the homes that they bring within a limit, so that the solver's bound holds for what a
new assessment finds; ways do not add up like that, which is why those that are decided stay in
every choice and no others are asked.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from planner.analysis.assessment import Assessment
from planner.analysis.comparison import compare
from planner.analysis.people import people_of
from planner.arrays import I64
from planner.district import Scenario
from planner.district.kinds import kinds_named
from planner.errors import Finding, InputError
from planner.location.limits import Limits
from planner.location.results import Siting
from planner.own_copies import own_tables
from planner.plan.coordination.compromise.market import Market, Search, offers_beside
from planner.plan.coordination.compromise.pricing import Pricing
from planner.plan.coordination.compromise.shared_places import shared_places
from planner.plan.coordination.compromise.standing import standing
from planner.plan.coordination.fitting import Misfit, carried_out
from planner.plan.proposals.listed import gone
from planner.plan.proposals.prices import prices_of_a_year
from planner.plan.proposals.proposal import Proposal
from planner.plan.proposals.together import done, together
from planner.plan.targets.budgets import ROUNDING, Spending, spending_of
from planner.siting.candidates import PlaceOptions
from planner.siting.change_prices import shared_prices
from planner.siting.costs import Costs
from planner.siting.findings import built_at, small_sites
from planner.siting.judging import no_limit

SECONDS = 5.0
"""Time limit of each of the two searches where neither time nor steps are limited."""


@own_tables("actions")
@dataclass(frozen=True, eq=False)
class Choice:
    """What one choice buys.

    Parameters
    ----------
    actions
        What it does beside what stands in every choice: ``of`` (``"plan"`` or ``"offer"``), ``id``
        (of the proposal, or of the offer), ``remedy``, ``kinds`` joined by ``;``, ``name``,
        ``cost``, ``x`` and ``y``, ``alone`` (people brought within a limit by it alone).
    cost
        Of all that it does, what stands in every choice included; the least, where some of that has
        no price.
    gained
        People brought within the limits against today, less those taken out, summed over the judged
        kinds, by a new assessment.
    bound
        No choice of its sort can bring more.
    siting
        The solver's answer; None where there was nothing to choose.
    gained_unsure
        How many of those gained are within the limit already, or not: it is not known today.
    gained_more, lost_unsure
        How many more may gain, and how many may lose, since it is not known of them then or today.
    after
        The assessment once it is done.
    """

    actions: pd.DataFrame
    cost: float
    gained: float
    bound: float
    siting: Siting | None
    after: Assessment
    gained_unsure: float = 0.0
    gained_more: float = 0.0
    lost_unsure: float = 0.0

    @property
    def optimal(self) -> bool:
        """Whether it is proven that no choice of its sort brings more."""
        return self.bound - self.gained <= 1e-6 * max(abs(self.bound), 1.0)


@dataclass(frozen=True, eq=False)
class Compromise:
    """What is decided beside the best for the same money. Made by :func:`compare_with_best`.

    Parameters
    ----------
    assessment, group
        The workspace as it is, and whose people count, each once for every judged kind.
    budget
        What each choice may cost.
    costs
        Prices of what is offered beside the plan; what is decided costs what the plan says.
    decided
        As it is decided.
    completed
        All that is decided, and the best for the money that is left.
    free
        The best of the decided proposals and all else that is offered.
    standing
        Ids of decided proposals that are in every choice.
    idle
        Ids of those that can be chosen and bring nobody within a limit that is judged: the free
        choice leaves them out, whatever else they are good for.
    price, ranges
        Which price is taken of a range, and how many of the decided proposals have one.
    unpriced
        Ids of decided proposals without a price in the unit of `costs`. They are in every choice,
        and what they cost comes on top of each cost and of the budget.
    compared
        How many decided proposals the choices are about.
    opened
        What proposals cost that opened: what they built is there today, in every choice, and they
        are outside of the comparison.
    findings
        What a reader must know.
    misfits
        Decided proposals that count in no choice, since they no longer fit the data.
    proposals
        The decided proposals that the choices are about.
    currency
        What one unit of all prices is.
    each_alone
        Whether several kinds are offered at one place: each was chosen as if it paid for a building
        of its own there, so that no more is proven than of such choices.
    gone
        Proposals that opened and are not in the data: nothing of them is there today, in no choice.
    """

    assessment: Assessment
    group: str
    budget: float
    costs: Costs
    decided: Choice
    completed: Choice
    free: Choice
    standing: tuple[str, ...]
    idle: tuple[str, ...]
    price: str
    ranges: int
    unpriced: tuple[str, ...]
    compared: int
    opened: Spending
    findings: tuple[Finding, ...] = ()
    misfits: tuple[Misfit, ...] = ()
    proposals: tuple[Proposal, ...] = ()
    currency: str = ""
    each_alone: bool = False
    gone: tuple[Proposal, ...] = ()

    @property
    def given_up(self) -> float:
        """People that the best known free choice brings beyond what is decided and completed."""
        return self.free.gained - self.completed.gained

    @property
    def given_up_most(self) -> float:
        """More than this, no choice for the money could bring beyond it."""
        return self.free.bound - self.completed.gained

    @property
    def choices(self) -> dict[str, Choice]:
        """The three choices by name."""
        return {"decided": self.decided, "completed": self.completed, "free": self.free}

    @property
    def table(self) -> pd.DataFrame:
        """One row for each choice.

        Returns
        -------
        DataFrame
            ``choice``, ``cost`` (the least, where ``unpriced``, how many of the decided proposals
            have no price, is not 0), ``unpriced``, ``gained``, ``gained_unsure``,
            ``gained_more``, ``bound``, ``optimal``, ``decided`` (how many of the decided proposals
            it has, those in every choice included) and ``others``.
        """
        rows = [
            {
                "choice": name,
                "cost": each.cost,
                "unpriced": len(self.unpriced),
                "gained": each.gained,
                "gained_unsure": each.gained_unsure,
                "gained_more": each.gained_more,
                "bound": each.bound,
                "optimal": each.optimal,
                "decided": len(self.standing) + int((each.actions["of"] == "plan").sum()),
                "others": int((each.actions["of"] == "offer").sum()),
            }
            for name, each in self.choices.items()
        ]
        return pd.DataFrame(rows)

    @property
    def by_kind(self) -> pd.DataFrame:
        """People that each choice gains by kind: ``choice``, ``kind``, ``gained``."""
        before = _covered(self.assessment, self.group)
        rows = [
            {"choice": name, "kind": kind, "gained": covered - before[kind]}
            for name, each in self.choices.items()
            for kind, covered in _covered(each.after, self.group).items()
            if kind in before
        ]
        return pd.DataFrame(rows, columns=["choice", "kind", "gained"])

    @property
    def differences(self) -> pd.DataFrame:
        """What the free choice does otherwise: its ``actions`` with ``change``.

        ``"left_out"`` are decided proposals that it does without, ``"instead"`` is what it does
        for the money.
        """
        of_plan = self.free.actions["of"] == "plan"
        kept = set(self.free.actions.loc[of_plan, "id"])
        own = self.decided.actions
        left = own[~own["id"].isin(kept)].assign(change="left_out")
        instead = self.free.actions[~of_plan].assign(change="instead")
        parts = [part for part in (left, instead) if len(part)]
        return pd.concat(parts, ignore_index=True) if parts else left


def compare_with_best(
    assessment: Assessment,
    decided: Sequence[Proposal],
    budget: float | None = None,
    *,
    group: str | None = None,
    kinds: Sequence[str] | None = None,
    price: str = "mid",
    places: PlaceOptions | None = None,
    limits: Limits | None = None,
    opened: Sequence[Proposal] = (),
) -> Compromise:
    """Compare what is decided with the best that the same money could do.

    Parameters
    ----------
    assessment
        The workspace as it is.
    decided
        Proposals in the order of building, see :meth:`planner.plan.Plan.decided`; those that no
        longer fit the data count nowhere, as in :meth:`planner.plan.Plan.joint`.
    budget
        What may be spent; what is decided costs where none is given.
    group
        Whose people count; the total where none is given.
    kinds
        Kinds that are offered beside the plan; all judged ones where none are given. Counted are
        all judged ones in every choice.
    price
        One of :data:`planner.plan.coordination.compromise.pricing.PRICES`, for those of the
        decided proposals that are ranges.
    places
        What is offered beside the plan, and at which prices. A place where the plan builds the same
        kind is not offered a second time at another price.
    limits
        When each of the two searches stops; :data:`SECONDS` where they have no limit.
    opened
        Proposals that opened and are part of the data, see :meth:`planner.plan.Plan.opened`: only
        how many they are and what they cost is told.

    Raises
    ------
    InputError
        ``plan.unknown_price``, ``plan.nothing_decided``, ``plan.nothing_fits``,
        ``plan.several_currencies``, ``plan.other_currency``, ``plan.offers_in_two_currencies``,
        ``plan.budget_below_decided``, ``siting.no_limit``.
    """
    offered, counted = places or PlaceOptions(), group or assessment.groups[0]
    decided, misfits = carried_out(assessment.district, decided)
    if not any(each.changes for each in decided):
        if misfits:
            named = ", ".join(each.proposal.id for each in misfits)
            raise InputError("plan.nothing_fits", proposals=named)
        raise InputError("plan.nothing_decided")
    pricing = Pricing.of(decided, assessment.district, offered.prices, price)
    spent = pricing.total(decided)
    money = spent if budget is None else budget
    if not spent <= money < math.inf:
        raise InputError("plan.budget_below_decided", budget=money, spent=spent)
    fixed, chosen_of = standing(assessment, decided, pricing)
    base = _after(assessment, fixed)
    wanted = _judged(base, kinds)
    offers, findings = offers_beside(base, chosen_of, counted, wanted, offered)
    pricing = pricing.beside(assessment.district, offers, offered.prices)
    market = Market.of(base, chosen_of, offers, counted, pricing)
    kept = pricing.total(fixed)
    most = (limits or Limits()).within(SECONDS)
    search = Search(market, (money - kept) * (1.0 + ROUNDING), most)
    plan_rows = np.arange(len(chosen_of), dtype=np.int64)
    worth = _Worth(assessment, base, counted, fixed, decided, market, kept, offered.prices)
    own = worth.choice(plan_rows, None, 0.0)
    completed = worth.choice(*search.best(plan_rows))
    free = worth.choice(*search.best(plan_rows[:0]))
    if free.gained < completed.gained:
        # a search that was cut short; what completes the plan is a free choice too
        free = replace(completed, bound=free.bound, siting=free.siting)
    alone = np.asarray(market.covers.T @ market.weight)[: len(chosen_of)]
    idle = [each.id for each, brings in zip(chosen_of, alone, strict=True) if brings <= 0]
    small = small_sites(assessment, (built for each in (completed, free) for built in _built(each)))
    apart = {each.action_id: each.cost for each in offers}
    full = _full_places(assessment, (completed, free), fixed, chosen_of, apart)
    there = [*opened, *(x.proposal for x in misfits if x.proposal.status == "opened")]
    return Compromise(
        assessment,
        counted,
        money,
        offered.prices,
        own,
        completed,
        free,
        tuple(each.id for each in fixed),
        tuple(idle),
        price,
        pricing.ranges(decided),
        pricing.unpriced(decided),
        len(decided),
        spending_of(there, pricing.unit),
        (*findings, *small, *full, *prices_of_a_year(decided)),
        tuple(misfits),
        tuple(decided),
        pricing.unit,
        market.shares_places,
        tuple(gone(assessment.district, opened)),
    )


def _full_places(
    assessment: Assessment,
    choices: Sequence[Choice],
    fixed: Sequence[Proposal],
    chosen_of: Sequence[Proposal],
    apart: Mapping[str, float],
) -> list[Finding]:
    """Return the places where a choice builds several kinds, each once."""
    found: list[Finding] = []
    for each in choices:
        own = set(each.actions.loc[each.actions["of"] == "plan", "id"])
        planned = [*fixed, *(x for x in chosen_of if x.id in own)]
        told = shared_places(assessment, each.actions, planned, apart)
        found += [finding for finding in told if finding not in found]
    return found


def _judged(base: Assessment, kinds: Sequence[str] | None) -> list[str]:
    """Return the kinds that are offered, all judged ones where none are named."""
    named = kinds_named(kinds)
    for kind in named:
        if base.rule(kind) is None:
            raise no_limit(kind)
    return list(named or base.judged_kinds)


def _after(assessment: Assessment, proposals: Sequence[Proposal]) -> Assessment:
    return done(assessment, together("plan", proposals))


def _covered(assessment: Assessment, group: str) -> dict[str, float]:
    """Return how many people are within the limit, by judged kind, as the summary counts them."""
    people = people_of(assessment, group)
    found = {}
    for kind in assessment.judged_kinds:
        limit_m = assessment.limit_m(kind, group)
        assert limit_m is not None, "judged kinds have a limit"
        near = assessment.distances[kind].to_numpy(dtype=np.float64) <= limit_m
        found[kind] = float(people[near].sum())
    return found


def _net(before: Assessment, after: Assessment, group: str) -> float:
    was, now = _covered(before, group), _covered(after, group)
    return math.fsum(now[kind] - was[kind] for kind in was if kind in now)


@dataclass(frozen=True, eq=False)
class _Worth:
    """What choices bring, by a new assessment."""

    assessment: Assessment
    base: Assessment
    group: str
    fixed: Sequence[Proposal]
    decided: Sequence[Proposal]
    market: Market
    kept: float
    prices: Costs

    def choice(self, rows: I64, siting: Siting | None, bound: float) -> Choice:
        """Return what rows of the market buy together with what stands."""
        after = self._after(rows)
        gained = _net(self.assessment, after, self.group)
        # never below what was found: both are sums, rounded in another order
        most = max(gained, _net(self.assessment, self.base, self.group) + bound)
        own = rows[rows < len(self.market.proposals)]
        offered = self.market.offered(rows)
        # what is offered at one candidate shares its building, as scenarios and mixes do
        steps, alone = [each.change for each in offered], [each.cost for each in offered]
        paid = shared_prices(self.base, steps, alone, self.prices)
        cost = self.kept + math.fsum(self.market.cost[own]) + math.fsum(paid)
        actions = self.market.table(rows)
        actions["cost"] = [*self.market.cost[own], *paid]
        both = compare(self.assessment, after)
        unsure = (
            math.fsum(count(kind, self.group) for kind in both.kinds)
            for count in (both.unsure, both.perhaps_within, both.perhaps_lost)
        )
        return Choice(actions, cost, gained, most, siting, after, *unsure)

    def _after(self, rows: I64) -> Assessment:
        count = len(self.market.proposals)
        taken = {self.market.proposals[row].id for row in rows[rows < count]}
        ids = taken | {each.id for each in self.fixed}
        # in the order of the plan, so that all that is decided is exactly the plan's own end
        plan = together("choice", [each for each in self.decided if each.id in ids])
        more = [each.change for each in self.market.offered(rows)]
        whole = Scenario("choice", [*plan.changes, *more], plan.crs, plan.of)
        return done(self.assessment, whole)


def _built(choice: Choice) -> Iterator[tuple[str, str]]:
    """Yield kind and place of what a choice builds that nobody proposed."""
    offered = choice.actions[
        (choice.actions["of"] == "offer") & (choice.actions["remedy"] == "build")
    ]
    for own, kind in zip(offered["id"], offered["kinds"], strict=True):
        yield str(kind), built_at(str(kind), str(own))
