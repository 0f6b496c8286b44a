"""What one planner has drawn for one district: a scenario, what was undone, and those saved."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace

from planner.district import Scenario
from planner.district.scenarios.scenario import Change
from planner.documents import parse_json
from planner.errors import InputError

MOST_KEPT = 40
MOST_CHANGES = 200


@dataclass(frozen=True)
class Draft:
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

    def do(self, change: Change) -> Draft:
        """Add a change; what was undone cannot come again.

        Raises
        ------
        InputError
            Where the scenario holds all the changes that it may.
        """
        if len(self.current.changes) >= MOST_CHANGES:
            raise InputError("app_what_if.too_many_changes", most=MOST_CHANGES)
        return replace(self, current=self.current.then(change), undone=())

    def undo(self) -> Draft:
        """Take the last change back."""
        if not self.current.changes:
            return self
        last = self.current.changes[-1]
        return replace(self, current=self.current.without_last(), undone=(last, *self.undone))

    def redo(self) -> Draft:
        """Make the change again that was taken back last."""
        if not self.undone:
            return self
        first, *rest = self.undone
        return replace(self, current=self.current.then(first), undone=tuple(rest))

    def without(self, number: int) -> Draft:
        """Leave out one change of the current scenario, counted from 0."""
        changes = self.current.changes
        left = Scenario(
            self.current.name,
            (*changes[:number], *changes[number + 1 :]),
            self.current.crs,
            self.current.of,
        )
        return replace(self, current=left, undone=())

    def named(self, name: str) -> Draft:
        """Give the current scenario a name."""
        held = self.current
        current = Scenario(name.strip(), held.changes, held.crs, held.of)
        return replace(self, current=current)

    def keep(self) -> Draft:
        """Save the current scenario under its name, in the place of one of the same name.

        Raises
        ------
        InputError
            Where it has no name, or as many are kept as may be.
        """
        if not self.current.name:
            raise InputError("app_what_if.no_name")
        others = tuple(each for each in self.kept if each.name != self.current.name)
        if len(others) >= MOST_KEPT:
            raise InputError("app_what_if.too_many_kept", most=MOST_KEPT)
        return replace(self, kept=(*others, self.current))

    def load(self, scenario: Scenario) -> Draft:
        """Take a scenario up as the current one."""
        return replace(self, current=scenario, undone=())

    def forget(self, name: str) -> Draft:
        """Leave a saved scenario out."""
        return replace(self, kept=tuple(each for each in self.kept if each.name != name))

    def to_json(self, district: str) -> str:
        """Return it as JSON text, with the id of its district."""
        undone = Scenario("", self.undone, self.current.crs)
        parts = [self.current, undone, *self.kept]
        scenarios = [json.loads(each.to_json()) for each in parts]
        return json.dumps({"district": district, "scenarios": scenarios}, ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> tuple[str, Draft]:
        """Read what :meth:`to_json` wrote: the id of the district, and the draft."""
        data = parse_json(text)
        read = [Scenario.from_json(json.dumps(each)) for each in data["scenarios"]]
        current, undone, *kept = read
        return str(data["district"]), cls(current, undone.changes, tuple(kept))
