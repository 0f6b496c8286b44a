"""The rows that were set aside, all of them: shown, to be taken away, kept beside the workspace."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from planner.app.server.reading.importer import ASIDE
from planner.views.exports.files import write_csv
from planner.views.words.labels import Labels

COLUMNS = ("file", "layer", "row", "column", "value", "reason")
ENDING = ".set_aside.csv"
"""What is added to the name of a workspace, as ``planner import`` does."""


def table(
    labels: Labels, rows: Iterable[Mapping[str, Any]], sentence: Callable[[dict[str, Any]], str]
) -> pd.DataFrame:
    """Return rows set aside with headings: file, sheet or layer, row, column, value, reason.

    Parameters
    ----------
    labels
        Words of the reader's language.
    rows
        As :func:`planner.sources.files.layers.row_described` has them.
    sentence
        Puts a code with parameters into words.
    """
    told = [[*(str(row[name]) for name in COLUMNS[:-1]), sentence(row["reason"])] for row in rows]
    return pd.DataFrame(told, columns=[labels.message(f"cli.col_{name}") for name in COLUMNS])


def every_row(folder: Path) -> list[dict[str, Any]]:
    """Return every row that the process that reads uploads laid aside in a folder."""
    file = folder / ASIDE
    if not file.is_file():
        return []
    with file.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def keep(
    folder: Path, workspace: Path, labels: Labels, sentence: Callable[[dict[str, Any]], str]
) -> None:
    """Write beside a workspace what was set aside of its files, where anything was."""
    rows = every_row(folder)
    if rows:
        write_csv(table(labels, rows, sentence), workspace.with_suffix(ENDING))


def kept(workspace: Path) -> Path | None:
    """Return the list that lies beside a workspace, None where there is none."""
    file = workspace.with_suffix(ENDING)
    return file if file.is_file() else None
