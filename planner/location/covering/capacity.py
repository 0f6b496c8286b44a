"""Covering with sites that serve so many residents and no more."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy import sparse

from planner.arrays import F64, I64
from planner.location.covering import capacity_kernels as kernels
from planner.location.covering.bounds import Prices
from planner.location.covering.exact import cliques
from planner.location.covering.model import CoverModel
from planner.location.mip import Model, closed_bound
from planner.location.search import Search

__all__ = ["Served", "choose_limited"]


_SWAPS = 50
"""Swaps tried for each open site: each costs a greatest flow from nothing."""
_BOUND_STEPS = 300
"""Steps of the prices without capacities, whose bound is loose anyway where sites are full."""


class Served:
    """Who is served where by which open sites: a greatest flow, kept while sites open.

    Parameters
    ----------
    model
        Rows with their weight in ``first``, and the columns that may serve them.
    capacity
        (columns,) float64, weight that each site serves at most.
    """

    def __init__(self, model: CoverModel, capacity: F64) -> None:
        self._arrays = (*model.columns, model.r_start, model.r_col)
        self._place = kernels.places(*self._arrays)
        self._capacity = capacity
        self.unserved = model.first.copy()
        self.load = np.zeros(len(capacity))
        self.flow = np.zeros(model.entries)
        self.is_open = np.zeros(len(capacity), np.bool_)
        self.total = 0.0

    def copy(self) -> Served:
        """Make an independent copy of the flow."""
        other = object.__new__(Served)
        other.__dict__.update(self.__dict__)
        for name in ("unserved", "load", "flow", "is_open"):
            setattr(other, name, getattr(self, name).copy())
        return other

    def open(self, site: int) -> float:
        """Open a site and route all that it can add; answers how much that is."""
        gain = kernels.open_site(
            site,
            *self._arrays,
            self._place,
            self._capacity,
            self.unserved,
            self.load,
            self.flow,
            self.is_open,
        )
        self.total += gain
        return float(gain)


def choose_limited(model: CoverModel, capacity: F64, fixed: I64, search: Search) -> I64:
    """Choose columns so that the most weight is served.

    Parameters
    ----------
    model
        Fixed sites among its columns; rows plainly covered or not.
    capacity
        (columns,) float64.
    fixed
        Columns that must be chosen.

    Returns
    -------
    (k,) int64
        Columns chosen, ascending.
    """
    most = np.minimum(capacity, model.pattern.T @ model.first)
    search.proved(_simple_bound(model, most, fixed))
    best = _greedily(model, capacity, most, fixed)
    # without the capacities the problem is plain covering, whose bound holds with them, too
    loose = Prices(model.fixing(fixed))
    loose.improve(_BOUND_STEPS, _serve(model, capacity, best).total)
    search.proved(loose.bound)
    search.report("bound", always=True)
    best = _swapped(model, capacity, most, fixed, best, search)
    if not search.stopped:
        best = _solved(model, capacity, fixed, best, search)
    return best


def _serve(model: CoverModel, capacity: F64, columns: npt.NDArray[np.integer]) -> Served:
    served = Served(model, capacity)
    for j in columns:
        served.open(int(j))
    return served


def _simple_bound(model: CoverModel, most: F64, fixed: I64) -> float:
    others = np.delete(most, fixed)
    count = min(model.p - len(fixed), len(others))
    top = np.sort(others)[len(others) - count :].sum()
    return float(min(model.first.sum(), most[fixed].sum() + top))


def _greedily(model: CoverModel, capacity: F64, most: F64, fixed: I64) -> I64:
    """Open what adds most (for its cost, where money is short), as long as something is added.

    What a site adds never grows as others open, so that old figures are upper limits.
    """
    served = _serve(model, capacity, fixed)
    chosen = [int(j) for j in fixed]
    limit = most.copy()
    limit[fixed] = -1.0
    price = model.cost if np.isfinite(model.budget) else np.zeros(len(capacity))
    left = model.budget - float(price[fixed].sum())
    beside = [model.k_other[model.k_start[j] : model.k_start[j + 1]] for j in range(len(capacity))]
    for j in fixed:
        limit[beside[j]] = -1.0
    worth = np.maximum(price, 1e-9 if price.any() else 1.0)
    while len(chosen) < model.p:
        limit[price > left] = -1.0
        # lazy greedy (Minoux 1978): look anew only at the one whose old figure leads
        tried: dict[int, Served] = {}
        while True:
            j = int(np.argmax(limit / worth))
            if limit[j] <= 0 or j in tried:
                break
            trial = served.copy()
            limit[j] = trial.open(j)
            tried[j] = trial
        if limit[j] <= 0:
            break
        served = tried[j]
        chosen.append(j)
        left -= float(price[j])
        limit[j] = -1.0
        limit[beside[j]] = -1.0
    return np.sort(np.array(chosen, np.int64))


def _swapped(
    model: CoverModel, capacity: F64, most: F64, fixed: I64, best: I64, search: Search
) -> I64:
    """Try sites that could serve anybody in the place of others, both drawn at random.

    The interchange of Teitz and Bart (1968). A swap is judged by a greatest flow of its own, so
    that drawn ones are tried instead of all pairs.
    """
    random = np.random.default_rng(search.seed)
    value = _serve(model, capacity, best).total
    search.found(model.site[best], value)
    search.report("search", always=True)
    movable = np.setdiff1d(best, fixed)
    candidates = np.flatnonzero(most > 0)
    for _ in range(_SWAPS * max(len(movable), 1)):
        if search.stopped or not len(movable) or search.searched_out:
            break
        search.iterations += 1
        out, into = random.choice(movable), random.choice(candidates)
        trial = np.append(best[best != out], into)
        if into in best or not model.feasible(trial):
            continue
        # the first swap that serves more is kept at once, and the next ones start from it
        total = _serve(model, capacity, trial).total
        if total > value:
            best, value = np.sort(trial), total
            movable = np.setdiff1d(best, fixed)
            search.found(model.site[best], value)
            search.report("search")
    return best


def _solved(model: CoverModel, capacity: F64, fixed: I64, best: I64, search: Search) -> I64:
    """Solve the mixed-integer program: sites, and the weight that flows along every entry."""
    # after Current, J. R. and Storbeck, J. E. (1988), Capacitated covering models, Environment and
    # Planning B 15: demand may be split between sites, so that only the sites are whole numbers
    start, row = model.columns
    columns, entries = model.shape[1], model.entries
    site = np.repeat(np.arange(columns), np.diff(start))
    number = np.arange(entries)
    ones = np.ones(entries)
    flows = sparse.csr_array((ones, (row, number)), shape=(model.shape[0], entries))
    loads = sparse.csr_array((ones, (site, number)), shape=(columns, entries))
    each = sparse.eye_array(entries, format="csr")
    # that nothing flows to a closed site follows from its capacity of 0 already; said of every
    # single entry it makes the relaxation much tighter (Cornuéjols, Sridharan and Thizy 1991, A
    # comparison of heuristics and relaxations for the capacitated plant location problem, EJOR 50)
    opens = sparse.csr_array((-model.first[row], (number, site)), shape=(entries, columns))
    # nobody is served more than once over, no site beyond its capacity and none that is closed, and
    # at most p are open
    blocks = [
        [None, flows],
        [sparse.diags_array(-capacity, format="csr"), loads],
        [opens, each],
        [sparse.csr_array(np.ones((1, columns))), None],
    ]
    high = [model.first, np.zeros(columns), np.zeros(entries), np.array([float(model.p)])]
    if np.isfinite(model.budget):
        blocks.append([sparse.csr_array(model.cost[None, :]), None])
        high.append(np.array([model.budget]))
    if len(model.k_other):
        together = cliques(model.k_start, model.k_other)
        blocks.append([together, None])
        high.append(np.ones(together.shape[0]))
    most = np.concatenate(high)
    lower = np.zeros(columns + entries)
    lower[fixed] = 1.0
    # the best plan and its flow to start from: HiGHS then cuts off all that is no better
    known = _serve(model, capacity, best)
    chosen = np.zeros(columns)
    chosen[best] = 1.0
    solved = Model(
        np.append(np.zeros(columns), -ones),
        sparse.block_array(blocks, format="csr"),
        np.full(len(most), -np.inf),
        most,
        np.append(np.ones(columns), model.first[row]),
        np.arange(columns + entries) < columns,
        lower,
    ).solve(search, start=np.append(chosen, known.flow))
    if solved.values is not None:
        found = np.flatnonzero(solved.values[:columns] > 0.5)
        # what the sites really serve, not what HiGHS says within its tolerances
        total = _serve(model, capacity, found).total
        if model.feasible(found) and search.found(model.site[found], total):
            best = found
    search.proved(closed_bound(-solved.bound, search.objective))
    search.report("exact", always=True)
    return best
