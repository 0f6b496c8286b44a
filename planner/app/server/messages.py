"""What a browser may say to the server: the messages that our pages need, and no others.

Streamlit's socket also takes messages of its developers' menu from whoever is connected, before a
sign-in too: to clear what the whole server keeps, to end it, to read the repository. Those are
passed over here.
"""

from __future__ import annotations

import logging

from google.protobuf.message import DecodeError
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.proto.BackMsg_pb2 import BackMsg

STRANGERS = frozenset({"rerun_script", "stop_script", "app_heartbeat"})
"""What the page that asks for a sign-in needs."""

READERS = STRANGERS | {"file_urls_request", "backend_operation_request"}
"""What our pages need: to run, to stop, to send files and to fetch those made when asked for."""

MOST_BYTES = 8_000_000
"""Of one message; a table edited by hand is the largest."""

MOST_FILES = 20
"""Places for files that one message may ask for."""

SIGNED_IN = "planner_signed_in"
"""Key of a connection's scope that says False where a sign-in is asked for and there is none."""

_log = logging.getLogger(__name__)


class Messages:
    """Hand on to Streamlit only messages that our pages send.

    Parameters
    ----------
    inner
        What answers.
    """

    def __init__(self, inner: ASGIApp) -> None:
        self._inner = inner

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "websocket":
            await self._inner(scope, receive, send)
            return
        allowed = READERS if scope.get(SIGNED_IN, True) else STRANGERS

        async def heard() -> Message:
            while True:
                message = await receive()
                if message["type"] != "websocket.receive" or is_ours(message, allowed):
                    return message
                _log.warning("a message that no page of ours sends was passed over")

        await self._inner(scope, heard, send)


def is_ours(message: Message, allowed: frozenset[str]) -> bool:
    """Whether a message of a web socket is one that a page may send."""
    packed = message.get("bytes")
    if not packed or len(packed) > MOST_BYTES:
        return False
    said = BackMsg()
    try:
        said.ParseFromString(packed)
    except DecodeError:
        return False
    kind = said.WhichOneof("type")
    if kind == "file_urls_request" and len(said.file_urls_request.file_names) > MOST_FILES:
        return False
    return kind in allowed
