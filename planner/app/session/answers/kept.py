"""Answers that outlive the server: what a first map needs, kept on the server's own disk.

They stand behind :mod:`planner.app.session.answers.cache`: what is in memory is asked there, what
is not is looked for here before it is computed. A file is believed only where it answers exactly
this: the bytes of the workspace, its corrections, the standard, this program and the libraries
that it computes by. Whatever else lies there is passed over and told in the log, and computed as
if it were not there; the folder may be removed at any time.

Only a server that began so keeps any (:func:`begin`): scripts and tests leave nothing behind. What
a first map of the demo needs comes with the program (:func:`ship`), for a server that has just
been installed and has not compiled yet what measures distances.
"""

from __future__ import annotations

import hashlib
import json
import logging
import lzma
import os
import queue
import stat
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import cache, lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import TypeVar
from zipfile import ZIP_LZMA, BadZipFile, ZipFile, ZipInfo

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyproj
import shapely

import planner
from planner.app.server.requests import drawn
from planner.app.session.catalogue import Entry
from planner.errors import PlannerError
from planner.sources.kept_files import clean, put_whole, read_whole, sign_of
from planner.sources.packed import (
    DamagedError,
    OtherAnswerError,
    UnpackableError,
    about_what,
    pack,
    unpack,
)
from planner.sources.workspace.demo import demo_answers, demo_file
from planner.sources.workspace.state import state_of

T = TypeVar("T")
Parts = Mapping[str, bytes]

MOST_BYTES = 512 * 2**20
"""So much is kept on the disk at the most; what was not asked for the longest goes first."""

MOST_OF_ONE = 256 * 2**20
"""An answer that is larger is not kept."""

FIRST_MAP_S = 20.0
"""So long nothing is written while nobody's first map is drawn."""

QUIET_S = 4.0
"""So long after it: the rest of the page comes first."""

ENDING = ".answer"
_NOT_LOADED = ("numba", "llvmlite", "scipy")
"""Packages that compute too, and that are not loaded to read what is kept."""

_HEAD_BYTES = 8192
_OTHERS_MAY_WRITE = stat.S_IWGRP | stat.S_IWOTH

_log = logging.getLogger(__name__)
_folder: Path | None = None
_shipped_with: dict[str, bytes] | None = None
_to_write: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()


def begin(folder: Path) -> None:
    """Keep answers in a folder from now on; what is left there of workspaces that are gone goes."""
    global _folder
    _folder = None
    try:
        _must_be_own(folder.lstat())
    except FileNotFoundError:
        pass  # it is made with the first answer
    except (DamagedError, OSError) as error:
        _log.warning("No answers are kept in %s: %s", folder.name, error)
        return
    _folder = folder
    clean(folder)
    _remove_forsaken(folder)
    _writer()


def end() -> None:
    """Keep none any more."""
    global _folder
    _folder = None


def answer_of(
    what: str,
    entry: Entry,
    asked: Sequence[str],
    make: Callable[[], T],
    packed: Callable[[T], Parts],
    unpacked: Callable[[Parts], T],
) -> T:
    """Return an answer from the disk, or make it and have it kept.

    Parameters
    ----------
    what
        What is answered, a word for the file's name.
    entry
        The district that it is about.
    asked
        What was asked of it, as texts that differ where the answers do.
    make
        Computes the answer.
    packed
        Packs it; raises :class:`UnpackableError` where it would come back as another.
    unpacked
        Makes it of what was packed; raises :class:`DamagedError` where it is not whole.
    """
    if _shipped_with is not None and _may_be_shipped(entry):
        made = make()
        _shipped_with[_name(what, asked)] = pack(_shipped_sign(what, asked), packed(made))
        return made
    sign = None if _folder is None else _sign(what, entry, asked)
    if _folder is None or sign is None:
        return make()
    file = _file(_folder, what, entry, asked)
    found = _read(file, sign, unpacked)
    if found is None and _may_be_shipped(entry):
        found = _shipped(what, asked, unpacked)
    if found is not None:
        return found
    made = make()
    about = str(_path(entry).absolute())
    if _is_as(entry):  # else it may have been made of what the file holds now
        _to_write.put(lambda: _write(file, sign, about, lambda: packed(made)))
    return made


