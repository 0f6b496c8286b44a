"""Proposed sites in sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.views.words.labels import Labels
from planner.views.words.money import money
from planner.views.words.ranges import proposal_rows, spread_words, unsure
from planner.views.words.siting.prices import answer_labels, price_notes, priced_by_list
from planner.views.words.siting.sought import sought

if TYPE_CHECKING:
    from planner.siting.proposals.proposal import Proposal


def proof(proposal: Proposal, labels: Labels) -> str:
    """Return in words how far the answer is from the best possible."""
    places = labels.number(len(proposal.candidates))
    # without the budget another choice may well be better
    within = "" if proposal.options.budget is None else "_budget"
    # and by another aim or without what was set beforehand
    within = f"{within}_sought" if sought(proposal, labels) else within
    if proposal.optimal:
        return labels.message(f"siting.proof_optimal{within}", places=places)
    gap = labels.percent(proposal.gap, 2)
    return labels.message(f"siting.proof_gap{within}", gap=gap, places=places)


def site_prices(proposal: Proposal, labels: Labels) -> list[str]:
    """Return what must be known of the prices of the sites: whose they are, whether verified."""
    told = priced_by_list(proposal.assessment.district)
    rows = proposal.sites
    own = (rows["origin"] == "candidates") & rows["site_id"].isin(told)
    return price_notes(own.to_numpy(dtype=bool), proposal.costs, labels)


def spending(proposal: Proposal, labels: Labels) -> list[str]:
    """Return what the sites cost together, and who decided how many there are."""
    sites, budget = labels.number(len(proposal.sites)), proposal.options.budget
    cost = labels.message("siting.sites_cost", sites=sites, cost=money(proposal.cost, labels))
    if proposal.goal == "everyone":
        return [cost, labels.message("siting.count_found")]
    if budget is not None:
        return [cost, labels.message("siting.count_budget", budget=money(budget, labels))]
    return [cost, labels.message("siting.count_asked")]


def remarks(proposal: Proposal, labels: Labels) -> list[str]:
    """Return what must be known of the figures of sites, beside what they bring and the proof."""
    own = proposal.assessment.district.kinds
    return [*_ranges(proposal, labels), *(labels.finding(each, own) for each in proposal.findings)]


def _ranges(proposal: Proposal, labels: Labels) -> list[str]:
    """Return which figures are not sure, and by how much."""
    return [
        *unsure(proposal.gained_unsure, proposal_rows(proposal), labels),
        *spread_words(proposal.assessment, proposal.group, labels, (proposal.kind,)),
    ]


def answer(proposal: Proposal, language: str = "en") -> list[str]:
    """Return the answer in sentences: who is gained, the coverage before and after, the proof."""
    labels = answer_labels(proposal, language)
    before, after = proposal_rows(proposal)
    kind = labels.kind(proposal.kind, proposal.assessment.district.kinds)
    return [
        labels.message(
            "siting.answer",
            sites=labels.number(len(proposal.sites)),
            gained=labels.count(
                proposal.assessment.district.shown_count(proposal.group, proposal.gained)
            ),
            limit=labels.metres(proposal.limit_m),
        ),
        labels.message(
            "siting.after",
            kind=kind,
            before=labels.rate(before),
            after=labels.rate(after),
        ),
        *_ranges(proposal, labels),
        *sought(proposal, labels),
        proof(proposal, labels),
        *(labels.finding(each, proposal.assessment.district.kinds) for each in proposal.findings),
    ]
