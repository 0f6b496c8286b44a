"""Floating catchments: how much of a kind's supply each home has for its residents."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pandas as pd

from planner.analysis.assessment import Assessment
from planner.analysis.distances.pairs import Pairs, pairs_within
from planner.analysis.hours.rules import OPEN
from planner.analysis.measures.decay import Decay, find_decay
from planner.analysis.people import limit_of, people_in, people_of
from planner.arrays import F64, Bool
from planner.errors import InputError

Method = Literal["2sfca", "e2sfca", "3sfca"]
Supply = Literal["capacity", "floor_area_m2", "facilities"]

_DECAY_OF: dict[str, str] = {"2sfca": "none", "e2sfca": "steps", "3sfca": "steps"}


def floating_catchment(
    pairs: Pairs, weight: F64, supply: F64, people: F64, *, compete: bool = False
) -> F64:
    """Return the supply for each person at each home by the floating catchment method.

    A facility's supply is divided by the people around it, weighted by distance, and each home
    adds up what the facilities around it so have for a person. With weights of 1 this is the
    two-step method (2SFCA: Luo & Wang 2003), with weights that fall with distance the enhanced
    one (E2SFCA: Luo & Qi 2009). With `compete` people prefer the nearer of their facilities, by
    G = w / Σw, and each weight counts as w·G (3SFCA: Wan, Zou & Sternberg 2012).

    Parameters
    ----------
    pairs
        f facilities and n homes within the catchment.
    weight
        (p,) weight of each pair, 0–1.
    supply
        (f,) what each facility offers.
    people
        (n,) people at each home.
    compete
        Whether facilities compete for people.

    Returns
    -------
    ndarray
        (n,) float64, 0 where no facility is in reach. A facility with nobody around it adds
        nothing.

    Examples
    --------
    Two homes of 10 and 30 people; both reach a facility of 20, the second also one of 6:
    20 / 40 for the first, 20 / 40 + 6 / 30 for the second.

    >>> pairs = Pairs(
    ...     np.arange(2), np.array([0, 0, 1]), np.array([0, 1, 1]), np.array([90.0, 50.0, 10.0]), 2
    ... )
    >>> people, supply = np.array([10.0, 30.0]), np.array([20.0, 6.0])
    >>> floating_catchment(pairs, np.ones(3), supply, people).round(3).tolist()
    [0.5, 0.7]

    When they compete, the second home's people split evenly between both: the first facility
    has 10 + 15 people, the second 15; 20 / 25 for the first home, (20 / 25 + 6 / 15) / 2 for
    the second.

    >>> floating_catchment(pairs, np.ones(3), supply, people, compete=True).round(3).tolist()
    [0.8, 0.6]
    """
    if compete:
        around = pairs.per_home(weight)[pairs.home]
        weight = np.divide(weight**2, around, out=np.zeros_like(weight), where=around > 0)
    demand = pairs.per_facility(weight * people[pairs.home])
    ratio = np.divide(supply, demand, out=np.zeros_like(demand), where=demand > 0)
    return pairs.per_home(weight * ratio[pairs.facility])


def access_scores(
    assessment: Assessment,
    kind: str,
    *,
    method: Method = "2sfca",
    decay: str | Decay | None = None,
    supply: Supply = "capacity",
    group: str | None = None,
    limit_m: float | None = None,
) -> pd.DataFrame:
    """Return how much of a kind's supply each home has for 1000 residents.

    Parameters
    ----------
    assessment, kind
        What is measured.
    method
        ``"2sfca"``, ``"e2sfca"`` or ``"3sfca"``; see :func:`floating_catchment`.
    decay
        Weight by distance, by its id in :data:`planner.analysis.measures.decay.DECAYS`; that of the
        method where none is given: none for 2SFCA, Luo & Qi's three zones for the others.
    supply
        ``"capacity"`` (people a day), ``"floor_area_m2"``, or ``"facilities"``, each counting 1.
    group
        People who use it; the total where none is given.
    limit_m
        Radius of the catchment; the standard's limit where none is given.

    Returns
    -------
    DataFrame
        Index ``demand_id``. ``per_1000_low``, ``per_1000_high``: supply for 1000 residents, from
        every facility of unknown hours or services shut to all of them open, and with an unknown
        supply from nothing to no bound (inf). ``unknown_facilities``: facilities in reach whose
        hours, services or supply are unknown. NaN, and a missing count, where the position of a
        home is unknown.

    Raises
    ------
    InputError
        For an unknown method, decay or group, and a kind without a limit where none is given.
    """
    if method not in _DECAY_OF:
        raise InputError("measures.method", method=method, known=", ".join(_DECAY_OF))
    weigh = find_decay(decay or _DECAY_OF[method])
    radius_m = limit_of(assessment, kind, group, limit_m)
    people = people_of(assessment, group)
    pairs = pairs_within(assessment.reach, kind, radius_m)
    offered = _offered(assessment, pairs, supply)
    sure = assessment.reach.states[pairs.rows] == OPEN
    unknown = np.isnan(offered)
    lacking = pairs.of(~sure | unknown)

    def score(counted: Bool) -> F64:
        some = pairs.of(counted)
        weight = weigh(some.distance_m, radius_m)
        given = np.nan_to_num(offered, nan=0.0)
        return 1000 * floating_catchment(some, weight, given, people, compete=method == "3sfca")

    shut, opened = score(sure), score(np.ones_like(sure))
    unbounded = pairs.of(unknown).reached()
    located = assessment.distances[kind].notna().to_numpy()
    table = pd.DataFrame(
        {
            "per_1000_low": np.minimum(shut, opened),
            "per_1000_high": np.where(unbounded, np.inf, np.maximum(shut, opened)),
            "unknown_facilities": lacking.per_home(np.ones(len(lacking.home))),
        },
        index=assessment.distances.index,
    )
    return table.where(pd.Series(located, index=table.index), axis=0).astype(
        {"unknown_facilities": "Int64"}
    )


def access_by_community(
    assessment: Assessment, scores: pd.DataFrame, *, group: str | None = None
) -> pd.DataFrame:
    """Return the mean of each community's residents of what :func:`access_scores` gave.

    Returns
    -------
    DataFrame
        One row for each community: ``community_id``, ``name``, ``residents`` whose position is
        known (NaN where they are not told, or withheld), ``per_1000_low``, ``per_1000_high`` (inf
        where any resident's has no bound); NaN where there are none.
    """
    people = people_of(assessment, group)
    communities = assessment.district.communities
    table = pd.DataFrame(communities[["community_id", "name"]])
    area = pd.Index(table["community_id"]).get_indexer(assessment.district.demand["community_id"])
    low, high = (scores[f"per_1000_{end}"].to_numpy(dtype=np.float64) for end in ("low", "high"))
    kept = (area >= 0) & ~np.isnan(low) & (people > 0)
    area, people, low, high = area[kept], people[kept], low[kept], high[kept]
    residents = np.bincount(area, people, len(table)).astype(np.float64)
    untold = np.isnan(people_in(assessment, "community", group))
    table["residents"] = np.where(untold, np.nan, residents)
    with np.errstate(invalid="ignore"):
        for name, values in (("per_1000_low", low), ("per_1000_high", high)):
            table[name] = np.bincount(area, people * values, len(table)) / residents
    return table


def _offered(assessment: Assessment, pairs: Pairs, supply: Supply) -> F64:
    if supply == "facilities":
        return np.ones(len(pairs.rows))
    if supply not in ("capacity", "floor_area_m2"):
        raise InputError("measures.unknown_supply", supply=supply)
    column = assessment.district.facilities[supply]
    return np.asarray(column.to_numpy(dtype=np.float64)[pairs.rows])
