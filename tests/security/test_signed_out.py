"""A sign-in that is over ends the connections that were opened under it."""

import json
import os
import stat
import time

import pytest
from own_loop import run
from starlette.websockets import WebSocketDisconnect

pytest.importorskip("itsdangerous")
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.web.server.starlette.starlette_app_utils import create_signed_value

from planner.app.server.settings.configuration import Auth
from planner.app.server.sign_in import roles, signed_out
from planner.app.server.sign_in.gate import Gate
from planner.app.server.sign_in.signed_out import FILE

SECRET = "s" * 40
COOKIE = "_streamlit_user"
FIGURES = ForwardMsg(hash="figures").SerializeToString()


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """Keep sign-outs in a folder of the test, as a server that has just started."""
    monkeypatch.setenv("PLANNER_SCENARIOS", str(tmp_path / "work"))
    started_anew()
    yield tmp_path / "work"
    started_anew()


def started_anew() -> None:
    """Forget what is in memory only, as a restart of the server does."""
    roles._signed_out.cache_clear()


def auth(hours: float = 12.0) -> Auth:
    return Auth(
        server_metadata_url="http://localhost/.well-known/openid-configuration",
        client_id="planner",
        client_secret="-",
        cookie_secret=SECRET,
        redirect_uri="https://planning.example.org/oauth2callback",
        session_hours=hours,
        viewers=("*",),
    )


def claims(**changed: object) -> dict[str, object]:
    return {
        "origin": "https://planning.example.org",
        "is_logged_in": True,
        "iss": "http://localhost",
        "sub": "wang",
        "iat": time.time(),
        **changed,
    }


def scope(kind: str, path: str, found: dict[str, object]) -> dict[str, object]:
    signed = create_signed_value(SECRET, COOKIE, json.dumps(found))
    cookie = f"{COOKIE}={signed.decode()}".encode()
    return {"type": kind, "method": "GET", "path": path, "headers": [(b"cookie", cookie)]}


class Window:
    """A page's connection: what it sends in, and what it was sent."""

    def __init__(self) -> None:
        self.sent: list[dict] = []
        self.inner: list[str] = []

    async def send(self, message) -> None:
        self.sent.append(message)

    async def receive(self):
        return {"type": "websocket.receive", "bytes": b"run the fragment"}


def talk(rules: Auth, found: dict[str, object], between) -> Window:
    """Open a connection, let a message pass each way, do something, and try once more."""
    window = Window()

    async def inner(_, receive, send):
        window.inner.append((await receive())["type"])
        await send({"type": "websocket.send", "bytes": FIGURES})
        between()
        window.inner.append((await receive())["type"])
        with pytest.raises(WebSocketDisconnect):
            await send({"type": "websocket.send", "bytes": FIGURES})

    gate = Gate(inner, rules)
    run(gate(scope("websocket", "/_stcore/stream", found), window.receive, window.send))
    return window


def check(window: Window) -> None:
    assert window.inner == ["websocket.receive", "websocket.disconnect"]
    figures, again, close = window.sent
    assert figures["bytes"] == FIGURES
    told = ForwardMsg.FromString(again["bytes"])
    assert told.WhichOneof("type") == "auth_redirect", "the browser loads its page again"
    assert told.auth_redirect.url == ""
    assert close["type"] == "websocket.close"


def test_an_open_window_gets_nothing_after_sign_out():
    rules, found = auth(), claims(nonce="out")
    check(talk(rules, found, lambda: roles.end(rules, found)))


def test_an_open_window_gets_nothing_after_the_hours(monkeypatch):
    found = claims(nonce="hours")
    late = time.time() + 13 * 3600
    check(talk(auth(), found, lambda: monkeypatch.setattr(time, "time", lambda: late)))


