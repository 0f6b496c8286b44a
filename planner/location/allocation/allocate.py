"""Allocation: residents' needs matched with places within reach that have room for them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from scipy import sparse

from planner.arrays import F64, I64
from planner.location.inputs import Table, amounts

if TYPE_CHECKING:
    from planner.location.allocation.kernels import Arcs

__all__ = ["Allocation", "allocate"]

NO_PLACE = "no_place"
FULL = "full"

_DUST = 1e-9
"""Share of a need below which what is left of it is rounding."""


@dataclass(frozen=True, eq=False)
class Allocation:
    """Who is served where, who is not and why, and where more room would help.

    Parameters
    ----------
    served
        CSR (needs, places) float64, amount of each need that each place serves.
    unserved
        (needs,) float64, amount of each need that nobody serves.
    why
        (needs,) str: ``"no_place"`` where no place is in reach, ``"full"`` where all places in
        reach are full, ``""`` where the need is served.
    walking_m
        Metres walked by all who are served.
    room_left
        (places,) float64, capacity that is not used.
    one_more_serves
        (places,) float64, 1 where one more unit of capacity lets one more unit of need be served,
        directly or by others moving on, and 0 elsewhere.
    one_more_walk_m
        (places,) float64, metres by which that unit changes all walking: below 0 is saved.
    """

    served: sparse.csr_array = field(repr=False)
    unserved: F64 = field(repr=False)
    why: npt.NDArray[np.str_] = field(repr=False)
    walking_m: float
    room_left: F64 = field(repr=False)
    one_more_serves: F64 = field(repr=False)
    one_more_walk_m: F64 = field(repr=False)

    @property
    def place(self) -> I64:
        """(needs,) int64, place that serves most of each need; −1 where none does."""
        table = self.served.tocoo()
        order = np.lexsort((-table.col, table.data))
        best = np.full(table.shape[0], -1)
        best[table.row[order]] = table.col[order]
        return best


def allocate(distances: object, needs: object, capacity: object) -> Allocation:
    """Serve as many needs as can be, and among all ways to do so walk least.

    A need may be split between places; whole needs and capacities are split into whole parts.

    Parameters
    ----------
    distances
        Needs × places in metres: CSR, in which what is not stored is out of reach, or dense, in
        which inf is.
    needs
        (needs,) amounts, such as residents who want a service.
    capacity
        (places,) amounts that each place can serve.

    Returns
    -------
    Allocation
        Optimal. What one more unit of capacity is worth is exact for the first unit (with whole
        amounts; otherwise for as long as the same chain of moves has room): it is the best chain of
        moves in the final flow, not a dual price, of which there may be several.

    Raises
    ------
    InputError
        ``location.…`` for negative or unknown amounts and distances, or lengths that do not
        fit.

    Notes
    -----
    Successive shortest paths: Ahuja, R., Magnanti, T. and Orlin, J. (1993), Network Flows, 9.7.

    Examples
    --------
    >>> from planner.location import allocate
    >>> result = allocate([[100, 400], [200, 300]], needs=[5, 5], capacity=[5, 4])
    >>> result.served.toarray().tolist(), result.unserved.tolist(), result.walking_m
    ([[5.0, 0.0], [0.0, 4.0]], [0.0, 1.0], 1700.0)
    >>> result.why.tolist(), result.one_more_serves.tolist()
    (['', 'full'], [1.0, 1.0])
    """
    table = Table.of(distances)
    amount = amounts(needs, table.shape[0], "needs")
    room = amounts(capacity, table.shape[1], "capacity")
    # no chain of moves is as long as leaving one unit unserved
    unserved_m = (2 * table.shape[1] + 2) * (float(table.metres.max(initial=0.0)) + 1.0)
    flows = assigned(table, amount, room, unserved_m)
    unserved = np.where(flows.unserved > _DUST * amount, flows.unserved, 0.0)
    in_reach = np.diff(table.start) > 0
    why = np.where(unserved > 0, np.where(in_reach, FULL, NO_PLACE), "")
    worth = flows.worth(table, unserved_m)
    serves = worth < -0.5 * unserved_m
    used = flows.flow > 0
    return Allocation(
        sparse.csr_array(
            (flows.flow[used], (table.row_of[used], table.site[used])), shape=table.shape
        ),
        unserved,
        why,
        float(table.metres @ flows.flow),
        flows.left,
        serves.astype(np.float64),
        worth + np.where(serves, unserved_m, 0.0),
    )


@dataclass(frozen=True, eq=False)
class Flows:
    """A cheapest flow: on each arc of the table, unserved by need, left by place."""

    flow: F64
    unserved: F64
    left: F64

    def worth(self, table: Table, unserved_m: float) -> F64:
        """Change of cost by one more unit of capacity, (places,), never above 0."""
        from planner.location.allocation.kernels import worth_of_one_more

        worth = np.empty(table.shape[1])
        worth_of_one_more(arcs_of(table, unserved_m), self.flow, self.unserved, 1e-9, worth)
        return worth


def assigned(table: Table, amount: F64, room: F64, unserved_m: float) -> Flows:
    """Find the flow of least metres, where a unit that is not served costs ``unserved_m``."""
    from planner.location.allocation.kernels import assign

    n, places = table.shape
    nearest = np.full(n, np.inf)
    reached = np.diff(table.start) > 0
    nearest[reached] = table.metres[table.start[:-1][reached]]  # a row ascends in metres
    order = np.argsort(nearest, kind="stable")
    flows = Flows(np.zeros(len(table.site)), np.zeros(n), room.copy())
    assign(
        order,
        arcs_of(table, unserved_m),
        amount,
        flows.left,
        flows.flow,
        flows.unserved,
        np.zeros(places + 1),
    )
    return flows


def arcs_of(table: Table, unserved_m: float) -> Arcs:
    """Lay a table out as arcs for the kernels."""
    from planner.location.allocation.kernels import Arcs

    return Arcs(*table.rows, table.row_of, table.c_start, unserved_m)
