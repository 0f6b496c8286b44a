"""Check layers against the table of columns, naming layer, row and column of what is wrong."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from planner.district.columns import check_columns
from planner.district.kinds import Kinds
from planner.district.layers import GROUP_PREFIX, LAYERS, WEIGHT, Column, Layer, group_columns
from planner.district.metres import metre_error
from planner.district.plausibility import implausible
from planner.errors import Finding, InputError

DEFAULTS = {"status": "existing", "ownership": "public"}
CONTROL_TOLERANCE = 0.05
"""Share by which demand and a community's control total may differ before it is told."""

METRE_TOLERANCE = 0.01
"""Share by which a metre of the CRS may differ from a true one."""

_PANDAS: dict[str, str] = {"str": "object", "float": "float64", "int": "float64", "bool": "bool"}


MOST_NUMBER = 1e15
"""No count, length or cost of a district is larger; sums of larger ones are no figures."""


def empty_layer(name: str, crs: Any) -> gpd.GeoDataFrame:
    """Return a layer without rows that has the table's columns."""
    columns = {
        column.name: pd.Series(dtype=_PANDAS[column.dtype]) for column in LAYERS[name].columns
    }
    return gpd.GeoDataFrame(columns, geometry=gpd.GeoSeries([], crs=crs), crs=crs)


def check_layers(
    layers: Mapping[str, gpd.GeoDataFrame],
    kinds: Kinds,
    checked: Mapping[str, gpd.GeoDataFrame] | None = None,
) -> tuple[dict[str, gpd.GeoDataFrame], list[Finding]]:
    """Return typed copies of the layers and what is worth telling.

    Parameters
    ----------
    layers
        Layers to check.
    kinds
        Facility kinds that are known.
    checked
        Layers that were checked before and that `layers` join; they are not checked again.

    Raises
    ------
    InputError
        At the first fault found.
    """
    known = dict(checked or {})
    for layer in LAYERS.values():
        if layer.required and layer.name not in layers and layer.name not in known:
            raise InputError("district.missing_layer", layer=layer.name, meaning=layer.meaning)
    fresh = {
        name: _check_layer(LAYERS[name], table) for name, table in layers.items() if name in LAYERS
    }
    together = known | fresh
    _check_crs(together)
    if "streets" in fresh:
        _check_metres(fresh["streets"])
    if "facilities" in fresh:
        _check_kinds(fresh["facilities"], kinds)
    notes = []
    if {"demand", "communities"} & set(fresh):
        notes = _check_demand(together["demand"], together["communities"])
    return together, [*notes, *implausible(together)]


