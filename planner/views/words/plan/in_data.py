"""Whether the data have what a proposal does, in words: listed already, or opened and not there."""

from __future__ import annotations

from collections.abc import Sequence

from planner.district import District
from planner.errors import Finding
from planner.plan.proposals.listed import done_faults, gone, listed_at, listed_fault
from planner.plan.proposals.prices import site_fault
from planner.plan.proposals.proposal import Proposal
from planner.plan.proposals.statuses import DECIDED, OPEN
from planner.views.words.labels import Labels
from planner.views.words.plan.called import Called

MOST_GONE = 10
"""Proposals that are named of those whose facilities the data have not."""


def is_gone(district: District | None, proposal: Proposal) -> bool:
    """Whether a proposal opened and its data have not what it did; False without data."""
    opened = proposal.status == "opened" and not proposal.awaits_streets
    return district is not None and opened and bool(gone(district, [proposal]))


def listed_finding(district: District | None, proposal: Proposal) -> Finding | None:
    """Return that the data list already what a proposal is still to build; None where they do not.

    Parameters
    ----------
    district
        Its workspace as it is; None where that is not at hand.
    proposal
        One that ended, or has opened, is to build nothing any more.
    """
    if district is None or proposal.status not in (*OPEN, *DECIDED):
        return None
    return listed_fault(listed_at(district, [proposal])[0])


def done_finding(district: District | None, proposal: Proposal) -> Finding | None:
    """Return that facilities are by now what a proposal is still to make of them; None where not.

    Parameters
    ----------
    district, proposal
        As :func:`listed_finding`.
    """
    if district is None or proposal.status not in (*OPEN, *DECIDED):
        return None
    return done_faults(district, [proposal])[0]


def price_finding(district: District | None, proposal: Proposal) -> Finding | None:
    """Return that the data tell another price by now of the site of a proposal; None where not.

    Parameters
    ----------
    district, proposal
        As :func:`listed_finding`.
    """
    if district is None or proposal.status not in (*OPEN, *DECIDED):
        return None
    return site_fault(district, proposal)


def data_findings(district: District | None, proposal: Proposal) -> tuple[Finding, ...]:
    """Return what the data have of a proposal: what it builds or changes, or another price."""
    told = (
        listed_finding(district, proposal),
        done_finding(district, proposal),
        price_finding(district, proposal),
    )
    return tuple(each for each in told if each is not None)


def gone_sentence(
    labels: Labels, proposals: Sequence[Proposal], called: Called | None = None
) -> str:
    """Return which proposals opened by the plan and are not in the data; empty where all are."""
    if not proposals:
        return ""
    names = [(called or Called(labels)).within(each) for each in proposals[:MOST_GONE]]
    more = ["…"] if len(proposals) > MOST_GONE else []
    told = labels.text("; ").join([*names, *more])
    return labels.message("plan_words.opened_gone", count=labels.number(len(proposals)), names=told)
