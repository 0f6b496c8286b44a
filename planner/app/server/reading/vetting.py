"""Workspaces that lie in the data folder: read once by a process that can be ended, then by us.

Whoever can lay a file into the data folder need not mean well. So a file that this server has not
seen as it is now is read through by a process with caps first; only what that process could read
in its time and memory is opened here.
"""

from __future__ import annotations

import tempfile
import threading
from pathlib import Path

from planner.app.server.reading.caps import Caps, caps
from planner.app.server.reading.worker import Worker
from planner.errors import Finding, InputError
from planner.sources.workspace.state import state_of

SECONDS = 300.0
"""Time that reading a workspace may take, unless the configuration allows less."""

AT_ONCE = 2

Stamp = tuple[str, tuple[int, ...]]

_judged: dict[Stamp, Finding | None] = {}
_files: dict[str, threading.Lock] = {}
_lock = threading.Lock()
_turn = threading.BoundedSemaphore(AT_ONCE)


def vet(path: Path) -> None:
    """See to it that a process of its own has read a workspace as it is now.

    Raises
    ------
    InputError
        Where that process refused the file, or took more memory or time than it may; the same
        answer is given again as long as the file stays as it is.
    """
    stamp = _stamp(path)
    if stamp not in _judged:  # what is known waits for nobody
        with _lock:
            of_file = _files.setdefault(stamp[0], threading.Lock())
        with of_file:  # who asks for the same file waits without a turn
            if stamp not in _judged:
                with _turn:
                    _judged[stamp] = _read(path)
    found = _judged[stamp]
    if found is not None:
        raise InputError(found.code, **found.params)


def vouch(path: Path) -> None:
    """Say that a process of its own has read this file, such as an upload that is put here."""
    _judged[_stamp(path)] = None


def _stamp(path: Path) -> Stamp:
    """Return what tells a file's state; time and size alone can be set by who changes it."""
    return str(path.absolute()), state_of(path)


def _read(path: Path) -> Finding | None:
    """Have the file read; return what is wrong with it."""
    allowed = caps()
    allowed = Caps(allowed.memory_mb, min(allowed.seconds, SECONDS))
    with tempfile.TemporaryDirectory(prefix="planner-") as folder:
        request = {"do": "open", "file": path.absolute()}
        worker = Worker(request, Path(folder), allowed)
        found = worker.run(lambda _stage, _share: None)
    return worker.error if found is None else None
