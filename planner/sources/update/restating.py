"""What a workspace says of itself beside its layers, changed in its file in one way."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from planner.district import District
from planner.errors import InputError
from planner.sources.kept_files import locked, put_in_place
from planner.sources.update.taking import refuse_open
from planner.sources.workspace.reading import read_district
from planner.sources.workspace.writing import rewritten


def restated(
    path: Path,
    expected: Callable[[District], bool],
    change: Callable[[District], District],
    code: str,
) -> District:
    """Keep in a workspace what is said of its district, and return the district as it was.

    The layers and what other programs have in the file stay as they are; it is replaced at once.
    A change of a layer that was taken before cannot be taken back after it.

    Parameters
    ----------
    path
        The GeoPackage.
    expected
        Whether the workspace says what it was taken to say.
    change
        Returns the district with what is said now.
    code
        Of the error where somebody changed the workspace before.

    Raises
    ------
    InputError
        `code`; ``update.open_elsewhere`` where another program has it open.
    WorkError
        Where the disk is full or writing is not permitted; the workspace is then as it was.
    """
    with locked(path):
        refuse_open(path)
        district = read_district(path, corrections=False)
        if not expected(district):
            raise InputError(code, file=path.name)
        with rewritten(change(district), (), path) as part:
            put_in_place(part, path)
    return district
