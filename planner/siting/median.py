"""The p-median: sites that keep the residents' total walking least, with proof.

Greedy opening and interchange of sites find good ones, prices on the residents (the Lagrangian
relaxation of "everyone is served once") prove how good, and rule out or rule in most candidates;
branch and bound decides between those that are left.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt

from planner.errors import InputError
from planner.siting.location_inputs import (
    FIXED,
    FORBIDDEN,
    FREE,
    Float,
    Int,
    Kinds,
    Table,
    amounts,
    candidate_kinds,
    site_count,
)
from planner.siting.location_search import SAME, Search
from planner.siting.results import ProgressCallback, Siting

__all__ = ["p_median"]

_STEPS = 50
_ROUNDS = 100
_SHORTEST = 2e-3


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
    time_limit_s: float = 10.0,
    gap: float = 0.0,
    seed: int = 0,
    max_iterations: int | None = None,
    progress: ProgressCallback | None = None,
    cancel: Callable[[], bool] | None = None,
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
    time_limit_s
        Seconds after which the best so far is answered.
    gap
        Stop once this relative gap is proven.
    seed
        Of the random moves.
    max_iterations
        Rounds of perturbation at most; None for as many as seem worth while.
    progress
        Called with :class:`Progress` about ten times a second.
    cancel
        Asked now and then; the search ends once it answers True.

    Returns
    -------
    Siting
        ``objective`` in resident metres; ``assignment`` is each demand's site, −1 where the
        penalty is charged. With capacities it is the site that serves most of the demand, and
        ``covered`` the share that is served.

    Raises
    ------
    InputError
        ``siting_location.…`` for what cannot be used: see its message.

    Notes
    -----
    Interchange: Whitaker, R. A. (1983), INFOR 21; Resende, M. and Werneck, R. (2007), EJOR 180.
    Bound: Cornuéjols, G., Fisher, M. and Nemhauser, G. (1977), Management Science 23.

    Examples
    --------
    >>> from planner.siting import p_median
    >>> walk = [[0, 100, 300], [100, 0, 200], [300, 200, 0]]
    >>> best = p_median(walk, [10, 10, 10], 1)
    >>> best.sites.tolist(), best.objective, best.optimal
    ([1], 3000.0, True)
    """
    search = Search(
        time_limit_s=time_limit_s,
        gap=gap,
        max_iterations=max_iterations,
        seed=seed,
        progress=progress,
        cancel=cancel,
    )
    problem = _problem(distances, weight, p, fixed, forbidden, cost, budget, penalty_m)
    if capacity is not None:
        from planner.siting.median_capacity import solve_with_capacity

        room = amounts(capacity, problem.table.shape[1], "capacity")
        return solve_with_capacity(problem, room, penalty_m, search)
    if penalty_m is None:
        _everyone_reachable(problem)
    return solve(problem, search)


@dataclass(frozen=True, eq=False)
class Problem:
    """A p-median, checked: see :func:`p_median` for the meaning of the parts."""

    table: Table
    weight: Float
    cap: Float
    kinds: Kinds
    cost: Float
    p: int
    budget: float

    def affords(self, sites: Int) -> bool:
        """Whether these sites keep the limits of number and budget."""
        return len(sites) <= self.p and float(self.cost[sites].sum()) <= self.budget

    def worth_less_than(self, objective: float) -> float:
        """Tell the bound from which on nothing is better than this objective."""
        return objective - 1 + 1e-6 if self.whole else objective * (1 - SAME)

    @cached_property
    def whole(self) -> bool:
        """Whether every total is a whole number, so that a bound may be rounded up."""
        parts = (self.table.metres, self.weight, self.cap)
        return all(bool((part == np.rint(part)).all()) for part in parts)


def _problem(
    distances: object,
    weight: object,
    p: int | None,
    fixed: Collection[int],
    forbidden: Collection[int],
    cost: object,
    budget: float | None,
    penalty_m: float | None,
) -> Problem:
    if penalty_m is not None and not 0 < penalty_m < np.inf:
        raise InputError("siting_location.bad_option", option="penalty_m", value=penalty_m)
    table = Table.of(distances, np.inf if penalty_m is None else penalty_m)
    n, m = table.shape
    residents = amounts(weight, n, "weight")
    if not residents.any():
        raise InputError("siting_location.no_weight")
    kinds = candidate_kinds(fixed, forbidden, m)
    if budget is not None and cost is None:
        raise InputError("siting_location.budget_without_cost")
    price = amounts(cost, m, "cost", fill=1.0)
    count, limit = site_count(p, budget, price, kinds)
    kinds[(kinds == FREE) & (price > limit - price[kinds == FIXED].sum())] = FORBIDDEN
    if not (kinds[table.site] != FORBIDDEN)[residents[table.row_of] > 0].any():
        raise InputError("siting_location.nobody_in_reach")
    # without a penalty somebody unserved would cost more than any walk
    farthest = 2 * float(table.metres.max()) + 1 if penalty_m is None else float(penalty_m)
    return Problem(table, residents, np.full(n, farthest), kinds, price, count, limit)


