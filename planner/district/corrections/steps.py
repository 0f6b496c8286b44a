"""Steps of correcting facilities: made for a district as it is, refused where they cannot stand."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from planner.district.corrections.corrections import (
    FIELDS,
    NEEDED,
    NUMBERS,
    TEXTS,
    Correction,
    Value,
)
from planner.district.district import District
from planner.district.identity.known_again import KNOWN_BY, same_value
from planner.district.layers import LAYERS
from planner.errors import InputError

__all__ = ["add", "again", "complete", "edit", "remove", "values_of"]


def edit(
    district: District, facility_id: str, values: Mapping[str, Value], at: str
) -> Correction | None:
    """Return the step that gives a facility other values, None where nothing differs.

    Parameters
    ----------
    district
        The district as corrected so far.
    facility_id
        Whom it is about.
    values
        By field of :data:`FIELDS`; those left out stay.
    at
        When, ISO 8601.

    Raises
    ------
    InputError
        Where there is no such facility, or a value cannot stand.
    """
    before = values_of(district, facility_id)
    wanted = _checked(district, values)
    new = {name: value for name, value in wanted.items() if not same_value(value, before[name])}
    if not new:
        return None
    if {"x", "y"} & set(new):
        new |= {name: wanted.get(name, before[name]) for name in ("x", "y")}
    old = {name: before[name] for name in new}
    return Correction("edit", facility_id, at, new, old, {name: before[name] for name in KNOWN_BY})


def add(district: District, values: Mapping[str, Value], at: str) -> Correction:
    """Return the step that adds a facility, with an id of its own; see :func:`edit`.

    Raises
    ------
    InputError
        Where kind or place is missing, or a value cannot stand.
    """
    for name in NEEDED:
        if values.get(name) in (None, ""):
            raise InputError("corrections.needed", column=name)
    full = {"status": "existing", "ownership": "public"} | _checked(district, values)
    taken = set(district.facilities["facility_id"])
    free = (f"hand-{n}" for n in range(1, len(taken) + 2))
    own = next(each for each in free if each not in taken)
    return Correction("add", own, at, {k: v for k, v in full.items() if v not in ("", None)}, {})


def remove(district: District, facility_id: str, at: str) -> Correction:
    """Return the step that takes a facility out.

    Raises
    ------
    InputError
        Where there is no such facility.
    """
    held = values_of(district, facility_id)
    old = {k: v for k, v in held.items() if v not in ("", None)}
    return Correction("remove", facility_id, at, {}, old, {name: held[name] for name in KNOWN_BY})


def complete(district: District, kind: str, at: str) -> Correction | None:
    """Return the step that says that all facilities of a kind are listed, None where it is said.

    Raises
    ------
    InputError
        Where the kind is not known here.
    """
    district.with_complete([kind])
    if district.data_state(kind) == "complete":
        return None
    return Correction("complete", "", at, {"kind": kind}, {})


def again(district: District, step: Correction) -> Correction | None:
    """Return a step as it is made on a district that changed since, None where it changes nothing.

    A facility that is added gets an id that is still free, and the values before the step are
    those of the district as it is now.

    Parameters
    ----------
    district
        The district as corrected by now.
    step
        A step that was made for the district as it was before.

    Raises
    ------
    InputError
        Where its facility is gone by now, or a value cannot stand.
    """
    made = _again(district, step)
    return None if made is None else replace(made, source=step.source)


def _again(district: District, step: Correction) -> Correction | None:
    if step.do == "add":
        return add(district, step.new, step.at)
    if step.do == "remove":
        return remove(district, step.facility_id, step.at)
    if step.do == "complete":
        return complete(district, str(step.new["kind"]), step.at)
    if step.do in ("listed", "gone"):
        return step
    return edit(district, step.facility_id, step.new, step.at)


def values_of(district: District, facility_id: str) -> dict[str, Value]:
    """Return the fields of a facility that can be corrected; a number that is missing is None.

    Raises
    ------
    InputError
        Where there is no such facility.
    """
    table = district.facilities
    rows = table[table["facility_id"] == facility_id]
    if rows.empty:
        raise InputError("corrections.no_such_facility", facility_id=facility_id)
    row = rows.iloc[0]
    values: dict[str, Value] = {name: str(row[name]) for name in TEXTS}
    for name in ("floor_area_m2", "capacity"):
        values[name] = None if pd.isna(row[name]) else float(row[name])
    return values | {"x": float(row.geometry.x), "y": float(row.geometry.y)}


def _checked(district: District, values: Mapping[str, Value]) -> dict[str, Value]:
    """Return values as they are kept; refuse what the layer would refuse."""
    result: dict[str, Value] = {}
    for name, value in values.items():
        if name not in FIELDS:
            raise InputError("corrections.unknown_field", column=name)
        if name in NUMBERS:
            result[name] = _number(name, value)
            continue
        text = str(value or "").strip()
        choices = LAYERS["facilities"].column(name)
        if choices is not None and choices.choices and text not in choices.choices:
            raise InputError(
                "corrections.not_a_choice",
                column=name,
                value=text,
                choices=", ".join(choices.choices),
            )
        if name == "kind" and text not in district.kinds:
            raise InputError("corrections.unknown_kind", kind=text, known=", ".join(district.kinds))
        result[name] = text
    return result


def _number(name: str, value: Value) -> float | None:
    if value is None or value == "":
        if name in ("x", "y"):
            raise InputError("corrections.needed", column=name)
        return None
    try:
        number = float(value)
    except ValueError as error:
        raise InputError("corrections.not_a_number", column=name, value=value) from error
    if not math.isfinite(number) or (number < 0 and name not in ("x", "y")):
        raise InputError("corrections.not_a_number", column=name, value=value)
    return round(number, 2) if name in ("x", "y") else number
