"""From the boundary asked for to the district's area, its communities and its buffer, in metres."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from pyproj import CRS

from planner.arrays import F64
from planner.district import Source
from planner.district.transformers import transformer
from planner.errors import Finding, InputError
from planner.sources.files.shapes import read_boundaries
from planner.sources.osm.boundaries import (
    SAME_SHARE,
    Boundary,
    Chosen,
    Community,
    admin_areas,
    choose_area,
    default_boundary,
    divide,
    is_admin,
    named_boundary,
    overlap,
    street_points,
)
from planner.sources.osm.objects import OsmData, areal
from planner.sources.osm.stored_extract import Extract
from planner.sources.osm.windows import BESIDE_M, window_around
from planner.sources.projection import metric_crs
from planner.sources.tables.reading import Reading

VECTOR_SUFFIXES = (".geojson", ".json", ".gpkg", ".shp", ".zip", ".kml", ".parquet", ".fgb")
INNER_SHARE = 0.25
"""Share of an extract's outline that must be left when the buffer is taken off it."""

HOME_REACH_M = 250.0
"""The ground around a home that belongs to an area known by its homes only, metres."""

BUFFER_MISSING = 0.1
_HULL_RATIO = 0.15
_THIN_M = 40.0
_REACH_M = 250.0
_ALL_LEVELS = 0


@dataclass(frozen=True, eq=False)
class Place:
    """The area of a district.

    Parameters
    ----------
    name
        Name shown to people.
    crs
        Projected CRS of all that follows.
    shape
        The area of all communities.
    within
        The area with its buffer.
    communities
        Layer ``communities``.
    source
        File that the boundary came from, None where from the extract.
    from_extract
        Whether the communities are areas of the extract.
    findings
        How the area was chosen, and what of it the extract lacks.
    buffer_m
        How far beyond the communities streets and facilities are taken, metres.
    """

    name: str
    crs: CRS
    shape: Any
    within: Any
    communities: gpd.GeoDataFrame
    source: Source | None
    from_extract: bool
    findings: tuple[Finding, ...]
    buffer_m: float

    @property
    def of_residents(self) -> bool:
        """Whether the area was drawn around residents."""
        return any(finding.code == "osm.area_of_residents" for finding in self.findings)


def find_place(data: OsmData, boundary: Any, buffer_m: float, name: str | None = None) -> Place:
    """Return the area that is asked for.

    Parameters
    ----------
    data
        Objects in degrees.
    boundary
        None for the extract's own area, the name or id of an administrative area or the one that
        was chosen, the path of a file of areas or what was read of one, a polygon in degrees, or a
        GeoDataFrame or GeoSeries with a CRS. Several areas in a file or table are the communities.
    buffer_m
        Metres beyond the area from which streets and facilities are taken.
    name
        Name of the area, in place of its own.

    Raises
    ------
    InputError
        Where the area is not known, not whole, lies outside the extract or has no CRS.
    """
    points = street_points(data)
    if not len(points):
        raise InputError("osm.no_highway", file=data.source)
    if boundary is None:
        found = default_boundary(data)
        if found is None:
            return _outline(data, points, buffer_m, name)
        return _place(_called(found, name), data, buffer_m)
    if isinstance(boundary, Chosen) or (isinstance(boundary, str) and not _is_file(boundary)):
        return _place(_called(named_boundary(data, boundary), name), data, buffer_m)
    if isinstance(boundary, str | Path):
        boundary = read_boundaries(boundary, to_crs=4326)
    if isinstance(boundary, Reading):
        reading = boundary
        own = name or Path(reading.source.source).stem
        return _given(data, reading.table, own, buffer_m, reading.source, reading.findings, name)
    return _given(data, areas_of(boundary), name or "", buffer_m, None, (), name)


def taken_around(windows: Extract, boundary: Any, buffer_m: float) -> tuple[OsmData, Any]:
    """Return what of an extract lies around a boundary, and that boundary read.

    Parameters
    ----------
    windows
        The extract.
    boundary, buffer_m
        As of :func:`find_place`; not None.

    Raises
    ------
    InputError
        Where the boundary cannot be read, or the extract has no such area.
    """
    beyond_m = buffer_m + BESIDE_M
    if isinstance(boundary, str) and not _is_file(boundary):
        # the name may be that of several areas, wherever these lie
        areas = windows.areas(is_admin)
        chosen = choose_area(admin_areas(areas), boundary, areas.source)
        return windows.of(window_around(chosen.area.shape.bounds, beyond_m)), chosen
    if isinstance(boundary, str | Path):
        boundary = read_boundaries(boundary, to_crs=4326)
    table = boundary.table if isinstance(boundary, Reading) else areas_of(boundary)
    bounds = table.total_bounds
    if not np.isfinite(bounds).all():
        raise InputError("osm.no_polygon")
    return windows.of(window_around(bounds, beyond_m)), boundary


