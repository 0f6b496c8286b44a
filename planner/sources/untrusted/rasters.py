"""What a raster file holds, seen before GDAL opens it."""

from __future__ import annotations

from pathlib import Path

from planner.errors import InputError

ENDINGS = (".tif", ".tiff")

_MAGIC = (b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+")


def check_raster(file: Path) -> None:
    """Refuse a file that is no TIFF by its ending and by its first bytes.

    Raises
    ------
    InputError
        ``population.not_tiff``.
    """
    with file.open("rb") as stream:
        start = stream.read(4)
    if file.suffix.lower() not in ENDINGS or start not in _MAGIC:
        raise InputError("population.not_tiff", file=file.name)