def may_be_kept(what: str, entry: Entry) -> bool:
    """Whether an answer about a district lies there; whether it is believed shows when it is read.

    Parameters
    ----------
    what, entry
        As of :func:`answer_of`, whatever was asked.
    """
    if _folder is None:
        return False
    if _may_be_shipped(entry) and demo_answers().is_file():
        return True
    return any(_folder.glob(f"{_stem(what, entry)}-*{ENDING}"))


def written() -> None:
    """Return once all that was to be written by now is."""
    done = threading.Event()
    _to_write.put(done.set)
    done.wait()


def ship(file: Path, ask: Callable[[], None]) -> None:
    """Write what the demo is asked as what comes with the program.

    Parameters
    ----------
    file
        Where it is written.
    ask
        Asks all that a server which was just installed is to have; each is computed anew.
    """
    global _shipped_with
    _shipped_with = {}
    try:
        ask()
        with ZipFile(file, "w", ZIP_LZMA) as answers:
            for name, content in sorted(_shipped_with.items()):
                answers.writestr(ZipInfo(name), content, ZIP_LZMA)
    finally:
        _shipped_with = None


def _may_be_shipped(entry: Entry) -> bool:
    return entry.path is None and not (entry.corrections or entry.withheld)


def _shipped(what: str, asked: Sequence[str], unpacked: Callable[[Parts], T]) -> T | None:
    """Return what comes with the program, None where it is not there or answers something else."""
    file = demo_answers()
    try:
        with ZipFile(file) as answers:
            content = answers.read(_name(what, asked))
        return unpacked(unpack(content, _shipped_sign(what, asked)))
    except (FileNotFoundError, KeyError, OtherAnswerError):
        return None
    except (DamagedError, PlannerError, OSError, EOFError, lzma.LZMAError, BadZipFile) as error:
        _log.warning("%s is not used, and computed anew: %s", file.name, error)
        return None


def _shipped_sign(what: str, asked: Sequence[str]) -> str:
    """Return the sign of an answer that comes with the program.

    Whatever program made it: a test sees to it that this one would make the same.
    """
    told = [what, _content(demo_file(), state_of(demo_file())), list(asked)]
    return hashlib.sha256(json.dumps(told).encode("utf-8")).hexdigest()


def _path(entry: Entry) -> Path:
    return entry.path or demo_file()


def _is_as(entry: Entry) -> bool:
    """Whether the workspace is as the entry found it, and no program has it open to write."""
    if entry.path is None:
        return True
    try:
        now = state_of(entry.path)
    except OSError:
        return False
    return now == entry.stamp and not any(now[-2:])


def _sign(what: str, entry: Entry, asked: Sequence[str]) -> str | None:
    """Return a sign of all that an answer is made of, None where the workspace is being written."""
    try:
        if not _is_as(entry):
            return None
        content = _content(_path(entry), state_of(_path(entry)))
        if not _is_as(entry):  # it was changed while its bytes were read
            return None
    except (PlannerError, OSError):
        return None
    told = [what, content, entry.corrections, entry.withheld, list(asked), _programs()]
    return hashlib.sha256(json.dumps(told).encode("utf-8")).hexdigest()


@lru_cache(maxsize=64)
def _content(path: Path, _state: tuple[int, ...]) -> str:
    return sign_of(path)


@cache
def _programs() -> str:
    """Return a sign of this program, by its files, and of what computes beside it."""
    root = Path(planner.__file__).parent
    told: list[object] = [planner.__version__, sys.version, sys.byteorder, os.name]
    told += [each.__version__ for each in (gpd, np, pd, pa, pyproj, shapely)]
    told += [version(name) for name in _NOT_LOADED]
    told += [pyproj.proj_version_str, shapely.geos_version_string]
    told += sorted(_sources(str(root), ""))
    return hashlib.sha256(json.dumps(told).encode("utf-8")).hexdigest()


