"""Files that a browser sends: into a folder of their own, by names of our own, and out again.

What is uploaded lies in a hidden folder beside the workspaces until a process of its own has read
it through; only then does it become a workspace, under a name that no other file has.
"""

from __future__ import annotations

import atexit
import hashlib
import io
import os
import re
import shutil
import socket
import tempfile
import time
import unicodedata
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path

import psutil

from planner.app.server.reading import vetting
from planner.app.server.settings.settings import settings
from planner.errors import InputError, WorkError
from planner.sources.tables.kept_mappings import MAPPINGS
from planner.sources.tables.set_aside import SET_ASIDE
from planner.sources.ticks import SUFFIX as CHECKED
from planner.sources.untrusted.uploads import LAYER_ENDINGS, OSM_ENDINGS, WORKSPACE_ENDINGS
from planner.sources.write_errors import write_error

PREFIX = ".upload-"
STALE_SECONDS = 24 * 3600.0
"""Folders of other computers, of which nobody here can say whether they are used, stay so long."""

_OF_PROCESS = re.compile(rf"{re.escape(PREFIX)}([0-9a-f]{{8}})-([0-9]{{1,9}})-([0-9]{{1,12}})-.*")
MOST_NAME = 60
_CLOCK = 20
"""Tenths of seconds by which a computer may tell a process's beginning otherwise later."""

_RESERVED = re.compile(r"(con|prn|aux|nul|demo|com\d|lpt\d)", re.IGNORECASE)


def safe_stem(name: str, default: str = "district") -> str:
    r"""Return the part of a file's name that a name of ours can be made of.

    Examples
    --------
    >>> safe_stem("../../etc/passwd.gpkg"), safe_stem("章贡区 (2024).osm.pbf"), safe_stem("nul")
    ('passwd', '章贡区-2024', 'nul-district')
    """
    last = re.split(r"[/\\]", name)[-1]
    return safe_name(last.removesuffix(ending_of(last)), default)


def safe_name(text: str, default: str = "district") -> str:
    """Return what a reader typed as a name that every file system takes.

    Examples
    --------
    >>> safe_name("../Kallio & <b>co</b>"), safe_name("...")
    ('Kallio-b-co-b', 'district')
    """
    plain = unicodedata.normalize("NFC", text)
    kept = re.sub(r"[^\w-]+", "-", plain).strip("-_")[:MOST_NAME].strip("-_")
    if _RESERVED.fullmatch(kept):
        kept = f"{kept}-{default}"
    return kept or default


def ending_of(name: str) -> str:
    """Return the ending of a file's name that says what it is, as it stands, empty for others.

    Examples
    --------
    >>> ending_of("a.OSM.PBF"), ending_of("b.exe")
    ('.OSM.PBF', '')
    """
    folded = name.casefold()
    endings = {*OSM_ENDINGS, *LAYER_ENDINGS, *WORKSPACE_ENDINGS}
    fitting = [ending for ending in endings if folded.endswith(ending)]
    return name[-len(max(fitting, key=len)) :] if fitting else ""


_own: dict[str, Path] = {}
"""Folders of this process that are there, by their names."""


@atexit.register
def _discard_own() -> None:
    for folder in list(_own.values()):
        discard(folder)


def _process() -> str:
    """Return what tells this process from all others: computer, number, and when it began."""
    pid = os.getpid()
    return f"{_computer()}-{pid}-{_began(pid)}"


def _computer() -> str:
    return hashlib.sha256(socket.gethostname().encode()).hexdigest()[:8]


def _began(pid: int) -> int:
    """Return when a process began in tenths of seconds, −1 where there is none."""
    try:
        return int(10 * float(psutil.Process(pid).create_time()))
    except psutil.Error:
        return -1


def remove_left(workspaces: Path) -> None:
    """Remove the folders of uploads whose server ended without doing so, never those of a living.

    A folder tells of which computer and process it is, and when that began, since numbers of
    processes come again. Those of other computers go once they are stale.
    """
    for folder in workspaces.glob(f"{PREFIX}*"):
        if folder.is_symlink() or folder.name in _own:
            continue
        found = _OF_PROCESS.fullmatch(folder.name)
        with suppress(OSError):  # those of other users stay
            if found is not None and found[1] == _computer():
                gone = abs(_began(int(found[2])) - int(found[3])) > _CLOCK
            else:
                gone = time.time() - folder.stat().st_mtime > STALE_SECONDS
            if gone:
                shutil.rmtree(folder)


