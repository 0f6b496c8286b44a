"""Needs and places: residents' needs matched with places that have room."""

from __future__ import annotations

import math
from functools import partial

import streamlit as st

from planner.analysis.assessment import Assessment
from planner.app.pages.matching import choice, question, tables
from planner.app.session import background
from planner.app.session.answers.matching import MatchingQuestion, matching
from planner.app.session.context import Context
from planner.app.session.errors import markdown
from planner.app.widgets import frame, key_figures, map_view
from planner.app.widgets.drawn_area import Reading
from planner.app.widgets.key_figures import Figure
from planner.app.widgets.map_view import Pane
from planner.app.widgets.print_sheet import sheet
from planner.errors import InputError
from planner.siting.matching.matching import Matching
from planner.siting.matching.tables import OWNERSHIPS
from planner.views.maps.base.bounds import matching_bounds
from planner.views.maps.matching import matching_groups, matching_legend
from planner.views.words.siting import matching as words
from planner.views.words.siting.matching import amount_word

MAP_HEIGHT = 430


@frame.page
def page(context: Context, result: Assessment) -> None:
    """Draw the page."""
    asked = question.draw(context, result)
    context = context.counting(asked.group)
    frame.refused_choices(context)
    try:
        found = background.worked_out(
            context, matching, asked, words=context.word("matching.matching")
        )
    except InputError as error:
        if not _mended_here(context, error):
            raise
        return
    if found is None:
        return
    _figures(context, found)
    chosen = choice.chosen(asked, found)
    choice.draw(context, found, chosen)
    left, right = st.columns([8, 7])
    with left:
        _map(context, found, asked, chosen)
    with right:
        tables.draw(context, found, asked)
    kinds = result.district.kinds
    notes = [context.labels.finding(finding, kinds) for finding in found.findings]
    sentences = [words.note(found, context.labels.language), *notes]
    st.caption("  \n".join(map(markdown, sentences)))
    frame.notes(context, result, asked.kind or None)


def _mended_here(context: Context, error: InputError) -> bool:
    """Say how a box of this page mends what is missing, if one does."""
    code = {
        "matching.no_capacity": "no_room_told",
        "matching.estimated_need": "need_not_told",
        "measures.not_judged": "no_limit",
    }.get(error.code)
    if code is not None:
        st.info(context.word(f"matching.{code}"), icon=":material/edit:")
    return code is not None


def _figures(context: Context, found: Matching) -> None:
    labels, say, sums = context.labels, context.word, found.summary()
    owners = {row["ownership"]: row for row in found.by_ownership().to_dict("records")}
    figures = [("needs", say("matching.metric_needs_help", group=labels.group(found.group)))]
    for whose in (each for each in OWNERSHIPS if each in owners):
        row = owners[whose]
        left = row["room_left"]
        room = amount_word(labels, left) if math.isfinite(left) else "–"
        share = labels.percent(row["share"]) if sums["needs"] > 0 else "–"
        served = say(
            "matching.metric_served_help",
            share=share,
            places=labels.number(row["places"]),
            room=room,
        )
        figures.append((f"served_{whose}", served))
    figures += [(reason, say(f"matching.metric_{reason}_help")) for reason in ("no_place", "full")]
    unknown = say(
        "matching.metric_unknown_help",
        room=amount_word(labels, sums["unknown_room"]),
        place=amount_word(labels, sums["unknown_place"]),
        position=amount_word(labels, sums["unknown_position"]),
        share=labels.percent_range(sums["share_low"], sums["share_high"]),
    )
    figures.append(("unknown", unknown))
    own_limit = found.options.limit_m is not None or found.kind is None
    shown = [
        Figure(
            say(f"matching.metric_{name.removeprefix('served_')}"),
            amount_word(labels, sums[name]),
            f"{meaning} {words.note(found, labels.language)}",
            "",
            [] if own_limit else [str(found.kind)],
            unknown="" if name in ("needs", "unknown") else unknown,
        )
        for name, meaning in figures
    ]
    key_figures.draw(context, found.assessment, shown, "matching")


def _map(
    context: Context, found: Matching, asked: MatchingQuestion, chosen: tuple[str, str] | None
) -> None:
    language = context.labels.language
    what, picked = chosen or ("", "")
    groups = matching_groups(
        found,
        language,
        place=picked if what == "facility" else None,
        community=picked if what == "community" else None,
    )
    legend = matching_legend(found, language)
    map_view.show(
        context,
        [Pane(groups)],
        key="matching",
        on_pick=partial(choice.take_pick, asked),
        look_at=matching_bounds(found, what, picked) if chosen else None,
        height=MAP_HEIGHT,
        legend=legend,
        reading=Reading.of(found.assessment, found.group, found.kind or ""),
        printed=sheet(context, context.word("matching.page"), legend),
    )
