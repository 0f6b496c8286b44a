"""The dashboard's server on the loopback address, and a browser that may ask nobody else."""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from dashboard_server import Server, start
from hostile import hostile_district

from planner.sources import write_district


@pytest.fixture(scope="session")
def workspaces(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a broken file and the demo with names that try to run as code."""
    folder = tmp_path_factory.mktemp("workspaces")
    write_district(hostile_district(), folder / "hostile.gpkg")
    (folder / "broken.gpkg").write_text("no GeoPackage", encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def server(chromium, workspaces, tmp_path_factory) -> Iterator[Server]:
    running = start(tmp_path_factory.mktemp("server"), workspaces)
    yield running
    running.end()


@dataclass
class Visit:
    """One reader's window; outside requests are refused and kept."""

    page: object
    url: str
    outside: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def open(self, path: str = "") -> None:
        self.page.goto(self.url + "/" + path)

    def map_frame(self):
        """Return the frame of the map once its layers are drawn."""
        self.page.frame_locator("iframe").first.locator("body[data-drawn]").wait_for(
            timeout=90_000, state="attached"
        )
        return next(frame for frame in self.page.frames if "map_files.map" in frame.url)

    def figure(self, label: str):
        box = self.page.get_by_test_id("stMetric").filter(has_text=label)
        return box.get_by_test_id("stMetricValue")

    def shows(self, label: str, value: str, otherwise: str = "") -> None:
        """Wait until a figure has a value, and fail with some words where it never has."""
        from playwright.sync_api import expect

        shown = expect(self.figure(label), otherwise or f"{label} is not {value}")
        shown.to_have_text(value, timeout=60_000)

    def choose(self, box: str, option: str) -> None:
        self.page.get_by_role("combobox", name=box).click()
        self.page.get_by_role("option", name=option, exact=True).click()

    def settle(self) -> None:
        """Wait until the server has answered."""
        self.page.wait_for_timeout(300)
        self.page.get_by_test_id("stStatusWidget").wait_for(state="hidden", timeout=90_000)
        self.page.wait_for_timeout(500)

    def picture(self, name: str) -> None:
        folder = os.environ.get("PLANNER_ARTEFACTS")
        if folder:
            Path(folder).mkdir(parents=True, exist_ok=True)
            self.page.screenshot(path=str(Path(folder) / f"{name}.png"))


USUAL = {"width": 1366, "height": 768}
CALM = {"reduced_motion": "reduce"}
"""What moves while the server works is painted many times a second, and looked at by nobody."""
NOWHERE = {"server": "http://127.0.0.1:9", "bypass": "127.0.0.1"}
"""A proxy that is not there: what is not on the loopback address reaches nobody."""


class Windows:
    """Browser windows without cookies, lent and taken back.

    Who comes after another finds the dashboard's scripts compiled: a window of its own for each
    test takes half as long again.
    """

    def __init__(self, browser) -> None:
        self._browser, self._free = browser, []

    def lend(self, url: str):
        """Give a context that nobody else has; its first page keeps the address's process."""
        if self._free:
            return self._free.pop()
        context = self._browser.new_context(viewport=USUAL, proxy=NOWHERE, **CALM)
        context.new_page().goto(f"{url}/_stcore/health")
        return context

    def take_back(self, context) -> None:
        """Forget all that was kept in a context; a page of it may be another's soon."""
        for page in context.pages[1:]:
            if page.url.startswith("http"):
                page.evaluate("() => { localStorage.clear(); sessionStorage.clear(); }")
            page.close()
        context.clear_cookies()
        self._free.append(context)


@pytest.fixture(scope="session")
def windows(browser) -> Windows:
    return Windows(browser)


@pytest.fixture
def visit(windows, server, request) -> Iterator[Visit]:
    """Give a page; afterwards nothing may have been asked outside, and no script have failed.

    Requests are heard, not held: who holds them turns the browser's cache off, and each page
    takes half as long again.
    """
    context = windows.lend(server.url)
    page = context.new_page()
    if hasattr(request, "param"):
        width, height = request.param
        page.set_viewport_size({"width": width, "height": height})
    page.set_default_timeout(30_000)
    opened = Visit(page, server.url)
    own = urlsplit(server.url).netloc

    def asked(what) -> None:
        opened.asked.append(what.url)
        if urlsplit(what.url).netloc != own and not what.url.startswith(("data:", "blob:")):
            opened.outside.append(what.url)

    def heard(message) -> None:
        # below a page's address Streamlit first probes for its own files and gets a 404
        probe = message.location.get("url", "").endswith(("/_stcore/health", "/host-config"))
        if message.type == "error" and not probe:
            opened.errors.append(message.text)

    context.on("request", asked)
    page.on("console", heard)
    page.on("pageerror", lambda error: opened.errors.append(str(error)))
    page.on("dialog", lambda dialog: opened.errors.append(dialog.message))
    yield opened
    context.remove_listener("request", asked)
    windows.take_back(context)
    assert opened.asked
    assert opened.outside == []
    assert opened.errors == []
