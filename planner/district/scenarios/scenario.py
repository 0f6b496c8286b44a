"""A scenario: a named list of changes to a district, kept as a small file."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields
from numbers import Real
from pathlib import Path
from typing import Any, ClassVar, get_type_hints

from planner.district.identity.known_again import KNOWN_BY
from planner.documents import is_number, parse_kept
from planner.errors import InputError, MissingFileError
from planner.shown import Shown

FORMAT = "planner-scenario"
VERSION = 1
_REFUSALS = ("district.not_a_scenario", "district.newer_scenario")


@dataclass(frozen=True)
class Open:
    """Open a new facility of a kind at a place, metres in the district's CRS.

    Those of one `building` share it, and cost less than each in its own; ``premises:<id>`` are
    premises of that facility.
    """

    do: ClassVar[str] = "open"
    facility_id: str
    kind: str
    x: float
    y: float
    name: str = ""
    capacity: float | None = None
    floor_area_m2: float | None = None
    opening_hours: str = ""
    services: str = ""
    building: str = ""


@dataclass(frozen=True)
class Close:
    """Close a facility."""

    do: ClassVar[str] = "close"
    facility_id: str


@dataclass(frozen=True)
class Move:
    """Move a facility to another place, metres in the district's CRS."""

    do: ClassVar[str] = "move"
    facility_id: str
    x: float
    y: float


@dataclass(frozen=True)
class Convert:
    """Turn a facility into another kind."""

    do: ClassVar[str] = "convert"
    facility_id: str
    kind: str


@dataclass(frozen=True)
class OpenInternal:
    """Open a unit's internal facility, or a planned or closed one, to all residents."""

    do: ClassVar[str] = "open_internal"
    facility_id: str


@dataclass(frozen=True)
class Enlarge:
    """Give a facility another capacity, people a day, or other room, residents; or both.

    Where one is given and the facility tells both today, the other changes in proportion.
    """

    do: ClassVar[str] = "enlarge"
    facility_id: str
    capacity: float | None = None
    capacity_residents: float | None = None

    def __post_init__(self) -> None:
        """Refuse an enlargement that says nothing."""
        if self.capacity is None and self.capacity_residents is None:
            message = "capacity or capacity_residents is needed"
            raise TypeError(message)


@dataclass(frozen=True)
class ExtendHours:
    """Give a facility other opening hours, in the OpenStreetMap syntax."""

    do: ClassVar[str] = "extend_hours"
    facility_id: str
    opening_hours: str


@dataclass(frozen=True)
class AddService:
    """Let a facility offer one more service."""

    do: ClassVar[str] = "add_service"
    facility_id: str
    service: str


@dataclass(frozen=True)
class Connect:
    """Connect two places of the street network by a gate, a footbridge or a path.

    Each end joins the nearest street. The way between is straight unless `length_m` says more.
    """

    do: ClassVar[str] = "connect"
    x1: float
    y1: float
    x2: float
    y2: float
    name: str = ""
    length_m: float | None = None


Change = Open | Close | Move | Convert | OpenInternal | Enlarge | ExtendHours | AddService | Connect
CHANGES: dict[str, type[Any]] = {
    cls.do: cls
    for cls in (
        Open,
        Close,
        Move,
        Convert,
        OpenInternal,
        Enlarge,
        ExtendHours,
        AddService,
        Connect,
    )
}

_TYPES: dict[str, dict[str, Any]] = {
    deed: {each.name: get_type_hints(cls)[each.name] for each in fields(cls)}
    for deed, cls in CHANGES.items()
}
"""Types of each change's fields."""


