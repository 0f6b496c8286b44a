"""Facilities corrected by hand: picked on the map or in the table, changed, undone."""

from __future__ import annotations

from functools import partial

import pandas as pd
import streamlit as st

from planner.app.pages.data import (
    conflict,
    corrections,
    demo,
    facility_form,
    history,
    made,
    moving,
    problems,
)
from planner.app.pages.data.corrections import CHOSEN, LOOK
from planner.app.session import choices, notices
from planner.app.session.context import Context
from planner.app.session.reader import permissions
from planner.app.widgets import map_view, tables
from planner.app.widgets.column_widths import searched_text
from planner.app.widgets.map_view import Pane, Pick
from planner.district import District
from planner.district.services import named_services
from planner.views.maps.parts.layers import picking_group, picking_legend
from planner.views.words.analysis.hours import hours_word

TOOLS = {"pick": "ads_click", "move": "open_with", "add": "add_location_alt"}
MAP_HEIGHT = 440
SIDE_HEIGHT = 500
ALL = ""


def draw(context: Context, here: District) -> None:
    """Draw map, table and form, or why nothing can be corrected here."""
    notices.draw(context)
    if not permissions.may_change():
        st.info(context.word("corrections.not_permitted"), icon=":material/lock:")
        return
    if context.entry.path is None:
        demo.draw_first(context)
    conflict.draw(context, here)
    wrong = corrections.problems(context.entry)
    tool, kind, shown = _choices(context, here)
    left, right = st.columns([7, 5])
    with left:
        _map(context, here, tool, kind, shown, wrong)
    with right:
        _side(context, here, wrong)
    _table(context, here, shown)


def _choices(context: Context, here: District) -> tuple[str, str, pd.DataFrame]:
    """Draw tool, kind, search and undo; return the tool, the kind and the facilities shown."""
    tools, kinds, words, steps = st.columns([4.2, 2.6, 2.4, 2.8], vertical_alignment="bottom")
    if choices.own("hand") not in TOOLS:
        choices.choices().pop("hand", None)
    with tools:
        tool = choices.switch(
            "hand",
            context.word("app_data.tool"),
            TOOLS,
            "pick",
            lambda each: f":material/{TOOLS[each]}: {context.word(f'app_data.tool_{each}')}",
        )
    present = set(here.facilities["kind"])
    offered = [ALL, *(k for k in here.kinds if k in present or tool == "add")]
    if choices.own("of") not in offered:
        choices.choices().pop("of", None)
    with kinds:
        kind = choices.pick(
            "of",
            context.word("app.kind"),
            offered,
            ALL,
            lambda each: (
                context.labels.kind(each, here.kinds)
                if each
                else context.word("app_data.all_kinds")
            ),
        )
    with words:
        search = st.text_input(context.word("app_data.search"), key="correct_search", max_chars=80)
    kept = corrections.shown(context.entry)
    with steps, st.container(horizontal=True, gap="small"):
        for name, icon, can in (("undo", "undo", kept.steps), ("redo", "redo", kept.undone)):
            st.button(
                context.word(f"app_what_if.{name}"),
                icon=f":material/{icon}:",
                key=f"correct_{name}",
                disabled=not can,
                on_click=getattr(corrections, name),
                args=(context,),
            )
    table = here.facilities
    if kind:
        table = table[table["kind"] == kind]
    if sought := searched_text(search).casefold():
        hit = table["name"].str.casefold().str.contains(sought, regex=False)
        table = table[hit | table["facility_id"].str.casefold().str.contains(sought, regex=False)]
    return tool, kind, table


def _map(
    context: Context,
    here: District,
    tool: str,
    kind: str,
    shown: pd.DataFrame,
    wrong: pd.DataFrame,
) -> None:
    chosen = choices.own(CHOSEN)
    told = {str(row.facility_id): problems.problem_word(context, row) for row in wrong.itertuples()}
    layer = picking_group(
        here, shown, context.labels, context.word("app.layer_facilities"), chosen=chosen, wrong=told
    )
    hint = tool if tool != "move" or chosen else "move_first"
    if tool == "add" and not kind:
        hint = "add_first"
    if tool == "pick" and chosen:
        hint = "pick_chosen"
    st.caption(context.word(f"app_data.hint_{hint}"))
    layers, pending = [layer], moving.pending(context, chosen)
    # always one place on the page: the map stays where it is in the browser
    with st.container(key="correct_told"):
        if pending is not None:
            moving.draw(context, here, pending)
            layers.append(moving.marks(context, here, pending))
        else:
            made.draw(context, here, moving.changed(context))
    map_view.show(
        context,
        [Pane(layers)],
        key="correct",
        on_pick=partial(_picked, context, here, tool, kind),
        look_at=st.session_state.get(LOOK),
        height=MAP_HEIGHT,
        beneath=True,  # a row for each kind: as high as the map
        legend=picking_legend(
            shown, here.kinds, context.labels, chosen=bool(chosen), wrong=bool(told)
        ),
    )


def _picked(context: Context, here: District, tool: str, kind: str, pick: Pick) -> None:
    chosen = choices.choices().get(CHOSEN, "")
    if tool == "add" and kind:
        added = corrections.add_facility(context, {"kind": kind, "x": pick.x, "y": pick.y})
        if added:
            choices.choices()[CHOSEN] = added
            choices.choices()["hand"] = "pick"
    elif pick.what == "facility" and tool != "move":
        choices.choices()[CHOSEN] = pick.id
    elif chosen and tool in ("pick", "move"):
        moving.move(context, here, chosen, pick.x, pick.y)
    elif pick.what == "facility":
        choices.choices()[CHOSEN] = pick.id


def _side(context: Context, here: District, wrong: pd.DataFrame) -> None:
    kept = corrections.shown(context.entry)
    one, many, steps = st.tabs(
        [
            context.word("app_data.tab_facility"),
            context.word("app_data.tab_problems", count=len(wrong)),
            context.word("app_data.tab_steps", count=len(kept.steps)),
        ]
    )
    with one:
        facility_form.draw(context, here)
    with many, st.container(height=SIDE_HEIGHT, border=False):
        problems.draw(context, here, wrong)
    with steps, st.container(height=SIDE_HEIGHT, border=False):
        history.draw(context, here, kept.steps)


def _table(context: Context, here: District, shown: pd.DataFrame) -> None:
    if shown.empty:
        st.info(context.word("app_data.none_found"), icon=":material/search_off:")
        return
    labels = context.labels
    columns = ["name", "kind", "status", "ownership", "opening_hours", "capacity", "floor_area_m2"]
    rows = pd.DataFrame(shown[[*columns, "services", "source"]]).reset_index(drop=True)
    rows["kind"] = rows["kind"].map(lambda each: labels.kind(each, here.kinds))
    for name in ("status", "ownership"):
        rows[name] = rows[name].map(labels.value)
    rows["opening_hours"] = rows["opening_hours"].map(lambda each: hours_word(each, labels))
    rows["services"] = [
        labels.text(", ").join(labels.service(each) for each in named_services(text))
        for text in rows["services"]
    ]
    ids = shown["facility_id"].tolist()
    tables.draw(
        context,
        rows,
        "correct_table",
        config={str(name): st.column_config.Column(labels.column(str(name))) for name in rows},
        height=260,
        room=tables.WHOLE,
        take=partial(_row_chosen, ids),
    )


def _row_chosen(ids: list[str], key: str) -> None:
    rows = st.session_state[key].selection.rows
    if rows and rows[0] < len(ids):
        choices.choices()[CHOSEN] = ids[rows[0]]
