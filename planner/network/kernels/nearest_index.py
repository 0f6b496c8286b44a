"""The compiled loops of :mod:`planner.network.nearest_index`.

Nodes ``0 … N − 1`` are the inner nodes of the street graph; node ``N + j`` is *link end* ``j``, a
spot in the middle of an edge where an extra link begins (its other end is ``j ^ 1``). A link end
does not split its edge: it hangs on the edge's two nodes and on the other link ends of that edge
by the exact part of the edge's cost, which leaves all distances as if it were split. Sources and
link ends hang on street nodes in linked lists: entry ``2 k + side`` of ``next`` belongs to source
(or link end) ``k`` and stands in the list of its edge's first (0) or second (1) node.

Labels are those of :mod:`planner.network.kernels.graph`: cost above, source below, one int64.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from planner.arrays import I32, Bool
from planner.network.kernels.graph import MAX_COST, NONE, kernel

__all__ = ["Links", "Sources", "Streets"]


class Streets(NamedTuple):
    """The street graph: CSR with −1 as the weight of a closed arc, all edges, which are shut."""

    indptr: I32
    neighbour: I32
    weight: I32
    ends: I32
    cost: I32
    closed: Bool


class Sources(NamedTuple):
    """Places of sources, and their lists at the nodes."""

    edge: I32
    offset: I32
    access: I32
    head: I32
    next: I32


class Links(NamedTuple):
    """Places of link ends, the cost of each link, and the lists at the nodes."""

    edge: I32
    offset: I32
    length: I32
    head: I32
    next: I32


@kernel
def hang(ends, edge, head, following, k):  # type: ignore[no-untyped-def]
    """Enter source or link end k in the lists of its edge's two nodes."""
    for side in range(2):
        node = ends[edge[k], side]
        following[2 * k + side] = head[node]
        head[node] = 2 * k + side


@kernel
def unhang(ends, edge, head, following, k):  # type: ignore[no-untyped-def]
    """Take source or link end k out of the lists of its edge's two nodes."""
    for side in range(2):
        node = ends[edge[k], side]
        slot = 2 * k + side
        if head[node] == slot:
            head[node] = following[slot]
        else:
            at = head[node]
            while following[at] != slot:
                at = following[at]
            following[at] = following[slot]


@kernel
def grown(array):  # type: ignore[no-untyped-def]
    """Give the same values with room for as many again."""
    larger = np.empty(2 * array.size, array.dtype)
    larger[: array.size] = array
    return larger


@kernel
def push(keys, nodes, size, key, node):  # type: ignore[no-untyped-def]
    """Add to a binary heap, which grows as needed; answers its arrays."""
    if size == keys.size:
        keys, nodes = grown(keys), grown(nodes)
    at = size
    while at > 0:
        up = (at - 1) >> 1
        if keys[up] <= key:
            break
        keys[at] = keys[up]
        nodes[at] = nodes[up]
        at = up
    keys[at] = key
    nodes[at] = node
    return keys, nodes


@kernel
def sift(keys, nodes, size):  # type: ignore[no-untyped-def]
    """Take the top off a heap that has ``size`` entries left besides."""
    key, node = keys[size], nodes[size]
    at = 0
    while True:
        down = 2 * at + 1
        if down >= size:
            break
        if down + 1 < size and keys[down + 1] < keys[down]:
            down += 1
        if keys[down] >= key:
            break
        keys[at] = keys[down]
        nodes[at] = nodes[down]
        at = down
    keys[at] = key
    nodes[at] = node


@kernel
def from_place(streets, links, edge, offset, to, step):  # type: ignore[no-untyped-def]
    """Nodes that a place on an edge leads to along that edge, and what it costs; how many."""
    first, second = streets.ends[edge, 0], streets.ends[edge, 1]
    to[0], step[0] = first, offset
    to[1], step[1] = second, streets.cost[edge] - offset
    count = 2
    slot = links.head[first]
    while slot >= 0:
        j = slot >> 1
        if (slot & 1) == 0 and links.edge[j] == edge:
            to[count] = streets.indptr.size - 1 + j
            step[count] = abs(links.offset[j] - offset)
            count += 1
        slot = links.next[slot]
    return count


@kernel
def steps_of(streets, links, node, to, step):  # type: ignore[no-untyped-def]
    """Neighbours of a node or link end, and what the step costs; answers how many."""
    n = streets.indptr.size - 1
    if node >= n:
        j = node - n
        count = from_place(streets, links, links.edge[j], links.offset[j], to, step)
        to[count], step[count] = n + (j ^ 1), links.length[j >> 1]
        return count + 1
    count = 0
    for a in range(streets.indptr[node], streets.indptr[node + 1]):
        if streets.weight[a] >= 0:
            to[count], step[count] = streets.neighbour[a], streets.weight[a]
            count += 1
    slot = links.head[node]
    while slot >= 0:
        j = slot >> 1
        offset = links.offset[j]
        to[count] = n + j
        step[count] = offset if (slot & 1) == 0 else streets.cost[links.edge[j]] - offset
        count += 1
        slot = links.next[slot]
    return count


