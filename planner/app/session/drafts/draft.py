"""What one planner has drawn for one district: a scenario, what was undone, and those saved."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from planner.district import Scenario
from planner.district.scenarios.scenario import Change
from planner.documents import parse_json
from planner.errors import InputError

MOST_KEPT = 40
MOST_CHANGES = 200
MOST_SAID = 20


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
    said
        Settings that go with the work, such as prices, by name: what was said of each, the
        latest last.
    """

    current: Scenario = field(default_factory=lambda: Scenario(""))
    undone: tuple[Change, ...] = ()
    kept: tuple[Scenario, ...] = ()
    said: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def setting(self, name: str) -> str:
        """Return what was said last of a setting, such as prices; empty where nothing was."""
        return ("", *self.said.get(name, ()))[-1]

    def set(self, name: str, text: str) -> Draft:
        """Say something of a setting; what was said before comes back by :meth:`unset`."""
        told = (*self.said.get(name, ()), text)[-MOST_SAID:]
        return replace(self, said={**self.said, name: told})

    def unset(self, name: str) -> Draft:
        """Take back what was said last of a setting."""
        return replace(self, said={**self.said, name: self.said.get(name, ())[:-1]})

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

    def set_aside(self, name: str) -> Draft:
        """Save the current scenario beside those saved already, so that another may be begun.

        Parameters
        ----------
        name
            What it is called where it has no name of its own.

        Raises
        ------
        InputError
            Where as many are kept as may be.
        """
        now = self.current
        own = now.name or name
        if not now.changes or any((e.name, e.changes) == (own, now.changes) for e in self.kept):
            return self
        taken = {each.name for each in self.kept}
        free = [own, *(f"{own} {number}" for number in range(2, len(taken) + 3))]
        return self.named(next(each for each in free if each not in taken)).keep()

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
        told: dict[str, object] = {"district": district, "scenarios": scenarios}
        if any(self.said.values()):
            told["said"] = {name: list(texts) for name, texts in self.said.items()}
        return json.dumps(told, ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> tuple[str, Draft]:
        """Read what :meth:`to_json` wrote: the id of the district, and the draft."""
        data = parse_json(text)
        read = [Scenario.from_json(json.dumps(each)) for each in data["scenarios"]]
        current, undone, *kept = read
        said = {str(name): tuple(map(str, texts)) for name, texts in data.get("said", {}).items()}
        return str(data["district"]), cls(current, undone.changes, tuple(kept), said)
