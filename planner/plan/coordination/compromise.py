"""What is decided beside the best that the same money could do, with proven bounds.

All three choices start from the same district: with what cannot be chosen otherwise done already
(:func:`standing`). What facilities bring on top of that adds up exactly over the homes that they
bring within a limit, so that the solver's bound holds for what a new assessment finds; ways do not
add up like that, which is why those that are decided stay in every choice and no others are asked.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import shapely
from scipy.sparse import csr_array, hstack, vstack

from planner.analysis.assessment import Assessment
from planner.analysis.distances.pairs import people_of
from planner.arrays import F64, I64
from planner.district import AddService, ExtendHours, Open, OpenInternal, Scenario
from planner.errors import Finding, InputError
from planner.location.covering.max_coverage import max_coverage
from planner.location.limits import Limits
from planner.location.results import Siting
from planner.plan.coordination.fitting import Misfit, carried_out
from planner.plan.coordination.gains import Gains
from planner.plan.proposals.proposal import Proposal
from planner.plan.proposals.together import together
from planner.plan.targets.budgets import price_range
from planner.siting.actions import Action, facility_actions, stacked, weights
from planner.siting.candidates import PlaceOptions
from planner.siting.costs import Costs
from planner.siting.scenario_costs import AT_CANDIDATE_M

SECONDS = 5.0
"""Time limit of each of the two searches where neither time nor steps are limited."""

ROUNDING = 1e-12
"""Share by which a sum of prices may be above the budget, since sums are rounded."""

PRICES = ("low", "mid", "high")
"""Which price is taken where that of a proposal is a range: its least, its middle or its most."""

_FACILITIES = (Open, OpenInternal, ExtendHours, AddService)
_COLUMNS = ["of", "id", "remedy", "kinds", "name", "cost", "x", "y", "alone"]


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
        Of all that it does, what stands in every choice included.
    gained
        People brought within the limits against today, less those taken out, summed over the judged
        kinds, by a new assessment.
    bound
        No choice of its sort can bring more.
    siting
        The solver's answer; None where there was nothing to choose.
    after
        The assessment once it is done.
    """

    actions: pd.DataFrame
    cost: float
    gained: float
    bound: float
    siting: Siting | None
    after: Assessment

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
    findings
        What a reader must know.
    misfits
        Decided proposals that count in no choice, since they no longer fit the data.
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
    findings: tuple[Finding, ...] = ()
    misfits: tuple[Misfit, ...] = ()

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
            ``choice``, ``cost``, ``gained``, ``bound``, ``optimal``, ``decided`` (how many of the
            decided proposals it has, those in every choice included) and ``others``.
        """
        rows = [
            {
                "choice": name,
                "cost": each.cost,
                "gained": each.gained,
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
        One of :data:`PRICES`, for those of the decided proposals that are ranges.
    places
        What is offered beside the plan, and at which prices. A place where the plan builds the same
        kind is not offered a second time at another price.
    limits
        When each of the two searches stops; :data:`SECONDS` where they have no limit.

    Raises
    ------
    InputError
        ``plan.unknown_price``, ``plan.nothing_decided``, ``plan.nothing_fits``,
        ``plan.several_currencies``, ``plan.other_currency``, ``plan.budget_below_decided``,
        ``siting.no_limit``.
    """
    offered, counted = places or PlaceOptions(), group or assessment.groups[0]
    decided, misfits = carried_out(assessment.district, decided)
    if not any(each.changes for each in decided):
        if misfits:
            named = ", ".join(each.proposal.id for each in misfits)
            raise InputError("plan.nothing_fits", proposals=named)
        raise InputError("plan.nothing_decided")
    if price not in PRICES:
        raise InputError("plan.unknown_price", price=price[:40], known=", ".join(PRICES))
    spent = _spent(decided, offered.prices, price)
    money = spent if budget is None else budget
    if not spent <= money < math.inf:
        raise InputError("plan.budget_below_decided", budget=money, spent=spent)
    fixed, chosen_of = standing(assessment, decided)
    base = _after(assessment, fixed)
    wanted = _judged(base, kinds)
    offers, findings = _offers(base, chosen_of, counted, wanted, offered)
    market = _Market.of(base, chosen_of, offers, counted, price)
    kept = math.fsum(_price(each, price) for each in fixed)
    most = (limits or Limits()).within(SECONDS)
    search = _Search(market, (money - kept) * (1.0 + ROUNDING), most)
    plan_rows = np.arange(len(chosen_of), dtype=np.int64)
    worth = _Worth(assessment, base, counted, fixed, decided, market, kept)
    own = worth.choice(plan_rows, None, 0.0)
    completed = worth.choice(*search.best(plan_rows))
    free = worth.choice(*search.best(plan_rows[:0]))
    if free.gained < completed.gained:
        # a search that was cut short; what completes the plan is a free choice too
        free = replace(completed, bound=free.bound, siting=free.siting)
    alone = np.asarray(market.covers.T @ market.weight)[: len(chosen_of)]
    idle = [each.id for each, brings in zip(chosen_of, alone, strict=True) if brings <= 0]
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
        sum(each.cost_high is not None and each.cost_high != each.cost for each in decided),
        findings,
        tuple(misfits),
    )


