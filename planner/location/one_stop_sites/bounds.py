"""Bounds of one-stop siting: prices on the residents, and the budget shared out.

That a row is covered only by what is open is left out and priced instead, as Galvão and ReVelle
(1996) do for one kind. Which filling of which building then earns most for the budget is the
multiple-choice knapsack problem: in parts after Sinha, P. and Zoltners, A. A. (1979), The
multiple-choice knapsack problem, Operations Research 27, to the unit after Kellerer, H., Pferschy,
U. and Pisinger, D. (2004), Knapsack Problems.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy import sparse

from planner.arrays import F64, Bool
from planner.location.one_stop_sites.plans import Plans
from planner.location.one_stop_sites.problem import Problem
from planner.location.search import Search
from planner.location.subgradient import Ascent, Rule, advance

__all__ = ["bound_by_packing", "bound_by_prices", "promising"]


_PRICES = 400
"""Steps of the prices at most."""
_PARTS_SHARE, _UNIT_SHARE = 0.35, 0.25
"""Shares of the time left that the two bounds have: HiGHS needs the rest."""
_RULE = Rule(-1.0, kept=0.6, patience=13.0)
_SHORTEST = 1e-3
"""Factor of the step length below which further steps hardly move the prices."""
_GRID = 2000
"""Units that a budget is cut into: with fewer costs are rounded down more, which loosens the bound;
with more each step of the knapsack takes as much longer."""
_MOST_STEPS = 40_000_000
"""More steps than these make the knapsack too slow to be worth it."""


def bound_by_prices(problem: Problem, search: Search, plans: Plans) -> F64:
    """Lower the bound by prices on the rows, the money shared out in parts; answer the prices.

    Whoever covers a row is paid its price; what the row is worth beyond it is had for nothing. The
    buildings that are paid most for the money bound the rest.
    """
    # at the best prices a row that the best plan leaves uncovered pays all it is worth and keeps
    # nothing, one that is covered may keep something. How much, the steps find out: begun at
    # nothing or at all, it would take them longer
    share = problem.matrix @ plans.best.astype(np.float64)
    price = np.where(share > 0, 0.7, 1.0) * problem.weight
    return _priced(problem, search, plans, price, _in_parts, 1.0, _PARTS_SHARE)


def bound_by_packing(problem: Problem, search: Search, plans: Plans, price: F64) -> None:
    """Lower the bound further, the money shared out to the unit between whole buildings."""
    if not search.stopped and len(problem.fillings.cost) * _GRID <= _MOST_STEPS:
        _priced(problem, search, plans, price, _to_the_unit(problem), 0.5, _UNIT_SHARE)


def promising(problem: Problem, search: Search, price: F64) -> Problem:
    """Leave out the fillings that are in no plan better than the best one, as the prices prove.

    A building that must hold a filling is worth what that one is, instead of its best.
    """
    fillings = problem.fillings
    # the bound is a sum over the buildings that are worth most, so that it is known at once what it
    # becomes if one of them must hold a certain filling
    worth = fillings.pairs @ (sparse.csr_array(problem.matrix.T) @ price)
    money_price, value = _money_price(problem, worth)
    net = worth - money_price * fillings.cost
    best = _best_worths(problem, worth, money_price)
    instead = best
    # a building that is not among the p best ones takes the place of the last of these
    if problem.p < len(best):
        last = np.partition(best, len(best) - problem.p)[len(best) - problem.p]
        instead = np.maximum(best, last)
    house = np.repeat(np.arange(len(best)), np.diff(np.append(fillings.first, len(net))))
    bound = float((problem.weight - price).sum()) + value - instead[house] + net
    return problem.limited(bound >= search.objective * (1 - 1e-7))


_Sharing = Callable[[Problem, F64], tuple[float, F64]]
"""Answers the most pay that the budget can earn, and the shares of the pairs that earn it."""


def _priced(
    problem: Problem,
    search: Search,
    plans: Plans,
    price: F64,
    sharing: _Sharing,
    factor: float,
    time_share: float,
) -> F64:
    """Lower the bound by subgradient steps on the prices; answer the best ones."""
    by_pair = sparse.csr_array(problem.matrix.T)
    weight = problem.weight
    ascent = Ascent.of(price.copy(), np.inf, factor)
    until_s = search.spent_s + time_share * search.seconds_left
    for step in range(_PRICES):
        if search.stopped or search.spent_s >= until_s or ascent.factor < _SHORTEST:
            break
        # what the budget can earn at these prices, and what the rows keep: together a bound
        value, picked = sharing(problem, by_pair @ ascent.price)
        bound = float((weight - ascent.price).sum()) + value
        search.proved(max(bound, search.objective))
        # a row that is covered more than once pays too much, one that is not too little
        breach = 1.0 - problem.matrix @ picked
        if not advance(bound, search.objective, breach, weight, _RULE, ascent):
            break
        if step % 10 == 0:
            search.report("bound")
            if not search.searched_out:
                # what the prices pick is nearly a plan: made whole and filled up, it is often a
                # better one. Not at every step, since from one to the next little of it changes
                plans.keep(plans.fill(_rounded(problem, picked), 0.0))
    return ascent.best_price


def _in_parts(problem: Problem, pay: F64) -> tuple[float, F64]:
    """Share the budget out with the last building in part."""
    worth = problem.fillings.pairs @ pay
    money_price, value = _money_price(problem, worth)
    return value, _picked(problem, worth, money_price)


def _to_the_unit(problem: Problem) -> _Sharing:
    """Share the budget out between whole buildings; costs are rounded down to a grid."""
    from planner.location.one_stop_sites.kernels import pack

    fillings = problem.fillings
    start = np.append(fillings.first, len(fillings.cost))
    # costs in whole cents share a largest unit; where that is too fine, they are rounded down,
    # which lets a plan look cheaper than it is and so keeps the bound valid
    unit = problem.budget / _GRID
    cents = np.rint(fillings.cost * 100)
    if np.allclose(cents, fillings.cost * 100, rtol=0, atol=1e-6):
        common = float(max(np.gcd.reduce(cents.astype(np.int64)), 1)) / 100
        unit = common if problem.budget / common <= _GRID else unit
    cost = np.floor(fillings.cost / unit + 1e-9).astype(np.int64)
    cost = np.where(cost * unit <= fillings.cost * (1 + 1e-9), cost, cost - 1)
    budget = int(np.floor(problem.budget / unit))

    def shared(_: Problem, pay: F64) -> tuple[float, F64]:
        picked = np.zeros(len(cost), np.bool_)
        value = pack(start, fillings.pairs @ pay, cost, budget, picked)
        return float(value), fillings.pairs.T @ picked.astype(np.float64)

    return shared


def _best_worths(problem: Problem, worth: F64, money_price: float) -> F64:
    """Worth of each building's best filling after paying for it, not below nothing."""
    net = worth - money_price * problem.fillings.cost
    best: F64 = np.maximum(np.maximum.reduceat(net, problem.fillings.first), 0.0)
    return best


