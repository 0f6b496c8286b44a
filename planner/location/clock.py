"""The clocks of a search: processor time of its own thread and wall time, compiling left out."""

from __future__ import annotations

import threading
import time
from typing import Any

from numba.core import event

__all__ = ["Clock"]


class _Compiling(event.Listener):
    """Adds up, for each thread, the time in which numba compiles or waits for another to."""

    def __init__(self) -> None:
        self._of_thread = threading.local()

    @property
    def spent(self) -> tuple[float, float]:
        """Processor and wall seconds of this thread so far."""
        return getattr(self._of_thread, "spent", (0.0, 0.0))

    def on_start(self, event: Any) -> None:  # noqa: ARG002 - as the listener is called
        """Note when the outermost of nested compilations began."""
        own = self._of_thread
        own.depth = getattr(own, "depth", 0) + 1
        if own.depth == 1:
            own.began = (time.thread_time(), time.perf_counter())

    def on_end(self, event: Any) -> None:  # noqa: ARG002 - as the listener is called
        """Add what the outermost took."""
        own = self._of_thread
        own.depth = max(getattr(own, "depth", 0) - 1, 0)
        if own.depth == 0 and hasattr(own, "began"):
            processor, wall = self.spent
            own.spent = (
                processor + time.thread_time() - own.began[0],
                wall + time.perf_counter() - own.began[1],
            )


_COMPILING = _Compiling()
event.register("numba:compiler_lock", _COMPILING)  # type: ignore[no-untyped-call]


class Clock:
    """Runs from its making; compiling, which happens once on a machine, does not count.

    HiGHS runs in the calling thread (``parallel`` is off), so that its work counts too.
    """

    def __init__(self) -> None:
        self._processor, self._wall = _now()

    @property
    def processor_s(self) -> float:
        """Seconds that this thread has worked."""
        return _now()[0] - self._processor

    @property
    def wall_s(self) -> float:
        """Seconds that have passed."""
        return _now()[1] - self._wall


def _now() -> tuple[float, float]:
    processor, wall = _COMPILING.spent
    return time.thread_time() - processor, time.perf_counter() - wall
