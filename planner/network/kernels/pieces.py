"""The compiled loops that find where streets come near each other.

Streets are cut into pieces: piece ``p`` of edge ``edge[p]`` is the polyline
``xy[start[p]:start[p + 1]]``, and ``along`` says how many metres of the edge lie before each of
its points. Other conventions are those of :mod:`planner.network.kernels.links`.
"""
# mypy: allow-untyped-defs, allow-untyped-calls

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from planner.arrays import F64, I32, Bool
from planner.compiled import kernel
from planner.network.kernels.graph import segment_distance
from planner.network.kernels.heap import grown
from planner.network.kernels.links import NOWHERE, ball, new_search, walk

__all__ = ["Pieces", "Tree", "Walls"]


class Pieces(NamedTuple):
    """Pieces of streets: polylines, edge, metres along it, metres of each edge, near a barrier."""

    xy: F64
    start: I32
    edge: I32
    along: F64
    edge_metres: F64
    wide: Bool


class Tree(NamedTuple):
    """An R-tree of boxes (Guttman 1984), :class:`planner.network.boxes.BoxTree`."""

    order: I32
    boxes: F64
    level: I32


class Walls(NamedTuple):
    """Segments (M, 4) in the order of their tree."""

    segments: F64
    tree: Tree


@kernel
def cut_pieces(coords, start, joinable, most, room):
    """Cut the polylines of joinable edges into equal pieces of at most ``most`` metres.

    ``room`` is how many pieces there may be. Answers coordinates, metres along, starts and edges.
    """
    xy = np.empty((coords.shape[0] + 2 * room, 2))
    along = np.empty(coords.shape[0] + 2 * room)
    piece_start, piece_edge = np.zeros(room + 1, np.int32), np.empty(room, np.int32)
    count = points = 0
    for e in range(joinable.size):
        if not joinable[e]:
            continue
        metres = 0.0
        for i in range(start[e] + 1, start[e + 1]):
            metres += np.hypot(coords[i, 0] - coords[i - 1, 0], coords[i, 1] - coords[i - 1, 1])
        # as few equal parts as are short enough; a cut falls between two points or on one
        parts = max(1, int(np.ceil(metres / most)))
        xy[points], along[points] = coords[start[e]], 0.0
        points += 1
        cut, gone = 1, 0.0
        for i in range(start[e] + 1, start[e + 1]):
            dx, dy = coords[i, 0] - coords[i - 1, 0], coords[i, 1] - coords[i - 1, 1]
            long = np.hypot(dx, dy)
            while cut < parts and metres * cut / parts < gone + long:
                there = metres * cut / parts
                t = (there - gone) / long
                for _ in range(2):  # the end of one piece and the start of the next
                    xy[points, 0], xy[points, 1] = (
                        coords[i - 1, 0] + t * dx,
                        coords[i - 1, 1] + t * dy,
                    )
                    along[points] = there
                    points += 1
                piece_edge[count] = e
                count += 1
                piece_start[count] = points - 1
                cut += 1
            gone += long
            xy[points], along[points] = coords[i], gone
            points += 1
        piece_edge[count] = e
        count += 1
        piece_start[count] = points
    return (
        xy[:points].copy(),
        along[:points].copy(),
        piece_start[: count + 1].copy(),
        piece_edge[:count].copy(),
    )


@kernel
def across(line, x, y):
    """How far a point lies to the left of a line (x0, y0, x1, y1), times the line's length."""
    return (line[2] - line[0]) * (y - line[1]) - (line[3] - line[1]) * (x - line[0])


@kernel
def crossing(a, b):
    """Where along segment a (0 to 1) it meets segment b; −1 where it does not or runs along it."""
    # each segment's ends must lie on both sides of the other's line
    b_first, b_last = across(a, b[0], b[1]), across(a, b[2], b[3])
    first, last = across(b, a[0], a[1]), across(b, a[2], a[3])
    if b_first * b_last > 0.0 or first * last > 0.0 or first == last:
        return -1.0
    t = first / (first - last)
    x, y = a[0] + t * (a[2] - a[0]), a[1] + t * (a[3] - a[1])
    # where an end lies on the other's line, rounding decides the signs above: the segments only
    # meet if the place is on b as well, within a millimetre (1e-6 square metres)
    return t if segment_distance(x, y, b[0], b[1], b[2], b[3])[0] < 1e-6 else -1.0


