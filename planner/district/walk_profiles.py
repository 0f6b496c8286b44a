"""Profiles of walking: which streets somebody old or in a wheelchair gets along, and how hard.

A profile is a table of rules, each a row of data with its reason (``profiles/*.toml``). A rule asks
one column of the layer ``streets``. Where the column is empty, or has a word that the rule does not
know, it is not known whether the rule bites: on *doubtful* streets both readings are kept, and a
share becomes a range; on others the rule is taken not to bite, and how many metres rest on that is
told.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from planner.district.layers import LAYERS
from planner.district.toml_files import read_toml
from planner.documents import is_number
from planner.errors import InputError
from planner.own_copies import shipped

Effect = Literal["shut", "longer", "slope", "allowed"]
Condition = Mapping[str, tuple[str, ...]]

EFFECTS = ("shut", "longer", "slope", "allowed")
SWITCHES = ("on", "off", "both", "passes")
"""What a reader may say of a rule: whether it holds, and how its unknown streets are read."""

EVERYONE = "everyone"
"""Stands for no profile: as people walk who are neither old nor in a wheelchair."""

PASSES: Condition = {}
"""Streets on which both readings are kept where a rule is to pass all that it does not know."""

MOST_FACTOR = 20.0

_FOLDER = Path(__file__).parent / "profiles"
_HEAD = ("id", "en", "zh", "rule")
_TEXTS = ("id", "asks", "effect", "reason", "source")
_NUMBERS = ("above", "below", "up_to", "factor")
_FLAGS = {"on": True, "verified": False}
_LISTS = ("when", "fine")
_CONDITIONS = ("of", "unless", "doubtful")


@dataclass(frozen=True)
class ProfileRule:
    """One row of a profile.

    Parameters
    ----------
    id
        Name of the rule.
    asks
        Column of ``streets`` that is asked.
    effect
        ``"shut"``: one does not get along; ``"longer"``: each metre counts `factor` times;
        ``"slope"``: as much longer as Tobler's function slows the walk; ``"allowed"``: no other
        rule of the profile bites there.
    reason, source
        Why, and where that is written.
    verified
        Whether it was held against the text of the source.
    when
        Values at which the rule bites; ``"*"`` is any, ``""`` none.
    above, up_to, below
        For columns of numbers: it bites above one, up to another, or below one.
    fine
        Values at which it does not bite; others are not known. Where none is given every value that
        is not in `when` is fine.
    of
        The streets that the rule is about, by a value of any of some columns; all where empty.
    unless
        The rule passes over streets with one of these values.
    doubtful
        Streets on which both readings are kept where the column tells nothing. Where it tells what
        is not known, both are kept on all streets, but for :data:`PASSES`.
    factor
        At least 1.
    on
        Whether the rule holds.
    """

    id: str
    asks: str
    effect: Effect
    reason: str
    source: str = ""
    verified: bool = False
    when: tuple[str, ...] = ()
    above: float | None = None
    up_to: float | None = None
    below: float | None = None
    fine: tuple[str, ...] = ()
    of: Condition | None = None
    unless: Condition | None = None
    doubtful: Condition | Literal["all"] | None = None
    factor: float = 1.0
    on: bool = True

    def switched(self, word: str) -> ProfileRule:
        """Return the rule switched on or off, or its unknown streets read in one way.

        Raises
        ------
        InputError
            ``profiles.bad_switch`` for a word that is none of :data:`SWITCHES`.
        """
        if word in ("on", "off"):
            return replace(self, on=word == "on")
        if word == "both":
            return replace(self, on=True, doubtful="all")
        if word == "passes":
            return replace(self, on=True, doubtful=PASSES)
        raise InputError("profiles.bad_switch", value=word, known=", ".join(SWITCHES))


@dataclass(frozen=True)
class WalkProfile:
    """Whose walk is measured, and by which rules.

    Parameters
    ----------
    id
        Short name.
    en, zh
        Its name in both languages.
    rules
        The rows, those that are off included.

    Examples
    --------
    >>> find_profile("wheelchair").with_rules({"slope": "off"}).rule("slope").on
    False
    """

    id: str
    en: str
    zh: str
    rules: tuple[ProfileRule, ...]

    def name(self, language: str) -> str:
        """Return the name in a language."""
        return self.zh if language == "zh" else self.en

    @property
    def rules_on(self) -> tuple[ProfileRule, ...]:
        """The rules that hold."""
        return tuple(rule for rule in self.rules if rule.on)

    def rule(self, rule_id: str) -> ProfileRule:
        """Return a rule by its id.

        Raises
        ------
        InputError
            ``profiles.unknown_rule``.
        """
        for rule in self.rules:
            if rule.id == rule_id:
                return rule
        known = ", ".join(rule.id for rule in self.rules)
        raise InputError("profiles.unknown_rule", rule=rule_id, profile=self.id, known=known)

    def with_rules(self, switches: Mapping[str, str]) -> WalkProfile:
        """Return the profile with rules switched, see :meth:`ProfileRule.switched`.

        Parameters
        ----------
        switches
            One of :data:`SWITCHES` by id of rule.

        Raises
        ------
        InputError
            ``profiles.unknown_rule``, ``profiles.bad_switch``.
        """
        changed = {rule_id: self.rule(rule_id).switched(word) for rule_id, word in switches.items()}
        return replace(self, rules=tuple(changed.get(rule.id, rule) for rule in self.rules))


@dataclass(frozen=True)
class Walking:
    """A profile, and how it reads streets of which it is not known whether a rule bites.

    Parameters
    ----------
    profile
        Whose walk is measured.
    at_best
        Whether no rule bites where that is not known; else every one does.
    """

    profile: WalkProfile
    at_best: bool = False


def find_profile(given: str | Path | WalkProfile | None) -> WalkProfile | None:
    """Return a profile by its id or from a TOML file of one's own; None for everyone.

    Raises
    ------
    MissingFileError, InputError
        Where there is none of that name, or the file is none; the message names the rule.
    """
    if given is None or isinstance(given, WalkProfile):
        return given
    name = str(given)
    if name in (EVERYONE, ""):
        return None
    if name in builtin_profiles():
        return builtin_profiles()[name]
    if name.lower().endswith(".toml"):
        return read_profile(name)
    known = ", ".join([EVERYONE, *builtin_profiles()])
    raise InputError("profiles.unknown", profile=name, known=known)


@shipped
def builtin_profiles() -> dict[str, WalkProfile]:
    """Return the profiles that ship with the package, by id."""
    found = (read_profile(file) for file in sorted(_FOLDER.glob("*.toml")))
    return {profile.id: profile for profile in found}


def read_profile(path: str | Path) -> WalkProfile:
    """Read a profile from a TOML file of the form of those that ship.

    Raises
    ------
    MissingFileError, InputError
        Where the file is absent, not TOML, or a rule is incomplete; the message names the rule.
    """
    path = Path(path)
    table = read_toml(path)
    said = {name: table.get(name) for name in ("id", "en", "zh")}
    entries = table.get("rule", [])
    for name, value in said.items():
        if not isinstance(value, str) or not value.strip():
            raise _bad(path, "–", name, value)
    if said["id"] == EVERYONE or set(table) - set(_HEAD) or not isinstance(entries, list):
        raise _bad(path, "–", ", ".join(set(table) - set(_HEAD)) or "id", said["id"])
    rules = tuple(_rule(path, entry, number) for number, entry in enumerate(entries, start=1))
    ids = [rule.id for rule in rules]
    for rule_id in ids:
        if ids.count(rule_id) > 1:
            raise _bad(path, rule_id, "id", rule_id)
    return WalkProfile(str(said["id"]), str(said["en"]), str(said["zh"]), rules)


def _rule(path: Path, entry: Any, number: int) -> ProfileRule:
    """Return a rule of a file, refusing what it does not know."""
    if not isinstance(entry, Mapping):
        raise _bad(path, str(number), "rule", entry)
    where = str(entry.get("id", number))
    fields = (*_TEXTS, *_NUMBERS, *_FLAGS, *_LISTS, *_CONDITIONS)
    for name, value in entry.items():
        good = (
            (name in _TEXTS and isinstance(value, str) and bool(value.strip()))
            or (name in _NUMBERS and is_number(value))
            or (name in _FLAGS and isinstance(value, bool))
            or (name in _LISTS and _is_list(value))
            or (name in _CONDITIONS and _is_condition(name, value))
        )
        if name not in fields or not good:
            raise _bad(path, where, str(name), value)
    for name in ("id", "asks", "effect", "reason"):
        if name not in entry:
            raise _bad(path, where, name, None)
    factor = float(entry.get("factor", 1.0))
    effect = entry["effect"]
    if effect not in EFFECTS:
        raise _bad(path, where, "effect", effect)
    if not 1 <= factor <= MOST_FACTOR or (effect == "longer") != ("factor" in entry):
        raise _bad(path, where, "factor", entry.get("factor"))
    if wrong := _misasked(entry):
        raise _bad(path, where, wrong, entry.get(wrong))
    values: dict[str, Any] = {name: entry[name] for name in (*_TEXTS, *_FLAGS) if name in entry}
    values |= {name: float(entry[name]) for name in _NUMBERS if name in entry}
    values |= {name: tuple(entry[name]) for name in _LISTS if name in entry}
    values |= {name: _condition(entry[name]) for name in _CONDITIONS if name in entry}
    return ProfileRule(**values)


def _misasked(entry: Mapping[str, Any]) -> str:
    """Return the field that does not go with the column that a rule asks, empty where all do.

    A column of numbers is asked by limits, all others by values: else the rule would never bite.
    """
    column, effect = LAYERS["streets"].column(entry["asks"]), entry["effect"]
    if column is None:
        return "asks"
    number = column.dtype in ("float", "int")
    if (effect == "slope" and not number) or (effect == "allowed" and number):
        return "asks"
    limited = any(name in entry for name in ("above", "below", "up_to"))
    if limited != (number and effect != "slope"):
        return "above"
    valued = bool(entry.get("when")) if effect == "allowed" else "when" in entry or "fine" in entry
    return "when" if valued == number else ""


def _condition(value: Any) -> Any:
    return value if value == "all" else {key: tuple(values) for key, values in value.items()}


def _is_condition(name: str, value: object) -> bool:
    if name == "doubtful" and value == "all":
        return True
    return isinstance(value, Mapping) and all(
        LAYERS["streets"].column(key) is not None and _is_list(values)
        for key, values in value.items()
    )


def _is_list(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(each, str) for each in value)


def _bad(path: Path, rule: str, field: str, value: object) -> InputError:
    said = "–" if value is None else str(value)
    return InputError("profiles.bad_rule", file=path.name, rule=rule, field=field, value=said)
