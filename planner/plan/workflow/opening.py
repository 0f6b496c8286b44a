"""A proposal that opened becomes part of the data: corrections of facilities, with their source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from planner.district import Connect, District, Scenario
from planner.district.corrections.applied import apply_corrections
from planner.district.corrections.corrections import Correction, Corrections, Value
from planner.district.corrections.steps import add, edit, values_of
from planner.district.scenarios.changes import apply_scenario
from planner.errors import InputError
from planner.plan.proposals.listed import listed_at, listed_fault
from planner.plan.proposals.proposal import Proposal
from planner.sources import read_district
from planner.sources.corrections import change_corrections, read_corrections

LISTED = ("", "same", "another")
"""What may be said of a facility that the data list where one of its kind opened; nothing first."""


def correct_workspace(
    proposal: Proposal,
    workspace: Path,
    source: str,
    at: str,
    departments: Mapping[str, str] | None = None,
    listed: str = "",
) -> tuple[Correction, ...]:
    """Put what opened into the corrections beside a workspace, once.

    Parameters
    ----------
    proposal
        What opened.
    workspace
        The workspace.
    source
        By what that is known; the id of the proposal is put behind it.
    at
        When, ISO 8601.
    departments
        Whose a room of a kind is, where it is another's than the proposal's: in a house of several.
    listed
        Of facilities of the kind that the data list at the place: ``"same"`` where they are what
        opened, which is not added then; ``"another"`` where they are not. Refused without it.

    Returns
    -------
    tuple of Correction
        Those that are new; none where they are there, or where only ways were opened: the streets
        of a workspace are brought up to date from a newer file.

    Raises
    ------
    OtherCorrectionsError
        Where somebody else corrects the workspace at the same time.
    InputError
        Where a change cannot be made to the workspace as it is by now; ``plan.opened_listed`` where
        the data list one of the kind at the place; ``plan.bad_value``.
    """
    if listed not in LISTED:
        raise InputError("plan.bad_value", field="listed", value=ascii(listed[:40]))
    kept = read_corrections(workspace)
    district = read_district(workspace)
    if is_in(district, proposal):
        return ()
    (there,) = listed_at(district, [proposal])
    if (fault := listed_fault(there, "plan.opened_listed")) and not listed:
        raise InputError(fault.code, id=proposal.id, **fault.params)
    # what the list has already is not added beside it
    known = [each.step for each in there] if listed == "same" else []
    left = [step for step in proposal.changes if step not in known]
    opening = replace(proposal, changes=tuple(left))
    steps = corrections_of(opening, district, source, at, departments)
    crs = district.crs.to_string()
    if steps:
        change_corrections(
            workspace, kept.sign, lambda now: Corrections(now.steps, now.undone, crs).do(*steps)
        )
    return steps


def is_in(district: District, proposal: Proposal) -> bool:
    """Whether facilities of a district say that they are those of a proposal."""
    told = district.facilities["source"].astype(str)
    return bool(told.str.contains(f"({proposal.id})", regex=False).any())


def corrections_of(
    proposal: Proposal,
    district: District,
    source: str,
    at: str,
    departments: Mapping[str, str] | None = None,
) -> tuple[Correction, ...]:
    """Return the corrections that make a district what it is once a proposal opened.

    They are what the proposal's changes do to the facilities, so that one rule says what a change
    does, whether it is proposed or true.
    """
    changes = [step for step in proposal.changes if not isinstance(step, Connect)]
    scenario = Scenario(proposal.id, changes, proposal.crs, proposal.known_by)
    after = apply_scenario(district, scenario)
    known, whose = set(district.facilities["facility_id"]), departments or {}
    found: list[Correction] = []
    by_now = district
    for own in dict.fromkeys(step.facility_id for step in changes):
        new = values_of(after, own)
        step = (
            edit(by_now, own, _different(values_of(by_now, own), new), at)
            if own in known
            else add(by_now, _told(new, whose.get(str(new["kind"]), proposal.department)), at)
        )
        if step is not None:
            found.append(replace(step, source=f"{source} ({proposal.id})"))
            made = Corrections((found[-1],), crs=district.crs.to_string())
            by_now = apply_corrections(by_now, made)
    return tuple(found)


def _different(old: dict[str, Value], new: dict[str, Value]) -> dict[str, Value]:
    return {name: value for name, value in new.items() if value != old[name]}


def _told(new: dict[str, Value], department: str) -> dict[str, Value]:
    values = {name: value for name, value in new.items() if value not in (None, "")}
    return {"department": department, **values}
