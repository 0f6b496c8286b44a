"""What was computed of a plan, kept for all who look at it, so that one edit costs one edit."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import TypeVar, cast

T = TypeVar("T")

MOST = 24
"""Answers that are kept; those asked for the longest ago go first. An agenda asks for seven, of
which each district has five of its own; lists of proposals are others after each change."""


class Memory:
    """Answers by question, each as long as what it was computed of is the same object."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Hashable, tuple[object, object]] = OrderedDict()
        self._lock = threading.RLock()

    def get(self, question: Hashable, about: object, make: Callable[[], T]) -> T:
        """Return the answer to a question about something, made where there is none.

        Parameters
        ----------
        question
            What is asked.
        about
            Of what it is computed; another object is asked anew.
        make
            Makes the answer. Two who ask at once may both make it, and get the same.
        """
        with self._lock:
            known = self._kept.get(question)
            if known is not None and known[0] is about:
                self._kept.move_to_end(question)
                return cast("T", known[1])
        made = make()
        with self._lock:
            self._kept[question] = (about, made)
            self._kept.move_to_end(question)
            while len(self._kept) > MOST:
                self._kept.popitem(last=False)
        return made
