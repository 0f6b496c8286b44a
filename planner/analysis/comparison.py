"""Two assessments of the same homes side by side."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd

from planner.analysis.assessment import Assessment, Level
from planner.errors import InputError

_COUNTS = ("covered", "uncovered", "unknown", "share", "mean_distance_m")


@dataclass(frozen=True, eq=False)
class Comparison:
    """What changed between two assessments. Made by :func:`compare`.

    Parameters
    ----------
    before, after
        Assessments of the same homes by the same standard.
    """

    before: Assessment
    after: Assessment

    def summary(self) -> pd.DataFrame:
        """Return the change of the whole district, one row for each kind and group.

        Returns
        -------
        DataFrame
            ``kind``, ``group``, ``limit_m``, then for each of ``covered``, ``uncovered``,
            ``unknown``, ``share`` and ``mean_distance_m`` a column ``…_before``, ``…_after`` and
            ``…_change``. A share changes in points: 0.05 is five percentage points.
        """
        table = self.league("district").drop(columns=["area_id", "name", "subdistrict"])
        pairs = zip(table["kind"], table["group"], strict=True)
        limits_m = [self.after.limit_m(kind, group) for kind, group in pairs]
        table.insert(2, "limit_m", np.array(limits_m, dtype=np.float64))
        return table

    def league(self, level: Level = "community") -> pd.DataFrame:
        """Return the change of each area, kind and group, with the columns of :meth:`summary`."""
        keys = ["area_id", "kind", "group"]
        old = self.before.league(level).set_index(keys)
        new = self.after.league(level).set_index(keys)
        rows = new.index.union(old.index, sort=False)
        names = new[["name", "subdistrict"]].combine_first(old[["name", "subdistrict"]])
        table = names.reindex(rows)
        for column in _COUNTS:
            was, now = old[column].reindex(rows), new[column].reindex(rows)
            table[f"{column}_before"] = was
            table[f"{column}_after"] = now
            table[f"{column}_change"] = now - was
        table = table.reset_index()
        return table[
            [
                "area_id",
                "name",
                "subdistrict",
                *table.columns.drop(["area_id", "name", "subdistrict"]),
            ]
        ]

    def communities(self, group: str | None = None) -> gpd.GeoDataFrame:
        """Return the communities with ``share_change_<kind>`` and ``covered_change_<kind>``.

        Parameters
        ----------
        group
            Group that is counted; the total where none is given.
        """
        wanted = group or self.after.groups[0]
        league = self.league("community")
        areas = self.after.district.communities.set_index("community_id", drop=False)
        columns = {}
        for kind, rows in league[league["group"] == wanted].groupby("kind", sort=False):
            figures = rows.set_index("area_id")
            for name in ("share", "covered"):
                columns[f"{name}_change_{kind}"] = figures[f"{name}_change"]
        joined = areas.join(pd.DataFrame(columns)).reset_index(drop=True)
        return gpd.GeoDataFrame(joined, geometry="geometry", crs=self.after.district.crs)

    def homes(self, kind: str) -> pd.DataFrame:
        """Return the homes whose distance to a kind changed.

        Returns
        -------
        DataFrame
            Index ``demand_id``: ``distance_m_before``, ``distance_m_after`` and the ``nearest``
            facility before and after.
        """
        was, now = self.before.distances[kind], self.after.distances[kind]
        same = np.isclose(was, now, rtol=0, atol=1e-6, equal_nan=True)
        table = pd.DataFrame(
            {
                "distance_m_before": was,
                "distance_m_after": now,
                "nearest_before": self.before.nearest[kind],
                "nearest_after": self.after.nearest[kind],
            }
        )
        return table[~same]


def compare(before: Assessment, after: Assessment) -> Comparison:
    """Set two assessments of the same homes side by side.

    Raises
    ------
    InputError
        Where they judge by different standards, count different groups or hold other homes, so
        that a difference would not mean a change on the ground.
    """
    if before.standard != after.standard:
        raise InputError(
            "analysis.compare_standards", before=before.standard.id, after=after.standard.id
        )
    if before.groups != after.groups:
        raise InputError(
            "analysis.compare_groups",
            before=", ".join(before.groups),
            after=", ".join(after.groups),
        )
    if not before.distances.index.equals(after.distances.index):
        raise InputError("analysis.compare_homes")
    return Comparison(before, after)
