"""The compiled loops: integers in, integers out; nothing here checks its input.

Every kernel is single-threaded, releases the GIL and touches no global state, so that threads may
run them side by side. Arrays are C-contiguous with the dtypes that the docstrings name: one
signature each, which keeps compiling short. Costs are integer millimetres or milliseconds.

A *label* is one int64 that holds a cost in its upper and a source index in its lower 32 bits, so
that comparing labels compares costs first and gives equal costs to the lowest source.
"""
# ruff: noqa: C901
# mypy: allow-untyped-defs, allow-untyped-calls

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numba import njit

NONE = np.int64(2**63 - 1)
"""The label of a place that no source reaches."""

MAX_COST = 2**31 - 2
"""The largest cost that is told, about 2147 km; beyond it a place counts as unreachable."""


def kernel(function: Callable[..., Any]) -> Callable[..., Any]:
    """Compile a function on first use, cached on disk wherever a cache can be written."""
    try:
        compiled: Callable[..., Any] = njit(cache=True, nogil=True)(function)
    except RuntimeError:  # "no locator available": neither the package nor the home is writable
        compiled = njit(nogil=True)(function)
    return compiled


@kernel
def hilbert_keys(xy, x0, y0, scale, out):
    """Position of points (n, 2) f8 along a Hilbert curve of order 16, to out (n,) u4."""
    for i in range(xy.shape[0]):
        x = np.int64((xy[i, 0] - x0) * scale)
        y = np.int64((xy[i, 1] - y0) * scale)
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
    fill[:] = start[:n]
    for node in range(n):
        for a in range(start[node], start[node + 1]):
            e = incident[a]
            other = ends[e, 0] + ends[e, 1] - node
            at = fill[other]
            if at > start[other] and neighbour[at - 1] == node:
                if cost[e] < weight[at - 1]:
                    weight[at - 1] = cost[e]
                    edge[at - 1] = e
            else:
                neighbour[at] = node
                weight[at] = cost[e]
                edge[at] = e
                fill[other] += 1
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
def heap_push(keys, nodes, size, key, node):
    """Put a key and its node into a binary heap of that size."""
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
def heap_drop(keys, nodes, size):
    """Take the top off a binary heap that has that size afterwards."""
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


BLOCK = 16


