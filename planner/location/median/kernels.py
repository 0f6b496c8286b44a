"""The compiled loops of the p-median: interchange of sites and the Lagrangian bound.

Distances are held twice, by demand row and by candidate, as ``Rows`` and ``Columns`` of
:mod:`planner.location.inputs`. ``cap`` (n,) f8 is charged where no open site is nearer,
``weight`` (n,) f8 counts residents. ``choice`` (``Choice``), ``near`` (``Nearest``) and ``found``
(``Found``) are those of :mod:`planner.location.median.state`.
"""
# ruff: noqa: C901
# mypy: allow-untyped-defs, allow-untyped-calls

from __future__ import annotations

import numpy as np

from planner.compiled import kernel
from planner.location.inputs import FIXED, FORBIDDEN, FREE
from planner.location.random_numbers import below
from planner.location.subgradient import advance


@kernel
def nearest_two(i, rows, cap, near):
    """Find row i's two nearest open sites; -1 and the cap where there is none."""
    near.first[i] = near.second[i] = -1
    near.first_m[i] = near.second_m[i] = cap[i]
    for a in range(rows.start[i], rows.start[i + 1]):
        if rows.metres[a] >= cap[i]:
            return
        if near.is_open[rows.site[a]]:
            if near.first[i] < 0:
                near.first[i], near.first_m[i] = rows.site[a], rows.metres[a]
            else:
                near.second[i], near.second_m[i] = rows.site[a], rows.metres[a]
                return


@kernel
def open_site(j, columns, near):
    """Open site j for all rows that it brings nearer."""
    near.is_open[j] = True
    for a in range(columns.start[j], columns.start[j + 1]):
        i, far = columns.row[a], columns.metres[a]
        if far < near.first_m[i]:
            near.second[i], near.second_m[i] = near.first[i], near.first_m[i]
            near.first[i], near.first_m[i] = j, far
        elif far < near.second_m[i]:
            near.second[i], near.second_m[i] = j, far


@kernel
def close_site(j, rows, cap, columns, near):
    """Close site j and find its rows another."""
    near.is_open[j] = False
    for a in range(columns.start[j], columns.start[j + 1]):
        i = columns.row[a]
        if near.first[i] == j or near.second[i] == j:
            nearest_two(np.int64(i), rows, cap, near)


@kernel
def all_nearest_two(rows, cap, near):
    """Find every row's two nearest open sites."""
    for i in range(cap.size):
        nearest_two(i, rows, cap, near)


@kernel
def close_sites(count, rows, cap, columns, kind, random, near):
    """Close that many free open sites, drawn at random."""
    loose = np.flatnonzero(near.is_open & (kind == FREE))
    # the first k are those drawn already (Fisher and Yates)
    for k in range(min(count, loose.size)):
        at = k + below(random, loose.size - k)
        j = loose[at]
        loose[at] = loose[k]
        close_site(j, rows, cap, columns, near)


@kernel
def gain_of(j, columns, weight, first_m, reach):
    """Weighted metres saved by opening site j."""
    gain = 0.0
    for a in range(columns.start[j], columns.start[j + 1]):
        if columns.metres[a] >= reach:
            break
        i = columns.row[a]
        if columns.metres[a] < first_m[i]:
            gain += weight[i] * (first_m[i] - columns.metres[a])
    return gain


@kernel
def fill_up(columns, weight, choice, sample, random, near):
    """Open the most rewarding site, for its cost, until none fits or none saves anything.

    ``sample`` > 0 chooses among that many drawn candidates as long as one of them saves.
    """
    kind, cost, budget = choice.kind, choice.cost, choice.budget
    is_open, first_m = near.is_open, near.first_m
    m = kind.size
    count, spent = 0, 0.0
    for j in range(m):
        if is_open[j]:
            count += 1
            spent += cost[j]
    # a candidate's saving only falls while sites open, so that an old one is an upper limit
    limit = np.full(m, np.inf)
    while count < choice.p:
        # nobody gains from a site farther off than the farthest walk of today
        reach = first_m.max() if first_m.size else 0.0
        best, best_value = np.int64(-1), 0.0
        # a drawn few make for other plans than the greedy one, at a fraction of its cost
        tries = sample if sample > 0 else 0
        for _ in range(tries):
            j = below(random, m)
            if not is_open[j] and kind[j] != FORBIDDEN and spent + cost[j] <= budget:
                gain = gain_of(j, columns, weight, first_m, reach)
                value = gain / cost[j] if cost[j] > 0 else gain * 1e30
                if value > best_value:
                    best, best_value = j, value
        # lazy greedy (Minoux 1978): by old upper limits, until none can beat the best looked at
        if best < 0:
            for j in np.argsort(-limit, kind="mergesort"):
                if limit[j] <= best_value:
                    break
                if is_open[j] or kind[j] == FORBIDDEN or spent + cost[j] > budget:
                    continue
                gain = gain_of(j, columns, weight, first_m, reach)
                limit[j] = gain / cost[j] if cost[j] > 0 else gain * 1e30
                if limit[j] > best_value:
                    best, best_value = j, limit[j]
        if best < 0:
            return
        open_site(best, columns, near)
        count += 1
        spent += cost[best]


