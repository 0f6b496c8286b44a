"""Ways from homes to possible sites as an assessment measures them, and who is within a limit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import shapely
from scipy.sparse import csr_array, hstack

from planner.analysis.distances.pairs import pairs_within
from planner.analysis.distances.reach import plain_walk_only
from planner.analysis.distances.streets import join, streets_of
from planner.analysis.hours.rules import OPEN
from planner.arrays import F64, Bool

if TYPE_CHECKING:
    from planner.analysis.assessment import Assessment

AT_ONCE = 5_000_000
"""Ways that are measured at once where only some of them are kept: about 60 MB."""


def site_distances(
    assessment: Assessment,
    sites: gpd.GeoDataFrame,
    kind: str,
    cutoff_m: float = np.inf,
    *,
    matter_m: F64 | None = None,
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
    matter_m
        (homes,) metres beyond which a distance does not matter to a home and is not kept, inf for
        none. Many places are then measured some at a time, so that memory holds what matters only.

    Returns
    -------
    scipy.sparse.csr_array
        (homes, sites) float64 metres; what is not stored is farther, unreachable or unknown. A
        distance of zero is stored.
    """
    if matter_m is not None:
        size = max(AT_ONCE // max(len(matter_m), 1), 1)
        parts = [
            _mattering(
                site_distances(assessment, sites.iloc[at : at + size], kind, cutoff_m), matter_m
            )
            for at in range(0, len(sites), size)
        ]
        return csr_array(hstack(parts, format="csr"))
    if assessment.standard.measure_of(kind) == "straight":
        return _straight(assessment, sites, cutoff_m)
    plain_walk_only(assessment.reach)
    district = assessment.district
    streets = streets_of(district)
    places = streets.on_network(join(district, sites, assessment.max_access_m))
    homes = streets.on_network(assessment.reach.homes)
    return csr_array(streets.network.matrix(places, homes, cutoff_m).T.tocsr())


def _mattering(distances: csr_array, matter_m: F64) -> csr_array:
    part = distances.tocoo()
    kept = part.data <= matter_m[part.row]
    return csr_array((part.data[kept], (part.row[kept], part.col[kept])), shape=part.shape)


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


def facilities_within(assessment: Assessment, kind: str, limit_m: float) -> F64:
    """Return how many facilities that count lie within a limit of each home."""
    pairs = pairs_within(assessment.reach, kind, limit_m)
    counts = (assessment.reach.states[pairs.rows] == OPEN)[pairs.facility]
    return pairs.per_home(counts.astype(np.float64))


def hoped_within(assessment: Assessment, kind: str, limit_m: float) -> Bool:
    """Return which homes may be within a limit of a facility of which it is not known if it counts.

    Or of one beyond what was imported around the district, or one that finds no street.
    """
    reach = assessment.reach
    near = np.isfinite(reach.perhaps_m(kind, limit_m))
    near &= ~np.isnan(assessment.distances[kind].to_numpy())
    hoped = reach.counting(kind, if_unknown=True) & ~reach.counting(kind, if_unknown=False)
    if hoped.any():
        near |= reach.nearest(hoped, reach.measure_of(kind)).distance_m <= limit_m
    return np.asarray(near)


def uncovered(assessment: Assessment, kind: str, limit_m: float) -> Bool:
    """Return which homes are farther than a limit from every facility that is known to count.

    Some may be within the limit of one of which that is not known, see :func:`hoped_within`.
    """
    distance_m = assessment.distances[kind].to_numpy(dtype=np.float64)
    return np.asarray(distance_m > limit_m)


def keeps(distances: csr_array, limit_m: float) -> csr_array:
    """Return which distances keep a limit, a CSR of ones of the same shape."""
    part = distances.tocoo()
    near = part.data <= limit_m
    ones = np.ones(int(near.sum()), dtype=np.int32)
    return csr_array((ones, (part.row[near], part.col[near])), shape=distances.shape)
