"""Proposals made of what the tool advises: sites, buildings, links, budgets, gaps, drafts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import shapely

from planner.analysis.links.places import SETTLE_WAY
from planner.analysis.links.settling import as_settled
from planner.district import District, Scenario
from planner.district.kinds import DEPARTMENTS
from planner.district.scenarios import scenario as changes
from planner.district.scenarios.changes import apply_scenario, known_by
from planner.district.scenarios.scenario import Change
from planner.errors import InputError
from planner.plan.proposals.advice import Part, Parts, parts_of
from planner.plan.proposals.by_hand import Described, change_by_hand
from planner.plan.proposals.changes import (
    WAYS,
    action_of,
    crosses_as_told,
    kinds_of,
    shape_of,
    taken_by,
    way_action,
    with_own_ids,
)
from planner.plan.proposals.floor_areas import area_in
from planner.plan.proposals.listed import beside_marks, kept_beside
from planner.plan.proposals.one_house import within_place
from planner.plan.proposals.owners import kept_owners, owner_marks, owners_of, with_owners
from planner.plan.proposals.prices import list_price, price_source
from planner.plan.proposals.proposal import Proposal
from planner.plan.proposals.whereabouts import frame_of, is_within
from planner.siting.change_prices import unit_of_price
from planner.siting.departments.departments import department_of
from planner.siting.departments.duties import builtin_duties

if TYPE_CHECKING:
    from planner.analysis.assessment import Assessment
    from planner.plan.proposals.advice import Advice
    from planner.siting.costs import Costs

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
    "settle_way": "settle_way",
}
"""By action, the entry of the table of duties that says who must agree."""

_REMEDIES = {
    "open_internal": "open_internal",
    "link": "path",
    "longer_hours": "extend_hours",
    "hours_and_service": "extend_hours",
    "add_service": "add_service",
    "enlarge": "enlarge",
}


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
        Prices of what the advice has no price for, such as a scenario; those that ship where none
        are given.

    Raises
    ------
    InputError
        ``plan.nothing_proposed``, ``siting.other_currency``.
    """
    if isinstance(advice, gpd.GeoDataFrame) and "gap_id" in advice:
        made = [_of_gap(about, row) for row in advice.to_dict("records")]
    elif isinstance(advice, Sequence) and any(isinstance(each, Proposal) for each in advice):
        made = [each for each in advice if isinstance(each, Proposal)]
    else:
        taken = parts_of(advice, about, costs)
        parts = (_of_part(about.district, part, taken) for part in taken.parts)
        # each kind at one candidate may tell the whole of it as its own
        made = [within_place(each, about.district) for each in parts]
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
        replace(each, action="outreach", facility_id="", changes=(), known_by=kept_owners([each]))
        for each in drafts(gap, about)
    ]


def by_hand(
    about: Assessment, action: str, told: Described, costs: Costs | None = None
) -> Proposal:
    """Return the proposal of an action that somebody describes.

    Parameters
    ----------
    about
        The workspace that it is about.
    action
        One of :data:`planner.plan.proposals.changes.ACTIONS`.
    told
        What it needs to be told.
    costs
        Prices; those that ship where none are given.

    Raises
    ------
    InputError
        As :func:`planner.plan.proposals.by_hand.change_by_hand`; also where the change cannot be
        made to the workspace; ``plan.no_way_to_settle`` where no cycleway lies along the way of
        which it is open whether one may walk on it.
    """
    district = about.district
    steps = change_by_hand(district, action, told)
    check_places(district, action, told)
    if action == SETTLE_WAY:
        steps = _measured(district, steps)
    if steps:
        apply_scenario(district, Scenario("", steps, district.crs.to_string()))
        (made,) = drafts(steps, about, costs)
        own = replace(made, action=action, facility_id=told.facility_id, origin="hand")
        # what is told is priced, not what the data calls the way
        return replace(own, **list_price(own, about, costs)) if action in WAYS else own
    return Proposal(
        title=told.name,
        department=_department(district, "build", (told.kind,)),
        action=action,
        kinds=(told.kind,),
        crs=district.crs.to_string(),
        geometry=shapely.Point(told.x or 0.0, told.y or 0.0).wkb_hex.lower(),
        known_by=owner_marks(district, (told.kind,)),
        origin="hand",
    )


