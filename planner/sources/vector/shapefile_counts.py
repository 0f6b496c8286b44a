"""Whether the shapes and the rows of a Shapefile are as many: they stand in files of their own."""

from __future__ import annotations

import struct
from pathlib import Path

from planner.errors import InputError

_HEADER_BYTES = 100
_INDEX_BYTES = 8


def check_counts(shapes: Path) -> None:
    """Refuse a Shapefile that has more shapes than rows, or more rows than shapes.

    A reader pairs them by their order, and goes on without those that are left over. One of the
    files was then cut off by a copy, or is of another layer, and no pair can be relied on.

    Parameters
    ----------
    shapes
        The ``.shp``; a ``.dbf`` beside it that is missing has no row to compare.

    Raises
    ------
    InputError
        ``sources.shapefile_counts``.
    """
    table = _beside(shapes, ".dbf")
    if table is None:
        return
    with table.open("rb") as file:
        head = file.read(8)
    count = _shapes(shapes)
    if len(head) < 8 or count is None:
        return  # such a file is refused where it is read
    (rows,) = struct.unpack("<I", head[4:])
    if rows != count:
        raise InputError("sources.shapefile_counts", file=shapes.name, shapes=count, rows=rows)


def _beside(file: Path, ending: str) -> Path | None:
    names = (file.with_suffix(ending), file.with_suffix(ending.upper()))
    return next((name for name in names if name.is_file()), None)


def _shapes(shapes: Path) -> int | None:
    """Return how many shapes the index names; a Shapefile without one is not read."""
    index = _beside(shapes, ".shx")
    length = None if index is None else _length(index)
    return None if length is None else (length - _HEADER_BYTES) // _INDEX_BYTES


def _length(file: Path) -> int | None:
    """Return the length that a file says it has, bytes."""
    with file.open("rb") as stream:
        head = stream.read(28)
    return 2 * int(struct.unpack(">i", head[24:])[0]) if len(head) == 28 else None
