"""The compiled loops of :mod:`planner.network.hierarchy`.

Eliminating a node keeps all distances among the rest (Carré 1971); contraction hierarchies
(Geisberger, Sanders, Schultes and Delling 2008) do so with streets, and leave out the shortcuts
for which a *witness*, another way that is no longer, is found. Here witnesses are ways of two arcs
(Dibbelt, Strasser and Wagner 2016), which lie in the adjacency of the node's neighbours already.

An *arc* is one int64 that holds a cost in its upper and a node in its lower 32 bits.
"""
# ruff: noqa: C901
# mypy: allow-untyped-defs, allow-untyped-calls

from __future__ import annotations

import numpy as np

from planner.compiled import kernel
from planner.network.kernels.graph import MAX_COST

NODE = np.int64(0xFFFFFFFF)
UNREACHED = np.uint64(2**63 - 1)


@kernel
def eliminate(indptr, neighbour, weight, most, position, up_start, core_start):
    """Remove nodes of low degree one by one, linking their neighbours by the way through them.

    Nodes go in rounds of mutually unlinked ones along the Hilbert curve, fewest links first, until
    the rest has more than ``most`` links each. An arc that is longer than a way over another
    neighbour is on no shortest way and goes with its node unused. Writes each node's place in that
    order (the rest, the core, comes last), and where its arcs start: arcs of an eliminated node
    lead to nodes after it (up_start (N + 1,) i4), arcs of the core run within it (core_start
    (N + 1,) i4). Answers the number eliminated, their arcs, the core arcs' heads and costs.
    """
    n = indptr.size - 1
    size = np.empty(n, np.int32)
    room = np.empty(n, np.int32)
    begin = np.empty(n, np.int64)
    pool = np.empty(3 * (neighbour.size + n) + 64, np.int64)  # seldom more, and lazily paged
    used = np.int64(0)
    # each node's arcs in a pool, with room for one more; who outgrows the room moves to its end
    for i in range(n):
        begin[i] = used
        size[i] = indptr[i + 1] - indptr[i]
        room[i] = size[i] + 1
        for a in range(size[i]):
            pool[used + a] = (np.int64(weight[indptr[i] + a]) << 32) | neighbour[indptr[i] + a]
        used += room[i]
    left = np.arange(n).astype(np.int32)
    touched = np.zeros(n, np.int32)
    where = np.full(n, -1, np.int32)
    order = np.empty(n, np.int32)
    arc = np.empty(4 * n + 64, np.int64)
    linked = np.zeros((most, most), np.int32)
    detour = np.empty(most, np.bool_)
    arcs = done = 0
    most_now, turn = 1, 0
    # rounds: whoever has few links goes, but no two neighbours in one round, so that the order
    # stays shallow; when hardly anybody goes any more, nodes of one link more may go too
    while left.size > 0 and most_now <= most:
        turn += 1
        kept = 0
        for i in range(left.size):
            x = left[i]
            degree = size[x]
            if degree > most_now or touched[x] == turn:
                left[kept] = x
                kept += 1
                continue
            # the node's arcs as they are now become its arcs to later nodes
            if arcs + degree > arc.size:
                arc = np.append(arc, np.empty(arc.size // 2, np.int64))
            up_start[done] = arcs
            order[done] = x
            done += 1
            for j in range(degree):
                arc[arcs + j] = pool[begin[x] + j]
                where[arc[arcs + j] & NODE] = j
                detour[j] = False
            # look through each neighbour's arcs once: drop the one back to the node, mark which
            # neighbours are linked, find witnesses, and shorten links that the node undercuts
            for j in range(degree):
                y, first = arc[arcs + j] & NODE, arc[arcs + j] >> 32
                touched[y] = turn
                at, last = begin[y], begin[y] + size[y] - 1
                while at <= last:
                    z = pool[at] & NODE
                    k = where[z]
                    if z == x:
                        pool[at] = pool[last]
                        last -= 1
                        continue
                    if k >= 0:
                        linked[j, k] = done
                        across, second = pool[at] >> 32, arc[arcs + k] >> 32
                        if first + across < second:
                            detour[k] = True
                        if first + second < across:
                            pool[at] = ((first + second) << 32) | z
                    at += 1
                size[y] -= 1
            for j in range(degree):
                where[arc[arcs + j] & NODE] = -1
            # link every two neighbours that are not linked by the way through the node, unless a
            # witness shows that no shortest way passes there
            for j in range(degree):
                if detour[j]:
                    continue
                y = arc[arcs + j] & NODE
                for k in range(degree):
                    total = (arc[arcs + j] >> 32) + (arc[arcs + k] >> 32)
                    if j == k or detour[k] or linked[j, k] == done or total > MAX_COST:
                        continue
                    if size[y] == room[y]:
                        # twice the room at each move, so that a node which ever grows is copied a
                        # few times only; its old room is left unused
                        room[y] = 2 * size[y] + 2
                        if used + room[y] > pool.size:
                            pool = np.append(pool, np.empty(pool.size // 4 + room[y], np.int64))
                        for a in range(size[y]):
                            pool[used + a] = pool[begin[y] + a]
                        begin[y] = used
                        used += room[y]
                    pool[begin[y] + size[y]] = (total << 32) | (arc[arcs + k] & NODE)
                    size[y] += 1
            # an arc that is longer than the way over another neighbour is on no shortest way
            stay = arcs
            for j in range(degree):
                if not detour[j]:
                    arc[stay] = arc[arcs + j]
                    stay += 1
            arcs = stay
        # a round that removes less than three in a hundred walks past nearly all nodes for little.
        # Raised earlier, the limit would let busy nodes go, and link many neighbours, while simple
        # ones still can; raised later, many rounds would be walked in vain
        if kept > 0.97 * left.size:
            most_now += 1
        left = left[:kept]
    # numbered by the order of their removal, the nodes of a sweep lie one after another in memory;
    # the core is a graph of its own, numbered from 0
    up_start[done:] = arcs
    for i in range(left.size):
        order[done + i] = left[i]
    for i in range(n):
        position[order[i]] = i
    for a in range(arcs):
        arc[a] = (arc[a] & ~NODE) | position[arc[a] & NODE]
    core = 0
    for i in range(left.size):
        core_start[i] = core
        core += size[left[i]]
    core_start[left.size :] = core
    core_node = np.empty(core, np.int32)
    core_cost = np.empty(core, np.int32)
    for i in range(left.size):
        for a in range(size[left[i]]):
            link = pool[begin[left[i]] + a]
            core_node[core_start[i] + a] = position[link & NODE] - done
            core_cost[core_start[i] + a] = link >> 32
    return done, arc[:arcs].copy(), core_node, core_cost


@kernel
def sweep_up(done, start, arc, label):
    """Hand labels (n,) u8 from eliminated nodes over arcs (u8) to the nodes above them.

    No label is above UNREACHED, so that no sum overflows; what is beyond a limit is cut later.
    """
    # a node's arcs lead to later ones only, so that one pass in the order of removal is enough
    for i in range(done):
        key = label[i]
        if key != UNREACHED:
            for a in range(start[i], start[i + 1]):
                head = arc[a] & np.uint64(0xFFFFFFFF)
                new = key + (arc[a] & np.uint64(0xFFFFFFFF00000000))
                label[head] = min(label[head], new)


@kernel
def sweep_down(done, start, arc, label):
    """Hand labels (n,) u8 from the nodes above to eliminated nodes; no branch within."""
    # and one pass in the opposite order, when all nodes above have their final labels
    for i in range(done - 1, -1, -1):
        best = label[i]
        for a in range(start[i], start[i + 1]):
            key = label[arc[a] & np.uint64(0xFFFFFFFF)]
            best = min(best, key + (arc[a] & np.uint64(0xFFFFFFFF00000000)))
        label[i] = best
