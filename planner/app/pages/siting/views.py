"""The answer of the page Where to build, one view at a time."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import TypeVar

import pandas as pd
import streamlit as st

from planner.app.pages.siting.curves import gain_chart
from planner.app.session import background, choices
from planner.app.session.answers import proposals
from planner.app.session.answers.assessments import Question
from planner.app.session.answers.proposals import SiteQuestion
from planner.app.session.context import Context
from planner.app.session.errors import markdown
from planner.app.widgets import numbered_row, tables
from planner.siting.proposals.proposal import Proposal
from planner.views.maps.proposals import SITE
from planner.views.tables.siting import answers as answer_tables
from planner.views.tables.siting.proposals import (
    alternatives_table,
    curve_table,
    firm_table,
    sites_table,
)
from planner.views.words.places import brief_sites, named_place
from planner.views.words.siting import answers as words
from planner.views.words.siting.sought import of_curves

T = TypeVar("T")

YEARS = ("2", "3", "4", "5")
NAMES = {
    "sites": "siting.tab_sites",
    "why": "siting.tab_why",
    "before_after": "siting.tab_before_after",
    "curve": "siting.tab_curve",
    "money": "siting.tab_money",
    "phases": "siting.tab_phases",
    "alternatives": "siting.tab_alternatives",
    "firm": "siting.tab_firm",
    "links": "siting.tab_links",
}
"""Words for the views."""


def draw(
    context: Context, question: SiteQuestion, proposal: Proposal, buttons: Callable[[], None]
) -> bool:
    """Draw the choice of a view, and the view; only that one is computed.

    Returns whether it tells before and after, so that the map may show both.

    Parameters
    ----------
    buttons
        Draws what is done with the sites, beside the choice of the columns of their table.
    """
    say = context.word
    view = choices.pick("show", say("siting.show"), NAMES, "sites", lambda each: say(NAMES[each]))
    if view == "sites":
        numbered_row.draw(
            context,
            _sites(context, proposal),
            SITE,
            question,
            name="siting_sites",
            first=[say(f"siting.col_{name}") for name in ("rank", "site", "gained", "cost")],
            beside=buttons,
        )
        st.caption(say("siting.sites_note"))
        return False
    drawn = _VIEWS[view](context, question, proposal)
    return view == "before_after" and bool(drawn)


def _sites(context: Context, proposal: Proposal) -> pd.DataFrame:
    """Return the sites, each with its street beside its name: "Candidate site 044" is nowhere.

    A column of its own for the place would have no room beside the map.
    """
    labels, district = context.labels, proposal.assessment.district
    table = sites_table(proposal, labels.language)
    site, place = (context.word(f"siting.col_{name}") for name in ("site", "place"))
    if place in table:
        named = zip(table[site], table.pop(place), strict=True)
        table = table.assign(**{site: [named_place(*each, labels) for each in named]})
    return tables.briefly(context, table, site, brief_sites(proposal.sites, district, labels))


def worked_out(
    context: Context, make: Callable[..., T], question: Question, view: str, *more: Hashable
) -> T | None:
    """Return what a view shows, or draw that it is being worked out and return None."""
    words = context.word("plan_figures.view", view=view)
    return background.worked_out(context, make, question, *more, words=words)


def _why(context: Context, question: SiteQuestion, proposal: Proposal) -> None:
    why = worked_out(context, proposals.reasons, question, context.word(NAMES["why"]))
    if why is None:
        return
    sentences = words.reason_sentences(proposal, why, context.labels.language)
    if proposal.backup:
        people = context.labels.number(proposal.backed_up)
        sentences.append(context.word("siting.backed_up", people=people))
    with st.container(height=2 * tables.SHORT - 60):
        for sentence in sentences:
            st.markdown(markdown(sentence))


def _before_after(context: Context, question: SiteQuestion, _proposal: Proposal) -> bool:
    """Draw what changes; answers whether it is worked out."""
    change = worked_out(
        context, proposals.before_after, question, context.word(NAMES["before_after"])
    )
    if change is None:
        return False
    table = answer_tables.before_after_table(change, context.labels)
    tables.draw(context, table, "siting_change", height=2 * tables.SHORT - 100)
    st.caption(context.word("siting.before_after_note"))
    return True


def _curve(context: Context, question: SiteQuestion, proposal: Proposal) -> None:
    say = context.word
    curve = worked_out(context, proposals.coverage_curve, question, context.word(NAMES["curve"]))
    if curve is None:
        return
    names = {name: say(f"siting.col_{name}") for name in ("sites", "gained", "bound")}
    st.altair_chart(gain_chart(curve, "sites", "gained", "bound", names), width="stretch")
    tables.draw(context, curve_table(curve, context.labels), "siting_curve")
    st.caption(markdown(" ".join([say("siting.curve_note"), *of_curves(proposal, context.labels)])))


def _money(context: Context, question: SiteQuestion, proposal: Proposal) -> None:
    say = context.word
    curve = worked_out(context, proposals.budget_curve, question, context.word(NAMES["money"]))
    if curve is None:
        return
    names = {
        "budget": say("siting.col_budget"),
        "gained": say("siting.col_gained"),
        "bound": say("siting.col_bound"),
    }
    st.altair_chart(gain_chart(curve, "budget", "gained", "bound", names), width="stretch")
    tables.draw(context, answer_tables.money_table(curve, context.labels), "siting_money")
    st.caption(markdown(" ".join([say("siting.money_note"), *of_curves(proposal, context.labels)])))


def _phases(context: Context, question: SiteQuestion, proposal: Proposal) -> None:
    say = context.word
    years = choices.pick("years", say("siting.years"), YEARS, "3", str)
    if len(proposal.sites):
        table = worked_out(
            context, proposals.phases, question, context.word(NAMES["phases"]), int(years)
        )
        if table is None:
            return
        tables.draw(
            context,
            answer_tables.phase_table(proposal, table, context.labels.language),
            "siting_phases",
        )
    st.caption(say("siting.phases_note"))


def _alternatives(context: Context, question: SiteQuestion, proposal: Proposal) -> None:
    say = context.word
    swaps = worked_out(
        context, proposals.alternatives, question, context.word(NAMES["alternatives"])
    )
    if swaps is None:
        return
    if swaps.empty:
        st.info(say("siting.no_alternatives"), icon=":material/info:")
    else:
        tables.draw(
            context, alternatives_table(proposal, swaps, context.labels.language), "siting_swaps"
        )
    st.caption(say("siting.alternatives_note"))


def _firm(context: Context, question: SiteQuestion, proposal: Proposal) -> None:
    cases = worked_out(context, proposals.robustness, question, context.word(NAMES["firm"]))
    if cases is None:
        return
    table = firm_table(proposal, cases, context.labels.language)
    tables.draw(context, table, "siting_firm")
    st.caption(context.word("siting.firm_note"))


def _links(context: Context, question: SiteQuestion, proposal: Proposal) -> None:
    table, language = (
        worked_out(context, proposals.against_links, question, context.word(NAMES["links"])),
        context.labels.language,
    )
    if table is None:
        return
    st.markdown(markdown(words.against_sentence(proposal, table, language)))
    tables.draw(context, answer_tables.against_table(proposal, table, language), "siting_links")
    st.caption(context.word("siting.links_note"))


_VIEWS: dict[str, Callable[[Context, SiteQuestion, Proposal], bool | None]] = {
    "why": _why,
    "before_after": _before_after,
    "curve": _curve,
    "money": _money,
    "phases": _phases,
    "alternatives": _alternatives,
    "firm": _firm,
    "links": _links,
}
