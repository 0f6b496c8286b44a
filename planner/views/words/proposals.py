"""Proposed sites: sentences, tables for people, map layers, and files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import folium
import numpy as np
import pandas as pd
import pyogrio

from planner.views.escaping import safe
from planner.views.exports.assessment import write_csv
from planner.views.exports.folders import whole_folder
from planner.views.maps.assets import stable_ids
from planner.views.maps.drawing import Drawing
from planner.views.maps.drawing import places as drawn_places
from planner.views.maps.marks import Mark, mark_group
from planner.views.words.labels import Labels

if TYPE_CHECKING:
    from planner.siting.proposals.proposal import Proposal

FILES = ("sites.csv", "sites.gpkg", "sites_scenario.json")
"""The files that :func:`write_proposal` makes."""

SITE = "site"
"""What a click on a proposed site is called; its id is its rank."""

_SITE = {"radius": 11, "color": "#ffffff", "weight": 2.5, "fillColor": "#b45309", "fillOpacity": 1}
_PLACE = {"radius": 4, "color": "#78716c", "weight": 1.2, "fillColor": "#ffffff", "fillOpacity": 1}
_HOME = {"radius": 3.5, "color": "#ffffff", "weight": 0.8, "fillColor": "#0f766e", "fillOpacity": 1}
_YUAN = 10_000


def proof(proposal: Proposal, labels: Labels) -> str:
    """Return in words how far the answer is from the best possible."""
    places = labels.number(len(proposal.candidates))
    if proposal.optimal:
        return labels.message("siting_words.proof_optimal", places=places)
    gap = labels.percent(proposal.gap, 2)
    return labels.message("siting_words.proof_gap", gap=gap, places=places)


def answer(proposal: Proposal, language: str = "en") -> list[str]:
    """Return the answer in sentences: who is gained, the coverage before and after, the proof."""
    labels = Labels(language)
    before, after = shares(proposal)
    kind = labels.kind(proposal.kind, proposal.assessment.district.kinds)
    return [
        labels.message(
            "siting_words.answer",
            sites=labels.number(len(proposal.sites)),
            gained=labels.number(proposal.gained),
            limit=labels.metres(proposal.limit_m),
        ),
        labels.message(
            "siting_words.after",
            kind=kind,
            before=labels.percent(before),
            after=labels.percent(after),
        ),
        proof(proposal, labels),
    ]


def shares(proposal: Proposal) -> tuple[float, float]:
    """Return the share of the group within the limit, of those known, before and after."""
    distance_m = proposal.assessment.distances[proposal.kind].to_numpy(dtype=np.float64)
    known = ~np.isnan(distance_m)
    total = float(proposal.people[known].sum())
    covered = float(proposal.people[distance_m <= proposal.limit_m].sum())
    if total <= 0:
        return float("nan"), float("nan")
    return covered / total, (covered + proposal.gained) / total


def sites_table(proposal: Proposal, language: str = "en") -> pd.DataFrame:
    """Return the sites as a table for people, the one that brings most first."""
    labels, sites = Labels(language), proposal.sites
    named = sites["name"].where(sites["name"] != "", sites["site_id"])
    columns: dict[str, Any] = {
        "rank": sites["rank"],
        "site": named,
        "origin": [labels.message(f"siting_words.where_{each}") for each in sites["origin"]],
        "gained": sites["gained"].round(),
        "alone": sites["alone"].round(),
        "serves": sites["serves"].round(),
        "cost": sites["cost"].round(1),
        "cost_per_resident": (sites["cost_per_resident"] * _YUAN).round(),
        "floor_area": sites["floor_area_m2"],
    }
    return pd.DataFrame(columns).rename(
        columns=lambda name: labels.message(f"siting_words.col_{name}")
    )


def curve_table(curve: pd.DataFrame, language: str = "en") -> pd.DataFrame:
    """Return a curve of :func:`planner.siting.proposals.curves.coverage_curve` for people."""
    labels = Labels(language)
    columns = {
        "sites": curve["sites"],
        "gained": curve["gained"].round(),
        "bound": curve["bound"].round(),
        "marginal": curve["marginal"].round(),
        "share_after": (curve["share_after"] * 100).round(1),
        "cost": curve["cost"].round(1),
    }
    return pd.DataFrame(columns).rename(
        columns=lambda name: labels.message(f"siting_words.col_{name}")
    )


def alternatives_table(
    proposal: Proposal, alternatives: pd.DataFrame, language: str = "en"
) -> pd.DataFrame:
    """Return swaps of :meth:`planner.siting.Proposal.alternatives` for people."""
    labels = Labels(language)
    names = _names(proposal)
    columns = {
        "instead": alternatives["site_id"].map(names),
        "taken": alternatives["instead"].map(names),
        "gained": alternatives["gained"].round(),
        "loss": (alternatives["loss"] * 100).round(2),
    }
    return pd.DataFrame(columns).rename(
        columns=lambda name: labels.message(f"siting_words.col_{name}")
    )


def firm_table(proposal: Proposal, cases: pd.DataFrame, language: str = "en") -> pd.DataFrame:
    """Return cases of :func:`planner.siting.proposals.curves.robustness` for people."""
    labels, names = Labels(language), _names(proposal)
    words = [
        labels.message(f"siting_words.case_{case}", **({"site": names[site]} if site else {}))
        for case, site in zip(cases["case"], cases["site_id"], strict=True)
    ]
    columns = {
        "case": words,
        "limit": cases["limit_m"].round(),
        "gained": cases["gained"].round(),
        "kept": (cases["kept"] * 100).round(1),
    }
    return pd.DataFrame(columns).rename(
        columns=lambda name: labels.message(f"siting_words.col_{name}")
    )


def proposal_groups(proposal: Proposal, language: str = "en") -> list[folium.FeatureGroup]:
    """Return the layers of a proposal: places to choose from, homes gained, sites with numbers."""
    labels, crs = Labels(language), proposal.assessment.district.crs
    say = labels.message
    chosen = set(proposal.sites["site_id"])
    places = [
        Mark(row.geometry, _PLACE, safe(_named(row)))
        for row in proposal.candidates.itertuples()
        if row.site_id not in chosen
    ]
    homes = [Mark(shape, _HOME) for shape in proposal.homes().geometry]
    sites = [
        Mark(
            row.geometry,
            _SITE,
            f"<b>{row.rank}. {safe(_named(row))}</b><br>"
            + safe(say("siting_words.tooltip", gained=labels.number(row.gained))),
            (SITE, str(row.rank)),
        )
        for row in proposal.sites.itertuples()
    ]
    layers = [("layer_places", places), ("layer_homes", homes), ("layer_sites", sites)]
    groups = [
        mark_group(marks, crs, say(f"siting_words.{name}"), seed=name)
        for name, marks in layers
        if marks
    ]
    numbers = folium.FeatureGroup(name=safe(say("siting_words.layer_sites")), control=False)
    spots = zip(drawn_places(proposal.sites.geometry), proposal.sites["rank"], strict=True)
    numbers.add_child(Drawing("labels", [[y, x, f"<b>{rank}</b>"] for (y, x), rank in spots]))
    stable_ids(numbers, "site-numbers")
    return [*groups, numbers]


def write_proposal(proposal: Proposal, folder: str | Path, language: str = "en") -> list[Path]:
    """Write sites, homes gained and the scenario into a folder, all files of :data:`FILES` or none.

    Raises
    ------
    InputError
        Where `folder` is a file or the language is not known.
    WorkError
        Where the disk is full or writing is not permitted; what was there before is kept.
    """
    with whole_folder(folder) as part:
        write_csv(sites_table(proposal, language), part / FILES[0])
        write_sites(proposal, part / FILES[1])
        scenario(proposal, language).save(part / FILES[2])
    return [Path(folder) / name for name in FILES]


def write_sites(proposal: Proposal, file: Path) -> None:
    """Write sites and homes gained as layers of a GeoPackage."""
    for name, layer in (("sites", proposal.sites), ("homes_gained", proposal.homes())):
        pyogrio.write_dataframe(
            layer, file, layer=name, driver="GPKG", append=file.exists(), geometry_type="Point"
        )


def scenario(proposal: Proposal, language: str = "en") -> Any:
    """Return the scenario that opens the sites, named in the language."""
    labels = Labels(language)
    kind = labels.kind(proposal.kind, proposal.assessment.district.kinds)
    count = labels.number(len(proposal.sites))
    return proposal.scenario(labels.message("siting_words.scenario_name", count=count, kind=kind))


def _names(proposal: Proposal) -> dict[str, str]:
    return {row.site_id: _named(row) for row in proposal.candidates.itertuples()}


def _named(row: Any) -> str:
    return str(row.name or row.site_id)
