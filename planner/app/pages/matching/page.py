"""Needs and places: residents' needs matched with places that have room."""

from __future__ import annotations

import math
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from planner.analysis.assessment import Assessment
from planner.app.session import choices, matching_store, solving
from planner.app.session.context import Context
from planner.app.session.errors import markdown, told
from planner.app.session.loading import loaded
from planner.app.session.matching_store import STEPS, Asked
from planner.app.widgets import components, key_figures, map_view, matching_downloads, plan_files
from planner.app.widgets.key_figures import Figure
from planner.app.widgets.map_view import Pane, Pick
from planner.app.widgets.print_sheet import sheet
from planner.errors import InputError
from planner.siting.matching.matching import Matching
from planner.siting.matching.needs import services_of
from planner.siting.matching.tables import OWNERSHIPS
from planner.views.exports.matching import enlargement_scenario
from planner.views.maps.matching import matching_groups, matching_legend
from planner.views.tables import matching as tables
from planner.views.words import matching as words
from planner.views.words.matching import amount_word, service_word

ANY = "any"
PARTNERS, INTERNAL = "partner", "internal"
TABS = ("places", "communities", "owners", "room")
TABLE_HEIGHT = 353
MAP_HEIGHT = 430

_CHOSEN = "matching_chosen"


def page(context: Context) -> None:
    """Draw the page."""
    _view(context, loaded(context))


@st.fragment
def _view(context: Context, result: Assessment) -> None:
    """Draw it, telling here what goes wrong, since a fragment runs again by itself."""
    with told(context.labels):
        _draw(context, result)


def _draw(context: Context, result: Assessment) -> None:
    asked = _question(context, result)
    components.refusals(context)
    choices.write_address()
    try:
        told_ = _say(context, "matching")
        found = solving.worked_out(context, "matching", matching_store.matching, asked, words=told_)
    except InputError as error:
        if not _mended_here(context, error):
            raise
        return
    if found is None:
        return
    _figures(context, found)
    chosen = _chosen(asked, found)
    _told_choice(context, found, chosen)
    left, right = st.columns([8, 7])
    with left:
        _map(context, found, asked, chosen)
    with right:
        _tables(context, found, asked)
    kinds = result.district.kinds
    notes = [context.labels.finding(finding, kinds) for finding in found.findings]
    said = [words.note(found, context.labels.language), *notes]
    st.caption("  \n".join(map(markdown, said)))
    components.notes(context, result, asked.kind or None)


def _say(context: Context, code: str, **params: object) -> str:
    return words.say(context.labels, code, **params)


def _question(context: Context, result: Assessment) -> Asked:
    """Draw the boxes of the question; the address carries them."""
    say = partial(_say, context)
    title, kind_box, service_box, group_box = st.columns(
        [4.2, 3.6, 3, 2.6], vertical_alignment="center"
    )
    with title:
        components.heading(context, result.district, result.kinds_without_data)
    every = services_of(result)
    with kind_box:
        kind = _pick_kind(context, result)
    with service_box:
        offered = services_of(result, kind) if kind != ANY else every
        service = choices.pick(
            "match_service",
            say("service"),
            [*([ANY] if kind != ANY else []), *offered],
            ANY if kind != ANY else offered[0],
            lambda each: say("service_any") if each == ANY else service_word(each, context.labels),
            help=say("service_help"),
        )
    with group_box:
        group = components.pick_group(context, result)
    need_box, assumed_box, limit_box, whose_box = st.columns(
        [2, 2.4, 2.4, 5], vertical_alignment="bottom"
    )
    with need_box:
        need = _number(context, "need", minimum=0.0, step=0.05, default="1")
    with assumed_box:
        capacity = _number(context, "assumed", minimum=0.0, step=100.0)
    with limit_box:
        limit_m = _number(context, "limit", minimum=1.0, step=50.0)
    with whose_box:
        whose = _whose(context)
    return Asked(
        context.entry,
        context.standard,
        "" if kind == ANY else kind,
        "" if service == ANY else service,
        group,
        1.0 if need is None else need,
        capacity,
        limit_m,
        PARTNERS in whose,
        INTERNAL in whose,
    )


