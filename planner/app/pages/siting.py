"""Where to build: a question in plain words, sites on the map, the proof of how good they are."""

from __future__ import annotations

import tempfile
from functools import partial
from pathlib import Path
from typing import Any

import altair as alt
import pandas as pd
import streamlit as st

from planner.analysis.assessment import Assessment
from planner.app import components, desk, mapview, siting_store, state
from planner.app.context import Context
from planner.app.errors import markdown, told
from planner.app.loading import loaded
from planner.app.mapview import Pane
from planner.app.sheet import sheet
from planner.app.siting_store import PLACES, Asked
from planner.errors import Finding
from planner.siting.proposals import Proposal
from planner.siting.tasks import OBJECTIVES, Objective
from planner.views.exports import write_csv
from planner.views.maps import facility_group
from planner.views.proposals import (
    alternatives_table,
    answer,
    curve_table,
    firm_table,
    proposal_groups,
    scenario,
    shares,
    sites_table,
    write_sites,
)

MOST_SITES = 10
TABLE_HEIGHT = 250


def page(context: Context) -> None:
    """Draw the page."""
    _view(context, loaded(context))


@st.fragment
def _view(context: Context, result: Assessment) -> None:
    """Draw it, telling here what goes wrong, since a fragment runs again by itself."""
    with told(context.labels):
        _draw(context, result)


def _draw(context: Context, result: Assessment) -> None:
    title, kind_box, group_box = st.columns([5, 3.4, 2.4], vertical_alignment="bottom")
    with title:
        components.heading(context, result.district)
    with kind_box:
        kind = _kind(context, result)
    with group_box:
        group = components.pick_group(context, result)
    objective, count, places, budget = _question(context)
    components.refusals(context)
    state.write_address()
    asked = Asked(context.entry, context.standard, kind, group, objective, count, places, budget)
    with st.spinner(_say(context, "searching"), show_time=True):
        proposal = siting_store.proposal(asked)
    _figures(context, proposal, group)
    st.markdown(" ".join(markdown(sentence) for sentence in answer(proposal, _language(context))))
    left, right = st.columns([8, 6])
    with left:
        _map(context, result, proposal, kind)
    with right:
        _tables(context, asked, proposal)
    st.caption(_say(context, "unverified_costs"))
    components.notes(context, result, kind)


def _say(context: Context, code: str, **params: object) -> str:
    return context.labels.message(f"siting_words.{code}", **params)


def _language(context: Context) -> str:
    return context.labels.language


def _kind(context: Context, result: Assessment) -> str:
    judged = result.judged_kinds
    return state.pick(
        "kind",
        _say(context, "kind"),
        judged,
        "clinic" if "clinic" in judged else judged[0],
        lambda kind: context.labels.kind(kind, result.district.kinds),
    )


def _question(context: Context) -> tuple[Objective, int, str, float]:
    """Draw the boxes of the question: objective, number of sites, places and budget."""
    say = partial(_say, context)
    boxes = st.columns([3.4, 1.8, 3.6, 2], vertical_alignment="bottom")
    with boxes[0]:
        chosen = state.pick(
            "objective",
            say("objective"),
            OBJECTIVES,
            OBJECTIVES[0],
            lambda each: say(f"objective_{each}"),
            help=say("objective_help"),
        )
    objective = next(each for each in OBJECTIVES if each == chosen)
    with boxes[1]:
        counts = [str(number) for number in range(1, MOST_SITES + 1)]
        count = int(state.pick("sites", say("count"), counts, "3", str))
    with boxes[2]:
        places = state.pick(
            "places", say("where"), PLACES, "listed", lambda each: say(f"choice_{each}")
        )
    with boxes[3]:
        budget = _budget(context)
    return objective, 0 if objective == "everyone" else count, places, budget


def _budget(context: Context) -> float:
    """Draw the box of the budget; the address carries it."""
    text = state.own("budget")
    try:
        kept = max(float(text or 0), 0.0)
    except ValueError:
        kept = 0.0
    st.session_state["siting_budget"] = kept

    def take() -> None:
        state.choices()["budget"] = f"{st.session_state['siting_budget']:g}"

    st.number_input(
        _say(context, "budget"),
        min_value=0.0,
        step=50.0,
        format="%.0f",
        key="siting_budget",
        help=_say(context, "budget_help"),
        on_change=take,
    )
    return kept


