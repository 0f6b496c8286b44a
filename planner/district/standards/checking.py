"""What of a standard was checked against the official text, by whom, and what is still to be."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

import pandas as pd

from planner.district.standards.standards import EVIDENCE, AreaTarget, Rule, Standard
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
    # on what the figure rested before stays: the tick may be taken back
    marks: dict[str, Any] = {"verified": True, "verified_by": by.strip(), "verified_on": day}
    if read_in.strip():
        marks["read_in"] = read_in.strip()
    return _marked(standard, clause_ids, marks)


def doubted(standard: Standard, clause_ids: Collection[str]) -> Standard:
    """Return a standard of which clauses count as not checked again; see :func:`checked`."""
    marks: dict[str, Any] = {"verified": False, "verified_by": "", "verified_on": ""}
    return _marked(standard, clause_ids, marks)


def with_evidence_of(standard: Standard, edited: Standard) -> Standard:
    """Return a standard that was edited, its ticks as they were, but for figures that changed.

    Who checked 300 m did not check what it was changed to; and no sheet says that somebody checked.

    Parameters
    ----------
    standard, edited
        Before, and after.
    """
    before = _named(standard)
    by_now = {
        name: replace(each, **_ticks(before.get(name), each))
        for name, each in _named(edited).items()
    }
    return _put_back(edited, by_now)


_TICKS = ("verified", "verified_by", "verified_on")


def _ticks(before: Rule | AreaTarget | None, each: Rule | AreaTarget) -> dict[str, Any]:
    """Return the ticks of a clause: those of before where its figures are still the same."""

    def figures(clause: Rule | AreaTarget) -> dict[str, Any]:
        return {name: value for name, value in vars(clause).items() if name not in EVIDENCE}

    if before is None or figures(before) != figures(each):
        return {"verified": False, "verified_by": "", "verified_on": ""}
    return {name: getattr(before, name) for name in _TICKS}


def _put_back(standard: Standard, by_now: Mapping[str, Rule | AreaTarget]) -> Standard:
    rules = {name: each for name, each in by_now.items() if isinstance(each, Rule)}
    areas = tuple(each for each in by_now.values() if isinstance(each, AreaTarget))
    return replace(standard, rules=rules, areas=areas)


def _marked(standard: Standard, clause_ids: Collection[str], marks: dict[str, Any]) -> Standard:
    named = _named(standard)
    unknown = [name for name in clause_ids if name not in named]
    if unknown:
        known = ", ".join(named)
        raise InputError("standards.unknown_clause", clause=unknown[0][:40], known=known)
    by_now = {
        name: replace(each, **marks) if name in clause_ids else each for name, each in named.items()
    }
    return _put_back(standard, by_now)


def _named(standard: Standard) -> dict[str, Rule | AreaTarget]:
    areas = {f"area-{number}": each for number, each in enumerate(standard.areas, start=1)}
    return {**standard.rules, **areas}


def _kinds(each: Rule | AreaTarget) -> tuple[str, ...]:
    return (each.kind,) if isinstance(each, Rule) else each.kinds
