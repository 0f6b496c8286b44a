"""The p-median with capacities: nobody is sent to a site that is full.

Each choice of sites is judged by the cheapest flow of residents to them. Prices on the residents
bound what any choice can reach and rule out candidates; HiGHS decides what is left.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from scipy import sparse

from planner.arrays import F64, I64
from planner.errors import InputError
from planner.location.inputs import FIXED, FORBIDDEN, FREE, Table
from planner.location.median.problem import Problem
from planner.location.median.state import Found
from planner.location.mip import Model
from planner.location.results import Siting
from planner.location.search import SAME, Search
from planner.location.subgradient import Ascent, Rule

__all__ = ["solve_with_capacity"]

_STEPS = 20
"""Steps of the prices between two plans made of them."""
_SHORTEST = 2e-3
"""Factor of the step length below which further steps hardly move the prices."""
_SWAPS = 4000
"""Swaps tried at most in one go, each by a cheapest flow of its own."""
_NEAR = 15
"""Candidates nearest to somebody who walks far that are drawn from."""
_ENTRIES = 300_000
"""With more entries than these HiGHS is not asked: its model has a column and a row for each."""
_SEARCH_SHARE = 0.3
"""Share of the time left that prices have, and swaps before HiGHS: most of it is for the proof."""


def solve_with_capacity(
    problem: Problem, room: F64, penalty_m: float | None, search: Search
) -> Siting:
    """Search, bound, rule out and decide, as :func:`planner.location.p_median` says.

    Parameters
    ----------
    problem
        The p-median without capacities.
    room
        (candidates,) float64, residents that each can serve.
    penalty_m
        Metres charged for a resident who is not served; None where everyone must be.
    search
        Where sites and bounds are kept.

    Raises
    ------
    InputError
        ``location.room_too_small`` or ``.not_everyone`` where everyone must be served and
        the sites have too little room.
    """
    if penalty_m is None:
        _enough_room(problem, room)
        farthest = (2 * len(room) + 2) * (float(problem.table.metres.max(initial=0.0)) + 1.0)
        problem = replace(problem, cap=np.full(len(problem.weight), farthest))
    plans = _Plans(problem, room, search)
    plans.start()
    if not search.stopped:
        # first what the prices find and rule out, then swaps from their best plan, so that HiGHS is
        # left with little and cuts off much; where it cannot be asked, or ends early, swaps use
        # what time is left
        left = _bounded(problem, room, search, plans)
        plans.swap(search.spent_s + _SEARCH_SHARE * search.seconds_left)
        if not search.stopped and len(left.table.site) <= _ENTRIES:
            _decide(left, room, search, plans)
        plans.swap(np.inf)
    search.report("search", always=True)
    served, assignment, unserved = plans.answer()
    if penalty_m is None and unserved > 1e-9 * problem.weight.sum():
        raise InputError("location.not_everyone", unserved=unserved, p=problem.p)
    return search.answer(covered=served, assignment=assignment)


def _enough_room(problem: Problem, room: F64) -> None:
    fixed, free = room[problem.kinds == FIXED], room[problem.kinds == FREE]
    most = np.concatenate([[0.0], np.cumsum(np.sort(free)[::-1])]) + fixed.sum()
    needed = float(problem.weight.sum()) * (1 - 1e-9)
    have = float(most[min(problem.p - len(fixed), len(free))])
    if have < needed:
        enough = np.flatnonzero(most >= needed)
        raise InputError(
            "location.room_too_small",
            p=problem.p,
            room=have,
            needed=float(problem.weight.sum()),
            least=len(fixed) + int(enough[0]) if len(enough) else 0,
            most=float(most[-1]),
        )


class _Plans:
    """Sets of open sites, each with its cheapest flow."""

    def __init__(self, problem: Problem, room: F64, search: Search) -> None:
        self.problem = problem
        self.room = room
        self.search = search
        self._random = np.random.default_rng(search.seed)
        entries = len(problem.table.site)
        self._place, self._row = np.empty(entries, np.int32), np.empty(entries, np.int64)
        self._metres = np.empty(entries)
        self._start = np.empty(len(problem.weight) + 1, np.int64)

    def flow(self, sites: I64) -> tuple[F64, F64, I64, I64]:
        """Find the cheapest flow to sites: amounts and unserved, rows and places of the amounts."""
        from planner.location.allocation.kernels import Arcs, assign
        from planner.location.median.capacity_kernels import arcs_to

        problem = self.problem
        position = np.full(len(self.room), -1, np.int32)
        position[sites] = np.arange(len(sites))
        kept = arcs_to(
            problem.table.rows, position, self._start, self._place, self._metres, self._row
        )
        place, row, metres = self._place[:kept], self._row[:kept], self._metres[:kept]
        c_start = np.zeros(len(sites) + 1, np.int64)
        np.cumsum(np.bincount(place, minlength=len(sites)), out=c_start[1:])
        amount, unserved = np.zeros(kept), np.zeros(len(problem.weight))
        arcs = Arcs(self._start, place, metres, row, c_start, float(problem.cap[0]))
        assign(
            np.arange(len(problem.weight)),
            arcs,
            problem.weight,
            self.room[sites].copy(),
            amount,
            unserved,
            np.zeros(len(sites) + 1),
        )
        return amount, unserved, row, place.astype(np.int64)

    def judge(self, sites: I64) -> bool:
        """Tell the search of these sites; answers whether they are the best."""
        if not self.problem.affords(sites):
            return False
        amount, unserved, _, _ = self.flow(sites)
        total = float(amount @ self._metres[: len(amount)] + self.problem.cap @ unserved)
        self.search.report("search")
        return self.search.found(sites, total)

    def start(self) -> None:
        """Begin with the fixed sites and those with the most room, as far as they are allowed."""
        problem = self.problem
        # where room is short a plan without the largest sites may leave somebody unserved: they
        # come first
        sites = np.flatnonzero(problem.kinds == FIXED)
        self.judge(sites)
        for site in np.argsort(-self.room, kind="stable"):
            grown = np.append(sites, site)
            if problem.kinds[site] == FREE and problem.affords(grown):
                sites = grown
        self.judge(sites)

    def take(self, shares: F64) -> None:
        """Judge the sites with the largest shares."""
        problem = self.problem
        sites = np.flatnonzero(problem.kinds == FIXED)
        for site in np.argsort(-shares, kind="stable"):
            grown = np.append(sites, site)
            if problem.kinds[site] == FREE and problem.affords(grown):
                sites = grown
        self.judge(sites)

    def swap(self, until_s: float) -> None:
        """Bring sites near to those who walk far, alone or for another, as long as it helps."""
        problem, search, random = self.problem, self.search, self._random
        # the interchange of Teitz and Bart (1968), drawn: every choice costs a cheapest flow of its
        # own, so that swaps are tried where they have most to gain
        start, site, _ = problem.table.rows
        far: F64 | None = None
        serving = np.empty(0, np.int64)
        for _ in range(_SWAPS):
            if search.stopped or search.searched_out or search.spent_s >= until_s:
                return
            search.iterations += 1
            if far is None:
                far, serving = self._walked()
            # somebody is drawn the more often the more walking is theirs, and a candidate near them
            # comes in
            row = int(np.searchsorted(far, random.random() * far[-1], side="right"))
            near = site[start[row] : start[row + 1]][:_NEAR]
            near = near[(problem.kinds[near] == FREE) & ~np.isin(near, search.best)]
            loose = search.best[problem.kinds[search.best] == FREE]
            if not len(near):
                continue
            grown = np.append(search.best, random.choice(near))
            if problem.affords(grown):
                better = self.judge(grown)
            else:
                # the site they walk to now may be spared once a nearer one is there; but where it
                # also serves others another must go, so that either is tried about every other time
                mine = serving[row] in loose and random.random() < 0.5
                out = serving[row] if mine else random.choice(loose) if len(loose) else -1
                better = self.judge(grown[grown != out])
            if better:
                far = None

    def _walked(self) -> tuple[F64, I64]:
        """Sum up each demand's walking under the best plan, and name its main site."""
        problem, sites = self.problem, self.search.best
        amount, unserved, row, place = self.flow(sites)
        metres = problem.cap * unserved
        np.add.at(metres, row, amount * self._metres[: len(amount)])
        order = np.argsort(amount, kind="stable")
        serving = np.full(len(metres), -1)
        serving[row[order]] = sites[place[order]]
        return np.cumsum(metres + 1e-9), serving

    def answer(self) -> tuple[F64, I64, float]:
        """Share of each demand that is served, its main site, and how many are not served."""
        problem, sites = self.problem, self.search.best
        amount, unserved, row, place = self.flow(sites)
        assignment = np.full(len(problem.weight), -1)
        used = amount > 0
        order = np.argsort(amount[used], kind="stable")
        assignment[row[used][order]] = sites[place[used][order]]
        with np.errstate(divide="ignore", invalid="ignore"):
            served = np.where(problem.weight > 0, 1 - unserved / problem.weight, 0.0)
        return served, assignment, float(unserved.sum())


