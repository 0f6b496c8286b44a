"""Corrections of facilities by hand: what was changed and when, as it is kept.

A correction says what is true today, other than a change of a scenario, which says what could be.
Each keeps the values before it, so that a list of corrections can be read and taken back.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Container, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Literal, get_args

from planner.documents import is_number, parse_kept
from planner.errors import InputError

FORMAT = "planner-corrections"
VERSION = 4
_REFUSALS = ("corrections.not_corrections", "corrections.newer")
MOST_STEPS = 5_000
BY_HAND = "corrected by hand"
"""Source of what a planner corrected, in the provenance of the layer ``facilities``."""

Deed = Literal["edit", "add", "remove", "complete", "listed", "gone"]
Value = str | float | None

_SINCE: Mapping[str, int] = {"complete": 2, "listed": 3, "gone": VERSION}
"""Deeds that say something of lists and change no facility, and the first version of the file that
has each."""

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

NEEDED = ("kind", "x", "y")
"""What a facility that is added cannot be without."""


@dataclass(frozen=True)
class Correction:
    """One step: a facility edited, added or removed, a kind called complete, a list believed.

    Parameters
    ----------
    do
        ``"edit"``, ``"add"``, ``"remove"``; ``"complete"``: all facilities of the kind in `new`
        are listed, none included; ``"listed"``: where the list has the facility, it goes before
        what was entered by hand until then; or ``"gone"``: a later list has it no more, and goes
        before what was entered by hand all the same.
    facility_id
        Whose values change; empty for ``"complete"``.
    at
        When, ISO 8601 with the time zone.
    new, old
        Values by field of :data:`FIELDS`, after and before; only those that differ. `old` is
        empty for one added, `new` for one removed.
    of
        Name, kind, `x` and `y` of the facility as it was, by which it is known again where a list
        that is imported anew gives its id to another; empty in files of before.
    source
        By what it is known, as the column ``source`` of the facility then says; empty for a
        planner's own word.
    """

    do: Deed
    facility_id: str
    at: str
    new: Mapping[str, Value]
    old: Mapping[str, Value]
    of: Mapping[str, Value] = field(default_factory=dict)
    source: str = ""


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

    def standing(self, listed: Container[str]) -> tuple[Correction, ...]:
        """Return the steps about facilities that hold beside a list, in their order.

        Where it was said that the list goes before what was entered by hand, earlier steps hold
        only as long as the list has not the facility: where its row is taken back, they hold again.
        Where a later list dropped it they do not: it is gone, unless that list is taken back.

        Parameters
        ----------
        listed
            Ids of the facilities that the list has.
        """
        begins = {
            step.facility_id: number
            for number, step in enumerate(self.steps)
            if (step.do == "listed" and step.facility_id in listed)
            or (step.do == "gone" and step.facility_id not in listed)
        }
        return tuple(
            step
            for number, step in enumerate(self.steps)
            if step.do not in _SINCE and number >= begins.get(step.facility_id, 0)
        )

    def believing(self, listed: Mapping[str, bool], at: str) -> Corrections:
        """Return corrections with what was decided of facilities that a list has now.

        Parameters
        ----------
        listed
            By id whether the list goes before what was entered by hand, or the other way round.
        at
            When, ISO 8601.

        Raises
        ------
        InputError
            As of :meth:`do`.
        """
        stay = tuple(
            step for step in self.steps if step.do != "listed" or step.facility_id not in listed
        )
        fresh = [Correction("listed", own, at, {}, {}) for own, goes in listed.items() if goes]
        if not fresh and len(stay) == len(self.steps):
            return self
        return replace(self, steps=stay).do(*fresh)

    def dropping(self, gone: Collection[str], at: str) -> Corrections:
        """Return corrections with facilities gone of which a list was believed that drops them.

        Parameters
        ----------
        gone
            Ids of facilities that a list had until now.
        at
            When, ISO 8601.

        Raises
        ------
        InputError
            As of :meth:`do`.
        """
        believed = dict.fromkeys(
            step.facility_id
            for step in self.steps
            if step.do == "listed" and step.facility_id in gone
        )
        fresh = [Correction("gone", own, at, {}, {}) for own in believed]
        return self.do(*fresh) if fresh else self

    @property
    def sign(self) -> str:
        """A sum of the steps that hold, empty where none does: equal for equal effects."""
        if not self.steps:
            return ""
        text = json.dumps([_kept(step) for step in self.steps], sort_keys=True)
        return hashlib.sha256(f"{self.crs} {text}".encode()).hexdigest()[:16]

    def to_json(self) -> str:
        """Return the corrections as JSON text."""
        both = (*self.steps, *self.undone)
        deeds = {step.do for step in both}
        version = max((_SINCE.get(deed, 1) for deed in deeds), default=1)
        head = {"format": FORMAT, "version": version, "crs": self.crs}
        lists = {name: [_kept(step) for step in getattr(self, name)] for name in _LISTS}
        return json.dumps({**head, **lists}, ensure_ascii=False, indent=1)

    @classmethod
    def from_json(cls, text: str, file: str = "corrections") -> Corrections:
        """Read corrections from JSON text.

        Raises
        ------
        InputError
            Where it is none, or made by a newer version; names the step that is wrong.
        """
        data = parse_kept(text, FORMAT, VERSION, _REFUSALS, file)
        read: dict[str, tuple[Correction, ...]] = {}
        for name in _LISTS:
            entries = data.get(name, [])
            if not isinstance(entries, list) or len(entries) > MOST_STEPS:
                raise InputError("corrections.not_corrections", file=file)
            read[name] = tuple(_step(entry, n, file) for n, entry in enumerate(entries, start=1))
        return cls(**read, crs=str(data.get("crs", "")))


_LISTS = ("steps", "undone")


def _kept(step: Correction) -> dict[str, Any]:
    """Return a step as it is kept; one that tells of no facility is as it always was."""
    later = ("of", "source")
    return {name: value for name, value in asdict(step).items() if name not in later or value}


def _step(entry: object, number: int, file: str) -> Correction:
    def wrong(problem: str) -> InputError:
        return InputError("corrections.bad_step", file=file, number=number, problem=problem)

    if not isinstance(entry, Mapping) or entry.get("do") not in get_args(Deed):
        raise wrong("do")
    for name in ("facility_id", "at", "source"):
        needed = name == "at" or (name == "facility_id" and entry["do"] != "complete")
        told = entry.get(name, "" if name == "source" else None)
        if not isinstance(told, str) or (needed and not told):
            raise wrong(name)
    values: dict[str, dict[str, Value]] = {}
    for name in ("new", "old", "of"):
        held = entry.get(name, {})
        if not isinstance(held, Mapping):
            raise wrong(name)
        for key, value in held.items():
            if key not in FIELDS or not _fits(key, value):
                raise wrong(f"{name}.{key}")
        values[name] = dict(held)
    if any(("x" in held) != ("y" in held) for held in values.values()):
        raise wrong("x, y")
    if entry["do"] == "add" and any(values["new"].get(name) is None for name in NEEDED):
        raise wrong("new")
    if entry["do"] == "complete" and not values["new"].get("kind"):
        raise wrong("new.kind")
    source = entry.get("source", "")
    return Correction(entry["do"], entry["facility_id"], entry["at"], **values, source=source)


def _fits(name: str, value: object) -> bool:
    if name in TEXTS:
        return isinstance(value, str)
    if value is None:
        return name not in ("x", "y")
    return is_number(value)
