"""All checks of a district's data, as a list that somebody works through."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import geopandas as gpd
import pandas as pd

from planner.analysis.data_check.communities import community_problems
from planner.analysis.data_check.facilities import facility_problems
from planner.analysis.data_check.homes import home_problems
from planner.analysis.data_check.problem import ROW_COLUMNS, SEVERITIES, Problem
from planner.analysis.data_check.streets import street_problems
from planner.district import District
from planner.errors import Finding

_CHECKS: tuple[Callable[[District], Iterator[Problem]], ...] = (
    street_problems,
    facility_problems,
    home_problems,
    community_problems,
)

AS_PROBLEMS = frozenset(
    {
        "district.communities_overlap",
        "district.group_exceeds",
        "district.same_facilities",
        "district.same_homes",
        "sources.communities_empty",
        "sources.demand_outside",
        "sources.demand_without_street",
        "sources.facilities_in_barriers",
        "sources.facilities_without_street",
        "sources.inner_junctions",
        "sources.loose_streets",
        "sources.not_filled",
        "sources.unjoined",
    }
)
"""Findings of a district that are found here row by row, so that they need not be told twice."""


@dataclass(frozen=True, eq=False)
class DataCheck:
    """What is wrong with a district's data: the graver first, then by layer.

    Parameters
    ----------
    district
        The district that was checked.
    problems
        What was found, each with the rows that have it.
    """

    district: District
    problems: tuple[Problem, ...]

    @property
    def findings(self) -> list[Finding]:
        """What is told of each problem, as codes with parameters."""
        return [problem.finding for problem in self.problems]

    def table(self) -> pd.DataFrame:
        """Return a row for each problem.

        Returns
        -------
        DataFrame
            ``problem`` (a code), ``severity`` (``"wrong"``, ``"doubtful"``, ``"missing"``),
            ``layer``, ``count`` of rows or places, ``mend`` (name of what mends it, empty where a
            person decides).
        """
        rows = [
            (each.code, each.severity, each.layer, len(each.rows), each.mend)
            for each in self.problems
        ]
        return pd.DataFrame(rows, columns=["problem", "severity", "layer", "count", "mend"])

    def rows(self) -> gpd.GeoDataFrame:
        """Return every row that has a problem, once for each that it has.

        Returns
        -------
        GeoDataFrame
            In the district's CRS: ``problem``, ``severity``, ``layer``, ``key`` (by which the row
            of this problem is known again), and the columns of :class:`Problem`.
        """
        columns = ["problem", "severity", "layer", "key", *ROW_COLUMNS]
        tables = [
            each.rows.assign(
                problem=each.code, severity=each.severity, layer=each.layer, key=each.keys()
            )
            for each in self.problems
        ]
        if not tables:
            return gpd.GeoDataFrame({name: [] for name in columns}, crs=self.district.crs)
        whole = pd.concat(tables, ignore_index=True)
        return gpd.GeoDataFrame(whole[columns], crs=self.district.crs)

    def without(self, keys: Iterable[str]) -> DataCheck:
        """Return what is left when the rows with some keys are ticked off."""
        done = set(keys)
        left = [each.without(done) for each in self.problems]
        return DataCheck(self.district, tuple(each for each in left if each is not None))


def check_data(district: District) -> DataCheck:
    """Go through the data of a district and return what should be mended before it is believed.

    Streets that do not join or hang on nothing, and that end at the border; facilities in water,
    without a street or far from one, listed twice, probably placed by their address, far outside,
    with columns not filled; homes in no community, without a street, listed twice; communities
    that lie over one another, leave holes or hold nobody.

    Parameters
    ----------
    district
        The district.

    Examples
    --------
    >>> from planner import demo_district
    >>> "missing" in set(check_data(demo_district()).table()["severity"])
    True
    """
    found = [problem for check in _CHECKS for problem in check(district)]
    found.sort(key=lambda problem: SEVERITIES.index(problem.severity))
    return DataCheck(district, tuple(found))
