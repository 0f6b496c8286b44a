"""The compiled loops: integers in, integers out; nothing here checks its input.

No kernel touches global state, so that threads may run them side by side. Arrays are C-contiguous
with the dtypes that the docstrings name: one signature each, which keeps compiling short. Costs
are integer millimetres or milliseconds.

A *label* is one int64 that holds a cost in its upper and a source index in its lower 32 bits, so
that comparing labels compares costs first and gives equal costs to the lowest source.
"""
# ruff: noqa: C901
# mypy: allow-untyped-defs, allow-untyped-calls

from __future__ import annotations

import numpy as np

from planner.compiled import kernel
from planner.network.kernels.heap import heap_drop, heap_push

NONE = np.int64(2**63 - 1)
"""The label of a place that no source reaches."""

MAX_COST = 2**31 - 2
"""The largest cost that is told, about 2147 km; beyond it a place counts as unreachable."""


@kernel
def hilbert_keys(xy, x0, y0, scale, out):
    """Position of points (n, 2) f8 along a Hilbert curve of order 16, to out (n,) u4."""
    for i in range(xy.shape[0]):
        x = np.int64((xy[i, 0] - x0) * scale)
        y = np.int64((xy[i, 1] - y0) * scale)
        # from the largest quadrants to the smallest: the two bits of x and y at each size give the
        # next two bits of the key, and the square is turned so that the curve goes on unbroken
        key = np.int64(0)
        side = np.int64(32768)
        while side > 0:
            right = np.int64((x & side) > 0)
            upper = np.int64((y & side) > 0)
            key += side * side * ((3 * right) ^ upper)
            if upper == 0:
                if right == 1:
                    x = 65535 - x
                    y = 65535 - y
                x, y = y, x
            side >>= 1
        out[i] = key


@kernel
def build_csr(n, ends, cost, indptr, neighbour, weight, edge):
    """Adjacency of n nodes from edges (E, 2) i4 and costs (E,) i4; answers the arc count.

    Loops are left out; of parallel edges the cheapest stays (of equals the lowest edge).
    Neighbours are in ascending order. The outputs hold n + 1 and 2 E values.
    """
    # a counting sort: where each node's part begins follows from how many edges it has, so that two
    # looks at each edge are enough and nothing is compared
    start = np.zeros(n + 1, np.int32)
    for e in range(ends.shape[0]):
        if ends[e, 0] != ends[e, 1]:
            start[ends[e, 0] + 1] += 1
            start[ends[e, 1] + 1] += 1
    for i in range(n):
        start[i + 1] += start[i]
    fill = start[:n].copy()
    incident = np.empty(start[n], np.int32)
    for e in range(ends.shape[0]):
        if ends[e, 0] != ends[e, 1]:
            for side in range(2):
                at = ends[e, side]
                incident[fill[at]] = e
                fill[at] += 1
    # handing each node's edges to their other ends sorts the neighbours
    for node in range(n):
        fill[node] = start[node]
    for node in range(n):
        for a in range(start[node], start[node + 1]):
            e = incident[a]
            other = ends[e, 0] + ends[e, 1] - node
            at = fill[other]
            # sorted, so that a parallel edge comes straight after the one beside it
            if at > start[other] and neighbour[at - 1] == node:
                if cost[e] < weight[at - 1]:
                    weight[at - 1] = cost[e]
                    edge[at - 1] = e
            else:
                neighbour[at] = node
                weight[at] = cost[e]
                edge[at] = e
                fill[other] += 1
    # parallel edges left gaps, and a CSR has none: each part begins where the one before ends
    kept = 0
    for node in range(n):
        indptr[node] = kept
        for a in range(start[node], fill[node]):
            neighbour[kept] = neighbour[a]
            weight[kept] = weight[a]
            edge[kept] = edge[a]
            kept += 1
    indptr[n] = kept
    return kept


@kernel
def first_misplaced(edge, offset, length):
    """First place whose edge (n,) i4 does not exist or whose offset is beyond its end; or -1."""
    for i in range(edge.size):
        e = edge[i]
        if e < -1 or e >= length.size or (e >= 0 and offset[i] > length[e]):
            return i
    return -1


