"""The folder for all temporary files of a server, which its successor removes if it cannot.

Downloads in the making, unpacked archives and the files of maps hold districts whole. A server
that is killed removes nothing, so each has a folder with the number of its process in its name.
"""

from __future__ import annotations

import atexit
import os
import re
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

import psutil

PREFIX = "planner-server-"
_VARIABLES = ("TMPDIR", "TEMP", "TMP")
_OF_PROCESS = re.compile(rf"{PREFIX}([0-9]{{1,9}})-.*")


def claim() -> Path:
    """Have all temporary files of this process and its children lie in a folder of its own.

    Folders of servers that are no more are removed, as far as this user may.

    Returns
    -------
    Path
        The folder, which is removed when the process ends.
    """
    above = Path(tempfile.gettempdir())
    remove_left(above)
    own = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-", dir=above))
    for name in _VARIABLES:
        os.environ[name] = str(own)
    tempfile.tempdir = str(own)
    atexit.register(shutil.rmtree, own, ignore_errors=True)
    return own


def remove_left(above: Path) -> None:
    """Remove the folders of servers that ended without doing so."""
    for folder in above.glob(f"{PREFIX}*"):
        found = _OF_PROCESS.fullmatch(folder.name)
        if found is None or folder.is_symlink():
            continue
        if int(found[1]) == os.getpid() or not psutil.pid_exists(int(found[1])):
            with suppress(OSError):  # those of other users stay
                shutil.rmtree(folder)