def standing(
    assessment: Assessment, decided: Sequence[Proposal]
) -> tuple[list[Proposal], list[Proposal]]:
    """Return the decided proposals that stay in every choice, and those that can be chosen.

    Those stay that have no price, that open ways, close, move, convert or enlarge, or that build on
    one another: what they bring does not add up with the rest, or cannot be bought otherwise.
    """
    built_on = _built_on(set(assessment.district.facilities["facility_id"]), decided)
    fixed: list[Proposal] = []
    free: list[Proposal] = []
    for each in decided:
        plain = bool(each.changes) and all(isinstance(step, _FACILITIES) for step in each.changes)
        can = plain and each.cost is not None and each.id not in built_on
        (free if can else fixed).append(each)
    return fixed, free


def _built_on(there: set[str], decided: Sequence[Proposal]) -> set[str]:
    """Return the ids of proposals that change what another opens, or both the same facility."""
    made = {
        step.facility_id: each.id
        for each in decided
        for step in each.changes
        if isinstance(step, Open)
    }
    touched: dict[str, set[str]] = {}
    for each in decided:
        for step in each.changes:
            named = getattr(step, "facility_id", "")
            if named and not isinstance(step, Open):
                touched.setdefault(named, set()).add(each.id)
    for named, ids in touched.items():
        if named not in there and named in made:
            ids.add(made[named])
    # the one may do nothing without the other
    return {own for ids in touched.values() if len(ids) > 1 for own in ids}


def _judged(base: Assessment, kinds: Sequence[str] | None) -> list[str]:
    """Return the kinds that are offered, all judged ones where none are named."""
    for kind in kinds or ():
        if base.rule(kind) is None:
            raise InputError("siting.no_limit", kind=kind)
    return list(kinds or base.judged_kinds)


def _price(proposal: Proposal, price: str) -> float:
    """Return what a proposal costs, of a range its end or middle; 0 where nobody knows."""
    low, high = price_range(proposal, proposal.currency) or (0.0, 0.0)
    return {"low": low, "mid": (low + high) / 2, "high": high}[price]


def _spent(decided: Sequence[Proposal], prices: Costs, price: str) -> float:
    """Return what is decided costs; refuse what cannot be added up."""
    priced = [each for each in decided if each.cost is not None]
    currencies = sorted({each.currency for each in priced})
    if len(currencies) > 1:
        raise InputError("plan.several_currencies", found=", ".join(x or "–" for x in currencies))
    if currencies and currencies[0] not in ("", prices.currency):
        raise InputError("plan.other_currency", plan=currencies[0], list=prices.currency or "–")
    return math.fsum(_price(each, price) for each in priced)


def _after(assessment: Assessment, proposals: Sequence[Proposal]) -> Assessment:
    scenario = together("plan", proposals)
    return assessment.apply(scenario) if scenario.changes else assessment


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


def _offers(
    base: Assessment,
    chosen_of: Sequence[Proposal],
    group: str,
    kinds: Sequence[str],
    offered: PlaceOptions,
) -> tuple[list[Action], tuple[Finding, ...]]:
    """Return what could be done instead, but for what the plan does already at its own price."""
    offers: list[Action] = []
    made_up = []
    steps = [step for each in chosen_of for step in each.changes]
    changed = {
        (type(step), getattr(step, "facility_id", ""))
        for step in steps
        if not isinstance(step, Open)
    }
    for kind in kinds:
        sites, notes = offered.offered(base, kind)
        made_up += [kind] if notes else []
        own = [shapely.Point(s.x, s.y) for s in steps if isinstance(s, Open) and s.kind == kind]
        tree = shapely.STRtree(own)
        for action in facility_actions(base, kind, group, sites, offered.prices):
            step = action.change
            if isinstance(step, Open):
                spot = shapely.Point(step.x, step.y)
                again = bool(len(tree.query(spot, "dwithin", AT_CANDIDATE_M)))
            else:
                again = (type(step), getattr(step, "facility_id", "")) in changed
            if not again:
                offers.append(action)
    return offers, (offered.finding(made_up),) if made_up else ()


