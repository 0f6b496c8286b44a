"""What is handed out and may be changed by whoever takes it: what is kept stays as it was."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from functools import cache, cached_property, wraps
from typing import Any, TypeVar

import pandas as pd

COPIES_WHEN_WRITTEN = int(pd.__version__.split(".")[0]) >= 3
"""Whether a shallow copy is one's own: from pandas 3 on, values are copied where one is written."""

Result = TypeVar("Result")
Shipped = TypeVar("Shipped")


def shipped(read: Callable[[], Shipped]) -> Callable[[], Shipped]:
    """Read once what ships with the package, and give a copy of it to each who asks.

    Examples
    --------
    >>> @shipped
    ... def prices():
    ...     return {"clinic": 100.0}
    >>> prices()["clinic"] = 5.0
    >>> prices()
    {'clinic': 100.0}
    """
    once = cache(read)

    @wraps(read)
    def own_copy() -> Shipped:
        return deepcopy(once())

    return own_copy


def own_tables(*names: str) -> Callable[[type[Result]], type[Result]]:
    """Let a class hand out copies of some of its tables, so that no later figure turns on them.

    Parameters
    ----------
    names
        Fields, or cached properties, that hold a table.

    Examples
    --------
    >>> @own_tables("sites")
    ... class Proposal:
    ...     @cached_property
    ...     def sites(self):
    ...         return pd.DataFrame({"cost": [10.0, 20.0]})
    >>> proposal = Proposal()
    >>> taken = proposal.sites
    >>> taken["cost"] = 0.0
    >>> taken["cost"].tolist(), proposal.sites["cost"].tolist()
    ([0.0, 0.0], [10.0, 20.0])
    """

    def of(owner: type[Result]) -> type[Result]:
        for name in names:
            setattr(owner, name, _OwnTable(name, vars(owner).get(name)))
        return owner

    return of


class _OwnTable:
    """What stands in the place of a field or of a cached property."""

    def __init__(self, name: str, made: cached_property[Any] | None) -> None:
        self._name = name
        self._make = None if made is None else made.func
        self.__doc__ = getattr(made, "__doc__", None)

    def __get__(self, result: object | None, owner: type) -> Any:
        if result is None:
            return self
        kept = vars(result)
        if self._name not in kept:
            if self._make is None:
                raise AttributeError(self._name)
            kept[self._name] = self._make(result)
        return kept[self._name].copy(deep=not COPIES_WHEN_WRITTEN)

    def __set__(self, result: object, table: Any) -> None:
        vars(result)[self._name] = table
