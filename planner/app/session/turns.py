"""Turns at what only so many may do at a time, of which nobody gets all."""

from __future__ import annotations

import threading
from collections import Counter


class Turns:
    """So many turns at a time, and so many of them for one person.

    Parameters
    ----------
    most
        Turns of all.
    most_of_one
        Turns of one person, at the most.
    """

    def __init__(self, most: int, most_of_one: int) -> None:
        self._most, self._most_of_one = most, most_of_one
        self._taken: Counter[str] = Counter()
        self._changed = threading.Condition()

    def acquire(self, whose: str, timeout: float) -> bool:
        """Wait for a turn of a person, no longer than `timeout` seconds; return whether it came."""
        with self._changed:
            came = self._changed.wait_for(lambda: self._free(whose), timeout)
            if came:
                self._taken[whose] += 1
            return came

    def release(self, whose: str) -> None:
        """Let the next have the turn."""
        with self._changed:
            self._taken[whose] -= 1
            if not self._taken[whose]:
                del self._taken[whose]
            self._changed.notify_all()

    def _free(self, whose: str) -> bool:
        return self._taken.total() < self._most and self._taken[whose] < self._most_of_one