def _sources(folder: str, within: str) -> Iterator[tuple[str, int, int]]:
    """Yield name, size and time of each file of the program that figures may come from."""
    with os.scandir(folder) as entries:
        for each in entries:
            name = f"{within}/{each.name}"
            if each.is_dir():
                yield from _sources(each.path, name)
            elif each.name.endswith((".py", ".toml")):
                status = each.stat()
                yield name, status.st_size, status.st_mtime_ns


def _stem(what: str, entry: Entry) -> str:
    """Return how the names of an answer's files begin: by the place, whatever state it is in."""
    place = json.dumps([str(_path(entry).absolute()), entry.withheld])
    return f"{what}-{hashlib.sha256(place.encode('utf-8')).hexdigest()[:16]}"


def _file(folder: Path, what: str, entry: Entry, asked: Sequence[str]) -> Path:
    return folder / f"{_name(_stem(what, entry), asked)}{ENDING}"


def _name(stem: str, asked: Sequence[str]) -> str:
    return f"{stem}-{hashlib.sha256(json.dumps(list(asked)).encode('utf-8')).hexdigest()[:8]}"


def _read(file: Path, sign: str, unpacked: Callable[[Parts], T]) -> T | None:
    """Return what a file holds, None where there is none or it is not to be believed."""
    try:
        _must_be_own(file.parent.lstat())
        _must_be_own(file.lstat())
        found = unpacked(unpack(read_whole(file, MOST_OF_ONE + _HEAD_BYTES), sign))
    except FileNotFoundError:
        return None
    except OtherAnswerError:
        _log.info("%s was made of other data or by another program: computed anew", file.name)
        return None
    except (DamagedError, PlannerError, OSError) as error:
        _log.warning("%s is not used, and computed anew: %s", file.name, error)
        return None
    with suppress(OSError):  # its time says when it was last used; a folder may be read only
        os.utime(file)
    return found


def _must_be_own(status: os.stat_result) -> None:
    """Refuse a link, and what somebody else made or may change where the system knows users.

    Raises
    ------
    DamagedError
        Where it is so.
    """
    if stat.S_ISLNK(status.st_mode):
        raise DamagedError("it is a link")
    if os.name == "nt":
        return
    if status.st_uid != os.getuid() or status.st_mode & _OTHERS_MAY_WRITE:
        raise DamagedError("others may have written it")


def _write(file: Path, sign: str, about: str, parts: Callable[[], Parts]) -> None:
    """Keep an answer; where that fails it is computed again after the next start."""
    try:
        content = pack(sign, parts(), about)
        if len(content) <= MOST_OF_ONE:
            file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            _must_be_own(file.parent.lstat())
            put_whole(file, content, private=True)
            _make_room(file)
    except UnpackableError as error:
        _log.info("%s is not kept: %s", file.name, error)
    except (DamagedError, PlannerError, OSError) as error:
        _log.warning("%s cannot be kept: %s", file.name, error)


def _make_room(newest: Path) -> None:
    """Remove the files that nobody used for the longest where they are too much together."""
    used: list[tuple[float, int, Path]] = []
    for file in newest.parent.glob(f"*{ENDING}"):
        with suppress(OSError):  # another server may have removed it
            status = file.stat()
            used.append((status.st_mtime, status.st_size, file))
    total = sum(size for _, size, _ in used)
    for _, size, file in sorted(used):
        if total > MOST_BYTES and file != newest:
            file.unlink(missing_ok=True)
            total -= size


def _remove_forsaken(folder: Path) -> None:
    """Remove what is about workspaces that are no more: nothing of them is to stay here."""
    for file in folder.glob(f"*{ENDING}"):
        with suppress(OSError):  # another server may have removed it
            with file.open("rb") as stream:
                about = about_what(stream.readline(_HEAD_BYTES))
            if not about or not Path(about).exists():
                file.unlink()


@cache
def _writer() -> threading.Thread:
    """Write in the background, once the first map is drawn or nobody asks for one."""

    def write() -> None:
        drawn.first.wait(FIRST_MAP_S)
        time.sleep(QUIET_S)
        while True:
            try:
                _to_write.get()()
            except Exception:  # noqa: BLE001 - the log has it, the others are kept
                _log.exception("An answer cannot be kept")

    thread = threading.Thread(target=write, name="kept-answers", daemon=True)
    thread.start()
    return thread
