"""The ways to facilities that may move and to the places they could move to."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
from scipy.sparse import csr_array

from planner.analysis.distances.pairs import facility_pairs
from planner.analysis.people import people_of
from planner.arrays import F64, I64, Bool
from planner.siting.walks import hoped_within, keeps, site_distances

if TYPE_CHECKING:
    from planner.analysis.assessment import Assessment


_COLUMNS = ("site_id", "origin", "name", "facility_id", "cost")


@dataclass(frozen=True, eq=False)
class Ground:
    """What a relocation is decided on.

    Parameters
    ----------
    assessment, kind, group, limit_m
        What is moved for whom, and how far they may walk, metres.
    rows
        Facilities that may move, rows of the layer.
    sites
        Places to move to, as :func:`planner.siting.candidate_sites` returns them.
    old_m, new_m
        (homes, facilities) and (homes, places) metres, CSR; as far as they matter.
    stays_m
        (homes,) metres to the nearest facility that counts and stays in any case.
    """

    assessment: Assessment
    kind: str
    group: str
    limit_m: float
    rows: I64
    sites: gpd.GeoDataFrame
    old_m: csr_array
    new_m: csr_array
    stays_m: F64

    @classmethod
    def of(
        cls,
        assessment: Assessment,
        kind: str,
        group: str,
        limit_m: float,
        rows: I64,
        sites: gpd.GeoDataFrame | None,
        *,
        far: bool,
    ) -> Ground:
        """Measure the ways; beyond the limit only where `far` asks for them."""
        reach = assessment.reach
        measure = reach.measure_of(kind)
        cutoff_m = np.inf if far else limit_m
        pairs = facility_pairs(reach, rows, cutoff_m, measure)
        old_m = csr_array(
            (pairs.distance_m, (pairs.home, pairs.facility)), shape=(pairs.homes, len(rows))
        )
        if sites is None:
            columns: dict[str, list[object]] = {name: [] for name in _COLUMNS}
            sites = gpd.GeoDataFrame(columns, geometry=[], crs=assessment.district.crs)
            new_m = csr_array((pairs.homes, 0), dtype=np.float64)
        else:
            new_m = site_distances(assessment, sites, kind, cutoff_m)
        stays = reach.counting(kind, if_unknown=False).copy()
        stays[rows] = False
        stays_m = (
            reach.nearest(stays, measure).distance_m
            if stays.any()
            else np.full(pairs.homes, np.inf)
        )
        return cls(assessment, kind, group, limit_m, rows, sites, old_m, new_m, stays_m)

    @cached_property
    def people(self) -> F64:
        """Residents of the group at each home."""
        return people_of(self.assessment, self.group)

    @cached_property
    def known(self) -> Bool:
        """Homes whose place on the streets is known."""
        metres = self.assessment.distances[self.kind].to_numpy(dtype=np.float64)
        return np.asarray(~np.isnan(metres))

    @cached_property
    def hoped(self) -> Bool:
        """Homes within the limit of a facility of which it is not known whether it counts."""
        return hoped_within(self.assessment, self.kind, self.limit_m)

    @cached_property
    def old_within(self) -> csr_array:
        """Homes within the limit of the facilities that may move."""
        return keeps(self.old_m, self.limit_m)

    @cached_property
    def new_within(self) -> csr_array:
        """Homes within the limit of the places."""
        return keeps(self.new_m, self.limit_m)

    def covered(self, kept: I64, places: I64) -> Bool:
        """Return which homes are within the limit if some facilities stay and some places open."""
        times = [
            np.asarray(table[:, columns].sum(axis=1)).ravel()
            for table, columns in ((self.old_within, kept), (self.new_within, places))
        ]
        stays = self.stays_m <= self.limit_m
        near: Bool = np.asarray(stays | (times[0] > 0) | (times[1] > 0), dtype=np.bool_)
        near &= self.known
        return near

    def covered_with(self, sites: I64) -> Bool:
        """Return which homes are within the limit of facilities, then places, numbered on."""
        today = len(self.rows)
        return self.covered(sites[sites < today], sites[sites >= today] - today)

    def unknown_beside(self, covered: Bool) -> float:
        """Return the residents of whom it is not known, where some homes are covered."""
        return float(self.people[~self.known | (~covered & self.hoped)].sum())

    def weight_of(self, homes: Bool) -> float:
        """Return the residents of some homes whose place is known."""
        return float(self.people[homes & self.known].sum())

    def shared_out(self, metres: csr_array, columns: I64, homes: Bool) -> F64:
        """Return the residents of some homes by the nearest of some columns within the limit."""
        part = metres[:, columns].tocoo()
        within = (part.data <= self.limit_m) & homes[part.row]
        order = np.lexsort((part.data[within], part.row[within]))
        row, column = part.row[within][order], part.col[within][order]
        _, first = np.unique(row, return_index=True)
        weight = self.people[row[first]]
        return np.bincount(column[first], weights=weight, minlength=len(columns)).astype(np.float64)
