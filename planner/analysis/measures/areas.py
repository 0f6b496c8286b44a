"""The figures of any area: who lives in it, who of them is covered, which facilities it has."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from planner.analysis.assessment import Assessment
from planner.analysis.coverage.spread import SpreadHomes
from planner.arrays import Bool
from planner.errors import InputError

MOST_AREAS = 500
"""Areas in one question."""

Area: TypeAlias = BaseGeometry | gpd.GeoSeries | gpd.GeoDataFrame


def area_figures(
    assessment: Assessment, area: Area, *, kinds: Sequence[str] | None = None
) -> pd.DataFrame:
    """Return who lives in an area, who of them is covered, and the facilities in it.

    Parameters
    ----------
    assessment
        The assessed district.
    area
        A polygon in the district's CRS, or a table of areas in any CRS, a row each. A home or
        facility on the edge is inside. A line that crosses itself is taken as all that it
        encloses.
    kinds
        Kinds that are counted; all of which there is data where none are given.

    Returns
    -------
    DataFrame
        A row for each area, kind and group: ``area_id`` (the table's ``name`` where it has one,
        else its index), ``kind``, ``group``, ``judged``, ``limit_m`` of the group, the people of
        :func:`planner.analysis.coverage.population_within.count_people` (``total``, ``covered``,
        ``uncovered``, ``unknown``, ``share`` and its range, ``unreachable``, ``mean_distance_m``,
        ``median_distance_m``), ``total_low`` and ``total_high`` between which the total lies where
        residents were spread over the homes of their community or cell, ``part_of_block`` (counts
        of groups are known of blocks of homes of which the area has a part: they are estimates),
        ``facilities`` of the kind that are open, ``area_m2``, ``homes`` and ``outside`` (the share
        of the area beyond the district, where nobody is counted). What is withheld is missing.

    Raises
    ------
    InputError
        ``measures.area_shape`` where there is no polygon, ``measures.area_crs`` for a table
        without CRS, ``measures.areas_many`` for more than :data:`MOST_AREAS`,
        ``analysis.unknown_kind``, ``analysis.kind_without_data``.

    Examples
    --------
    >>> import planner, shapely
    >>> result = planner.assess(planner.demo_district())
    >>> west, south, east, north = result.district.communities.total_bounds
    >>> table = area_figures(result, shapely.box(west, south, east, north), kinds=["clinic"])
    >>> table.loc[table["group"] == "population", "total"].round().tolist()
    [120163.0]
    """
    named = _areas(area, assessment)
    inside = [_homes_in(assessment, shape) for shape in named.values()]
    tables = []
    for (name, shape), homes in zip(named.items(), inside, strict=True):
        table = assessment.at_homes(homes, kinds)
        table.insert(0, "area_id", str(name))
        low, high = _range_of_total(assessment, homes)
        table["total_low"] = table["group"].map(low).where(table["total"].notna())
        table["total_high"] = table["group"].map(high).where(table["total"].notna())
        table["part_of_block"] = table["group"].map(_in_part(assessment, homes)).astype(bool)
        table["facilities"] = table["kind"].map(_facilities_in(assessment, shape)).fillna(0)
        table["area_m2"] = shape.area
        table["homes"] = int(homes.sum())
        table["outside"] = _outside(assessment, shape)
        tables.append(table)
    figures = pd.concat(tables, ignore_index=True)
    figures["facilities"] = figures["facilities"].astype("int64")
    limits_m = [
        assessment.limit_m(kind, group)
        for kind, group in zip(figures["kind"], figures["group"], strict=True)
    ]
    figures.insert(3, "judged", [limit is not None for limit in limits_m])
    figures.insert(4, "limit_m", np.array(limits_m, dtype=np.float64))
    return figures


def _areas(area: Area, assessment: Assessment) -> dict[str, BaseGeometry]:
    """Return the shapes of areas in the district's CRS by what they are called."""
    crs = assessment.district.crs
    if isinstance(area, BaseGeometry):
        given: dict[str, BaseGeometry] = {"": area}
    else:
        if area.crs is None:
            raise InputError("measures.area_crs")
        if len(area) > MOST_AREAS:
            raise InputError("measures.areas_many", count=len(area), most=MOST_AREAS)
        shapes = area.geometry.to_crs(crs)
        given = {}
        for row, (label, shape) in enumerate(shapes.items()):
            own = area["name"].iloc[row] if "name" in area else None
            name = str(label) if pd.isna(own) or not str(own) else str(own)
            given[name if name not in given else f"{name} ({label})"] = shape
    return {name: _polygonal(name, shape) for name, shape in given.items()}


