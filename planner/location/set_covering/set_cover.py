"""Set covering: the fewest or cheapest sites that cover everyone, or a share of everyone."""

from __future__ import annotations

from collections.abc import Collection
from typing import Unpack

import numpy as np
from scipy import sparse

from planner.arrays import F64
from planner.errors import InputError
from planner.location.inputs import FIXED, FORBIDDEN, amounts, candidate_kinds, stored
from planner.location.limits import LimitKeywords, Limits, given_limits
from planner.location.mip import Model
from planner.location.results import Siting
from planner.location.search import SAME, Search
from planner.location.set_covering.plans import Plans
from planner.location.set_covering.problem import Cover
from planner.location.subgradient import Ascent, Rule

__all__ = ["set_cover"]


_STEPS = 50
"""Steps of the prices between two plans made of them."""
_SHORTEST = 2e-3
"""Factor of the step length below which further steps hardly move the prices."""
_ROUNDS = 40
"""Perturbations before HiGHS takes over, which proves what they cannot."""


def set_cover(
    covers: object,
    cost: object = None,
    *,
    weight: object = None,
    share: float = 1.0,
    fixed: Collection[int] = (),
    forbidden: Collection[int] = (),
    limits: Limits | None = None,
    **keywords: Unpack[LimitKeywords],
) -> Siting:
    """Choose the fewest or cheapest sites that cover all residents, or a share of them.

    Parameters
    ----------
    covers
        Demand × candidate, CSR or dense: what is true (not zero) is covered.
    cost
        (candidates,) cost of each; None counts sites.
    weight
        (demand,) residents; None counts every demand as one. Demand without residents need not be
        covered.
    share
        Share of the residents to be covered, above 0 up to 1.
    fixed, forbidden
        Candidates that must be, or must not be, chosen.
    limits, **keywords
        When to stop, as a :class:`planner.location.limits.Limits` or its fields; 10 s by default.

    Returns
    -------
    Siting
        ``objective`` is the cost, or the number of sites, with the fixed ones; ``covered`` is 1 for
        demand that is covered.

    Raises
    ------
    InputError
        ``location.…`` for what cannot be used; ``.out_of_reach`` where the share cannot be
        had, with the largest that can.

    Notes
    -----
    Beasley, J. (1990), A Lagrangian heuristic for set-covering problems, Naval Research Logistics
    37; what it leaves undecided is decided by HiGHS.

    Examples
    --------
    >>> from planner.location import set_cover
    >>> best = set_cover([[1, 1, 0], [0, 1, 1], [0, 0, 1]])
    >>> best.sites.tolist(), best.objective, best.optimal
    ([0, 2], 2.0, True)
    """
    search = Search(given_limits(limits, keywords, 10.0))
    matrix = _matrix(covers)
    n, m = matrix.shape
    if not 0 < share <= 1:
        raise InputError("location.bad_share", share=share)
    residents = amounts(weight, n, "weight", fill=1.0)
    if not residents.any():
        raise InputError("location.no_weight")
    price = amounts(cost, m, "cost", fill=1.0)
    kinds = candidate_kinds(fixed, forbidden, m)
    lived = residents > 0
    reached = matrix @ (kinds != FORBIDDEN).astype(np.int32) > 0
    most = float(residents[reached].sum() / residents.sum())
    # of all, nobody may be left, however few they are beside the others
    left = share >= 1 and bool((lived & ~reached).any())
    if left or most < share * (1 - SAME):
        raise InputError(
            "location.out_of_reach",
            share=share,
            most=float(np.floor(most * 1e6) / 1e6),
            count=int((lived & ~reached).sum()),
            row=int(np.flatnonzero(lived & ~reached)[0]),
        )
    cover = Cover(
        sparse.csr_array(matrix[lived]),
        residents[lived],
        share * float(residents.sum()) * (1 - SAME),
        share >= 1,
        price,
        np.arange(m),
    ).decided(kinds == FIXED, kinds == FORBIDDEN)
    solve(cover, search)
    covered = (matrix[:, search.best].sum(axis=1) > 0).astype(np.float64)
    return search.answer(covered=covered)


def _matrix(covers: object) -> sparse.csr_array:
    if not sparse.issparse(covers):
        covers = np.asarray(covers, np.float64)
    start, site, value, shape = stored(covers)
    row = np.repeat(np.arange(shape[0]), np.diff(start))
    keep = value != 0
    return sparse.csr_array(
        (np.ones(int(keep.sum()), np.int32), (row[keep], site[keep])), shape=shape
    )


def solve(cover: Cover, search: Search) -> None:
    """Decide the obvious, search, bound, decide more, and let HiGHS do the rest."""
    unit = _unit(cover.cost)
    while True:
        # what the prices decided lets rows and candidates fall that stood before
        cover = cover.presolved()
        if cover.impossible:
            search.proved_best()
            break
        plans = Plans(cover, search)
        if cover.done:
            plans.keep()
            search.proved(min(cover.spent, search.objective))
            break
        # a plan is needed first: the steps of the prices aim at its cost, and rule out by it
        plans.complete(0.0)
        left = _bounded(plans, unit)
        if search.stopped:
            break
        # prices raised anew are worth their time where a good part of the problem went. With a
        # larger factor they would be raised again and again for a few entries each time, with a
        # smaller one HiGHS would be left with candidates that they rule out
        if left is None or left.matrix.nnz > 0.8 * cover.matrix.nnz:
            # every cheaper plan found beforehand spares HiGHS the branches that cost as much
            plans.perturb(lambda at: at >= _ROUNDS or bool(search.stopped))
            if not search.stopped:
                _decide((left or cover).presolved(), search, unit)
            break
        cover = left
    search.report("search", always=True)