@kernel
def spread(indptr, neighbour, weight, nodes, seeds, count, limit, label):
    """Dijkstra from seeds; label (n,) i8 starts and ends as each node's best label.

    A ring of buckets by cost, each a chain of small blocks, sorts the front coarsely; a heap sorts
    the bucket at hand. So every node is scanned once however uneven the streets are.
    """
    total = np.int64(0)
    longest = np.int64(1)
    for a in range(weight.size):
        total += weight[a]
        longest = max(longest, np.int64(weight[a]))
    shift = 0
    while (longest >> shift) > 32000 or ((total // max(weight.size, 1)) >> shift) > 16:
        shift += 1
    ring = 1024
    while ring < (longest >> shift) + 3:
        ring *= 2
    first_block = np.full(ring, -1, np.int32)
    filled = np.zeros(ring, np.int32)
    blocks = 4096
    block_key = np.empty(blocks * BLOCK, np.int64)
    block_node = np.empty(blocks * BLOCK, np.int32)
    following = np.empty(blocks, np.int32)
    unused, made = np.int32(-1), 0
    heap_key = np.empty(1024, np.int64)
    heap_node = np.empty(1024, np.int32)
    waiting = 0
    cursor = np.int64(2**62)
    for i in range(count):
        if seeds[i] < label[nodes[i]]:
            label[nodes[i]] = seeds[i]
            nodes[waiting] = nodes[i]
            seeds[waiting] = seeds[i]
            waiting += 1
            cursor = min(cursor, seeds[i] >> (32 + shift))
    live = 0
    refill = cursor
    while live > 0 or waiting > 0:
        size = 0
        if cursor == refill or live == 0:
            if live == 0:
                cursor = np.int64(2**62)
                for i in range(waiting):
                    cursor = min(cursor, seeds[i] >> (32 + shift))
            refill = cursor + ring // 2
        slot = cursor & (ring - 1)
        scan = cursor == refill - ring // 2
        # seeds and streets both enter here: first the seeds that are due, then the front
        source = 0
        kept = 0
        phase = 0 if scan else 1
        low = high = np.int64(0)
        key = np.int64(0)
        node = np.int32(0)
        while True:
            if phase == 0:
                if source == waiting:
                    waiting = kept
                    phase = 1
                    continue
                key, node = seeds[source], nodes[source]
                source += 1
                if label[node] != key:
                    continue
                if (key >> (32 + shift)) >= refill:
                    seeds[kept], nodes[kept] = key, node
                    kept += 1
                    continue
                low, high = np.int64(-1), np.int64(0)
            elif phase == 1:
                block = first_block[slot]
                while block >= 0:
                    for i in range(block * BLOCK, block * BLOCK + filled[slot]):
                        live -= 1
                        if label[block_node[i]] == block_key[i]:
                            if size == heap_key.size:
                                heap_key = np.append(heap_key, np.empty(size, np.int64))
                                heap_node = np.append(heap_node, np.empty(size, np.int32))
                            heap_push(heap_key, heap_node, size, block_key[i], block_node[i])
                            size += 1
                    filled[slot] = BLOCK
                    after = following[block]
                    following[block] = unused
                    unused = block
                    block = after
                first_block[slot] = -1
                filled[slot] = 0
                phase = 2
                continue
            else:
                if size == 0:
                    break
                key, node = heap_key[0], heap_node[0]
                size -= 1
                heap_drop(heap_key, heap_node, size)
                if label[node] != key:
                    continue
                low, high = np.int64(indptr[node]), np.int64(indptr[node + 1])
            for a in range(low, high):
                other, new = node, key
                if a >= 0:
                    if (key >> 32) + weight[a] > limit:
                        continue
                    other = neighbour[a]
                    new = key + (np.int64(weight[a]) << 32)
                    if new >= label[other]:
                        continue
                    label[other] = new
                    if new >> (32 + shift) == cursor:
                        if size == heap_key.size:
                            heap_key = np.append(heap_key, np.empty(size, np.int64))
                            heap_node = np.append(heap_node, np.empty(size, np.int32))
                        heap_push(heap_key, heap_node, size, new, other)
                        size += 1
                        continue
                to = (new >> (32 + shift)) & (ring - 1)
                if first_block[to] < 0 or filled[to] == BLOCK:
                    block = unused
                    if block >= 0:
                        unused = following[block]
                    else:
                        if made == following.size:
                            following = np.append(following, np.empty(made, np.int32))
                            block_key = np.append(block_key, np.empty(made * BLOCK, np.int64))
                            block_node = np.append(block_node, np.empty(made * BLOCK, np.int32))
                        block = np.int32(made)
                        made += 1
                    following[block] = first_block[to]
                    first_block[to] = block
                    filled[to] = 0
                i = first_block[to] * BLOCK + filled[to]
                block_key[i] = new
                block_node[i] = other
                filled[to] += 1
                live += 1
        cursor += 1


@kernel
def label_targets(
    ends, cost, label, s_edge, s_offset, s_access, t_edge, t_offset, t_access, limit, out
):
    """Best label of each target (T,) i8: over both ends of its edge, and along the edge itself."""
    head = np.full(ends.shape[0], -1, np.int32)
    following = np.empty(s_edge.size, np.int32)
    for s in range(s_edge.size - 1, -1, -1):
        if s_edge[s] >= 0:
            following[s] = head[s_edge[s]]
            head[s_edge[s]] = s
    for t in range(t_edge.size):
        e = t_edge[t]
        best = NONE
        if e >= 0:
            access = np.int64(t_access[t])
            for side in range(2):
                at = label[ends[e, side]]
                if at != NONE:
                    along = np.int64(t_offset[t]) if side == 0 else np.int64(cost[e]) - t_offset[t]
                    total = (at >> 32) + along + access
                    if total <= limit:
                        best = min(best, (total << 32) | (at & 0xFFFFFFFF))
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
def side_of(x0, y0, x1, y1, px, py):
    """On which side of a line a point lies: 1, -1, or 0 within a millimetre of it."""
    length = np.hypot(x1 - x0, y1 - y0)
    if length == 0.0:
        return 0
    distance = ((x1 - x0) * (py - y0) - (y1 - y0) * (px - x0)) / length
    return 1 if distance > 1e-3 else (-1 if distance < -1e-3 else 0)


@kernel
def near_gate(x, y, b, gate_start, gate_xy, reach):
    """Whether a spot on barrier segment b lies within reach of one of its gates."""
    for g in range(gate_start[b], gate_start[b + 1]):
        if (gate_xy[g, 0] - x) ** 2 + (gate_xy[g, 1] - y) ** 2 <= reach * reach:
            return True
    return False


@kernel
def leg_meets(leg, street, wall):
    """How a leg (from home to joining point) meets a wall segment.

    Answers what and where along the leg: 0 not at all, 1 crosses it, 2 ends on a wall that the
    street leaves on the far side, 3 ends on a wall along which the street runs.
    """
    px, py, jx, jy = leg
    ax, ay, bx, by = wall
    if segment_distance(px, py, ax, ay, bx, by)[0] <= 1e-6:
        return 0, 0.0
    if segment_distance(jx, jy, ax, ay, bx, by)[0] <= 1e-6:
        home = side_of(ax, ay, bx, by, px, py)
        first = side_of(ax, ay, bx, by, street[0], street[1])
        second = side_of(ax, ay, bx, by, street[2], street[3])
        if first == 0 and second == 0:
            return 3, 1.0
        if home in (0, first, second):
            return 0, 1.0
        return 2, 1.0
    a = (jx - px) * (ay - py) - (jy - py) * (ax - px)
    b = (jx - px) * (by - py) - (jy - py) * (bx - px)
    p = (bx - ax) * (py - ay) - (by - ay) * (px - ax)
    j = (bx - ax) * (jy - ay) - (by - ay) * (jx - ax)
    apart = (a > 0.0 and b > 0.0) or (a < 0.0 and b < 0.0)
    apart = apart or (p > 0.0 and j > 0.0) or (p < 0.0 and j < 0.0)
    if apart or p == j:
        return 0, 0.0
    return 1, p / (p - j)


@kernel
def leg_blocked(leg, street, walls, boxes, level, gate_start, gate_xy, reach):
    """Whether a leg crosses one of the wall segments (B, 4), gates excepted."""
    px, py, jx, jy = leg
    low_x, high_x = min(px, jx) - 1e-3, max(px, jx) + 1e-3
    low_y, high_y = min(py, jy) - 1e-3, max(py, jy) + 1e-3
    stack = np.empty((96, 2), np.int32)
    stack[0, 0], stack[0, 1] = level.size - 2, 0
    size = 1
    far_side = along = False
    while size > 0:
        size -= 1
        depth, i = stack[size, 0], stack[size, 1]
        box = level[depth] + i
        if (
            boxes[box, 0] > high_x
            or boxes[box, 2] < low_x
            or boxes[box, 1] > high_y
            or boxes[box, 3] < low_y
        ):
            continue
        if depth > 0:
            for child in range(4 * i, min(4 * i + 4, level[depth] - level[depth - 1])):
                stack[size, 0], stack[size, 1] = depth - 1, child
                size += 1
            continue
        for b in range(4 * i, min(4 * i + 4, walls.shape[0])):
            wall = (walls[b, 0], walls[b, 1], walls[b, 2], walls[b, 3])
            what, t = leg_meets(leg, street, wall)
            if what == 3:
                along = True
            elif what > 0 and not near_gate(
                px + t * (jx - px), py + t * (jy - py), b, gate_start, gate_xy, reach
            ):
                if what == 1:
                    return True
                far_side = True
    return far_side and not along  # a street along a wall may be joined from both sides


@kernel
def snap_points(
    xy,
    order,
    max_access_mm,
    segments,
    segment_edge,
    segment_along,
    boxes,
    level,
    edge_metres,
    cost,
    walls,
    wall_boxes,
    wall_level,
    gate_start,
    gate_xy,
    reach,
    edge,
    offset,
    access,
    join_xy,
):
    """Nearest point on a segment whose leg crosses no wall; equally near: the lowest edge.

    Points (n, 2) f8 are taken in the given order. Segments (M, 4) f8 run from the smaller to the
    larger coordinate, so that the same line drawn twice gives the same numbers. Outputs: edge i4,
    offset i4, access i4, join_xy (n, 2) f8, left as they are where nothing is found.
    """
    stack = np.empty((96, 2), np.int32)
    stack_square = np.empty(96, np.float64)
    for point in order:
        px, py = xy[point, 0], xy[point, 1]
        best_edge = np.int32(-1)
        best_square = ((max_access_mm + 1.0) / 1000.0) ** 2
        best_along = best_x = best_y = 0.0
        stack[0, 0], stack[0, 1], stack_square[0] = level.size - 2, 0, 0.0
        size = 1
        while size > 0:
            size -= 1
            if stack_square[size] > best_square * (1.0 + 1e-9):
                continue
            depth, i = stack[size, 0], stack[size, 1]
            if depth > 0:
                first = size
                for child in range(4 * i, min(4 * i + 4, level[depth] - level[depth - 1])):
                    box = level[depth - 1] + child
                    dx = max(boxes[box, 0] - px, 0.0, px - boxes[box, 2])
                    dy = max(boxes[box, 1] - py, 0.0, py - boxes[box, 3])
                    square = dx * dx + dy * dy
                    if square > best_square * (1.0 + 1e-9):
                        continue
                    # the nearest box on top
                    at = size
                    while at > first and stack_square[at - 1] < square:
                        stack_square[at] = stack_square[at - 1]
                        stack[at, 0], stack[at, 1] = stack[at - 1, 0], stack[at - 1, 1]
                        at -= 1
                    stack[at, 0], stack[at, 1], stack_square[at] = depth - 1, child, square
                    size += 1
                continue
            for m in range(4 * i, min(4 * i + 4, segments.shape[0])):
                x0, y0, x1, y1 = segments[m, 0], segments[m, 1], segments[m, 2], segments[m, 3]
                square, t = segment_distance(px, py, x0, y0, x1, y1)
                e = segment_edge[m]
                if not (
                    square < best_square
                    or (square == best_square and best_edge >= 0 and e < best_edge)
                ):
                    continue
                if np.rint(np.sqrt(square) * 1000.0) > max_access_mm:
                    continue
                jx = x0 if t == 0.0 else (x1 if t == 1.0 else x0 + t * (x1 - x0))
                jy = y0 if t == 0.0 else (y1 if t == 1.0 else y0 + t * (y1 - y0))
                if walls.shape[0] > 0 and leg_blocked(
                    (px, py, jx, jy),
                    (x0, y0, x1, y1),
                    walls,
                    wall_boxes,
                    wall_level,
                    gate_start,
                    gate_xy,
                    reach,
                ):
                    continue
                best_square, best_edge, best_x, best_y = square, e, jx, jy
                low, high = segment_along[m, 0], segment_along[m, 1]
                best_along = low if t == 0.0 else (high if t == 1.0 else low + t * (high - low))
        if best_edge >= 0:
            edge[point] = best_edge
            metres = edge_metres[best_edge]
            if metres > 0.0:
                part = min(max(best_along / metres, 0.0), 1.0)
                offset[point] = np.int32(np.rint(part * cost[best_edge]))
            access[point] = np.int32(np.rint(np.sqrt(best_square) * 1000.0))
            join_xy[point, 0], join_xy[point, 1] = best_x, best_y


@kernel
def eliminate(indptr, neighbour, weight, most, position, up_start, core_start):
    """Remove nodes of low degree one by one, linking their neighbours by the way through them.

    Nodes go in rounds of mutually unlinked ones along the Hilbert curve, fewest links first, until
    the rest has more than ``most`` links each. Writes each node's place in that order (the rest,
    the core, comes last), and where its arcs start: arcs of an eliminated node lead to nodes
    after it (up_start (N + 1,) i4), arcs of the core run within it (core_start (N + 1,) i4).
    Answers the number eliminated, the arcs' heads and costs, the core arcs' heads and costs.
    """
    n = indptr.size - 1
    size = np.empty(n, np.int32)
    room = np.empty(n, np.int32)
    begin = np.empty(n, np.int64)
    used = np.int64(0)
    pool_node = np.empty(3 * neighbour.size + 8 * n + 64, np.int32)
    pool_cost = np.empty(pool_node.size, np.int32)
    for i in range(n):
        begin[i] = used
        size[i] = indptr[i + 1] - indptr[i]
        room[i] = size[i] + 1
        for a in range(size[i]):
            pool_node[used + a] = neighbour[indptr[i] + a]
            pool_cost[used + a] = weight[indptr[i] + a]
        used += room[i]
    left = np.arange(n).astype(np.int32)
    touched = np.zeros(n, np.int32)
    where = np.full(n, -1, np.int32)
    order = np.empty(n, np.int32)
    arc_node = np.empty(2 * n + 64, np.int32)
    arc_cost = np.empty(arc_node.size, np.int32)
    arcs = done = 0
    most_now, turn = 1, 0
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
            if arcs + degree > arc_node.size:
                arc_node = np.append(arc_node, np.empty(arc_node.size, np.int32))
                arc_cost = np.append(arc_cost, np.empty(arc_cost.size, np.int32))
            up_start[done] = arcs
            for a in range(begin[x], begin[x] + degree):
                arc_node[arcs] = pool_node[a]
                arc_cost[arcs] = pool_cost[a]
                arcs += 1
            order[done] = x
            done += 1
            for a in range(arcs - degree, arcs):
                node = arc_node[a]
                touched[node] = turn
                b = begin[node]
                last = size[node] - 1
                for at in range(b, b + last + 1):
                    where[pool_node[at]] = at - b
                # x itself leaves the list, the last entry takes its place
                gap = where[x]
                pool_node[b + gap] = pool_node[b + last]
                pool_cost[b + gap] = pool_cost[b + last]
                where[pool_node[b + gap]] = gap
                where[x] = -1
                size[node] = last
                if last + degree - 1 > room[node]:
                    room[node] = 2 * (last + degree)
                    if used + room[node] > pool_node.size:
                        pool_node = np.append(pool_node, np.empty(pool_node.size, np.int32))
                        pool_cost = np.append(pool_cost, np.empty(pool_cost.size, np.int32))
                    pool_node[used : used + last] = pool_node[b : b + last]
                    pool_cost[used : used + last] = pool_cost[b : b + last]
                    b = begin[node] = used
                    used += room[node]
                for other in range(arcs - degree, arcs):
                    head = arc_node[other]
                    total = np.int64(arc_cost[a]) + arc_cost[other]
                    if other == a or total > MAX_COST:
                        continue
                    at = where[head]
                    if at < 0:
                        pool_node[b + size[node]] = head
                        pool_cost[b + size[node]] = total
                        size[node] += 1
                    elif total < pool_cost[b + at]:
                        pool_cost[b + at] = total
                for at in range(b, b + size[node]):
                    where[pool_node[at]] = -1
        if kept > 0.97 * left.size:
            most_now += 1
        left = left[:kept]
    up_start[done:] = arcs
    for i in range(left.size):
        order[done + i] = left[i]
    for i in range(n):
        position[order[i]] = i
    for a in range(arcs):
        arc_node[a] = position[arc_node[a]]
    core = 0
    for i in range(left.size):
        core += size[left[i]]
    core_node = np.empty(core, np.int32)
    core_cost = np.empty(core, np.int32)
    core = 0
    for i in range(left.size):
        core_start[i] = core
        x = left[i]
        for a in range(begin[x], begin[x] + size[x]):
            core_node[core] = position[pool_node[a]] - done
            core_cost[core] = pool_cost[a]
            core += 1
    core_start[left.size :] = core
    return done, arc_node[:arcs].copy(), arc_cost[:arcs].copy(), core_node, core_cost


@kernel
def sweep_up(done, start, head, cost, limit, label):
    """Hand labels (n,) i8 from eliminated nodes to the nodes above them."""
    for i in range(done):
        key = label[i]
        if key == NONE:
            continue
        low = key >> 32
        for a in range(start[i], start[i + 1]):
            if low + cost[a] <= limit:
                label[head[a]] = min(label[head[a]], key + (np.int64(cost[a]) << 32))


@kernel
def sweep_down(done, start, head, cost, limit, label):
    """Hand labels (n,) i8 from the nodes above to eliminated nodes."""
    for i in range(done - 1, -1, -1):
        best = label[i]
        for a in range(start[i], start[i + 1]):
            key = label[head[a]]
            if (key >> 32) + cost[a] <= limit:
                best = min(best, key + (np.int64(cost[a]) << 32))
        label[i] = best


@kernel
def keep_best(labels, row, key):
    """Insert a label among a row's best, one for each source; answers whether it went in."""
    k = labels.shape[1]
    if key >= labels[row, k - 1]:
        return False
    source = key & 0xFFFFFFFF
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
def sweep_rows(done, start, head, cost, limit, labels, down):
    """Hand rows of labels (n, k) i8 up to the nodes above, or down from them."""
    k = labels.shape[1]
    for step in range(done):
        i = done - 1 - step if down else step
        for a in range(start[i], start[i + 1]):
            giver, taker = (head[a], i) if down else (i, head[a])
            for j in range(k):
                key = labels[giver, j]
                if (key >> 32) + cost[a] > limit:
                    break
                keep_best(labels, taker, key + (np.int64(cost[a]) << 32))


@kernel
def spread_rows(indptr, neighbour, weight, limit, labels):
    """Dijkstra that keeps the best label of each of k sources in rows (n, k) i8."""
    heap_key = np.empty(1024, np.int64)
    heap_node = np.empty(1024, np.int32)
    size = 0
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
        current = False
        for j in range(labels.shape[1]):
            current = current or labels[node, j] == key
        if not current:
            continue
        for a in range(indptr[node], indptr[node + 1]):
            if (key >> 32) + weight[a] > limit:
                continue
            new = key + (np.int64(weight[a]) << 32)
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
    """Best labels (T, k) i8 of each target, as :func:`label_targets` finds the one."""
    head = np.full(ends.shape[0], -1, np.int32)
    following = np.empty(s_edge.size, np.int32)
    for s in range(s_edge.size - 1, -1, -1):
        if s_edge[s] >= 0:
            following[s] = head[s_edge[s]]
            head[s_edge[s]] = s
    for t in range(t_edge.size):
        e = t_edge[t]
        if e < 0:
            continue
        access = np.int64(t_access[t])
        for side in range(2):
            along = np.int64(t_offset[t]) if side == 0 else np.int64(cost[e]) - t_offset[t]
            node = position[ends[e, side]]
            for j in range(labels.shape[1]):
                key = labels[node, j]
                if (key >> 32) + along + access > limit:
                    break
                keep_best(out, t, key + ((along + access) << 32))
        s = head[e]
        while s >= 0:
            total = abs(np.int64(s_offset[s]) - t_offset[t]) + s_access[s] + access
            if total <= limit:
                keep_best(out, t, (total << 32) | s)
            s = following[s]


@kernel
def places_by_node(n, ends, edge):
    """Which places (T,) i4 by edge are reached from each of n nodes: CSR start and member."""
    start = np.zeros(n + 1, np.int32)
    for e in edge:
        if e >= 0:
            start[ends[e, 0] + 1] += 1
            if ends[e, 0] != ends[e, 1]:
                start[ends[e, 1] + 1] += 1
    for i in range(n):
        start[i + 1] += start[i]
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
    """Dijkstra from at most two seeds, cost by cost; answers how many nodes it touched.

    ``reach`` (n,) i4 starts at -1 everywhere and holds the costs found, ``parent`` (n,) i4 the arc
    that led to each node (-1 - seed for a seed), ``touched`` (n,) i4 the nodes.
    """
    heap_key = np.empty(256, np.int64)
    heap_node = np.empty(256, np.int32)
    size = count = 0
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
            continue
        for a in range(indptr[node], indptr[node + 1]):
            new = cost + weight[a]
            other = neighbour[a]
            if new > limit or (reach[other] >= 0 and reach[other] <= new):
                continue
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
            for i in range(start[nodes[0]], start[nodes[0] + 1]):
                t = member[i]
                if t_edge[t] == e and reach[nodes[0]] < 0 and reach[nodes[1]] < 0:
                    total = abs(np.int64(g_offset[g]) - t_offset[t]) + g_access[g] + t_access[t]
                    if total <= limit:
                        found[filled], costs[filled] = t, total
                        filled += 1
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
            for i in range(count):
                reach[touched[i]] = -1
        row_start[g + 1] = filled
    return g_edge.size


@kernel
def tell_nodes(place, label, value, source):
    """Turn labels into thousandths of the unit, f8, and sources, i4, for each node's place."""
    for i in range(place.size):
        key = label[place[i]]
        value[i] = np.inf if key == NONE else (key >> 32) / 1000.0
        source[i] = -1 if key == NONE else np.int32(key & 0xFFFFFFFF)
