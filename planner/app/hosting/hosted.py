"""What ``planner serve`` runs: the dashboard, with files that a browser may keep marked as such."""

from __future__ import annotations

from pathlib import Path

import streamlit as st
from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from planner.app import served

KEPT = "public, max-age=31536000, immutable"
_FOLDER = f"/component/{served.__name__}.{served.COMPONENT}/"
_FIRST = "/overview"
"""Streamlit knows the first page by no name: who asks for it by its own is sent to it."""

_SAFE = {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin"}


class Headers:
    """Say that a file with a hash in its name never changes, and what a browser must not do."""

    def __init__(self, inner: ASGIApp) -> None:
        self._inner = inner

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            await self._inner(scope, receive, send)
            return
        path = scope["path"]
        if path.endswith(_FIRST):
            query = scope.get("query_string", b"").decode("latin-1")
            await RedirectResponse(f"./?{query}" if query else "./")(scope, receive, send)
            return
        kept = _FOLDER in path and not path.endswith((".html", "/"))

        async def marked(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(_SAFE)
                if kept and message["status"] == 200:
                    headers["Cache-Control"] = KEPT
            await send(message)

        await self._inner(scope, receive, marked)


app = st.App(Path(__file__).with_name("script.py"), middleware=[Middleware(Headers)])
