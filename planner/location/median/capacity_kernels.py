"""The compiled loops of the p-median with capacities.

The relaxation is one of those that Cornuéjols, Sridharan and Thizy (1991) compare for capacitated
plant location: that everybody is served gets a price, and each site is a knapsack of its own.
"""
# ruff: noqa: C901
# mypy: allow-untyped-defs, allow-untyped-calls

from __future__ import annotations

import numpy as np

from planner.compiled import kernel
from planner.location.median.kernels import best_choice
from planner.location.subgradient import advance


@kernel
def arcs_to(rows, position, o_start, o_place, o_metres, o_row):
    """List the arcs to open sites, numbered by ``position`` (m,) i4; answers how many there are."""
    start, site, metres = rows.start, rows.site, rows.metres
    kept = 0
    # row by row, and near sites first in each, as they stand in the table: whoever shares the
    # residents out among the open sites alone reads a small table in the same order
    for i in range(start.size - 1):
        o_start[i] = kept
        for a in range(start[i], start[i + 1]):
            if position[site[a]] >= 0:
                o_place[kept], o_metres[kept], o_row[kept] = position[site[a]], metres[a], i
                kept += 1
    o_start[start.size - 1] = kept
    return kept


@kernel
def relax_with_room(columns, cap, weight, room, choice, ceiling, steps, rule, ascent, found):
    """Take subgradient steps on the prices (n,) f8 that each resident pays for being served.

    An open site serves, up to its ``room`` (m,) f8, those who pay it most beyond their walk. The
    other arguments are those of :func:`planner.location.median.kernels.relax`.
    """
    c_start, c_row, c_metres = columns.start, columns.row, columns.metres
    m, n = choice.kind.size, weight.size
    worth, ones, other = np.empty(m), np.ones(m), np.empty(m)
    breach = np.empty(n)
    longest = 0
    for j in range(m):
        longest = max(longest, c_start[j + 1] - c_start[j])
    net, who = np.empty(longest), np.empty(longest, np.int64)
    served = np.zeros(c_row.size)
    price, picked = ascent.price, found.picked
    for _ in range(steps):
        base = 0.0
        for i in range(n):
            base += weight[i] * price[i]
        # each site fills its room with those who pay most beyond their walk: a knapsack in which
        # residents can be split, so that the greedy filling is the best
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
        bound = best_choice(base, worth, ones, choice, other, found)
        # residents whom the chosen sites leave unserved raise their price, served twice lower it
        for i in range(breach.size):
            breach[i] = weight[i]
        for j in range(m):
            if picked[j] > 0.0:
                for a in range(c_start[j], c_start[j + 1]):
                    breach[c_row[a]] -= picked[j] * served[a]
        if not advance(bound, ceiling, breach, cap, rule, ascent):
            return
