"""One-stop siting, checked: what may be in which building, at what price, and whom it covers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from scipy import sparse

from planner.arrays import F64, I32, I64, Bool
from planner.errors import InputError
from planner.location.inputs import amounts, stored
from planner.location.set_covering.problem import merged_rows

__all__ = ["MOST_KINDS", "Fillings", "Problem", "checked", "rate"]


MOST_KINDS = 10
"""More kinds than these would make too many fillings of a building."""


@dataclass(frozen=True, eq=False)
class Fillings:
    """Every set of kinds that one building can hold and the budget can pay, by building.

    Parameters
    ----------
    building
        (fillings,) ascending.
    mask
        (fillings,) int64, bit k for kind k.
    cost
        (fillings,) money for the building and all in it.
    pairs
        CSR (fillings, pairs) of ones.
    """

    building: I64
    mask: I64
    cost: F64
    pairs: sparse.csr_array

    @cached_property
    def first(self) -> I64:
        """Where the fillings of each building begin."""
        return np.flatnonzero(np.r_[True, self.building[1:] != self.building[:-1]])

    def limited(self, kept: Bool) -> Fillings:
        """Return some of the fillings."""
        rows = np.flatnonzero(kept)
        return Fillings(self.building[rows], self.mask[rows], self.cost[rows], self.pairs[rows])

    def price(self, mask: I64) -> F64:
        """Return what buildings cost that hold these kinds, (candidates,); inf for no filling."""
        house = np.flatnonzero(mask)
        keys = (self.building << MOST_KINDS) | self.mask
        wanted = (house << MOST_KINDS) | mask[house]
        at = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
        paid = np.zeros(len(mask))
        paid[house] = np.where(keys[at] == wanted, self.cost[at], np.inf)
        return paid


@dataclass(frozen=True, eq=False)
class Problem:
    """Pairs of a candidate and a kind, the fillings made of them, and the rows that they cover.

    ``matrix`` is CSR (rows, pairs), ``weight`` (rows,), ``row_kind`` (rows,) the kind of each row;
    ``building`` and ``kind`` (pairs,) tell what a pair is.
    """

    matrix: sparse.csr_array
    weight: F64
    row_kind: I64
    building: I64
    kind: I64
    fillings: Fillings
    shape: tuple[int, int]
    budget: float
    p: int
    saving: float

    def cost(self, chosen: Bool) -> float:
        """Money that a choice of pairs takes."""
        return float(self.fillings.price(self.kinds_inside(chosen)).sum())

    def limited(self, kept: Bool) -> Problem:
        """Return the problem with some of its fillings."""
        return replace(self, fillings=self.fillings.limited(kept))

    def buildings(self, chosen: Bool) -> I64:
        """List the buildings of a choice of pairs."""
        return np.unique(self.building[chosen])

    def gain(self, chosen: Bool) -> float:
        """Weight that a choice of pairs covers."""
        return float(self.weight[self.matrix @ chosen.astype(np.int32) > 0].sum())

    def kinds_inside(self, chosen: Bool) -> I64:
        """Return the kinds in each building, as bits."""
        mask = np.zeros(self.shape[0], np.int64)
        np.bitwise_or.at(mask, self.building[chosen], 1 << self.kind[chosen])
        return mask


def checked(
    covers: Sequence[object],
    weight: object,
    budget: float,
    building_cost: object,
    kind_cost: object,
    saving: float,
    allowed: object,
    p: int | None,
    room: object = None,
    area: object = None,
) -> Problem:
    """Check what :func:`planner.location.one_stop` is given and lay it out in pairs and rows.

    Raises
    ------
    InputError
        As that function says.
    """
    kinds = len(covers)
    tables = [stored(table) for table in covers]
    if not tables or len({shape for *_, shape in tables}) > 1:
        raise InputError("location.kinds_differ", found=str([t[-1] for t in tables]))
    if kinds > MOST_KINDS:
        raise InputError("one_stop.too_many_kinds", count=kinds, most=MOST_KINDS)
    n, m = tables[0][-1]
    residents = amounts(np.ravel(np.asarray(weight, np.float64)), kinds * n, "weight")
    once, each = _costs(building_cost, kind_cost, m, kinds)
    space, taken = _rooms(room, area, m, kinds)
    may = np.broadcast_to(True if allowed is None else np.asarray(allowed, np.bool_), (m, kinds))
    if not 0 <= saving <= each[may].min(initial=np.inf):
        raise InputError(
            "location.bad_saving", saving=saving, most=float(each[may].min(initial=0.0))
        )
    if p is not None and (p != int(p) or p < 1):
        raise InputError("location.bad_p", p=p)
    if not budget >= 0:
        raise InputError("location.bad_option", option="budget", value=budget)
    blocks, weights, places = [], [], []
    for k, table in enumerate(tables):
        covering, lived, useful = _useful(table, residents[k * n : k * n + n], may[:, k])
        blocks.append(covering)
        weights.append(lived)
        places.append(useful)
    building = np.concatenate(places).astype(np.int64)
    if not len(building):
        raise InputError("location.nobody_in_reach")
    kind = np.repeat(np.arange(kinds), [len(place) for place in places])
    # the cheapest that can be had at all is one kind alone, which saves nothing
    least = float((once[building, kind] + each[building, kind]).min())
    if least > budget * (1 + 1e-9):
        raise InputError("location.budget_too_small", budget=budget, least=least)
    # the first kind in a building costs in full and each further one `saving` less: the same as all
    # of them costing less and the building so much more, which is one sum for any set of kinds
    money, shared = each - saving, once + saving
    most = float(budget) * (1 + 1e-9)
    pair = np.full((m, kinds), -1, np.int64)
    pair[building, kind] = np.arange(len(building))
    return Problem(
        matrix=sparse.csr_array(sparse.block_diag(blocks, format="csr")),
        weight=np.concatenate(weights),
        row_kind=np.repeat(np.arange(kinds), [len(lived) for lived in weights]),
        building=building,
        kind=kind,
        fillings=_fillings(pair, money, shared, taken, space, most),
        shape=(m, kinds),
        budget=most,
        p=m if p is None else int(p),
        saving=float(saving),
    )


def _costs(building_cost: object, kind_cost: object, m: int, kinds: int) -> tuple[F64, F64]:
    """Return what each building costs once, and each kind in it, (m, kinds) both."""
    once = np.asarray(building_cost, np.float64)
    once = once if once.ndim == 2 else np.repeat(once[..., None], kinds, axis=-1)
    once = amounts(once.ravel(), m * kinds, "building_cost").reshape(m, kinds)
    each = np.asarray(kind_cost, np.float64)
    each = np.broadcast_to(each, (m, kinds)) if each.shape == (kinds,) else each
    return once, amounts(each.ravel(), m * kinds, "kind_cost").reshape(m, kinds)


def _useful(
    table: tuple[I64, I32, F64, tuple[int, int]], lived: F64, may: Bool
) -> tuple[sparse.csr_array, F64, I64]:
    """Return what of a kind's table can count: rows with people in reach, and useful buildings."""
    start, site, value, (n, m) = table
    row = np.repeat(np.arange(n), np.diff(start))
    keep = (value != 0) & may[site] & (lived[row] > 0)
    covers = sparse.csr_array(
        (np.ones(int(keep.sum()), np.int32), (row[keep], site[keep])), shape=(n, m)
    )
    useful = np.flatnonzero(np.bincount(site[keep], minlength=m) > 0)
    # homes with the same buildings in reach are one row, in the first of them
    merged = merged_rows(covers, lived)
    reached = (merged > 0) & (np.diff(covers.indptr) > 0)
    return covers[reached][:, useful], merged[reached], useful


