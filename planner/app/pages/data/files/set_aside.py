"""Every row that the process that reads uploads set aside, and its list beside a workspace."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

from planner.app.server.reading.importer import ASIDE
from planner.app.session.context import Context
from planner.app.widgets import downloads, tables
from planner.errors import PlannerError
from planner.sources.tables.set_aside import SET_ASIDE
from planner.sources.tables.text import read_listed
from planner.views.exports.set_aside import keep_set_aside
from planner.views.tables.set_aside import set_aside_rows
from planner.views.words.labels import Labels

ROOM = 595
"""For the list, pixels."""


def every_row(folder: Path) -> list[dict[str, Any]]:
    """Return every row that the process that reads uploads laid aside in a folder."""
    file = folder / ASIDE
    if not file.is_file():
        return []
    with file.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def keep(
    folder: Path,
    workspace: Path,
    labels: Labels,
    sentence: Callable[[dict[str, Any]], str],
    replaced: Collection[str] | None = None,
) -> list[dict[str, Any]]:
    """Write beside a workspace what was set aside of its files; return why that could not be done.

    The workspace is there by then, so that is no fault of the work: it is told beside it, as code
    with parameters. `replaced` as of :func:`planner.views.exports.set_aside.keep_set_aside`.
    """
    try:
        rows = set_aside_rows(every_row(folder), labels, sentence)
        keep_set_aside(rows, workspace, replaced)
    except PlannerError as error:
        return [{"code": error.code, "params": error.params}]
    return []


def draw(context: Context, table: pd.DataFrame, key: str) -> None:
    """Draw such a list, the reasons with it."""
    *_, reason = map(str, table.columns)
    first = [*map(str, table.columns[:3]), reason]
    tables.draw(context, table, key, first=first, height=240, room=ROOM)


def offer(context: Context, key: str, count: str, make: Callable[[], pd.DataFrame]) -> None:
    """Draw the buttons that give the whole list away, as a workbook and as text."""
    with st.container(horizontal=True, width="content"):
        for ending, name in ((".xlsx", "Excel"), (".csv", "CSV")):
            label = context.word("app_files.aside_file", count=count, form=name)
            file = downloads.table(label, f"set-aside{ending}", make)
            downloads.file(replace(file, workbook=None), f"{key}{ending}")


def read(listed: Path) -> pd.DataFrame:
    """Return the list that lies beside a workspace."""
    return read_listed(listed)


def kept(workspace: Path) -> Path | None:
    """Return the list that lies beside a workspace, None where there is none."""
    file = workspace.with_suffix(SET_ASIDE)
    return file if file.is_file() else None
