"""Date, licence and credit of the sources of a workspace, changed in what is told of its layers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from planner.district import Source
from planner.district.provenance import checked_date, with_sources
from planner.sources.update.restating import restated


def write_sources(
    workspace: str | Path, said: Sequence[Source], before: Sequence[Source] | None = None
) -> tuple[Source, ...]:
    """Keep in a workspace what is stated of where its layers come from.

    The file is changed as of :func:`planner.sources.update.restating.restated`.

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
        As of :func:`planner.sources.update.restating.restated`.
    """
    checked = [replace(s, date=checked_date(s.date) if s.date else "") for s in said]
    return restated(
        Path(workspace),
        lambda district: before is None or tuple(before) == district.sources,
        lambda district: with_sources(district, checked),
        "update.sources_changed",
    ).sources
