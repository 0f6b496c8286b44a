"""Gaps: words, a table for people, and files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio

from planner.analysis.gaps.gaps import TOGETHER
from planner.views.exports.assessment import metadata, write_csv, write_geojson
from planner.views.exports.folders import whole_folder
from planner.views.words.labels import Labels

if TYPE_CHECKING:
    from planner.analysis.assessment import Assessment
    from planner.district import District, Kinds

FILES = ("gaps.csv", "gaps.gpkg", "gaps.geojson")
"""The files that :func:`write_gaps` makes."""

SHARED_FROM = 0.1
"""Causes of a gap with at least this share of its people are told with their shares."""


def place_word(row: Any, labels: Labels) -> str:
    """Return where a gap is, as a person would say it.

    Parameters
    ----------
    row
        A row of :func:`planner.analysis.gaps.gaps.find_gaps`.
    labels
        The language.
    """
    direction = labels.message(f"analysis_gaps.direction_{row.direction}") if row.direction else ""
    return labels.message(
        row.place,
        gate=row.gate,
        street=row.street,
        direction=direction,
        community=row.community or row.community_id,
    )


def kind_word(kind: str, labels: Labels, kinds: Kinds) -> str:
    """Return the name of a kind, or of the kinds taken together."""
    return labels.message(f"gaps.kinds_{kind}") if kind in TOGETHER else labels.kind(kind, kinds)


def cause_word(row: Any, labels: Labels) -> str:
    """Return a gap's cause, with the barrier; where causes are mixed each with its share."""
    shares = {
        name.removeprefix("share_"): getattr(row, name)
        for name in row._fields
        if name.startswith("share_") and getattr(row, name) >= SHARED_FROM
    }
    words = []
    for cause, share in sorted(shares.items(), key=lambda pair: -pair[1]):
        word = labels.message(f"analysis_gaps.cause_{cause}")
        if cause == "barrier" and row.barrier:
            word = labels.message("gaps.across", cause=word, barrier=barrier_word(row, labels))
        words.append(f"{word} {labels.percent(share, 0)}" if len(shares) > 1 else word)
    return labels.text(", ").join(words)


def barrier_word(row: Any, labels: Labels) -> str:
    """Return what parts a gap from its facility, empty where nothing does."""
    return labels.message(f"analysis_gaps.barrier_{row.barrier}") if row.barrier else ""


def remedy_word(row: Any, labels: Labels) -> str:
    """Return what would mend a gap, empty for kinds taken together."""
    return labels.message(f"analysis_gaps.remedy_{row.remedy}") if row.remedy else ""


def link_word(row: Any, labels: Labels) -> str:
    """Return the best link of a gap and whom it brings, empty where there is none."""
    if not row.link_work:
        return ""
    return labels.message(
        "gaps.link",
        work=labels.message(f"links.work_{row.link_work}"),
        name=row.link_name,
        gain=labels.number(row.link_gain),
    )


def facility_names(district: District) -> pd.Series:
    """Return the name of each facility by its id, the id where it has none."""
    facilities = district.facilities.set_index("facility_id")["name"]
    ids = facilities.index.to_series()
    return pd.Series(facilities.where(facilities != "", ids), dtype=object)


def gaps_table(assessment: Assessment, gaps: pd.DataFrame, language: str = "en") -> pd.DataFrame:
    """Return gaps as a table for people.

    Parameters
    ----------
    assessment
        What the gaps were judged by.
    gaps
        Of :func:`planner.analysis.gaps.gaps.find_gaps`.
    language
        ``"en"`` or ``"zh"``.

    Returns
    -------
    DataFrame
        Headings and words in the language; people and metres as whole numbers, a walk that is
        unknown or leads nowhere missing.
    """
    labels, kinds = Labels(language), assessment.district.kinds
    names = facility_names(assessment.district)
    rows = list(gaps.itertuples(index=False))
    columns: dict[str, Any] = {
        "place": [place_word(row, labels) for row in rows],
        "kind": [kind_word(str(row.kind), labels, kinds) for row in rows],
        **{group: gaps[group].round() for group in assessment.groups},
        "not_known": gaps["unknown"].round(),
        "cause": [cause_word(row, labels) for row in rows],
        "remedy": [remedy_word(row, labels) for row in rows],
        "facility": [names.get(each, "") for each in gaps["facility_id"]],
        "straight_m": gaps["straight_m"].round(),
        "walked_m": gaps["walked_m"].replace(np.inf, np.nan).round(),
        "detour": gaps["detour_ratio"].replace(np.inf, np.nan).round(1),
        "gap_id": gaps["gap_id"],
    }
    if "link_work" in gaps:
        columns["link"] = [link_word(row, labels) for row in rows]
    return pd.DataFrame(columns).rename(
        columns={
            name: labels.group(name)
            if name in assessment.groups
            else labels.message(f"gaps.col_{name}")
            for name in columns
        }
    )


def write_gaps(
    assessment: Assessment, gaps: gpd.GeoDataFrame, folder: str | Path, language: str = "en"
) -> list[Path]:
    """Write gaps into a folder, all files of :data:`FILES` or none.

    Parameters
    ----------
    assessment, gaps, language
        As for :func:`gaps_table`.
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
    with whole_folder(folder) as part:
        write_csv(gaps_table(assessment, gaps, language), part / FILES[0])
        write_layer(gaps, part / FILES[1])
        about = metadata(assessment, Labels(language))
        write_geojson(finite(gaps), about, part / FILES[2])
    return [Path(folder) / name for name in FILES]


def write_layer(gaps: gpd.GeoDataFrame, file: Path) -> None:
    """Write gaps as a layer of a GeoPackage."""
    pyogrio.write_dataframe(
        finite(gaps),
        file,
        layer="gaps",
        driver="GPKG",
        promote_to_multi=True,
        geometry_type="MultiPolygon",
    )


def finite(gaps: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return gaps of which a walk or detour without end is missing."""
    endless = {"walked_m": np.inf, "detour_ratio": np.inf, "link_walked_m": np.inf}
    return gaps.replace({name: value for name, value in endless.items() if name in gaps}, np.nan)
