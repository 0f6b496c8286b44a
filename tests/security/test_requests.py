"""Requests under foreign names, from foreign pages, and uploads that are off."""

import http.client
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from asked_outside import environment
from dashboard_server import Server, start
from own_loop import run

from planner.app.server.requests.origins import Origins
from planner.app.server.requests.upload_limit import SMALL_BYTES

websockets = pytest.importorskip("websockets.sync.client")
from websockets.exceptions import InvalidStatus  # noqa: E402

PUBLIC = "https://planning.example.org/oauth2callback"
FOREIGN_PAGES = ["http://evil.example", "null", "http://127.0.0.1:9", "", "file://"]


def seen(kind: str, **headers: str) -> "tuple[int | str, dict[str, str]]":
    """Return what a request meets behind the guard: how it ended, and the headers it came with."""
    sent, came = [], {}

    async def inner(scope, receive, send):
        came.update({name.decode(): value.decode() for name, value in scope["headers"]})
        await send({"type": "http.response.start", "status": 200, "headers": []})

    async def send(message):
        sent.append(message)

    async def receive():
        return {"type": f"{kind}.connect"}

    listed = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
    scope = {"type": kind, "method": "GET", "path": "/", "query_string": b"", "headers": listed}
    guard = Origins(inner, hosts=["Planner.Bureau.example"], public=PUBLIC)
    run(guard(scope, receive, send))
    return sent[0].get("status", sent[0]["type"]), came


@pytest.mark.parametrize(
    "host",
    [
        "localhost:8501",
        "127.0.0.1:8501",
        "[::1]:8501",
        "192.0.2.7",
        "planner.bureau.example",
        "planning.example.org",
        socket.gethostname(),
    ],
)
def test_own_names_pass(host):
    assert seen("http", host=host, origin=f"http://{host}") == (200, {"host": host})


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "localhost.evil.example",
        "127.0.0.1.evil.example",
        "evil.example:8501",
        "",
        "a@localhost",
        "localhost:port",
        "localhost/x",
        "x" * 5000,
    ],
)
def test_foreign_names_are_refused(host):
    assert seen("http", host=host) == (421, {})
    assert seen("websocket", host=host) == ("websocket.close", {})


@pytest.mark.parametrize("origin", FOREIGN_PAGES)
def test_foreign_pages_are_refused(origin):
    assert seen("http", host="localhost:8501", origin=origin) == (403, {})
    assert seen("websocket", host="localhost:8501", origin=origin) == ("websocket.close", {})


def test_a_socket_behind_a_proxy_sees_the_name_of_its_page():
    origin = "https://planning.example.org"
    _, came = seen("websocket", host="localhost:8501", origin=origin)
    assert came == {"host": "planning.example.org", "origin": origin}


@pytest.fixture(scope="module")
def counted(tmp_path_factory) -> "Iterator[tuple[Server, Path]]":
    """Give a server with uploads off, and the file that lists whom outside it asked for."""
    folder = tmp_path_factory.mktemp("counted")
    (folder / "data").mkdir()
    watched, log = environment(folder / "watch")
    nowhere = {"HTTP_PROXY": "http://127.0.0.1:9", "HTTPS_PROXY": "http://127.0.0.1:9"}
    with pytest.MonkeyPatch.context() as patch:
        for name, value in {**watched, **nowhere, "PLANNER_UPLOADS": "off"}.items():
            patch.setenv(name, value)
        running = start(folder, folder / "data")
    yield running, log
    running.end()


def test_the_counter_counts(tmp_path, monkeypatch):
    watched, log = environment(tmp_path)
    for name, value in watched.items():
        monkeypatch.setenv(name, value)
    code = "import socket\ntry: socket.getaddrinfo('outside.invalid', 80)\nexcept OSError: pass"
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
    assert log.read_text(encoding="utf-8").split() == ["outside.invalid"]


@pytest.mark.long
def test_foreign_sockets_are_refused_and_nobody_outside_is_asked(counted):
    server, log = counted
    address = f"ws://127.0.0.1:{server.port}/_stcore/stream"
    for origin in ["http://evil.example", "null", "http://192.0.2.1:8501"] * 3:
        with pytest.raises(InvalidStatus) as refused:
            websockets.connect(address, origin=origin, subprotocols=["streamlit"], proxy=None)
        assert "403" in str(refused.value)
    own = f"http://127.0.0.1:{server.port}"
    with websockets.connect(address, origin=own, subprotocols=["streamlit"], proxy=None):
        pass
    assert log.read_text(encoding="utf-8") == ""


def test_a_name_bent_to_this_machine_opens_no_session(counted):
    server, log = counted
    with closing(http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)) as asked:
        asked.request("GET", "/", headers={"Host": f"evil.example:{server.port}"})
        assert asked.getresponse().status == 421
    assert log.read_text(encoding="utf-8") == ""


@pytest.mark.parametrize("said", ["1300000000", None], ids=["told", "untold"])
def test_uploads_that_are_off_end_before_their_body_is_read(counted, said):
    """The answer comes although not a byte of the body was sent."""
    server, _ = counted
    length = f"Content-Length: {said}" if said else "Transfer-Encoding: chunked"
    head = f"PUT /_stcore/upload_file/a/b HTTP/1.1\r\nHost: 127.0.0.1\r\n{length}\r\n\r\n"
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as line:
        line.sendall(head.encode("ascii"))
        assert line.recv(4096).startswith(b"HTTP/1.1 413 ")


def test_small_files_may_still_be_opened(counted):
    server, _ = counted
    with closing(http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)) as asked:
        asked.request("PUT", "/_stcore/upload_file/a/b", body=b"x" * SMALL_BYTES)
        assert asked.getresponse().status != 413


FILES = """
import resource
_, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
resource.setrlimit(resource.RLIMIT_NOFILE, (min(256, hard), hard))
from planner.app.server.serve import MOST_OPEN, _allow_files
_allow_files()
assert resource.getrlimit(resource.RLIMIT_NOFILE)[0] == min(hard, MOST_OPEN)
resource.setrlimit(resource.RLIMIT_NOFILE, (128, 200))
_allow_files()
assert resource.getrlimit(resource.RLIMIT_NOFILE) == (200, 200)
"""


@pytest.mark.long
@pytest.mark.skipif(sys.platform == "win32", reason="limits on files are POSIX's")
def test_the_server_may_hold_as_many_connections_as_the_system_lets_it():
    subprocess.run([sys.executable, "-c", FILES], check=True, timeout=60)
