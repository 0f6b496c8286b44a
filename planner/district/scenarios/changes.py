"""Carry out a scenario on a district's layers."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property, partial
from itertools import count
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely

from planner.district.checklists import one_service
from planner.district.district import District
from planner.district.identity.known_again import Namesakes, is_another, marks_of
from planner.district.scenarios import scenario as changes
from planner.district.scenarios.scenario import Change, Scenario
from planner.district.services import named_services
from planner.errors import Finding, InputError

SCENARIO = "scenario"
"""What the column ``source`` says of a facility that a scenario opens."""

LENGTH_M = 1.0
"""The length of a connection may be this much below the straight line, for rounding, metres."""


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
        Where a change names a facility that is not there, or whose id belongs to another by now,
        opens one under an id that is taken,
        gives an unknown kind or a negative capacity, or the coordinates are in another CRS.
    """
    if scenario.crs and scenario.crs != district.crs.to_string():
        raise InputError(
            "district.scenario_crs",
            scenario=scenario.name,
            crs=scenario.crs,
            expected=district.crs.to_string(),
        )
    opened: dict[str, dict[str, Any]] = {}
    edited: dict[str, dict[str, Any]] = {}
    links: list[dict[str, Any]] = []
    _check_identities(district, scenario)
    standing = _Standing(district.facilities, opened, edited)
    taken = set(district.streets["street_id"])
    for number, change in enumerate(scenario.changes, start=1):
        fail = partial(_fail, scenario.name, number)
        if isinstance(change, changes.Connect):
            line_m = math.hypot(change.x2 - change.x1, change.y2 - change.y1)
            if change.length_m is not None and change.length_m < line_m - LENGTH_M:
                told = {"length_m": change.length_m, "straight_m": round(line_m, 1)}
                raise fail("district.link_too_short", **told)
            links.append(_street(change, _link_id(f"link/{scenario.name}/{number}", taken)))
        elif isinstance(change, changes.Open):
            if standing.has(change.facility_id):
                raise fail("district.facility_exists", facility_id=change.facility_id)
            opened[change.facility_id] = _facility(change)
        else:
            if not standing.has(change.facility_id):
                raise fail("district.no_such_facility", facility_id=change.facility_id)
            standing.edit(change.facility_id, _edits(change, standing))
    changed = {}
    if opened or edited:
        changed["facilities"] = _changed_facilities(district.facilities, opened, edited)
    if links:
        changed["streets"] = _append(district.streets, pd.DataFrame(links))
    # what could be built is no data on what there is: a kind without data stays so
    counted = district.had_open | frozenset(district.open_facilities()["kind"])
    return replace(district.as_changed(**changed), had_open=counted)


def is_done(district: District, change: Change, within_m: float = 0.0) -> bool:
    """Whether a facility is by now what a change makes of it.

    Parameters
    ----------
    district
        The place as it is.
    change
        Of a connection it is not told here. What closes a facility is done where there is none.
    within_m
        How far from its new place a facility that moves may stand, metres.
    """
    standing = _Standing(district.facilities, {}, {})
    if isinstance(change, changes.Connect):
        return False
    own = change.facility_id
    if not standing.has(own):
        return isinstance(change, changes.Close)
    told = partial(standing.value, own)
    if isinstance(change, changes.OpenInternal):
        return bool(told("status") == "existing" and told("ownership") != "internal")
    if isinstance(change, changes.Move):
        return bool(told("geometry").dwithin(shapely.Point(change.x, change.y), within_m))
    if isinstance(change, changes.AddService):
        return one_service(change.service) in map(one_service, named_services(told("services")))
    return all(_same(told(column), value) for column, value in _edits(change, standing).items())


def _same(now: Any, then: Any) -> bool:
    """Whether two values of a column say the same; of what is not told nothing is the same."""
    if isinstance(then, float):
        return math.isclose(_number(now), then, rel_tol=1e-6)
    return str(now).strip() == str(then).strip()


def known_by(district: District, scenario: Scenario) -> Scenario:
    """Return a scenario that tells by what the facilities that it changes are known again.

    Parameters
    ----------
    district
        The district that it is made for.
    scenario
        The scenario; what it tells already stays.
    """
    named = {
        change.facility_id
        for change in scenario.changes
        if not isinstance(change, changes.Connect) and change.facility_id not in scenario.of
    }
    rows = district.facilities[district.facilities["facility_id"].isin(named)]
    if rows.empty:
        return scenario
    marks = {row["facility_id"]: marks_of(row) for row in rows.to_dict("records")}
    return Scenario(scenario.name, scenario.changes, scenario.crs, {**scenario.of, **marks})


def unmarked(district: District, scenario: Scenario) -> tuple[Finding, ...]:
    """Tell of facilities that a scenario changes and knows by their id alone.

    Ids may be those of other facilities by now; see :func:`known_by`.

    Parameters
    ----------
    district
        The district on which it is carried out.
    scenario
        A scenario of a file.
    """
    made = {each.facility_id for each in scenario.changes if isinstance(each, changes.Open)}
    named = dict.fromkeys(
        each.facility_id
        for each in scenario.changes
        if not isinstance(each, changes.Connect | changes.Open)
    )
    rows = district.facilities.set_index("facility_id")["name"]
    alone = [key for key in named if key not in scenario.of and key not in made and key in rows]
    if not alone:
        return ()
    told = ", ".join(f"{rows[key]} ({key})" if rows[key] else key for key in alone[:5])
    more = ", …" if len(alone) > 5 else ""
    params = {"scenario": scenario.name, "count": len(alone), "facilities": told + more}
    return (Finding("district.scenario_by_id", params),)


