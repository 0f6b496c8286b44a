"""Which departments answer for the kinds of a proposal, as its district says.

Nobody has the district at hand when departments are asked: where it says otherwise than the table
that ships, the proposal keeps what it says.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from planner.district import District, builtin_kinds
from planner.district.kinds import DEPARTMENTS
from planner.district.scenarios.changes import known_by
from planner.plan.proposals.proposal import OWNER
from planner.siting.departments.departments import department_of
from planner.siting.departments.duties import builtin_duties

if TYPE_CHECKING:
    from planner.plan.proposals.proposal import Proposal

Marks = Mapping[str, Mapping[str, Any]]


def owner_marks(district: District, kinds: Iterable[str]) -> dict[str, dict[str, str]]:
    """Return who answers for kinds where a district says otherwise than the table that ships.

    Parameters
    ----------
    district
        The place; its own kinds, and whom its facilities name for those without a department.
    kinds
        Of these those are told for which a known department answers.
    """
    shipped, duties = builtin_kinds(), builtin_duties()
    found = {}
    for kind in kinds:
        told, known = department_of(district, kind, duties), shipped.get(kind)
        if told in DEPARTMENTS and (known is None or told != known.department):
            found[f"{OWNER}{kind}"] = {"department": told}
    return found


def kept_owners(proposals: Iterable[Proposal]) -> dict[str, dict[str, Any]]:
    """Return what proposals keep of who answers for kinds, without marks of facilities."""
    return {
        name: dict(marks)
        for each in proposals
        for name, marks in each.known_by.items()
        if name.startswith(OWNER)
    }


def with_owners(known_by: Marks, district: District, kinds: Iterable[str]) -> dict[str, Any]:
    """Return the marks of a proposal's facilities with who answers for its kinds by now."""
    own = {name: dict(each) for name, each in known_by.items() if not name.startswith(OWNER)}
    return own | owner_marks(district, kinds)


def known_anew(proposal: Proposal, district: District) -> dict[str, Any]:
    """Return the marks of a proposal's facilities, and who answers for its kinds, by the district.

    An edit has no district at hand: what it is about may be known by an id alone, and of kinds that
    it gives or takes away the district may know who answers for them.
    """
    marks: dict[str, Any] = {**known_by(district, proposal.scenario()).of, **proposal.known_by}
    told = replace(proposal, known_by=marks)
    return with_owners(marks, district, (*told.kinds, *told.kinds_taken))


def with_owners_of(proposal: Proposal, others: Iterable[Proposal]) -> Proposal:
    """Return a proposal with what others about its workspace keep of who answers for its kinds.

    What it keeps itself stays: it is for edits, which have no district at hand.
    """
    known = kept_owners(x for x in others if x.workspace == proposal.workspace)
    asked = [f"{OWNER}{kind}" for kind in (*proposal.kinds, *proposal.kinds_taken)]
    more = {name: known[name] for name in asked if name in known}
    if more.keys() <= proposal.known_by.keys():
        return proposal
    return replace(proposal, known_by={**more, **proposal.known_by})


def owners_of(proposal: Proposal) -> list[str]:
    """Return who answers for the kinds of a proposal, and for those that it takes away."""
    shipped = builtin_kinds()
    found = []
    for kind in (*proposal.kinds, *proposal.kinds_taken):
        known = shipped.get(kind)
        told = proposal.known_by.get(f"{OWNER}{kind}", {}).get("department", "")
        found.append(str(told) or (known.department if known else ""))
    return found