@kernel
def nearest_points(pieces, p, q):
    """Squared distance of two pieces and the metres along their edges where they are nearest."""
    best, here, there = np.inf, 0.0, 0.0
    xy, along = pieces.xy, pieces.along
    for i in range(pieces.start[p], pieces.start[p + 1] - 1):
        a = (xy[i, 0], xy[i, 1], xy[i + 1, 0], xy[i + 1, 1])
        for j in range(pieces.start[q], pieces.start[q + 1] - 1):
            b = (xy[j, 0], xy[j, 1], xy[j + 1, 0], xy[j + 1, 1])
            # two segments that do not cross are nearest at an end of one of them
            for k in range(2):
                square, t = segment_distance(b[2 * k], b[2 * k + 1], a[0], a[1], a[2], a[3])
                if square < best:
                    best, there = square, along[j + k]
                    here = along[i] + t * (along[i + 1] - along[i])
                square, t = segment_distance(a[2 * k], a[2 * k + 1], b[0], b[1], b[2], b[3])
                if square < best:
                    best, here = square, along[i + k]
                    there = along[j] + t * (along[j + 1] - along[j])
            if best > 0.0:
                s, t = crossing(a, b), crossing(b, a)
                if s >= 0.0 and t >= 0.0:
                    best = 0.0
                    here = along[i] + s * (along[i + 1] - along[i])
                    there = along[j] + t * (along[j + 1] - along[j])
    return best, here, there


@kernel
def place_on(pieces, p, metres):
    """Coordinates of the place that many metres along the edge of a piece."""
    i = pieces.start[p]
    while i < pieces.start[p + 1] - 2 and pieces.along[i + 1] < metres:
        i += 1
    span = pieces.along[i + 1] - pieces.along[i]
    t = (metres - pieces.along[i]) / span if span > 0 else 0.0
    t = min(max(t, 0.0), 1.0)
    return (
        pieces.xy[i, 0] + t * (pieces.xy[i + 1, 0] - pieces.xy[i, 0]),
        pieces.xy[i, 1] + t * (pieces.xy[i + 1, 1] - pieces.xy[i, 1]),
    )


@kernel
def boxes_near(tree, box, reach, stack, found):
    """List the leaf boxes within reach of a box; answers the list, which may grow, and how many."""
    level, boxes = tree.level, tree.boxes
    # a box holds all below it: where it is too far, so are they, and only near branches are walked
    # down
    stack[0, 0], stack[0, 1] = level.size - 2, 0
    size, count = 1, 0
    while size > 0:
        size -= 1
        depth, i = stack[size, 0], stack[size, 1]
        at = level[depth] + i
        dx = max(boxes[at, 0] - box[2], 0.0, box[0] - boxes[at, 2])
        dy = max(boxes[at, 1] - box[3], 0.0, box[1] - boxes[at, 3])
        if dx * dx + dy * dy > reach * reach:
            continue
        if depth == 0:
            if count == found.size:
                found = grown(found)
            found[count] = i
            count += 1
            continue
        for child in range(4 * i, min(4 * i + 4, level[depth] - level[depth - 1])):
            stack[size, 0], stack[size, 1] = depth - 1, child
            size += 1
    return found, count


