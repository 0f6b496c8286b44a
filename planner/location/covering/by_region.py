"""Maximal covering region by region, with one number of sites and one budget for all.

Regions share three things: how many sites there may be, the money, and *border rows*, demand that
sites of several regions cover. All three are priced (Lagrangian relaxation; Geoffrion 1974,
Lagrangean relaxation for integer programming, Mathematical Programming Study 2). At a price `a` of
a site, `m` of money and `v_i` at most `w_i` of border row `i`, no choice is worth more than::

    a p + m budget + sum over border rows (w_i - v_i) + sum over regions (best of the region)

where the best of a region is what its sites cover, border rows at their prices, less what the sites
are charged. A border row that is covered counts `w_i` once, which is ``w_i - v_i`` and `v_i` at
least once more from some region; one that is not counts nothing, which is no more than both. So the
sum bounds every choice, whatever the prices, and it stays a bound where a region's best is replaced
by more than that, as where a solver was stopped.

It starts from the prices of :mod:`planner.location.covering.bounds`, which prices the rows inside
the regions too, and so is hardly ever above the bound from there. Where regions share little, as
towns apart do, it is far nearer to the best choice.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from planner.arrays import F64, I32, I64, Bool
from planner.location.covering.bounds import Prices
from planner.location.covering.exact import program, values
from planner.location.covering.heuristics import Heuristics
from planner.location.covering.model import CoverModel, picked, turned
from planner.location.covering.solve import OUTRIGHT, alive, choose, prove, reprice, useful
from planner.location.search import Search
from planner.location.subgradient import Ascent, Rule, advance

__all__ = ["choose_by_region"]


_FIRST_STEPS, _SECOND_STEPS = 300, 500
_RULE = Rule(-1.0, kept=0.7, patience=4.0, shrink=0.5)
_FIRST_FACTOR, _LAST_FACTOR = 0.2, 1 / 100
_REGIONS_SHARE, _CHOICE_SHARE = 0.5, 0.1
"""Of the time that is left: what one look at all regions may take, and the choice after it."""


def choose_by_region(model: CoverModel, region: npt.NDArray[np.integer], search: Search) -> I64:
    """Find good columns of a model, and a bound, by its regions, until the search is over.

    Parameters
    ----------
    model
        What is asked: without pairs in conflict, second covers and areas, and no row empty.
    region
        (n,) region of each column, from 0.
    search
        Keeps the best choice and bound so far, and says when to stop.

    Returns
    -------
    (k,) int64
        Candidates chosen, ascending; those that add nothing are left out.
    """
    if not model.p or not model.entries or len(np.unique(region)) == 1:
        return choose(model, search)
    search.proved(model.base + float(model.first.sum()))
    heuristics = Heuristics(model, search, search.seed)
    prices = Prices(model)
    reprice(prices, search, model, _FIRST_STEPS)
    if not search.stopped and not model.limited:
        heuristics.sketch(prices, np.arange(model.shape[1]))
    reprice(prices, search, model, _SECOND_STEPS)
    # prices move by how far the bound is from the best choice: a good one comes first
    if not search.stopped:
        heuristics.round(prices, alive(prices, search, heuristics.best))
    shared = _Shared(model, region, prices)
    pool = heuristics.best
    while not search.stopped:
        bound, chosen = shared.solve(search, heuristics.best)
        search.proved(bound)
        search.report("bound", always=True)
        # what regions choose at some prices is seldom a choice of the whole, by number or money:
        # the best choice of all that any of them has chosen so far is a small problem
        pool = np.union1d(pool, np.union1d(chosen, heuristics.best))
        if not search.stopped:
            heuristics.keep(_best_of(model, pool, search))
            heuristics.round(prices, alive(prices, search, heuristics.best))
            search.report("search", always=True)
        # at the best prices, a region that the solver left half done may still be worth less
        settled = not shared.advance(bound, chosen, search.objective)
        if search.searched_out or (settled and (shared.closed or search.counted)):
            break
    # where the prices settle before the time is up, what may still be better is often little
    left = model.taking(alive(prices, search, heuristics.best))
    if not search.stopped and left.entries <= OUTRIGHT:
        prove(left, model, search, heuristics, np.inf)
    return np.sort(model.site[useful(model, heuristics.best)])


def _best_of(model: CoverModel, pool: I64, search: Search) -> I64:
    """Choose among some columns only, as columns of the whole."""
    seconds, most = _CHOICE_SHARE * search.seconds_left, search.limits.max_iterations
    limits = replace(
        search.limits,
        time_limit_s=seconds if np.isfinite(seconds) else None,
        max_iterations=None if most is None else most // 4,
        gap=0.0,
        progress=None,
    )
    # its bound is one of these columns, and says nothing of all: so it has a search of its own
    own = Search(limits, "maximise", whole=search.whole)
    sites = choose(model.taking(pool), own)
    search.iterations += own.iterations
    return np.searchsorted(model.site, sites).astype(np.int64)


@dataclass(frozen=True, eq=False)
class _Region:
    """Columns and rows of one region, as numbers of the whole, and which row has which column."""

    column: I64
    row: I64
    r_start: I64
    r_col: I32

    @classmethod
    def of(cls, model: CoverModel, column: I64) -> _Region:
        start, index = picked(*model.columns, column)
        r_start, r_col = turned(start, index, len(model.first))
        row = np.flatnonzero(np.diff(r_start) > 0)
        return cls(column, row, *picked(r_start, r_col, row))

    def gains(self, worth: F64) -> F64:
        """Sum what the rows of each column are worth."""
        of = np.repeat(worth, np.diff(self.r_start))
        return np.bincount(self.r_col, of, len(self.column)).astype(np.float64)

    def covered(self, taken: Bool) -> Bool:
        """Tell which rows some of the columns cover."""
        count: Bool = np.add.reduceat(taken[self.r_col], self.r_start[:-1], dtype=np.int64) > 0
        return count


class _Shared:
    """What all regions share, and its prices."""

    def __init__(self, model: CoverModel, region: npt.NDArray[np.integer], prices: Prices) -> None:
        self._model = model
        self._regions = [
            _Region.of(model, np.flatnonzero(region == each)) for each in np.unique(region)
        ]
        of = region[model.r_col]
        begin = model.r_start[:-1]
        border: Bool = np.minimum.reduceat(of, begin) != np.maximum.reduceat(of, begin)
        self._border = border
        self._row = np.flatnonzero(border)
        self._price = np.minimum(prices.price, model.first)
        # a site is charged what the last of the best earns; money is charged apart from that
        last = np.partition(prices.worth, -model.p)[-model.p] if model.p < len(region) else 0.0
        # one price of a site moves as far as those of all rows that it covers do
        self._site_unit = float(np.sqrt(model.entries / len(region)))
        paid = float(model.cost.mean())
        self._money_unit = self._site_unit / paid if np.isfinite(model.budget) and paid else 0.0
        start = np.zeros(2 + len(self._row))
        start[0] = max(float(last), 0.0) / self._site_unit
        start[1] = prices.money / self._money_unit if self._money_unit else 0.0
        start[2:] = self._price[self._row]
        self._ascent = Ascent.of(start, np.inf, _FIRST_FACTOR)
        self._high = np.r_[np.inf, np.inf, model.first[self._row]]
        self._priced = np.full(len(start), np.nan)
        self._kept: dict[int, tuple[float, I64]] = {}

    @property
    def closed(self) -> bool:
        """Whether all regions were solved to the end at the last prices."""
        return len(self._kept) == len(self._regions)

    @property
    def _charges(self) -> tuple[float, float]:
        """Price of a site, and of money."""
        return (
            float(self._ascent.price[0] * self._site_unit),
            float(self._ascent.price[1] * self._money_unit),
        )

    def solve(self, search: Search, known: I64) -> tuple[float, I64]:
        """Give the bound at the prices now, and what the regions choose at them."""
        model = self._model
        site, money = self._charges
        border = self._ascent.price[2:]
        bound = model.base + site * model.p + float((model.first[self._row] - border).sum())
        if money:
            bound += money * model.budget
        if not np.array_equal(self._priced, self._ascent.price):
            self._priced, self._kept = self._ascent.price.copy(), {}
        chosen = []
        left = len(self._regions) - len(self._kept)
        for number, region in enumerate(self._regions):
            best, columns = self._kept.get(number, (np.nan, known))
            if number not in self._kept:
                share = _REGIONS_SHARE * search.seconds_left / left
                left -= 1
                best, columns, solved = self._best(region, site, money, search, known, share)
                if solved:
                    self._kept[number] = (best, columns)
            bound += best
            chosen.append(columns)
        # sums of floats are right to a part of the largest
        return bound + 1e-11 * abs(bound), np.sort(np.concatenate(chosen))

    def _best(
        self,
        region: _Region,
        site: float,
        money: float,
        search: Search,
        known: I64,
        seconds: float,
    ) -> tuple[float, I64, bool]:
        """Find what a region's best choice is worth at most, a good one, and whether that is it."""
        model = self._model
        worth = model.first.copy()
        worth[self._row] = self._ascent.price[2:]
        worth = worth[region.row]
        charge = site + money * model.cost[region.column]
        # a site that does not earn its charge alone does not beside others
        paying = np.flatnonzero(region.gains(worth) > charge)
        eased = self._eased(region, worth, charge)
        if not len(paying) or eased <= 0.0:
            return 0.0, np.empty(0, np.int64), True
        number = len(region.column)
        small = replace(
            CoverModel.plain(region.r_start, region.r_col, worth, number),
            site=region.column,
            cost=model.cost[region.column],
            p=min(model.p, number),
            budget=model.budget,
        ).taking(paying)
        charged = charge[paying]
        best = np.flatnonzero(np.isin(small.site, known))
        solved = False
        if not search.interrupted:
            asked = program(small)
            asked.cost[: len(charged)] = charged
            answer = asked.solve(search, start=values(small, best), seconds=seconds)
            if answer.values is not None:
                found = np.flatnonzero(answer.values[: len(charged)] > 0.5)
                if small.feasible(found) and _net(small, found, charged) > _net(
                    small, best, charged
                ):
                    best = found
            reached = max(_net(small, best, charged), 0.0)
            # as it is told: bounds of regions are summed, and so would be what each is eased by
            eased = min(eased, max(-answer.bound, reached))
            solved = answer.status != "stopped"
        return eased, small.site[best], solved

    def _eased(self, region: _Region, worth: F64, charge: F64) -> float:
        """Bound a region's best by prices of its own rows too, as the whole is bounded."""
        inside = ~self._border[region.row]
        price = np.where(inside, np.minimum(self._price[region.row], worth), worth)
        earned = region.gains(price) - charge
        return float(np.maximum(earned, 0.0).sum() + (worth - price).sum())

    def advance(self, bound: float, chosen: I64, known: float) -> bool:
        """Follow what is short or over to other prices; False where these are the best."""
        model = self._model
        breach = np.zeros(len(self._high))
        breach[0] = (len(chosen) - model.p) * self._site_unit
        if self._money_unit:
            breach[1] = (float(model.cost[chosen].sum()) - model.budget) * self._money_unit
        covering = np.zeros(len(model.first))
        taken = np.zeros(model.shape[1], np.bool_)
        taken[chosen] = True
        for region in self._regions:
            covering[region.row] += region.covered(taken[region.column])
        breach[2:] = 1.0 - covering[self._row]
        on = advance(bound, known, breach, self._high, _RULE, self._ascent)
        return bool(on) and self._ascent.factor > _LAST_FACTOR


def _net(model: CoverModel, columns: I64, charge: F64) -> float:
    return model.value(columns) - float(charge[columns].sum())
