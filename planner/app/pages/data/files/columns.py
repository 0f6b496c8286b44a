"""How one file is read: its headers, what each column means, and the first rows as read."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from planner.app.pages.data.files import earlier_readings, wording
from planner.app.pages.data.files.state import Given, told_anew, with_column
from planner.app.server.settings.settings import settings
from planner.app.session.context import Context
from planner.app.session.errors import markdown
from planner.sources.files.lists import layer_of
from planner.sources.tables.headers.headers import roles
from planner.sources.tables.values.figures import is_figure
from planner.sources.tables.words.states import MATTERS

ENCODINGS = {"utf-8-sig": "UTF-8", "gb18030": "GBK (GB18030)", "utf-16": "UTF-16"}
DECIMALS = {".": "point", ",": "comma"}
_OFFERED = (
    "columns",
    "turned",
    "decimal",
    "kind_words",
    "datum",
    "community_names",
    *(f"{matter}_words" for matter in MATTERS),
)
"""What of an earlier mapping is worth an offer where it differs."""

_WIDTHS = [3.0, 4.2, 4.0, 1.0]


def draw(context: Context, given: Given) -> None:
    """Draw the choice of a layer, and how its file is read."""
    shown = given.shown()
    if given.looked_at not in shown:
        first = [*given.faults(), *(layer for layer in ("facilities", *shown) if layer in shown)]
        given.looked_at = first[0]
    key = given.key("layer", given.looked_at)
    faults = given.faults()
    st.segmented_control(
        context.word("app_files.head_used_for"),
        list(shown),
        default=given.looked_at,
        format_func=lambda layer: (
            (":material/error: " if layer in faults else "")
            + markdown(wording.layer(context, given, layer))
        ),
        key=key,
        label_visibility="collapsed",
        on_change=_look_at,
        args=(given, key),
    )
    layer = given.looked_at
    answer = shown[layer]
    wording.error(context, given, answer)
    offer_earlier(context, given, layer, answer)
    left, right = st.columns([7, 5], gap="medium")
    with left:
        _how(context, given, layer, answer)
        _meanings(context, given, layer, answer)
    with right:
        _rows(context, given, answer)
        wording.findings(context, given, answer)


def _look_at(given: Given, key: str) -> None:
    given.looked_at = st.session_state[key] or given.looked_at


def offer_earlier(context: Context, given: Given, layer: str, answer: dict[str, Any]) -> None:
    """Offer to read the file as one of the same shape was read before."""
    if answer["mapping"] is None:
        return
    headers = [column["header"] for column in answer["columns"]]
    offers = earlier_readings.earlier(settings().workspaces, layer_of(layer), headers, given.kinds)
    now = answer["mapping"]
    for number, offer in enumerate(offers[:2]):
        same = all(
            now[name] == offer.mapping[name] or (name == "datum" and not now[name])
            for name in _OFFERED
        )
        if same or given.of(layer).mapping == offer.mapping:
            continue
        st.button(
            context.word("app_files.as_before", name=markdown(offer.name)),
            icon=":material/history:",
            key=f"files_earlier_{layer}_{number}",
            help=context.word("app_files.as_before_help"),
            on_click=_take_earlier,
            args=(given, layer, offer.mapping),
        )


def _take_earlier(given: Given, layer: str, mapping: dict[str, Any]) -> None:
    given.of(layer).mapping = mapping
    given.change()


def _how(context: Context, given: Given, layer: str, answer: dict[str, Any]) -> None:
    """Draw where the headers stand, the encoding, and whether coordinates are exchanged."""
    mapping = answer["mapping"]
    if mapping is None or not mapping["header_row"]:
        return
    now = given.of(layer).mapping or mapping
    widths = [1.4, 1.9, 1.6, 2.8] if mapping["encoding"] else [1.4, 1.6, 4.7]
    boxes = iter(st.columns(widths, vertical_alignment="bottom"))
    row = given.key("row", layer)
    next(boxes).number_input(
        context.word("app_files.header_row"),
        1,
        value=given.of(layer).header_row or int(mapping["header_row"]),
        step=1,
        key=row,
        help=context.word("app_files.header_row_help"),
        on_change=_guess_anew,
        args=(given, layer, "header_row", row),
    )
    if mapping["encoding"]:
        own = given.key("encoding", layer)
        encoding = given.of(layer).encoding or mapping["encoding"]
        next(boxes).selectbox(
            context.word("app_files.encoding"),
            list(dict.fromkeys([encoding, *ENCODINGS])),
            format_func=lambda name: ENCODINGS.get(name, name.upper()),
            key=own,
            on_change=_guess_anew,
            args=(given, layer, "encoding", own),
        )
    sign = given.key("decimal", layer)
    next(boxes).selectbox(
        context.word("app_files.decimal"),
        list(DECIMALS),
        index=list(DECIMALS).index(now["decimal"]),
        format_func=lambda each: context.word(f"app_files.decimal_{DECIMALS[each]}"),
        key=sign,
        on_change=_set,
        args=(given, layer, mapping, "decimal", sign),
    )
    turned, exchanged = given.key("turned", layer), _exchanged(answer)
    next(boxes).checkbox(
        context.word("app_files.turned"),
        value=exchanged or bool(now["turned"]),
        key=turned,
        disabled=exchanged,
        help=context.word(f"app_files.turned_{'seen' if exchanged else 'help'}"),
        on_change=_set,
        args=(given, layer, mapping, "turned", turned),
    )


_AXES = {"x": "y", "y": "x", "lon": "lat", "lat": "lon"}


def _exchanged(answer: dict[str, Any]) -> bool:
    """Whether the program saw that the first coordinate is the northing, and exchanged both."""
    codes = {each["code"] for each in answer["findings"]}
    return bool(codes & {"tables.north_first", "tables.axes_turned", "tables.turned_by_place"})


def _guess_anew(given: Given, layer: str, name: str, key: str) -> None:
    mapping = given.shown()[layer]["mapping"]
    if st.session_state[key] == (getattr(given.of(layer), name) or mapping[name]):
        return
    given.said[layer] = told_anew(given.of(layer), **{name: st.session_state[key]})
    given.change()


def _set(given: Given, layer: str, mapping: dict[str, Any], name: str, key: str) -> None:
    said = given.of(layer)
    now = said.mapping or mapping
    if now[name] == st.session_state[key]:
        return
    said.mapping = {**now, name: st.session_state[key]}
    given.change()


def _meanings(context: Context, given: Given, layer: str, answer: dict[str, Any]) -> None:
    """Draw a line for each column: header, samples, meaning, unit."""
    heads = st.columns(_WIDTHS)
    for head, name in zip(heads, ("column", "samples", "means", "unit"), strict=True):
        head.caption(context.word(f"app_files.head_{name}"))
    mapping = answer["mapping"]
    said = given.of(layer).mapping or mapping
    options = ["", *roles(mapping["layer"] if mapping else layer_of(layer))]
    with st.container(height=330, border=False):
        for number, column in enumerate(answer["columns"]):
            header, samples, means, unit = st.columns(_WIDTHS, vertical_alignment="center")
            header.markdown(f"**{markdown(column['header'])}**")
            samples.caption(markdown(" · ".join(column["samples"])) or "–")
            if said is None:
                means.markdown(wording.role(context, column["role"], layer))
                continue
            role = said["columns"].get(column["header"], "")
            key = given.key("means", layer, number)
            means.selectbox(
                context.word("app_files.meaning_of", column=markdown(column["header"])),
                options,
                index=options.index(role),
                format_func=lambda each: wording.role(context, each, layer),
                key=key,
                label_visibility="collapsed",
                on_change=_mean,
                args=(given, layer, said, column["header"], key),
            )
            if role in _AXES and _exchanged(answer):
                read = wording.role(context, _AXES[role])
                means.caption(f"⇄ {context.word('app_files.read_as_axis', axis=read)}")
            elif is_figure(role) and column["factor"] != 1:
                factor = context.labels.number(column["factor"], 4 if column["factor"] < 1 else 0)
                unit.markdown(f"× {factor}")


def _mean(given: Given, layer: str, said: dict[str, Any], header: str, key: str) -> None:
    if said["columns"].get(header, "") == st.session_state[key]:
        return
    given.of(layer).mapping = with_column(said, header, st.session_state[key])
    given.change()


def _counted(context: Context, given: Given, answer: dict[str, Any]) -> str:
    """Return how many rows are read, and where the others of the file are."""
    labels, aside = context.labels, answer["count_set_aside"]
    told = [context.word("app_files.first_rows", count=labels.number(answer["rows"]))]
    if aside:
        told.append(context.word("app_files.rows_aside", count=labels.number(aside)))
    part = given.part_of(given.looked_at)
    others = 0 if part is None else int(part["rows"]) - answer["rows"] - aside
    if others > 0 and answer["mapping"] is not None and answer["mapping"]["header_row"]:
        told.append(context.word("app_files.rows_others", count=labels.number(others)))
    return labels.paragraph(told)


def _rows(context: Context, given: Given, answer: dict[str, Any]) -> None:
    """Draw the first rows as they will be read."""
    if not answer["sample"]:
        return
    labels = context.labels
    rows = pd.DataFrame(answer["sample"])
    for name in rows:
        if name == "kind":
            rows[name] = [labels.kind(each, given.kinds) for each in rows[name]]
        elif name in ("status", "ownership"):
            rows[name] = [labels.value(each) for each in rows[name]]
    st.caption(_counted(context, given, answer))
    config = {str(name): wording.role(context, str(name), given.looked_at) for name in rows}
    st.dataframe(
        rows, hide_index=True, column_config=config, height=248, key="files_rows", placeholder="–"
    )
