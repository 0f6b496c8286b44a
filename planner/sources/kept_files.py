"""Small files that several windows and programs keep together: versioned, locked, on the disk.

Whoever writes says which version they had read. Where the file has another by now, nothing is
written and both versions can be looked at (optimistic locking; Kung and Robinson 1981). Writers of
all processes take turns by a lock file. What was acknowledged is on the disk: the new content is
written beside the file, flushed (``fsync``), put in the place of the old by one rename, and the
folder is flushed too, so that after a power loss there is the old file or the new one, whole.
"""

from __future__ import annotations

import errno
import hashlib
import os
import re
import secrets
import shutil
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from filelock import FileLock, Timeout

from planner.errors import InputError, WorkError
from planner.sources.write_errors import write_error

NONE = ""
"""Version of a file that is not there."""

LOCK = ".planner.lock"
"""File in a folder by which the writers of its files take turns."""

WAIT_S = 10.0
"""So long a writer waits for another."""

STALE_S = 3600.0
"""A part of a file that is older was left by a writer that ended in the middle."""

_PART = re.compile(r"\..+\.(?:[0-9a-f]{8}\.part|[0-9]+\.part\.gpkg(?:-journal)?)")
"""Names of the parts that are written beside a file, of a workspace among them."""


@dataclass(frozen=True)
class Kept:
    """What a file holds.

    Parameters
    ----------
    text
        Its content, empty where there is no file.
    version
        Sign of the content, :data:`NONE` where there is no file.
    """

    text: str
    version: str


class ChangedMeanwhileError(InputError):
    """Somebody else wrote the file since it was read.

    Parameters
    ----------
    file
        The file.
    theirs
        What it holds now.
    """

    def __init__(self, file: Path, theirs: Kept) -> None:
        super().__init__("sources.changed_meanwhile", file=file.name)
        self.theirs = theirs


def version_of(text: str) -> str:
    """Return the sign of a content.

    Examples
    --------
    >>> version_of("a") == version_of("b"), version_of("") == NONE
    (False, False)
    """
    return hashlib.sha256(text.encode("utf-8")).hexdigest()[:32]


def sign_of(file: Path) -> str:
    """Return the sign of a file of any size, by all its bytes.

    Raises
    ------
    InputError
        Where it cannot be read.
    """
    try:
        with file.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()[:32]
    except OSError as error:
        raise InputError("sources.cannot_read", file=str(file), reason=_reason(error)) from error


def read_kept(file: str | Path, most_bytes: int) -> Kept:
    """Return what a file holds; a file that is not there holds nothing.

    Parameters
    ----------
    file
        UTF-8 text.
    most_bytes
        Size above which it is not read.

    Raises
    ------
    InputError
        Where it is larger, no plain file, no UTF-8 text, or cannot be read.
    """
    path = Path(file)
    try:
        text = read_whole(path, most_bytes).decode("utf-8")
    except FileNotFoundError:
        return Kept("", NONE)
    except UnicodeDecodeError as error:
        raise InputError("sources.kept_no_text", file=path.name) from error
    except OSError as error:
        if error.errno == errno.ENAMETOOLONG:  # no file can be there
            return Kept("", NONE)
        raise InputError("sources.cannot_read", file=str(path), reason=_reason(error)) from error
    return Kept(text, version_of(text))


def read_whole(file: Path, most_bytes: int) -> bytes:
    """Return the bytes of a plain file.

    Raises
    ------
    InputError
        Where it is larger than `most_bytes`, or no plain file.
    OSError
        Where it cannot be read, or is not there.
    """
    with _plain(file) as stream:
        content = stream.read(most_bytes + 1)
    if len(content) > most_bytes:
        raise InputError("sources.kept_too_large", file=file.name, most=most_bytes)
    return content