@kernel
def spans_wall(walls, leg, bank, stack, found):
    """Whether a leg (x0, y0, x1, y1) meets a wall at most that part of it from either end.

    Answers the room of the list too.
    """
    # a river has two banks: the first wall that the leg meets must be near one end and the last
    # near the other. Then what it spans is the river, and not land beside it where nobody asked for
    # a link
    box = (min(leg[0], leg[2]), min(leg[1], leg[3]), max(leg[0], leg[2]), max(leg[1], leg[3]))
    found, count = boxes_near(walls.tree, box, 0.0, stack, found)
    segments = walls.segments
    first, last = 2.0, -1.0
    for c in range(count):
        for m in range(4 * found[c], min(4 * found[c] + 4, segments.shape[0])):
            wall = (segments[m, 0], segments[m, 1], segments[m, 2], segments[m, 3])
            t = crossing(leg, wall)
            if t >= 0.0:
                first, last = min(first, t), max(last, t)
    return first <= bank and 1.0 - last <= bank, found


@kernel
def box_of(pieces, p):
    """Bounds of a piece."""
    low_x = low_y = np.inf
    high_x = high_y = -np.inf
    for i in range(pieces.start[p], pieces.start[p + 1]):
        low_x, high_x = min(low_x, pieces.xy[i, 0]), max(high_x, pieces.xy[i, 0])
        low_y, high_y = min(low_y, pieces.xy[i, 1]), max(high_y, pieces.xy[i, 1])
    return low_x, low_y, high_x, high_y


@kernel
def offset_on(pieces, graph, p, metres):
    """Millimetres along the edge of a piece."""
    edge = pieces.edge[p]
    whole = pieces.edge_metres[edge]
    part = min(max(metres / whole, 0.0), 1.0) if whole > 0.0 else 0.0
    return np.int32(np.rint(part * graph.cost[edge]))


@kernel
def meet_soon(graph, a_edge, a_offset, b_edge, b_offset, least):
    """Whether two places are nearer than ``least`` over a node that their edges share."""
    for s in range(2):
        for t in range(2):
            if graph.ends[a_edge, s] == graph.ends[b_edge, t]:
                here = a_offset if s == 0 else graph.cost[a_edge] - a_offset
                there = b_offset if t == 0 else graph.cost[b_edge] - b_offset
                if np.int64(here) + there < least:
                    return True
    return False


@kernel
def needed(length, least, detour):
    """Shortest walk that is far for a straight line, millimetres."""
    return max(np.int64(least), np.int64(np.ceil(length * detour)), np.int64(length) + 1)


@kernel
def near_pairs(graph, pieces, tree, walls, i, gap, span, least, detour, room, pairs, count):
    """Add the pairs of piece i of the tree with later ones that are near but perhaps far on foot.

    ``pairs`` are (edge, offset, edge, offset, length) (n, 5) i4 and coordinates (n, 4) f8, this
    piece first. Answers them, how many they are, and the room for lists.
    """
    stack, wall_stack, found, met = room
    places, xy = pairs
    p = tree.order[i]
    reach = span if pieces.wide[p] else gap
    found, near = boxes_near(tree, box_of(pieces, p), reach, stack, found)
    for c in range(4 * near):
        j = 4 * found[c >> 2] + (c & 3)
        if j <= i or j >= tree.order.size:
            continue  # each pair once, by the later of the two
        q = tree.order[j]
        most = span if pieces.wide[p] and pieces.wide[q] else gap
        square, here, there = nearest_points(pieces, p, q)
        if square > most * most:
            continue
        a_edge, b_edge = pieces.edge[p], pieces.edge[q]
        a_offset = offset_on(pieces, graph, p, here)
        b_offset = offset_on(pieces, graph, q, there)
        # most near pieces meet at the next corner: those cost no search
        length = np.int32(np.rint(np.sqrt(square) * 1000.0))
        need = needed(length, least, detour)
        if meet_soon(graph, a_edge, a_offset, b_edge, b_offset, need):
            continue
        ax, ay = place_on(pieces, p, here)
        bx, by = place_on(pieces, q, there)
        # a longer link is one over a river or the like, from bank to bank
        if square > gap * gap:
            bank = gap / np.sqrt(square)
            spans, met = spans_wall(walls, (ax, ay, bx, by), bank, wall_stack, met)
            if not spans:
                continue
        if count == places.shape[0]:
            more, more_xy = np.empty((2 * count, 5), np.int32), np.empty((2 * count, 4))
            for pair in range(count):
                for k in range(5):
                    more[pair, k] = places[pair, k]
                for k in range(4):
                    more_xy[pair, k] = xy[pair, k]
            places, xy = more, more_xy
        places[count, 0], places[count, 1] = a_edge, a_offset
        places[count, 2], places[count, 3] = b_edge, b_offset
        places[count, 4] = length
        xy[count, 0], xy[count, 1], xy[count, 2], xy[count, 3] = ax, ay, bx, by
        count += 1
    return (places, xy), count, (stack, wall_stack, found, met)


