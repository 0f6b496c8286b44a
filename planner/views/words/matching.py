"""Needs matched with places: words, tables for people, and files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio

from planner.district import Scenario
from planner.errors import messages
from planner.views.exports.assessment import write_csv
from planner.views.exports.folders import whole_folder
from planner.views.words.gaps import facility_names
from planner.views.words.labels import Labels
from planner.views.words.links import community_names

if TYPE_CHECKING:
    from planner.siting.matching.matching import Matching

FILES = (
    "places.csv",
    "communities.csv",
    "homes.csv",
    "flows.csv",
    "matching.gpkg",
    "enlargements_scenario.json",
    "map.html",
)
"""The files that :func:`write_matching` makes."""

SHARES = ("share_used", "share_served", "share")
"""Columns of shares, 0–1."""

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


def say(labels: Labels, code: str, **params: object) -> str:
    """Return a sentence of ``messages/matching.toml``."""
    return labels.message(f"matching.{code}", **params)


def service_word(service: str, labels: Labels) -> str:
    """Return the name of a service; one that is not known stays as it is.

    Examples
    --------
    >>> service_word("meals", Labels("zh")), service_word("juggling", Labels("en"))
    ('助餐', 'juggling')
    """
    code = f"matching.service_{service}"
    return labels.message(code) if code in messages() else labels.text(service)


def amount_word(labels: Labels, amount: float) -> str:
    """Return an amount, with a decimal where it is small and not whole.

    Examples
    --------
    >>> amount_word(Labels("en"), 1234.4), amount_word(Labels("en"), 2.27)
    ('1,234', '2.3')
    """
    whole = abs(amount) >= 100 or amount == round(amount)
    return labels.number(amount, 0 if whole else 1)


def unit_word(matching: Matching, labels: Labels) -> str:
    """Return what needs and room are counted in."""
    return say(labels, f"unit_{matching.room}")


def place_names(matching: Matching) -> pd.Series:
    """Return the name of each place by its id, the id where it has none."""
    return facility_names(matching.assessment.district)


def places_table(matching: Matching, language: str = "en") -> pd.DataFrame:
    """Return the places as a table for people, the fullest first.

    Index ``facility_id``; columns in the language, amounts as they are, room without a bound
    missing.
    """
    labels, places = Labels(language), matching.served
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
    labels = Labels(language)
    rows = matching.communities().drop(columns="geometry")
    named = rows["name"].where(rows["name"].fillna("") != "", rows["community_id"])
    table = rows.assign(community=named).set_index("community_id", drop=False)
    return _headed(table[_COMMUNITIES], labels)


def owners_table(matching: Matching, language: str = "en") -> pd.DataFrame:
    """Return who serves how many, by ownership and operator, as a table for people."""
    labels = Labels(language)
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
    labels, kinds = Labels(language), matching.assessment.district.kinds
    names = place_names(matching)
    table = rows.assign(
        name=[names[facility_id] for facility_id in rows["facility_id"]],
        kind=[labels.kind(kind, kinds) for kind in rows["kind"]],
        ownership=[say(labels, f"legend_{whose}") for whose in rows["ownership"]],
    )
    return _headed(table[_GROWN], labels)


def homes_table(matching: Matching, language: str = "en") -> pd.DataFrame:
    """Return the homes as a table for people."""
    labels, rows = Labels(language), matching.homes()
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
    return _headed(matching.flows(), Labels(language))


def answer(matching: Matching, language: str = "en") -> str:
    """Return the answer in a sentence."""
    labels, found = Labels(language), matching.summary()
    counted = ("served", "needs", "no_place", "full", "unknown")
    return say(
        labels,
        "answer",
        share=labels.percent(found["share_low"]),
        walk=labels.metres(found["mean_walk_m"]) if found["served"] > 0 else "–",
        **{name: amount_word(labels, found[name]) for name in counted},
    )


def note(matching: Matching, language: str = "en") -> str:
    """Return how needs were matched, and what they are counted in."""
    labels = Labels(language)
    limit = matching.limit_m
    if limit is None and matching.kind is not None:
        limit = matching.assessment.limit_m(matching.kind, matching.group)
    words = say(labels, "limit_of_each") if limit is None else labels.metres(limit)
    return say(labels, "note", limit=words, unit=unit_word(matching, labels))


def enlargement_scenario(
    matching: Matching, language: str = "en", more: float | None = None, count: int = 5
) -> Scenario:
    """Return the enlargements as a scenario, named in the language."""
    labels = Labels(language)
    size = matching.usual_enlargement if more is None else more
    name = say(
        labels,
        "scenario",
        count=labels.number(len(matching.changes(more, count))),
        more=amount_word(labels, size),
    )
    return matching.scenario(name, more, count)


def layers(matching: Matching) -> dict[str, gpd.GeoDataFrame]:
    """Return the layers of the answer; room without a bound is missing."""
    endless = {"capacity": np.inf, "room_left": np.inf}
    return {
        "places": matching.served.replace(endless, np.nan),
        "communities": matching.communities(),
        "homes": matching.homes(),
        "exchanges": matching.exchanges(),
    }


def write_layers(matching: Matching, file: Path) -> None:
    """Write places, communities, homes and exchanges as a GeoPackage."""
    kinds = {"communities": "MultiPolygon", "exchanges": "LineString"}
    for name, layer in layers(matching).items():
        pyogrio.write_dataframe(
            layer,
            file,
            layer=name,
            driver="GPKG",
            append=file.exists(),
            promote_to_multi=name == "communities",
            geometry_type=kinds.get(name, "Point"),
        )


def write_matching(
    matching: Matching,
    folder: str | Path,
    language: str = "en",
    *,
    more: float | None = None,
    count: int = 5,
) -> list[Path]:
    """Write the answer into a folder, all files of :data:`FILES` or none.

    Parameters
    ----------
    matching
        What is written.
    folder
        Made where it is missing; other files in it are left alone.
    language
        ``"en"`` or ``"zh"``.
    more, count
        By how much places are enlarged in the scenario, and how many steps it has.

    Returns
    -------
    list of Path
        The files.

    Raises
    ------
    InputError
        Where `folder` is a file or the language is not known.
    WorkError
        Where the disk is full or writing is not permitted; what was there before is kept.
    """
    from planner.views.maps.assessment import self_contained_html
    from planner.views.maps.matching import matching_map

    tables = (places_table, communities_table, homes_table, flows_table)
    title = say(Labels(language), "page")
    with whole_folder(folder) as part:
        for name, table in zip(FILES, tables, strict=False):
            write_csv(table(matching, language), part / name)
        write_layers(matching, part / FILES[4])
        enlargement_scenario(matching, language, more, count).save(part / FILES[5])
        page = self_contained_html(matching_map(matching, language), title=title)
        (part / FILES[6]).write_text(page, encoding="utf-8")
    return [Path(folder) / name for name in FILES]


def community_words(matching: Matching, labels: Labels) -> pd.Series:
    """Return the name of each community by its id, and words for homes in none."""
    names = community_names(matching.assessment.district)
    outside = pd.Series({"": say(labels, "no_community")}, dtype=object)
    return pd.Series(pd.concat([names, outside]))


_WHY = ("no_place", "full", "unknown_room", "unknown_position")


def _told(word: str, labels: Labels) -> str:
    return say(labels, word if word == "told" else f"{word}_word")


def _headed(table: pd.DataFrame, labels: Labels) -> pd.DataFrame:
    return table.rename(columns=lambda name: say(labels, f"col_{name}"))
