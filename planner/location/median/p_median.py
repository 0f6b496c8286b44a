"""The p-median: sites that keep the residents' total walking least, with proof.

Greedy opening and interchange of sites find good ones, prices on the residents (the Lagrangian
relaxation of "everyone is served once") prove how good, and rule out or rule in most candidates;
branch and bound decides between those that are left.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Unpack

import numpy as np

from planner.location.inputs import FIXED, FORBIDDEN, amounts
from planner.location.limits import LimitKeywords, Limits, given_limits
from planner.location.median.bounds import Bounds
from planner.location.median.plans import Plans
from planner.location.median.problem import Problem, checked, everyone_reachable
from planner.location.results import Siting
from planner.location.search import Search

__all__ = ["p_median"]

_ROUNDS = 100
"""Perturbations before the tree: the cheaper the best plan, the more branches it cuts off."""


def p_median(
    distances: object,
    weight: object,
    p: int | None = None,
    *,
    fixed: Collection[int] = (),
    forbidden: Collection[int] = (),
    capacity: object = None,
    cost: object = None,
    budget: float | None = None,
    penalty_m: float | None = None,
    limits: Limits | None = None,
    **keywords: Unpack[LimitKeywords],
) -> Siting:
    """Choose at most p sites so that the residents' total walking is least.

    Every demand walks to its nearest open site; ``penalty_m`` is the longest walk that is charged,
    also to those who reach no site. The answer is the same for the same input and seed unless the
    time limit ended the search.

    Parameters
    ----------
    distances
        Demand × candidate in metres: CSR, in which what is not stored is out of reach, or dense,
        in which inf is.
    weight
        (demand,) residents.
    p
        Sites at most, the fixed ones among them; fewer are chosen where more save nothing. None
        where the budget alone limits them.
    fixed, forbidden
        Candidates that must be, or must not be, chosen.
    capacity
        (candidates,) residents that each can serve; a demand may then be split between sites, and
        not all may be served by their nearest. None for no limit.
    cost, budget
        (candidates,) cost of each, and what may be spent in all.
    penalty_m
        Metres charged for a resident who is not served. None: everyone must be served.
    limits, **keywords
        When to stop, as a :class:`planner.location.limits.Limits` or its fields; 10 s by default.

    Returns
    -------
    Siting
        ``objective`` in resident metres; ``assignment`` is each demand's site, −1 where the
        penalty is charged. With capacities it is the site that serves most of the demand, and
        ``covered`` the share that is served.

    Raises
    ------
    InputError
        ``location.…`` for what cannot be used: see its message.

    Notes
    -----
    Interchange: Whitaker, R. A. (1983), INFOR 21; Resende, M. and Werneck, R. (2007), Annals of
    Operations Research 150.
    Bound: Cornuéjols, G., Fisher, M. and Nemhauser, G. (1977), Management Science 23.

    Examples
    --------
    >>> from planner.location import p_median
    >>> walk = [[0, 100, 300], [100, 0, 200], [300, 200, 0]]
    >>> best = p_median(walk, [10, 10, 10], 1)
    >>> best.sites.tolist(), best.objective, best.optimal
    ([1], 3000.0, True)
    """
    search = Search(given_limits(limits, keywords, 10.0))
    problem = checked(distances, weight, p, fixed, forbidden, cost, budget, penalty_m)
    if capacity is not None:
        from planner.location.median.capacity import solve_with_capacity

        room = amounts(capacity, problem.table.shape[1], "capacity")
        return solve_with_capacity(problem, room, penalty_m, search)
    if penalty_m is None:
        everyone_reachable(problem)
    return solve(problem, search)


def solve(problem: Problem, search: Search) -> Siting:
    """Search, bound, rule out, and decide."""
    plans = Plans(problem, search)
    # nobody walks less than to the nearest of all candidates
    plans.set(np.flatnonzero(problem.kinds != FORBIDDEN))
    search.proved(plans.objective)
    # a greedy plan, then interchange until it is at a local best
    plans.set(np.flatnonzero(problem.kinds == FIXED))
    if len(search.best):
        plans.set(search.best)
    plans.fill(0)
    plans.improve()
    if not search.stopped:
        bounds = _bounded(problem, search, plans)
        plans.perturb(lambda at: at >= _ROUNDS or bool(search.stopped))
        if not search.stopped:
            from planner.location.median.tree import decide

            left = bounds.reduced(search)
            if not search.stopped:
                decide(left, bounds.best_price, search, plans)
        plans.perturb(lambda _: bool(search.stopped))
    search.report("search", always=True)
    return search.answer(assignment=plans.assignment())


def _bounded(problem: Problem, search: Search, plans: Plans) -> Bounds:
    """Raise the bound and rule out candidates in turn, until neither moves."""
    bounds = Bounds(problem, plans)
    while True:
        bounds.rise(search, plans)
        if search.stopped:
            return bounds
        left = bounds.reduced(search)
        # prices raised anew are worth their time where a good part of the table went. With a larger
        # factor they would be raised again and again for a few entries each time; with a smaller
        # one the tree would walk through entries that they rule out
        if search.stopped or len(left.table.site) > 0.7 * len(bounds.problem.table.site):
            return bounds
        bounds = Bounds(left, plans, bounds.best_price)
