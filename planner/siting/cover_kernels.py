"""The compiled loops of covering problems: nothing here checks its input.

A demand *row* is worth ``first`` once one open site covers it and ``second`` more with two. For
a closed site ``gain`` is what opening it would add, for an open one what closing it would lose;
both are kept up to date while sites open and close. Single-threaded, the GIL released.
"""
# ruff: noqa: C901
# mypy: allow-untyped-defs, allow-untyped-calls

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from planner.network.kernels import kernel

_DRAWS = 3
"""Further draws for a swap between distant sites, of which the most promising are taken."""


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
def uniform(state):
    """Give the next random number in [0, 1) of a xorshift state (1,) uint64."""
    x = state[0]
    x ^= x << np.uint64(13)
    x ^= x >> np.uint64(7)
    x ^= x << np.uint64(17)
    state[0] = x
    return (x >> np.uint64(11)) * (1.0 / 9007199254740992.0)


@kernel
def switch_on(j, cover, plan):
    """Open a site; its gain, which becomes its loss, is added to the value."""
    own = plan.gain[j]
    for a in range(cover.c_start[j], cover.c_start[j + 1]):
        i = cover.c_row[a]
        before = plan.count[i]
        plan.count[i] = before + 1
        first, second = cover.first[i], cover.second[i]
        if before == 0:
            for b in range(cover.r_start[i], cover.r_start[i + 1]):
                plan.gain[cover.r_col[b]] += second - first
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
        if after == 0:
            for b in range(cover.r_start[i], cover.r_start[i + 1]):
                plan.gain[cover.r_col[b]] += first - second
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
        plan.best[:count] = plan.opens[:count]


@kernel
def append(j, cover, plan):
    """Open a site and list it."""
    switch_on(j, cover, plan)
    plan.opens[plan.sizes[0]] = j
    plan.sizes[0] += 1


@kernel
def fill_greedily(cover, plan, p, budget, by_cost):
    """Open the site that adds most (for its cost) again and again while something can be added."""
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
        append(best, cover, plan)
    keep_best(plan)


@kernel
def swap_fits(r, b, cover, plan, budget):
    """Whether b may be open in the place of r."""
    if plan.totals[1] - cover.cost[r] + cover.cost[b] > budget:
        return False
    blocked = plan.blocked[b]
    if blocked == 1:
        for a in range(cover.k_start[b], cover.k_start[b + 1]):
            if cover.k_other[a] == r:
                return True
    return blocked == 0


@kernel
def swap_worth(r, b, cover, plan, mark, turn):
    """Tell what opening b in the place of r adds.

    ``mark`` (m,) int64 is scratch, ``turn`` a number that it does not hold.
    """
    delta = plan.gain[b] - plan.gain[r]
    for a in range(cover.c_start[r], cover.c_start[r + 1]):
        mark[cover.c_row[a]] = turn
    for a in range(cover.c_start[b], cover.c_start[b + 1]):
        i = cover.c_row[a]
        if mark[i] == turn:
            count = plan.count[i]
            if count == 1:
                delta += cover.first[i] - cover.second[i]
            elif count == 2:
                delta += cover.second[i]
    return delta


@kernel
def anneal(steps, start, end, near, cover, plan, p, budget, tight):
    """Anneal by swaps, mostly between sites that cover the same demand.

    The temperature falls from ``start`` to ``end`` over the steps. ``tight`` says that a budget or
    conflicts may leave room for more sites or call for fewer, so that these moves are tried too.
    """
    n = plan.gain.size
    state = plan.random
    mark = np.zeros(cover.first.size, np.int64)
    paired = False
    for i in range(cover.second.size):
        paired = paired or cover.second[i] > 0.0
    cooling = (end / start) ** (256.0 / max(steps, 256))
    temperature = start
    for step in range(steps):
        if step & 255 == 0:
            temperature *= cooling
        limit = temperature * np.log(uniform(state) + 1e-300)
        opened = plan.sizes[0]
        if opened == 0 or (tight and opened < p and uniform(state) < 0.15):
            b = int(uniform(state) * n)
            if plan.is_open[b] or plan.blocked[b] > 0:
                continue
            if opened < p and plan.totals[1] + cover.cost[b] <= budget:
                append(b, cover, plan)
                keep_best(plan)
            continue
        q = int(uniform(state) * opened)
        r = plan.opens[q]
        if tight and uniform(state) < 0.02:
            if -plan.gain[r] >= limit:
                switch_off(r, cover, plan)
                plan.sizes[0] = opened - 1
                plan.opens[q] = plan.opens[opened - 1]
            continue
        if uniform(state) < near and cover.c_start[r + 1] > cover.c_start[r]:
            a = cover.c_start[r] + int(uniform(state) * (cover.c_start[r + 1] - cover.c_start[r]))
            i = cover.c_row[a]
            a = cover.r_start[i] + int(uniform(state) * (cover.r_start[i + 1] - cover.r_start[i]))
            b = int(cover.r_col[a])
        else:
            b = int(uniform(state) * n)
            for _ in range(_DRAWS):
                other = int(uniform(state) * n)
                if plan.is_open[b] or (plan.gain[other] > plan.gain[b] and not plan.is_open[other]):
                    b = other
                other = int(uniform(state) * opened)
                if plan.gain[plan.opens[other]] < plan.gain[r]:
                    q, r = other, plan.opens[other]
        if plan.is_open[b] or not swap_fits(r, b, cover, plan, budget):
            continue
        if paired:
            delta = swap_worth(r, b, cover, plan, mark, step + 1)
        else:
            delta = plan.gain[b] - plan.gain[r]
            if plan.gain[b] < limit:
                continue
            for a in range(cover.c_start[b], cover.c_start[b + 1]):
                i = cover.c_row[a]
                if plan.count[i] == 1 and plan.owner[i] == r:
                    delta += cover.first[i]
        if delta < limit:
            continue
        switch_off(r, cover, plan)
        switch_on(b, cover, plan)
        plan.opens[q] = b
        keep_best(plan)


