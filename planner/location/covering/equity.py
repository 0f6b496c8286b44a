"""Covering with an eye on areas: a least share for each, or the worst-off first."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy import sparse

from planner.arrays import F64, I64
from planner.errors import InputError, WorkError
from planner.location.covering import moves
from planner.location.covering.bounds import Prices
from planner.location.covering.exact import program, values
from planner.location.covering.heuristics import empty_plan
from planner.location.covering.model import CoverModel
from planner.location.mip import Model, Solved, closed_bound
from planner.location.search import Search

__all__ = ["Areas", "raise_worst", "with_floors"]


_TRIES = 40
"""Greedy choices made for a fair start, each with other weights of the areas."""
_CLOSE = 1e-9
"""Share of an area's weight by which sums of the same numbers may differ."""
_NEAR = 1e-6
"""Share up to which the tolerances of HiGHS leave open whether an area can be raised further."""


@dataclass(frozen=True, eq=False)
class Areas:
    """The areas of the demand, only those in which somebody lives.

    Parameters
    ----------
    names
        As they were given.
    people
        (areas,) float64, weight of their demand.
    today
        (areas,) float64, weight that the fixed sites cover.
    most
        (areas,) float64, weight that all allowed candidates together would cover.
    """

    names: list[object]
    people: F64
    today: F64
    most: F64

    def covered(self, model: CoverModel, columns: npt.NDArray[np.integer]) -> F64:
        """(areas,) float64, weight covered in each under a choice."""
        gained = np.bincount(model.group, model.row_values(columns), len(self.people))
        return self.today + gained

    def shares(self, model: CoverModel, columns: npt.NDArray[np.integer]) -> F64:
        """(areas,) float64, share of the weight covered in each."""
        return self.covered(model, columns) / self.people


def with_floors(model: CoverModel, areas: Areas, floor: F64, search: Search) -> I64:
    """Cover the most while every area has at least its floor, a share.

    Returns
    -------
    (k,) int64
        Columns chosen.

    Raises
    ------
    InputError
        ``covering.floor_out_of_reach`` for an area that all candidates together do not bring to its
        floor, ``covering.floors_infeasible`` where the floors together are too high.
    WorkError
        ``covering.no_choice_in_time`` where neither was settled in time.
    """
    # an area that all candidates together leave short can be named, before anything is searched
    short = areas.most < floor * areas.people - _CLOSE * areas.people
    if short.any():
        r = int(np.argmax(short))
        raise InputError(
            "covering.floor_out_of_reach",
            area=areas.names[r],
            floor=float(floor[r]),
            nearest=float(areas.most[r] / areas.people[r]),
        )
    need = floor * areas.people
    # a choice that meets all floors, if the greedy finds one, gives HiGHS a start, and an answer
    # where the time runs out
    start = _fair_start(model, areas, floor)
    known = None if _lacking(areas, model, start, need) else start
    if known is not None:
        search.found(model.site[known], model.value(known))
    # floors only take choices away: what no choice covers without them, none covers with them
    prices = Prices(model)
    prices.improve(300, search.objective if known is not None else model.base)
    search.proved(min(prices.bound, model.base + float((model.first + model.second).sum())))
    search.report("bound", always=True)
    if search.stopped and known is not None:
        return known
    solved = _solve(_with_areas(program(model), model, areas, need, None), model, search, known)
    best = known
    if solved.values is not None:
        found = np.flatnonzero(solved.values[: model.shape[1]] > 0.5)
        allowed = model.feasible(found) and not _lacking(areas, model, found, need)
        if allowed and (known is None or model.value(found) > model.value(known)):
            best = found
    if best is None and solved.status == "infeasible":
        # to say how far it can go instead: the share of all its floors that every area can be given
        worst, _, _ = _highest(model, areas, need, np.zeros_like(need), search)
        raise InputError("covering.floors_infeasible", nearest=f"{worst:.4g}")
    if best is None:
        raise WorkError("covering.no_choice_in_time", seconds=round(search.seconds, 1))
    search.found(model.site[best], model.value(best))
    bound = model.base - solved.bound
    search.proved(closed_bound(bound, model.value(best)))
    search.report("exact", always=True)
    return best


