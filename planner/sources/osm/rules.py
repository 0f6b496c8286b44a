"""Whether one walks on a way, decided by the table ``walk_rules.toml``."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path

from planner.sources.osm.lifecycle import EXISTING, WAY_KEYS, never_open, way_state
from planner.sources.osm.objects import Tags

Condition = Mapping[str, list[str]]
Case = tuple[dt.date, frozenset[tuple[str, str]]]
"""The day, and those tags of a way that some rule asks for."""

_MOST = 50_000
"""Cases of which it is kept which rule decided."""

SHUT = (
    "no-access",
    "service-private",
    "foot-no",
    "never-open",
    "foot-always-no",
    "no-crossing",
)
"""Rules that leave a way out since it is shut to people on foot, or not for everybody."""

FAST = ("motorway", "motorroad")
"""Rules that leave a way out since it is for motors only."""

UNCLEAR = ("cycleway",)
"""Rules that leave a way out of which nobody told whether one may walk there."""

GONE = ("gone", "gone-platform", "gone-stop", "gone-pier", "impassable", "ice-road", "winter-road")
"""Rules that leave a way out since it is there no more."""

SEPARATE = (
    *("separate", "separate-both", "separate-left", "separate-right"),
    "foot-use-sidepath",
)
"""Rules that leave a carriageway out for its pavements."""

FAST_ROADS = ("motorway", "motorway_link", "trunk", "trunk_link")
"""Classes of roads (``highway``) that stop people where nobody walks on them."""

_STATES: Mapping[str, Callable[[Tags, dt.date], bool]] = {
    "gone": lambda tags, today: way_state(tags, today) != EXISTING,
    "never open": never_open,
}
"""What a rule may ask of :mod:`planner.sources.osm.lifecycle` beside its tags."""


@dataclass(frozen=True)
class WalkRule:
    """One line of the table.

    Parameters
    ----------
    id
        Name of the rule.
    decision
        ``walk`` of a rule for ways, ``blocks`` of one for nodes.
    reason
        Why.
    when, unless
        Values by key: all of the first must hold and none of the second.
    differs
        How the rule departs from the walk filter of OSMnx, empty where it does not.
    state
        What the life cycle must say today as well: ``gone``, ``never open``, or nothing.
    """

    id: str
    decision: bool
    reason: str
    when: Condition
    unless: Condition = field(default_factory=dict)
    differs: str = ""
    state: str = ""

    def holds(self, tags: Tags) -> bool:
        """Return whether the rule decides about these tags."""
        told = all(has_value(tags, key, values) for key, values in self.when.items()) and not any(
            has_value(tags, key, values) for key, values in self.unless.items()
        )
        if not told or not self.state:
            return told
        return _STATES[self.state](tags, dt.datetime.now(tz=dt.UTC).date())

    def said(self, tags: Tags) -> str:
        """Return the tags by which the rule decided about these.

        Examples
        --------
        >>> tags = {"highway": "path", "status": "demolished", "access": "no"}
        >>> walk_rules().rule(tags).said(tags)
        'status=demolished'
        """
        if self.state == "gone":
            return way_state(tags, dt.datetime.now(tz=dt.UTC).date()).reason
        asked = ["opening_hours"] if self.state else list(self.when)
        told = [key for key in asked if "*" not in self.when.get(key, ())] or asked
        return ", ".join(f"{key}={tags[key]}" for key in told)


def has_value(tags: Tags, key: str, values: list[str]) -> bool:
    """Return whether a tag has one of some values; of several values, parted by ``;``, any one."""
    if key not in tags:
        return False
    if "*" in values or tags[key] in values:
        return True
    return any(part.strip() in values for part in tags[key].casefold().split(";"))


@dataclass(frozen=True)
class WalkRules:
    """The rules for ways and for nodes, in the order in which they are asked."""

    ways: tuple[WalkRule, ...]
    nodes: tuple[WalkRule, ...]

    def keys(self) -> frozenset[str]:
        """Return the keys of tags that the rules for ways ask for."""
        own = (key for rule in self.ways for key in (*rule.when, *rule.unless))
        return WAY_KEYS.union(("opening_hours",), own)

    @cached_property
    def _keys(self) -> frozenset[str]:
        return self.keys()

    @cached_property
    def _decided(self) -> dict[Case, WalkRule | None]:
        """Rules that decided, of :data:`_MOST` cases at most; none is taken out again."""
        return {}

    def rule(self, tags: Tags) -> WalkRule | None:
        """Return the rule that decides about a way, None where no rule speaks of it."""
        # the ways of a city differ in hardly anything that the rules ask for, and each is asked
        # of streets, tracks, barriers and what is drawn behind the map
        told = frozenset([tag for tag in tags.items() if tag[0] in self._keys])
        case = (dt.datetime.now(tz=dt.UTC).date(), told)
        if case in self._decided:
            return self._decided[case]
        found = next((rule for rule in self.ways if rule.holds(tags)), None)
        if len(self._decided) < _MOST:
            self._decided[case] = found
        return found

    def walked(self, tags: Tags) -> bool:
        """Return whether one walks on a way with these tags.

        Examples
        --------
        >>> rules = walk_rules()
        >>> rules.walked({"highway": "cycleway", "foot": "designated"})
        True
        >>> rules.walked({"highway": "primary", "foot": "use_sidepath"})
        False
        >>> rules.walked({"route": "ferry", "foot": "yes"})
        False
        """
        rule = self.rule(tags)
        return rule is not None and rule.decision

    def stops(self, tags: Tags) -> bool:
        """Return whether a way is there and nobody walks on it, so that it stops who would cross.

        Examples
        --------
        >>> walk_rules().stops({"highway": "motorway"})
        True
        >>> walk_rules().stops({"highway": "motorway", "status": "demolished"})
        False
        """
        rule = self.rule(tags)
        return rule is None or not (rule.decision or rule.state == "gone")

    def blocked(self, tags: Tags) -> bool:
        """Return whether a node with these tags shuts the way it stands on.

        Examples
        --------
        >>> walk_rules().blocked({"barrier": "gate", "access": "private"})
        True
        >>> walk_rules().blocked({"barrier": "gate"})
        False
        """
        rule = next((rule for rule in self.nodes if rule.holds(tags)), None)
        return rule is not None and rule.decision


@cache
def walk_rules() -> WalkRules:
    """Return the rules that ship with the package."""
    text = (Path(__file__).parent / "walk_rules.toml").read_text(encoding="utf-8")
    table = tomllib.loads(text)

    def rules(entries: list[dict[str, object]], decision: str) -> tuple[WalkRule, ...]:
        return tuple(
            WalkRule(decision=bool(entry.pop(decision)), **entry)  # type: ignore[arg-type]
            for entry in entries
        )

    return WalkRules(rules(table["rule"], "walk"), rules(table["node"], "blocks"))
