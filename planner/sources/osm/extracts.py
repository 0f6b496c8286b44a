"""Read OpenStreetMap files: ``.osm.pbf``, ``.osm``, ``.osm.gz``, ``.osm.bz2``."""

from __future__ import annotations

import bz2
import datetime as dt
import gzip
import re
import zlib
from array import array
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import osmium

from planner.arrays import F64, I64
from planner.errors import InputError, MissingFileError, PlannerError
from planner.sources.osm.objects import OsmData, Relation, Tags, joined

SUFFIXES = (".pbf", ".osm", ".osm.gz", ".osm.bz2")
PART = 50_000
"""Objects that are read before they are put away: a few tens of megabytes."""

_WKB_HEAD = 9
"""Bytes of a line in WKB before its first point."""

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
    with reading_errors(path):
        parts = list(parts_of(path))
        data = joined(parts)
        if is_xml(path) or (data.ref < 0).any():
            _fill_in(path, data.ref, data.xy)
        return data


@contextmanager
def reading_errors(path: Path) -> Iterator[None]:
    """Raise what a reader of OpenStreetMap files says as an error that names the file."""
    try:
        yield
    except EOFError as error:
        raise InputError("osm.truncated", file=str(path), reason=str(error)) from error
    except (gzip.BadGzipFile, zlib.error) as error:
        raise InputError("osm.not_osm", file=str(path), reason=str(error)) from error
    except (RuntimeError, ValueError, osmium.InvalidLocationError) as error:
        if isinstance(error, PlannerError):
            raise
        reason = str(error)
        if "bad_alloc" in reason:
            raise MemoryError from error
        if not isinstance(error, RuntimeError):
            raise InputError("osm.broken_object", file=str(path), reason=reason) from error
        cut = any(word in reason.lower() for word in _CUT_SHORT)
        code = "osm.truncated" if cut else "osm.not_osm"
        raise InputError(code, file=str(path), reason=reason) from error


def parts_of(
    path: Path, *, index: str = "flex_mem", most: int = PART
) -> Generator[OsmData, None, None]:
    """Read tagged nodes, ways and relations part by part, in the order of the file.

    A point of a way that the file names after the way, or by a negative id, has no place.

    Parameters
    ----------
    path
        The file.
    index
        Where the places of nodes are kept until a way asks for them, in the words of libosmium.
    most
        Objects of a part.

    Yields
    ------
    At least one part; each tells the date of the newest way so far, where the file states none.
    """
    keep_tagged: Any = osmium.filter.EmptyTagFilter()
    keep_tagged.enable_for(osmium.osm.NODE)
    objects: Any = osmium.FileProcessor(_file(path)).with_locations(index).with_filter(keep_tagged)
    header = objects.header
    newest = dt.datetime.fromtimestamp(0, dt.UTC)
    deleted = deleted_objects(path)
    part = _Part()
    for item in objects:
        if not item.visible or (item.type_str(), item.id) in deleted:
            continue
        if item.is_node():
            part.add_node(item)
        elif item.is_way():
            part.add_way(item)
            newest = max(newest, item.timestamp)
        else:
            part.add_relation(item)
        if len(part) >= most:
            yield part.data(path.name, _date(header, newest), _box(header))
            part = _Part()
    yield part.data(path.name, _date(header, newest), _box(header))


class _Part:
    """Some objects of a file, as they are read."""

    def __init__(self) -> None:
        self.node_id, self.node_xy = array("q"), array("d")
        self.node_tags: list[Tags] = []
        self.way_id, self.way_start, self.ref, self.xy = (
            array("q"),
            array("q", [0]),
            array("q"),
            array("d"),
        )
        self.way_tags: list[Tags] = []
        self.relations: list[Relation] = []
        self._words: dict[str, str] = {}
        self._lines: Any = osmium.geom.WKBFactory()

    def __len__(self) -> int:
        return len(self.node_id) + len(self.way_id) + len(self.relations)

    def add_node(self, node: Any) -> None:
        self.node_id.append(node.id)
        self.node_xy.extend((node.lon, node.lat))
        self.node_tags.append(self._tags(node))

    def add_way(self, way: Any) -> None:
        self.way_id.append(way.id)
        self.way_tags.append(self._tags(way))
        points = way.nodes
        self.ref.extend([points[i].ref for i in range(len(points))])
        self.way_start.append(len(self.ref))
        try:
            # all places at once, in the compiled program
            line = self._lines.create_linestring(way, osmium.geom.use_nodes.ALL)
        except (RuntimeError, osmium.InvalidLocationError):
            # one of them is missing, or the way has less than two points
            for i in range(len(points)):
                spot = points[i].location
                self.xy.extend((spot.lon, spot.lat) if spot.valid() else (np.nan, np.nan))
        else:
            self.xy.frombytes(bytes.fromhex(line)[_WKB_HEAD:])

    def add_relation(self, relation: Any) -> None:
        members = relation.members
        told = tuple((m.type, m.ref, m.role) for m in islice(members, len(members)))
        self.relations.append(Relation(relation.id, self._tags(relation), told))

    def _tags(self, item: Any) -> Tags:
        """Return the tags of an object; words that many have are kept once.

        The end of a list is told by its length: an iterator that runs out takes ten times as long.
        """
        words, tags = self._words, item.tags
        return {
            words.setdefault(key, key): words.setdefault(value, value)
            for key, value in islice(tags, len(tags))
        }

    def data(
        self, source: str, date: str, box: tuple[float, float, float, float] | None
    ) -> OsmData:
        return OsmData(
            source=source,
            date=date,
            node_id=np.array(self.node_id, np.int64),
            node_xy=np.array(self.node_xy, np.float64).reshape(-1, 2),
            node_tags=self.node_tags,
            way_id=np.array(self.way_id, np.int64),
            way_tags=self.way_tags,
            way_start=np.array(self.way_start, np.int64),
            ref=np.array(self.ref, np.int64),
            xy=np.array(self.xy, np.float64).reshape(-1, 2),
            relations=self.relations,
            box=box,
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
