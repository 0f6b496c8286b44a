"""Standards: all of them, two side by side, and one's own in a table."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from planner.app.pages.standards import state
from planner.app.session import choices, notices
from planner.app.session.context import Context
from planner.app.session.errors import showing_errors
from planner.app.session.reader import own_standards, permissions
from planner.app.widgets import downloads, tables
from planner.app.widgets.downloads import File
from planner.district import Standard, builtin_standards, diff_standards, known_kinds
from planner.district.standards.checking import clauses, with_evidence_of
from planner.district.standards.files import parse_standard, standard_toml
from planner.district.standards.standards import BASES
from planner.district.standards.tables import FIELDS, rules_table, with_rules
from planner.errors import InputError
from planner.views.words.labels import Labels
from planner.views.words.standards import (
    basis_word,
    clauses_table,
    difference_rows,
    field_word,
    value_word,
)

DRAFT = "standards_draft"
"""Key of the session under which the standard being edited is kept."""


def page(context: Context) -> None:
    """Draw the page."""
    st.markdown(f"## {context.word('standards.page')}")
    st.markdown(context.word("standards.intro"))
    notices.draw(context)
    tabs: dict[str, Callable[[Context], None]] = {
        "list": _list,
        "state": _state,
        "compare": _compare,
        "own": _own,
    }
    boxes = st.tabs([context.word(f"standards.tab_{name}") for name in tabs])
    for box, draw in zip(boxes, tabs.values(), strict=True):
        with box, showing_errors(context.labels):
            draw(context)


def _list(context: Context) -> None:
    known = own_standards.offered()
    rows = [
        {
            "id": name,
            "name": context.labels.standard(standard),
            "rules": len(standard.rules) + len(standard.areas),
            "checked": sum(rule.verified for rule in standard.rules.values()),
            "source": context.labels.text(standard.source),
        }
        for name, standard in known.items()
    ]
    config = st.column_config
    tables.draw(
        context,
        pd.DataFrame(rows),
        "standards_list",
        config={
            "id": config.TextColumn(context.word("standards.field_id")),
            "name": config.TextColumn(context.labels.column("name")),
            "rules": config.NumberColumn(context.word("standards.rules")),
            "checked": config.NumberColumn(context.word("standards.checked")),
            "source": config.TextColumn(context.word("standards.source")),
        },
        height=tables.TALL,
        room=tables.WHOLE,
    )
    chosen = _pick(context, "first", known, context.standard, key="standards_shown")
    standard = known[chosen]
    # one that asks only for floor areas has no rule of a kind
    table = (
        _worded(context, rules_table(standard))
        if standard.rules
        else clauses_table(clauses(standard), context.labels)
    )
    tables.draw(context, table, "standards_rules", height=tables.TALL, room=tables.WHOLE)
    _download(context, standard, "standard_shown")


def _pick(context: Context, label: str, known: dict[str, Standard], default: str, key: str) -> str:
    names = list(known)
    chosen: str = st.selectbox(
        context.word(f"standards.{label}"),
        names,
        index=names.index(default) if default in names else 0,
        format_func=lambda name: context.labels.standard(known[name]),
        key=key,
    )
    return chosen


def _worded(context: Context, table: pd.DataFrame) -> pd.DataFrame:
    labels = context.labels
    shown = table.loc[
        :, [bool((table[name].notna() & (table[name] != "")).any()) for name in table]
    ]
    shown = shown.assign(kind=[labels.kind(kind) for kind in shown["kind"]])
    for name in ("measure", "circle", "presence"):
        if name in shown:
            shown[name] = [_value_word(labels, value) for value in shown[name]]
    if "basis" in shown:
        shown["basis"] = [_basis_word(labels, basis) for basis in shown["basis"]]
    if "clause" in shown:
        shown["clause"] = [labels.text(clause) if clause else "" for clause in shown["clause"]]
    return shown.rename(columns={name: field_word(str(name), labels) for name in shown})


def _state(context: Context) -> None:
    known = own_standards.offered()
    # what is kept becomes the standard, and is then what is shown
    key = f"standards_of_{context.standard}"
    state.draw(context, known, _pick(context, "shown", known, context.standard, key))


def _compare(context: Context) -> None:
    known = own_standards.offered()
    left, right = st.columns(2)
    with left:
        first = _pick(context, "first", known, context.standard, key="standards_first")
    with right:
        names = [name for name in known if name != context.standard]
        second = _pick(context, "second", known, names[0], key="standards_second")
    rows = difference_rows(diff_standards(known[first], known[second]), context.labels)
    if not rows:
        st.info(context.word("standards.same"), icon=":material/info:")
        return
    headings = [context.labels.column("kind"), context.word("standards.field")]
    headings += [f"{context.labels.standard(known[name])} [{name}]" for name in (first, second)]
    if first == second:
        headings[-1] += " "
    shown = pd.DataFrame(rows, columns=headings)
    tables.draw(context, shown, "standards_diff", height=tables.TALL, room=tables.WHOLE)


def _own(context: Context) -> None:
    known = {**own_standards.offered(), "blank": builtin_standards()["blank"]}
    left, right = st.columns(2, vertical_alignment="bottom")
    file = None
    with left:
        base = _pick(context, "based_on", known, context.standard, key="standards_base")
    if permissions.may_upload():
        with right:
            file = st.file_uploader(
                context.word("standards.upload"), type="toml", key="standards_upload"
            )
    start = known[base] if file is None else parse_standard(_text(file), file.name)
    source = f"{base}|{file.file_id if file is not None else ''}"
    names = st.columns(3)
    fields = {"id": start.id, "en": start.en, "zh": start.zh}
    words = {"id": "field_id", "en": "name_en", "zh": "name_zh"}
    head = {
        name: box.text_input(
            context.word(f"standards.{words[name]}"),
            value,
            key=f"standards_{name}_{source}",
            max_chars=200,
        )
        for box, (name, value) in zip(names, fields.items(), strict=True)
    }
    st.caption(context.word("standards.edit_note"))
    groups = [group for group in context.district().groups[1:] if group.startswith("pop_")]
    edited = st.data_editor(
        rules_table(start, groups),
        num_rows="dynamic",
        hide_index=True,
        column_config=_editor_columns(context, start, groups),
        key=f"standards_editor_{source}",
        disabled=["verified", "verified_by", "verified_on"],
        placeholder="–",
    )
    named = replace(start, id=head["id"], en=head["en"], zh=head["zh"])
    made = with_rules(named, edited, context.word("standards.sheet"))
    # clauses are ticked under What was checked, by who did it
    made = with_evidence_of(start, made)
    with st.container(horizontal=True):
        st.button(
            context.word("standards.use"),
            key="standards_use",
            type="primary",
            on_click=_use,
            args=(context, made),
            disabled=not (made.rules or made.areas),
        )
        _download(context, made, "standard_own")
    if st.session_state.pop(DRAFT, None):
        st.success(context.word("standards.used", name=context.labels.standard(made)))


def _use(context: Context, standard: Standard) -> None:
    with showing_errors(context.labels):
        choices.choices()["standard"] = own_standards.add(standard)
        st.session_state[DRAFT] = True


def _text(file: Any) -> str:
    try:
        text: str = file.getvalue().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError("district.not_toml", file=file.name, reason=str(error)) from error
    return text


def _basis_word(labels: Labels, basis: object) -> str:
    return basis_word(str(basis or ""), labels)


def _value_word(labels: Labels, value: object) -> str:
    return value_word(str(value), labels) if value else ""


def _download(context: Context, standard: Standard, key: str) -> None:
    file = File(
        context.word("standards.download"), f"{standard.id}.toml", lambda: standard_toml(standard)
    )
    downloads.file(file, key)


def _editor_columns(context: Context, start: Standard, groups: list[str]) -> dict[str, Any]:
    labels, config = context.labels, st.column_config
    kinds = {**known_kinds(), **context.district().kinds}
    options = list(dict.fromkeys([*kinds, *start.rules]))
    offered: dict[str, list[str]] = {
        "measure": ["", "walk", "straight"],
        "presence": ["", "community", "subdistrict"],
        "circle": ["", "5-minute", "10-minute", "15-minute"],
    }
    for rule in start.rules.values():
        if rule.circle not in offered["circle"]:
            offered["circle"].append(rule.circle)
    columns: dict[str, Any] = {
        "kind": config.SelectboxColumn(
            field_word("kind", labels),
            options=options,
            format_func=lambda kind: labels.kind(str(kind), context.district().kinds),
            width=270,
            required=True,
        )
    }
    for name, dtype in FIELDS.items():
        title = field_word(name, labels)
        if name == "basis":
            word = partial(_basis_word, labels)
            columns[name] = config.SelectboxColumn(title, options=list(BASES), format_func=word)
        elif name in offered:
            columns[name] = config.SelectboxColumn(
                title, options=offered[name], format_func=partial(_value_word, labels)
            )
        elif dtype is bool:
            columns[name] = config.CheckboxColumn(title)
        elif dtype is float:
            columns[name] = config.NumberColumn(title)
        elif name != "kind":
            columns[name] = config.TextColumn(title, width="large")
    for group in groups:
        name = f"limits_m.{group}"
        columns[name] = config.NumberColumn(field_word(name, labels))
    return columns
