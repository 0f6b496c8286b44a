"""What an import can be told of streets and kinds, and which of its findings tell the effect."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from typing import Any

import streamlit as st

from planner.app.pages.data.answers import Answers, remember, restore
from planner.app.pages.data.usual import boxes, chosen
from planner.app.session.context import Context
from planner.district import builtin_kinds
from planner.district.defaults import Defaults
from planner.errors import Finding
from planner.network import ISLAND_M
from planner.sources.streets.unjoined import JOIN_M

EFFECTS = (
    "population.spread_communities",
    "population.spread_cells",
    "population.not_joined",
    "population.grown",
    "population.households_grown",
    "sources.doubles_of_lists",
    "sources.joined",
    "sources.inner_junctions",
    "sources.unjoined",
    "sources.islands_moved",
    "sources.islands_kept",
    "sources.hanging_streets",
    "sources.hanging_places",
    "sources.not_walked_places",
    "sources.private_streets",
    "sources.private_places",
    "sources.streets_opened",
    "sources.gates_cut",
    "sources.gates_beside",
    "sources.gates_off",
    "osm.tracks_crossed",
    "osm.track_places",
    "osm.walls_without_gate",
    "osm.wall_places",
    "osm.shut_places",
    "osm.gone_places",
    "osm.cycleway_places",
    "osm.fast_road_places",
    "district.kinds_without_data",
)
"""Findings that tell how residents were spread, what a rule changed, or what it left as it is."""


USUAL: dict[str, Any] = {
    "add_join": False,
    "add_join_gap": JOIN_M,
    "add_island": ISLAND_M,
    "add_complete": [],
    **{f"add_{each.name}": "" for each in fields(Defaults)},
}
"""Keys of the boxes, and what they are set to where nobody says otherwise."""


def draw(context: Context, said: Answers) -> None:
    """Draw the choices; they stand in the form of the import.

    Parameters
    ----------
    context
        The reader's language.
    said
        Keeps what is chosen while the boxes are not shown.
    """
    word = context.word
    restore(said, USUAL)
    with st.expander(word("app_data.rules"), icon=":material/rule:"):
        left, right = st.columns(2, gap="medium", vertical_alignment="bottom")
        left.checkbox(
            word("app_data.join_streets"),
            key="add_join",
            help=word("app_data.join_streets_help"),
        )
        for box, name, most, step, digits in (
            (right, "join_gap", 10.0, 0.1, "%.1f"),
            (left, "island", 100_000.0, 500.0, "%.0f"),
        ):
            label, about = word(f"app_data.{name}"), word(f"app_data.{name}_help")
            box.number_input(
                label, 0.0, most, step=step, format=digits, key=f"add_{name}", help=about
            )
        kinds = builtin_kinds()
        right.multiselect(
            word("app_data.kinds_complete"),
            list(kinds),
            format_func=lambda kind: context.labels.kind(kind, kinds),
            key="add_complete",
            placeholder=word("app.choose"),
            help=word("app_data.kinds_complete_help"),
        )
        boxes(context, "add")
    remember(said, USUAL)


def request() -> dict[str, Any]:
    """Return the choices as :mod:`planner.app.server.reading.importer` reads them."""
    session = st.session_state
    return {
        "join_m": session["add_join_gap"] if session["add_join"] else None,
        "island_m": session["add_island"],
        "complete": list(session["add_complete"]),
        **chosen("add"),
    }


def effects_first(findings: Sequence[Finding]) -> list[Finding]:
    """Return findings with those first that tell what a rule changed, each part in its order."""
    return sorted(findings, key=lambda each: each.code not in EFFECTS)
