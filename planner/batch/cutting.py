"""Districts cut out of one extract by the areas of a layer: a workspace each, with its buffer."""

from __future__ import annotations

import hashlib
import json
import math
import re
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import shapely

from planner import __version__
from planner.batch.failures import Failure
from planner.batch.jobs import Place, digest_of
from planner.district.layers import BUFFER_M
from planner.documents import parse_kept
from planner.errors import Finding, InputError, WorkError
from planner.progress import Progress, untold
from planner.sources import Allowance, Reading, read_boundaries, write_district
from planner.sources.kept_files import locked, put_whole, read_kept
from planner.sources.osm.district import from_osm
from planner.sources.osm.stored_extract import windows_of
from planner.sources.projection import metric_crs
from planner.sources.write_errors import write_error

FORMAT, VERSION = "planner-cut", 1
CUT = "cut.json"
"""What the workspaces of a folder were cut from, beside them."""

LEAST_OVERLAP = 0.001
"""Share of the smaller of two areas from which on they overlap; less is how they were drawn."""

_NAME = re.compile(r"[\w-]+\.gpkg")
_EQUAL_AREA = "EPSG:6933"
_MOST_BYTES = 50_000_000


@dataclass(frozen=True)
class Cut:
    """The districts of an extract.

    Parameters
    ----------
    places
        Their workspaces.
    failures
        Areas of the layer that are no district, and why.
    notes
        What a reader must know of the layer: areas that overlap, or lie in several zones.
    resumed
        Workspaces that had been cut before and were not cut again.
    """

    places: tuple[Place, ...]
    failures: tuple[Failure, ...]
    notes: tuple[Finding, ...]
    resumed: int = 0


@dataclass(frozen=True)
class _Area:
    """A polygon of the layer, and the workspace that is made of it."""

    place: Place
    reading: Reading
    key: str

    @property
    def shape(self) -> Any:
        return self.reading.table.geometry.iloc[0]


def cut(
    extract: str | Path,
    boundaries: str | Path,
    into: str | Path,
    *,
    buffer_m: float = BUFFER_M,
    province: str = "",
    kinds: str | Path | None = None,
    complete: Sequence[str] = (),
    progress: Progress | None = None,
) -> Cut:
    """Cut an extract into districts: the workspace of each area of a layer, as an import makes it.

    The extract is read once, and a large one is put away on the disk so that no more of it is in
    memory than one district needs. A workspace is that of :func:`planner.sources.from_osm` with the
    area as boundary; one that was cut before from the same bytes, area, buffer and version is kept.

    Parameters
    ----------
    extract
        An OpenStreetMap file.
    boundaries
        A layer of areas, each a district by its id (``community_id`` or what the layer calls it).
    into
        Folder of the workspaces; made where it is not there.
    buffer_m
        Metres beyond each area from which streets and facilities are taken.
    province
        What the districts belong to.
    kinds, complete
        As of :func:`planner.sources.from_osm`, for every district.
    progress
        Called with a message code and the fraction of districts cut.

    Raises
    ------
    MissingFileError, InputError
        As of the readers of the extract and of the layer; an area that cannot be cut is among
        :attr:`Cut.failures`.
    WorkError
        ``sources.kept_busy`` where another run cuts into the folder, or where it cannot be written.
    """
    if not math.isfinite(buffer_m) or buffer_m < 0:
        raise InputError("osm.bad_buffer", value=buffer_m)
    source, folder = Path(extract), Path(into).absolute()
    reading = read_boundaries(boundaries, to_crs=4326, allowance=Allowance(percent=100.0))
    said = {
        "version": __version__,
        "extract": digest_of(source).hex(),
        "buffer_m": buffer_m,
        "kinds": digest_of(Path(kinds)).hex() if kinds and Path(kinds).is_file() else str(kinds),
        "complete": sorted(complete),
        "layer": [asdict(reading.source) | {"read_on": ""}],
    }
    areas, failures = _areas(reading, folder, province, said)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise write_error(folder, error) from error
    report = progress or untold
    with locked(folder / CUT):
        before = _kept(folder)
        done = {key: file for key, file in before.items() if (folder / file).is_file()}
        missing = [each for each in areas if done.get(each.key) != each.place.workspace.name]
        # what is not of these areas any more would be taken for one of their districts
        wanted = {each.place.workspace.name for each in areas}
        for name in set(before.values()) - wanted:
            (folder / name).unlink(missing_ok=True)
        # what no run has cut is somebody's, and stays as it is
        foreign = [
            each
            for each in missing
            if each.place.workspace.exists() and each.place.workspace.name not in before.values()
        ]
        for each in foreign:
            told = {"file": str(each.place.workspace)}
            failures.append(Failure(each.place, Finding("batch.workspace_there", told)))
        kept = {each.key: each.place.workspace.name for each in areas if each not in missing}
        missing = [each for each in missing if each not in foreign]
        report("batch.cutting", 0.0)
        # read once for all of them, and not at all where nothing is to be cut
        with windows_of(source) if missing else nullcontext() as windows:
            for number, area in enumerate(missing, start=1):
                _keep(folder, kept)
                area.place.workspace.unlink(missing_ok=True)
                try:
                    district = from_osm(
                        windows, area.reading, buffer_m=buffer_m, kinds=kinds, complete=complete
                    )
                    write_district(district, area.place.workspace)
                except InputError as error:
                    failures.append(Failure(area.place, error.finding))
                except WorkError:
                    raise
                except Exception as error:  # noqa: BLE001 - told among the failures; the rest goes on
                    told = {"type": type(error).__name__, "reason": str(error)}
                    failures.append(Failure(area.place, Finding("batch.unforeseen", told)))
                else:
                    kept[area.key] = area.place.workspace.name
                report("batch.cutting", number / len(missing))
        _keep(folder, kept)
    gone = {failure.place for failure in failures}
    places = tuple(each.place for each in areas if each.place not in gone)
    resumed = len(areas) - len(missing) - len(foreign)
    return Cut(places, tuple(failures), tuple(_notes(areas)), resumed)


