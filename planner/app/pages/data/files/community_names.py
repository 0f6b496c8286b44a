"""Names in a table of residents that are written otherwise: which community each of them is."""

from __future__ import annotations

from typing import Any

import streamlit as st

from planner.app.pages.data.files import columns
from planner.app.pages.data.files.state import Given
from planner.app.session.context import Context
from planner.app.session.errors import markdown

ASK, OUT = "?", "-"
"""Choices of a name beside the communities: nobody said, its row is left out."""

MOST_CHOICES = 20_000
"""Choices that all boxes of a page hold together; a browser is slow with more."""

FEWEST_BOXES, MOST_BOXES = 5, 40
_WIDTHS = [4, 1.6, 5]
_LAYER = "totals"


def _rows(given: Given) -> list[dict[str, Any]]:
    """Return the rows that join by no code and no whole name, those first that join none."""
    answer = (given.preview or {}).get("residents") or {}
    found: dict[str, dict[str, Any]] = {}
    for row in answer.get("rows", []):
        if row["key"] and row["how"] in ("", "said", "out", "stem"):
            found.setdefault(row["key"], row)
    return list(found.values())


def _chosen(given: Given, row: dict[str, Any]) -> str:
    """Return what a name stands for: what a community is called, :data:`OUT`, or :data:`ASK`."""
    if row["key"] in given.community_names:
        return given.community_names[row["key"]] or OUT
    return OUT if row["how"] == "out" else row["is"] or ASK


def undecided(given: Given) -> list[str]:
    """Return the names of which nobody said which community they are."""
    return [row["key"] for row in _rows(given) if _chosen(given, row) == ASK]


def draw(context: Context, given: Given, answer: dict[str, Any]) -> None:
    """Draw a box for each name that is none of a community's, or not the whole of it."""
    rows, communities = _rows(given), answer["communities"]
    if not (rows and communities):
        return
    most = max(FEWEST_BOXES, min(MOST_BOXES, MOST_CHOICES // len(communities)))
    st.markdown(f"**{context.word('app_files.names')}**")
    open_ones = [row for row in rows if _chosen(given, row) == ASK]
    if open_ones:
        people = sum(row["population"] or 0 for row in open_ones)
        counts = {"count": len(open_ones), "people": context.labels.number(people)}
        st.warning(context.word("app_files.names_open", **counts), icon=":material/help:")
        if _LAYER in given.shown():  # what was said of the file of the year before
            columns.offer_earlier(context, given, _LAYER, given.shown()[_LAYER])
    heads = st.columns(_WIDTHS)
    for head, name in zip(heads, ("name", "people", "is_community"), strict=True):
        head.caption(context.word(f"app_files.head_{name}"))
    with st.container(height=min(300, 54 * min(len(rows), most) + 6), border=False):
        for number, row in enumerate(rows[:most]):
            _line(context, given, number, row, communities)
    if len(rows) > most:
        st.caption(context.word("app_files.names_more", count=len(rows) - most))


def _line(
    context: Context,
    given: Given,
    number: int,
    row: dict[str, Any],
    communities: list[dict[str, Any]],
) -> None:
    name, people, box = st.columns(_WIDTHS, vertical_alignment="center")
    name.markdown(f"**{markdown(row['key'])}**")
    people.markdown("–" if row["population"] is None else context.labels.number(row["population"]))
    chosen = _chosen(given, row)
    options = choices(row, communities)
    key = given.key("community", number)
    box.selectbox(
        context.word("app_files.name_is", name=markdown(row["key"])),
        options,
        index=options.index(chosen) if chosen in options else 0,
        format_func=lambda each: _word(context, each),
        key=key,
        label_visibility="collapsed",
        on_change=_keep_community,
        args=(given, row, key),
    )


def choices(row: dict[str, Any], communities: list[dict[str, Any]]) -> list[str]:
    """Return what a name may be: what is alike, then communities without residents, then all.

    Examples
    --------
    >>> told = [("A", True), ("B", False), ("C", True)]
    >>> areas = [{"value": v, "name": v, "told": known} for v, known in told]
    >>> choices({"alike": "C"}, areas)
    ['?', 'C', 'B', 'A', '-']
    """
    alike = row["alike"].split(", ") if row["alike"] else []
    first = [each["value"] for like in alike for each in communities if each["name"] == like]
    lacking = [each["value"] for each in communities if not each["told"]]
    every = [each["value"] for each in communities]
    return [ASK, *dict.fromkeys([*first, *lacking, *every]), OUT]


def _word(context: Context, choice: str) -> str:
    if choice == ASK:
        return context.word("app_files.word_ask")
    if choice == OUT:
        return context.word("app_files.name_out")
    return choice


def _keep_community(given: Given, row: dict[str, Any], key: str) -> None:
    """Keep which community a name is; what an earlier file said of it no longer counts."""
    chosen, name = st.session_state[key], row["key"]
    if chosen == _chosen(given, row):
        return
    if chosen == ASK:
        given.community_names.pop(name, None)
        said = given.of(_LAYER)
        mapping = said.mapping or given.shown()[_LAYER]["mapping"]
        before = (mapping or {}).get("community_names", {})
        if mapping is not None and name in before:
            kept = {own: other for own, other in before.items() if own != name}
            said.mapping = {**mapping, "community_names": kept}
    else:
        given.community_names[name] = "" if chosen == OUT else chosen
    given.change()