@kernel
def interchange(rows, cap, columns, weight, choice, least, moves, random, near):
    """Swap one open site for a closed one while that saves more than ``least``.

    Interchange is by Teitz and Bart (1968). The saving of every swap with site j coming in is found
    in one pass over j's column (Whitaker 1983; Resende and Werneck 2007). Answers how many swaps
    it made, of at most ``moves``.
    """
    kind, cost, budget = choice.kind, choice.cost, choice.budget
    is_open, first, first_m, second_m = near.is_open, near.first, near.first_m, near.second_m
    m, n = kind.size, weight.size
    loss, extra = np.zeros(m), np.zeros(m)
    standing = np.flatnonzero(is_open)
    spent = 0.0
    for j in range(m):
        if is_open[j]:
            spent += cost[j]
    done = idle = 0
    fresh = True
    reach = 0.0
    j = below(random, m)
    while standing.size > 0 and idle < m and done < moves:
        # what closing each open site would cost: its rows walk on to their second
        if fresh:
            reach = second_m.max() if n > 0 else 0.0
            loss[:] = 0.0
            for i in range(n):
                if first[i] >= 0:
                    loss[first[i]] += weight[i] * (second_m[i] - first_m[i])
            fresh = False
        j = j + 1 if j + 1 < m else 0
        idle += 1
        if is_open[j] or kind[j] == FORBIDDEN:
            continue
        # what opening j gains, and for each open site how much of its loss j would save
        gain = 0.0
        for a in range(columns.start[j], columns.start[j + 1]):
            far = columns.metres[a]
            if far >= reach:
                break
            i = columns.row[a]
            if far < second_m[i]:
                if far < first_m[i]:
                    gain += weight[i] * (first_m[i] - far)
                    far = first_m[i]
                if first[i] >= 0:
                    extra[first[i]] += weight[i] * (second_m[i] - far)
        # the best site to close for j; the first swap that saves is made at once
        out, best = -1, least
        for at in range(standing.size):
            r = standing[at]
            saved = gain - loss[r] + extra[r]
            extra[r] = 0.0
            if saved > best and kind[r] == FREE and spent + cost[j] - cost[r] <= budget:
                out, best = at, saved
        if out >= 0:
            r = standing[out]
            open_site(j, columns, near)
            close_site(r, rows, cap, columns, near)
            spent += cost[j] - cost[r]
            standing[out] = j
            fresh = True
            idle = 0
            done += 1
    return done


@kernel
def best_share(value, cost, limit, kind, picked):
    """Least sum of ``value`` (m,) <= 0 over shares of free candidates whose cost keeps the limit.

    The relaxed knapsack: best value for its cost first, the last one in part (Dantzig 1957). Fills
    ``picked`` (m,) f8 with the shares and answers the sum and the price of one unit of cost.
    """
    m = value.size
    ratio = np.zeros(m)
    total, left, price = 0.0, limit, 0.0
    # what must be open is taken whatever it is worth; ``limit`` is what is left beside it
    for j in range(m):
        picked[j] = 1.0 if kind[j] == FIXED else 0.0
        if kind[j] == FIXED:
            total += value[j]
        elif kind[j] == FREE and value[j] < 0.0:
            ratio[j] = value[j] / cost[j] if cost[j] > 0 else -np.inf
    # then the best value for its cost: a stable order, so that ties fall alike on every machine
    for j in np.argsort(ratio, kind="mergesort"):
        if ratio[j] >= 0.0:
            break
        if cost[j] <= left:
            picked[j] = 1.0
            total += value[j]
            left -= cost[j]
        else:
            # the one that fits in part sets the price: one unit of the limit more would buy of it
            price = ratio[j]
            picked[j] = left / cost[j]
            total += value[j] * picked[j]
            break
    return total, price


