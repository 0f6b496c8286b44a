"""Areas of many districts, ranked among each other: one table, for people, as files and a map."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import cast

import geopandas as gpd
import pandas as pd

from planner.analysis.coverage.levels import Level
from planner.batch.jobs import Place
from planner.batch.results import Results
from planner.documents import parse_json
from planner.errors import Finding, InputError
from planner.views.exports.files import write_csv, write_text, write_workbook
from planner.views.exports.folders import write_files
from planner.views.exports.geojson import write_geojson
from planner.views.maps.base.assets import OfflineMap, self_contained_html
from planner.views.maps.leagues import league_map
from planner.views.tables.analysis.leagues import ranked_table
from planner.views.words.analysis.leagues import (
    change_notes,
    credits_of,
    labels_of,
    missing_word,
    notes,
    title,
    unranked_word,
)
from planner.views.words.catalogue import COMMAND
from planner.views.words.labels import Labels

FILES = ("league.csv", "league.xlsx", "league.geojson", "map.html", "about.txt")
"""What :meth:`League.write` makes; ``about.txt`` says what the figures are and whose the data."""


@dataclass(frozen=True)
class League:
    """Areas that are ranked among each other, all of one unit, standard, measure and limit.

    Parameters
    ----------
    areas
        Rows of one ``table`` of :meth:`planner.batch.results.Results.league_areas`.
    table
        Its number.
    tables
        How many there are.
    others
        How many areas stand in the other ones.
    states
        Of :meth:`planner.batch.results.Results.districts`.
    ranked
        ``province`` and ``district`` of those that stand in any of the tables.
    gone
        Areas of the earlier run that are in no table any more; None where none is compared.
    versions
        Of the program, that made the earlier run and this one; None likewise.
    """

    areas: gpd.GeoDataFrame
    table: int
    tables: int
    others: int
    states: pd.DataFrame
    ranked: pd.DataFrame
    gone: pd.DataFrame | None = None
    versions: tuple[str, str] | None = None

    def labels(self, language: str = "en", door: str = COMMAND) -> Labels:
        """Return the words for what the areas count, at a door of the product."""
        return labels_of(self.areas, language, door)

    def title(self, labels: Labels) -> str:
        """Return what the table is of."""
        return title(self.areas, labels)

    def notes(self, labels: Labels) -> list[str]:
        """Return what a reader must know: what is not among the areas, open ranks, doubts."""
        absent = [
            missing_word(self.states, labels),
            unranked_word(self.states, self.ranked, labels),
        ]
        changed = [] if self.gone is None else change_notes(self.areas, self.gone, labels)
        if self.versions is not None and self.versions[0] != self.versions[1]:
            before, now = self.versions
            changed.append(labels.message("leagues.other_version", before=before, now=now))
        told = notes(self.areas, labels, others=self.others)
        return [*filter(None, absent), *told, *changed]

    def for_readers(self, labels: Labels) -> pd.DataFrame:
        """Return the table with headings in the language."""
        return ranked_table(self.areas, labels)

    def map(self, labels: Labels) -> OfflineMap:
        """Return the map of the areas, which needs no server."""
        return league_map(self.areas, self.title(labels), self.notes(labels), labels)

    def write(self, folder: str | Path, language: str = "en") -> list[Path]:
        """Write table, layer, map and what they rest on into a folder: all :data:`FILES` or none.

        Raises
        ------
        InputError, WorkError
            As of :func:`planner.views.exports.folders.whole_folder`.
        """
        labels = self.labels(language)
        table, said = self.for_readers(labels), self.title(labels)
        sources = credits_of(self.areas, labels)
        about = {
            "district": said,
            "attribution": " · ".join(sources),
            "synthetic": bool(self.areas["synthetic"].astype(bool).any()),
            "standard": str(self.areas["standard"].iloc[0]),
            "demand_unit": labels.unit,
        }
        text = "".join(f"{line}\n" for line in (said, *self.notes(labels), *sources))
        page = self_contained_html(self.map(labels), said)
        return write_files(
            folder,
            FILES,
            [
                lambda file: write_csv(table, file),
                lambda file: write_workbook(table, file),
                lambda file: write_geojson(self.areas, about, file),
                lambda file: write_text(page, file),
                lambda file: write_text(text, file, "utf-8-sig"),
            ],
        )


def find_league(
    results: Results,
    level: Level,
    kind: str,
    group: str | None = None,
    *,
    before: Results | None = None,
    table: int | None = None,
    province: str | None = None,
    district: str | None = None,
) -> League:
    """Return areas of many districts that are ranked among each other.

    Parameters
    ----------
    results, level, kind, group, before
        As of :meth:`planner.batch.results.Results.league`.
    table
        Which of its tables; where none is given that with the most of the areas that are shown.
    province, district
        Only areas of these are shown; their ranks are among all.

    Raises
    ------
    InputError
        As of that method, and ``leagues.unknown_table`` or ``leagues.nothing_there``.
    """
    areas = results.league_areas(level, kind, group, before=before)
    tables = int(areas["table"].max())
    inside = areas
    for column, wanted in (("province", province), ("district", district)):
        if wanted is not None:
            inside = inside[inside[column] == wanted]
    if table is None:
        most = areas if inside.empty else inside
        table = int(cast("int", most["table"].value_counts(sort=True).idxmax()))
    if not 1 <= table <= tables:
        raise InputError("leagues.unknown_table", table=table, known=tables)
    shown = inside[inside["table"] == table].reset_index(drop=True)
    if shown.empty:
        raise InputError("leagues.nothing_there", table=table)
    ranked = pd.DataFrame(areas[["province", "district"]]).drop_duplicates()
    made = League(shown, table, tables, len(inside) - len(shown), results.districts(), ranked)
    if before is None:
        return made
    gone = results.gone(level, kind, group, before=before)
    for column, wanted in (("province", province), ("district", district)):
        if wanted is not None:
            gone = gone[gone[column] == wanted]
    return replace(made, gone=gone, versions=(before.product(), results.product()))


def failure_words(failures: pd.DataFrame, labels: Labels) -> list[tuple[str, str]]:
    """Return which districts have no results and why, in the reader's language.

    Parameters
    ----------
    failures
        Of :meth:`planner.batch.results.Results.failures`.
    labels
        Words in the language.
    """
    columns = (failures[name] for name in ("province", "district", "code", "params"))
    return [
        (
            Place(Path(), district, province).called,
            labels.finding(Finding(code, parse_json(params))),
        )
        for province, district, code, params in zip(*columns, strict=True)
    ]
