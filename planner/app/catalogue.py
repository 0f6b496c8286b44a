"""The districts that this server offers, each by an id; a browser never names a path."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from planner.errors import MissingFileError

DEMO = "demo"


@dataclass(frozen=True)
class Entry:
    """One district on offer.

    Parameters
    ----------
    id
        ``"demo"``, or the name of a file in the data folder.
    path
        The file, None for the demo district that comes with the program.
    stamp
        Time of the last change in nanoseconds and size in bytes, so that a changed file is
        another entry to every cache.
    """

    id: str
    path: Path | None = None
    stamp: tuple[int, int] = (0, 0)


def catalogue(folder: Path | None) -> dict[str, Entry]:
    """Return the demo and every GeoPackage of `folder` by id, the folder's files by name.

    Raises
    ------
    MissingFileError
        Where there is no such folder.
    """
    if folder is not None and not folder.is_dir():
        raise MissingFileError("app.no_data_folder", file=str(folder))
    entries = [Entry(DEMO), *_files(folder)]
    return {entry.id: entry for entry in entries}


def _files(folder: Path | None) -> Iterator[Entry]:
    if folder is None:
        return
    for file in sorted(folder.iterdir(), key=lambda file: file.name.casefold()):
        if _is_workspace(file):
            status = file.stat()
            yield Entry(file.name, file, (status.st_mtime_ns, status.st_size))


def _is_workspace(file: Path) -> bool:
    """Hidden files are those that are being written."""
    return file.suffix.casefold() == ".gpkg" and not file.name.startswith(".") and file.is_file()
