"""Needs matched with places as tables for people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from planner.views.words.labels import Labels
from planner.views.words.shares import percent_figures
from planner.views.words.siting.matching import place_names, say

if TYPE_CHECKING:
    import geopandas as gpd

    from planner.siting.matching.matching import Matching

SHARES = ("share_used", "share_served", "share")
"""Columns of shares, 0–1."""

METRES = ("mean_walk_m", "walk_m", "one_more_walk_m")
"""Columns of metres that people read in whole ones."""

_PLACES = [
    "name",
    "ownership",
    "used",
    "capacity",
    "share_used",
    "room_left",
    "mean_walk_m",
    "operator",
    "kind",
    "capacity_is",
    "in_reach",
    "perhaps",
    "one_more_serves",
    "one_more_settles",
    "one_more_walk_m",
    "facility_id",
]

_COMMUNITIES = [
    "community",
    "needs",
    "share_served",
    "served",
    "served_public",
    "served_partner",
    "served_internal",
    "unserved",
    "no_place",
    "full",
    "unknown",
    "mean_walk_m",
    "subdistrict",
    "community_id",
]

_OWNERS = [
    "ownership",
    "operator",
    "used",
    "share",
    "places",
    "capacity",
    "room_left",
    "mean_walk_m",
]

_GROWN = ["rank", "name", "serves", "more", "capacity", "settles", "walk_m", "ownership", "kind"]


def places_table(matching: Matching, language: str = "en") -> pd.DataFrame:
    """Return the places as a table for people, the fullest first.

    Index ``facility_id``; columns in the language, amounts as they are, room without a bound
    missing.
    """
    labels, places = Labels.of(matching.assessment, language, matching.group), matching.served
    kinds = matching.assessment.district.kinds
    named = places["operator"] if "operator" in places else pd.Series("", index=places.index)
    department = places["department"].fillna("").map(labels.department)
    table = places.drop(columns="geometry").assign(
        name=places["facility_id"].map(place_names(matching)).to_numpy(),
        kind=[labels.kind(kind, kinds) for kind in places["kind"]],
        ownership=[say(labels, f"legend_{whose}") for whose in places["ownership"]],
        operator=named.where(named.fillna("") != "", department),
        capacity=places["capacity"].replace(np.inf, np.nan),
        capacity_is=[_told(word, labels) for word in places["capacity_is"]],
        room_left=places["room_left"].replace(np.inf, np.nan),
    )
    table = table.set_index("facility_id", drop=False)
    table = table.sort_values(["share_used", "used"], ascending=False, kind="stable")
    return _headed(table[_PLACES], labels)


def communities_table(matching: Matching, language: str = "en") -> pd.DataFrame:
    """Return the communities as a table for people, most unserved first; index community_id."""
    labels = Labels.of(matching.assessment, language, matching.group)
    rows = matching.communities().drop(columns="geometry")
    named = rows["name"].where(rows["name"].fillna("") != "", rows["community_id"])
    table = rows.assign(community=named).set_index("community_id", drop=False)
    return _headed(table[_COMMUNITIES], labels)


def owners_table(matching: Matching, language: str = "en") -> pd.DataFrame:
    """Return who serves how many, by ownership and operator, as a table for people."""
    labels = Labels.of(matching.assessment, language, matching.group)
    rows = matching.by_operator()
    table = rows.assign(
        ownership=[say(labels, f"legend_{whose}") for whose in rows["ownership"]],
        operator=[labels.department(name) for name in rows["operator"]],
        capacity=rows["capacity"].replace(np.inf, np.nan),
        room_left=rows["room_left"].replace(np.inf, np.nan),
    )
    return _headed(table[_OWNERS], labels)


def enlargements_table(matching: Matching, rows: pd.DataFrame, language: str = "en") -> Any:
    """Return the rows of ``Matching.enlarge`` or ``enlarge_sequence`` as a table for people."""
    labels, kinds = (
        Labels.of(matching.assessment, language, matching.group),
        matching.assessment.district.kinds,
    )
    names = place_names(matching)
    table = rows.assign(
        name=[names[facility_id] for facility_id in rows["facility_id"]],
        kind=[labels.kind(kind, kinds) for kind in rows["kind"]],
        ownership=[say(labels, f"legend_{whose}") for whose in rows["ownership"]],
    )
    return _headed(table[_GROWN], labels)


def homes_table(matching: Matching, language: str = "en") -> pd.DataFrame:
    """Return the homes as a table for people."""
    labels, rows = Labels.of(matching.assessment, language, matching.group), shown_homes(matching)
    names = place_names(matching)
    why = {reason: say(labels, f"why_{reason}") for reason in _WHY}
    table = pd.DataFrame(
        {
            "demand_id": rows["demand_id"],
            "community_id": rows["community_id"],
            **{name: rows[name] for name in ("needs", "served", "unserved", "unknown")},
            "why": rows["why"].map(why).fillna(""),
            "name": rows["facility_id"].map(names).fillna(""),
            "facility_id": rows["facility_id"],
            "distance_m": rows["distance_m"].round(1),
        }
    )
    return _headed(table, labels)


def flows_table(matching: Matching, language: str = "en") -> pd.DataFrame:
    """Return who goes where as a table for people."""
    flows = matching.assessment.district.shown(matching.flows(), {matching.group: ["amount"]})
    return _headed(flows, Labels.of(matching.assessment, language, matching.group))


def in_per_cent(table: pd.DataFrame, labels: Labels) -> pd.DataFrame:
    """Return a table of these with its shares in per cent, as the files of all tables have them."""
    shares = [name for key in SHARES if (name := say(labels, f"col_{key}")) in table]
    told = table.assign(**{name: percent_figures(table[name], 4) for name in shares})
    return told.rename(columns={name: f"{name} (%)" for name in shares})


def shown_homes(matching: Matching) -> gpd.GeoDataFrame:
    """Return the homes without the counts that are withheld."""
    counted = {matching.group: ["needs", "served", "unserved", "unknown"]}
    return matching.assessment.district.shown(matching.homes(), counted)


_WHY = ("no_place", "full", "unknown_room", "unknown_place", "unknown_position")


def _told(word: str, labels: Labels) -> str:
    return say(labels, word if word == "told" else f"{word}_word")


def _headed(table: pd.DataFrame, labels: Labels) -> pd.DataFrame:
    return table.rename(columns=lambda name: say(labels, f"col_{name}"))
