"""Streets from vector files: which of their lines one walks on, split where they share a vertex."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from planner.arrays import Shapes
from planner.errors import Finding, InputError
from planner.sources.files.street_attributes import with_attributes
from planner.sources.files.street_states import columns_beside, street_words, with_states
from planner.sources.osm.rules import WalkRule, WalkRules, walk_rules
from planner.sources.projection import metric_crs_for
from planner.sources.streets.joining import split_table
from planner.sources.streets.noding import node_lines
from planner.sources.tables.flags import flags
from planner.sources.tables.frames import Frame, name_of
from planner.sources.tables.numbers import cell_text, is_blank
from planner.sources.tables.reading import Reading
from planner.sources.tables.set_aside import Allowance, SetAside, rows_told
from planner.sources.vector.reading import is_shapefile, read_vector, rename_columns, source_of

_WORDS = 10
_USUAL = (
    "trunk_link primary_link secondary_link tertiary_link road bridleway living_street crossing "
    "unknown track_grade1 track_grade2 track_grade3 track_grade4 track_grade5"
)
"""Classes that no walk rule names, of OpenStreetMap and of Geofabrik's ``fclass``."""

_NOT_YET = ("construction", "proposed")
_LINES = (shapely.GeometryType.LINESTRING, shapely.GeometryType.MULTILINESTRING)


def read_streets(
    path: str | Path | Frame,
    *,
    layer: str | None = None,
    crs: Any = None,
    to_crs: Any = None,
    allowance: Allowance | None = None,
) -> Reading:
    """Read walkable centre lines and split them where lines share a vertex.

    Lines that merely cross do not join, see :mod:`planner.sources.streets.joining`. Columns that
    are called as keys of OpenStreetMap (``highway``, or ``fclass`` as Geofabrik has it, ``access``,
    ``foot``, ``service``…) are asked by the same rules as an extract: motorways and streets that
    are proposed, under construction or closed to walkers are left out, and it is told how many.
    Keys such as ``surface``, ``kerb``, ``incline`` and ``width`` are kept for profiles of walking.
    The lines of a collection are taken; rows without a line are left out and told. Other parameters
    and errors as of :func:`planner.sources.read_boundaries`; `to_crs` None projects into the metric
    CRS of the place.
    """
    name = name_of(path)
    aside = SetAside(name, layer or "", allowance=allowance or Allowance())
    table, findings = read_vector(path, layer=layer, crs=crs, aside=aside)
    findings += aside.settle()
    table = rename_columns(table, "streets", cut=is_shapefile(path))
    table, notes = _lines_of(table, name)
    table, twice = _once(table, name)
    notes += twice
    table = table.to_crs(to_crs if to_crs is not None else metric_crs_for(table))
    table, more = with_states(table, name)
    notes += more
    table, more = _classed(table, name)
    notes += more
    table, left_out, more = _walked(table, name)
    notes += more
    table = with_attributes(table)
    for column in ("bridge", "tunnel", "steps"):
        if column in table:
            table[column], more = flags(table[column], name, column)
            notes += more
    ids = table["street_id"].map(cell_text) if "street_id" in table else pd.Series("", table.index)
    if ids.eq("").any() or ids.duplicated().any():
        ids = pd.Series([str(row) for row in table.index], table.index)
    lines, origin = node_lines(table.geometry.to_numpy())
    if not len(lines):
        raise InputError("sources.no_streets", file=name)
    result = split_table(table.assign(street_id=ids), lines, origin)
    told = (*findings, *notes)
    rows = tuple(aside.rows)
    return Reading(result, source_of("streets", path), told, set_aside=rows, left_out=left_out)


def _lines_of(table: gpd.GeoDataFrame, file: str) -> tuple[gpd.GeoDataFrame, list[Finding]]:
    """Return the rows that are lines, those of collections among them, and what was left out."""
    shapes = table.geometry.to_numpy().copy()
    mixed = shapely.get_type_id(shapes) == shapely.GeometryType.GEOMETRYCOLLECTION
    for row in np.flatnonzero(mixed).tolist():
        shapes[row] = _only_lines(shapes[row])
    good = np.isin(shapely.get_type_id(shapes), [int(kind) for kind in _LINES])
    good &= ~shapely.is_empty(shapes)
    table = table.set_geometry(gpd.GeoSeries(shapes, index=table.index, crs=table.crs))
    if not good.any():
        raise InputError("sources.no_streets", file=file)
    findings = []
    for code, which in (("sources.lines_taken", mixed & good), ("sources.not_a_line", ~good)):
        if which.any():
            rows = rows_told(table.index[which].tolist())
            params = {"file": file, "count": int(which.sum()), "rows": rows}
            findings.append(Finding(code, params))
    return table[good], findings


def _once(table: gpd.GeoDataFrame, file: str) -> tuple[gpd.GeoDataFrame, list[Finding]]:
    """Return the rows without those whose line is another's, in its direction or the other one.

    OSMnx has an edge for each direction.
    """
    lines = shapely.normalize(table.geometry.to_numpy())
    again = pd.Series(shapely.to_wkb(lines)).duplicated().to_numpy()
    if not again.any():
        return table, []
    params = {"file": file, "count": int(again.sum())}
    return table[~again], [Finding("tables.streets_twice", params)]


def _only_lines(shape: Any) -> Any:
    parts: Shapes = shapely.get_parts(shape)
    while (shapely.get_type_id(parts) >= shapely.GeometryType.MULTIPOINT).any():
        parts = shapely.get_parts(parts)
    lines = parts[shapely.get_type_id(parts) == shapely.GeometryType.LINESTRING]
    return shapely.multilinestrings(lines)


