"""The gate before every request: without a sign-in that holds, nothing of the data is served.

Streamlit itself asks for a sign-in in the page only; its files (a map's base, downloads) and the
upload of files are open to whoever knows their address. Here they need the same cookie.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from urllib.parse import urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocketDisconnect
from streamlit.auth_util import get_cookie_with_chunks
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.web.server.starlette.starlette_app_utils import decode_signed_value
from streamlit.web.server.starlette.starlette_server_config import USER_COOKIE_NAME

from planner.app.server.scope import READER, ROLE, SIGNED_IN
from planner.app.server.settings.configuration import Auth
from planner.app.server.sign_in import roles
from planner.app.server.sign_in.roles import Claims

GUARDED = {"component", "media", "app", "_stcore"}
"""Parts of an address below which data may lie."""

OPEN = {"/_stcore/health", "/_stcore/host-config", "/_stcore/stream"}
"""What the sign-in page itself needs; the stream serves that page until somebody signed in."""


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
    """

    def __init__(self, inner: ASGIApp, auth: Auth, base_path: str = "") -> None:
        self._inner = inner
        self._auth = auth
        self._origin = "{0.scheme}://{0.netloc}".format(urlsplit(auth.redirect_uri))
        self._base = f"/{base_path}" if base_path else ""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] not in ("http", "websocket"):
            await self._inner(scope, receive, send)
            return
        claims = self.claims(HTTPConnection(scope))
        if claims is None:
            scope = _without_sign_in(scope)
        path = self._path(scope)
        status = self._refused(path, claims) if scope["type"] == "http" else 0
        if status:
            await PlainTextResponse(_WORDS[status], status)(scope, receive, send)
            return
        if path == "/auth/logout" and claims is not None:
            await run_in_threadpool(roles.end, self._auth, claims)
        if claims is not None:
            role, reader = roles.role(self._auth, claims), roles.mark(claims)
            scope = {**scope, ROLE: role, READER: reader}
        if scope["type"] == "websocket":
            scope = {**scope, SIGNED_IN: claims is not None}
            watched = _Watched(self._auth, claims, receive, send)
            receive, send = watched.receive, watched.send
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
        if found.get("origin") != self._origin:  # signed, but for another address
            return None
        return found if roles.alive(self._auth, found) else None

    def _path(self, scope: Scope) -> str:
        path: str = scope["path"]
        return path.removeprefix(self._base) or "/"

    def _refused(self, path: str, claims: Claims | None) -> int:
        """Return the status of a refusal, 0 where the request may pass."""
        parts = path.split("/")
        own = path.startswith("/static/") and ".." not in parts
        if path in OPEN or own or GUARDED.isdisjoint(parts):
            return 0
        if claims is None:
            return 401
        return 0 if roles.role(self._auth, claims) is not None else 403


_WORDS = {401: "Sign in first.", 403: "Not admitted."}


class _Watched:
    """A page's connection that ends with the sign-in under which it was opened.

    Streamlit looks at the sign-in when a connection opens; parts of a page that run again by
    themselves would go on after sign-out. Here each message, in or out, asks anew. The browser
    is then told to load its page again, without a sign-in, and is shown the one that asks for it:
    left to connect again, it would go on showing what it has until the next click but one.
    """

    def __init__(self, auth: Auth, claims: Claims | None, receive: Receive, send: Send) -> None:
        self._auth = auth
        self._claims = claims
        self._receive = receive
        self._send = send
        self._closed = False

    async def receive(self) -> Message:
        """Hand on a message of the browser's, or that it left once the sign-in is over."""
        message = await self._receive()
        if message["type"] != "websocket.receive" or self._alive():
            return message
        await self._close()
        return {"type": "websocket.disconnect", "code": _OVER}

    async def send(self, message: Message) -> None:
        """Hand on a message to the browser, none once the sign-in is over."""
        if message["type"] != "websocket.send" or self._alive():
            await self._send(message)
            return
        await self._close()
        raise WebSocketDisconnect(_OVER)

    def _alive(self) -> bool:
        return self._claims is None or roles.alive(self._auth, self._claims)

    async def _close(self) -> None:
        if not self._closed:
            self._closed = True
            await self._send({"type": "websocket.send", "bytes": _load_again()})
            await self._send({"type": "websocket.close", "code": _OVER})


def _load_again() -> bytes:
    """Return Streamlit's message that leads a browser to an address: to that where it is."""
    told = ForwardMsg()
    told.auth_redirect.SetInParent()
    packed: bytes = told.SerializeToString()
    return packed


_OVER = 1008
"""Code with which a connection is closed because of a rule (RFC 6455, section 7.4.1)."""


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
