"""The part of the Overview that says what changed since the figures were last looked at."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pandas as pd
import streamlit as st

from planner.analysis.assessment import Assessment
from planner.app.pages.overview import last_look
from planner.app.pages.overview.last_look import Changes, Look, Looks
from planner.app.server.settings import settings
from planner.app.session import choices
from planner.app.session.answers import assessments
from planner.app.session.context import Context
from planner.app.session.errors import markdown


def draw(context: Context, result: Assessment, group: str) -> None:
    """Draw what changed, and the button that says it was seen; nothing where nothing changed."""
    looks = Looks(settings().work)
    who = choices.own("work")
    key = (who, context.entry.id, context.standard)
    place = st.empty()
    before, now = looks.last(*key), _look(context, result)
    if before is None:
        looks.keep(*key, now)
        return
    found = last_look.changes(before, now, group)
    if found is None:
        if (before.data, before.rules) != (now.data, now.rules) and not _any_differs(before, now):
            looks.keep(*key, now)
        return
    with place.container(border=True, key="whats_new"):
        _draw_changes(context, result, found)
        st.button(
            context.word("app_comfort.seen"),
            key="whats_new_seen",
            icon=":material/done:",
            on_click=looks.keep,
            args=(*key, now),
        )


def _any_differs(before: Look, now: Look) -> bool:
    return any(last_look.changes(before, now, group) for group in now.figures)


def _look(context: Context, result: Assessment) -> Look:
    summary = assessments.summary(context.question)
    figures: dict[str, dict[str, float | None]] = {}
    for group in result.groups:
        rows = summary[(summary["group"] == group) & summary["judged"]]
        table = assessments.completeness(context.question, group)
        own = {"people": float(table["total"].iloc[-1]), "share": _known(table["share"].iloc[-1])}
        own |= {
            f"share:{kind}": _known(share)
            for kind, share in zip(rows["kind"], rows["share"], strict=True)
        }
        figures[group] = own
    when = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    rules = sorted(result.standard.rules.items())
    entry = context.entry
    return Look(when, last_look.sign(entry.stamp), last_look.sign(rules), figures)


def _known(figure: Any) -> float | None:
    return None if pd.isna(figure) else float(figure)


def _draw_changes(context: Context, result: Assessment, found: Changes) -> None:
    labels, say = context.labels, context.word
    causes = labels.text(", ").join(say(f"app_comfort.cause_{cause}") for cause in found.causes)
    since = labels.date(found.since[:10])
    st.markdown(f"**{say('app_comfort.since', since=since)}** {markdown(causes)}")
    rows = [
        f"- {markdown(_name(context, result, name))}: "
        f"{markdown(_figure(context, name, before))} → **{markdown(_figure(context, name, now))}**"
        for name, before, now in found.figures
    ]
    half = (len(rows) + 1) // 2
    for box, part in zip(st.columns(2), (rows[:half], rows[half:]), strict=True):
        box.markdown("\n".join(part))


def _name(context: Context, result: Assessment, name: str) -> str:
    if name == "people":
        return context.word("app_comfort.people")
    if name == "share":
        return context.word("app_overview.all_kinds")
    kind = context.labels.kind(name.removeprefix("share:"), result.district.kinds)
    return context.word("app_comfort.share_of", kind=kind)


def _figure(context: Context, name: str, figure: float | None) -> str:
    if figure is None:
        return "–"
    labels = context.labels
    return labels.percent(figure) if name.startswith("share") else labels.number(figure)
