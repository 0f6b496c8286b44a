"""Who is covered at each hour of the week."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from planner.analysis.assessment import Assessment
from planner.analysis.coverage.population_within import share_of_known
from planner.analysis.distances.border import may_matter
from planner.analysis.distances.pairs import Pairs, facility_pairs
from planner.analysis.hours.moments import HOURS_A_WEEK, WEEKDAYS
from planner.analysis.hours.rules import OPEN, SHUT, UNKNOWN
from planner.analysis.hours.seasons import week_states
from planner.analysis.people import (
    few_of,
    limit_of,
    people_of,
    residents_left_out,
    untold_as_unknown,
)
from planner.analysis.questions import Question, both, in_the_middle, whole_week
from planner.arrays import F64, I8, I64, Bool


class Count(NamedTuple):
    """People by what is known of their cover, each an array of one shape."""

    covered: F64
    uncovered: F64
    unknown: F64

    def shares(
        self, left_out: Count | None = None, few: Callable[[Any], Any] | None = None
    ) -> dict[str, F64]:
        """Return the counts, the share of those known, and its range.

        Parameters
        ----------
        left_out
            Residents whose people of the group are withheld, see
            :func:`planner.analysis.people.residents_left_out`: nobody is not said to be
            covered, or beyond, where these are. The count is then missing, and the share any.
        few
            Which counts are withheld, see :func:`planner.analysis.people.few_of`: they are missing,
            and the share, which would tell them, is any.
        """
        everyone = self.covered + self.uncovered + self.unknown
        with np.errstate(invalid="ignore", divide="ignore"):
            told = {
                "covered": self.covered,
                "uncovered": self.uncovered,
                "unknown": self.unknown,
                "share": share_of_known(self.covered, self.uncovered, self.unknown),
                "share_low": self.covered / everyone,
                "share_high": (self.covered + self.unknown) / everyone,
            }
        untrue = {name: np.zeros(np.shape(told[name]), dtype=bool) for name in self._fields}
        if left_out is not None:
            untrue = {n: (told[n] == 0) & (getattr(left_out, n) > 0) for n in self._fields}
        judged = untrue["covered"] | untrue["uncovered"]
        if few is not None:
            hidden = {name: few(told[name]) for name in self._fields}
            judged = judged | hidden["covered"] | hidden["uncovered"] | hidden["unknown"]
            untrue = {name: untrue[name] | hidden[name] for name in self._fields}
        if not any(np.any(each) for each in untrue.values()):
            return told
        ends = {"share": np.nan, "share_low": 0.0, "share_high": 1.0}
        return told | {
            **{name: np.where(lies, np.nan, told[name])[()] for name, lies in untrue.items()},
            **{name: np.where(judged, end, told[name])[()] for name, end in ends.items()},
        }


@dataclass(frozen=True, eq=False)
class Week:
    """A kind's facilities over the week.

    Parameters
    ----------
    pairs
        Facilities and homes within the limit.
    patterns
        (f, u) int8, the distinct states of all facilities at once: 1 open, 0 shut, −1 unknown.
    pattern_of
        (168,) which of them holds at the start of each hour, Monday 00:00 first.
    located
        (n,) bool, homes whose position is known.
    beyond
        (n,) bool, homes that may be within the limit of a facility beyond what was imported.
    lost
        Homes within the limit, in a straight line, of facilities that find no street.
    """

    pairs: Pairs
    patterns: I8
    pattern_of: I64
    located: Bool
    beyond: Bool
    lost: Pairs

    def within(self, states: I8) -> tuple[Bool, Bool]:
        """Return which homes are surely, and which perhaps, within the limit of an open one."""
        sure, perhaps = self.pairs.of(states == OPEN), self.pairs.of(states != SHUT)
        hoped = self.beyond | self.lost.of(states != SHUT).reached()
        return sure.reached(), perhaps.reached() | hoped

    def count(self, states: I8, people: F64) -> Count:
        """Count people under some states of the facilities."""
        return _count(*self.within(states), self.located, people)

    def by_hour(self, people: F64) -> Count:
        """Count people at the start of each hour, each of (168,)."""
        counts = [self.count(states, people) for states in self.patterns.T]
        return Count(*(np.array(part)[self.pattern_of] for part in zip(*counts, strict=True)))


def week(
    assessment: Assessment,
    kinds: Sequence[str] | None = None,
    *,
    groups: Sequence[str] | None = None,
) -> pd.DataFrame:
    """Return the share covered at the start of each of the 168 hours of the week.

    The week is the reference week of :mod:`planner.analysis.hours`, without public holidays. The
    assessment's own moment does not matter; its service does. Each row equals what ``assess``
    finds at that hour.

    Parameters
    ----------
    assessment, kinds, groups
        What is measured; all judged kinds and all groups where none are given.

    Returns
    -------
    DataFrame
        One row for each kind, group and hour: ``kind``, ``group``, ``hour`` (0 is Monday 00:00),
        ``weekday``, ``hour_of_day``, ``facilities_open``, ``facilities_unknown``, and the people
        ``covered``, ``uncovered``, ``unknown`` with ``share``, ``share_low`` and ``share_high``
        (every facility of unknown hours shut, or all open).

    Raises
    ------
    InputError
        For an unknown kind or group, or a kind without a limit.
    """
    tables = []
    hours = np.arange(HOURS_A_WEEK)
    for kind, group, found, people, left_out in _each(assessment, kinds, groups):
        by_hour, hidden = (found.by_hour(each) for each in (people, left_out))
        table = pd.DataFrame(
            {
                "kind": kind,
                "group": group,
                "hour": hours,
                "weekday": np.repeat(WEEKDAYS, 24),
                "hour_of_day": hours % 24,
                "facilities_open": (found.patterns == OPEN).sum(axis=0)[found.pattern_of],
                "facilities_unknown": (found.patterns == UNKNOWN).sum(axis=0)[found.pattern_of],
                **by_hour.shares(hidden, few_of(assessment, group)),
            }
        )
        tables.append(table)
    if not tables:
        return pd.DataFrame()
    keep = ("hour", "hour_of_day", "facilities_open", "facilities_unknown")
    return untold_as_unknown(assessment, pd.concat(tables, ignore_index=True), keep)


def round_the_clock(
    assessment: Assessment,
    kinds: Sequence[str] | None = None,
    *,
    groups: Sequence[str] | None = None,
) -> pd.DataFrame:
    """Return who is covered at every hour of the week, and who by one facility open throughout.

    Parameters
    ----------
    assessment, kinds, groups
        As in :func:`week`.

    Returns
    -------
    DataFrame
        One row for each kind, group and reading: ``kind``, ``group``, ``reading``, ``facilities``
        and ``facilities_unknown`` that are open throughout or may be, and the counts and shares of
        :func:`week`. The reading ``"24h"`` asks for one facility within the limit that never
        shuts (as ``assess(at="always")`` does), ``"always"`` for some open facility within the
        limit at every hour, not always the same one.
    """
    rows = []
    for kind, group, found, people, left_out in _each(assessment, kinds, groups):
        never_shut = whole_week(found.patterns)
        sure, perhaps = zip(*(found.within(states) for states in found.patterns.T), strict=True)
        always = np.all(sure, axis=0), np.all(perhaps, axis=0)
        open_all = int((never_shut == OPEN).sum()), int((never_shut == UNKNOWN).sum())
        for reading, within in (("24h", found.within(never_shut)), ("always", always)):
            sure_now, perhaps_now = within
            count, hidden = (
                _count(sure_now, perhaps_now, found.located, each) for each in (people, left_out)
            )
            head = (kind, group, reading, *open_all)
            names = ("kind", "group", "reading", "facilities", "facilities_unknown")
            shares = count.shares(hidden, few_of(assessment, group))
            rows.append(dict(zip(names, head, strict=True)) | shares)
    if not rows:
        return pd.DataFrame()
    keep = ("facilities", "facilities_unknown")
    return untold_as_unknown(assessment, pd.DataFrame(rows), keep)


def hours_covered(assessment: Assessment, kind: str) -> pd.DataFrame:
    """Return at how many of the 168 hours each home has an open facility within the limit.

    Returns
    -------
    DataFrame
        Index ``demand_id``: ``hours_low`` and ``hours_high``, every facility of unknown hours
        shut or open; NaN where a home's position is unknown.
    """
    found = _week(assessment, kind, limit_of(assessment, kind))
    times = np.bincount(found.pattern_of, minlength=found.patterns.shape[1])
    sums = np.zeros((2, found.pairs.homes))
    for states, hours in zip(found.patterns.T, times, strict=True):
        sums += np.array(found.within(states)) * hours
    sums[:, ~found.located] = np.nan
    index = assessment.distances.index
    return pd.DataFrame({"hours_low": sums[0], "hours_high": sums[1]}, index=index)


def _each(
    assessment: Assessment, kinds: Sequence[str] | None, groups: Sequence[str] | None
) -> Iterator[tuple[str, str, Week, F64, F64]]:
    """Yield kind, group, the kind's week within its limit, the people, residents left out."""
    for kind in assessment.judged_kinds if kinds is None else kinds:
        found: dict[float, Week] = {}
        for group in groups or assessment.groups:
            people = people_of(assessment, group, untold=True)
            left_out = residents_left_out(assessment, group)
            limit_m = limit_of(assessment, kind, group)
            if limit_m not in found:
                found[limit_m] = _week(assessment, kind, limit_m)
            yield kind, group, found[limit_m], people, left_out


