"""Homes and facilities that lie within reach of each other, pair by pair."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely

from planner.analysis.assessment import Assessment
from planner.analysis.distances.reach import Measure, Reach, plain_walk_only
from planner.analysis.distances.streets import points_xy
from planner.arrays import F64, I64, Bool
from planner.errors import InputError

_HALF_MM = 0.0005


@dataclass(frozen=True, eq=False)
class Pairs:
    """Facilities and homes within a distance of each other.

    Parameters
    ----------
    rows
        (f,) int64, rows of the facilities in the district's layer.
    facility, home
        (p,) int64, of each pair the position in `rows` and the row in ``demand``; facility by
        facility.
    distance_m
        (p,) float64.
    homes
        Number of homes.
    """

    rows: I64
    facility: I64
    home: I64
    distance_m: F64
    homes: int

    def within(self, limit_m: float) -> Pairs:
        """Return the pairs within a shorter distance, inclusive."""
        return self.only(self.distance_m <= limit_m)

    def of(self, facilities: Bool) -> Pairs:
        """Return the pairs of some facilities, (f,) bool; the facilities stay listed."""
        return self.only(facilities[self.facility])

    def only(self, kept: Bool) -> Pairs:
        """Return some of the pairs, (p,) bool."""
        return Pairs(
            self.rows, self.facility[kept], self.home[kept], self.distance_m[kept], self.homes
        )

    def per_facility(self, values: F64) -> F64:
        """Return the sum of a value of each pair, (p,), by facility, (f,)."""
        return _sums(self.facility, values, len(self.rows))

    def per_home(self, values: F64) -> F64:
        """Return the sum of a value of each pair, (p,), by home, (n,)."""
        return _sums(self.home, values, self.homes)

    def reached(self) -> Bool:
        """Return which homes, (n,), are in any pair."""
        found = np.zeros(self.homes, dtype=np.bool_)
        found[self.home] = True
        return found


def pairs_within(assessment: Assessment, kind: str, cutoff_m: float) -> Pairs:
    """Return every home and facility of a kind within a distance of each other.

    Parameters
    ----------
    assessment
        Its homes, streets and measure are used.
    kind
        Kind of facility.
    cutoff_m
        Longest distance, metres, inclusive; in whole millimetres, both access legs included.

    Returns
    -------
    Pairs
        Of the facilities that count or may count under the assessment's question.
    """
    reach = assessment.reach
    rows = np.flatnonzero(reach.counting(kind, if_unknown=True))
    return facility_pairs(reach, rows, cutoff_m, reach.measure_of(kind))


def facility_pairs(reach: Reach, rows: I64, cutoff_m: float, measure: Measure) -> Pairs:
    """Return every home within a distance of some facilities, given by row; see `pairs_within`."""
    plain_walk_only(reach)
    count = len(reach.homes)
    if measure == "straight":
        return _straight(reach, rows, cutoff_m)
    on_network = reach.streets.on_network
    found = reach.streets.network.matrix(
        on_network(reach.places.take(rows)), on_network(reach.homes), cutoff_m
    )
    facility = np.repeat(np.arange(len(rows), dtype=np.int64), np.diff(found.indptr))
    return Pairs(rows, facility, found.indices.astype(np.int64), found.data, count)


def people_of(assessment: Assessment, group: str | None = None, *, untold: bool = False) -> F64:
    """Return the people of a group at each home, (n,) float64, 0 where not known.

    Homes that lack the figure are told by a finding of the assessment and count in no sum, see
    :func:`planner.analysis.notes.notes.group_notes`.

    Parameters
    ----------
    assessment
        Whose homes.
    group
        The group; the total where none is given.
    untold
        Whether a group may be told at no home: for tables of all groups, in which
        :func:`untold_as_unknown` marks it.

    Raises
    ------
    InputError
        ``analysis.unknown_group`` where the group is not part of the assessment,
        ``analysis.group_not_told`` where no home has a figure: that is not nobody.
    """
    counted = _figures(assessment, group)
    if not untold and len(counted) and np.isnan(counted).all():
        raise InputError("analysis.group_not_told", group=group or assessment.groups[0])
    return np.nan_to_num(counted, nan=0.0)


def residents_left_out(assessment: Assessment, group: str | None = None) -> F64:
    """Return the residents of homes whose people of a group are withheld, in no total, (n,).

    0 elsewhere, and everywhere where nothing is withheld: where they are covered or beyond, that
    nobody of the group is, is not known.

    Raises
    ------
    InputError
        ``analysis.unknown_group``.
    """
    _figures(assessment, group)
    withheld, people = assessment.district.withheld, assessment.district.people()
    if withheld is None or group not in withheld.groups:
        return np.zeros(len(people))
    return withheld.left_out(people)[group].to_numpy(dtype=np.float64)


def untold_as_unknown(
    assessment: Assessment, table: pd.DataFrame, keep: Sequence[str] = ()
) -> pd.DataFrame:
    """Return a table with a row for each group, NaN in the figures of those told at no home.

    Parameters
    ----------
    assessment
        Whose groups.
    table
        With a column ``group``.
    keep
        Columns of numbers that are no counts of people, such as ``limit_m``.
    """
    untold = [g for g in dict.fromkeys(table["group"]) if np.isnan(_figures(assessment, g)).all()]
    rows = table["group"].isin(untold).to_numpy()
    if not rows.any():
        return table
    figures = [c for c in table.select_dtypes("number").columns if c not in keep]
    table = table.astype(dict.fromkeys(figures, "float64"))
    table.loc[rows, figures] = np.nan
    return table


def _figures(assessment: Assessment, group: str | None) -> F64:
    wanted = group or assessment.groups[0]
    if wanted not in assessment.groups:
        known = ", ".join(assessment.groups)
        raise InputError("analysis.unknown_group", group=wanted, known=known)
    return np.asarray(assessment.district.demand[wanted].to_numpy(dtype=np.float64))


def limit_of(
    assessment: Assessment, kind: str, group: str | None = None, limit_m: float | None = None
) -> float:
    """Return the limit to measure by: the one given, or the standard's for the kind and group.

    Raises
    ------
    InputError
        Where the standard has none and none is given, or it is not above 0.
    """
    limit = assessment.limit_m(kind, group) if limit_m is None else limit_m
    if limit is None:
        raise InputError("measures.not_judged", kind=kind)
    if not 0 < limit < np.inf:
        raise InputError("measures.limit", value=limit)
    return float(limit)


def _straight(reach: Reach, rows: I64, cutoff_m: float) -> Pairs:
    demand, facilities = reach.district.demand, reach.district.facilities.iloc[rows]
    facility, home = shapely.STRtree(demand.geometry.to_numpy()).query(
        facilities.geometry.to_numpy(), predicate="dwithin", distance=cutoff_m + _HALF_MM
    )
    order = np.lexsort((home, facility))
    facility, home = facility[order], home[order]
    away = points_xy(demand)[home] - points_xy(facilities)[facility]
    metres = np.rint(np.hypot(away[:, 0], away[:, 1]) * 1000) / 1000
    return Pairs(rows, facility, home, metres, len(demand)).within(cutoff_m)


def _sums(where: I64, values: F64, count: int) -> F64:
    return np.asarray(np.bincount(where, weights=values, minlength=count), dtype=np.float64)