def write_kept(
    file: str | Path, text: str, version: str, most_bytes: int, *, private: bool = False
) -> Kept:
    """Keep a text in the place of the version that was read; return what is kept now.

    Parameters
    ----------
    file
        Its folder is made where it is not there.
    text
        The new content.
    version
        Version of the content that `text` follows on, :data:`NONE` for a new file.
    most_bytes
        As for :func:`read_kept`.
    private
        Whether only the user of this program may read the file (where the system knows users).

    Raises
    ------
    ChangedMeanwhileError
        Where the file holds another version; nothing is written.
    InputError
        Where `text` is larger than may be.
    WorkError
        Where the disk is full, writing is not permitted, or another writer does not end. The file
        is then as it was.
    """
    path = Path(file)
    content = text.encode("utf-8")
    if len(content) > most_bytes:
        raise InputError("sources.kept_too_large", file=path.name, most=most_bytes)
    with locked(path):
        now = read_kept(path, most_bytes)
        if now.version != version:
            raise ChangedMeanwhileError(path, now)
        put_whole(path, content, private=private)
    return Kept(text, version_of(text))


@contextmanager
def locked(file: str | Path) -> Iterator[None]:
    """Let nobody else write files of the same folder meanwhile, in whatever process.

    Raises
    ------
    WorkError
        Where the folder cannot be made, or another writer does not end in time.
    """
    path = Path(file)
    lock = path.with_name(LOCK)
    if lock.is_symlink() or (lock.exists() and not lock.is_file()):
        # one that leads elsewhere would be opened, and made empty, there
        raise WorkError("sources.kept_no_file", file=lock.name)
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with FileLock(lock, timeout=WAIT_S, mode=0o600):
            yield
    except Timeout as error:
        raise WorkError("sources.kept_busy", file=path.name) from error
    except OSError as error:
        raise write_error(path.name, error) from error


def put_whole(file: Path, content: bytes, *, private: bool = False) -> None:
    """Put a content in a file's place, the whole of it or nothing, and see it onto the disk.

    Raises
    ------
    WorkError
        Where the disk is full or writing is not permitted; the file is then as it was.
    """
    part = file.with_name(f".{file.name}.{secrets.token_hex(4)}.part")
    try:
        number = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600 if private else 0o644)
        with os.fdopen(number, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        put_in_place(part, file)
    except OSError as error:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise write_error(file.name, error) from error


def copy_whole(source: Path, file: Path) -> None:
    """Put a copy of a file in another's place, the whole of it or nothing, and onto the disk.

    Raises
    ------
    WorkError
        Where the disk is full or writing is not permitted; the other file is then as it was.
    """
    part = file.with_name(f".{file.name}.{secrets.token_hex(4)}.part")
    try:
        shutil.copyfile(source, part)
        flush(part)
        put_in_place(part, file)
    except OSError as error:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise write_error(file.name, error) from error


def put_in_place(part: Path, file: Path) -> None:
    """Move a file that is on the disk into the place of another, at once, and see that onto it too.

    Raises
    ------
    OSError
        Where the system refuses; both files are then as they were.
    """
    place = file.resolve()  # a link stays one: what it names is replaced
    part.replace(place)
    _flush_folder(place.parent)


def flush(file: Path) -> None:
    """See a written file onto the disk."""
    with file.open("r+b") as stream:
        os.fsync(stream.fileno())


def clean(folder: str | Path) -> int:
    """Remove what writers left that ended in the middle; return how many files these were."""
    place = Path(folder)
    if not place.is_dir():
        return 0
    removed = 0
    for left in place.iterdir():
        with suppress(OSError):
            if _PART.fullmatch(left.name) and time.time() - left.stat().st_mtime > STALE_S:
                left.unlink()
                removed += 1
    return removed


def _plain(path: Path) -> BinaryIO:
    """Open a file for reading that is one: a pipe laid in its place would keep who reads waiting.

    Raises
    ------
    InputError
        ``sources.kept_no_file`` for a pipe, a device or a folder.
    OSError
        Where it cannot be opened.
    """
    waiting = getattr(os, "O_NONBLOCK", 0)
    number = os.open(path, os.O_RDONLY | waiting | getattr(os, "O_BINARY", 0))
    if not stat.S_ISREG(os.fstat(number).st_mode):
        os.close(number)
        raise InputError("sources.kept_no_file", file=path.name)
    return os.fdopen(number, "rb")


def _flush_folder(folder: Path) -> None:
    """See a rename onto the disk; Windows does so by itself and opens no folders."""
    if os.name == "nt":
        return
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def _reason(error: OSError) -> str:
    return error.strerror or str(error)
