"""Facilities corrected by hand: picked on the map or in the table, changed, undone."""

from __future__ import annotations

import math
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from planner.app.pages.data import corrections
from planner.app.session import choices, notices, permissions
from planner.app.session.context import Context
from planner.app.session.errors import markdown
from planner.app.widgets import map_view
from planner.app.widgets.map_view import Pane, Pick
from planner.district import District
from planner.district.corrections import Correction, Value, values_of
from planner.district.layers import OWNERSHIPS, STATUSES
from planner.errors import PlannerError
from planner.views.maps.basemap import bounds_around
from planner.views.maps.degrees import in_metres, place_of
from planner.views.maps.layers import picking_group

TOOLS = {"pick": "ads_click", "move": "open_with", "add": "add_location_alt"}
MAP_HEIGHT = 440
SIDE_HEIGHT = 500
ALL = ""
_CHOSEN = "fixing"
_LOOK = "correct_look"
_NOT_ASKED = ("x", "y", "department")


def draw(context: Context, here: District) -> None:
    """Draw map, table and form, or why nothing can be corrected here."""
    notices.draw(context)
    if not permissions.may_change():
        st.info(context.word("corrections.not_permitted"), icon=":material/lock:")
        return
    if context.entry.path is None:
        st.info(context.word("app_data.demo_fixed"), icon=":material/info:")
        st.button(
            context.word("app_data.copy_demo"),
            icon=":material/content_copy:",
            type="primary",
            key="copy_demo",
            on_click=_copy,
            args=(context,),
        )
        return
    wrong = corrections.problems(context.entry)
    tool, kind, shown = _choices(context, here)
    left, right = st.columns([7, 5])
    with left:
        _map(context, here, tool, kind, shown, wrong)
    with right:
        _side(context, here, wrong)
    _table(context, here, shown)


def _copy(context: Context) -> None:
    made = corrections.copy_of_demo(context)
    if made:
        choices.choices()["district"] = made


def _problem(context: Context, row: Any) -> str:
    word = context.word(f"app_data.problem_{row.problem}")
    if pd.isna(row.street_m):
        return f"{word}. {context.word('app_data.no_street_near')}"
    metres = context.labels.metres(row.street_m)
    return f"{word}. {context.word('app_data.street_at', metres=metres)}"


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
    kept = corrections.corrections(context.entry)
    with steps, st.container(horizontal=True, gap="small"):
        for name, icon, can in (("undo", "undo", kept.steps), ("redo", "redo", kept.undone)):
            st.button(
                context.word(f"app_whatif.{name}"),
                icon=f":material/{icon}:",
                key=f"correct_{name}",
                disabled=not can,
                on_click=getattr(corrections, name),
                args=(context,),
            )
    table = here.facilities
    if kind:
        table = table[table["kind"] == kind]
    if search.strip():
        sought = search.strip().casefold()
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
    chosen = choices.own(_CHOSEN)
    told = {str(row.facility_id): _problem(context, row) for row in wrong.itertuples()}
    layer = picking_group(
        here, shown, context.labels, context.word("app.layer_facilities"), chosen=chosen, wrong=told
    )
    hint = tool if tool != "move" or chosen else "move_first"
    if tool == "add" and not kind:
        hint = "add_first"
    st.caption(context.word(f"app_data.hint_{hint}"))
    map_view.show(
        context,
        [Pane([layer])],
        key="correct",
        on_pick=partial(_picked, context, tool, kind),
        look_at=st.session_state.get(_LOOK),
        height=MAP_HEIGHT,
    )


def _picked(context: Context, tool: str, kind: str, pick: Pick) -> None:
    chosen = choices.choices().get(_CHOSEN, "")
    if tool == "add" and kind:
        made = corrections.add_facility(context, {"kind": kind, "x": pick.x, "y": pick.y})
        if made:
            choices.choices()[_CHOSEN] = made
            choices.choices()["hand"] = "pick"
    elif tool == "move" and chosen:
        corrections.save(context, chosen, {"x": pick.x, "y": pick.y})
        choices.choices()["hand"] = "pick"
    elif pick.what == "facility":
        choices.choices()[_CHOSEN] = pick.id


