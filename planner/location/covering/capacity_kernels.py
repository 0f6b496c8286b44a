"""The compiled loops of serving demand within capacities: greatest flows, grown site by site."""
# ruff: noqa: C901
# mypy: allow-untyped-defs, allow-untyped-calls

from __future__ import annotations

import numpy as np

from planner.compiled import kernel

LEAST = 1e-12
"""Flows below this share of a demand or capacity count as none."""


@kernel
def places(c_start, c_row, r_start, r_col):
    """Where the entries of the rows stand among those of the columns: (entries,) int64."""
    place = np.empty(r_col.size, np.int64)
    fill = r_start[:-1].copy()
    for j in range(c_start.size - 1):
        for a in range(c_start[j], c_start[j + 1]):
            i = c_row[a]
            place[fill[i]] = a
            fill[i] += 1
    return place


@kernel
def open_site(site, c_start, c_row, r_start, r_col, place, capacity, unserved, load, flow, is_open):
    """Open a site and augment along shortest paths until nothing more can be served; the gain.

    A path leads from the site's spare capacity to demand that it takes over from another site,
    on to demand that this one takes over in turn, and ends where somebody is unserved. Since the
    flow was greatest before, all that can be added starts at the new site.
    """
    n, m = c_start.size - 1, unserved.size
    is_open[site] = True
    gain = 0.0
    via = np.empty(m, np.int64)
    entered = np.empty(n, np.int64)
    queue = np.empty(n, np.int64)
    reached = np.empty(n, np.bool_)
    seen = np.empty(m, np.bool_)
    little = LEAST * max(capacity[site], 1.0)
    while capacity[site] - load[site] > little:
        # breadth first, so that each path is a shortest one (Edmonds and Karp 1972) and the number
        # of paths does not depend on how large the amounts are
        reached[:] = False
        seen[:] = False
        reached[site] = True
        queue[0] = site
        head, tail = 0, 1
        last = -1
        while head < tail and last < 0:
            j = queue[head]
            head += 1
            for a in range(c_start[j], c_start[j + 1]):
                i = c_row[a]
                if seen[i]:
                    continue
                seen[i] = True
                via[i] = a
                if unserved[i] > little:
                    last = i
                    break
                # whoever serves this demand could give it up and serve somebody else instead
                for b in range(r_start[i], r_start[i + 1]):
                    k = r_col[b]
                    if is_open[k] and not reached[k] and flow[place[b]] > little:
                        reached[k] = True
                        entered[k] = place[b]
                        queue[tail] = k
                        tail += 1
        if last < 0:
            break
        # the least that any part of the path can carry goes along all of it
        amount = min(unserved[last], capacity[site] - load[site])
        i = last
        while True:
            j = np.searchsorted(c_start, via[i], side="right") - 1
            if j == site:
                break
            amount = min(amount, flow[entered[j]])
            i = c_row[entered[j]]
        # what a site takes over it adds and the other gives up, so that every site in between
        # serves as much as before, and only the new one more
        unserved[last] -= amount
        i = last
        while True:
            j = np.searchsorted(c_start, via[i], side="right") - 1
            flow[via[i]] += amount
            if j == site:
                break
            flow[entered[j]] -= amount
            i = c_row[entered[j]]
        load[site] += amount
        gain += amount
    return gain
