"""What candidates and facilities say that can hardly be meant: two orders at once, figures of 0."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import geopandas as gpd
import shapely

from planner.district.plausibility.communities import told_first
from planner.errors import Finding

FAR_M = 2_000.0
"""A site farther than this from every community, metres, is nobody's: none walks so far."""

NEVER_ZERO = {
    "candidates": ("cost", "floor_area_m2"),
    "facilities": ("floor_area_m2", "capacity", "capacity_residents"),
}
"""Figures that nothing has as 0: in many lists a 0 says that the figure is not known."""


def odd_orders(layers: Mapping[str, gpd.GeoDataFrame]) -> Iterator[Finding]:
    """Tell of sites that must and must not be chosen; they are left out.

    Parameters
    ----------
    layers
        With ``candidates`` where there are any.
    """
    candidates = layers.get("candidates")
    if candidates is None:
        return
    both = candidates["required"].to_numpy(dtype=bool) & candidates["forbidden"].to_numpy(
        dtype=bool
    )
    if both.any():
        ids = told_first(candidates.loc[both, "candidate_id"])
        yield Finding("district.required_and_forbidden", {"count": int(both.sum()), "ids": ids})


def far_sites(layers: Mapping[str, gpd.GeoDataFrame]) -> Iterator[Finding]:
    """Tell of candidates so far from every community that they can serve nobody.

    Parameters
    ----------
    layers
        With ``communities``, and ``candidates`` where there are any.
    """
    candidates, communities = layers.get("candidates"), layers["communities"]
    if candidates is None or candidates.empty or communities.empty:
        return
    ground = shapely.union_all(communities.geometry.to_numpy())
    away_m = shapely.distance(candidates.geometry.to_numpy(), ground)
    far = away_m > FAR_M
    if far.any():
        params = {
            "count": int(far.sum()),
            "metres": round(FAR_M),
            "km": round(float(away_m[far].max()) / 1000, 1),
            "ids": told_first(candidates.loc[far, "candidate_id"]),
        }
        yield Finding("district.candidates_outside", params)


def odd_zeros(layers: Mapping[str, gpd.GeoDataFrame]) -> Iterator[Finding]:
    """Tell of prices, areas and capacities of exactly 0, which count as nothing and not as unknown.

    Parameters
    ----------
    layers
        With those of :data:`NEVER_ZERO` that there are.
    """
    for layer, columns in NEVER_ZERO.items():
        table = layers.get(layer)
        if table is None:
            continue
        key = "candidate_id" if layer == "candidates" else "facility_id"
        for column in columns:
            if column not in table:
                continue
            zero = table[column].eq(0).to_numpy(dtype=bool, na_value=False)
            if zero.any():
                ids = told_first(table.loc[zero, key])
                told = {"layer": layer, "column": column, "count": int(zero.sum()), "ids": ids}
                yield Finding("district.figures_of_zero", told)
