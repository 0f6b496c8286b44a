"""The browser's programs, sent from memory: a page asks for some hundred files of them.

Streamlit looks each of them up on the disk and reads it in another thread for every visitor, which
takes as long as computing the page does. Their names change with what is in them, so that a file
that was sent once is the same for as long as the server runs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from starlette.types import ASGIApp, Message, Receive, Scope, Send

MOST_BYTES = 64 * 2**20
"""So much is kept in memory at the most: all of Streamlit's programs are less than half of it."""

MOST_OF_ONE = 8 * 2**20
"""A file that is larger is not kept."""

_PARTS = frozenset((b"if-none-match", b"if-modified-since", b"if-range", b"range"))
"""Who asks so has a file already, or wants a part of it."""


@dataclass
class _Sent:
    """An answer on its way out."""

    headers: Sequence[tuple[bytes, bytes]] = ()
    whole: bool = False
    parts: list[bytes] = field(default_factory=list)

    @property
    def size(self) -> int:
        return sum(map(len, self.parts))


class ProgramFiles:
    """Send a program of the browser again as it was first sent.

    It stands right before Streamlit: who may ask, and what browsers are told, is decided before.

    Parameters
    ----------
    inner
        What answers.
    base_path
        Where the dashboard lies below the server's address, empty for the top.
    """

    def __init__(self, inner: ASGIApp, base_path: str = "") -> None:
        self._inner = inner
        self._below = f"/{base_path}/static/" if base_path else "/static/"
        self._kept: dict[str, _Sent] = {}
        self._bytes = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        key = self._key(scope)
        if key is None:
            await self._inner(scope, receive, send)
            return
        known = self._kept.get(key)
        if known is not None:
            start = {"type": "http.response.start", "status": 200, "headers": [*known.headers]}
            await send(start)
            await send({"type": "http.response.body", "body": known.parts[0]})
            return
        sent = _Sent()

        async def noted(message: Message) -> None:
            await send(message)
            if message["type"] == "http.response.start":
                headers = [(bytes(name), bytes(value)) for name, value in message["headers"]]
                names = {name.lower() for name, _ in headers}
                sent.headers, sent.whole = headers, message["status"] == 200
                # nor what is for one reader, or packed as this one's browser asked
                sent.whole &= names.isdisjoint((b"set-cookie", b"content-encoding"))
                # what is no file is answered by the page itself, under any name
                kind = next((v for name, v in headers if name.lower() == b"content-type"), b"")
                sent.whole &= not kind.startswith(b"text/html")
            elif message["type"] == "http.response.body" and sent.whole:
                sent.parts.append(message.get("body", b""))
                sent.whole = sent.size <= MOST_OF_ONE
                if not message.get("more_body", False):
                    self._keep(key, sent)

        await self._inner(scope, receive, noted)

    def _key(self, scope: Scope) -> str | None:
        """Return which file is asked for as a whole; None for all else."""
        if scope["type"] != "http" or scope["method"] != "GET" or scope.get("query_string"):
            return None
        if not scope["path"].startswith(self._below):
            return None
        if not _PARTS.isdisjoint(name for name, _ in scope["headers"]):
            return None
        return str(scope["path"])

    def _keep(self, key: str, sent: _Sent) -> None:
        if not sent.whole or key in self._kept or self._bytes + sent.size > MOST_BYTES:
            return
        sent.parts = [b"".join(sent.parts)]
        self._kept[key] = sent
        self._bytes += sent.size
