"""The gate before every request: without a sign-in that holds, nothing of the data is served.

Streamlit itself asks for a sign-in in the page only; its files (a map's base, downloads) and the
upload of files are open to whoever knows their address. Here they need the same cookie.
"""

from __future__ import annotations

import json
from collections.abc import Iterable

from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.auth_util import get_cookie_with_chunks
from streamlit.web.server.starlette.starlette_app_utils import decode_signed_value
from streamlit.web.server.starlette.starlette_server_config import USER_COOKIE_NAME

from planner.app.server import roles
from planner.app.server.configuration import Auth
from planner.app.server.roles import Claims

GUARDED = {"component", "media", "app", "_stcore"}
"""Parts of an address below which data may lie."""

OPEN = {"/_stcore/health", "/_stcore/host-config", "/_stcore/stream"}
"""What the sign-in page itself needs; the stream serves that page until somebody signed in."""

SMALL_BYTES = 2 * 2**20
"""Who may not upload data may still open a file of this size: a scenario of their own."""


class Gate:
    """Refuse strangers what holds data, and forget sign-ins that ended or are too old.

    Parameters
    ----------
    inner
        What answers those who may enter.
    auth
        The rules.
    base_path
        Path below which the dashboard is served, without slashes around it.
    uploads
        Whether editors may upload data.
    """

    def __init__(self, inner: ASGIApp, auth: Auth, base_path: str = "", uploads: bool = True):
        self._inner = inner
        self._auth = auth
        self._base = f"/{base_path}" if base_path else ""
        self._uploads = uploads

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] not in ("http", "websocket"):
            await self._inner(scope, receive, send)
            return
        claims = self.claims(HTTPConnection(scope))
        if claims is None:
            scope = _without_sign_in(scope)
        path = self._path(scope)
        status = self._refused(scope, path, claims) if scope["type"] == "http" else 0
        if status:
            await PlainTextResponse(_WORDS[status], status)(scope, receive, send)
            return
        if path == "/auth/logout" and claims is not None:
            roles.end(self._auth, claims)
        await self._inner(scope, receive, send)

    def claims(self, request: HTTPConnection) -> Claims | None:
        """Return the claims of a request's sign-in, None where it has none that holds."""

        def single(name: str) -> bytes | None:
            value = request.cookies.get(name)
            if value is None:
                return None
            signed = value.encode("utf-8", "replace")
            return decode_signed_value(self._auth.cookie_secret, name, signed)

        packed = get_cookie_with_chunks(single, USER_COOKIE_NAME)
        try:
            found = json.loads(packed) if packed else None
        except ValueError:
            return None
        if not isinstance(found, dict) or found.get("is_logged_in") is not True:
            return None
        return found if roles.alive(self._auth, found) else None

    def _path(self, scope: Scope) -> str:
        path: str = scope["path"]
        return path.removeprefix(self._base) or "/"

    def _refused(self, scope: Scope, path: str, claims: Claims | None) -> int:
        """Return the status of a refusal, 0 where the request may pass."""
        parts = path.split("/")
        own = path.startswith("/static/") and ".." not in parts
        if path in OPEN or own or GUARDED.isdisjoint(parts):
            return 0
        if claims is None:
            return 401
        role = roles.role(self._auth, claims)
        if role is None:
            return 403
        if "upload_file" in parts and scope["method"] == "PUT":
            limited = role != "editor" or not self._uploads
            if limited and _length(scope) > SMALL_BYTES:
                return 413
        return 0


_WORDS = {401: "Sign in first.", 403: "Not admitted.", 413: "Too large."}


def _length(scope: Scope) -> float:
    """Return the bytes that a request says it brings; without a word of it, too many."""
    said = HTTPConnection(scope).headers.get("content-length", "")
    return int(said) if said.isdecimal() else float("inf")


def _without_sign_in(scope: Scope) -> Scope:
    """Return a request without the cookies of a sign-in that does not hold."""
    kept: list[tuple[bytes, bytes]] = []
    for name, value in scope["headers"]:
        if name != b"cookie":
            kept.append((name, value))
            continue
        pairs = [pair.strip() for pair in value.split(b";")]
        left = [pair for pair in pairs if not pair.startswith(USER_COOKIE_NAME.encode())]
        if left:
            kept.append((name, b"; ".join(left)))
    return {**scope, "headers": kept}


class SecureCookies:
    """Let browsers send cookies over HTTPS only."""

    def __init__(self, inner: ASGIApp) -> None:
        self._inner = inner

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""

        async def marked(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                cookies = headers.getlist("set-cookie")
                del headers["set-cookie"]
                for cookie in _secured(cookies):
                    headers.append("set-cookie", cookie)
            await send(message)

        await self._inner(scope, receive, marked)


def _secured(cookies: Iterable[str]) -> list[str]:
    return [
        cookie if "secure" in cookie.casefold().split("; ")[1:] else f"{cookie}; Secure"
        for cookie in cookies
    ]