@dataclass(frozen=True, eq=False)
class _Market:
    """What can be bought on top of what stands: proposals first, then offers."""

    proposals: Sequence[Proposal]
    offers: Sequence[Action]
    covers: csr_array
    weight: F64
    cost: F64

    @classmethod
    def of(
        cls,
        base: Assessment,
        proposals: Sequence[Proposal],
        offers: Sequence[Action],
        group: str,
        price: str,
    ) -> _Market:
        kinds = base.judged_kinds
        gains = Gains(base, group)
        parts = []
        if proposals:
            parts.append(csr_array(vstack([gains.of(proposals, kind) for kind in kinds])))
        if offers:
            parts.append(stacked(offers, kinds, len(base.distances)))
        covers = csr_array(hstack(parts, format="csr"))
        told = [_price(each, price) for each in proposals]
        cost = np.array([*told, *(each.cost for each in offers)], dtype=np.float64)
        return cls(proposals, offers, covers, weights(base, kinds, group), cost)

    def table(self, rows: I64) -> pd.DataFrame:
        """Return rows as :attr:`Choice.actions` tells them, the plan's own first."""
        alone = np.asarray(self.covers.T @ self.weight, dtype=np.float64)
        found = []
        for row in rows.tolist():
            told = self._of_plan(row) if row < len(self.proposals) else self._offer(row)
            found.append((*told, float(self.cost[row]), *self._spot(row), float(alone[row])))
        return pd.DataFrame(found, columns=_COLUMNS)

    def _of_plan(self, row: int) -> tuple[str, ...]:
        own = self.proposals[row]
        return "plan", own.id, own.action, ";".join(own.kinds), own.title

    def _offer(self, row: int) -> tuple[str, ...]:
        own = self.offers[row - len(self.proposals)]
        return "offer", own.action_id, own.remedy, own.kind, own.name

    def _spot(self, row: int) -> tuple[float, float]:
        if row >= len(self.proposals):
            own = self.offers[row - len(self.proposals)]
            return own.x, own.y
        shape = self.proposals[row].shape
        return (math.nan, math.nan) if shape is None else (shape.centroid.x, shape.centroid.y)


@dataclass(frozen=True, eq=False)
class _Search:
    """The best choice of a market for some money."""

    market: _Market
    money: float
    limits: Limits

    def best(self, fixed: I64) -> tuple[I64, Siting | None, float]:
        """Return the rows that are bought, the solver's answer, and the most that rows can bring.

        The answer is of what is bought beside the fixed rows; None where nothing is left to choose.
        """
        market = self.market
        served = np.asarray(market.covers[:, fixed].sum(axis=1)).ravel() > 0
        brought = float(market.weight[served].sum())
        left = self.money - math.fsum(market.cost[fixed])
        # of the others, those that can be paid and bring somebody whom the fixed ones leave
        weight = np.where(served, 0.0, market.weight)
        useful = (np.asarray(market.covers.T @ weight) > 0) & (market.cost <= left)
        useful[fixed] = False
        rows = np.flatnonzero(useful)
        if not rows.size:
            return fixed, None, brought
        covers = csr_array(market.covers[:, rows])
        needed = (np.diff(covers.indptr) > 0) & (weight > 0)
        siting = max_coverage(
            covers[needed], weight[needed], cost=market.cost[rows], budget=left, limits=self.limits
        )
        bought = np.union1d(fixed, rows[siting.sites]).astype(np.int64)
        return bought, siting, brought + siting.bound


@dataclass(frozen=True, eq=False)
class _Worth:
    """What choices bring, by a new assessment."""

    assessment: Assessment
    base: Assessment
    group: str
    fixed: Sequence[Proposal]
    decided: Sequence[Proposal]
    market: _Market
    kept: float

    def choice(self, rows: I64, siting: Siting | None, bound: float) -> Choice:
        """Return what rows of the market buy together with what stands."""
        after = self._after(rows)
        gained = _net(self.assessment, after, self.group)
        # never below what was found: both are sums, rounded in another order
        most = max(gained, _net(self.assessment, self.base, self.group) + bound)
        cost = self.kept + math.fsum(self.market.cost[rows])
        return Choice(self.market.table(rows), cost, gained, most, siting, after)

    def _after(self, rows: I64) -> Assessment:
        count = len(self.market.proposals)
        taken = {self.market.proposals[row].id for row in rows[rows < count]}
        ids = taken | {each.id for each in self.fixed}
        # in the order of the plan, so that all that is decided is exactly the plan's own end
        plan = together("choice", [each for each in self.decided if each.id in ids])
        more = [self.market.offers[row - count].change for row in rows[rows >= count]]
        whole = Scenario("choice", [*plan.changes, *more], plan.crs, plan.of)
        return self.assessment.apply(whole) if whole.changes else self.assessment