def _measured(district: District, steps: Sequence[Change]) -> tuple[Change, ...]:
    """Return ways to settle with the ends and the length of the cycleways that lie there.

    Raises
    ------
    InputError
        ``plan.no_way_to_settle``.
    """
    found = [as_settled(district, step) for step in steps if isinstance(step, changes.Connect)]
    ways = tuple(each for each in found if each is not None)
    if len(ways) < len(steps) or not crosses_as_told(district, SETTLE_WAY, ways):
        raise InputError("plan.no_way_to_settle")
    return ways


def check_places(district: District, action: str, told: Described) -> None:
    """Refuse a kind that is none, and coordinates far from the streets of the district."""
    if told.kind and told.kind not in district.kinds:
        known = ", ".join(district.kinds)
        raise InputError("corrections.unknown_kind", kind=told.kind, known=known)
    frame = frame_of(district)
    for x, y in ((told.x, told.y), (told.x2, told.y2)):
        if x is None or y is None or is_within(frame, x, y):
            continue
        where = dict(zip(("west", "south", "east", "north"), frame, strict=True))
        raise InputError(
            "plan.place_outside",
            action=action,
            x=x,
            y=y,
            crs=district.crs.to_string(),
            **{name: round(value) for name, value in where.items()},
        )


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


def told_by(scenario: Scenario, before: Proposal) -> dict[str, Any]:
    """Return the fields of a proposal that follow from other changes, without its district.

    What only the district knows, such as the place of a facility that is changed, stays as before.
    """
    steps = scenario.changes
    known = {**scenario.of, **kept_owners([before]), **kept_beside([before])}
    found: dict[str, Any] = {"crs": scenario.crs or before.crs, "known_by": known}
    kinds = [step.kind for step in steps if isinstance(step, changes.Open | changes.Convert)]
    if kinds:
        found["kinds"] = tuple(dict.fromkeys(kinds))
    for step in steps:
        if isinstance(step, changes.Connect):
            found["geometry"] = _digits(
                shapely.LineString([(step.x1, step.y1), (step.x2, step.y2)])
            )
        elif isinstance(step, changes.Open | changes.Move):
            found["geometry"] = _digits(shapely.Point(step.x, step.y))
        else:
            continue
        break
    return found


def _digits(shape: Any) -> str:
    return str(shape.wkb_hex).lower()


def as_kept(draft: Proposal, proposal_id: str) -> Proposal:
    """Return a draft under its id, its new facilities under ids that no other proposal gives."""
    return replace(draft, id=proposal_id, changes=with_own_ids(draft.changes, proposal_id))


def partners_of(proposal: Proposal) -> tuple[str, ...]:
    """Return the departments that must agree: those of other kinds, and those of the duty.

    Of what is turned into another kind that is also the department whose facility is taken away.
    Who answers for a kind is what the district says that it was proposed for.
    """
    name = DUTIES.get(proposal.action)
    others = builtin_duties().by_name[name].others if name else ()
    wanted = dict.fromkeys([*owners_of(proposal), *others])
    return tuple(each for each in wanted if each and each != proposal.department)


def _of_part(district: District, part: Part, of: Parts) -> Proposal:
    steps, prices = part.steps, of.costs
    unit = unit_of_price(district, steps, prices)
    # a sum in two units is none
    cost = None if unit is None else part.cost
    shape = shape_of(district, steps)
    crs = district.crs.to_string()
    marks = known_by(district, Scenario("", steps, crs)).of
    known = {**marks, **beside_marks(district, steps)}
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
        known_by=with_owners(known, district, (*kinds, *taken_by(known, steps))),
        crs=crs,
        geometry="" if shape is None else shape.wkb_hex.lower(),
        floor_area_m2=area_in(steps),
        cost=cost,
        currency="" if cost is None or unit is None else unit,
        cost_source="" if cost is None else price_source(district, steps, prices),
        origin=of.origin,
    )


def _of_gap(assessment: Assessment, gap: dict[Any, Any]) -> Proposal:
    """Return the proposal that a gap asks for, as far as the gap tells it."""
    district, kind = assessment.district, str(gap["kind"])
    action = _REMEDIES.get(str(gap["remedy"]), "build")
    if gap["remedy"] == "link" and gap.get("link_work"):
        action = way_action(str(gap["link_work"]))
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
        known_by=with_owners(known_by(district, Scenario("", steps, crs)).of, district, (kind,)),
        crs=crs,
        geometry=gap["geometry"].representative_point().wkb_hex.lower(),
        origin="gap",
    )


def _department(district: District, action: str, kinds: Sequence[str]) -> str:
    duties = builtin_duties()
    told = department_of(district, kinds[0], duties) if kinds else duties.by_name[DUTIES[action]].by
    return told if told in DEPARTMENTS else ""
