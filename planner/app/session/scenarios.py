"""A planner's scenarios at work: the one being drawn, what was undone, and those kept by name.

Kept by itself on the server under a random id that only the planner's own address carries.
"""

from __future__ import annotations

import json
import os
import re
import secrets
from dataclasses import dataclass, field, replace
from pathlib import Path

from planner.district import Scenario
from planner.district.scenario import Change
from planner.errors import InputError, PlannerError
from planner.views.exports.folders import write_error

MOST_KEPT = 40
MOST_CHANGES = 200
MOST_BYTES = 1_000_000
_ID = re.compile(r"[a-z2-7]{26}")
_ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"


@dataclass(frozen=True)
class Work:
    """What one planner has drawn for one district. Never changed; each step gives another.

    Parameters
    ----------
    current
        The scenario at hand.
    undone
        Changes taken back, the last one first to come again.
    kept
        Scenarios saved, each name once.
    """

    current: Scenario = field(default_factory=lambda: Scenario(""))
    undone: tuple[Change, ...] = ()
    kept: tuple[Scenario, ...] = ()

    def do(self, change: Change) -> Work:
        """Add a change; what was undone cannot come again.

        Raises
        ------
        InputError
            Where the scenario holds all the changes that it may.
        """
        if len(self.current.changes) >= MOST_CHANGES:
            raise InputError("app_whatif.too_many_changes", most=MOST_CHANGES)
        return replace(self, current=self.current.then(change), undone=())

    def undo(self) -> Work:
        """Take the last change back."""
        if not self.current.changes:
            return self
        last = self.current.changes[-1]
        return replace(self, current=self.current.without_last(), undone=(last, *self.undone))

    def redo(self) -> Work:
        """Make the change again that was taken back last."""
        if not self.undone:
            return self
        first, *rest = self.undone
        return replace(self, current=self.current.then(first), undone=tuple(rest))

    def without(self, number: int) -> Work:
        """Leave out one change of the current scenario, counted from 0."""
        changes = self.current.changes
        left = Scenario(
            self.current.name, (*changes[:number], *changes[number + 1 :]), self.current.crs
        )
        return replace(self, current=left, undone=())

    def named(self, name: str) -> Work:
        """Give the current scenario a name."""
        current = Scenario(name.strip(), self.current.changes, self.current.crs)
        return replace(self, current=current)

    def keep(self) -> Work:
        """Save the current scenario under its name, in the place of one of the same name.

        Raises
        ------
        InputError
            Where it has no name, or as many are kept as may be.
        """
        if not self.current.name:
            raise InputError("app_whatif.no_name")
        others = tuple(each for each in self.kept if each.name != self.current.name)
        if len(others) >= MOST_KEPT:
            raise InputError("app_whatif.too_many_kept", most=MOST_KEPT)
        return replace(self, kept=(*others, self.current))

    def load(self, scenario: Scenario) -> Work:
        """Take a scenario up as the current one."""
        return replace(self, current=scenario, undone=())

    def forget(self, name: str) -> Work:
        """Leave a saved scenario out."""
        return replace(self, kept=tuple(each for each in self.kept if each.name != name))

    def to_json(self, district: str) -> str:
        """Return it as JSON text, with the id of its district."""
        undone = Scenario("", self.undone, self.current.crs)
        parts = [self.current, undone, *self.kept]
        scenarios = [json.loads(each.to_json()) for each in parts]
        return json.dumps({"district": district, "scenarios": scenarios}, ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> tuple[str, Work]:
        """Read what :meth:`to_json` wrote: the id of the district, and the work."""
        data = json.loads(text)
        read = [Scenario.from_json(json.dumps(each)) for each in data["scenarios"]]
        current, undone, *kept = read
        return str(data["district"]), cls(current, undone.changes, tuple(kept))


class Drawer:
    """A folder of works, one file each.

    Parameters
    ----------
    folder
        Made when first written to.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def new_id(self) -> str:
        """Return an id that nobody can guess."""
        return "".join(secrets.choice(_ALPHABET) for _ in range(26))

    def read(self, work_id: str, district: str) -> Work | None:
        """Return a work, None where there is none of that id for that district.

        Raises
        ------
        InputError
            Where its file cannot be understood.
        """
        if not is_id(work_id):
            return None
        file = self._folder / f"{work_id}.json"
        if not file.is_file():
            return None
        try:
            of, work = Work.from_json(file.read_text(encoding="utf-8"))
        except (ValueError, KeyError, TypeError, PlannerError) as error:
            raise InputError("app_whatif.broken_work", id=work_id) from error
        return work if of == district else None

    def write(self, work_id: str, district: str, work: Work) -> None:
        """Keep a work under its id, the whole file or nothing.

        Raises
        ------
        InputError
            Where the id is none that :meth:`new_id` made.
        WorkError
            Where the disk is full or writing is not permitted.
        """
        if not is_id(work_id):
            raise InputError("app_whatif.bad_id")
        file = self._folder / f"{work_id}.json"
        part = file.with_suffix(f".{secrets.token_hex(4)}.part")
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            _write_private(part, work.to_json(district))
            part.replace(file)
        except OSError as error:
            part.unlink(missing_ok=True)
            raise write_error(file.name, error) from error


def _write_private(file: Path, text: str) -> None:
    """Write a file that only the server's user may read."""
    number = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(number, "w", encoding="utf-8") as stream:
        stream.write(text)


def is_id(text: str) -> bool:
    """Whether a text has the form of an id.

    Examples
    --------
    >>> is_id("../../etc/passwd"), is_id("a" * 26)
    (False, True)
    """
    return _ID.fullmatch(text) is not None


def uploaded(content: bytes, name: str) -> Scenario:
    """Read a scenario file that a browser sent.

    Raises
    ------
    InputError
        Where it is too large or no scenario.
    """
    if len(content) > MOST_BYTES:
        raise InputError("app_whatif.file_too_large", file=name, most=MOST_BYTES // 1000)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError("district.not_a_scenario", file=name) from error
    scenario = Scenario.from_json(text, name)
    if len(scenario.changes) > MOST_CHANGES:
        raise InputError("app_whatif.too_many_changes", most=MOST_CHANGES)
    return scenario
