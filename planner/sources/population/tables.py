"""Rows of a table that tells of communities by code or name, and has no places of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import pandas as pd

from planner.errors import Finding, InputError
from planner.sources.population.names import Joined, join, named_otherwise
from planner.sources.tables.frames import Frame, name_of
from planner.sources.tables.guessing import guess, guess_columns
from planner.sources.tables.layout.closing import without_closing
from planner.sources.tables.layout.header_rows import below, merged_findings, without_totals
from planner.sources.tables.layout.unit_lines import with_unit_of_lines
from planner.sources.tables.mapping import TableMapping
from planner.sources.tables.set_aside import Allowance, SetAside, rows_told
from planner.sources.tables.sheets import header_row, is_table, read_cells
from planner.sources.tables.values.ids import read_ids
from planner.sources.tables.values.numbers import blank, cell_text
from planner.sources.vector.reading import read_vector
from planner.sources.vector.records import plain_cells

LAYER = "totals"
"""Layer whose columns such tables have, those of growth too."""


def rows_of(
    path: str | Path | Frame, layer: str | None, mapping: TableMapping | None, allowance: Allowance
) -> tuple[pd.DataFrame, TableMapping, SetAside, list[Finding]]:
    """Read the rows of a table under our names; the index is the row as the user counts.

    Parameters as of :func:`planner.sources.files.rows.read_rows`.

    Raises
    ------
    MissingFileError, InputError
        Where it is absent, unreadable or empty, or the mapping is of another layer.
    """
    name = name_of(path)
    if mapping is not None and mapping.layer != LAYER:
        raise InputError("tables.mapping_layer", file=name, layer=LAYER, found=mapping.layer)
    if not isinstance(path, Frame) and is_table(path):
        hint = mapping or TableMapping(LAYER)
        cells = read_cells(Path(path), LAYER, replace(hint, sheet=layer) if layer else hint)
        findings = list(cells.findings)
        if mapping is None:
            mapping, notes = guess(cells, LAYER)
            findings += notes
        header = header_row(cells, mapping)
        body = below(cells, header)
        findings += merged_findings(cells, header)
        body, closing = without_closing(body, name)
        body, notes = without_totals(body, name)
        body, units = with_unit_of_lines(body, cells, header, mapping)
        notes += units
        findings += closing
        aside = SetAside(name, cells.sheet, allowance=allowance)
        findings += notes
    else:
        if isinstance(path, Frame) and not isinstance(path.table, gpd.GeoDataFrame):
            body, findings = path.table, []
        else:
            shaped, findings = read_vector(path, layer=layer, crs=4326)
            body = pd.DataFrame(shaped.drop(columns=shaped.geometry.name))
        if mapping is None:
            mapping, notes = guess_columns(body, LAYER, name)
            mapping = replace(mapping, header_depth=0)
            findings += notes
        body = plain_cells(body, mapping.columns, name)
        aside = SetAside(name, layer or "", allowance=allowance)
    if body.empty:
        raise InputError("sources.empty_file", file=name)
    aside.total = len(body)
    aside.headers = {role: header for header, role in mapping.columns.items() if role}
    used = set(aside.headers)
    names = {
        header: mapping.columns.get(header, "")
        or (f"{header}_of_file" if header in used else header)
        for header in map(str, body.columns)
    }
    return body.rename(columns=names), mapping, aside, findings


def codes_of(table: pd.DataFrame, aside: SetAside) -> tuple[pd.Series, list[Finding]]:
    """Return the codes as text, empty where there is none."""
    if "community_id" not in table:
        return pd.Series("", index=table.index, dtype=object), []
    own = SetAside(aside.file, aside.layer, headers=aside.headers)
    codes, notes = read_ids(table, "community_id", own)
    for row in own.rows:
        if row.reason.code != "sources.duplicate_id":  # that one is told by community
            aside.add(row.reason.code, [row.row], "community_id", [row.value])
    return codes.mask(blank(table["community_id"]), ""), notes


def joined_rows(
    table: pd.DataFrame,
    codes: pd.Series,
    communities: gpd.GeoDataFrame,
    mapping: TableMapping,
    said: Mapping[str, str] | None,
) -> tuple[list[str], Joined, TableMapping]:
    """Return the names of rows, the communities that they are, and what the next file is told.

    Parameters
    ----------
    table, codes
        The rows, and their codes as of :func:`codes_of`.
    communities
        With ``community_id``, ``name`` and ``subdistrict``.
    mapping
        How the table was read, with what was said of the names of an earlier file.
    said
        Which community a row is, as a person said of this one.
    """
    names, before = texts_of(table, "name"), mapping.community_names
    joined = join(
        codes.tolist(),
        names,
        texts_of(table, "subdistrict"),
        communities,
        said=said,
        before=before,
    )
    return names, joined, replace(mapping, community_names={**before, **(said or {})})


def names_against_codes(
    table: pd.DataFrame,
    names: list[str],
    joined: Joined,
    communities: gpd.GeoDataFrame,
    file: str,
) -> list[Finding]:
    """Tell of rows that their code joins to one community and their name to another.

    Codes and names were sorted apart, perhaps, or the communities numbered anew.

    Parameters
    ----------
    table, communities
        As of :func:`joined_rows`.
    names, joined
        As it returned them.
    file
        Name of the file.
    """
    others = named_otherwise(names, texts_of(table, "subdistrict"), joined, communities)
    if not others:
        return []
    own = communities["name"].tolist()
    pairs = [f"{own[int(joined.community[row])]} ← {names[row]}" for row, _ in others]
    params = {
        "file": file,
        "count": len(others),
        "of": joined.how.count("code"),
        "names": rows_told(pairs),
    }
    return [Finding("population.names_against_codes", params)]


def none_joins(
    file: str, names: list[str], codes: pd.Series, communities: gpd.GeoDataFrame
) -> InputError:
    """Return the error of a table of which no row is a community."""
    return InputError(
        "population.none_joins",
        file=file,
        rows=len(names),
        names=rows_told((names if any(names) else codes.tolist())[:5]),
        communities=rows_told(communities["name"].tolist()[:5]),
    )


def texts_of(table: pd.DataFrame, column: str) -> list[str]:
    """Return the texts of a column, empty ones where there is none."""
    if column not in table:
        return [""] * len(table)
    return [cell_text(cell) for cell in table[column]]
