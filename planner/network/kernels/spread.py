"""Dijkstra from many seeds over a ring of buckets (after Dial 1969), compiled.

The front is sorted coarsely, by a quarter of a mean street: a bucket holds the nodes whose labels
lie in its range. All nodes of a bucket are scanned once in any order; those that one of them
improves within the same bucket go through a heap afterwards. So no node is scanned more than
twice however uneven the streets are, and hardly any is on real ones. Nodes beyond the ring wait
in a list that is sorted into it when half of it has been passed.
"""
# ruff: noqa: C901
# mypy: allow-untyped-defs, allow-untyped-calls

from __future__ import annotations

import numpy as np

from planner.compiled import kernel
from planner.network.kernels.graph import NONE
from planner.network.kernels.heap import heap_drop, heap_push

RING = 1024


@kernel
def bucket_shift(weight):
    """By how many bits to shift a label so that about four buckets make a mean street."""
    # a sample of some 4,000 streets gives the mean; 32 bits of a label lie below its cost
    step = max(weight.size >> 12, 1)
    total = np.int64(0)
    for a in range(0, weight.size, step):
        total += weight[a]
    mean = total * step // max(weight.size, 1)
    shift = 32
    while mean >> (shift - 32) >= 8:
        shift += 1
    return shift


@kernel
def spread(indptr, neighbour, weight, nodes, seeds, count, limit, label):
    """Spread seeds (i8, on nodes i4) up to a limit.

    ``label`` (n,) i8 starts at NONE and becomes each node's best. Buckets are linked lists of
    entries; ``later`` holds the nodes beyond the ring.
    """
    # all seeds wait beyond the ring at first; of several on a node the best stays
    shift = bucket_shift(weight)
    later = np.empty(max(count, 64), np.int32)
    waiting = 0
    for i in range(count):
        if seeds[i] < label[nodes[i]]:
            label[nodes[i]] = seeds[i]
            later[waiting] = nodes[i]
            waiting += 1
    first_entry = np.full(RING, -1, np.int32)
    entry_node = np.empty(4096, np.int32)
    following = np.empty(4096, np.int32)
    unused = np.int32(-1)
    made = 0
    heap_key = np.empty(1024, np.int64)
    heap_node = np.empty(1024, np.int32)
    live = 0
    cursor = refill = np.int64(0)
    while live > 0 or waiting > 0:
        # when the ring is empty, or half of it has been passed, sort those into it that wait
        if live == 0 or cursor == refill:
            # nothing between here and the nearest that waits: leap there
            if live == 0:
                soonest = np.int64(2**62)
                for i in range(waiting):
                    bucket = label[later[i]] >> shift
                    if bucket >= cursor:
                        soonest = min(soonest, bucket)
                cursor = soonest
            refill = cursor + RING // 2
            if made + waiting > following.size:
                following = np.append(following, np.empty(made + waiting, np.int32))
                entry_node = np.append(entry_node, np.empty(made + waiting, np.int32))
            kept = 0
            for i in range(waiting):
                # who has been reached sooner since then lies behind the cursor and is dropped
                bucket = label[later[i]] >> shift
                if bucket >= cursor + RING:
                    later[kept] = later[i]
                    kept += 1
                elif bucket >= cursor:
                    entry_node[made] = later[i]
                    following[made] = first_entry[bucket & (RING - 1)]
                    first_entry[bucket & (RING - 1)] = made
                    made += 1
                    live += 1
            waiting = kept
        # take the bucket's list, then, through a heap, whom its own nodes improved within it
        entry = first_entry[cursor & (RING - 1)]
        first_entry[cursor & (RING - 1)] = -1
        size = np.int64(0)
        while True:
            if entry >= 0:
                node = entry_node[entry]
                after = following[entry]
                following[entry] = unused
                unused = entry
                entry = after
                live -= 1
                key = label[node]
                if key >> shift != cursor:
                    continue  # improved out of this bucket since it was entered
            elif size > 0:
                key, node = heap_key[0], heap_node[0]
                size -= 1
                heap_drop(heap_key, heap_node, size)
                if label[node] != key:
                    continue
            else:
                break
            # make room for all that this node can improve, so that no step has to ask
            low, high = indptr[node], indptr[node + 1]
            if size + high - low > heap_key.size:
                heap_key = np.append(heap_key, np.empty(size + high - low, np.int64))
                heap_node = np.append(heap_node, np.empty(size + high - low, np.int32))
            if made + high - low > following.size:
                following = np.append(following, np.empty(made + high - low, np.int32))
                entry_node = np.append(entry_node, np.empty(made + high - low, np.int32))
            if waiting + high - low > later.size:
                later = np.append(later, np.empty(waiting + high - low, np.int32))
            for a in range(low, high):
                if (key >> 32) + weight[a] > limit:
                    continue
                other = neighbour[a]
                new = key + (np.int64(weight[a]) << 32)
                old = label[other]
                if new >= old:
                    continue
                label[other] = new
                bucket = new >> shift
                if bucket == cursor:
                    heap_push(heap_key, heap_node, size, new, other)
                    size += 1
                elif bucket == old >> shift and old != NONE:
                    continue  # there already
                elif bucket >= cursor + RING:
                    later[waiting] = other
                    waiting += 1
                else:
                    to = unused
                    if to >= 0:
                        unused = following[to]
                    else:
                        to = np.int32(made)
                        made += 1
                    entry_node[to] = other
                    following[to] = first_entry[bucket & (RING - 1)]
                    first_entry[bucket & (RING - 1)] = to
                    live += 1
        cursor += 1
