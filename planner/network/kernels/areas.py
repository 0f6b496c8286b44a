"""The compiled loops of :mod:`planner.network.areas`."""

from __future__ import annotations

import numpy as np

from planner.compiled import kernel
from planner.network.kernels.heap import grown, heap_drop, push

__all__ = ["count_points", "cut_lines", "reached_stretches"]


@kernel
def reach(indptr, neighbour, weight, ends, cost, source, limit, dist, touched):  # type: ignore[no-untyped-def]
    """Cost (n,) i8, −1 beforehand, of all nodes within a limit of a source; how many, in touched.

    ``source`` is edge, offset and access leg.
    """
    keys, nodes = np.empty(256, np.int64), np.empty(256, np.int32)
    size = count = np.int64(0)
    edge, offset, access = source
    for side in range(2):
        along = offset if side == 0 else np.int64(cost[edge]) - offset
        if along + access <= limit:
            keys, nodes = push(keys, nodes, size, along + access, ends[edge, side])
            size += 1
    # Dijkstra (1959); nodes come off the heap in the order of their costs
    while size > 0:
        key, node = keys[0], nodes[0]
        size -= 1
        heap_drop(keys, nodes, size)
        if dist[node] >= 0:
            continue  # settled before
        dist[node] = key
        touched[count] = node
        count += 1
        for a in range(indptr[node], indptr[node + 1]):
            new = key + weight[a]
            if new <= limit and dist[neighbour[a]] < 0:
                keys, nodes = push(keys, nodes, size, new, neighbour[a])
                size += 1
    return count


@kernel
def stretches_of(length, first, second, low, high, spans):  # type: ignore[no-untyped-def]
    """Parts of one edge that are reached, to spans (3, 2) i8; answers how many.

    From its first end as far as ``first``, from its second as far as ``second`` (−1: not at
    all), and between ``low`` and ``high`` (low > high: nothing).
    """
    # from left to right, each part joined with those before that it touches
    count = 0
    if first > 0:
        spans[0, 0], spans[0, 1] = 0, min(first, length)
        count = 1
    low, high = max(low, np.int64(0)), min(high, length)
    if low < high:
        if count > 0 and low <= spans[count - 1, 1]:
            spans[count - 1, 1] = max(spans[count - 1, 1], high)
        else:
            spans[count, 0], spans[count, 1] = low, high
            count += 1
    if second > 0:
        begin = max(length - second, np.int64(0))
        while count > 0 and begin <= spans[count - 1, 1]:
            begin = min(begin, spans[count - 1, 0])
            count -= 1
        spans[count, 0], spans[count, 1] = begin, length
        count += 1
    return count


@kernel
def reached_stretches(  # type: ignore[no-untyped-def]
    indptr, neighbour, weight, ends, cost, start, incident, s_edge, s_offset, s_access, limits
):
    """Parts of edges within each limit of each source: area, edge, and from where to where.

    An area is source × limits + limit. ``start`` and ``incident`` list all edges at each node.
    """
    n = indptr.size - 1
    dist, touched = np.full(n, -1, np.int64), np.empty(n, np.int32)
    spans = np.empty((4, 2), np.int64)
    area, edge = np.empty(1024, np.int32), np.empty(1024, np.int32)
    low, high = np.empty(1024, np.int32), np.empty(1024, np.int32)
    count = 0
    most = limits.max()
    for s in range(s_edge.size):
        if s_edge[s] < 0:
            continue
        source = (s_edge[s], np.int64(s_offset[s]), np.int64(s_access[s]))
        # one search to the largest limit serves all of them
        found = reach(indptr, neighbour, weight, ends, cost, source, most, dist, touched)
        for li in range(limits.size):
            limit = limits[li]
            # the source's own edge first (i = 0), then all edges at the nodes reached
            for i in range(found + 1):
                node = touched[i - 1] if i > 0 else -1
                if i > 0 and dist[node] > limit:
                    break  # touched in the order of their costs
                begin = start[node] if i > 0 else 0
                end = start[node + 1] if i > 0 else 1
                for a in range(begin, end):
                    e = incident[a] if i > 0 else s_edge[s]
                    if i > 0 and e == s_edge[s]:
                        continue
                    d0, d1 = dist[ends[e, 0]], dist[ends[e, 1]]
                    first = limit - d0 if d0 >= 0 else np.int64(-1)
                    second = limit - d1 if d1 >= 0 else np.int64(-1)
                    if i > 0 and node == ends[e, 1] and first >= 0 and node != ends[e, 0]:
                        continue  # told at its first end
                    around = limit - source[2] if i == 0 else np.int64(-1)
                    here = source[1] if i == 0 else np.int64(0)
                    parts = stretches_of(
                        np.int64(cost[e]), first, second, here - around, here + around, spans
                    )
                    for p in range(parts):
                        if count == area.size:
                            area, edge = grown(area), grown(edge)
                            low, high = grown(low), grown(high)
                        area[count], edge[count] = s * limits.size + li, e
                        low[count], high[count] = spans[p, 0], spans[p, 1]
                        count += 1
        for i in range(found):
            dist[touched[i]] = -1
    return area[:count].copy(), edge[:count].copy(), low[:count].copy(), high[:count].copy()


@kernel
def count_points(along, start, edge, low, high, out):  # type: ignore[no-untyped-def]
    """How many points each stretch (metres along its edge) has."""
    for i in range(edge.size):
        out[i] = 2
        for c in range(start[edge[i]] + 1, start[edge[i] + 1] - 1):
            out[i] += along[c] > low[i] and along[c] < high[i]


@kernel
def cut_lines(coords, along, start, edge, low, high, xy):  # type: ignore[no-untyped-def]
    """Coordinates of each stretch, cut out of its edge's polyline, one after the other."""
    count = 0
    for i in range(edge.size):
        first, last = start[edge[i]], start[edge[i] + 1] - 1
        for side in range(2):
            # the straight part in which this end lies, and how far along it
            at = low[i] if side == 0 else high[i]
            c = first
            while c < last - 1 and along[c + 1] < at:
                c += 1
            span = along[c + 1] - along[c]
            part = min(max((at - along[c]) / span, 0.0), 1.0) if span > 0.0 else 0.0
            # between both ends come the corners of the street that lie between them
            if side == 1:
                for inner in range(first + 1, last):
                    if along[inner] > low[i] and along[inner] < high[i]:
                        xy[count] = coords[inner]
                        count += 1
            # at the very end the corner itself, which arithmetic may miss by a bit: stretches of
            # two streets meet in exactly one point
            for axis in range(2):
                a, b = coords[c, axis], coords[c + 1, axis]
                xy[count, axis] = b if part == 1.0 else a + part * (b - a)
            count += 1
