"""Corrections of facilities by hand: what was changed, when, and the district with them.

A correction says what is true today, other than a change of a scenario, which says what could be.
Each keeps the values before it, so that a list of corrections can be read and taken back.
"""

from __future__ import annotations

import hashlib
import json
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal, get_args

import geopandas as gpd
import pandas as pd
import shapely

from planner.district.district import District, Source
from planner.district.layers import LAYERS
from planner.documents import parse_json
from planner.errors import Finding, InputError

FORMAT = "planner-corrections"
VERSION = 2
MOST_STEPS = 5_000
BY_HAND = "corrected by hand"
"""Source of what a planner corrected, in the provenance of the layer ``facilities``."""

Deed = Literal["edit", "add", "remove", "complete"]
Value = str | float | None

NUMBERS = ("x", "y", "floor_area_m2", "capacity")
TEXTS = (
    "name",
    "kind",
    "status",
    "ownership",
    "department",
    "opening_hours",
    "services",
)
FIELDS = (*TEXTS, *NUMBERS)
"""What can be corrected: columns of ``facilities``, and ``x`` and ``y``, metres in its CRS."""

_CORRECTED = re.compile(r"(; |^)corrected [0-9-]{10}$")
_NEEDED = ("kind", "x", "y")


@dataclass(frozen=True)
class Correction:
    """One step: a facility edited, added or removed, or a kind said to be complete.

    Parameters
    ----------
    do
        ``"edit"``, ``"add"``, ``"remove"``; or ``"complete"``: all facilities of the kind in `new`
        are listed, none included.
    facility_id
        Whose values change; empty for ``"complete"``.
    at
        When, ISO 8601 with the time zone.
    new, old
        Values by field of :data:`FIELDS`, after and before; only those that differ. `old` is
        empty for one added, `new` for one removed.
    """

    do: Deed
    facility_id: str
    at: str
    new: Mapping[str, Value]
    old: Mapping[str, Value]


@dataclass(frozen=True)
class Corrections:
    """All corrections of one district, in their order. Never changed; each step gives another.

    Parameters
    ----------
    steps
        Corrections that hold.
    undone
        Those taken back, the next to come again first.
    crs
        CRS of ``x`` and ``y``, such as ``"EPSG:4547"``.

    Examples
    --------
    >>> step = Correction("remove", "f1", "2026-01-02T08:00:00+00:00", {}, {"kind": "clinic"})
    >>> made = Corrections(crs="EPSG:4547").do(step)
    >>> Corrections.from_json(made.undo().to_json()).redo() == made
    True
    """

    steps: tuple[Correction, ...] = ()
    undone: tuple[Correction, ...] = ()
    crs: str = ""

    def do(self, *steps: Correction) -> Corrections:
        """Add steps; what was undone cannot come again.

        Raises
        ------
        InputError
            Where there are as many as may be.
        """
        if len(self.steps) + len(steps) > MOST_STEPS:
            raise InputError("corrections.too_many", most=MOST_STEPS)
        return replace(self, steps=(*self.steps, *steps), undone=())

    def undo(self) -> Corrections:
        """Take the last step back."""
        if not self.steps:
            return self
        return replace(self, steps=self.steps[:-1], undone=(self.steps[-1], *self.undone))

    def redo(self) -> Corrections:
        """Make the step again that was taken back last."""
        if not self.undone:
            return self
        return replace(self, steps=(*self.steps, self.undone[0]), undone=self.undone[1:])

    @property
    def sign(self) -> str:
        """A sum of the steps that hold, empty where none does: equal for equal effects."""
        if not self.steps:
            return ""
        text = json.dumps([asdict(step) for step in self.steps], sort_keys=True)
        return hashlib.sha256(f"{self.crs} {text}".encode()).hexdigest()[:16]

    def to_json(self) -> str:
        """Return the corrections as JSON text."""
        both = (*self.steps, *self.undone)
        version = VERSION if any(step.do == "complete" for step in both) else 1
        head = {"format": FORMAT, "version": version, "crs": self.crs}
        lists = {name: [asdict(step) for step in getattr(self, name)] for name in _LISTS}
        return json.dumps({**head, **lists}, ensure_ascii=False, indent=1)

    @classmethod
    def from_json(cls, text: str, file: str = "corrections") -> Corrections:
        """Read corrections from JSON text.

        Raises
        ------
        InputError
            Where it is none, or made by a newer version; names the step that is wrong.
        """
        try:
            data = parse_json(text)
        except (ValueError, RecursionError) as error:
            raise InputError("corrections.not_corrections", file=file) from error
        if not isinstance(data, dict) or data.get("format") != FORMAT:
            raise InputError("corrections.not_corrections", file=file)
        version = data.get("version")
        if not isinstance(version, int) or version > VERSION:
            raise InputError("corrections.newer", file=file, version=version)
        read: dict[str, tuple[Correction, ...]] = {}
        for name in _LISTS:
            entries = data.get(name, [])
            if not isinstance(entries, list) or len(entries) > MOST_STEPS:
                raise InputError("corrections.not_corrections", file=file)
            read[name] = tuple(_step(entry, n, file) for n, entry in enumerate(entries, start=1))
        return cls(**read, crs=str(data.get("crs", "")))


