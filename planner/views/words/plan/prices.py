"""What a proposal costs, in words, and what a price was given for that is of something else."""

from __future__ import annotations

from dataclasses import replace

from planner.analysis.distances.connections import drawn_off
from planner.district import Connect, District
from planner.plan.proposals.changes import crosses_as_told
from planner.plan.proposals.prices import is_listed
from planner.plan.proposals.proposal import Proposal
from planner.plan.workflow.reviews import Case
from planner.views.words.labels import Labels
from planner.views.words.plan.proposals import (
    cost_source_word,
    currency_word,
    departments_words,
    kinds_words,
    word,
)
from planner.views.words.plan.targets import money_range, price_word


def price_sentence(labels: Labels, proposal: Proposal) -> str:
    """Return what a proposal costs, and by whose word."""
    return labels.message(
        "plan_words.priced",
        cost=price_word(labels, proposal),
        currency=currency_word(labels, proposal.currency) or "–",
        source=cost_source_word(labels, proposal.cost_source) or "–",
    )


def way_sentence(labels: Labels, district: District, proposal: Proposal) -> str:
    """Return that a way does not cross in the data what it is to lead over; empty where it does."""
    if crosses_as_told(district, proposal.action, proposal.changes):
        return ""
    action = word(labels, "action", proposal.action)
    return labels.message("plan_words.way_crosses_other", action=action)


def off_sentences(labels: Labels, district: District, proposal: Proposal) -> list[str]:
    """Return that ways were drawn off the streets that they join, and how long they are walked."""
    if proposal.crs not in ("", district.crs.to_string()):
        return []
    called = proposal.title or proposal.id
    steps = [step for step in proposal.changes if isinstance(step, Connect)]
    ways = [replace(step, name=step.name or called) for step in steps]
    return [labels.finding(each) for each in drawn_off(district, ways)]


def former_price_sentence(labels: Labels, proposal: Proposal, priced: Proposal) -> str:
    """Return what a price was given for, and what is to be done about it.

    Parameters
    ----------
    labels
        The language.
    proposal
        As it is.
    priced
        As it was when it had its price, of :meth:`planner.plan.Plan.priced_as`.
    """
    action, kinds = word(labels, "action", priced.action), kinds_words(labels, priced.kinds)
    what = labels.message("plan_words.name", action=action, kinds=kinds) if kinds else action
    told: dict[str, object] = {"what": what, "version": priced.version}
    if proposal.cost is not None:
        by_list = "_listed" if is_listed(proposal.to_row()) else ""
        return labels.message(f"plan_words.price_former{by_list}", **told)
    assert priced.cost is not None, "it had a price then"
    most = priced.cost if priced.cost_high is None else priced.cost_high
    told["cost"] = money_range(labels, priced.cost, most, priced.currency)
    return labels.message("plan_words.price_forgotten", **told)


def anew_sentences(labels: Labels, before: Case, after: Case) -> list[str]:
    """Return what became of a price once a proposal was computed anew: none, or what it voids.

    Parameters
    ----------
    labels
        The language.
    before, after
        The proposal with what was said of it, as it was and as it is.
    """
    if after.proposal.cost is None:
        return [labels.message("plan_words.left_unpriced")] if after.proposal.changes else []
    said = [name for name, review in before.positions.items() if before.is_current(review)]
    now = after.positions
    voided = [name for name in said if name not in now or not after.is_current(now[name])]
    if not voided:
        return []
    departments = departments_words(labels, voided)
    return [labels.message("plan_words.price_voids", departments=departments)]