def called(boundary: Any) -> str:
    """Return the name of a boundary that was read, empty where it has none."""
    if isinstance(boundary, Chosen):
        return boundary.area.name
    if isinstance(boundary, Reading):
        names = boundary.table["name"].tolist()
        return str(names[0]) if len(names) == 1 else Path(boundary.source.source).stem
    return ""


def place_of_residents(
    data: OsmData, reading: Reading, buffer_m: float, name: str | None = None
) -> Place:
    """Return the area where residents live, for a district without a boundary.

    The area is what lies within :data:`HOME_REACH_M` of a home, or within three quarters of the
    usual distance between homes where that is more (grid cells), without its holes. The
    administrative areas of the extract divide it into communities where they fill it.

    Parameters
    ----------
    data
        Objects in degrees.
    reading
        Points of residents in degrees.
    buffer_m
        Metres beyond the area from which streets and facilities are taken.
    name
        Name of the area; that of the file of residents where none is given.

    Raises
    ------
    InputError
        Where no street of the extract lies there.
    """
    points = street_points(data)
    if not len(points):
        raise InputError("osm.no_highway", file=data.source)
    degrees = shapely.get_coordinates(reading.table.geometry.to_numpy())
    crs = metric_crs(*np.median(degrees, axis=0))
    shape = shapely.transform(
        _around(_project(degrees, crs)), lambda xy: _back(np.asarray(xy), crs)
    )
    label = name or Path(reading.source.source).name.split(".")[0]
    found = divide(data, admin_areas(data), "residents", label, shape, _ALL_LEVELS)
    note = Finding("osm.area_of_residents", {"name": label, "homes": len(degrees)})
    return _place(found, data, buffer_m, findings=(note,))


def _around(xy: F64) -> Any:
    """Return the area around places, as one shape without holes."""
    from scipy.spatial import cKDTree

    spots = np.unique(np.round(xy, 1), axis=0)
    apart = np.inf
    if len(spots) > 1:
        apart = float(np.median(cKDTree(spots).query(spots, k=2)[0][:, 1]))
    reach = max(HOME_REACH_M, 0.75 * apart) if np.isfinite(apart) else HOME_REACH_M
    grown = shapely.union_all(shapely.buffer(shapely.points(spots), 2 * reach, quad_segs=4))
    whole = shapely.buffer(grown, -reach, quad_segs=4)
    parts = shapely.get_parts(whole)
    return shapely.union_all(shapely.polygons(shapely.get_exterior_ring(parts)))


def _back(xy: F64, crs: CRS) -> F64:
    change = transformer(crs, 4326)
    return np.column_stack(change.transform(xy[:, 0], xy[:, 1]))


def _called(found: Boundary, name: str | None) -> Boundary:
    """Return a boundary under another name, its only community too."""
    if not name:
        return found
    communities = found.communities
    if len(communities) == 1:
        communities = (replace(communities[0], name=name),)
    return replace(found, name=name, communities=communities)


def _is_file(text: str) -> bool:
    return text.lower().endswith(VECTOR_SUFFIXES)


def areas_of(boundary: Any) -> gpd.GeoDataFrame:
    """Return a polygon, GeoSeries or GeoDataFrame as a table of areas in degrees."""
    if isinstance(boundary, gpd.GeoDataFrame | gpd.GeoSeries):
        if boundary.crs is None:
            raise InputError("osm.boundary_without_crs")
        table = (
            gpd.GeoDataFrame(geometry=boundary) if isinstance(boundary, gpd.GeoSeries) else boundary
        )
        return table.to_crs(4326).reset_index(drop=True)
    if getattr(boundary, "geom_type", "") not in ("Polygon", "MultiPolygon"):
        raise InputError("osm.not_a_boundary", found=type(boundary).__name__)
    west, south, east, north = boundary.bounds
    if not (west >= -180 and south >= -90 and east <= 180 and north <= 90):
        raise InputError("osm.boundary_without_crs")
    return gpd.GeoDataFrame(geometry=[boundary], crs=4326)


def _given(
    data: OsmData,
    table: gpd.GeoDataFrame,
    name: str,
    buffer_m: float,
    source: Source | None,
    findings: tuple[Finding, ...],
    asked: str | None = None,
) -> Place:
    shapes = areal(table.geometry.to_numpy())
    usable = ~shapely.is_missing(shapes)
    if not usable.any():
        raise InputError("osm.no_polygon")
    table = table[usable].set_geometry(shapes[usable], crs=4326)
    whole = shapely.union_all(shapes[usable])
    if len(table) == 1:
        row = table.iloc[0]
        own_name = asked or str(row.get("name", "") or name)
        label = own_name or Path(data.source).name.split(".")[0]
        identifier = str(row.get("community_id", "") or "boundary")
        found = divide(data, admin_areas(data), identifier, label, whole, _ALL_LEVELS)
        parts = [part.shape for part in found.communities]
        undivided = len(parts) == 1 and overlap(parts[0], whole) > SAME_SHARE
        undivided &= bool(own_name) or found.communities[0].id == identifier
        kept = table.assign(name=label) if undivided else None
        return _place(found, data, buffer_m, source=source, findings=findings, table=kept)
    label = name or Path(data.source).name.split(".")[0]
    found = Boundary("boundary", label, whole, ())
    return _place(found, data, buffer_m, source=source, findings=findings, table=table)


