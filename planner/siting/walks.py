"""Distances from homes to possible sites, as an assessment measures them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import shapely
from scipy.sparse import csr_array

from planner.analysis.streets import join, streets_of

if TYPE_CHECKING:
    from planner.analysis.assessment import Assessment


def site_distances(
    assessment: Assessment, sites: gpd.GeoDataFrame, kind: str, cutoff_m: float = np.inf
) -> csr_array:
    """Measure the way from every home to every site within a cutoff.

    Parameters
    ----------
    assessment
        Whose streets, homes and measure count.
    sites
        Points in the district's CRS.
    kind
        Kind that is sited; it decides between walking and straight distance.
    cutoff_m
        Longest distance kept, metres, inclusive.

    Returns
    -------
    scipy.sparse.csr_array
        (homes, sites) float64 metres; what is not stored is farther, unreachable or unknown. A
        distance of zero is stored.
    """
    if assessment.standard.measure_of(kind) == "straight":
        return _straight(assessment, sites, cutoff_m)
    district = assessment.district
    streets = streets_of(district)
    places = streets.on_network(join(district, sites, assessment.max_access_m))
    homes = streets.on_network(assessment.reach.homes)
    return csr_array(streets.network.matrix(places, homes, cutoff_m).T.tocsr())


def _straight(assessment: Assessment, sites: gpd.GeoDataFrame, cutoff_m: float) -> csr_array:
    homes = assessment.district.demand.geometry.to_numpy()
    points = sites.geometry.to_numpy()
    if np.isfinite(cutoff_m):
        pairs = shapely.STRtree(points).query(homes, "dwithin", distance=cutoff_m + 0.001)
    else:
        pairs = np.indices((len(homes), len(points))).reshape(2, -1)
    metres = np.rint(shapely.distance(homes[pairs[0]], points[pairs[1]]) * 1000) / 1000
    near = metres <= cutoff_m
    row, column = pairs[:, near]
    return csr_array((metres[near], (row, column)), shape=(len(homes), len(points)))