def _everyone_reachable(problem: Problem) -> None:
    """Without a penalty every demand with residents must reach every candidate."""
    table = problem.table
    short = (np.diff(table.start) < table.shape[1]) & (problem.weight > 0)
    if short.any():
        raise InputError(
            "siting_location.no_penalty",
            count=int(short.sum()),
            row=int(np.flatnonzero(short)[0]),
        )


def solve(problem: Problem, search: Search) -> Siting:
    """Search, bound, rule out, and decide."""
    plans = Plans(problem, search)
    plans.set(np.flatnonzero(problem.kinds != FORBIDDEN))
    search.proved(plans.objective)
    plans.set(np.flatnonzero(problem.kinds == FIXED))
    if len(search.best):
        plans.set(search.best)
    plans.fill(0)
    plans.improve()
    if not search.stopped:
        bounds = _bounded(problem, search, plans)
        plans.perturb(lambda at: at >= _ROUNDS or bool(search.stopped))
        if not search.stopped:
            from planner.siting.median_tree import decide

            left = bounds.reduced(search)
            if not search.stopped:
                decide(left, bounds.best_price, search, plans)
        plans.perturb(lambda _: bool(search.stopped))
    search.tell("search", always=True)
    return search.answer(assignment=plans.assignment())


def _bounded(problem: Problem, search: Search, plans: Plans) -> Bounds:
    """Raise the bound and rule out candidates in turn, until neither moves."""
    bounds = Bounds(problem, plans)
    while True:
        bounds.rise(search, plans)
        if search.stopped:
            return bounds
        left = bounds.reduced(search)
        if search.stopped or len(left.table.site) > 0.7 * len(bounds.problem.table.site):
            return bounds
        bounds = Bounds(left, plans, bounds.best_price)


