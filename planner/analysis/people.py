"""The people of a group at each home of an assessment, and the limit they are judged by."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
import pandas as pd

from planner.analysis.assessment import Assessment
from planner.analysis.coverage.levels import Level
from planner.arrays import F64
from planner.errors import InputError

Table = TypeVar("Table", bound=pd.DataFrame)


def people_of(assessment: Assessment, group: str | None = None, *, untold: bool = False) -> F64:
    """Return the people of a group at each home, (n,) float64, 0 where not known.

    Homes that lack the figure are told by a finding of the assessment and count in no sum, see
    :func:`planner.analysis.notes.groups.group_notes`.

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


def people_in(assessment: Assessment, level: Level, group: str | None = None) -> F64:
    """Return the people of a group in each area, NaN where it is not told or withheld.

    Parameters
    ----------
    assessment
        Whose homes.
    level
        Of the areas.
    group
        The group; the total where none is given.

    Returns
    -------
    ndarray
        (areas,) float64, in the order of :meth:`Assessment.areas`; 0 where nobody lives.

    Raises
    ------
    InputError
        ``analysis.unknown_group``.
    """
    areas, area_of = assessment.areas(level)
    counted, inside = _figures(assessment, group), area_of >= 0
    told = inside & ~np.isnan(counted)
    homes, telling = (np.bincount(area_of[each], minlength=len(areas)) for each in (inside, told))
    people = np.bincount(area_of[told], weights=counted[told], minlength=len(areas))
    hidden = (homes > 0) & (telling == 0)
    withheld = assessment.district.withheld
    column = group or assessment.groups[0]
    if withheld is not None and column in withheld.groups:
        ids = assessment.district.demand["demand_id"]
        whole = level != "community"
        hidden |= withheld.areas(list(areas.index), area_of, ids, whole=whole)[column].to_numpy()
        hidden |= withheld.few(people)
    return np.where(hidden, np.nan, people)


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


def few_of(assessment: Assessment, group: str | None = None) -> Callable[[Any], Any]:
    """Return which counts of a group are withheld since they are few, of any shape.

    As :meth:`planner.district.small_numbers.withheld.Withheld.few` says; none of a group that is
    not withheld. A share made of one of them would tell it: see
    :meth:`planner.analysis.measures.week.Count.shares`.
    """
    withheld = assessment.district.withheld
    if withheld is None or (group or assessment.groups[0]) not in withheld.groups:
        return lambda counts: np.zeros(np.shape(counts), dtype=bool)
    return withheld.few


def without_few(
    assessment: Assessment,
    table: Table,
    counts: Sequence[str],
    group: str | None = None,
    telling: Mapping[str, Sequence[str]] | None = None,
) -> Table:
    """Return a table of one group's counts without those that are withheld since they are few.

    Parameters
    ----------
    assessment
        Whose people are counted.
    table
        The very table is returned where nothing is withheld of the group.
    counts
        Columns that count people; one that the table lacks is passed over.
    group
        Whom they count; the total where none is given.
    telling
        By column what would tell a count, such as a share of it: the counts that it is made of.
        It is missing where one of them is withheld.
    """
    few = few_of(assessment, group)
    columns = [name for name in counts if name in table]
    hidden = pd.DataFrame(
        np.asarray(few(table[columns].to_numpy(dtype=np.float64)), dtype=np.bool_),
        index=table.index,
        columns=columns,
    )
    if not hidden.to_numpy().any():
        return table
    shown = table.copy()
    shown[columns] = table[columns].astype("float64").mask(hidden)
    for name, parts in (telling or {}).items():
        shown[name] = shown[name].mask(hidden[list(parts)].any(axis=1))
    return shown


def counts_told(rows: pd.DataFrame) -> pd.Series:
    """Return in which rows of a summary or league no count is withheld: a share would tell it."""
    told: pd.Series = rows[["covered", "uncovered", "unknown"]].notna().all(axis=1)
    return told


@dataclass(frozen=True)
class WithheldCounts:
    """What is withheld of a group, and so what counts of it and a share of them can tell.

    Parameters
    ----------
    left_out
        Whether people of the group are in none of the figures.
    few
        Which counts are withheld since they are few, see :func:`few_of`.
    """

    left_out: bool
    few: Callable[[Any], Any]

    @classmethod
    def of(cls, assessment: Assessment, group: str | None = None) -> WithheldCounts:
        """Return what is withheld of a group of an assessment."""
        left_out = bool(residents_left_out(assessment, group).any())
        return cls(left_out, few_of(assessment, group))

    def hidden(self, covered: float, uncovered: float, unknown: float) -> tuple[bool, bool, bool]:
        """Return which of the counts are withheld; where one is, the share may be any.

        Nobody, or everybody, of those who are told says nothing of those who are not.
        """
        whole = self.left_out and not (covered > 0 and uncovered > 0)
        few = [bool(self.few(count)) for count in (covered, uncovered, unknown)]
        return whole or few[0], whole or few[1], few[2]


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
