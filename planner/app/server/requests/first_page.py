"""The first page by its own name: Streamlit knows it by none, who asks for it is sent there."""

from __future__ import annotations

from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

PATH = "/overview"


class FirstPage:
    """Send who asks for the first page by name to the address that Streamlit knows."""

    def __init__(self, inner: ASGIApp) -> None:
        self._inner = inner

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http" or not scope["path"].endswith(PATH):
            await self._inner(scope, receive, send)
            return
        query = scope.get("query_string", b"").decode("latin-1")
        await RedirectResponse(f"./?{query}" if query else "./")(scope, receive, send)
