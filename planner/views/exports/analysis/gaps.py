"""Gaps as files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np

from planner.views.exports.analysis.assessment import metadata
from planner.views.exports.files import write_csv, write_layers
from planner.views.exports.folders import whole_folder
from planner.views.exports.geojson import write_geojson
from planner.views.tables.analysis.gaps import gaps_table
from planner.views.words.labels import Labels

if TYPE_CHECKING:
    from planner.analysis.assessment import Assessment

FILES = ("gaps.csv", "gaps.gpkg", "gaps.geojson")
"""The files that :func:`write_gaps` makes."""


def write_gaps(
    assessment: Assessment, gaps: gpd.GeoDataFrame, folder: str | Path, language: str = "en"
) -> list[Path]:
    """Write gaps into a folder, all files of :data:`FILES` or none.

    The errors are those of :func:`whole_folder`, and InputError where the language is not known.

    Parameters but for the folder are those of :func:`gaps_table`; returned are the files.
    """
    with whole_folder(folder) as part:
        write_csv(gaps_table(assessment, gaps, language), part / FILES[0])
        write_layer(assessment, gaps, part / FILES[1])
        about = metadata(assessment, Labels.of(assessment, language))
        write_geojson(shown(assessment, gaps), about, part / FILES[2])
    return [Path(folder) / name for name in FILES]


def write_layer(assessment: Assessment, gaps: gpd.GeoDataFrame, file: Path) -> None:
    """Write gaps as a layer of a GeoPackage."""
    write_layers({"gaps": shown(assessment, gaps)}, file, assessment.demand_unit)


def shown(assessment: Assessment, gaps: gpd.GeoDataFrame, *more: str) -> gpd.GeoDataFrame:
    """Return gaps as a file holds them.

    A walk or detour without end is missing, and so are the counts of groups that are withheld, in
    `more` columns too.
    """
    endless = {"walked_m": np.inf, "detour_ratio": np.inf, "link_walked_m": np.inf}
    found = assessment.district.shown_areas(gaps, "unknown", *more)
    return found.replace({name: value for name, value in endless.items() if name in gaps}, np.nan)
