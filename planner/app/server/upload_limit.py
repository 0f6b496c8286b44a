"""Uploads that are not allowed end before their body is read."""

from __future__ import annotations

from collections.abc import Callable

from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

SMALL_BYTES = 2 * 2**20
"""Who may not upload data may still open a file of this size: a scenario of their own."""


class UploadLimit:
    """Refuse files that are larger than who sends them may send.

    Parameters
    ----------
    inner
        What answers.
    may_upload
        Whether who sends a request may upload data.
    """

    def __init__(self, inner: ASGIApp, may_upload: Callable[[Scope], bool]) -> None:
        self._inner = inner
        self._may_upload = may_upload

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if _is_upload(scope) and not self._may_upload(scope) and _length(scope) > SMALL_BYTES:
            # said without a look at the body, and the connection with it is given up
            headers = {"connection": "close"}
            await PlainTextResponse("Too large.", 413, headers)(scope, receive, send)
            return
        await self._inner(scope, receive, send)


def _is_upload(scope: Scope) -> bool:
    if scope["type"] != "http" or scope["method"] not in ("PUT", "POST"):
        return False
    return "upload_file" in scope["path"].split("/")


def _length(scope: Scope) -> float:
    """Return the bytes that a request says it brings; without a word of it, too many."""
    said = HTTPConnection(scope).headers.get("content-length", "")
    return int(said) if said.isdecimal() else float("inf")
