"""Who may talk to this server: pages that it served itself, under a name that is its own.

A browser sends the address of the page that asks (``Origin``) and the name it asked for
(``Host``). A page of somebody else's must not open a connection in a reader's name, and a name
that was bent to this machine (DNS rebinding) must not open a session. Both are refused here,
before Streamlit sees them: it would ask an outside service for this machine's address and keep
everybody else waiting meanwhile. References: RFC 6454 (origin), RFC 9110 section 7.2 (Host).
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Iterable
from urllib.parse import urlsplit

from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

FOREIGN_HOST, FOREIGN_ORIGIN = 421, 403
_WORDS = {
    FOREIGN_HOST: "This server does not go by that name. Names are listed under server.hosts.",
    FOREIGN_ORIGIN: "Asked for by a page of another origin.",
}


class Origins:
    """Refuse requests under foreign names or from foreign pages.

    Parameters
    ----------
    inner
        What answers the others. It sees web requests without their ``Origin``, which has been
        dealt with, and web sockets under the name that their page has.
    hosts
        Names of this server besides those of this machine; numeric addresses need none, since
        only names can be bent.
    public
        Address of the server as browsers see it, where a proxy may call it otherwise.
    """

    def __init__(self, inner: ASGIApp, hosts: Iterable[str] = (), public: str = "") -> None:
        self._inner = inner
        self._public = urlsplit(public).netloc.casefold()
        named = {host.casefold().rstrip(".") for host in hosts}
        own = socket.gethostname().casefold()
        public_name = urlsplit(public).hostname or ""
        self._hosts = named | {"localhost", own, f"{own}.local", public_name} - {"", ".local"}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] not in ("http", "websocket"):
            await self._inner(scope, receive, send)
            return
        status = self.refusal(HTTPConnection(scope))
        if status:
            await _refuse(status, scope, receive, send)
            return
        await self._inner(_settled(scope), receive, send)

    def refusal(self, request: HTTPConnection) -> int:
        """Return the status with which a request is refused, 0 where it may pass."""
        host = request.headers.get("host", "")
        if not self._is_own(host):
            return FOREIGN_HOST
        origins = request.headers.getlist("origin")
        if not origins:
            return 0
        asking = urlsplit(origins[0]).netloc.casefold() if len(origins) == 1 else ""
        own = {host.casefold(), self._public} - {""}
        return 0 if asking in own else FOREIGN_ORIGIN

    def _is_own(self, host: str) -> bool:
        try:
            parts = urlsplit(f"//{host}")
            name = (parts.hostname or "").rstrip(".")
            _ = parts.port
        except ValueError:
            return False
        if not name or parts.netloc != host or parts.username is not None:
            return False
        return name in self._hosts or _is_numeric(name)


def _is_numeric(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _settled(scope: Scope) -> Scope:
    """Return a request whose origin has been dealt with, so that nobody looks at it again.

    Streamlit holds a web socket's origin against its host alone, and the sign-in cookie against
    the origin, so there the host takes the origin's name; elsewhere the origin is left out.
    """
    headers = [(name, value) for name, value in scope["headers"] if name != b"origin"]
    settled = {**scope, "headers": headers}
    if scope["type"] == "websocket":
        origin = HTTPConnection(scope).headers.get("origin")
        if origin:
            MutableHeaders(scope=settled)["host"] = urlsplit(origin).netloc
            settled["headers"] = [*settled["headers"], (b"origin", origin.encode("latin-1"))]
    return settled


async def _refuse(status: int, scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "websocket":
        # closed before it was accepted, which browsers see as a refused handshake
        await send({"type": "websocket.close", "code": 1008, "reason": _WORDS[status]})
        return
    await PlainTextResponse(_WORDS[status], status)(scope, receive, send)
