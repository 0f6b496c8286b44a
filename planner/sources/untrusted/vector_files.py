"""What a vector file holds, seen before GDAL opens it.

Everything here reads bytes only: no name in the content is followed.
"""

from __future__ import annotations

import json
import mmap
import re
from collections.abc import Callable, Mapping
from pathlib import Path

from pyproj import CRS
from pyproj.exceptions import CRSError

from planner.errors import InputError
from planner.sources.untrusted.geopackages import check_schema
from planner.sources.untrusted.shapefiles import check_parts

_START = 1 << 16
"""Bytes in which a text file must show what it is; GDAL looks at fewer."""

_SHAPES = ("Point", "LineString", "Polygon")
_GEOJSON = frozenset(
    ["FeatureCollection", "Feature", "GeometryCollection"]
    + [f"{multi}{shape}" for multi in ("", "Multi") for shape in _SHAPES]
)
_OTHER_JSON = {
    b"gdal_streamed_alg": "GDAL pipeline",
    b"Topology": "TopoJSON",
    b"esriGeometry": "Esri JSON",
    b"esriFieldType": "Esri JSON",
}
_REFERRING = re.compile(
    rb"gdal_streamed_alg|<(OGR|GDAL|VRT|WMS|WMTS|WCS|WFS|CSW|SOS)\w*|<(wfs|csw|ows|wms|gml):",
    re.IGNORECASE,
)
"""Marks by which GDAL's drivers know files that have other files or servers read."""

_TOKEN = re.compile(rb'"(?:[^"\\]|\\.)*+"|[{}\[\]:,]|[^\s{}\[\]:,"]+', re.DOTALL)
_LETTER = re.compile(rb"\\u00([4-7][0-9a-fA-F])")
_CRS = re.compile(rb"""["']crs["']\s*(?=[:/])""")
_KML = re.compile(
    rb"\s*+(?:<\?xml[^>]*\?>\s*+)?(?:<!--(?:(?!-->).)*+-->\s*+)*+<(?:\w+:)?kml[\s>]", re.DOTALL
)
"""Nothing here is tried in two ways: as many ways as comments would be tried for ever."""

_CRS_BYTES = 1 << 14


def check_content(path: Path, driver: str) -> None:
    """Refuse a file that is not what its driver reads, or that refers to anything outside it.

    Parameters
    ----------
    path
        The file.
    driver
        Name of the GDAL driver that is to read it.

    Raises
    ------
    InputError
        Says what the file is instead, or what it refers to.
    """
    try:
        _CHECKS[driver](path)
    except OSError as error:
        raise InputError("sources.cannot_read", file=str(path), reason=str(error)) from error


def _start(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(_START)


def _other(path: Path, expected: str, found: str = "?") -> InputError:
    return InputError("sources.other_content", file=path.name, expected=expected, found=found)


def _check_geopackage(path: Path) -> None:
    if not _start(path).startswith(b"SQLite format 3\x00"):
        raise _other(path, "GeoPackage")
    check_schema(path)


def _check_shapefile(path: Path) -> None:
    if not _start(path).startswith(b"\x00\x00\x27\x0a"):
        raise _other(path, "Shapefile")
    check_parts(path)


def _check_flatgeobuf(path: Path) -> None:
    if not re.match(rb"fgb[\x00-\x03]fgb", _start(path)):
        raise _other(path, "FlatGeobuf")


def _check_kml(path: Path) -> None:
    start = _start(path).removeprefix(b"\xef\xbb\xbf")
    root = _KML.match(start)
    if root is None or b"<!DOCTYPE" in start:
        raise _other(path, "KML")
    _check_references(path, start, "KML")


def _check_references(path: Path, start: bytes, expected: str) -> None:
    mark = _REFERRING.search(start)
    if mark is not None:
        raise _other(path, expected, mark.group().decode("ascii"))


def _check_geojson(path: Path) -> None:
    start = _start(path).removeprefix(b"\xef\xbb\xbf").lstrip()
    kind = json_kind(start)
    if kind not in _GEOJSON:
        found = next((name for mark, name in _OTHER_JSON.items() if mark in start), kind or "?")
        raise _other(path, "GeoJSON", found)
    _check_references(path, start, "GeoJSON")
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as text:
        _check_crs(path, text)


def json_kind(start: bytes) -> str | None:
    r"""Return the ``type`` of the object that a JSON text begins with, None where it has none.

    An object whose ``features`` come first is a FeatureCollection. Two objects after one another
    are no JSON.

    Examples
    --------
    >>> json_kind(b'{"bbox": [{"type": "x"}], "type": "Topology", "arcs": []}')
    'Topology'
    >>> json_kind(b'{"type": "Feature"}\n{"type": "Feature"}') is None
    True
    """
    depth, kind, expects_key, last, key = 0, None, True, b"", b""
    for token in (match.group() for match in _TOKEN.finditer(start)):
        if depth == 0 and (last or token != b"{"):
            return None
        if token in b"{[":
            depth += 1
        elif token in b"}]":
            depth -= 1
            last = token if depth == 0 else last
        elif depth == 1 and token in b":,":
            expects_key = token == b","
        elif depth == 1 and expects_key:
            key = token
            if kind is None and key == b'"features"':
                kind = "FeatureCollection"
        elif depth == 1 and key == b'"type"':
            kind = token.decode("utf-8", "replace").strip('"')
    return kind


def _check_crs(path: Path, text: mmap.mmap) -> None:
    """Refuse a coordinate system that is a link; GDAL would ask a server, or take degrees."""
    plain: mmap.mmap | bytes = text
    if _LETTER.search(text):  # letters in disguise: readers of JSON see through it, so must we
        plain = _LETTER.sub(lambda escape: bytes([int(escape.group(1), 16)]), text[:])
    for found in _CRS.finditer(plain):
        value = plain[found.end() : found.end() + _CRS_BYTES].decode("utf-8", "replace")
        if not value.startswith(":"):
            raise InputError("sources.crs_elsewhere", file=path.name)
        _check_crs_value(path, value[1:].lstrip())


def _check_crs_value(path: Path, text: str) -> None:
    if not text.startswith("{"):
        return
    try:
        crs = json.JSONDecoder().raw_decode(text)[0]
        kind, names = crs["type"], crs["properties"]
        name = names["name"] if kind == "name" else f"EPSG:{int(names['code'])}"
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise InputError("sources.crs_elsewhere", file=path.name) from error
    try:
        CRS.from_user_input(str(name))
    except CRSError as error:
        raise InputError("sources.unknown_crs", crs=str(name)[:80]) from error


_CHECKS: Mapping[str, Callable[[Path], None]] = {
    "GeoJSON": _check_geojson,
    "GPKG": _check_geopackage,
    "ESRI Shapefile": _check_shapefile,
    "FlatGeobuf": _check_flatgeobuf,
    "LIBKML": _check_kml,
}