def _place(
    found: Boundary,
    data: OsmData,
    buffer_m: float,
    *,
    source: Source | None = None,
    findings: tuple[Finding, ...] = (),
    table: gpd.GeoDataFrame | None = None,
) -> Place:
    points = street_points(data)
    shapely.prepare(found.shape)
    if not shapely.intersects_xy(found.shape, points[:, 0], points[:, 1]).any():
        raise InputError("osm.boundary_outside", name=found.name, file=data.source)
    middle = shapely.centroid(found.shape)
    crs = metric_crs(middle.x, middle.y)
    from_extract = table is None
    if table is None:
        table = _community_table(found.communities)
    elif "community_id" not in table:
        table["community_id"] = [f"boundary/{i + 1}" for i in range(len(table))]
    communities = table.to_crs(crs)
    communities = communities.set_geometry(areal(communities.geometry.to_numpy()), crs=crs)
    shape = shapely.union_all(communities.geometry.to_numpy())
    within = shapely.buffer(shape, buffer_m)
    notes = (*findings, *found.findings, *_buffer_missing(points, crs, shape, within, buffer_m))
    return Place(found.name, crs, shape, within, communities, source, from_extract, notes, buffer_m)


def _community_table(communities: tuple[Community, ...]) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(
        {
            "community_id": [c.id for c in communities],
            "name": [c.name for c in communities],
            "subdistrict": [c.subdistrict for c in communities],
        },
        geometry=[c.shape for c in communities],
        crs=4326,
    )


def _outline(data: OsmData, points: F64, buffer_m: float, asked: str | None = None) -> Place:
    """Return the outline of the extract less the buffer, as one community.

    The outline is the box that the file says it was cut to, as far as streets lie around; without
    one it is the hull of the streets, hollows excepted. Where the buffer would leave less than
    :data:`INNER_SHARE` of it, the buffer is halved until it does not.
    """
    crs = metric_crs(*np.median(points, axis=0))
    xy = _project(points, crs)
    outline = _hull(xy)
    if data.box is not None:
        box = shapely.segmentize(shapely.box(*data.box), 0.001)
        everywhere = shapely.convex_hull(shapely.multipoints(xy))
        cut: Any = shapely.transform(box, lambda corners: _project(corners, crs)) & everywhere
        outline = cut if cut.area > 0 else outline
    used = buffer_m
    inner = shapely.buffer(outline, -used)
    while inner.area < INNER_SHARE * outline.area and used > 1:
        used /= 2
        inner = shapely.buffer(outline, -used)
    inner = areal(np.array([inner], object))[0]
    name = asked or Path(data.source).name.split(".")[0]
    notes = [Finding("osm.no_boundary", {"file": data.source, "buffer_m": round(used)})]
    if used < buffer_m:
        notes.append(
            Finding("osm.buffer_shrunk", {"buffer_m": round(used), "wanted_m": round(buffer_m)})
        )
    table = gpd.GeoDataFrame(
        {"community_id": ["extract"], "name": [name], "subdistrict": [""]},
        geometry=[inner],
        crs=crs,
    )
    return Place(name, crs, inner, outline, table, None, True, tuple(notes), used)


def _project(points: F64, crs: CRS) -> F64:
    change = transformer(4326, crs)
    return np.column_stack(change.transform(points[:, 0], points[:, 1]))


def _hull(xy: F64) -> Any:
    thin = xy[np.unique(np.floor(xy / _THIN_M), axis=0, return_index=True)[1]]
    hull: Any = shapely.concave_hull(shapely.multipoints(thin), ratio=_HULL_RATIO)
    return hull if hull.geom_type == "Polygon" else shapely.buffer(hull, _THIN_M)


def _buffer_missing(
    points: F64,
    crs: CRS,
    shape: Any,
    within: Any,
    buffer_m: float,
) -> tuple[Finding, ...]:
    """Tell how much of the ring around the district lies beyond the streets of the extract."""
    ring = shapely.difference(within, shape)
    if not ring.area > 0:
        return ()
    covered = shapely.buffer(_hull(_project(points, crs)), _REACH_M)
    missing = shapely.difference(ring, covered).area / ring.area
    if missing < BUFFER_MISSING:
        return ()
    params = {"percent": round(100 * missing), "buffer_m": round(buffer_m)}
    return (Finding("osm.buffer_missing", params),)
