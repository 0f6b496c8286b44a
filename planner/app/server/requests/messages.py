"""What a browser may say to the server, and what it is told: what our pages need, and no more.

Streamlit's socket also takes messages of its developers' menu from whoever is connected, before a
sign-in too: to clear what the whole server keeps, to end it, to read the repository. Those are
passed over here. What is larger than any page of ours would send ends its connection, so that
nothing of it stays in memory. Streamlit tells whoever connects where the program lies, of what
kind the machine is, and a mark made of the machine's own. Those are left out.
"""

from __future__ import annotations

import logging

from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import DecodeError
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.proto.BackMsg_pb2 import BackendOperationRequest, BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from planner.app.server.scope import SIGNED_IN

STRANGERS = frozenset({"rerun_script", "stop_script", "app_heartbeat"})
"""What the page that asks for a sign-in needs."""

READERS = STRANGERS | {"file_urls_request", "backend_operation_request"}
"""What our pages need: to run, to stop, to send files and to fetch those made when asked for."""

MOST_BYTES = 2_000_000
"""Of one message; a table edited by hand is the largest. The server takes in no larger one."""

MOST_BESIDES = 256_000
"""Of it, what is no state of widgets: the address, and marks of what the page has already."""

MOST_OF_A_STRANGER = 64_000
"""Of a message before the sign-in; an address has no more bytes either."""

OPERATIONS = frozenset({"deferred_file", "dataframe_chunk"})
"""Of a ``backend_operation_request``: the others install things on the server."""

TOO_LARGE = 1009
"""Code with which a connection is closed over a message (RFC 6455, section 7.4.1)."""

MOST_FILES = 20
"""Places for files that one message may ask for."""

BEGINS_BYTES = 64_000
"""Of a message that begins a run of a page, at most: it lists the pages and the colours."""

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

        most = MOST_BYTES if allowed is READERS else MOST_OF_A_STRANGER

        async def heard() -> Message:
            while True:
                message = await receive()
                if message["type"] != "websocket.receive" or is_ours(message, allowed, most):
                    return message
                if is_too_large(message, most):
                    _log.warning("a connection ends over a message larger than any of our pages'")
                    await send({"type": "websocket.close", "code": TOO_LARGE})
                    return {"type": "websocket.disconnect", "code": TOO_LARGE}
                _log.warning("a message that no page of ours sends was passed over")
                del message  # not kept while the next one is waited for

        async def told(message: Message) -> None:
            packed = message.get("bytes")
            if packed and len(packed) <= BEGINS_BYTES:
                message = {**message, "bytes": without_the_machine(packed)}
            await send(message)

        await self._inner(scope, heard, told)


def without_the_machine(packed: bytes) -> bytes:
    """Return a message of Streamlit's without what it tells of the machine and its folders.

    The version of Streamlit stays: by it, an open page learns that it is to load itself anew
    after an update, and the files of the page tell it anyway.
    """
    told = ForwardMsg()
    told.ParseFromString(packed)
    if told.WhichOneof("type") != "new_session":
        return packed
    begins = told.new_session
    begins.ClearField("main_script_path")
    version = begins.initialize.environment_info.streamlit_version
    for part in (begins.initialize.environment_info, begins.initialize.user_info):
        part.Clear()
        part.SetInParent()  # the page reads both, also where nothing is in them
    begins.initialize.environment_info.streamlit_version = version
    changed: bytes = told.SerializeToString()
    return changed


def is_ours(message: Message, allowed: frozenset[str], most: int = MOST_BYTES) -> bool:
    """Whether a message of a web socket is one that a page may send."""
    packed = message.get("bytes")
    if not packed or len(packed) > most:
        return False
    said = BackMsg()
    try:
        said.ParseFromString(packed)
    except DecodeError:
        return False
    kind = said.WhichOneof("type")
    if len(packed) - said.rerun_script.widget_states.ByteSize() > MOST_BESIDES:
        return False
    if kind == "file_urls_request" and len(said.file_urls_request.file_names) > MOST_FILES:
        return False
    if kind == "backend_operation_request":
        asked = said.backend_operation_request
        if not all(field.name in OPERATIONS for field in _parts(asked)):
            return False
    return kind in allowed


def _parts(asked: BackendOperationRequest) -> list[FieldDescriptor]:
    """Return what is set in an operation besides the ids."""
    return [field for field, _ in asked.ListFields() if field.message_type is not None]


def is_too_large(message: Message, most: int) -> bool:
    """Whether a message is larger than any that a page of ours sends."""
    return len(message.get("bytes") or message.get("text") or "") > most
