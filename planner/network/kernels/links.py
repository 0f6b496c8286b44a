"""The compiled loops of :mod:`planner.network.links.candidates`: walks, and what links change.

Conventions are those of :mod:`planner.network.kernels.graph`: integer millimetres, inner nodes,
nothing is checked here. A *search room* is cost and stamp by node and a heap that grows; a search
marks the nodes that it reaches, so that the room need not be emptied between searches.
"""
# mypy: allow-untyped-defs, allow-untyped-calls

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from planner.arrays import I32
from planner.compiled import kernel
from planner.network.kernels.heap import grown, heap_drop, push

__all__ = ["NOWHERE", "Graph", "Places"]


NOWHERE = 2**31 - 1
"""Cost of a walk that is longer than asked, or that there is none of."""


class Graph(NamedTuple):
    """What a walk needs of :class:`planner.network.graph.StreetGraph`."""

    indptr: I32
    neighbour: I32
    weight: I32
    ends: I32
    cost: I32


class Places(NamedTuple):
    """Places on edges and their lists, under both nodes of their edges, as CSR."""

    edge: I32
    offset: I32
    start: I32
    member: I32


@kernel
def new_search(count):
    """Room for searches over that many nodes."""
    return (
        np.empty(count, np.int32),
        np.zeros(count, np.int32),
        np.empty(1024, np.int64),
        np.empty(1024, np.int32),
    )


@kernel
def offer(search, size, node, new, mark):
    """Queue a node reached at a cost, if that is the best so far; answers room and queue length."""
    cost, stamp, keys, nodes = search
    if stamp[node] == mark and cost[node] <= new:
        return search, size
    stamp[node], cost[node] = mark, new
    keys, nodes = push(keys, nodes, size, new, node)
    return (cost, stamp, keys, nodes), size + 1


@kernel
def begin(graph, edge, offset, limit, search, mark):
    """Queue the two ends of a place's edge."""
    size = np.int64(0)
    for side in range(2):
        seed = np.int64(offset) if side == 0 else np.int64(graph.cost[edge]) - offset
        if seed <= limit:
            search, size = offer(search, size, graph.ends[edge, side], seed, mark)
    return search, size


@kernel
def walk(graph, a_edge, a_offset, b_edge, b_offset, limit, any_way, search, mark):
    """Cost of walking from a place to another if at most the limit, else NOWHERE.

    With ``any_way`` it stops at the first way within the limit, which need not be the shortest.
    Answers the search room too.
    """
    # straight along a common edge, or by Dijkstra's search (1959) from the first place
    best = np.int64(NOWHERE)
    if a_edge == b_edge and abs(a_offset - b_offset) <= limit:
        best = np.int64(abs(a_offset - b_offset))
    if any_way and best < NOWHERE:
        return best, search
    search, size = begin(graph, a_edge, a_offset, limit, search, mark)
    first, second = graph.ends[b_edge, 0], graph.ends[b_edge, 1]
    while size > 0:
        cost, _, keys, nodes = search
        key, node = keys[0], nodes[0]
        size -= 1
        heap_drop(keys, nodes, size)
        if key >= best:
            break  # nothing that is still queued can lead there sooner
        if key != cost[node]:
            continue
        if node == first and key + b_offset <= limit:
            best = min(best, key + b_offset)
        if node == second and key + graph.cost[b_edge] - b_offset <= limit:
            best = min(best, key + graph.cost[b_edge] - b_offset)
        if any_way and best < NOWHERE:
            break
        for a in range(graph.indptr[node], graph.indptr[node + 1]):
            new = key + graph.weight[a]
            if new <= limit and new < best:
                search, size = offer(search, size, graph.neighbour[a], new, mark)
    return best, search


@kernel
def walks(graph, a_edge, a_offset, b_edge, b_offset, limit, out):
    """Shortest walk of each pair of places, to out (n,) i8; NOWHERE beyond the limit."""
    search, any_way = new_search(graph.indptr.size - 1), np.bool_(False)
    for i in range(out.size):
        mark = np.int32(i + 1)
        out[i], search = walk(
            graph, a_edge[i], a_offset[i], b_edge[i], b_offset[i], limit, any_way, search, mark
        )


@kernel
def reached(graph, search, size, limit, mark, found):
    """Spread what is queued up to the limit; answers search room, the nodes reached and count."""
    # Dijkstra's search (1959): nodes come off the queue nearest first, so that what is listed
    # ascends in cost and no node is listed twice
    count = 0
    while size > 0:
        cost, _, keys, nodes = search
        key, node = keys[0], nodes[0]
        size -= 1
        heap_drop(keys, nodes, size)
        if key != cost[node]:
            continue
        if count == found.size:
            found = grown(found)
        found[count] = node
        count += 1
        for a in range(graph.indptr[node], graph.indptr[node + 1]):
            new = key + graph.weight[a]
            if new <= limit:
                search, size = offer(search, size, graph.neighbour[a], new, mark)
    return search, found, count


