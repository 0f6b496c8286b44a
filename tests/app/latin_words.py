"""Latin words that a page in Chinese shows, and which of them have a reason."""

import json
import re
from collections.abc import Iterator

import pandas as pd

REASONS = {
    "forms of files": "CSV GeoJSON GeoPackage GeoParquet Excel HTML TOML Shapefile GeoTIFF PNG SVG "
    "PDF ZIP KML JSON Word docx gpkg prj pbf osm gz shp dbf shx cpg csv",
    "standards and their numbers": "GB TD",
    "coordinates": "EPSG CGCS GCJ BD WGS UTM X Y x y",
    "services, programs and licences": "OpenStreetMap Overture Maps QGIS ODbL WorldPop HiGHS CC",
    "authors of methods": "Dijkstra Moreno Smart Cities",
    "names of measures in the literature": "Theil Palma Moran LISA SFCA",
    "hours as they are typed": "Mo Tu We Th Fr Sa Su PH always",
    "the other language": "English",
    "units": "km MB",
    "cells that a browser shows by the words of their column": "official secondary assumption",
}
"""Why a Latin word may stand on a page in Chinese, and the words."""

_ALLOWED = frozenset(word for words in REASONS.values() for word in words.split())
_NO_WORDS = re.compile(
    r"(?s)<style.*?</style>|<script.*?</script>|<svg.*?</svg>|<[^<>]+>"  # what draws
    r"|&\w+;|:\w+(?:-\w+)?\[|:material/\w+:|\]\([^)\s]*\)"  # signs of HTML and Markdown
    r"|https?://\S+|#[0-9a-fA-F]{6}\b"
    r"|`[^`]*`"  # what is to be typed as it stands
    r"|[(（\[]\\?[a-z0-9_\\-]+[)）\]]"  # ids and columns of files in brackets, behind their words
    r"|\w+=\w+"  # tags of OpenStreetMap
    r"|[\w\\]+\.(?:toml|csv|gpkg|xlsx|json)\b"  # names of files
    r"|\\(?:mathrm|text|textstyle)\b|\\[a-zA-Z]+"  # of formulas
)
_WORD = re.compile(r"[A-Za-z_]*[A-Za-z]{2,}[A-Za-z_]*")
_UNSEEN = frozenset(
    (
        *("id", "form_id", "element_id", "page_script_hash", "key", "name", "value", "default"),
        *(
            "type",
            "format",
            "icon",
            "url",
            "url_path",
            "query_params",
            "style",
            "css_class",
            "color",
            "data",
        ),
    )
)
_ID = re.compile(r"[0-9a-f]{32,64}")


def latin_words(app, own: str = "") -> list[str]:
    """Return the Latin words of a page that no reason allows, each with what stands around it.

    Parameters
    ----------
    app
        The page, run.
    own
        All names of the district's own files, which stay as they are.
    """
    found = []
    for text in shown(app):
        if text in own:
            continue
        plain = _NO_WORDS.sub(" ", text)
        found += [
            f"{word.group()}: {plain[max(word.start() - 30, 0) : word.end() + 30]!r}"
            for word in _WORD.finditer(plain)
            if word.group() not in _ALLOWED and word.group() not in own
        ]
    return found


def shown(app) -> Iterator[str]:
    """Yield what a browser shows of a page: texts, labels, options, headings, cells, titles."""
    for node in app._tree:
        proto = getattr(node, "proto", None)
        if proto is None:
            continue
        if hasattr(proto, "column_order"):
            yield from _of_table(node.value, proto)
        elif (spec := getattr(proto, "spec", "")) and isinstance(spec, str):
            yield from _of_chart(json.loads(spec))
        elif node.type not in ("imgs", "iframe", "component_instance", "bidi_component"):
            yield from _of_fields(proto)


def _of_fields(proto) -> Iterator[str]:
    """Yield the texts of an element, and of what is in it; no ids, addresses or styles."""
    for field, value in proto.ListFields():
        if field.name in _UNSEEN:
            continue
        values = value if field.is_repeated else [value]
        if field.type == field.TYPE_STRING:
            yield from (each for each in values if not _ID.fullmatch(each))
        elif field.type == field.TYPE_MESSAGE:
            for each in values:
                yield from _of_fields(each)


def _of_table(table, proto) -> Iterator[str]:
    config = json.loads(proto.columns or "{}")
    asked = list(proto.column_order) or [str(name) for name in table.columns]
    for name in table.columns:
        how = config.get(str(name)) or {}
        if str(name) not in asked or how.get("hidden"):
            continue
        yield how.get("label") or str(name)
        yield how.get("help") or ""
        options = how.get("type_config", {}).get("options") or []
        yield from (each.get("label") or "" for each in options if isinstance(each, dict))
        typed = proto.editing_mode != proto.READ_ONLY  # what is typed stays as it is
        if not (typed or pd.api.types.is_numeric_dtype(table[name])):
            yield from (str(each) for each in table[name].dropna().unique())


def _of_chart(spec: object) -> Iterator[str]:
    """Yield titles, texts and words of scales of a chart."""
    if isinstance(spec, dict):
        for key, entry in spec.items():
            if key in ("title", "text") and isinstance(entry, str):
                yield entry
            elif key == "domain" and isinstance(entry, list):
                yield from (each for each in entry if isinstance(each, str))
            elif key not in ("datasets", "data"):
                yield from _of_chart(entry)
    elif isinstance(spec, list):
        for entry in spec:
            yield from _of_chart(entry)
