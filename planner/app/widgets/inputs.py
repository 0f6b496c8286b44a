"""What a page is asked by: boxes whose values the address carries."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping, Sequence

import streamlit as st

from planner.analysis.assessment import Assessment
from planner.analysis.coverage.levels import Level
from planner.app.session import choices
from planner.app.session.context import Context
from planner.app.session.errors import markdown
from planner.district import EVERYONE, builtin_profiles
from planner.errors import InputError

SEPARATOR = ";"
"""What parts the entries of a list in the address."""


def submit(words: str, icon: str, action: Callable[..., None], *given: object) -> None:
    """Draw the main button of a form, which calls `action` with what is given."""
    st.form_submit_button(
        words, type="primary", icon=f":material/{icon}:", on_click=action, args=given
    )


def kind(context: Context, result: Assessment) -> str:
    """Draw the choice of a kind: the judged ones first."""
    if not result.kinds:
        raise InputError("analysis.nothing_judged", standard=result.standard.id)
    judged = result.judged_kinds
    others = [kind for kind in result.kinds if kind not in judged]
    return choices.pick(
        "kind",
        context.word("app.kind"),
        [*judged, *others],
        first_kind(result),
        context.kind,
        help=context.word("app.kind_help"),
    )


def first_kind(result: Assessment) -> str:
    """Return the clinic, or the first judged kind, if the district has one; else any."""
    present = set(result.district.open_facilities()["kind"])
    wanted = ["clinic", *result.judged_kinds, *result.kinds]
    found = [kind for kind in wanted if kind in present and kind in result.kinds]
    return [*found, *result.judged_kinds, *result.kinds][0]


def group(context: Context, result: Assessment) -> str:
    """Draw the choice of whom to count."""
    estimated = result.district.estimated

    def word(column: str) -> str:
        whole = estimated and column == result.groups[0]
        # the unit stands in the heading, and has no room here
        return context.word("app.estimate") if whole else context.labels.group(column)

    return choices.pick(
        "group",
        context.word("app.group"),
        result.groups,
        result.groups[0],
        word,
        help=context.word("app.estimated_help" if estimated else "app.group_help"),
    )


def walk(context: Context) -> str:
    """Draw the choice of whose walk is measured and return the profile's id, empty for everyone."""
    return choices.pick(
        "walk",
        context.word("profiles.whose_walk"),
        ["", *builtin_profiles()],
        "",
        lambda each: context.labels.profile(each or EVERYONE),
        help=context.word("profiles.whose_walk_help"),
    )


def level(context: Context, result: Assessment, key: str) -> Level:
    """Draw the choice of communities or subdistricts; communities where there are no others."""
    levels: list[Level] = ["community", "subdistrict"]
    if not (result.district.communities["subdistrict"] != "").any():
        return levels[0]
    if st.session_state.get(key) not in levels:
        st.session_state[key] = levels[0]
    chosen: Level | None = st.segmented_control(
        context.word("app.level"),
        levels,
        format_func=lambda each: context.word(f"app.level_{each}"),
        key=key,
        label_visibility="collapsed",
    )
    return chosen or levels[0]


def places(context: Context) -> str:
    """Draw the choice of places that may be built on and return its name.

    One of :data:`planner.app.session.answers.candidates.PLACES`.
    """
    # pages that ask for none do without siting
    from planner.app.session.answers.candidates import PLACES, usual_places

    return choices.pick(
        "places",
        context.word("siting.where"),
        PLACES,
        usual_places(context.district()),
        lambda each: context.word(f"siting.choice_{each}"),
    )


def number(
    name: str,
    label: str,
    *,
    least: float = 0.0,
    most: float = 1e6,
    step: float = 1.0,
    default: float = 0.0,
    help: str | None = None,  # noqa: A002 - Streamlit's own name
) -> float:
    """Draw a box for a whole number and return it; `default` leaves the address bare."""
    value = optional_number(
        name, label, least=least, most=most, step=step, default=default, digits="%.0f", help=help
    )
    return default if value is None else value


def budget(context: Context, label: str, default: float, *, step: float, most: float) -> float:
    """Draw the box of what may be spent at most, in the currency of the prices."""
    said = context.word("siting.unverified_costs")
    return number("budget", label, least=0.0, most=most, step=step, default=default, help=said)


def optional_number(
    name: str,
    label: str,
    *,
    least: float = 0.0,
    most: float | None = None,
    step: float = 1.0,
    default: float | None = None,
    digits: str = "%.6g",
    help: str | None = None,  # noqa: A002 - Streamlit's own name
    placeholder: str | None = None,
    width: int | None = None,
) -> float | None:
    """Draw a box for a number that may be left empty, and return it.

    Parameters
    ----------
    name
        Of the choice that the address carries; `default` leaves the address bare.
    label, help, placeholder
        Words.
    least, most, step, digits
        Limits, step and format of the number.
    width
        Pixels, None for the column's.
    """
    key = f"input_{name}"
    kept = kept_number(name, least, most)
    st.session_state[key] = default if kept is None else kept

    def take() -> None:
        value = st.session_state[key]
        bare = value is None or value == default
        choices.choices()[name] = "" if bare else f"{value:.12g}"

    st.number_input(
        label,
        min_value=least,
        max_value=most,
        step=step,
        format=digits,
        key=key,
        help=help,
        placeholder=placeholder,
        on_change=take,
        width=width or "stretch",
    )
    value: float | None = st.session_state[key]
    return value