def _bounded(problem: Problem, room: F64, search: Search, plans: _Plans) -> Problem:
    """Raise the bound, and answer the problem without what it rules out."""
    from planner.location.median.capacity_kernels import relax_with_room

    n, m = problem.table.shape
    # a site earns what its residents pay beyond their walk: at prices up to the nearest walk no
    # site would earn anything, and at twice that, and a metre for those at the door, those near
    # them do
    nearest = np.full(n, np.inf)
    np.minimum.at(nearest, problem.table.row_of, problem.table.metres)
    price = np.minimum(np.where(np.isfinite(nearest), 2 * nearest + 1, np.inf), problem.cap)
    ascent = Ascent.of(price, -np.inf)
    found = Found.nothing(m)
    until_s = search.spent_s + _SEARCH_SHARE * search.seconds_left
    while ascent.factor > _SHORTEST and not search.stopped and search.spent_s < until_s:
        relax_with_room(
            problem.table.columns,
            problem.cap,
            problem.weight,
            room,
            problem.free_choice,
            search.objective,
            _STEPS,
            Rule(1.0),
            ascent,
            found,
        )
        search.proved(min(ascent.bound, search.objective))
        search.report("bound")
        if not search.stopped and not search.searched_out:
            # the sites that these prices choose, judged as a plan by its cheapest flow
            plans.take(found.picked)
    # a candidate that no better plan has open is shut for good, and one that none has shut is open
    limit = search.objective * (1 - SAME)
    kinds = problem.kinds.copy()
    kinds[(problem.kinds == FREE) & (found.worth[0] >= limit)] = FORBIDDEN
    kinds[(kinds == FREE) & (found.worth[1] >= limit)] = FIXED
    if not problem.affords(np.flatnonzero(kinds == FIXED)):
        search.proved_best()
        return problem
    table = problem.table
    keep = kinds[table.site] != FORBIDDEN
    small = Table.sorted(table.row_of[keep], table.site[keep], table.metres[keep], table.shape)
    return replace(problem, table=small, kinds=kinds)


