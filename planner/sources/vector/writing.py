"""Layers of a GeoPackage, written."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyogrio

_PLAIN = {"str", "bool", "int32", "int64", "float32", "float64"}


def write_layer(
    table: gpd.GeoDataFrame,
    file: Path,
    layer: str,
    shape: str | None,
    *,
    promote: bool,
    geometry: str = "geom",
    replace: bool = False,
) -> None:
    """Write a layer of a GeoPackage, beside those that the file has.

    Parameters
    ----------
    table
        What is written.
    file, layer
        Where to.
    shape
        Type of its geometries, None where they differ.
    promote
        Whether single geometries become multiple ones of one part.
    geometry
        Preferred name of the column of geometries.
    replace
        Whether the rows take the place of those of a layer of this name; they follow them if not.
    """
    pyogrio.write_dataframe(
        table,
        file,
        layer=layer,
        driver="GPKG",
        append=file.exists() and not replace,
        promote_to_multi=promote,
        geometry_type=shape,
        layer_options=gpkg_names(table.columns.drop("geometry"), geometry),
        # a city's layers are written so in a third of the time, and the rows are the same
        use_arrow=_holds_plain_values(table),
    )


def _holds_plain_values(table: gpd.GeoDataFrame) -> bool:
    """Whether a table holds such columns only as Arrow takes as they are: figures and text."""
    plain = pd.DataFrame(table).drop(columns=table.geometry.name)
    return not plain.empty and all(_is_plain(values) for _, values in plain.items())


def _is_plain(values: pd.Series) -> bool:
    if values.dtype == object:
        return pd.api.types.infer_dtype(values, skipna=True) == "string"
    return str(values.dtype) in _PLAIN


def gpkg_names(columns: Iterable[object], geometry: str = "geom") -> dict[str, str]:
    """Return names for a GeoPackage table's own columns that leave alone those of a layer.

    A table has a number for each row and a column of shapes; a layer that came out of a file may
    have a property of that name. SQLite takes small and capital letters for the same.

    Parameters
    ----------
    columns
        Columns of the layer.
    geometry
        Name of the column of shapes where that is free.

    Examples
    --------
    >>> gpkg_names(["name", "FID"])
    {'FID': 'fid_1', 'GEOMETRY_NAME': 'geom'}
    """
    taken = {str(column).casefold() for column in columns}
    return {"FID": _free("fid", taken), "GEOMETRY_NAME": _free(geometry, taken)}


def _free(name: str, taken: set[str]) -> str:
    tried = (name, *(f"{name}_{number}" for number in range(1, len(taken) + 2)))
    return next(each for each in tried if each not in taken)