@dataclass(frozen=True)
class Scenario(Shown):
    """A named list of changes, applied in order by :meth:`planner.Assessment.apply`.

    Parameters
    ----------
    name
        Name shown to people.
    changes
        What is done, in order; or one change.
    crs
        CRS of the coordinates, such as ``"EPSG:4547"``; empty means that of the district it is
        applied to.
    of
        By id of a facility that is changed, by what it is known again (see
        :mod:`planner.district.identity.known_again`); those that are not there are taken by their
        id alone.

    Raises
    ------
    InputError
        ``district.scenario_change`` for what is no change, or whose fields are of other types.

    Examples
    --------
    >>> scenario = Scenario("a clinic", [Close("f1"), Open("f2", "clinic", 500.0, 300.0)])
    >>> Scenario.from_json(scenario.to_json()) == scenario
    True
    """

    name: str
    changes: tuple[Change, ...] = ()
    crs: str = ""
    of: Mapping[str, Mapping[str, Any]] = field(default_factory=dict, hash=False)

    def __init__(
        self,
        name: str,
        changes: Iterable[Change] = (),
        crs: str = "",
        of: Mapping[str, Mapping[str, Any]] | None = None,
    ) -> None:
        made = (changes,) if isinstance(changes, tuple(CHANGES.values())) else tuple(changes)
        for number, change in enumerate(made, start=1):
            _check_fields(change, number, name)
        object.__setattr__(self, "name", name)
        object.__setattr__(self, "changes", made)
        object.__setattr__(self, "crs", crs)
        object.__setattr__(self, "of", dict(of or {}))

    def then(self, *changes: Change) -> Scenario:
        """Return the scenario with more changes at its end."""
        return Scenario(self.name, (*self.changes, *changes), self.crs, self.of)

    def without_last(self) -> Scenario:
        """Return the scenario with its last change undone."""
        return Scenario(self.name, self.changes[:-1], self.crs, self.of)

    def to_json(self) -> str:
        """Return the scenario as JSON text."""
        changes = [
            {"do": change.do, **{k: v for k, v in asdict(change).items() if v not in (None, "")}}
            for change in self.changes
        ]
        head = {"format": FORMAT, "version": VERSION, "name": self.name, "crs": self.crs}
        named = {change.facility_id for change in self.changes if not isinstance(change, Connect)}
        of = {key: dict(marks) for key, marks in self.of.items() if key in named}
        body = {"changes": changes, **({"facilities": of} if of else {})}
        return json.dumps({**head, **body}, ensure_ascii=False, indent=1)

    @classmethod
    def from_json(cls, text: str, file: str = "scenario") -> Scenario:
        """Read a scenario from JSON text.

        Raises
        ------
        InputError
            Where it is not a scenario; the message names the change that is wrong.
        """
        data = parse_kept(text, FORMAT, VERSION, _REFUSALS, file)
        changes = read_changes(data.get("changes"), file)
        of = data.get("facilities", {})
        if not isinstance(of, Mapping) or not all(map(_are_marks, of.values())):
            raise InputError("district.not_a_scenario", file=file)
        return cls(str(data.get("name", "")), changes, str(data.get("crs", "")), of)

    def save(self, path: str | Path) -> Path:
        """Write the scenario to a file and return its path."""
        path = Path(path)
        path.write_text(self.to_json() + "\n", encoding="utf-8")
        return path

    @classmethod
    def load(cls, path: str | Path) -> Scenario:
        """Read a scenario from a file.

        Raises
        ------
        MissingFileError, InputError
            Where there is no such file or it is not a scenario.
        """
        path = Path(path)
        if not path.is_file():
            raise MissingFileError("district.missing_file", file=str(path))
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError as error:
            raise InputError("district.not_a_scenario", file=path.name) from error
        return cls.from_json(text, path.name)


def read_changes(entries: object, file: str = "scenario") -> tuple[Change, ...]:
    """Return the changes that the list of a scenario's file tells.

    Raises
    ------
    InputError
        Where it is none; the message names the change that is wrong.
    """
    if not isinstance(entries, list):
        raise InputError("district.not_a_scenario", file=file)
    return tuple(_change(entry, number, file) for number, entry in enumerate(entries, start=1))


def _change(entry: object, number: int, file: str) -> Change:
    def wrong(problem: str) -> InputError:
        return InputError("district.scenario_change", file=file, number=number, problem=problem)

    deed = entry.get("do") if isinstance(entry, Mapping) else None
    if not isinstance(entry, Mapping) or not isinstance(deed, str) or deed not in CHANGES:
        raise wrong(f"'do' is one of {', '.join(CHANGES)}")
    cls = CHANGES[deed]
    values = {key: value for key, value in entry.items() if key != "do"}
    known = _TYPES[deed]
    for key, value in values.items():
        if key not in known:
            raise wrong(f"the field '{key}' is not known")
        if known[key] is str and not isinstance(value, str):
            raise wrong(f"the field '{key}' must be text")
        if known[key] is not str and not is_number(value):
            raise wrong(f"the field '{key}' must be a number")
    try:
        change: Change = cls(**values)
    except TypeError as error:
        raise wrong("a field is missing; it needs " + ", ".join(known)) from error
    return change


def _check_fields(change: object, number: int, scenario: str) -> None:
    """Refuse a change made in Python whose fields are not of their types."""
    deed = getattr(change, "do", None)
    problem = f"it is none of {', '.join(cls.__name__ for cls in CHANGES.values())}"
    if deed in CHANGES and isinstance(change, CHANGES[deed]):
        values = {name: getattr(change, name) for name in _TYPES[deed]}
        wrong = [
            (name, "text" if kind is str else "a number")
            for name, kind in _TYPES[deed].items()
            if not (
                isinstance(values[name], str)
                if kind is str
                else isinstance(values[name], Real) or (kind is not float and values[name] is None)
            )
        ]
        if not wrong:
            return
        problem = f"the field '{wrong[0][0]}' must be {wrong[0][1]}"
    raise InputError("district.scenario_change", file=scenario, number=number, problem=problem)


def _are_marks(marks: object) -> bool:
    """Return whether these are what a facility is known by."""
    return (
        isinstance(marks, Mapping)
        and set(marks) == set(KNOWN_BY)
        and all(isinstance(marks[name], str) for name in ("name", "kind"))
        and all(is_number(marks[name]) for name in ("x", "y"))
    )
