"""One house for several proposals: made of a line of the agenda, or of a proposal's card."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from planner.analysis.assessment import Assessment
from planner.app.pages.plan import steps
from planner.app.session import choices
from planner.app.session.answers.costs import costs_of
from planner.app.session.context import Context
from planner.app.session.drafts.prices import own
from planner.app.session.errors import markdown
from planner.errors import InputError
from planner.plan.plan import Plan
from planner.plan.proposals.one_house import check_combinable, with_place
from planner.plan.proposals.proposal import Proposal
from planner.plan.proposals.statuses import OPEN
from planner.plan.queries import Wanted
from planner.plan.workflow.guards import may
from planner.views.words.plan.proposals import house_sentences, proposal_name

PROPOSAL, PART = "proposal", "plan_part"
"""Names in the address: which proposal is open, and which part of the page."""


BEST = ""
"""What stands for the place where all bring most together."""


def button(
    context: Context, result: Assessment, plan: Plan, singles: Sequence[Proposal], key: str
) -> None:
    """Draw what makes one house of proposals, for who may and where it can be made."""
    if not _can(plan, singles, _open(context, plan)):
        return
    label = context.word("app_plan.combine_with")
    with st.popover(label, icon=":material/domain_add:", key=key):
        _offer(context, result, plan, singles, key)


def _offer(
    context: Context, result: Assessment, plan: Plan, singles: Sequence[Proposal], key: str
) -> None:
    """Draw the choice of the place, once there are two, and the button that makes the house."""
    named = {each.id: _name(context, each) for each in with_place(singles)}
    best = context.word("app_plan.combine_best")
    site = BEST
    if len(singles) > 1 and named:
        site = st.selectbox(
            context.word("app_plan.combine_site"),
            [BEST, *named],
            format_func=lambda own: named.get(own, best),
            # of other proposals it is another choice
            key=f"{key}_site_{'_'.join(named)}",
        )
    st.caption(context.word("app_plan.combine_help"))
    # no callback: it would take what was chosen when the button was drawn, and not what is chosen
    if st.button(context.word("app_plan.combine"), type="primary", key=f"{key}_make"):
        _make(context, result, plan, singles, site)
        st.rerun()


def draw(
    context: Context, result: Assessment, plan: Plan, seen: Proposal, proposal: Proposal
) -> None:
    """Draw what a house is made of, or in which a proposal is; and offer to make one of it.

    Parameters
    ----------
    context, result, plan
        The page's.
    seen, proposal
        The proposal as it was drawn last, of which a house is made, and as it is.
    """
    parts = plan.parts_of(proposal)
    house = plan.house_about(proposal)
    rivals = plan.rivals_of(proposal)
    for told in house_sentences(context.labels, proposal, parts, house, rivals):
        st.markdown(markdown(told))
    # of several houses the first is among them
    linked = {each.id: each for each in (*parts, *([] if house is None else [house]), *rivals)}
    if linked:
        with st.container(horizontal=True):
            for each in linked.values():
                st.button(
                    markdown(context.word("app_plan.open_proposal", name=_name(context, each))),
                    key=f"plan_open_{each.id}",
                    icon=":material/open_in_new:",
                    on_click=_open_card,
                    args=(each.id,),
                )
    others = _open(context, plan)
    fitting = {
        each.id: each
        for each in others
        if each.id != proposal.id and _can(plan, [proposal, each], others)
    }
    if fitting:
        _choose(context, result, plan, seen, fitting)


def _choose(
    context: Context,
    result: Assessment,
    plan: Plan,
    seen: Proposal,
    fitting: dict[str, Proposal],
) -> None:
    label = context.word("app_plan.combine_with")
    with st.popover(label, icon=":material/domain_add:", key="plan_combine"):
        chosen = st.multiselect(
            context.word("app_plan.combine_pick"),
            list(fitting),
            format_func=lambda own: _name(context, fitting[own]),
            key="plan_combine_with",
            placeholder=context.word("app.choose"),
        )
        singles = [seen, *(fitting[own] for own in chosen)]
        _offer(context, result, plan, singles, "plan_combine")


def _make(
    context: Context, result: Assessment, plan: Plan, singles: Sequence[Proposal], site: str
) -> None:
    """Make the house and open its card, or say why it was refused."""
    about, prices = context.entry.id, costs_of(own(context))

    def work() -> None:
        made = plan.combine(singles, result, about, site=site or None, costs=prices)
        _open_card(made.id)

    steps.attempt(work, "combine")


def _open_card(proposal_id: str) -> None:
    choices.choices()[PART] = "proposals"
    choices.choices()[PROPOSAL] = proposal_id


def _open(context: Context, plan: Plan) -> list[Proposal]:
    return plan.proposals(Wanted(status=OPEN, workspace=context.entry.id))


def _can(plan: Plan, singles: Sequence[Proposal], others: Sequence[Proposal]) -> bool:
    """Whether this person may make a house of proposals, by the guards that the plan keeps."""
    roles = ("planner", "administrator")
    if not any(may(plan.actor, roles, each.department) for each in singles):
        return False
    try:
        check_combinable(singles, others)
    except InputError:
        return False
    return True


def _name(context: Context, proposal: Proposal) -> str:
    return f"{proposal_name(context.labels, proposal)} ({proposal.id})"