@kernel
def seed_labels(ends, cost, s_edge, s_offset, s_access, limit, nodes, labels):
    """Labels that sources put on the two ends of their edges; answers how many."""
    count = 0
    for s in range(s_edge.size):
        e = s_edge[s]
        if e < 0:
            continue
        for side in range(2):
            along = np.int64(s_offset[s]) if side == 0 else np.int64(cost[e]) - s_offset[s]
            total = along + s_access[s]
            if total <= limit:
                nodes[count] = ends[e, side]
                labels[count] = (total << 32) | s
                count += 1
    return count


@kernel
def sources_by_edge(edges, s_edge):
    """List the sources on each edge, ascending: the first of each, and which follows which."""
    head = np.full(edges, -1, np.int32)
    following = np.empty(s_edge.size, np.int32)
    for s in range(s_edge.size - 1, -1, -1):
        if s_edge[s] >= 0:
            following[s] = head[s_edge[s]]
            head[s_edge[s]] = s
    return head, following


@kernel
def label_targets(
    ends, cost, label, s_edge, s_offset, s_access, t_edge, t_offset, t_access, limit, out
):
    """Best label of each target (T,) i8: over both ends of its edge, and along the edge itself."""
    head, following = sources_by_edge(ends.shape[0], s_edge)
    for t in range(t_edge.size):
        e = t_edge[t]
        best = NONE
        if e >= 0:
            access = np.int64(t_access[t])
            # whoever comes from elsewhere comes over one of the edge's two nodes
            for side in range(2):
                at = label[ends[e, side]]
                if at != NONE:
                    along = np.int64(t_offset[t]) if side == 0 else np.int64(cost[e]) - t_offset[t]
                    total = (at >> 32) + along + access
                    if total <= limit:
                        best = min(best, (total << 32) | (at & 0xFFFFFFFF))
            # whoever stands on the same edge may come straight along it
            s = head[e]
            while s >= 0:
                total = abs(np.int64(s_offset[s]) - t_offset[t]) + s_access[s] + access
                if total <= limit:
                    best = min(best, (total << 32) | s)
                s = following[s]
        out[t] = best


@kernel
def segment_distance(px, py, x0, y0, x1, y1):
    """Squared distance of a point from a segment, and where on it (0 to 1) the nearest point is."""
    dx, dy = x1 - x0, y1 - y0
    square = dx * dx + dy * dy
    t = ((px - x0) * dx + (py - y0) * dy) / square if square > 0.0 else 0.0
    if t <= 0.0:
        return (px - x0) ** 2 + (py - y0) ** 2, 0.0
    if t >= 1.0:
        return (px - x1) ** 2 + (py - y1) ** 2, 1.0
    return (px - x0 - t * dx) ** 2 + (py - y0 - t * dy) ** 2, t


@kernel
def places_by_node(n, ends, edge):
    """Which places (T,) i4 by edge are reached from each of n nodes: CSR start and member."""
    # counted first, so that all members fit one array; an edge that ends where it begins (a loop
    # drive) has one node, and its places are listed there once
    start = np.zeros(n + 1, np.int32)
    for e in edge:
        if e >= 0:
            start[ends[e, 0] + 1] += 1
            if ends[e, 0] != ends[e, 1]:
                start[ends[e, 1] + 1] += 1
    for i in range(n):
        start[i + 1] += start[i]
    # then each place goes to the next free slot of its nodes, so that a node's places ascend
    fill = start[:n].copy()
    member = np.empty(start[n], np.int32)
    for t in range(edge.size):
        e = edge[t]
        if e >= 0:
            for side in range(2 if ends[e, 0] != ends[e, 1] else 1):
                member[fill[ends[e, side]]] = t
                fill[ends[e, side]] += 1
    return start, member


