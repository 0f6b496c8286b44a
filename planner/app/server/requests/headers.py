"""What browsers are told: what may be kept, and what a page of ours may load and do."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import urlsplit

import streamlit as st
from starlette.datastructures import Headers as Asked
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from planner.app.server import map_files
from planner.app.server.requests.hints import Hints

KEPT = "public, max-age=31536000, immutable"
KEPT_PRIVATE = "private, max-age=31536000, immutable"
FOLDER = f"/component/{map_files.__name__}.{map_files.COMPONENT}/"

SAFE = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def page_policy() -> str:
    """Return the content security policy of the dashboard's page.

    Scripts come from this server; Streamlit's page has one of its own inside, allowed by its hash.
    Streamlit sets styles by script, so these may stand inside the page.
    """
    inside = " ".join(f"'sha256-{each}'" for each in _scripts_inside())
    return _policy(
        script_src=f"'self' 'wasm-unsafe-eval' {inside}".strip(),
        style_src="'self' 'unsafe-inline'",
        img_src="'self' data: blob:",
        font_src="'self' data:",
        connect_src="'self'",
        media_src="'self' blob: data:",
        frame_src="'self' data: blob:",
        worker_src="'self' blob:",
    )


def map_policy(tiles: Iterable[str] = ()) -> str:
    """Return the policy of the map's frame; images may come from where its tiles do.

    Markers that folium describes come as script text, so the frame may run such text; all names
    in it are escaped, see :mod:`planner.views.escaping`.
    """
    return _policy(
        script_src="'self' 'unsafe-eval'",
        style_src="'self' 'unsafe-inline'",
        img_src=" ".join(["'self'", "data:", "blob:", *tile_hosts(tiles)]),
        font_src="'self' data:",
        connect_src="'self'",
    )


def tile_hosts(urls: Iterable[str]) -> list[str]:
    """Return the origins that tiles of these templates come from, for a policy.

    Examples
    --------
    >>> tile_hosts(["https://t{s}.tiles.example/{z}/{x}/{y}.png"])
    ['https://*.tiles.example']
    """
    return sorted({_origin(url) for url in urls} - {""})


def _origin(url: str) -> str:
    """Return the origin of an address, its first label a wildcard where it has braces."""
    host = urlsplit(re.sub(r"^(https?://)[^./]*\{[^}]*\}[^./]*\.", r"\1*.", url)).netloc
    return f"{url.split('://')[0]}://{host}" if re.fullmatch(r"[\w.*:-]+", host) else ""


def _policy(**sources: str) -> str:
    fixed = {
        "default-src": "'none'",
        "base-uri": "'self'",
        "form-action": "'self'",
        "frame-ancestors": "'self'",
        "object-src": "'none'",
        "manifest-src": "'self'",
    }
    asked = {name.replace("_", "-"): value for name, value in sources.items()}
    return "; ".join(f"{name} {value}" for name, value in {**fixed, **asked}.items())


def _scripts_inside() -> list[str]:
    """Return the hashes of the scripts inside the page that Streamlit serves."""
    page = Path(st.__file__).parent / "static" / "index.html"
    found = re.findall(r"<script>(.*?)</script>", page.read_text(encoding="utf-8"), re.DOTALL)
    return [base64.b64encode(hashlib.sha256(each.encode()).digest()).decode() for each in found]


class Headers:
    """Say that a file with a hash in its name never changes, and what a page may load and do.

    Parameters
    ----------
    inner
        What answers.
    tiles
        Templates of the addresses of online tiles.
    private
        Whether what is kept belongs to who signed in, and to no cache on the way.
    base_path
        Where the dashboard lies on its host, empty for its root.
    """

    def __init__(
        self,
        inner: ASGIApp,
        tiles: Iterable[str] = (),
        private: bool = False,
        base_path: str = "",
    ) -> None:
        self._inner = inner
        self._page = page_policy()
        self._map = map_policy(tiles)
        self._kept = KEPT_PRIVATE if private else KEPT
        self._hints = Hints(base_path, open_to_all=not private)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            await self._inner(scope, receive, send)
            return
        path = scope["path"]
        of_map = FOLDER in path
        # a probe that is answered with the page is no page that is opened
        opened = not of_map and Asked(scope=scope).get("sec-fetch-dest", "document") == "document"
        kept = of_map and not path.endswith((".html", "/"))

        async def marked(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(SAFE)
                headers["Content-Security-Policy"] = self._map if of_map else self._page
                page = opened and headers.get("content-type", "").startswith("text/html")
                if page and (hints := self._hints.value()):
                    headers["Link"] = hints
                if kept and message["status"] == 200:
                    headers["Cache-Control"] = self._kept
            await send(message)

        await self._inner(scope, receive, marked)