def _pick_kind(context: Context, result: Assessment) -> str:
    """Draw the choice of a kind among those that have places, or all that offer a service."""
    if not result.kinds:
        raise InputError("analysis.nothing_judged", standard=result.standard.id)
    facilities = result.district.facilities
    present = set(facilities["kind"][facilities["status"] == "existing"])
    kinds = [kind for kind in result.kinds if kind in present] or result.kinds
    every = [ANY] if services_of(result) else []
    return choices.pick(
        "match_kind",
        context.say("kind"),
        [*kinds, *every],
        "clinic" if "clinic" in kinds else kinds[0],
        lambda kind: (
            _say(context, "any_kind")
            if kind == ANY
            else context.labels.kind(kind, result.district.kinds)
        ),
    )


def _number(
    context: Context, name: str, *, minimum: float, step: float, default: str = ""
) -> float | None:
    """Draw a box for a number that may be left empty."""
    choice, key = f"match_{name}", f"matching_{name}"
    st.session_state[key] = _as_number(choices.own(choice) or default, minimum)
    placeholder = {"assumed": "assumed_placeholder", "limit": "limit_placeholder"}.get(name)
    st.number_input(
        _say(context, name),
        min_value=minimum,
        step=step,
        format="%.6g",
        help=_say(context, f"{name}_help"),
        placeholder=_say(context, placeholder) if placeholder else None,
        key=key,
        on_change=_take_number,
        args=(choice, key),
    )
    value: float | None = st.session_state[key]
    return value


def _take_number(choice: str, key: str) -> None:
    value = st.session_state[key]
    choices.choices()[choice] = "" if value is None else f"{value:.6g}"


def _as_number(text: str, minimum: float) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return max(value, minimum) if math.isfinite(value) else None


def _whose(context: Context) -> list[str]:
    """Draw which places count beside the public's own."""
    asked = choices.own("match_whose") or PARTNERS
    st.session_state["matching_whose"] = [
        each for each in (PARTNERS, INTERNAL) if each in asked.split(",")
    ]
    st.pills(
        _say(context, "whose"),
        [PARTNERS, INTERNAL],
        selection_mode="multi",
        format_func=lambda each: _say(context, f"whose_{each}"),
        help=_say(context, "whose_help"),
        key="matching_whose",
        on_change=_take_whose,
    )
    return list(st.session_state["matching_whose"])


def _take_whose() -> None:
    choices.choices()["match_whose"] = ",".join(st.session_state["matching_whose"]) or "own"


def _mended_here(context: Context, error: InputError) -> bool:
    """Say how a box of this page mends what is missing, if one does."""
    code = {
        "siting_matching.no_capacity": "no_room_told",
        "analysis_supply.not_judged": "no_limit",
    }.get(error.code)
    if code is not None:
        st.info(_say(context, code), icon=":material/edit:")
    return code is not None


def _figures(context: Context, found: Matching) -> None:
    labels, say, sums = context.labels, partial(_say, context), found.summary()
    owners = {row["ownership"]: row for row in found.by_ownership().to_dict("records")}
    figures = [("needs", say("metric_needs_help", group=labels.group(found.group)))]
    for whose in (each for each in OWNERSHIPS if each in owners):
        row = owners[whose]
        left = row["room_left"]
        room = amount_word(labels, left) if math.isfinite(left) else "–"
        share = labels.percent(row["share"]) if sums["needs"] > 0 else "–"
        told = say(
            "metric_served_help", share=share, places=labels.number(row["places"]), room=room
        )
        figures.append((f"served_{whose}", told))
    figures += [(reason, say(f"metric_{reason}_help")) for reason in ("no_place", "full")]
    unknown = say(
        "metric_unknown_help",
        room=amount_word(labels, sums["unknown_room"]),
        position=amount_word(labels, sums["unknown_position"]),
        low=labels.percent(sums["share_low"]),
        high=labels.percent(sums["share_high"]),
    )
    figures.append(("unknown", unknown))
    own_limit = found.limit_m is not None or found.kind is None
    shown = [
        Figure(
            say(f"metric_{name.removeprefix('served_')}"),
            amount_word(labels, sums[name]),
            f"{meaning} {words.note(found, labels.language)}",
            "",
            [] if own_limit else [str(found.kind)],
            unknown="" if name in ("needs", "unknown") else unknown,
        )
        for name, meaning in figures
    ]
    key_figures.draw(context, found.assessment, shown, "matching")


