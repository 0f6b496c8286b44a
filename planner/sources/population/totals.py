"""Totals of residents by community: a table joined to the boundaries, or their own column."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from planner.arrays import F64, I64, Bool
from planner.district import Source
from planner.district.layers import GROUP_PREFIX
from planner.district.plausibility.homes import tells_year
from planner.errors import Finding, InputError
from planner.sources.population.groups import Groups, add_groups
from planner.sources.population.names import Joined
from planner.sources.population.tables import (
    LAYER,
    codes_of,
    joined_rows,
    names_against_codes,
    none_joins,
    rows_of,
)
from planner.sources.tables.frames import Frame
from planner.sources.tables.mapping import TableMapping
from planner.sources.tables.reading import Reading
from planner.sources.tables.set_aside import Allowance, SetAside, rows_told
from planner.sources.tables.values import figures
from planner.sources.vector.reading import source_of


@dataclass(frozen=True, eq=False)
class Totals:
    """The residents of communities.

    Parameters
    ----------
    areas
        The communities with ``area_id``, ``name``, ``population`` (NaN where no total is known),
        groups, and ``households`` where the table tells them.
    reading
        How the table was read: its mapping, findings and the rows set aside. None where the
        boundaries' own column counts.
    rows
        Every row of the table: ``row``, ``code``, ``name``, ``community_id`` (empty where it joins
        none), ``how``, ``suggestions``, ``key`` (what it is called by who says which community it
        is) and ``population``.
    source
        Where the totals came from.
    findings
        What was joined and what was not.
    growth
        What the residents of each community were multiplied with, None where they are of the year
        of the figures.
    """

    areas: gpd.GeoDataFrame
    reading: Reading | None
    rows: pd.DataFrame
    source: Source
    findings: tuple[Finding, ...]
    growth: F64 | None = None

    @property
    def counted(self) -> list[str]:
        """Columns of people, the total first."""
        return counted(self.areas)


def counted(areas: pd.DataFrame) -> list[str]:
    """Return the columns of people of a table, ``population`` first."""
    groups = [str(name) for name in areas if str(name).startswith(GROUP_PREFIX)]
    return ["population", *groups]


def _figures_of(table: pd.DataFrame) -> list[str]:
    """Return the columns of people of a table, and that of households where it has one."""
    return [*counted(table), *({"households"} & set(table))]


def own_totals(communities: gpd.GeoDataFrame, source: Source, groups: Groups) -> Totals:
    """Return the totals that the boundaries' own columns tell.

    Raises
    ------
    InputError
        ``population.no_totals`` where they have no column of residents.
    """
    if "population" not in communities or communities["population"].isna().all():
        raise InputError("population.no_totals", file=source.source)
    areas = _areas(communities, counted(communities))
    notes = add_groups(areas, groups, communities, source.source)
    notes += _without(areas, source.source)
    notes += unlikely_totals(areas, source.source)
    own = replace(source, layer="demand")
    return Totals(areas, None, pd.DataFrame(), own, tuple(notes))


def read_totals(
    path: str | Path | Frame,
    communities: gpd.GeoDataFrame,
    *,
    groups: Groups,
    layer: str | None = None,
    mapping: TableMapping | None = None,
    allowance: Allowance | None = None,
    community_names: Mapping[str, str] | None = None,
    **_of_places: Any,
) -> Totals:
    """Read a table of totals and join it to communities.

    Rows that are unfit (no number, below zero, a community told twice) are set aside as far as
    allowed; rows that join no community are set aside too, however many they are, and told with
    their people and with names that are alike.

    Parameters
    ----------
    path
        A table, workbook, or map layer whose shapes do not matter.
    communities
        With ``community_id``, ``name`` and ``subdistrict``, metric.
    groups
        Groups by share or column.
    layer, mapping, allowance
        As of :func:`planner.sources.files.rows.read_rows`.
    community_names
        Which community a row is, as a person said; see ``said`` of
        :func:`planner.sources.population.names.join`.

    Raises
    ------
    InputError
        Where it has no residents or neither code nor name, or none of it joins.
    """
    table, mapping, aside, findings = rows_of(path, layer, mapping, allowance or Allowance())
    _check_columns(table, aside.file)
    findings += _read_figures(table, mapping, aside)
    codes, notes = codes_of(table, aside)
    findings += notes
    findings += aside.settle()
    kept = ~aside.among(table)
    table, codes = table[kept], codes[kept]
    names, joined, mapping = joined_rows(table, codes, communities, mapping, community_names)
    findings += names_against_codes(table, names, joined, communities, aside.file)
    _note_unjoined(table, codes, names, joined, aside)
    # columns of groups that somebody named are read of one row only
    may_add = community_names or {} if not any(isinstance(g, str) for g in groups.values()) else {}
    also = _added(names, joined, may_add)
    fits = joined.counts()
    findings += _told_again(table, joined, also, communities["name"].tolist(), aside)
    if aside.allowance.rows == 0:
        aside.settle()  # nothing may be set aside, what does not join neither
    if not fits.any():
        raise none_joins(aside.file, names, codes, communities)
    areas = _areas(communities, [])
    whole = _put(areas, table, joined.community, fits, also)
    findings += add_groups(areas, groups, whole, aside.file)
    findings += _told_of_added(names, joined, also, aside.file)
    fits |= also
    findings += _told(table, names, joined, fits, communities, aside.file)
    findings += _without(areas, aside.file)
    findings += _of_several_years(table[fits], aside.file)
    findings += unlikely_totals(areas, aside.file)
    source = source_of("demand", path)
    rows = _rows_told(table, codes, names, joined, fits, communities)
    aside.rows.sort(key=lambda row: row.row)
    reading = Reading(
        areas, replace(source, layer=LAYER), tuple(findings), mapping, tuple(aside.rows)
    )
    return Totals(areas, reading, rows, source, tuple(findings))


def _check_columns(table: pd.DataFrame, file: str) -> None:
    """Refuse a table without residents, or without codes and names of communities."""
    present = ", ".join(map(str, table.columns)) or "–"
    if "population" not in table:
        raise InputError("sources.no_population", file=file, present=present)
    if not {"community_id", "name"} & set(table.columns):
        raise InputError("population.no_names", file=file, present=present)


def _read_figures(table: pd.DataFrame, mapping: TableMapping, aside: SetAside) -> list[Finding]:
    """Turn the columns of people into numbers, unfit ones set aside, and return what is told."""
    findings: list[Finding] = []
    for column in _figures_of(table):
        values, notes = figures.figures(
            table[column], column, aside, header=mapping.header_of(column), decimal=mapping.decimal
        )
        table[column] = values
        findings += notes
    figures.needed(table["population"], "population", aside)
    return findings


def _put(
    areas: gpd.GeoDataFrame, table: pd.DataFrame, community: I64, fits: Bool, also: Bool
) -> pd.DataFrame:
    """Put the figures of rows at their communities; return the rows in the communities' order."""
    at = community[fits]
    for column in _figures_of(table):
        value = np.full(len(areas), np.nan)
        told = table[column].to_numpy(dtype=np.float64)
        value[at] = told[fits]
        np.add.at(value, community[also], told[also])
        areas[column] = value
    whole = pd.DataFrame(index=areas.index, columns=table.columns, dtype=object)
    whole.iloc[at] = table[fits].to_numpy(dtype=object)
    return whole


