"""Pages before a sign-in take turns, however many ask how often."""

import asyncio

import pytest
from own_loop import run
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from planner.app.server.scope import SIGNED_IN
from planner.app.server.sign_in import unauthenticated
from planner.app.server.sign_in.unauthenticated import AT_ONCE, UnauthenticatedTurns

RUN = {"type": "websocket.receive", "bytes": BackMsg(rerun_script={}).SerializeToString()}
BEAT = {"type": "websocket.receive", "bytes": BackMsg(app_heartbeat=True).SerializeToString()}
GONE = {"type": "websocket.disconnect", "code": 1001}


class Streamlit:
    """Runs a page for each message that asks for one, and counts how many run at a time."""

    def __init__(self, seconds: float = 0.01, *, says_so: bool = True) -> None:
        self.seconds, self.says_so = seconds, says_so
        self.now = self.most = self.runs = self.beats = 0
        self.begun: list[float] = []

    async def __call__(self, _, receive, send) -> None:
        running = []
        while (message := await receive())["type"] == "websocket.receive":
            if message is RUN:
                running.append(asyncio.ensure_future(self._run(send)))
            else:
                self.beats += 1
        await asyncio.gather(*running)

    async def _run(self, send) -> None:
        self.begun.append(asyncio.get_running_loop().time())
        self.now, self.runs = self.now + 1, self.runs + 1
        self.most = max(self.most, self.now)
        await asyncio.sleep(self.seconds)
        self.now -= 1
        if self.says_so:
            told = ForwardMsg(script_finished=0)
            await send({"type": "websocket.send", "bytes": told.SerializeToString()})


async def talk(layer: UnauthenticatedTurns, *said: dict, signed_in: bool = False) -> None:
    waiting = [*said, GONE]

    async def receive():
        return waiting.pop(0)

    async def send(_) -> None:
        """Take what is told."""

    await layer({"type": "websocket", SIGNED_IN: signed_in}, receive, send)


def play(streamlit: Streamlit, *lines: tuple[dict, ...], signed_in: bool = False) -> None:
    async def all_of_them() -> None:
        layer = UnauthenticatedTurns(streamlit)
        await asyncio.gather(*(talk(layer, *line, signed_in=signed_in) for line in lines))

    run(asyncio.wait_for(all_of_them(), 20))


@pytest.fixture(autouse=True)
def quick(monkeypatch) -> None:
    monkeypatch.setattr(unauthenticated, "BETWEEN_S", 0.05)
    monkeypatch.setattr(unauthenticated, "PATIENCE_S", 0.2)


@pytest.mark.long
def test_strangers_take_turns_and_all_get_theirs():
    streamlit = Streamlit()
    play(streamlit, *[(RUN,)] * 20)
    assert (streamlit.most, streamlit.runs) == (AT_ONCE, 20)


def test_one_window_runs_once_in_a_while():
    streamlit = Streamlit()
    play(streamlit, (RUN, BEAT, RUN, RUN))
    assert (streamlit.most, streamlit.runs, streamlit.beats) == (1, 3, 1)
    first, second, third = streamlit.begun
    assert min(second - first, third - second) >= 0.05


@pytest.mark.long
def test_a_run_of_whose_end_nobody_hears_keeps_its_turn_for_a_while_only():
    streamlit = Streamlit(says_so=False)
    play(streamlit, *[(RUN, RUN)] * 3)
    assert streamlit.runs == 6


def test_readers_wait_for_nobody():
    streamlit = Streamlit()
    play(streamlit, *[(RUN, RUN)] * 10, signed_in=True)
    assert streamlit.most == 20
