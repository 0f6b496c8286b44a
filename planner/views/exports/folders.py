"""A folder of files that appears whole or not at all."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from planner.errors import InputError
from planner.sources.write_errors import WRITE_ERRORS, write_error


@contextmanager
def whole_folder(folder: str | Path) -> Iterator[Path]:
    """Give an empty folder to write into, whose files are moved into `folder` at the end.

    A folder that is missing is made, and other files in it are left alone. After a failure it is as
    it was: files that were there before are kept, and a folder that was not there is not made.

    Raises
    ------
    InputError
        Where `folder` is a file.
    WorkError
        Where the disk is full or writing is not permitted.
    """
    folder = Path(folder)
    if folder.exists() and not folder.is_dir():
        raise InputError("views.not_a_folder", file=str(folder))
    made = [parent for parent in (folder, *folder.parents) if not parent.exists()]
    part: Path | None = None
    try:
        folder.mkdir(parents=True, exist_ok=True)
        part = Path(tempfile.mkdtemp(prefix=".part-", dir=folder))
        yield part
        _move_all(part, folder)
        made = []
    except WRITE_ERRORS as error:
        raise write_error(folder, error) from error
    finally:
        if part is not None:
            shutil.rmtree(part, ignore_errors=True)
        for parent in made:
            if parent.is_dir() and not any(parent.iterdir()):
                parent.rmdir()


def write_files(
    folder: str | Path, names: Sequence[str], writers: Sequence[Callable[[Path], object]]
) -> list[Path]:
    """Write files into a folder, all of them or none, and return their paths.

    Parameters
    ----------
    folder
        As for :func:`whole_folder`, with its errors.
    names, writers
        Name of each file, and what writes it.
    """
    with whole_folder(folder) as part:
        for name, write in zip(names, writers, strict=True):
            write(part / name)
    return [Path(folder) / name for name in names]


def _move_all(part: Path, folder: Path) -> None:
    """Move every file, or put back what was there before."""
    replaced = part / "replaced"
    replaced.mkdir()
    moved: list[Path] = []
    kept: list[Path] = []
    try:
        for file in sorted(file for file in part.iterdir() if file.is_file()):
            target = folder / file.name
            if target.exists():
                os.replace(target, replaced / file.name)  # noqa: PTH105
                kept.append(target)
            os.replace(file, target)  # noqa: PTH105
            moved.append(target)
    except OSError:
        for target in moved:
            target.unlink()
        for target in kept:
            os.replace(replaced / target.name, target)  # noqa: PTH105
        raise