def _rows_told(
    table: pd.DataFrame,
    codes: pd.Series,
    names: list[str],
    joined: Joined,
    fits: Bool,
    communities: gpd.GeoDataFrame,
) -> pd.DataFrame:
    """Return each row with the community that it joined and how, as :class:`Totals` tells it."""
    return pd.DataFrame(
        {
            "row": table.index,
            "code": codes.to_numpy(dtype=object),
            "name": names,
            "community_id": [
                communities["community_id"].iloc[c] if fit else ""
                for c, fit in zip(joined.community, fits, strict=True)
            ],
            "how": joined.how,
            "suggestions": [", ".join(each) for each in joined.suggestions],
            "key": joined.keys,
            "population": table["population"].to_numpy(dtype=np.float64),
        }
    )


def _note_unjoined(
    table: pd.DataFrame, codes: pd.Series, names: list[str], joined: Joined, aside: SetAside
) -> None:
    """Note the rows that are no community, each with the names that are like its own."""
    for place in np.flatnonzero(joined.community < 0).tolist():
        value = names[place] or codes.iloc[place]
        alike = joined.suggestions[place]
        code = "population.no_community_but" if alike else "population.no_community"
        if joined.how[place] == "out":
            code = "population.said_none"
        column = "name" if names[place] else "community_id"
        aside.add(code, [table.index[place]], column, [value], alike=", ".join(alike))


def _added(names: list[str], joined: Joined, said: Mapping[str, str]) -> Bool:
    """Return which rows are added to the surest of their community, (n,).

    They are where a person said of one of its rows that it is that community, and each bears
    another name: parts of a community that was joined of several.
    """
    counts = joined.counts()
    told = {int(c) for c, key in zip(joined.community, joined.keys, strict=True) if key in said}
    heard = {(int(joined.community[row]), names[row]) for row in np.flatnonzero(counts).tolist()}
    also = np.zeros(len(names), dtype=bool)
    for row in np.flatnonzero(~counts & (joined.community >= 0)).tolist():
        own = (int(joined.community[row]), names[row])
        if own[0] in told and own not in heard:
            heard.add(own)
            also[row] = True
    return also


def _told_of_added(names: list[str], joined: Joined, also: Bool, file: str) -> list[Finding]:
    if not also.any():
        return []
    surest = np.flatnonzero(joined.counts())
    first = {int(joined.community[row]): names[row] for row in surest.tolist()}
    sums = [f"{first[int(joined.community[row])]} + {names[row]}" for row in np.flatnonzero(also)]
    params = {"file": file, "count": len(sums), "names": rows_told(sums)}
    return [Finding("population.rows_added", params)]


