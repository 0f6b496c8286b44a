"""One budget: sites, doors, hours and links that bring most residents for the money."""

from __future__ import annotations

from functools import partial

import pandas as pd
import streamlit as st

from planner.analysis.assessment import Assessment
from planner.analysis.comparison import compare
from planner.app.session import budget_store, choices, solving
from planner.app.session.budget_store import Asked
from planner.app.session.context import Context
from planner.app.session.errors import markdown, told
from planner.app.session.loading import loaded
from planner.app.widgets import components, key_figures, map_view, plan_figures, plan_files
from planner.app.widgets.key_figures import Figure
from planner.app.widgets.map_view import Pane
from planner.app.widgets.print_sheet import sheet
from planner.siting.budget import Mix
from planner.views.exports.budget import mix_scenario
from planner.views.maps.budget import mix_groups
from planner.views.tables.budget import mix_table
from planner.views.words.budget import mix_sentences

DEFAULT_BUDGET = 300.0
TABLE_HEIGHT = 300


def page(context: Context) -> None:
    """Draw the page."""
    _view(context, loaded(context))


@st.fragment
def _view(context: Context, result: Assessment) -> None:
    """Draw it, telling here what goes wrong, since a fragment runs again by itself."""
    with told(context.labels):
        _draw(context, result)


def _draw(context: Context, result: Assessment) -> None:
    title, group_box = st.columns([8, 2.4], vertical_alignment="bottom")
    with title:
        components.heading(context, result.district, result.kinds_without_data)
    with group_box:
        group = components.pick_group(context, result)
    kinds, at, budget = _question(context, result)
    components.refusals(context)
    choices.write_address()
    asked = Asked(context.entry, context.standard, kinds, group, at, budget)
    found = solving.searched(context, "mix", budget_store.mix, asked, _say(context, "searching"))
    if found is None:
        return
    _figures(context, found)
    st.markdown(" ".join(map(markdown, mix_sentences(found, context.labels.language))))
    left, right = st.columns([7, 7])
    with left:
        groups = mix_groups(found, context.labels.language)
        printed = sheet(context, context.word("mixes.page"))
        map_view.show(context, [Pane(groups)], key="mix", printed=printed)
    with right:
        _tables(context, found)
    components.notes(context, result, None)


def _say(context: Context, code: str, **params: object) -> str:
    return context.labels.message(f"mixes.{code}", **params)


def _question(context: Context, result: Assessment) -> tuple[tuple[str, ...], str, float]:
    """Draw the boxes of the question: kinds, moment and budget; the address carries them."""
    say = partial(_say, context)
    boxes = st.columns([6, 2, 2], vertical_alignment="bottom")
    asked = [kind for kind in choices.own("kinds").split(",") if kind in result.judged_kinds]
    st.session_state["mix_kinds"] = asked
    st.session_state["mix_at"] = choices.own("at")
    budget = _number(choices.own("budget"))
    st.session_state["mix_budget"] = budget
    boxes[0].multiselect(
        say("kinds"),
        result.judged_kinds,
        format_func=lambda kind: context.labels.kind(kind, result.district.kinds),
        help=say("kinds_help"),
        placeholder=context.labels.message("links.all_kinds"),
        key="mix_kinds",
        on_change=_take,
    )
    boxes[1].text_input(say("at"), help=say("at_help"), max_chars=40, key="mix_at", on_change=_take)
    boxes[2].number_input(
        say("budget"),
        min_value=1.0,
        step=50.0,
        format="%.0f",
        help=context.labels.message("siting_words.unverified_costs"),
        key="mix_budget",
        on_change=_take,
    )
    return tuple(asked), choices.own("at").strip(), budget


def _take() -> None:
    kept = st.session_state
    choices.choices().update(
        kinds=",".join(kept["mix_kinds"]), at=kept["mix_at"], budget=f"{kept['mix_budget']:g}"
    )


def _number(text: str) -> float:
    try:
        return max(float(text or DEFAULT_BUDGET), 1.0)
    except ValueError:
        return DEFAULT_BUDGET


def _figures(context: Context, found: Mix) -> None:
    labels, say, word = context.labels, partial(_say, context), context.word
    layers = (*plan_figures.PLACES, "barriers", "gates")
    summary = found.assessment.summary()
    gained = Figure(
        say("metric_gained"),
        labels.number(found.gained),
        word("plan_figures.gained_kinds_help", group=labels.group(found.group)),
        "budget",
        found.kinds,
        layers,
        plan_figures.unknown_of_kinds(context, summary, found.kinds, found.group),
    )
    budget = word("plan_figures.spent_help", budget=labels.number(found.budget))
    cost = plan_figures.money(context, say("metric_cost"), found.cost, budget)
    count = labels.number(len(found.actions))
    actions = Figure(
        say("metric_actions"),
        labels.number(len(found.chosen)),
        word("plan_figures.actions_help", count=count),
        layers=layers,
    )
    proof = plan_figures.proof(
        context,
        say("metric_gap"),
        word("plan_figures.sum_gap_help"),
        optimal=found.siting.optimal,
        gap=found.siting.gap,
        kinds=found.kinds,
    )
    key_figures.draw(context, found.assessment, [gained, cost, actions, proof], "mix")


def _tables(context: Context, found: Mix) -> None:
    language = context.labels.language
    config = st.column_config
    table = mix_table(found, language)
    plan_files.rows(table, "mix_table", TABLE_HEIGHT)
    changes = mix_scenario(found, language)
    with st.container(horizontal=True, gap="small"):
        plan_files.take_over(context, changes, "mix")
        st.download_button(
            context.labels.message("siting_words.download_scenario"),
            changes.to_json,
            file_name="remedies.scenario.json",
            mime="application/json",
            on_click="ignore",
            icon=":material/download:",
            key="mix_download",
        )
    st.caption(_say(context, "gain_by_kind"))
    st.dataframe(
        _by_kind(context, found),
        hide_index=True,
        column_config={
            _word(context, moment): config.ProgressColumn(
                format="percent", min_value=0, max_value=1
            )
            for moment in ("before", "after")
        },
        key="mix_kinds_table",
    )


def _word(context: Context, moment: str) -> str:
    return context.labels.message(f"cli.col_{moment}")


def _by_kind(context: Context, found: Mix) -> pd.DataFrame:
    """Return the share covered of each kind before and after."""
    rows = compare(found.assessment, found.after).summary()
    rows = rows[(rows["group"] == found.group) & rows["kind"].isin(found.kinds)]
    labels, kinds = context.labels, found.assessment.district.kinds
    return pd.DataFrame(
        {
            labels.column("kind"): [labels.kind(kind, kinds) for kind in rows["kind"]],
            _word(context, "before"): rows["share_before"],
            _word(context, "after"): rows["share_after"],
        }
    )
