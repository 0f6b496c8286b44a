"""Where the rows lie: coordinate systems and datums, said, found or asked, and a small map."""

from __future__ import annotations

from typing import Any

import streamlit as st

from planner.app.pages.data.files import drawing, told
from planner.app.pages.data.files.state import POINTS, Given
from planner.app.session.context import Context
from planner.app.session.errors import markdown
from planner.sources.datums.declared import NAMES

DATUMS = ("", "gcj02", "bd09", "wgs84", "cgcs2000")
"""What a layer's coordinates may be in; empty: as the file says, or as it is found."""

_ASKS = ("datums.not_sure", "datums.contradiction", "datums.partly_said")


def asked(given: Given) -> list[str]:
    """Return the layers whose datum nobody says and places do not tell."""
    return [
        layer
        for layer, answer in given.shown().items()
        if answer["error"] is not None and answer["error"]["code"] in _ASKS
    ]


def draw(context: Context, given: Given) -> None:
    """Draw a line for each layer, and the map."""
    left, right = st.columns([7, 5], gap="medium")
    with left:
        st.markdown(context.word("app_files.places_intro"))
        with st.container(height=430, border=False):
            for layer, answer in given.shown().items():
                _line(context, given, layer, answer)
        key = "files_crs"
        st.session_state[key] = given.crs
        st.text_input(
            context.word("app_files.crs"),
            key=key,
            max_chars=40,
            placeholder="EPSG:4547",
            help=context.word("app_files.crs_help"),
            on_change=_set_crs,
            args=(given, key),
        )
    with right:
        _map(context, given)


def _set_crs(given: Given, key: str) -> None:
    given.crs = st.session_state[key]
    given.change()


def _line(context: Context, given: Given, layer: str, answer: dict[str, Any]) -> None:
    """Draw what is known of a layer's coordinates, and the choice of another datum."""
    words, box = st.columns([7, 5], vertical_alignment="top")
    with words:
        st.markdown(f"**{context.word(f'app.layer_{layer}')}** · {markdown(answer['file'])}")
        st.caption(_known(context, given, layer, answer))
    key = f"files_datum_{layer}"
    st.session_state[key] = given.of(layer).datum
    box.selectbox(
        context.word("app_files.datum_of", layer=context.word(f"app.layer_{layer}")),
        DATUMS,
        format_func=lambda each: context.word(f"app_files.datum_{each or 'found'}"),
        key=key,
        label_visibility="collapsed",
        on_change=_set_datum,
        args=(given, layer, key),
    )


def _set_datum(given: Given, layer: str, key: str) -> None:
    given.of(layer).datum = st.session_state[key]
    given.change()


def _known(context: Context, given: Given, layer: str, answer: dict[str, Any]) -> str:
    """Return what is known of the coordinates of a layer, as Markdown."""
    word, labels = context.word, context.labels
    lines = []
    if layer in asked(given):
        lines.append(f":red[{word('app_files.datum_asked')}]")
    elif answer["error"] is not None:
        lines.append(f":red[{markdown(told.sentence(context, given, answer['error']))}]")
    if answer["crs"]:
        lines.append(word("app_files.in_crs", crs=markdown(answer["crs"])))
    datum = answer["datum"] or {}
    about = [each for each in answer["findings"] if each["code"].startswith("datums.")]
    lines += [markdown(told.sentence(context, given, each)) for each in about]
    if datum.get("fits") and not about:
        lines.append(_fits(context, datum))
    elif layer in POINTS and not about and datum.get("known") and answer["error"] is None:
        lines.append(word("app_files.datum_known"))
    rows = labels.number(answer["rows"])
    return "  \n".join([word("app_files.rows_read", count=rows), *lines])


def _fits(context: Context, datum: dict[str, Any]) -> str:
    """Return how a layer fits in each datum."""
    parts = [
        context.word(
            "app_files.fit",
            datum=NAMES[fit["datum"]],
            metres=context.labels.metres(fit["street_m"]),
            share=context.labels.percent(fit["inside"], 0),
        )
        for fit in datum["fits"]
    ]
    return context.labels.text(", ").join(parts)


def _map(context: Context, given: Given) -> None:
    picture = (given.preview or {}).get("drawing")
    if picture is None:
        st.info(context.word("app_files.no_map"), icon=":material/map:")
        return
    words = {layer: context.word(f"app.layer_{layer}") for layer in picture["points"]}
    st.html(drawing.html(picture, words, context.word("app_files.map_of")))
    st.caption(context.word("app_files.map_caption"))