def _side(context: Context, here: District, wrong: pd.DataFrame) -> None:
    kept = corrections.corrections(context.entry)
    one, many, steps = st.tabs(
        [
            context.word("app_data.tab_facility"),
            context.word("app_data.tab_problems", count=len(wrong)),
            context.word("app_data.tab_steps", count=len(kept.steps)),
        ]
    )
    with one:
        _form(context, here)
    with many, st.container(height=SIDE_HEIGHT, border=False):
        _problems(context, here, wrong)
    with steps, st.container(height=SIDE_HEIGHT, border=False):
        _steps(context, here, kept.steps)


def _form(context: Context, here: District) -> None:
    chosen = choices.own(_CHOSEN)
    try:
        held = values_of(here, chosen) if chosen else None
    except PlannerError:
        held = None
    if held is None:
        st.info(context.word("app_data.choose_one"), icon=":material/ads_click:")
        return
    lon, lat = place_of(here, float(held["x"] or 0), float(held["y"] or 0))
    shown: dict[str, Value] = {**held, "lon": lon, "lat": lat}
    # other values, other widgets: what was typed for another facility must not stand here
    stem = f"fix-{context.entry.id}-{chosen}-{context.entry.corrections}"
    labels = context.labels
    with st.form(stem, border=False, height=SIDE_HEIGHT):
        a, b = st.columns(2)
        a.text_input(labels.column("name"), str(held["name"]), key=f"{stem}-name", max_chars=200)
        _select(b, labels.column("kind"), list(here.kinds), shown, "kind", stem, labels.kind)
        _select(a, labels.column("status"), STATUSES, shown, "status", stem, labels.value)
        _select(b, labels.column("ownership"), OWNERSHIPS, shown, "ownership", stem, labels.value)
        st.text_input(
            labels.column("opening_hours"),
            str(held["opening_hours"]),
            key=f"{stem}-opening_hours",
            placeholder="Mo-Fr 08:00-18:00; Sa 09:00-12:00",
            help=context.word("app_data.hours_help"),
            max_chars=250,
        )
        a, b = st.columns(2)
        for box, name in ((a, "capacity"), (b, "floor_area_m2")):
            box.number_input(
                labels.column(name),
                0.0,
                None,
                _figure(held[name]),
                key=f"{stem}-{name}",
                format="%.6g",
            )
        st.text_input(
            labels.column("services"),
            str(held["services"]),
            key=f"{stem}-services",
            help=context.word("app_data.services_help"),
            max_chars=400,
        )
        a, b = st.columns(2)
        for box, name, most in ((a, "lon", 180.0), (b, "lat", 90.0)):
            box.number_input(
                context.word(f"app_data.{name}"),
                -most,
                most,
                _figure(shown[name]),
                step=0.0001,
                format="%.6f",
                key=f"{stem}-{name}",
                help=context.word("app_data.degrees_help"),
            )
        with st.container(horizontal=True):
            st.form_submit_button(
                context.word("app_data.save"),
                type="primary",
                icon=":material/save:",
                on_click=_save,
                args=(context, here, chosen, stem, shown),
            )
            st.form_submit_button(
                context.word("app_data.remove"),
                icon=":material/delete:",
                on_click=corrections.remove_facility,
                args=(context, chosen),
            )


def _figure(value: Value) -> float | None:
    return None if value in (None, "") else float(value or 0.0)


def _select(
    box: Any,
    label: str,
    offered: Any,
    held: dict[str, Value],
    name: str,
    stem: str,
    word: Any,
) -> None:
    options = list(offered)
    at = options.index(held[name]) if held[name] in options else 0
    box.selectbox(label, options, at, format_func=word, key=f"{stem}-{name}")


def _save(
    context: Context, here: District, chosen: str, stem: str, shown: dict[str, Value]
) -> None:
    """Correct what was changed in the form; a place only where its degrees were."""
    values = {name: st.session_state[f"{stem}-{name}"] for name in shown if name not in _NOT_ASKED}
    lon, lat = values.pop("lon"), values.pop("lat")
    if None not in (lon, lat) and (lon, lat) != (shown["lon"], shown["lat"]):
        values["x"], values["y"] = in_metres(float(lon), float(lat), here.crs)
    corrections.save(context, chosen, values)