def _money_price(problem: Problem, worth: F64) -> tuple[float, float]:
    """Price of money at which the buildings worth it are least, and their worth, by bisection."""
    fillings = problem.fillings
    buildings = len(fillings.first)

    def value(at: float) -> float:
        net = _best_worths(problem, worth, at)
        if problem.p < buildings:
            net = np.partition(net, buildings - problem.p)[buildings - problem.p :]
        return float(net.sum() + at * problem.budget)

    if np.maximum.reduceat(fillings.cost, fillings.first).sum() <= problem.budget:
        return 0.0, value(0.0)
    paid = fillings.cost > 0
    dearest = float((worth[paid] / fillings.cost[paid]).max(initial=0.0))
    # the bound is convex in the price of money: golden section (Kiefer 1953) finds the least
    low, high, ratio = 0.0, dearest, 0.6180339887498949
    left, right = high - ratio * high, ratio * high
    at_left, at_right = value(left), value(right)
    for _ in range(40):
        if at_left <= at_right:
            high, right, at_right = right, left, at_left
            left = high - ratio * (high - low)
            at_left = value(left)
        else:
            low, left, at_left = left, right, at_right
            right = low + ratio * (high - low)
            at_right = value(right)
    return (left, at_left) if at_left <= at_right else (right, at_right)


def _picked(problem: Problem, worth: F64, money_price: float) -> F64:
    """Pairs that pay at these prices; the building at the margin in part, so the budget is met."""
    fillings = problem.fillings
    net = worth - money_price * fillings.cost
    # at the price of money the building at the margin is worth just what it costs: it is taken as
    # far as the money goes, or the rows it covers would seem to be covered too little and the
    # prices would go to and fro. What nets a trace below nothing is at the margin, too, but for
    # rounding
    best = np.lexsort((-net, fillings.building))[fillings.first]
    share = np.zeros(len(net))
    left, count = problem.budget, problem.p
    for at in best[np.argsort(-net[best] / np.maximum(fillings.cost[best], 1e-9), kind="stable")]:
        if left <= 0 or count <= 0 or net[at] <= -1e-6 * fillings.cost[at]:
            break
        share[at] = min(1.0, left / max(fillings.cost[at], 1e-9))
        left -= share[at] * fillings.cost[at]
        count -= 1
    picked: F64 = fillings.pairs.T @ share
    return picked


def _rounded(problem: Problem, picked: F64) -> Bool:
    """Whole fillings out of shares, as far as the money goes; those most picked come first."""
    fillings = problem.fillings
    chosen = np.zeros(len(picked), np.bool_)
    # each kind that is picked by more than half speaks for a filling with it, each by less against:
    # the best filling of a building is then what is mostly picked there
    taken = fillings.pairs @ (picked - 0.5)
    best = np.lexsort((-taken, fillings.building))[fillings.first]
    left, count = problem.budget, problem.p
    for at in best[np.argsort(-taken[best], kind="stable")]:
        if taken[at] <= 0 or count <= 0:
            break
        if fillings.cost[at] <= left:
            chosen[fillings.pairs[[at]].indices] = True
            left -= fillings.cost[at]
            count -= 1
    return chosen
