"""Standards as TOML text: read with errors that name the rule, and written back."""

from __future__ import annotations

import datetime as dt
import math
import os
import tempfile
import tomllib
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, NoReturn

from planner.district.layers import GROUP_PREFIX
from planner.district.standards.standards import (
    BASES,
    EVIDENCE,
    AreaTarget,
    Rule,
    Standard,
    metres,
)
from planner.district.toml_files import toml_text
from planner.documents import parse_toml
from planner.errors import InputError
from planner.own_copies import shipped

_FOLDER = Path(__file__).parent

LARGEST = 1e6
"""No limit, area or count in a standard reaches this."""

_HEAD_FIELDS = (
    "id",
    "en",
    "zh",
    "source",
    "country",
    "measure",
    "speed_m_s",
    "speeds_m_s",
    "share",
    "basis",
    "read_in",
    "rule",
    "area",
)
_RULE_FIELDS = (
    "kind",
    "limit_m",
    "limit_s",
    "limits_m",
    "limits_s",
    "speeds_m_s",
    "measure",
    "circle",
    "clause",
    *EVIDENCE,
    "floor_area_m2",
    "residents_per_facility",
    "share",
    "presence",
)
_AREA_FIELDS = ("kinds", "m2", "per", "count", "clause", *EVIDENCE)
_MEASURES = ("walk", "straight")
_PRESENCES = ("", "community", "subdistrict")
_PER = ("households", "residents")


class _Table:
    """A table of a TOML file, whose errors say where it stands."""

    def __init__(self, values: Mapping[str, Any], file: str, where: str) -> None:
        self.values, self.file, self.where = values, file, where

    def fail(self, code: str, **params: object) -> NoReturn:
        raise InputError(f"standards.{code}", file=self.file, where=self.where, **params) from None

    def only(self, known: tuple[str, ...]) -> None:
        for name in self.values:
            if name not in known:
                self.fail("unknown_field", field=name, known=", ".join(known))

    def string(self, name: str, default: str | None = None) -> str:
        value = self.values.get(name, default)
        if not isinstance(value, str | None):
            self.fail("not_text", field=name, value=value)
        if value is None or (not value and default is None):
            self.fail("missing_field", field=name)
        return value

    def choice(self, name: str, choices: tuple[str, ...], default: str) -> Any:
        value = self.values.get(name, default)
        if value not in choices:
            known = ", ".join(repr(choice) for choice in choices if choice)
            self.fail("not_a_choice", field=name, value=value, known=known)
        return value

    def flag(self, name: str) -> bool:
        value = self.values.get(name, False)
        if not isinstance(value, bool):
            self.fail("not_a_flag", field=name, value=value)
        return value

    def date(self, name: str) -> str:
        value = self.values.get(name, "")
        try:
            return dt.date.fromisoformat(str(value)).isoformat() if value else ""
        except ValueError:
            self.fail("not_a_date", field=name, value=value)

    def country(self) -> str:
        """Return the two letters of a country, empty where none is named."""
        value = self.string("country", "")
        if value and not (value.isascii() and value.isalpha() and len(value) == 2):
            self.fail("not_a_country", field="country", value=value)
        return value.upper()

    def evidence(self, head: _Table) -> dict[str, Any]:
        """Return what the figure rests on and who checked it, the head's where it says nothing."""
        told = {
            "basis": self.choice("basis", BASES, head.choice("basis", BASES, "")),
            "read_in": self.string("read_in", head.string("read_in", "")),
            "verified": self.flag("verified"),
            "verified_by": self.string("verified_by", ""),
            "verified_on": self.date("verified_on"),
        }
        if not told["verified"] and (told["verified_by"] or told["verified_on"]):
            self.fail("checked_but_not", field="verified_by")
        return told

    def number(self, name: str) -> float | None:
        return self._above_zero(name, self.values[name]) if name in self.values else None

    def share(self, default: float) -> float:
        value = self.number("share")
        if value is not None and value > 1:
            self.fail("not_a_share", field="share", value=value)
        return default if value is None else value

    def by_group(self, name: str) -> dict[str, float]:
        given = self.values.get(name, {})
        if not isinstance(given, Mapping):
            self.fail("not_by_group", field=name)
        for group in given:
            if not group.startswith(GROUP_PREFIX):
                self.fail("unknown_group", field=name, group=group)
        return {group: self._above_zero(f"{name}.{group}", given[group]) for group in given}

    def _above_zero(self, name: str, value: object) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float):
            self.fail("not_a_number", field=name, value=repr(value))
        if not 0 < value < LARGEST or not math.isfinite(value):
            self.fail("not_above_zero", field=name, value=repr(value))
        return float(value)


