"""Proposed sites in sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.views.words.labels import Labels
from planner.views.words.prices import unverified
from planner.views.words.ranges import proposal_rows, unsure

if TYPE_CHECKING:
    from planner.siting.proposals.proposal import Proposal


def proof(proposal: Proposal, labels: Labels) -> str:
    """Return in words how far the answer is from the best possible."""
    places = labels.number(len(proposal.candidates))
    if proposal.optimal:
        return labels.message("siting.proof_optimal", places=places)
    gap = labels.percent(proposal.gap, 2)
    return labels.message("siting.proof_gap", gap=gap, places=places)


def price_notes(proposal: Proposal, labels: Labels) -> list[str]:
    """Return what must be known of the prices of the sites: whose they are, whether verified."""
    listed = proposal.assessment.district.candidates
    told = set(listed.loc[listed["cost"].notna(), "candidate_id"])
    rows = proposal.sites
    own = (rows["origin"] == "candidates") & rows["site_id"].isin(told)
    notes = [labels.message("siting.own_costs")] if own.any() else []
    return notes if own.all() else [*notes, *unverified(proposal.costs, labels)]


def answer(proposal: Proposal, language: str = "en") -> list[str]:
    """Return the answer in sentences: who is gained, the coverage before and after, the proof."""
    labels = Labels.of(proposal.assessment, language, proposal.group)
    before, after = proposal_rows(proposal)
    kind = labels.kind(proposal.kind, proposal.assessment.district.kinds)
    return [
        labels.message(
            "siting.answer",
            sites=labels.number(len(proposal.sites)),
            gained=labels.number(proposal.gained),
            limit=labels.metres(proposal.limit_m),
        ),
        labels.message(
            "siting.after",
            kind=kind,
            before=labels.rate(before),
            after=labels.rate(after),
        ),
        *unsure(proposal.gained_unsure, *proposal.counts(), float(proposal.people.sum()), labels),
        proof(proposal, labels),
        *(labels.finding(each, proposal.assessment.district.kinds) for each in proposal.findings),
    ]
