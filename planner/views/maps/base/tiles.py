"""Online map tiles, asked for only where a configuration names them.

Our layers are in WGS 84. Services in the shifted Chinese systems GCJ-02 and BD-09 would lie 100 to
700 metres beside them, so they are refused. The layers ``vec_w`` and ``cva_w`` of 天地图 (Tianditu)
are in CGCS2000, which is WGS 84 to within a metre.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote, urlsplit

from planner.errors import InputError
from planner.sources.licences import OSM_CREDIT
from planner.views.escaping import safe
from planner.views.words.credits import credit_html

SERVICES = ("none", "osm", "tianditu", "custom")
SETTINGS = ("service", "key", "url", "attribution", "max_zoom")
"""What a ``[tiles]`` table may hold."""

SHIFTED: dict[str, tuple[str, ...]] = {
    "GCJ-02": (
        "autonavi.com", "amap.com", "gaode.com", "qq.com", "gtimg.com", "gtimg.cn", "google.cn",
        "ditu.google.com", "gstatic.cn", "ditu.live.com", "geoq.cn", "arcgisonline.cn",
    ),
    "BD-09": ("baidu.com", "bdimg.com", "bdstatic.com", "bcebos.com"),
}  # fmt: skip
"""Domains of tile services by the shifted coordinate system they are in."""

_OSM = "https://tile.openstreetmap.org/{z}/{x}/{y}.png"
_TIANDITU = (
    "https://t{{s}}.tianditu.gov.cn/{layer}_w/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0"
    "&LAYER={layer}&STYLE=default&TILEMATRIXSET=w&FORMAT=tiles&TILEMATRIX={{z}}&TILEROW={{y}}"
    "&TILECOL={{x}}&tk={key}"
)
_TIANDITU_CREDIT = "© 天地图 · 国家地理信息公共服务平台"
_KEY = re.compile(r"[0-9A-Za-z_-]{8,128}")
_FIELD = re.compile(r"\{([^{}]*)\}")
_FIELDS = {"z", "x", "y", "s", "r"}
_CHINA_OF_GOOGLE = re.compile(r"[?&]gl=cn\b")


@dataclass(frozen=True)
class Tiles:
    """A tile service in web Mercator on WGS 84.

    Parameters
    ----------
    service
        One of :data:`SERVICES` but ``"none"``.
    urls
        Templates with ``{z}``, ``{x}``, ``{y}``, the lowest layer first. They may hold the user's
        key and are left out of ``repr``.
    attribution
        Credit shown with the map, plain text.
    max_zoom
        Largest zoom that the service has.
    """

    service: str
    urls: tuple[str, ...] = field(repr=False)
    attribution: str
    max_zoom: int = 18

    def for_map(self, name: str) -> dict[str, Any]:
        """Return what the map's script needs; `name` is that of the layer, plain text."""
        return {
            "urls": list(self.urls),
            "credit": credit_html(self.attribution),
            "max_zoom": self.max_zoom,
            "subdomains": "01234567" if self.service == "tianditu" else "abc",
            "name": safe(name),
        }


def tiles_of(
    mapping: Mapping[str, Any] | None = None, environment: Mapping[str, str] | None = None
) -> Tiles | None:
    """Return the tile service of a configuration, None where none is asked for.

    Parameters
    ----------
    mapping
        A ``[tiles]`` table: ``service`` (one of :data:`SERVICES`), ``key`` for Tianditu or the
        ``{key}`` of a custom ``url``, and for a custom service ``url``, ``attribution`` and
        ``max_zoom``.
    environment
        Stands in for what the table does not say: ``PLANNER_TILES`` (a service, or a custom URL),
        ``PLANNER_TILES_KEY`` and ``PLANNER_TILES_ATTRIBUTION``. ``os.environ`` by default.

    Raises
    ------
    InputError
        For an unknown setting or service, a missing key or credit, a URL that is no tile template,
        and a service in a shifted coordinate system. No message holds the key.

    Examples
    --------
    >>> tiles_of({"service": "osm"}, {}).attribution
    '© OpenStreetMap contributors'
    >>> tiles_of({}, {}) is None
    True
    """
    given = {**_from_environment(os.environ if environment is None else environment)}
    given |= {name: value for name, value in (mapping or {}).items() if value not in (None, "")}
    for name in given:
        if name not in SETTINGS:
            raise InputError("tiles.unknown_setting", name=name, known=", ".join(SETTINGS))
    service = str(given.get("service", "custom" if "url" in given else "none"))
    if service not in SERVICES:
        raise InputError("tiles.unknown_service", name=service, known=", ".join(SERVICES))
    if service == "none":
        return None
    if service == "osm":
        return Tiles("osm", (_OSM,), OSM_CREDIT, 19)
    key = str(given.get("key", ""))
    if key and not _KEY.fullmatch(key):
        raise InputError("tiles.bad_key")
    if service == "tianditu":
        if not key:
            raise InputError("tiles.no_key")
        urls = tuple(_TIANDITU.format(layer=layer, key=key) for layer in ("vec", "cva"))
        return Tiles("tianditu", urls, _TIANDITU_CREDIT, 18)
    return _custom(given, key)


def refuse_shifted(url: str) -> None:
    """Refuse a tile service in a shifted coordinate system.

    Raises
    ------
    InputError
        Names the host and the system; never the rest of the address, which may hold a key.
    """
    plain = unquote(url).casefold()
    for system, domains in SHIFTED.items():
        for domain in domains:
            if re.search(rf"(?<![a-z0-9-]){re.escape(domain)}(?![a-z0-9-]|\.[a-z])", plain):
                raise InputError("tiles.shifted", host=domain, system=system)
    if "google." in plain and _CHINA_OF_GOOGLE.search(plain):
        raise InputError("tiles.shifted", host="google (gl=cn)", system="GCJ-02")


def _from_environment(environment: Mapping[str, str]) -> dict[str, Any]:
    asked = environment.get("PLANNER_TILES", "").strip()
    found: dict[str, Any] = {"url": asked} if "://" in asked else {"service": asked.casefold()}
    found["key"] = environment.get("PLANNER_TILES_KEY", "").strip()
    found["attribution"] = environment.get("PLANNER_TILES_ATTRIBUTION", "").strip()
    return {name: value for name, value in found.items() if value}


def _custom(given: Mapping[str, Any], key: str) -> Tiles:
    url, credit = str(given.get("url", "")), str(given.get("attribution", ""))
    refuse_shifted(url)
    fields = set(_FIELD.findall(url))
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or not {"z", "x", "y"} <= fields:
        raise InputError("tiles.bad_url")
    if unknown := sorted(fields - _FIELDS - {"key"}):
        raise InputError("tiles.unknown_field", field=unknown[0])
    if "key" in fields and not key:
        raise InputError("tiles.no_key")
    if not credit:
        raise InputError("tiles.no_attribution")
    max_zoom = given.get("max_zoom", 18)
    if isinstance(max_zoom, bool) or not isinstance(max_zoom, int) or not 1 <= max_zoom <= 24:
        raise InputError("tiles.bad_zoom", value=str(max_zoom))
    return Tiles("custom", (url.replace("{key}", key),), credit, max_zoom)
