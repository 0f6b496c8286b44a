"""One layer of a district as a file, with the credit of its data; and empty layers to fill in."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Literal

import geopandas as gpd
import pandas as pd
import pyogrio
import shapely

from planner.district import LAYERS, District
from planner.sources.vector.writing import gpkg_names
from planner.views.exports.files import DEGREES, write_csv
from planner.views.exports.geojson import write_geojson
from planner.views.maps.base.degrees import in_degrees

Format = Literal["csv", "gpkg", "geojson"]
FORMATS: dict[Format, str] = {
    "csv": "text/csv",
    "gpkg": "application/geopackage+sqlite3",
    "geojson": "application/geo+json",
}
"""Formats that a layer is given in, and their media types."""

_MULTI = {"communities": "MultiPolygon"}


def credit_of(district: District, layer: str) -> str:
    """Return the credit that a layer asks for, each source once; empty where none does."""
    names = [s.attribution or s.source for s in district.sources if s.layer == layer]
    licences = [s.licence for s in district.sources if s.layer == layer]
    return "; ".join(dict.fromkeys(filter(None, [*names, *licences])))


def layer_file(district: District, layer: str, kind: Format) -> bytes:
    """Return a layer as a file.

    Parameters
    ----------
    district
        Whose layer.
    layer
        A key of :data:`planner.district.LAYERS`.
    kind
        ``"csv"``: points with ``lon`` and ``lat``, other shapes as ``wkt``, degrees of WGS 84, and
        a column ``attribution``; ``"gpkg"``: in the district's CRS with a table ``provenance``;
        ``"geojson"``: WGS 84 with a member ``attribution``.
    """
    table = district.shown_layers[layer]
    credit = credit_of(district, layer)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / f"{layer}.{kind}"
        if kind == "csv":
            write_csv(_flat(table, credit), file)
        elif kind == "geojson":
            about = {
                "district": district.name,
                "attribution": credit,
                "synthetic": district.synthetic,
                "standard": None,
            }
            write_geojson(table, about, file)
        else:
            _write_gpkg(table, layer, file)
            sources = [vars(source) for source in district.sources if source.layer == layer]
            columns = ["layer", "source", "date", "licence", "attribution", "read_on"]
            provenance = pd.DataFrame(sources, columns=columns, dtype=object)
            pyogrio.write_dataframe(
                provenance, file, layer="provenance", driver="GPKG", append=True
            )
        return file.read_bytes()


def template_format(layer: str) -> Format:
    """Return the format of a layer's empty form: tables for points, else a GeoPackage."""
    return "csv" if LAYERS[layer].geometry == ("Point",) else "gpkg"


def template_file(layer: str, crs: object) -> bytes:
    """Return a layer without rows, with every column that it may have, to fill in.

    Parameters
    ----------
    layer
        A key of :data:`planner.district.LAYERS`.
    crs
        CRS of a GeoPackage; a CSV has ``lon`` and ``lat``, degrees of WGS 84.
    """
    types = {"str": "object", "float": "float64", "int": "int64", "bool": "bool"}
    columns = {c.name: pd.Series(dtype=types[c.dtype]) for c in LAYERS[layer].columns}
    if layer == "demand":
        del columns["weight"]
        columns["pop_65plus"] = pd.Series(dtype="float64")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / f"{layer}.{template_format(layer)}"
        if template_format(layer) == "csv":
            empty = pd.Series(dtype="float64")
            write_csv(pd.DataFrame(columns | {"lon": empty, "lat": empty}), file)
        else:
            shapes = gpd.GeoSeries([], crs=crs)
            _write_gpkg(gpd.GeoDataFrame(columns, geometry=shapes, crs=crs), layer, file)
        return file.read_bytes()


def _write_gpkg(table: gpd.GeoDataFrame, layer: str, file: Path) -> None:
    allowed = LAYERS[layer].geometry
    single = allowed[0] if len(allowed) == 1 else None
    pyogrio.write_dataframe(
        table,
        file,
        layer=layer,
        driver="GPKG",
        promote_to_multi=layer in _MULTI,
        geometry_type=_MULTI.get(layer, single or ("Unknown" if table.empty else None)),
        layer_options=gpkg_names(table.columns.drop("geometry")),
    )


def _flat(table: gpd.GeoDataFrame, credit: str) -> pd.DataFrame:
    """Return a layer as a table, its places as columns."""
    shapes = in_degrees(table.geometry.to_numpy(), table.crs)
    rows = pd.DataFrame(table.drop(columns="geometry"))
    if len(shapes) and (shapely.get_type_id(shapes) == shapely.GeometryType.POINT).all():
        rows["lon"], rows["lat"] = (
            shapely.get_x(shapes).round(DEGREES),
            shapely.get_y(shapes).round(DEGREES),
        )
    else:
        rows["wkt"] = shapely.to_wkt(shapes, rounding_precision=DEGREES)
    rows["attribution"] = credit
    return rows
