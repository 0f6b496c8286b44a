"""The district drawn from its own layers: water, green, buildings, rails, streets, boundaries."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from weakref import WeakKeyDictionary

import folium
import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from planner.district import District
from planner.views.escaping import safe
from planner.views.maps.base.assets import AssetUrls, OfflineMap, control_words, stable_ids
from planner.views.maps.base.degrees import in_degrees
from planner.views.maps.base.drawing import Drawing, base_areas, base_lines, panel
from planner.views.maps.base.tiles import refuse_shifted
from planner.views.words.credits import credit_html
from planner.views.words.labels import Labels

MOST_BUILDINGS = 12_000
"""Only so many buildings are drawn, the largest ones, to keep the page small."""

FEW_BUILDINGS = 6_000
BUILDINGS_FROM_ZOOM = 13.5
"""More buildings than that are drawn from this zoom on."""

STREET_CLASSES: dict[str, tuple[str, ...]] = {
    "major": ("motorway", "trunk", "primary"),
    "medium": ("secondary", "tertiary"),
    "path": ("footway", "path", "steps", "cycleway", "track", "bridleway", "corridor"),
}
"""Street classes by ``highway`` tag; every other tag, and none, is ``minor``."""

WATER, SHORE = "#b3d6e8", "#86b7d1"
"""Colours of water, and of its shore and of rivers that are lines and barriers."""

_CASING = "#c3b392"
_STREET_STYLES: tuple[tuple[str, str, tuple[float, float, float], dict[str, Any]], ...] = (
    ("path", "#b3a48b", (1.1, 0.5, 2.2), {"dashArray": "3 3"}),
    ("minor", "#c9bda8", (2.2, 0.7, 7.0), {}),
    ("medium", _CASING, (4.6, 1.6, 12.0), {}),
    ("major", "#b39a66", (6.4, 2.4, 16.0), {}),
    ("minor", "#ffffff", (1.2, 0.0, 5.6), {}),
    ("medium", "#ffffff", (3.2, 0.8, 10.4), {}),
    ("major", "#fff3d6", (4.8, 1.4, 14.0), {}),
)
_NORTH = (
    '<svg class="pl-north" viewBox="0 0 34 44" role="img" aria-label="{label}">'
    '<path d="M17 12 L26 40 L17 34 Z" fill="#fff" stroke="#334155" stroke-width="1.2" '
    'stroke-linejoin="round"/><path d="M17 12 L8 40 L17 34 Z" fill="#334155" stroke="#334155" '
    'stroke-width="1.2" stroke-linejoin="round"/><text x="17" y="9.5" text-anchor="middle" '
    'font-size="11" font-weight="700" fill="#334155">{letter}</text></svg>'
)

_drawn: WeakKeyDictionary[District, tuple[list[Any], list[Any]]] = WeakKeyDictionary()


def street_class(highway: str) -> str:
    """Return the class that a ``highway`` tag is drawn in.

    Examples
    --------
    >>> street_class("primary_link"), street_class("residential")
    ('major', 'minor')
    """
    tag = highway.removesuffix("_link")
    return next((name for name, tags in STREET_CLASSES.items() if tag in tags), "minor")


def district_bounds(district: District) -> list[list[float]]:
    """Return the south-west and north-east corners of the communities, degrees, latitude first."""
    shapes = in_degrees(district.communities.geometry.to_numpy(), district.crs)
    west, south, east, north = shapely.total_bounds(shapes).tolist()
    return [[round(south, 6), round(west, 6)], [round(north, 6), round(east, 6)]]


def bounds_around(
    district: District, x: float, y: float, reach_m: float = 900.0
) -> list[list[float]]:
    """Return the corners of a box around a place, as :func:`district_bounds` does.

    Parameters
    ----------
    district
        Gives the CRS.
    x, y
        The place, metres.
    reach_m
        From the place to the sides of the box.
    """
    box = in_degrees([shapely.Point(x, y).buffer(reach_m)], district.crs)
    west, south, east, north = shapely.total_bounds(box).tolist()
    return [[round(south, 6), round(west, 6)], [round(north, 6), round(east, 6)]]


def base_rows(district: District) -> tuple[list[Any], list[Any]]:
    """Return the rows of the library's ``base`` below the results and above them."""
    if district not in _drawn:
        below = _land_rows(district) + _street_rows(district.streets)
        _drawn[district] = (_shapes_once(below), _shapes_once(_frame_rows(district)))
    return _drawn[district]


def _shapes_once(rows: list[Any]) -> list[Any]:
    """Return rows of which each that draws the shapes of an earlier one names it by its number.

    Streets are drawn twice, a wide line below a narrow one: their places are sent once.

    Examples
    --------
    >>> _shapes_once([["line", [[1, 2, 3, 4]], {"color": "#aaa"}], ["line", [[1, 2, 3, 4]], {}]])
    [['line', [[1, 2, 3, 4]], {'color': '#aaa'}], ['line', 0, {}]]
    """
    first: dict[str, int] = {}
    found: list[Any] = []
    for number, row in enumerate(rows):
        same = first.setdefault(str(row[1]), number)
        shapes = row[1] if same == number or not row[1] else same
        found.append([row[0], shapes, *row[2:]])
    return found


