"""The form of one facility, to correct or remove it."""

from __future__ import annotations

from typing import Any

import streamlit as st

from planner.app.pages.data import corrections
from planner.app.pages.data.corrections import CHOSEN
from planner.app.session import choices
from planner.app.session.context import Context
from planner.app.widgets import inputs
from planner.district import District
from planner.district.corrections.corrections import Value
from planner.district.corrections.steps import values_of
from planner.district.layers import OWNERSHIPS, STATUSES
from planner.district.services import named_services
from planner.errors import PlannerError
from planner.views.maps.base.degrees import in_metres, place_of

SIDE_HEIGHT = 500
_NOT_ASKED = ("x", "y", "department")


def draw(context: Context, here: District) -> None:
    """Draw the form of the chosen facility, or that one is to be chosen."""
    chosen = choices.own(CHOSEN)
    try:
        held = values_of(here, chosen) if chosen else None
    except PlannerError:
        held = None
    if held is None:
        st.info(context.word("app_data.choose_one"), icon=":material/ads_click:")
        return
    lon, lat = place_of(here, float(held["x"] or 0), float(held["y"] or 0))
    shown: dict[str, Value] = {**held, "lon": lon, "lat": lat}
    # other values, other widgets: what was typed for another facility must not stand here
    stem = f"fix-{context.entry.id}-{chosen}-{context.entry.corrections}"
    with st.form(stem, border=False, height=SIDE_HEIGHT):
        _fields(context, here, shown, stem)
        with st.container(horizontal=True):
            save = context.word("app_data.save")
            inputs.submit(save, "save", _save, context, here, chosen, stem, shown)
            st.form_submit_button(
                context.word("app_data.remove"),
                icon=":material/delete:",
                on_click=corrections.remove_facility,
                args=(context, chosen),
            )


def _fields(context: Context, here: District, shown: dict[str, Value], stem: str) -> None:
    """Draw a box for each value of a facility; their keys begin with `stem`."""
    labels = context.labels
    a, b = st.columns(2)
    a.text_input(labels.column("name"), str(shown["name"]), key=f"{stem}-name", max_chars=200)
    _select(b, labels.column("kind"), list(here.kinds), shown, "kind", stem, labels.kind)
    _select(a, labels.column("status"), STATUSES, shown, "status", stem, labels.value)
    _select(b, labels.column("ownership"), OWNERSHIPS, shown, "ownership", stem, labels.value)
    st.text_input(
        labels.column("opening_hours"),
        str(shown["opening_hours"]),
        key=f"{stem}-opening_hours",
        placeholder="Mo-Fr 08:00-18:00; Sa 09:00-12:00",
        help=context.word("app_data.hours_help"),
        max_chars=250,
    )
    a, b = st.columns(2)
    for box, name in ((a, "capacity"), (b, "floor_area_m2")):
        box.number_input(
            labels.column(name),
            0.0,
            None,
            _figure(shown[name]),
            key=f"{stem}-{name}",
            format="%.6g",
        )
    _services(context, here, str(shown["services"]), stem)
    a, b = st.columns(2)
    for box, name, most in ((a, "lon", 180.0), (b, "lat", 90.0)):
        box.number_input(
            context.word(f"app_data.{name}"),
            -most,
            most,
            _figure(shown[name]),
            step=0.0001,
            format="%.6f",
            key=f"{stem}-{name}",
            help=context.word("app_data.degrees_help"),
        )


def _services(context: Context, here: District, held: str, stem: str) -> None:
    """Draw the services to choose from, in words: those that the district's facilities have."""
    own = named_services(held)
    known = {each for text in here.facilities["services"] for each in named_services(text)}
    st.multiselect(
        context.labels.column("services"),
        [*own, *sorted(known - set(own))],
        default=own,
        format_func=context.labels.service,
        key=f"{stem}-services",
        placeholder=context.word("app_data.services_none"),
        help=context.word("app_data.services_help"),
        accept_new_options=True,
    )


def _figure(value: Value) -> float | None:
    return None if value in (None, "") else float(value or 0.0)


def _select(
    box: Any,
    label: str,
    offered: Any,
    held: dict[str, Value],
    name: str,
    stem: str,
    word: Any,
) -> None:
    options = list(offered)
    at = options.index(held[name]) if held[name] in options else 0
    box.selectbox(label, options, at, format_func=word, key=f"{stem}-{name}")


def _save(
    context: Context, here: District, chosen: str, stem: str, shown: dict[str, Value]
) -> None:
    """Correct what was changed in the form; a place only where its degrees were."""
    values = {name: st.session_state[f"{stem}-{name}"] for name in shown if name not in _NOT_ASKED}
    chosen_services = list(values["services"])
    if chosen_services != named_services(shown["services"]):
        values["services"] = ";".join(each.replace(";", ",").strip() for each in chosen_services)
    else:
        values["services"] = shown["services"]  # as it is written
    lon, lat = values.pop("lon"), values.pop("lat")
    if None not in (lon, lat) and (lon, lat) != (shown["lon"], shown["lat"]):
        values["x"], values["y"] = in_metres(float(lon), float(lat), here.crs)
    corrections.save(context, chosen, values)
