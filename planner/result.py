"""The result of an assessment: its data and judgement, and what can be asked of it further on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np

from planner.analysis.assessment import Assessment
from planner.analysis.distances.measured import measure
from planner.analysis.distances.reach import Reach
from planner.analysis.distances.streets import streets_of
from planner.analysis.questions import Question
from planner.district import (
    District,
    Standard,
    Walking,
    WalkProfile,
    find_profile,
    find_standard,
    known_kinds,
)
from planner.errors import InputError
from planner.progress import Progress, untold

if TYPE_CHECKING:
    import folium
    import pandas as pd
    from matplotlib.figure import Figure
    from shapely.geometry.base import BaseGeometry

    from planner.reports.report import Report
    from planner.siting.departments.departments import Departments

DEFAULT_MAX_ACCESS_M = 250.0


class AssessmentResult(Assessment):
    """An :class:`planner.analysis.assessment.Assessment` that hands on to what builds on it.

    Made by :func:`assess`. Its methods only delegate: each imports its module when it is called.
    """

    def gaps(
        self,
        kind: str | None = None,
        *,
        group: str | None = None,
        capacity: bool = False,
        links: int = 0,
    ) -> gpd.GeoDataFrame:
        """Return the areas where people lack facilities, the most people first, with the cause.

        See :func:`planner.analysis.gaps.gaps.find_gaps`; for the largest `links` of those that a
        barrier makes the best link too, see
        :func:`planner.analysis.gaps.links.with_links`.
        """
        from planner.analysis.gaps.gaps import find_gaps
        from planner.analysis.gaps.links import with_links

        found = find_gaps(self, kind, group=group, capacity=capacity)
        return with_links(self, found, links, group=group) if links else found

    def links(
        self,
        kinds: Sequence[str] | None = None,
        group: str | None = None,
        count: int = 20,
        **options: Any,
    ) -> gpd.GeoDataFrame:
        """Return the gates, footbridges and paths that bring most residents within the limit.

        See :func:`planner.analysis.links.links.best_links`.
        """
        from planner.analysis.links.links import best_links

        return best_links(self, kinds, group, count, **options)

    def link_sequence(
        self,
        kinds: Sequence[str] | None = None,
        group: str | None = None,
        count: int = 5,
        **options: Any,
    ) -> gpd.GeoDataFrame:
        """Return the links to open one after another, each the best once the others are open.

        See :func:`planner.analysis.links.links.link_sequence`.
        """
        from planner.analysis.links.links import link_sequence

        return link_sequence(self, kinds, group, count, **options)

    def map_work(self, **options: Any) -> gpd.GeoDataFrame:
        """Return the loose pieces of street, and where each could be joined on the map.

        See :func:`planner.analysis.links.map_work.map_work`.
        """
        from planner.analysis.links.map_work import map_work

        return map_work(self.reach, **options)

    def departments(self, *, group: str | None = None, **options: Any) -> Departments:
        """Return which department must act on which gap, by what, at what price, and with whom.

        See :func:`planner.siting.departments.departments.who_must_act`.
        """
        from planner.siting.departments.departments import who_must_act

        return who_must_act(self, group=group, **options)

    def area_figures(
        self, area: BaseGeometry | gpd.GeoSeries | gpd.GeoDataFrame, **options: Any
    ) -> pd.DataFrame:
        """Return who lives in an area, who of them is covered, and the facilities in it.

        See :func:`planner.analysis.measures.areas.area_figures`.
        """
        from planner.analysis.measures.areas import area_figures

        return area_figures(self, area, **options)

    def profile_effect(self) -> pd.DataFrame:
        """Return whom the profile of walking moves across the limit of each kind.

        See :func:`planner.analysis.profiles.profile_effect`.
        """
        from planner.analysis.profiles import profile_effect

        return profile_effect(self)

    def rule_effect(self) -> pd.DataFrame:
        """Return whom each rule of the profile of walking moves by itself.

        See :func:`planner.analysis.profiles.rule_effect`.
        """
        from planner.analysis.profiles import rule_effect

        return rule_effect(self)

    def explore(self, kind: str | None = None, **options: Any) -> folium.Map:
        """Return an interactive map that works offline.

        Parameters
        ----------
        kind
            Kind shown first; the first judged kind where none is given.
        **options
            Further options of :func:`planner.views.maps.assessment.assessment_map`, such as
            ``group`` and ``language``.
        """
        from planner.views.maps.assessment import assessment_map

        return assessment_map(self, kind=kind, **options)

    def explore_gaps(
        self, kind: str | None = None, *, gaps: gpd.GeoDataFrame | None = None, **options: Any
    ) -> folium.Map:
        """Return an interactive map of gaps that works offline, with its legend.

        Parameters
        ----------
        kind
            Kind whose gaps are shown; those of all judged kinds where none is given.
        gaps
            Gaps of :meth:`gaps`, where they are at hand.
        **options
            ``group`` and ``language`` of :func:`planner.views.notebooks.maps.gaps_map`.
        """
        from planner.views.notebooks.maps import gaps_map

        found = self.gaps(kind, group=options.get("group")) if gaps is None else gaps
        return gaps_map(self, found, **options)

    def explore_links(self, links: gpd.GeoDataFrame, **options: Any) -> folium.Map:
        """Return an interactive map of links that works offline, with its legend.

        Parameters
        ----------
        links
            Of :meth:`links` or :meth:`link_sequence`.
        **options
            ``language`` of :func:`planner.views.notebooks.maps.links_map`.
        """
        from planner.views.notebooks.maps import links_map

        return links_map(self, links, **options)

    def plot(self, kind: str | None = None, **options: Any) -> Figure:
        """Return a map of who is covered, for paper, as a Matplotlib figure.

        Parameters
        ----------
        kind
            Kind shown; the first judged kind where none is given.
        **options
            ``group``, ``language`` and ``paper`` of
            :func:`planner.views.plots.coverage.plot_coverage`.
        """
        from planner.views.plots.coverage import plot_coverage

        return plot_coverage(self, kind or next(iter(self.judged_kinds or self.kinds)), **options)

    def plot_gaps(
        self, kind: str | None = None, *, gaps: gpd.GeoDataFrame | None = None, **options: Any
    ) -> Figure:
        """Return a map of gaps, numbered, for paper, as a Matplotlib figure.

        Parameters
        ----------
        kind
            Kind whose gaps are shown; those of all judged kinds where none is given.
        gaps
            Gaps of :meth:`gaps`, where they are at hand.
        **options
            ``group``, ``language``, ``paper`` and ``named`` of
            :func:`planner.views.plots.gaps.plot_gaps`.
        """
        from planner.views.plots.gaps import plot_gaps

        found = self.gaps(kind, group=options.get("group")) if gaps is None else gaps
        return plot_gaps(self, found, **options)

    def write(self, folder: str | Path, language: str = "en") -> list[Path]:
        """Write tables, GeoPackage, GeoJSON and map into a folder and return the files.

        See :func:`planner.views.exports.analysis.assessment.write_outputs`.
        """
        from planner.views.exports.analysis.assessment import write_outputs

        return write_outputs(self, folder, language)

    def report(self, **options: Any) -> Report:
        """Return the report, to be written as Word, Excel or HTML.

        See :func:`planner.reports.report.report`.
        """
        from planner.reports.report import report

        return report(self, **options)


def assess(
    district: District,
    standard: str | Path | Standard | None = None,
    *,
    groups: Sequence[str] | None = None,
    at: str | datetime | None = None,
    service: str | None = None,
    max_access_m: float = DEFAULT_MAX_ACCESS_M,
    island_m: float | None = None,
    profile: str | Path | WalkProfile | None = None,
    profile_rules: Mapping[str, str] | None = None,
    unmapped_m: float | None = None,
    progress: Progress | None = None,
) -> AssessmentResult:
    """Measure how far each home is from the nearest open facility of each kind, and judge it.

    Parameters
    ----------
    district
        The place.
    standard
        Id of a built-in standard, path of a TOML file, or a :class:`planner.district.Standard`;
        the district's own where none is given, ``"gb50180-2018"`` where it has none.
    groups
        People columns of ``demand`` to count; all where none are given.
    at
        Moment at which a facility must be open to count: a weekday and time in a fixed reference
        week without holidays (``"Su 22:00"``), a date and time, or ``"always"`` for every hour of
        the week.
    service
        Service that a facility must offer to count.
    max_access_m
        Longest straight way from a home or facility to a street, metres. What lies farther, or
        behind a barrier, has an unknown distance.
    island_m
        Street length below which a loose piece catches nobody while other streets are within
        reach, metres; 0: every piece does; the district's own where not given. A finding tells
        whom the rule moves.
    profile
        Whose walk is measured: a profile, its id (``"wheelchair"``, ``"elderly"``) or a TOML file;
        everyone's where none is given. See :mod:`planner.district.walk_profiles`.
    profile_rules
        Rules of the profile that are switched: ``"on"``, ``"off"``, or how their unknown streets
        are read (``"both"``, ``"passes"``), by id.
    unmapped_m
        Homes farther than this from every mapped street, as in compounds whose inner paths nobody
        mapped, are read both ways, metres: straight to the street, and round corners. Straight
        where not given.
    progress
        Called with a message code and the fraction done.

    Returns
    -------
    AssessmentResult

    Raises
    ------
    InputError
        For an unknown standard or group, a standard with a kind that nobody knows, a
        `max_access_m` that is not above 0, or a layer that was changed in place after it was
        checked (:meth:`planner.district.District.untouched`).

    Notes
    -----
    A distance is the straight access leg from the home to the nearest point of a street, the way
    along the streets, and the access leg to the facility, in whole millimetres. A limit is
    inclusive. Only facilities with status ``existing`` that are not ``internal`` to a unit count.
    With a profile the metres of a street may count more than once, and a share is a range where it
    is not known whether a rule bites.
    """
    district.untouched()
    rules = find_standard(standard or district.usual.standard)
    known = {**known_kinds(), **district.kinds}
    for kind in rules.rules:
        if kind not in known:
            raise InputError("analysis.kind_of_standard", kind=kind, standard=rules.id)
    counted = _groups(district, groups)
    question = Question.of(at, service)
    if not 0 < max_access_m < np.inf:
        raise InputError("analysis.bad_access", value=max_access_m)
    if unmapped_m is not None and not 0 <= unmapped_m < np.inf:
        raise InputError("analysis.bad_unmapped", value=unmapped_m)
    if island_m is not None and island_m != district.island_m:
        district = replace(district, island_m=island_m)
    walker = _walker(profile, profile_rules)
    if district.walking != walker:
        district = replace(district, walking=walker)
    report = progress or untold
    report("analysis.progress_network", 0.0)
    streets_of(district)
    report("analysis.progress_joining", 0.3)
    measures = {kind: rules.measure_of(kind) for kind in rules.rules}
    reach = Reach.of(district, question, rules.measure, float(max_access_m), measures, unmapped_m)

    return AssessmentResult.judged(reach, rules, counted, partial(measure, reach), report)


def _walker(
    profile: str | Path | WalkProfile | None, switches: Mapping[str, str] | None
) -> Walking | None:
    """Return whose walk is measured, None for everyone's."""
    found = find_profile(profile)
    if found is None:
        if switches:
            raise InputError("profiles.rules_of_none", rules=", ".join(switches))
        return None
    return Walking(found.with_rules(switches or {}))


def _groups(district: District, groups: Sequence[str] | None) -> tuple[str, ...]:
    if groups is None:
        return tuple(district.groups)
    for group in groups:
        if group not in district.groups:
            raise InputError(
                "analysis.unknown_group", group=group, known=", ".join(district.groups)
            )
    return tuple(dict.fromkeys(groups)) or tuple(district.groups)