def _chosen(asked: Asked, found: Matching) -> tuple[str, str] | None:
    """Return what is picked under this question, a place or community and its id."""
    where, what, picked = st.session_state.get(_CHOSEN, (None, "", ""))
    if where != asked or not picked:
        return None
    known = (
        found.served["facility_id"]
        if what == "facility"
        else found.assessment.district.communities["community_id"]
    )
    return (what, picked) if (known == picked).any() else None


def _pick(asked: Asked, pick: Pick) -> None:
    if pick.what in ("facility", "community"):
        st.session_state[_CHOSEN] = (asked, pick.what, pick.id)
    elif pick.what == "place":
        st.session_state.pop(_CHOSEN, None)


def _map(context: Context, found: Matching, asked: Asked, chosen: tuple[str, str] | None) -> None:
    language = context.labels.language
    what, picked = chosen or ("", "")
    groups = matching_groups(
        found,
        language,
        place=picked if what == "facility" else None,
        community=picked if what == "community" else None,
    )
    legend = matching_legend(found, language)
    map_view.show(
        context,
        [Pane(groups)],
        key="matching",
        on_pick=partial(_pick, asked),
        height=MAP_HEIGHT,
        printed=sheet(context, _say(context, "page"), legend),
    )
    map_view.legend(legend)


def _told_choice(context: Context, found: Matching, chosen: tuple[str, str] | None) -> None:
    """Say whom the picked place serves, or who serves the picked community."""
    said = _say(context, "picked_nothing")
    if chosen is not None:
        what, picked = chosen
        told_of = _of_place if what == "facility" else _of_community
        said = told_of(context, found, picked)
    with st.container(horizontal=True, vertical_alignment="center"):
        if chosen is None:
            st.caption(said)
        else:
            st.markdown(f":material/route: {markdown(said)}", width="content")
            st.button(
                _say(context, "all_shown"),
                icon=":material/close:",
                type="tertiary",
                on_click=lambda: st.session_state.pop(_CHOSEN, None),
                key="matching_all",
            )


def _of_place(context: Context, found: Matching, facility_id: str) -> str:
    labels = context.labels
    row = found.served.set_index("facility_id").loc[facility_id]
    name = words.place_names(found)[facility_id]
    if pd.isna(row["used"]):
        amount = amount_word(labels, row["perhaps"])
        return _say(context, "picked_place_unknown", name=name, amount=amount)
    flows = found.exchanges()
    flows = flows[flows["facility_id"] == facility_id]
    if flows.empty:
        return _say(context, "picked_place_none", name=name)
    first = flows.iloc[0]
    return _say(
        context,
        "picked_place",
        name=name,
        used=amount_word(labels, row["used"]),
        count=len(flows),
        first=words.community_words(found, labels)[first["community_id"]],
        amount=amount_word(labels, first["amount"]),
    )


def _of_community(context: Context, found: Matching, community_id: str) -> str:
    labels = context.labels
    row = found.communities().set_index("community_id").loc[community_id]
    name = words.community_words(found, labels)[community_id]
    needs = amount_word(labels, row["needs"])
    flows = found.exchanges()
    flows = flows[flows["community_id"] == community_id]
    if flows.empty:
        return _say(context, "picked_community_none", name=name, needs=needs)
    first = flows.iloc[0]
    return _say(
        context,
        "picked_community",
        name=name,
        needs=needs,
        served=amount_word(labels, row["served"]),
        count=len(flows),
        first=words.place_names(found)[first["facility_id"]],
        amount=amount_word(labels, first["amount"]),
    )


def _tables(context: Context, found: Matching, asked: Asked) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        tab = choices.switch(
            "match_tab", _say(context, "page"), TABS, TABS[0], lambda t: _say(context, f"tab_{t}")
        )
        matching_downloads.button(context, found)
    language = context.labels.language
    if tab == "room":
        _room(context, found, asked)
    elif tab == "owners":
        _table(context, tables.owners_table(found, language), None)
    elif tab == "communities":
        table = tables.communities_table(found, language)
        _table(context, table, partial(_take_row, asked, "community", list(table.index)))
    else:
        table = tables.places_table(found, language)
        _table(context, table, partial(_take_row, asked, "facility", list(table.index)))


