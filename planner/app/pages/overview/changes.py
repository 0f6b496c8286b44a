"""The part of the Overview that says what changed since the figures were last looked at."""

from __future__ import annotations

import datetime as dt
import math
from functools import partial
from typing import Any, Literal

import pandas as pd
import streamlit as st

from planner.analysis.assessment import Assessment
from planner.analysis.measures.completeness import all_of
from planner.app.pages.overview import last_look
from planner.app.pages.overview.last_look import Changes, Look, Looks, OtherLookError
from planner.app.server.settings.settings import settings
from planner.app.session import choices, notices
from planner.app.session.answers import assessments
from planner.app.session.conflicts import Conflicts
from planner.app.session.context import Context
from planner.app.session.drafts import current
from planner.app.session.errors import markdown
from planner.app.session.reader import shares
from planner.app.widgets import two_versions
from planner.app.widgets.two_versions import Versions
from planner.errors import PlannerError
from planner.views.words.shares import without_telling

_CONFLICTS = Conflicts[Look]("planner_look_conflicts")
MOST_A_DAY = 100
"""Districts and standards that one reader may look at for the first time in a day."""

Choice = Literal["theirs", "mine"]
Key = tuple[str, str, str]
"""Whose look, at which district, by which standard."""


def draw(context: Context, result: Assessment, group: str) -> None:
    """Draw what changed, and the button that says it was seen; nothing where nothing changed."""
    notices.draw(context)
    looks = Looks(settings().work)
    # what was seen with small numbers withheld is another look than what was seen with them
    kept = f"\nwithheld {context.entry.withheld}" if context.entry.withheld else ""
    key = (_who(), f"{context.entry.id}{kept}", context.standard)
    place = st.empty()
    before, now = looks.last(*key), _look(context, result)
    waiting = _CONFLICTS.of(key)
    if waiting is not None and before is not None:
        with place.container():
            _draw_conflict(context, result, key, waiting, before, group)
        return
    if before is None:
        _keep(context, key, now, None)
        return
    found = last_look.changes(before, now, group)
    if found is None:
        if (before.data, before.rules) != (now.data, now.rules) and not _any_differs(before, now):
            _keep(context, key, now, before)
        return
    with place.container(border=True, key="whats_new"):
        _draw_changes(context, result, found)
        st.button(
            context.word("app_work.seen"),
            key="whats_new_seen",
            icon=":material/done:",
            on_click=_seen,
            args=(key, now, before),
        )


def _who() -> str:
    """Return the work whose looks are kept apart; an id of none makes no file."""
    work = choices.own(current.ADDRESS)
    return work if current.is_kept(work) else last_look.EVERYBODY


def _keep(context: Context, key: Key, look: Look, before: Look | None) -> None:
    """Keep figures of which nothing is to be told; another window's stay where it kept some.

    Where nothing can be written, that is told and the page goes on.
    """
    try:
        if before is None:
            shares.take("looks", MOST_A_DAY)
        Looks(settings().work).keep(*key, look, before)
    except OtherLookError:
        return
    except PlannerError as error:
        st.warning(markdown(context.labels.finding(error.finding)), icon=":material/info:")


def _seen(key: Key, look: Look, before: Look) -> None:
    """Keep what was seen; where another window kept something else, the reader chooses."""
    try:
        Looks(settings().work).keep(*key, look, before)
    except OtherLookError:
        _CONFLICTS.add(key, look)
    except PlannerError as error:
        notices.leave(error.finding)


def _settle(key: Key, mine: Look, theirs: Look, choice: Choice) -> None:
    _CONFLICTS.take(key)
    if choice == "mine":
        _seen(key, mine, theirs)


def _draw_conflict(
    context: Context, result: Assessment, key: Key, mine: Look, theirs: Look, group: str
) -> None:
    """Draw the figures that two windows saw, and the ways to go on."""
    say = context.word
    both = last_look.changes(theirs, mine, group)
    differ = both.figures if both is not None else ()
    sides = [
        "\n".join(
            f"- {markdown(_name(context, result, name))}: "
            f"**{markdown(_figure(context, name, seen))}**"
            for name, seen in figures
        )
        for figures in (
            [(name, now) for name, _, now in differ],
            [(name, before) for name, before, _ in differ],
        )
    ]
    times = [context.labels.date(look.when[:10]) for look in (mine, theirs)]
    titles = [
        f"{say(f'app_what_if.conflict_{side}')} · {markdown(time)}"
        for side, time in zip(("mine", "theirs"), times, strict=True)
    ]
    none = say("app_work.look_alike")
    ways: list[tuple[Choice, str]] = [
        ("theirs", say("app_what_if.conflict_keep_theirs")),
        ("mine", say("app_what_if.conflict_keep_mine")),
    ]
    versions = Versions(
        say("app_work.look_conflict"),
        (titles[0], sides[0] or none),
        (titles[1], sides[1] or none),
        ways,
    )
    two_versions.draw("look_conflict", versions, partial(_settle, key, mine, theirs))


def _any_differs(before: Look, now: Look) -> bool:
    return any(last_look.changes(before, now, group) for group in now.figures)


def _look(context: Context, result: Assessment) -> Look:
    summary = assessments.summary(context.question)
    figures: dict[str, dict[str, float | None]] = {}
    for group in result.groups:
        rows = without_telling(summary[(summary["group"] == group) & summary["judged"]])
        whole = assessments.completeness(context.question, group).iloc[-1]
        # a share would tell a count that is withheld
        share = math.nan if pd.isna(all_of(whole)) else whole["share"]
        own = {"people": _known(whole["total"]), "share": _known(share)}
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
    causes = labels.text(", ").join(say(f"app_work.cause_{cause}") for cause in found.causes)
    since = labels.date(found.since[:10])
    st.markdown(f"**{say('app_work.since', since=since)}** {markdown(causes)}")
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
        return context.word("app_work.people")
    if name == "share":
        return context.word("app_overview.all_kinds")
    kind = context.labels.kind(name.removeprefix("share:"), result.district.kinds)
    return context.word("app_work.share_of", kind=kind)


def _figure(context: Context, name: str, figure: float | None) -> str:
    if figure is None:
        return "–"
    labels = context.labels
    return labels.percent(figure) if name.startswith("share") else labels.number(figure)