def new_folder(workspaces: Path) -> Path:
    """Make a folder for one upload, and remove those that a stopped server left behind.

    Raises
    ------
    WorkError
        Where nothing can be written there.
    """
    try:
        workspaces.mkdir(parents=True, exist_ok=True)
        remove_left(workspaces)
        made = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{_process()}-", dir=workspaces))
    except OSError as error:
        raise write_error(workspaces.name, error) from error
    _own[made.name] = made.absolute()
    return made


def keep(content: memoryview | bytes, name: str, folder: Path, part: str) -> Path:
    """Write what a browser sent into the folder of its upload.

    Parameters
    ----------
    content
        The file.
    name
        What the browser calls it; only its sanitised last part and its ending are used.
    folder, part
        The folder of the upload, and the folder in it for this file.

    Raises
    ------
    InputError
        Where the file is empty, too large, or has an ending that nothing here reads.
    WorkError
        Where the disk is full.
    """
    ending = ending_of(name).casefold()
    shown = safe_stem(name) + ending
    if not ending:
        raise InputError("uploads.unknown_ending", file=re.split(r"[/\\]", name)[-1][-80:])
    if not len(content):
        raise InputError("uploads.empty", file=shown)
    most = settings().upload_limit_mb
    if len(content) > most * 1_000_000:
        raise InputError("uploads.too_large", file=shown, most=most)
    target = folder / part / shown
    try:
        shutil.rmtree(target.parent, ignore_errors=True)
        target.parent.mkdir()
        target.write_bytes(content)
    except OSError as error:
        raise write_error(shown, error) from error
    return target


SHAPEFILE_PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg")
"""Endings of the files that make one Shapefile, which are kept as one archive."""


def keep_shapefile(
    parts: Mapping[str, memoryview | bytes], name: str, folder: Path, part: str
) -> Path:
    """Write the files of one Shapefile as an archive into the folder of its upload.

    Parameters
    ----------
    parts
        Content by ending of :data:`SHAPEFILE_PARTS`.
    name
        What they are called, without ending.
    folder, part
        As of :func:`keep`, as are the errors.
    """
    packed = io.BytesIO()
    stem = safe_name(name)
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for ending, content in parts.items():
            archive.writestr(f"{stem}{ending}", bytes(content))
    return keep(packed.getbuffer(), f"{stem}.zip", folder, part)


_BESIDE = (
    ".gpkg.corrections.json",
    ".gpkg.update.json",
    ".gpkg.previous",
    f".gpkg{CHECKED}",
    MAPPINGS,
    SET_ASIDE,
)
"""What lies beside a workspace, of its name, and would be taken for that of another one."""


def free_name(workspaces: Path, stem: str) -> str:
    """Return the name under which a workspace would be laid among the others now."""
    for name in _names(safe_name(stem)):
        if not (workspaces / f"{name}.gpkg").exists() and not _others_beside(workspaces, name):
            return name
    raise WorkError("uploads.no_free_name", name=stem)


def _names(stem: str) -> Iterator[str]:
    """Return a name and those with a number that come in its place where it is taken."""
    yield stem
    yield from (f"{stem}-{number}" for number in range(2, 1000))


def _others_beside(workspaces: Path, name: str) -> bool:
    return any((workspaces / f"{name}{ending}").exists() for ending in _BESIDE)


def publish(file: Path, workspaces: Path, stem: str) -> Path:
    """Move a checked workspace among the others, under a name that none of them has.

    Raises
    ------
    WorkError
        Where writing is not permitted; nothing is then left behind.
    """
    stem = safe_name(stem)
    for name in _names(stem):
        target = workspaces / f"{name}.gpkg"
        if _others_beside(workspaces, name):
            continue
        try:
            target.open("xb").close()
        except FileExistsError:
            continue
        except OSError as error:
            raise write_error(target.name, error) from error
        try:
            file.replace(target)
        except OSError as error:
            with suppress(OSError):
                target.unlink()
            raise write_error(target.name, error) from error
        vetting.vouch(target)
        return target
    raise WorkError("uploads.no_free_name", name=stem)


def discard(folder: Path) -> None:
    """Remove the folder of an upload with everything in it."""
    shutil.rmtree(folder, ignore_errors=True)
    _own.pop(folder.name, None)
