"""Corrections kept beside a workspace: ``city.gpkg.corrections.json`` beside ``city.gpkg``."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path

import numpy as np
import shapely

from planner.district import District
from planner.district.corrections.applied import apply_corrections
from planner.district.corrections.corrections import Corrections
from planner.district.identity.doubles import ALIKE_M, near_pairs
from planner.errors import Finding, InputError
from planner.sources.kept_files import NONE, locked, put_whole, read_kept
from planner.sources.tables.set_aside import rows_told

ADDED_NEAR = "corrections.added_near"

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
    """Return a district as read from a workspace with the corrections beside it applied.

    It tells what was added by hand beside a listed facility of its kind, whichever came first.
    """
    corrections = read_corrections(workspace)
    after = apply_corrections(district, corrections)
    if after is district and not any(each.code == ADDED_NEAR for each in after.findings):
        return after
    kept = [each for each in after.findings if each.code != ADDED_NEAR]
    return replace(after, findings=(*kept, *_added_near(district, after)))


def with_added_near(district: District, workspace: str | Path) -> District:
    """Return a district about to be written, told what it lists beside what was added by hand.

    An update asks of each such row whether it is that facility. An import lays its list under
    corrections that are there already, and nobody is asked.

    Parameters
    ----------
    district
        As it was imported.
    workspace
        The file that it is going to be.
    """
    corrections = after_import(district, read_corrections(workspace))
    if not corrections.steps or corrections.crs not in ("", district.crs.to_string()):
        return district
    told = _added_near(district, apply_corrections(district, corrections))
    return replace(district, findings=(*district.findings, *told))


def after_import(district: District, corrections: Corrections) -> Corrections:
    """Return corrections without those added by hand of which a list was believed and drops them.

    As an update has it: what the list said went before what was entered, so that what was entered
    does not come back once a list has the facility no more. Of a kind of which nothing is listed
    now the list says nothing.

    Parameters
    ----------
    district
        As it was imported.
    corrections
        Those that are kept beside the workspace.
    """
    there = set(district.facilities["facility_id"])
    holding = {step.facility_id for step in corrections.standing(there)}
    added = [step for step in corrections.steps if step.do == "add"]
    gone = {
        step.facility_id
        for step in added
        if step.facility_id in holding - there
        and district.data_state(str(step.new["kind"])) != "none"
    }
    return corrections.dropping(gone, datetime.now().astimezone().isoformat(timespec="seconds"))


def drop_unlisted(district: District, workspace: str | Path) -> tuple[Finding, ...]:
    """Keep what an import leaves of corrections, and tell what goes with its list.

    Parameters
    ----------
    district
        As it was imported.
    workspace
        The file that it has become.

    Raises
    ------
    InputError, WorkError
        As of :func:`read_corrections` and :func:`change_corrections`.
    """
    before = read_corrections(workspace)
    if after_import(district, before) == before:
        return ()
    then = change_corrections(workspace, before.sign, partial(after_import, district))
    ids = [step.facility_id for step in then.steps[len(before.steps) :]]
    params = {"count": len(ids), "ids": rows_told(ids)}
    return (Finding("update.corrections_gone", params),)


def _added_near(listed: District, corrected: District) -> Iterator[Finding]:
    """Tell which facilities added by hand stand by a listed one of their kind."""
    table = corrected.facilities
    added = ~table["facility_id"].isin(listed.facilities["facility_id"]).to_numpy()
    xy = shapely.get_coordinates(table.geometry.to_numpy())
    pairs = near_pairs(xy, table["kind"].to_numpy(dtype=object))
    pairs = pairs[added[pairs[:, 0]] != added[pairs[:, 1]]]
    if len(pairs):
        ids = table["facility_id"].to_numpy(dtype=object)
        own = ids[np.unique(pairs[added[pairs]])]
        others = ids[np.unique(pairs[~added[pairs]])]
        params = {"count": len(own), "ids": rows_told(own), "others": rows_told(others)}
        yield Finding("corrections.added_near", {**params, "metres": round(ALIKE_M)})
