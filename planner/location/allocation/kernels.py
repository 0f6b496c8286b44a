"""The compiled loops of allocation: a min-cost flow from needs to places.

Needs reach places by :class:`Arcs`. One more place, the last, takes whatever is not served.
"""
# ruff: noqa: C901
# mypy: allow-untyped-defs, allow-untyped-calls

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from planner.arrays import F64, I32, I64
from planner.compiled import kernel


class Arcs(NamedTuple):
    """From needs to places.

    Parameters
    ----------
    start, place, metres
        By need: (needs + 1,) i8, (arcs,) i4, (arcs,) f8.
    row_of
        (arcs,) i8, the need of each.
    c_start
        (places + 1,) i8, counts those of each place.
    unserved_m
        What a unit costs that is not served.
    """

    start: I64
    place: I32
    metres: F64
    row_of: I64
    c_start: I64
    unserved_m: float


@kernel
def note_move(b, arcs, move, move_in, move_out):
    """Let who is served by arc b be considered for moving on to the places in its reach."""
    # of all who could move from one place to another only the cheapest counts for a shortest chain:
    # kept by pairs of places, it spares the search to look at everybody who is served
    start, place, metres, row_of = arcs.start, arcs.place, arcs.metres, arcs.row_of
    k, i = place[b], row_of[b]
    for a in range(start[i], start[i + 1]):
        j, change = place[a], metres[a] - metres[b]
        if change < move[k, j]:
            move[k, j], move_in[k, j], move_out[k, j] = change, a, b
    nowhere = move.shape[1] - 1
    if arcs.unserved_m - metres[b] < move[k, nowhere]:
        move[k, nowhere], move_out[k, nowhere] = arcs.unserved_m - metres[b], b


@kernel
def shift(b, by, arcs, flow, served, moves):
    """Change the flow of arc b, the list of arcs in use, and the cheapest moves with it.

    ``served`` is the arcs in use by place, (arcs,) from ``c_start``, how many (places,), and where
    each is, (arcs,). A move out of an arc that is no longer in use stays as a lower bound until
    `refresh`.
    """
    place, c_start = arcs.place, arcs.c_start
    s_arc, s_count, s_at = served
    move, move_in, move_out = moves
    # an arc that comes into use may be a cheaper move and is noted at once. One that goes out of
    # use is only left where it stands: what it says is not above the true cheapest, so that the
    # move is looked up anew no sooner than a chain would take it
    before = flow[b]
    flow[b] += by
    k = place[b]
    if before <= 0.0:
        s_at[b] = s_count[k]
        s_arc[c_start[k] + s_count[k]] = b
        s_count[k] += 1
        note_move(b, arcs, move, move_in, move_out)
    elif flow[b] <= 0.0:
        flow[b] = 0.0
        s_count[k] -= 1
        last = s_arc[c_start[k] + s_count[k]]
        s_arc[c_start[k] + s_at[b]] = last
        s_at[last] = s_at[b]


@kernel
def refresh(k, near, arcs, flow, served, moves):
    """Find the cheapest moves out of a place anew where they are lower bounds only."""
    c_start = arcs.c_start
    s_arc, s_count, _ = served
    move, move_in, move_out = moves
    n_start, n_place = near
    nowhere = move.shape[1] - 1
    # one pass over the arcs in use makes good all moves of the place that rest on a gone arc
    stale = False
    for at in range(n_start[k], n_start[k + 1] + 1):
        j = n_place[at] if at < n_start[k + 1] else nowhere
        if move_out[k, j] >= 0 and flow[move_out[k, j]] <= 0.0:
            move[k, j] = np.inf
            move_out[k, j] = -1
            stale = True
    if stale:
        for at in range(c_start[k], c_start[k] + s_count[k]):
            note_move(s_arc[at], arcs, move, move_in, move_out)


@kernel
def is_stale(k, j, flow, moves):
    """Whether a cheapest move is that of an arc no longer in use."""
    move_out = moves[2]
    return move_out[k, j] >= 0 and flow[move_out[k, j]] <= 0.0


@kernel
def neighbours(start, place, places):
    """List, for each place, the places that share a need with it: (places + 1,) and the list."""
    # somebody moves only to a place in their own reach: places that share no need exchange nobody,
    # and a search that looks at neighbours alone misses nothing
    near = np.zeros((places, places), np.bool_)
    for i in range(start.size - 1):
        for a in range(start[i], start[i + 1]):
            for b in range(start[i], start[i + 1]):
                near[place[a], place[b]] = True
    n_start = np.zeros(places + 1, np.int64)
    for k in range(places):
        near[k, k] = False
        n_start[k + 1] = n_start[k] + near[k].sum()
    n_place = np.empty(n_start[places], np.int64)
    for k in range(places):
        at = n_start[k]
        for j in range(places):
            if near[k, j]:
                n_place[at] = j
                at += 1
    return n_start, n_place


