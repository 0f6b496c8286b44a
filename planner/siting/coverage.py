"""Maximal covering: where to open sites so that most demand is covered."""

from __future__ import annotations

from collections.abc import Callable, Collection

import numpy as np
import numpy.typing as npt

from planner.errors import InputError
from planner.siting.cover_inputs import Table, areas, conflict_pairs, reduced
from planner.siting.cover_search import Climb
from planner.siting.cover_solve import choose
from planner.siting.location_inputs import FIXED, amounts, candidate_kinds, site_count
from planner.siting.results import ProgressCallback, Siting

__all__ = ["max_coverage"]


def max_coverage(
    covers: object,
    weight: npt.ArrayLike | None = None,
    p: int | None = None,
    *,
    fixed: Collection[int] = (),
    forbidden: Collection[int] = (),
    cost: npt.ArrayLike | None = None,
    budget: float | None = None,
    backup: float = 0.0,
    conflicts: object = None,
    time_limit_s: float = 2.0,
    gap: float = 0.0,
    max_iterations: int | None = None,
    seed: int = 0,
    progress: ProgressCallback | None = None,
    cancel: Callable[[], bool] | None = None,
) -> Siting:
    """Choose sites that cover the most demand.

    Sites that would add nothing are left out of the answer, so that there may be fewer than
    asked for.

    Parameters
    ----------
    covers
        Demand × candidates, sparse or dense: bool, or shares between 0 and 1 where cover is
        gradual (a demand counts with the best share among the open sites).
    weight
        (demand,) residents of each demand; None counts every demand as 1.
    p
        Sites open in all at most, the fixed ones included.
    fixed, forbidden
        Candidates that must and must not be open.
    cost
        (candidates,) cost of each, fixed ones included.
    budget
        Total cost at most.
    backup
        Share of the weight that counts only once a second site covers the demand: 0 for plain
        cover, 1 where cover by two sites alone counts.
    conflicts
        Pairs of candidates that may not both be open, such as those too near to one another:
        (pairs, 2) integers or a sparse matrix of candidates × candidates.
    time_limit_s
        Seconds until the best so far is answered.
    gap
        Stop once the answer is proven to be this near to the best possible, such as 0.01.
    max_iterations
        Stop after as many steps of the heuristics and a limited attempt at a proof. The same
        question with the same seed and ``max_iterations`` has the same answer wherever time does
        not run out first (``time_limit_s=inf``).
    seed
        Of the random numbers.
    progress
        Called with a :class:`Progress` now and then.
    cancel
        Asked now and then; the best so far is answered once it says True.

    Returns
    -------
    Siting
        ``objective`` is the weight covered, and ``covered`` the share of each demand that counts.

    Raises
    ------
    InputError
        Where the question has no answer or makes no sense; the message says why.

    Notes
    -----
    Church and ReVelle (1974), *The maximal covering location problem*; backup cover after Hogan
    and ReVelle (1986), gradual cover after Berman and Krass (2002).

    Examples
    --------
    >>> import numpy as np
    >>> covers = np.array([[1, 0, 0], [1, 1, 0], [0, 1, 0], [0, 0, 1]], dtype=bool)
    >>> siting = max_coverage(covers, [10, 20, 30, 15], p=2)
    >>> siting.sites.tolist(), siting.objective, siting.optimal
    ([1, 2], 65.0, True)
    """
    table = Table.of(covers)
    demand, candidates = table.shape
    people = amounts(weight, demand, "weight", fill=1.0)
    kinds = candidate_kinds(fixed, forbidden, candidates)
    if budget is not None and cost is None:
        raise InputError("siting_location.budget_without_cost")
    prices = amounts(cost, candidates, "cost", fill=0.0)
    most, money = site_count(p, budget, prices, kinds)
    if not 0 <= backup <= 1:
        raise InputError("siting.bad_backup", value=backup)
    model = reduced(
        table,
        people,
        kinds,
        most,
        money,
        prices,
        backup=backup,
        conflicts=conflict_pairs(conflicts, candidates),
        group=areas(None, demand)[1],
    )
    climb = Climb(
        whole=_whole(model.first) and _whole(model.second) and _whole(np.array([model.base])),
        time_limit_s=time_limit_s,
        gap=gap,
        max_iterations=max_iterations,
        seed=seed,
        progress=progress,
        cancel=cancel,
    )
    chosen = choose(model, climb)
    sites = np.union1d(chosen, np.flatnonzero(kinds == FIXED))
    return climb.answer(sites, table.shares(sites, backup))


def _whole(values: npt.NDArray[np.float64]) -> bool:
    return bool((values == np.floor(values)).all() and values.sum() < 2**52)
