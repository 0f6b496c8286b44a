"""Standard, benchmark and currency of a workspace, changed in its metadata."""

from __future__ import annotations

from pathlib import Path

from planner.district.defaults import Defaults
from planner.errors import InputError
from planner.sources.kept_files import locked, put_in_place
from planner.sources.update.taking import refuse_open
from planner.sources.workspace.reading import read_district
from planner.sources.workspace.writing import rewritten


def write_defaults(
    workspace: str | Path, said: Defaults, before: Defaults | None = None
) -> Defaults:
    """Keep in a workspace what its district is judged by, set beside and priced in.

    The layers and what other programs have in the file stay as they are; it is replaced at once.
    A change of a layer that was taken before cannot be taken back after it.

    Parameters
    ----------
    workspace
        The GeoPackage.
    said
        What is kept; empty for what is usual at that place.
    before
        What the workspace is taken to say now; nothing is written where it says something else.
        None where that does not matter.

    Returns
    -------
    What it said before, by which the change is taken back.

    Raises
    ------
    InputError
        For an id that nobody knows, or what is no currency; ``update.defaults_changed`` where
        the workspace does not say `before`; ``update.open_elsewhere`` where another program has
        it open.
    WorkError
        Where the disk is full or writing is not permitted; the workspace is then as it was.
    """
    path, checked = Path(workspace), said.checked()
    with locked(path):
        refuse_open(path)
        district = read_district(path, corrections=False)
        if before not in (None, district.defaults):
            raise InputError("update.defaults_changed", file=path.name)
        with rewritten(district.judged_by(checked), (), path) as part:
            put_in_place(part, path)
    return district.defaults
