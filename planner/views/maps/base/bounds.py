"""What a map looks at: the corners around a chosen row, or around an answer and its homes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import shapely

from planner.views.maps.base.degrees import in_degrees

if TYPE_CHECKING:
    from pyproj import CRS

    from planner.siting.budget import Mix
    from planner.siting.matching.matching import Matching
    from planner.siting.one_stop_sites.answers import OneStopProposal
    from planner.siting.proposals.proposal import Proposal
    from planner.siting.relocation.relocation import Relocation

AROUND_M = 150.0
"""Metres left around an answer, which shows the streets between its parts."""

AROUND_ROWS_M = 300.0
"""Metres left around a chosen row: a gap or a link alone shows none of the streets about it."""

Corners = list[list[float]]


def bounds_of(rows: gpd.GeoDataFrame) -> Corners | None:
    """Return the corners around chosen rows, with the streets about them; None for no row."""
    return _corners(rows.crs, rows.geometry, around_m=AROUND_ROWS_M)


def matching_bounds(found: Matching, what: str, own_id: str) -> Corners | None:
    """Return the corners around a place and the homes that go there, or around a community."""
    district = found.assessment.district
    if what == "community":
        own = district.communities.set_index("community_id").geometry[[own_id]]
        return _corners(district.crs, own)
    flows = found.flows()
    homes = flows.loc[flows["facility_id"] == own_id, "demand_id"]
    place = district.facilities.set_index("facility_id").geometry[[own_id]]
    served = district.demand.set_index("demand_id").geometry[homes.unique()]
    return _corners(district.crs, place, served)


def proposal_bounds(proposal: Proposal) -> Corners | None:
    """Return the corners around the sites and the homes gained, None where there are none."""
    crs = proposal.assessment.district.crs
    return _corners(crs, proposal.sites.geometry, proposal.homes().geometry)


def relocation_bounds(found: Relocation, number: int | None = None) -> Corners | None:
    """Return the corners around what moves or closes, where to, and the homes that change.

    With the number of a row of the plan, from 1, around its ends alone.
    """
    plan = found.plan if number is None else found.plan.iloc[[number - 1]]
    moved = plan[plan["does"] == "move"]
    places = gpd.GeoSeries(shapely.points(moved["to_x"], moved["to_y"]), crs=plan.crs)
    crs = found.assessment.district.crs
    if number is not None:
        return _corners(crs, plan.geometry, places, around_m=AROUND_ROWS_M)
    return _corners(crs, plan.geometry, places, found.homes().geometry)


def remedy_bounds(mix: Mix, number: int) -> Corners | None:
    """Return the corners around a remedy, by its number in the table and on the map, from 1."""
    crs, row = mix.assessment.district.crs, mix.table.iloc[number - 1]
    place = gpd.GeoSeries([shapely.Point(row["x"], row["y"])], crs=crs)
    return _corners(crs, place, around_m=AROUND_ROWS_M)


def one_stop_bounds(proposal: OneStopProposal) -> Corners | None:
    """Return the corners around the buildings and the homes gained, None where there are none."""
    crs = proposal.assessment.district.crs
    return _corners(crs, proposal.buildings.geometry, proposal.homes().geometry)


def _corners(crs: CRS, *parts: gpd.GeoSeries, around_m: float = AROUND_M) -> Corners | None:
    """Return south-west and north-east corner, degrees, latitude first."""
    shapes = np.concatenate([part.to_numpy() for part in parts])
    if not shapes.size:
        return None
    area = shapely.box(*shapely.total_bounds(shapes)).buffer(around_m)
    west, south, east, north = shapely.total_bounds(in_degrees(np.array([area]), crs))
    return [[float(south), float(west)], [float(north), float(east)]]
