"""A planner's scenarios at work: the one being drawn, what was undone, and those kept by name.

Kept by itself on the server under a random id that only the planner's own address carries.
"""

from __future__ import annotations

import json
import re
import secrets
from dataclasses import dataclass, field, replace
from pathlib import Path

from planner.district import Scenario
from planner.district.scenario import Change
from planner.errors import InputError, PlannerError
from planner.sources.kept_files import (
    NONE,
    ChangedMeanwhileError,
    Kept,
    clean,
    read_kept,
    write_kept,
)

MOST_KEPT = 40
MOST_CHANGES = 200
MOST_BYTES = 1_000_000
MOST_WORK_BYTES = 32_000_000
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


class WorkFiles:
    """A folder of works, one file each.

    Parameters
    ----------
    folder
        Made when first written to.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        clean(folder)

    def new_id(self) -> str:
        """Return an id that nobody can guess."""
        return "".join(secrets.choice(_ALPHABET) for _ in range(26))

    def read(self, work_id: str, district: str) -> tuple[Work, str] | None:
        """Return a work and its version, None where there is none of that id for that district.

        Raises
        ------
        InputError
            Where its file cannot be understood.
        """
        if not is_id(work_id):
            return None
        kept = read_kept(self._file(work_id), MOST_WORK_BYTES)
        if kept.version == NONE:
            return None
        of, work = _understood(work_id, kept)
        return (work, kept.version) if of == district else None

    def write(self, work_id: str, district: str, work: Work, version: str) -> str:
        """Keep a work under its id, the whole file or nothing; return its new version.

        Parameters
        ----------
        work_id, district, work
            What is kept.
        version
            Version that the work follows on, as read; empty for a new one.

        Raises
        ------
        OtherWorkError
            Where another window wrote another version; nothing is written.
        InputError
            Where the id is none that :meth:`new_id` made.
        WorkError
            Where the disk is full or writing is not permitted.
        """
        if not is_id(work_id):
            raise InputError("app_whatif.bad_id")
        text = work.to_json(district)
        try:
            return write_kept(
                self._file(work_id), text, version, MOST_WORK_BYTES, private=True
            ).version
        except ChangedMeanwhileError as error:
            if error.theirs.text == text:  # both windows did the same
                return error.theirs.version
            _, theirs = _understood(work_id, error.theirs)
            raise OtherWorkError(theirs, error.theirs.version) from error

    def _file(self, work_id: str) -> Path:
        return self._folder / f"{work_id}.json"


class OtherWorkError(InputError):
    """Another window changed the same work meanwhile.

    Parameters
    ----------
    theirs
        The work as the other window left it.
    version
        Its version.
    """

    def __init__(self, theirs: Work, version: str) -> None:
        super().__init__("app_whatif.other_window")
        self.theirs = theirs
        self.version = version


def _understood(work_id: str, kept: Kept) -> tuple[str, Work]:
    if kept.version == NONE:  # another window removed it
        return "", Work()
    try:
        return Work.from_json(kept.text)
    except (ValueError, KeyError, TypeError, RecursionError, PlannerError) as error:
        raise InputError("app_whatif.broken_work", id=work_id) from error


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
