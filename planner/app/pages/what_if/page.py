"""What-if: facilities and ways changed on the map, with the figures before and after."""

from __future__ import annotations

from functools import partial

import folium
import shapely
import streamlit as st

from planner.analysis.assessment import Assessment
from planner.app.pages.what_if import comparing, conflict, drafting
from planner.app.session import choices, desk, store
from planner.app.session.context import Context
from planner.app.session.errors import markdown, told
from planner.app.session.loading import loaded
from planner.app.session.scenarios import Work, uploaded
from planner.app.widgets import components, differences, map_view
from planner.app.widgets.change_words import marks, sentence
from planner.app.widgets.map_view import Pick
from planner.district import Scenario
from planner.errors import PlannerError
from planner.views.maps.marks import Mark, mark_group

VIEWS = ("draw", "compare")
ICONS = {
    "open": "add_location_alt",
    "move": "open_with",
    "close": "location_off",
    "convert": "swap_horiz",
    "open_internal": "lock_open",
    "connect": "add_road",
    "gate": "door_open",
}
MAP_HEIGHT = 430
STEPS_HEIGHT = 250


def page(context: Context) -> None:
    """Draw the page."""
    _view(context, loaded(context))


@st.fragment
def _view(context: Context, result: Assessment) -> None:
    """Draw it, telling here what goes wrong, since a fragment runs again by itself."""
    with told(context.labels):
        _draw(context, result)


def _draw(context: Context, result: Assessment) -> None:
    work = desk.work(context)
    title, view_box, kind_box, group_box = st.columns(
        [4, 2.6, 3.4, 2.4], vertical_alignment="bottom"
    )
    with title:
        components.heading(context, result.district, result.kinds_without_data)
    with view_box:
        view = choices.switch(
            "view",
            context.word("app_whatif.view"),
            VIEWS,
            VIEWS[0],
            lambda each: context.word(f"app_whatif.view_{each}"),
        )
    with kind_box:
        kind = components.pick_kind(context, result)
    with group_box:
        group = components.pick_group(context, result)
    components.refusals(context)
    _note(context)
    conflict.draw(context)
    if view == "compare":
        comparing.draw(context, work, kind, group)
    else:
        _drawing(context, result, work, kind, group)
    components.notes(context, result, kind)
    choices.write_address()


def _note(context: Context) -> None:
    place, finding = st.empty(), desk.note()
    if finding is not None:
        place.warning(markdown(context.labels.finding(finding)), icon=":material/info:")


def _drawing(context: Context, result: Assessment, work: Work, kind: str, group: str) -> None:
    after = desk.assessed(context, work.current)
    old = store.summary(context.entry, context.standard)
    new = after.summary() if work.current.changes else old
    differences.figures(context, after, old, new, kind, group)
    tool = _tools(context, work)
    st.caption(_hint(context, tool, kind))
    left, right = st.columns([8, 5])
    with left:
        map_view.draw(
            context,
            after,
            kind,
            group,
            extra=_extra(context, result, after, work.current, tool, kind, group),
            on_pick=partial(_picked, context, tool, kind),
            height=MAP_HEIGHT,
            key="whatif",
        )
    with right:
        steps, kinds, communities, kept = st.tabs(
            [
                context.word("app_whatif.tab_steps", count=len(work.current.changes)),
                context.word("app_whatif.tab_kinds"),
                context.word("app_whatif.tab_communities"),
                context.word("app_whatif.tab_kept"),
            ]
        )
        with steps:
            _steps(context, work, after)
        with kinds:
            differences.kinds_table(context, old, new, group)
        with communities:
            differences.communities_table(context, result, after, kind, group)
        with kept:
            _kept(context, work)