def _check_layer(layer: Layer, table: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    check_columns(layer.name, table)
    if table.crs is None:
        raise InputError("district.no_crs", layer=layer.name)
    if layer.required and table.empty and layer.name != "facilities":
        raise InputError("district.empty_layer", layer=layer.name, meaning=layer.meaning)
    for column in layer.columns:
        if column.required and column.name not in table:
            raise InputError(
                "district.missing_column",
                layer=layer.name,
                column=column.name,
                meaning=column.meaning,
            )
    result = table.reset_index(drop=True).copy()
    if result.geometry.name != "geometry":
        result = result.rename_geometry("geometry")
    _check_geometry(layer, result)
    groups = [
        Column(name, "float", "people of a group", "residents", minimum=0)
        for name in result.columns
        if name.startswith(GROUP_PREFIX)
    ]
    plain = pd.DataFrame(result)  # a GeoDataFrame looks after its geometry with every column
    for column in (*layer.columns, *groups):
        if column.name in plain:
            plain[column.name] = _typed(layer.name, column, plain[column.name])
        elif column.name in DEFAULTS:
            plain[column.name] = DEFAULTS[column.name]
        elif column.dtype == "bool":
            plain[column.name] = False
        elif column.name not in ("population", WEIGHT):
            plain[column.name] = "" if column.dtype == "str" else np.nan
    return gpd.GeoDataFrame(plain, geometry="geometry")


def _fail_first(wrong: np.ndarray, code: str, layer: str, **params: Any) -> None:
    """Raise for the first true row; a callable parameter is given the row's position."""
    if wrong.any():
        row = int(np.flatnonzero(wrong)[0])
        values = {key: value(row) if callable(value) else value for key, value in params.items()}
        raise InputError(code, layer=layer, row=row + 1, **values)


def _check_geometry(layer: Layer, table: gpd.GeoDataFrame) -> None:
    shapes = table.geometry.to_numpy()
    missing = np.asarray(shapely.is_missing(shapes) | shapely.is_empty(shapes))
    _fail_first(missing, "district.empty_geometry", layer.name)
    types = table.geometry.geom_type.to_numpy()
    _fail_first(
        ~np.isin(types, layer.geometry),
        "district.wrong_geometry",
        layer.name,
        found=lambda row: types[row],
        expected=" / ".join(layer.geometry),
    )
    finite = np.isfinite(np.asarray(table.geometry.bounds, dtype=np.float64)).all(axis=1)
    _fail_first(np.asarray(~finite), "district.not_finite", layer.name)
    if "Polygon" in layer.geometry:
        _fail_first(
            ~shapely.is_valid(shapes),
            "district.invalid_geometry",
            layer.name,
            reason=lambda row: shapely.is_valid_reason(shapes[row]),
        )


def _typed(layer: str, column: Column, values: pd.Series) -> pd.Series:
    convert = {"str": _text, "bool": _flag}.get(column.dtype, _number)
    result = convert(layer, column, values)
    if column.unique:
        repeated = result.duplicated().to_numpy()
        _fail_first(
            repeated,
            "district.duplicate_id",
            layer,
            column=column.name,
            value=lambda row: result.iloc[row],
        )
    return result


def _text(layer: str, column: Column, values: pd.Series) -> pd.Series:
    result = _plain_texts(values)
    blank = (result == "").to_numpy()
    if column.name in DEFAULTS:
        result = result.where(~blank, DEFAULTS[column.name])
    elif column.required:
        _fail_first(
            blank, "district.missing_value", layer, column=column.name, meaning=column.meaning
        )
    if column.choices:
        _fail_first(
            ~result.isin(["", *column.choices]).to_numpy(),
            "district.not_a_choice",
            layer,
            column=column.name,
            value=lambda row: result.iloc[row],
            choices=", ".join(column.choices),
        )
    return result.astype(object)


def _plain_texts(values: pd.Series) -> pd.Series:
    """Return values as stripped text, what is missing as no text."""
    missing = values.isna()
    cells = values.to_numpy(dtype=object)
    if pd.api.types.infer_dtype(cells, skipna=True) == "string":  # nearly always, and quicker
        texts = ["" if none else text.strip() for text, none in zip(cells, missing, strict=True)]
    else:
        texts = ["" if none else _plain_text(v) for v, none in zip(cells, missing, strict=True)]
    return pd.Series(texts, values.index, dtype=object, name=values.name)


def _plain_text(value: object) -> str:
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def _flag(layer: str, column: Column, values: pd.Series) -> pd.Series:
    if values.dtype == bool:
        return values
    words = {
        "true": True,
        "yes": True,
        "1": True,
        "false": False,
        "no": False,
        "0": False,
        "": False,
    }
    text = _plain_texts(values).str.casefold()
    known = text.isin(list(words)).to_numpy()
    _fail_first(
        ~known,
        "district.not_a_choice",
        layer,
        column=column.name,
        value=lambda row: values.iloc[row],
        choices="true, false",
    )
    return text.map(words).astype(bool)


def _number(layer: str, column: Column, values: pd.Series) -> pd.Series:
    counts = pd.api.types
    if (
        counts.is_bool_dtype(values)
        or counts.is_datetime64_any_dtype(values)
        or counts.is_timedelta64_dtype(values)
    ):
        numbers = pd.Series(np.nan, index=values.index)  # yes and no, and dates, are no figures
    else:
        numbers = pd.to_numeric(values, errors="coerce").astype("float64")
    _fail_first(
        ((numbers.isna() & ~values.isna()) | np.isinf(numbers)).to_numpy(),
        "district.not_a_number",
        layer,
        column=column.name,
        value=lambda row: values.iloc[row],
    )
    _fail_first(
        (numbers.abs() > MOST_NUMBER).to_numpy(),
        "district.too_large",
        layer,
        column=column.name,
        value=lambda row: numbers.iloc[row],
        most=MOST_NUMBER,
    )
    if column.minimum is not None:
        _fail_first(
            (numbers < column.minimum).to_numpy(),
            "district.negative",
            layer,
            column=column.name,
            value=lambda row: numbers.iloc[row],
            minimum=column.minimum,
        )
    return numbers


def _check_crs(layers: Mapping[str, gpd.GeoDataFrame]) -> None:
    expected = layers["streets"].crs
    for name, table in layers.items():
        if not table.crs.is_projected or table.crs.axis_info[0].unit_conversion_factor != 1.0:
            raise InputError("district.not_metric", layer=name, crs=table.crs.to_string())
        if table.crs != expected:
            raise InputError(
                "district.mixed_crs",
                layer=name,
                crs=table.crs.to_string(),
                expected=expected.to_string(),
            )


def _check_metres(streets: gpd.GeoDataFrame) -> None:
    """Refuse metres that are not true ones, such as those of Web Mercator."""
    west, south, east, north = streets.total_bounds
    error = metre_error(streets.crs, (west + east) / 2, (south + north) / 2)
    if METRE_TOLERANCE < error < math.inf:
        raise InputError(
            "district.false_metres",
            layer="streets",
            crs=streets.crs.to_string(),
            percent=round(100 * error),
        )


def _check_kinds(facilities: gpd.GeoDataFrame, kinds: Kinds) -> None:
    _fail_first(
        ~facilities["kind"].isin(list(kinds)).to_numpy(),
        "district.unknown_kind",
        "facilities",
        kind=lambda row: facilities["kind"].iloc[row],
        known=", ".join(kinds),
    )


def _check_demand(demand: gpd.GeoDataFrame, communities: gpd.GeoDataFrame) -> list[Finding]:
    groups = group_columns(list(demand.columns))
    if not groups or groups[0].startswith(GROUP_PREFIX):
        raise InputError("district.no_weight")
    total = groups[0]
    _fail_first(
        demand[total].isna().to_numpy(),
        "district.missing_value",
        "demand",
        column=total,
        meaning="the people who live there",
    )
    if not demand[total].sum() > 0:
        raise InputError("district.no_people", column=total)
    _fail_first(
        ~demand["community_id"].isin(["", *communities["community_id"]]).to_numpy(),
        "district.unknown_community",
        "demand",
        value=lambda row: demand["community_id"].iloc[row],
    )
    if total == WEIGHT or "population" not in communities:
        return []
    sums = demand.groupby("community_id")[total].sum()
    return [
        Finding(
            "district.control_total",
            {
                "community": row.name or row.community_id,
                "demand": round(float(sums.get(row.community_id, 0.0))),
                "control": round(float(row.population)),
            },
        )
        for row in communities[["community_id", "name", "population"]].itertuples(index=False)
        if row.population > 0
        and abs(sums.get(row.community_id, 0.0) - row.population)
        > CONTROL_TOLERANCE * row.population
    ]
