"""Check layers against the table of columns, naming layer, row and column of what is wrong."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from planner.district.kinds import Kinds
from planner.district.layers import GROUP_PREFIX, LAYERS, WEIGHT, Column, Layer, group_columns
from planner.district.metres import metre_error
from planner.district.not_told import tells_nothing
from planner.district.plausibility.layers import implausible
from planner.district.validation.columns import check_columns
from planner.errors import Finding, InputError

DEFAULTS = {"status": "existing", "ownership": "public"}
CONTROL_TOLERANCE = 0.05
"""Share by which demand and a community's control total may differ before it is told."""

METRE_TOLERANCE = 0.01
"""Share by which a metre of the CRS may differ from a true one."""

_PANDAS: dict[str, str] = {"str": "object", "float": "float64", "int": "float64", "bool": "bool"}


MOST_NUMBER = 1e15
"""No count, length or cost of a district is larger; sums of larger ones are no figures."""


_MAY_BE_UNTOLD = frozenset({"subdistrict"})
"""Columns of names by which rows are put together: — or 不详 is none of these names."""


def empty_layer(name: str, crs: Any) -> gpd.GeoDataFrame:
    """Return a layer without rows that has the table's columns."""
    return gpd.GeoDataFrame(_empty_columns(name).copy(), geometry=gpd.GeoSeries([], crs=crs))


@cache
def _empty_columns(name: str) -> pd.DataFrame:
    return pd.DataFrame(
        {column.name: pd.Series(dtype=_PANDAS[column.dtype]) for column in LAYERS[name].columns}
    )


