"""The list of rows set aside that is kept beside a workspace."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from planner.sources.tables.set_aside import SET_ASIDE
from planner.sources.write_errors import WRITE_ERRORS, write_error
from planner.views.exports.files import write_csv


def keep_set_aside(rows: pd.DataFrame, workspace: Path) -> Path | None:
    """Write rows set aside beside a workspace, in the place of an earlier list.

    Parameters
    ----------
    rows
        As :func:`planner.views.tables.set_aside.set_aside_rows` has them.
    workspace
        The workspace.

    Returns
    -------
    The list; None where there is neither a row nor an earlier list, which becomes an empty one.

    Raises
    ------
    WorkError
        Where the disk is full or writing is not permitted.
    """
    file = workspace.with_suffix(SET_ASIDE)
    if rows.empty and not file.exists():
        return None
    try:
        write_csv(rows, file)
    except WRITE_ERRORS as error:
        raise write_error(file.name, error) from error
    return file
