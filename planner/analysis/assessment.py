"""Who lives within the limit of each kind of facility, and who does not: data and judgement.

What is asked of an assessment further on (gaps, links, maps, files) has its thin place in
:mod:`planner.result`, so that no module here imports what is built on it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Self

import geopandas as gpd
import numpy as np
import pandas as pd

from planner.analysis.coverage.league import League
from planner.analysis.coverage.levels import Level, areas_of, joined_subdistricts
from planner.analysis.coverage.presence import Presence
from planner.analysis.coverage.shorter_walks import shorter_walks
from planner.analysis.coverage.spacing import coarse_notes
from planner.analysis.coverage.summary import summary_table
from planner.analysis.distances.border import longest_m
from planner.analysis.distances.measured import Measured, measure, measure_after
from planner.analysis.distances.reach import Reach
from planner.analysis.distances.table import Distances
from planner.analysis.notes.notes import assessment_notes
from planner.analysis.questions import Question
from planner.analysis.tables import beside
from planner.arrays import I64, Bool
from planner.district import District, Money, Rule, Scenario, Standard, WalkProfile
from planner.district.kinds import kinds_named
from planner.district.scenarios.changes import apply_scenario
from planner.errors import Finding, InputError
from planner.own_copies import own_tables
from planner.progress import Progress, untold
from planner.shown import Shown


@own_tables("distances", "nearest", "best_distances")
@dataclass(frozen=True, eq=False)
class Assessment(Shown):
    """The distances of a district's homes, judged by a standard.

    Made by :func:`planner.result.assess`.

    Parameters
    ----------
    district, standard
        What was judged, and by which rules.
    groups
        Columns of ``demand`` that are counted, the total first.
    distances
        Metres from each home (index ``demand_id``) to the nearest open facility of each kind
        (columns), float64: NaN where unknown, inf where none can be reached; ``describe()`` counts
        both apart.
    nearest
        ``facility_id`` of that facility, empty where there is none.
    best_distances
        The same as `distances` if every facility counted of which the question leaves it open
        (hours or services not known), for kinds whose limit reaches beyond what was imported if one
        stood just beyond that, and with a profile of walking if none of its rules bit of which that
        is not known.
    reach
        Where homes and facilities join the streets, and which of them count.
    """

    district: District
    standard: Standard
    groups: tuple[str, ...]
    distances: pd.DataFrame
    nearest: pd.DataFrame
    best_distances: pd.DataFrame
    reach: Reach

    @classmethod
    def judged(
        cls,
        reach: Reach,
        standard: Standard,
        groups: tuple[str, ...],
        measured: Callable[[str], Measured],
        report: Progress,
    ) -> Self:
        """Collect the distances of every kind, as `measured` gives them, into an assessment."""
        district = reach.district
        known = list(dict.fromkeys([*district.kinds, *standard.rules]))
        # a kind whose last place was closed stays: then there are 0, which is a figure
        kinds = [kind for kind in known if district.has_data(kind)]
        index = pd.Index(district.demand["demand_id"], name="demand_id")
        distances, nearest, best = {}, {}, {}
        for number, kind in enumerate(kinds):
            report("analysis.progress_distances", 0.5 + 0.5 * number / len(kinds))
            distances[kind], nearest[kind], best[kind] = measured(kind)
            if kind in standard.rules:
                perhaps_m = reach.perhaps_m(kind, longest_m(standard.rules[kind]))
                best[kind] = np.minimum(best[kind], perhaps_m)
        report("analysis.progress_distances", 1.0)
        frame = Distances(distances, index=index)
        return cls(
            district=district,
            standard=standard,
            groups=groups,
            distances=frame,
            nearest=pd.DataFrame(nearest, index=index, dtype=object),
            best_distances=Distances(best, index=index),
            reach=reach,
        )

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """What a reader of the figures must know, the district's own findings first.

        They are looked for when somebody asks: faults of the streets take as long to find as the
        distances, and change none.
        """
        return (
            *assessment_notes(self.reach, self.standard, self.distances, self.groups),
            *self.range_notes(self.groups[0]),
            *shorter_walks(
                self.distances,
                self.best_distances,
                self.judged_kinds,
                np.nan_to_num(self.district.demand[self.groups[0]].to_numpy(dtype=np.float64)),
            ),
        )

    def range_notes(self, group: str) -> tuple[Finding, ...]:
        """Return between which shares of a group the places of homes leave each kind's share.

        Those of the first group are among :attr:`findings`; see
        :func:`planner.analysis.coverage.spacing.coarse_notes`.

        Parameters
        ----------
        group
            Column of ``demand``.
        """
        if group not in self._range_notes:
            rules, kinds = self.standard.rules, self.distances.columns.astype(str)
            limits_m = {k: rules[k].limit_for(group) for k in kinds if k in rules}
            found = coarse_notes(self.reach, limits_m, self.distances, group)
            self._range_notes[group] = tuple(found)
        return self._range_notes[group]

    @cached_property
    def _range_notes(self) -> dict[str, tuple[Finding, ...]]:
        return {}

    @property
    def question(self) -> Question:
        """Moment and service that were asked for."""
        return self.reach.question

    @property
    def max_access_m(self) -> float:
        """Longest way from a home or facility to a street, metres."""
        return self.reach.max_access_m

    @property
    def unmapped_m(self) -> float | None:
        """From where on the way from a door to its street is read both ways, None: never."""
        return self.reach.unmapped_m

    @property
    def demand_unit(self) -> str:
        """What the first of the groups counts, one of :data:`planner.district.DEMAND_UNITS`."""
        return self.district.unit_of(self.groups[0])

    @property
    def money(self) -> Money:
        """Unit of prices and budgets of the district."""
        return self.district.money

    @property
    def profile(self) -> WalkProfile | None:
        """Whose walk is measured, None for everyone's."""
        walking = self.district.walking
        return None if walking is None else walking.profile

    def unit_of(self, group: str) -> str:
        """Return what a group counts, see :meth:`planner.district.District.unit_of`."""
        return self.district.unit_of(group)

    @property
    def kinds(self) -> list[str]:
        """Kinds of which there is data, those with no open facility included.

        In the order of the kinds table; see :attr:`kinds_without_data` for the others.
        """
        return list(self.distances.columns)

    @property
    def judged_kinds(self) -> list[str]:
        """Kinds for which the standard has a limit, and of which there is data."""
        return [kind for kind in self.kinds if kind in self.standard.rules]

    @property
    def kinds_without_data(self) -> list[str]:
        """Kinds for which the standard has a limit, but of which no source tells anything.

        They are not judged: that none is listed does not mean that there is none.
        """
        rules = self.standard.rules
        ordered = [*(k for k in self.district.kinds if k in rules), *rules]
        return [k for k in dict.fromkeys(ordered) if not self.district.has_data(k)]

    def rule(self, kind: str) -> Rule | None:
        """Return the standard's rule for a kind, None where the kind is not judged.

        Raises
        ------
        InputError
            ``analysis.kind_without_data`` where no source tells of the kind,
            ``analysis.unknown_kind`` where it is otherwise not part of this assessment.
        """
        self._check(kind)
        return self.standard.rules.get(kind)

    def _check(self, kind: str) -> None:
        """Refuse a kind of which there is no data or that is not part of the assessment."""
        if isinstance(kind, str) and kind in self.distances:
            return
        if kind in self.kinds_without_data:
            raise InputError("analysis.kind_without_data", kind=kind)
        raise InputError("analysis.unknown_kind", kind=kind, known=", ".join(self.kinds))

    def limit_m(self, kind: str, group: str | None = None) -> float | None:
        """Return the limit for a kind in metres, None where it is not judged.

        Parameters
        ----------
        kind
            Kind of facility.
        group
            Group whose own limit is asked for; the total where none is given.
        """
        rule = self.rule(kind)
        return rule.limit_for(group or self.groups[0]) if rule else None

    def nearest_rows(self, kind: str) -> I64:
        """Return the row of each home's nearest facility of a kind, (n,), −1 where there is none.

        Of several at one place the first; see :mod:`planner.analysis.distances.one_place`.
        """
        ids = pd.Index(self.district.facilities["facility_id"])
        return np.asarray(ids.get_indexer(self.nearest[kind]), dtype=np.int64)

    def within(self, kind: str, group: str | None = None) -> pd.Series:
        """Return whether each home lies within the limit, a nullable boolean by ``demand_id``.

        Missing where the distance is unknown or turns on a facility of which it is not known
        whether it counts, and everywhere where the kind is not judged.

        Parameters
        ----------
        kind
            Kind of facility.
        group
            Group whose own limit is taken; the total where none is given.
        """
        within, unknown = self.within_or_unknown(kind, group)
        found = pd.arrays.BooleanArray(within, unknown)
        return pd.Series(found, index=self.distances.index, name=kind)

    def within_or_unknown(self, kind: str, group: str | None = None) -> tuple[Bool, Bool]:
        """Return which homes lie within the limit, and of which it is not known.

        What :meth:`within` says, as arrays: a comparison asks for them many hundred times.
        """
        limit_m = self.limit_m(kind, group)
        distance_m, best_m = (
            table[kind].to_numpy(dtype=np.float64)
            for table in (self.distances, self.best_distances)
        )
        if limit_m is None:
            nowhere = np.zeros(len(distance_m), dtype=np.bool_)
            return nowhere, ~nowhere
        within = distance_m <= limit_m
        return within, np.isnan(distance_m) | (~within & (best_m <= limit_m))

    def league(self, level: Level = "community", kind: str | None = None) -> pd.DataFrame:
        """Return one row for each area, kind and group.

        Parameters
        ----------
        level
            ``"community"``, ``"subdistrict"`` or ``"district"``.
        kind
            Only this kind is counted; all where none is given.

        Returns
        -------
        DataFrame
            ``area_id``, ``name``, ``subdistrict``, ``kind``, ``group``, the counts and distances
            of :func:`planner.analysis.coverage.population_within.count_people`, and
            ``facilities``, the open facilities inside the area's boundary.

        Raises
        ------
        InputError
            ``analysis.unknown_kind``, ``analysis.kind_without_data``, ``analysis.unknown_level``.
        """
        if kind is not None:
            self._check(kind)
        return self._league.of(level, kind)

    def summary(self) -> pd.DataFrame:
        """Return one row for each kind and group of the whole district.

        Returns
        -------
        DataFrame
            ``kind``, ``group``, ``judged``, ``limit_m`` of the group, ``measure``, ``data``
            (``"complete"`` where the sources list all of the kind, ``"listed"`` where all or
            some, ``"none"`` where they tell nothing), ``population`` (``weight`` where demand is
            an estimate), ``covered``, ``uncovered``, ``unknown``, ``share`` of those known, its
            range ``share_low``–``share_high`` if the unknown were all uncovered or covered (and
            residents that were spread lived at the worst or best homes of their community),
            ``unreachable`` people who can walk to none, and of the others ``mean_distance_m`` and
            ``median_distance_m``, ``facilities`` (open ones known to
            meet the question, the buffer included), ``communities`` and of them
            ``communities_lacking`` (certainly none that meets it inside their boundary) and
            ``communities_unknown`` (one inside may meet it, and none is known to), ``clause`` and
            whether it is ``verified``. The standard's kinds without data come last: they are not
            judged, and their figures are missing.
        """
        return self._summary_of_all.copy()

    @cached_property
    def _summary_of_all(self) -> pd.DataFrame:
        return summary_table(self._league, self.kinds_without_data)

    def communities(self, group: str | None = None) -> gpd.GeoDataFrame:
        """Return the communities with a column for each figure and kind.

        Parameters
        ----------
        group
            Group that is counted; the total where none is given.

        Returns
        -------
        GeoDataFrame
            The layer's columns and, for each kind, ``share_<kind>``, ``covered_<kind>``,
            ``uncovered_<kind>``, ``unknown_<kind>``, ``unreachable_<kind>`` (who can walk to
            none), ``mean_distance_m_<kind>`` of the others and ``facilities_<kind>``, in the
            district's CRS.
        """
        table = self.district.communities.set_index("community_id", drop=False)
        return self._league.beside(table, "community", group)

    def subdistricts(self, group: str | None = None) -> gpd.GeoDataFrame:
        """Return the subdistricts, joined from their communities, as :meth:`communities` does.

        Empty where the communities name no subdistrict.
        """
        table = joined_subdistricts(self.district.communities)
        return self._league.beside(table, "subdistrict", group)

    def demand(self) -> gpd.GeoDataFrame:
        """Return the homes with ``distance_m_<kind>``, ``nearest_<kind>`` and ``within_<kind>``."""
        table = self.district.shown_layers["demand"].set_index("demand_id", drop=False)
        columns: dict[str, pd.Series] = {}
        for kind in self.kinds:
            columns[f"distance_m_{kind}"] = self.distances[kind]
            columns[f"nearest_{kind}"] = self.nearest[kind]
            if kind in self.standard.rules:
                columns[f"within_{kind}"] = self.within(kind)
        joined = beside(table, pd.DataFrame(columns)).reset_index(drop=True)
        return gpd.GeoDataFrame(joined, geometry="geometry", crs=self.district.crs)

    def presence(self, *, if_unknown: bool = False) -> pd.DataFrame:
        """Return how many open facilities of each kind lie inside each community.

        Parameters
        ----------
        if_unknown
            Whether those count of which it is not known that they meet the question asked.

        Returns
        -------
        DataFrame
            int64, index ``community_id``, columns kinds. A facility on a shared boundary counts
            for both communities.
        """
        return (self._presence.perhaps if if_unknown else self._presence.known).copy()

    @property
    def open_inside(self) -> pd.DataFrame:
        """As :meth:`presence`, of all open facilities: whatever hour or service is asked."""
        return self._presence.of_all_open

    def at_homes(self, inside: Bool, kinds: Sequence[str] | None = None) -> pd.DataFrame:
        """Return who is covered of the people at some homes, as of :meth:`League.at_homes`.

        Parameters
        ----------
        inside
            Which homes are counted, in the order of ``demand``.
        kinds
            Kinds that are counted; all where none are given.

        Raises
        ------
        InputError
            ``analysis.unknown_kind``, ``analysis.kind_without_data``.
        """
        named = kinds_named(kinds)
        for kind in named:
            self._check(kind)
        return self._league.at_homes(inside, self.kinds if kinds is None else named)

    def answering(self) -> gpd.GeoDataFrame:
        """Return the facilities that count and are known to meet the question asked."""
        return self._presence.answering

    def lacking(self, kind: str) -> gpd.GeoDataFrame:
        """Return the communities with certainly none of a kind inside that meets the question."""
        return self._presence.lacking(kind)

    def apply(self, scenario: Scenario) -> Self:
        """Return the assessment after the changes of a scenario.

        Only what the changes alter is computed anew; the result equals that of assessing the
        changed district from nothing, exactly.

        Raises
        ------
        InputError
            Where a change cannot be made; see
            :func:`planner.district.scenarios.changes.apply_scenario`.
        """
        after = self.reach.after(apply_scenario(self.district, scenario))

        def measured(kind: str) -> Measured:
            if kind in self.distances and self.reach.unchanged(after, kind):
                return Measured(
                    self.distances[kind].to_numpy(),
                    self.nearest[kind].to_numpy(),
                    self.best_distances[kind].to_numpy(),
                )
            return measure_after(self.reach, after, kind)

        result = self.judged(after, self.standard, self.groups, measured, untold)
        result._league.take_over(self._league)
        return result

    def of_homes(self, ids: Sequence[str]) -> Self:
        """Return the assessment of some homes alone, in that order.

        Parameters
        ----------
        ids
            Of homes that are there.
        """
        rows = pd.Index(self.district.demand["demand_id"]).get_indexer(list(ids))
        demand = self.district.demand.iloc[rows].reset_index(drop=True)
        district, rules = self.district.with_layers(demand=demand), self.standard
        measures = {kind: rules.measure_of(kind) for kind in rules.rules}
        reach = Reach.of(
            district, self.question, rules.measure, self.max_access_m, measures, self.unmapped_m
        )

        return self.judged(reach, rules, self.groups, partial(measure, reach), untold)

    def __repr__(self) -> str:
        told = f"; findings to read: {len(self.findings)}" if self.findings else ""
        return (
            f"Assessment({self.district.name!r} by {self.standard.id}: "
            f"{len(self.distances)} homes, {len(self.kinds)} kinds{told})"
        )

    @cached_property
    def _league(self) -> League:
        """People counted; a scenario hands on what it leaves alone."""
        return League(
            self.district,
            self.standard,
            self.groups,
            self.distances,
            self.best_distances,
            self._presence,
        )

    @cached_property
    def _presence(self) -> Presence:
        """The facilities that answer the question asked, inside each community."""
        return Presence(self.reach, self.kinds)

    def areas(self, level: Level) -> tuple[pd.DataFrame, I64]:
        """Return the areas of a level and the position of each home's area in it, −1 for none.

        As of :func:`planner.analysis.coverage.levels.areas_of`.
        """
        return areas_of(self.district, level)