def raise_worst(model: CoverModel, areas: Areas, search: Search) -> I64:
    """Raise the least share of the areas as far as it goes, then cover the most.

    Areas that are at the most that all candidates together give them hold nobody back: their
    share is kept, and the least of the others is raised.

    Returns
    -------
    (k,) int64
        Columns chosen; the objective of the search is the least share of the areas that can be
        raised. Where that is settled but the least of those above it is not, the bound lies as far
        above the objective as theirs does above what they have.
    """
    # an area that nothing can help would hold the least share down for all. Its share is kept and
    # the least of the others raised, as in the lexicographic approach of Ogryczak (1997), On the
    # lexicographic minimax approach to location problems, EJOR 100; areas that only hold each other
    # back are left at the least
    kept = np.where(areas.most <= areas.today + _CLOSE * areas.people, areas.today, 0.0)
    active = areas.most > areas.today + _CLOSE * areas.people
    if not active.any():
        search.found(model.site[:0], float((areas.today / areas.people).min()))
        search.proved_best()
        return np.empty(0, np.int64)
    best: I64 | None = None
    least: tuple[float, float] | None = None
    while True:
        # also without time left: the level of the areas that remain must then be told as unproven
        share, bound, best = _highest(model, areas, active * areas.people, kept, search, best)
        bound = min(bound, float((areas.most / areas.people)[active].min()))
        least = least or (share, bound)
        settled = active & (areas.most <= (share + _NEAR) * areas.people)
        proven = bound <= share + _NEAR
        # the others are raised further only once the least is proven and an area at its most holds
        # it down; else the least share stays where it is
        if not proven or not settled.any() or not (active & ~settled).any():
            break
        kept[settled] = areas.most[settled]
        active &= ~settled
    lowest, most = least
    open_end = max(closed_bound(bound, share) - share, 0.0)
    search.found(model.site[best], lowest)
    search.proved(max(closed_bound(most, lowest), lowest + open_end))
    search.report("exact", always=True)
    # many choices raise the worst as far; of these the one that covers most is taken
    need = np.maximum(kept, active * np.minimum(areas.people * share, areas.most))
    return _most_with(model, areas, need, best, search)


def _lacking(areas: Areas, model: CoverModel, columns: I64, need: F64) -> bool:
    """Whether some area has less than it needs."""
    return bool((areas.covered(model, columns) < need - _CLOSE * areas.people).any())


def _most_with(model: CoverModel, areas: Areas, need: F64, known: I64, search: Search) -> I64:
    """Cover the most of all with no area below what it needs."""
    solved = _solve(_with_areas(program(model), model, areas, need, None), model, search, known)
    if solved.values is None:
        return known
    found = np.flatnonzero(solved.values[: model.shape[1]] > 0.5)
    low = areas.covered(model, found) < np.minimum(need, areas.covered(model, known)) - _CLOSE
    return known if low.any() or model.value(found) <= model.value(known) else found


def _highest(
    model: CoverModel,
    areas: Areas,
    scale: F64,
    kept: F64,
    search: Search,
    before: I64 | None = None,
) -> tuple[float, float, I64]:
    """Find the highest t at which every area is given t times its scale, and what it keeps.

    ``before`` is a choice that gives every area what it keeps, for where no better start is found.

    Returns
    -------
    tuple
        t, an upper bound of t, columns.
    """
    # whoever starts with a choice that is fair already leaves HiGHS less to find
    some = scale > 0
    start = _fair_start(model, areas, np.where(some, scale, kept) / areas.people)
    known = before if _lacking(areas, model, start, kept) else start
    reached = -1.0 if known is None else _ratio(areas.covered(model, known), scale)
    # the least of several ratios is no linear figure; a column t that may be no greater than any of
    # them is, and is raised
    task = _with_areas(program(model), model, areas, kept, scale)
    solved = _solve(task, model, search, known, reached)
    best, top = known, reached
    if solved.values is not None:
        found = np.flatnonzero(solved.values[: model.shape[1]] > 0.5)
        # t is read from the choice itself, since that of HiGHS may be off by its tolerances
        ratio = _ratio(areas.covered(model, found), scale)
        allowed = model.feasible(found) and not _lacking(areas, model, found, kept)
        if allowed and ratio > top:
            best, top = found, ratio
    if best is None:
        raise WorkError("covering.no_choice_in_time", seconds=round(search.seconds, 1))
    bound = max(closed_bound(-solved.bound, top), top)
    return top, min(bound, _ratio(areas.most, scale)), best