@kernel
def transpose(start, index, columns, t_start, t_index):
    """Columns of a sparse pattern from its rows; rows in each column ascend."""
    t_start[:] = 0
    for a in range(start[start.size - 1]):
        t_start[index[a] + 1] += 1
    for j in range(columns):
        t_start[j + 1] += t_start[j]
    fill = t_start[:columns].copy()
    for i in range(start.size - 1):
        for a in range(start[i], start[i + 1]):
            j = index[a]
            t_index[fill[j]] = i
            fill[j] += 1


@kernel
def pick(start, index, chosen, out_start, out_index):
    """Copy the chosen rows of a sparse pattern."""
    at = 0
    for t in range(chosen.size):
        out_start[t] = at
        for a in range(start[chosen[t]], start[chosen[t] + 1]):
            out_index[at] = index[a]
            at += 1
    out_start[chosen.size] = at


@kernel
def row_keys(start, index, group, keys):
    """Give each row a number, so that rows of the same columns and group have the same number."""
    for i in range(start.size - 1):
        total = np.uint64(group[i]) * np.uint64(0x9E3779B97F4A7C15)
        for a in range(start[i], start[i + 1]):
            z = np.uint64(index[a]) + np.uint64(0x9E3779B97F4A7C15)
            z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
            z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
            total += z ^ (z >> np.uint64(31))
        keys[i] = total


@kernel
def same_rows(start, index, group, keys, order, into):
    """To (m,) int64 ``into``: the first row, in the order of the keys, that a row is equal to."""
    m = order.size
    at = 0
    while at < m:
        stop = at + 1
        while stop < m and keys[order[stop]] == keys[order[at]]:
            stop += 1
        for t in range(at, stop):
            i = order[t]
            into[i] = i
            for s in range(at, t):
                k = order[s]
                if into[k] != k or group[k] != group[i]:
                    continue
                size = start[i + 1] - start[i]
                same = start[k + 1] - start[k] == size
                a = 0
                while same and a < size:
                    same = index[start[i] + a] == index[start[k] + a]
                    a += 1
                if same:
                    into[i] = k
                    break
        at = stop


@kernel
def dominated(c_start, c_row, r_start, r_col, cost, work, out):
    """To (n,) bool ``out``: candidates that another covers all of, at no higher cost.

    Of equal candidates the first stays. Gives up after ``work`` comparisons.
    """
    n = c_start.size - 1
    for j in range(n):
        size = c_start[j + 1] - c_start[j]
        if size == 0:
            out[j] = True
            continue
        rare = c_row[c_start[j]]
        for a in range(c_start[j], c_start[j + 1]):
            i = c_row[a]
            if r_start[i + 1] - r_start[i] < r_start[rare + 1] - r_start[rare]:
                rare = i
        for b in range(r_start[rare], r_start[rare + 1]):
            k = r_col[b]
            other = c_start[k + 1] - c_start[k]
            if k == j or out[k] or other < size or cost[k] > cost[j]:
                continue
            if other == size and cost[k] == cost[j] and k > j:
                continue
            a, c = c_start[j], c_start[k]
            while a < c_start[j + 1] and c < c_start[k + 1]:
                work -= 1
                if c_row[a] == c_row[c]:
                    a += 1
                elif c_row[a] < c_row[c]:
                    break
                c += 1
            if a == c_start[j + 1]:
                out[j] = True
                break
        if work < 0:
            return


@kernel
def count_levels(start, share):
    """Rows and entries that :func:`split_levels` makes; shares descend in each row."""
    rows = entries = np.int64(0)
    for i in range(start.size - 1):
        for a in range(start[i], start[i + 1]):
            if a + 1 == start[i + 1] or share[a + 1] < share[a]:
                rows += 1
                entries += a + 1 - start[i]
    return rows, entries


@kernel
def split_levels(start, index, share, out_start, out_index, out_row, out_part):
    """Split each row at its distinct shares, so that the best open share is a sum of covers."""
    row = at = 0
    for i in range(start.size - 1):
        for a in range(start[i], start[i + 1]):
            below = share[a + 1] if a + 1 < start[i + 1] else 0.0
            if below < share[a]:
                out_start[row] = at
                for b in range(start[i], a + 1):
                    out_index[at] = index[b]
                    at += 1
                out_row[row] = i
                out_part[row] = share[a] - below
                row += 1
    out_start[row] = at


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