_LISTS = ("steps", "undone")


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
    new = {name: value for name, value in wanted.items() if not _same(value, before[name])}
    if not new:
        return None
    if {"x", "y"} & set(new):
        new |= {name: wanted.get(name, before[name]) for name in ("x", "y")}
    return Correction("edit", facility_id, at, new, {name: before[name] for name in new})


def add(district: District, values: Mapping[str, Value], at: str) -> Correction:
    """Return the step that adds a facility, with an id of its own; see :func:`edit`.

    Raises
    ------
    InputError
        Where kind or place is missing, or a value cannot stand.
    """
    for name in _NEEDED:
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
    return Correction(
        "remove", facility_id, at, {}, {k: v for k, v in held.items() if v not in ("", None)}
    )


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
    if step.do == "add":
        return add(district, step.new, step.at)
    if step.do == "remove":
        return remove(district, step.facility_id, step.at)
    if step.do == "complete":
        return complete(district, str(step.new["kind"]), step.at)
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


def apply_corrections(district: District, corrections: Corrections) -> District:
    """Return the district as corrected; the one given stays as it is.

    Parameters
    ----------
    district
        As read from its file.
    corrections
        The steps. One about a facility that the file no longer holds is left out, and told.

    Returns
    -------
    District
        With a source "corrected by hand" for ``facilities``, the date in the column ``source`` of
        each facility changed, and findings that tell how many were.

    Raises
    ------
    InputError
        Where the coordinates are in another CRS, or a value cannot stand in the layer.
    """
    if not corrections.steps:
        return district
    crs = district.crs.to_string()
    if corrections.crs and corrections.crs != crs:
        raise InputError("corrections.other_crs", crs=corrections.crs, expected=crs)
    rows = _Rows(district.facilities)
    lost: dict[str, None] = {}
    stale: dict[str, None] = {}
    touched: set[str] = set()
    said: dict[str, str] = {}
    for step in corrections.steps:
        if step.do == "complete":
            said[str(step.new["kind"])] = step.at[:10]
            continue
        if step.do == "remove":
            rows.remove(step.facility_id)
            continue
        row = rows.get(step.facility_id)
        if row is None and step.do == "edit":
            lost[step.facility_id] = None
            continue
        if row is not None and step.facility_id not in touched and _moved_on(row, step):
            stale[step.facility_id] = None
        touched.add(step.facility_id)
        if row is None:
            rows.add(_new_row(step))
        else:
            _set(row, step)
    deeds = [step for step in corrections.steps if step.do != "complete"]
    after = district
    if deeds:
        date = deeds[-1].at[:10]
        after = replace(
            district.with_layers(facilities=rows.table()),
            sources=(*district.sources, Source("facilities", BY_HAND, date)),
        )
    for kind, when in said.items():
        after = after.with_complete([kind], BY_HAND, when)
    told = [*_told(deeds, list(lost), list(stale)), *_told_complete(said)]
    return replace(after, findings=tuple(dict.fromkeys([*after.findings, *told])))


def _told_complete(said: Mapping[str, str]) -> Iterable[Finding]:
    """Tell which kinds were said to be complete, by the date of it."""
    if said:
        params = {"kinds": ", ".join(said), "date": max(said.values())}
        yield Finding("corrections.said_complete", params)


def _told(steps: list[Correction], lost: list[str], stale: list[str]) -> Iterable[Finding]:
    if not steps:
        return
    deeds, date = [step.do for step in steps], steps[-1].at[:10]
    counts = {do: deeds.count(do) for do in ("edit", "add", "remove")}
    yield Finding("corrections.applied", {"count": len(deeds), "date": date, **counts})
    if lost:
        yield Finding("corrections.lost", {"count": len(lost), "ids": _some(lost)})
    if stale:
        yield Finding("corrections.stale", {"count": len(stale), "ids": _some(stale)})


def _some(ids: list[str]) -> str:
    return ", ".join(ids[:5]) + (" …" if len(ids) > 5 else "")


