"""Links to open as files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd

from planner.analysis.links.links import link_changes
from planner.district import Scenario
from planner.views.exports.files import write_csv, write_layers
from planner.views.exports.folders import whole_folder
from planner.views.tables.analysis.links import links_table, map_work_table
from planner.views.words.labels import Labels
from planner.views.words.places import with_places

if TYPE_CHECKING:
    from planner.analysis.assessment import Assessment

FILES = (
    "links.csv",
    "link_sequence.csv",
    "links.gpkg",
    "links_scenario.json",
    "map_work.csv",
    "map_work.gpkg",
)
"""The files that :func:`write_links` makes."""


def links_scenario(links: pd.DataFrame, name: str, crs: str) -> Scenario:
    """Return the scenario that opens all links of a table."""
    return Scenario(name, link_changes(links), crs)


def write_links(
    assessment: Assessment,
    links: gpd.GeoDataFrame,
    sequence: gpd.GeoDataFrame,
    corrections: gpd.GeoDataFrame,
    folder: str | Path,
    language: str = "en",
) -> list[Path]:
    """Write links into a folder, all files of :data:`FILES` or none.

    The errors are those of :func:`whole_folder`, and InputError where the language is not known.

    Parameters
    ----------
    assessment, language
        As for :func:`links_table`.
    links
        Of :func:`planner.analysis.links.links.best_links`.
    sequence
        Of :func:`planner.analysis.links.links.link_sequence`; the scenario opens these.
    corrections
        Of :func:`planner.analysis.links.map_work.map_work`: files of their own, for the map.
    folder
        See :func:`whole_folder`.

    Returns
    -------
    list of Path
        The files.
    """
    crs = assessment.district.crs.to_string()
    title = Labels.of(assessment, language).message("links.page")
    with whole_folder(folder) as part:
        write_csv(links_table(assessment, links, language), part / FILES[0])
        write_csv(links_table(assessment, sequence, language), part / FILES[1])
        for name, layer in (("links", links), ("link_sequence", sequence)):
            write_layer(assessment, layer, part / FILES[2], name, language)
        links_scenario(sequence, title, crs).save(part / FILES[3])
        write_csv(map_work_table(assessment, corrections, language), part / FILES[4])
        write_map_work(assessment, corrections, part / FILES[5])
    return [Path(folder) / name for name in FILES]


def write_layer(
    assessment: Assessment,
    links: gpd.GeoDataFrame,
    file: Path,
    name: str = "links",
    language: str = "en",
) -> None:
    """Write links and where they are as a layer of a GeoPackage.

    A walk or detour without end is missing there.
    """
    finite = links.replace({"walked_m": np.inf, "detour": np.inf}, np.nan)
    told = with_places(assessment.district, finite, Labels.of(assessment, language))
    write_layers({name: told}, file, assessment.demand_unit)


def write_map_work(assessment: Assessment, work: gpd.GeoDataFrame, file: Path) -> None:
    """Write where loose pieces of street could be joined as a layer of a GeoPackage."""
    write_layers({"map_work": work}, file, assessment.demand_unit)
