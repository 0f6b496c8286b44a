"""Residential buildings from a file of one's own, as places to spread residents over."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Unpack

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from planner.arrays import F64
from planner.errors import Finding
from planner.sources.files.rows import ReadOptions, read_rows
from planner.sources.files.shapes import AREAS, mend, reading
from planner.sources.osm.buildings import is_home, levels
from planner.sources.osm.doubled_homes import homes_once
from planner.sources.osm.objects import Area, Tags
from planner.sources.osm.residents import SMALLEST_M2, floor_areas, storeys_not_read
from planner.sources.population.places import no_places
from planner.sources.tables.frames import Frame, name_of
from planner.sources.tables.reading import Reading
from planner.sources.tables.values.numbers import cell_text

_HOMES = (
    "住宅",
    "居住",
    "公寓",
    "宿舍",
    "居民",
    "民居",
    "民房",
    "民宅",
    "自建房",
    "别墅",
    "商住",
    "住房",
    "家属楼",
    "家属院",
    "安置房",
    "回迁房",
    "廉租房",
    "公租房",
    "保障房",
    "农房",
    "农村住",
    "宅基地",
)
_HOME_LAND = re.compile(r"(?:r[0-4]|r[1-4]1|r20)(?![a-z0-9])|r\s*(?:$|[(（]?[\u4e00-\u9fff])")
"""Codes of land for homes (GB 50137): R, R1, R2, R20, R21; not R&D."""
_OTHER_LAND = re.compile(r"r[1-4][2-9](?![a-z0-9])")
"""Services of residential areas (R12, R22, R32); formerly also roads and greens (R13, R14)."""
_MIXED = re.compile(r"[/+、,，;；]")
_OTHER_USES = (
    "非住宅",
    "非居住",
    "居民委员会",
    "居民活动",
    "居民服务",
    "配套",
    "地下室",
    "车库",
    "售楼",
)
_NOT_LIVED_IN = (
    "在建",
    "拟建",
    "待建",
    "规划",
    "未建",
    "建设中",
    "施工",
    "筹建",
    "废弃",
    "待拆",
    "拆除",
    "已拆",
    "拆迁",
    "空置",
)
_AREA = "floor_area_m2"
_CELLS = 10
_DRAWN = ("", "yes", "building", "建筑", "建筑物", "房屋", "unknown", "其他", "未知")


def read_homes(
    path: str | Path | Frame, *, to_crs: Any = None, **how: Unpack[ReadOptions]
) -> Reading:
    """Read the residential buildings of a file of building outlines.

    Parameters
    ----------
    path
        Outlines of buildings with, as far as known, their use (``building``, ``class``, ``用途``),
        storeys (``levels``, ``num_floors``, ``层数``), height and floor area (``建筑面积``), which
        goes before what outline and storeys make. Buildings of which no use is told count as homes;
        files of OpenStreetMap, of Overture Maps and of bureaux are understood.
    to_crs, how
        As of :func:`planner.sources.read_boundaries`.

    Returns
    -------
    Points with ``demand_id``, ``weight`` (floor area, m²) and ``source``, and how many buildings
    were left out because nobody lives in them.

    Raises
    ------
    MissingFileError, InputError
        Where the file is absent or unreadable, or holds no areas.
    """
    rows = read_rows(path, "homes", **how)
    mend(rows, AREAS, "Polygon")
    rows.read_ids("home_id")
    rows.read_figures()
    found = reading("homes", rows, path, to_crs)
    table = found.table
    if not table.crs.is_projected:
        table = table.to_crs(table.estimate_utm_crs())
    homes, notes = _homes(table, name_of(path))
    homes = homes.to_crs(found.table.crs)
    return replace(found, table=homes, findings=(*found.findings, *notes))


def _homes(table: gpd.GeoDataFrame, file: str) -> tuple[gpd.GeoDataFrame, list[Finding]]:
    """Return the homes among buildings in metres as points, and what was taken for what."""
    tags = _tags(table)
    known = {key: is_home(dict(key)) for key in dict.fromkeys(tuple(t.items()) for t in tags)}
    verdicts = [known[tuple(t.items())] for t in tags]
    shapes = table.geometry.to_numpy()
    large = shapely.area(shapes) >= SMALLEST_M2
    stays = large & np.array([verdict is not False for verdict in verdicts], dtype=bool)
    ids = table["home_id"].to_numpy(dtype=object)
    rows = np.flatnonzero(stays).tolist()
    homes = [Area(str(ids[row]), tags[row], shapes[row]) for row in rows]
    params = {
        "file": file,
        "homes": len(homes),
        "unknown": sum(verdicts[row] is None for row in rows),
        "storeys": sum(levels(tags[row]) is not None for row in rows),
        "others": sum(verdict is False for verdict in verdicts),
        "small": int((~large).sum()),
    }
    notes = [
        Finding("population.homes_of_file", params),
        *storeys_not_read([tags[r] for r in rows], file),
    ]
    notes += _words_told(table, verdicts, file)
    if not homes:
        return no_places(table.crs), notes
    homes, _, doubled = homes_once(homes, file)
    points = shapely.point_on_surface(np.array([home.shape for home in homes], object))
    places = {
        "demand_id": [home.id for home in homes],
        "weight": _weights(homes),
        "source": [f"{file}:{home.id}" for home in homes],
    }
    return gpd.GeoDataFrame(places, geometry=points, crs=table.crs), [*notes, *doubled]


def _words_told(
    table: gpd.GeoDataFrame, verdicts: Sequence[bool | None], file: str
) -> Iterator[Finding]:
    """Tell by which words of use buildings were taken for homes, and left out."""
    counts: dict[bool, Counter[str]] = {True: Counter(), False: Counter()}
    for word, verdict in zip(_uses(table), verdicts, strict=True):
        if word and verdict is not None:
            counts[verdict][word] += 1
    if any(counts.values()):
        told = {
            name: ", ".join(f"{word} ({n})" for word, n in counts[verdict].most_common(_CELLS))
            for name, verdict in (("homes", True), ("others", False))
        }
        params = {"file": file, **{name: words or "–" for name, words in told.items()}}
        yield Finding("population.homes_words", params)


def _weights(homes: list[Area]) -> F64:
    """Return the floor area of homes, m²: as told, else by outline and storeys."""
    told = np.array([float(home.tags.get(_AREA, "nan")) for home in homes])
    return np.where(told > 0, told, floor_areas(homes))


def _tags(table: gpd.GeoDataFrame) -> list[Tags]:
    """Return what each building tells as OpenStreetMap would tag it."""
    columns: dict[str, list[str]] = {}
    for name, key in (("use", "building"), ("levels", "building:levels"), ("height", "height")):
        if name in table:
            cells = table[name].astype(object).where(table[name].notna(), "")
            text = {cell: cell_text(cell) for cell in pd.unique(cells)}
            columns[key] = [text[cell] for cell in cells]
    if _AREA in table:
        areas = table[_AREA].to_numpy(dtype=np.float64)
        columns[_AREA] = [f"{area!r}" if area > 0 else "" for area in areas.tolist()]
    columns.pop("building", None)
    use = _uses(table)
    words = {word: _use(word) for word in dict.fromkeys(use)}
    rest = list(zip(*columns.values(), strict=True)) if columns else [()] * len(table)
    return [
        {"building": words[word]}
        | {key: text for key, text in zip(columns, cells, strict=True) if text}
        for word, cells in zip(use, rest, strict=True)
    ]


def _uses(table: gpd.GeoDataFrame) -> list[str]:
    """Return what each building is used for in its file's own words, empty where none is told."""
    use = [""] * len(table)
    for name in ("use", "subtype"):
        if name in table:
            cells = table[name].astype(object).where(table[name].notna(), "")
            use = [word or cell_text(cell) for word, cell in zip(use, cells, strict=True)]
    return use


def _use(word: str) -> str:
    """Return the value of ``building`` that a word for a building's use means.

    Examples
    --------
    >>> _use("住宅"), _use("Apartments"), _use("办公"), _use(""), _use("商住楼")
    ('residential', 'apartments', '办公', 'yes', 'residential')
    >>> _use("住宅(在建)"), _use("住宅配套"), _use("R2"), _use("roof")
    ('住宅(在建)', '住宅配套', 'residential', 'roof')
    >>> _use("R&D"), _use("R22"), _use("R2/B1")
    ('r&d', 'r22', 'residential')
    """
    plain = word.casefold().strip()
    if plain in _DRAWN:
        return "yes"
    if any(part in plain for part in (*_OTHER_USES, *_NOT_LIVED_IN)):
        return plain
    codes = [part.strip() for part in _MIXED.split(plain)]
    if any(map(_HOME_LAND.match, codes)):
        return "residential"
    if any(map(_OTHER_LAND.match, codes)):
        return plain
    return "residential" if any(part in plain for part in _HOMES) else plain
