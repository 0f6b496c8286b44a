"""What tells a workspace file from itself as it was before."""

from __future__ import annotations

from pathlib import Path


def state_of(file: Path) -> tuple[int, ...]:
    """Return numbers that are others as soon as a workspace file has been changed.

    What a program that has the file open wrote last stands in a log beside it (SQLite's write-ahead
    log, as QGIS uses it), and reaches the file itself only when that program lets go of it. Time
    and size alone stay where a file is replaced by one that was copied with its time.

    Parameters
    ----------
    file
        A GeoPackage.

    Returns
    -------
    tuple of int
        Of the file the time of the last change in nanoseconds, size in bytes, number on its disk
        and time of the last change of these; of the log beside it time and size, 0 where there is
        none or it holds nothing.

    Raises
    ------
    OSError
        Where there is no such file.
    """
    told = file.stat()
    log = _log_of(file)
    return told.st_mtime_ns, told.st_size, told.st_ino, told.st_ctime_ns, *log


def _log_of(file: Path) -> tuple[int, int]:
    try:
        told = file.with_name(f"{file.name}-wal").stat()
    except OSError:  # no program writes, or its name is longer than a disk can hold
        return 0, 0
    # who only reads may leave an empty log behind
    return (told.st_mtime_ns, told.st_size) if told.st_size else (0, 0)
