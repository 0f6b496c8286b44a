"""The binary heap (Williams 1964) on two arrays that all searches queue their nodes in.

Old entries of a node are not moved when it is reached at a lower cost: the lower one is queued
beside them, and a search skips what it takes off the heap above the node's cost by then.
"""
# mypy: allow-untyped-defs, allow-untyped-calls

from __future__ import annotations

import numpy as np

from planner.compiled import kernel

__all__ = ["grown", "heap_drop", "heap_push", "push"]


@kernel
def grown(array):
    """Give the same values with room for as many again."""
    larger = np.empty(2 * array.size, array.dtype)
    for i in range(array.size):
        larger[i] = array[i]
    return larger


@kernel
def heap_push(keys, nodes, size, key, node):
    """Put a key and its node into a heap of that size, which has room for one more."""
    # a hole is moved up instead of the key, past every larger parent: one entry is written at each
    # step, where an exchange would write two
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


@kernel
def push(keys, nodes, size, key, node):
    """Put a key and its node into a heap, which grows as needed; answers its arrays."""
    if size == keys.size:
        keys, nodes = grown(keys), grown(nodes)
    heap_push(keys, nodes, size, key, node)
    return keys, nodes


@kernel
def heap_drop(keys, nodes, size):
    """Take the top off a heap that has that size afterwards."""
    # the last entry takes the place of the top, so that the arrays have no gap, and is let down
    # past the smaller child each time, so that no parent is above its children
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
