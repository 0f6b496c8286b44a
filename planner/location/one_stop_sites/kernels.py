"""The compiled loop of one-stop sites: which filling of which building for the money."""
# mypy: allow-untyped-defs, allow-untyped-calls

from __future__ import annotations

import numpy as np

from planner.compiled import kernel


@kernel
def pack(start, worth, cost, budget, picked):
    """Most pay for the money, to the unit: a knapsack with one filling a building.

    ``start`` (buildings + 1,) lists the fillings of each building, ``worth`` (fillings,) f8 what
    each is paid, ``cost`` (fillings,) i8 what it costs, and ``budget`` what there is, in whole
    units. Marks ``picked`` (fillings,) bool and answers the pay.
    """
    buildings = start.size - 1
    most = np.zeros(budget + 1)
    before = np.zeros(budget + 1)
    choice = np.full((buildings, budget + 1), -1, np.int32)
    # building by building, the multiple-choice knapsack by dynamic programming (Kellerer, Pferschy
    # and Pisinger 2004): the most pay for each amount spent so far. Each filling is added to what
    # was best before the building, so that it holds one of them or none
    for h in range(buildings):
        for spent in range(budget + 1):
            before[spent] = most[spent]
        for f in range(start[h], start[h + 1]):
            if worth[f] <= 0.0:
                continue
            for spent in range(cost[f], budget + 1):
                if before[spent - cost[f]] + worth[f] > most[spent]:
                    most[spent] = before[spent - cost[f]] + worth[f]
                    choice[h, spent] = f
    # back from the whole budget: which filling made the best of each building
    spent = budget
    picked[:] = False
    for h in range(buildings - 1, -1, -1):
        f = choice[h, spent]
        if f >= 0:
            picked[f] = True
            spent -= cost[f]
    return most[budget]
