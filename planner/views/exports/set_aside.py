"""The list of rows set aside that is kept beside a workspace."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import pandas as pd

from planner.sources.tables.set_aside import SET_ASIDE
from planner.sources.tables.text import read_listed
from planner.sources.write_errors import WRITE_ERRORS, write_error
from planner.views.exports.files import write_csv


def keep_set_aside(
    rows: pd.DataFrame, workspace: Path, replaced: Collection[str] | None = None
) -> Path | None:
    """Write rows set aside beside a workspace, in the place of an earlier list.

    Parameters
    ----------
    rows
        As :func:`planner.views.tables.set_aside.set_aside_rows` has them.
    workspace
        The workspace.
    replaced
        Files whose earlier rows go, where one layer was brought up to date; those of other files
        stay before the new ones. None where all earlier ones go.

    Returns
    -------
    The list; None where there is neither a row nor an earlier list, which becomes an empty one.

    Raises
    ------
    InputError
        Where rows of an earlier list are to stay, and it cannot be read.
    WorkError
        Where the disk is full or writing is not permitted.
    """
    file = workspace.with_suffix(SET_ASIDE)
    if replaced is not None and file.is_file():
        rows = _after_earlier(rows, file, replaced)
    if rows.empty and not file.exists():
        return None
    try:
        write_csv(rows, file)
    except WRITE_ERRORS as error:
        raise write_error(file.name, error) from error
    return file


def _after_earlier(rows: pd.DataFrame, listed: Path, replaced: Collection[str]) -> pd.DataFrame:
    """Return rows below those of an earlier list that hold still, under headings of today."""
    earlier = read_listed(listed)
    if earlier.shape[1] != rows.shape[1]:
        return rows
    earlier.columns = rows.columns
    earlier = earlier[~earlier.iloc[:, 0].isin(list(replaced))]
    return pd.concat([earlier, rows], ignore_index=True)
