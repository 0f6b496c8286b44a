"""The path that the decided proposals take against each target, year by year."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

import pandas as pd

from planner.analysis.assessment import Assessment
from planner.analysis.coverage.levels import Level
from planner.analysis.links.places import SETTLE_WAY
from planner.district import District
from planner.errors import InputError
from planner.plan.coordination.gains import Gains
from planner.plan.coordination.years.years import JointPlan
from planner.plan.proposals.proposal import Proposal
from planner.plan.proposals.statuses import DECIDED, OPEN
from planner.plan.targets.aims import Target
from planner.plan.targets.course import Course
from planner.plan.targets.lead_times import SHORTENING, LeadTimes
from planner.plan.targets.path import TINY, Goal, Growth, Path, Stand
from planner.plan.targets.too_soon import Month, TooSoon, too_soon
from planner.plan.targets.waiting import waiting_for
from planner.sources.update.redrawn import REDRAWN


def paths(
    targets: Sequence[Target],
    joint: JointPlan,
    proposals: Sequence[Proposal],
    lead_times: LeadTimes,
    this_year: int,
    growth: Growth | None = None,
    approved: Mapping[str, Month] | None = None,
    course: Course | None = None,
) -> list[Path]:
    """Return the path that a joint plan takes against each target.

    Parameters
    ----------
    targets
        Of one workspace.
    joint
        What is decided, year by year.
    proposals
        Those of the plan about that workspace.
    lead_times
        How long building takes after an approval.
    this_year
        The year at hand.
    growth
        How residents grow; the figures of the data count for every year where none is given.
    approved
        Year and month of the approval of what is decided, by id; of what is not in it nobody says
        that it is planned too soon.
    course
        The course of the same plan, year and growth as it was taken before; none to take it anew.

    Raises
    ------
    InputError
        As :func:`planner.sources.population.growth.in_year`.
    """
    course = course or Course(joint, this_year, growth)
    soon = list(too_soon(_decided(proposals), approved or {}, lead_times, this_year))
    return [
        _with_waiting(_path(target, course, proposals, lead_times, soon), course, proposals)
        for target in targets
    ]


def _decided(proposals: Iterable[Proposal]) -> list[Proposal]:
    return [each for each in proposals if each.status in DECIDED]


def _path(
    target: Target,
    course: Course,
    proposals: Sequence[Proposal],
    lead_times: LeadTimes,
    soon: Sequence[TooSoon],
) -> Path:
    today = course.today
    group = target.group or today.groups[0]
    why = _why_unknown(target, today, group)
    goals = target.goals()
    last = max(*goals, *course.years)
    years = sorted({*goals, *range(course.this_year, last + 1)})
    stands = {
        year: Stand(year, None, None, None)
        if why
        else _stand(target, course.counted(year, _level(target), target.kind), group, year)
        for year in years
    }
    if not why and all(each.low is None for each in stands.values()):
        why = _why_nothing(course.today, group)
    about = [each for each in proposals if _is_about(target, each)]
    odd = _misfits(target, course)
    decided = [each for each in about if each.status in DECIDED and each.id not in odd]
    return Path(
        target,
        tuple(_future(stand, course.this_year) for stand in stands.values()),
        tuple(
            _goal(year, share, stands, lead_times, course.this_year)
            for year, share in goals.items()
        ),
        why,
        "communities" if target.measure == "communities" else today.unit_of(group),
        group,
        course.residents(last),
        tuple(each.id for each in decided if each.year is None),
        tuple(each.id for each in decided if (each.year or 9999) < course.this_year),
        odd,
        lead_times,
        tuple(
            each
            for each in soon
            if _is_about(target, each.proposal)
            and each.proposal.id not in odd
            and each.counted <= max(goals)
        ),
    )


def _with_waiting(path: Path, course: Course, proposals: Sequence[Proposal]) -> Path:
    """Return a path with the open proposals that could help it, and how it stands with them.

    What is planned for later than the goal, or for no year, would not count for it even once it is
    approved, and what brings nobody on top of what is decided would change nothing.
    """
    goal, target = path.last_not_met, path.target
    hoped = [
        each
        for each in proposals
        if goal is not None
        and _is_about(target, each)
        and target.kind not in each.kinds_taken
        and each.status in OPEN
        and each.action in SHORTENING
        and each.year is not None
        and each.year <= goal.year
    ]
    if goal is None or not hoped:
        return path
    gains = None if path.why_unknown else _gains_of(course, goal.year, path.group)
    if gains is None:
        return replace(path, waiting_unknown=tuple(each.id for each in hoped))
    found = waiting_for(target, gains, hoped)
    told = replace(path, waiting=found.helpful, waiting_unknown=found.not_known)
    if found.after is None:
        return told
    counted = found.after.league(_level(target), target.kind)
    stands = {goal.year: _stand(target, counted, path.group, goal.year)}
    then = _goal(goal.year, goal.share, stands, path.lead_times, course.this_year)
    return replace(told, with_waiting=then)


def _gains_of(course: Course, year: int, group: str) -> Gains | None:
    """Return whom proposals bring by then; None where the counts of the group are withheld."""
    try:
        return course.gains(year, group)
    except InputError:
        return None


def _is_about(target: Target, proposal: Proposal) -> bool:
    """Whether a proposal changes what is counted for a target: it may also take a place away."""
    kinds = (*proposal.kinds, *proposal.kinds_taken)
    return target.kind in kinds or not kinds


def _misfits(target: Target, course: Course) -> tuple[str, ...]:
    """Return what is left out of a path; a way that the streets have by now is not."""
    return tuple(
        each.proposal.id
        for each in course.misfits
        if _is_about(target, each.proposal) and each.reason.code != "plan.way_in_data"
    )


def _future(stand: Stand, this_year: int) -> Stand:
    """Return a stand as it is; nothing is known of a year that has passed."""
    return stand if stand.year >= this_year else Stand(stand.year, None, None, None)


def _why_unknown(target: Target, today: Assessment, group: str) -> str:
    if math.isnan(target.share):  # else what is lacking would tell the share
        return "withheld"
    if target.kind not in today.kinds:
        return "no_data"
    if target.kind not in today.judged_kinds or today.limit_m(target.kind, group) is None:
        return "not_judged"
    if group not in today.groups:
        return "no_group"
    areas, _ = today.areas(target.level)  # type: ignore[arg-type]
    if target.level != "district" and target.area not in set(areas.index):
        return "no_area"
    return "redrawn" if _is_redrawn(target, today.district) else ""


def _is_redrawn(target: Target, district: District) -> bool:
    """Whether a newer file drew the area anew since the target was set, or said to fit again."""
    said = max(target.created_at, target.changed_at)
    since = (each.params for each in district.findings if each.code == REDRAWN)
    # of communities that are counted each must be what it was, and no other may have come
    names = district.communities.set_index("community_id")["subdistrict"]
    for params in since:
        if not said or datetime.fromisoformat(params["at"]) <= datetime.fromisoformat(said):
            continue
        ids = [own for own in params["communities"] if own in names.index]
        within = {
            "community": target.area in ids,
            "subdistrict": target.area in params["subdistricts"],
            "district": params["district"],
        }[target.level]
        counted = target.measure == "communities" and any(
            target.level == "district" or names[own] == target.area for own in ids
        )
        if within or counted:
            return True
    return False


def _level(target: Target) -> Level:
    """Return the level of the areas that a target counts."""
    return "community" if target.measure == "communities" else target.level  # type: ignore[return-value]


def _rows(target: Target, counted: pd.DataFrame, group: str) -> pd.DataFrame:
    """Return the areas that a target is about, of those of its level as they are counted."""
    table = counted[counted["group"] == group]
    if target.measure == "people":
        return table[table["area_id"] == target.area]
    return table if target.level == "district" else table[table["subdistrict"] == target.area]


def _why_nothing(today: Assessment, group: str) -> str:
    """Return whether figures are withheld, or not known for other reasons."""
    withheld = today.district.withheld
    kept_back = withheld is not None and group in withheld.groups
    return "withheld" if kept_back else "not_known"


def _stand(target: Target, counted: pd.DataFrame, group: str, year: int) -> Stand:
    """Return the share in a year, or the range it lies in where not all of it is known."""
    rows = _rows(target, counted, group)
    if target.measure == "people":
        row = rows.iloc[0]
        # a count that is withheld leaves the share open too, whatever else could be told of it
        told = [row[name] for name in ("total", "covered", "uncovered", "unknown", "share_low")]
        if any(pd.isna(each) for each in told) or row["total"] <= 0:
            return Stand(year, None, None, None)
        return Stand(year, *(float(row[name]) for name in ("share_low", "share_high", "total")))
    lived_in = rows[rows["total"] != 0]
    if not len(lived_in):
        return Stand(year, None, None, None)
    counts = lived_in[["covered", "uncovered", "unknown"]].notna().all(axis=1)
    surely = counts & (lived_in["share_low"] >= target.reached - TINY)
    surely_not = counts & (lived_in["share_high"] < target.reached - TINY)
    if not (surely | surely_not).any():
        return Stand(year, None, None, None)
    total = len(lived_in)
    low, high = int(surely.sum()) / total, (total - int(surely_not.sum())) / total
    return Stand(year, low, high, float(total))


def _goal(
    year: int,
    share: float,
    stands: Mapping[int, Stand],
    lead_times: LeadTimes,
    this_year: int,
) -> Goal:
    stand, past = stands[year], year < this_year
    if stand.low is None or stand.high is None or stand.total is None:
        return Goal(year, share, stand, "unknown", by_today=past)
    if stand.low >= share - TINY:
        return Goal(year, share, stand, "met", by_today=past)
    if stand.high >= share - TINY:
        return Goal(year, share, stand, "unknown", by_today=past)
    low, high = ((share - part) * stand.total for part in (stand.high, stand.low))
    # whole people or communities: a part of one is one
    least, most = (math.ceil(round(each, 6)) for each in (low, high))
    # a way can only be settled where one lies, and that builds nothing that is still lacking
    built = [action for action in SHORTENING if action != SETTLE_WAY]
    latest = {action: lead_times.latest_month(action, year) for action in built}
    in_time = None if past else latest
    later = _reached(share, max(year, this_year - 1), stands.values())
    return Goal(year, share, stand, "missed", float(least), float(most), later, in_time, past)


def _reached(share: float, year: int, stands: Iterable[Stand]) -> int | None:
    """Return the first later year whose end reaches a share for sure, None for none."""
    return next(
        (
            each.year
            for each in stands
            if each.year > year and each.low is not None and each.low >= share - TINY
        ),
        None,
    )
