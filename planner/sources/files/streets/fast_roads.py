"""Motorways and the like of a street file: barriers on the ground, as those of an extract are."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from planner.arrays import Bool
from planner.errors import Finding
from planner.sources.osm.rules import FAST_ROADS
from planner.sources.tables.reading import Reading
from planner.sources.tables.values.numbers import cell_text
from planner.sources.tables.words.flags import flags

MADE = "streets:"
"""How the source of a barrier begins that was made of a street."""


def are_walls(streets: gpd.GeoDataFrame) -> Bool:
    """Return which streets on which nobody walks stop people: fast roads on the ground, (n,).

    Parameters
    ----------
    streets
        Streets that are not walked; ``highway``, ``bridge``, ``tunnel`` and ``layer`` as far as
        the file tells them.
    """
    if "highway" not in streets:
        return np.zeros(len(streets), dtype=bool)
    fast = streets["highway"].map(cell_text).str.casefold().isin(FAST_ROADS).to_numpy(dtype=bool)
    for structure in ("bridge", "tunnel"):
        if structure in streets:
            fast = fast & ~flags(streets[structure], "", structure)[0]
    return np.asarray(fast, dtype=bool)


def barriers_of_roads(reading: Reading, areas: Any, metres: float, crs: Any) -> gpd.GeoDataFrame:
    """Return the barriers that the fast roads of a street file are.

    Parameters
    ----------
    reading
        The street file as read.
    areas, metres
        Only what lies so near to the communities, in `crs`.
    crs
        CRS of the barriers.
    """
    left = reading.left_out
    shapes = np.empty(0, dtype=object)
    if left is not None and len(left):
        shapes = left[left["wall"]].geometry.to_crs(crs).to_numpy()
        shapes = shapes[shapely.dwithin(areas, shapes, metres)]
    ids = [f"{MADE}{n + 1}" for n in range(len(shapes))]
    told = {"name": "", "kind": "motorway", "source": f"{MADE}{reading.source.source}"}
    return gpd.GeoDataFrame({"barrier_id": ids, **told}, geometry=shapes, crs=crs)


def with_roads(
    barriers: gpd.GeoDataFrame | None, roads: gpd.GeoDataFrame, file: str
) -> tuple[dict[str, gpd.GeoDataFrame], list[Finding]]:
    """Return the layer ``barriers`` with those of fast roads, nothing without any, and tell."""
    if roads.empty:
        return {}, []
    km = round(float(shapely.length(roads.geometry.to_numpy()).sum()) / 1000, 1)
    told = Finding("sources.fast_roads", {"file": file, "count": len(roads), "km": km})
    if barriers is None or barriers.empty:
        return {"barriers": roads}, [told]
    whole = pd.concat([barriers, roads], ignore_index=True)
    return {"barriers": gpd.GeoDataFrame(whole, geometry="geometry", crs=barriers.crs)}, [told]


def made_of_streets(barriers: gpd.GeoDataFrame) -> Bool:
    """Return which barriers were made of streets, (n,)."""
    made = barriers["source"].astype(str).str.startswith(MADE)
    return np.asarray(made, dtype=bool)
