"""One-stop sites: sentences, tables for people, map layers, and files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import folium
import pandas as pd
import pyogrio

from planner.district import Kinds, Scenario
from planner.views.escaping import safe
from planner.views.exports.assessment import write_csv
from planner.views.exports.folders import whole_folder
from planner.views.maps.assets import OfflineMap, self_contained_html, stable_ids
from planner.views.maps.basemap import base_map
from planner.views.maps.drawing import Drawing, panel
from planner.views.maps.drawing import places as drawn_places
from planner.views.maps.icons import icon
from planner.views.maps.marks import Mark, mark_group
from planner.views.words.labels import Labels

if TYPE_CHECKING:
    from planner.siting.one_stop.answers import OneStopProposal

FILES = ("buildings.csv", "one_stop.gpkg", "one_stop_scenario.json", "one_stop.html")
"""The files that :func:`write_one_stop` makes."""

BUILDING = "building"
"""What a click on a building is called; its id is its rank."""

_YUAN = 10_000
_PLACE = {"radius": 3.5, "color": "#78716c", "weight": 1, "fillColor": "#ffffff", "fillOpacity": 1}
_SHARED = {
    "radius": 13,
    "color": "#ffffff",
    "weight": 2.5,
    "fillColor": "#b45309",
    "fillOpacity": 1,
}
_SINGLE = {**_SHARED, "radius": 10, "color": "#475569", "weight": 2, "fillColor": "#e2e8f0"}
_BELOW = (
    "position:absolute;left:50%;top:20px;transform:translateX(-50%);display:flex;gap:1px;"
    "padding:1px 2px;border-radius:11px;background:rgba(255,255,255,.92)"
)
_HOMES = ("#99d5cd", "#2c9d8f", "#0b5d55", "#032f2b")
"""Colours of homes by the number of kinds gained, the last for that many and more."""


def sentences(proposal: OneStopProposal, language: str = "en") -> list[str]:
    """Return the answer in sentences: who is gained for what, the proof, the use of sharing."""
    labels = Labels(language)
    lines = [
        labels.message(
            "one_stop.answer",
            buildings=labels.number(len(proposal.buildings)),
            facilities=labels.number(proposal.facilities),
            cost=_money(proposal.cost, labels),
            gained=labels.number(proposal.total),
            residents=labels.number(proposal.residents),
        ),
        proof(proposal, labels),
    ]
    several = float(proposal.buildings["several"].sum())
    if several > 0:
        lines.append(labels.message("one_stop.several", several=labels.number(several)))
    short = too_small(proposal, language)
    return [*lines, short] if short else lines


def proof(proposal: OneStopProposal, labels: Labels) -> str:
    """Return in words how far the answer is from the best possible."""
    places = labels.number(len(proposal.places.table))
    if proposal.optimal:
        return labels.message("one_stop.proof_optimal", places=places)
    gap = labels.percent(proposal.gap, 2)
    return labels.message("one_stop.proof_gap", gap=gap, places=places)


def against(proposal: OneStopProposal, language: str = "en") -> str:
    """Return in a sentence what the same money brings with one kind in each building."""
    labels, other = Labels(language), proposal.separate
    more = proposal.total - other.total
    share = more / other.total if other.total > 0 else float("inf")
    if proposal.objective <= other.siting.objective:
        return labels.message("one_stop.sharing_brings_nothing", total=labels.number(other.total))
    return labels.message(
        "one_stop.sharing_brings",
        total=labels.number(other.total),
        more=labels.number(more),
        share=labels.percent(share) if share < float("inf") else "–",
    )


def too_small(proposal: OneStopProposal, language: str = "en") -> str:
    """Return in a sentence which buildings need more room than there is; empty for none."""
    labels, rows = Labels(language), proposal.buildings
    listed = rows["origin"] == "candidates"
    short = rows[listed & (rows["needed_m2"] > rows["floor_area_m2"] * (1 + 1e-9))]
    if short.empty:
        return ""
    names = labels.text(", ").join(_named(row) for row in short.itertuples())
    return labels.message("one_stop.needs_more", count=labels.number(len(short)), names=names)


def buildings_table(proposal: OneStopProposal, language: str = "en") -> pd.DataFrame:
    """Return the buildings as a table for people, the one that brings most first."""
    labels, rows = Labels(language), proposal.buildings
    kinds = proposal.assessment.district.kinds
    columns: dict[str, Any] = {
        "one_stop.col_rank": rows["rank"],
        "one_stop.col_building": rows["name"].where(rows["name"] != "", rows["site_id"]),
        "one_stop.col_kinds": [_kinds(text, kinds, labels) for text in rows["kinds"]],
        "one_stop.col_gained": rows["gained"].round(),
        "one_stop.col_several": rows["several"].round(),
        "one_stop.col_cost": rows["cost"].round(1),
        "one_stop.col_saved": rows["saved"].round(1),
        "one_stop.col_per_resident": (rows["cost_per_resident"] * _YUAN).round(),
        "one_stop.col_needed": rows["needed_m2"].round(),
        "one_stop.col_area": rows["floor_area_m2"].round(),
        "one_stop.col_origin": [
            labels.message(f"siting_words.where_{each}") for each in rows["origin"]
        ],
    }
    table = pd.DataFrame({labels.message(code): values for code, values in columns.items()})
    for kind in proposal.kinds:
        name = labels.message("one_stop.col_gained_of", kind=labels.kind(kind, kinds))
        table[name] = rows[f"gained_{kind}"].round()
    return table


def terminal_table(proposal: OneStopProposal, language: str = "en") -> pd.DataFrame:
    """Return the columns of :func:`buildings_table` that fit a terminal."""
    labels = Labels(language)
    names = ("rank", "building", "kinds", "gained", "several", "cost", "saved")
    columns = [labels.message(f"one_stop.col_{name}") for name in names]
    return buildings_table(proposal, language)[columns]


def kinds_table(proposal: OneStopProposal, language: str = "en") -> pd.DataFrame:
    """Return, for each kind, the residents gained with shared and with separate buildings."""
    labels, kinds = Labels(language), proposal.assessment.district.kinds
    shared, separate = proposal.gained, proposal.separate.gained
    opened = proposal.plan.opened.sum(axis=0)
    columns = {
        "one_stop.col_kind": [labels.kind(kind, kinds) for kind in proposal.kinds],
        "one_stop.col_facilities": opened,
        "one_stop.col_shared": [round(shared[kind]) for kind in proposal.kinds],
        "one_stop.col_separate": [round(separate[kind]) for kind in proposal.kinds],
    }
    return pd.DataFrame({labels.message(code): values for code, values in columns.items()})


def comparison_table(proposal: OneStopProposal, language: str = "en") -> pd.DataFrame:
    """Return the figures of shared buildings beside those of separate ones."""
    labels, other = Labels(language), proposal.separate
    rows = [
        ("one_stop.col_gained", proposal.total, other.total),
        ("one_stop.row_most", proposal.bound, other.siting.bound),
        ("one_stop.row_buildings", len(proposal.buildings), len(other.siting.sites)),
        ("one_stop.col_facilities", proposal.facilities, other.facilities),
        ("one_stop.col_cost", proposal.cost, other.cost),
    ]
    columns = {
        "one_stop.col_figure": [labels.message(code) for code, *_ in rows],
        "one_stop.col_shared": [round(float(value), 1) for _, value, _ in rows],
        "one_stop.col_separate": [round(float(value), 1) for *_, value in rows],
    }
    return pd.DataFrame({labels.message(code): values for code, values in columns.items()})


def overlap_table(proposal: OneStopProposal, language: str = "en") -> pd.DataFrame:
    """Return the residents by how many of the kinds they lack, before and after."""
    labels, rows = Labels(language), proposal.overlap
    columns = {
        "one_stop.col_lacking": rows["lacking"],
        "one_stop.col_before": rows["before"].round(),
        "one_stop.col_after": rows["after"].round(),
    }
    return pd.DataFrame({labels.message(code): values for code, values in columns.items()})


def one_stop_groups(proposal: OneStopProposal, language: str = "en") -> list[folium.FeatureGroup]:
    """Return the layers: places to choose from, homes gained, buildings with what is in them."""
    labels, crs = Labels(language), proposal.assessment.district.crs
    kinds, say = proposal.assessment.district.kinds, labels.message
    rows = proposal.buildings
    chosen = set(rows["site_id"])
    places = [
        Mark(row.geometry, _PLACE, safe(_named(row)))
        for row in proposal.places.table.itertuples()
        if row.site_id not in chosen
    ]
    gained = proposal.homes()
    homes = [
        Mark(
            row.geometry,
            _home(int(row.count_)),
            f"<b>{safe(say('one_stop.home', count=labels.number(row.count_)))}</b><br>"
            + safe(_kinds(row.kinds, kinds, labels)),
        )
        for row in gained.rename(columns={"count": "count_"}).itertuples()
    ]
    spots = [
        Mark(
            row.geometry,
            _SHARED if ";" in row.kinds else _SINGLE,
            _tooltip(row, kinds, labels),
            (BUILDING, str(row.rank)),
        )
        for row in rows.itertuples()
    ]
    layers = [("layer_places", places), ("layer_homes", homes), ("layer_buildings", spots)]
    groups = [
        mark_group(marks, crs, say(f"one_stop.{name}"), seed=f"one-stop-{name}")
        for name, marks in layers
        if marks
    ]
    signs = folium.FeatureGroup(name=safe(say("one_stop.layer_buildings")), control=False)
    texts = [
        [y, x, f"<b>{row.rank}</b>{_icons(row.kinds, kinds)}"]
        for (y, x), row in zip(drawn_places(rows.geometry), rows.itertuples(), strict=True)
    ]
    signs.add_child(Drawing("labels", texts))
    stable_ids(signs, "one-stop-signs")
    return [*groups, signs]


def legend_html(proposal: OneStopProposal, language: str = "en") -> str:
    """Return the legend as HTML, styled by the map's own style sheet."""
    labels, kinds = Labels(language), proposal.assessment.district.kinds
    say = labels.message
    rows = [
        _row(_dot(_SHARED["fillColor"], 15), say("one_stop.legend_shared")),
        _row(_dot(_SINGLE["fillColor"], 13, _SINGLE["color"]), say("one_stop.legend_single")),
    ]
    rows += [
        _row(icon(kinds[kind], size=18), labels.kind(kind, kinds))
        for kind in proposal.kinds
        if kind in kinds
    ]
    most = int(proposal.homes()["count"].max()) if len(proposal.buildings) else 0
    rows += [
        _row(
            _dot(_home(count)["fillColor"], _home(count)["radius"] * 2),
            say("one_stop.home", count=labels.number(count)),
        )
        for count in range(1, most + 1)
    ]
    return "".join(rows)


