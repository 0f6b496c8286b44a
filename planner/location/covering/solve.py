"""The course of a covering search: bound and choices by turns, then proof."""

from __future__ import annotations

import numpy as np

from planner.arrays import I64
from planner.location.covering.bounds import Prices
from planner.location.covering.exact import solve_exactly
from planner.location.covering.heuristics import Heuristics
from planner.location.covering.model import CoverModel
from planner.location.search import Search

__all__ = ["OUTRIGHT", "alive", "choose", "prove", "reprice", "useful"]


OUTRIGHT = 15_000
"""Entries of a model that is solved outright."""
_FIRST_STEPS, _SECOND_STEPS, _MORE_STEPS = 300, 500, 300
_WORTH_WAITING_S = 8.0
_HOPEFUL = 0.9
"""Share of the columns that may be alive; with more, HiGHS gains little on the bound."""


def choose(model: CoverModel, search: Search, *, outright: int = OUTRIGHT) -> I64:
    """Find the best columns of a model, until the search is over.

    Small models are solved outright; others are searched in rounds, with one long attempt at a
    proof where the time allows it and the bound has ruled out some columns. Where steps are
    counted rather than seconds, the attempt comes last and is limited by nodes.

    Parameters
    ----------
    model
        What is asked.
    search
        Keeps the best choice and bound so far, and says when to stop.
    outright
        Entries of the model that is left up to which it is solved outright; below 0, only a search
        that has stalled or spent its steps tries for a proof.

    Returns
    -------
    (k,) int64
        Candidates chosen, ascending; those that add nothing are left out.
    """
    if not model.p or not model.entries:
        search.found(model.site[:0], model.base)
        search.proved(model.base)
        return model.site[:0]
    search.proved(model.base + float((model.first + model.second).sum()))
    heuristics = Heuristics(model, search, search.seed)
    prices = Prices(model)
    rounds, tried = 0, False
    while not search.stopped:
        # bound and choices help one another: a better choice makes for longer steps on the prices,
        # and a better bound rules out columns, so that the next round has less to search
        reprice(prices, search, model, _FIRST_STEPS if not rounds else _MORE_STEPS)
        # steps that aim at a poor choice overshoot: a short search comes before the most of them
        if not rounds and not search.stopped:
            if not model.limited:
                heuristics.sketch(prices, alive(prices, search, heuristics.best))
            reprice(prices, search, model, _SECOND_STEPS)
        kept = alive(prices, search, heuristics.best)
        small = model.taking(kept)
        spent = search.searched_out
        if spent or (small.entries <= outright and not tried):
            tried = True
            prove(small, model, search, heuristics, np.inf)
        elif rounds >= 3 and not tried and not search.counted:
            # one long attempt at a proof: only where there is time for it, and hope
            if search.seconds_left <= _WORTH_WAITING_S:
                tried = True
            elif len(kept) <= _HOPEFUL * model.shape[1]:
                tried = True
                prove(small, model, search, heuristics, 0.6 * search.seconds_left)
        if spent:
            break
        heuristics.round(prices, kept)
        rounds += 1
    return np.sort(model.site[useful(model, heuristics.best)])


def reprice(prices: Prices, search: Search, model: CoverModel, steps: int) -> None:
    """Improve the bound, looking at the clock every few hundredths of a second."""
    piece = int(np.clip(20_000_000 // max(model.entries, 1), 5, 300))
    while steps > 0 and not prices.settled:
        prices.improve(min(piece, steps), search.objective)
        steps -= piece
        search.proved(prices.bound)
        search.report("bound")
        if search.stopped:
            break
    search.report("bound", always=True)


def alive(prices: Prices, search: Search, best: I64) -> I64:
    """Leave out the columns that no better choice contains."""
    better = search.objective + (1 - 1e-6 if search.whole else 0.0)
    return np.union1d(prices.alive(better), best)


def prove(
    small: CoverModel,
    model: CoverModel,
    search: Search,
    heuristics: Heuristics,
    seconds: float,
) -> None:
    """Solve what is left of a model, the best choice included, as far as the time allows."""
    place = np.searchsorted(small.site, np.sort(model.site[heuristics.best]))
    found, bound = solve_exactly(small, search, place, seconds=seconds)
    heuristics.keep(np.searchsorted(model.site, small.site[found]))
    search.proved(max(bound, search.objective))
    search.report("exact", always=True)


def useful(model: CoverModel, columns: I64) -> I64:
    """Leave out chosen columns that add nothing."""
    kept = columns
    total = model.value(columns)
    for j in columns:
        fewer = kept[kept != j]
        if model.value(fewer) >= total * (1 - 1e-13):
            kept = fewer
    return kept
