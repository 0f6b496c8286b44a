"""What a browser may fetch while a page starts: what draws the map, which it would ask for last.

Streamlit loads the script of a component when a page first names one, and the map's frame its own
files after that, while the server is busy with the rest of the page. Told in the ``Link`` header
of the page (RFC 8288; HTML, "modulepreload" and "prefetch"), they are there by then.
"""

from __future__ import annotations

import re
from pathlib import Path

import streamlit as st

from planner.app.server import map_files

FRAME = "ComponentInstance"
"""The module of Streamlit's that draws a component, by how the name of its file begins."""

_IMPORTED = re.compile(r"""(?:from|import)\s*["']\./([\w.-]+\.js)["']""")


class Hints:
    """The header's value, by what can be fetched already.

    Parameters
    ----------
    base_path
        Where the dashboard lies on its host, empty for its root.
    static
        The folder of Streamlit's page.
    open_to_all
        Whether who opens a page may have the map's files at once: not where they must sign in.
    """

    def __init__(
        self, base_path: str = "", static: Path | None = None, open_to_all: bool = True
    ) -> None:
        self._open_to_all = open_to_all
        root = f"/{base_path.strip('/')}".rstrip("/")
        names = late_modules(static or Path(st.__file__).parent / "static")
        self._modules = [f"<{root}/static/js/{name}>; rel=modulepreload" for name in names]
        self._of_map = f"{root}/component/{map_files.__name__}.{map_files.COMPONENT}"

    def value(self) -> str:
        """Return it; empty where there is nothing to hint at."""
        files = (
            map_files.hashed_files().of_every_map
            if self._open_to_all and map_files.is_served()
            else []
        )
        return ", ".join(
            [*self._modules, *(f"<{self._of_map}/{name}>; rel=prefetch" for name in files)]
        )


def late_modules(static: Path) -> list[str]:
    """Return the modules that a component needs and the page does not load by itself.

    None where another release of Streamlit calls or keeps them otherwise: then nothing is hinted.
    """
    page = static / "index.html"
    early = page.read_text(encoding="utf-8") if page.is_file() else ""
    found: list[str] = []
    to_read = [each.name for each in sorted((static / "static" / "js").glob(f"{FRAME}.*.js"))]
    while to_read:
        name = to_read.pop()
        if name in found or name in early:
            continue
        found.append(name)
        text = (static / "static" / "js" / name).read_text(encoding="utf-8")
        to_read += _IMPORTED.findall(text)
    return found