def one_stop_map(proposal: OneStopProposal, language: str = "en") -> OfflineMap:
    """Return the map of a proposal that needs no server."""
    drawn = base_map(proposal.assessment.district, language=language)
    for group in one_stop_groups(proposal, language):
        drawn.add_child(group)
    drawn.add_child(folium.LayerControl(position="bottomleft", collapsed=True))
    legend = {"": legend_html(proposal, language)}
    drawn.add_child(panel("bottomright", legend, "", "pl-card pl-legend"))
    return drawn


def scenario(proposal: OneStopProposal, language: str = "en") -> Scenario:
    """Return the scenario that opens everything, named in the language."""
    labels = Labels(language)
    return proposal.scenario(
        labels.message(
            "one_stop.scenario_name",
            buildings=labels.number(len(proposal.buildings)),
            facilities=labels.number(proposal.facilities),
        )
    )


def write_one_stop(
    proposal: OneStopProposal, folder: str | Path, language: str = "en"
) -> list[Path]:
    """Write table, layers, scenario and map into a folder, all files of :data:`FILES` or none.

    Raises
    ------
    InputError
        Where `folder` is a file or the language is not known.
    WorkError
        Where the disk is full or writing is not permitted; what was there before is kept.
    """
    with whole_folder(folder) as part:
        write_csv(buildings_table(proposal, language), part / FILES[0])
        write_layers(proposal, part / FILES[1])
        scenario(proposal, language).save(part / FILES[2])
        title = Labels(language).message("one_stop.page")
        page = self_contained_html(one_stop_map(proposal, language), title)
        (part / FILES[3]).write_text(page, encoding="utf-8")
    return [Path(folder) / name for name in FILES]


