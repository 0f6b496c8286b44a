"""Read OpenStreetMap files: ``.osm.pbf``, ``.osm``, ``.osm.gz``, ``.osm.bz2``."""

from __future__ import annotations

import bz2
import datetime as dt
import gzip
import re
import zlib
from array import array
from pathlib import Path
from typing import Any

import numpy as np
import osmium

from planner.arrays import F64, I64
from planner.errors import InputError, MissingFileError
from planner.sources.osm.objects import OsmData, Relation, Tags

SUFFIXES = (".pbf", ".osm", ".osm.gz", ".osm.bz2")
_DELETED = re.compile(rb"<(node|way|relation)\b[^<>]*?\baction\s*=\s*[\"']delete[\"'][^<>]*+")
_ID = re.compile(rb"\bid\s*=\s*[\"'](-?\d+)[\"']")
_CUT_SHORT = ("unexpected eof", "truncated", "no element found", "read close failed", "unclosed")


def is_osm_file(path: str | Path) -> bool:
    """Return whether the name says that a file holds OpenStreetMap data.

    Examples
    --------
    >>> is_osm_file("jiangxi-latest.osm.pbf"), is_osm_file("streets.geojson")
    (True, False)
    """
    return str(path).lower().endswith(SUFFIXES)


def read_osm_file(path: str | Path) -> OsmData:
    """Read tagged nodes, ways and relations of a file.

    The objects may come in any order (Overpass writes ways before their nodes) and have negative
    ids (JOSM gives them to what is new). What an editor marked as deleted is left out.

    Parameters
    ----------
    path
        The file. Coordinates come as degrees, WGS 84.

    Raises
    ------
    MissingFileError
        Where there is no such file.
    InputError
        Where it is not an OpenStreetMap file, is cut short, or holds nothing.
    """
    path = Path(path)
    if not path.is_file():
        raise MissingFileError("osm.missing_file", file=str(path))
    if not is_osm_file(path):
        raise InputError("osm.wrong_ending", file=str(path))
    try:
        return _read(path)
    except EOFError as error:
        raise InputError("osm.truncated", file=str(path), reason=str(error)) from error
    except (gzip.BadGzipFile, zlib.error) as error:
        raise InputError("osm.not_osm", file=str(path), reason=str(error)) from error
    except (RuntimeError, ValueError, osmium.InvalidLocationError) as error:
        if isinstance(error, InputError):
            raise
        reason = str(error)
        if "bad_alloc" in reason:
            raise MemoryError from error
        if not isinstance(error, RuntimeError):
            raise InputError("osm.broken_object", file=str(path), reason=reason) from error
        cut = any(word in reason.lower() for word in _CUT_SHORT)
        code = "osm.truncated" if cut else "osm.not_osm"
        raise InputError(code, file=str(path), reason=reason) from error


def _read(path: Path) -> OsmData:
    keep_tagged: Any = osmium.filter.EmptyTagFilter()
    keep_tagged.enable_for(osmium.osm.NODE)
    objects: Any = osmium.FileProcessor(_file(path)).with_locations().with_filter(keep_tagged)
    node_id, node_xy = array("q"), array("d")
    node_tags: list[Tags] = []
    way_id, way_start, ref, xy = array("q"), array("q", [0]), array("q"), array("d")
    way_tags: list[Tags] = []
    relations: list[Relation] = []
    newest = dt.datetime.fromtimestamp(0, dt.UTC)
    deleted = deleted_objects(path)
    for item in objects:
        if not item.visible or (item.type_str(), item.id) in deleted:
            continue
        tags = dict(item.tags)
        if item.is_node():
            node_id.append(item.id)
            node_xy.extend((item.lon, item.lat))
            node_tags.append(tags)
        elif item.is_way():
            way_id.append(item.id)
            way_tags.append(tags)
            newest = max(newest, item.timestamp)
            for node in item.nodes:
                ref.append(node.ref)
                spot = node.location
                if spot.valid():
                    xy.append(spot.lon)
                    xy.append(spot.lat)
                else:
                    xy.extend((np.nan, np.nan))
            way_start.append(len(ref))
        else:
            members = tuple((m.type, m.ref, m.role) for m in item.members)
            relations.append(Relation(item.id, tags, members))
    header = objects.header
    refs = np.array(ref, np.int64)
    spots = np.array(xy, np.float64).reshape(-1, 2)
    if is_xml(path) or (refs < 0).any():
        _fill_in(path, refs, spots)
    return OsmData(
        source=path.name,
        date=_date(header, newest),
        node_id=np.array(node_id, np.int64),
        node_xy=np.array(node_xy, np.float64).reshape(-1, 2),
        node_tags=node_tags,
        way_id=np.array(way_id, np.int64),
        way_tags=way_tags,
        way_start=np.array(way_start, np.int64),
        ref=refs,
        xy=spots,
        relations=relations,
        box=_box(header),
    )


