"""What work in the background is handed, to tell how far it is and to hear whether to stop."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from planner.app.session.jobs.turns import Turn


class CancelledError(Exception):
    """Raised inside work that nobody waits for any longer, so that no cache keeps a part of it."""


class Ticket:
    """What work in the background is handed: to tell how far it is, and to hear whether to stop."""

    def __init__(self) -> None:
        self._fraction: float | None = None
        self._lock = threading.Lock()
        self._stop = self._heard = False
        self.turn: Turn | None = None
        """Of the work, where only so much of it is done at a time."""

    @contextmanager
    def set_aside(self) -> Iterator[None]:
        """Let other work have the turn of this one, while it only waits for something.

        Where the wait ends in an error, the work is over and needs no turn any more.
        """
        if self.turn is not None:
            self.turn.give()
        yield
        if self.turn is not None:
            self.turn.take()

    def progress(self, fraction: float) -> None:
        """Tell the part that is done, from 0 to 1."""
        self._fraction = min(max(float(fraction), 0.0), 1.0)

    @property
    def fraction(self) -> float | None:
        """The part that is done, None where the work does not tell."""
        return self._fraction

    def cancelled(self) -> bool:
        """Whether to stop: fit to be the ``cancel`` of :func:`planner.propose` and its kin."""
        with self._lock:
            self._heard = self._heard or self._stop
            return self._stop

    def check(self) -> None:
        """Stop here if nobody waits any longer.

        Raises
        ------
        CancelledError
        """
        if self.cancelled():
            raise CancelledError

    def stop(self) -> None:
        """Ask the work to stop."""
        with self._lock:
            self._stop = True

    def go_on(self) -> bool:
        """Take back that the work is to stop; answers whether it had not heard of it yet."""
        with self._lock:
            self._stop = self._heard
            return not self._heard