def base_group(
    district: District, language: str = "en", *, show: bool = True
) -> folium.FeatureGroup:
    """Return the district's own base map as one layer, never clicked on."""
    under, over = base_rows(district)
    group = folium.FeatureGroup(
        name=safe(Labels.of(district, language).text("Base map")), show=show
    )
    group.add_child(Drawing("base", under, "planner-base"))
    group.add_child(Drawing("base", over, "planner-frame"))
    stable_ids(group, "base")
    return group


def base_map(
    district: District,
    *,
    language: str = "en",
    urls: AssetUrls | None = None,
    online_tiles: str | folium.TileLayer | None = None,
) -> OfflineMap:
    """Return a map of the district without results; the same for the same district each time.

    Parameters
    ----------
    district
        The place.
    language
        ``"en"`` or ``"zh"``.
    urls
        Where a server offers the assets, None to embed them.
    online_tiles
        A tile service to lay below, asked over the internet: a name that folium knows, such as
        ``"OpenStreetMap"``, or a layer. None, the default, asks for nothing. Those of a shifted
        coordinate system are refused.
    """
    labels = Labels.of(district, language)
    (south, west), (north, east) = bounds = district_bounds(district)
    result = OfflineMap(
        urls=urls,
        attribution=attribution_html(district, labels),
        buttons=control_words(labels),
        location=[(south + north) / 2, (west + east) / 2],
        zoom_start=14,
        zoom_control="topright",
    )
    if online_tiles is not None:
        named = online_tiles if isinstance(online_tiles, str) else str(online_tiles.tiles)
        refuse_shifted(named)
        tiles = (
            online_tiles
            if isinstance(online_tiles, folium.TileLayer)
            else folium.TileLayer(
                online_tiles, name=safe(labels.text("Online map")), overlay=True, control=True
            )
        )
        result.add_child(tiles)
    result.add_child(base_group(district, language, show=online_tiles is None))
    result.fit_bounds(bounds, padding=(12, 12))
    result.add_child(panel("topright", {"": north_html(labels)}, "", "pl-compass"))
    stable_ids(result, "map")
    return result


def map_with_legend(
    district: District, groups: Iterable[folium.FeatureGroup], legend: str, language: str = "en"
) -> OfflineMap:
    """Return a map of some layers with the list of them and a legend; it needs no server.

    Parameters
    ----------
    district
        Whose base map is below.
    groups
        The layers, the lowest first.
    legend
        HTML already made safe.
    language
        ``"en"`` or ``"zh"``.
    """
    drawn = base_map(district, language=language)
    for group in groups:
        drawn.add_child(group)
    drawn.add_child(folium.LayerControl(position="bottomleft", collapsed=True))
    drawn.add_child(panel("bottomright", {"": legend}, "", "pl-card pl-legend"))
    return drawn


def north_html(labels: Labels) -> str:
    """Return the arrow that points north."""
    return _NORTH.format(label=safe(labels.text("North")), letter=safe(labels.text("N")))


def attribution_html(district: District, labels: Labels) -> str:
    """Return the credits of the district's data, and that it is made up where it is."""
    parts = [credit_html(labels.text(district.attribution))] if district.attribution else []
    if district.synthetic:
        parts.append(f"<b>{safe(labels.text('Synthetic data: this place is made up'))}</b>")
    return " · ".join(parts)


def _of_kind(layer: gpd.GeoDataFrame, kind: str) -> gpd.GeoSeries:
    return layer.geometry[(layer["kind"] == kind).to_numpy()]


def _is_area(shapes: gpd.GeoSeries) -> Any:
    return shapes.geom_type.isin(["Polygon", "MultiPolygon"]).to_numpy()


def _areas_of(layer: gpd.GeoDataFrame, kind: str, tolerance_m: float) -> list[shapely.Geometry]:
    shapes = _of_kind(layer, kind)
    areas = shapes[_is_area(shapes)]
    if kind == "building" and len(areas) > MOST_BUILDINGS:
        areas = areas.loc[areas.area.nlargest(MOST_BUILDINGS).index]
    return list(in_degrees(areas.simplify(tolerance_m).to_numpy(), areas.crs))


def _lines_of(layer: gpd.GeoDataFrame, kind: str) -> gpd.GeoSeries:
    shapes = _of_kind(layer, kind)
    return shapes[~_is_area(shapes)]


def _land_rows(district: District) -> list[Any]:
    fill = {"weight": 0.6, "fillOpacity": 1.0}
    green = _areas_of(district.context, "green", 1.0)
    return [
        base_areas(green, color="#d3e0c2", fillColor="#e5eed9", **fill),
        base_lines(_lines_of(district.context, "water"), (3.0, 1.0, 10.0), color="#a9d0e4"),
        _building_row(_areas_of(district.context, "building", 0.3)),
        *_rail_rows(_lines_of(district.context, "rail")),
        base_lines(_lines_of(district.barriers, "wall"), (1.2, 0.5, 2.0), color="#b08d70"),
    ]


