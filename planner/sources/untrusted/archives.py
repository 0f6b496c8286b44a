"""Vector files out of zip archives, unpacked under names of our own."""

from __future__ import annotations

import re
import stat
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from planner.errors import InputError, WorkError

MOST_BYTES = 4_000_000_000
RATIO = 100.0
MOST_MEMBERS = 200

_SMALL = 64 << 20
_BLOCK = 1 << 20
_STEM = 60
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)", re.IGNORECASE)
_SHAPEFILE = (".shp", ".shx", ".dbf", ".prj", ".cpg")
_STORED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_STRANGE = re.compile(r'[\x00-\x1f<>:"|?*\\]')


@contextmanager
def unpacked(path: Path, endings: tuple[str, ...]) -> Iterator[Path]:
    """Unpack the one file of an archive that has one of some endings, and remove it afterwards.

    Of a shapefile its table, index, coordinate system and encoding come along; what else the
    archive holds stays inside.

    Parameters
    ----------
    path
        A zip archive.
    endings
        Endings to look for, in lower case.

    Raises
    ------
    InputError
        Where the archive is damaged, unpacks to too much, holds none or several such files, or a
        member that is encrypted, a link, or named so that it would land elsewhere.
    WorkError
        Where there is no room to unpack it.
    """
    with tempfile.TemporaryDirectory(prefix="planner-", ignore_cleanup_errors=True) as folder:
        with _opened(path) as archive:
            chosen = _chosen(archive, path, endings)
            target = Path(folder) / f"layer{PurePosixPath(chosen[0].filename).suffix.lower()}"
            left = _most(path)
            for member in chosen:
                ending = PurePosixPath(member.filename).suffix.lower()
                left -= _extract(archive, member, target.with_suffix(ending), left, path)
        yield target


def split(path: Path, endings: tuple[str, ...], folder: Path) -> list[Path]:
    """Put each of several vector files of an archive into an archive of its own.

    Parameters
    ----------
    path
        A zip archive.
    endings
        Endings to look for, in lower case.
    folder
        Where the new archives go; each in a folder of its own.

    Returns
    -------
    The new archives, named as the files in them; the archive itself where it holds one or none.

    Raises
    ------
    InputError, WorkError
        As :func:`unpacked`.
    """
    with _opened(path) as archive:
        members = _checked(archive, path)
        wanted = _wanted(members, endings)
        if len(wanted) < 2:
            return [path]
        left, made = _most(path), []
        for number, own in enumerate(wanted):
            target = folder / str(number) / f"{_safe(PurePosixPath(own.filename).stem)}.zip"
            target.parent.mkdir(parents=True)
            with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as one:
                for member in (own, *_beside(members, own)):
                    ending = PurePosixPath(member.filename).suffix.lower()
                    part = target.with_suffix(ending)
                    left -= _extract(archive, member, part, left, path)
                    one.write(part, part.name)
                    part.unlink()
            made.append(target)
        return made


@contextmanager
def _opened(path: Path) -> Iterator[zipfile.ZipFile]:
    """Open an archive to take files out; what goes wrong with it is told by its name."""
    try:
        with zipfile.ZipFile(path) as archive:
            yield archive
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
        raise InputError("uploads.broken_archive", file=path.name, reason=str(error)) from error
    except UnicodeDecodeError as error:
        raise InputError("sources.archive_member", file=path.name, member="?") from error
    except OSError as error:
        raise WorkError("sources.cannot_unpack", file=path.name, reason=str(error)) from error


def _safe(stem: str) -> str:
    """Return the name of a member as one that every file system takes.

    Examples
    --------
    >>> _safe("道路 2024"), _safe("..."), _safe("con")
    ('道路-2024', 'layer', 'con-layer')
    """
    plain = re.sub(r"[^\w-]+", "-", stem).strip("-")[:_STEM] or "layer"
    return f"{plain}-layer" if _RESERVED.fullmatch(plain) else plain


def _checked(archive: zipfile.ZipFile, path: Path) -> list[zipfile.ZipInfo]:
    """Return the files of an archive that means no harm."""
    members = archive.infolist()
    if len(members) > MOST_MEMBERS:
        raise InputError("sources.archive_many", file=path.name, most=MOST_MEMBERS)
    for member in members:
        _check_member(member, path)
    return [member for member in members if not member.is_dir()]


def _wanted(files: list[zipfile.ZipInfo], endings: tuple[str, ...]) -> list[zipfile.ZipInfo]:
    """Return the members that have one of some endings."""
    wanted = [m for m in files if PurePosixPath(m.filename).suffix.lower() in endings]
    return [m for m in wanted if not PurePosixPath(m.filename).name.startswith("._")]


def _beside(files: list[zipfile.ZipInfo], own: zipfile.ZipInfo) -> list[zipfile.ZipInfo]:
    """Return what belongs to a shapefile, nothing for other files."""
    name = PurePosixPath(own.filename)
    if name.suffix.lower() != ".shp":
        return []
    beside = {
        PurePosixPath(m.filename).suffix.lower(): m
        for m in files
        if PurePosixPath(m.filename).with_suffix("") == name.with_suffix("") and m is not own
    }
    return [beside[ending] for ending in _SHAPEFILE if ending in beside]


def _chosen(
    archive: zipfile.ZipFile, path: Path, endings: tuple[str, ...]
) -> list[zipfile.ZipInfo]:
    """Return the file that is looked for, and after it what belongs to it."""
    files = _checked(archive, path)
    wanted = _wanted(files, endings)
    if len(wanted) != 1:
        names = ", ".join(m.filename for m in wanted[:10]) or "–"
        code = "sources.archive_several" if wanted else "sources.archive_empty"
        raise InputError(code, file=path.name, layers=names, endings=", ".join(endings))
    return [wanted[0], *_beside(files, wanted[0])]


def _check_member(member: zipfile.ZipInfo, path: Path) -> None:
    """Refuse links, devices, encrypted members, and names that leave the folder or hide a stream.

    Nothing is ever written under such a name; an archive that holds one was made to do harm.
    """
    name = member.orig_filename
    mode = member.external_attr >> 16
    odd = stat.S_IFMT(mode) not in (0, stat.S_IFREG, stat.S_IFDIR)
    leaves = name.startswith("/") or ".." in name.replace("\\", "/").split("/")
    if odd or leaves or _STRANGE.search(name.replace("\\", "/")) or member.flag_bits & 1:
        raise InputError("sources.archive_member", file=path.name, member=name[:80])
    if member.compress_type not in _STORED:
        raise InputError(
            "uploads.broken_archive", file=path.name, reason=f"method {member.compress_type}"
        )


def _most(path: Path) -> int:
    return min(MOST_BYTES, max(int(path.stat().st_size * RATIO), _SMALL))


def _extract(
    archive: zipfile.ZipFile, member: zipfile.ZipInfo, target: Path, most: int, path: Path
) -> int:
    """Unpack a member, as long as it does not grow beyond `most`; return its size in bytes."""
    size = 0
    with archive.open(member) as packed, target.open("xb") as file:
        while block := packed.read(_BLOCK):
            size += len(block)
            if size > most:
                raise InputError("uploads.bomb", file=path.name, megabytes=_most(path) // 1_000_000)
            file.write(block)
    return size
