"""Date, licence and credit of the sources of a workspace, changed in what is told of its layers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from planner.district import Source
from planner.district.provenance import checked_date, with_sources
from planner.errors import InputError
from planner.sources.kept_files import locked, put_in_place
from planner.sources.update.taking import refuse_open
from planner.sources.workspace.reading import read_district
from planner.sources.workspace.writing import rewritten


def write_sources(
    workspace: str | Path, said: Sequence[Source], before: Sequence[Source] | None = None
) -> tuple[Source, ...]:
    """Keep in a workspace what is stated of where its layers come from.

    The layers and what other programs have in the file stay as they are; it is replaced at once.
    A change of a layer that was taken before cannot be taken back after it.

    Parameters
    ----------
    workspace
        The GeoPackage.
    said
        All its sources, with what is stated of them.
    before
        What the workspace is taken to say now; nothing is written where it says something else.
        None where that does not matter.

    Returns
    -------
    What it said before, by which the change is taken back.

    Raises
    ------
    InputError
        ``provenance.bad_date``; ``update.sources_changed`` where the workspace does not say
        `before`; ``update.open_elsewhere`` where another program has it open.
    WorkError
        Where the disk is full or writing is not permitted; the workspace is then as it was.
    """
    path = Path(workspace)
    checked = [replace(s, date=checked_date(s.date) if s.date else "") for s in said]
    with locked(path):
        refuse_open(path)
        district = read_district(path, corrections=False)
        if before is not None and tuple(before) != district.sources:
            raise InputError("update.sources_changed", file=path.name)
        with rewritten(with_sources(district, checked), (), path) as part:
            put_in_place(part, path)
    return district.sources
