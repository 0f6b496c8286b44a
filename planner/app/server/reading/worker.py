"""Runs a request in a process of its own that can be ended, and hears what it says."""

from __future__ import annotations

import json
import logging
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import planner
from planner.app.server.reading.caps import Caps, Watch, most_of
from planner.app.server.settings.configuration import SECRETS, VARIABLE
from planner.errors import Finding, messages
from planner.progress import Progress

ENDING_SECONDS = 3.0
_FELL = {-int(each) for each in (signal.SIGSEGV, signal.SIGABRT)}
"""Exit codes of a process that touched memory it had not, or gave up for lack of it; POSIX only."""

_log = logging.getLogger(__name__)
_KEPT_BACK = {*SECRETS.values(), VARIABLE, "NO_PROXY", "no_proxy"}
"""Variables that the process is not given: secrets, and what leads past a proxy that is none."""


class Worker:
    """A process that does one request of :mod:`planner.app.server.reading.importer`.

    Parameters
    ----------
    request
        What to do.
    folder
        Where its complaints are kept.
    allowed
        What it may take.
    """

    def __init__(self, request: Mapping[str, Any], folder: Path, allowed: Caps) -> None:
        self.error: Finding | None = None
        """What went wrong, once it ended without an answer."""
        # the process works in a folder of its own, so that names count from nowhere else
        self._request = {
            name: value.absolute() if isinstance(value, Path) else value
            for name, value in request.items()
        }
        self._folder, self._allowed = folder, allowed
        self._process: subprocess.Popen[bytes] | None = None
        self._ended = False
        self._lock = threading.Lock()

    @property
    def alive(self) -> bool:
        """Whether the process is there."""
        return self._process is not None and self._process.poll() is None

    def end(self) -> None:
        """End the process, or see to it that it never begins."""
        with self._lock:
            self._ended = True
        if self._process is not None:
            _end(self._process)

    def run(self, tell: Progress) -> dict[str, Any] | None:
        """Do the request; return its answer, None where it failed or was ended.

        Parameters
        ----------
        tell
            Told a message code and the share done.
        """
        complaints = self._folder / "log.txt"
        with complaints.open("wb") as log:
            process = self._started(log)
            if process is None:
                return None
            with Watch(process.pid, self._allowed, lambda: _end(process)) as watch:
                found, code = self._heard_out(process, tell)
        if watch.over is not None:
            self.error, found = Finding(watch.over, self._said()), None
        elif found is None and code in _FELL and watch.most_held > most_of(self._allowed.memory_mb):
            # a compiled reader that is refused memory may go on as if it had some, and fall
            self.error = Finding("uploads.too_much_memory", self._said())
        elif found is None and self.error is None and not self._ended:
            tail = complaints.read_text(encoding="utf-8", errors="replace")[-4000:]
            _log.error("reading a file ended with exit code %s: %s", code, tail)
            self.error = Finding("uploads.crashed", {"code": code})
        return found

    def _started(self, log: Any) -> subprocess.Popen[bytes] | None:
        with self._lock:
            if self._ended:
                return None
            self._process = subprocess.Popen(
                # neither the folder where the server was started nor one of the user's counts
                # among those that code is looked for in: files of strangers may lie there
                [sys.executable, "-P", "-s", "-m", "planner.app.server.reading.importer"],
                cwd=self._folder,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                env=environment(self._folder),
            )
            return self._process

    def _heard_out(
        self, process: subprocess.Popen[bytes], tell: Progress
    ) -> tuple[dict[str, Any] | None, int]:
        found: dict[str, Any] | None = None
        request = {**self._request, "memory_mb": self._allowed.memory_mb}
        try:
            assert process.stdin is not None
            assert process.stdout is not None
            with suppress(OSError):
                process.stdin.write(json.dumps(request, default=str).encode("utf-8") + b"\n")
                process.stdin.flush()
            for line in process.stdout:
                found = self._heard(line, tell) or found
            return found, process.wait()
        finally:
            _end(process)
            for stream in (process.stdin, process.stdout):
                if stream is not None:
                    with suppress(OSError):
                        stream.close()

    def _heard(self, line: bytes, tell: Progress) -> dict[str, Any] | None:
        """Take in one line of the process; return the answer where it is that."""
        said: dict[str, Any] = json.loads(line)
        if "error" in said and said["error"] in messages():
            own = said["params"] if said["params"] is not None else self._said()
            self.error = Finding(said["error"], own)
        elif "stage" in said and said["stage"] in messages():
            tell(said["stage"], min(max(float(said["share"]), 0.0), 1.0))
        done: dict[str, Any] | None = said.get("done")
        return done

    def _said(self) -> dict[str, Any]:
        """Return the values of a message about too much of something."""
        file = Path(str(self._request.get("file", ""))).name
        minutes = max(round(self._allowed.seconds / 60), 1)
        return {"file": file, "most": self._allowed.memory_mb, "minutes": minutes}


def environment(folder: Path) -> dict[str, str]:
    """Return an environment in which the process finds this very program, and no secrets.

    Its temporary files lie in a folder that goes with it, also where it is ended.
    """
    own = str(Path(planner.__file__).parents[1])
    given_paths = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    paths = [own, *(path for path in given_paths if Path(path).is_absolute())]
    given = {name: value for name, value in os.environ.items() if name not in _KEPT_BACK}
    set_here = {"PYTHONPATH": os.pathsep.join(paths), "PYTHONIOENCODING": "utf-8"}
    set_here |= dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(folder.absolute()))
    return given | set_here | {"PYTHONSAFEPATH": "1"}


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