def _take_row(asked: Asked, what: str, ids: list[str], key: str) -> None:
    rows = st.session_state[key].selection.rows
    st.session_state[_CHOSEN] = (asked, what, ids[rows[0]] if rows else "")


def _table(context: Context, table: pd.DataFrame, take: Any) -> None:
    """Draw a table; a row that is picked is drawn on the map."""
    table = _telling(table)
    key = f"matching_table_{hash((tuple(table.columns), tuple(table.index)))}"
    picking: dict[str, Any] = {}
    if take is not None:
        picking = {"on_select": partial(take, key), "selection_mode": "single-row"}
    config, table = _columns(context, table)
    st.dataframe(
        table,
        hide_index=True,
        height=min(TABLE_HEIGHT, 35 * (len(table) + 1) + 3),
        column_config=config,
        key=key,
        placeholder="–",
        **picking,
    )


def _telling(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table without the columns that say nothing: all missing, or all 0."""
    table = table.dropna(axis=1, how="all")
    numbers = table.select_dtypes("number")
    idle = [name for name in numbers if (numbers[name].fillna(0) == 0).all()]
    return table.drop(columns=idle)


def _columns(context: Context, table: pd.DataFrame) -> tuple[dict[str, Any], pd.DataFrame]:
    """Return how columns are shown: shares in per cent as bars, amounts short."""
    shares = {_say(context, f"col_{name}") for name in tables.SHARES}
    columns: dict[str, Any] = {}
    shown = table.copy()
    for number, name in enumerate(map(str, table.columns)):
        if name in shares:
            shown[name] = shown[name] * 100
            columns[name] = st.column_config.ProgressColumn(
                min_value=0, max_value=100, format="%.0f%%", width=90
            )
        elif pd.api.types.is_numeric_dtype(shown[name]):
            known = shown[name].dropna().abs()
            whole = bool((known == known.round()).all()) or bool(known.max() >= 100)
            shown[name] = shown[name].round(0 if whole else 1)
            columns[name] = st.column_config.NumberColumn(format="localized", width=84)
        elif number == 0:
            columns[name] = st.column_config.TextColumn(pinned=True, width=160)
    return columns, shown


def _room(context: Context, found: Matching, asked: Asked) -> None:
    """Draw where more room serves most, and take it over into What-if."""
    labels, say = context.labels, partial(_say, context)
    default = f"{found.usual_enlargement:g}"
    key = "matching_more"
    usual = _as_number(choices.own("match_more") or default, 1.0) or found.usual_enlargement
    st.session_state[key] = usual
    st.number_input(
        say("more"),
        min_value=1.0,
        step=50.0,
        format="%.6g",
        help=say("more_help", unit=words.unit_word(found, labels)),
        key=key,
        on_change=_take_number,
        args=("match_more", key),
        width=220,
    )
    rows = solving.worked_out(
        context,
        "enlargements",
        matching_store.enlargements,
        asked,
        usual,
        words=context.word("plan_figures.enlarging"),
    )
    if rows is None:
        return
    if rows.empty:
        st.info(say("room_none"), icon=":material/check_circle:")
        return
    st.caption(say("room_note", more=amount_word(labels, usual)))
    table = tables.enlargements_table(found, rows, labels.language)
    config, table = _columns(context, _telling(table))
    height = 35 * (len(table) + 1) + 3
    st.dataframe(
        table,
        hide_index=True,
        column_config={
            **config,
            say("col_rank"): st.column_config.NumberColumn(width=45),
            say("col_name"): st.column_config.TextColumn(width=170),
        },
        height=height,
        key="matching_room",
        placeholder="–",
    )
    scenario = enlargement_scenario(found, labels.language, usual, STEPS)

    with st.container(horizontal=True, gap="small"):
        plan_files.take_over(context, scenario, "matching")
        st.download_button(
            say("download_scenario"),
            scenario.to_json,
            file_name="enlargements.scenario.json",
            mime="application/json",
            on_click="ignore",
            icon=":material/download:",
            key="matching_scenario",
        )
