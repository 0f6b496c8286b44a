"""The course of a covering search: bound and choices by turns, then proof."""

from __future__ import annotations

import numpy as np

from planner.arrays import I64
from planner.location.covering.bounds import Prices
from planner.location.covering.exact import settle
from planner.location.covering.heuristics import Hunt
from planner.location.covering.model import CoverModel
from planner.location.covering.search import Climb

__all__ = ["choose"]


_FIRST_STEPS, _MORE_STEPS = 600, 300
_SMALL = 15_000
_WORTH_WAITING_S = 8.0
_HOPEFUL = 0.9
"""Share of the columns that may be alive; with more, HiGHS gains little on the bound."""


def choose(model: CoverModel, climb: Climb) -> I64:
    """Find the best columns of a model, until the search is over.

    Small models are solved outright; others are searched in rounds, with one long attempt at a
    proof where the time allows it and the bound has ruled out some columns. Where steps are
    counted rather than seconds, the attempt comes last and is limited by nodes.

    Returns
    -------
    (k,) int64
        Candidates chosen, ascending; those that add nothing are left out.
    """
    if not model.p or not model.entries:
        climb.found(model.site[:0], model.base)
        climb.proved(model.base)
        return model.site[:0]
    climb.proved(model.base + float((model.first + model.second).sum()))
    hunt = Hunt(model, climb, climb.descent.seed)
    prices = Prices(model)
    rounds, tried = 0, False
    while not climb.over:
        _reprice(prices, climb, model, _FIRST_STEPS if not rounds else _MORE_STEPS)
        alive = _alive(prices, climb, hunt.best)
        small = model.taking(alive)
        spent = climb.descent.searched_out
        if spent or (small.entries <= _SMALL and not tried):
            tried = True
            _prove(small, model, climb, hunt, np.inf, 2000 if climb.counted else None)
        elif rounds >= 3 and not tried and not climb.counted:
            if climb.seconds_left <= _WORTH_WAITING_S:
                tried = True
            elif len(alive) <= _HOPEFUL * model.shape[1]:
                tried = True
                _prove(small, model, climb, hunt, 0.6 * climb.seconds_left, None)
        if spent:
            break
        hunt.round(prices, alive)
        rounds += 1
    return np.sort(model.site[_useful(model, hunt.best)])


def _reprice(prices: Prices, climb: Climb, model: CoverModel, steps: int) -> None:
    """Improve the bound, looking at the clock every few hundredths of a second."""
    piece = int(np.clip(20_000_000 // max(model.entries, 1), 5, 300))
    while steps > 0 and not prices.settled:
        prices.improve(min(piece, steps), climb.objective)
        steps -= piece
        climb.proved(prices.bound)
        climb.tell("bound")
        if climb.over:
            break
    climb.tell("bound", always=True)


def _alive(prices: Prices, climb: Climb, best: I64) -> I64:
    """Leave out the columns that no better choice contains."""
    better = climb.objective + (1 - 1e-6 if climb.whole else 0.0)
    return np.union1d(prices.alive(better), best)


def _prove(
    small: CoverModel,
    model: CoverModel,
    climb: Climb,
    hunt: Hunt,
    seconds: float,
    nodes: int | None,
) -> None:
    place = np.searchsorted(small.site, np.sort(model.site[hunt.best]))
    found, bound = settle(small, climb, place, seconds=seconds, nodes=nodes)
    hunt.keep(np.searchsorted(model.site, small.site[found]))
    climb.proved(max(bound, climb.objective))
    climb.tell("exact", always=True)


def _useful(model: CoverModel, columns: I64) -> I64:
    """Leave out chosen columns that add nothing."""
    kept = columns
    whole = model.value(columns)
    for j in columns:
        fewer = kept[kept != j]
        if model.value(fewer) >= whole * (1 - 1e-13):
            kept = fewer
    return kept
