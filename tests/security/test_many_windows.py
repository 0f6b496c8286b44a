"""Windows beyond those that may be open: whose are closed, and who still gets in."""

import asyncio

import pytest
from own_loop import run

from planner.app.server.requests import windows
from planner.app.server.requests.windows import TRY_LATER, Windows
from planner.app.server.scope import READER


class Line:
    """A window's connection, whose other end says what it is told to say."""

    def __init__(self, layer: Windows, address: str = "10.0.0.1", reader: str = "") -> None:
        self.waiting: asyncio.Queue = asyncio.Queue()
        self.closed = 0
        who = {READER: reader} if reader else {}
        scope = {"type": "websocket", "client": (address, 1), **who}
        self.task = asyncio.ensure_future(layer(scope, self.waiting.get, self._send))

    async def _send(self, message) -> None:
        assert message["type"] == "websocket.close"
        self.closed = message["code"]

    async def say(self, kind: str = "websocket.receive") -> None:
        self.waiting.put_nowait({"type": kind, "bytes": b"x"})
        await settled()


async def settled() -> None:
    for _ in range(10):
        await asyncio.sleep(0)


async def streamlit(_, receive, __) -> None:
    while (await receive())["type"] == "websocket.receive":
        pass


@pytest.fixture
def layer(monkeypatch) -> Windows:
    monkeypatch.setattr(windows, "MOST_OF_A_SIGN_IN", 2)
    monkeypatch.setattr(windows, "MOST_WITHOUT", 4)
    return Windows(streamlit)


async def opened(layer: Windows, *addresses: str, talk: bool = True, reader: str = ""):
    lines = [Line(layer, address, reader) for address in addresses]
    await settled()
    for line in lines:
        if talk:
            await line.say()
    return lines


def test_lines_that_say_nothing_make_room(layer, monkeypatch):
    async def play() -> None:
        monkeypatch.setattr(windows, "SILENT_S", 0.0)
        [real] = await opened(layer, "a")
        silent = await opened(layer, "a", "a", "a", talk=False)
        [new] = await opened(layer, "a")
        assert [each.closed for each in (real, *silent, new)] == [0, TRY_LATER, 0, 0, 0]
        assert silent[0].task.done()

    run(play())


def test_the_address_with_the_most_makes_room_and_not_for_its_own(layer):
    async def play() -> None:
        [other] = await opened(layer, "b")
        many = await opened(layer, "a", "a", "a")
        [refused] = await opened(layer, "a", talk=False)
        assert refused.closed == TRY_LATER
        assert refused.task.done()
        [new] = await opened(layer, "c")
        assert [each.closed for each in (other, *many, new)] == [0, TRY_LATER, 0, 0, 0]

    run(play())


def test_a_sign_in_has_its_own_windows(layer):
    async def play() -> None:
        mine = await opened(layer, "a", "a", reader="wang")
        [third] = await opened(layer, "a", talk=False, reader="wang")
        [hers] = await opened(layer, "a", reader="li")
        assert [each.closed for each in (*mine, third, hers)] == [0, 0, TRY_LATER, 0]
        await mine[0].say("websocket.disconnect")
        assert mine[0].task.done()
        [again] = await opened(layer, "a", reader="wang")
        assert again.closed == 0

    run(play())


def test_windows_that_were_closed_leave_nothing(layer):
    async def play() -> None:
        lines = await opened(layer, "a", "b", "c", "d", "e")
        for line in lines:
            await line.say("websocket.disconnect")
        assert layer._open == {}

    run(play())
