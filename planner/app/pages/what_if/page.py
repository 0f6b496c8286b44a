"""What if: facilities and ways changed on the map, with the figures before and after."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from itertools import count

import folium
import pandas as pd
import shapely
import streamlit as st

from planner.analysis.assessment import Assessment
from planner.app.pages.what_if import (
    clicks,
    comparison,
    conflict,
    differences,
    enlargements,
    steps,
)
from planner.app.session import choices, notices
from planner.app.session.answers import assessments
from planner.app.session.context import Context
from planner.app.session.drafts import current
from planner.app.session.drafts.draft import Draft
from planner.app.session.drafts.files import uploaded
from planner.app.session.errors import markdown
from planner.app.widgets import downloads, frame, inputs, map_view
from planner.app.widgets.change_words import change_legend, facility_name, marks
from planner.app.widgets.map_view import Pick
from planner.district import District, Scenario
from planner.errors import PlannerError
from planner.views.maps.parts.gates import gate_groups, gates_legend
from planner.views.maps.parts.marks import Mark, mark_group
from planner.views.words.ranges import spread_after_words

VIEW, VIEWS = "work_view", ("draw", "compare")
ICONS = {
    "open": "add_location_alt",
    "move": "open_with",
    "close": "location_off",
    "convert": "swap_horiz",
    "open_internal": "lock_open",
    "connect": "add_road",
    "gate": "door_open",
}
MAP_HEIGHT = 460


@frame.page
def page(context: Context, result: Assessment) -> None:
    """Draw the page."""
    draft = current.open_draft(context)
    choices.formerly(VIEW, "view", VIEWS)
    view_box, kind_box, group_box = frame.heading_row(context, result, [4, 2.6, 3.4, 2.4])
    with view_box:
        view = choices.switch(
            VIEW,
            context.word("app_what_if.view"),
            VIEWS,
            VIEWS[0],
            lambda each: context.word(f"app_what_if.view_{each}"),
        )
    with kind_box:
        kind = inputs.kind(context, result)
    with group_box:
        group = inputs.group(context, result)
    context = context.counting(group)
    frame.refused_choices(context)
    notices.draw(context)
    conflict.draw(context)
    if view == "compare":
        comparison.draw(context, result, draft, kind, group)
    else:
        _draft(context, result, draft, kind, group)
    frame.notes(context, result, kind)


def _draft(context: Context, result: Assessment, draft: Draft, kind: str, group: str) -> None:
    after = current.assessment_after(context, draft.current)
    old = assessments.summary(context.question)
    new = after.summary() if draft.current.changes else old
    differences.figures(context, result, after, old, new, kind, group)
    differences.not_counted(context, result, [after])
    differences.not_known(context, result, after, kind, group)
    frame.remarks(spread_after_words(result, after, group, context.labels, (kind,)))
    tool = _tools(context, draft)
    st.caption(_hint(context, after.district, tool, kind))
    left, right = st.columns([8, 5])
    with left:
        map_view.draw(
            context,
            after,
            kind,
            group,
            extra=_extra(context, result, after, draft.current, tool, kind, group),
            signs=_signs(context, draft.current, tool)
            + differences.homes_legend(context, result, after, kind, group),
            on_pick=partial(_picked, context, tool, kind),
            height=MAP_HEIGHT,
            key="whatif",
        )
    with right:
        made, kinds, communities, kept = st.tabs(
            [
                context.word("app_what_if.tab_steps", count=len(draft.current.changes)),
                context.word("app_what_if.tab_kinds"),
                context.word("app_what_if.tab_communities"),
                context.word("app_what_if.tab_kept"),
            ]
        )
        with made:
            steps.draw(context, draft, after, kind, group)
            enlargements.draw(context, result, after, draft.current, group)
        with kinds:
            differences.kinds_table(context, result, after, old, new, group)
        with communities:
            differences.communities_table(context, result, after, kind, group)
        with kept:
            _kept(context, draft)


def _tools(context: Context, draft: Draft) -> str:
    """Draw the tools, undo and redo, and return the tool in hand."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        tool = choices.switch(
            "tool",
            context.word("app_what_if.tool"),
            clicks.TOOLS,
            clicks.TOOLS[0],
            lambda each: f":material/{ICONS[each]}: {context.word(f'app_what_if.tool_{each}')}",
        )
        st.button(
            context.word("app_what_if.undo"),
            icon=":material/undo:",
            key="whatif_undo",
            disabled=not draft.current.changes,
            on_click=current.change,
            args=(context, Draft.undo),
        )
        st.button(
            context.word("app_what_if.redo"),
            icon=":material/redo:",
            key="whatif_redo",
            disabled=not draft.undone,
            on_click=current.change,
            args=(context, Draft.redo),
        )
    return tool


def _hint(context: Context, district: District, tool: str, kind: str) -> str:
    first = current.first_click(context, tool, kind)
    if first is not None and first.facility_id:
        name = markdown(_name(context, district, first.facility_id))
        return context.word(f"app_what_if.hint_{tool}_second", place=name)
    second = "_second" if first is not None else ""
    word = context.labels.kind(kind, context.district().kinds)
    return context.word(f"app_what_if.hint_{tool}{second}", kind=markdown(word))


