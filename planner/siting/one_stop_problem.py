"""One-stop siting, checked: pairs of a candidate and a kind, and the rows that they cover."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse

from planner.errors import InputError
from planner.siting.location_inputs import Float, Int, amounts, stored
from planner.siting.set_cover_problem import merged_rows

__all__ = ["Problem", "checked", "rate"]

Bool = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Problem:
    """Pairs of a candidate and a kind, and the rows of demand that they cover.

    ``matrix`` is CSR (rows, pairs), ``weight`` (rows,), ``row_kind`` (rows,) the kind of each row;
    ``building`` and ``kind`` (pairs,) tell what a pair is, ``money`` (pairs,) what it costs after
    the building, ``house`` (candidates,) what a building costs before its kinds.
    """

    matrix: sparse.csr_array
    weight: Float
    row_kind: Int
    building: Int
    kind: Int
    money: Float
    house: Float
    shape: tuple[int, int]
    budget: float
    p: int
    saving: float

    def cost(self, chosen: Bool) -> float:
        """Money that a choice of pairs takes."""
        return float(self.money[chosen].sum() + self.house[self.houses(chosen)].sum())

    def houses(self, chosen: Bool) -> Int:
        """List the buildings of a choice of pairs."""
        return np.unique(self.building[chosen])

    def gain(self, chosen: Bool) -> float:
        """Weight that a choice of pairs covers."""
        return float(self.weight[self.matrix @ chosen.astype(np.int32) > 0].sum())


def checked(
    covers: Sequence[object],
    weight: object,
    budget: float,
    building_cost: object,
    kind_cost: object,
    saving: float,
    allowed: object,
    p: int | None,
) -> Problem:
    """Check what :func:`planner.siting.one_stop` is given and lay it out in pairs and rows.

    Raises
    ------
    InputError
        As that function says.
    """
    kinds = len(covers)
    tables = [stored(table) for table in covers]
    if not tables or len({shape for *_, shape in tables}) > 1:
        raise InputError("siting_location.kinds_differ", found=str([t[-1] for t in tables]))
    n, m = tables[0][-1]
    residents = amounts(np.ravel(np.asarray(weight, np.float64)), kinds * n, "weight")
    house = amounts(building_cost, m, "building_cost")
    each = np.asarray(kind_cost, np.float64)
    each = np.broadcast_to(each, (m, kinds)) if each.shape == (kinds,) else each
    each = amounts(each.ravel(), m * kinds, "kind_cost").reshape(m, kinds)
    may = np.broadcast_to(True if allowed is None else np.asarray(allowed, np.bool_), (m, kinds))
    if not 0 <= saving <= each[may].min(initial=np.inf):
        raise InputError(
            "siting_location.bad_saving", saving=saving, most=float(each[may].min(initial=0.0))
        )
    if p is not None and (p != int(p) or p < 1):
        raise InputError("siting_location.bad_p", p=p)
    if not budget >= 0:
        raise InputError("siting_location.bad_option", option="budget", value=budget)
    blocks, weights, row_kinds, places = [], [], [], []
    for k, (start, site, value, _) in enumerate(tables):
        row = np.repeat(np.arange(n), np.diff(start))
        lived = residents[k * n : k * n + n]
        keep = (value != 0) & may[site, k] & (lived[row] > 0)
        table = sparse.csr_array(
            (np.ones(int(keep.sum()), np.int32), (row[keep], site[keep])), shape=(n, m)
        )
        useful = np.flatnonzero(np.bincount(site[keep], minlength=m) > 0)
        merged = merged_rows(table, lived)
        reached = (merged > 0) & (np.diff(table.indptr) > 0)
        blocks.append(table[reached][:, useful])
        weights.append(merged[reached])
        row_kinds.append(np.full(int(reached.sum()), k))
        places.append(useful)
    building = np.concatenate(places).astype(np.int64)
    if not len(building):
        raise InputError("siting_location.nobody_in_reach")
    kind = np.repeat(np.arange(kinds), [len(place) for place in places])
    least = float((house[building] + each[building, kind]).min())
    if least > budget * (1 + 1e-9):
        raise InputError("siting_location.budget_too_small", budget=budget, least=least)
    return Problem(
        sparse.csr_array(sparse.block_diag(blocks, format="csr")),
        np.concatenate(weights),
        np.concatenate(row_kinds),
        building,
        kind,
        each[building, kind] - saving,
        house + saving,
        (m, kinds),
        float(budget) * (1 + 1e-9),
        m if p is None else int(p),
        float(saving),
    )


def rate(value: Float, money: Float) -> Float:
    """Divide what is got by the money; free things are best."""
    return value / np.maximum(money, 1e-9)