@kernel
def own_label(streets, sources, links, node):  # type: ignore[no-untyped-def]
    """Best label that sources on a node's own edges put there without passing another node."""
    n = streets.indptr.size - 1
    best = NONE
    if node >= n:
        edge, offset = links.edge[node - n], links.offset[node - n]
        return on_edge_label(streets, sources, edge, offset)
    slot = sources.head[node]
    while slot >= 0:
        s = slot >> 1
        along = np.int64(sources.offset[s])
        if slot & 1:
            along = streets.cost[sources.edge[s]] - along
        total = along + sources.access[s]
        if total <= MAX_COST:
            best = min(best, (total << 32) | s)
        slot = sources.next[slot]
    return best


@kernel
def on_edge_label(streets, sources, edge, offset):  # type: ignore[no-untyped-def]
    """Best label of a spot from the sources on the same edge, straight along it."""
    best = NONE
    slot = sources.head[streets.ends[edge, 0]]
    while slot >= 0:
        s = slot >> 1
        if (slot & 1) == 0 and sources.edge[s] == edge:
            total = np.int64(abs(sources.offset[s] - offset)) + sources.access[s]
            if total <= MAX_COST:
                best = min(best, (total << 32) | s)
        slot = sources.next[slot]
    return best


@kernel
def release(streets, links, label, roots, room):  # type: ignore[no-untyped-def]
    """Unset the labels of the roots and of all nodes whose label may rest on theirs.

    A node's label may rest on a neighbour's where it equals that label plus the step. Answers
    the nodes and their old labels. ``room`` bounds the neighbours of a node.
    """
    to, step = np.empty(room, np.int32), np.empty(room, np.int32)
    nodes, old = np.empty(256, np.int32), np.empty(256, np.int64)
    count = 0
    for root in roots:
        if label[root] != NONE:
            if count == nodes.size:
                nodes, old = grown(nodes), grown(old)
            nodes[count], old[count] = root, label[root]
            label[root] = NONE
            count += 1
    i = 0
    while i < count:
        base = old[i]
        for a in range(steps_of(streets, links, nodes[i], to, step)):
            other = to[a]
            if label[other] != NONE and label[other] == base + (np.int64(step[a]) << 32):
                if count == nodes.size:
                    nodes, old = grown(nodes), grown(old)
                nodes[count], old[count] = other, label[other]
                label[other] = NONE
                count += 1
        i += 1
    return nodes[:count].copy(), old[:count].copy()


@kernel
def settle(streets, sources, links, label, dirty, room):  # type: ignore[no-untyped-def]
    """Find the labels of dirty nodes anew from all around them, and spread what is better.

    Right wherever every other node's label is at most too high and can only be too high because
    of a dirty node. Answers the nodes changed and what they had, a node as often as it changed.
    """
    to, step = np.empty(room, np.int32), np.empty(room, np.int32)
    nodes, old = np.empty(256, np.int32), np.empty(256, np.int64)
    heap_key, heap_node = np.empty(256, np.int64), np.empty(256, np.int32)
    count = size = 0
    for node in dirty:
        best = own_label(streets, sources, links, node)
        for a in range(steps_of(streets, links, node, to, step)):
            at = label[to[a]]
            if at != NONE and (at >> 32) + step[a] <= MAX_COST:
                best = min(best, at + (np.int64(step[a]) << 32))
        if best < label[node]:
            if count == nodes.size:
                nodes, old = grown(nodes), grown(old)
            nodes[count], old[count] = node, label[node]
            count += 1
            label[node] = best
            heap_key, heap_node = push(heap_key, heap_node, size, best, node)
            size += 1
    while size > 0:
        key, node = heap_key[0], heap_node[0]
        size -= 1
        sift(heap_key, heap_node, size)
        if key != label[node]:
            continue
        for a in range(steps_of(streets, links, node, to, step)):
            if (key >> 32) + step[a] > MAX_COST:
                continue
            new = key + (np.int64(step[a]) << 32)
            other = to[a]
            if new < label[other]:
                if count == nodes.size:
                    nodes, old = grown(nodes), grown(old)
                nodes[count], old[count] = other, label[other]
                count += 1
                label[other] = new
                heap_key, heap_node = push(heap_key, heap_node, size, new, other)
                size += 1
    return nodes[:count].copy(), old[:count].copy()


@kernel
def place_label(streets, sources, links, label, edge, offset, access, to, step):  # type: ignore[no-untyped-def]
    """Label of one place: over whatever its edge leads to, and from sources on that edge."""
    if edge < 0 or streets.closed[edge]:
        return NONE
    best = NONE
    straight = on_edge_label(streets, sources, edge, offset)
    if straight != NONE and (straight >> 32) + access <= MAX_COST:
        best = straight + (np.int64(access) << 32)
    for a in range(from_place(streets, links, edge, offset, to, step)):
        at = label[to[a]]
        if at != NONE and (at >> 32) + step[a] + access <= MAX_COST:
            best = min(best, at + ((np.int64(step[a]) + access) << 32))
    return best