def _decide(left: Problem, room: F64, search: Search, plans: _Plans) -> None:
    """Solve the model of flows and open sites."""
    # the capacitated p-median: all weight is served or charged as unserved, no site beyond its room
    # nor where it is closed. That last is said of every single entry as well, which makes the
    # relaxation much tighter (Cornuéjols, Sridharan and Thizy 1991)
    row, site, metres = left.table.row_of, left.table.site, left.table.metres
    n, arcs = len(left.weight), len(row)
    sites = np.flatnonzero(left.kinds != FORBIDDEN)
    m = len(sites)
    position = np.full(len(left.kinds), -1)
    position[sites] = np.arange(m)
    each = np.arange(arcs)
    ones, to = np.ones(arcs), position[site]
    fixed = left.kinds[sites] == FIXED
    limits = [(np.ones(m), float(left.p))]
    if np.isfinite(left.budget):
        limits.append((left.cost[sites], left.budget))

    def block(rows: I64, columns: I64, values: F64, shape: tuple[int, int]) -> sparse.csr_array:
        return sparse.csr_array((values, (rows, columns)), shape=shape)

    matrix = sparse.block_array(
        [
            [None, block(row, each, ones, (n, arcs)), sparse.eye_array(n)],
            [
                -sparse.diags_array(room[sites]),
                block(to, each, ones, (m, arcs)),
                sparse.csr_array((m, n)),
            ],
            [block(each, to, -left.weight[row], (arcs, m)), sparse.eye_array(arcs), None],
            [np.stack([values for values, _ in limits]), None, None],
        ],
        format="csr",
    )
    model = Model(
        cost=np.concatenate([np.zeros(m), metres, left.cap]),
        matrix=sparse.csr_array(matrix),
        low=np.concatenate([left.weight, np.full(m + arcs + len(limits), -np.inf)]),
        high=np.concatenate([left.weight, np.zeros(m + arcs), [limit for _, limit in limits]]),
        upper=np.concatenate([np.ones(m), np.full(arcs + n, np.inf)]),
        whole=np.arange(m + arcs + n) < m,
        lower=np.concatenate([fixed, np.zeros(arcs + n)]).astype(np.float64),
    )
    solved = model.solve(search)
    search.proved(min(solved.bound, search.objective))
    if solved.values is not None:
        # by a cheapest flow of our own, since that of HiGHS may be off by its tolerances
        plans.judge(sites[solved.values[:m] > 0.5])
    if solved.status == "optimal" and solved.bound >= search.objective * (1 - 1e-7):
        search.proved_best()
