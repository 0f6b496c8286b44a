"""What can be bought on top of what stands, and the best of it for some money."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely
from scipy.sparse import csr_array, hstack, vstack

from planner.analysis.assessment import Assessment
from planner.arrays import F64, I64
from planner.district import Open
from planner.errors import Finding
from planner.location.covering.max_coverage import max_coverage
from planner.location.limits import Limits
from planner.location.results import Siting
from planner.plan.coordination.compromise.pricing import Pricing
from planner.plan.coordination.gains import Gains
from planner.plan.proposals.proposal import Proposal
from planner.siting.actions import Action, facility_actions, stacked, weights
from planner.siting.candidates import PlaceOptions
from planner.siting.change_prices import AT_CANDIDATE_M
from planner.siting.findings import built_at

_COLUMNS = ["of", "id", "remedy", "kinds", "name", "cost", "x", "y", "alone"]


def offers_beside(
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
    notes = offered.doors_unsure(base, kinds)
    return offers, (*notes, *((offered.finding(made_up),) if made_up else ()))


@dataclass(frozen=True, eq=False)
class Market:
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
        pricing: Pricing,
    ) -> Market:
        """Return what can be bought; each of the proposals has a price."""
        kinds = base.judged_kinds
        gains = Gains(base, group)
        parts = []
        if proposals:
            parts.append(csr_array(vstack([gains.of(proposals, kind) for kind in kinds])))
        if offers:
            parts.append(stacked(offers, kinds, len(base.distances)))
        covers = csr_array(hstack(parts, format="csr"))
        told = [pricing.total([each]) for each in proposals]
        cost = np.array([*told, *(each.cost for each in offers)], dtype=np.float64)
        return cls(proposals, offers, covers, weights(base, kinds, group), cost)

    def offered(self, rows: I64) -> list[Action]:
        """Return the offers among some rows, in their order."""
        count = len(self.proposals)
        return [self.offers[row - count] for row in rows[rows >= count].tolist()]

    @property
    def shares_places(self) -> bool:
        """Whether several kinds are offered at one place, each as if it were alone there."""
        sites = [
            built_at(each.kind, each.action_id) for each in self.offers if each.remedy == "build"
        ]
        return len(set(sites)) < len(sites)

    def table(self, rows: I64) -> pd.DataFrame:
        """Return rows as a choice tells them, the plan's own first.

        See :attr:`~planner.plan.coordination.compromise.compromise.Choice.actions`.
        """
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
class Search:
    """The best choice of a market for some money."""

    market: Market
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
