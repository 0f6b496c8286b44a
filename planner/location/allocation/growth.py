"""What more room at a place is worth, exactly, for any amount: an allocation taken up again.

Successive shortest paths (Ahuja, Magnanti and Orlin 1993, *Network Flows*, section 9.7), begun at
an optimal flow instead of an empty one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from planner.arrays import F64, I64
from planner.location.allocation.allocate import Allocation, arcs_of
from planner.location.inputs import Table

__all__ = ["Gain", "Growth"]


class Gain(NamedTuple):
    """What an enlargement brings.

    Parameters
    ----------
    serves
        Amount of need that is served and was not.
    used
        Part of the new room that is used.
    flow
        (arcs,) change of the flow on each arc of the table.
    """

    serves: float
    used: float
    flow: F64


@dataclass(frozen=True, eq=False)
class Growth:
    """An optimal flow that can be taken up again where a place gets more room.

    Parameters
    ----------
    table
        Distances.
    unserved_m
        What a unit that is not served costs, more than any chain of moves.
    flow, unserved, left
        (arcs,), (needs,) and (places,) float64, the flow as it is.

    Notes
    -----
    The flow stays optimal when it is changed along shortest chains only (successive shortest
    paths), so that the gain is that of solving from nothing with the larger capacity.
    """

    table: Table
    unserved_m: float
    flow: F64
    unserved: F64
    left: F64
    _arcs: I64
    _near: tuple[I64, I64]
    _first: I64
    _served: tuple[I64, I64, I64]
    _moves: tuple[F64, I64, I64]

    @classmethod
    def of(cls, distances: object, found: Allocation) -> Growth:
        """Take up an allocation.

        Parameters
        ----------
        distances
            What it was made of.
        found
            The answer of :func:`planner.location.allocate`.
        """
        from planner.location.allocation.growth_kernels import all_in_use
        from planner.location.allocation.kernels import neighbours

        # the same charge as in the allocation, more than any chain of moves: else its flow would
        # not be a cheapest one here
        table = Table.of(distances)
        row_of, places = table.row_of, table.shape[1]
        unserved_m = (2 * places + 2) * (float(table.metres.max(initial=0.0)) + 1.0)
        # the flow is taken over as it was found, and what the kernels keep beside it is made from
        # it once: every enlargement then costs its own chains only, not an allocation
        flow = np.zeros(len(table.site))
        if len(flow):
            flow[:] = np.asarray(found.served[row_of, table.site]).ravel()
        moves = (
            np.full((places, places + 1), np.inf),
            np.full((places, places + 1), -1, np.int64),
            np.full((places, places + 1), -1, np.int64),
        )
        count = len(flow)
        served = (np.empty(count, np.int64), np.zeros(places, np.int64), np.empty(count, np.int64))
        all_in_use(arcs_of(table, unserved_m), flow, served, moves)
        # by place, the nearest first: of the needs not served the first one is then the cheapest to
        # let in
        arcs = np.lexsort((table.metres, table.site)).astype(np.int64)
        return cls(
            table,
            unserved_m,
            flow,
            found.unserved.copy(),
            found.room_left.copy(),
            arcs,
            neighbours(table.start, table.site, places),
            table.c_start[:-1].copy(),
            served,
            moves,
        )

    def gain(self, place: int, more: float) -> Gain:
        """Return what more room at a place brings, leaving the flow as it is."""
        return self._copy().take(place, more)

    def take(self, place: int, more: float) -> Gain:
        """Give a place more room for good and return what that brings."""
        from planner.location.allocation.growth_kernels import grow

        before, missed = self.flow.copy(), float(self.unserved.sum())
        used = grow(
            place,
            float(more),
            self._near,
            arcs_of(self.table, self.unserved_m),
            self._arcs,
            self.flow,
            self.unserved,
            self.left,
            self._first,
            self._served,
            self._moves,
        )
        return Gain(missed - float(self.unserved.sum()), float(used), self.flow - before)

    def _copy(self) -> Growth:
        return Growth(
            self.table,
            self.unserved_m,
            self.flow.copy(),
            self.unserved.copy(),
            self.left.copy(),
            self._arcs,
            self._near,
            self._first.copy(),
            copied(self._served),
            copied(self._moves),
        )


def copied(arrays: tuple[Any, Any, Any]) -> tuple[Any, Any, Any]:
    """Return copies of three arrays."""
    first, second, third = arrays
    return first.copy(), second.copy(), third.copy()
