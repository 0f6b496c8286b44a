"""The one place in a gap where a new facility brings most of its people within the limit."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import shapely

from planner.analysis.people import people_of
from planner.district.scenarios.scenario import Change
from planner.siting.candidates import candidate_sites
from planner.siting.costs import Costs
from planner.siting.opening import opening
from planner.siting.walks import keeps, site_distances, uncovered

if TYPE_CHECKING:
    from planner.analysis.assessment import Assessment

WHERE = ("candidates", "streets", "homes")
"""Listed sites, street junctions and ends, and homes; of equally good places the first of these."""


@dataclass(frozen=True)
class BestPlace:
    """A new facility in a gap, and what it brings.

    Parameters
    ----------
    change
        The opening.
    brought
        People of the gap whom it brings within the limit.
    people
        People of the gap who are beyond the limit today; those of whom it is not known are not
        among them.
    gained
        All whom it brings within the limit, those beside the gap too.
    places
        Places in the gap among which it is the best.
    """

    change: Change
    brought: float
    people: float
    gained: float
    places: int


def best_place(
    assessment: Assessment,
    kind: str,
    demand_ids: Collection[str],
    area: shapely.Geometry,
    *,
    group: str | None = None,
    costs: Costs | None = None,
    facility_id: str = "new-1",
) -> BestPlace | None:
    """Return the place in a gap from which a new facility reaches most of its people.

    Every listed site, street junction and end, and every home in the gap is tried, each by itself;
    so no other of these brings more of the gap's people within the limit. Of places that bring as
    many of them, the one that brings most in all is taken.

    Parameters
    ----------
    assessment
        By which the gap was found; of everyone's walk.
    kind
        What the gap lacks, a judged kind.
    demand_ids, area
        Its homes and its land, of :func:`planner.analysis.gaps.gaps.find_gaps`.
    group
        Whose residents count, by their own limit; the total where none is given.
    costs
        Prices of places that name none; the built-in ones where none are given.
    facility_id
        Id of the new facility.

    Returns
    -------
    BestPlace or None
        None where there is no such place, or none brings anybody of the gap within the limit.

    Raises
    ------
    InputError
        As :func:`planner.siting.candidates.candidate_sites`.
    """
    whose = group or assessment.groups[0]
    limit_m = assessment.limit_m(kind, whose)
    if limit_m is None:
        return None
    sites = _places(assessment, kind, area, costs)
    if sites.empty:
        return None
    demand = assessment.district.demand
    people = np.where(uncovered(assessment, kind, limit_m), people_of(assessment, whose), 0.0)
    inside = np.where(demand["demand_id"].isin(demand_ids), people, 0.0)
    near = keeps(site_distances(assessment, sites, kind, limit_m), limit_m).T
    brought, gained = near @ inside, near @ people
    # the last key sorts first; of equal places the first is taken
    best = int(np.lexsort((np.arange(len(sites)), -gained, -brought))[0])
    if brought[best] <= 0:
        return None
    site = next(sites.iloc[[best]].itertuples())
    return BestPlace(
        opening(assessment, kind, site, facility_id),
        float(brought[best]),
        float(inside.sum()),
        float(gained[best]),
        len(sites),
    )


def _places(
    assessment: Assessment, kind: str, area: shapely.Geometry, costs: Costs | None
) -> gpd.GeoDataFrame:
    """Return the places in an area, each spot once."""
    # squares of a millimetre: every home is a place of its own
    sites = candidate_sites(
        assessment, kind, WHERE, spacing_m=0.001, within=area, costs=costs, every_node=True
    )
    return sites[~sites.geometry.duplicated()].reset_index(drop=True)
