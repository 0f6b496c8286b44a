"""The corrections made so far, with what each changed."""

from __future__ import annotations

import math

import streamlit as st

from planner.app.session.context import Context
from planner.app.session.errors import markdown
from planner.district import District
from planner.district.corrections.corrections import Correction, Value
from planner.district.services import named_services


def draw(context: Context, here: District, steps: tuple[Correction, ...]) -> None:
    """Draw the corrections made so far, the last first."""
    if not steps:
        st.info(context.word("app_data.no_steps"), icon=":material/info:")
        return
    st.caption(context.word("app_data.steps_help"))
    for number, step in reversed(list(enumerate(steps, start=1))):
        st.markdown(told(context, here, step, number))


def told(context: Context, here: District, step: Correction, number: int) -> str:
    """Return what a step did, when, and the fields that it changed, as Markdown."""
    deed, lines = _deed(context, here, step)
    when = step.at[:16].replace("T", " ")
    listed = "\n".join(f"- {markdown(line)}" for line in lines)
    return f"**{number}. {markdown(deed)}** · {markdown(when)}\n{listed}"


def in_brief(context: Context, here: District, step: Correction) -> str:
    """Return what a step did and the fields that it changed, as plain text in a line."""
    deed, lines = _deed(context, here, step)
    return " · ".join([deed, *lines])


def _deed(context: Context, here: District, step: Correction) -> tuple[str, list[str]]:
    """Return in a few words what a step did, and a line for each field that it changed."""
    lines = _differences(context, here, step)
    name = step.new.get("name") or step.old.get("name") or _name(here, step.facility_id)
    if step.do == "complete":
        name, lines = context.labels.kind(str(step.new["kind"]), here.kinds), []
    return context.word(f"app_data.did_{step.do}", name=str(name)), lines


def _name(here: District, facility_id: str) -> str:
    rows = here.facilities[here.facilities["facility_id"] == facility_id]
    return facility_id if rows.empty else str(rows.iloc[0]["name"] or facility_id)


def _differences(context: Context, here: District, step: Correction) -> list[str]:
    """Return what a step changed, old and new, a line for each field."""
    changed = []
    fields = [name for name in (step.new or step.old) if name not in ("x", "y", "name")]
    if step.do == "edit":
        fields = [name for name in step.new if name not in ("x", "y")]
    for name in fields:
        old, new = (_worded(context, here, name, side.get(name)) for side in (step.old, step.new))
        change = {"add": new, "remove": old}.get(step.do, f"{old} → {new}")
        changed.append(f"{context.labels.column(name)}: {change}")
    if step.do == "edit" and "x" in step.new:
        moved = [float(step.new[k] or 0) - float(step.old[k] or 0) for k in ("x", "y")]
        metres = context.labels.metres(math.hypot(*moved))
        changed.append(context.word("app_data.moved", metres=metres))
    return changed


def _worded(context: Context, here: District, name: str, value: Value) -> str:
    if value in (None, ""):
        return "–"
    if name == "kind":
        return context.labels.kind(str(value), here.kinds)
    if name == "services":
        offered = map(context.labels.service, named_services(value))
        return context.labels.text(", ").join(offered)
    return context.labels.value(value) if isinstance(value, str) else context.labels.number(value)
