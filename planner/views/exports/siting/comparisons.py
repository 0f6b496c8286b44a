"""What a scenario changes, as files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd

from planner.views.exports.files import write_csv, write_layers, write_notes
from planner.views.exports.folders import whole_folder
from planner.views.exports.siting.scenarios import write_scenarios_workbook
from planner.views.tables.siting.comparisons import community_changes_table, comparison_table
from planner.views.words.catalogue import N_
from planner.views.words.labels import Labels
from planner.views.words.ranges import spread_after_words

if TYPE_CHECKING:
    from planner.analysis.comparison import Comparison
    from planner.siting.scenario_comparison import ScenarioComparison

FILES: dict[str, str] = {
    "changes.csv": N_("what changes in the district, by kind of facility and group"),
    "changes_communities.csv": N_("what changes in each community"),
    "changes_homes.csv": N_("homes whose nearest facility or distance changes"),
    "changes_notes.txt": N_(
        "what may make a change that is none on the ground, and how sure shares are"
    ),
    "changes.gpkg": N_("the changes as layers for QGIS"),
}
"""The files that :func:`write_comparison` makes and what each holds."""

WORKBOOK = "scenario.xlsx"
"""What a scenario brings and costs."""


def home_changes(comparison: Comparison) -> gpd.GeoDataFrame:
    """Return the homes whose distance to a kind changes, one row for each home and kind.

    Returns
    -------
    GeoDataFrame
        ``demand_id``, ``kind``, ``distance_m_before``, ``distance_m_after`` (missing where there
        is none), ``nearest_before``, ``nearest_after``, in the district's CRS.
    """
    homes = comparison.after.district.demand.set_index("demand_id")
    tables = []
    for kind in comparison.after.kinds:
        if kind in comparison.before.distances:
            table = comparison.homes(kind).reset_index()
            table.insert(1, "kind", kind)
            tables.append(table)
    rows = pd.concat(tables, ignore_index=True) if tables else pd.DataFrame({"demand_id": []})
    numbers = rows.select_dtypes("float").columns
    rows[numbers] = rows[numbers].replace([np.inf, -np.inf], np.nan)
    shapes = homes.geometry.reindex(rows["demand_id"]).to_numpy()
    return gpd.GeoDataFrame(rows, geometry=shapes, crs=comparison.after.district.crs)


def write_comparison(
    comparison: Comparison,
    folder: str | Path,
    language: str = "en",
    priced: ScenarioComparison | None = None,
) -> list[Path]:
    """Write what changes into a folder, all files of it or none.

    The errors are those of :func:`whole_folder`, and InputError where the language is not known.

    Parameters
    ----------
    comparison
        What is written.
    folder
        Made where it is missing; other files in it are left alone.
    language
        Language of the headings of the tables; layers keep the names of the code.
    priced
        What the scenario brings and costs, written as :data:`WORKBOOK` where it is given.

    Returns
    -------
    list of Path
        The files of :data:`FILES`.
    """
    labels = Labels.of(comparison.after, language)
    homes = home_changes(comparison)
    words = {name: labels.column(name) for name in homes.columns if name != "geometry"}
    named = homes.drop(columns="geometry").assign(
        kind=[labels.kind(kind, comparison.after.district.kinds) for kind in homes["kind"]]
    )
    with whole_folder(folder) as part:
        write_csv(comparison_table(comparison, language), part / "changes.csv")
        write_csv(community_changes_table(comparison, language), part / "changes_communities.csv")
        write_csv(named.rename(columns=words), part / "changes_homes.csv")
        kinds = comparison.after.district.kinds
        findings = (*comparison.findings, *(priced.findings if priced else ()))
        notes = [labels.finding(each, kinds) for each in findings]
        before, after = comparison.before, comparison.after
        notes += spread_after_words(before, after, after.groups[0], labels)
        write_notes(notes, part / "changes_notes.txt")
        layers = {"communities": comparison.communities(), "homes": homes}
        write_layers(layers, part / "changes.gpkg", comparison.after.demand_unit)
        if priced is not None:
            names = [each.name for each in priced.scenarios]
            write_scenarios_workbook(priced, names, part / WORKBOOK, language)
    return [Path(folder) / name for name in (*FILES, *([WORKBOOK] if priced else []))]
