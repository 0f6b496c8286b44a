"""The reader's choices: kept for the session, written into the address, mirrored by widgets.

``choices()`` holds the truth. A widget is set from it before it is drawn and writes back through
a callback, so that a choice survives a change of page or language, and an address that is sent
to a colleague opens what its sender saw.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable, Sequence
from typing import Any

import streamlit as st

NAMES = ("district", "standard", "kind", "group", "lang")
"""Choices that every page has; a page adds its own, see :func:`settle`."""

CARRIED = (*NAMES, "at", "service", "capacity", "walk", "place")
"""Choices that go along to every page once they are made, whether it draws them or not."""

GAP = ("gap", "gap_kind", "gap_cause")
"""A gap and the question under which its id holds; they go along while its kind is looked at."""

MOST_NAMES = 40
MOST_CHARACTERS = 400

_CHOICES = "planner_choices"
_ADDRESS = "planner_address"
_OWN = "planner_own_names"
_REFUSED = "planner_refused"
_DESTINATION = "planner_destination"
_LEAVING = "planner_leaving"
_UNREAD = "planner_unread"


def choices() -> dict[str, str]:
    """Return this session's choices by name; those not made yet are absent."""
    kept: dict[str, str] = st.session_state.setdefault(_CHOICES, {})
    return kept


def read_address() -> None:
    """Take over what the address says where it says something new; a page begins anew."""
    written: dict[str, str] = st.session_state.get(_ADDRESS, {})
    query = st.query_params.to_dict()
    asked = {
        name: value
        for name, value in list(query.items())[:MOST_NAMES]
        if name.isidentifier() and len(value) <= MOST_CHARACTERS
    }
    changed = {name: value for name, value in asked.items() if written.get(name) != value}
    if asked.keys() >= {NAMES[0], "lang"}:
        # an address of ours, of before: what is not in it was not chosen then
        for name in set(written).intersection((*CARRIED, *GAP)) - set(asked):
            choices().pop(name, None)
    choices().update(changed)
    st.session_state[_ADDRESS] = asked
    st.session_state[_OWN] = set()
    st.session_state[_UNREAD] = set()
    if changed:
        st.session_state[_REFUSED] = {}


def keep_address() -> None:
    """Let the address keep what it says: the page that reads it is not drawn yet."""
    st.session_state[_UNREAD] = set(st.session_state.get(_ADDRESS, {}))


def write_address() -> None:
    """Bring the address in line with the choices."""
    made = choices()
    own_names = st.session_state.get(_OWN, set()) | st.session_state.get(_UNREAD, set())
    gap = GAP if made.get("gap") and made.get("gap_kind") == made.get("kind") else ()
    carried = dict.fromkeys((*CARRIED, *gap, *sorted(own_names)))
    wanted = {name: made[name] for name in carried if made.get(name)}
    if st.query_params.to_dict() != wanted:
        st.query_params.from_dict(wanted)
    st.session_state[_ADDRESS] = wanted


def own(name: str) -> str:
    """Let the page's address carry a choice and return it, empty where it was not made."""
    st.session_state.setdefault(_OWN, set()).add(name)
    return choices().get(name, "")


def settle(name: str, options: Sequence[str], default: str) -> str:
    """Return the choice of that name if it is an option, else make it the default.

    A choice that is no option is remembered for :func:`refused`. The address of the page carries
    the choice.
    """
    own(name)
    made = choices()
    if made.get(name) not in options:
        if name in made:
            st.session_state.setdefault(_REFUSED, {})[name] = made[name]
        made[name] = default
    return made[name]


def under(name: str, question: Hashable, options: Collection[str]) -> str:
    """Return a choice that holds for one question only, empty where it is no option.

    A choice that was made under another question is dropped; one that the address brings is
    taken under the question that comes with it.
    """
    value, key = own(name), f"planner_under_{name}"
    before = st.session_state.get(key, (value, question))
    if before[0] == value and before[1] != question:
        value = choices()[name] = ""
    st.session_state[key] = (value, question)
    return value if value in options else ""


def follow(name: str, shared: str, options: Collection[str]) -> None:
    """Let a page's own choice take over a shared one each time that was made anew elsewhere.

    Parameters
    ----------
    name, shared
        The page's own choice, such as the kind of which gaps are shown (or all together), and the
        one of all pages.
    options
        Values of the shared choice that the page offers.
    """
    key, now = f"planner_followed_{name}", choices().get(shared, "")
    anew = st.session_state.get(key, now) != now or name not in choices()
    if anew and now in options:
        choices()[name] = now
    st.session_state[key] = now


def lead(name: str, shared: str, options: Collection[str]) -> None:
    """Let a shared choice take over a page's own one, where that is an option of it."""
    value = choices().get(name, "")
    if value in options:
        choices()[shared] = st.session_state[f"planner_followed_{name}"] = value


def formerly(name: str, old: str, options: Collection[str]) -> None:
    """Take over what an address of before says under another name, where it is an option."""
    value = choices().get(old, "")
    if value in options:
        choices()[name] = choices().pop(old)


def bring(name: str, value: str) -> None:
    """Make a choice that another page takes under its own question, as one of its address."""
    choices()[name] = value
    st.session_state.pop(f"planner_under_{name}", None)


def refused() -> dict[str, str]:
    """Return what was asked for and is not on offer, by name, and forget it."""
    asked: dict[str, str] = st.session_state.get(_REFUSED, {})
    st.session_state[_REFUSED] = {}
    return asked


def go(path: str) -> None:
    """Let the next run of the page lead to another one, by its address."""
    st.session_state[_DESTINATION] = path
    st.session_state[_LEAVING] = True


def choose_for_all(name: str, value: str) -> None:
    """Make a choice by which the whole app is drawn, from within the part that a page is."""
    choices()[name] = value
    st.session_state[_LEAVING] = True


def leaves() -> bool:
    """Return once, for the part of the app that runs, whether all of it must run again.

    So it must where another page was asked for, or another district or standard.
    """
    return bool(st.session_state.pop(_LEAVING, False))


def destination() -> str:
    """Return where a reader asked to be led, once; empty where nowhere."""
    st.session_state.pop(_LEAVING, None)
    return str(st.session_state.pop(_DESTINATION, ""))


def pick(
    name: str,
    label: str,
    options: Iterable[str],
    default: str,
    word: Callable[[str], str],
    help: str | None = None,  # noqa: A002 - Streamlit's own name
) -> str:
    """Draw a select box for a choice and return what is chosen.

    Parameters
    ----------
    name
        One of :data:`NAMES`, or a name of the page's own.
    label, help
        Words shown with the box.
    options, default
        Values on offer, and the one taken where the choice is not among them.
    word
        Wording of a value.
    """
    st.selectbox(label, **_offered(name, options, default, word), help=help)
    return choices()[name]


def switch(
    name: str, label: str, options: Iterable[str], default: str, word: Callable[[str], str]
) -> str:
    """Draw a row of buttons for a choice and return what is chosen; see :func:`pick`."""
    offered = _offered(name, options, default, word)
    st.segmented_control(label, **offered, label_visibility="collapsed")
    return choices()[name]


def _offered(
    name: str, options: Iterable[str], default: str, word: Callable[[str], str]
) -> dict[str, Any]:
    """Settle a choice; return what its widget is given."""
    offered = list(options)
    key = f"pick_{name}"
    st.session_state[key] = settle(name, offered, default)
    return {
        "options": offered,
        "format_func": word,
        "key": key,
        "on_change": _take_over,
        "args": (name, key),
    }


def _take_over(name: str, key: str) -> None:
    value = st.session_state[key]
    if value is not None:
        choices()[name] = value
