"""Programs of the browser are sent from memory, as they were sent the first time."""

import asyncio

import pytest
from starlette.responses import Response

from planner.app.server import hosted
from planner.app.server.requests import program_files
from planner.app.server.requests.program_files import ProgramFiles
from planner.app.server.settings import configuration


class Streamlit:
    """What answers: it counts how often it is asked."""

    def __init__(self, **how):
        self.asked, self.how = [], how

    async def __call__(self, scope, receive, send):
        self.asked.append(scope["path"])
        content = f"program {len(self.asked)}".encode()
        headers = {"cache-control": "public, immutable", "etag": '"1"', **self.how}
        status = int(headers.pop("status", 200))
        await Response(content, status, headers, "text/javascript")(scope, receive, send)


def get(app, path, method="GET", query=b"", **headers):
    """Return status, headers and body of an answer."""
    told = []

    async def send(message):
        told.append(message)

    async def receive():
        return {"type": "http.request", "body": b""}

    named = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    scope = {"type": "http", "method": method, "path": path, "query_string": query}
    asyncio.run(app({**scope, "headers": named}, receive, send))
    body = b"".join(each.get("body", b"") for each in told[1:])
    return told[0]["status"], dict(told[0]["headers"]), body


FILE = "/static/js/index.1234.js"


def test_a_file_is_asked_once_and_sent_alike():
    inner = Streamlit()
    app = ProgramFiles(inner)
    assert get(app, FILE) == get(app, FILE) == get(app, FILE)
    assert inner.asked == [FILE]


@pytest.mark.parametrize(
    "asked",
    [
        {"path": "/static/js/other.js"},
        {"path": "/media/1.png"},
        {"path": "/component/map/share.json"},
        {"path": f"/below{FILE}"},
        {"path": FILE, "method": "HEAD"},
        {"path": FILE, "query": b"v=2"},
        {"path": FILE, "range": "bytes=0-3"},
        {"path": FILE, "if_none_match": '"1"'},
        {"path": FILE, "if_modified_since": "Mon, 30 Nov 2026 10:00:00 GMT"},
    ],
)
def test_all_else_is_asked_of_streamlit(asked):
    inner = Streamlit()
    app = ProgramFiles(inner)
    get(app, FILE)
    get(app, **asked)
    assert len(inner.asked) == 2


@pytest.mark.parametrize(
    "how",
    [
        {"status": "404"},
        {"set-cookie": "a=b"},
        {"content-encoding": "gzip"},
        {"content-type": "text/html; charset=utf-8"},
    ],
)
def test_no_answer_of_a_moment_or_a_reader_is_kept(how):
    inner = Streamlit(**how)
    app = ProgramFiles(inner)
    first, second = get(app, FILE), get(app, FILE)
    assert first[2] != second[2]


def test_what_a_browser_says_it_takes_makes_no_more_copies():
    inner = Streamlit()
    app = ProgramFiles(inner)
    for said in ("gzip, br", "gzip;q=0.5", "br", "identity", "x" * 60_000):
        get(app, FILE, accept_encoding=said)
    assert len(inner.asked) == 1


def test_memory_is_bounded(monkeypatch):
    monkeypatch.setattr(program_files, "MOST_BYTES", len(b"program 1"))
    inner = Streamlit()
    app = ProgramFiles(inner)
    for path in (FILE, "/static/js/b.js", "/static/js/b.js", FILE):
        get(app, path)
    assert inner.asked == [FILE, "/static/js/b.js", "/static/js/b.js"]
    monkeypatch.setattr(program_files, "MOST_OF_ONE", 3)
    app = ProgramFiles(inner)
    assert get(app, FILE)[2] != get(app, FILE)[2]


def test_below_a_path_of_its_own():
    inner = Streamlit()
    app = ProgramFiles(inner, base_path="planning/map")
    get(app, f"/planning/map{FILE}")
    get(app, f"/planning/map{FILE}")
    assert len(inner.asked) == 1
    get(app, FILE)
    get(app, FILE)
    assert len(inner.asked) == 3


def test_who_may_ask_is_decided_before():
    found = hosted.layers(configuration.current(), "127.0.0.1")
    assert found[-1].cls is ProgramFiles