def _week(assessment: Assessment, kind: str, limit_m: float) -> Week:
    facilities = assessment.district.open_facilities(kind)
    reach = assessment.reach
    pairs = facility_pairs(reach, facilities.index.to_numpy(), limit_m, reach.measure_of(kind))
    service = Question(service=assessment.question.service).states(facilities)
    hours = week_states(facilities["opening_hours"], in_the_middle(facilities))
    states = both(hours, service[:, None])
    patterns, pattern_of = np.unique(states, axis=1, return_inverse=True)
    located = assessment.distances[kind].notna().to_numpy()
    beyond = np.zeros(len(located), dtype=np.bool_)
    if may_matter(assessment.district, limit_m):
        beyond = reach.beyond_m <= limit_m
    lost = facility_pairs(reach, facilities.index.to_numpy(), limit_m, "straight")
    alone = ~reach.places.known[facilities.index.to_numpy()]
    lost = lost.of(alone & (reach.measure_of(kind) == "walk"))
    return Week(pairs, patterns, pattern_of.reshape(-1), located, beyond, lost)


def count_cover(people: F64, sure: F64, best: F64, limit: float) -> Count:
    """Count people by distances or times, (n,): surely, and if all that is unknown counted.

    Examples
    --------
    >>> people = np.array([1.0, 2.0, 4.0, 8.0])
    >>> sure = np.array([200.0, 500.0, 500.0, np.nan])
    >>> best = np.array([200.0, 250.0, 500.0, np.nan])
    >>> [float(part) for part in count_cover(people, sure, best, 300.0)]
    [1.0, 4.0, 10.0]
    """
    return _count(sure <= limit, best <= limit, ~np.isnan(sure), people)


def _count(sure: Bool, perhaps: Bool, located: Bool, people: F64) -> Count:
    covered = float(people[located & sure].sum())
    uncovered = float(people[located & ~perhaps].sum())
    unknown = float(people[~located | (perhaps & ~sure)].sum())
    return Count(*np.array([covered, uncovered, unknown]))