def read_standard(path: str | Path) -> Standard:
    """Read a standard from a TOML file of the form of the built-in ones.

    Raises
    ------
    MissingFileError, InputError
        Where the file is absent, not TOML, or a rule is incomplete; the message names the rule.
    """
    path = Path(path)
    return parse_standard(toml_text(path), path.name)


@shipped
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


def parse_standard(text: str, file: str) -> Standard:
    """Make a standard of TOML text.

    Parameters
    ----------
    text
        The text.
    file
        Name of its file: told in errors, and the id of a standard that has none.

    Raises
    ------
    InputError
        Where the text is not TOML, a field is missing, unknown or out of range, or a kind has
        two rules; the message names the rule.
    """
    try:
        data = parse_toml(text)
    except tomllib.TOMLDecodeError as error:
        raise InputError("district.not_toml", file=file, reason=str(error)) from error
    return standard_of(data, file)


def standard_of(data: Mapping[str, Any], file: str) -> Standard:
    """Make a standard of what a TOML file holds; see :func:`parse_standard`."""
    head = _Table(data, file, "")
    head.only(_HEAD_FIELDS)
    names = {name: head.string(name) for name in ("en", "zh", "source")}
    speed = head.number("speed_m_s") or 1.2
    speeds = head.by_group("speeds_m_s")
    share = head.share(1.0)
    rules: dict[str, Rule] = {}
    for table in _tables(head, "rule"):
        rule = _rule(table, head, speed, speeds, share)
        if rule.kind in rules:
            head.fail("two_rules", kind=rule.kind)
        rules[rule.kind] = rule
    return Standard(
        id=head.string("id", Path(file).stem),
        **names,
        rules=rules,
        measure=head.choice("measure", _MEASURES, "walk"),
        speed_m_s=speed,
        speeds_m_s=speeds,
        areas=tuple(_area(table, head) for table in _tables(head, "area")),
        country=head.country(),
    )


def _tables(head: _Table, name: str) -> list[_Table]:
    entries = head.values.get(name, [])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        head.fail("not_a_list", field=name)
    return [
        _Table(entry, head.file, f" [[{name}]] {number}")
        for number, entry in enumerate(entries, start=1)
    ]


def _rule(
    table: _Table, head: _Table, speed_m_s: float, speeds_m_s: Mapping[str, float], share: float
) -> Rule:
    kind = table.string("kind")
    table.where += f" ({kind})"
    table.only(_RULE_FIELDS)
    limit_m, limit_s = table.number("limit_m"), table.number("limit_s")
    if (limit_m is None) == (limit_s is None):
        table.fail("one_limit")
    own_speeds = table.by_group("speeds_m_s")
    if own_speeds and limit_s is None:
        table.fail("speed_without_time")
    speeds = {**speeds_m_s, **own_speeds} if limit_s is not None else {}
    limits_m, limits_s = table.by_group("limits_m"), table.by_group("limits_s")
    both = sorted(set(limits_m) & set(limits_s))
    if both:
        table.fail("two_limits", group=both[0])
    limits = {group: metres(limit_s, speeds[group]) for group in speeds if limit_s is not None}
    for group, seconds in limits_s.items():
        pace = own_speeds.get(group, speeds_m_s.get(group, speed_m_s))
        limits[group] = metres(seconds, pace)
    return Rule(
        kind=kind,
        limit_m=metres(limit_s, speed_m_s) if limit_s is not None else float(limit_m or 0),
        limit_s=limit_s,
        circle=table.string("circle", ""),
        clause=table.string("clause", ""),
        **table.evidence(head),
        floor_area_m2=table.number("floor_area_m2"),
        measure=table.choice("measure", (*_MEASURES, ""), "") or None,
        limits=limits | limits_m,
        limits_s=limits_s,
        speeds_m_s=speeds,
        residents_per_facility=table.number("residents_per_facility"),
        share=table.share(share),
        presence=table.choice("presence", _PRESENCES, ""),
    )


