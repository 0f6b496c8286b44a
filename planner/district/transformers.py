"""The one place where transformers between coordinate reference systems are made and kept."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from pyproj import Transformer

__all__ = ["transformer"]


@lru_cache(maxsize=64)
def transformer(source: Any, target: Any) -> Transformer:
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
    return Transformer.from_crs(source, target, always_xy=True)
