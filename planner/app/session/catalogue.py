"""The districts that this server offers, each by an id; a browser never names a path."""

from __future__ import annotations

import errno
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from planner.errors import MissingFileError, PlannerError
from planner.sources.corrections import SUFFIX, corrections_file, read_corrections
from planner.sources.workspace.state import state_of

DEMO = "demo"

_log = logging.getLogger(__name__)


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
        As of :func:`planner.sources.workspace.state.state_of`, so that a changed file is another
        entry to every cache.
    corrections
        Sum of the corrections kept beside it, for the same reason; empty where there are none.
    withheld
        People of a group below whom counts are withheld from who is offered the entry, 0 where all
        are shown: no cache gives the one what is the other's.
    """

    id: str
    path: Path | None = None
    stamp: tuple[int, ...] = ()
    corrections: str = ""
    withheld: int = 0


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
        try:
            file.name.encode("utf-8")
            if _is_workspace(file):
                yield Entry(file.name, file, state_of(file), _corrections(file))
        except (OSError, UnicodeEncodeError) as error:
            _tell_left_out(ascii(file.name), str(error))


@lru_cache(maxsize=256)
def _tell_left_out(name: str, reason: str) -> None:
    """Write once into the log that a file is not offered; the others are."""
    _log.warning("%s in the data folder is left out: %s", name, ascii(reason))


def _corrections(file: Path) -> str:
    """Return the sum of the corrections beside a file; reading the district tells a fault."""
    beside = corrections_file(file)
    try:
        status = beside.stat()
    except FileNotFoundError:
        return ""
    except OSError as error:
        return "" if error.errno == errno.ENAMETOOLONG else f"unreadable {error.errno}"
    return _sign(beside, status.st_mtime_ns, status.st_size)


@lru_cache(maxsize=256)
def _sign(beside: Path, changed_ns: int, size: int) -> str:
    """Return the sum of corrections as they are; read once, since every run of a page asks.

    Kept here, since the cache of answers tells entries apart by this very sum.
    """
    try:
        return read_corrections(beside.with_name(beside.name.removesuffix(SUFFIX))).sign
    except (PlannerError, ArithmeticError, LookupError, TypeError, ValueError):
        # whatever is wrong with it, the other districts stay open; opening this one tells it
        return f"unreadable {changed_ns} {size}"


def _is_workspace(file: Path) -> bool:
    """Hidden files are those that are being written."""
    return file.suffix.casefold() == ".gpkg" and not file.name.startswith(".") and file.is_file()
