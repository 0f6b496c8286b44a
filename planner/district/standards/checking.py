"""What of a standard was checked against the official text, by whom, and what is still to be."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import replace
from typing import Any

import pandas as pd

from planner.district.standards.standards import AreaTarget, Rule, Standard
from planner.errors import InputError

COLUMNS = (
    "clause_id",
    "kinds",
    "limit_m",
    "m2",
    "per",
    "count",
    "clause",
    "basis",
    "read_in",
    "verified",
    "verified_by",
    "verified_on",
)


def clauses(standard: Standard) -> pd.DataFrame:
    """Return the clauses of a standard with what each rests on and who checked it.

    Returns
    -------
    DataFrame
        One row for each rule and then each area: ``clause_id`` (the kind of a rule, ``area-1`` and
        so on for areas), ``kinds`` (joined by semicolons), ``limit_m`` of a rule, metres, ``m2``,
        ``per`` and ``count`` of an area, ``clause``, ``basis``, ``read_in``, ``verified``,
        ``verified_by`` and ``verified_on``.
    """
    rows = [
        {**vars(each), "clause_id": name, "kinds": ";".join(_kinds(each))}
        for name, each in _named(standard).items()
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def checked(
    standard: Standard,
    clause_ids: Collection[str],
    by: str,
    on: dt.date | None = None,
    read_in: str = "",
) -> Standard:
    """Return a standard of which somebody checked clauses against the official text.

    Parameters
    ----------
    standard
        As it was.
    clause_ids
        Of :func:`clauses`; the others stay as they are.
    by, on
        Who checked, and on which day; today where none is given.
    read_in
        In which edition of the text; what was said before where none is given.

    Raises
    ------
    InputError
        ``standards.needs_name``, ``standards.unknown_clause``.
    """
    if not by.strip():
        raise InputError("standards.needs_name")
    day = (on or dt.date.today()).isoformat()
    marks: dict[str, Any] = {"basis": "official", "verified": True}
    marks |= {"verified_by": by.strip(), "verified_on": day}
    if read_in.strip():
        marks["read_in"] = read_in.strip()
    return _marked(standard, clause_ids, marks)


def doubted(standard: Standard, clause_ids: Collection[str]) -> Standard:
    """Return a standard of which clauses count as not checked again; see :func:`checked`."""
    marks: dict[str, Any] = {"verified": False, "verified_by": "", "verified_on": ""}
    return _marked(standard, clause_ids, marks)


def _marked(standard: Standard, clause_ids: Collection[str], marks: dict[str, Any]) -> Standard:
    named = _named(standard)
    unknown = [name for name in clause_ids if name not in named]
    if unknown:
        known = ", ".join(named)
        raise InputError("standards.unknown_clause", clause=unknown[0][:40], known=known)
    by_now = {
        name: replace(each, **marks) if name in clause_ids else each for name, each in named.items()
    }
    rules = {name: each for name, each in by_now.items() if isinstance(each, Rule)}
    areas = tuple(each for each in by_now.values() if isinstance(each, AreaTarget))
    return replace(standard, rules=rules, areas=areas)


def _named(standard: Standard) -> dict[str, Rule | AreaTarget]:
    areas = {f"area-{number}": each for number, each in enumerate(standard.areas, start=1)}
    return {**standard.rules, **areas}


def _kinds(each: Rule | AreaTarget) -> tuple[str, ...]:
    return (each.kind,) if isinstance(each, Rule) else each.kinds
