"""The compiled loops of the p-median: interchange of sites and the Lagrangian bound.

Distances are held twice: by demand row (``start``, ``site``, ``metres``) and by candidate
(``c_start``, ``c_row``, ``c_metres``), both ascending in distance within each row or column.
``cap`` (n,) f8 is the distance charged where no open site is nearer. ``kind`` (m,) i1 tells FREE
candidates from FIXED and FORBIDDEN ones.
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
def nearest_two(start, site, metres, cap, is_open, i, first, first_m, second, second_m):
    """Find row i's two nearest open sites; -1 and the cap where there is none."""
    first[i] = second[i] = -1
    first_m[i] = second_m[i] = cap[i]
    for a in range(start[i], start[i + 1]):
        if metres[a] >= cap[i]:
            return
        if is_open[site[a]]:
            if first[i] < 0:
                first[i], first_m[i] = site[a], metres[a]
            else:
                second[i], second_m[i] = site[a], metres[a]
                return


@kernel
def open_site(j, c_start, c_row, c_metres, is_open, first, first_m, second, second_m):
    """Open site j for all rows that it brings nearer."""
    is_open[j] = True
    for a in range(c_start[j], c_start[j + 1]):
        i, far = c_row[a], c_metres[a]
        if far < first_m[i]:
            second[i], second_m[i] = first[i], first_m[i]
            first[i], first_m[i] = j, far
        elif far < second_m[i]:
            second[i], second_m[i] = j, far


@kernel
def close_site(
    j, start, site, metres, cap, c_start, c_row, is_open, first, first_m, second, second_m
):
    """Close site j and find its rows another."""
    is_open[j] = False
    for a in range(c_start[j], c_start[j + 1]):
        i = c_row[a]
        if first[i] == j or second[i] == j:
            nearest_two(start, site, metres, cap, is_open, i, first, first_m, second, second_m)


@kernel
def all_nearest_two(start, site, metres, cap, is_open, first, first_m, second, second_m):
    """Find every row's two nearest open sites."""
    for i in range(cap.size):
        nearest_two(start, site, metres, cap, is_open, i, first, first_m, second, second_m)


@kernel
def close_sites(
    count,
    start,
    site,
    metres,
    cap,
    c_start,
    c_row,
    kind,
    random,
    is_open,
    first,
    first_m,
    second,
    second_m,
):
    """Close that many free open sites, drawn at random."""
    loose = np.flatnonzero(is_open & (kind == FREE))
    # the first k are those drawn already (Fisher and Yates)
    for k in range(min(count, loose.size)):
        at = k + below(random, loose.size - k)
        j = loose[at]
        loose[at] = loose[k]
        close_site(
            j, start, site, metres, cap, c_start, c_row, is_open, first, first_m, second, second_m
        )


@kernel
def gain_of(j, c_start, c_row, c_metres, weight, first_m, reach):
    """Weighted metres saved by opening site j."""
    gain = 0.0
    for a in range(c_start[j], c_start[j + 1]):
        if c_metres[a] >= reach:
            break
        i = c_row[a]
        if c_metres[a] < first_m[i]:
            gain += weight[i] * (first_m[i] - c_metres[a])
    return gain


@kernel
def fill_up(
    c_start,
    c_row,
    c_metres,
    weight,
    kind,
    cost,
    p,
    budget,
    sample,
    random,
    is_open,
    first,
    first_m,
    second,
    second_m,
):
    """Open the most rewarding site, for its cost, until none fits or none saves anything.

    ``sample`` > 0 chooses among that many drawn candidates as long as one of them saves.
    """
    m = kind.size
    count, spent = 0, 0.0
    for j in range(m):
        if is_open[j]:
            count += 1
            spent += cost[j]
    # a candidate's saving only falls while sites open, so that an old one is an upper limit
    limit = np.full(m, np.inf)
    while count < p:
        # nobody gains from a site farther off than the farthest walk of today
        reach = first_m.max() if first_m.size else 0.0
        best, best_value = -1, 0.0
        # a drawn few make for other plans than the greedy one, at a fraction of its cost
        tries = sample if sample > 0 else 0
        for _ in range(tries):
            j = below(random, m)
            if not is_open[j] and kind[j] != FORBIDDEN and spent + cost[j] <= budget:
                gain = gain_of(j, c_start, c_row, c_metres, weight, first_m, reach)
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
                gain = gain_of(j, c_start, c_row, c_metres, weight, first_m, reach)
                limit[j] = gain / cost[j] if cost[j] > 0 else gain * 1e30
                if limit[j] > best_value:
                    best, best_value = j, limit[j]
        if best < 0:
            return
        open_site(best, c_start, c_row, c_metres, is_open, first, first_m, second, second_m)
        count += 1
        spent += cost[best]


