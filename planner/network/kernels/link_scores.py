"""The compiled loops of :mod:`planner.network.links.scores`: what each link alone would bring.

Conventions are those of :mod:`planner.network.kernels.nearest_index`.
"""
# mypy: allow-untyped-defs, allow-untyped-calls

from __future__ import annotations

import numpy as np

from planner.compiled import kernel
from planner.network.kernels.graph import MAX_COST
from planner.network.kernels.heap import heap_drop, push
from planner.network.kernels.nearest_index import from_place, place_label, steps_of

__all__ = ["link_scores"]


@kernel
def weight_near(streets, links, node, base, start, member, places, limit, mark, counted):
    """Weight of places, not yet counted, within the limit over a node reached at a cost.

    ``places`` are edge, offset, access leg and weight.
    """
    edge, offset, access, weight = places
    # a link end hands on to the places of its own edge alone: all others are met at the nodes of
    # theirs, which the search reaches by itself. A place is counted once for each link, by the
    # first way that is short enough, since how far it is does not matter
    only, spot = -1, 0
    if node >= streets.indptr.size - 1:
        j = node - (streets.indptr.size - 1)
        only, spot = links.edge[j], links.offset[j]
        node = streets.ends[only, 0]
    gained = 0.0
    for m in range(start[node], start[node + 1]):
        t = member[m]
        e = edge[t]
        if counted[t] == mark or (only >= 0 and e != only):
            continue
        if only >= 0:
            along = abs(offset[t] - spot)
        else:
            along = MAX_COST
            if streets.ends[e, 0] == node:
                along = offset[t]
            if streets.ends[e, 1] == node:
                along = min(along, streets.cost[e] - offset[t])
        if base + along + access[t] <= limit:
            counted[t] = mark
            gained += weight[t]
    return gained


@kernel
def offer(heap, size, node, new, label, cost, stamp, mark, limit):
    """Queue a node where the new cost is within the limit, below its label and the best offer."""
    keys, nodes = heap
    if new > limit or new >= (label[node] >> 32) or (stamp[node] == mark and cost[node] <= new):
        return heap, size
    stamp[node], cost[node] = mark, new
    return push(keys, nodes, size, new, node), size + 1


@kernel
def link_scores(
    streets, sources, links, label, a_edge, a_offset, b_edge, b_offset, length,
    start, member, places, limit, room, out,
):  # fmt: skip
    """Weight of the places, all beyond the limit now, that each link alone brings within it.

    ``places`` are edge, offset, access leg and weight.
    """
    to, step = np.empty(room, np.int32), np.empty(room, np.int32)
    # costs and counts are stamped with the link's number, so that nothing is wiped between links
    cost, stamp = np.empty(label.size, np.int32), np.zeros(label.size, np.int32)
    counted = np.zeros(places[0].size, np.int32)
    heap = (np.empty(256, np.int64), np.empty(256, np.int32))
    leg = np.int32(0)  # an end of a link lies on its street
    for i in range(length.size):
        out[i] = 0.0
        mark = i + 1
        edge, offset = b_edge[i], b_offset[i]
        if min(edge, a_edge[i]) < 0:
            continue
        # only the end that is farther from a source today can gain, and only by the difference
        near = place_label(streets, sources, links, label, a_edge[i], a_offset[i], leg, to, step)
        far = place_label(streets, sources, links, label, edge, offset, leg, to, step)
        if near > far:
            near, far = far, near
            edge, offset = a_edge[i], a_offset[i]
        base = (near >> 32) + length[i]
        if base > limit or base >= (far >> 32):
            continue
        # places on the end's own edge are reached without passing a node
        first = streets.ends[edge, 0]
        for m in range(start[first], start[first + 1]):
            t = member[m]
            beside = base + abs(places[1][t] - offset) + places[2][t]
            if places[0][t] == edge and beside <= limit:
                counted[t] = mark
                out[i] += places[3][t]
        # Dijkstra (1959) over the nodes that the link brings nearer, no farther than the limit
        size = np.int64(0)
        for a in range(from_place(streets, links, edge, offset, to, step)):
            heap, size = offer(heap, size, to[a], base + step[a], label, cost, stamp, mark, limit)
        while size > 0:
            key, node = heap[0][0], heap[1][0]
            size -= 1
            heap_drop(heap[0], heap[1], size)
            if key != cost[node]:
                continue
            out[i] += weight_near(
                streets, links, node, key, start, member, places, limit, mark, counted
            )
            for a in range(steps_of(streets, links, node, to, step)):
                heap, size = offer(
                    heap, size, to[a], key + step[a], label, cost, stamp, mark, limit
                )
