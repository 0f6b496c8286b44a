"""Decided proposals that are planned for a year by whose end they cannot be built as assumed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from planner.plan.proposals.proposal import Proposal
from planner.plan.targets.lead_times import SHORTENING, LeadTimes

Month = tuple[int, int]
"""A year, and a month of it."""


@dataclass(frozen=True)
class TooSoon:
    """A decided proposal that counts in a year before it is built.

    Parameters
    ----------
    proposal
        The proposal.
    counted
        The year in which it counts.
    approved
        Year and month of its approval.
    built
        The year by whose end it is built, by the months that are assumed.
    """

    proposal: Proposal
    counted: int
    approved: Month
    built: int


def too_soon(
    decided: Iterable[Proposal],
    approved: Mapping[str, Month],
    lead_times: LeadTimes,
    this_year: int,
) -> Iterator[TooSoon]:
    """Yield the proposals whose year is earlier than their approval and the time of building.

    Parameters
    ----------
    decided
        Proposals; those without a year, or of whose approval nothing is known, are left out.
    approved
        When each was approved, by id.
    lead_times
        How long building takes after that.
    this_year
        The year at hand: what is past its year counts as done by the end of this one.
    """
    for each in decided:
        if each.year is None or each.id not in approved or each.action not in SHORTENING:
            continue
        counted = max(each.year, this_year)
        built = lead_times.built_by(each.action, approved[each.id])
        if built > counted:
            yield TooSoon(each, counted, approved[each.id], built)
