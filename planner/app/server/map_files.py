"""What the map's frame loads: files under the hash of what they hold, from this server only.

Streamlit serves the folder of a declared component. Every file in it but the page has its hash in
its name, so that a browser may keep it for good, as :mod:`planner.app.server.hosted` tells it.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import tempfile
import threading
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import psutil
from streamlit.components.v1 import declare_component

from planner.views.maps.base.assets import MAP_SCRIPTS, library_script, library_style, web_file

MOST_BYTES = 256 * 2**20
"""So much is kept on the disk at the most; what was not asked for the longest goes first."""

PREFIX = "planner-maps-"
"""How the folders begin, before the number of the process that they are of."""

COMPONENT = "map"
_ASSETS = Path(__file__).parents[1] / "assets" / "map"
_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>map</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
{head}</head><body><div id="panes"></div>{scripts}</body></html>
"""


_PROCESS = re.compile(r"[0-9]{1,9}")

_own: set[str] = set()
"""Names of the folders of this process."""


def remove_left() -> None:
    """Remove the folders of servers that ended without doing so, since they hold districts."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        number = folder.name.removeprefix(PREFIX).partition("-")[0]
        if not _PROCESS.fullmatch(number) or folder.name in _own:
            continue
        if int(number) == os.getpid() or not psutil.pid_exists(int(number)):
            shutil.rmtree(folder, ignore_errors=True)  # those of other users stay


class HashedFiles:
    """A folder of files named by the hash of their content.

    Parameters
    ----------
    most_bytes
        Size above which the files that were put there longest ago are removed.
    """

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        remove_left()
        prefix = f"{PREFIX}{os.getpid()}-"
        self._kept = tempfile.TemporaryDirectory(prefix=prefix, ignore_cleanup_errors=True)
        self.folder = Path(self._kept.name)
        _own.add(self.folder.name)
        self._most_bytes = most_bytes
        self._sizes: dict[str, int] = {}
        self._lock = threading.Lock()
        self.of_every_map: list[str] = []
        """Names of the files that every map loads: scripts and styles, nothing of a district."""

    def put(self, stem: str, ending: str, content: str, *, fixed: bool = False) -> str:
        """Keep a text and return its file's name, ``<stem>-<hash>.<ending>``.

        Parameters
        ----------
        stem, ending
            The parts of the name around the hash.
        content
            What the file holds.
        fixed
            Whether it stays however full the folder is.
        """
        packed = content.encode("utf-8")
        name = f"{stem}-{hashlib.sha256(packed).hexdigest()[:20]}.{ending}"
        with self._lock:
            if name not in self._sizes or not (self.folder / name).exists():
                (self.folder / name).write_bytes(packed)
            size = self._sizes.pop(name, len(packed))
            self._sizes[name] = 0 if fixed else size
            self._make_room(name)
        return name

    def _make_room(self, newest: str) -> None:
        total = sum(self._sizes.values())
        for name, size in list(self._sizes.items()):
            if total <= self._most_bytes:
                return
            if size and name != newest:
                del self._sizes[name]
                (self.folder / name).unlink(missing_ok=True)
                total -= size


_PRINT = 'window.addEventListener("load", function () { window.print(); });'


def paper(html: str) -> str:
    """Return the address of a document that a window of its own shows and asks to print.

    It lies beside the files of the map, since nothing else of a district is served under an
    address; like these it is told nobody who is not signed in.
    """
    kept = hashed_files()
    script = kept.put("print", "js", _PRINT, fixed=True)
    page = html.replace("</body>", f'<script src="{script}"></script></body>')
    map_component()
    return f"component/{__name__}.{COMPONENT}/{kept.put('paper', 'html', page)}"


_one_at_a_time = threading.RLock()


def hashed_files() -> HashedFiles:
    """Return the files of this server, with the map's own page among them.

    Kept by no cache of Streamlit's: those can be cleared, and the files would go with it.
    """
    with _one_at_a_time:
        return _hashed_files()


@cache
def _hashed_files() -> HashedFiles:
    kept = HashedFiles()
    scripts = {
        "leaflet": library_script(),
        "layers": "\n".join(map(web_file, MAP_SCRIPTS)),
        **{
            name: (_ASSETS / f"{name}.js").read_text(encoding="utf-8")
            for name in ("sketch", "swipe", "shell", "map")
        },
    }
    styles = {
        "leaflet": library_style(),
        "layers": web_file("layers.css"),
        "map": (_ASSETS / "map.css").read_text(encoding="utf-8"),
    }
    sheets = [kept.put(name, "css", text, fixed=True) for name, text in styles.items()]
    codes = [kept.put(name, "js", text, fixed=True) for name, text in scripts.items()]
    kept.of_every_map = [*sheets, *codes]
    head = "".join(f'<link rel="stylesheet" href="{name}">\n' for name in sheets)
    body = "".join(f'<script src="{name}"></script>\n' for name in codes)
    page = _PAGE.format(head=head, scripts=body)
    (kept.folder / "index.html").write_text(page, encoding="utf-8")
    return kept


def map_component() -> Callable[..., Any]:
    """Return the map as a Streamlit component."""
    with _one_at_a_time:
        return _map_component()


def is_served() -> bool:
    """Whether a page has named the component, before which Streamlit serves none of its files."""
    return bool(_map_component.cache_info().currsize)


@cache
def _map_component() -> Callable[..., Any]:
    component: Callable[..., Any] = declare_component(COMPONENT, path=str(hashed_files().folder))
    return component
