"""A session goes on in the browser that began it, under its sign-in, and in no other."""

import http.client
import itertools
from contextlib import closing

import pytest
from dashboard_server import start
from own_loop import run
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from test_windows import Window as Page

from planner.app.server.scope import READER
from planner.app.server.sign_in import sessions
from planner.app.server.sign_in.sessions import COOKIE, OwnSessions

WANG, LI = "w" * 43, "l" * 43


class Streamlit:
    """What stands behind: gives any session back to whoever names it."""

    def __init__(self) -> None:
        self.numbers = itertools.count()
        self.files: list[str] = []

    async def __call__(self, scope, _, send) -> None:
        if scope["type"] == "http":
            kind = b"text/html; charset=utf-8" if scope["path"] == "/" else b"text/css"
            headers = [(b"content-type", kind)]
            self.files.append(scope["path"])
            await send({"type": "http.response.start", "status": 200, "headers": headers})
            return
        words = dict(scope["headers"])[b"sec-websocket-protocol"].decode().split(",")
        told = ForwardMsg()
        told.new_session.initialize.session_id = (
            words[2].strip() if len(words) > 2 else f"new{next(self.numbers)}"
        )
        await send({"type": "websocket.send", "bytes": told.SerializeToString()})


def headers(browser: str, *more: tuple[bytes, bytes]) -> list[tuple[bytes, bytes]]:
    return [*([(b"cookie", f"{COOKIE}={browser}".encode())] if browser else []), *more]


def connect(layer: OwnSessions, session: str = "", browser: str = "", reader: str = "") -> str:
    """Connect as a browser's page does; return the session that was given."""
    got = []
    words = b"streamlit, x, " + session.encode() if session else b"streamlit, x"
    asked = {
        "type": "websocket",
        "path": "/_stcore/stream",
        "headers": headers(browser, (b"sec-websocket-protocol", words)),
        **({READER: reader} if reader else {}),
    }

    async def send(message) -> None:
        got.append(message["bytes"])

    run(layer(asked, None, send))
    return ForwardMsg.FromString(got[0]).new_session.initialize.session_id


def ask(layer: OwnSessions, path: str, browser: str = "", method: str = "GET") -> tuple[int, str]:
    """Ask for something; return the status and the cookie that is given."""
    got = []
    asked = {"type": "http", "method": method, "path": path, "headers": headers(browser)}

    async def send(message) -> None:
        got.append(message)

    run(layer(asked, None, send))
    return got[0]["status"], dict(got[0]["headers"]).get(b"set-cookie", b"").decode()


def test_a_session_goes_on_in_its_own_browser_only():
    layer = OwnSessions(Streamlit())
    mine = connect(layer, browser=WANG)
    assert connect(layer, mine, WANG) == mine
    assert connect(layer, mine, WANG) == mine
    for stranger in (LI, "", WANG[:-1], WANG + "x", "w" * 42 + "!"):
        assert connect(layer, mine, stranger) != mine, stranger
    assert connect(layer, mine, WANG) == mine, "what strangers tried has changed nothing"


def test_a_session_goes_on_under_its_own_sign_in_only():
    layer = OwnSessions(Streamlit())
    mine = connect(layer, browser=WANG, reader="wang, signed in at eight")
    assert connect(layer, mine, WANG, "wang, signed in at eight") == mine
    assert connect(layer, mine, WANG, "wang, signed in at nine") != mine
    assert connect(layer, mine, WANG) != mine
    assert connect(layer, mine, LI, "wang, signed in at eight") != mine


def test_a_session_of_nobody_goes_on_for_nobody():
    """A browser that takes no cookies, and an id that is none."""
    layer = OwnSessions(Streamlit())
    mine = connect(layer)
    assert connect(layer, mine) != mine
    assert connect(layer, "made-up", WANG) != "made-up"
    assert connect(layer, "", WANG)


def test_files_come_and_go_for_ones_own_session_only():
    streamlit = Streamlit()
    layer = OwnSessions(streamlit)
    mine, nobodys = connect(layer, browser=WANG), connect(layer)
    path = f"/base/_stcore/upload_file/{mine}/f1"
    for method in ("PUT", "DELETE"):
        assert ask(layer, path, WANG, method)[0] == 200
        for stranger in (LI, ""):
            assert ask(layer, path, stranger, method)[0] == 403
    assert streamlit.files == [path, path]
    assert ask(layer, f"/_stcore/upload_file/{nobodys}/f1", "", "PUT")[0] == 200


def test_a_page_gives_a_mark_and_nothing_else_does():
    layer = OwnSessions(Streamlit(), "planning")
    given = [ask(layer, "/")[1] for _ in range(2)]
    marks = {each.split(";")[0].removeprefix(f"{COOKIE}=") for each in given}
    assert len(marks) == 2, "each browser has its own"
    assert all(each.endswith("; Path=/planning; HttpOnly; SameSite=Lax") for each in given)
    assert ask(layer, "/", marks.pop())[1] == "", "who has one keeps it"
    assert ask(layer, "/static/a.css")[1] == ""
    assert ask(layer, "/", "made-up")[1] != ""


def test_no_more_sessions_are_known_than_may_be(monkeypatch):
    monkeypatch.setattr(sessions, "MOST", 3)
    layer = OwnSessions(Streamlit())
    mine = [connect(layer, browser=WANG) for _ in range(5)]
    assert [connect(layer, each, WANG) == each for each in mine[2:]] == [True] * 3
    assert connect(layer, mine[0], WANG) != mine[0]


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sessions")
    (folder / "data").mkdir()
    running = start(folder, folder / "data")
    yield running
    running.end()


def cookie(server) -> str:
    with closing(http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)) as asked:
        asked.request("GET", "/coverage")
        return asked.getresponse().getheader("set-cookie", "").split(";")[0]


@pytest.mark.long
def test_an_id_alone_takes_no_window_over(server):
    """The real server: a window that was cut goes on where it is the browser's own."""

    def opened(browser: str, session: str = "") -> str:
        page = Page(server, browser, session)
        page.ask("")
        found = page.next("new_session").new_session.initialize.session_id
        page.cut()
        return found

    own, other = cookie(server), cookie(server)
    mine = opened(own)
    assert opened(other, mine) != mine
    assert opened("", mine) != mine
    assert opened(own, mine) == mine