@kernel
def grow(indptr, neighbour, weight, nodes, seeds, limit, reach, parent, touched):
    """Dijkstra (1959) from at most two seeds, cost by cost; answers how many nodes it touched.

    ``reach`` (n,) i4 starts at -1 everywhere and holds the costs found, ``parent`` (n,) i4 the arc
    that led to each node (-1 - seed for a seed), ``touched`` (n,) i4 the nodes.
    """
    heap_key = np.empty(256, np.int64)
    heap_node = np.empty(256, np.int32)
    size = count = np.int64(0)
    # a place on a street is no node: the walk begins at both ends of its street at once
    for i in range(nodes.size):
        node, cost = nodes[i], seeds[i]
        if cost <= limit and (reach[node] < 0 or cost < reach[node]):
            if reach[node] < 0:
                touched[count] = node
                count += 1
            reach[node] = cost
            parent[node] = -1 - i
            heap_push(heap_key, heap_node, size, cost, node)
            size += 1
    while size > 0:
        cost, node = heap_key[0], heap_node[0]
        size -= 1
        heap_drop(heap_key, heap_node, size)
        if cost != reach[node]:
            continue  # reached at a lower cost since this was queued
        for a in range(indptr[node], indptr[node + 1]):
            new = cost + weight[a]
            other = neighbour[a]
            if new > limit or (reach[other] >= 0 and reach[other] <= new):
                continue
            # who touches few nodes of a large network clears these alone before the next search
            if reach[other] < 0:
                touched[count] = other
                count += 1
            reach[other] = new
            parent[other] = a
            if size == heap_key.size:
                heap_key = np.append(heap_key, np.empty(size, np.int64))
                heap_node = np.append(heap_node, np.empty(size, np.int32))
            heap_push(heap_key, heap_node, size, new, other)
            size += 1
    return count


@kernel
def pairs_within(
    indptr,
    neighbour,
    weight,
    ends,
    cost,
    g_edge,
    g_offset,
    g_access,
    t_edge,
    t_offset,
    t_access,
    start,
    member,
    limit,
    first,
    row_start,
    found,
    costs,
):
    """Grow a ball around each place g from ``first`` on and list the places t within the limit.

    Stops before a ball that might not fit into ``found`` and ``costs``; answers where. Pairs of
    ball g are ``found[row_start[g]:row_start[g + 1]]``, in no particular order.
    """
    n = indptr.size - 1
    reach = np.full(n, -1, np.int32)
    parent = np.empty(n, np.int32)
    touched = np.empty(n, np.int32)
    nodes = np.empty(2, np.int32)
    seeds = np.empty(2, np.int64)
    filled = 0
    row_start[first] = 0
    for g in range(first, g_edge.size):
        if filled + t_edge.size > found.size:
            return g
        e = g_edge[g]
        if e >= 0:
            nodes[0], nodes[1] = ends[e, 0], ends[e, 1]
            seeds[0] = np.int64(g_offset[g]) + g_access[g]
            seeds[1] = np.int64(cost[e]) - g_offset[g] + g_access[g]
            count = grow(indptr, neighbour, weight, nodes, seeds, limit, reach, parent, touched)
            # places on the grower's own edge, where the ball is too small to reach an end of it
            for i in range(start[nodes[0]], start[nodes[0] + 1]):
                t = member[i]
                if t_edge[t] == e and reach[nodes[0]] < 0 and reach[nodes[1]] < 0:
                    total = abs(np.int64(g_offset[g]) - t_offset[t]) + g_access[g] + t_access[t]
                    if total <= limit:
                        found[filled], costs[filled] = t, total
                        filled += 1
            # every other place is told once, at the first of its edge's ends that was reached
            for i in range(count):
                u = touched[i]
                for m in range(start[u], start[u + 1]):
                    t = member[m]
                    f = t_edge[t]
                    v = ends[f, 0] + ends[f, 1] - u
                    if v < u and reach[v] >= 0:
                        continue  # listed at v
                    along = np.int64(t_offset[t])
                    if ends[f, 0] != u:
                        along = np.int64(cost[f]) - along
                    total = reach[u] + along
                    if reach[v] >= 0:
                        total = min(total, reach[v] + cost[f] - along)
                    if f == e:
                        total = min(total, abs(np.int64(g_offset[g]) - t_offset[t]) + g_access[g])
                    total += t_access[t]
                    if total <= limit:
                        found[filled], costs[filled] = t, total
                        filled += 1
            # only what was touched is wiped, so that a small ball costs little in a large town
            for i in range(count):
                reach[touched[i]] = -1
        row_start[g + 1] = filled
    return g_edge.size


@kernel
def tell_nodes(place, label, limit, value, source):
    """Turn labels into thousandths of the unit, f8, and sources, i4, for each node's place."""
    for i in range(place.size):
        key = label[place[i]]
        reached = (key >> 32) <= limit
        value[i] = (key >> 32) / 1000.0 if reached else np.inf
        source[i] = np.int32(key & 0xFFFFFFFF) if reached else np.int32(-1)
