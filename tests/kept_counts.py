"""Counts of groups as no other figure has them, to be looked for wherever a plan is told."""

import re
import zipfile
from dataclasses import replace
from pathlib import Path

from planner.plan import Plan
from planner.plan.proposals.figures import Figures
from planner.plan.proposals.proposal import checked

GROUP = "pop_65plus"
COUNT, SHARE = 48271.0, 0.48571
_TOLD = re.compile(r"(?<![\w.])(?:48,?271|96,?542|0\.48571|48\.571|48\.[56]\d*\s?%)(?!\w)")
"""The count, twice the count, and the share: as they are, and in words."""


def keep_counts(plan: Plan, own: str) -> None:
    """Let a proposal bring so many of the group, and have as many near it already."""
    read = plan.get(own)
    assert read.figures is not None
    plan._write_edit(read, checked(replace(read, figures=with_counts(read.figures)).to_row()), "")


def with_counts(figures: Figures) -> Figures:
    """Return figures with the count in each row of the group."""
    told = {"population": 2 * COUNT, "covered_before": COUNT, "covered_after": 2 * COUNT}
    unsure = {"unknown_before": 0.0, "unknown_after": 0.0, "gained_unsure": COUNT}
    rows = (
        replace(row, **told, **unsure) if row.group == GROUP and row.limit_m is not None else row
        for row in figures.rows
    )
    return replace(figures, rows=tuple(rows))


def told_counts(text: str) -> list[str]:
    """Return the counts and shares that a text tells, with what stands beside them."""
    return [text[max(found.start() - 60, 0) : found.end() + 20] for found in _TOLD.finditer(text)]


def text_of(file: Path) -> str:
    """Return all text of a file; of a workbook or document, of all its parts."""
    if not zipfile.is_zipfile(file):
        return file.read_bytes().decode("utf-8", "replace")
    with zipfile.ZipFile(file) as parts:
        return "\n".join(parts.read(name).decode("utf-8", "replace") for name in parts.namelist())
