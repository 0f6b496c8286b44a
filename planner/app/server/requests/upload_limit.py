"""Uploads that are not allowed, or too many, end before their body is read."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import runtime

from planner.app.server.scope import session_of_file

SMALL_BYTES = 2 * 2**20
"""Who may not upload data may still open a file of this size: a scenario of their own."""

SMALL_OF_A_SESSION, SMALL_OF_ALL = 10 * SMALL_BYTES, 100 * SMALL_BYTES
"""What such files may hold together, of one window and of all."""

LARGE_OF_A_SESSION, LARGE_OF_ALL = 3, 10
"""Times the size of one upload that the files of who may upload may hold together, likewise."""

MOST_FILES = 60
"""Files of one window: three times what one district takes, see the Data page."""

MOST_SESSIONS = 1000
"""Windows of which it is remembered that files were refused."""

_refused: dict[str, int] = {}

BytesByWindow = Mapping[str, Mapping[str, int]]
"""What is kept: bytes of each file, by window."""


class UploadLimit:
    """Refuse files that are larger, or more together, than who sends them may send.

    Streamlit keeps what is sent in memory as long as its window is open, under whatever id.

    Parameters
    ----------
    inner
        What answers.
    may_upload
        Whether who sends a request may upload data.
    most_bytes
        Size of an uploaded file at most.
    held
        Tells what is kept now.
    """

    def __init__(
        self,
        inner: ASGIApp,
        may_upload: Callable[[Scope], bool],
        most_bytes: int,
        held: Callable[[], BytesByWindow] | None = None,
    ) -> None:
        self._inner = inner
        self._may_upload = may_upload
        self._most_bytes = most_bytes
        self._held = held or held_by_streamlit
        self._coming: dict[str, dict[int, float]] = {}
        self._lock = threading.Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if not _is_upload(scope):
            await self._inner(scope, receive, send)
            return
        with self._admitted(scope, self._may_upload(scope)) as admitted:
            if admitted:
                await self._inner(scope, receive, _noting(session_of_file(scope), send))
                return
        _note(session_of_file(scope))
        # said without a look at the body, and the connection with it is given up
        headers = {"connection": "close"}
        await PlainTextResponse("Too large.", 413, headers)(scope, receive, send)

    @contextmanager
    def _admitted(self, scope: Scope, may_upload: bool) -> Iterator[bool]:
        """Tell whether a file may come, and count it among those that are coming meanwhile."""
        session, size = session_of_file(scope), _length(scope)
        if may_upload:
            size = min(size, 2.0 * self._most_bytes)  # Streamlit ends those that do not tell
        with self._lock:
            admitted = self._fits(session, size, may_upload)
            if admitted:
                self._coming.setdefault(session, {})[id(scope)] = size
        try:
            yield admitted
        finally:
            if admitted:
                self._over(session, scope)

    def _over(self, session: str, scope: Scope) -> None:
        with self._lock:
            coming = self._coming[session]
            del coming[id(scope)]
            if not coming:
                del self._coming[session]

    def _fits(self, session: str, size: float, may_upload: bool) -> bool:
        kept = self._held()
        mine = [*kept.get(session, {}).values(), *self._coming.get(session, {}).values()]
        every: list[float] = [each for files in kept.values() for each in files.values()]
        every += [each for files in self._coming.values() for each in files.values()]
        if len(mine) >= MOST_FILES:
            return False
        if may_upload:
            most = self._most_bytes
            own, total = LARGE_OF_A_SESSION * most, LARGE_OF_ALL * most
        else:
            if size > SMALL_BYTES:
                return False
            own, total = SMALL_OF_A_SESSION, SMALL_OF_ALL
            every = [each for each in every if each <= SMALL_BYTES]
        return sum(mine) + size <= own and sum(every) + size <= total


def refused(session: str) -> int:
    """Return how many files of a window were refused, for whatever reason."""
    return _refused.get(session, 0)


def _note(session: str) -> None:
    """Remember that a file was refused: the browser shows a number only, the page says it."""
    count = _refused.pop(session, 0)
    while len(_refused) >= MOST_SESSIONS:
        _refused.pop(next(iter(_refused)), None)
    _refused[session] = count + 1


def _noting(session: str, send: Send) -> Send:
    """Return how to answer an upload: an answer that is no success is remembered."""

    async def noting(message: Message) -> None:
        if message["type"] == "http.response.start" and message["status"] >= 400:
            _note(session)
        await send(message)

    return noting


def held_by_streamlit() -> BytesByWindow:
    """Return what Streamlit keeps of uploads now."""
    if not runtime.exists():
        return {}
    kept: Any = runtime.get_instance().uploaded_file_mgr
    files = dict(kept.file_storage)
    return {
        session: {name: len(file.data) for name, file in list(each.items())}
        for session, each in files.items()
    }


def _is_upload(scope: Scope) -> bool:
    if scope["type"] != "http" or scope["method"] not in ("PUT", "POST"):
        return False
    return "upload_file" in scope["path"].split("/")


def _length(scope: Scope) -> float:
    """Return the bytes that a request says it brings; without a word of it, too many."""
    said = HTTPConnection(scope).headers.get("content-length", "")
    return int(said) if said.isdecimal() and len(said) < 20 else float("inf")