@kernel
def best_choice(base, worth, ones, choice, other, found):
    """Bound by the least sum of ``worth`` within number and budget; fills ``found.picked``.

    Both relaxed knapsacks bound from below, so the higher holds. What a candidate is worth less
    than the price of its place is what opening it would cost more, and the other way round: so
    ``found.worth`` learns what is proven if it is opened, or stays closed.
    """
    kind, cost, picked = choice.kind, choice.cost, found.picked
    # the number of sites is a limit of its own, in which each costs one
    value, unit = best_share(worth, ones, choice.p, kind, picked)
    by_count = True
    if choice.budget < np.inf:
        paid, unit_paid = best_share(worth, cost, choice.budget, kind, other)
        if paid > value:
            value, unit, by_count = paid, unit_paid, False
            for j in range(picked.size):
                picked[j] = other[j]
    bound = base + value
    proven = found.worth
    # reduced-cost fixing (Nemhauser and Wolsey 1988, *Integer and Combinatorial Optimization*,
    # section II.5.2): the bound if the candidate is opened, and if it stays closed
    for j in range(kind.size):
        if kind[j] == FREE:
            reduced = worth[j] - unit * (1.0 if by_count else cost[j])
            proven[0, j] = max(proven[0, j], bound + max(reduced, 0.0))
            proven[1, j] = max(proven[1, j], bound + max(-reduced, 0.0))
    return bound


@kernel
def relax(rows, cap, weight, choice, ceiling, steps, rule, ascent, found):
    """Take subgradient steps on the prices (n,) f8 that rows pay for being served.

    The relaxation of "every row is served once" by Cornuéjols, Fisher and Nemhauser (1977): a row
    that is served at a distance below its price leaves the difference to the site. ``ceiling`` is
    the value of the best plan, ``rule`` and ``ascent`` are of :mod:`planner.location.subgradient`.
    ``choice`` limits number and budget of the candidates that are not fixed.
    """
    m, n = choice.kind.size, weight.size
    worth, ones, other = np.empty(m), np.ones(m), np.empty(m)
    breach, high = np.empty(n), weight * cap
    price, picked, often = ascent.price, found.picked, found.often
    start, site, metres = rows.start, rows.site, rows.metres
    for _ in range(steps):
        # what each site earns: of every row, the price less the walk, where that is above nothing
        worth[:] = 0.0
        base = 0.0
        for i in range(n):
            base += price[i]
            for a in range(start[i], start[i + 1]):
                short = weight[i] * metres[a] - price[i]
                if short >= 0.0:
                    break  # a row ascends: all further sites are too far to earn anything
                worth[site[a]] += short
        # the sites that earn most bound every plan, whether their number binds or the money
        bound = best_choice(base, worth, ones, choice, other, found)
        for j in range(m):
            often[j] = 0.95 * often[j] + 0.05 * picked[j]
        # a row is short by what it is served less than once, and over by what it is more
        for i in range(n):
            served = 0.0
            for a in range(start[i], start[i + 1]):
                if weight[i] * metres[a] >= price[i]:
                    break
                served += picked[site[a]]
            breach[i] = 1.0 - served
        if not advance(bound, ceiling, breach, high, rule, ascent):
            return


@kernel
def narrowed(rows, cap, kind, position, kept_rows, kept_cap):
    """Keep the free candidates' entries that no fixed site undercuts.

    ``position`` (m,) i4 numbers the free candidates. Answers how many entries were kept.
    """
    # a fixed site is open in every plan of the branch, so that its distance is the most that is
    # charged and nobody goes past it; rows ascend, and what follows it is left out. On the
    # smaller table each step of the branch is cheaper
    kept = 0
    for i in range(cap.size):
        kept_rows.start[i] = kept
        kept_cap[i] = cap[i]
        for a in range(rows.start[i], rows.start[i + 1]):
            if rows.metres[a] >= cap[i]:
                break
            j = rows.site[a]
            if kind[j] == FIXED:
                kept_cap[i] = rows.metres[a]
                break
            if kind[j] == FREE:
                kept_rows.site[kept] = position[j]
                kept_rows.metres[kept] = rows.metres[a]
                kept += 1
    kept_rows.start[cap.size] = kept
    return kept
