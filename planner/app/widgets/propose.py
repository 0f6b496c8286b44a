"""Propose next steps for the joint plan: told, and asked for where it has the same already."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import geopandas as gpd
import streamlit as st

from planner.analysis.assessment import Assessment
from planner.app.session import choices
from planner.app.session import plan as shared_plan
from planner.app.session.answers.costs import costs_of
from planner.app.session.context import Context
from planner.app.session.drafts.prices import own
from planner.app.session.errors import markdown, showing_errors
from planner.errors import InputError
from planner.plan.proposals import making
from planner.plan.proposals.proposal import Proposal
from planner.views.words.places import spots_of
from planner.views.words.plan.made_titles import with_title
from planner.views.words.plan.proposals import proposal_name, status_word, what_done

if TYPE_CHECKING:
    from planner.plan.proposals.advice import Advice

PAGE, CHOSEN = "plan", "proposal"
"""The page of the joint plan, and the choice of the proposal that it shows."""

MOST_SHOWN, LIST_HEIGHT = 6, 240
"""So many parts are listed at once, else in a box of this height, pixels."""

_TOLD = "planner_proposed"
"""Where a session keeps what was last proposed, or asked, and by which button."""


@dataclass(frozen=True)
class Offer:
    """What one button proposes.

    Parameters
    ----------
    name
        Of the button among those of its row.
    label
        Its words.
    icon
        Its sign.
    make
        Makes the drafts, once the button is pressed.
    """

    name: str
    label: str
    icon: str
    make: Callable[[], list[Proposal]]


@dataclass(frozen=True)
class _Told:
    """What became of a press: what is in the plan, what waits beside it, and whether it shall."""

    row: str
    what: str
    made: tuple[Proposal, ...] = ()
    asked: tuple[Proposal, ...] = ()
    others: tuple[Proposal, ...] = ()
    there: tuple[Proposal, ...] = ()
    still: bool = False


def of_advice(
    context: Context,
    advice: Advice,
    key: str,
    *,
    assessment: Assessment | None = None,
    origin: str = "",
) -> None:
    """Draw what proposes the parts of an advice: a button for one, a choice among several.

    Parameters
    ----------
    context
        Whose district it is.
    advice
        As of :meth:`planner.plan.Plan.propose`.
    key
        Name of the row on its page.
    assessment
        By what its figures are computed, where the advice does not tell.
    origin
        What it is made from, where the advice does not tell.
    """
    if not shared_plan.may_propose():
        return
    about = making.assessment_of(advice, assessment)
    try:
        made = making.drafts(advice, about, costs_of(own(context)))
    except InputError as error:
        if error.code != "plan.nothing_proposed":
            raise
        return
    drafts = titled(context, [replace(each, origin=origin or each.origin) for each in made])
    say, what = context.word, "\n".join(each.title for each in drafts)
    if len(drafts) == 1:
        offer = Offer("one", say("propose.one"), _ICON, lambda: drafts)
        row(context, about, [offer], key, what=what)
        return
    # told inside: what is open would hide it
    with st.popover(say("propose.several"), icon=f":material/{_ICON}:", key=f"{key}_propose"):
        st.markdown(say("propose.which"))
        # the button below stays in sight
        with st.container(height=LIST_HEIGHT if len(drafts) > MOST_SHOWN else "content"):
            chosen = [
                each
                for number, each in enumerate(drafts)
                if st.checkbox(
                    markdown(each.title), value=True, key=f"{key}_propose_{number}_{hash(what)}"
                )
            ]
        if st.button(
            say("propose.chosen", count=context.labels.number(len(chosen))),
            icon=f":material/{_ICON}:",
            key=f"{key}_propose_chosen",
            disabled=not chosen,
            help=say("propose.help"),
        ):
            _press(context, about, chosen, key, what)
        _tell(context, about, key, what)


_ICON = "playlist_add"


def row(
    context: Context,
    about: Assessment,
    offers: Sequence[Offer],
    key: str,
    *,
    what: str = "",
    heading: str = "",
) -> None:
    """Draw a row of buttons, each of which proposes something; nothing for who may not propose.

    Parameters
    ----------
    context
        Whose district it is.
    about
        By what figures are computed.
    offers
        The buttons.
    key
        Name of the row on its page.
    what
        What the row is about, such as the id of a gap: what became of a press is told there only.
    heading
        Words before the buttons.
    """
    if not shared_plan.may_propose():
        return
    pressed = None
    with st.container(
        horizontal=True, vertical_alignment="center", gap="small", key=f"{key}_propose_row"
    ):
        if heading:
            st.markdown(heading, width="content")
        for offer in offers:
            if st.button(
                offer.label,
                icon=f":material/{offer.icon}:",
                key=f"{key}_propose_{offer.name}",
                help=context.word("propose.help"),
            ):
                pressed = offer
    if pressed is not None:
        with showing_errors(context.labels):
            _press(context, about, titled(context, pressed.make()), key, what)
    _tell(context, about, key, what)


def titled(context: Context, drafts: Sequence[Proposal]) -> list[Proposal]:
    """Return drafts under titles that tell what is done, for which kinds, and where.

    They keep what the title is made of, so that each reader has it in the own language.
    """
    labels, district = context.labels, context.district()
    shapes = [each.shape for each in drafts if each.shape is not None]
    spots = iter(spots_of(district, gpd.GeoDataFrame(geometry=shapes, crs=district.crs)))
    return [
        with_title(
            labels,
            each,
            what_done(labels, each),
            None if each.shape is None else next(spots),
        )
        for each in drafts
    ]


def _press(
    context: Context, about: Assessment, drafts: Sequence[Proposal], key: str, what: str
) -> None:
    """Propose, or ask first where the plan has something of it already."""
    with showing_errors(context.labels), shared_plan.opened() as plan:
        there = plan.already(drafts, about, context.entry.id)
        found = {each.id: each for same in there for each in same}
        if found:
            others = tuple(each for each, same in zip(drafts, there, strict=True) if not same)
            told = _Told(key, what, asked=tuple(drafts), others=others, there=tuple(found.values()))
        else:
            told = _Told(key, what, made=_proposed(context, about, drafts))
        st.session_state[_TOLD] = told


def _proposed(
    context: Context, about: Assessment, drafts: Sequence[Proposal]
) -> tuple[Proposal, ...]:
    """Put drafts into the plan, with what each brings; all or none."""
    with st.spinner(context.word("propose.working")), shared_plan.opened() as plan:
        made = plan.propose(
            drafts,
            assessment=about,
            workspace=context.entry.id,
            department=plan.actor.department or None,
        )
    return tuple(made)


def _tell(context: Context, about: Assessment, key: str, what: str) -> None:
    """Draw what became of the last press of a row."""
    told: _Told | None = st.session_state.get(_TOLD)
    if told is None or (told.row, told.what) != (key, what):
        return
    if told.still:
        _forget()
        with showing_errors(context.labels):
            told = _Told(key, what, made=_proposed(context, about, told.asked))
            st.session_state[_TOLD] = told
    if told.made:
        _made(context, told)
    elif not told.still:
        _ask(context, told)


def _made(context: Context, told: _Told) -> None:
    say = context.word
    lines = [say("propose.made", count=context.labels.number(len(told.made)))]
    lines += [f"- {_line(context, each)}" for each in told.made]
    st.success("\n".join(lines), icon=":material/check_circle:")
    st.button(
        say("propose.to_plan"),
        icon=":material/arrow_forward:",
        key=f"{told.row}_propose_to_plan",
        on_click=_to_plan,
        args=(told.made,),
    )


def _to_plan(made: tuple[Proposal, ...]) -> None:
    """Go to the joint plan, to the proposal itself where it is one."""
    choices.choices()[CHOSEN] = made[0].id if len(made) == 1 else ""
    choices.go(PAGE)


def _ask(context: Context, told: _Told) -> None:
    say = context.word
    lines = [say("propose.there"), *(f"- {_line(context, each)}" for each in told.there)]
    st.warning("\n".join(lines), icon=":material/content_copy:")
    with st.container(horizontal=True, gap="small", key=f"{told.row}_propose_asked"):
        st.button(
            say("propose.still"),
            icon=f":material/{_ICON}:",
            key=f"{told.row}_propose_still",
            on_click=_still,
            args=(told,),
        )
        if told.others:
            st.button(
                say("propose.others", count=context.labels.number(len(told.others))),
                key=f"{told.row}_propose_others",
                on_click=_still,
                args=(replace(told, asked=told.others),),
            )
        st.button(say("propose.leave"), key=f"{told.row}_propose_leave", on_click=_forget)


def _still(told: _Told) -> None:
    st.session_state[_TOLD] = replace(told, still=True)


def _forget() -> None:
    st.session_state.pop(_TOLD, None)


def _line(context: Context, proposal: Proposal) -> str:
    """Return a proposal as a line: what, under which id, of which department, how far it is."""
    labels = context.labels
    return markdown(
        context.word(
            "propose.line",
            name=proposal_name(labels, proposal),
            id=proposal.id,
            department=labels.department(proposal.department)
            if proposal.department
            else context.word("plan_words.nobody"),
            status=status_word(labels, proposal),
        )
    )
