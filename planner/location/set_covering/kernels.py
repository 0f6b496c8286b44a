"""The compiled loops of set covering: domination, greedy choice and the Lagrangian bound.

A cover is held by row (``start``, ``site``) and by candidate (``c_start``, ``c_row``), ascending
within each. ``count`` (n,) i4 tells how many open sites cover each row.
"""
# ruff: noqa: C901
# mypy: allow-untyped-defs, allow-untyped-calls

from __future__ import annotations

import numpy as np

from planner.compiled import kernel
from planner.location.random_numbers import below
from planner.location.subgradient import advance


@kernel
def contained(start, member, t_start, t_member, cost, drop_larger, dropped):
    """Mark sets that lie within another, or, if ``drop_larger``, those that hold another.

    The smaller set goes only where its ``cost`` is not lower; of equal ones the later goes. The
    transposed lists (``t_start``, ``t_member``) name the sets that hold each member.
    """
    for a in range(start.size - 1):
        size = start[a + 1] - start[a]
        if dropped[a]:
            continue
        if size == 0:
            dropped[a] = not drop_larger
            continue
        # whatever holds the set holds its rarest member: look only among those
        rare, fewest = -1, 2**62
        for at in range(start[a], start[a + 1]):
            holders = t_start[member[at] + 1] - t_start[member[at]]
            if holders < fewest:
                rare, fewest = member[at], holders
        for at in range(t_start[rare], t_start[rare + 1]):
            b = t_member[at]
            b_size = start[b + 1] - start[b]
            if b == a or dropped[b] or b_size < size or (not drop_larger and cost[b] > cost[a]):
                continue
            if b_size == size and (b < a if drop_larger else (b > a and cost[a] == cost[b])):
                continue
            # both ascend: one walk along both tells whether a lies in b
            x, y, y_end = start[a], start[b], start[b + 1]
            while x < start[a + 1] and y < y_end:
                if member[y] < member[x]:
                    y += 1
                elif member[y] == member[x]:
                    x += 1
                    y += 1
                else:
                    break
            if x == start[a + 1]:
                if drop_larger:
                    dropped[b] = True
                else:
                    dropped[a] = True
                    break


@kernel
def cover_up(start, site, c_start, c_row, weight, need, cost, noise, random, is_open, count):
    """Open the cheapest site for the weight it newly covers until ``need`` is covered."""
    m = cost.size
    gain = np.zeros(m)
    left = need
    for i in range(weight.size):
        if count[i] > 0:
            left -= weight[i]
    for j in range(m):
        for a in range(c_start[j], c_start[j + 1]):
            if count[c_row[a]] == 0:
                gain[j] += weight[c_row[a]]
    # the greedy of Chvátal (1979): the least cost for the weight that is newly covered
    slack = 1e-9 * need
    while left > slack:
        best, best_value = -1, np.inf
        for j in range(m):
            if is_open[j] or gain[j] <= 0.0:
                continue
            # what a site covers beyond what is needed is worth nothing
            value = cost[j] / min(gain[j], left)
            # after sites were closed the plain greedy would often open the same again; a price that
            # is up to ``noise`` too high lets another of about the same worth come first
            if noise > 0.0:
                value *= 1.0 + noise * below(random, np.int64(1024)) / 1024.0
            if value < best_value or (value == best_value and gain[j] > gain[best]):
                best, best_value = j, value
        if best < 0:
            return
        is_open[best] = True
        for a in range(c_start[best], c_start[best + 1]):
            i = c_row[a]
            count[i] += 1
            if count[i] == 1:
                left -= weight[i]
                for b in range(start[i], start[i + 1]):
                    gain[site[b]] -= weight[i]
        gain[best] = 0.0


@kernel
def prune(c_start, c_row, weight, need, cost, is_open, count):
    """Close sites that are not needed, the dearest first."""
    # a site opened early may be covered by later ones altogether. The dearest are looked at first,
    # since each one closed may make others needed: so what is closed tends to save most
    covered = 0.0
    for i in range(weight.size):
        if count[i] > 0:
            covered += weight[i]
    for j in np.argsort(-cost, kind="mergesort"):
        if not is_open[j]:
            continue
        alone = 0.0
        for a in range(c_start[j], c_start[j + 1]):
            if count[c_row[a]] == 1:
                alone += weight[c_row[a]]
        # nothing depends on it alone, or the share is met without what does
        if alone == 0.0 or covered - alone >= need:
            is_open[j] = False
            covered -= alone
            for a in range(c_start[j], c_start[j + 1]):
                count[c_row[a]] -= 1


@kernel
def tally(c_start, c_row, is_open, count):
    """Count the open sites that cover each row."""
    count[:] = 0
    for j in range(is_open.size):
        if is_open[j]:
            for a in range(c_start[j], c_start[j + 1]):
                count[c_row[a]] += 1


@kernel
def first_prices(start, site, c_start, cost, price):
    """Let each row pay the least share of a site's cost among the sites that cover it.

    The start of Caprara, Fischetti and Toth (1999), A heuristic method for the set covering
    problem, Operations Research 47.
    """
    # the rows of a site then pay no more than its cost together, so that no reduced cost is below 0
    # and the prices add up to a bound
    for i in range(price.size):
        price[i] = np.inf if start[i] < start[i + 1] else 0.0
        for a in range(start[i], start[i + 1]):
            j = site[a]
            price[i] = min(price[i], cost[j] / (c_start[j + 1] - c_start[j]))


@kernel
def relax(c_start, c_row, weight, need, cost, ceiling, steps, rule, ascent, out_worth, picked):
    """Take subgradient steps on the prices (n,) f8 that rows pay for being covered (Beasley 1990).

    Rows are covered in part until ``need`` is reached, the cheapest for their weight first. The
    other arguments are those of :func:`planner.location.median.kernels.relax`.
    """
    m, n = cost.size, weight.size
    total = weight.sum()
    wanted, breach, unlimited = np.ones(n), np.empty(n), np.full(n, np.inf)
    reduced = np.empty(m)
    price = ascent.price
    for _ in range(steps):
        bound = 0.0
        # of a share of the weight, the rows that are cheapest to cover: a relaxed knapsack
        if need < total:
            wanted[:] = 0.0
            left = need
            for i in np.argsort(price / weight, kind="mergesort"):
                wanted[i] = min(1.0, left / weight[i])
                left -= wanted[i] * weight[i]
                if left <= 0.0:
                    break
        for i in range(n):
            bound += price[i] * wanted[i]
            breach[i] = wanted[i]
        # a site opens where the prices of its rows pay for it
        for j in range(m):
            reduced[j] = cost[j]
            for a in range(c_start[j], c_start[j + 1]):
                reduced[j] -= price[c_row[a]]
            picked[j] = reduced[j] < 0.0
            if reduced[j] < 0.0:
                bound += reduced[j]
                for a in range(c_start[j], c_start[j + 1]):
                    breach[c_row[a]] -= 1.0
        # the bound if a site is forced open or shut: its reduced cost comes on top
        for j in range(m):
            out_worth[0, j] = max(out_worth[0, j], bound + max(reduced[j], 0.0))
            out_worth[1, j] = max(out_worth[1, j], bound + max(-reduced[j], 0.0))
        if not advance(bound, ceiling, breach, unlimited, rule, ascent):
            return