def _problems(context: Context, here: District, wrong: pd.DataFrame) -> None:
    if wrong.empty:
        st.success(context.word("app_data.no_problems"), icon=":material/check:")
        return
    names = here.facilities.set_index("facility_id")["name"]
    for row in wrong.head(50).itertuples():
        own = str(row.facility_id)
        words, show, move = st.columns([6, 1.6, 3.4], vertical_alignment="center")
        words.markdown(f"**{markdown(names[own] or own)}**  \n{markdown(_problem(context, row))}")
        show.button(
            "",
            icon=":material/my_location:",
            help=context.word("app_data.show"),
            key=f"show-{own}",
            on_click=_look,
            args=(here, own),
        )
        move.button(
            context.word("app_data.to_street"),
            key=f"street-{own}-{context.entry.corrections}",
            disabled=not math.isfinite(float(str(row.x))),
            on_click=corrections.save,
            args=(context, own, {"x": row.x, "y": row.y}),
        )
    if len(wrong) > 50:
        st.caption(context.word("app_data.more_problems", count=len(wrong) - 50))


def _look(here: District, own: str) -> None:
    choices.choices()[_CHOSEN] = own
    held = values_of(here, own)
    st.session_state[_LOOK] = bounds_around(here, float(held["x"] or 0), float(held["y"] or 0), 200)


def _steps(context: Context, here: District, steps: tuple[Correction, ...]) -> None:
    if not steps:
        st.info(context.word("app_data.no_steps"), icon=":material/info:")
        return
    st.caption(context.word("app_data.steps_help"))
    for number, step in reversed(list(enumerate(steps, start=1))):
        lines = [f"- {markdown(line)}" for line in _differences(context, here, step)]
        name = step.new.get("name") or step.old.get("name") or _name(here, step.facility_id)
        if step.do == "complete":
            name, lines = context.labels.kind(str(step.new["kind"]), here.kinds), []
        deed = context.word(f"app_data.did_{step.do}", name=str(name))
        when = step.at[:16].replace("T", " ")
        st.markdown(f"**{number}. {markdown(deed)}** · {markdown(when)}\n" + "\n".join(lines))


def _name(here: District, facility_id: str) -> str:
    rows = here.facilities[here.facilities["facility_id"] == facility_id]
    return facility_id if rows.empty else str(rows.iloc[0]["name"] or facility_id)


def _differences(context: Context, here: District, step: Correction) -> list[str]:
    """Return what a step changed, old and new, a line for each field."""
    told = []
    fields = [name for name in (step.new or step.old) if name not in ("x", "y", "name")]
    if step.do == "edit":
        fields = [name for name in step.new if name not in ("x", "y")]
    for name in fields:
        old, new = (_worded(context, here, name, side.get(name)) for side in (step.old, step.new))
        change = {"add": new, "remove": old}.get(step.do, f"{old} → {new}")
        told.append(f"{context.labels.column(name)}: {change}")
    if step.do == "edit" and "x" in step.new:
        moved = [float(step.new[k] or 0) - float(step.old[k] or 0) for k in ("x", "y")]
        metres = context.labels.metres(math.hypot(*moved))
        told.append(context.word("app_data.moved", metres=metres))
    return told


def _worded(context: Context, here: District, name: str, value: Value) -> str:
    if value in (None, ""):
        return "–"
    if name == "kind":
        return context.labels.kind(str(value), here.kinds)
    return context.labels.value(value) if isinstance(value, str) else context.labels.number(value)


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
    ids = shown["facility_id"].tolist()
    st.dataframe(
        rows,
        hide_index=True,
        height=260,
        column_config={str(name): labels.column(str(name)) for name in rows},
        on_select=partial(_row_chosen, ids),
        selection_mode="single-row",
        key="correct_table",
    )


def _row_chosen(ids: list[str]) -> None:
    rows = st.session_state["correct_table"]["selection"]["rows"]
    if rows and rows[0] < len(ids):
        choices.choices()[_CHOSEN] = ids[rows[0]]