def write_layers(proposal: OneStopProposal, file: Path) -> None:
    """Write buildings and homes gained as layers of a GeoPackage."""
    for name, layer in (("buildings", proposal.buildings), ("homes_gained", proposal.homes())):
        pyogrio.write_dataframe(
            layer, file, layer=name, driver="GPKG", append=file.exists(), geometry_type="Point"
        )


def _money(value: float, labels: Labels) -> str:
    return labels.number(value, 0 if value == round(value) else 1)


def _kinds(joined: str, kinds: Kinds, labels: Labels) -> str:
    names: Sequence[str] = [labels.kind(kind, kinds) for kind in joined.split(";")]
    return labels.text(", ").join(names)


def _icons(joined: str, kinds: Kinds) -> str:
    """Return the icons of kinds in a row below the number of a building."""
    drawn = "".join(icon(kinds[kind], size=18) for kind in joined.split(";") if kind in kinds)
    return f'<i style="{_BELOW}">{drawn}</i>'


def _home(count: int) -> dict[str, Any]:
    colour = _HOMES[min(count, len(_HOMES)) - 1]
    return {
        "radius": 3 + min(count, len(_HOMES)) * 0.8,
        "color": "#ffffff",
        "weight": 0.8,
        "fillColor": colour,
        "fillOpacity": 1,
    }


def _tooltip(row: Any, kinds: Kinds, labels: Labels) -> str:
    lines = [
        labels.message("siting_words.tooltip", gained=labels.number(row.gained)),
        labels.message("one_stop.tooltip_cost", cost=_money(row.cost, labels)),
    ]
    if row.several > 0:
        several = labels.number(row.several)
        lines.append(labels.message("one_stop.tooltip_several", several=several))
    head = f"<b>{row.rank}. {safe(_named(row))}</b><br>{safe(_kinds(row.kinds, kinds, labels))}"
    return "<br>".join([head, *map(safe, lines)])


def _named(row: Any) -> str:
    return str(row.name or row.site_id)


def _row(mark: str, words: str) -> str:
    return (
        f'<div class="pl-row"><span class="pl-cell">{mark}</span><span>{safe(words)}</span></div>'
    )


def _dot(colour: object, size: float, rim: object = "") -> str:
    style = f"width:{size:g}px;height:{size:g}px;background:{colour}"
    style += f";border:2px solid {rim}" if rim else ""
    return f'<span class="pl-dot" style="{style}"></span>'
