"""Take a plan, or one step, over into What if: told, asked for where a draft stands there."""

from __future__ import annotations

from dataclasses import asdict, replace
from functools import partial
from typing import Literal

import streamlit as st

from planner.app.session import choices, notices
from planner.app.session.context import Context
from planner.app.session.drafts import current
from planner.app.session.drafts.draft import Draft
from planner.district import Scenario
from planner.district.scenarios.scenario import Change, Connect, Open
from planner.errors import Finding

Way = Literal["add", "replace", "new"]
"""What becomes of a draft that stands there: it goes on, it makes room, or it is left as it is."""

WAYS: tuple[Way, ...] = ("add", "replace", "new")
PAGE = "what-if"
_ICONS = {"add": "add", "replace": "swap_horiz", "new": "note_add"}


def draw(
    context: Context,
    scenario: Scenario,
    key: str,
    *,
    label: str = "",
    icon: str = "tactic",
    kind: str = "",
) -> None:
    """Draw the button that makes changes a draft of What if, and goes there.

    Where a draft with changes stands there already, it opens three choices: add to it, replace it,
    or begin a new one beside it.

    Parameters
    ----------
    context
        Whose district it is.
    scenario
        The changes; without any the button is greyed.
    key
        Name of the button on its page.
    label, icon
        Words and sign on the button; by default those for a plan.
    kind
        Kind of facility to look at then; as chosen where none is given.
    """
    # what did not fit is told where it was tried
    notices.draw(context)
    say = context.word
    label = label or say("siting.to_what_if")
    begun = len(current.standing(context).current.changes)
    if not begun or not scenario.changes:
        st.button(
            label,
            icon=f":material/{icon}:",
            on_click=partial(take, context, scenario, "replace", kind),
            key=f"{key}_take",
            disabled=not scenario.changes,
        )
        return
    with st.popover(label, icon=f":material/{icon}:", key=f"{key}_take"):
        st.markdown(say("take_over.begun", count=context.labels.number(begun)))
        for way in WAYS:
            st.button(
                say(f"take_over.{way}"),
                icon=f":material/{_ICONS[way]}:",
                on_click=partial(take, context, scenario, way, kind),
                key=f"{key}_take_{way}",
                width="stretch",
            )


def take(context: Context, scenario: Scenario, way: Way, kind: str = "") -> None:
    """Take changes over, say what was taken, and go to What if; stay where they do not fit.

    Parameters
    ----------
    context, scenario, kind
        As of :func:`draw`.
    way
        One of :data:`WAYS`.
    """
    stood = current.standing(context)
    before = stood.current.changes if way == "add" else ()
    if way == "new":
        name = context.word("take_over.before")
        current.change(context, partial(_beside, scenario, stood, name), anew=True)
    else:
        current.change(context, partial(_step, scenario, way))
    if notices.is_left():
        return
    if current.conflict(context) is None:
        count = len(current.standing(context).current.changes) - len(before)
        notices.leave(Finding(f"take_over.taken_{way}", {"changes": count}), done=True)
    if kind:
        choices.choices()["kind"] = kind
    # what was taken over is seen on the map, also where scenarios were compared last
    choices.choices()["work_view"] = "draw"
    choices.go(PAGE)


def _beside(scenario: Scenario, stood: Draft, name: str, draft: Draft) -> Draft:
    # what is said to be kept is on offer beside the new one, to be compared and loaded
    return replace(draft, kept=stood.set_aside(name).kept).load(scenario)


def _step(scenario: Scenario, way: Way, draft: Draft) -> Draft:
    if way == "replace":
        return draft.load(scenario)
    for change in renamed(scenario.changes, draft.current):
        draft = draft.do(change)
    return draft


def renamed(changes: tuple[Change, ...], before: Scenario) -> tuple[Change, ...]:
    """Return changes that follow others, new facilities under ids that those do not use.

    Examples
    --------
    >>> from planner.district.scenarios.scenario import Close
    >>> before = Scenario("", (Open("new-1", "clinic", 0.0, 0.0),))
    >>> [each.facility_id for each in renamed((Open("new-1", "library", 9.0, 0.0),), before)]
    ['new-1-2']
    """
    taken = {each.facility_id for each in before.changes if isinstance(each, Open)}
    names: dict[str, str] = {}
    for change in changes:
        if isinstance(change, Open):
            name, number = change.facility_id, 1
            while name in taken:
                number += 1
                name = f"{change.facility_id}-{number}"
            taken.add(name)
            names[change.facility_id] = name
    return tuple(
        change if isinstance(change, Connect) else _of(change, names.get(change.facility_id))
        for change in changes
    )


def _of(change: Change, facility_id: str | None) -> Change:
    """Return a change of another facility; the same where none is given."""
    if facility_id is None:
        return change
    made: Change = type(change)(**{**asdict(change), "facility_id": facility_id})
    return made