def _areas(
    reading: Reading, folder: Path, province: str, said: dict[str, Any]
) -> tuple[list[_Area], list[Failure]]:
    """Return the areas of a layer that can be a district, and those that cannot."""
    failures, twice = [], set()
    for row in reading.set_aside:
        if row.reason.code == "sources.duplicate_id":
            twice.add(row.value)
            continue
        place = Place(folder / f"{row.row}.gpkg", str(row.row), province)
        failures.append(Failure(place, row.reason))
    table, areas = reading.table, []
    stems: set[str] = set()
    for i, (identifier, name) in enumerate(zip(table["community_id"], table["name"], strict=True)):
        place = Place(folder / f"{_stem(str(identifier), stems)}.gpkg", str(identifier), province)
        if str(identifier) in twice:
            params = {"district": str(identifier), "file": reading.source.source}
            failures.append(Failure(place, Finding("batch.same_id_in_layer", params)))
            continue
        own = replace(reading, table=table.iloc[[i]].reset_index(drop=True), findings=())
        outline = shapely.to_wkb(own.table.geometry.iloc[0], hex=True)
        told = [str(identifier), str(name), outline]
        text = json.dumps([told, said], sort_keys=True, ensure_ascii=False)
        areas.append(_Area(place, own, hashlib.sha256(text.encode("utf-8")).hexdigest()))
    return areas, failures


def _stem(identifier: str, taken: set[str]) -> str:
    """Return the name of a workspace by the id of its district, no two the same."""
    plain = re.sub(r"[^\w-]+", "-", identifier).strip("-") or "district"
    stem, number = plain, 1
    # file systems that know no capitals would take two for one
    while stem.casefold() in taken:
        number += 1
        stem = f"{plain}-{number}"
    taken.add(stem.casefold())
    return stem


def _notes(areas: Sequence[_Area]) -> Iterator[Finding]:
    """Yield which areas overlap, so that people count in both, and which lie in several zones."""
    if not areas:
        return
    shapes = gpd.GeoSeries([each.shape for each in areas], crs=4326)
    flat = shapes.to_crs(_EQUAL_AREA).to_numpy()
    pairs = shapely.STRtree(flat).query(flat, predicate="intersects").T
    for first, second in sorted((int(a), int(b)) for a, b in pairs if a < b):
        shared = shapely.intersection(flat[first], flat[second]).area
        smaller = min(flat[first].area, flat[second].area)
        if shared > LEAST_OVERLAP * smaller:
            yield Finding(
                "batch.areas_overlap",
                {
                    "first": areas[first].place.called,
                    "second": areas[second].place.called,
                    "hectares": round(shared / 10_000, 1),
                    "percent": round(100 * shared / smaller, 1),
                },
            )
    for area, shape in zip(areas, shapes, strict=True):
        if note := _zones(area, shape):
            yield note


def _zones(area: _Area, shape: Any) -> Finding | None:
    """Return that an area reaches from the zone in which it is measured into others."""
    west, _, east, _ = shape.bounds
    middle = shapely.centroid(shape)
    own = metric_crs(middle.x, middle.y).to_string()
    ends = [metric_crs(float(lon), middle.y).to_string() for lon in (west, east)]
    others = [each for each in dict.fromkeys(ends) if each != own]
    if not others:
        return None
    params = {"district": area.place.called, "crs": own, "others": ", ".join(others)}
    return Finding("batch.several_zones", params)


def _kept(folder: Path) -> dict[str, str]:
    """Return the workspaces of a folder by the key of what they were cut from.

    Names that lead out of the folder are none that a run has written: files are removed by them.
    """
    file = folder / CUT
    if not file.is_file():
        return {}
    refusals = ("batch.no_cut", "batch.newer_results")
    text = read_kept(file, _MOST_BYTES).text
    found: dict[str, str] = parse_kept(text, FORMAT, VERSION, refusals, str(file))["workspaces"]
    return {key: name for key, name in found.items() if _NAME.fullmatch(str(name))}


def _keep(folder: Path, workspaces: dict[str, str]) -> None:
    told = {"format": FORMAT, "version": VERSION, "workspaces": workspaces}
    put_whole(folder / CUT, json.dumps(told, ensure_ascii=False, indent=1).encode("utf-8"))
