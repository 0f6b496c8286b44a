"""Totals of areas spread over the places where people may live in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from planner.arrays import I64, Bool
from planner.district.layers import SPREAD_BY, SPREAD_FROM
from planner.errors import Finding, InputError
from planner.sources.population.apportioning import apportioned
from planner.sources.population.places import Places, area_of, homes_tell, likeliest
from planner.sources.tables.set_aside import rows_told


@dataclass(frozen=True, eq=False)
class Spread:
    """Residents that were spread.

    Parameters
    ----------
    demand
        The layer ``demand`` without communities, with the columns
        :data:`planner.district.layers.SPREAD_FROM` and ``SPREAD_BY``.
    findings
        What was spread over what, with the totals before and after.
    """

    demand: gpd.GeoDataFrame
    findings: tuple[Finding, ...]


def spread_over(
    areas: gpd.GeoDataFrame, counted: Sequence[str], places: Places, file: str, nouns: str
) -> Spread:
    """Spread the totals of areas over the places in them.

    An area's people live in its homes by floor area; where too few are mapped
    (:func:`planner.sources.population.places.homes_tell`), along its residential streets by metres;
    where it has neither, at a point inside. Every total is kept exactly, see
    :func:`planner.sources.population.apportioning.apportioned`.

    Parameters
    ----------
    areas
        With ``area_id``, ``name`` and the columns counted, in the CRS of the places. Of an area
        whose first column is missing nothing is known, and nobody is put there.
    counted
        Columns of people, the total first.
    places
        Homes and streets.
    file
        Name of the totals' file.
    nouns
        What the areas are: ``"communities"`` or ``"cells"``; a part of the findings' codes.

    Raises
    ------
    InputError
        ``population.nobody`` where nobody lives in any area.
    """
    areas = areas.reset_index(drop=True)
    total = areas[counted[0]].to_numpy(dtype=np.float64)
    people = areas[list(counted)].fillna(0.0).to_numpy(dtype=np.float64)
    unknown = areas[list(counted)].isna().to_numpy()
    inhabited = people[:, 0] > 0
    if not inhabited.any():
        raise InputError("population.nobody", file=file)
    table, by_homes, by_streets = _where_they_live(areas, places, inhabited)
    at = table["area"].to_numpy(dtype=np.int64)
    weight = table["weight"].to_numpy(dtype=np.float64)
    columns = {
        name: np.where(unknown[at, number], np.nan, apportioned(people[:, number], at, weight))
        for number, name in enumerate(counted)
    }
    demand = gpd.GeoDataFrame(
        {
            "demand_id": table["demand_id"].to_numpy(),
            **columns,
            SPREAD_FROM: areas["area_id"].to_numpy()[at],
            SPREAD_BY: table["by"].to_numpy(),
            "source": table["source"].to_numpy(),
        },
        geometry=table["geometry"].to_numpy(),
        crs=areas.crs,
    )
    params = {
        "file": file,
        "areas": int(inhabited.sum()),
        "before": float(total[inhabited].sum()),
        "after": float(demand[counted[0]].sum()),
        "homes": int((table["by"] == "floor_area_m2").sum()),
        "by_homes": int(by_homes.sum()),
        "by_streets": int(by_streets.sum()),
    }
    findings = [Finding(f"population.spread_{nouns}", _whole(params))]
    nowhere = inhabited & ~by_homes & ~by_streets
    for code, which in (("by_streets", by_streets), ("at_point", nowhere)):
        if which.any() and (code == "at_point" or by_homes.any()):
            told = {
                "count": int(which.sum()),
                "people": round(float(total[which].sum())),
                "names": rows_told(areas["name"][which].tolist()),
            }
            findings.append(Finding(f"population.{code}_{nouns}", told))
    return Spread(demand, tuple(findings))


def _where_they_live(
    areas: gpd.GeoDataFrame, places: Places, inhabited: Bool
) -> tuple[pd.DataFrame, Bool, Bool]:
    """Return the places of inhabited areas, and which areas are told by homes and by streets."""
    in_home, on_street = area_of(places.homes, areas), area_of(places.streets, areas)
    on_street = likeliest(places.streets, on_street, len(areas))
    by_homes = homes_tell(places, in_home, on_street, len(areas)) & inhabited
    streets = np.bincount(on_street[on_street >= 0], minlength=len(areas)) > 0
    by_streets = inhabited & ~by_homes & streets
    # a few homes are better than one point in the middle
    homes = np.bincount(in_home[in_home >= 0], minlength=len(areas)) > 0
    by_homes |= inhabited & ~by_streets & homes
    parts = [
        _part(places.homes, in_home, by_homes, "floor_area_m2"),
        _part(places.streets, on_street, by_streets, "street_m"),
        _inside(areas, inhabited & ~by_homes & ~by_streets),
    ]
    table = pd.concat([part for part in parts if len(part)], ignore_index=True)
    return table, by_homes, by_streets


def _whole(params: dict[str, object]) -> dict[str, object]:
    """Return values with sums of people as whole numbers where they are."""
    return {
        key: round(value, 3) if isinstance(value, float) and not value.is_integer()
        else int(value) if isinstance(value, float) else value
        for key, value in params.items()
    }  # fmt: skip


def _part(places: gpd.GeoDataFrame, at: I64, areas: Bool, by: str) -> pd.DataFrame:
    """Return the places in some areas, with the area's row and what they weigh by."""
    here = (at >= 0) & np.append(areas, False)[at]
    chosen = places[here]
    return pd.DataFrame(
        {
            "demand_id": chosen["demand_id"].to_numpy(dtype=object),
            "weight": chosen["weight"].to_numpy(dtype=np.float64),
            "source": chosen["source"].to_numpy(dtype=object),
            "geometry": chosen.geometry.to_numpy(),
            "area": at[here],
            "by": by,
        }
    )


def _inside(areas: gpd.GeoDataFrame, which: Bool) -> pd.DataFrame:
    """Return a point inside each of some areas."""
    rows = np.flatnonzero(which)
    ids = areas["area_id"].to_numpy(dtype=object)[rows]
    return pd.DataFrame(
        {
            "demand_id": [f"{key}/point" for key in ids],
            "weight": np.ones(len(rows)),
            "source": np.full(len(rows), "", dtype=object),
            "geometry": shapely.point_on_surface(areas.geometry.to_numpy()[rows]),
            "area": rows,
            "by": "point",
        }
    )
