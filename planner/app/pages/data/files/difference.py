"""What a newer file changes in a layer, shown before it is taken: rows, figures, map, decisions."""

from __future__ import annotations

from functools import partial
from typing import Any

import streamlit as st

from planner.app.pages.data.files import drawing, finish, requests, wording
from planner.app.pages.data.files.state import Given
from planner.app.session.context import Context
from planner.app.session.errors import markdown
from planner.app.widgets import tables
from planner.district.layers import GROUP_PREFIX
from planner.district.plausibility.layers import IMPLAUSIBLE
from planner.views.tables import updates

MOST_DECIDED = 60
"""Rows of which somebody has to say which they are, a box each."""

ASK, OTHER = "?", "-"
_LISTED = "="
"""Before the id of one added by hand where what the file says of it goes before."""

_MODES = ("replace", "append")
_OTHERS_KEPT = "update.others_kept"
_OTHER_KIND = "other_kind"
_TABLES = {
    "undecided": updates.undecided_rows,
    "new": updates.new_rows,
    "gone": updates.gone_rows,
    "changed": updates.changed_rows,
}


def may_compare(given: Given) -> bool:
    """Whether the file can be read as it was shown, and it was said how it is to be taken."""
    ready = given.one_only() and not (given.faults() or given.stale)
    return ready and given.decided.get("mode") in _MODES


def may_take(given: Given) -> bool:
    """Whether all that is shown is decided, and something would change."""
    shown = given.difference
    return shown is not None and not (shown["to_decide"] or shown["changes_nothing"])


def draw(context: Context, given: Given) -> None:
    """Draw how the file is to be taken, what it changes, and the button that takes it."""
    _how(context, given)
    if given.difference is None:
        return
    shown = _without_few(context, given.difference)
    st.markdown(f"##### {markdown(updates.title(shown, context.labels))}")
    for each in shown["findings"]:
        if each["code"] == _OTHERS_KEPT:  # said beside its box, whatever else there is to tell
            st.info(markdown(wording.sentence(context, given, each)), icon=":material/info:")
    left, right = st.columns([7, 5], gap="medium")
    with left:
        _tables(context, given, shown)
    with right:
        _map(context, shown)
    _decide(context, given, shown)
    _findings(context, given, shown)
    _take(context, given, shown)


def _how(context: Context, given: Given) -> None:
    """Draw the choice between replacing and adding, which nobody makes for the planner."""
    mode, others, button = st.columns([5, 4, 3], vertical_alignment="bottom")
    key = given.key("mode")
    with mode:
        st.segmented_control(
            context.word("app_files.mode"),
            _MODES,
            default=given.decided.get("mode"),
            format_func=lambda each: context.word(f"app_files.mode_{each}"),
            key=key,
            help=context.word("app_files.mode_help"),
            on_change=_keep_decision,
            args=(given, "mode", key),
        )
    known, shown = given.decided.get("keep_other_kinds"), given.difference or {}
    if given.decided.get("mode") == "replace" and (known is not None or shown.get("other_kinds")):
        own = given.key("others")
        others.checkbox(
            context.word("app_files.keep_other_kinds"),
            value=bool(shown["keep_other_kinds"] if known is None else known),
            key=own,
            help=context.word("app_files.keep_other_kinds_help"),
            on_change=_keep_decision,
            args=(given, "keep_other_kinds", own),
        )
    button.button(
        context.word("app_files.compare"),
        icon=":material/difference:",
        type="primary" if given.difference is None else "secondary",
        key="files_compare",
        disabled=not may_compare(given),
        on_click=given.ask_for,
        args=(requests.compare,),
    )


def _keep_decision(given: Given, name: str, key: str) -> None:
    """Keep what was said; what was shown no longer holds."""
    if given.decided.get(name) != st.session_state[key]:
        given.decided[name] = st.session_state[key]
        given.difference = None


def _without_few(context: Context, shown: dict[str, Any]) -> dict[str, Any]:
    """Return what is shown without counts of groups where these are withheld from who looks."""
    if not context.entry.withheld or shown["layer"] != "demand":
        return shown
    return {
        **shown,
        "changed": [r for r in shown["changed"] if not r["column"].startswith(GROUP_PREFIX)],
        "figures": [r for r in shown["figures"] if not r["name"].startswith(GROUP_PREFIX)],
        # what can hardly be so was found by counts of groups too
        "findings": [each for each in shown["findings"] if each["code"] not in IMPLAUSIBLE],
    }


def _tables(context: Context, given: Given, shown: dict[str, Any]) -> None:
    """Draw a part for each sort of rows, and one for figures."""
    labels, kinds = context.labels, given.kinds
    filled = [name for name in _TABLES if shown[name]]
    more = ["corrections"] if shown["corrections"] else []
    names = [*filled, *more, "figures"]
    titles = [
        context.word(f"app_files.part_{name}", count=labels.number(_count(shown, name)))
        for name in names
    ]
    for name, tab in zip(names, st.tabs(titles), strict=True):
        if name == "figures":
            table = updates.figures(shown, labels, kinds)
        elif name == "corrections":
            table = updates.corrections(shown, labels)
        else:
            table = _TABLES[name](shown, labels, kinds)
        with tab:
            if name == "figures" and shown["layer"] == "facilities":
                st.caption(context.word("app_files.figures_open"))
            tables.draw(context, table, f"files_difference_{name}", height=300, room=595)


