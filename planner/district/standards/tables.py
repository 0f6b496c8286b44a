"""Standards as tables: to look at side by side, and to edit like a sheet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from planner.district.standards.files import standard_data, standard_of
from planner.district.standards.standards import EVIDENCE, Standard

FIELDS: dict[str, type] = {
    "kind": str,
    "limit_m": float,
    "limit_s": float,
    "measure": str,
    "share": float,
    "floor_area_m2": float,
    "residents_per_facility": float,
    "presence": str,
    "circle": str,
    "clause": str,
    "verified": bool,
    "basis": str,
    "read_in": str,
    "verified_by": str,
    "verified_on": str,
}
"""Columns of :func:`rules_table`, with the type of their values."""

BY_GROUP = ("limits_m", "limits_s", "speeds_m_s")
"""Fields that hold a number for each group; their columns are such as ``limits_m.pop_65plus``."""


def diff_standards(first: Standard, second: Standard) -> pd.DataFrame:
    """Return what two standards ask differently.

    Parameters
    ----------
    first, second
        Standards to set side by side.

    Returns
    -------
    DataFrame
        One row for each kind and field that differs, in the order of the rules: ``kind``,
        ``field``, ``first`` and ``second``, the values as they stand in a file, None where there
        is none. Fields of the standard itself have the kind ``""``. A kind that only one of them
        judges has one row for each of its fields. Limits are always compared in metres too, so
        that minutes at another speed are seen.

    Examples
    --------
    >>> from planner.district import find_standard
    >>> gb = find_standard("gb50180-2018")
    >>> diff_standards(gb, gb).empty
    True
    """
    rows = [
        ("", name, getattr(first, name), getattr(second, name))
        for name in ("measure", "speed_m_s", "speeds_m_s", "areas")
    ]
    for kind in dict.fromkeys([*first.rules, *second.rules]):
        ours, theirs = (_fields(standard, kind) for standard in (first, second))
        rows += [
            (kind, name, ours.get(name), theirs.get(name))
            for name in dict.fromkeys([*ours, *theirs])
        ]
    table = pd.DataFrame(
        [row for row in rows if row[2] != row[3]],
        columns=["kind", "field", "first", "second"],
        dtype=object,
    )
    return table.reset_index(drop=True)


def _fields(standard: Standard, kind: str) -> dict[str, Any]:
    rule = standard.rules.get(kind)
    if rule is None:
        return {}
    limits = {f"limits_m.{group}": metres for group, metres in rule.limits.items()}
    speeds = {f"speeds_m_s.{group}": speed for group, speed in rule.speeds_m_s.items()}
    return {
        "limit_m": rule.limit_m,
        "limit_s": rule.limit_s,
        **limits,
        **speeds,
        "measure": standard.measure_of(kind),
        "share": rule.share,
        "floor_area_m2": rule.floor_area_m2,
        "residents_per_facility": rule.residents_per_facility,
        "presence": rule.presence,
        "circle": rule.circle,
        "clause": rule.clause,
        **{name: getattr(rule, name) for name in EVIDENCE},
    }


def rules_table(standard: Standard, groups: Sequence[str] = ()) -> pd.DataFrame:
    """Return the rules of a standard as a sheet to edit.

    Parameters
    ----------
    standard
        What is shown.
    groups
        Groups that get a column ``limits_m.<group>`` even where no rule has a limit of theirs.

    Returns
    -------
    DataFrame
        One row for each rule with the columns of :data:`FIELDS` and one for each group's own
        limit or speed. As in a file, a rule has either ``limit_m`` or ``limit_s``; numbers that
        are not given are NaN.
    """
    rules = [_flat(rule) for rule in standard_data(standard)["rule"]]
    columns = [*FIELDS]
    columns += [f"limits_m.{group}" for group in groups]
    columns += [name for rule in rules for name in rule]
    table = pd.DataFrame(rules, columns=list(dict.fromkeys(columns)))
    for name in table:
        dtype = FIELDS.get(str(name), float)
        if dtype is float:
            table[name] = table[name].astype("float64")
        elif dtype is bool:
            table[name] = table[name].astype(object).where(table[name].notna(), False).astype(bool)
        else:
            table[name] = table[name].astype(object).where(table[name].notna(), "")
    return table


def _flat(rule: Mapping[str, Any]) -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for name, value in rule.items():
        if name in BY_GROUP:
            flat |= {f"{name}.{group}": number for group, number in value.items()}
        else:
            flat[name] = value
    return flat


def with_rules(standard: Standard, table: pd.DataFrame, file: str) -> Standard:
    """Return a standard with the rules of an edited sheet.

    Parameters
    ----------
    standard
        Names, source and speeds are taken from it.
    table
        A sheet of the form of :func:`rules_table`; empty cells are fields that are not given, and
        rows without a kind or any other entry are left out.
    file
        Name by which errors call the sheet.

    Raises
    ------
    InputError
        As :func:`planner.district.read_standard` does; rows are counted from 1.
    """
    rules = [_nested(row) for row in table.astype(object).to_dict("records")]
    data = standard_data(replace(standard, rules={}))
    return standard_of({**data, "rule": [rule for rule in rules if rule]}, file)


def _nested(row: Mapping[Any, Any]) -> dict[str, Any]:
    rule: dict[str, Any] = {}
    for name, value in row.items():
        if _blank(value):
            continue
        plain = value.item() if isinstance(value, np.generic) else value
        field, _, group = str(name).partition(".")
        if group:
            rule.setdefault(field, {})[group] = plain
        else:
            rule[field] = plain
    if set(rule) <= {"verified"}:
        return {}
    return rule


def _blank(value: object) -> bool:
    return value is None or value is pd.NA or value == "" or value != value
