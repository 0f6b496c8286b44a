"""How much memory and time the reading of one file may take, and how that is held.

On POSIX systems the process that reads asks its kernel to refuse more memory; everywhere its parent
looks at what it holds, and ends it.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

import psutil

from planner.app.server.settings import configuration

LEAST_MB, MOST_MB = 1024, 4096
"""Memory that a file may take where nothing is said: a quarter of the machine's, within these."""

MINUTES = 30.0
LOOK_SECONDS = 0.25

_SHARE = 4
_FILE_MB = 8_000
_MOST_OF = 0.5


@dataclass(frozen=True)
class Caps:
    """What the reading of one file may take: memory in megabytes, time in seconds."""

    memory_mb: int
    seconds: float


def caps() -> Caps:
    """Return what the configuration allows, else a quarter of the memory and half an hour."""
    said = configuration.current()
    usual = min(max(psutil.virtual_memory().total // 1_000_000 // _SHARE, LEAST_MB), MOST_MB)
    minutes = said.import_minutes or MINUTES
    return Caps(said.import_memory_mb or int(usual), minutes * 60.0)


def hold(memory_mb: int) -> None:
    """Ask the kernel to refuse this process more memory, and core dumps; POSIX only."""
    if sys.platform == "win32":
        return
    import resource

    for limit, most in (
        (resource.RLIMIT_DATA, memory_mb * 1_000_000),
        (resource.RLIMIT_FSIZE, _FILE_MB * 1_000_000),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(limit)
        allowed = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(limit, (allowed, hard))


def memory_is_out(memory_mb: int) -> bool:
    """Whether this process has held most of the memory that :func:`hold` gave it; POSIX only."""
    if sys.platform == "win32":
        return False
    return _most_held() > most_of(memory_mb)


def most_of(memory_mb: int) -> float:
    """Return the bytes beyond which a process has used up most of what it may hold."""
    return _MOST_OF * memory_mb * 1_000_000


def _most_held() -> int:
    """Return the most bytes that this process has held; POSIX only."""
    with suppress(OSError):
        # what getrusage says of a process includes what its parent held when it was forked
        for line in (
            Path("/proc/self/status").read_text(encoding="ascii", errors="replace").splitlines()
        ):
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    import resource

    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


class Watch:
    """Looks at a process until it is left, and ends it once it takes more than it may.

    Parameters
    ----------
    pid
        The process.
    allowed
        What it may take.
    end
        Called from a thread to end it.
    """

    def __init__(self, pid: int, allowed: Caps, end: Callable[[], None]) -> None:
        self.over: str | None = None
        """Code of the message about what it took too much of, None while it has not."""
        self.most_held = 0
        """Most bytes that it was seen to hold."""
        self._pid, self._allowed, self._end = pid, allowed, end
        self._left = threading.Event()
        self._thread = threading.Thread(target=self._look, name="watch", daemon=True)

    def __enter__(self) -> Watch:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._left.set()
        self._thread.join()

    def _look(self) -> None:
        waited = 0.0
        while not self._left.wait(LOOK_SECONDS):
            waited += LOOK_SECONDS
            try:
                held = psutil.Process(self._pid).memory_info().rss
            except psutil.Error:
                return
            self.most_held = max(self.most_held, held)
            if held > self._allowed.memory_mb * 1_000_000:
                self.over = "uploads.too_much_memory"
            elif waited > self._allowed.seconds:
                self.over = "uploads.too_long"
            if self.over is not None:
                self._end()
                return
