"""Where nothing can be built: bridges, tunnels, piers, platforms, trunk roads, halls, water."""

from __future__ import annotations

import numpy as np
import pandas as pd
import shapely

from planner.analysis.distances.streets import streets_of
from planner.arrays import F64, I32, Bool, Shapes
from planner.district import District

__all__ = ["MOUTH_M", "NO_GROUND", "dry", "nodes_on_ground"]

NO_GROUND = frozenset(
    {
        "platform",
        "pier",
        "steps",
        "elevator",
        "corridor",
        "trunk",
        "trunk_link",
        "motorway",
        "motorway_link",
    }
)
"""Values of ``highway`` beside which nothing is built: parts of stations and quays, and roads that
no door may open to."""


ON_FOOT = frozenset({"footway", "path", "pedestrian", "steps", "cycleway", "corridor", "elevator"})
"""Values of ``highway`` whose tunnels are underpasses."""

MOUTH_M = 25.0
"""This near to where a tunnel begins a street lies in its cutting, metres."""


def nodes_on_ground(district: District) -> F64:
    """Return the junctions and ends of streets at which something could be built, (n, 2) metres.

    A node is left out where any street that meets there is a bridge, a viaduct or a tunnel, lies
    above or below the ground (``layer``), or is of :data:`NO_GROUND`; within :data:`MOUTH_M` of
    where the tunnel of a road begins; and where it lies in water or inside a building. What looks
    like a junction there is a ramp, a stair, a slip road or a way through a hall.
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
    mouths = _mouths(ground.edge_uv, streets)
    if len(mouths):
        # the cutting that leads into a tunnel carries no tag of its own
        points = shapely.points(ground.node_xy[mouths])
        tree = shapely.STRtree(np.asarray(shapely.points(ground.node_xy)))
        free[tree.query(points, predicate="dwithin", distance=MOUTH_M)[1]] = False
    xy: F64 = ground.node_xy[free]
    context = district.context
    halls = context.geometry.to_numpy()[(context["kind"] == "building").to_numpy()]
    return np.asarray(xy[dry(district, xy) & _outside(halls, xy)])


def _mouths(edge_uv: I32, streets: pd.DataFrame) -> I32:
    """Return the nodes at which a road comes out of a tunnel.

    A node inside a tunnel has streets above it as any other ground, and an underpass for people on
    foot comes up by stairs, without a cutting.
    """
    tunnel = streets["tunnel"].to_numpy(dtype=bool)
    road = tunnel & ~streets["highway"].isin(ON_FOOT).to_numpy(dtype=bool)
    return np.intersect1d(edge_uv[road], edge_uv[~tunnel])


def dry(district: District, xy: F64) -> Bool:
    """Return which points do not lie in water, by the areas of the map and of the barriers."""
    areas = [
        layer.geometry.to_numpy()[(layer["kind"] == "water").to_numpy()]
        for layer in (district.context, district.barriers)
    ]
    return _outside(np.concatenate(areas), xy)


def _outside(shapes: Shapes, xy: F64) -> Bool:
    """Return which points lie in none of the areas among some shapes."""
    areas = shapes[shapely.get_dimensions(shapes) == 2]
    kept = np.ones(len(xy), np.bool_)
    if len(areas):
        points, _ = shapely.STRtree(areas).query(shapely.points(xy), "within")
        kept[points] = False
    return kept
