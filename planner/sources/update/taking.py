"""A change of a layer taken into its workspace, whole or not at all, and taken back once.

The workspace as it was is kept beside it (``city.gpkg.previous``), with a note of what was done
(``city.gpkg.update.json``). The new one is made beside both and put in the place of the old by one
rename: whoever is stopped in between leaves the old workspace or the new one. What is kept is
taken back only where it is the very file that the note tells of.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, get_args

from planner.documents import parse_kept
from planner.errors import InputError
from planner.sources.corrections import put_corrections, read_corrections
from planner.sources.files.lists import LISTED, in_order, key_of
from planner.sources.kept_files import (
    NONE,
    copy_whole,
    locked,
    put_in_place,
    put_whole,
    read_kept,
    sign_of,
)
from planner.sources.tables.guessing import nearest_of
from planner.sources.tables.kept_mappings import MAPPINGS, mapping_of, mappings_text, read_mappings
from planner.sources.tables.mapping import TableMapping
from planner.sources.tables.set_aside import SET_ASIDE
from planner.sources.tables.text import read_listed
from planner.sources.update.change import UPDATED, LayerChange, Mode
from planner.sources.workspace.writing import rewritten
from planner.sources.write_errors import write_error

PREVIOUS, NOTE = ".previous", ".update.json"
"""What is added to the name of a workspace for the one before it, and for what was done."""

FORMAT = "planner-update"
VERSION = 1
MOST_BYTES = 4_000_000
_NOT_UNDONE = ("update.nothing_to_undo", "update.changed_after", "update.open_elsewhere")
_REFUSALS = ("update.no_note", "update.newer_note")


@dataclass(frozen=True)
class Taken:
    """What was last taken into a workspace.

    Parameters
    ----------
    layer, mode, file
        What was brought up to date, how, and from which file.
    at
        When, ISO 8601 with the time zone.
    before, after
        Signs of the workspace before and after.
    counts
        How many rows were new, gone, changed, unchanged.
    mappings
        How files were read before, by layer.
    """

    layer: str
    mode: str
    file: str
    at: str
    before: str
    after: str
    counts: Mapping[str, int] = field(default_factory=dict)
    mappings: Mapping[str, Any] = field(default_factory=dict)

    def to_json(self) -> str:
        """Return it as JSON text."""
        head = {"format": FORMAT, "version": VERSION, **asdict(self)}
        return json.dumps(head, ensure_ascii=False, indent=1) + "\n"

    @classmethod
    def from_json(cls, text: str, file: str) -> Taken:
        """Read it from JSON text.

        Raises
        ------
        InputError
            Where it is none, or made by a newer version.
        """
        data = parse_kept(text, FORMAT, VERSION, _REFUSALS, file)
        texts = ("layer", "mode", "file", "at", "before", "after")
        if not all(isinstance(data.get(name), str) for name in texts):
            raise InputError("update.no_note", file=file)
        counts, mappings = data.get("counts"), data.get("mappings")
        plainly = isinstance(counts, dict) and isinstance(mappings, dict)
        if not plainly or data["layer"] not in UPDATED or data["mode"] not in get_args(Mode):
            raise InputError("update.no_note", file=file)
        plain = {str(name): value for name, value in counts.items() if isinstance(value, int)}
        return cls(**{name: data[name] for name in texts}, counts=plain, mappings=mappings)


def previous_file(workspace: str | Path) -> Path:
    """Return where the workspace before the last change of a layer is kept."""
    workspace = Path(workspace)
    return workspace.with_name(workspace.name + PREVIOUS)


def last_taken(workspace: str | Path) -> Taken | None:
    """Return what was last taken into a workspace, None where the one before is not kept.

    Whether it can be taken back is told by :func:`may_undo`.

    Raises
    ------
    InputError
        Where the note beside the workspace cannot be read or holds something else.
    """
    note = _note(workspace)
    kept = read_kept(note, MOST_BYTES)
    previous = previous_file(workspace)
    if kept.version == NONE or previous.is_symlink() or not previous.is_file():
        return None
    return Taken.from_json(kept.text, note.name)


def may_undo(workspace: str | Path) -> Taken | None:
    """Return what :func:`undo_update` would take back now, None where it would refuse.

    Raises
    ------
    InputError
        As of :func:`last_taken`.
    """
    try:
        return to_undo(Path(workspace))
    except InputError as error:
        if error.code not in _NOT_UNDONE:
            raise
        return None


def write_update(change: LayerChange) -> Path:
    """Take a change into its workspace; its other layers stay as they are, byte by byte.

    Corrections and ticks beside the workspace stay; where it was decided that the file goes before
    what was entered of a facility added by hand, the corrections say so, which holds as long as
    the workspace has its row. The workspace before is kept, in the place of one kept earlier, until
    it is taken back with :func:`undo_update`.

    Parameters
    ----------
    change
        As :func:`planner.sources.read_update` gives it.

    Returns
    -------
    The path of the workspace.

    Raises
    ------
    InputError
        ``update.undecided`` where somebody has to say first which rows are which;
        ``update.changed_since`` where the workspace or its corrections are others by now;
        ``update.open_elsewhere`` where another program has it open; as of
        :func:`planner.sources.tables.text.read_text` where the list of rows set aside beside it
        can no longer be read.
    WorkError
        Where the disk is full or writing is not permitted; the workspace is then as it was.
    """
    path = change.workspace
    if change.to_decide:
        rows = ", ".join(change.undecided["row"][:10])
        raise InputError("update.undecided", count=change.to_decide, rows=rows)
    with locked(path):
        refuse_open(path)
        _refuse_unread_list(path)
        changed = sign_of(path) != change.version
        if changed or read_corrections(path).sign != change.corrections_sign:
            raise InputError("update.changed_since", file=path.name)
        mappings = _mappings(path)
        with rewritten(change.after, change.written, path) as part:
            taken = Taken(
                layer=change.layer,
                mode=change.mode,
                file=change.reading.source.source,
                at=datetime.now().astimezone().isoformat(timespec="seconds"),
                before=change.version,
                after=sign_of(part),
                counts=change.counts(),
                mappings={key: asdict(each) for key, each in mappings.items()},
            )
            copy_whole(path, previous_file(path))
            _keep_list(path)
            put_whole(_note(path), taken.to_json().encode())
            if change.reading.mapping is not None:
                key = _key(change.layer, mappings, change.reading.mapping)
                _keep(path, {**mappings, key: change.reading.mapping})
            # says nothing of a workspace that lacks the row, should this be stopped here
            if change.corrections_then.sign != change.corrections_sign:
                put_corrections(path, change.corrections_then)
            put_in_place(part, path)  # the last that may fail: what is told as failed was not taken
    return path


def undo_update(workspace: str | Path) -> Taken:
    """Put back the workspace before the last change of a layer; once.

    Returns
    -------
    What was taken back.

    Raises
    ------
    InputError
        ``update.nothing_to_undo``; ``update.changed_after`` where the workspace was changed since,
        by whatever program: that would be lost.
    WorkError
        Where writing is not permitted; the workspace is then as it was.
    """
    path = Path(workspace)
    with locked(path):
        taken = to_undo(path)
        _keep(path, {key: mapping_of(each, path.name) for key, each in taken.mappings.items()})
        try:
            put_in_place(previous_file(path), path)
            _put_list_back(path)
            _note(path).unlink()
        except OSError as error:
            raise write_error(path.name, error) from error
    return taken


def to_undo(path: Path) -> Taken:
    """Return what :func:`undo_update` would take back now.

    Raises
    ------
    InputError
        As of :func:`undo_update` and :func:`last_taken`.
    """
    taken = last_taken(path)
    if taken is None or not path.is_file() or sign_of(previous_file(path)) != taken.before:
        raise InputError("update.nothing_to_undo", file=path.name)
    refuse_open(path)
    now = sign_of(path)
    if now == taken.before:  # it was stopped before it was taken
        raise InputError("update.nothing_to_undo", file=path.name)
    if now != taken.after:
        raise InputError("update.changed_after", file=path.name, date=taken.at[:10])
    return taken


def _note(workspace: str | Path) -> Path:
    workspace = Path(workspace)
    return workspace.with_name(workspace.name + NOTE)


def refuse_open(path: Path) -> None:
    """Refuse a workspace of which another program holds changes beside the file."""
    for ending in ("-wal", "-journal"):
        beside = path.with_name(path.name + ending)
        if beside.is_file() and beside.stat().st_size:
            raise InputError("update.open_elsewhere", file=path.name)


def _mappings(path: Path) -> dict[str, TableMapping]:
    file = path.with_suffix(MAPPINGS)
    return read_mappings(file) if file.is_file() else {}


def _key(layer: str, mappings: Mapping[str, TableMapping], mapping: TableMapping) -> str:
    """Return under which key a mapping is kept: of the list that it follows, else a free one."""
    own = in_order(mappings, layer)
    last = nearest_of([mappings[key] for key in own], mapping.columns)
    if last is not None:
        return next(key for key in own if mappings[key] is last)
    if not own or layer not in LISTED:
        return layer
    return next(k for n in range(1, len(own) + 2) if (k := key_of(layer, n)) not in mappings)


def _lists(path: Path) -> tuple[Path, Path]:
    """Return where the rows set aside are listed, and where the list before is kept."""
    listed = path.with_suffix(SET_ASIDE)
    return listed, listed.with_name(listed.name + PREVIOUS)


def _refuse_unread_list(path: Path) -> None:
    """Refuse a list of rows set aside that cannot be read: rows of other files stay in the new one.

    Before anything is written; afterwards the layer would be taken and its list not.
    """
    listed, _ = _lists(path)
    if listed.is_file():
        read_listed(listed)


def _keep_list(path: Path) -> None:
    """Keep the list of rows set aside as it is; who writes the new one knows the reader's words."""
    listed, previous = _lists(path)
    if listed.is_file():
        copy_whole(listed, previous)
    else:
        previous.unlink(missing_ok=True)


def _put_list_back(path: Path) -> None:
    listed, previous = _lists(path)
    if previous.is_file():
        put_in_place(previous, listed)
    elif listed.is_file():
        listed.unlink()  # there was none


def _keep(path: Path, mappings: Mapping[str, TableMapping]) -> None:
    """Keep how files were read, for the next ones; who calls it writes alone."""
    if dict(mappings) != _mappings(path):
        put_whole(path.with_suffix(MAPPINGS), mappings_text(mappings).encode())