def _name(context: Context, district: District, facility_id: str) -> str:
    """Return what a facility is called by now; its kind and place where it has no name."""
    name, kind = facility_name(context, facility_id, district)
    own = district.facilities.set_index("facility_id")["name"].get(facility_id, "")
    return name if own or not kind else context.word("places.named", name=kind, place=name)


def _picked(context: Context, tool: str, kind: str, pick: Pick) -> None:
    """Do what a click means."""
    first = current.first_click(context, tool, kind)
    current.remember_first_click(None)
    try:
        now = current.assessment_after(context, current.open_draft(context).current).district
        name = _new_name(context, kind, now.facilities)
        made = clicks.read(now, tool, kind, pick, first, name)
    except PlannerError as error:
        notices.leave(error.finding)
        if error.code == "app_what_if.stands_there":
            current.remember_first_click(first)  # what is taken up still looks for a place
        return
    if isinstance(made, current.FirstClick):
        current.remember_first_click(replace(made, entry=context.entry.id))
    else:
        current.change(context, lambda draft: draft.do(made))


def _new_name(context: Context, kind: str, facilities: pd.DataFrame) -> str:
    """Return a name that no facility has, numbered on from the new ones that are there."""
    first = 1 + facilities["facility_id"].str.startswith("new-").sum()
    word = context.labels.kind(kind, context.district().kinds)
    names = (
        context.word("app_what_if.new_name", kind=word, number=number) for number in count(first)
    )
    taken = set(facilities["name"])
    return next(name for name in names if name not in taken)


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
        places = district.facilities[clicks.fitting(district, tool, kind)]
        words = places["kind"].map(lambda each: context.labels.kind(each, district.kinds))
        name = context.word("app_what_if.layer_convert")
        layers.append(
            mark_group(differences.facility_marks(places, words), crs, name, seed="other")
        )
    if tool == "gate":
        layers += gate_groups(district, context.labels, show=True)
    drawn = [
        *marks(context, scenario, before.district, district),
        *_first_click_mark(context, tool, kind),
    ]
    if drawn:
        name = context.word("app_what_if.layer_changes")
        layers.append(mark_group(drawn, crs, name, seed="changes"))
    return layers


def _signs(context: Context, scenario: Scenario, tool: str) -> str:
    """Return what the legend says of the changes and gates of :func:`_extra`."""
    shown = change_legend(context, scenario.changes)
    return shown + gates_legend(context.labels) if tool == "gate" else shown


def _first_click_mark(context: Context, tool: str, kind: str) -> list[Mark]:
    first = current.first_click(context, tool, kind)
    if first is None:
        return []
    style = {"radius": 9, "color": "#c2410c", "weight": 4, "fillColor": "#ffffff", "fillOpacity": 1}
    return [Mark(shapely.Point(first.x, first.y), style)]


def _kept(context: Context, draft: Draft) -> None:
    """Draw the name, saving, loading, and the files to take away and bring back."""
    say = context.word
    with (
        st.form("whatif_name", border=False),
        st.container(horizontal=True, vertical_alignment="bottom", gap="small"),
    ):
        name = st.text_input(
            say("app_what_if.name"), value=draft.current.name, max_chars=80, key="whatif_name_text"
        )
        if st.form_submit_button(say("app_what_if.save"), icon=":material/save:", type="primary"):
            current.change(context, lambda each: each.named(name).keep())
            st.rerun(scope="fragment")
    for number, scenario in enumerate(draft.kept):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            count = len(scenario.changes)
            name_shown = markdown(scenario.name)
            st.markdown(say("app_what_if.kept_row", name=name_shown, count=count), width="stretch")
            st.button(
                say("app_what_if.load"),
                key=f"whatif_load_{number}",
                on_click=current.change,
                args=(context, partial(_loaded, scenario=scenario)),
            )
            st.button(
                say("app_what_if.forget"),
                key=f"whatif_forget_{number}",
                icon=":material/delete:",
                type="tertiary",
                on_click=current.change,
                args=(context, partial(_forgotten, name=scenario.name)),
            )
    offered = downloads.scenario(
        say("app_what_if.download"), f"{context.stem}.scenario.json", lambda: draft.current
    )
    downloads.file(offered, "whatif", disabled=not draft.current.changes)
    _upload(context)
    st.caption(say("app_what_if.kept_note"))


def _loaded(draft: Draft, scenario: Scenario) -> Draft:
    return draft.load(scenario)


def _forgotten(draft: Draft, name: str) -> Draft:
    return draft.forget(name)


def _upload(context: Context) -> None:
    sent = st.file_uploader(
        context.word("app_what_if.upload"), type=["json"], key="whatif_upload", max_upload_size=1
    )
    if sent is None or st.session_state.get("whatif_taken") == sent.file_id:
        return
    st.session_state["whatif_taken"] = sent.file_id
    try:
        scenario = uploaded(sent.getvalue(), sent.name)
    except PlannerError as error:
        notices.leave(error.finding)
    else:
        current.change(context, lambda draft: draft.load(scenario))
    st.rerun(scope="fragment")
