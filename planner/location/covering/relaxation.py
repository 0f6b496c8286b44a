"""Compiled subgradient steps on the prices of demand: Lagrangian bounds of covering.

The relaxation is that of Galvão, R. D. and ReVelle, C. (1996), A Lagrangean heuristic for the
maximal covering location problem, European Journal of Operational Research 88.

Nothing here checks its input.
"""
# ruff: noqa: C901
# mypy: allow-untyped-defs, allow-untyped-calls

from __future__ import annotations

import numpy as np

from planner.compiled import kernel
from planner.location.subgradient import BEST, advance

_NEW = 0.005
"""Weight of the newest step in the mean of choices."""


@kernel
def ranked(values, rank, room):
    """Find the value that stands at a rank, from 0, once all ascend (Hoare 1961, FIND).

    ``room`` is as large as the values, which stay as they are.
    """
    for i in range(values.size):
        room[i] = values[i]
    low, high = 0, values.size - 1
    # what is not above the one at the rank goes before it, what is not below goes behind it; the
    # part that holds the rank is divided again, until it holds nothing else
    while low < high:
        middle = room[rank]
        i, j = low, high
        while i <= j:
            while room[i] < middle:
                i += 1
            while room[j] > middle:
                j -= 1
            if i <= j:
                room[i], room[j] = room[j], room[i]
                i += 1
                j -= 1
        if j < rank:
            low = i
        if i > rank:
            high = j
    return room[rank]


@kernel
def lowest_taken(worth, p, last, room):
    """Find the worth of the p-th best site, at least 0; ``last``, a guess, saves time."""
    if p >= worth.size:
        return 0.0
    # prices change little from step to step: mostly a few times p sites are within a tenth of the
    # last one, and only these need be ranked
    least, count = 0.9 * last, 0
    for j in range(worth.size):
        room[count] = worth[j]
        count += worth[j] > least
    if count < p:
        return max(ranked(worth, worth.size - p, room), 0.0)
    return max(ranked(room[:count].copy(), count - p, room), 0.0)


@kernel
def relax(steps, cover, sums, p, budget, lower, rule, ascent, best_worth, money, recent):
    """Take subgradient steps on the prices of demand; every bound met is valid.

    A site is worth the prices of the rows it covers, a row its value less its price; the best
    ``p`` sites (within the budget, at a price of money that is sought anew each time) and all rows
    that pay give the bound.

    ``lower`` is the worth of the best plan, ``rule`` and ``ascent`` are of
    :mod:`planner.location.subgradient`; ``best_worth`` (n,) f8 is worth less cost at the best
    bound, ``money`` (1,) f8 the price of money, ``recent`` (n,) f8 in how many of the last steps a
    site was among the best: a share in which a step weighs less the longer ago it is.
    """
    n, m = cover.c_start.size - 1, cover.first.size
    raw, worth, room = np.empty(n), np.empty(n), np.empty(n)
    breach, high = np.empty(m), np.empty(m)
    # a price above what cover is worth to a row buys nothing, so that none need be higher
    for i in range(m):
        high[i] = max(cover.first[i], cover.second[i])
    price = ascent.price
    cut = 0.0
    for _ in range(steps):
        # that a row is covered only by open sites is left out and priced instead: whoever sells
        # cover is paid for it, whether or not it is the first to cover the row
        # neighbours cover nearly the same rows: each column is summed from one like it by what
        # differs (Björklund and Lingas 2001, Fast Boolean matrix multiplication for highly
        # clustered data), which is a fifth of the rows where they are many
        for j in range(n):
            total = raw[sums.parent[j]] if sums.parent[j] >= 0 else 0.0
            for a in range(sums.more_start[j], sums.more_start[j + 1]):
                total += price[sums.more[a]]
            for a in range(sums.fewer_start[j], sums.fewer_start[j + 1]):
                total -= price[sums.fewer[a]]
            raw[j] = total
        # the budget is relaxed too: what a site costs is charged at the price of money
        if np.isfinite(budget):
            money[0] = price_of_money(raw, cover.cost, p, budget, money[0])
        for j in range(n):
            worth[j] = raw[j] - money[0] * cover.cost[j]
        # the best p sites: those above the p-th worth, and as many at it as there is room for
        cut = lowest_taken(worth, p, cut, room)
        bound = money[0] * budget if money[0] > 0.0 else 0.0
        breach[:] = 0.0
        # the mean of the choices on the way tends to a solution of the linear program, which no
        # single one of them shows (Barahona and Anbil 2000, The volume algorithm)
        for j in range(n):
            recent[j] *= 1.0 - _NEW
        left = p
        for above in (True, False):
            for j in range(n):
                if left > 0 and (worth[j] > cut if above else worth[j] == cut and cut > 0.0):
                    left -= 1
                    bound += worth[j]
                    recent[j] += _NEW
                    for a in range(cover.c_start[j], cover.c_start[j + 1]):
                        breach[cover.c_row[a]] -= 1.0
        # each row buys cover once, twice or not at all, whatever leaves it most
        for i in range(m):
            once = cover.first[i] - price[i]
            twice = once + cover.second[i] - price[i]
            bound += max(once, twice, 0.0)
            if once > 0.0 or twice > 0.0:
                breach[i] += 2.0 if twice > once else 1.0
            # where buying or not is the same either may be taken; bought, the row does not pull its
            # price down
            elif once == 0.0:
                breach[i] += 1.0
        # what the sites earn at the best bound tells which of them a better choice may hold
        if bound < ascent.state[BEST]:
            for j in range(n):
                best_worth[j] = worth[j]
        if not advance(bound, lower, breach, high, rule, ascent):
            return


@kernel
def price_of_money(worth, cost, p, budget, last):
    """Find the price at which the best p sites just cost the budget, by bisection."""
    n = worth.size
    value, room = np.empty(n), np.empty(n)
    low, high = 0.0, 0.0
    for j in range(n):
        if cost[j] > 0.0:
            high = max(high, worth[j] / cost[j])
    # prices change little from step to step, and so does that of money: a narrow start is halved to
    # more digits. Where it was too narrow, the second turn doubles it
    if last > 0.0:
        high = min(high, last * 1.3)
    best, least = 0.0, np.inf
    # the bound is convex in the price: without one first, then at the upper end, then between. Any
    # price gives a valid bound, so that sixteen halvings need not meet the best one
    for turn in range(18):
        money = 0.0 if turn == 0 else (high if turn == 1 else 0.5 * (low + high))
        for j in range(n):
            value[j] = worth[j] - money * cost[j]
        cut = 0.0
        if p < n:
            cut = max(ranked(value, n - p, room), 0.0)
        bound, spent, left = money * budget, 0.0, p
        for j in range(n):
            if value[j] > cut and left > 0:
                bound += value[j]
                spent += cost[j]
                left -= 1
        bound += cut * left
        if bound < least:
            best, least = money, bound
        if turn == 0:
            if spent <= budget:
                return 0.0
        elif spent > budget:
            low = money
            if turn == 1:
                high *= 2.0
        else:
            high = money
    return best
