"""Which of today's sites to keep and which new ones to take instead, as problems on arrays.

A covering or median problem in which staying is free and moving uses up a number or a budget: kin
to the opening and closing within a budget of Wang, Batta, Bhadury and Rump (2003, *Budget
constrained location problem with opening and closing of facilities*) and to the closing of ReVelle,
Murray and Serra (2007, *Location models for ceding market share and shrinking services*).
"""

from __future__ import annotations

from dataclasses import replace
from typing import Unpack

import numpy as np
from scipy.sparse import coo_array, csr_array, hstack

from planner.arrays import F64, I64
from planner.location.covering.max_coverage import max_coverage
from planner.location.limits import LimitKeywords, Limits, given_limits
from planner.location.results import Siting

_SAME = 1e-9
_PAIRS = 100_000_000
"""Homes looked at at most when every move of one site is tried: a few tenths of a second."""


def move_to_cover(
    old: csr_array,
    new: csr_array,
    weight: F64,
    count: int,
    moves: int,
    *,
    limits: Limits | None = None,
    **keywords: Unpack[LimitKeywords],
) -> Siting:
    """Choose at most `count` sites, at most `moves` of them new, that cover the most.

    Parameters
    ----------
    old, new
        Demand × today's sites and demand × new places, CSR; what is stored is covered.
    weight
        (demand,) residents.
    count
        Sites in all, 1 to the number of today's.
    moves
        New places among them at most.
    limits, **keywords
        When to stop; see :func:`planner.location.max_coverage`.

    Returns
    -------
    Siting
        ``sites`` are columns, today's first. A new place is among them only where it is of use,
        and as many of today's as `count` allows.

    Notes
    -----
    A maximal covering problem with p = `count` in which a new place costs 1, a site of today
    nothing, and the budget is `moves`. Keeping more of today's sites never covers less, so that
    "at least n − `moves` of the n are kept" needs no constraint of its own.
    """
    today = old.shape[1]
    covers = csr_array(hstack([old, new])) if moves else old
    people = np.where(np.diff(covers.indptr) > 0, weight, 0.0)
    if not (people > 0).any():
        nobody = _filled(covers, people, np.empty(0, np.int64), today, count)
        return Siting(nobody, 0.0, 0.0)
    limited = moves < count and covers.shape[1] > today
    price = np.repeat([0.0, 1.0], [today, covers.shape[1] - today])
    found = max_coverage(
        covers,
        people,
        count,
        cost=price if limited else None,
        budget=float(moves) if limited else None,
        limits=given_limits(limits, keywords, 2.0),
    )
    sites = _filled(covers, people, found.sites, today, count)
    sites = _without_idle_moves(covers, people, sites, today)
    reached = float(people[_times(covers, sites) > 0].sum())
    answer = replace(found, sites=sites, objective=reached, bound=max(found.bound, reached))
    # a search that was starved must not say that moving brings nothing: few pairs are all tried
    if moves and count == today and today * new.nnz <= _PAIRS:
        return _better_of_pairs(answer, old, new, people, moves)
    return answer


