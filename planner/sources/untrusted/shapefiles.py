"""The parts of a Shapefile: its shapes and the rows of its table must be as many.

GDAL reads as many as the shorter part has, and says nothing of the others: a table that was cut
off, or comes from another file, would take people and streets away.
"""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np

from planner.errors import InputError

_INDEX_HEADER = 100


def check_parts(path: Path) -> None:
    """Refuse a Shapefile whose shapes and rows are not as many.

    Parameters
    ----------
    path
        The ``.shp``; what has no index or no table is left to its reader.

    Raises
    ------
    InputError
        ``sources.shapefile_counts``.
    """
    index, table = _beside(path, ".shx"), _beside(path, ".dbf")
    if index is None or table is None:
        return
    shapes, rows = _shapes(path, index), _rows(table)
    if shapes != rows and rows is not None:
        raise InputError("sources.shapefile_counts", file=path.name, shapes=shapes, rows=rows)


def _beside(path: Path, ending: str) -> Path | None:
    parts = (path.with_suffix(each) for each in (ending, ending.upper()))
    return next((part for part in parts if part.is_file()), None)


def _shapes(path: Path, index: Path) -> int:
    """Return how many shapes the index tells that lie within the file."""
    told = np.frombuffer(index.read_bytes()[_INDEX_HEADER:], dtype=np.uint8)
    told = told[: len(told) // 8 * 8].view(">i4").reshape(-1, 2).astype(np.int64)
    # places and lengths are counted in words of two bytes, behind four words of a record's head
    return int((2 * (told[:, 0] + 4 + told[:, 1]) <= path.stat().st_size).sum())


def _rows(table: Path) -> int | None:
    """Return how many rows a table tells that lie within the file, None where it tells none."""
    with table.open("rb") as file:
        head = file.read(12)
    if len(head) < 12:
        return None
    told, header, length = struct.unpack("<IHH", head[4:12])
    if not length:
        return None
    return min(int(told), max(table.stat().st_size - int(header), 0) // int(length))
