"""Standard, benchmark and currency of a workspace, changed in its metadata."""

from __future__ import annotations

from pathlib import Path

from planner.district.defaults import Defaults
from planner.sources.update.restating import restated


def write_defaults(
    workspace: str | Path, said: Defaults, before: Defaults | None = None
) -> Defaults:
    """Keep in a workspace what its district is judged by, set beside and priced in.

    The file is changed as of :func:`planner.sources.update.restating.restated`.

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
        As of :func:`planner.sources.update.restating.restated`.
    """
    checked = said.checked()
    return restated(
        Path(workspace),
        lambda district: before in (None, district.defaults),
        lambda district: district.judged_by(checked),
        "update.defaults_changed",
    ).defaults