def _area(table: _Table, head: _Table) -> AreaTarget:
    table.only(_AREA_FIELDS)
    kinds = table.values.get("kinds")
    if not isinstance(kinds, list) or not kinds or not all(isinstance(k, str) for k in kinds):
        table.fail("no_kinds")
    m2 = table.number("m2")
    if m2 is None:
        table.fail("missing_field", field="m2")
    return AreaTarget(
        kinds=tuple(kinds),
        m2=m2,
        per=table.choice("per", _PER, "households"),
        count=table.number("count") or 100.0,
        clause=table.string("clause", ""),
        **table.evidence(head),
    )


def standard_toml(standard: Standard) -> str:
    """Return a standard as TOML text that reads back as the same standard."""
    data = standard_data(standard)
    blocks = ["\n".join(_lines({k: v for k, v in data.items() if k not in ("area", "rule")}))]
    for name in ("area", "rule"):
        blocks += ["\n".join([f"[[{name}]]", *_lines(values)]) for values in data[name]]
    return "\n\n".join(blocks) + "\n"


def standard_data(standard: Standard) -> dict[str, Any]:
    """Return what a file of the standard holds, without what follows from the rest."""
    head = {
        "id": standard.id,
        "en": standard.en,
        "zh": standard.zh,
        "source": standard.source,
        "country": standard.country,
        "measure": standard.measure,
        "speed_m_s": standard.speed_m_s,
        "speeds_m_s": dict(standard.speeds_m_s),
    }
    areas = [{**asdict(target), "kinds": list(target.kinds)} for target in standard.areas]
    rules = [_given(standard, rule) for rule in standard.rules.values()]
    return {**_filled(head), "area": list(map(_filled, areas)), "rule": list(map(_filled, rules))}


def _filled(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if not _empty(value)}


def _given(standard: Standard, rule: Rule) -> dict[str, Any]:
    """Return what a rule was given, without what follows from the rest."""
    timed = rule.limit_s is not None
    own_speeds = {g: v for g, v in rule.speeds_m_s.items() if standard.speeds_m_s.get(g) != v}
    derived = set(rule.limits_s) | (set(rule.speeds_m_s) if timed else set())
    limits_m = {
        group: limit_m
        for group, limit_m in rule.limits.items()
        if group not in derived or _derived(standard, rule, group) != limit_m
    }
    return {
        "kind": rule.kind,
        "limit_s" if timed else "limit_m": rule.limit_s if timed else rule.limit_m,
        "limits_m": limits_m,
        "limits_s": dict(rule.limits_s),
        "speeds_m_s": own_speeds,
        "measure": rule.measure or "",
        "circle": rule.circle,
        "floor_area_m2": rule.floor_area_m2,
        "residents_per_facility": rule.residents_per_facility,
        "share": None if rule.share == 1 else rule.share,
        "presence": rule.presence,
        "clause": rule.clause,
        **{name: getattr(rule, name) for name in EVIDENCE},
    }


def _derived(standard: Standard, rule: Rule, group: str) -> float | None:
    seconds = rule.limits_s.get(group, rule.limit_s)
    pace = rule.speeds_m_s.get(group, standard.speeds_m_s.get(group, standard.speed_m_s))
    return None if seconds is None else metres(seconds, pace)


def _lines(values: Mapping[str, Any]) -> list[str]:
    return [f"{name} = {_value(value)}" for name, value in values.items()]


def _empty(value: Any) -> bool:
    return value is None or (not isinstance(value, bool | int | float) and len(value) == 0)


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(int(value)) if float(value).is_integer() else repr(value)
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{_value(k)} = {_value(v)}" for k, v in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(map(_value, value)) + "]"
    return quoted(str(value))


def quoted(text: str) -> str:
    """Return text as a TOML string."""
    escapes = {'"': '\\"', "\\": "\\\\"}
    plain = "".join(
        escapes.get(sign) or (f"\\u{ord(sign):04x}" if ord(sign) < 32 or ord(sign) == 127 else sign)
        for sign in text
    )
    return f'"{plain}"'


def write_standard(standard: Standard, path: str | Path) -> Path:
    """Write a standard to a TOML file, whole or not at all, and return its path."""
    path = Path(path)
    text = standard_toml(standard)
    handle, part = tempfile.mkstemp(prefix=".part-", suffix=".toml", dir=path.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
        Path(part).replace(path)
    finally:
        Path(part).unlink(missing_ok=True)
    return path