def is_xml(path: Path) -> bool:
    """Return whether a file's name says that it is OpenStreetMap XML, packed or not."""
    return not path.name.lower().endswith(".pbf")


def deleted_objects(path: Path, *, block_bytes: int = 1 << 20) -> set[tuple[str, int]]:
    """Return type (``"n"``, ``"w"``, ``"r"``) and id of what an editor marked as deleted.

    JOSM keeps such objects in its files, with ``action="delete"``, until they are uploaded; the
    attribute is no part of the format, so that the reader of the file passes it over. The file is
    read in blocks, and a mark is found where two of them meet.
    """
    if not is_xml(path):
        return set()
    found: set[tuple[str, int]] = set()
    rest = b""
    opened: Any = {".gz": gzip.open, ".bz2": bz2.open}.get(path.suffix.lower(), open)
    with opened(path, "rb") as file:
        try:
            while block := file.read(block_bytes):
                text = rest + block
                for start in _DELETED.finditer(text):
                    number = _ID.search(start.group())
                    if number:
                        found.add((start.group(1)[:1].decode(), int(number.group(1))))
                rest = text[max(text.rfind(b"<"), 0) :][:block_bytes]
        except EOFError as error:
            raise RuntimeError(f"truncated: {error}") from error
        except (OSError, zlib.error) as error:
            raise RuntimeError(str(error)) from error
    return found


def _fill_in(path: Path, ref: I64, xy: F64) -> None:
    """Find the places of nodes that the first pass did not have when a way named them."""
    missing = np.isnan(xy[:, 0])
    if not missing.any():
        return
    wanted, row = np.unique(ref[missing], return_inverse=True)
    places = np.full((len(wanted), 2), np.nan)
    position = {number: i for i, number in enumerate(wanted.tolist())}
    nodes: Any = osmium.FileProcessor(_file(path), osmium.osm.NODE)
    for node in nodes:
        at = position.get(node.id)
        if at is not None and node.location.valid():
            places[at] = node.lon, node.lat
    xy[missing] = places[row]


def _file(path: Path) -> Any:
    """Return a file for libosmium: an absolute path is no address, its format is named."""
    name = path.name.lower()
    ending = next(ending for ending in reversed(SUFFIXES) if name.endswith(ending))
    return osmium.io.File(str(path.absolute()), ending.lstrip("."))


def _box(header: Any) -> tuple[float, float, float, float] | None:
    box = header.box()
    if not box.valid():
        return None
    low, high = box.bottom_left, box.top_right
    return low.lon, low.lat, high.lon, high.lat


def _date(header: Any, newest: dt.datetime) -> str:
    """Return the date that the file states, else that of its newest way, else an empty text.

    The date that a disk keeps of the file is that of its last copying, not of the map.
    """
    for key in ("osmosis_replication_timestamp", "timestamp"):
        if header.get(key):
            return str(header.get(key))[:10]
    return newest.date().isoformat() if newest.year > 2000 else ""
