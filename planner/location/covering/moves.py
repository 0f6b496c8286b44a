"""Open and closed sites of a covering plan, and what follows from each move.

A demand *row* is worth ``first`` once one open site covers it and ``second`` more with two. For
a closed site ``gain`` is what opening it would add, for an open one what closing it would lose;
both are kept up to date while sites open and close. Nothing here checks its input; the loops are
compiled, single-threaded, the GIL released.
"""
# mypy: allow-untyped-defs, allow-untyped-calls

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from planner.compiled import kernel


class Cover(NamedTuple):
    """Who covers what: columns (candidates) and rows (demand) of one matrix, and their values."""

    c_start: Any  # (n + 1,) int64
    c_row: Any  # (entries,) int32
    r_start: Any  # (m + 1,) int64
    r_col: Any  # (entries,) int32
    first: Any  # (m,) float64
    second: Any  # (m,) float64
    cost: Any  # (n,) float64
    k_start: Any  # (n + 1,) int64, candidates that may not be open together
    k_other: Any  # (pairs,) int32


class Sums(NamedTuple):
    """How a column differs from an earlier one that is much like it."""

    parent: Any  # (n,) int32, an earlier column, −1 for none
    more_start: Any  # (n + 1,) int64
    more: Any  # int32, rows of the column that are not its parent's
    fewer_start: Any  # (n + 1,) int64
    fewer: Any  # int32, rows of its parent that are not its own


class Plan(NamedTuple):
    """Open sites and everything that follows from them."""

    count: Any  # (m,) int32, open sites that cover the row
    owner: Any  # (m,) int32, their numbers joined by exclusive or: the site where it is one
    gain: Any  # (n,) float64
    is_open: Any  # (n,) bool
    blocked: Any  # (n,) int32, open sites that may not be open together with it
    opens: Any  # (n,) int32, the first sizes[0] are open
    best: Any  # (n,) int32, the first sizes[1] are the best found
    sizes: Any  # (2,) int64
    totals: Any  # (3,) float64: value, cost, value of the best
    random: Any  # (1,) uint64


@kernel
def switch_on(j, cover, plan):
    """Open a site; its gain, which becomes its loss, is added to the value."""
    own = plan.gain[j]
    for a in range(cover.c_start[j], cover.c_start[j + 1]):
        i = cover.c_row[a]
        before = plan.count[i]
        plan.count[i] = before + 1
        first, second = cover.first[i], cover.second[i]
        # covered for the first time: all others that cover the row can gain less
        if before == 0:
            for b in range(cover.r_start[i], cover.r_start[i + 1]):
                plan.gain[cover.r_col[b]] += second - first
        # covered before by one site alone, which now loses nothing more if it closes; its number
        # is what the exclusive or of all open ones has left
        elif before == 1 and second == 0.0:
            plan.gain[plan.owner[i]] -= first
        elif before <= 2 and second > 0.0:
            for b in range(cover.r_start[i], cover.r_start[i + 1]):
                k = cover.r_col[b]
                if before == 1:
                    plan.gain[k] += second - first if plan.is_open[k] else -second
                elif plan.is_open[k]:
                    plan.gain[k] -= second
        plan.owner[i] ^= j
    for a in range(cover.k_start[j], cover.k_start[j + 1]):
        plan.blocked[cover.k_other[a]] += 1
    plan.gain[j] = own
    plan.is_open[j] = True
    plan.totals[0] += own
    plan.totals[1] += cover.cost[j]


@kernel
def switch_off(j, cover, plan):
    """Close a site; its loss, which becomes its gain, is taken off the value."""
    own = plan.gain[j]
    plan.is_open[j] = False
    for a in range(cover.c_start[j], cover.c_start[j + 1]):
        i = cover.c_row[a]
        after = plan.count[i] - 1
        plan.count[i] = after
        plan.owner[i] ^= j
        first, second = cover.first[i], cover.second[i]
        # nobody covers the row any more: all others that could gain it back
        if after == 0:
            for b in range(cover.r_start[i], cover.r_start[i + 1]):
                plan.gain[cover.r_col[b]] += first - second
        # one site covers it alone from now on, and would lose it if it closed
        elif after == 1 and second == 0.0:
            plan.gain[plan.owner[i]] += first
        elif after <= 2 and second > 0.0:
            for b in range(cover.r_start[i], cover.r_start[i + 1]):
                k = cover.r_col[b]
                if after == 1:
                    plan.gain[k] += first - second if plan.is_open[k] else second
                elif plan.is_open[k]:
                    plan.gain[k] += second
    for a in range(cover.k_start[j], cover.k_start[j + 1]):
        plan.blocked[cover.k_other[a]] -= 1
    plan.gain[j] = own
    plan.totals[0] -= own
    plan.totals[1] -= cover.cost[j]


@kernel
def keep_best(plan):
    """Remember the open sites where they are better than the best so far."""
    if plan.totals[0] > plan.totals[2]:
        count = plan.sizes[0]
        plan.totals[2] = plan.totals[0]
        plan.sizes[1] = count
        for k in range(count):
            plan.best[k] = plan.opens[k]


@kernel
def append(j, cover, plan):
    """Open a site and list it."""
    switch_on(j, cover, plan)
    plan.opens[plan.sizes[0]] = j
    plan.sizes[0] += 1


@kernel
def fill_greedily(cover, plan, p, budget, by_cost):
    """Open the site that adds most (for its cost) again and again while something can be added."""
    # the greedy of Church and ReVelle (1974); at least 1 − 1/e of the best, where only the number
    # of sites is limited (Nemhauser, Wolsey and Fisher 1978)
    n = plan.gain.size
    while plan.sizes[0] < p:
        best, most = -1, 0.0
        for j in range(n):
            gain = plan.gain[j]
            if gain <= 0.0 or plan.is_open[j] or plan.blocked[j] > 0:
                continue
            if plan.totals[1] + cover.cost[j] > budget:
                continue
            worth = gain / max(cover.cost[j], 1e-12) if by_cost else gain
            if worth > most:
                best, most = j, worth
        if best < 0:
            break
        append(np.int64(best), cover, plan)
    keep_best(plan)
