"""Maximal covering: where to open sites so that most demand is covered."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any, Unpack

import numpy as np
import numpy.typing as npt

from planner.errors import InputError
from planner.location.covering.by_region import choose_by_region
from planner.location.covering.capacity import Served, choose_limited
from planner.location.covering.equity import Areas, raise_worst, with_floors
from planner.location.covering.inputs import Table, areas, conflict_pairs, reduced, regions
from planner.location.covering.model import CoverModel
from planner.location.covering.solve import choose
from planner.location.inputs import FIXED, FORBIDDEN, amounts, candidate_kinds, site_count
from planner.location.limits import LimitKeywords, Limits, given_limits
from planner.location.results import Siting
from planner.location.search import Search

__all__ = ["max_coverage"]


def max_coverage(
    covers: object,
    weight: npt.ArrayLike | None = None,
    p: int | None = None,
    *,
    fixed: Collection[int] = (),
    forbidden: Collection[int] = (),
    cost: npt.ArrayLike | None = None,
    budget: float | None = None,
    capacity: npt.ArrayLike | None = None,
    backup: float = 0.0,
    conflicts: object = None,
    area: npt.ArrayLike | None = None,
    floor: float | Mapping[Any, float] | None = None,
    equity: bool = False,
    region: npt.ArrayLike | None = None,
    limits: Limits | None = None,
    **keywords: Unpack[LimitKeywords],
) -> Siting:
    """Choose sites that cover the most demand.

    Sites that would add nothing are left out of the answer, so that there may be fewer than
    asked for.

    Parameters
    ----------
    covers
        Demand × candidates, sparse or dense: bool, or shares between 0 and 1 where cover is
        gradual (a demand counts with the best share among the open sites).
    weight
        (demand,) residents of each demand; None counts every demand as 1.
    p
        Sites open in all at most, the fixed ones included.
    fixed, forbidden
        Candidates that must and must not be open.
    cost
        (candidates,) cost of each, fixed ones included.
    budget
        Total cost at most.
    capacity
        (candidates,) weight that each site serves at most; a demand may be served in parts by
        several sites that cover it. Not together with gradual cover, backup or areas.
    backup
        Share of the weight that counts only once a second site covers the demand: 0 for plain
        cover, 1 where cover by two sites alone counts.
    conflicts
        Pairs of candidates that may not both be open, such as those too near to one another:
        (pairs, 2) integers or a sparse matrix of candidates × candidates.
    area
        (demand,) area in which each demand lies, any labels; for ``floor`` and ``equity``.
    floor
        Share of the weight of every area that must be covered, or a share by area.
    equity
        Raise the least share of all areas first, and cover the most with what freedom is left.
        Areas that the candidates cannot raise hold nobody back; where they raise none, the least
        share of all areas is told.
    region
        (candidates,) region of each candidate, any labels: towns, or tiles of a large network. Each
        region is then searched by itself, and number of sites, budget and demand at their borders
        are shared between them by prices (:mod:`planner.location.covering.by_region`). Answer and
        bound are of the whole all the same; the bound is the nearer the less the regions share.
        With covers, costs and limits alone.
    limits, **keywords
        When to stop, as a :class:`planner.location.limits.Limits` or its fields; 2 s by default.

    Returns
    -------
    Siting
        ``objective`` is the weight covered, and ``covered`` the share of each demand that counts.
        With ``equity`` the objective is the least share covered, among the areas that the
        candidates can raise; it is proven to be the most where that of each next area is too.

    Raises
    ------
    InputError
        Where the question has no answer or makes no sense; the message says why.
    WorkError
        ``covering.no_choice_in_time`` where floors are so tight that none was found.

    Notes
    -----
    Church and ReVelle (1974), *The maximal covering location problem*; backup cover after Hogan
    and ReVelle (1986), gradual cover after Berman and Krass (2002).

    Examples
    --------
    >>> import numpy as np
    >>> covers = np.array([[1, 0, 0], [1, 1, 0], [0, 1, 0], [0, 0, 1]], dtype=bool)
    >>> siting = max_coverage(covers, [10, 20, 30, 15], p=2)
    >>> siting.sites.tolist(), siting.objective, siting.optimal
    ([1, 2], 65.0, True)
    """
    table = Table.of(covers)
    demand, candidates = table.shape
    people = amounts(weight, demand, "weight", fill=1.0)
    kinds = candidate_kinds(fixed, forbidden, candidates)
    if budget is not None and cost is None:
        raise InputError("location.budget_without_cost")
    prices = amounts(cost, candidates, "cost", fill=0.0)
    most, money = site_count(p, budget, prices, kinds)
    if not 0 <= backup <= 1:
        raise InputError("covering.bad_backup", value=backup)
    if capacity is not None and (backup or area is not None or equity or table.graded):
        raise InputError("covering.capacity_alone")
    alone = capacity is None and not backup and conflicts is None and area is None and not equity
    if region is not None and not alone:
        raise InputError("covering.region_alone")
    number = None if region is None else regions(region, candidates)
    names, group = areas(area, demand)
    asked = _floors(names, area, floor, equity=equity)
    model = reduced(
        table,
        people,
        kinds,
        most,
        money,
        prices,
        backup=backup,
        conflicts=conflict_pairs(conflicts, candidates),
        group=group,
        lean=capacity is None,
        wanted=p,
    )
    whole = _whole(model.first) and _whole(model.second) and _whole(np.array([model.base]))
    fixed_sites = np.flatnonzero(kinds == FIXED)
    given = given_limits(limits, keywords, 2.0)
    if capacity is not None:
        most_served = amounts(capacity, candidates, "capacity")
        # a greatest flow is whole only where what flows and what it flows through are
        search = Search(given, "maximise", whole=whole and _whole(most_served[model.site]))
        return _limited(table, people, model, most_served, fixed_sites, search)
    search = Search(given, "maximise", whole=whole and not equity)
    if number is not None:
        chosen = choose_by_region(model, number[model.site], search)
    elif asked is None:
        chosen = choose(model, search)
    else:
        allowed = np.flatnonzero(kinds != FORBIDDEN)
        sums = [
            np.bincount(group, worth, len(names)).astype(np.float64)
            for worth in (
                people,
                people * table.shares(fixed_sites, backup),
                people * table.shares(allowed, backup),
            )
        ]
        lived = sums[0] > 0
        place = np.cumsum(lived) - 1
        model = replace(model, group=place[model.group].astype(np.int32))
        here = Areas(
            [n for n, is_lived in zip(names, lived, strict=True) if is_lived],
            *(total[lived] for total in sums),
        )
        columns = (
            raise_worst(model, here, search)
            if equity
            else with_floors(model, here, asked[lived], search)
        )
        chosen = model.site[columns]
    sites = np.union1d(chosen, fixed_sites)
    return search.answer(sites=sites, covered=table.shares(sites, backup))


def _limited(
    table: Table,
    people: npt.NDArray[np.float64],
    model: CoverModel,
    capacity: npt.NDArray[np.float64],
    fixed: npt.NDArray[np.int64],
    search: Search,
) -> Siting:
    """Answer a question with capacities, down to who is served."""
    columns = choose_limited(
        model, capacity[model.site], np.searchsorted(model.site, fixed), search
    )
    sites = model.site[columns]
    given = CoverModel.plain(table.start, table.site, people, table.shape[1])
    served = Served(given, capacity)
    for j in sites:
        served.open(int(j))
    lived = people > 0
    share = np.zeros(len(people))
    share[lived] = 1 - served.unserved[lived] / people[lived]
    return search.answer(sites=sites, covered=np.clip(share, 0.0, 1.0))


def _floors(
    names: list[object],
    area: object,
    floor: float | Mapping[Any, float] | None,
    *,
    equity: bool,
) -> npt.NDArray[np.float64] | None:
    """(areas,) float64, the share asked for each area; None where areas do not matter."""
    if floor is None and not equity:
        if area is not None:
            raise InputError("covering.area_without_use")
        return None
    if area is None:
        raise InputError("covering.no_area")
    if floor is not None and equity:
        raise InputError("covering.floor_with_equity")
    if isinstance(floor, Mapping):
        unknown = [name for name in floor if name not in set(names)]
        if unknown:
            raise InputError("covering.unknown_area", area=unknown[0])
        share = np.array([float(floor.get(name, 0.0)) for name in names])
    else:
        share = np.full(len(names), float(floor or 0.0))
    wrong = ~((share >= 0) & (share <= 1))
    if wrong.any():
        raise InputError("covering.bad_floor", value=float(share[wrong][0]))
    return share


def _whole(values: npt.NDArray[np.float64]) -> bool:
    return bool((values == np.floor(values)).all() and values.sum() < 2**52)
