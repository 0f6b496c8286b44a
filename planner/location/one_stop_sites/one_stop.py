"""One-stop sites: several kinds share buildings under one budget, to cover the most residents.

A building has its cost, each kind in it another, and each kind after the first saves something.
Greedy choice and perturbation find a plan; prices on the residents and on money bound what any plan
can reach; HiGHS decides what is left. Among plans that cover as much the cheapest is taken.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Unpack

import numpy as np

from planner.arrays import F64, Bool
from planner.location.limits import LimitKeywords, Limits, given_limits
from planner.location.one_stop_sites.bounds import bound_by_packing, bound_by_prices, promising
from planner.location.one_stop_sites.plans import Plans, decide, economise
from planner.location.one_stop_sites.problem import Problem, checked
from planner.location.results import Siting
from planner.location.search import Search

__all__ = ["OneStop", "one_stop"]


_SEARCH_SHARE = 0.12


@dataclass(frozen=True, eq=False)
class OneStop:
    """Buildings, and what is in each.

    Parameters
    ----------
    siting
        The buildings with objective, bound and gap; the objective is the weight newly covered,
        added over the kinds.
    opened
        (candidates, kinds) bool, what opens where.
    covered
        (kinds,) float64, weight newly covered by each kind.
    cost
        What the plan costs: where `siting` is optimal the least for what it covers, as far as
        `cost_bound` proves it.
    cost_bound
        No plan that covers as much costs less; 0 where that was not asked.
    saved
        What it would cost more if the kinds shared no building's savings.
    """

    siting: Siting
    opened: Bool = field(repr=False)
    covered: F64
    cost: float
    cost_bound: float
    saved: float


def one_stop(
    covers: Sequence[object],
    weight: object,
    budget: float,
    *,
    building_cost: object,
    kind_cost: object,
    saving: float = 0.0,
    allowed: object = None,
    p: int | None = None,
    room: object = None,
    area: object = None,
    limits: Limits | None = None,
    **keywords: Unpack[LimitKeywords],
) -> OneStop:
    """Choose buildings, and the kinds in each, that newly cover the most residents for the budget.

    Of several choices that cover as much, the cheapest.

    Parameters
    ----------
    covers
        For each kind demand × candidate, CSR or dense: what is true (not zero) is covered.
    weight
        (kinds, demand) residents who still lack each kind, weighted as the kinds matter; 0 for
        those who are covered already.
    budget
        Money that may be spent.
    building_cost
        (candidates,) fixed cost of each building; or (candidates, kinds), its cost by the kind for
        which it is built, the one in it of the highest `kind_cost`.
    kind_cost
        (kinds,) or (candidates, kinds), cost of each kind in a building.
    saving
        Money saved by each kind in a building after its first; at most the least cost of a kind.
    allowed
        (candidates, kinds) bool, what may open where; None for everything.
    p
        Buildings at most; None for no limit.
    room, area
        (candidates,) room of each building, inf where it is not known, and (kinds,) what each kind
        takes. Several in a building must fit together; a kind alone always does.
    limits, **keywords
        When to stop, as a :class:`planner.location.limits.Limits` or its fields; 5 s by default.

    Returns
    -------
    OneStop
        The plan.

    Raises
    ------
    InputError
        ``location.…`` for what cannot be used; ``.budget_too_small`` where it buys nothing;
        ``one_stop.too_many_kinds`` for more than 10.

    Examples
    --------
    >>> from planner.location import one_stop
    >>> clinic, library = [[1, 0], [1, 1]], [[1, 0], [0, 1]]
    >>> plan = one_stop(
    ...     [clinic, library], [[9, 9], [5, 5]], 6, building_cost=[3, 3], kind_cost=[2, 2], saving=1
    ... )
    >>> plan.opened.tolist(), plan.siting.objective, plan.cost
    ([[True, True], [False, False]], 23.0, 6.0)
    """
    search = Search(given_limits(limits, keywords, 5.0), "maximise")
    problem = checked(
        covers, weight, budget, building_cost, kind_cost, saving, allowed, p, room, area
    )
    plans = Plans(problem, search)
    plans.construct()
    price = problem.weight if search.stopped else bound_by_prices(problem, search, plans)
    if not search.stopped:
        plans.perturb(search.spent_s + _SEARCH_SHARE * search.seconds_left)
    if not search.stopped:
        left = promising(problem, search, price)
        bound_by_packing(left, search, plans, price)
        decide(left, search, plans)
    least = economise(promising(problem, search, price), search, plans)
    search.report("search", always=True)
    return _answer(problem, plans.best, search, least)


def _answer(problem: Problem, chosen: Bool, search: Search, least: float) -> OneStop:
    """Hand over a choice."""
    opened = np.zeros(problem.shape, np.bool_)
    opened[problem.building[chosen], problem.kind[chosen]] = True
    hit = problem.matrix @ chosen.astype(np.int32) > 0
    siting = search.answer(sites=problem.buildings(chosen))
    covered = np.zeros(problem.shape[1])
    np.add.at(covered, problem.row_kind[hit], problem.weight[hit])
    shared = int(chosen.sum()) - len(problem.buildings(chosen))
    return OneStop(siting, opened, covered, problem.cost(chosen), least, problem.saving * shared)
