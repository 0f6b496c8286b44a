"""The compiled loop of one-stop sites: which kinds to put into which buildings for the money."""
# mypy: allow-untyped-defs, allow-untyped-calls

from __future__ import annotations

import numpy as np

from planner.network.kernels import kernel


@kernel
def pack(start, pay, money, house, picked):
    """Most pay for the money, to the unit: a knapsack with one choice of kinds a building.

    ``start`` (buildings + 1,) lists the pairs of each building, ``pay`` (pairs,) f8 what each is
    worth, ``money`` (pairs,) i8 and ``house`` (buildings,) i8 what they cost in whole units; the
    budget is the last of ``house``. Fills ``picked`` (pairs,) f8 and answers the pay.
    """
    buildings = start.size - 1
    budget = house[buildings]
    most = np.zeros(budget + 1)
    before = np.zeros(budget + 1)
    choice = np.zeros((buildings, budget + 1), np.int32)
    for h in range(buildings):
        before[:] = most
        count = start[h + 1] - start[h]
        for subset in range(1, 1 << count):
            cost, worth = house[h], 0.0
            useful = True
            for k in range(count):
                if subset >> k & 1:
                    useful = useful and pay[start[h] + k] > 0.0
                    cost += money[start[h] + k]
                    worth += pay[start[h] + k]
            if not useful:
                continue
            for spent in range(cost, budget + 1):
                if before[spent - cost] + worth > most[spent]:
                    most[spent] = before[spent - cost] + worth
                    choice[h, spent] = subset
    spent = budget
    picked[:] = 0.0
    for h in range(buildings - 1, -1, -1):
        subset = choice[h, spent]
        if subset > 0:
            spent -= house[h]
            for k in range(start[h + 1] - start[h]):
                if subset >> k & 1:
                    picked[start[h] + k] = 1.0
                    spent -= money[start[h] + k]
    return most[budget]
