"""Where the rows lie: coordinate systems and datums, said, found or asked, and a small map."""

from __future__ import annotations

from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from planner.app.pages.data.files import drawing, wording
from planner.app.pages.data.files.state import POINTS, Given
from planner.app.session.context import Context
from planner.app.session.errors import markdown
from planner.sources.datums.declared import NAMES
from planner.sources.datums.older import SYSTEMS, same_zone, survey_of
from planner.sources.datums.settling import WRONG
from planner.sources.files.lists import layer_of

DATUMS = ("", "gcj02", "bd09", "wgs84", "cgcs2000")
"""What a layer's coordinates may be in; empty: as the file says, or as it is found."""

_DEGREES = {"EPSG:4326": "WGS 84", "EPSG:4490": "CGCS2000"}
_ASKS = ("datums.not_sure", "datums.contradiction", "datums.partly_said")


def asked(given: Given) -> list[str]:
    """Return the layers whose datum nobody says and places do not tell."""
    return [
        layer
        for layer, answer in given.shown().items()
        if answer["error"] is not None and answer["error"]["code"] in _ASKS
    ]


DOUBTS = (*WRONG, "datums.against_table")
"""Findings that a layer probably lies in another datum than it was taken in."""


def doubts(given: Given) -> list[tuple[str, dict[str, Any]]]:
    """Return the layers that probably lie elsewhere, each with the finding that says so."""
    return [
        (layer, finding)
        for layer, answer in given.shown().items()
        for finding in answer["findings"]
        if finding["code"] in DOUBTS
    ]


def doubted(context: Context, given: Given, layer: str, finding: dict[str, Any]) -> str:
    """Return in which datum a layer was taken, who said so, and which fits better, as Markdown."""
    params = finding["params"]
    name = markdown(wording.layer(context, given, layer))
    if finding["code"] == "datums.against_table":
        words = {key: markdown(str(params[key])) for key in ("told", "said", "given")}
        return context.word("app_files.doubt_header", layer=name, **words)
    taken, chosen = _taken(context, given, layer, params)
    metres = {
        NAMES[datum]: context.labels.metres(params[f"{datum}_m"])
        for datum in ("wgs84", "gcj02", "bd09")
    }
    return context.word(
        "app_files.doubt_chosen" if chosen else "app_files.doubt_file",
        layer=name,
        taken=taken,
        metres=metres[params.get("said", NAMES["wgs84"])],  # systems that are not shifted are one
        best=params["best"],
        best_metres=metres[params["best"]],
    )


def _taken(context: Context, given: Given, layer: str, params: dict[str, Any]) -> tuple[str, bool]:
    """Return in which system a layer was taken, by its name, and whether somebody chose it."""
    own = given.of(layer)
    if "said" in params or own.datum:
        return params.get("said") or NAMES[own.datum], bool(own.datum)
    chosen = (own.mapping or {}).get("crs") or given.crs.strip()
    crs = chosen or given.shown()[layer]["crs"]
    survey = survey_of(crs)
    name = context.word(f"app_files.system_{survey.system}") if survey else _DEGREES.get(crs, crs)
    return name or NAMES["wgs84"], bool(chosen)


def draw(context: Context, given: Given) -> None:
    """Draw a line for each layer, and the map."""
    left, right = st.columns([7, 5], gap="medium")
    with left:
        st.markdown(context.word("app_files.places_intro"))
        with st.container(height=390, border=False):
            for layer, answer in given.shown().items():
                if layer in ("totals", "growth"):  # these have no places
                    continue
                _line(context, given, layer, answer)
        key = given.key("crs")
        st.text_input(
            context.word("app_files.crs"),
            value=given.crs,
            key=key,
            max_chars=40,
            placeholder=(given.preview or {}).get("metric")
            or context.word("app_files.crs_example"),
            help=context.word("app_files.crs_help"),
            on_change=_set_crs,
            args=(given, key),
        )
    with right:
        _map(context, given)


def _set_crs(given: Given, key: str) -> None:
    if given.crs != st.session_state[key]:
        given.crs = st.session_state[key]
        given.change()


def _line(context: Context, given: Given, layer: str, answer: dict[str, Any]) -> None:
    """Draw what is known of a layer's coordinates, and the choice of another datum."""
    words, box = st.columns([7, 5], vertical_alignment="top")
    with words:
        layer_word = context.word(f"app.layer_{layer_of(layer)}")
        st.markdown(f"**{layer_word}** · {markdown(answer['file'])}")
        st.caption(_known(context, given, layer, answer))
    _survey(context, given, layer, answer, box)
    key = given.key("datum", layer)
    box.selectbox(
        context.word("app_files.datum_of", layer=markdown(wording.layer(context, given, layer))),
        DATUMS,
        index=DATUMS.index(given.of(layer).datum),
        format_func=lambda each: context.word(f"app_files.datum_{each or 'found'}"),
        key=key,
        label_visibility="collapsed",
        on_change=_set_datum,
        args=(given, layer, key),
    )


