"""What a file holds: its sheets or layers, and which layer of a district each may become."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Literal

import pandas as pd

from planner.errors import InputError
from planner.sources.files.lists import LISTED
from planner.sources.files.overture import is_overture
from planner.sources.tables.cells import Cells
from planner.sources.tables.headers.columns import known_columns
from planner.sources.tables.headers.headers import folded
from planner.sources.tables.layout.header_rows import find_header
from planner.sources.tables.sheets import is_table, read_cells
from planner.sources.tables.text import read_text
from planner.sources.tables.workbooks import excel
from planner.sources.untrusted import parquet_files
from planner.sources.untrusted.rasters import ENDINGS
from planner.sources.vector import gdal
from planner.sources.vector.rasters import Head, read_head
from planner.sources.vector.shapefile_text import AS_BYTES

Shape = Literal["table", "points", "lines", "areas", "pixels"]

_SEEN = 50
_NAMED = 4.0
_FIRST = 1.5
_NEARLY = 1.2
_READ_AS = {"growth": "totals"}
"""Layers whose tables have the columns of another."""

_DIMENSIONS: Mapping[str, Shape] = {"Point": "points", "LineString": "lines", "Polygon": "areas"}


@dataclass(frozen=True)
class Part:
    """A sheet of a workbook, a layer of a map file, or a whole text table.

    Parameters
    ----------
    name
        Of the sheet or layer, empty for a text table.
    rows
        Rows under the headers, totals among them.
    shape
        ``"table"``, ``"points"``, ``"lines"``, ``"areas"`` or ``"pixels"``.
    headers
        Its columns.
    scores
        How well it fits each layer of a district that it may become, higher is better; none where
        it fits none.
    """

    name: str
    rows: int
    shape: Shape
    headers: tuple[str, ...]
    scores: Mapping[str, float] = field(default_factory=dict)


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))


def file_parts(path: str | Path) -> tuple[Part, ...]:
    """Return what a file holds, in its order; empty sheets are left out.

    Parameters
    ----------
    path
        A table, a workbook or a map layer, zipped perhaps.

    Raises
    ------
    MissingFileError, InputError
        Where it is absent or cannot be read.
    """
    file = Path(path)
    if file.suffix.lower() in ENDINGS:
        head = read_head(gdal.local_file(file))
        scores = {} if _may_be_heights(head, file.stem) else {"raster": _NAMED}
        return (Part("", head.columns * head.rows, "pixels", (), scores),)
    if parquet_files.is_parquet(file):
        return (_parquet(file),)
    if not is_table(file):
        return _map_layers(file)
    if file.suffix.lower() not in excel.ENDINGS:
        return (_table(read_text(file), file.stem, ""),)
    first = read_cells(file, "facilities")
    return tuple(
        _table(
            first if name == first.sheet else excel.read_sheet(file, "facilities", sheet=name),
            file.stem,
            name,
        )
        for name in first.sheets
    )


def _table(cells: Cells, stem: str, name: str) -> Part:
    headers: dict[str, tuple[str, ...]] = {}
    rows = 0
    for layer in _data()["shapes"]["table"]:
        try:
            found = find_header(cells, _READ_AS.get(layer, layer))
        except InputError:  # a table without rows, or a header twice: it is no such layer
            continue
        headers[layer] = tuple(filter(None, found.names))
        rows = len(cells.rows.loc[found.row :]) - found.depth
    shown = next(iter(headers.values()), ())
    return Part(name, rows, "table", shown, _scores("table", headers, stem, name))


def _may_be_heights(head: Head, stem: str) -> bool:
    """Whether a raster may be one of heights: a person has to say that its numbers are people.

    Heights are mostly whole numbers of 16 bits with a sign, as of SRTM and ASTER, whose files are
    named by their degree alone.

    Examples
    --------
    >>> plain = Head(9, 9, "", "", "float32", False)
    >>> names = ("ASTGTM_N25E114_dem", "nasadem", "全市高程", "demand", "people")
    >>> [_may_be_heights(plain, name) for name in names]
    [True, True, True, False, False]
    """
    whole = head.dtype == "int16" and not head.scaled
    if head.in_metres or (whole and _named(stem) not in ("raster", "demand")):
        return True
    said = _data()["heights"]
    plain = f"{stem} {head.description}".casefold()
    words = re.findall("[a-z]+", plain)
    if any(word in said["latin"] or word.endswith(said["end"]) for word in words):
        return True
    return any(word in plain for word in said["other"])


def _parquet(file: Path) -> Part:
    footer = parquet_files.read_footer(gdal.local_file(file))
    if not footer.shapes:
        raise InputError("sources.no_geometry", file=file.name, layer=file.stem)
    kinds = [_shape_of(kind) for kind in parquet_files.seen_types(file, footer)]
    known: list[Shape] = [kind for kind in kinds if kind is not None]
    shape: Shape = max(known, key=known.count, default="areas")
    headers = dict.fromkeys(_data()["shapes"][shape], footer.columns)
    scores = _scores(shape, headers, file.stem, "")
    return Part("", footer.rows, shape, footer.columns, scores)


def _map_layers(file: Path) -> tuple[Part, ...]:
    found = []
    with gdal.opened(file) as dataset:
        layers = dataset.layers()
        spatial = [name for name, shape in layers.items() if shape is not None]
        encoding = AS_BYTES if dataset.path.suffix.lower() == ".shp" else None
        for name in spatial or list(layers):
            rows, columns = dataset.size(name, encoding=encoding)
            columns = tuple(map(_text, columns)) if encoding else columns
            shape = _shape_of(layers[name]) or _seen_shape(dataset, name, encoding)
            alone = len(spatial) == 1
            cut = dict.fromkeys(_data()["shapes"][shape], columns)
            scores = _scores(shape, cut, file.stem, name, cut=encoding is not None)
            found.append(Part("" if alone else name, rows, shape, columns, scores))
    return tuple(found)


def _text(column: str) -> str:
    """Return the name of a column that was read as bytes; half a sign at its end is lost."""
    raw = column.encode(AS_BYTES)
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("gb18030", errors="ignore")


def _shape_of(geometry: str | None) -> Shape | None:
    """Return the shape of a type of GDAL, None where it does not tell.

    Examples
    --------
    >>> _shape_of("MultiPolygon Z"), _shape_of("Unknown")
    ('areas', None)
    """
    plain = (geometry or "").split(" ")[0].removeprefix("Multi").removeprefix("2.5D")
    return _DIMENSIONS.get(plain)


def _seen_shape(dataset: gdal.Dataset, name: str, encoding: str | None) -> Shape:
    """Return the shape of most of the first rows."""
    table = dataset.read(name, encoding=encoding, most=_SEEN)
    if "geometry" not in table:
        return "table"
    kinds = [_shape_of(kind) for kind in table.geometry.geom_type.dropna()]
    known: list[Shape] = [kind for kind in kinds if kind is not None]
    return max(known, key=known.count, default="areas")


def _scores(
    shape: Shape,
    headers: Mapping[str, tuple[str, ...]],
    stem: str,
    name: str,
    *,
    cut: bool = False,
) -> dict[str, float]:
    """Return how well a part fits each layer: by its shape, name and columns."""
    data = _data()
    named = _named(name) or _named(stem)
    scores = {}
    for place, layer in enumerate(data["shapes"][shape]):
        if layer not in headers:
            continue
        columns = _READ_AS.get(layer, layer)
        meant = set(known_columns(columns, headers[layer], cut=cut).values())
        if shape == "table" and not _may_be(layer, meant, headers[layer]):
            continue
        score = float(len(meant & set(data["columns"][layer])))
        score += _NAMED * (layer == named) + _FIRST * (place == 0 and shape != "table")
        if shape != "table" and is_overture(pd.DataFrame(columns=[*headers[layer]]), layer):
            score += _NAMED
        if score:
            scores[layer] = score - place / 100
    return scores


def _may_be(layer: str, meant: set[str], headers: tuple[str, ...]) -> bool:
    """Whether a table may become a layer: points need places, totals have none.

    Areas and lines in a table are well-known text.
    """
    if layer in ("communities", "barriers", "context"):
        return "place" in meant
    placed = set(known_columns("demand", headers).values())
    has_places = "place" in placed or {"lon", "lat"} <= placed or {"x", "y"} <= placed
    if layer in ("totals", "growth"):
        told = "population" if layer == "totals" else "growth"
        return not has_places and told in meant and bool({"community_id", "name"} & meant)
    return has_places or layer != "demand"


def _is_list(part: Part) -> bool:
    """Return whether a part tells of facilities, one a row, with names or words and places."""
    meant = set(known_columns("facilities", part.headers).values())
    placed = part.shape == "points" or "place" in meant
    placed |= {"lon", "lat"} <= meant or {"x", "y"} <= meant
    return placed and bool({"kind", "name"} & meant)


def _named(name: str) -> str:
    """Return the layer that a name speaks of, empty where none.

    Examples
    --------
    >>> _named("2024年社区卫生服务机构名录"), _named("章贡区_roads"), _named("Sheet1")
    ('facilities', 'streets', '')
    """
    plain = folded(name)
    found = [
        (len(word), layer)
        for layer, words in _data()["words"].items()
        for word in words
        if folded(word) in plain
    ]
    return max(found, default=(0, ""))[1]


def assigned(parts: Iterable[Part]) -> list[str]:
    """Return the layer of each part, empty for parts that are left over.

    Several parts may be lists of facilities, where that is what fits each best; no other layer is
    named twice. A part whose best layer goes to another gets one that fits it nearly as well, or
    none.

    Examples
    --------
    >>> first = Part("a", 9, "table", (), {"facilities": 2.0, "demand": 1.0})
    >>> other = Part("b", 9, "table", (), {"facilities": 3.0})
    >>> assigned([first, other])
    ['demand', 'facilities']
    """
    given = list(parts)
    ranked = [
        (score, -place, layer)
        for place, part in enumerate(given)
        for layer, score in part.scores.items()
        if score >= max(part.scores.values()) - _NEARLY
    ]
    result: dict[int, str] = {}
    for _, place, layer in sorted(ranked, reverse=True):
        if -place not in result and layer not in result.values():
            result[-place] = layer
    for place, part in enumerate(given):
        best = max(part.scores, key=lambda layer: part.scores[layer], default="")
        if place not in result and best in LISTED and _is_list(part):
            result[place] = best
    return [result.get(place, "") for place in range(len(given))]
