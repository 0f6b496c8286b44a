"""The compiled loops that keep the k best labels of each place, in rows (n, k) int64.

The k nearest sources of all places are found in one search from all sources together, as a
network Voronoi diagram is (Okabe, Boots, Sugihara and Chiu 2000, *Spatial Tessellations*, chapter
3), here of order k. A label has the cost in its upper and the source in its lower half.
"""
# mypy: allow-untyped-defs, allow-untyped-calls

from __future__ import annotations

import numpy as np

from planner.compiled import kernel
from planner.network.kernels.graph import NONE, sources_by_edge
from planner.network.kernels.heap import heap_drop, heap_push


@kernel
def keep_best(labels, row, key):
    """Insert a label among a row's best, one for each source; answers whether it went in."""
    k = labels.shape[1]
    if key >= labels[row, k - 1]:
        return False
    source = key & 0xFFFFFFFF
    # it takes the place of the same source's label, else of the first free one, else of the worst
    at = k - 1
    for i in range(k):
        if labels[row, i] == NONE:
            at = i
            break
        if labels[row, i] & 0xFFFFFFFF == source:
            if labels[row, i] <= key:
                return False
            at = i
            break
    # rows stay ascending: so the last label is the worst, and readers stop at the first beyond a
    # limit
    while at > 0 and labels[row, at - 1] > key:
        labels[row, at] = labels[row, at - 1]
        at -= 1
    labels[row, at] = key
    return True


@kernel
def seed_rows(nodes, seeds, count, position, labels):
    """Put seeds into the rows (n, k) i8 of their nodes' positions."""
    for i in range(count):
        keep_best(labels, position[nodes[i]], seeds[i])


@kernel
def sweep_rows(done, start, arc, limit, labels, down):
    """Hand rows of labels (n, k) i8 up over arcs (i8) to the nodes above, or down from them."""
    k = labels.shape[1]
    # arcs lead upwards, and nodes are numbered from below: on the way up a node has all it gets
    # before it gives, on the way down the nodes above it have
    for step in range(done):
        i = done - 1 - step if down else step
        for a in range(start[i], start[i + 1]):
            head, cost = arc[a] & 0xFFFFFFFF, arc[a] >> 32
            giver, taker = (head, i) if down else (i, head)
            for j in range(k):
                key = labels[giver, j]
                if (key >> 32) + cost > limit:
                    break  # rows ascend: all that follow are farther
                keep_best(labels, taker, key + (cost << 32))


@kernel
def spread_rows(indptr, neighbour, weight, limit, labels):
    """Dijkstra that keeps the best label of each of k sources in rows (n, k) i8."""
    heap_key = np.empty(1024, np.int64)
    heap_node = np.empty(1024, np.int32)
    size = np.int64(0)
    # all that is known so far is a start, whichever source it is from: one search settles all of
    # them together, each node at most k times
    for node in range(labels.shape[0]):
        for j in range(labels.shape[1]):
            if labels[node, j] != NONE:
                if size == heap_key.size:
                    heap_key = np.append(heap_key, np.empty(size, np.int64))
                    heap_node = np.append(heap_node, np.empty(size, np.int32))
                heap_push(heap_key, heap_node, size, labels[node, j], np.int32(node))
                size += 1
    while size > 0:
        key, node = heap_key[0], heap_node[0]
        size -= 1
        heap_drop(heap_key, heap_node, size)
        # an entry counts if it is still among the k best of its node
        current = False
        for j in range(labels.shape[1]):
            current = current or labels[node, j] == key
        if not current:
            continue
        for a in range(indptr[node], indptr[node + 1]):
            if (key >> 32) + weight[a] > limit:
                continue
            new = key + (np.int64(weight[a]) << 32)
            # what does not get into the row of a node is of no use beyond it either: the k better
            # ones get everywhere before it
            if keep_best(labels, neighbour[a], new):
                if size == heap_key.size:
                    heap_key = np.append(heap_key, np.empty(size, np.int64))
                    heap_node = np.append(heap_node, np.empty(size, np.int32))
                heap_push(heap_key, heap_node, size, new, neighbour[a])
                size += 1


@kernel
def row_targets(
    ends, cost, position, labels, s_edge, s_offset, s_access, t_edge, t_offset, t_access, limit, out
):
    """Best labels (T, k) i8 of each target.

    As :func:`planner.network.kernels.graph.label_targets` finds the one.
    """
    head, following = sources_by_edge(ends.shape[0], s_edge)
    for t in range(t_edge.size):
        e = t_edge[t]
        if e < 0:
            continue
        access = np.int64(t_access[t])
        # who comes from elsewhere comes by one of the two ends of the target's street
        for side in range(2):
            along = np.int64(t_offset[t]) if side == 0 else np.int64(cost[e]) - t_offset[t]
            node = position[ends[e, side]]
            for j in range(labels.shape[1]):
                key = labels[node, j]
                if (key >> 32) + along + access > limit:
                    break
                keep_best(out, t, key + ((along + access) << 32))
        # who is on the same street need not go by its ends
        s = head[e]
        while s >= 0:
            total = abs(np.int64(s_offset[s]) - t_offset[t]) + s_access[s] + access
            if total <= limit:
                keep_best(out, t, (total << 32) | s)
            s = following[s]