@kernel
def assign(order, arcs, amount, left, flow, unserved, price):
    """Serve need after need, in the order, along the shortest chain of moves.

    Successive shortest paths: the flow is optimal in any order; few are moved on where those come
    first who are near to a place.

    ``left`` (places,) f8 is the capacity, and what is left of it afterwards; ``flow`` (arcs,) f8
    and ``unserved`` (needs,) f8 start at 0. ``price`` (places + 1,) f8, from 0, is what a place in
    short supply costs, so that every need is where metres and price are least together.
    """
    start, place, metres, row_of = arcs.start, arcs.place, arcs.metres, arcs.row_of
    nowhere = left.size
    move = np.full((nowhere, nowhere + 1), np.inf)
    move_in = np.full((nowhere, nowhere + 1), -1, np.int64)
    move_out = np.full((nowhere, nowhere + 1), -1, np.int64)
    moves = (move, move_in, move_out)
    count = place.size
    served = (np.empty(count, np.int64), np.zeros(nowhere, np.int64), np.empty(count, np.int64))
    near = neighbours(start, place, nowhere)
    n_start, n_place = near
    far = np.full(nowhere + 1, np.inf)
    settled = np.zeros(nowhere + 1, np.bool_)
    into = np.empty(nowhere + 1, np.int64)
    out_of = np.empty(nowhere + 1, np.int64)
    seen = np.empty(nowhere + 1, np.int64)
    seen_count = 0
    for need in order:
        rest = amount[need]
        while rest > 0.0:
            # shortest chain from this need to a place with room (Dijkstra), at reduced costs: the
            # prices keep them from falling below 0, so that a settled place is settled
            for at in range(seen_count):
                far[seen[at]] = np.inf
                settled[seen[at]] = False
            seen_count = 0
            for a in range(start[need], start[need + 1]):
                far[place[a]] = metres[a] + price[place[a]]
                into[place[a]], out_of[place[a]] = a, -1
                seen[seen_count] = place[a]
                seen_count += 1
            far[nowhere] = arcs.unserved_m
            into[nowhere], out_of[nowhere] = -1, -1
            end = nowhere
            while True:
                end = nowhere
                for at in range(seen_count):
                    if not settled[seen[at]] and far[seen[at]] < far[end]:
                        end = seen[at]
                if end == nowhere or left[end] > 0.0:
                    break
                # the place is full: somebody there would have to move on, as cheaply as can be
                settled[end] = True
                # a lower bound that is not low enough need not be looked up: only a move that would
                # shorten a chain is made exact before it is believed
                base = far[end] - price[end]
                fresh = False
                if base + move[end, nowhere] < far[nowhere] and is_stale(end, nowhere, flow, moves):
                    refresh(end, near, arcs, flow, served, moves)
                    fresh = True
                if base + move[end, nowhere] < far[nowhere]:
                    # rounding may leave a reduced cost a little below 0, but no chain becomes
                    # shorter than its beginning
                    far[nowhere] = max(base + move[end, nowhere], far[end])
                    into[nowhere] = move_in[end, nowhere]
                    out_of[nowhere] = move_out[end, nowhere]
                for at in range(n_start[end], n_start[end + 1]):
                    j = n_place[at]
                    if settled[j] or base + move[end, j] + price[j] >= far[j]:
                        continue
                    if not fresh and is_stale(end, j, flow, moves):
                        refresh(end, near, arcs, flow, served, moves)
                        fresh = True
                    if base + move[end, j] + price[j] < far[j]:
                        if far[j] == np.inf:
                            seen[seen_count] = j
                            seen_count += 1
                        far[j] = max(base + move[end, j] + price[j], far[end])
                        into[j], out_of[j] = move_in[end, j], move_out[end, j]
            # the push: as much moves as the need asks, the end has room for, and each step has
            # people to move on. One of these is then used up, so that the next chain is another
            moved = rest if end == nowhere else min(rest, left[end])
            j = end
            while out_of[j] >= 0:
                moved = min(moved, flow[out_of[j]])
                j = place[out_of[j]]
            # places nearer than the end are in short supply: their price rises by the difference,
            # which keeps the flow optimal for the next need (Ahuja, Magnanti and Orlin 1993, 9.7)
            for at in range(seen_count):
                if far[seen[at]] < far[end]:
                    price[seen[at]] += far[end] - far[seen[at]]
            # back along the chain from its end: who comes in is added on one arc, who moves on is
            # taken off that of the place before
            j = end
            if end == nowhere:
                unserved[need if out_of[j] < 0 else row_of[out_of[j]]] += moved
            else:
                left[end] -= moved
            while True:
                if into[j] >= 0 and j != nowhere:
                    b = into[j]
                    shift(b, moved, arcs, flow, served, moves)
                if out_of[j] < 0:
                    break
                b = out_of[j]
                shift(b, -moved, arcs, flow, served, moves)
                j = place[b]
            rest -= moved


@kernel
def worth_of_one_more(arcs, flow, unserved, slack, worth):
    """Fill ``worth`` (places,) f8 <= 0: change of cost by one more unit of capacity of each place.

    Somebody moves in, somebody else into the room that becomes free, and so on: the best chain.
    """
    start, place, metres, row_of = arcs.start, arcs.place, arcs.metres, arcs.row_of
    # shortest chains by Bellman (1958), On a routing problem, and Ford (1956), Network Flow Theory:
    # changes of cost may be below 0, where Dijkstra's search would go wrong. The flow is a cheapest
    # one, so that no circle gains, and a chain visits each place once at most
    worth[:] = 0.0
    for _ in range(worth.size + 1):
        changed = False
        for b in range(place.size):
            if flow[b] <= 0.0:
                continue
            base = worth[place[b]] - metres[b]
            i = row_of[b]
            for a in range(start[i], start[i + 1]):
                if base + metres[a] < worth[place[a]] - slack:
                    worth[place[a]] = base + metres[a]
                    changed = True
        for i in range(unserved.size):
            if unserved[i] > 0.0:
                for a in range(start[i], start[i + 1]):
                    if metres[a] - arcs.unserved_m < worth[place[a]] - slack:
                        worth[place[a]] = metres[a] - arcs.unserved_m
                        changed = True
        if not changed:
            return