def _ratio(covered: F64, scale: F64) -> float:
    some = scale > 0
    return float((covered[some] / scale[some]).min())


def _with_areas(
    task: Model, model: CoverModel, areas: Areas, need: F64, scale: F64 | None
) -> Model:
    """Add rows that give each area what it needs, and with a scale a column t to be raised."""
    rows, columns = model.shape
    count = len(areas.people)
    # an area has what its rows are worth, once or twice covered: one sum over the columns of the
    # program that say so
    twice = np.flatnonzero(model.second > 0)
    of = np.concatenate([model.group, model.group[twice]])
    worth = np.concatenate([model.first, model.second[twice]])
    at = np.concatenate([columns + np.arange(rows), columns + rows + np.arange(len(twice))])
    by_area = sparse.csr_array((worth, (of, at)), shape=(count, len(task.cost)))
    low = need - areas.today
    if scale is None:
        # an area that has enough today holds nobody back and needs no row
        asked = low > 0
        return replace(
            task,
            matrix=sparse.vstack([task.matrix, by_area[asked]], format="csr"),
            low=np.append(task.low, low[asked] * (1 - _CLOSE)),
            high=np.append(task.high, np.full(int(asked.sum()), np.inf)),
        )
    asked = (low > 0) | (scale > 0)
    column = sparse.csr_array(-scale[asked][:, None])
    return Model(
        np.append(np.zeros(len(task.cost)), -1.0),
        sparse.block_array([[task.matrix, None], [by_area[asked], column]], format="csr"),
        np.append(task.low, low[asked] - _CLOSE * areas.people[asked]),
        np.append(task.high, np.full(int(asked.sum()), np.inf)),
        np.append(task.upper, max(_ratio(areas.most, scale), 0.0)),
        np.append(task.whole, False),
    )


def _solve(
    task: Model, model: CoverModel, search: Search, known: I64 | None, reached: float | None = None
) -> Solved:
    start = None
    if known is not None:
        start = values(model, known)
        if reached is not None:
            start = np.append(start, min(reached, float(task.upper[-1])))
    return task.solve(search, start=start)


def _fair_start(model: CoverModel, areas: Areas, floor: F64) -> I64:
    """Choose greedily with areas that lag behind their floors weighing ever more."""
    # the greedy does not see floors. Areas that it leaves behind weigh more in the next choice, by
    # the multiplicative weights of Arora, Hazan and Kale (2012), The multiplicative weights update
    # method, Theory of Computing 8
    favour = np.ones(len(areas.people))
    best: I64 = np.empty(0, np.int64)
    most = (-np.inf, -np.inf)
    asked = floor > 0
    for _ in range(_TRIES):
        # by the share of an area, so that a small one counts as much as a large one
        weigh = (favour / areas.people)[model.group]
        cover = model.cover._replace(first=model.first * weigh, second=model.second * weigh)
        plan = empty_plan(cover, 1)
        moves.fill_greedily(cover, plan, model.p, model.budget, False)
        columns = np.sort(plan.opens[: plan.sizes[0]]).astype(np.int64)
        share = areas.shares(model, columns)
        lag = float((share[asked] / floor[asked]).min()) if asked.any() else 0.0
        # all floors met is as good as all exceeded; among such choices the one that covers most is
        # better
        if (min(lag, 1.0), model.value(columns)) > most:
            best, most = columns, (min(lag, 1.0), model.value(columns))
        behind = np.where(asked, 1 - share / np.where(asked, floor, 1.0), 0.0)
        # one with nothing weighs e² = 7 times more in the next choice than one at its floor, and
        # one far above it less: with a larger factor the choices go to and fro, with a smaller one
        # all tries are over before an area left out is heard. None falls so low that it could not
        # come back
        favour *= np.exp(2.0 * np.clip(behind, -1, 1))
        favour /= favour.max()
        favour = np.maximum(favour, 1e-6)
    return best
