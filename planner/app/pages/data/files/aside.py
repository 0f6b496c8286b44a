"""Every row that the process that reads uploads set aside, and its list beside a workspace."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from planner.app.server.reading.importer import ASIDE
from planner.errors import PlannerError
from planner.sources.tables.set_aside import SET_ASIDE
from planner.views.exports.set_aside import keep_set_aside
from planner.views.tables.set_aside import set_aside_rows
from planner.views.words.labels import Labels


def every_row(folder: Path) -> list[dict[str, Any]]:
    """Return every row that the process that reads uploads laid aside in a folder."""
    file = folder / ASIDE
    if not file.is_file():
        return []
    with file.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def keep(
    folder: Path, workspace: Path, labels: Labels, sentence: Callable[[dict[str, Any]], str]
) -> list[dict[str, Any]]:
    """Write beside a workspace what was set aside of its files; return why that could not be done.

    The workspace is there by then, so that is no fault of the work: it is told beside it, as code
    with parameters.
    """
    try:
        keep_set_aside(set_aside_rows(every_row(folder), labels, sentence), workspace)
    except PlannerError as error:
        return [{"code": error.code, "params": error.params}]
    return []


def kept(workspace: Path) -> Path | None:
    """Return the list that lies beside a workspace, None where there is none."""
    file = workspace.with_suffix(SET_ASIDE)
    return file if file.is_file() else None
