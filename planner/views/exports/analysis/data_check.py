"""What is wrong with a district's data as files."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING

from planner.views.exports.files import write_csv
from planner.views.exports.folders import write_files
from planner.views.tables.analysis.data_check import (
    changes_table,
    problem_rows_table,
    problems_table,
)
from planner.views.words.labels import Labels

if TYPE_CHECKING:
    import geopandas as gpd

    from planner.analysis.data_check import DataCheck

FILES = ("data_problems.csv", "data_problem_rows.csv")
CHANGES = "data_changes.csv"


def write_data_check(
    check: DataCheck,
    folder: str | Path,
    language: str = "en",
    *,
    ticked: Collection[str] = (),
    changes: gpd.GeoDataFrame | None = None,
) -> list[Path]:
    """Write a data check into a folder: a list of problems, a list of their rows.

    The errors are those of :func:`planner.views.exports.folders.whole_folder`.

    Parameters
    ----------
    check
        Of :func:`planner.analysis.data_check.check_data`.
    folder
        A folder.
    language
        ``"en"`` or ``"zh"``.
    ticked
        Keys of the rows that somebody ticked off.
    changes
        What a mend changed, if one was made: a third file.
    """
    labels = Labels.of(check.district, language)
    tables = [problems_table(check, labels), problem_rows_table(check.rows(), labels, ticked)]
    names = list(FILES)
    if changes is not None:
        tables.append(changes_table(changes, labels))
        names.append(CHANGES)
    writers = [lambda file, table=table: write_csv(table, file) for table in tables]
    return write_files(folder, names, writers)
