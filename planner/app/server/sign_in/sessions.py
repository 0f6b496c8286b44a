"""Whose a session is: of the browser, and the sign-in, that began it.

Streamlit gives a session back to whoever knows its id, and takes files for it likewise. The id
stands in addresses and in the heads of requests, which proxies keep in their logs. Here a browser
is given a random mark with its page, which scripts cannot read and pages of other sites cannot
send, and a session is given back where mark and sign-in are those under which it began. Elsewhere
a new one begins, which the browser's page takes as after a restart of the server.
"""

from __future__ import annotations

import hashlib
import re
import secrets
import threading

from google.protobuf.message import DecodeError
from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from planner.app.server.scope import READER, session_of_file

COOKIE = "planner_browser"

MOST = 20_000
"""Sessions that are known; of those beyond, the oldest begin anew."""

_MARK = re.compile(r"[A-Za-z0-9_-]{43}")


class OwnSessions:
    """Mark browsers, and give each session and its files to the browser that began it only.

    Parameters
    ----------
    inner
        What answers.
    base_path
        Path below which the dashboard is served, without slashes around it.
    """

    def __init__(self, inner: ASGIApp, base_path: str = "") -> None:
        self._inner = inner
        self._path = f"/{base_path}"
        self._owners: dict[str, str] = {}
        self._lock = threading.Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] == "websocket":
            await self._inner(self._own(scope), receive, self._noting(scope, send))
        elif scope["type"] == "http":
            asked = session_of_file(scope)
            if asked and self._owners.get(asked, owner(scope)) != owner(scope):
                headers = {"connection": "close"}
                await PlainTextResponse("Not your session.", 403, headers)(scope, receive, send)
                return
            await self._inner(scope, receive, self._marking(scope, send))
        else:
            await self._inner(scope, receive, send)

    def _own(self, scope: Scope) -> Scope:
        """Return a connection that asks for a session again only where it is its own.

        The third word of the sub-protocol is the id of the session to go on with.
        """
        words = HTTPConnection(scope).headers.get("sec-websocket-protocol", "").split(",")
        if len(words) < 3:
            return scope
        if mark(scope) and self._owners.get(words[2].strip()) == owner(scope):
            return scope
        changed = {**scope, "headers": list(scope["headers"])}
        MutableHeaders(scope=changed)["sec-websocket-protocol"] = ",".join(words[:2])
        return changed

    def _noting(self, scope: Scope, send: Send) -> Send:
        """Return what sends, and learns the session's id from the first message that tells it."""
        known = False

        async def noted(message: Message) -> None:
            nonlocal known
            if not known and message.get("bytes"):
                session = _session(message["bytes"])
                if session:
                    known = True
                    self._began(session, owner(scope))
            await send(message)

        return noted

    def _began(self, session: str, whose: str) -> None:
        with self._lock:
            self._owners.pop(session, None)
            self._owners[session] = whose
            while len(self._owners) > MOST:
                del self._owners[next(iter(self._owners))]

    def _marking(self, scope: Scope, send: Send) -> Send:
        """Return what sends, and gives a browser its mark with a page where it has none."""
        if mark(scope):
            return send

        async def marked(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                if headers.get("content-type", "").startswith("text/html"):
                    given = f"{COOKIE}={secrets.token_urlsafe(32)}; Path={self._path}"
                    headers.append("set-cookie", f"{given}; HttpOnly; SameSite=Lax")
            await send(message)

        return marked


def mark(scope: Scope) -> str:
    """Return the mark of the browser that asks, empty where it has none."""
    found = HTTPConnection(scope).cookies.get(COOKIE, "")
    return found if _MARK.fullmatch(found) else ""


def owner(scope: Scope) -> str:
    """Return whose a session is that begins with a request: of its browser and its sign-in."""
    told = f"{mark(scope)} {scope.get(READER, '')}"
    return hashlib.sha256(told.encode()).hexdigest()


def _session(packed: bytes) -> str:
    """Return the id of the session that a message of Streamlit's tells, else nothing."""
    told = ForwardMsg()
    try:
        told.ParseFromString(packed)
    except DecodeError:
        return ""
    found: str = told.new_session.initialize.session_id
    return found
