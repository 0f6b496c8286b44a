"""One fault of a district's data: what it is, how grave, in which rows, and what mends it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import CRS

from planner.district import LAYERS, District
from planner.errors import Finding

Severity = Literal["wrong", "doubtful", "missing"]
"""``wrong``: figures are wrong while it is so; ``doubtful``: somebody should look; ``missing``:
not filled in, so that some questions have no answer."""

SEVERITIES: tuple[Severity, ...] = ("wrong", "doubtful", "missing")

ID_COLUMNS = {name: layer.key for name, layer in LAYERS.items() if layer.key}
ROW_COLUMNS = ("id", "name", "other", "metres", "geometry")


@dataclass(frozen=True, eq=False)
class Problem:
    """One fault of the data and all rows that have it.

    Parameters
    ----------
    finding
        What is wrong, as a code with parameters.
    severity
        How grave it is, see :data:`Severity`.
    layer
        The layer whose rows have it.
    rows
        GeoDataFrame in the district's CRS: ``id`` (of the row in `layer`, empty where the fault is
        no row's), ``name``, ``other`` (id of the row that it is about as well, or the kind of
        place), ``metres`` (a distance or width that belongs to it, NaN where none does), geometry.
    mend
        Name of what mends it, a key of :data:`planner.analysis.data_check.MENDS`; empty where a
        person has to decide.
    """

    finding: Finding
    severity: Severity
    layer: str
    rows: gpd.GeoDataFrame
    mend: str = ""

    @property
    def code(self) -> str:
        """The code of its finding, such as ``"data_check.facilities_alike"``."""
        return self.finding.code

    def without(self, keys: set[str]) -> Problem | None:
        """Return the problem without rows that somebody ticked off, None where none is left."""
        left = self.rows[[key not in keys for key in self.keys()]]
        return replace(self, rows=left) if len(left) else None

    def keys(self) -> list[str]:
        """Return a key of each row by which it is known again: code, id and the other's id."""
        return [
            f"{self.code}|{own}|{other}"
            for own, other in zip(self.rows["id"], self.rows["other"], strict=True)
        ]


def rows_of(
    district: District,
    layer: str,
    which: Any,
    *,
    other: Sequence[str] | str = "",
    metres: Any = np.nan,
) -> gpd.GeoDataFrame:
    """Return rows of a layer as rows of a problem.

    Parameters
    ----------
    district
        The district.
    layer
        Name of the layer.
    which
        Row numbers (n,), or whether each row is one (bool).
    other, metres
        Columns of the same names, one value or (n,).
    """
    table = getattr(district, layer)
    which = np.asarray(which)
    chosen = table.iloc[np.flatnonzero(which) if which.dtype == bool else which]
    names = chosen["name"] if "name" in chosen else pd.Series("", index=chosen.index)
    columns = {
        "id": chosen[ID_COLUMNS[layer]].astype(str).to_numpy(dtype=object),
        "name": names.fillna("").to_numpy(dtype=object),
        "other": other,
        "metres": np.round(metres, 1) if np.ndim(metres) else metres,
    }
    return gpd.GeoDataFrame(columns, geometry=chosen.geometry.to_numpy(), crs=district.crs)


NEAR_M = 100.0
"""A place is called after a street that is no farther away, else after its community."""


def near_names(district: District, points: Any) -> list[str]:
    """Return for each place what a person finds it by: the street's name, else the community's."""
    names = np.full(len(points), "", dtype=object)
    for table, reach in ((district.communities, 0.0), (district.streets, NEAR_M)):
        if "name" not in table or table.empty:
            continue
        named = table[table["name"].fillna("").astype(str).str.strip() != ""]
        if named.empty:
            continue
        tree = shapely.STRtree(named.geometry.to_numpy())
        at, row = tree.query_nearest(points, max_distance=max(reach, 0.01), all_matches=False)
        names[at] = named["name"].astype(str).to_numpy(dtype=object)[row]
    return [str(name) for name in names]


def places(
    crs: CRS, shapes: Any, *, other: Any = "", metres: Any = np.nan, name: Any = ""
) -> gpd.GeoDataFrame:
    """Return places of the map, that are no rows of a layer, as rows of a problem.

    Each is known again by its position to the nearest metre, which stands in ``id``.
    """
    shapes = np.atleast_1d(np.asarray(shapes, dtype=object))
    xy = shapely.get_coordinates(shapely.centroid(shapes))
    columns = {
        "id": [f"{x:.0f} {y:.0f}" for x, y in xy],
        "name": name,
        "other": other,
        "metres": np.round(metres, 1) if np.ndim(metres) else metres,
    }
    return gpd.GeoDataFrame(columns, index=range(len(shapes)), geometry=shapes, crs=crs)
