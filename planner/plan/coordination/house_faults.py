"""What hinders a house on its way to a decision: asked by each step, and told by the agenda."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from planner.errors import Finding
from planner.plan.coordination.houses import handed_in, houses_with, open_houses
from planner.plan.proposals.one_house import lacks_year, missing_kinds
from planner.plan.proposals.proposal import Proposal
from planner.plan.proposals.statuses import OPEN
from planner.plan.workflow.reviews import Case

STEPS = ("submit", "take_up", "approve", "reopen")
"""The steps of a house that turn on its parts."""

_NEXT = {"submitted": "take_up", "under_review": "approve"}


@dataclass(frozen=True)
class Hindered:
    """A house that was handed in and cannot take its next step.

    Parameters
    ----------
    case
        The house.
    faults
        What is to be done first.
    """

    case: Case
    faults: tuple[Finding, ...]


def house_faults(
    whole: Case, parts: Mapping[str, Case], others: Iterable[Proposal], step: str
) -> Iterator[Finding]:
    """Yield why a house cannot take a step, nothing for what is no house.

    Parameters
    ----------
    whole
        The house as it is, with what departments said.
    parts
        Its parts by id, as far as they are not put aside.
    others
        The open proposals of the plan, among which may be another house of the same parts.
    step
        One of :data:`STEPS`.
    """
    house = whole.proposal
    yield from odd_parts(house, {own: each.proposal for own, each in parts.items()}, others)
    if step == "reopen":
        return
    there = [parts[own] for own in house.made_of if own in parts]
    proposals = [each.proposal for each in there]
    yield from lost_kinds(house, proposals)
    yield from lost_year(house, proposals)
    yield from other_districts(house, proposals)
    for case in there if step == "approve" else ():
        if case.unanswered:
            names = dict.fromkeys(review.department for review in case.unanswered)
            told = {"id": case.proposal.id, "other": house.id, "departments": ", ".join(names)}
            yield Finding("plan.part_unanswered", told)
        if alone := _asked_of_part_alone(whole, case):
            told = {"id": case.proposal.id, "other": house.id, "departments": ", ".join(alone)}
            yield Finding("plan.part_asked", told)


def _asked_of_part_alone(whole: Case, part: Case) -> list[str]:
    """Return whose answer a part needs that were neither asked of its house nor spoke of it.

    An office that did not know of the house may have asked of the part. That an answer is waited
    for no longer on the house holds; that one is only wished for there does not.
    """
    needed = [each.department for each in part.consultations if each.need == "needed"]
    known = {"", whole.proposal.department, *whole.positions}
    asked = {each: whole.asked(each) for each in needed if each not in known}
    return [each for each, said in asked.items() if said is None or said.need == "wished"]


def odd_parts(
    house: Proposal, parts: Mapping[str, Proposal], others: Iterable[Proposal]
) -> Iterator[Finding]:
    """Yield the parts of a house that are not open any more, or are in another house too."""
    there = list(others)
    for own in house.made_of:
        told = {"id": own, "other": house.id}
        part = parts.get(own)
        if part is None or part.deleted:
            yield Finding("plan.part_put_aside", told)
        elif part.status not in OPEN:
            yield Finding("plan.part_ended", {**told, "status": part.status})
        for other in houses_with(own, there):
            if other.id != house.id:
                yield Finding("plan.combine_taken", {"id": own, "other": other.id})


def lost_kinds(house: Proposal, parts: Sequence[Proposal]) -> Iterator[Finding]:
    """Yield the parts of which a house does not build every kind."""
    for each in parts:
        if lost := missing_kinds(house, each):
            told = {"id": each.id, "other": house.id, "kinds": ", ".join(lost)}
            yield Finding("plan.house_lacks", told)


def lost_year(house: Proposal, parts: Sequence[Proposal]) -> Iterator[Finding]:
    """Yield that a house has no year, and a part of it has one: no limit would count it."""
    if lacks_year(house, parts):
        dated = [each.id for each in parts if each.year is not None]
        yield Finding("plan.house_year", {"id": house.id, "parts": ", ".join(dated)})


def other_districts(house: Proposal, parts: Sequence[Proposal]) -> Iterator[Finding]:
    """Yield the parts that are of another district by now: there it would count, and not here."""
    for each in parts:
        if each.workspace and house.workspace and each.workspace != house.workspace:
            told = {"id": each.id, "own": each.workspace, "given": house.workspace}
            yield Finding("plan.house_district", {**told, "other": house.id})


def hindered(cases: Sequence[Case]) -> list[Hindered]:
    """Return the houses handed in that cannot take their next step, in the order of houses.

    Parameters
    ----------
    cases
        Of the plan, as far as they are not put aside.
    """
    of = {case.proposal.id: case for case in cases}
    others = open_houses(case.proposal for case in cases)
    found = []
    for house in handed_in(others):
        parts = {own: of[own] for own in house.made_of if own in of}
        if faults := tuple(house_faults(of[house.id], parts, others, _NEXT[house.status])):
            found.append(Hindered(of[house.id], faults))
    return found
