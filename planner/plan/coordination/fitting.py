"""Proposals that no longer fit the data of their district, told apart with the reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from planner.district import District
from planner.district.scenarios.changes import apply_scenario
from planner.errors import Finding, InputError
from planner.plan.proposals.proposal import Proposal
from planner.plan.proposals.together import together


@dataclass(frozen=True)
class Misfit:
    """A proposal that cannot be carried out on the data as they are.

    Parameters
    ----------
    proposal
        The proposal.
    reason
        Why: its facility is not there any more, is another by now, and the like.
    """

    proposal: Proposal
    reason: Finding


def misfits(district: District, proposals: Sequence[Proposal]) -> list[Misfit]:
    """Return the proposals that cannot be carried out, each by itself.

    All are tried at once, and only where that fails in halves: as a rule all of them fit.
    """
    if not proposals:
        return []
    try:
        apply_scenario(district, together(proposals[0].id, proposals))
    except InputError as error:
        if len(proposals) == 1:
            return [Misfit(proposals[0], Finding(error.code, error.params))]
        half = len(proposals) // 2
        return [*misfits(district, proposals[:half]), *misfits(district, proposals[half:])]
    return []


def carried_out(
    district: District, proposals: Sequence[Proposal]
) -> tuple[list[Proposal], list[Misfit]]:
    """Return the proposals that can be carried out one after another, and those that cannot.

    They are tried together first, and only where that fails one by one on top of those before: what
    changes a facility that an earlier one opens fits only there.
    """
    try:
        apply_scenario(district, together("", proposals))
    except InputError:
        pass
    else:
        return list(proposals), []
    done: list[Proposal] = []
    odd: list[Misfit] = []
    for each in proposals:
        try:
            apply_scenario(district, together(each.id, [*done, each]))
        except InputError as error:
            odd.append(Misfit(each, Finding(error.code, _own(error, done))))
        else:
            done.append(each)
    return done, odd


def _own(error: InputError, before: Sequence[Proposal]) -> dict[str, object]:
    """Return what an error tells, with the number of the change in its own proposal."""
    told = dict(error.params)
    number = told.get("number")
    if isinstance(number, int):
        told["number"] = number - sum(len(each.changes) for each in before)
    return told
