"""What departments say of a proposal, what they are asked and answered, remarks and documents."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

import streamlit as st

from planner.app.pages.plan.steps import MOST_TEXT, attempt
from planner.app.session.context import Context
from planner.app.session.errors import markdown
from planner.district.kinds import DEPARTMENTS
from planner.errors import InputError
from planner.plan.plan import Plan
from planner.plan.proposals.proposal import Proposal
from planner.plan.workflow import guards
from planner.plan.workflow.reviews import Case
from planner.plan.workflow.steps import NEEDS, POSITIONS
from planner.views.words.plan.proposals import asked_sentences, review_sentence, word

ANYBODY = ("planner", "reviewer", "approver", "administrator")


def draw(context: Context, plan: Plan, case: Case, seen: Proposal) -> None:
    """Draw what was said, and the boxes in which this person may say something."""
    labels = context.labels
    reviews = [review_sentence(labels, case, each) for each in case.reviews]
    _list(context, "reviews", reviews)
    _answers(context, plan, case)
    _review(context, plan, case, seen)
    _list(context, "asked", asked_sentences(labels, case))
    _ask(context, plan, case)
    comments = [
        labels.message(
            "plan_words.comment_row", by=each.by, at=labels.date(each.at[:10]), text=each.text
        )
        for each in case.comments
    ]
    _list(context, "comments", comments)
    documents = [
        labels.message("plan_words.document_row", title=each.title, link=each.link)
        for each in case.documents
    ]
    _list(context, "documents", documents)
    if guards.may(plan.actor, ANYBODY, plan.actor.department):
        _remark(context, plan, case)


def _list(context: Context, name: str, lines: Iterable[str]) -> None:
    told = [f"- {markdown(line)}" for line in lines]
    if told:
        title = context.labels.message(f"plan_words.title_{name}")
        st.markdown(f"**{title}**\n" + "\n".join(told))


def _may(plan: Plan, case: Case, department: str) -> bool:
    """Whether this person may review for a department now, by the guard that the plan keeps."""
    try:
        guards.check_review(plan.actor, case.proposal, department)
    except InputError:
        return False
    return True


def _review(context: Context, plan: Plan, case: Case, seen: Proposal) -> None:
    """Draw the form in which a department supports, objects or asks for a change."""
    labels = context.labels
    departments = [each for each in DEPARTMENTS if _may(plan, case, each)]
    if not departments:
        return
    # who may speak for several means, as a rule, the one that is waited for
    waiting = {each.department for each in case.waiting_for}
    departments.sort(key=lambda each: each not in waiting)
    with st.popover(context.word("app_plan.review"), icon=":material/rate_review:", key="plan_say"):
        with st.form("plan_review", border=False):
            department = st.selectbox(
                context.word("app_plan.for_whom"), departments, format_func=labels.department
            )
            position = st.radio(
                context.word("app_plan.position"),
                POSITIONS,
                format_func=partial(word, labels, "position"),
                horizontal=True,
            )
            reason = st.text_area(context.word("app_plan.why"), max_chars=MOST_TEXT, height=80)
            sent = st.form_submit_button(context.word("app_plan.send"), type="primary")
        if sent:
            work = partial(plan.review, seen, position, reason, department)
            attempt(work, "review")
            st.rerun()


def _answers(context: Context, plan: Plan, case: Case) -> None:
    """Draw a box for the answer to each objection that has none, for who proposes."""
    own = case.proposal
    # an objection to a part of a house holds the house up, also where the part was sent back
    looked_at = own.status in ("submitted", "under_review")
    in_house = own.status == "draft" and plan.house_of(own) is not None
    answers = (looked_at or in_house or case.objected_late) and not own.deleted
    if not answers or not guards.may(plan.actor, ("planner", "administrator"), own.department):
        return
    for review in case.unanswered:
        name = context.labels.department(review.department)
        label = context.word("app_plan.answer", department=name)
        with st.popover(label, icon=":material/reply:", key=f"plan_answer_{review.id}"):
            with st.form(f"plan_answer_form_{review.id}", border=False):
                st.markdown(markdown(review.reason))
                text = st.text_area(
                    context.word("app_plan.your_answer"), max_chars=MOST_TEXT, height=80
                )
                sent = st.form_submit_button(context.word("app_plan.send"), type="primary")
            if sent:
                attempt(partial(plan.answer, review, text), "answer")
                st.rerun()


def _ask(context: Context, plan: Plan, case: Case) -> None:
    """Draw the form in which a department is asked for its view."""
    labels, own = context.labels, case.proposal
    roles = ("planner", "approver", "administrator")
    if own.deleted or not guards.may(plan.actor, roles, own.department):
        return
    with st.popover(
        context.word("app_plan.ask"), icon=":material/contact_support:", key="plan_ask"
    ):
        with st.form("plan_consult", border=False):
            department = st.selectbox(
                labels.message("plan_words.col_department"),
                list(DEPARTMENTS),
                format_func=labels.department,
            )
            need = st.radio(
                context.word("app_plan.need"),
                NEEDS,
                format_func=partial(word, labels, "need"),
                horizontal=True,
            )
            label = context.word("app_plan.due")
            due = st.date_input(label, value=None, min_value="today", format="YYYY-MM-DD")
            note = st.text_input(context.word("app_plan.ask_note"), max_chars=MOST_TEXT)
            why = st.text_input(context.word("app_plan.why_less"), max_chars=MOST_TEXT)
            sent = st.form_submit_button(context.word("app_plan.send"), type="primary")
        if sent:
            until = due.isoformat() if due else ""
            work = partial(plan.consult, own.id, department, need, until, note, why=why)
            attempt(work, "consult")
            st.rerun()


def _remark(context: Context, plan: Plan, case: Case) -> None:
    """Draw the forms for a remark that everybody sees, and for the link of a document."""
    own = case.proposal
    with st.container(horizontal=True):
        label = context.word("app_plan.comment")
        with st.popover(label, icon=":material/chat:", key="plan_remark"):
            with st.form("plan_comment", border=False):
                text = st.text_area(context.word("app_plan.remark"), max_chars=MOST_TEXT, height=80)
                sent = st.form_submit_button(context.word("app_plan.send"), type="primary")
            if sent:
                attempt(partial(plan.comment, own.id, text), "comment")
                st.rerun()
        label = context.word("app_plan.document")
        with st.popover(label, icon=":material/attach_file:", key="plan_attach"):
            with st.form("plan_document", border=False):
                title = st.text_input(context.word("app_plan.document_title"), max_chars=200)
                link = st.text_input(context.word("app_plan.document_link"), max_chars=MOST_TEXT)
                sent = st.form_submit_button(context.word("app_plan.send"), type="primary")
            if sent:
                attempt(partial(plan.document, own.id, title, link), "document")
                st.rerun()
