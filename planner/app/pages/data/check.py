"""The data check: what is wrong, row by row, to be mended, corrected or ticked off."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pandas as pd
import streamlit as st

from planner.analysis.data_check import DataCheck, Problem, check_data, mend_data
from planner.app.pages.data.corrections import CHOSEN
from planner.app.server.reading.uploads import discard, free_name, new_folder, publish
from planner.app.server.settings.settings import settings
from planner.app.session import choices, notices
from planner.app.session.answers import assessments
from planner.app.session.answers.cache import WHOLE, answer
from planner.app.session.catalogue import Entry
from planner.app.session.context import Context
from planner.app.session.errors import markdown
from planner.app.session.reader import permissions
from planner.app.widgets import downloads, map_view, tables
from planner.app.widgets.column_widths import Laid, laid_out, text_width
from planner.app.widgets.map_view import Pane
from planner.errors import Finding, InputError, PlannerError
from planner.sources import write_district
from planner.sources.ticks import Ticks, carry_ticks, change_ticks, read_ticks
from planner.views.maps.data_check import problem_group, problem_legend
from planner.views.tables.analysis.data_check import (
    changes_table,
    other_word,
    problem_rows_table,
    problems_table,
    short_name,
)

if TYPE_CHECKING:
    from planner.district import District

MAP_HEIGHT = 380
ROOM = 505
"""For the rows beside the map, pixels."""

TICK_SIGN = 48
"""What a heading that can be edited has beside its words, pixels."""

_CHANGES = "check_changes"
_SPOT = r"-?\d+ -?\d+"
"""An id that is a place, metres east and north."""


@answer(WHOLE)
def data_check(entry: Entry) -> DataCheck:
    """Return the data check of a district."""
    return check_data(assessments.district(entry))


def draw(context: Context, here: District) -> None:  # noqa: ARG001 - as the page's other parts
    """Draw the problems, the rows of the chosen one with their ticks, and a map of them."""
    notices.draw(context)
    with st.spinner(context.word("app_data.checking"), show_time=True):
        check = data_check(context.entry)
    ticks = Ticks() if context.entry.path is None else read_ticks(context.entry.path)
    rows = check.rows()
    ticked = set(rows["key"]) & set(ticks.at)
    _head(context, check, rows, ticked)
    if not check.problems:
        st.success(context.word("data_check.none"), icon=":material/check:")
        return
    code = _chosen(context, check, ticked)
    problem = next(each for each in check.problems if _key(each) == code)
    own = rows[rows["key"].isin(problem.keys())]
    st.markdown(markdown(context.labels.finding(problem.finding, check.district.kinds)))
    left, right = st.columns([6, 6])
    with left:
        name = short_name(problem.code, context.labels)
        layer = problem_group(own, context.labels, name, ticked)
        legend = problem_legend(context.labels, name)
        map_view.show(context, [Pane([layer])], key="check", height=MAP_HEIGHT, legend=legend)
    with right:
        _rows(context, own, ticked, code)


def _key(problem: Problem) -> str:
    """Return a name for a problem that holds in the address: its code, and column if it has one."""
    finding = problem.finding
    return f"{finding.code}:{finding.params.get('column', '')}".rstrip(":")


def _head(context: Context, check: DataCheck, rows: gpd.GeoDataFrame, ticked: set[str]) -> None:
    """Draw how much is left, what mends without a person, and the list to take away."""
    intro, act = st.columns([8, 4], vertical_alignment="center")
    left = len(rows) - len(ticked)
    figures = {"left": context.labels.number(left), "ticked": context.labels.number(len(ticked))}
    with intro:
        st.markdown(context.word("app_data.check_intro", **figures))
    mendable = [each for each in check.problems if each.mend]
    with act, st.container(horizontal=True, horizontal_alignment="right"):
        if mendable and permissions.may_upload():
            count = sum(len(set(each.keys()) - ticked) for each in mendable)
            st.button(
                context.word("app_data.check_mend", count=context.labels.number(count)),
                icon=":material/build:",
                help=context.word("app_data.check_mend_help"),
                key="check_mend",
                disabled=not count,
                on_click=_mend,
                args=(context, tuple(sorted(ticked))),
            )
        problems, lines = (
            downloads.table(context.word(f"app_data.check_{name}"), f"data_{name}.csv", make)
            for name, make in (
                ("problems", partial(problems_table, check, context.labels)),
                ("problem_rows", partial(problem_rows_table, rows, context.labels, ticked)),
            )
        )
        downloads.files(context, "data_check", [problems, lines])
    changes = st.session_state.get(_CHANGES)
    if changes is not None and changes[0] == context.entry.id:
        with st.expander(context.word("data_check.changes_title"), expanded=True):
            tables.draw(context, changes[1], "check_changes", room=tables.WHOLE)


def _chosen(context: Context, check: DataCheck, ticked: set[str]) -> str:
    """Draw the problems to choose from; return the key of the chosen one."""
    words = {}
    for each in check.problems:
        left = len(set(each.keys()) - ticked)
        name = short_name(each.code, context.labels)
        column = str(each.finding.params.get("column", ""))
        if column:
            name += f" · {other_word(column, context.labels)}"
        words[_key(each)] = (
            f"{context.word(f'data_check.{each.severity}')} · "
            f"{context.word(f'app.layer_{each.layer}')} · {name} ({context.labels.number(left)})"
        )
    if choices.own("problem") not in words:
        choices.choices().pop("problem", None)
    return choices.pick(
        "problem",
        context.word("data_check.col_problem"),
        list(words),
        next(iter(words)),
        words.__getitem__,
    )


def _laid(shown: pd.DataFrame, tick: str, metres: dict[str, Any]) -> Laid:
    """Return how the columns are laid out, all of them, beside the map; headings are never cut."""
    width = round(text_width(tick)) + TICK_SIGN
    config = {tick: st.column_config.CheckboxColumn(tick, width=width), **metres}
    return laid_out(shown, list(map(str, shown)), config, ROOM, every=True)


def _rows(context: Context, own: gpd.GeoDataFrame, ticked: set[str], code: str) -> None:
    """Draw the rows of a problem, each with a box to tick it off."""
    table = problem_rows_table(own, context.labels, ticked)
    names = {
        name: context.word(f"data_check.col_{name}") for name in ("id", "name", "other", "metres")
    }
    shown = table[[names[name] for name in names]].copy()
    if own["id"].str.fullmatch(_SPOT).all():  # of no row: known by its place
        spots = {names["id"]: "col_place", names["name"]: "col_near"}
        renamed = {old: context.word(f"data_check.{new}") for old, new in spots.items()}
        shown = shown[[names[name] for name in ("name", "other", "metres", "id")]]
        shown = shown.rename(columns=renamed)
    empty = [c for c in shown if shown[c].isna().all() or shown[c].eq("").all()]
    shown = shown.drop(columns=empty)
    may = permissions.may_change() and context.entry.path is not None
    tick = context.word("data_check.col_ticked")
    if context.labels.names:
        shown = context.labels.names.in_cells(shown)
    shown.insert(0, tick, [key in ticked for key in own["key"]])
    keys = own["key"].tolist()
    name = f"check_rows_{code}_{len(ticked)}"
    metres = {names["metres"]: tables.count_column(names["metres"])}
    if not may:
        tables.draw(context, shown, name, config=metres, height=MAP_HEIGHT - 50, name="check_rows")
    else:
        laid = _laid(shown, tick, metres)
        st.data_editor(
            laid.measured(shown),
            hide_index=True,
            height=tables.height_of(laid, len(shown), MAP_HEIGHT - 50),
            row_height=tables.row_height(laid),
            disabled=[str(column) for column in shown if column != tick],
            column_config=laid.config,
            key=name,
            on_change=partial(_tick, context, name, keys, tick),
        )
    if not may:
        st.caption(context.word("app_data.check_no_ticks"))
    elif own["layer"].iloc[0] == "facilities":
        st.caption(context.word("app_data.check_correct"))
        open_ids = [i for i, key in zip(own["id"], keys, strict=True) if key not in ticked]
        if open_ids:
            st.button(
                context.word("app_data.check_open", id=open_ids[0]),
                icon=":material/edit_location_alt:",
                key="check_open",
                on_click=_open,
                args=(open_ids[0],),
            )


def _open(facility_id: str) -> None:
    """Go to the form in which a facility is corrected."""
    choices.choices()["part"] = "correct"
    choices.choices()[CHOSEN] = facility_id


def _tick(context: Context, name: str, keys: list[str], column: str) -> None:
    """Keep the ticks that were set and taken back."""
    edited: dict[int, dict[str, object]] = st.session_state[name]["edited_rows"]
    said = {keys[row]: cells[column] for row, cells in edited.items() if column in cells}
    try:
        if not permissions.may_change() or context.entry.path is None:
            raise InputError("corrections.not_permitted")
        change_ticks(
            context.entry.path,
            [key for key, value in said.items() if value],
            [key for key, value in said.items() if not value],
        )
    except PlannerError as error:
        notices.leave(error.finding)


def _mend(context: Context, right: tuple[str, ...]) -> None:
    """Make a mended copy of the district, with its ticks, list what was changed, and go there."""
    try:
        if not permissions.may_upload():
            raise InputError("corrections.not_permitted")
        # once for each press, and laid among the workspaces: nobody asks for the same again
        result = mend_data(assessments.district(context.entry), right=right)
        made = _published(context, result.district, right)
    except PlannerError as error:
        notices.leave(error.finding)
        return
    st.session_state[_CHANGES] = (made, changes_table(result.changes, context.labels))
    count = len(result.changes)
    params = {"file": made, "before": context.entry.id, "count": count, "right": len(right)}
    notices.leave(Finding("data_check.copy_open", params), done=True)
    choices.choices()["district"] = made


def _published(context: Context, district: District, right: tuple[str, ...]) -> str:
    """Lay a mended copy among the workspaces, what was ticked off beside it; return its name."""
    folder = settings().workspaces
    part = new_folder(folder)
    try:
        # its heading says which of both is open
        name = free_name(folder, f"{_stem(context)}-mended")
        written = write_district(replace(district, name=name), part / "mended.gpkg")
        made = publish(written, folder, name)
    finally:
        discard(part)
    if context.entry.path is not None:
        carry_ticks(context.entry.path, made, right)
    return made.name


def _stem(context: Context) -> str:
    return context.entry.id.removesuffix(".gpkg")
