"""The first map of a window is drawn before what stands around it."""

import threading

import pytest
from own_loop import run

from planner.app import main
from planner.app.pages.overview import page as overview
from planner.app.server.requests import drawn
from planner.app.session import first_map
from planner.app.session.answers import assessments
from planner.app.widgets import key_figures


@pytest.fixture(autouse=True)
def nothing_told(monkeypatch):
    """Let each test begin as a server does."""
    monkeypatch.setattr(drawn, "first", threading.Event())
    monkeypatch.setattr(drawn, "_waiting", type(drawn._waiting)())


def asked(path):
    """Return the status of what answers a path, and its headers."""
    sent = []

    async def inner(_scope, _receive, _send):
        sent.append({"status": 404, "headers": []})

    async def send(message):
        sent.append(message)

    async def ask():
        await drawn.Drawn(inner)({"type": "http", "method": "GET", "path": path}, None, send)

    run(ask())
    return sent[0]["status"], dict(sent[0]["headers"])


def test_a_page_goes_on_once_its_map_is_told_of():
    drawn.expect("mine")
    threading.Timer(0.2, asked, [f"/city{drawn.FOLDER}mine"]).start()
    assert drawn.wait("mine", 3600.0)  # False where its time was over first
    assert drawn.first.is_set()
    assert not drawn._waiting


def test_a_page_whose_map_is_not_told_of_goes_on_all_the_same():
    drawn.expect("mine")
    status, headers = asked(f"{drawn.FOLDER}another")
    assert (status, headers[b"cache-control"]) == (204, b"no-store")
    assert not drawn.wait("mine", 0.05)
    assert not drawn.wait("never expected", 60.0)
    assert not drawn.first.is_set()
    assert asked("/component/other") == (404, {})


def test_only_so_many_wait_at_once(monkeypatch):
    monkeypatch.setattr(drawn, "MOST_WAITING", 3)
    for number in range(5):
        drawn.expect(str(number))
    assert list(drawn._waiting) == ["2", "3", "4"]


@pytest.mark.long(but=1)
@pytest.mark.parametrize("agent", ["Mozilla/5.0 (X11; Linux)", "Python/3.11 websockets/15"])
def test_the_map_goes_out_before_figures_and_tables(open_app, monkeypatch, agent):
    told, is_browser = [], agent.startswith(first_map.BROWSERS)
    headers = {"User-Agent": agent}
    monkeypatch.setattr(first_map.st, "context", Asked(first_map.st.context, headers))

    def heard(where, name, word):
        before = getattr(where, name)
        monkeypatch.setattr(where, name, lambda *a, **b: (told.append(word), before(*a, **b))[1])

    heard(overview.map_view, "show", "map")
    heard(key_figures, "draw", "figures")
    heard(overview.tables, "draw", "table")
    monkeypatch.setattr(drawn, "wait", lambda *_: told.append("wait"))
    app = open_app("overview", district="town.gpkg", lang="en")
    assert not app.exception
    waits = ["wait"] if is_browser else []
    assert told == ["map", *waits, "figures", "table", "table"]
    told.clear()
    app.run()
    assert told == ["map", "figures", "table", "table"]


def test_the_navigation_goes_out_before_the_district_is_read(open_app, monkeypatch):
    told = []
    before, read = main.st.navigation, assessments.district
    monkeypatch.setattr(
        main.st, "navigation", lambda *a, **b: (told.append("nav"), before(*a, **b))[1]
    )
    monkeypatch.setattr(assessments, "district", lambda *a: (told.append("read"), read(*a))[1])
    assert not open_app("overview", district="town.gpkg", lang="en").exception
    assert told[:2] == ["nav", "read"]
    assert "nav" not in told[1:]


class Asked:
    """A request as a page sees it, with headers of a test's own."""

    def __init__(self, before, headers):
        self._before, self.headers = before, headers

    def __getattr__(self, name):
        return getattr(self._before, name)