def move_to_shorten(
    old: csr_array,
    new: csr_array,
    weight: F64,
    stays_m: F64,
    farthest_m: float,
    count: int,
    moves: int,
    *,
    limits: Limits | None = None,
    **keywords: Unpack[LimitKeywords],
) -> Siting:
    """Choose at most `count` sites, at most `moves` of them new, with the least total walking.

    Parameters
    ----------
    old, new
        Metres from demand to today's sites and to new places, CSR; what is not stored is out of
        reach.
    weight
        (demand,) residents.
    stays_m
        (demand,) metres to the nearest site that stays in any case, inf for none.
    farthest_m
        Metres charged at most for a resident, also for one who reaches no site.
    count, moves, limits, **keywords
        As for :func:`move_to_cover`.

    Returns
    -------
    Siting
        As :func:`move_to_cover`; the objective is in resident metres.
    """
    from planner.location.median.p_median import p_median

    # a p-median in which a new place costs 1, a site of today nothing, and the budget is `moves`
    today = old.shape[1]
    columns = csr_array(hstack([old, new])) if moves else old
    width = columns.shape[1]
    part = columns.tocoo()
    # a site no nearer than one that stays in any case, or than what is charged at most, shortens
    # nobody's walk: the fewer entries, the sooner is it solved
    useful = part.data < np.minimum(stays_m, farthest_m)[part.row]
    # all sites that stay are one more, fixed and free of charge, at the distance of the nearest of
    # them
    served = np.flatnonzero(stays_m < farthest_m)
    row = np.concatenate([part.row[useful], served])
    column = np.concatenate([part.col[useful], np.full(served.size, width)])
    metres = np.concatenate([part.data[useful], stays_m[served]])
    some = bool(served.size)
    table = csr_array(coo_array((metres, (row, column)), shape=(len(weight), width + some)))
    limited = moves < count and width > today
    price = np.repeat([0.0, 1.0, 0.0], [today, width - today, int(some)])
    found = p_median(
        table,
        weight,
        count + some,
        fixed=[width] if some else [],
        cost=price if limited else None,
        budget=float(moves) if limited else None,
        penalty_m=farthest_m,
        limits=given_limits(limits, keywords, 2.0),
    )
    # sites of today that save nobody a metre are kept nonetheless, as far as `count` goes: nobody
    # asked to close them
    sites = found.sites[found.sites < width]
    idle = np.setdiff1d(np.arange(today), sites)[: max(count - len(sites), 0)]
    return replace(found, sites=np.union1d(sites, idle))


def _better_of_pairs(
    answer: Siting, old: csr_array, new: csr_array, weight: F64, moves: int
) -> Siting:
    """Try every site of today in turn in every new place; the better of that and an answer.

    Where one move is all that may be made, every choice has then been tried.
    """
    # one move is one swap; with all who are left without the site counted beforehand, one product
    # judges it with every new place at once
    times = np.asarray(old.sum(axis=1)).ravel()
    today = np.arange(old.shape[1])
    best, sites = float(weight[times > 0].sum()), today
    for site in today:
        without = times - np.asarray(old[:, [site]].todense()).ravel()
        # whom a new place would reach of those whom no other site of today does
        worth = np.asarray(new.T @ (weight * (without == 0))).ravel()
        place = int(np.argmax(worth))
        reached = float(weight[without > 0].sum() + worth[place])
        if reached > best * (1 + _SAME):
            best, sites = reached, np.append(today[today != site], len(today) + place)
    if best > answer.objective * (1 + _SAME):
        bound = max(answer.bound, best)
        answer = replace(answer, sites=np.sort(sites), objective=best, bound=bound)
    # keeping fewer of today's sites never covers more, so that these swaps, and none at all, are
    # all there is
    if moves == 1:
        return replace(answer, bound=answer.objective, stopped="optimal")
    return answer


def _times(covers: csr_array, sites: I64) -> I64:
    """Return how many of some sites cover each demand."""
    return np.asarray(covers[:, sites].sum(axis=1)).ravel().astype(np.int64)


def _filled(covers: csr_array, weight: F64, sites: I64, today: int, count: int) -> I64:
    """Keep, of today's sites that are not needed, those that reach the most, up to `count`."""
    idle = np.setdiff1d(np.arange(today), sites)
    reach = np.asarray(covers[:, idle].T @ weight).ravel()
    kept = idle[np.argsort(-reach, kind="stable")][: max(count - len(sites), 0)]
    return np.union1d(sites, kept)


def _without_idle_moves(covers: csr_array, weight: F64, sites: I64, today: int) -> I64:
    """Take back the moves that bring nobody anything: a site of today does as well."""
    for place in sites[sites >= today]:
        rest = sites[sites != place]
        left = weight * (_times(covers, rest) == 0)
        worth = np.asarray(covers.T @ left).ravel()
        closed = np.setdiff1d(np.arange(today), sites)
        if closed.size:
            back = closed[np.argmax(worth[closed])]
            if worth[back] >= worth[place] * (1 - _SAME):
                sites = np.union1d(rest, [back])
    return sites