def _classed(table: gpd.GeoDataFrame, file: str) -> tuple[gpd.GeoDataFrame, list[Finding]]:
    """Return the table with each street's class as OpenStreetMap says it, and words not known.

    Of several classes in a cell, as OSMnx writes merged streets, the first counts.
    """
    if "highway" not in table:
        return table, []
    words = _class_words()
    for column in columns_beside(table, "highway"):
        said = table[column].map(cell_text).map(_first)
        said = said.map(lambda word: words.get(word) or _to_come(word))
        table = table.assign(highway=table["highway"].mask(said.isin(_NOT_YET), said))
    of_cell = {cell: _first(cell) for cell in set(table["highway"].map(cell_text))}
    cells = table["highway"].map(cell_text).map(of_cell)
    classes = cells.map(lambda word: words.get(word) or _to_come(word) or word)
    strange = classes[~classes.isin([*_classes(), "motorroad", ""])]
    table = table.assign(highway=classes.mask(classes == "motorroad", "trunk"))
    only_motors = classes == "motorroad"
    if only_motors.any():
        said = table["motorroad"] if "motorroad" in table else pd.Series("", table.index)
        table["motorroad"] = said.mask(only_motors, "yes")
    if strange.empty:
        return table, []
    told = "; ".join(f"{word}: {count}" for word, count in Counter(strange).most_common(_WORDS))
    params = {"file": file, "count": len(strange), "words": told}
    return table, [Finding("sources.street_words", params)]


def _first(cell: str) -> str:
    """Return the first of the classes in a cell.

    Examples
    --------
    >>> _first("['residential', 'service']"), _first("footway;steps"), _first("主干路")
    ('residential', 'footway', '主干路')
    """
    text = unicodedata.normalize("NFKC", cell).strip("[]() ")
    return re.split(r"[,;|、]", text)[0].strip("'\" ").casefold()


def _to_come(word: str) -> str:
    """Return the class of a street that is said to be planned or built, empty for another.

    Examples
    --------
    >>> _to_come("规划支路"), _to_come("在建主干路"), _to_come("支路(规划)"), _to_come("支路")
    ('proposed', 'construction', 'proposed', '')
    """
    inside = re.search(r"\(([^()]*)\)?$", word)
    for name, words in street_words()["coming"].items():
        if word.startswith(tuple(words)) or (inside and inside[1] in words):
            return name
    return ""


@cache
def _class_words() -> dict[str, str]:
    """Return the class by each word of ``street_words.toml``."""
    return {word: name for name, words in street_words()["class"].items() for word in words}


@cache
def _classes() -> frozenset[str]:
    """Return the classes of ``highway`` that the walk rules name, and the usual ones beside."""
    named = {
        value
        for rule in walk_rules().ways
        for value in (*rule.when.get("highway", ()), *rule.unless.get("highway", ()))
    }
    return frozenset(named | set(_class_words().values()) | set(_USUAL.split())) - {"*"}


def _walked(
    table: gpd.GeoDataFrame, file: str
) -> tuple[gpd.GeoDataFrame, gpd.GeoSeries, list[Finding]]:
    """Return the rows that one walks on by the walk rules, the others, how many and why."""
    rules = walk_rules()
    columns = _columns_of(table, rules)
    if not columns:
        return table, table.geometry.iloc[:0], []
    texts = {
        key: table[column].map(lambda cell: "" if is_blank(cell) else cell_text(cell))
        for key, column in columns.items()
    }
    cases = list(zip(*(text.str.casefold() for text in texts.values()), strict=True))
    verdicts: dict[tuple[str, ...], str] = {}
    for case in set(cases):
        tags = {key: value for key, value in zip(texts, case, strict=True) if value}
        rule = rules.rule(tags)
        verdicts[case] = "" if rule is None or rule.decision else _reason(rule, tags)
    why = np.array([verdicts[case] for case in cases], dtype=object)
    out = why != ""
    if not out.any():
        return table, table.geometry.iloc[:0], []
    metres = shapely.length(table.geometry.to_numpy()[out])
    told = "; ".join(f"{word}: {count}" for word, count in Counter(why[out]).most_common())
    params = {
        "file": file,
        "count": int(out.sum()),
        "km": round(float(metres.sum()) / 1000, 1),
        "reasons": told,
    }
    if out.all():
        raise InputError("sources.nothing_walked", **params)
    return table[~out], table.geometry[out], [Finding("sources.not_walked", params)]


def _columns_of(table: gpd.GeoDataFrame, rules: WalkRules) -> dict[str, str]:
    """Return the table's column for each key that the walk rules ask for."""
    keys = {key for rule in rules.ways for key in (*rule.when, *rule.unless)}
    keys -= {"railway", "public_transport", "man_made"}
    return {
        name: str(column)
        for column in table.columns.drop(table.geometry.name)
        if (name := str(column).casefold()) in keys
    }


def _reason(rule: WalkRule, tags: dict[str, str]) -> str:
    """Return the tag that turned a street down.

    Examples
    --------
    >>> tags = {"highway": "service", "access": "private"}
    >>> _reason(walk_rules().rule(tags), tags)
    'access=private'
    """
    told = [key for key, values in rule.when.items() if "*" not in values] or list(rule.when)
    return ", ".join(f"{key}={tags[key]}" for key in told)
