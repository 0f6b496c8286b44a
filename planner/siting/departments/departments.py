"""Who must act: gaps by department, what mends them, who does it, and who should talk to whom."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd

from planner.analysis.distances.reach import plain_walk_only
from planner.analysis.gaps.gaps import find_gaps
from planner.analysis.gaps.links import with_links
from planner.analysis.people import without_few
from planner.district import District
from planner.errors import Finding, InputError
from planner.own_copies import own_tables
from planner.siting.candidates import PlaceOptions
from planner.siting.costs import Costs
from planner.siting.departments.buildings import shared_buildings
from planner.siting.departments.duties import (
    GATE,
    OF_FACILITY,
    OF_KIND,
    Duties,
    builtin_duties,
)
from planner.siting.departments.prices import in_two_units, with_prices
from planner.siting.departments.tables import by_department, by_kind, talks

if TYPE_CHECKING:
    from planner.analysis.assessment import Assessment


LINKS = 10
"""Gaps behind a barrier whose best link is looked for, the largest."""


@own_tables("departments", "kinds", "gaps", "buildings", "talks")
@dataclass(frozen=True, eq=False)
class Departments:
    """What each department must do. Made by :func:`who_must_act`.

    Parameters
    ----------
    assessment, group
        What was judged, and whose residents count.
    costs, duties
        The prices and who does what; neither need be verified.
    departments
        One row each, the most residents beyond a limit first: ``department`` (empty where a kind
        has none), ``kinds`` (judged, joined by ``;``), ``without_data`` (kinds not judged, since no
        source tells of them), ``beyond``–``beyond_high``, people of the group who lack at least
        one of its kinds, each counted once, and those who may; NaN where no kind of it is judged;
        ``gaps``, ``for_others``, gaps of other departments that it mends, ``agrees``, gaps of
        others to which it must agree, ``price_low``, ``price_high`` of its own gaps (see
        :func:`planner.siting.departments.prices.total`) and ``unpriced``, gaps without a price.
    kinds
        One row for each department and kind: ``department``, ``kind``, ``judged``, ``limit_m``,
        ``beyond`` and ``unknown`` people, ``gaps``, ``cause`` that keeps most of them out, and
        the prices likewise.
    gaps
        Those of :func:`planner.analysis.gaps.gaps.find_gaps` with links, with ``department`` of
        the kind, ``duty`` (of :data:`planner.siting.departments.duties.NAMES`), ``actor`` (who
        does it), ``partners`` (who must agree, joined by ``;``), ``beyond`` (people known to be
        beyond the limit), and the columns of :func:`planner.siting.departments.prices.with_prices`.
        The most people beyond the limit first, then those of whom it is not known.
    buildings
        Places where kinds of two departments could share a building: ``rank``, ``site_id``,
        ``origin``, ``name``, ``facility_id``, ``community``, ``kinds``, ``departments`` (both
        joined by ``;``), ``gained`` (residents, summed over kinds), ``shared`` (of these, those of
        others than the department that gains most), ``residents`` (each counted once), ``cost``,
        ``saved`` against separate buildings, ``floor_area_m2`` there, ``needed_m2`` by the
        standard, and the point.
    talks
        Who should talk to whom, the most people first: ``department`` (that answers for the gap),
        ``other``, ``reason`` (``build``, ``gate``, ``way``, ``door``, ``run``, ``map`` or
        ``building``), ``kinds``, ``count`` of gaps or buildings,
        ``people`` in them, each counted once, and of the largest ``gap_id`` or ``site_id``.
    findings
        What a reader must know beside the findings of the assessment.
    more_buildings
        Whether there are more places for shared buildings than the best, which are listed.
    """

    assessment: Assessment
    group: str
    costs: Costs
    duties: Duties
    departments: pd.DataFrame
    kinds: pd.DataFrame
    gaps: gpd.GeoDataFrame
    buildings: gpd.GeoDataFrame
    talks: pd.DataFrame
    findings: tuple[Finding, ...] = ()
    more_buildings: bool = False

    def gaps_of(self, department: str) -> gpd.GeoDataFrame:
        """Return the gaps that a department answers for, mends for another, or must agree to.

        Raises
        ------
        InputError
            ``departments.unknown``.
        """
        self._check(department)
        own = (self.gaps["department"] == department) | (self.gaps["actor"] == department)
        agrees = [department in str(each).split(";") for each in self.gaps["partners"]]
        mine = own.to_numpy(dtype=np.bool_) | np.array(agrees, dtype=np.bool_)
        return self.gaps[mine].reset_index(drop=True)

    def of(self, department: str) -> Departments:
        """Return the same for one department: its gaps, buildings and talks.

        Raises
        ------
        InputError
            ``departments.unknown``.
        """
        self._check(department)
        inside = [department in str(each).split(";") for each in self.buildings["departments"]]
        part = (self.talks["department"] == department) | (self.talks["other"] == department)
        return Departments(
            self.assessment,
            self.group,
            self.costs,
            self.duties,
            self.departments[self.departments["department"] == department],
            self.kinds[self.kinds["department"] == department],
            self.gaps_of(department),
            self.buildings[np.array(inside, dtype=bool)],
            self.talks[part.to_numpy()],
            self.findings,
            self.more_buildings,
        )

    def _check(self, department: str) -> None:
        known = self.departments["department"].tolist()
        if department not in known:
            raise InputError("departments.unknown", name=department, known=", ".join(known))


def who_must_act(
    assessment: Assessment,
    *,
    group: str | None = None,
    gaps: gpd.GeoDataFrame | None = None,
    links: int = LINKS,
    costs: Costs | None = None,
    duties: Duties | None = None,
    places: PlaceOptions | None = None,
    progress: Callable[[float], object] | None = None,
) -> Departments:
    """Say which department must act on which gap, by what, at what price, and with whom.

    Parameters
    ----------
    assessment
        What is judged.
    group
        People column that is counted, judged by its own limit; the total where none is given.
    gaps
        Its gaps by kind for this group, of :func:`planner.analysis.gaps.gaps.find_gaps`, where they
        are at hand.
    links
        Gaps behind a barrier whose best link is looked for, the largest.
    costs, duties
        Prices and who does what; those that ship where none are given, which nobody has verified.
    places
        Places for shared buildings, as for :func:`planner.propose_one_stop`.
    progress
        Called with the part that is done, 0 to 1; what it raises ends the work.

    Returns
    -------
    Departments

    Raises
    ------
    InputError
        ``analysis.unknown_group``; ``analysis.nothing_judged`` where no kind is judged; as
        :func:`planner.analysis.distances.reach.plain_walk_only`.

    Notes
    -----
    The department that answers for a kind is that of the table of kinds; where this has none, that
    which the layer ``facilities`` names most often for it. What is done at a facility is done by
    the department that the layer names for it, else by that of its kind.
    """
    plain_walk_only(assessment.reach)
    counted = group or assessment.groups[0]
    prices, table = costs or (places or PlaceOptions()).prices, duties or builtin_duties()
    report = progress or (lambda _part: None)
    known = find_gaps(assessment, group=counted) if gaps is None else gaps
    report(0.3)
    found = with_links(assessment, known, links, group=counted, shown=False)
    report(0.6)
    kinds = [*assessment.judged_kinds, *assessment.kinds_without_data]
    owners = {kind: department_of(assessment.district, kind, table) for kind in kinds}
    acted = _with_actors(assessment.district, found, owners, table)
    acted = acted.assign(beyond=acted[counted] - acted["unknown"])
    order = np.lexsort((-acted["unknown"].to_numpy(), -acted["beyond"].to_numpy()))
    acted = acted.iloc[order].reset_index(drop=True)
    priced = gpd.GeoDataFrame(
        with_prices(assessment, acted, counted, prices), geometry="geometry", crs=found.crs
    )
    report(0.75)
    offered = places or PlaceOptions(costs=prices)
    shared = shared_buildings(assessment, priced, owners, counted, offered)
    report(0.9)
    rows = by_kind(assessment, priced, owners, counted, prices)
    return Departments(
        assessment,
        counted,
        prices,
        table,
        without_few(
            assessment,
            by_department(assessment, priced, rows, counted, prices),
            ["beyond", "beyond_high"],
            counted,
        ),
        rows,
        without_few(assessment, priced, ["link_gain"], counted),
        without_few(assessment, shared.table, ["gained", "shared", "residents"], counted),
        without_few(assessment, talks(assessment, priced, shared, counted), ["people"], counted),
        (*shared.findings, *_of_two_units(assessment.district, prices)),
        shared.more,
    )


def _of_two_units(district: District, costs: Costs) -> tuple[Finding, ...]:
    """Tell that prices of candidates are left out, since they are in no unit of the list."""
    if not in_two_units(district, costs):
        return ()
    params = {"unit": str(district.money), "listed": costs.currency}
    return (Finding("departments.prices_of_candidates_left_out", params),)


def department_of(district: District, kind: str, duties: Duties) -> str:
    """Return the department that answers for a kind, empty where nothing names one."""
    known = district.kinds.get(kind)
    told = duties.department(known.department if known else "")
    if told:
        return told
    own = district.facilities["kind"] == kind
    named = [duties.department(each) for each in district.facilities["department"][own]]
    counts = pd.Series([each for each in named if each], dtype=object).value_counts()
    return str(min(counts.index[counts == counts.max()])) if len(counts) else ""


def _with_actors(
    district: District, gaps: gpd.GeoDataFrame, owners: dict[str, str], duties: Duties
) -> gpd.GeoDataFrame:
    """Return gaps with the department that answers, the duty, who does it, and who must agree."""
    facilities = district.facilities.set_index("facility_id")["department"]
    runs = {str(each): duties.department(told) for each, told in facilities.items()}
    rows = []
    for gap in gaps.itertuples(index=False):
        owner, name = owners[str(gap.kind)], duty_name(gap)
        duty = duties.by_name[name]
        actor = {
            OF_KIND: owner,
            OF_FACILITY: runs.get(str(gap.facility_id), "") or owner,
        }.get(duty.by, duty.by)
        others = [each for each in duty.others if each not in (actor, owner)]
        rows.append((owner, name, actor, ";".join(others)))
    columns = list(zip(*rows, strict=True)) or [()] * 4
    names = ("department", "duty", "actor", "partners")
    told = {name: np.array(each, object) for name, each in zip(names, columns, strict=True)}
    return gaps.assign(**told)


def duty_name(gap: Any) -> str:
    """Return which duty mends a gap: the work of its best link, else its remedy."""
    if gap.remedy != "link":
        return str(gap.remedy)
    if gap.link_work:
        return str(gap.link_work)
    return GATE if gap.barrier == "wall" else "link"