def _told_again(
    table: pd.DataFrame, joined: Joined, also: Bool, names: Sequence[str], aside: SetAside
) -> list[Finding]:
    """Note the rows that tell a community again, and tell of those with another figure.

    The surest row of a community counts, of equals the first. A sheet of a whole city has
    namesakes, and one of several years has a row for each.
    """
    people = table["population"].to_numpy(dtype=np.float64)
    pairs = []
    for row, first in joined.repeats():
        if also[row]:
            continue
        name = names[int(joined.community[row])]
        aside.add(
            "population.twice",
            [table.index[row]],
            "population",
            [table["population"].iloc[row]],
            name=name,
            first=int(table.index[first]),
        )
        if people[row] != people[first]:
            pairs.append(f"{name}: {people[first]:,.0f} ← {people[row]:,.0f}")
    if not pairs:
        return []
    params = {"file": aside.file, "count": len(pairs), "names": rows_told(pairs)}
    return [Finding("population.told_twice", params)]


def _areas(communities: gpd.GeoDataFrame, columns: list[str]) -> gpd.GeoDataFrame:
    kept = communities.reset_index(drop=True)
    table = {"area_id": kept["community_id"], "name": kept["name"]}
    return gpd.GeoDataFrame(
        table | {column: kept[column] for column in columns},
        geometry=kept.geometry.to_numpy(),
        crs=kept.crs,
    )


def _told(
    table: pd.DataFrame,
    names: list[str],
    joined: Joined,
    fits: np.ndarray,
    communities: gpd.GeoDataFrame,
    file: str,
) -> list[Finding]:
    """Tell how many rows were joined how, and what did not join."""
    how = pd.Series(joined.how)[fits].value_counts()
    people = table["population"].to_numpy(dtype=np.float64)
    params = {
        "file": file,
        "rows": int(fits.sum()),
        "of": len(table),
        **{way: int(how.get(way, 0)) for way in ("code", "name", "stem")},
    }
    findings = [Finding("population.joined", params)]
    said = [row for row in np.flatnonzero(fits).tolist() if joined.how[row] == "said"]
    if said:
        own = communities["name"].tolist()
        pairs = [f"{names[row]} → {own[int(joined.community[row])]}" for row in said]
        told = {"file": file, "count": len(said), "names": rows_told(pairs)}
        findings.append(Finding("population.joined_as_said", told))
    out = np.array([way == "out" for way in joined.how], dtype=bool)
    for left, code in ((~fits & ~out, "population.not_joined"), (out, "population.left_out")):
        if left.any():
            told = {
                "file": file,
                "count": int(left.sum()),
                "people": round(float(people[left].sum())),
                "rows": rows_told(table.index[left].tolist()),
            }
            findings.append(Finding(code, told))
    return findings


def _without(areas: gpd.GeoDataFrame, file: str) -> list[Finding]:
    """Tell of communities without a total, of which nothing is known, and of those with zero.

    Zero is the usual filler of what is not known; a community without a resident is rare.
    """
    people, findings = areas["population"], []
    for rows, code in ((people.isna(), "without_total"), (people == 0, "zero_total")):
        if rows.any():
            names = rows_told(areas["name"][rows].tolist())
            params = {"file": file, "count": int(rows.sum()), "names": names}
            findings.append(Finding(f"population.{code}", params))
    return findings


def _of_several_years(table: pd.DataFrame, file: str) -> Iterator[Finding]:
    """Tell of rows that count and are of several years, by a column that says so."""
    for column in map(str, table.columns):
        if not tells_year(column):
            continue
        values = table[column].dropna().astype(str).str.strip()
        years = sorted(set(values[values != ""]))
        if len(years) > 1:
            params = {"file": file, "column": column, "values": rows_told(years)}
            yield Finding("population.several_years", params)


FEW_PEOPLE = 20
"""Residents below which a community, where most are so, is told: smallest ones have hundreds."""

_OF_ALL = 0.5
_ROUNDED = 1e-6


def unlikely_totals(areas: pd.DataFrame, file: str) -> list[Finding]:
    """Tell of totals that communities can hardly have: a handful of people, or parts of people.

    Parameters
    ----------
    areas
        With ``area_id``, ``name`` and ``population``.
    file
        Where they were read.

    Examples
    --------
    >>> areas = pd.DataFrame({"area_id": ["A", "B"], "name": ["甲", "乙"], "population": [0.5, 2]})
    >>> [note.code for note in unlikely_totals(areas, "a.csv")]
    ['population.few_people', 'population.broken_people']
    """
    people = areas["population"].to_numpy(dtype=np.float64)
    told = people > 0
    few = told & (people < FEW_PEOPLE)
    broken = told & (np.abs(people - np.round(people)) > _ROUNDED * np.maximum(people, 1))
    below_one = told & (people < 1)
    findings = []
    if few.sum() < max(_OF_ALL * told.sum(), 1) and not below_one.any():
        few[:] = False
    for found, code in ((few, "population.few_people"), (broken, "population.broken_people")):
        if found.any():
            first = int(np.argmax(found))
            params = {
                "file": file,
                "count": int(found.sum()),
                "of": int(told.sum()),
                "most": FEW_PEOPLE,
                "name": areas["name"].iloc[first] or areas["area_id"].iloc[first],
                "people": f"{people[first]:g}",
            }
            findings.append(Finding(code, params))
    return findings