def check_layers(
    layers: Mapping[str, gpd.GeoDataFrame],
    kinds: Kinds,
    checked: Mapping[str, gpd.GeoDataFrame] | None = None,
    *,
    plausible: bool = False,
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
    plausible
        Whether what can hardly be so is looked for elsewhere, as in the data before a scenario.

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
    return together, [*notes, *([] if plausible else implausible(together, fresh))]


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
    if table.geometry.name != "geometry":
        table = table.rename_geometry("geometry")
    _check_geometry(layer, table)
    # a GeoDataFrame looks after its geometry with every column: it is made once, of all of them
    plain = pd.DataFrame(table).reset_index(drop=True).copy()
    columns: dict[str, Any] = {str(name): values for name, values in plain.items()}
    for column in (*layer.columns, *_groups(plain)):
        if column.name in columns:
            typed = _typed(layer.name, column, columns[column.name])
            columns[column.name] = pd.Series(typed, plain.index, dtype=typed.dtype)
        elif column.name in DEFAULTS:
            columns[column.name] = np.full(len(plain), DEFAULTS[column.name], dtype=object)
        elif column.dtype == "bool":
            columns[column.name] = np.zeros(len(plain), dtype=bool)
        elif column.name not in ("population", WEIGHT):
            kind, nothing = (object, "") if column.dtype == "str" else (np.float64, np.nan)
            columns[column.name] = np.full(len(plain), nothing, dtype=kind)
    return gpd.GeoDataFrame(pd.DataFrame(columns, plain.index), geometry="geometry")


def _groups(table: pd.DataFrame) -> list[Column]:
    """Return the columns of the groups that a table counts."""
    return [
        Column(name, "float", "people of a group", "residents", minimum=0)
        for name in table.columns
        if name.startswith(GROUP_PREFIX)
    ]


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
    allowed = [shapely.GeometryType[name.upper()].value for name in layer.geometry]
    _fail_first(
        ~np.isin(shapely.get_type_id(shapes), allowed),
        "district.wrong_geometry",
        layer.name,
        found=lambda row: shapes[row].geom_type,
        expected=" / ".join(layer.geometry),
    )
    finite = np.isfinite(shapely.bounds(shapes)).all(axis=1)
    _fail_first(np.asarray(~finite), "district.not_finite", layer.name)
    if "Polygon" in layer.geometry:
        _fail_first(
            ~shapely.is_valid(shapes),
            "district.invalid_geometry",
            layer.name,
            reason=lambda row: shapely.is_valid_reason(shapes[row]),
        )


def _typed(layer: str, column: Column, values: pd.Series) -> np.ndarray:
    convert = {"str": _text, "bool": _flag}.get(column.dtype, _number)
    result = convert(layer, column, values)
    if column.unique and len(set(result.tolist())) < len(result):
        _fail_first(
            pd.Series(result).duplicated().to_numpy(),
            "district.duplicate_id",
            layer,
            column=column.name,
            value=lambda row: result[row],
        )
    return result


def _text(layer: str, column: Column, values: pd.Series) -> np.ndarray:
    result = _plain_texts(values)
    if column.name in _MAY_BE_UNTOLD:
        result[[tells_nothing(text) for text in result]] = ""
    blank = np.asarray(result == "", dtype=bool)
    if column.name in DEFAULTS:
        result[blank] = DEFAULTS[column.name]
    elif column.required:
        _fail_first(
            blank, "district.missing_value", layer, column=column.name, meaning=column.meaning
        )
    if column.choices:
        allowed = {"", *column.choices}
        _fail_first(
            np.array([text not in allowed for text in result], dtype=bool),
            "district.not_a_choice",
            layer,
            column=column.name,
            value=lambda row: result[row],
            choices=", ".join(column.choices),
        )
    return result


def _plain_texts(values: pd.Series) -> np.ndarray:
    """Return values as stripped text, what is missing as no text, object (n,)."""
    missing = values.isna().to_numpy().tolist()
    cells = values.to_numpy(dtype=object).tolist()
    if pd.api.types.infer_dtype(cells, skipna=True) == "string":  # nearly always, and quicker
        texts = ["" if none else text.strip() for text, none in zip(cells, missing, strict=True)]
    else:
        texts = ["" if none else _plain_text(v) for v, none in zip(cells, missing, strict=True)]
    result = np.empty(len(texts), dtype=object)
    result[:] = texts
    return result


def _plain_text(value: object) -> str:
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def _flag(layer: str, column: Column, values: pd.Series) -> np.ndarray:
    if values.dtype == bool:
        return values.to_numpy()
    words = {
        "true": True,
        "yes": True,
        "1": True,
        "false": False,
        "no": False,
        "0": False,
        "": False,
    }
    texts = [text.casefold() for text in _plain_texts(values)]
    if column.required:  # a gate of which nothing is said is neither open nor shut
        blank = np.array([text == "" for text in texts], dtype=bool)
        _fail_first(
            blank, "district.missing_value", layer, column=column.name, meaning=column.meaning
        )
    _fail_first(
        np.array([text not in words for text in texts], dtype=bool),
        "district.not_a_choice",
        layer,
        column=column.name,
        value=lambda row: values.iloc[row],
        choices="true, false",
    )
    return np.array([words[text] for text in texts], dtype=bool)


def _number(layer: str, column: Column, values: pd.Series) -> np.ndarray:
    numbers = _figures(values)
    unread = np.isnan(numbers)
    if unread.any():
        unread &= ~values.isna().to_numpy()
    _fail_first(
        unread | np.isinf(numbers),
        "district.not_a_number",
        layer,
        column=column.name,
        value=lambda row: values.iloc[row],
    )
    _fail_first(
        np.abs(numbers) > MOST_NUMBER,
        "district.too_large",
        layer,
        column=column.name,
        value=lambda row: numbers[row],
        most=MOST_NUMBER,
    )
    if column.minimum is not None:
        _fail_first(
            numbers < column.minimum,
            "district.negative",
            layer,
            column=column.name,
            value=lambda row: numbers[row],
            minimum=column.minimum,
        )
    return numbers


def _figures(values: pd.Series) -> np.ndarray:
    """Return values as numbers, what is none as NaN, float64 (n,)."""
    if values.dtype == np.float64:
        return values.to_numpy()
    counts = pd.api.types
    if (
        counts.is_bool_dtype(values)
        or counts.is_datetime64_any_dtype(values)
        or counts.is_timedelta64_dtype(values)
    ):
        return np.full(len(values), np.nan)  # yes and no, and dates, are no figures
    figures = pd.to_numeric(values, errors="coerce").astype("float64")
    return figures.to_numpy(dtype=np.float64)


def _check_crs(layers: Mapping[str, gpd.GeoDataFrame]) -> None:
    expected = layers["streets"].crs
    fine = None
    for name, table in layers.items():
        if fine is not None and table.crs is fine:
            continue  # it was asked of a layer before
        if not table.crs.is_projected or table.crs.axis_info[0].unit_conversion_factor != 1.0:
            raise InputError("district.not_metric", layer=name, crs=table.crs.to_string())
        if table.crs != expected:
            raise InputError(
                "district.mixed_crs",
                layer=name,
                crs=table.crs.to_string(),
                expected=expected.to_string(),
            )
        fine = table.crs


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
    counted = groups[1:] if total == WEIGHT else groups
    both = [name for name in counted if name in communities]
    return [finding for name in both for finding in _against_total(demand, communities, name)]


def _against_total(
    demand: gpd.GeoDataFrame, communities: gpd.GeoDataFrame, column: str
) -> Iterator[Finding]:
    """Tell of communities whose homes add up to another figure than their control total."""
    sums = demand.groupby("community_id")[column].sum()
    unknown = set(demand.loc[demand[column].isna(), "community_id"])
    least = 0.0 if column == "population" else 1.0  # a group of few is rounded
    code = "control_total" if column == "population" else "group_control_total"
    for row in communities[["community_id", "name", column]].itertuples(index=False):
        community, name, control = row
        found = float(sums.get(community, 0.0))
        if community in unknown or not abs(found - control) > max(
            CONTROL_TOLERANCE * control, least
        ):
            continue
        params = {
            "community": name or community,
            "demand": round(found),
            "control": round(float(control)),
        }
        own = {} if column == "population" else {"column": column}
        yield Finding(f"district.{code}", {**params, **own})
