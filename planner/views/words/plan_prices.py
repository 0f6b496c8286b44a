"""What a proposal costs, in words, and what a price was given for that is of something else."""

from __future__ import annotations

from planner.plan.proposals.prices import is_listed
from planner.plan.proposals.proposal import Proposal
from planner.views.words.labels import Labels
from planner.views.words.plan import cost_source_word, currency_word, kinds_words, word
from planner.views.words.targets import money_range, price_word


def price_sentence(labels: Labels, proposal: Proposal) -> str:
    """Return what a proposal costs, and by whose word."""
    return labels.message(
        "plan_words.priced",
        cost=price_word(labels, proposal),
        currency=currency_word(labels, proposal.currency) or "–",
        source=cost_source_word(labels, proposal.cost_source) or "–",
    )


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