def test_a_clock_that_jumps_brings_nobody_back(monkeypatch):
    rules, found, other = auth(), claims(nonce="back"), claims(nonce="other")
    now = time.time()
    roles.end(rules, found)
    monkeypatch.setattr(time, "time", lambda: now + 30 * 24 * 3600)
    roles.end(rules, other)
    monkeypatch.setattr(time, "time", lambda: now)
    assert not roles.alive(rules, found)
    assert roles.alive(rules, claims(nonce="a third"))


def test_a_restart_brings_nobody_back(folder):
    rules, found, other = auth(), claims(nonce="out"), claims(nonce="in")
    roles.end(rules, found)
    started_anew()
    assert not roles.alive(rules, found)
    assert roles.alive(rules, other)
    kept = (folder / FILE).read_text(encoding="utf-8")
    assert "wang" not in kept, "nothing of a person is kept"
    if os.name != "nt":
        assert stat.S_IMODE((folder / FILE).stat().st_mode) == 0o600


def test_a_clock_that_was_wrong_at_a_restart_brings_nobody_back(monkeypatch):
    rules, found = auth(), claims(nonce="out")
    now = time.time()
    roles.end(rules, found)
    monkeypatch.setattr(time, "time", lambda: now + 20 * 24 * 3600)
    started_anew()
    roles.end(rules, claims(nonce="other"))
    monkeypatch.setattr(time, "time", lambda: now)
    assert not roles.alive(rules, found)
    started_anew()
    assert not roles.alive(rules, found)


def test_sign_outs_are_kept_as_long_as_they_matter(folder, monkeypatch):
    rules, now = auth(), time.time()
    roles.end(rules, claims(nonce="old"))
    monkeypatch.setattr(time, "time", lambda: now + 60 * 24 * 3600)
    started_anew()
    assert roles.alive(rules, claims())
    monkeypatch.setattr(time, "monotonic", lambda: 10.0**9)
    roles.end(rules, claims(nonce="new"))
    assert len(json.loads((folder / FILE).read_text(encoding="utf-8"))) == 1


def test_no_more_sign_outs_are_kept_than_may_be(folder, monkeypatch):
    monkeypatch.setattr(signed_out, "MOST", 3)
    rules, now = auth(), time.time()
    found = [claims(nonce=str(number), iat=now - 10 + number) for number in range(5)]
    for each in found:
        roles.end(rules, each)
    assert len(json.loads((folder / FILE).read_text(encoding="utf-8"))) == 3
    started_anew()
    assert [roles.alive(rules, each) for each in found] == [True, True, False, False, False]


@pytest.mark.parametrize("content", [b"{", b"[]", b'{"a": 1}', b'{"' + b"0" * 64 + b'": "x"}'])
def test_a_file_that_nobody_understands_lets_nobody_from_before_in(folder, content):
    folder.mkdir()
    (folder / FILE).write_bytes(content)
    rules = auth()
    assert not roles.alive(rules, claims(iat=time.time() - 60))
    assert roles.alive(rules, claims(iat=time.time() + 1))


def test_a_sign_out_holds_where_it_cannot_be_written(folder, caplog):
    folder.write_text("in the folder's place", encoding="utf-8")
    rules, found = auth(), claims(nonce="out", iat=time.time() + 1)
    assert roles.alive(rules, found)
    roles.end(rules, found)
    assert not roles.alive(rules, found)
    assert "not kept beyond a restart" in caplog.text


def status(found: dict[str, object], path: str = "/component/x/layers.json") -> int:
    window = Window()

    async def inner(_, __, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})

    run(Gate(inner, auth())(scope("http", path, found), window.receive, window.send))
    return window.sent[0]["status"]


@pytest.mark.parametrize(
    ("changed", "wanted"),
    [
        ({}, 200),
        ({"origin": "https://other.example.org"}, 401),
        ({"origin": None}, 401),
        ({"is_logged_in": "true"}, 401),
        ({"iat": 0}, 401),
        ({"iat": True}, 401),
    ],
)
def test_files_ask_for_a_cookie_of_this_address(changed, wanted):
    assert status(claims(**changed)) == wanted