def _water_barriers(district: District) -> gpd.GeoDataFrame:
    """Return the barriers of water that the context does not draw anyhow."""
    water = district.barriers[(district.barriers["kind"] == "water").to_numpy()]
    known = _of_kind(district.context, "water").to_numpy()
    if water.empty or not len(known):
        return water
    drawn = shapely.STRtree(known).query(water.geometry.to_numpy(), predicate="intersects")[0]
    return water.drop(index=water.index[np.unique(drawn)])


def _building_row(buildings: list[shapely.Geometry]) -> list[Any]:
    """Return the buildings; thousands of them are drawn only where one may be told from another."""
    near = {"from": BUILDINGS_FROM_ZOOM} if len(buildings) > FEW_BUILDINGS else {}
    style = {"color": "#c4b9a9", "fillColor": "#ddd4c7", "weight": 0.6, "fillOpacity": 1.0}
    return base_areas(buildings, **style, **near)


def _rail_rows(rail: gpd.GeoSeries) -> list[Any]:
    return [
        base_lines(rail, (3.0, 1.8, 5.0), color="#6b7280", lineCap="butt"),
        base_lines(rail, (1.6, 0.9, 3.0), color="#ffffff", lineCap="butt", dashArray="8 8"),
    ]


def _street_rows(streets: gpd.GeoDataFrame) -> list[Any]:
    tags = {tag: street_class(tag) for tag in streets["highway"].unique()}
    classes = streets["highway"].map(tags).to_numpy()
    return [
        base_lines(streets.geometry[classes == name], width, color=colour, **style)
        for name, colour, width, style in _STREET_STYLES
    ]


def _water_rows(district: District) -> list[Any]:
    """Return the water, drawn over the communities' colours, and the bridges over it."""
    barriers = _water_barriers(district)
    shapes = pd.concat([_of_kind(district.context, "water"), barriers.geometry])
    water = shapes[_is_area(shapes)]
    rivers = _lines_of(barriers, "water")
    rows = [base_lines(rivers, (3.0, 1.0, 10.0), color=SHORE)] if len(rivers) else []
    if water.empty:
        return rows
    surface = shapely.union_all(water.to_numpy())
    streets = district.streets[["highway", "geometry"]]
    bridges = _within(streets.geometry, surface)
    areas = [
        *_areas_of(district.context, "water", 1.0),
        *_areas_of(barriers, "water", 1.0),
    ]
    return [
        *rows,
        base_areas(areas, color=SHORE, fillColor=WATER, weight=0.6, fillOpacity=1.0),
        *_rail_rows(_within(_lines_of(district.context, "rail"), surface)),
        *_street_rows(streets.loc[bridges.index].set_geometry(bridges)),
    ]


def _within(lines: gpd.GeoSeries, surface: shapely.Geometry) -> gpd.GeoSeries:
    """Return the parts of lines that lie in an area, joined to one geometry a line."""
    shapely.prepare(surface)
    touching = lines[shapely.intersects(surface, lines.to_numpy())]
    parts = shapely.intersection(touching.to_numpy(), surface)
    inside = gpd.GeoSeries(parts, index=touching.index, crs=lines.crs)
    return inside[inside.geom_type.isin(["LineString", "MultiLineString"])]


def _frame_rows(district: District) -> list[Any]:
    """Return water, boundaries of subdistricts and district, and a veil over what lies outside."""
    communities = district.communities
    whole = _joined(communities.geometry)
    rows = _water_rows(district)
    around = shapely.box(*district.streets.total_bounds).buffer(4000, join_style="mitre")
    veil = in_degrees([around.difference(whole).simplify(0.5)], district.crs)
    rows.append(base_areas(veil, stroke=False, fillColor="#f4f1ea", fillOpacity=0.55))
    named = communities[communities["subdistrict"] != ""]
    inner = [shapely.boundary(_joined(part.geometry)) for _, part in named.groupby("subdistrict")]
    for shapes, width, style in (
        (inner, 1.8, {"color": "#475569", "opacity": 0.75, "dashArray": "7 4"}),
        ([shapely.boundary(whole)], 2.6, {"color": "#334155", "opacity": 0.9}),
    ):
        outline = gpd.GeoSeries(shapes, crs=district.crs).simplify(0.5)
        rows.append(base_lines(outline, None, weight=width, **style))
    return rows


def _joined(shapes: gpd.GeoSeries) -> shapely.Geometry:
    """Return the union of areas, without slivers between neighbours."""
    return (
        shapely.union_all(shapes.to_numpy())
        .buffer(0.05, join_style="mitre")
        .buffer(-0.05, join_style="mitre")
    )
