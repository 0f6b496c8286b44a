"""Work on uploaded files in processes of their own: started, watched, cancelled, cleaned up."""

from __future__ import annotations

import atexit
import logging
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from planner.app.server.reading.caps import caps
from planner.app.server.reading.worker import Worker
from planner.errors import Finding, InputError

_log = logging.getLogger(__name__)

MOST_AT_ONCE = 3
"""So many files are worked on at the same time by one server."""

State = Literal["running", "done", "failed", "cancelled"]


@dataclass(eq=False)
class Job:
    """One piece of work and how far it is. Its thread writes the fields, pages read them.

    Parameters
    ----------
    state
        ``"running"``, ``"done"``, ``"failed"`` or ``"cancelled"``.
    stage, share
        Code of the message that says what is being done, and the share done, 0–1.
    answer
        What it found, once done.
    error
        What went wrong, once failed.
    """

    _worker: Worker
    state: State = "running"
    stage: str = "uploads.stage_starting"
    share: float = 0.0
    answer: dict[str, Any] = field(default_factory=dict)
    error: Finding | None = None
    started: float = field(default_factory=time.monotonic)
    _cancelled: bool = False

    @property
    def seconds(self) -> float:
        """Seconds since it began."""
        return time.monotonic() - self.started

    def cancel(self) -> None:
        """End the process; the state becomes ``"cancelled"`` once it has ended."""
        self._cancelled = True
        self._worker.end()

    def _tell(self, stage: str, share: float) -> None:
        self.stage, self.share = stage, share


_running: set[Job] = set()
_lock = threading.Lock()


def start(
    request: Mapping[str, Any],
    folder: Path,
    finish: Callable[[dict[str, Any]], dict[str, Any]] = dict,
    clean: Callable[[State], None] = lambda _state: None,
) -> Job:
    """Start work in a process of its own.

    Parameters
    ----------
    request
        What to do, as :mod:`planner.app.server.reading.importer` reads it.
    folder
        Folder of the upload; the process's complaints are kept there.
    finish
        Called in the job's thread with the answer once the process is done well; what it returns
        is the job's answer.
    clean
        Called at the end with how it ended.

    Raises
    ------
    InputError
        Where the server has enough to do.
    """
    job = Job(Worker(dict(request), folder, caps()))
    with _lock:
        if len(_running) >= MOST_AT_ONCE:
            raise InputError("uploads.busy", most=MOST_AT_ONCE)
        _running.add(job)
    threading.Thread(target=_run, args=(job, finish, clean), name="upload", daemon=True).start()
    return job


def _run(
    job: Job,
    finish: Callable[[dict[str, Any]], dict[str, Any]],
    clean: Callable[[State], None],
) -> None:
    outcome: State = "failed"
    try:
        answer = job._worker.run(job._tell)
        job.error = job._worker.error
        if job._cancelled:
            outcome = "cancelled"
        elif answer is not None:
            job.answer = finish(answer)
            outcome = "done"
    except Exception as error:  # noqa: BLE001 - the page tells it, the log has the details
        job.error = getattr(error, "finding", None)
        if job.error is None:
            _log.exception("upload failed")
            job.error = Finding("uploads.crashed", {"code": "–"})
    finally:
        with _lock:
            _running.discard(job)
        clean(outcome)
        job.state = outcome


@atexit.register
def _end_all() -> None:
    with _lock:
        left = list(_running)
    for job in left:
        job.cancel()
