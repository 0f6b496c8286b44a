"""The compiled loops of enlargements: a min-cost flow taken up again when a place has more room.

The arrays are those of :mod:`planner.location.allocation.kernels`; the arcs of each place,
``c_arc``, ascend in metres.
"""
# mypy: allow-untyped-defs, allow-untyped-calls

from __future__ import annotations

import numpy as np

from planner.compiled import kernel
from planner.location.allocation.kernels import refresh, shift

NOTHING, ENTERS = -2, -1
"""Where the unit that fills new room comes from: nowhere, or from a need that is not served."""


@kernel
def all_in_use(arcs, flow, served, moves):
    """Fill the lists of arcs in use and the cheapest moves (inf and −1 before) of a whole flow."""
    for b in range(arcs.place.size):
        if flow[b] > 0.0:
            by = flow[b]
            flow[b] = 0.0
            shift(b, by, arcs, flow, served, moves)


@kernel
def worth_by_moves(near, arcs, c_arc, unserved, first, move, worth, source):
    """Fill ``worth`` (places,) f8 <= 0: change of cost by one more unit of each place.

    ``source`` (places,) i8 is where the unit that fills it comes from: a place, ENTERS for a need
    that is not served, by arc ``c_arc[first]``, or NOTHING where nothing is gained.
    """
    row_of, c_start, metres = arcs.row_of, arcs.c_start, arcs.metres
    places = worth.size
    n_start, n_place = near
    # a need that is not served moves in: the nearest one, for what leaving it out costs
    for j in range(places):
        while first[j] < c_start[j + 1] and unserved[row_of[c_arc[first[j]]]] <= 0.0:
            first[j] += 1
        worth[j], source[j] = 0.0, NOTHING
        if first[j] < c_start[j + 1] and metres[c_arc[first[j]]] < arcs.unserved_m:
            worth[j], source[j] = metres[c_arc[first[j]]] - arcs.unserved_m, ENTERS
    # or somebody from a place beside, whose room is then filled in turn: the best chain, by Bellman
    # (1958) and Ford (1956) on the places alone, since the cheapest move between each two is known
    for _ in range(places + 1):
        changed = False
        for k in range(places):
            for at in range(n_start[k], n_start[k + 1]):
                j = n_place[at]
                if worth[k] + move[k, j] < worth[j] - 1e-9 * (1.0 - worth[j]):
                    worth[j], source[j] = worth[k] + move[k, j], k
                    changed = True
        if not changed:
            return


@kernel
def grow(grown, more, near, arcs, c_arc, flow, unserved, left, first, served, moves):
    """Give a place ``more`` room and fill it along the best chains of moves.

    Returns how much of it is used; all arrays are brought up to date.
    """
    places = left.size
    worth, source = np.empty(places), np.empty(places, np.int64)
    chain = np.empty(places + 1, np.int64)
    rest = more
    move, move_in, move_out = moves
    while rest > 0.0:
        for k in range(places):
            refresh(k, near, arcs, flow, served, moves)
        worth_by_moves(near, arcs, c_arc, unserved, first, move, worth, source)
        if source[grown] == NOTHING:
            break
        # follow the chain back to its start; the least that it can carry moves along all of it
        length, moved, j = 0, rest, grown
        while source[j] >= 0 and length < places:
            chain[length] = j
            length += 1
            moved = min(moved, flow[move_out[source[j], j]])
            j = source[j]
        enters = -1
        if source[j] == ENTERS:
            enters = c_arc[first[j]]
            moved = min(moved, unserved[arcs.row_of[enters]])
        # note all arcs before the first changes, since a change alters the cheapest moves
        into = np.empty(length, np.int64)
        out_of = np.empty(length, np.int64)
        for step in range(length):
            into[step] = move_in[source[chain[step]], chain[step]]
            out_of[step] = move_out[source[chain[step]], chain[step]]
        for step in range(length):
            for b, by in ((into[step], moved), (out_of[step], -moved)):
                shift(b, by, arcs, flow, served, moves)
        if enters >= 0:
            unserved[arcs.row_of[enters]] -= moved
            shift(enters, moved, arcs, flow, served, moves)
        else:
            left[j] += moved
        rest -= moved
    left[grown] += rest
    return more - rest
