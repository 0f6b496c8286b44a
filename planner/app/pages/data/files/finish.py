"""What will be imported, the rows that will be set aside, and the button that imports."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

from planner.app.pages.data import import_rules
from planner.app.pages.data.answers import remember, restore
from planner.app.pages.data.files import places, requests, residents, set_aside, wording
from planner.app.pages.data.files.state import Given
from planner.app.server.reading import uploads
from planner.app.server.settings.settings import settings
from planner.app.session.context import Context
from planner.app.session.errors import markdown
from planner.app.widgets import tables
from planner.district import builtin_kinds
from planner.district.layers import BUFFER_M
from planner.views.tables.set_aside import set_aside_rows
from planner.views.words.labels import Labels


def may_import(given: Given) -> bool:
    """Whether all that is needed can be read as it was shown."""
    open_ones = given.lacking() or given.twice() or given.rivals() or given.faults()
    return not (open_ones or residents.faults(given) or given.stale)


def draw(context: Context, given: Given) -> None:
    """Draw what will be made, and the button."""
    left, right = st.columns([9, 15], gap="medium")
    with left:
        _summary(context, given)
    with right:
        _doubts(context, given)
        count = given.count_aside
        if count:
            draw_set_aside(context, given, count)
        else:
            st.success(context.word("app_files.all_fit"), icon=":material/check_circle:")
        _options(context, given)
        _blocked(context, given)
        agreed = not count or given.agreed
        if may_import(given) and not agreed:
            st.caption(context.word("app_files.agree_first"))
        st.button(
            context.word("app_files.import"),
            type="primary",
            icon=":material/play_arrow:",
            key="files_import",
            disabled=not (may_import(given) and agreed),
            on_click=_import,
            args=(context.labels, given),
        )


def _summary(context: Context, given: Given) -> None:
    labels = context.labels
    rows = []
    for layer, answer in given.shown().items():
        people = answer["sums"].get("population", answer["sums"].get("weight"))
        rows.append(
            {
                "layer": wording.layer(context, given, layer),
                "rows": answer["rows"],
                "people": people,
                "aside": answer["count_set_aside"] or None,
            }
        )
    column = st.column_config
    config = {
        "layer": column.TextColumn(context.word("app.col_layer")),
        "rows": tables.count_column(context.word("app_files.head_rows")),
        "people": tables.count_column(labels.column("population")),
        "aside": tables.count_column(context.word("app_files.head_aside")),
    }
    st.markdown(context.word("app_files.finish_intro"))
    if residents.spread(given):
        st.info(context.word("app_files.spread"), icon=":material/info:")
    tables.draw(context, pd.DataFrame(rows), "files_sum", config=config, height="content")
    people = sum(answer.get("people_aside", 0.0) for answer in given.shown().values())
    if people:
        st.caption(context.word("app_files.people_aside", people=labels.number(people)))
    _kinds(context, given)


def _kinds(context: Context, given: Given) -> None:
    """Draw how many facilities there are of each kind, and of which there are none."""
    counts: dict[str, int] = {}
    for key in given.lists():
        for kind, count in given.shown()[key].get("kinds", {}).items():
            counts[kind] = counts.get(kind, 0) + count
    if not counts:
        return
    labels = context.labels
    ordered = sorted(counts.items(), key=lambda each: -each[1])
    said = [f"{markdown(labels.kind(k, given.kinds))} {labels.number(n)}" for k, n in ordered]
    text = context.word("app_files.kinds_counted", kinds=labels.text(", ").join(said))
    without = [labels.kind(kind, given.kinds) for kind in builtin_kinds() if kind not in counts]
    if without:
        names = markdown(labels.text(", ").join(without))
        text += f"  \n**{context.word('app_files.kinds_without', kinds=names)}**"
    st.markdown(text)


def _doubts(context: Context, given: Given) -> None:
    """Tell which layers probably lie elsewhere: figures would be wrong."""
    lines = [places.doubted(context, given, *each) for each in places.doubts(given)]
    if lines:
        told_ways = context.word("app_files.doubts_intro")
        st.error("  \n".join([told_ways, *lines]), icon=":material/wrong_location:")


def draw_set_aside(context: Context, given: Given, count: int) -> None:
    """Draw the rows that will be left out with their reasons, and ask whether they may."""
    rows = [row for answer in given.shown().values() for row in answer["set_aside"]]
    sentence = partial(wording.sentence, context, given)
    table = set_aside_rows(rows, context.labels, sentence)
    st.warning(
        context.word("app_files.aside", count=context.labels.number(count)),
        icon=":material/playlist_remove:",
    )
    set_aside.draw(context, table, "files_aside")
    if count > len(table):
        st.caption(context.word("app_files.aside_more", shown=context.labels.number(len(table))))
    with st.container(horizontal=True, vertical_alignment="center"):
        set_aside.offer(
            context,
            "files_aside",
            context.labels.number(count),
            lambda: set_aside_rows(set_aside.every_row(given.folder), context.labels, sentence),
        )
        key = given.key("agreed")
        st.session_state.setdefault(key, given.agreed)
        st.checkbox(
            context.word("app_files.aside_agree"),
            key=key,
            on_change=_agree,
            args=(given, key),
        )


def _agree(given: Given, key: str) -> None:
    given.agree(bool(st.session_state[key]))


USUAL: dict[str, Any] = {"files_name": "", "files_buffer": BUFFER_M}
"""Keys of the boxes beside the rules, and what they are set to where nobody says otherwise."""


def _options(context: Context, given: Given) -> None:
    restore(given.options, USUAL)
    name, buffer = st.columns(2)
    name.text_input(
        context.word("app_files.name"),
        key="files_name",
        max_chars=80,
        placeholder=_usual_name(given),
    )
    buffer.number_input(
        context.word("app_data.buffer"),
        0.0,
        10_000.0,
        step=100.0,
        format="%.0f",
        key="files_buffer",
        help=context.word("app_data.buffer_help"),
    )
    remember(given.options, USUAL)
    _same_name(context, given)
    import_rules.draw(context, given.options)


def _usual_name(given: Given) -> str:
    """Return the name of the boundaries' file, which a district has where none is said."""
    boundaries = given.part_of("communities")
    return Path(boundaries["file"]).stem if boundaries else ""


def _same_name(context: Context, given: Given) -> None:
    """Tell where a district of that name is there already."""
    said = given.options["files_name"].strip() or _usual_name(given)
    stem = uploads.safe_name(said)
    free = uploads.free_name(settings().workspaces, stem)
    if said and free != stem:
        told = context.word("app_files.same_name", name=markdown(said), file=markdown(free))
        st.warning(told, icon=":material/content_copy:")


def _blocked(context: Context, given: Given) -> None:
    """Tell what must be said before an import."""
    if residents.faults(given):
        st.error(context.word("app_files.residents_open"), icon=":material/error:")
    names = [
        markdown(wording.layer(context, given, key)) for key in (*given.lacking(), *given.faults())
    ]
    if names:
        layers = context.labels.text(", ").join(names)
        st.error(context.word("app_files.blocked", layers=layers), icon=":material/error:")


def _import(labels: Labels, given: Given) -> None:
    remember(given.options, USUAL)  # what was said with the same click is not drawn yet
    options: dict[str, Any] = {
        "buffer_m": given.options["files_buffer"],
        **import_rules.request(),
    }
    name = given.options["files_name"].strip()
    given.ask_for(partial(requests.import_files, labels, options, name))