class Plans:
    """Sets of open sites and their moves, on one problem."""

    def __init__(self, problem: Problem, search: Search) -> None:
        n, m = problem.table.shape
        self.problem = problem
        self.search = search
        self._random = np.array([0x9E3779B97F4A7C15 ^ (search.seed + 1)], np.uint64)
        self.is_open = np.zeros(m, np.bool_)
        self.first, self.second = np.empty(n, np.int32), np.empty(n, np.int32)
        self.first_m, self.second_m = np.empty(n), np.empty(n)

    @property
    def _rows(self) -> tuple[npt.NDArray[np.generic], ...]:
        return self.first, self.first_m, self.second, self.second_m

    def set(self, sites: npt.NDArray[np.integer]) -> None:
        """Open these sites and no others."""
        from planner.siting.median_kernels import all_nearest_two

        self.is_open[:] = False
        self.is_open[sites] = True
        problem = self.problem
        all_nearest_two(*problem.table.rows, problem.cap, self.is_open, *self._rows)

    @property
    def objective(self) -> float:
        """Total walking to the open sites."""
        return float(self.problem.weight @ self.first_m)

    def fill(self, sample: int) -> None:
        """Open what saves most until no more may be opened; drawn candidates first."""
        from planner.siting.median_kernels import fill_up

        problem = self.problem
        fill_up(
            *problem.table.columns,
            problem.weight,
            problem.kinds,
            problem.cost,
            problem.p,
            problem.budget,
            sample,
            self._random,
            self.is_open,
            *self._rows,
        )

    def improve(self) -> bool:
        """Interchange until nothing helps or the time is over; answers whether it is the best."""
        from planner.siting.median_kernels import interchange

        problem, search = self.problem, self.search
        while True:
            moves = interchange(
                *problem.table.rows,
                problem.cap,
                *problem.table.columns,
                problem.weight,
                problem.kinds,
                problem.cost,
                problem.budget,
                1e-10 * abs(self.objective),
                1000,
                self._random,
                self.is_open,
                *self._rows,
            )
            if moves:
                self.fill(0)
            if moves < 1000 or search.stopped:
                break
        search.tell("search")
        return search.found(np.flatnonzero(self.is_open), self.objective)

    def perturb(self, enough: Callable[[int], bool]) -> int:
        """Close some sites of the best plan at random, fill up and improve, again and again."""
        from planner.siting.median_kernels import close_sites

        problem, search = self.problem, self.search
        done = idle = 0
        while not enough(done) and not search.searched_out:
            self.set(search.best)
            loose = search.best[problem.kinds[search.best] == FREE]
            if not len(loose):
                break
            count = min(1 + (idle // 8) % max(1, min(len(loose), 12)), len(loose))
            close_sites(
                count,
                *problem.table.rows,
                problem.cap,
                *problem.table.columns[:2],
                problem.kinds,
                self._random,
                self.is_open,
                *self._rows,
            )
            self.fill(4 + 2 * (done % 8))
            idle = 0 if self.improve() else idle + 1
            done += 1
            search.iterations += 1
        return done

    def assignment(self) -> Int:
        """Each demand's site in the best plan, −1 where the penalty is charged."""
        self.set(self.search.best)
        return self.first.astype(np.int64)


class Bounds:
    """Prices that rows pay, and what follows from them."""

    def __init__(self, problem: Problem, plans: Plans, price: Float | None = None) -> None:
        n, m = problem.table.shape
        self.problem = problem
        self.best_price = np.zeros(n)
        fixed = problem.kinds == FIXED
        self._count = float(problem.p - fixed.sum())
        self._budget = float(problem.budget - problem.cost[fixed].sum())
        if price is None:
            plans.set(plans.search.best)
            price = problem.weight * 0.5 * (plans.first_m + plans.second_m)
        self._price = np.minimum(price, problem.weight * problem.cap)
        self._best = np.array([-np.inf])
        self._trend = np.zeros(n)
        self._pace = np.array([1.0, 0.0])
        self._worth = np.full((2, m), -np.inf)
        self._picked = np.zeros(m)
        self._often = np.zeros(m)

    def rise(self, search: Search, plans: Plans) -> None:
        """Raise the bound until the steps are too short to matter or the search is over."""
        from planner.siting.median_kernels import relax

        problem = self.problem
        while self._pace[0] > _SHORTEST and not search.stopped:
            relax(
                *problem.table.rows,
                problem.cap,
                problem.weight,
                problem.kinds,
                problem.cost,
                self._count,
                self._budget,
                search.objective,
                _STEPS,
                self._pace,
                self._price,
                self._trend,
                self.best_price,
                self._best,
                self._worth,
                self._picked,
                self._often,
            )
            bound = self._best[0]
            search.proved(np.ceil(bound - 1e-6) if problem.whole else bound)
            search.tell("bound")
            if not search.stopped and not search.searched_out:
                self._round_off(plans)

    def _round_off(self, plans: Plans) -> None:
        """Take the sites that the prices choose as a start."""
        problem = self.problem
        order = np.argsort(-self._picked, kind="stable")
        order = order[(self._picked[order] > 0) & (problem.kinds[order] != FORBIDDEN)]
        fits = np.cumsum(problem.cost[order]) <= problem.budget
        plans.set(order[fits][: problem.p])
        plans.fill(0)
        plans.improve()

    def reduced(self, search: Search) -> Problem:
        """Rule out and rule in the candidates whose opposite cannot beat the best plan."""
        problem = self.problem
        limit = problem.worth_less_than(search.objective)
        kinds = problem.kinds.copy()
        opened, closed = self._worth >= limit
        kinds[(kinds == FREE) & opened] = FORBIDDEN
        kinds[(problem.kinds == FREE) & closed] = FIXED
        fixed = kinds == FIXED
        neither = opened & closed & (problem.kinds == FREE)
        if neither.any() or not problem.affords(np.flatnonzero(fixed)):
            search.proved(search.objective)
            return problem
        table = problem.table
        row, status = table.row_of, kinds[table.site]
        cap = problem.cap.copy()
        np.minimum.at(cap, row[status == FIXED], table.metres[status == FIXED])
        keep = (status == FREE) & (table.metres < cap[row])
        small = Table.sorted(row[keep], table.site[keep], table.metres[keep], table.shape)
        return replace(problem, table=small, cap=cap, kinds=kinds)