@kernel
def interchange(
    start,
    site,
    metres,
    cap,
    c_start,
    c_row,
    c_metres,
    weight,
    kind,
    cost,
    budget,
    least,
    moves,
    random,
    is_open,
    first,
    first_m,
    second,
    second_m,
):
    """Swap one open site for a closed one while that saves more than ``least``.

    Interchange is by Teitz and Bart (1968). The saving of every swap with site j coming in is found
    in one pass over j's column (Whitaker 1983; Resende and Werneck 2007). Answers how many swaps
    it made, of at most ``moves``.
    """
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
        for a in range(c_start[j], c_start[j + 1]):
            far = c_metres[a]
            if far >= reach:
                break
            i = c_row[a]
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
            open_site(j, c_start, c_row, c_metres, is_open, first, first_m, second, second_m)
            close_site(
                r,
                start,
                site,
                metres,
                cap,
                c_start,
                c_row,
                is_open,
                first,
                first_m,
                second,
                second_m,
            )
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
    for j in range(m):
        picked[j] = 1.0 if kind[j] == FIXED else 0.0
        if kind[j] == FIXED:
            total += value[j]
        elif kind[j] == FREE and value[j] < 0.0:
            ratio[j] = value[j] / cost[j] if cost[j] > 0 else -np.inf
    for j in np.argsort(ratio, kind="mergesort"):
        if ratio[j] >= 0.0:
            break
        if cost[j] <= left:
            picked[j] = 1.0
            total += value[j]
            left -= cost[j]
        else:
            price = ratio[j]
            picked[j] = left / cost[j]
            total += value[j] * picked[j]
            break
    return total, price


@kernel
def best_choice(base, worth, ones, cost, p, budget, kind, picked, other, out_worth):
    """Bound by the least sum of ``worth`` within number and budget; ``picked`` are the shares.

    Both relaxed knapsacks bound from below, so the higher holds. What a candidate is worth less
    than the price of its place is what opening it would cost more, and the other way round: so
    ``out_worth`` learns what is proven if it is opened, or stays closed.
    """
    value, unit = best_share(worth, ones, p, kind, picked)
    by_count = True
    if budget < np.inf:
        paid, unit_paid = best_share(worth, cost, budget, kind, other)
        if paid > value:
            value, unit, by_count = paid, unit_paid, False
            picked[:] = other
    bound = base + value
    for j in range(kind.size):
        if kind[j] == FREE:
            reduced = worth[j] - unit * (1.0 if by_count else cost[j])
            out_worth[0, j] = max(out_worth[0, j], bound + max(reduced, 0.0))
            out_worth[1, j] = max(out_worth[1, j], bound + max(-reduced, 0.0))
    return bound


@kernel
def relax(
    start,
    site,
    metres,
    cap,
    weight,
    kind,
    cost,
    p,
    budget,
    ceiling,
    steps,
    rule,
    ascent,
    out_worth,
    picked,
    often,
):
    """Take subgradient steps on the prices (n,) f8 that rows pay for being served.

    The relaxation of "every row is served once" by Cornuéjols, Fisher and Nemhauser (1977): a row
    that is served at a distance below its price leaves the difference to the site. ``ceiling`` is
    the value of the best plan, ``rule`` and ``ascent`` are of :mod:`planner.location.subgradient`.
    ``out_worth`` (2, m) f8 collects, for each candidate, the highest bound known if it is opened
    (row 0) and if it stays closed (row 1). ``picked`` (m,) f8 are the shares chosen last, ``often``
    (m,) f8 their running mean. ``p`` and ``budget`` count only candidates that are not fixed.
    """
    m, n = kind.size, weight.size
    worth, ones, other = np.empty(m), np.ones(m), np.empty(m)
    breach, high = np.empty(n), weight * cap
    price = ascent.price
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
        bound = best_choice(base, worth, ones, cost, p, budget, kind, picked, other, out_worth)
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
def narrowed(start, site, metres, cap, kind, position, n_start, n_site, n_metres, n_cap):
    """Keep the free candidates' entries that no fixed site undercuts.

    ``position`` (m,) i4 numbers the free candidates. Answers how many entries were kept.
    """
    kept = 0
    for i in range(cap.size):
        n_start[i] = kept
        n_cap[i] = cap[i]
        for a in range(start[i], start[i + 1]):
            if metres[a] >= cap[i]:
                break
            j = site[a]
            if kind[j] == FIXED:
                n_cap[i] = metres[a]
                break
            if kind[j] == FREE:
                n_site[kept] = position[j]
                n_metres[kept] = metres[a]
                kept += 1
    n_start[cap.size] = kept
    return kept
