"""Rows of a data check that somebody looked at and found right: ``city.gpkg.checked.json``."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from planner.documents import parse_json
from planner.errors import InputError
from planner.sources.kept_files import NONE, locked, put_whole, read_kept

SUFFIX = ".checked.json"
FORMAT = "planner-checked"
VERSION = 1
MOST_BYTES = 8_000_000
MOST_TICKS = 50_000
MOST_LETTERS = 300


@dataclass(frozen=True)
class Ticks:
    """What was ticked off beside a workspace.

    Parameters
    ----------
    at
        When each row was ticked, ISO 8601 with the time zone, by the key of the row, see
        :meth:`planner.analysis.data_check.Problem.keys`.
    """

    at: Mapping[str, str] = field(default_factory=dict)

    def to_json(self) -> str:
        """Return the ticks as JSON text."""
        head = {"format": FORMAT, "version": VERSION, "ticks": dict(sorted(self.at.items()))}
        return json.dumps(head, ensure_ascii=False, indent=1) + "\n"

    @classmethod
    def from_json(cls, text: str, file: str) -> Ticks:
        """Read ticks from JSON text.

        Raises
        ------
        InputError
            Where it holds something else, or was made by a newer version.
        """
        try:
            data = parse_json(text)
        except (ValueError, RecursionError) as error:
            raise InputError("data_check.no_ticks", file=file) from error
        if not isinstance(data, dict) or data.get("format") != FORMAT:
            raise InputError("data_check.no_ticks", file=file)
        if data.get("version") != VERSION:
            raise InputError("data_check.newer_ticks", file=file, version=data.get("version"))
        ticks = data.get("ticks")
        if not isinstance(ticks, dict) or len(ticks) > MOST_TICKS:
            raise InputError("data_check.no_ticks", file=file)
        if not all(isinstance(at, str) and len(at) <= MOST_LETTERS for at in ticks.values()):
            raise InputError("data_check.no_ticks", file=file)
        return cls(ticks)


def ticks_file(workspace: str | Path) -> Path:
    """Return where the ticks of a workspace are kept."""
    workspace = Path(workspace)
    return workspace.with_name(workspace.name + SUFFIX)


def read_ticks(workspace: str | Path) -> Ticks:
    """Return what was ticked off beside a workspace, nothing where there is no such file.

    Raises
    ------
    InputError
        Where the file cannot be read or holds something else.
    """
    file = ticks_file(workspace)
    kept = read_kept(file, MOST_BYTES)
    return Ticks() if kept.version == NONE else Ticks.from_json(kept.text, file.name)


def change_ticks(
    workspace: str | Path, tick: Iterable[str] = (), untick: Iterable[str] = ()
) -> Ticks:
    """Tick rows off and take ticks back; those that other windows made meanwhile stay.

    Parameters
    ----------
    workspace
        The workspace that they lie beside.
    tick, untick
        Keys of rows.

    Raises
    ------
    InputError
        Where the file holds something else, or there are as many ticks as may be.
    WorkError
        Where the disk is full or writing is not permitted; the file is then as it was.
    """
    now = datetime.now().astimezone().isoformat(timespec="seconds")
    return _kept(workspace, {key[:MOST_LETTERS]: now for key in tick}, untick)


def carry_ticks(workspace: str | Path, copy: str | Path, keys: Iterable[str]) -> Ticks:
    """Lay ticks of a workspace beside a copy of it, each with the time at which it was made.

    A row is known by its own id, or by its place: in a copy of the district it is the same row.

    Parameters
    ----------
    workspace, copy
        Whose ticks are carried, and beside which workspace they are kept; what is ticked there
        already stays.
    keys
        Keys of the rows; those that are not ticked are passed over.

    Raises
    ------
    InputError, WorkError
        As of :func:`read_ticks` and :func:`change_ticks`.
    """
    known = read_ticks(workspace).at
    return _kept(copy, {key: known[key] for key in keys if key in known})


def _kept(workspace: str | Path, more: Mapping[str, str], untick: Iterable[str] = ()) -> Ticks:
    """Keep further ticks beside a workspace; those that are there stay as they are."""
    file = ticks_file(workspace)
    with locked(file):
        before = read_ticks(workspace)
        after = {**more, **before.at}
        for key in untick:
            after.pop(key, None)
        if len(after) > MOST_TICKS:
            raise InputError("data_check.too_many_ticks", most=MOST_TICKS)
        made = Ticks(after)
        if made != before:
            put_whole(file, made.to_json().encode())
    return made