def kept_number(name: str, least: float, most: float | None) -> float | None:
    """Return the number that the address carries before its box is drawn, None where it has none.

    Parameters are those of :func:`optional_number`.
    """
    return _parsed(choices.own(name), least, most)


def _parsed(text: str, least: float, most: float | None) -> float | None:
    """Return a number of the address within its limits, None where it is none."""
    try:
        value = float(text)
    except ValueError:
        return None
    if not math.isfinite(value):
        return None
    return min(max(value, least), math.inf if most is None else most)


def several(
    name: str,
    label: str,
    options: Sequence[str],
    word: Callable[[str], str],
    placeholder: str | None = None,
    *,
    separator: str = SEPARATOR,
    usual: Sequence[str] = (),
    most: int | None = None,
    help: str | None = None,  # noqa: A002 - Streamlit's own name
) -> tuple[str, ...]:
    """Draw a box for any number of entries and return those chosen that are on offer.

    Parameters
    ----------
    name
        Of the choice that the address carries.
    label, help, placeholder
        Words.
    options, word
        Values on offer, and the wording of one.
    separator
        What parts the entries in the address.
    usual
        Entries where none is chosen.
    most
        Entries at most.
    """
    chosen = listed(name, options, separator)[:most] or list(usual)
    key = f"input_{name}"
    st.session_state[key] = chosen

    def take() -> None:
        choices.choices()[name] = separator.join(st.session_state[key])

    st.multiselect(
        label,
        options,
        format_func=word,
        key=key,
        help=help,
        placeholder=placeholder,
        max_selections=most,
        on_change=take,
    )
    return tuple(chosen)


def named(
    name: str,
    label: str,
    names: Mapping[str, str],
    placeholder: str,
    *,
    without: Collection[str] = (),
) -> tuple[str, ...]:
    """Draw a box for any number of things with names and return the ids chosen.

    Parameters
    ----------
    name, label, placeholder
        As in :func:`several`.
    names
        By id.
    without
        Ids that are not on offer.
    """
    offered = [each for each in names if each not in without]
    return several(name, label, offered, names.__getitem__, placeholder)


def listed(name: str, options: Collection[str], separator: str) -> list[str]:
    """Return the entries of a list in the address that are on offer, each once."""
    offered = set(options)
    given = dict.fromkeys(choices.own(name).split(separator))
    return [each for each in given if each in offered]


def kinds(
    context: Context,
    result: Assessment,
    label: str,
    *,
    usual: Sequence[str] = (),
    most: int | None = None,
    help: str | None = None,  # noqa: A002 - Streamlit's own name
) -> tuple[str, ...]:
    """Draw the choice of several judged kinds, as :func:`several`, and say which are left out.

    Where there may be any number of them, the box says that none chosen are all.
    """
    chosen = several(
        "kinds",
        label,
        result.judged_kinds,
        context.kind,
        separator=",",
        usual=usual,
        most=most,
        help=help,
        placeholder=context.word("links.all_kinds") if most is None else None,
    )
    given = dict.fromkeys(filter(None, choices.own("kinds").split(",")))
    left_out = [context.kind(kind) for kind in given if kind not in result.judged_kinds]
    if left_out:
        names = context.labels.text(", ").join(left_out)
        st.caption(markdown(context.word("app.kinds_left_out", kinds=names)))
    return chosen


def switch(
    name: str,
    label: str,
    *,
    default: bool,
    help: str | None = None,  # noqa: A002 - Streamlit's own name
) -> bool:
    """Draw a switch and return whether it is on; `default` leaves the address bare."""
    key, other = f"input_{name}", "no" if default else "yes"
    st.session_state[key] = default if choices.own(name) != other else not default

    def take() -> None:
        choices.choices()[name] = "" if st.session_state[key] == default else other

    st.toggle(label, key=key, help=help, on_change=take)
    return bool(st.session_state[key])


def text(
    name: str,
    label: str,
    *,
    most: int = 40,
    help: str | None = None,  # noqa: A002 - Streamlit's own name
    placeholder: str | None = None,
) -> str:
    """Draw a box for a text and return it without white space around."""
    key = f"input_{name}"
    st.session_state[key] = choices.own(name)

    def take() -> None:
        choices.choices()[name] = st.session_state[key]

    st.text_input(
        label, key=key, help=help, max_chars=most, placeholder=placeholder, on_change=take
    )
    return choices.own(name).strip()
