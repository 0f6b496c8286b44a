"""Where a building cannot stand: bridges, tunnels, piers, platforms, trunk roads, water."""

from __future__ import annotations

import numpy as np
import shapely

from planner.analysis.streets import streets_of
from planner.arrays import F64, Bool
from planner.district import District

__all__ = ["NO_GROUND", "dry", "nodes_on_ground"]

NO_GROUND = frozenset(
    {
        "platform",
        "pier",
        "steps",
        "elevator",
        "trunk",
        "trunk_link",
        "motorway",
        "motorway_link",
    }
)
"""Values of ``highway`` beside which nothing is built: parts of stations and quays, and roads that
no door may open to."""


def nodes_on_ground(district: District) -> F64:
    """Return the junctions and ends of streets at which something could be built, (n, 2) metres.

    A node is left out where any street that meets there is a bridge, a viaduct or a tunnel, lies
    above or below the ground (``layer``), or is of :data:`NO_GROUND`; and where it lies in water.
    What looks like a junction there is a ramp, a stair or a slip road.
    """
    ground = streets_of(district).ground
    streets = district.streets[~district.streets["link"].to_numpy(dtype=bool)]
    unsuited = (
        streets["bridge"]
        | streets["tunnel"]
        | streets["steps"]
        | (streets["layer"].fillna(0) != 0)
        | streets["highway"].isin(NO_GROUND)
    ).to_numpy(dtype=bool)
    free = np.ones(len(ground.node_xy), np.bool_)
    free[ground.edge_uv[unsuited].ravel()] = False
    xy: F64 = ground.node_xy[free]
    return np.asarray(xy[dry(district, xy)])


def dry(district: District, xy: F64) -> Bool:
    """Return which points do not lie in water, by the areas of the map and of the barriers."""
    areas = [
        layer.geometry.to_numpy()[(layer["kind"] == "water").to_numpy()]
        for layer in (district.context, district.barriers)
    ]
    water = np.concatenate(areas)
    water = water[shapely.get_dimensions(water) == 2]
    kept = np.ones(len(xy), np.bool_)
    if len(water):
        points, _ = shapely.STRtree(water).query(shapely.points(xy), "within")
        kept[points] = False
    return kept
