"""Standards as data: which kind must lie within which walk of every home, and who says so."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from planner.errors import InputError, MissingFileError

_FOLDER = Path(__file__).parent / "standards"


@dataclass(frozen=True)
class Rule:
    """What a standard asks for one kind.

    Parameters
    ----------
    kind
        Kind id.
    limit_m
        Longest distance, metres.
    limit_s
        Longest time, seconds, where the standard speaks of minutes; `limit_m` then follows
        from the standard's walking speed.
    circle
        Living circle, such as ``"15-minute"``, empty where the standard has none.
    clause
        Where the standard says so.
    verified
        Whether the figure was checked against the official text.
    floor_area_m2
        Least floor area, m², if any.
    """

    kind: str
    limit_m: float
    limit_s: float | None = None
    circle: str = ""
    clause: str = ""
    verified: bool = False
    floor_area_m2: float | None = None


@dataclass(frozen=True)
class Standard:
    """A named set of rules.

    Parameters
    ----------
    id, en, zh
        Identifier and names.
    source
        The text that the rules come from.
    measure
        ``"walk"`` along the streets or ``"straight"`` as the crow flies.
    rules
        Rule by kind. A kind without one is not judged.
    speed_m_s
        Walking speed that turns minutes into metres, metres per second.
    """

    id: str
    en: str
    zh: str
    source: str
    rules: Mapping[str, Rule]
    measure: Literal["walk", "straight"] = "walk"
    speed_m_s: float = 1.2

    def name(self, language: str = "en") -> str:
        """Return the name in ``"en"`` or ``"zh"``."""
        return self.zh if language == "zh" else self.en


_FIELDS = {"id", "en", "zh", "source", "measure", "speed_m_s", "rule"}
_RULE_FIELDS = {"kind", "limit_m", "limit_s", "circle", "clause", "verified", "floor_area_m2"}


def _rule(entry: Mapping[str, Any], number: int, speed_m_s: float, file: str) -> Rule:
    where = f"rule {number}"

    def wrong(problem: str) -> InputError:
        return InputError("district.standard_field", file=file, where=where, problem=problem)

    unknown = set(entry) - _RULE_FIELDS
    if unknown:
        raise wrong(f"unknown field '{sorted(unknown)[0]}'")
    kind = entry.get("kind")
    if not isinstance(kind, str) or not kind:
        raise wrong("the field 'kind' is missing")
    where = f"rule {number} ({kind})"
    given = [name for name in ("limit_m", "limit_s") if name in entry]
    if len(given) != 1:
        raise wrong("give either 'limit_m' or 'limit_s'")
    limit = entry[given[0]]
    if isinstance(limit, bool) or not isinstance(limit, int | float) or not 0 < limit < 1e6:
        raise wrong(f"'{given[0]}' must be a number above 0, not {limit!r}")
    metres = float(limit) if given == ["limit_m"] else round(float(limit) * speed_m_s, 3)
    return Rule(**{**entry, "limit_m": metres})


def read_standard(path: str | Path) -> Standard:
    """Read a standard from a TOML file of the form of the built-in ones.

    Raises
    ------
    MissingFileError, InputError
        Where the file is absent, not TOML, or a rule is incomplete; the message names the rule.
    """
    path = Path(path)
    if not path.is_file():
        raise MissingFileError("district.missing_file", file=str(path))
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError("district.not_toml", file=str(path), reason=str(error)) from error

    def wrong(problem: str) -> InputError:
        return InputError("district.standard_field", file=path.name, where="head", problem=problem)

    for name in ("en", "zh", "source"):
        if not isinstance(data.get(name), str):
            raise wrong(f"the field '{name}' is missing")
    unknown = set(data) - _FIELDS
    if unknown:
        raise wrong(f"unknown field '{sorted(unknown)[0]}'")
    if data.get("measure", "walk") not in ("walk", "straight"):
        raise wrong("'measure' is 'walk' or 'straight'")
    speed = data.get("speed_m_s", 1.2)
    if isinstance(speed, bool) or not isinstance(speed, int | float) or not speed > 0:
        raise wrong("'speed_m_s' must be above 0")
    entries = data.get("rule", [])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise wrong("'rule' is a list of tables, each headed [[rule]]")
    rules: dict[str, Rule] = {}
    for number, entry in enumerate(entries, start=1):
        rule = _rule(entry, number, speed, path.name)
        if rule.kind in rules:
            raise wrong(f"the kind '{rule.kind}' has two rules")
        rules[rule.kind] = rule
    return Standard(
        id=str(data.get("id", path.stem)),
        en=data["en"],
        zh=data["zh"],
        source=data["source"],
        rules=rules,
        measure=data.get("measure", "walk"),
        speed_m_s=speed,
    )


@cache
def builtin_standards() -> dict[str, Standard]:
    """Return the standards that ship with the package, by id."""
    standards = (read_standard(file) for file in sorted(_FOLDER.glob("*.toml")))
    return {standard.id: standard for standard in standards}


def find_standard(standard: str | Path | Standard) -> Standard:
    """Return a standard given as itself, by the id of a built-in one, or as a file.

    Raises
    ------
    InputError
        Where it is neither.
    """
    if isinstance(standard, Standard):
        return standard
    known = builtin_standards()
    if str(standard) in known:
        return known[str(standard)]
    if str(standard).endswith(".toml"):
        return read_standard(standard)
    raise InputError("district.unknown_standard", name=str(standard), known=", ".join(known))
