"""The one place where transformers between coordinate reference systems are made and kept."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from typing import Any

from pyproj import Transformer

__all__ = ["Transformation", "to_degrees", "transformer"]


class Transformation:
    """Takes places of one CRS to another, in whichever thread it is asked.

    PROJ prepares a transformation anew in each thread, which takes up to a tenth of a second, and a
    dashboard answers every click in a new one. So one thread that lasts asks PROJ for all others.

    Parameters
    ----------
    source, target
        ``pyproj.CRS`` or an EPSG code.
    """

    def __init__(self, source: Any, target: Any) -> None:
        self._asked = _in_one_thread(lambda: Transformer.from_crs(source, target, always_xy=True))

    def transform(self, x: Any, y: Any, *, direction: str = "FORWARD") -> tuple[Any, Any]:
        """Return east and north, or longitude and latitude, of places given in that order.

        Parameters
        ----------
        x, y
            Numbers or arrays of them.
        direction
            ``"FORWARD"``, or ``"INVERSE"`` from the target to the source.
        """
        there: tuple[Any, Any] = _in_one_thread(
            lambda: self._asked.transform(x, y, direction=direction)
        )
        return there

    def transform_bounds(
        self, west: float, south: float, east: float, north: float
    ) -> tuple[float, float, float, float]:
        """Return the bounds of what lies in a box, as west, south, east, north."""
        there: tuple[float, float, float, float] = _in_one_thread(
            lambda: self._asked.transform_bounds(west, south, east, north)
        )
        return there


@lru_cache(maxsize=64)
def transformer(source: Any, target: Any) -> Transformation:
    """Return what takes east and north of one CRS to those of another, longitude before latitude.

    Making one looks through the whole database of PROJ, which takes longer than a small file; each
    is made once, and may be used by several threads.

    Parameters
    ----------
    source, target
        ``pyproj.CRS`` or an EPSG code.

    Examples
    --------
    >>> east, north = transformer(4326, 4547).transform(115.0, 25.0)
    >>> round(east), round(north)
    (600953, 2766427)
    """
    return Transformation(source, target)


@lru_cache(maxsize=64)
def to_degrees(source: Any, x: float, y: float) -> tuple[float, float]:
    """Return longitude and latitude of a place; each scenario on a district asks the same again."""
    there: tuple[float, float] = transformer(source, 4326).transform(x, y)
    return there


def _in_one_thread(ask: Callable[[], Any]) -> Any:
    return _worker().submit(ask).result()


@lru_cache(maxsize=1)
def _worker() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(max_workers=1, thread_name_prefix="projection")


if hasattr(os, "register_at_fork"):  # a process that is forked has none of the threads before it
    os.register_at_fork(after_in_child=_worker.cache_clear)
