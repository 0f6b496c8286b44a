"""Bounds of one-stop siting: prices on the residents, and the budget shared out."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
from scipy import sparse

from planner.siting.location_inputs import Float
from planner.siting.location_search import Search
from planner.siting.one_stop_plans import Plans
from planner.siting.one_stop_problem import Problem

__all__ = ["tighten"]

Bool = npt.NDArray[np.bool_]

_PRICES = 400
_BOUND_SHARE = 0.5
_PATIENCE = 12
_SHORTEST = 1e-3
_GRID = 1000
_MOST_KINDS = 8


def tighten(problem: Problem, search: Search, plans: Plans) -> None:
    """Lower the bound by prices on the rows, money shared out first in parts and then to the unit.

    Whoever covers a row is paid its price; what the row is worth beyond it is had for nothing. The
    buildings that are paid most for the money bound the rest.
    """
    share = problem.matrix @ plans.best.astype(np.float64)
    price = np.where(share > 0, 0.7, 1.0) * problem.weight
    price = _priced(problem, search, plans, price, _in_parts, 1.0)
    kinds = np.bincount(problem.building).max()
    if not search.stopped and kinds <= _MOST_KINDS:
        _priced(problem, search, plans, price, _to_the_unit(problem), 0.5)


_Sharing = Callable[[Problem, Float], tuple[float, Float]]
"""Answers the most pay that the budget can earn, and the shares of the pairs that earn it."""


def _priced(
    problem: Problem, search: Search, plans: Plans, price: Float, sharing: _Sharing, pace: float
) -> Float:
    """Lower the bound by subgradient steps on the prices; answer the best ones."""
    by_pair = sparse.csr_array(problem.matrix.T)
    weight = problem.weight
    best_price, best, idle = price, np.inf, 0
    until_s = search.seconds + _BOUND_SHARE * search.seconds_left
    trend = np.zeros(len(weight))
    for step in range(_PRICES):
        if search.stopped or search.seconds >= until_s or pace < _SHORTEST:
            break
        value, picked = sharing(problem, by_pair @ price)
        bound = float((weight - price).sum()) + value
        if bound < best:
            idle = 0 if bound < best - 1e-5 * abs(best + search.objective) else idle + 1
            best, best_price = bound, price
            search.proved(min(-best, search.objective))
        else:
            idle += 1
        if idle > _PATIENCE:
            pace, idle, price = pace * 0.6, 0, best_price
            trend[:] = 0.0
            continue
        slope = problem.matrix @ picked - 1.0
        slope[(price >= weight) & (slope < 0)] = 0.0
        trend = 0.6 * trend + slope
        norm = float(trend @ trend)
        if norm <= 1e-12:
            break
        by = pace * max(bound + search.objective, 1e-9) / norm
        price = np.clip(price - by * trend, 0.0, weight)
        if step % 10 == 0:
            search.tell("bound")
            if not search.searched_out:
                plans.told(plans.fill(_rounded(problem, picked), 0.0))
    return best_price


def _in_parts(problem: Problem, pay: Float) -> tuple[float, Float]:
    """Share the budget out with the last building in part."""
    m = problem.shape[0]
    money_price, value = _money_price(problem, pay, m)
    return value, _picked(problem, pay, money_price, m)


def _to_the_unit(problem: Problem) -> _Sharing:
    """Share the budget out between whole buildings; costs are rounded down to a grid."""
    from planner.siting.one_stop_kernels import pack

    order = np.argsort(problem.building, kind="stable")
    houses, first = np.unique(problem.building[order], return_index=True)
    start = np.append(first, len(order))
    costs = np.concatenate([problem.money, problem.house[houses], [problem.budget]])
    unit = 1.0 if (costs[:-1] == np.rint(costs[:-1])).all() else problem.budget / _GRID
    if unit == 1.0:
        unit = float(max(np.gcd.reduce(costs[:-1].astype(np.int64)), 1))
    if problem.budget / unit > _GRID:
        unit = problem.budget / _GRID
    units = np.floor(costs / unit).astype(np.int64)
    money, house = units[: len(order)][order], units[len(order) :]

    def shared(_: Problem, pay: Float) -> tuple[float, Float]:
        picked, inner = np.zeros(len(order)), np.empty(len(order))
        value = pack(start, pay[order], money, house, inner)
        picked[order] = inner
        return float(value), picked

    return shared


def _worths(problem: Problem, pay: Float, money_price: float) -> tuple[Float, Float]:
    """Worth of each pair, and of each building with its worthy pairs, after paying for them."""
    net = pay - money_price * problem.money
    worth = -money_price * problem.house
    np.add.at(worth, problem.building, np.maximum(net, 0.0))
    return net, worth


def _money_price(problem: Problem, pay: Float, m: int) -> tuple[float, float]:
    """Price of money at which the buildings worth it are least, and their worth, by bisection."""

    def value(at: float) -> float:
        worth = np.maximum(_worths(problem, pay, at)[1], 0.0)
        top = np.sort(worth)[::-1][: problem.p].sum() if problem.p < m else worth.sum()
        return float(top + at * problem.budget)

    spent = np.maximum(problem.money.sum() + problem.house.sum(), 1e-9)
    if spent <= problem.budget:
        return 0.0, value(0.0)
    high = float(pay.sum()) / max(problem.budget, 1e-9)
    low, ratio = 0.0, 0.6180339887498949
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


def _picked(problem: Problem, pay: Float, money_price: float, m: int) -> Float:
    """Pairs that pay at these prices; the building at the margin in part, so the budget is met."""
    net, worth = _worths(problem, pay, money_price)
    chosen = (net > 0).astype(np.float64)
    cost = np.bincount(problem.building, problem.money * chosen, m) + problem.house
    share = np.zeros(m)
    left, count = problem.budget, problem.p
    for house in np.argsort(-worth / np.maximum(cost, 1e-9), kind="stable"):
        if left <= 0 or count <= 0 or cost[house] <= 0:
            break
        share[house] = min(1.0, left / cost[house]) if worth[house] > -1e-6 * cost[house] else 0.0
        left -= share[house] * cost[house]
        count -= 1
    return chosen * share[problem.building]


def _rounded(problem: Problem, picked: Float) -> Bool:
    """Whole pairs out of shares, as far as the money goes."""
    chosen = np.zeros(len(picked), np.bool_)
    for at in np.argsort(-picked, kind="stable"):
        if picked[at] < 0.5:
            break
        chosen[at] = True
        if problem.cost(chosen) > problem.budget or len(problem.houses(chosen)) > problem.p:
            chosen[at] = False
    return chosen
