"""The layers of a district: rows, origin, findings, first rows and a map of a chosen one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
import streamlit as st

from planner.app.pages.data import stated, usual
from planner.app.pages.data.corrections import CHOSEN
from planner.app.session import choices
from planner.app.session.answers import assessments
from planner.app.session.answers.cache import answer
from planner.app.session.catalogue import Entry
from planner.app.session.context import Context
from planner.app.session.errors import markdown
from planner.app.session.reader import permissions
from planner.app.widgets import findings as findings_by_weight
from planner.app.widgets import map_view, tables
from planner.app.widgets.map_view import Pane, Pick
from planner.district import District, Source, kind_notes
from planner.district.services import named_services
from planner.errors import Finding
from planner.sources import check
from planner.sources.checks.finding_layers import layer_of
from planner.views.maps.parts.layers import MOST_DRAWN, layer_group, layer_legend
from planner.views.words.analysis.hours import hours_word
from planner.views.words.provenance import source_date
from planner.views.words.streets import class_word

PREVIEWED = 50
MAP_HEIGHT = 380


@answer()
def findings(entry: Entry) -> list[Finding]:
    """Return what to mend in a district, and of which kinds there is no data."""
    district = assessments.district(entry)
    return [*check(district), *kind_notes(district)]


def draw(context: Context, here: District) -> None:
    """Draw the table of layers, and the chosen layer."""
    st.markdown(context.word("app.sources_intro", crs=markdown(here.crs.to_string())))
    with st.spinner(context.word("app_data.checking"), show_time=True):
        found = findings(context.entry)
    filled = [name for name, table in here.layers.items() if not table.empty]
    tables.draw(
        context,
        _rows(context, here, filled, found),
        "table_sources",
        config=_columns(context),
        height="content",
        room=tables.WHOLE,
    )
    usual.draw(context, here)
    stated.draw(context, here)
    if choices.own("layer") not in filled:
        choices.choices().pop("layer", None)
    layer = choices.switch(
        "layer",
        context.word("app.col_layer"),
        filled,
        "facilities" if "facilities" in filled else filled[0],
        lambda name: context.word(f"app.layer_{name}"),
    )
    _found(context, here, [each for each in found if layer_of(each, here) == layer])
    left, right = st.columns([6, 6])
    with left:
        _map(context, here, layer)
    with right:
        _preview(context, here, layer)
    _found(context, here, [each for each in found if not layer_of(each, here)])


def _found(context: Context, here: District, found: list[Finding]) -> None:
    """Draw findings in groups by how much they matter."""
    worded = [(each.code, context.labels.finding(each, here.kinds)) for each in found]
    findings_by_weight.draw(context, worded)


def _map(context: Context, here: District, layer: str) -> None:
    name, shapes = context.word(f"app.layer_{layer}"), getattr(here, layer).geometry
    legend = layer_legend(name, shapes.iloc[0]) if len(shapes) else ""
    group = layer_group(here, layer, name)
    corrects = layer == "facilities" and permissions.may_change()
    if corrects:
        st.caption(context.word("app_data.hint_correct"))
    map_view.show(
        context,
        [Pane([group])],
        key="layers",
        height=MAP_HEIGHT,
        legend=legend,
        on_pick=_correct if corrects else None,
    )
    count = len(shapes)
    if count > MOST_DRAWN:
        numbers = {"drawn": context.labels.number(MOST_DRAWN), "all": context.labels.number(count)}
        st.caption(context.word("app_data.some_drawn", **numbers))


def _correct(pick: Pick) -> None:
    """Go where the facility that was clicked is corrected."""
    if pick.what == "facility":
        choices.choices().update({"part": "correct", CHOSEN: pick.id})


def _preview(context: Context, here: District, layer: str) -> None:
    table = here.shown_layers[layer]
    rows = pd.DataFrame(table.drop(columns="geometry").head(PREVIEWED))
    filled = [name for name in rows if rows[name].notna().any() and rows[name].ne("").any()]
    config = {
        str(name): st.column_config.Column(context.labels.column(str(name), here.kinds))
        for name in filled
    }
    tables.draw(
        context,
        _worded(context, here, layer, rows[filled]),
        "table_layer",
        config=config,
        height=MAP_HEIGHT,
        spare=("name_en",),  # in English it stands with the name
        name=f"layer_{layer}",
    )
    hidden = _withheld(here, layer, rows)
    empty = [name for name in rows if name not in filled and name not in hidden]
    shown = context.labels.number(len(rows))
    total = context.labels.number(len(table))
    told = [context.word("app_data.first_rows", shown=shown, all=total)]
    for message, columns in (
        ("app_data.empty_columns", empty),
        ("small_numbers.columns", [name for name in hidden if name not in filled]),
    ):
        if columns:
            words = [context.labels.column(str(name), here.kinds) for name in columns]
            told.append(context.word(message, names=context.labels.text(", ").join(words)))
    st.caption(markdown(context.labels.paragraph(told)))


def _worded(context: Context, here: District, layer: str, rows: pd.DataFrame) -> pd.DataFrame:
    """Return rows with kinds, statuses and owners by their words."""
    labels = context.labels
    words: dict[str, Callable[[str], str]] = {
        "status": labels.value,
        "ownership": labels.value,
        "department": labels.department,
    }
    if layer == "facilities":
        words["kind"] = lambda kind: labels.kind(kind, here.kinds)
        words["opening_hours"] = lambda hours: hours_word(hours, labels)
        words["services"] = lambda services: labels.text(", ").join(
            labels.service(each) for each in named_services(services)
        )
    if layer == "streets":
        words["highway"] = lambda street_class: class_word(street_class, labels)
    if layer in ("barriers", "context"):
        words["kind"] = lambda kind: context.word(f"app_data.ground_{kind}")
    if layer == "candidates":
        words["kinds"] = lambda kinds: labels.text(", ").join(
            labels.kind(each, here.kinds) for each in filter(None, kinds.split(";"))
        )
    worded = rows.copy()
    for name, word in words.items():
        if name in rows:
            worded[name] = [word(str(each)) if each else "" for each in rows[name].fillna("")]
    return worded


def _withheld(here: District, layer: str, rows: pd.DataFrame) -> list[str]:
    """Return the columns of homes of which something is withheld in some rows."""
    if here.withheld is None or layer != "demand":
        return []
    homes = here.withheld.homes.reindex(rows["demand_id"], fill_value=False)
    return [name for name in here.withheld.groups if name in rows and homes[name].any()]


def _rows(
    context: Context, here: District, filled: list[str], found: list[Finding]
) -> pd.DataFrame:
    """Return one row for each source of each layer that holds anything."""
    about = [layer_of(each, here) for each in found]
    rows = []
    for name in filled:
        sources = [source for source in here.sources if source.layer == name]
        rows += [
            {
                "layer": context.word(f"app.layer_{name}"),
                "rows": len(getattr(here, name)),
                "crs": here.crs.to_string(),
                "source": context.labels.text(source.source) if source.source else "",
                "date": source_date(source, context.labels),
                "licence": source.licence or context.word("provenance.no_licence"),
                "findings": about.count(name),
            }
            for source in sources or [Source(name, "")]
        ]
    return pd.DataFrame(rows)


def _columns(context: Context) -> dict[str, Any]:
    config = st.column_config
    return {
        "layer": config.TextColumn(context.word("app.col_layer")),
        "rows": tables.count_column(context.word("app.col_rows")),
        "crs": config.TextColumn(context.word("app_data.col_crs")),
        "source": config.TextColumn(context.labels.column("source")),
        "date": config.TextColumn(context.word("app.col_date")),
        "licence": config.TextColumn(context.word("app.col_licence")),
        "findings": config.NumberColumn(context.word("app_data.col_findings")),
    }
