"""The answer of the page Where to build, one view at a time."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import partial
from typing import TypeVar

import altair as alt
import pandas as pd
import streamlit as st

from planner.app.session import choices, siting_store, solving
from planner.app.session.context import Context
from planner.app.session.errors import markdown
from planner.app.session.siting_store import Asked
from planner.app.widgets.plan_files import TABLE_HEIGHT, rows
from planner.siting.proposals.proposal import Proposal
from planner.views.tables import answers as tables
from planner.views.tables.proposals import alternatives_table, curve_table, firm_table, sites_table
from planner.views.words import answers as words

T = TypeVar("T")

SHORT = 170
YEARS = ("2", "3", "4", "5")
NAMES = {
    "sites": "siting_words.tab_sites",
    "why": "site_answers.tab_why",
    "before_after": "site_answers.tab_before_after",
    "curve": "siting_words.tab_curve",
    "money": "site_answers.tab_money",
    "phases": "site_answers.tab_phases",
    "alternatives": "siting_words.tab_alternatives",
    "firm": "siting_words.tab_firm",
    "links": "site_answers.tab_links",
}
"""Words for the views."""


def show(context: Context, asked: Asked, proposal: Proposal, buttons: Callable[[], None]) -> None:
    """Draw the choice of a view, and the view; only that one is computed.

    Parameters
    ----------
    buttons
        Draws what stands below the table of the sites.
    """
    say = context.labels.message
    view = choices.pick(
        "show", say("site_answers.show"), NAMES, "sites", lambda each: say(NAMES[each])
    )
    if view == "sites":
        rows(sites_table(proposal, context.labels.language), "siting_sites")
        st.caption(say("siting_words.sites_note"))
        buttons()
        return
    _VIEWS[view](context, asked, proposal)


def made(
    context: Context, name: str, make: Callable[..., T], asked: Hashable, view: str, *more: Hashable
) -> T | None:
    """Return what a view shows, or draw that it is being worked out and return None."""
    told = context.word("plan_figures.view", view=view)
    return solving.worked_out(context, f"siting_{name}", make, asked, *more, words=told)


def _made(
    context: Context, view: str, make: Callable[..., T], asked: Asked, *more: Hashable
) -> T | None:
    return made(context, view, make, asked, context.labels.message(NAMES[view]), *more)


def chart(
    table: pd.DataFrame, across: str, gained: str, bound: str, names: dict[str, str]
) -> alt.LayerChart:
    """Return bars of residents gained under ticks of what is proven to be possible."""
    shown = table[[across, gained, bound]].rename(columns=names)
    x = alt.X(f"{names[across]}:O", axis=alt.Axis(labelAngle=0, format=",.0f"))
    base = alt.Chart(shown).encode(x=x).properties(height=SHORT)
    bars = base.mark_bar(color="#0f766e").encode(
        y=alt.Y(f"{names[gained]}:Q", title=names[gained]), tooltip=list(names.values())
    )
    limit = base.mark_tick(color="#b45309", thickness=2, size=26).encode(
        y=alt.Y(f"{names[bound]}:Q", title=names[gained])
    )
    layers: alt.LayerChart = bars + limit
    return layers


def _why(context: Context, asked: Asked, proposal: Proposal) -> None:
    why = _made(context, "why", siting_store.why, asked)
    if why is None:
        return
    told = words.reason_sentences(proposal, why, context.labels.language)
    if proposal.backup:
        people = context.labels.number(proposal.backed_up)
        told.append(context.labels.message("site_answers.backed_up", people=people))
    with st.container(height=2 * TABLE_HEIGHT - 60):
        for sentence in told:
            st.markdown(markdown(sentence))


def _before_after(context: Context, asked: Asked, _proposal: Proposal) -> None:
    change = _made(context, "before_after", siting_store.change, asked)
    if change is None:
        return
    table = tables.before_after_table(change, context.labels)
    rows(table, "siting_change", height=2 * TABLE_HEIGHT - 100)
    st.caption(context.labels.message("site_answers.before_after_note"))


def _curve(context: Context, asked: Asked, _proposal: Proposal) -> None:
    say = partial(_word, context)
    curve = _made(context, "curve", siting_store.curve, asked)
    if curve is None:
        return
    names = {name: say(f"col_{name}") for name in ("sites", "gained", "bound")}
    st.altair_chart(chart(curve, "sites", "gained", "bound", names), width="stretch")
    rows(curve_table(curve, context.labels), "siting_curve", SHORT)
    st.caption(say("curve_note"))


def _money(context: Context, asked: Asked, _proposal: Proposal) -> None:
    say = context.labels.message
    curve = _made(context, "money", siting_store.money, asked)
    if curve is None:
        return
    names = {
        "budget": say("site_answers.col_budget"),
        "gained": say("siting_words.col_gained"),
        "bound": say("siting_words.col_bound"),
    }
    st.altair_chart(chart(curve, "budget", "gained", "bound", names), width="stretch")
    rows(tables.money_table(curve, context.labels), "siting_money", SHORT)
    st.caption(say("site_answers.money_note"))


def _phases(context: Context, asked: Asked, proposal: Proposal) -> None:
    say = context.labels.message
    years = choices.pick("years", say("site_answers.years"), YEARS, "3", str)
    if len(proposal.sites):
        table = _made(context, "phases", siting_store.years, asked, int(years))
        if table is None:
            return
        rows(tables.phase_table(proposal, table, context.labels.language), "siting_phases")
    st.caption(say("site_answers.phases_note"))


def _alternatives(context: Context, asked: Asked, proposal: Proposal) -> None:
    say = partial(_word, context)
    swaps = _made(context, "alternatives", siting_store.alternatives, asked)
    if swaps is None:
        return
    if swaps.empty:
        st.info(say("no_alternatives"), icon=":material/info:")
    else:
        rows(alternatives_table(proposal, swaps, context.labels.language), "siting_swaps")
    st.caption(say("alternatives_note"))


def _firm(context: Context, asked: Asked, proposal: Proposal) -> None:
    cases = _made(context, "firm", siting_store.firm, asked)
    if cases is None:
        return
    table = firm_table(proposal, cases, context.labels.language)
    rows(table, "siting_firm")
    st.caption(_word(context, "firm_note"))


def _links(context: Context, asked: Asked, proposal: Proposal) -> None:
    table, language = _made(context, "links", siting_store.links, asked), context.labels.language
    if table is None:
        return
    st.markdown(markdown(words.against_sentence(proposal, table, language)))
    rows(tables.against_table(proposal, table, language), "siting_links")
    st.caption(context.labels.message("site_answers.links_note"))


def _word(context: Context, code: str) -> str:
    return context.labels.message(f"siting_words.{code}")


_VIEWS: dict[str, Callable[[Context, Asked, Proposal], None]] = {
    "why": _why,
    "before_after": _before_after,
    "curve": _curve,
    "money": _money,
    "phases": _phases,
    "alternatives": _alternatives,
    "firm": _firm,
    "links": _links,
}
