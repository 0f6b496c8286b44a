"""Links to open: words, tables for people, and files."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio

from planner.analysis.links.links import link_changes
from planner.district import District, Scenario
from planner.views.exports.assessment import write_csv
from planner.views.exports.folders import whole_folder
from planner.views.words.labels import Labels

if TYPE_CHECKING:
    from planner.analysis.assessment import Assessment

FILES = ("links.csv", "link_sequence.csv", "links.gpkg", "links_scenario.json")
"""The files that :func:`write_links` makes."""


def work_word(work: str, labels: Labels) -> str:
    """Return what is to be done for a link."""
    return labels.message(f"links.work_{work}")


def where_word(row: Any, labels: Labels) -> str:
    """Return where a link is: its gate, what it crosses, or the streets that it joins.

    Parameters
    ----------
    row
        A row of :func:`planner.analysis.links.links.best_links`.
    labels
        The language.
    """
    streets = sorted({name for name in (row.street_a, row.street_b) if name})
    if row.gate_name:
        return str(row.gate_name)
    if row.barrier_name:
        return labels.values(row.barrier_name)
    if len(streets) == 2:
        return labels.message("links.between", first=streets[0], second=streets[1])
    return streets[0] if streets else f"{row.x1:.0f}, {row.y1:.0f}"


def walk_word(metres: float, labels: Labels) -> str:
    """Return the length of today's walk in metres with its unit, or that there is no way."""
    return labels.message("links.no_way") if math.isinf(metres) else labels.metres(metres)


def community_names(district: District) -> pd.Series:
    """Return the name of each community by its id, the id where it has none."""
    communities = district.communities.set_index("community_id")["name"]
    ids = communities.index.to_series()
    return pd.Series(communities.where(communities != "", ids), dtype=object)


def links_table(assessment: Assessment, links: pd.DataFrame, language: str = "en") -> pd.DataFrame:
    """Return links as a table for people.

    Parameters
    ----------
    assessment
        What the links were judged by.
    links
        Of :func:`planner.analysis.links.links.best_links` or ``link_sequence``.
    language
        ``"en"`` or ``"zh"``.

    Returns
    -------
    DataFrame
        Headings and words in the language; metres and residents as whole numbers, the walk of
        today missing where there is no way; a column for each kind that any link gains.
    """
    labels = Labels(language)
    names = community_names(assessment.district)
    walked = links["walked_m"].replace(np.inf, np.nan)
    columns: dict[str, Any] = {
        "rank": links["rank"],
        "work": [work_word(work, labels) for work in links["work"]],
        "where": [where_word(row, labels) for row in links.itertuples()],
        "gain": links["gain"].round(),
        **({"total": links["total"].round()} if "total" in links else {}),
        "residents": links["residents"].round(),
        "length_m": links["length_m"].round(),
        "walked_m": walked.round(),
        "community": links["community_id"].map(names).fillna(""),
    }
    table = pd.DataFrame(columns).rename(columns=lambda name: labels.message(f"links.col_{name}"))
    for kind in gained_kinds(links):
        word = labels.kind(kind, assessment.district.kinds)
        table[labels.message("links.gain_of_kind", kind=word)] = links[f"gain_{kind}"].round()
    return table


def gained_kinds(links: pd.DataFrame) -> list[str]:
    """Return the kinds of which any link of a table gains something, in the table's order."""
    names = map(str, links.columns)
    kinds = [name.removeprefix("gain_") for name in names if name.startswith("gain_")]
    return [kind for kind in kinds if (links[f"gain_{kind}"] > 0).any()]


def links_scenario(links: pd.DataFrame, name: str, crs: str) -> Scenario:
    """Return the scenario that opens all links of a table."""
    return Scenario(name, link_changes(links), crs)


def write_links(
    assessment: Assessment,
    links: gpd.GeoDataFrame,
    sequence: gpd.GeoDataFrame,
    folder: str | Path,
    language: str = "en",
) -> list[Path]:
    """Write links into a folder, all files of :data:`FILES` or none.

    Parameters
    ----------
    assessment, language
        As for :func:`links_table`.
    links
        Of :func:`planner.analysis.links.links.best_links`.
    sequence
        Of :func:`planner.analysis.links.links.link_sequence`; the scenario opens these.
    folder
        Made where it is missing; other files in it are left alone.

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
    crs = assessment.district.crs.to_string()
    title = Labels(language).message("links.page")
    with whole_folder(folder) as part:
        write_csv(links_table(assessment, links, language), part / FILES[0])
        write_csv(links_table(assessment, sequence, language), part / FILES[1])
        for name, layer in (("links", links), ("link_sequence", sequence)):
            write_layer(layer, part / FILES[2], name)
        links_scenario(sequence, title, crs).save(part / FILES[3])
    return [Path(folder) / name for name in FILES]


def write_layer(links: gpd.GeoDataFrame, file: Path, name: str = "links") -> None:
    """Write links as a layer of a GeoPackage; a walk or detour without end is missing there."""
    finite = links.replace({"walked_m": np.inf, "detour": np.inf}, np.nan)
    pyogrio.write_dataframe(
        finite, file, layer=name, driver="GPKG", append=file.exists(), geometry_type="LineString"
    )
