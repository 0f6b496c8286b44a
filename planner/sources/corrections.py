"""Corrections kept beside a workspace: ``city.gpkg.corrections.json`` beside ``city.gpkg``."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from planner.district import District
from planner.district.corrections.applied import apply_corrections
from planner.district.corrections.corrections import Corrections
from planner.errors import InputError
from planner.sources.kept_files import NONE, locked, put_whole, read_kept

SUFFIX = ".corrections.json"
MOST_BYTES = 8_000_000


class OtherCorrectionsError(InputError):
    """Somebody else corrected the same workspace since its corrections were read.

    Parameters
    ----------
    theirs
        The corrections that are kept now.
    """

    def __init__(self, theirs: Corrections) -> None:
        super().__init__("corrections.meanwhile")
        self.theirs = theirs


def corrections_file(workspace: str | Path) -> Path:
    """Return where the corrections of a workspace are kept."""
    workspace = Path(workspace)
    return workspace.with_name(workspace.name + SUFFIX)


def read_corrections(workspace: str | Path) -> Corrections:
    """Return the corrections kept beside a workspace, none where there is no such file.

    Raises
    ------
    InputError
        Where the file cannot be read or holds something else; the workspace is then not read
        either, since its facilities would silently be the uncorrected ones.
    """
    file = corrections_file(workspace)
    kept = read_kept(file, MOST_BYTES)
    return Corrections.from_json(kept.text, file.name) if kept.version != NONE else Corrections()


def change_corrections(
    workspace: str | Path, sign: str, then: Callable[[Corrections], Corrections]
) -> Corrections:
    """Change the corrections of a workspace, unless somebody else did since they were read.

    Parameters
    ----------
    workspace
        The workspace that they lie beside.
    sign
        ``Corrections.sign`` of those that were read.
    then
        Makes the new corrections from those kept.

    Returns
    -------
    Corrections
        What is kept now.

    Raises
    ------
    OtherCorrectionsError
        Where others are kept by now; nothing is written.
    WorkError
        Where the disk is full or writing is not permitted; the file is then as it was.
    """
    file = corrections_file(workspace)
    with locked(file):
        kept = read_corrections(workspace)
        if kept.sign != sign:
            raise OtherCorrectionsError(kept)
        changed = then(kept)
        if changed != kept:
            put_corrections(workspace, changed)
    return changed


def put_corrections(workspace: str | Path, corrections: Corrections) -> None:
    """Keep corrections in the place of those of a workspace; who calls it writes there alone.

    Raises
    ------
    WorkError
        As of :func:`change_corrections`.
    """
    put_whole(corrections_file(workspace), f"{corrections.to_json()}\n".encode())


def corrected(district: District, workspace: str | Path) -> District:
    """Return a district as read from a workspace with the corrections beside it applied."""
    return apply_corrections(district, read_corrections(workspace))
