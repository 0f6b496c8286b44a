"""Carry out a scenario on a district's layers."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely

from planner.district.district import District
from planner.district.scenario import (
    AddService,
    Change,
    Close,
    Connect,
    Convert,
    Enlarge,
    ExtendHours,
    Move,
    Open,
    OpenInternal,
    Scenario,
)
from planner.errors import InputError


def apply_scenario(district: District, scenario: Scenario) -> District:
    """Return the district as it would be after the changes of a scenario, in their order.

    Parameters
    ----------
    district
        The district as it is; it stays so.
    scenario
        The changes. An opened facility is a new row of ``facilities``; a connection is a new row
        of ``streets`` with ``link`` set, whose ends join the nearest street.

    Raises
    ------
    InputError
        Where a change names a facility that is not there, opens one under an id that is taken,
        gives an unknown kind or a negative capacity, or the coordinates are in another CRS.
    """
    if scenario.crs and scenario.crs != district.crs.to_string():
        raise InputError(
            "district.scenario_crs",
            scenario=scenario.name,
            crs=scenario.crs,
            expected=district.crs.to_string(),
        )
    facilities = district.facilities.set_index("facility_id", drop=False).copy()
    links: list[dict[str, Any]] = []
    for number, change in enumerate(scenario.changes, start=1):
        fail = partial(_fail, scenario.name, number)
        if isinstance(change, Connect):
            links.append(_street(change, f"link/{scenario.name}/{number}"))
        else:
            facilities = _change_facility(facilities, change, fail)
    changed = {}
    if len(links) < len(scenario.changes):
        table = facilities.reset_index(drop=True)
        changed["facilities"] = gpd.GeoDataFrame(table, geometry="geometry", crs=district.crs)
    if links:
        changed["streets"] = _append(district.streets, pd.DataFrame(links))
    return district.with_layers(**changed)


def _fail(scenario: str, number: int, code: str, **params: object) -> InputError:
    return InputError(code, scenario=scenario, number=number, **params)


def _change_facility(
    facilities: gpd.GeoDataFrame, change: Change, fail: Callable[..., InputError]
) -> gpd.GeoDataFrame:
    assert not isinstance(change, Connect)
    exists = change.facility_id in facilities.index
    if isinstance(change, Open):
        if exists:
            raise fail("district.facility_exists", facility_id=change.facility_id)
        return _append(facilities, pd.DataFrame([_facility(change)], index=[change.facility_id]))
    if not exists:
        raise fail("district.no_such_facility", facility_id=change.facility_id)
    for column, value in _edits(change, facilities).items():
        facilities.loc[change.facility_id, column] = value
    return facilities


def _edits(change: Change, facilities: gpd.GeoDataFrame) -> dict[str, Any]:
    """Return the columns that a change sets on its facility."""
    match change:
        case Close():
            return {"status": "closed"}
        case Move():
            return {"geometry": shapely.Point(change.x, change.y)}
        case Convert():
            return {"kind": change.kind}
        case OpenInternal():
            return {"status": "existing", "ownership": "partner"}
        case Enlarge():
            return _room(change, facilities.loc[change.facility_id])
        case ExtendHours():
            return {"opening_hours": change.opening_hours}
        case AddService():
            offered = str(facilities.loc[change.facility_id, "services"]).split(";")
            services = dict.fromkeys([*filter(None, map(str.strip, offered)), change.service])
            return {"services": ";".join(services)}
    message = f"not a change of a facility: {change!r}"
    raise AssertionError(message)


def _room(change: Enlarge, facility: pd.Series) -> dict[str, float]:
    """Return capacity and room for residents; the one not given changes with the other."""
    given = {"capacity": change.capacity, "capacity_residents": change.capacity_residents}
    said = {name: float(value) for name, value in given.items() if value is not None}
    for name, other in (tuple(given), tuple(given)[::-1]):
        before, that = _number(facility.get(name)), _number(facility.get(other))
        if name not in said and before >= 0 and that > 0:
            said[name] = before * said[other] / that
    return said


def _number(value: Any) -> float:
    return float(pd.to_numeric(pd.Series([value], dtype=object), errors="coerce").iloc[0])


def _facility(change: Open) -> dict[str, Any]:
    return {
        "facility_id": change.facility_id,
        "name": change.name,
        "kind": change.kind,
        "status": "existing",
        "ownership": "public",
        "capacity": change.capacity,
        "floor_area_m2": change.floor_area_m2,
        "opening_hours": change.opening_hours,
        "services": change.services,
        "source": "scenario",
        "geometry": shapely.Point(change.x, change.y),
    }


def _street(change: Connect, street_id: str) -> dict[str, Any]:
    line = shapely.LineString([(change.x1, change.y1), (change.x2, change.y2)])
    return {
        "street_id": street_id,
        "name": change.name,
        "highway": "footway",
        "link": True,
        "length_m": change.length_m,
        "source": "scenario",
        "geometry": line,
    }


def _append(layer: gpd.GeoDataFrame, rows: pd.DataFrame) -> gpd.GeoDataFrame:
    """Return a layer with rows added; columns they lack are empty, flags false."""
    table = gpd.GeoDataFrame(rows, geometry="geometry", crs=layer.crs)
    for column in layer.columns.difference(table.columns):
        flag = pd.api.types.is_bool_dtype(layer[column])
        text = layer[column].dtype == object
        table[column] = False if flag else "" if text else float("nan")
    table = table.astype(
        {c: layer[c].dtype for c in layer.columns if c != "geometry"}, errors="ignore"
    )
    return gpd.GeoDataFrame(pd.concat([layer, table]), geometry="geometry", crs=layer.crs)