def _unit(cost: F64) -> float:
    """Every total of whole costs is a multiple of this; 0 where costs are not whole."""
    if (cost != np.rint(cost)).any() or cost.max(initial=0.0) > 2**40:
        return 0.0
    return float(np.gcd.reduce(cost.astype(np.int64)))


def _rounded(bound: float, unit: float) -> float:
    return float(np.ceil(bound / unit - 1e-6) * unit) if unit and np.isfinite(bound) else bound


def _bounded(plans: Plans, unit: float) -> Cover | None:
    """Raise the bound; answer what is left where it decides some candidates."""
    from planner.location.set_covering.kernels import first_prices, relax

    cover, search = plans.cover, plans.search
    n, m = cover.matrix.shape
    price = np.empty(n)
    # from prices at which no site earns more than it costs: what the rows pay is then the first
    # bound
    first_prices(*cover.rows, cover.columns[0], cover.cost, price)
    ascent = Ascent.of(price, -np.inf)
    worth, picked = np.full((2, m), -np.inf), np.zeros(m)
    while ascent.factor > _SHORTEST and not search.stopped:
        relax(
            *cover.columns,
            cover.weight,
            cover.need,
            cover.cost,
            search.objective - cover.spent,
            _STEPS,
            Rule(1.0),
            ascent,
            worth,
            picked,
        )
        search.proved(min(_rounded(ascent.bound + cover.spent, unit), search.objective))
        search.report("bound")
        if not search.stopped and not search.searched_out:
            # the sites that these prices pay for nearly cover everything: completed, they are often
            # the best plan so far (Beasley 1990)
            plans.start(picked > 0)
    # where all totals are multiples of a unit, a better plan costs at least one unit less than the
    # best: what would cost more than that if a site were open (or shut) proves it shut (or open)
    limit = (
        search.objective - unit + 1e-6 if unit else search.objective * (1 - SAME)
    ) - cover.spent
    opened, closed = worth >= limit
    # neither open nor shut: then there is no better plan at all
    if (opened & closed).any():
        search.proved_best()
        return None
    return cover.decided(closed, opened) if (opened | closed).any() else None


def _decide(cover: Cover, search: Search, unit: float) -> None:
    """Solve each part of what is left as a model."""
    if cover.impossible:
        search.proved_best()
        return
    # the parts share nothing, so that their costs and bounds add up; a part that is not solved yet
    # counts by its floor, and the bound of the whole is valid after each
    sites, bound, complete = list(cover.chosen), cover.spent, True
    parts = cover.parts() if not cover.done else []
    floors = [_least(part) for part in parts]
    for at, part in enumerate(parts):
        if search.stopped:
            return
        solved = _model(part).solve(search)
        bound += max(solved.bound, floors[at])
        rest = bound + sum(floors[at + 1 :])
        search.proved(min(_rounded(rest, unit), search.objective))
        if solved.values is None:
            complete = False
        else:
            sites += part.candidate[solved.values[: len(part.cost)] > 0.5].tolist()
    if complete:
        # the union covers all; completing it closes what the tolerances of HiGHS left open in vain
        plan = Plans(cover, search)
        plan.start(np.isin(cover.candidate, sites))
    # proven only where the bounds meet what the plan really costs, but for the tolerances of HiGHS
    if complete and bound >= search.objective * (1 - 1e-7):
        search.proved_best()


def _least(part: Cover) -> float:
    """Cover of a part costs at least this: what the cheapest site of its dearest row costs."""
    start, site = part.rows
    if not part.whole:
        return 0.0
    cheapest = [part.cost[site[start[i] : start[i + 1]]].min() for i in range(len(part.weight))]
    return float(max(cheapest, default=0.0))


def _model(cover: Cover) -> Model:
    """Columns: open candidates and, for a share, how much of each row is covered."""
    n, m = cover.matrix.shape
    if cover.whole:
        return Model(
            cost=cover.cost,
            matrix=cover.matrix,
            low=np.ones(n),
            high=np.full(n, np.inf),
            upper=np.ones(m),
            whole=np.ones(m, np.bool_),
        )
    share = sparse.csr_array(cover.weight[None, :])
    matrix = sparse.block_array([[cover.matrix, -sparse.eye_array(n)], [None, share]], format="csr")
    return Model(
        cost=np.concatenate([cover.cost, np.zeros(n)]),
        matrix=sparse.csr_array(matrix),
        low=np.concatenate([np.zeros(n), [cover.need]]),
        high=np.full(n + 1, np.inf),
        upper=np.ones(m + n),
        whole=np.arange(m + n) < m,
    )
