"""Compiled annealing of covering plans by heat-bath exchanges.

A step closes a site and draws what opens in its place among all candidates at once, each with
the chance that its worth gives it at the temperature. Such a draw costs little more than one
look at a random swap, because the gains of all candidates are kept up to date.
"""
# mypy: allow-untyped-defs, allow-untyped-calls

from __future__ import annotations

import numpy as np

from planner.compiled import kernel
from planner.location.covering.moves import append, keep_best, switch_off
from planner.location.random_numbers import uniform

_SLOW = 64
"""Steps at the same temperature."""
HOPELESS = 12.0
"""Candidates that many temperatures below the best are never drawn (once in 160,000 draws)."""
_SECOND = 0.3
"""Chance of closing a second site, where a budget or conflicts bind."""


@kernel
def close_any(cover, plan):
    """Close an open site drawn at random, and take it off the list."""
    last = plan.sizes[0] - 1
    q = min(int(uniform(plan.random) * (last + 1)), last)
    site = plan.opens[q]
    switch_off(site, cover, plan)
    plan.opens[q] = plan.opens[last]
    plan.sizes[0] = last


@kernel
def draw(temperature, cover, plan, budget, money, tight, site, chance):
    """Draw a closed site that would add something and is allowed; −1 for none.

    ``money`` is what a unit of cost must bring in. ``site`` (n,) int32 and ``chance`` (n,) f8
    are scratch.
    """
    gain, is_open, blocked, cost = plan.gain, plan.is_open, plan.blocked, cover.cost
    left = budget - plan.totals[1]
    # the best that may open now: chances are measured from it, so that none overflows
    top = 0.0
    for j in range(gain.size):
        if gain[j] > top and not is_open[j] and blocked[j] == 0 and cost[j] <= left:
            top = max(top, gain[j] - money * cost[j])
    least = top - HOPELESS * temperature
    nothing = np.exp(-top / temperature) if tight else 0.0
    # the running sum of the chances, each that of Boltzmann: exp(worth / temperature)
    total = 0.0
    count = 0
    for j in range(gain.size):
        if gain[j] > least and gain[j] > 0.0 and not is_open[j]:
            worth = gain[j] - money * cost[j]
            if worth > least and blocked[j] == 0 and cost[j] <= left:
                total += np.exp((worth - top) / temperature)
                site[count] = j
                chance[count] = total
                count += 1
    # one draw for all of them (heat bath; Geman and Geman 1984), instead of one for each swap
    at = uniform(plan.random) * (total + nothing)
    for t in range(count):
        if at < chance[t]:
            return site[t]
    return -1


@kernel
def anneal(steps, start, end, cover, plan, p, budget, money, tight):
    """Anneal by exchanges while the temperature falls from ``start`` to ``end``.

    ``tight`` says that a budget or conflicts bind, so that the number of sites may change.
    """
    sites, chances = np.empty(plan.gain.size, np.int32), np.empty(plan.gain.size)
    cooling = (end / start) ** (_SLOW / max(steps, _SLOW))
    temperature = start
    for step in range(steps):
        if step % _SLOW == 0:
            temperature *= cooling
        # exchange: close one site, sometimes two where a budget binds, and draw what opens instead
        if plan.sizes[0] > 0:
            close_any(cover, plan)
        if tight and plan.sizes[0] > 0 and uniform(plan.random) < _SECOND:
            close_any(cover, plan)
        while plan.sizes[0] < p:
            site = draw(temperature, cover, plan, budget, money, tight, sites, chances)
            if site < 0:
                break
            append(site, cover, plan)
        keep_best(plan)