def _tools(context: Context, work: Work) -> str:
    """Draw the tools, undo and redo, and return the tool in hand."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        tool = choices.switch(
            "tool",
            context.word("app_whatif.tool"),
            drafting.TOOLS,
            drafting.TOOLS[0],
            lambda each: f":material/{ICONS[each]}: {context.word(f'app_whatif.tool_{each}')}",
        )
        st.button(
            context.word("app_whatif.undo"),
            icon=":material/undo:",
            key="whatif_undo",
            disabled=not work.current.changes,
            on_click=desk.step,
            args=(context, Work.undo),
        )
        st.button(
            context.word("app_whatif.redo"),
            icon=":material/redo:",
            key="whatif_redo",
            disabled=not work.undone,
            on_click=desk.step,
            args=(context, Work.redo),
        )
    return tool


def _hint(context: Context, tool: str, kind: str) -> str:
    held = desk.held(tool)
    second = "_second" if held is not None else ""
    word = context.labels.kind(kind, context.district().kinds)
    return context.word(f"app_whatif.hint_{tool}{second}", kind=word)


def _picked(context: Context, tool: str, kind: str, pick: Pick) -> None:
    """Do what a click means."""
    held = desk.held(tool)
    desk.hold(None)
    try:
        now = desk.assessed(context, desk.work(context).current).district
        name = _new_name(context, kind, now.facilities["facility_id"].tolist())
        made = drafting.read(now, tool, kind, pick, held, name)
    except PlannerError as error:
        desk.say(error.finding)
        return
    if isinstance(made, desk.FirstClick):
        desk.hold(made)
    else:
        desk.step(context, lambda work: work.do(made))


def _new_name(context: Context, kind: str, ids: list[str]) -> str:
    number = 1 + sum(each.startswith("new-") for each in ids)
    word = context.labels.kind(kind, context.district().kinds)
    return context.word("app_whatif.new_name", kind=word, number=number)


def _extra(
    context: Context,
    before: Assessment,
    after: Assessment,
    scenario: Scenario,
    tool: str,
    kind: str,
    group: str,
) -> list[folium.FeatureGroup]:
    """Return the layers of the scenario: changed homes, changes, and what the tool asks for."""
    district, crs = after.district, before.district.crs
    layers = []
    changed = differences.home_layer(context, before, after, kind, group)
    if changed is not None:
        layers.append(changed)
    if tool == "convert":
        places = district.facilities[drafting.fitting(district, tool, kind)]
        words = places["kind"].map(lambda each: context.labels.kind(each, district.kinds))
        name = context.word("app_whatif.layer_convert")
        layers.append(
            mark_group(differences.facility_marks(places, words), crs, name, seed="other")
        )
    if tool == "gate":
        name = context.word("app_whatif.layer_gates")
        layers.append(mark_group(differences.gate_marks(district), crs, name, seed="gates"))
    drawn = [*marks(context, scenario, before.district, district), *_held_mark(tool)]
    if drawn:
        name = context.word("app_whatif.layer_changes")
        layers.append(mark_group(drawn, crs, name, seed="changes"))
    return layers


def _held_mark(tool: str) -> list[Mark]:
    held = desk.held(tool)
    if held is None:
        return []
    style = {"radius": 9, "color": "#c2410c", "weight": 4, "fillColor": "#ffffff", "fillOpacity": 1}
    return [Mark(shapely.Point(held.x, held.y), style)]


def _steps(context: Context, work: Work, after: Assessment) -> None:
    if not work.current.changes:
        st.info(context.word("app_whatif.no_steps"), icon=":material/touch_app:")
        return
    with st.container(height=STEPS_HEIGHT, border=False):
        for number, change in enumerate(work.current.changes):
            with st.container(
                horizontal=True,
                vertical_alignment="center",
                gap="small",
                key=f"whatif_step_{number}",
            ):
                words = sentence(context, change, after.district)
                st.markdown(f"**{number + 1}.** {markdown(words)}", width="stretch")
                st.button(
                    "",
                    help=context.word("app_whatif.remove", number=number + 1),
                    key=f"whatif_remove_{number}",
                    icon=":material/close:",
                    type="tertiary",
                    on_click=desk.step,
                    args=(context, partial(_without, number=number)),
                )
    st.button(
        context.word("app_whatif.clear"),
        key="whatif_clear",
        icon=":material/restart_alt:",
        on_click=desk.step,
        args=(context, lambda kept: kept.load(desk.blank(context))),
    )


def _without(work: Work, number: int) -> Work:
    return work.without(number)


def _kept(context: Context, work: Work) -> None:
    """Draw the name, saving, loading, and the files to take away and bring back."""
    say = context.word
    with (
        st.form("whatif_name", border=False),
        st.container(horizontal=True, vertical_alignment="bottom", gap="small"),
    ):
        name = st.text_input(
            say("app_whatif.name"), value=work.current.name, max_chars=80, key="whatif_name_text"
        )
        if st.form_submit_button(say("app_whatif.save"), icon=":material/save:", type="primary"):
            desk.step(context, lambda each: each.named(name).keep())
            st.rerun(scope="fragment")
    for number, scenario in enumerate(work.kept):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            count = len(scenario.changes)
            told_name = markdown(scenario.name)
            st.markdown(say("app_whatif.kept_row", name=told_name, count=count), width="stretch")
            st.button(
                say("app_whatif.load"),
                key=f"whatif_load_{number}",
                on_click=desk.step,
                args=(context, partial(_loaded, scenario=scenario)),
            )
            st.button(
                say("app_whatif.forget"),
                key=f"whatif_forget_{number}",
                icon=":material/delete:",
                type="tertiary",
                on_click=desk.step,
                args=(context, partial(_forgotten, name=scenario.name)),
            )
    st.download_button(
        say("app_whatif.download"),
        work.current.to_json,
        file_name=f"{context.entry.id.removesuffix('.gpkg')}.scenario.json",
        mime="application/json",
        on_click="ignore",
        icon=":material/download:",
        key="whatif_download",
        disabled=not work.current.changes,
    )
    _upload(context)
    st.caption(say("app_whatif.kept_note"))


def _loaded(work: Work, scenario: Scenario) -> Work:
    return work.load(scenario)


def _forgotten(work: Work, name: str) -> Work:
    return work.forget(name)


def _upload(context: Context) -> None:
    sent = st.file_uploader(
        context.word("app_whatif.upload"), type=["json"], key="whatif_upload", max_upload_size=1
    )
    if sent is None or st.session_state.get("whatif_taken") == sent.file_id:
        return
    st.session_state["whatif_taken"] = sent.file_id
    try:
        scenario = uploaded(sent.getvalue(), sent.name)
    except PlannerError as error:
        desk.say(error.finding)
    else:
        desk.step(context, lambda work: work.load(scenario))
    st.rerun(scope="fragment")
