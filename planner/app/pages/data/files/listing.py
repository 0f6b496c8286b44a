"""The files with their sheets and layers, and what each is used for."""

from __future__ import annotations

from typing import Any

import streamlit as st

from planner.app.pages.data.files import box, requests
from planner.app.pages.data.files.state import Given, Said
from planner.app.session.context import Context
from planner.app.session.errors import markdown
from planner.errors import Finding, messages
from planner.sources.files.lists import layer_of

_WIDTHS = [5.2, 1.3, 1.6, 3.9]


def draw(context: Context, given: Given) -> None:
    """Draw a line for each sheet and layer, and what is lacking."""
    word = context.word
    st.markdown(word("app_files.files_intro"))
    heads = st.columns(_WIDTHS)
    for head, name in zip(heads, ("part", "rows", "shape", "used_for"), strict=True):
        head.caption(word(f"app_files.head_{name}"))
    for place, part in enumerate(given.parts):
        _line(context, given, place, part)
    for layer in given.twice():
        told = word("app_files.twice", layer=word(f"app.layer_{layer}"))
        st.error(told, icon=":material/error:")
    if rivals := given.rivals():
        names = context.labels.text(", ").join(word(f"app_files.use_{each}") for each in rivals)
        st.error(word("app_files.rivals", layers=names), icon=":material/error:")
    if not given.one_only():
        st.warning(word("app_files.one_layer"), icon=":material/info:")
    lacking = given.lacking()
    if lacking:
        names = context.labels.text(", ").join(word(f"app.layer_{each}") for each in lacking)
        st.warning(word("app_files.lacking", layers=names), icon=":material/info:")
    if "streets" in lacking:
        st.caption(word("app_files.no_streets"))
    if given.into is None:
        with st.expander(word("app_files.add"), icon=":material/add:", expanded=bool(lacking)):
            words = ("app_files.add_title", "app_files.add_intro", "app_files.add_box")
            box.draw(context, "more", words, requests.add_files)


def _line(context: Context, given: Given, place: int, part: dict[str, Any]) -> None:
    name, rows, shape, use = st.columns(_WIDTHS, vertical_alignment="center")
    said = f" · {markdown(part['name'])}" if part.get("name") else ""
    name.markdown(f"**{markdown(part['file'])}**{said}")
    if "error" in part:
        code, params = part["error"]["code"], part["error"]["params"]
        if code in messages():
            use.markdown(f":red[{markdown(context.labels.finding(Finding(code, params)))}]")
        return
    rows.markdown(context.labels.number(part["rows"]))
    shape.markdown(context.word(f"app_files.shape_{part['shape']}"))
    if part["shape"] == "pixels" and not part["scores"]:
        use.caption(context.word("app_files.pixels_asked"))
    options = ["", *given.offered]
    key = given.key("use", place)
    use.selectbox(
        context.word("app_files.use_of", part=markdown(part["name"] or part["file"])),
        options,
        index=options.index(given.layers.get(place, "")),
        format_func=lambda layer: context.word(
            f"app_files.use_{layer}" if layer else "app_files.unused"
        ),
        key=key,
        label_visibility="collapsed",
        on_change=_use,
        args=(given, place, key),
    )


def use_one(given: Given) -> None:
    """Use the first of what can be brought up to date, as one sheet or layer is taken at a time."""
    usable = [place for place, layer in given.layers.items() if layer in given.offered]
    first = min(usable, key=lambda place: given.offered.index(given.layers[place]), default=None)
    given.layers = {place: layer if place == first else "" for place, layer in given.layers.items()}


def _use(given: Given, place: int, key: str) -> None:
    """Use a part for another layer; what was said of either layer is no longer about this part."""
    before, now = given.layers.get(place, ""), st.session_state[key]
    if before == now:
        return
    given.layers[place] = now
    for key in list(given.said):
        if layer_of(key) in (before, now):  # lists are numbered anew
            given.said[key] = Said()
            given.list_kinds.pop(key, None)
    for rows in ("same", "as_listed", "apart", "keep_other_kinds"):
        given.decided.pop(rows, None)
    given.change()