class _Rows:
    """The rows of a table by id, changed one by one and put together once.

    Parameters
    ----------
    table
        The layer ``facilities``; it stays as it is.
    """

    def __init__(self, table: gpd.GeoDataFrame) -> None:
        self._table = table.reset_index(drop=True)
        self._place = {own: at for at, own in enumerate(table["facility_id"])}
        self._cells = {str(name): table[name].to_numpy(dtype=object) for name in table}
        self._gone: set[int] = set()
        self._changed: dict[str, dict[str, Any]] = {}
        self._fresh: dict[str, dict[str, Any]] = {}

    def get(self, own: str) -> dict[str, Any] | None:
        """Return a row to read and change, None where there is none of that id."""
        if own in self._fresh:
            return self._fresh[own]
        at = self._place.get(own)
        if at is None or at in self._gone:
            return None
        if own not in self._changed:
            self._changed[own] = {name: cells[at] for name, cells in self._cells.items()}
        return self._changed[own]

    def add(self, row: dict[str, Any]) -> None:
        """Put a row at the end."""
        self._fresh[row["facility_id"]] = row

    def remove(self, own: str) -> None:
        """Take a row out, if there is one of that id."""
        self._fresh.pop(own, None)
        self._changed.pop(own, None)
        if own in self._place:
            self._gone.add(self._place[own])

    def table(self) -> gpd.GeoDataFrame:
        """Return the table as changed."""
        result, crs = self._table.copy(), self._table.crs
        at = [self._place[own] for own in self._changed]
        for name in ("geometry", "source", *TEXTS, *NUMBERS):
            if at and name in result:
                cells = result[name].copy()
                cells.iloc[at] = [row[name] for row in self._changed.values()]
                result[name] = cells
        result = result.drop(index=list(self._gone))
        if not self._fresh:
            return result.reset_index(drop=True)
        fresh = gpd.GeoDataFrame(list(self._fresh.values()), geometry="geometry", crs=crs)
        parts = [part for part in (result, fresh) if len(part)]
        both = pd.concat(parts, ignore_index=True)
        return gpd.GeoDataFrame(both, geometry="geometry", crs=crs)


def _moved_on(row: Mapping[str, Any], step: Correction) -> bool:
    """Whether the file has another value than the one that was corrected, nor the corrected one."""
    now = dict(row) | {"x": row["geometry"].x, "y": row["geometry"].y}
    return any(
        not _same(now[name], old) and not _same(now[name], step.new.get(name))
        for name, old in step.old.items()
    )


def _set(row: dict[str, Any], step: Correction) -> None:
    for name, value in step.new.items():
        if name not in ("x", "y"):
            row[name] = math.nan if value is None else value
    if "x" in step.new:
        row["geometry"] = _spot(step)
    if step.do != "add":
        first = _CORRECTED.sub("", str(row["source"]))
        row["source"] = f"{first}; corrected {step.at[:10]}".removeprefix("; ")


def _new_row(step: Correction) -> dict[str, Any]:
    row = {name: value for name, value in step.new.items() if name not in ("x", "y")}
    row |= {"facility_id": step.facility_id, "source": f"by hand {step.at[:10]}"}
    for column in LAYERS["facilities"].columns:
        row.setdefault(column.name, "" if column.dtype == "str" else math.nan)
    return row | {"geometry": _spot(step)}


def _spot(step: Correction) -> shapely.Point:
    return shapely.Point([float(step.new[name] or 0.0) for name in ("x", "y")])


def _same(a: Any, b: Any) -> bool:
    if isinstance(a, str) or isinstance(b, str):
        return str(a or "") == str(b or "")
    missing = [value is None or math.isnan(value) for value in (a, b)]
    return all(missing) if any(missing) else abs(a - b) < 0.005


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


def _step(entry: object, number: int, file: str) -> Correction:
    def wrong(problem: str) -> InputError:
        return InputError("corrections.bad_step", file=file, number=number, problem=problem)

    if not isinstance(entry, Mapping) or entry.get("do") not in get_args(Deed):
        raise wrong("do")
    for name in ("facility_id", "at"):
        needed = name == "at" or entry["do"] != "complete"
        if not isinstance(entry.get(name), str) or (needed and not entry[name]):
            raise wrong(name)
    values: dict[str, dict[str, Value]] = {}
    for name in ("new", "old"):
        held = entry.get(name, {})
        if not isinstance(held, Mapping):
            raise wrong(name)
        for key, value in held.items():
            if key not in FIELDS or not _fits(key, value):
                raise wrong(f"{name}.{key}")
        values[name] = dict(held)
    if any(("x" in held) != ("y" in held) for held in values.values()):
        raise wrong("x, y")
    if entry["do"] == "add" and any(values["new"].get(name) is None for name in _NEEDED):
        raise wrong("new")
    if entry["do"] == "complete" and not values["new"].get("kind"):
        raise wrong("new.kind")
    return Correction(entry["do"], entry["facility_id"], entry["at"], values["new"], values["old"])


def _fits(name: str, value: object) -> bool:
    if name in TEXTS:
        return isinstance(value, str)
    if value is None:
        return name not in ("x", "y")
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
