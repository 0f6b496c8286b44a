"""The one cache of answers: each is computed once and shared by all sessions.

An answer is a function of a workspace, a standard and a question, marked with :func:`answer`. Who
asks the same while it is being computed waits for that one computation. What fails is not kept.
Answers are never changed by who gets them.
"""

from __future__ import annotations

import inspect
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from functools import cache, wraps
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

TABLE = 1
"""Size of an answer that is a table or a text."""

WHOLE = 8
"""Size of an answer that holds a value for every home: a district, an assessment, a proposal."""

MOST = 512
"""Sizes of all answers together, at the most: 64 assessments, or many more tables."""


@dataclass(eq=False)
class _Slot:
    """A place for an answer; its lock is held while the answer is computed."""

    size: int
    lock: threading.RLock = field(default_factory=threading.RLock)
    filled: bool = False
    value: Any = None


class Cache:
    """Answers by key; those asked for the longest ago go first once they are too many.

    Parameters
    ----------
    most
        Sizes of the answers that are kept, together.
    """

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._slots: OrderedDict[Hashable, _Slot] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable, make: Callable[[], T], size: int = TABLE) -> T:
        """Return the answer under a key, computed by `make` where there is none.

        Raises
        ------
        Exception
            What `make` raised; then nothing is kept, and the next who asks computes it anew.
        """
        with self._lock:
            slot = self._slots.setdefault(key, _Slot(size))
            self._slots.move_to_end(key)
        with slot.lock:
            if not slot.filled:
                self._fill(key, slot, make)
            value: T = slot.value
            return value

    def has(self, key: Hashable) -> bool:
        """Whether the answer under a key is there, so that who asks need not wait."""
        with self._lock:
            slot = self._slots.get(key)
            return slot is not None and slot.filled

    def _fill(self, key: Hashable, slot: _Slot, make: Callable[[], Any]) -> None:
        try:
            slot.value = make()
        except BaseException:
            with self._lock:
                if self._slots.get(key) is slot:
                    del self._slots[key]
            raise
        slot.filled = True
        with self._lock:
            # the slot was let go if the computation before this one failed
            self._slots[key] = slot
            self._slots.move_to_end(key)
            self._make_room(key)

    def _make_room(self, newest: Hashable) -> None:
        total = self._total()
        for key, slot in list(self._slots.items()):
            if total <= self._most:
                return
            if slot.filled and key != newest:
                del self._slots[key]
                total -= slot.size

    def _total(self) -> int:
        return sum(slot.size for slot in self._slots.values() if slot.filled)

    @property
    def size(self) -> int:
        """Sizes of what is kept, together."""
        with self._lock:
            return self._total()

    def clear(self) -> None:
        """Keep nothing."""
        with self._lock:
            self._slots.clear()


SHARED = Cache()
"""The answers of this server."""


def answer(size: int = TABLE) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Have what a function returns computed once for each set of its arguments.

    Arguments must be hashable. Those whose name begins with an underscore, such as the ticket of
    a search, are no part of the question.

    Parameters
    ----------
    size
        :data:`TABLE` or :data:`WHOLE`.
    """

    def mark(make: Callable[P, T]) -> Callable[P, T]:
        @wraps(make)
        def shared(*args: P.args, **kwargs: P.kwargs) -> T:
            key = _key(make, args, kwargs)
            return SHARED.get(key, lambda: make(*args, **kwargs), size)

        _MADE[shared] = make
        return shared

    return mark


_MADE: dict[Callable[..., Any], Callable[..., Any]] = {}
"""What is marked with :func:`answer`, and what each of it computes."""


def is_known(shared: Callable[..., Any], *args: Any) -> bool:
    """Whether a function that is marked with :func:`answer` has the answer for some arguments.

    Parameters
    ----------
    shared
        The function; of one that is not marked nothing is known.
    *args
        What it would be called with.
    """
    make = _MADE.get(shared)
    return make is not None and SHARED.has(_key(make, args, {}))


def _key(make: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Hashable:
    """Return the question: the function's name and its arguments, but those with an underscore."""
    given = _signature(make).bind_partial(*args, **kwargs)
    given.apply_defaults()
    asked = (value for name, value in given.arguments.items() if not name.startswith("_"))
    return (f"{make.__module__}.{make.__qualname__}", *asked)


@cache
def _signature(make: Callable[..., Any]) -> inspect.Signature:
    return inspect.signature(make)
