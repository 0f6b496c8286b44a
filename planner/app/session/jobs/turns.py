"""Turns at what only so many may do at a time, of which nobody gets all."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable

_LOOK_S = 0.2


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


class Turn:
    """One person's turn, which is taken, and given to others while its work only waits.

    Parameters
    ----------
    turns
        Of which it is one.
    whose
        The person.
    check
        Called again and again while it is waited for; what it raises ends the wait.
    """

    def __init__(self, turns: Turns, whose: str, check: Callable[[], None]) -> None:
        self._turns, self._whose, self._check = turns, whose, check
        self._held = False

    def take(self) -> None:
        """Wait until it comes."""
        while not self._turns.acquire(self._whose, _LOOK_S):
            self._check()
        self._held = True

    def give(self) -> None:
        """Let the next have it, where it is held."""
        if self._held:
            self._held = False
            self._turns.release(self._whose)
