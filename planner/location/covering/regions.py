"""Compiled iterated local search of covering plans: one neighbourhood after another rebuilt.

A few neighbouring sites are closed, as many opened again and each exchanged some times; what comes
of it is kept or taken back as in annealing. A better neighbourhood often needs several sites to
move together, which exchanges all over the plan seldom do (iterated local search; its kind with
neighbourhoods after Máximo and Nascimento 2021, A hybrid adaptive iterated local search with
diversification control, European Journal of Operational Research 294).
"""
# mypy: allow-untyped-defs, allow-untyped-calls

from __future__ import annotations

import numpy as np

from planner.compiled import kernel
from planner.location.covering.annealing import HOPELESS
from planner.location.covering.moves import append, keep_best, switch_off
from planner.location.random_numbers import below, uniform

_FEWEST, _MOST = 2, 7
"""Sites of a neighbourhood."""
_WALKS = 4
"""Walks for each site of a neighbourhood that is sought."""
_EXCHANGES = 3
"""Exchanges for each site of a neighbourhood."""


@kernel
def worth_a_draw(closed, count, temperature, cover, plan, mark, listed):
    """List the candidates that share rows with sites just closed, and the best of all others.

    ``mark`` (n,) bool is all False before and after; answers how many are listed.
    """
    # what opens and closes here changes what candidates gain nearby, and elsewhere for the worse
    # only: one look at all of them does for all draws of a neighbourhood
    local = 0
    for k in range(count):
        for a in range(cover.c_start[closed[k]], cover.c_start[closed[k] + 1]):
            i = cover.c_row[a]
            for b in range(cover.r_start[i], cover.r_start[i + 1]):
                j = cover.r_col[b]
                if not mark[j]:
                    mark[j] = True
                    listed[local] = j
                    local += 1
    top = 0.0
    for j in range(plan.gain.size):
        if plan.gain[j] > top and not mark[j] and not plan.is_open[j]:
            top = plan.gain[j]
    found = local
    for j in range(plan.gain.size):
        if plan.gain[j] > top - HOPELESS * temperature and not mark[j] and not plan.is_open[j]:
            listed[found] = j
            found += 1
    for t in range(local):
        mark[listed[t]] = False
    return found


@kernel
def draw_listed(listed, count, temperature, plan, site, chance):
    """Draw one of the closed candidates listed by a heat bath; −1 where none would add anything."""
    # chances are told beside the best, or all of them would be nothing at a low temperature
    top = 0.0
    for t in range(count):
        j = listed[t]
        if plan.gain[j] > top and not plan.is_open[j]:
            top = plan.gain[j]
    least = max(top - HOPELESS * temperature, 0.0)
    total = 0.0
    found = 0
    # the sums of the chances so far, so that one number between nothing and all draws by them
    for t in range(count):
        j = listed[t]
        if plan.gain[j] > least and not plan.is_open[j]:
            total += np.exp((plan.gain[j] - top) / temperature)
            site[found] = j
            chance[found] = total
            found += 1
    at = uniform(plan.random) * total
    for t in range(found):
        if at < chance[t]:
            return site[t]
    return -1


@kernel
def to_end(place, end, plan):
    """Move the open site at a place of the list to another place, by a swap."""
    plan.opens[place], plan.opens[end] = plan.opens[end], plan.opens[place]


@kernel
def gather(count, cover, plan):
    """Bring neighbouring open sites to the end of the list; answers how many, one at least."""
    last = plan.sizes[0] - 1
    to_end(below(plan.random, plan.sizes[0]), last, plan)
    first = plan.opens[last]
    found = 1
    # sites that hardly share demand are neighbours where a third could cover some of both: a walk
    # from a row of the first over a candidate to another row ends at whoever covers that one
    for _ in range(_WALKS * count):
        if found >= count:
            break
        k = first
        row = -1
        for _ in range(2):
            size = cover.c_start[k + 1] - cover.c_start[k]
            row = cover.c_row[cover.c_start[k] + below(plan.random, size)]
            size = cover.r_start[row + 1] - cover.r_start[row]
            k = cover.r_col[cover.r_start[row] + below(plan.random, size)]
        if plan.count[row] != 1:
            continue
        for place in range(last - found + 1):
            if plan.opens[place] == plan.owner[row]:
                to_end(place, last - found, plan)
                found += 1
                break
    return found


@kernel
def rebuild_regions(rounds, start, end, cover, plan):
    """Rebuild a neighbourhood again and again while the temperature falls.

    For plans that only the number of sites limits, with no fewer than two open.
    """
    sites, chances = np.empty(plan.gain.size, np.int32), np.empty(plan.gain.size)
    mark, listed = np.zeros(plan.gain.size, np.bool_), np.empty(plan.gain.size, np.int32)
    before = np.empty(_MOST, np.int32)
    cooling = (end / start) ** (1.0 / max(rounds, 1))
    temperature = start
    for _ in range(rounds):
        temperature *= cooling
        worth, size = plan.totals[0], plan.sizes[0]
        count = gather(min(_FEWEST + below(plan.random, _MOST - _FEWEST + 1), size), cover, plan)
        for k in range(count):
            before[k] = plan.opens[size - count + k]
        # all are closed before any opens, so that none holds the place of the others
        for k in range(count):
            switch_off(before[k], cover, plan)
        plan.sizes[0] = size - count
        choice = worth_a_draw(before, count, temperature, cover, plan, mark, listed)
        for _ in range(count):
            site = draw_listed(listed, choice, temperature, plan, sites, chances)
            if site >= 0:
                append(site, cover, plan)
        keep_best(plan)
        for _ in range(_EXCHANGES * count):
            opened = plan.sizes[0] - (size - count)
            if opened < 1:
                break
            last = plan.sizes[0] - 1
            to_end(size - count + below(plan.random, opened), last, plan)
            switch_off(plan.opens[last], cover, plan)
            plan.sizes[0] = last
            site = draw_listed(listed, choice, temperature, plan, sites, chances)
            if site >= 0:
                append(site, cover, plan)
            keep_best(plan)
        # kept where it is better, else with the chance of Metropolis et al. (1953)
        lost = worth - plan.totals[0]
        if lost > 0.0 and uniform(plan.random) >= np.exp(-lost / temperature):
            for k in range(size - count, plan.sizes[0]):
                switch_off(plan.opens[k], cover, plan)
            plan.sizes[0] = size - count
            for k in range(count):
                append(before[k], cover, plan)
