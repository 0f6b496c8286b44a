"""Browsers tell here that a map is drawn, which the page waits for before it sends the rest.

What a component says to Streamlit makes the page run anew, all of it. A request of the map's frame
is heard while the page runs, so that it goes on where it waited.
"""

from __future__ import annotations

import threading
from collections import OrderedDict

from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from planner.app.server import map_files

FOLDER = f"/component/{map_files.__name__}.{map_files.COMPONENT}/drawn/"
"""Where the frame asks, before the sign of its page."""

MOST_WAITING = 1000
"""Signs that are known at once; of more, the oldest wait as long as they may."""

first = threading.Event()
"""Whether any map of this server has been drawn."""

_lock = threading.Lock()
_waiting: OrderedDict[str, threading.Event] = OrderedDict()


def expect(sign: str) -> None:
    """Let a map be told of under a sign that nobody can guess."""
    with _lock:
        _waiting[sign] = threading.Event()
        while len(_waiting) > MOST_WAITING:
            _waiting.popitem(last=False)


def wait(sign: str, most_s: float) -> bool:
    """Return once the map is drawn, or after so many seconds; whether it was. Then forget it."""
    with _lock:
        event = _waiting.get(sign)
    told = event is not None and event.wait(most_s)
    with _lock:
        _waiting.pop(sign, None)
    return told


def tell(sign: str) -> None:
    """Note that the map of a sign is drawn; of a sign that nobody waits for, nothing is noted."""
    with _lock:
        event = _waiting.get(sign)
    if event is not None:
        event.set()
        first.set()


class Drawn:
    """Take what the frames of maps tell; all else goes on."""

    def __init__(self, inner: ASGIApp) -> None:
        self._inner = inner

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        path = scope["path"] if scope["type"] == "http" else ""
        if FOLDER not in path:
            await self._inner(scope, receive, send)
            return
        tell(path.rpartition("/")[2])
        await Response(status_code=204, headers={"Cache-Control": "no-store"})(scope, receive, send)
