"""Proposals that no longer fit the data of their district, told apart with the reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from planner.analysis.assessment import Assessment
from planner.district import Connect, District
from planner.district.scenarios.changes import apply_scenario
from planner.errors import Finding, InputError
from planner.plan.coordination.ways import way_faults
from planner.plan.proposals.figures import LeftOut
from planner.plan.proposals.listed import done_faults, listed_at, listed_fault
from planner.plan.proposals.proposal import Proposal
from planner.plan.proposals.together import together
from planner.plan.proposals.whereabouts import far_faults


@dataclass(frozen=True)
class Misfit:
    """A proposal that cannot be carried out on the data as they are.

    Parameters
    ----------
    proposal
        The proposal.
    reason
        Why: its facility is not there any more, is another by now, no street is near the end of its
        way, and the like; ``plan.way_in_data`` for a way that opened and that the streets have;
        ``plan.facility_in_data`` where the data list one of the kind at the place,
        ``plan.change_in_data`` where its facilities are by now as it would make them.
    """

    proposal: Proposal
    reason: Finding


def misfits(district: District, proposals: Sequence[Proposal]) -> list[Misfit]:
    """Return the proposals that cannot be carried out, each by itself.

    All are tried at once, and only where that fails in halves: as a rule all of them fit. Those
    about the same facility are tried alone, since what one opens or changes another may need.
    """
    left, odd = _joined(district, proposals)
    apart = _about_the_same(left)
    odd += _halved(district, [each for each in left if each.id not in apart])
    odd += [own for each in left if each.id in apart for own in _halved(district, [each])]
    place = {each.id: number for number, each in enumerate(proposals)}
    return sorted(odd, key=lambda each: place[each.proposal.id])


def _about_the_same(proposals: Sequence[Proposal]) -> set[str]:
    """Return the ids of the proposals that open or change a facility which another does too."""
    of: dict[str, set[str]] = {}
    for each in proposals:
        for step in each.changes:
            if not isinstance(step, Connect):
                of.setdefault(step.facility_id, set()).add(each.id)
    return {own for them in of.values() if len(them) > 1 for own in them}


def _halved(district: District, proposals: Sequence[Proposal]) -> list[Misfit]:
    if not proposals:
        return []
    try:
        apply_scenario(district, together(proposals[0].id, proposals))
    except InputError as error:
        if len(proposals) == 1:
            return [Misfit(proposals[0], Finding(error.code, error.params))]
        half = len(proposals) // 2
        return [*_halved(district, proposals[:half]), *_halved(district, proposals[half:])]
    return []


def carried_out(
    district: District, proposals: Sequence[Proposal]
) -> tuple[list[Proposal], list[Misfit]]:
    """Return the proposals that can be carried out one after another, and those that cannot.

    What changes a facility that an earlier one opens fits only after that one. A way that opened
    and that the streets have by now is no more to be carried out.
    """
    done: list[Proposal] = []
    left, odd = _joined(district, proposals)
    while left:
        fits = _fitting(district, done, left)
        done += left[:fits]
        if fits < len(left):
            odd.append(_misfit(district, done, left[fits]))
        left = left[fits + 1 :]
    return done, odd


def left_out(assessment: Assessment, before: Sequence[Proposal]) -> list[LeftOut]:
    """Return the decided proposals that cannot be carried out on the data as they are."""
    _, odd = carried_out(assessment.district, before)
    return [LeftOut(each.proposal.id, each.proposal.title, each.reason) for each in odd]


def _joined(
    district: District, proposals: Sequence[Proposal]
) -> tuple[list[Proposal], list[Misfit]]:
    """Return the proposals that are not in the data yet, as far as one sees, and the others.

    These are ways that do not count on the streets, facilities that the data list already, those
    that are by now as they are to become, and what lies far from the streets.
    """
    listed = map(listed_fault, listed_at(district, proposals))
    done, far = done_faults(district, proposals), far_faults(district, proposals)
    told_by = zip(way_faults(district, proposals), listed, done, far, strict=True)
    faults = [next(filter(None, each), None) for each in told_by]
    told = list(zip(proposals, faults, strict=True))
    odd = [Misfit(each, fault) for each, fault in told if fault is not None]
    return [each for each, fault in told if fault is None], odd


def _fitting(district: District, before: Sequence[Proposal], left: Sequence[Proposal]) -> int:
    """Return how many of the proposals left can be carried out one after another.

    As many as fit also fit with fewer: the first that does not is found by halving, in as many
    tries as its place has binary digits and not as there are proposals.
    """
    if _reason(district, before, left) is None:
        return len(left)
    fits, fails = 0, len(left)
    while fails - fits > 1:
        middle = (fits + fails) // 2
        if _reason(district, before, left[:middle]) is None:
            fits = middle
        else:
            fails = middle
    return fits


def _reason(
    district: District, before: Sequence[Proposal], then: Sequence[Proposal]
) -> InputError | None:
    try:
        apply_scenario(district, together(then[0].id, [*before, *then]))
    except InputError as error:
        return error
    return None


def _misfit(district: District, before: Sequence[Proposal], own: Proposal) -> Misfit:
    """Return why a proposal does not fit: of itself where it never would, else after others."""
    alone = _reason(district, [], [own]) if own.crs else None
    if alone is not None and alone.code == "district.scenario_crs":
        return Misfit(own, Finding(alone.code, alone.params))
    error = _reason(district, before, [own])
    assert error is not None, "it is the first that does not fit"
    return Misfit(own, Finding(error.code, _own(error, before)))


def _own(error: InputError, before: Sequence[Proposal]) -> dict[str, object]:
    """Return what an error tells, with the number of the change in its own proposal."""
    told = dict(error.params)
    number = told.get("number")
    if isinstance(number, int):
        told["number"] = number - sum(len(each.changes) for each in before)
    return told
