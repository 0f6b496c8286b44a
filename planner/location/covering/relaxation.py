"""Compiled subgradient steps on the prices of demand: Lagrangian bounds of covering.

Nothing here checks its input.
"""
# ruff: noqa: C901
# mypy: allow-untyped-defs, allow-untyped-calls

from __future__ import annotations

import numpy as np

from planner.compiled import kernel


@kernel
def relax(steps, cover, p, budget, lower, price, best_price, best_worth, numbers):
    """Subgradient steps on the prices of demand; every bound met is valid.

    A site is worth the prices of the rows it covers, a row its value less its price; the best
    ``p`` sites (within the budget, at a price of money that is sought anew each time) and all rows
    that pay give the bound.

    ``price``, ``best_price`` (m,) f8; ``best_worth`` (n,) f8 worth less cost at the best bound;
    ``numbers`` (4,) f8: bound, step factor, steps without progress, price of money.
    """
    n, m = cover.c_start.size - 1, cover.first.size
    raw = np.empty(n)
    worth = np.empty(n)
    covered = np.zeros(m)
    direction = np.zeros(m)
    for _ in range(steps):
        for j in range(n):
            total = 0.0
            for a in range(cover.c_start[j], cover.c_start[j + 1]):
                total += price[cover.c_row[a]]
            raw[j] = total
        money = 0.0
        if np.isfinite(budget):
            money = price_of_money(raw, cover.cost, p, budget, numbers[3])
            numbers[3] = money
        for j in range(n):
            worth[j] = raw[j] - money * cover.cost[j]
        cut = 0.0
        if p < n:
            cut = max(np.partition(worth, n - p)[n - p], 0.0)
        bound = money * budget if money > 0.0 else 0.0
        covered[:] = 0.0
        left = p
        for above in (True, False):
            for j in range(n):
                if left > 0 and (worth[j] > cut if above else worth[j] == cut and cut > 0.0):
                    left -= 1
                    bound += worth[j]
                    for a in range(cover.c_start[j], cover.c_start[j + 1]):
                        covered[cover.c_row[a]] += 1.0
        for i in range(m):
            once = cover.first[i] - price[i]
            twice = once + cover.second[i] - price[i]
            bound += max(once, twice, 0.0)
            wanted = 0.0
            if once > 0.0 or twice > 0.0:
                wanted = 2.0 if twice > once else 1.0
            elif once == 0.0:
                wanted = 1.0
            covered[i] = wanted - covered[i]
        if bound < numbers[0] - 1e-7 * abs(numbers[0]):
            numbers[2] = 0.0
        else:
            numbers[2] += 1.0
        if bound < numbers[0]:
            numbers[0] = bound
            best_price[:] = price
            best_worth[:] = worth
        if numbers[2] >= 30.0:
            numbers[1] *= 0.7
            numbers[2] = 0.0
        length = 0.0
        for i in range(m):
            step = 0.3 * covered[i] + 0.7 * direction[i]
            top = max(cover.first[i], cover.second[i])
            if (price[i] <= 0.0 and step < 0.0) or (price[i] >= top and step > 0.0):
                step = 0.0
            direction[i] = step
            length += step * step
        if length == 0.0 or bound <= lower:
            return
        step = numbers[1] * (bound - lower) / length
        for i in range(m):
            top = max(cover.first[i], cover.second[i])
            price[i] = min(max(price[i] + step * direction[i], 0.0), top)


@kernel
def price_of_money(worth, cost, p, budget, last):
    """Find the price at which the best p sites just cost the budget, by bisection."""
    n = worth.size
    value = np.empty(n)
    low, high = 0.0, 0.0
    for j in range(n):
        if cost[j] > 0.0:
            high = max(high, worth[j] / cost[j])
    if last > 0.0:
        high = min(high, last * 1.3)
    best, least = 0.0, np.inf
    for turn in range(18):
        money = 0.0 if turn == 0 else (high if turn == 1 else 0.5 * (low + high))
        for j in range(n):
            value[j] = worth[j] - money * cost[j]
        cut = 0.0
        if p < n:
            cut = max(np.partition(value, n - p)[n - p], 0.0)
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
