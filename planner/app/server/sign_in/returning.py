"""After sign-in, back to the page that was asked for: Streamlit itself forgets it."""

from __future__ import annotations

import re
from urllib.parse import quote, unquote

from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.web.server.starlette.starlette_server_config import USER_COOKIE_NAME

from planner.app.server.settings.configuration import CALLBACK

COOKIE = "planner_after_sign_in"
KEPT_SECONDS = 900
MOST_CHARACTERS = 1500

_PAGE = re.compile(r"[a-z-]{1,40}")


class Returning:
    """Remember which page a stranger asked for, and send them there once they signed in.

    Parameters
    ----------
    inner
        What answers. Whoever calls it has taken away cookies of sign-ins that do not hold.
    base_path
        Path below which the dashboard is served, without slashes around it.
    """

    def __init__(self, inner: ASGIApp, base_path: str = "") -> None:
        self._inner = inner
        self._base = f"/{base_path}" if base_path else ""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http" or scope["method"] != "GET":
            await self._inner(scope, receive, send)
            return
        path = scope["path"].removeprefix(self._base)
        request = HTTPConnection(scope)
        to = request.cookies.get(COOKIE, "")

        async def changed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                if path == f"/{CALLBACK}" and message["status"] == 302 and to:
                    if page := self._page(unquote(to)):
                        headers["location"] = page
                    headers.append("set-cookie", self._cookie("", 0))
                elif page := self._asked(scope, request, path):
                    headers.append("set-cookie", self._cookie(quote(page), KEPT_SECONDS))
            await send(message)

        await self._inner(scope, receive, changed)

    def _asked(self, scope: Scope, request: HTTPConnection, path: str) -> str:
        """Return the page and its settings that a browser asks for, empty for a mere file."""
        wants_page = "text/html" in request.headers.get("accept", "")
        query = scope["query_string"].decode("latin-1")
        known = USER_COOKIE_NAME in request.cookies
        if known or not wants_page or not (query or path.strip("/")):
            return ""
        return self._page(f"{self._base}{path}" + (f"?{query}" if query else ""))

    def _page(self, place: str) -> str:
        """Return an address that is surely a page of ours, else nothing."""
        path, _, query = place.partition("?")
        name = path.removeprefix(self._base).strip("/")
        fits = (
            path in (f"{self._base}/{name}", f"{self._base}/{name}/")
            and (not name or _PAGE.fullmatch(name))
            and len(place) <= MOST_CHARACTERS
            and query.isascii()
            and query.isprintable()
        )
        return place if fits else ""

    def _cookie(self, value: str, seconds: int) -> str:
        path = self._base or "/"
        return f"{COOKIE}={value}; Path={path}; Max-Age={seconds}; HttpOnly; SameSite=Lax"
