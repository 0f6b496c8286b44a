"""The compiled loops of allocation: a min-cost flow from needs to places.

Needs reach places by arcs: ``start``, ``place``, ``metres`` by need, and ``c_start``, ``c_arc`` the
same arcs by place. One more place, the last, takes whatever is not served at ``unserved_m``.
"""
# ruff: noqa: C901
# mypy: allow-untyped-defs, allow-untyped-calls

from __future__ import annotations

import numpy as np

from planner.network.kernels import kernel


@kernel
def arcs_by_place(place, c_start, c_arc):
    """List the arcs of each place."""
    for a in range(place.size):
        c_start[place[a] + 1] += 1
    for j in range(c_start.size - 1):
        c_start[j + 1] += c_start[j]
    fill = c_start[:-1].copy()
    for a in range(place.size):
        c_arc[fill[place[a]]] = a
        fill[place[a]] += 1


@kernel
def note_move(b, start, place, metres, row_of, unserved_m, move, move_in, move_out):
    """Let who is served by arc b be considered for moving on to the places in its reach."""
    k, i = place[b], row_of[b]
    for a in range(start[i], start[i + 1]):
        j, change = place[a], metres[a] - metres[b]
        if change < move[k, j]:
            move[k, j], move_in[k, j], move_out[k, j] = change, a, b
    nowhere = move.shape[1] - 1
    if unserved_m - metres[b] < move[k, nowhere]:
        move[k, nowhere], move_out[k, nowhere] = unserved_m - metres[b], b


@kernel
def shift(
    b,
    by,
    start,
    place,
    metres,
    row_of,
    c_start,
    c_arc,
    unserved_m,
    flow,
    move,
    move_in,
    move_out,
):
    """Change the flow of arc b and the cheapest moves out of its place with it."""
    before = flow[b]
    flow[b] += by
    k = place[b]
    if before <= 0.0:
        note_move(b, start, place, metres, row_of, unserved_m, move, move_in, move_out)
    elif flow[b] <= 0.0:
        flow[b] = 0.0
        if (move_out[k] == b).any():
            move[k] = np.inf
            move_out[k] = -1
            for at in range(c_start[k], c_start[k + 1]):
                if flow[c_arc[at]] > 0.0:
                    note_move(
                        c_arc[at],
                        start,
                        place,
                        metres,
                        row_of,
                        unserved_m,
                        move,
                        move_in,
                        move_out,
                    )


@kernel
def assign(
    start, place, metres, row_of, c_start, c_arc, amount, left, unserved_m, flow, unserved, price
):
    """Serve need after need along the shortest chain of moves (successive shortest paths).

    ``left`` (places,) f8 is the capacity, and what is left of it afterwards; ``flow`` (arcs,) f8
    and ``unserved`` (needs,) f8 start at 0. ``price`` (places + 1,) f8, from 0, is what a place in
    short supply costs, so that every need is where metres and price are least together.
    """
    nowhere = left.size
    move = np.full((nowhere, nowhere + 1), np.inf)
    move_in = np.full((nowhere, nowhere + 1), -1, np.int64)
    move_out = np.full((nowhere, nowhere + 1), -1, np.int64)
    far = np.empty(nowhere + 1)
    settled = np.empty(nowhere + 1, np.bool_)
    into = np.empty(nowhere + 1, np.int64)
    out_of = np.empty(nowhere + 1, np.int64)
    for need in range(amount.size):
        rest = amount[need]
        while rest > 0.0:
            far[:] = np.inf
            settled[:] = False
            out_of[:] = -1
            for a in range(start[need], start[need + 1]):
                far[place[a]] = metres[a] + price[place[a]]
                into[place[a]] = a
            far[nowhere] = unserved_m
            into[nowhere] = -1
            end = nowhere
            while True:
                end = nowhere
                for j in range(nowhere):
                    if not settled[j] and far[j] < far[end]:
                        end = j
                if end == nowhere or left[end] > 0.0:
                    break
                settled[end] = True
                base = far[end] - price[end]
                for j in range(nowhere + 1):
                    if not settled[j] and base + move[end, j] + price[j] < far[j]:
                        far[j] = max(base + move[end, j] + price[j], far[end])
                        into[j], out_of[j] = move_in[end, j], move_out[end, j]
            moved = rest if end == nowhere else min(rest, left[end])
            j = end
            while out_of[j] >= 0:
                moved = min(moved, flow[out_of[j]])
                j = place[out_of[j]]
            for j in range(nowhere):
                if far[j] < far[end]:
                    price[j] += far[end] - far[j]
            j = end
            if end == nowhere:
                unserved[need if out_of[j] < 0 else row_of[out_of[j]]] += moved
            else:
                left[end] -= moved
            while True:
                if into[j] >= 0 and j != nowhere:
                    shift(
                        into[j],
                        moved,
                        start,
                        place,
                        metres,
                        row_of,
                        c_start,
                        c_arc,
                        unserved_m,
                        flow,
                        move,
                        move_in,
                        move_out,
                    )
                if out_of[j] < 0:
                    break
                b = out_of[j]
                shift(
                    b,
                    -moved,
                    start,
                    place,
                    metres,
                    row_of,
                    c_start,
                    c_arc,
                    unserved_m,
                    flow,
                    move,
                    move_in,
                    move_out,
                )
                j = place[b]
            rest -= moved


@kernel
def worth_of_one_more(start, place, metres, row_of, flow, unserved, unserved_m, slack, worth):
    """Fill ``worth`` (places,) f8 <= 0: change of cost by one more unit of capacity of each place.

    Somebody moves in, somebody else into the room that becomes free, and so on: the best chain.
    """
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
                    if metres[a] - unserved_m < worth[place[a]] - slack:
                        worth[place[a]] = metres[a] - unserved_m
                        changed = True
        if not changed:
            return
