"""Runs of the page that asks for a sign-in take turns, so that strangers slow no reader down."""

from __future__ import annotations

import asyncio

from google.protobuf.message import DecodeError
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from planner.app.server.scope import SIGNED_IN

AT_ONCE = 1
"""Runs of strangers' pages at a time."""

REST_TIMES, MOST_REST_S = 2.0, 5.0
"""After a run nobody has a turn for so many times as long as it took, and so long at the most."""

BETWEEN_S = 1.0
"""So long a stranger's window waits from the end of a run to the next."""

PATIENCE_S = 20.0
"""After so long a turn is over, though nobody heard of the end of the run."""


class UnauthenticatedTurns:
    """Hand on what runs a page before a sign-in when its turn has come.

    Parameters
    ----------
    inner
        What answers. Whoever calls it has let through only messages that a page may send.
    """

    def __init__(self, inner: ASGIApp) -> None:
        self._inner = inner
        self._turns = asyncio.Semaphore(AT_ONCE)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "websocket" or scope.get(SIGNED_IN, True):
            await self._inner(scope, receive, send)
            return
        turn = _Turn(self._turns)

        async def heard() -> Message:
            message = await receive()
            if _runs(message):
                await turn.begin()
            return message

        async def told(message: Message) -> None:
            await send(message)
            if turn.running and _ends(message):
                turn.end()

        try:
            await self._inner(scope, heard, told)
        finally:
            turn.end()


class _Turn:
    """The turns of one window."""

    def __init__(self, turns: asyncio.Semaphore) -> None:
        self._turns = turns
        self._over = asyncio.Event()
        self._over.set()
        self._next = self._begun = 0.0
        self._late: asyncio.TimerHandle | None = None

    @property
    def running(self) -> bool:
        return not self._over.is_set()

    async def begin(self) -> None:
        """Wait until the run before is over, then for a turn."""
        await self._over.wait()
        loop = asyncio.get_running_loop()
        await asyncio.sleep(max(0.0, self._next - loop.time()))
        await self._turns.acquire()
        self._over.clear()
        self._begun = loop.time()
        self._late = loop.call_later(PATIENCE_S, self.end)

    def end(self) -> None:
        """Let the next one have its turn."""
        if not self.running:
            return
        if self._late is not None:
            self._late.cancel()
        loop = asyncio.get_running_loop()
        self._next = loop.time() + BETWEEN_S
        self._over.set()
        rest = min(REST_TIMES * (loop.time() - self._begun), MOST_REST_S)
        loop.call_later(rest, self._turns.release)


def _runs(message: Message) -> bool:
    """Whether a message of a browser's has a page run."""
    return _type_of(BackMsg(), message) == "rerun_script"


def _ends(message: Message) -> bool:
    """Whether a message to a browser says that a run is over."""
    return _type_of(ForwardMsg(), message) == "script_finished"


def _type_of(kind: BackMsg | ForwardMsg, message: Message) -> str | None:
    """Return what a message of Streamlit's is about, None where it is no such message."""
    try:
        kind.ParseFromString(message.get("bytes") or b"")
    except DecodeError:
        return None
    return kind.WhichOneof("type")
