"""Facilities moved and closed: sentences, tables for people, map layers, and files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import folium
import pandas as pd
import pyogrio
import shapely

from planner.views.escaping import safe
from planner.views.exports.assessment import write_csv
from planner.views.exports.folders import whole_folder
from planner.views.maps.marks import Mark, mark_group
from planner.views.words.labels import Labels

if TYPE_CHECKING:
    from planner.district import Scenario
    from planner.siting.relocation.relocation import Relocation

FILES = ("moves.csv", "moves.gpkg", "moves_scenario.json")
"""The files that :func:`write_relocation` makes."""

_OLD = {"radius": 14, "color": "#b45309", "weight": 3, "fillOpacity": 0}
_NEW = {"radius": 10, "color": "#ffffff", "weight": 2.5, "fillColor": "#b45309", "fillOpacity": 1}
_WAY = {"color": "#b45309", "weight": 2.5, "opacity": 0.9, "dashArray": "6 5"}
_GAINED = {
    "radius": 3.5,
    "color": "#ffffff",
    "weight": 0.8,
    "fillColor": "#0f766e",
    "fillOpacity": 1,
}
_LOST = {"radius": 3.5, "color": "#ffffff", "weight": 0.8, "fillColor": "#b91c1c", "fillOpacity": 1}


def relocation_answer(found: Relocation, language: str = "en") -> list[str]:
    """Return the answer in sentences: who is gained and lost, before and after, the proof."""
    labels = Labels(language)
    say = labels.message
    limit, plan = labels.metres(found.limit_m), found.plan
    moved = int((plan["does"] == "move").sum())
    told = {
        "moved": labels.number(moved),
        "closed": labels.number(len(plan) - moved),
        "count": labels.number(len(found.ground.rows)),
        "gained": labels.number(found.gained),
        "lost": labels.number(found.lost),
        "limit": limit,
    }
    if not len(plan):
        first = say("relocation.answer_stay", limit=limit)
    elif found.moves == 0:
        first = say("relocation.answer_closings", **told)
    else:
        code = "answer_moves" if len(plan) > moved else "answer_moved"
        first = say(f"relocation.{code}", **told)
    kind = labels.kind(found.kind, found.assessment.district.kinds)
    before, after = coverage_rates(found)
    second = say(
        "relocation.after", kind=kind, before=labels.percent(before), after=labels.percent(after)
    )
    return [first, second, relocation_proof(found, labels), say("relocation.who_stays")]


def relocation_proof(found: Relocation, labels: Labels) -> str:
    """Return in words how far the answer is from the best possible."""
    places = labels.number(len(found.ground.sites))
    if found.optimal:
        code = "proof_optimal" if found.moves else "proof_closings"
        return labels.message(f"relocation.{code}", **({"places": places} if found.moves else {}))
    if found.aim == "distance":
        gap = labels.percent(found.gap, 2)
        return labels.message("relocation.proof_distance", gap=gap, places=places)
    more = labels.number(found.most_net - found.net)
    return labels.message("relocation.proof_coverage", more=more, places=places)


def coverage_rates(found: Relocation) -> tuple[float, float]:
    """Return the share of the group within the limit, of those known, before and after."""
    total = float(found.ground.people[found.ground.known].sum())
    if total <= 0:
        return float("nan"), float("nan")
    return found.covered_before / total, found.covered_after / total


def plan_table(found: Relocation, language: str = "en") -> pd.DataFrame:
    """Return what moves and closes as a table for people."""
    labels, plan = Labels(language), found.plan
    columns: dict[str, Any] = {
        "facility": _named(plan, "name", "facility_id"),
        "does": [labels.message(f"relocation.does_{each}") for each in plan["does"]],
        "to": _named(plan, "site_name", "site_id"),
        "gained": plan["gained"].round(),
        "lost": plan["lost"].round(),
        "moved": plan["moved_m"].round(),
    }
    table = _headed(columns, labels)
    table[labels.message("siting_words.col_cost")] = plan["cost"].round(1)
    return table


def closings_table(closings: pd.DataFrame, language: str = "en") -> pd.DataFrame:
    """Return a table of :func:`planner.siting.closings` for people."""
    columns = {
        "facility": _named(closings, "name", "facility_id"),
        "lost": closings["lost"].round(),
        "within": closings["residents_within"].round(),
        "overlap": (closings["overlap"] * 100).round(1),
        "extra": closings["extra_m"].round(),
        "stranded": closings["stranded"].round(),
    }
    return _headed(columns, Labels(language))


def moves_table(curve: pd.DataFrame, language: str = "en") -> pd.DataFrame:
    """Return a curve of :func:`planner.siting.relocation_curve` for people."""
    columns = {
        "moves": curve["moves"],
        "made": curve["made"],
        "net": curve["net"].round(),
        "most_net": curve["most_net"].round(),
        "marginal": curve["marginal"].round(),
        "share_after": (curve["share_after"] * 100).round(1),
    }
    return _headed(columns, Labels(language))


def relocation_groups(found: Relocation, language: str = "en") -> list[folium.FeatureGroup]:
    """Return the map layers: homes gained and lost, the moves, what closes and the new sites."""
    labels, crs, homes = Labels(language), found.assessment.district.crs, found.homes()
    say = labels.message
    ways, old, new = [], [], []
    for row in found.plan.itertuples():
        told = {
            "name": str(row.name or row.facility_id),
            "does": say(f"relocation.does_{row.does}"),
            "lost": labels.number(row.lost),
        }
        old.append(Mark(row.geometry, _OLD, safe(say("relocation.tooltip_old", **told))))
        if row.does == "move":
            place = shapely.Point(row.to_x, row.to_y)
            ways.append(Mark(shapely.LineString([row.geometry, place]), _WAY))
            name, gained = str(row.site_name or row.site_id), labels.number(row.gained)
            words = say("relocation.tooltip_new", name=name, gained=gained)
            new.append(Mark(place, _NEW, safe(words)))
    layers = {
        "layer_gained": [Mark(p, _GAINED) for p in homes.geometry[homes["change"] == "gained"]],
        "layer_lost": [Mark(p, _LOST) for p in homes.geometry[homes["change"] == "lost"]],
        "layer_moved": ways,
        "layer_old": old,
        "layer_new": new,
    }
    return [
        mark_group(marks, crs, say(f"relocation.{name}"), seed=f"relocation-{name}")
        for name, marks in layers.items()
        if marks
    ]


def relocation_scenario(found: Relocation, language: str = "en") -> Scenario:
    """Return the scenario that moves and closes, named in the language."""
    labels = Labels(language)
    kind = labels.kind(found.kind, found.assessment.district.kinds)
    count = labels.number(len(found.plan))
    return found.scenario(labels.message("relocation.scenario_name", count=count, kind=kind))


def write_relocation(found: Relocation, folder: str | Path, language: str = "en") -> list[Path]:
    """Write the plan, its layers and the scenario, all files of :data:`FILES` or none.

    Raises
    ------
    InputError
        Where `folder` is a file or the language is not known.
    WorkError
        Where the disk is full or writing is not permitted; what was there before is kept.
    """
    with whole_folder(folder) as part:
        write_csv(plan_table(found, language), part / FILES[0])
        write_moves(found, part / FILES[1])
        relocation_scenario(found, language).save(part / FILES[2])
    return [Path(folder) / name for name in FILES]


def write_moves(found: Relocation, file: Path) -> None:
    """Write what moves or closes and the homes that change sides as layers of a GeoPackage."""
    for name, layer in (("moves", found.plan), ("homes_changed", found.homes())):
        pyogrio.write_dataframe(
            layer, file, layer=name, driver="GPKG", append=file.exists(), geometry_type="Point"
        )


def _named(table: pd.DataFrame, name: str, other: str) -> pd.Series:
    return table[name].where(table[name] != "", table[other])


def _headed(columns: dict[str, Any], labels: Labels) -> pd.DataFrame:
    return pd.DataFrame(columns).rename(columns=lambda n: labels.message(f"relocation.col_{n}"))
