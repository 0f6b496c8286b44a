"""How many windows may be open, so that nobody's fill the server for all."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from dataclasses import dataclass, field

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from planner.app.server.scope import READER

MOST_OF_A_SIGN_IN, MOST_WITHOUT = 50, 500
"""Windows that may be open at a time under one sign-in, and under none, of all together."""

SILENT_S = 10.0
"""A page says what it shows at once; a line that said nothing for so long may be closed."""

TRY_LATER = 1013
"""Code of a web socket that is closed since there are too many; the page tries again by itself."""


@dataclass(eq=False)
class _Line:
    """An open window."""

    address: str
    begun: float = field(default_factory=time.monotonic)
    silent: bool = True
    over: asyncio.Event = field(default_factory=asyncio.Event)


class Windows:
    """Refuse windows beyond those that may be open.

    Where those without a sign-in are as many as may be, one that has said nothing is closed, else
    the oldest of the address that has the most, unless it is the new one's own.

    Parameters
    ----------
    inner
        What answers.
    """

    def __init__(self, inner: ASGIApp) -> None:
        self._inner = inner
        self._open: dict[str, list[_Line]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "websocket":
            await self._inner(scope, receive, send)
            return
        reader, line = scope.get(READER, ""), _Line(str((scope.get("client") or ("",))[0]))
        lines = self._open.setdefault(reader, [])
        if not (len(lines) < MOST_OF_A_SIGN_IN if reader else _has_room(lines, line.address)):
            # closed before it was accepted
            await send({"type": "websocket.close", "code": TRY_LATER, "reason": "Too many."})
            return
        lines.append(line)
        try:
            await self._inner(scope, _ending(line, receive, send), send)
        finally:
            if line in lines:
                lines.remove(line)
            if not lines and self._open.get(reader) is lines:
                del self._open[reader]


def _has_room(lines: list[_Line], address: str) -> bool:
    """Whether one more window without a sign-in may be open, another of which is ended for it."""
    if len(lines) < MOST_WITHOUT:
        return True
    late = time.monotonic() - SILENT_S
    goes = next((each for each in lines if each.silent and each.begun <= late), None)
    if goes is None:
        [(most, _)] = Counter(each.address for each in lines).most_common(1)
        goes = next(each for each in lines if each.address == most) if most != address else None
    if goes is None:
        return False
    lines.remove(goes)
    goes.over.set()
    return True


def _ending(line: _Line, receive: Receive, send: Send) -> Receive:
    """Return what receives a window's messages until it is over."""

    async def heard() -> Message:
        getting = asyncio.ensure_future(receive())
        ending = asyncio.ensure_future(line.over.wait())
        try:
            await asyncio.wait({getting, ending}, return_when=asyncio.FIRST_COMPLETED)
            if getting.done():
                message = getting.result()
                line.silent = line.silent and message["type"] != "websocket.receive"
                return message
        finally:
            getting.cancel()
            ending.cancel()
        await send({"type": "websocket.close", "code": TRY_LATER})
        return {"type": "websocket.disconnect", "code": TRY_LATER}

    return heard