def _rooms(room: object, area: object, m: int, kinds: int) -> tuple[F64, F64]:
    """Return the room of each building, and what each kind takes."""
    if room is None or area is None:
        return np.full(m, np.inf), np.zeros(kinds)
    space = np.asarray(room, np.float64)
    known = amounts(np.where(np.isposinf(space), 0.0, space), m, "room")
    space = np.where(np.isposinf(space), np.inf, known)
    return space, amounts(area, kinds, "area")


def _fillings(pair: I64, money: F64, once: F64, area: F64, room: F64, budget: float) -> Fillings:
    """List the sets of kinds that each building can hold within the budget."""
    kinds = pair.shape[1]
    found: list[tuple[I64, int, F64]] = []
    for bits in range(1, 1 << kinds):
        inside = np.array([k for k in range(kinds) if bits >> k & 1])
        dearest = inside[np.lexsort((-once[:, inside], money[:, inside]), axis=1)[:, -1]]
        cost = money[:, inside].sum(axis=1) + once[np.arange(len(once)), dearest]
        # a kind that is alone always fits, also where the building has less room, or none
        alone = np.count_nonzero(area[inside]) <= 1
        fits = alone | (area[inside].sum() <= room * (1 + 1e-9))
        able = (pair[:, inside] >= 0).all(axis=1) & fits & (cost <= budget)
        at = np.flatnonzero(able)
        found.append((at, bits, cost[at]))
    building = np.concatenate([at for at, _, _ in found])
    mask = np.repeat([m for _, m, _ in found], [len(at) for at, _, _ in found]).astype(np.int64)
    cost = np.concatenate([cost for *_, cost in found])
    order = np.argsort(building, kind="stable")
    building, mask, cost = building[order], mask[order], cost[order]
    row, k = np.nonzero(mask[:, None] >> np.arange(kinds) & 1)
    ones = np.ones(len(row))
    shape = (len(mask), int(pair.max()) + 1)
    return Fillings(
        building, mask, cost, sparse.csr_array((ones, (row, pair[building[row], k])), shape=shape)
    )


def rate(value: F64, money: F64) -> F64:
    """Divide what is got by the money; free things are best."""
    return value / np.maximum(money, 1e-9)
