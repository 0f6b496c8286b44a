"""Fetch a place from OpenStreetMap's services through OSMnx, raw, so that our own rules apply."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock
from typing import Any
from urllib.parse import urlparse

import geopandas as gpd
import numpy as np
import osmnx
import requests
import shapely

from planner.district import Kinds
from planner.errors import InputError, WorkError
from planner.sources.osm.objects import OsmData, Relation, Tags
from planner.sources.osm.place import areas_of
from planner.sources.projection import metric_crs

_BUSY = (429, 502, 503, 504)
_STATUS_TIMEOUT_S = 20
_ONE_AT_A_TIME = Lock()
_WANTED: dict[str, bool | str | list[str]] = {
    "highway": True,
    "building": True,
    "barrier": True,
    "kerb": True,
    "landuse": True,
    "natural": ["water", "coastline", "wood", "scrub", "grassland", "heath"],
    "waterway": ["river", "canal", "riverbank", "dock"],
    "railway": ["rail", "light_rail", "narrow_gauge", "subway", "platform"],
    "public_transport": ["platform"],
    "man_made": ["pier"],
    "entrance": ["main"],
    "leisure": ["park", "garden", "golf_course", "nature_reserve", "pitch", "stadium", "marina"],
    "aeroway": ["aerodrome"],
    "tourism": ["zoo", "theme_park", "camp_site"],
    "amenity": ["school", "university", "college", "kindergarten", "place_of_worship", "prison"],
    "admin_level": ["5", "6", "7", "8", "9", "10", "11"],
}


def download(
    source: Any,
    boundary: Any,
    buffer_m: float,
    kinds: Kinds,
) -> tuple[OsmData, Any]:
    """Fetch everything that a district needs of a place.

    Where to ask, how long to wait and through which proxy is said in ``osmnx.settings``
    (``overpass_url``, ``nominatim_url``, ``requests_timeout``, ``requests_kwargs``). These settings
    are global; they are changed while this runs, one call at a time, and restored.

    Parameters
    ----------
    source
        Name of a place, or a polygon, GeoSeries or GeoDataFrame as for a boundary.
    boundary
        The district's area if it is another than the place.
    buffer_m
        Metres beyond the place to fetch.
    kinds
        Facility kinds to fetch.

    Returns
    -------
    The objects in degrees, and the boundary to use.

    Raises
    ------
    InputError
        Where there is no such place.
    WorkError
        Where a service is away, busy or sends nonsense.
    """
    with TemporaryDirectory() as folder, _settings(Path(folder)):
        place = _geocode(source) if isinstance(source, str) else areas_of(source)
        _ask(lambda: _fetch(_around(place, buffer_m), kinds), osmnx.settings.overpass_url)
        answers = [_load(file) for file in sorted(Path(folder).glob("*.json"))]
        host = _host(osmnx.settings.overpass_url)
    data = parse_overpass([a for a in answers if isinstance(a, dict)], f"OpenStreetMap, {host}")
    return data, place if boundary is None else boundary


def _load(file: Path) -> Any:
    return json.loads(file.read_text(encoding="utf-8"))


def _host(url: str) -> str:
    return urlparse(url).netloc


@contextmanager
def _settings(folder: Path) -> Iterator[None]:
    """Let OSMnx only download, into a folder, checking every answer; then restore its settings."""
    settings = osmnx.settings
    with _ONE_AT_A_TIME:
        kwargs = dict(settings.requests_kwargs)
        changes = {
            "use_cache": True,
            "cache_folder": str(folder),
            "cache_only_mode": True,
            "doh_url_template": None,
            "requests_kwargs": {**kwargs, "hooks": {"response": _check}},
        }
        before = {name: getattr(settings, name) for name in (*changes, "overpass_rate_limit")}
        resolve = socket.getaddrinfo
        try:
            for name, value in changes.items():
                setattr(settings, name, value)
            yield
        finally:
            for name, value in before.items():
                setattr(settings, name, value)
            socket.getaddrinfo = resolve


def _check(response: requests.Response, *_args: object, **_kwargs: object) -> None:
    """Raise where an answer is none, before OSMnx waits and asks again without end."""
    server = _host(response.url)
    _ = response.content  # read to its end, or the connection stays open when we raise
    if response.is_redirect:
        return
    if response.status_code in _BUSY:
        raise WorkError("osm.server_busy", server=server, status=response.status_code)
    if urlparse(response.url).path.endswith("/status"):
        return
    if not response.ok:
        reason = f"status {response.status_code}"
        raise WorkError("osm.server_nonsense", server=server, reason=reason)
    try:
        answer = response.json()
    except ValueError as error:
        reason = " ".join(response.text[:80].split())
        raise WorkError("osm.server_nonsense", server=server, reason=reason) from error
    if isinstance(answer, dict) and "error" in str(answer.get("remark", "")):
        raise WorkError("osm.server_nonsense", server=server, reason=str(answer["remark"])[:200])


def _ask(question: Any, url: str) -> Any:
    try:
        return question()
    except requests.exceptions.RequestException as error:
        reason = type(error).__name__
        raise WorkError("osm.server_away", server=_host(url), reason=reason) from error


def _geocode(name: str) -> gpd.GeoDataFrame:
    url = osmnx.settings.nominatim_url
    try:
        found = _ask(lambda: osmnx.geocode_to_gdf(name), url)
    except WorkError:
        raise
    except (ValueError, TypeError) as error:
        raise InputError("osm.no_place", name=name) from error
    row = found.iloc[0]
    return gpd.GeoDataFrame(
        {
            "community_id": [f"{row['osm_type']}/{row['osm_id']}"],
            "name": [row.get("name") or str(row["display_name"]).split(",")[0]],
        },
        geometry=[row.geometry],
        crs=4326,
    )


def _around(place: gpd.GeoDataFrame, buffer_m: float) -> Any:
    """Return a plain polygon in degrees that holds a place and its buffer."""
    middle = shapely.box(*place.total_bounds).centroid
    crs = metric_crs(middle.x, middle.y)
    slack = 10 + 0.05 * buffer_m
    shape = place.to_crs(crs).union_all().buffer(buffer_m + slack).simplify(slack)
    return gpd.GeoSeries([shape], crs=crs).to_crs(4326).iloc[0]


def _fetch(polygon: Any, kinds: Kinds) -> None:
    """Download through OSMnx, which writes each answer to its cache folder and then stops."""
    _skip_pause_of_unknown_server()
    try:
        osmnx.features_from_polygon(polygon, _tags(kinds))
    except InterruptedError:
        return


def _skip_pause_of_unknown_server() -> None:
    """Ask for the server's status first: a server that is away is told at once.

    OSMnx waits a minute where the status is not that of an Overpass server; such servers know no
    slots, so there is nothing to wait for.
    """
    settings = osmnx.settings
    answer = requests.get(
        settings.overpass_url.rstrip("/") + "/status",
        timeout=_STATUS_TIMEOUT_S,
        **settings.requests_kwargs,
    )
    if "Rate limit" not in answer.text:
        settings.overpass_rate_limit = False


def _tags(kinds: Kinds) -> dict[str, bool | str | list[str]]:
    """Return what to ask for: all values of the keys of kinds, since a list of values is one."""
    keys = chain.from_iterable(tags for kind in kinds.values() for tags in kind.osm)
    return {**_WANTED, **dict.fromkeys(keys, True)}


def parse_overpass(answers: list[dict[str, Any]], source: str) -> OsmData:
    """Return the objects of answers in Overpass' JSON form.

    Parameters
    ----------
    answers
        Answers with ``elements``; an element in several counts once.
    source
        Name of the service.

    Examples
    --------
    >>> node = {"type": "node", "id": 1, "lat": 60.0, "lon": 25.0, "tags": {"shop": "yes"}}
    >>> parse_overpass([{"elements": [node, node]}], "test").node_xy.tolist()
    [[25.0, 60.0]]
    """
    nodes: dict[int, dict[str, Any]] = {}
    ways: dict[int, dict[str, Any]] = {}
    relations: dict[int, dict[str, Any]] = {}
    home = {"node": nodes, "way": ways, "relation": relations}
    for element in chain.from_iterable(answer.get("elements", []) for answer in answers):
        table = home.get(element["type"])
        if table is not None and (element["id"] not in table or "tags" in element):
            table[element["id"]] = element
    spot = {i: (node["lon"], node["lat"]) for i, node in nodes.items() if "lat" in node}
    tagged = [i for i in nodes if nodes[i].get("tags") and i in spot]
    refs = [way.get("nodes", []) for way in ways.values()]
    flat = list(chain.from_iterable(refs))
    gone = (np.nan, np.nan)
    stamps = [answer.get("osm3s", {}).get("timestamp_osm_base", "") for answer in answers]
    return OsmData(
        source=source,
        date=max(stamps, default="")[:10],
        node_id=np.array(tagged, np.int64),
        node_xy=np.array([spot[i] for i in tagged], np.float64).reshape(-1, 2),
        node_tags=[nodes[i]["tags"] for i in tagged],
        way_id=np.array(list(ways), np.int64),
        way_tags=[_tags_of(way) for way in ways.values()],
        way_start=np.cumsum([0, *map(len, refs)]).astype(np.int64),
        ref=np.array(flat, np.int64),
        xy=np.array([spot.get(i, gone) for i in flat], np.float64).reshape(-1, 2),
        relations=[
            Relation(i, _tags_of(relation), _members(relation)) for i, relation in relations.items()
        ],
    )


def _tags_of(element: dict[str, Any]) -> Tags:
    tags: Tags = element.get("tags", {})
    return tags


def _members(relation: dict[str, Any]) -> tuple[tuple[str, int, str], ...]:
    return tuple((m["type"][0], m["ref"], m.get("role", "")) for m in relation.get("members", []))