def crs_word(context: Context, crs: str) -> str:
    """Return what a coordinate reference system is in words, with its code."""
    word = context.word
    if crs in _DEGREES:
        return word("app_files.crs_degrees", system=_DEGREES[crs])
    survey = survey_of(crs)
    if survey is None:
        return crs
    system = word(f"app_files.system_{survey.system}")
    return word(f"app_files.crs_{survey.form}", system=system, number=survey.number, epsg=crs)


def _survey(
    context: Context, given: Given, layer: str, answer: dict[str, Any], box: DeltaGenerator
) -> None:
    """Draw which survey system the metres of a table are of, where the figures tell the zone only.

    Beijing 1954 and Xi'an 1980 have the same zones as CGCS2000.
    """
    said = given.of(layer).mapping or answer["mapping"]
    options = same_zone((said or {}).get("crs") or answer["crs"])
    if said is None or not said["header_row"] or not options:
        return
    now = survey_of(said.get("crs") or answer["crs"])
    key = given.key("survey", layer)
    box.selectbox(
        context.word("app_files.survey_of", layer=markdown(wording.layer(context, given, layer))),
        list(options),
        index=list(options).index(now.system if now else SYSTEMS[0]),
        format_func=lambda system: crs_word(context, options[system]),
        key=key,
        help=context.word("app_files.survey_help"),
        on_change=_set_survey,
        args=(given, layer, said, options, key),
    )


def _set_survey(
    given: Given, layer: str, said: dict[str, Any], options: dict[str, str], key: str
) -> None:
    crs = options[st.session_state[key]]
    if said.get("crs") != crs:
        given.of(layer).mapping = {**said, "crs": crs}
        given.change()


def _set_datum(given: Given, layer: str, key: str) -> None:
    if given.of(layer).datum != st.session_state[key]:
        given.of(layer).datum = st.session_state[key]
        given.change()


def _known(context: Context, given: Given, layer: str, answer: dict[str, Any]) -> str:
    """Return what is known of the coordinates of a layer, as Markdown."""
    word, labels = context.word, context.labels
    lines = []
    if layer in asked(given):
        lines.append(f":red[{word('app_files.datum_asked')}]")
    elif answer["error"] is not None:
        lines.append(f":red[{markdown(wording.sentence(context, given, answer['error']))}]")
    if answer["crs"]:
        lines.append(word("app_files.in_crs", crs=markdown(crs_word(context, answer["crs"]))))
    about = [each for each in answer["findings"] if each["code"].startswith("datums.")]
    lines += [
        f":red[{doubted(context, given, layer, each)}]"
        if each["code"] in DOUBTS
        else _of_datum(context, given, answer, each)
        for each in about
    ]
    datum = answer["datum"] or {}
    codes = {each["code"] for each in answer["findings"]}
    guessed = "tables.zone_guessed" in codes
    if guessed:
        lines.append(f":orange[{word('app_files.survey_guessed')}]")
    known = datum.get("known") and not guessed and answer["error"] is None
    if layer_of(layer) in POINTS and not about and known:
        lines.append(word("app_files.datum_known"))
    rows = labels.number(answer["rows"])
    return "  \n".join([word("app_files.rows_read", count=rows), *lines])


_SHORT = {
    "datums.recognised": "app_files.datum_recognised",
    "datums.converted_as_recognised": "app_files.datum_recognised",
}


def _of_datum(
    context: Context, given: Given, answer: dict[str, Any], finding: dict[str, Any]
) -> str:
    """Return what was found of a datum, briefly where it was recognised."""
    fits = (answer["datum"] or {}).get("fits", [])
    if finding["code"] not in _SHORT or not fits:
        return markdown(wording.sentence(context, given, finding))
    best, *others = fits
    metres = context.labels.metres
    rest = [f"{NAMES[fit['datum']]} {metres(fit['street_m'])}" for fit in others]
    return context.word(
        _SHORT[finding["code"]],
        datum=NAMES[best["datum"]],
        metres=metres(best["street_m"]),
        others=context.labels.text(", ").join(rest),
    )


def _map(context: Context, given: Given) -> None:
    picture = (given.preview or {}).get("drawing")
    if picture is None:
        st.info(context.word("app_files.no_map"), icon=":material/map:")
        return
    words = {key: wording.layer(context, given, key) for key in picture["points"]}
    st.html(drawing.html(picture, words, context.word("app_files.map_of")))
    st.caption(context.word("app_files.map_caption"))
