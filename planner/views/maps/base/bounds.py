"""What a map looks at after an answer: the corners around sites and the homes they bring."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import shapely

from planner.views.maps.base.degrees import in_degrees

if TYPE_CHECKING:
    from pyproj import CRS

    from planner.siting.one_stop_sites.answers import OneStopProposal
    from planner.siting.proposals.proposal import Proposal
    from planner.siting.relocation.relocation import Relocation

AROUND_M = 150.0
"""Metres left around what is looked at."""

Corners = list[list[float]]


def proposal_bounds(proposal: Proposal) -> Corners | None:
    """Return the corners around the sites and the homes gained, None where there are none."""
    crs = proposal.assessment.district.crs
    return _corners(crs, proposal.sites.geometry, proposal.homes().geometry)


def relocation_bounds(found: Relocation) -> Corners | None:
    """Return the corners around what moves or closes, where to, and the homes that change."""
    plan = found.plan
    moved = plan[plan["does"] == "move"]
    places = gpd.GeoSeries(shapely.points(moved["to_x"], moved["to_y"]), crs=plan.crs)
    return _corners(found.assessment.district.crs, plan.geometry, places, found.homes().geometry)


def one_stop_bounds(proposal: OneStopProposal) -> Corners | None:
    """Return the corners around the buildings and the homes gained, None where there are none."""
    crs = proposal.assessment.district.crs
    return _corners(crs, proposal.buildings.geometry, proposal.homes().geometry)


def _corners(crs: CRS, *parts: gpd.GeoSeries) -> Corners | None:
    """Return south-west and north-east corner, degrees, latitude first."""
    shapes = np.concatenate([part.to_numpy() for part in parts])
    if not shapes.size:
        return None
    area = shapely.box(*shapely.total_bounds(shapes)).buffer(AROUND_M)
    west, south, east, north = shapely.total_bounds(in_degrees(np.array([area]), crs))
    return [[float(south), float(west)], [float(north), float(east)]]
