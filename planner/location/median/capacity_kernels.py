"""The compiled loops of the p-median with capacities."""
# ruff: noqa: C901
# mypy: allow-untyped-defs, allow-untyped-calls

from __future__ import annotations

import numpy as np

from planner.compiled import kernel
from planner.location.median.kernels import best_share


@kernel
def arcs_to(start, site, metres, position, o_start, o_place, o_metres, o_row):
    """List the arcs to open sites, numbered by ``position`` (m,) i4; answers how many there are."""
    kept = 0
    for i in range(start.size - 1):
        o_start[i] = kept
        for a in range(start[i], start[i + 1]):
            if position[site[a]] >= 0:
                o_place[kept], o_metres[kept], o_row[kept] = position[site[a]], metres[a], i
                kept += 1
    o_start[start.size - 1] = kept
    return kept


@kernel
def relax_with_room(
    c_start,
    c_row,
    c_metres,
    cap,
    weight,
    room,
    kind,
    cost,
    p,
    budget,
    ceiling,
    steps,
    pace,
    price,
    trend,
    best_price,
    best,
    out_worth,
    picked,
):
    """Subgradient steps on the prices (n,) f8 that each resident pays for being served.

    An open site serves, up to its ``room`` (m,) f8, those who pay it most beyond their walk. The
    other arguments are those of :func:`planner.location.median.kernels.relax`.
    """
    m, n = kind.size, weight.size
    worth, ones, other = np.empty(m), np.ones(m), np.empty(m)
    slope = np.empty(n)
    longest = 0
    for j in range(m):
        longest = max(longest, c_start[j + 1] - c_start[j])
    net, who = np.empty(longest), np.empty(longest, np.int64)
    served = np.zeros(c_row.size)
    for _ in range(steps):
        base = 0.0
        for i in range(n):
            base += weight[i] * price[i]
        served[:] = 0.0
        for j in range(m):
            worth[j] = 0.0
            count = 0
            for a in range(c_start[j], c_start[j + 1]):
                if c_metres[a] < price[c_row[a]]:
                    net[count], who[count] = c_metres[a] - price[c_row[a]], a
                    count += 1
            left = room[j]
            for at in np.argsort(net[:count], kind="mergesort"):
                if left <= 0.0:
                    break
                a = who[at]
                served[a] = min(left, weight[c_row[a]])
                left -= served[a]
                worth[j] += net[at] * served[a]
        value, unit = best_share(worth, ones, p, kind, picked)
        by_count = True
        if budget < np.inf:
            paid, unit_paid = best_share(worth, cost, budget, kind, other)
            if paid > value:
                value, unit, by_count = paid, unit_paid, False
                picked[:] = other
        bound = base + value
        for j in range(m):
            if kind[j] == 0:
                reduced = worth[j] - unit * (1.0 if by_count else cost[j])
                out_worth[0, j] = max(out_worth[0, j], bound + max(reduced, 0.0))
                out_worth[1, j] = max(out_worth[1, j], bound + max(-reduced, 0.0))
        if bound > best[0]:
            if bound > best[0] + 1e-5 * abs(ceiling - best[0]):
                pace[1] = 0.0
            best[0] = bound
            best_price[:] = price
        pace[1] += 1.0
        if pace[1] > 25.0:
            pace[0] *= 0.6
            pace[1] = 0.0
            price[:] = best_price
            trend[:] = 0.0
            continue
        slope[:] = weight
        for j in range(m):
            if picked[j] > 0.0:
                for a in range(c_start[j], c_start[j + 1]):
                    slope[c_row[a]] -= picked[j] * served[a]
        norm = 0.0
        for i in range(n):
            if price[i] >= cap[i] and slope[i] > 0.0:
                slope[i] = 0.0
            trend[i] = 0.7 * trend[i] + slope[i]
            norm += trend[i] * trend[i]
        if norm <= 1e-20 or best[0] >= ceiling:
            return
        step = pace[0] * (ceiling - bound) / norm
        for i in range(n):
            price[i] = min(max(price[i] + step * trend[i], 0.0), cap[i])