def _figures(context: Context, proposal: Proposal, group: str) -> None:
    labels, say = context.labels, partial(_say, context)
    before, after = shares(proposal)
    people = labels.group(group)
    points = f"{labels.number((after - before) * 100, 1)}"
    boxes = st.columns(4, gap="small")
    boxes[0].metric(
        say("metric_gained"),
        labels.number(proposal.gained),
        help=markdown(say("metric_gained_help", group=people)),
        border=True,
    )
    boxes[1].metric(
        say("metric_share"),
        labels.percent(after),
        delta=points,
        help=markdown(say("metric_share_help")),
        border=True,
    )
    gap = labels.percent(proposal.gap, 2)
    boxes[2].metric(
        say("metric_gap"),
        labels.percent(0, 0) if proposal.optimal else f"≤ {gap}",
        help=markdown(say("metric_gap_help")),
        border=True,
    )
    boxes[3].metric(
        say("metric_cost"),
        labels.number(proposal.cost),
        help=markdown(say("metric_cost_help")),
        border=True,
    )


def _map(context: Context, result: Assessment, proposal: Proposal, kind: str) -> None:
    language = _language(context)
    groups = [
        facility_group(result.district, kind, language, question=result.question),
        *proposal_groups(proposal, language),
    ]
    printed = sheet(context, context.word("siting_words.page"))
    mapview.show(context, [Pane(groups)], key="siting", printed=printed)


def _tables(context: Context, asked: Asked, proposal: Proposal) -> None:
    say, language = partial(_say, context), _language(context)
    names = ("sites", "curve", "alternatives", "firm")
    sites, more, others, firm = st.tabs([say(f"tab_{name}") for name in names])
    with sites:
        _rows(sites_table(proposal, language), "siting_sites")
        st.caption(say("sites_note"))
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            _take_over(context, proposal)
            _downloads(context, proposal)
    with more:
        curve = siting_store.curve(asked)
        st.altair_chart(_chart(context, curve), width="stretch")
        _rows(curve_table(curve, language), "siting_curve", height=170)
        st.caption(say("curve_note"))
    with others:
        swaps = siting_store.alternatives(asked)
        if swaps.empty:
            st.info(say("no_alternatives"), icon=":material/info:")
        else:
            _rows(alternatives_table(proposal, swaps, language), "siting_swaps")
        st.caption(say("alternatives_note"))
    with firm:
        _rows(firm_table(proposal, siting_store.firm(asked), language), "siting_firm")
        st.caption(say("firm_note"))


def _rows(table: pd.DataFrame, key: str, height: int = TABLE_HEIGHT) -> None:
    config = st.column_config
    columns = {
        str(name): config.NumberColumn(format="localized") for name in table.select_dtypes("number")
    }
    st.dataframe(
        table, hide_index=True, height=height, column_config=columns, key=key, placeholder="–"
    )


def _chart(context: Context, curve: pd.DataFrame) -> alt.LayerChart:
    """Return the curve of residents gained, under the proven limit of what is possible."""
    names = {name: _say(context, f"col_{name}") for name in ("sites", "gained", "bound")}
    table = curve[list(names)].rename(columns=names)
    x = alt.X(f"{names['sites']}:O", axis=alt.Axis(labelAngle=0))
    base = alt.Chart(table).encode(x=x).properties(height=170)
    bars = base.mark_bar(color="#0f766e").encode(
        y=alt.Y(f"{names['gained']}:Q", title=names["gained"]), tooltip=list(names.values())
    )
    limit = base.mark_tick(color="#b45309", thickness=2, size=26).encode(
        y=alt.Y(f"{names['bound']}:Q", title=names["gained"])
    )
    layers: alt.LayerChart = bars + limit
    return layers


def _take_over(context: Context, proposal: Proposal) -> None:
    changes = scenario(proposal, _language(context))

    def take() -> None:
        desk.step(context, lambda work: work.load(changes))
        desk.say(Finding("siting_words.taken_over"))

    st.button(_say(context, "to_what_if"), icon=":material/tactic:", on_click=take)


def _downloads(context: Context, proposal: Proposal) -> None:
    language = _language(context)
    stem = f"{Path(context.entry.id).stem}-{proposal.kind}-sites"
    files: list[tuple[str, str, Any]] = [
        ("csv", "text/csv", partial(_csv, sites_table(proposal, language))),
        ("gpkg", "application/geopackage+sqlite3", partial(_gpkg, proposal)),
        ("scenario", "application/json", lambda: scenario(proposal, language).to_json()),
    ]
    with st.popover(context.say("download"), icon=":material/download:"):
        for name, mime, make in files:
            st.download_button(
                _say(context, f"download_{name}"),
                make,
                file_name=f"{stem}.{'json' if name == 'scenario' else name}",
                mime=mime,
                on_click="ignore",
                key=f"siting_download_{name}",
                width="stretch",
            )


def _csv(table: pd.DataFrame) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "sites.csv"
        write_csv(table, file)
        return file.read_bytes()


def _gpkg(proposal: Proposal) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "sites.gpkg"
        write_sites(proposal, file)
        return file.read_bytes()
