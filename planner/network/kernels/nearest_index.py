"""The compiled loops of :mod:`planner.network.nearest.index`.

Nodes ``0 … N − 1`` are the inner nodes of the street graph; node ``N + j`` is *link end* ``j``, a
spot in the middle of an edge where an extra link begins (its other end is ``j ^ 1``). A link end
does not split its edge: it is joined to the edge's two nodes and to the other link ends of that
edge by the exact part of the edge's cost, which leaves all distances as if it were split. Sources
and link ends are listed at street nodes in linked lists: entry ``2 k + side`` of ``next`` belongs
to source (or link end) ``k`` and stands in the list of its edge's first (0) or second (1) node.

Labels are those of :mod:`planner.network.kernels.graph`: cost above, source below, one int64. The
repair after a change is that of dynamic shortest-path trees (Ramalingam and Reps 1996): what got
worse is unset with all that rests upon it and settled anew from its surroundings; what got better
is spread by Dijkstra's search, no farther than it improves anything.
"""
# mypy: allow-untyped-defs, allow-untyped-calls

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from planner.arrays import I32
from planner.compiled import kernel
from planner.network.kernels.graph import MAX_COST, NONE
from planner.network.kernels.heap import grown, heap_drop, push

__all__ = ["Links", "Sources", "Streets"]


class Streets(NamedTuple):
    """The street graph: CSR, and the end nodes and cost of all edges."""

    indptr: I32
    neighbour: I32
    weight: I32
    ends: I32
    cost: I32


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
def attach(ends, edge, head, following, k):
    """Enter source or link end k in the lists of its edge's two nodes."""
    for side in range(2):
        node = ends[edge[k], side]
        following[2 * k + side] = head[node]
        head[node] = 2 * k + side


@kernel
def detach(ends, edge, head, following, k):
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
def from_place(streets, links, edge, offset, to, step):
    """Nodes that a place on an edge leads to along that edge, and what it costs; how many."""
    first, second = streets.ends[edge, 0], streets.ends[edge, 1]
    to[0], step[0] = first, offset
    to[1], step[1] = second, streets.cost[edge] - offset
    count = 2
    # every link end of this edge stands in the list of its first node, once as side 0
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
def steps_of(streets, links, node, to, step):
    """Neighbours of a node or link end, and what the step costs; answers how many."""
    n = streets.indptr.size - 1
    if node >= n:
        # a link end: along its edge, and over the link to its other end
        j = node - n
        count = from_place(streets, links, links.edge[j], links.offset[j], to, step)
        to[count], step[count] = n + (j ^ 1), links.length[j >> 1]
        return count + 1
    count = 0
    for a in range(streets.indptr[node], streets.indptr[node + 1]):
        to[count], step[count] = streets.neighbour[a], streets.weight[a]
        count += 1
    # link ends do not split their edge, so that the adjacency knows nothing of them: the node leads
    # to those on its own edges as well
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
def own_label(streets, sources, links, node):
    """Best label that sources on a node's own edges put there without passing another node."""
    # what comes over another node is in that node's label already; left are the sources on edges
    # that end here, also on one that a shorter parallel edge keeps out of the adjacency
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
def on_edge_label(streets, sources, edge, offset):
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
def unset(nodes, old, count, label, node):
    """Take a node's label away and remember it; answers the two lists and their length."""
    if count == nodes.size:
        nodes, old = grown(nodes), grown(old)
    nodes[count], old[count] = node, label[node]
    label[node] = NONE
    return nodes, old, count + 1


@kernel
def release(streets, links, label, roots, room):
    """Unset the labels of the roots and of all nodes whose label may rest on theirs.

    A node's label may rest on a neighbour's where it equals that label plus the step. Answers
    the nodes and their old labels. ``room`` bounds the neighbours of a node.
    """
    to, step = np.empty(room, np.int32), np.empty(room, np.int32)
    nodes, old = np.empty(256, np.int32), np.empty(256, np.int64)
    count = np.int64(0)
    for root in roots:
        if label[root] != NONE:
            nodes, old, count = unset(nodes, old, count, label, root)
    # breadth first over the tree of shortest ways; where two ways are equally short a node goes
    # though it might have stayed, and finds the other way again when it is settled
    i = 0
    while i < count:
        base = old[i]
        for a in range(steps_of(streets, links, nodes[i], to, step)):
            other = to[a]
            if label[other] != NONE and label[other] == base + (np.int64(step[a]) << 32):
                nodes, old, count = unset(nodes, old, count, label, other)
        i += 1
    return nodes[:count].copy(), old[:count].copy()


@kernel
def improve(changes, label, node, new, heap, size):
    """Give a node a better label, remember what it had, and queue it to be spread."""
    nodes, old, count = changes
    if count == nodes.size:
        nodes, old = grown(nodes), grown(old)
    nodes[count], old[count] = node, label[node]
    label[node] = new
    heap = push(heap[0], heap[1], size, new, node)
    return (nodes, old, count + 1), heap, size + 1


@kernel
def settle(streets, sources, links, label, dirty, room):
    """Find the labels of dirty nodes anew from all around them, and spread what is better.

    Right wherever every other node's label is at most too high and can only be too high because
    of a dirty node. Answers the nodes changed and what they had, a node as often as it changed.
    """
    to, step = np.empty(room, np.int32), np.empty(room, np.int32)
    changes = (np.empty(256, np.int32), np.empty(256, np.int64), np.int64(0))
    heap = (np.empty(256, np.int64), np.empty(256, np.int32))
    size = np.int64(0)
    # what each dirty node can have from its surroundings, as they are now
    for node in dirty:
        best = own_label(streets, sources, links, node)
        for a in range(steps_of(streets, links, node, to, step)):
            at = label[to[a]]
            if at != NONE and (at >> 32) + step[a] <= MAX_COST:
                best = min(best, at + (np.int64(step[a]) << 32))
        if best < label[node]:
            changes, heap, size = improve(changes, label, node, best, heap, size)
    # Dijkstra (1959) from all of them at once; an entry above its node's label is out of date
    while size > 0:
        key, node = heap[0][0], heap[1][0]
        size -= 1
        heap_drop(heap[0], heap[1], size)
        if key != label[node]:
            continue
        for a in range(steps_of(streets, links, node, to, step)):
            if (key >> 32) + step[a] > MAX_COST:
                continue
            new = key + (np.int64(step[a]) << 32)
            if new < label[to[a]]:
                changes, heap, size = improve(changes, label, to[a], new, heap, size)
    nodes, old, count = changes
    return nodes[:count].copy(), old[:count].copy()


@kernel
def place_label(streets, sources, links, label, edge, offset, access, to, step):
    """Label of one place: over whatever its edge leads to, and from sources on that edge."""
    if edge < 0:
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
def place_labels(streets, sources, links, label, edge, offset, access, which, room, out):
    """Labels of the places named by ``which`` (n,) i4, to those places of ``out`` (T,) i8."""
    to, step = np.empty(room, np.int32), np.empty(room, np.int32)
    for t in which:
        out[t] = place_label(
            streets, sources, links, label, edge[t], offset[t], access[t], to, step
        )


@kernel
def touched_places(streets, links, start, member, place_edge, nodes, edges, seen):
    """Places on edges at the given nodes or link ends, and on the given edges, each once."""
    n = streets.indptr.size - 1
    found = np.empty(256, np.int32)
    count = 0
    for i in range(nodes.size + edges.size):
        # a link end or an edge concerns the places of that edge only, listed at its first node
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
    # the marks are wiped by the list itself, which is far shorter than they are
    for i in range(count):
        seen[found[i]] = False
    return found[:count].copy()
