"""Proposals made of what the tool advises: sites, buildings, links, budgets, gaps, drafts."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeAlias

import geopandas as gpd
import pandas as pd

from planner.analysis.links.links import link_changes
from planner.district import District, Scenario
from planner.district.kinds import DEPARTMENTS
from planner.district.scenarios import scenario as changes
from planner.district.scenarios.changes import known_by
from planner.district.scenarios.scenario import Change
from planner.errors import InputError
from planner.plan.proposals.changes import action_of, grouped, kinds_of, shape_of, with_own_ids
from planner.plan.proposals.proposal import Proposal
from planner.siting.costs import Costs, builtin_costs
from planner.siting.departments.departments import department_of
from planner.siting.departments.duties import builtin_duties
from planner.siting.scenario_costs import change_cost

if TYPE_CHECKING:
    from planner.analysis.assessment import Assessment
    from planner.siting.budget import Mix
    from planner.siting.one_stop_sites.answers import OneStopProposal
    from planner.siting.proposals.proposal import Proposal as Sites
    from planner.siting.relocation.relocation import Relocation

    Advice: TypeAlias = Sites | OneStopProposal | Relocation | Mix | Scenario | gpd.GeoDataFrame

ORIGINS = ("gap", "link", "site", "one_stop", "budget", "move", "what_if", "hand", "import")
"""What a proposal was made from."""

DUTIES = {
    "build": "build",
    "share_premises": "build",
    "move": "build",
    "open_internal": "open_internal",
    "extend_hours": "longer_hours",
    "add_service": "add_service",
    "enlarge": "enlarge",
    "gate": "gate",
    "footbridge": "footbridge",
    "path": "path",
}
"""By action, the entry of the table of duties that says who must agree."""

_ADVICE = {
    "OneStopProposal": "one_stop",
    "Relocation": "move",
    "Mix": "budget",
    "Proposal": "site",
    "Scenario": "what_if",
}
_REMEDIES = {
    "open_internal": "open_internal",
    "link": "path",
    "longer_hours": "extend_hours",
    "hours_and_service": "extend_hours",
    "add_service": "add_service",
    "enlarge": "enlarge",
}


@dataclass(frozen=True)
class _Part:
    """What becomes one proposal."""

    steps: tuple[Change, ...]
    cost: float | None = None


def drafts(
    advice: Advice | Sequence[Change] | Sequence[Proposal],
    about: Assessment,
    costs: Costs | None = None,
) -> list[Proposal]:
    """Return a proposal for each thing that is advised: a building, a door, a way, a facility.

    They have neither id nor figures yet, and the department that answers for the first kind.

    Parameters
    ----------
    advice
        What :func:`planner.propose` and its like answer; a scenario or list of changes; the table
        of links; or rows of the table of gaps, whose proposals tell place and remedy and leave
        open what exactly is built, where the gap does not tell it. Drafts that were made before
        stay as they are.
    about
        The workspace that it is about.
    costs
        Prices; those that ship where none are given.

    Raises
    ------
    InputError
        ``plan.nothing_proposed``.
    """
    prices = costs or builtin_costs()
    if isinstance(advice, gpd.GeoDataFrame) and "gap_id" in advice:
        made = [_of_gap(about, row) for row in advice.to_dict("records")]
    elif isinstance(advice, Sequence) and any(isinstance(each, Proposal) for each in advice):
        made = [each for each in advice if isinstance(each, Proposal)]
    else:
        origin = _origin(advice)
        parts = _parts(advice)
        made = [_of_part(about.district, part, prices, origin) for part in parts]
    if not made:
        raise InputError("plan.nothing_proposed")
    return made


def outreach(about: Assessment, gap: gpd.GeoDataFrame) -> list[Proposal]:
    """Return a round to the door (上门服务) for each gap: what helps until a site exists.

    Parameters
    ----------
    about
        The workspace that it is about.
    gap
        Rows of the table of gaps.
    """
    return [
        replace(each, action="outreach", facility_id="", changes=(), known_by={})
        for each in drafts(gap, about)
    ]


def assessment_of(advice: object, given: Assessment | None) -> Assessment:
    """Return the assessment that advice carries, else the one that is given.

    Raises
    ------
    InputError
        ``plan.no_assessment`` where there is neither.
    """
    about: Assessment | None = getattr(advice, "assessment", None) or given
    if about is None:
        raise InputError("plan.no_assessment")
    return about


def as_kept(draft: Proposal, proposal_id: str) -> Proposal:
    """Return a draft under its id, its new facilities under ids that no other proposal gives."""
    return replace(draft, id=proposal_id, changes=with_own_ids(draft.changes, proposal_id))


def partners_of(proposal: Proposal) -> tuple[str, ...]:
    """Return the departments that must agree: those of other kinds, and those of the duty."""
    from planner.district import builtin_kinds

    kinds, duties = builtin_kinds(), builtin_duties()
    known = [kinds.get(kind) for kind in proposal.kinds]
    owners = [kind.department for kind in known if kind is not None]
    name = DUTIES.get(proposal.action)
    others = duties.by_name[name].others if name else ()
    wanted = dict.fromkeys([*owners, *others])
    return tuple(each for each in wanted if each and each != proposal.department)


def _origin(advice: object) -> str:
    if isinstance(advice, gpd.GeoDataFrame):
        return "link"
    return _ADVICE.get(type(advice).__name__, "what_if")


def _parts(advice: Any) -> list[_Part]:
    if isinstance(advice, gpd.GeoDataFrame):
        known = advice["cost"] if "cost" in advice else pd.Series(math.nan, advice.index)
        steps = link_changes(advice)
        return [_Part((step,), _told(cost)) for step, cost in zip(steps, known, strict=True)]
    if isinstance(advice, Scenario):
        return [_Part(group) for group in grouped(advice.changes)]
    if isinstance(advice, Sequence):
        return [_Part(group) for group in grouped(advice)]
    origin = _origin(advice)
    if origin == "site":
        return [
            _Part((step,), _told(cost))
            for step, cost in zip(advice.changes(), advice.sites["cost"], strict=True)
        ]
    if origin == "one_stop":
        return _buildings(advice)
    if origin == "move":
        return [_Part(group) for group in _moves(advice.changes())]
    return [_Part(group) for group in grouped(advice.scenario().changes)]


def _buildings(advice: OneStopProposal) -> list[_Part]:
    """Return the parts of a one-stop proposal: all kinds of a building are one."""
    steps = iter(advice.changes())
    found = []
    for building in advice.buildings.itertuples():
        inside = [next(steps) for _ in str(building.kinds).split(";")]
        found.append(_Part(tuple(dict.fromkeys(inside)), _told(building.cost)))
    return found


def _moves(steps: Iterable[Change]) -> list[tuple[Change, ...]]:
    """Return the steps of each move: into a unit's facility it is a closing and an opening."""
    found: list[tuple[Change, ...]] = []
    for step in steps:
        if isinstance(step, changes.OpenInternal) and found:
            found[-1] = (*found[-1], step)
        else:
            found.append((step,))
    return found


