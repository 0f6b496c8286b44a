"""New sites of one kind in each of many districts, read beside the areas that are ranked."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import pandas as pd

from planner.batch.results import Results

DISTRICT = ["province", "district"]
_ALIKE = ["demand_unit", "standard", "standard_sign", "measure", "limit_m", "group"]
"""What must be the same for figures to stand in one table."""


@dataclass(frozen=True)
class ProposedSites:
    """What new sites of a kind bring, in districts that are counted and judged alike.

    Parameters
    ----------
    districts
        Rows of :meth:`planner.batch.results.Results.siting`, where most is gained first, then
        those without sites.
    sites
        Rows of :meth:`planner.batch.results.Results.sites` of these districts, in their order.
    others
        Districts of another unit, standard, limit or group, which are not among these.
    """

    districts: gpd.GeoDataFrame
    sites: gpd.GeoDataFrame
    others: int


def find_proposed_sites(
    results: Results, kind: str, areas: pd.DataFrame | None = None
) -> ProposedSites | None:
    """Return the new sites of a kind, None where the run did not seek any.

    Parameters
    ----------
    results
        Of the run.
    kind
        A kind that is judged.
    areas
        Ranked areas, as of :func:`planner.batch.find_league`: only districts that they are, or lie
        in, are looked at; all where none are given.
    """
    if not results.has("siting"):
        return None
    rows = results.siting()
    rows = rows[rows["kind"] == kind]
    rows = within(rows, areas)
    if rows.empty:
        return None
    shown = alike(rows)
    ranked = shown.sort_values("gained", ascending=False, na_position="last", kind="stable")
    sites = results.sites()
    sites = sites[sites["kind"] == kind]
    order = {key: number for number, key in enumerate(keys(ranked))}
    place = [order.get(key, -1) for key in keys(sites)]
    placed = sites.assign(place=place).query("place >= 0")
    chosen = placed.sort_values(["place", "rank"], kind="stable")
    return ProposedSites(
        ranked.reset_index(drop=True),
        chosen.drop(columns="place").reset_index(drop=True),
        len(rows) - len(shown),
    )


def alike(rows: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the rows that are counted and judged alike, of most districts.

    Parameters
    ----------
    rows
        Of one kind, the same number for each district.
    """
    # people and square metres add up to nothing: the table with the most districts is shown
    table = rows.groupby(_ALIKE, dropna=False, sort=False).ngroup()
    return rows[table == table.mode().iloc[0]]


def within(rows: gpd.GeoDataFrame, areas: pd.DataFrame | None) -> gpd.GeoDataFrame:
    """Return the rows of districts that some areas are, or lie in; all where none are given."""
    return rows if areas is None else rows[keys(rows).isin(keys(areas))]


def keys(rows: pd.DataFrame) -> pd.Series:
    """Return what tells the district of each row from others."""
    pairs = zip(*(rows[name].fillna("") for name in DISTRICT), strict=True)
    return pd.Series(list(pairs), index=rows.index, dtype=object)
