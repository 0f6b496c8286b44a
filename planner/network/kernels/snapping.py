"""The compiled loops of :mod:`planner.network.snapping` and :mod:`planner.network.boxes`."""
# ruff: noqa: C901
# mypy: allow-untyped-defs, allow-untyped-calls

from __future__ import annotations

import numpy as np

from planner.compiled import kernel
from planner.network.kernels.graph import segment_distance


@kernel
def midpoints(coords, start, joinable, xy):
    """Midpoints (M, 2) f8 of the segments of joinable polylines coords[start[e]:start[e + 1]]."""
    m = 0
    for e in range(joinable.size):
        if joinable[e]:
            for i in range(start[e], start[e + 1] - 1):
                xy[m, 0] = (coords[i, 0] + coords[i + 1, 0]) / 2.0
                xy[m, 1] = (coords[i, 1] + coords[i + 1, 1]) / 2.0
                m += 1


@kernel
def cut_segments(coords, start, joinable, rank, segments, edge, along, edge_metres):
    """Cut joinable polylines into segments, the m-th to place rank[m] i4; lengths of all edges.

    A segment runs from its smaller to its larger coordinate; ``along`` (M, 2) f8 says how far
    along its edge each end lies.
    """
    m = 0
    for e in range(joinable.size):
        metres = 0.0
        for i in range(start[e], start[e + 1] - 1):
            x0, y0, x1, y1 = coords[i, 0], coords[i, 1], coords[i + 1, 0], coords[i + 1, 1]
            low = metres
            metres += np.hypot(x1 - x0, y1 - y0)
            high = metres
            if joinable[e]:
                at = rank[m]
                m += 1
                # always from the smaller end: two streets drawn along the same ground in opposite
                # directions then give a point the same nearest place, to the last bit
                if x0 > x1 or (x0 == x1 and y0 > y1):
                    x0, y0, x1, y1, low, high = x1, y1, x0, y0, high, low
                segments[at, 0], segments[at, 1] = x0, y0
                segments[at, 2], segments[at, 3] = x1, y1
                along[at, 0], along[at, 1] = low, high
                edge[at] = e
        edge_metres[e] = metres


@kernel
def box_segments(segments, order, level, boxes):
    """Boxes (B, 4) f8 of segments (M, 4), four in order to a leaf and four boxes to the next.

    An R-tree packed from the leaves up along a Hilbert curve (Kamel and Faloutsos 1993).
    """
    for depth in range(level.size - 1):
        below = order.size if depth == 0 else level[depth] - level[depth - 1]
        for i in range(level[depth + 1] - level[depth]):
            low_x = low_y = np.inf
            high_x = high_y = -np.inf
            for child in range(4 * i, min(4 * i + 4, below)):
                row = segments[order[child]] if depth == 0 else boxes[level[depth - 1] + child]
                x0, y0, x1, y1 = row[0], row[1], row[2], row[3]
                low_x, high_x = min(low_x, x0, x1), max(high_x, x0, x1)
                low_y, high_y = min(low_y, y0, y1), max(high_y, y0, y1)
            box = level[depth] + i
            boxes[box, 0], boxes[box, 1] = low_x, low_y
            boxes[box, 2], boxes[box, 3] = high_x, high_y


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
    # who lives on the wall may leave it to either side
    if segment_distance(px, py, ax, ay, bx, by)[0] <= 1e-6:
        return 0, 0.0
    # where the leg ends on the wall it depends on which side the street leaves it
    if segment_distance(jx, jy, ax, ay, bx, by)[0] <= 1e-6:
        home = side_of(ax, ay, bx, by, px, py)
        first = side_of(ax, ay, bx, by, street[0], street[1])
        second = side_of(ax, ay, bx, by, street[2], street[3])
        if first == 0 and second == 0:
            return 3, 1.0
        if home in (0, first, second):
            return 0, 1.0
        return 2, 1.0
    # otherwise it crosses where the ends of each lie on both sides of the other
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
    # down the tree of the walls, past every box that the leg's own, a millimetre wider for the sake
    # of rounding, does not touch. One wall that is crossed is enough; whether a leg that ends on a
    # wall comes from the wrong side is only known once all walls there were seen
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
    # the nearest segment by branch and bound down the tree (Roussopoulos et al. 1995): a box that
    # is farther than the best so far holds nothing better. Points come along a Hilbert curve, so
    # that the boxes of the last one are still in the processor's cache
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
                    # the nearest box on top: the sooner something near is found, the more boxes are
                    # skipped
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
                # walls are asked last, and only for what would be the nearest
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