def _of_part(district: District, part: _Part, prices: Costs, origin: str) -> Proposal:
    steps = part.steps
    cost = part.cost if part.cost is not None else _price(district, steps, prices)
    shape = shape_of(district, steps)
    opened = [step for step in steps if isinstance(step, changes.Open)]
    areas = [step.floor_area_m2 for step in opened if step.floor_area_m2 is not None]
    crs = district.crs.to_string()
    known = known_by(district, Scenario("", steps, crs)).of
    moved = {type(step) for step in steps} == {changes.Close, changes.OpenInternal}
    action = "move" if moved else action_of(district, steps)
    kinds = kinds_of(district, steps)
    ids = [
        step.facility_id for step in steps if not isinstance(step, changes.Connect | changes.Open)
    ]
    return Proposal(
        title=next((name for step in steps if (name := getattr(step, "name", ""))), ""),
        department=_department(district, action, kinds),
        action=action,
        kinds=kinds,
        facility_id=ids[0] if ids else "",
        changes=steps,
        known_by=known,
        crs=crs,
        geometry="" if shape is None else shape.wkb_hex.lower(),
        floor_area_m2=math.fsum(areas) if len(areas) == len(opened) and areas else None,
        cost=cost,
        currency=prices.currency if cost is not None else "",
        cost_source="" if cost is None else "verified" if prices.verified else "unverified",
        origin=origin,
    )


def _of_gap(assessment: Assessment, gap: dict[Any, Any]) -> Proposal:
    """Return the proposal that a gap asks for, as far as the gap tells it."""
    district, kind = assessment.district, str(gap["kind"])
    action = _REMEDIES.get(str(gap["remedy"]), "build")
    facility_id = str(gap.get("facility_id") or "")
    steps: tuple[Change, ...] = ()
    if action == "open_internal" and facility_id:
        steps = (changes.OpenInternal(facility_id),)
    crs = district.crs.to_string()
    return Proposal(
        department=_department(district, action, (kind,)),
        action=action,
        kinds=(kind,),
        facility_id=facility_id if action != "build" else "",
        changes=steps,
        known_by=known_by(district, Scenario("", steps, crs)).of,
        crs=crs,
        geometry=gap["geometry"].representative_point().wkb_hex.lower(),
        origin="gap",
    )


def _department(district: District, action: str, kinds: Sequence[str]) -> str:
    duties = builtin_duties()
    told = department_of(district, kinds[0], duties) if kinds else duties.by_name[DUTIES[action]].by
    return told if told in DEPARTMENTS else ""


def _price(district: District, steps: Sequence[Change], prices: Costs) -> float | None:
    told = [_told(change_cost(district, step, prices)) for step in steps]
    known = [each for each in told if each is not None]
    return math.fsum(known) if len(known) == len(told) else None


def _told(value: Any) -> float | None:
    return None if pd.isna(value) else float(value)