@kernel
def about(graph, search, mark, edge, offset):
    """Cost of a place over the ends of its edge, where a search has reached them."""
    best = np.int64(NOWHERE)
    for side in range(2):
        node = graph.ends[edge, side]
        if search[1][node] == mark:
            leg = offset if side == 0 else graph.cost[edge] - offset
            best = min(best, np.int64(search[0][node]) + leg)
    return best


@kernel
def far_pairs(graph, pieces, tree, walls, gap, span, least, detour):
    """Pairs of places near each other but far on foot, at most one for two pieces.

    Near is at most ``gap`` metres, or at most ``span`` where both pieces are ``wide`` and the
    straight line meets a wall within ``gap`` of either end; far is at least ``least`` millimetres
    and ``detour`` times the straight line. Answers (edge, offset, edge, offset, length) (n, 5) i4
    and coordinates (n, 4) f8.

    One search from the middle of a piece decides most of its pairs: a walk from another place of
    the piece differs from one from there by no more than the way between the two places.
    """
    pairs = (np.empty((1024, 5), np.int32), np.empty((1024, 4)))
    room = (
        np.empty((96, 2), np.int32),
        np.empty((96, 2), np.int32),
        np.empty(256, np.int32),
        np.empty(256, np.int32),
    )
    nodes = np.empty(256, np.int32)
    wide, own = new_search(graph.indptr.size - 1), new_search(graph.indptr.size - 1)
    count = np.int64(0)
    mark, any_way = np.int32(0), np.bool_(True)
    for i in range(tree.order.size):
        kept = count
        pairs, count, room = near_pairs(
            graph, pieces, tree, walls, i, gap, span, least, detour, room, pairs, count
        )
        if count == kept:
            continue
        places, xy = pairs
        p = tree.order[i]
        edge, along = pieces.edge[p], pieces.along
        middle = offset_on(
            pieces, graph, p, (along[pieces.start[p]] + along[pieces.start[p + 1] - 1]) / 2
        )
        # one ball around the middle of this piece, large enough to decide its farthest pair
        farthest = np.int64(0)
        for k in range(kept, count):
            beside = abs(places[k, 1] - middle)
            farthest = max(farthest, needed(places[k, 4], least, detour) + beside)
        wide, nodes, _ = ball(graph, edge, middle, farthest, wide, np.int32(i + 1), nodes)
        for k in range(kept, count):
            need = needed(places[k, 4], least, detour)
            beside = abs(places[k, 1] - middle)
            way = about(graph, wide, np.int32(i + 1), places[k, 2], places[k, 3])
            # near for certain, or far for certain; only what lies between is searched by itself
            if way + beside < need:
                continue
            if places[k, 2] == edge or way - beside < need:
                mark += 1
                a_offset, b_edge, b_offset = places[k, 1], places[k, 2], places[k, 3]
                way, own = walk(
                    graph, edge, a_offset, b_edge, b_offset, need - 1, any_way, own, np.int32(mark)
                )
                if way < NOWHERE:
                    continue
            for part in range(5):
                places[kept, part] = places[k, part]
            for part in range(4):
                xy[kept, part] = xy[k, part]
            kept += 1
        count = kept
    return pairs[0][:count].copy(), pairs[1][:count].copy()
