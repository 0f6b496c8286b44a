"""Which districts a run is of: a folder, a list or a table of workspaces."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from planner.batch.jobs import Place
from planner.errors import InputError
from planner.sources.tables.text import read_listed

COLUMNS = ("workspace", "province", "district")
"""Columns of a table of workspaces; the first must be there."""

Workspaces = str | Path | pd.DataFrame | Iterable[str | Path]


def find_places(workspaces: Workspaces) -> list[Place]:
    """Return the districts named, in the order of their province and id.

    Parameters
    ----------
    workspaces
        A folder, all of whose ``.gpkg`` files are meant, those of its folders too; a workspace; a
        table (``.csv``, or a DataFrame) with a column ``workspace``, and ``province`` and
        ``district`` where they are known; or a list of folders, workspaces and tables. A path
        in a file is read from the file's folder. A district that has no id is called by its file,
        in a folder with the way to it.

    Raises
    ------
    MissingFileError, InputError
        ``batch.no_column`` and ``batch.empty_cell`` for a table, ``batch.no_workspaces`` where
        nothing is named.
    """
    if isinstance(workspaces, pd.DataFrame):
        found = _of_table(workspaces, "DataFrame", Path())
    elif isinstance(workspaces, str | Path):
        found = _of_path(Path(workspaces))
    else:
        found = [place for each in workspaces for place in _of_path(Path(each))]
    if not found:
        raise InputError("batch.no_workspaces")
    # who names a file twice means it once
    return sorted(
        dict.fromkeys(found), key=lambda each: (each.province, each.district, str(each.workspace))
    )


def _of_path(path: Path) -> list[Place]:
    if path.is_dir():
        files = (file for file in path.rglob("*.gpkg") if not file.name.startswith("."))
        return [Place(file, file.relative_to(path).with_suffix("").as_posix()) for file in files]
    if path.suffix.casefold() == ".csv":
        return _of_table(read_listed(path), path.name, path.parent)
    return [Place(path, path.stem)]


def _of_table(table: pd.DataFrame, file: str, folder: Path) -> list[Place]:
    if COLUMNS[0] not in table:
        raise InputError("batch.no_column", file=file, column=COLUMNS[0])
    named = table.reindex(columns=list(COLUMNS)).astype(object)
    cells = named.where(named.notna(), "").astype(str)
    places = []
    for row, (workspace, province, district) in enumerate(cells.itertuples(index=False), start=1):
        if not workspace.strip():
            raise InputError("batch.empty_cell", file=file, row=row, column=COLUMNS[0])
        path = folder / workspace.strip()
        places.append(Place(path, district.strip() or path.stem, province.strip()))
    return places