@kernel
def ball(graph, edge, offset, limit, search, mark, found):
    """List the nodes within a walk of a place; answers search room, list and count.

    Their costs are those of the search room, where the stamp is the mark.
    """
    search, size = begin(graph, edge, offset, limit, search, mark)
    return reached(graph, search, size, limit, mark, found)


@kernel
def places_around(graph, places, k, radius, search, mark, nodes, found):
    """List the places within a walk of place k, some more than once.

    Answers search room, list of nodes, list of places and how many places.
    """
    # a place is reached straight along a common edge, or over an end of its own edge; whoever is
    # reached in two ways is listed twice, which does no harm where the list only sets marks
    edge, offset = places.edge[k], places.offset[k]
    count = 0
    first = graph.ends[edge, 0]
    for m in range(places.start[first], places.start[first + 1]):
        t = places.member[m]
        if places.edge[t] == edge and abs(places.offset[t] - offset) <= radius:
            if count == found.size:
                found = grown(found)
            found[count] = t
            count += 1
    search, nodes, near = ball(graph, edge, offset, np.int64(radius), search, mark, nodes)
    for i in range(near):
        node = nodes[i]
        left = radius - search[0][node]
        for m in range(places.start[node], places.start[node + 1]):
            t = places.member[m]
            e = places.edge[t]
            if (graph.ends[e, 0] == node and places.offset[t] <= left) or (
                graph.ends[e, 1] == node and graph.cost[e] - places.offset[t] <= left
            ):
                if count == found.size:
                    found = grown(found)
                found[count] = t
                count += 1
    return search, nodes, found, count


@kernel
def merge(graph, places, order, radius, kept_by):
    """Let each link, best first, stand for all later ones with both ends within a walk of its own.

    Places ``2 i`` and ``2 i + 1`` are the ends of link i. ``kept_by`` (n,) i4 gets the link that
    stands for each: itself where it is kept.
    """
    # greedily, best first: whom an earlier link stands for stands for nobody itself
    kept_by[:] = -1
    near_second = np.full(places.edge.size, -1, np.int32)
    nodes, found = np.empty(256, np.int32), np.empty(256, np.int32)
    search = new_search(graph.indptr.size - 1)
    mark = np.int32(0)
    for i in order:
        if kept_by[i] >= 0:
            continue
        kept_by[i] = i
        # links with an end near the second end, then those of them whose other is near the first
        mark += np.int32(2)
        search, nodes, found, count = places_around(
            graph, places, 2 * i + 1, radius, search, np.int32(mark - 1), nodes, found
        )
        for c in range(count):
            near_second[found[c]] = i
        search, nodes, found, count = places_around(
            graph, places, 2 * i, radius, search, np.int32(mark), nodes, found
        )
        for c in range(count):
            t = found[c]
            if near_second[t ^ 1] == i and kept_by[t >> 1] < 0:
                kept_by[t >> 1] = i


@kernel
def pair_gains(graph, a_edge, a_offset, b_edge, b_offset, length, limit, origins, aims, out):
    """Weight of the pairs of nodes that each link alone brings within the limit.

    A pair counts the product of its nodes' weights, ``origins`` and ``aims`` (N,) f8, both ways.
    """
    count = graph.indptr.size - 1
    at_a, at_b, now = new_search(count), new_search(count), new_search(count)
    near_a, near_b = np.empty(256, np.int32), np.empty(256, np.int32)
    nodes = np.empty(256, np.int32)
    mark = np.int32(0)
    for i in range(out.size):
        out[i] = 0.0
        left, link = limit - length[i], np.int32(i + 1)
        if left < 0:
            continue
        # whoever gains walks to one end, over the link, and on from the other
        at_a, near_a, in_a = ball(graph, a_edge[i], a_offset[i], left, at_a, link, near_a)
        at_b, near_b, in_b = ball(graph, b_edge[i], b_offset[i], left, at_b, link, near_b)
        for k in range(in_a):
            x = near_a[k]
            spare = left - at_a[0][x]
            mark += np.int32(1)
            # whom x reaches within the limit already is not gained
            now, size = offer(now, np.int64(0), x, np.int64(0), np.int32(mark))
            now, nodes, _ = reached(graph, now, size, limit, np.int32(mark), nodes)
            for m in range(in_b):
                y = near_b[m]
                if at_b[0][y] > spare:
                    break
                if now[1][y] == mark:
                    continue
                # a pair that gains over the link in both directions is met twice, and counted once
                back = at_a[1][y] == link and at_b[1][x] == link
                if back and y < x and at_a[0][y] + at_b[0][x] <= left:
                    continue
                out[i] += origins[x] * aims[y] + origins[y] * aims[x]