@kernel
def place_labels(streets, sources, links, label, edge, offset, access, which, room, out):  # type: ignore[no-untyped-def]
    """Labels of the places named by ``which`` (n,) i4, to those places of ``out`` (T,) i8."""
    to, step = np.empty(room, np.int32), np.empty(room, np.int32)
    for t in which:
        out[t] = place_label(
            streets, sources, links, label, edge[t], offset[t], access[t], to, step
        )


@kernel
def places_at(ends, edge, n, start, member):  # type: ignore[no-untyped-def]
    """List the places at each node, both ends of their edges, as CSR; unknown ones left out."""
    start[:] = 0
    for e in edge:
        if e >= 0:
            start[ends[e, 0] + 1] += 1
            if ends[e, 1] != ends[e, 0]:
                start[ends[e, 1] + 1] += 1
    for i in range(n):
        start[i + 1] += start[i]
    fill = start[:n].copy()
    for t in range(edge.size):
        e = edge[t]
        if e >= 0:
            member[fill[ends[e, 0]]] = t
            fill[ends[e, 0]] += 1
            if ends[e, 1] != ends[e, 0]:
                member[fill[ends[e, 1]]] = t
                fill[ends[e, 1]] += 1


@kernel
def touched_places(streets, links, start, member, place_edge, nodes, edges, seen):  # type: ignore[no-untyped-def]
    """Places on edges at the given nodes or link ends, and on the given edges, each once."""
    n = streets.indptr.size - 1
    found = np.empty(256, np.int32)
    count = 0
    for i in range(nodes.size + edges.size):
        only = -1
        if i >= nodes.size:
            only = edges[i - nodes.size]
            node = streets.ends[only, 0]
        else:
            node = nodes[i]
            if node >= n:
                only = links.edge[node - n]
                node = streets.ends[only, 0]
        for a in range(start[node], start[node + 1]):
            t = member[a]
            if not seen[t] and (only < 0 or place_edge[t] == only):
                seen[t] = True
                if count == found.size:
                    found = grown(found)
                found[count] = t
                count += 1
    for i in range(count):
        seen[found[i]] = False
    return found[:count].copy()


@kernel
def gain_from(  # type: ignore[no-untyped-def]
    streets, links, node, base, start, member, places, limit, mark, counted
):
    """Weight of places, not yet counted, within the limit over a node reached at a cost.

    ``places`` are edge, offset, access leg and weight.
    """
    edge, offset, access, weight = places
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
def offer(heap, size, node, new, label, cost, stamp, mark, limit):  # type: ignore[no-untyped-def]
    """Queue a node where the new cost is within the limit, below its label and the best offer."""
    keys, nodes = heap
    if new > limit or new >= (label[node] >> 32) or (stamp[node] == mark and cost[node] <= new):
        return heap, size
    stamp[node], cost[node] = mark, new
    return push(keys, nodes, size, new, node), size + 1


@kernel
def link_gains(  # type: ignore[no-untyped-def]
    streets, sources, links, label, a_edge, a_offset, b_edge, b_offset, length,
    start, member, places, limit, room, out,
):  # fmt: skip
    """Weight of the places, all beyond the limit now, that each link alone brings within it.

    Only the far end of a link can gain: from it a search runs over the nodes that the link
    brings nearer, no farther than the limit. ``places`` are edge, offset, access leg and weight.
    """
    to, step = np.empty(room, np.int32), np.empty(room, np.int32)
    cost, stamp = np.empty(label.size, np.int32), np.zeros(label.size, np.int32)
    counted = np.zeros(places[0].size, np.int32)
    heap = (np.empty(256, np.int64), np.empty(256, np.int32))
    for i in range(length.size):
        out[i] = 0.0
        mark = i + 1
        edge, offset = b_edge[i], b_offset[i]
        if min(edge, a_edge[i]) < 0 or streets.closed[edge] or streets.closed[a_edge[i]]:
            continue
        near = place_label(streets, sources, links, label, a_edge[i], a_offset[i], 0, to, step)
        far = place_label(streets, sources, links, label, edge, offset, 0, to, step)
        if near > far:
            near, far = far, near
            edge, offset = a_edge[i], a_offset[i]
        base = (near >> 32) + length[i]
        if base > limit or base >= (far >> 32):
            continue
        first = streets.ends[edge, 0]
        for m in range(start[first], start[first + 1]):
            t = member[m]
            beside = base + abs(places[1][t] - offset) + places[2][t]
            if places[0][t] == edge and beside <= limit:
                counted[t] = mark
                out[i] += places[3][t]
        size = 0
        for a in range(from_place(streets, links, edge, offset, to, step)):
            heap, size = offer(heap, size, to[a], base + step[a], label, cost, stamp, mark, limit)
        while size > 0:
            key, node = heap[0][0], heap[1][0]
            size -= 1
            sift(heap[0], heap[1], size)
            if key != cost[node]:
                continue
            out[i] += gain_from(
                streets, links, node, key, start, member, places, limit, mark, counted
            )
            for a in range(steps_of(streets, links, node, to, step)):
                heap, size = offer(
                    heap, size, to[a], key + step[a], label, cost, stamp, mark, limit
                )
