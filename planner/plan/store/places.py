"""Where a plan lies, and where its file may not: on a network share SQLite's locks do not hold.

SQLite's write-ahead log shares memory between its users, which only programs of one machine can
(https://sqlite.org/wal.html, "all processes using a database must be on the same host computer").
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from planner.errors import InputError

ADDRESS = "PLANNER_DATABASE_URL"
"""Variable of the environment that names a shared database."""

FILE = "plan.sqlite"
"""Where the plan lies if nobody says otherwise: in the folder at hand."""

SHARES = frozenset(
    {"9p", "afs", "beegfs", "ceph", "cifs", "davfs", "drvfs", "glusterfs", "gpfs", "lustre"}
    | {"ncpfs", "nfs", "nfs3", "nfs4", "ocfs2", "gfs2", "orangefs", "smb2", "smb3", "smbfs"}
    | {"fuse.sshfs", "fuse.rclone", "fuse.glusterfs", "fuse.davfs2", "fuse.cephfs", "vboxsf"}
    | {"fuse.s3fs", "fuse.gvfsd-fuse", "fuse.smbnetfs", "virtiofs", "prl_fs", "vmhgfs"}
    | {"fuse.vmhgfs-fuse"}
)
"""File systems of Linux that other machines may write at the same time."""

MOUNTS = Path("/proc/mounts")
REMOTE = 4
"""What ``GetDriveTypeW`` of Windows answers for a drive of the network."""

_ODD_ADDRESS = re.compile(r"postgres(ql)?(\+\w+)?:|(^|\s)(password|host|dbname)\s*=", re.IGNORECASE)
"""Addresses that are none of ours: with a slash too few, or in libpq's words."""

_OCTAL = re.compile(r"\\([0-7]{3})")


def is_server(target: str | Path) -> bool:
    """Return whether a target is the address of a server, rather than a file.

    Raises
    ------
    InputError
        ``plan.bad_address`` for what is meant as an address and is none: as the name of a file it
        would be told in messages, with the password that it may hold.
    """
    text = str(target)
    if "://" in text:
        return True
    if _ODD_ADDRESS.search(text):
        raise InputError("plan.bad_address")
    return False


def refuse_share(file: Path) -> None:
    """Refuse a database file that lies on a network share.

    Raises
    ------
    InputError
        ``plan.on_share``, which names the kind of share and the two ways out.
    """
    share = share_of(file)
    if share:
        raise InputError("plan.on_share", file=str(file), share=share)


def plan_beside(workspace: Path, own: Path | None) -> Path | None:
    """Return the plan's file that lies beside a workspace and is not the plan at hand.

    Parameters
    ----------
    workspace
        The file of a district.
    own
        The file of the plan at hand, None where a server holds it.
    """
    found = workspace.parent / FILE
    if not found.is_file() or (own is not None and own.is_file() and found.samefile(own)):
        return None
    return found


def share_of(file: Path) -> str:
    """Return on which kind of network share a file lies or would lie, empty for none."""
    place = file.absolute() if sys.platform == "win32" else file.resolve()
    if sys.platform == "win32":
        import ctypes

        drive = str(place.drive)
        kind = int(ctypes.windll.kernel32.GetDriveTypeW(f"{drive}\\")) if drive else 0
        return windows_share(str(place), kind)
    try:
        mounts = MOUNTS.read_text(encoding="utf-8", errors="surrogateescape")
    except FileNotFoundError:  # no Linux: nothing is known of where the file lies
        return ""
    return mounted_share(str(place), mounts)


def mounted_share(place: str, mounts: str) -> str:
    r"""Return the type of file system of a place where that is a share, empty where it is none.

    Parameters
    ----------
    place
        Absolute path without links.
    mounts
        What ``/proc/mounts`` says: the last of the mounts with the longest path holds the place.

    Examples
    --------
    >>> mounts = "/dev/sda1 / ext4 rw 0 0\nserver:/plans /srv/our\\040plans nfs4 rw 0 0"
    >>> mounted_share("/srv/our plans/plan.sqlite", mounts), mounted_share("/srv/own", mounts)
    ('nfs4', '')
    """
    best, found = "", ""
    for line in mounts.splitlines():
        fields = line.split(" ")
        if len(fields) < 3:
            continue
        point = _OCTAL.sub(lambda sign: chr(int(sign[1], 8)), fields[1])
        inside = place == point or place.startswith(point.rstrip("/") + "/")
        if inside and len(point) >= len(best):
            best, found = point, fields[2]
    return found if found in SHARES else ""


def windows_share(place: str, drive_type: int) -> str:
    r"""Return ``"SMB"`` for a place of Windows on a share, empty for a disk of the machine.

    Parameters
    ----------
    place
        Absolute path.
    drive_type
        What ``GetDriveTypeW`` says of its drive.

    Examples
    --------
    >>> windows_share(r"\\server\plans\plan.sqlite", 0), windows_share(r"Z:\plan.sqlite", 4)
    ('SMB', 'SMB')
    >>> windows_share(r"C:\plan.sqlite", 3), windows_share(r"\\?\C:\plan.sqlite", 3)
    ('', '')
    """
    if place.upper().startswith("\\\\?\\UNC\\"):
        return "SMB"
    local = place.startswith(("\\\\?\\", "\\\\.\\"))
    return "SMB" if drive_type == REMOTE or (place.startswith("\\\\") and not local) else ""
