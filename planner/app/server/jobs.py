"""Work on uploaded files in processes of their own: started, watched, cancelled, cleaned up."""

from __future__ import annotations

import atexit
import json
import logging
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import planner
from planner.errors import Finding, InputError, messages

_log = logging.getLogger(__name__)

MOST_AT_ONCE = 3
"""So many files are worked on at the same time by one server."""

MOST_SECONDS = 3600.0
ENDING_SECONDS = 3.0

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

    state: State = "running"
    stage: str = "uploads.stage_starting"
    share: float = 0.0
    answer: dict[str, Any] = field(default_factory=dict)
    error: Finding | None = None
    started: float = field(default_factory=time.monotonic)
    _process: subprocess.Popen[bytes] | None = None
    _cancelled: bool = False

    @property
    def seconds(self) -> float:
        """Seconds since it began."""
        return time.monotonic() - self.started

    def cancel(self) -> None:
        """End the process; the state becomes ``"cancelled"`` once it has ended."""
        self._cancelled = True
        if self._process is not None:
            _end(self._process)


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
        What to do, as :mod:`planner.app.server.importer` reads it.
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
    job = Job()
    with _lock:
        if len(_running) >= MOST_AT_ONCE:
            raise InputError("uploads.busy", most=MOST_AT_ONCE)
        _running.add(job)
    words = (job, dict(request), folder, finish, clean)
    threading.Thread(target=_run, args=words, name="upload", daemon=True).start()
    return job


def _run(
    job: Job,
    request: dict[str, Any],
    folder: Path,
    finish: Callable[[dict[str, Any]], dict[str, Any]],
    clean: Callable[[State], None],
) -> None:
    outcome: State = "failed"
    try:
        answer = _answer(job, request, folder)
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


def _answer(job: Job, request: dict[str, Any], folder: Path) -> dict[str, Any] | None:
    """Run the process to its end; return its answer, None where it failed or was cancelled."""
    complaints = folder / "log.txt"
    found: dict[str, Any] | None = None
    with complaints.open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "planner.app.server.importer"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            env=_environment(),
        )
        job._process = process
        if job._cancelled:
            _end(process)
        late = threading.Timer(MOST_SECONDS, _end, [process])
        late.daemon = True
        late.start()
        try:
            assert process.stdin is not None
            assert process.stdout is not None
            with suppress(OSError):
                process.stdin.write(json.dumps(request, default=str).encode("utf-8") + b"\n")
                process.stdin.flush()
            for line in process.stdout:
                found = _heard(job, line) or found
            code = process.wait()
        finally:
            late.cancel()
            _end(process)
            for stream in (process.stdin, process.stdout):
                if stream is not None:
                    with suppress(OSError):
                        stream.close()
    if found is None and job.error is None and not job._cancelled:
        tail = complaints.read_text(encoding="utf-8", errors="replace")[-4000:]
        _log.error("upload ended with exit code %s: %s", code, tail)
        job.error = Finding("uploads.crashed", {"code": code})
    return found


def _heard(job: Job, line: bytes) -> dict[str, Any] | None:
    """Take in one line of the process; return the answer where it is that."""
    said: dict[str, Any] = json.loads(line)
    if "error" in said and said["error"] in messages():
        job.error = Finding(said["error"], said["params"])
    elif "stage" in said and said["stage"] in messages():
        job.stage, job.share = said["stage"], min(max(float(said["share"]), 0.0), 1.0)
    done: dict[str, Any] | None = said.get("done")
    return done


def _environment() -> dict[str, str]:
    """Return an environment in which the process finds this very program."""
    own = str(Path(planner.__file__).parents[1])
    paths = [own, *filter(None, [os.environ.get("PYTHONPATH")])]
    return os.environ | {"PYTHONPATH": os.pathsep.join(paths), "PYTHONIOENCODING": "utf-8"}


def _end(process: subprocess.Popen[bytes]) -> None:
    """Ask a process to end, and after a while make it."""
    if process.poll() is not None:
        return
    process.terminate()
    try:
        process.wait(ENDING_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@atexit.register
def _end_all() -> None:
    with _lock:
        left = list(_running)
    for job in left:
        job.cancel()