def _count(shown: dict[str, Any], name: str) -> int:
    counts: dict[str, int] = shown["counts"]
    return counts[name] if name in counts else len(shown[name])


def _map(context: Context, shown: dict[str, Any]) -> None:
    picture = shown["drawing"]
    points = {name: spots for name, spots in picture["points"].items() if spots}
    words = {name: context.word(f"update.{name}_title") for name in points}
    title = context.word("app_files.difference_map")
    st.html(drawing.html({**picture, "points": points}, words, title))


def _decide(context: Context, given: Given, shown: dict[str, Any]) -> None:
    """Draw a box for each row that may be several, or another one."""
    if not (shown["to_decide"] or _chosen(given) or given.decided.get("apart")):
        return
    count = context.labels.number(shown["to_decide"])
    if shown["to_decide"]:
        st.warning(context.word("app_files.to_decide", count=count), icon=":material/help:")
        for row in shown["undecided"][:MOST_DECIDED]:
            _decide_row(context, given, row)
    if _chosen(given):
        st.button(
            context.word("app_files.decide_anew"),
            icon=":material/restart_alt:",
            key="files_decide_anew",
            on_click=_decide_anew,
            args=(given,),
        )
    key = given.key("apart")
    st.checkbox(
        context.word("app_files.apart"),
        value=bool(given.decided.get("apart")),
        key=key,
        on_change=_keep_apart,
        args=(given, key),
    )


def _decide_row(context: Context, given: Given, row: dict[str, Any]) -> None:
    words, box = st.columns([5, 7], vertical_alignment="center")
    why = context.word(f"update.why_{row['why']}")
    kind = context.labels.kind(row["kind"], given.kinds) if row["kind"] else ""
    name = " · ".join(filter(None, (row["name"], kind)))
    words.markdown(f"**{context.word('update.col_row')} {row['row']}** {markdown(name)} · {why}")
    others = _others(context, row)
    names = {ASK: context.word("app_files.word_ask"), OTHER: context.word("app_files.another")}
    key = given.key("same", row["row"])
    options = [ASK, *others, OTHER]
    box.selectbox(
        context.word("app_files.same_as", row=row["row"]),
        options,
        index=options.index(_chosen(given).get(row["row"], ASK)),
        format_func=lambda each: names.get(each) or others[each],
        key=key,
        label_visibility="collapsed",
        on_change=_keep_same_row,
        args=(given, row["row"], key),
    )


def _others(context: Context, row: dict[str, Any]) -> dict[str, str]:
    """Return what a row may be, in words: one added by hand in two ways, as either goes before."""
    words: dict[str, str] = {}
    for other in row["others"]:
        word = updates.other_word(other)
        if not other["added"]:
            words[other["id"]] = word
            continue
        if row["why"] != _OTHER_KIND:  # what was entered would leave the list's kind without it
            words[other["id"]] = context.word("app_files.same_as_entered", facility=word)
        words[_LISTED + other["id"]] = context.word("app_files.same_as_listed", facility=word)
    return words


def _chosen(given: Given) -> dict[str, str]:
    """Return what was chosen in the box of each row."""
    same = {row: own or OTHER for row, own in given.decided.get("same", {}).items()}
    listed = {row: _LISTED + own for row, own in given.decided.get("as_listed", {}).items()}
    return same | listed


def _keep_same_row(given: Given, row: str, key: str) -> None:
    """Keep which row one is; what was shown stays until it is compared again."""
    chosen = {own: each for own, each in _chosen(given).items() if own != row}
    if st.session_state[key] != ASK:
        chosen[row] = st.session_state[key]
    listed = {own: each for own, each in chosen.items() if each.startswith(_LISTED)}
    given.decided["as_listed"] = {own: each.removeprefix(_LISTED) for own, each in listed.items()}
    given.decided["same"] = {
        own: "" if each == OTHER else each for own, each in chosen.items() if own not in listed
    }


def _decide_anew(given: Given) -> None:
    given.decided["same"], given.decided["as_listed"] = {}, {}
    given.difference = None


def _keep_apart(given: Given, key: str) -> None:
    given.decided["apart"] = bool(st.session_state[key])
    given.difference = None


def _findings(context: Context, given: Given, shown: dict[str, Any]) -> None:
    """Draw what must be known before the file is taken."""
    others = [each for each in shown["findings"] if each["code"] != _OTHERS_KEPT]
    wording.draw_findings(context, given, others)


def _take(context: Context, given: Given, shown: dict[str, Any]) -> None:
    if shown["changes_nothing"]:
        st.success(context.word("update.nothing"), icon=":material/check_circle:")
        return
    aside = shown["reading"]["count_set_aside"]
    if aside:
        finish.draw_set_aside(context, given, aside)
    agreed = not aside or given.agreed
    if may_take(given) and not agreed:
        st.caption(context.word("app_files.agree_first"))
    if _chosen(given) and shown["to_decide"]:
        st.caption(context.word("app_files.compare_again"))
    st.button(
        context.word("app_files.take"),
        type="primary",
        icon=":material/done_all:",
        key="files_take",
        disabled=not (may_take(given) and may_compare(given) and agreed),
        on_click=given.ask_for,
        args=(partial(requests.take, context.labels),),
    )
