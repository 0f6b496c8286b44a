"""Many windows at once, some cut in the middle: the others go on, and memory comes back."""

import os
import time
from pathlib import Path

import pytest
from dashboard_server import Server, start
from effort import tries
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

connections = pytest.importorskip("websockets.sync.client")

pytestmark = pytest.mark.skipif(
    not Path("/proc/self/status").exists(), reason="memory is read from /proc"
)

FINISHED = ForwardMsg.ScriptFinishedStatus.FINISHED_SUCCESSFULLY
MOST_S = 180


class Window:
    """A page's connection, as a browser would hold it."""

    def __init__(self, server: Server, cookie: str = "", session: str = "") -> None:
        """Connect, where told with a cookie and as the page that goes on with a session."""
        words = ["streamlit", "-", session] if session else ["streamlit"]
        origin = f"http://127.0.0.1:{server.port}"
        address = f"ws://127.0.0.1:{server.port}/_stcore/stream"
        self._open = connections.connect(
            address,
            origin=origin,
            subprotocols=words,
            additional_headers={"Cookie": cookie} if cookie else None,
            proxy=None,
            max_size=None,
        )
        self.line = self._open.__enter__()

    def ask(self, page: str) -> None:
        """Ask for a page."""
        message = BackMsg()
        message.rerun_script.query_string = "district=demo&lang=en"
        message.rerun_script.page_name = page
        self.line.send(message.SerializeToString())

    def next(self, kind: str) -> ForwardMsg:
        """Wait for the next message of a kind."""
        message, end = ForwardMsg(), time.monotonic() + MOST_S
        while message.WhichOneof("type") != kind:
            message.ParseFromString(self.line.recv(timeout=max(0.1, end - time.monotonic())))
        return message

    def shown(self) -> int:
        """Wait until the page is drawn; return at how many places it has something."""
        # a spinner that comes only where one waits takes no place of its own
        places: set[tuple[int, ...]] = set()
        end = time.monotonic() + MOST_S
        while True:
            message = ForwardMsg()
            message.ParseFromString(self.line.recv(timeout=max(0.1, end - time.monotonic())))
            kind = message.WhichOneof("type")
            if kind == "delta":
                places.add(tuple(message.metadata.delta_path))
            if kind == "script_finished" and message.script_finished == FINISHED:
                return len(places)

    def cut(self) -> None:
        """End it as a pulled plug does, without a word."""
        self.line.socket.close()


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    folder = tmp_path_factory.mktemp("windows")
    (folder / "data").mkdir()
    running = start(folder, folder / "data")
    yield running
    running.end()


def megabytes(server: Server) -> float:
    """Return the memory that the server holds."""
    lines = Path(f"/proc/{server.process.pid}/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS"))


def visit(server: Server, count: int, cut: int) -> None:
    """Open windows, cut some while their page is made, and see that the others are drawn whole."""
    windows = [Window(server) for _ in range(count)]
    for window in windows:
        window.ask("coverage")
    for window in windows[:cut]:
        window.cut()
    drawn = [window.shown() for window in windows[cut:]]
    assert min(drawn) > 5
    assert len(set(drawn)) == 1
    for window in windows[cut:]:
        window.ask("kinds")
    assert min(window.shown() for window in windows[cut:]) > 3
    for window in windows[cut:]:
        window.line.close()


@pytest.mark.skipif(os.name == "nt", reason="memory is read from /proc")
@pytest.mark.journey
def test_windows_that_are_cut_harm_no_other_and_leave_nothing(server):
    count = tries(6, 20)
    visit(server, 2, 0)  # what is shared by all is made
    # from the sixth time on a server holds what it held before: its threads have their memory
    for _ in range(tries(1, 6)):
        visit(server, count, count // 2)
    before = megabytes(server)
    for _ in range(tries(1, 4)):
        visit(server, count, count // 2)
    end = time.monotonic() + 60
    while megabytes(server) > 1.1 * before and time.monotonic() < end:
        time.sleep(1)
    assert megabytes(server) <= 1.1 * before