def _polygonal(name: str, shape: BaseGeometry | None) -> BaseGeometry:
    """Return what a shape encloses as one valid area."""
    parts = [] if shape is None else shapely.get_parts([shape]).tolist()
    kept = [_enclosed(part) for part in parts if part.geom_type == "Polygon"]
    whole = shapely.union_all(kept)
    if not kept or not whole.area > 0:
        raise InputError("measures.area_shape", area=name)
    return whole


def _enclosed(polygon: shapely.Polygon) -> BaseGeometry:
    """Return a polygon, and of one whose outline crosses itself all loops, none as a hole."""
    if polygon.is_valid:
        return polygon
    if polygon.interiors:
        return shapely.make_valid(polygon, method="structure")
    loops = shapely.polygonize([shapely.node(polygon.exterior)])
    return shapely.union_all(shapely.get_parts([loops]))


def _homes_in(assessment: Assessment, shape: BaseGeometry) -> Bool:
    shapely.prepare(shape)
    return np.asarray(
        shapely.covers(shape, assessment.district.demand.geometry.to_numpy()), dtype=np.bool_
    )


def _facilities_in(assessment: Assessment, shape: BaseGeometry) -> pd.Series:
    facilities = assessment.answering()
    here = shapely.covers(shape, facilities.geometry.to_numpy())
    counts: pd.Series = facilities.loc[here, "kind"].value_counts()
    return counts


def _range_of_total(
    assessment: Assessment, inside: Bool
) -> tuple[dict[str, float], dict[str, float]]:
    """Return the fewest and the most people at some homes, by group, as spreading leaves them."""
    demand, people = assessment.district.demand, assessment.district.people()
    spread = SpreadHomes.of(demand)
    everywhere = np.zeros(len(demand), dtype=np.int64)
    low: dict[str, float] = {}
    high: dict[str, float] = {}
    for group in assessment.groups:
        weight = np.nan_to_num(people[group].to_numpy(dtype=np.float64))
        total = float(weight[inside].sum())
        low[group] = high[group] = total
        if spread is not None:
            least, most = spread.covered(everywhere, weight, inside, inside, 1)
            low[group], high[group] = float(least[0]), float(most[0])
    return low, high


def _in_part(assessment: Assessment, inside: Bool) -> dict[str, bool]:
    """Return for each group whether its count is known of blocks that are only in part inside."""
    withheld = assessment.district.withheld
    parts = dict.fromkeys(assessment.groups, False)
    if withheld is None:
        return parts
    block = withheld.block.reindex(assessment.district.demand["demand_id"]).to_numpy()
    cut = set(block[inside & (block >= 0)]) & set(block[~inside & (block >= 0)])
    return parts | {group: bool(cut) for group in withheld.groups if group in parts}


def _outside(assessment: Assessment, shape: BaseGeometry) -> float:
    """Return the share of an area that no community of the district covers."""
    communities = assessment.district.communities.geometry.to_numpy()
    touched = communities[shapely.intersects(communities, shape)]
    covered = shapely.area(shapely.intersection(shapely.union_all(touched), shape))
    return float(max(0.0, 1.0 - covered / shape.area))