def _check_identities(district: District, scenario: Scenario) -> None:
    """Refuse a scenario whose facilities are others by now."""
    if not scenario.of:
        return
    rows = district.facilities[district.facilities["facility_id"].isin(list(scenario.of))]
    namesakes = Namesakes(district.facilities)
    others = [
        str(row["facility_id"])
        for row in rows.to_dict("records")
        if is_another(marks_of(row), scenario.of[row["facility_id"]], namesakes=namesakes.of(row))
    ]
    if others:
        ids = ", ".join(others[:5]) + (", …" if len(others) > 5 else "")
        raise InputError(
            "district.scenario_other_facility", scenario=scenario.name, count=len(others), ids=ids
        )


def _fail(scenario: str, number: int, code: str, **params: object) -> InputError:
    return InputError(code, scenario=scenario, number=number, **params)


@dataclass(frozen=True)
class _Standing:
    """The facilities of a district while a scenario is carried out, change by change."""

    facilities: gpd.GeoDataFrame
    opened: dict[str, dict[str, Any]]
    edited: dict[str, dict[str, Any]]

    @cached_property
    def _rows(self) -> dict[str, int]:
        return {facility_id: row for row, facility_id in enumerate(self.facilities["facility_id"])}

    def has(self, facility_id: str) -> bool:
        """Whether there is a facility of that id by now."""
        return facility_id in self.opened or facility_id in self._rows

    def edit(self, facility_id: str, values: dict[str, Any]) -> None:
        """Set columns of a facility."""
        if facility_id in self.opened:
            self.opened[facility_id].update(values)
        else:
            self.edited.setdefault(facility_id, {}).update(values)

    def value(self, facility_id: str, column: str) -> Any:
        """Return what a column says of a facility by now, NaN where there is none."""
        if facility_id in self.opened:
            return self.opened[facility_id].get(column, float("nan"))
        changed = self.edited.get(facility_id, {})
        if column in changed or column not in self.facilities:
            return changed.get(column, float("nan"))
        return self.facilities[column].iloc[self._rows[facility_id]]


def _changed_facilities(
    facilities: gpd.GeoDataFrame,
    opened: dict[str, dict[str, Any]],
    edited: dict[str, dict[str, Any]],
) -> gpd.GeoDataFrame:
    """Return the facilities with edits by id, and the opened ones as new rows."""
    table = facilities
    if edited:
        table = facilities.copy()
        row_of = pd.Index(table["facility_id"])
        for facility_id, values in edited.items():
            row = row_of.get_loc(facility_id)
            for column, value in values.items():
                table.loc[table.index[row], column] = value
    return _append(table, pd.DataFrame(list(opened.values()))) if opened else table


def _edits(change: Change, standing: _Standing) -> dict[str, Any]:
    """Return the columns that a change sets on its facility."""
    match change:
        case changes.Close():
            return {"status": "closed"}
        case changes.Move():
            return {"geometry": shapely.Point(change.x, change.y)}
        case changes.Convert():
            return {"kind": change.kind}
        case changes.OpenInternal():
            return {"status": "existing", "ownership": "partner"}
        case changes.Enlarge():
            return _room(change, partial(standing.value, change.facility_id))
        case changes.ExtendHours():
            return {"opening_hours": change.opening_hours}
        case changes.AddService():
            offered = named_services(standing.value(change.facility_id, "services"))
            # one that is offered under its name in another language is there already
            there = one_service(change.service) in map(one_service, offered)
            return {"services": ";".join(offered if there else [*offered, change.service])}
    message = f"not a change of a facility: {change!r}"
    raise AssertionError(message)


def _room(change: changes.Enlarge, told: Callable[[str], Any]) -> dict[str, float]:
    """Return capacity and room for residents; the one not given changes with the other."""
    given = {"capacity": change.capacity, "capacity_residents": change.capacity_residents}
    said = {name: float(value) for name, value in given.items() if value is not None}
    for name, other in (tuple(given), tuple(given)[::-1]):
        before, that = _number(told(name)), _number(told(other))
        if name not in said and before >= 0 and that > 0:
            said[name] = before * said[other] / that
    return said


def _number(value: Any) -> float:
    return float(pd.to_numeric(pd.Series([value], dtype=object), errors="coerce").iloc[0])


def _facility(change: changes.Open) -> dict[str, Any]:
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
        "source": SCENARIO,
        "geometry": shapely.Point(change.x, change.y),
    }


def _link_id(wanted: str, taken: set[str]) -> str:
    """Return an id of a link that no street has: one of a scenario of this name may be there."""
    if wanted not in taken:
        return wanted
    return next(name for more in count(2) if (name := f"{wanted}/{more}") not in taken)


def _street(change: changes.Connect, street_id: str) -> dict[str, Any]:
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
    # a GeoDataFrame looks after its geometry with every column: it is made once, of all rows
    plain = pd.DataFrame(layer)
    types = plain.dtypes
    table = rows.assign(geometry=gpd.GeoSeries(rows["geometry"], crs=layer.crs))
    lacking = types.index.difference(table.columns)
    table = table.assign(**{name: _nothing(types[name]) for name in lacking})
    table = table.astype(types.drop("geometry").to_dict(), errors="ignore")
    return gpd.GeoDataFrame(pd.concat([plain, table]), geometry="geometry", crs=layer.crs)


def _nothing(dtype: Any) -> Any:
    """Return what a cell holds of which nothing is told, by the type of its column."""
    if pd.api.types.is_bool_dtype(dtype):
        return False
    return "" if pd.api.types.is_object_dtype(dtype) else float("nan")
