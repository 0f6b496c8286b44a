"""Measure the dashboard in a headless Chromium: python benchmarks/dashboard/measure.py [FOLDER ID]

Prints each figure beside its bar. Without a folder of workspaces the demo district is measured;
``city.py`` beside this file makes a large one.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, sync_playwright

OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-quic",
    "--no-first-run",
    "--disable-component-update",
    "--disable-sync",
]
STAMP = "() => document.body.dataset.drawn"
FREE = """() => {
    const places = [];
    for (let x = 190; x < 480; x += 17) for (let y = 110; y < 300; y += 17) {
        const hit = document.elementFromPoint(x, y);
        if (hit && !hit.closest(".leaflet-marker-icon, .leaflet-control")) places.push([x, y]);
    }
    return [0.1, 0.3, 0.5, 0.7, 0.9].map(part => places[Math.floor(part * places.length)]);
}"""
"""Places on the map where nothing stands, in pixels of its frame."""
PAGES = ("coverage", "kinds", "what-if", "")
PROBES = ("/_stcore/health", "/_stcore/host-config")
MS = 120_000


@dataclass
class Watch:
    """A window, and what it received and complained of."""

    page: Page
    host: str
    bytes_received: int = 0
    base_bytes: int = 0
    outside: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    _urls: dict[str, str] = field(default_factory=dict)

    def start(self) -> None:
        self.page.set_default_timeout(MS)
        network = self.page.context.new_cdp_session(self.page)
        network.send("Network.enable")
        network.on("Network.webSocketFrameReceived", self._frame)
        self.page.on("requestfinished", self._finished)
        self.page.on("request", self._asked)
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))

    def _frame(self, event: dict) -> None:
        data = event["response"]
        size = len(data["payloadData"])
        self.bytes_received += size * 3 // 4 if data["opcode"] == 2 else size

    def _asked(self, request) -> None:
        if request.url.startswith("http") and urlsplit(request.url).netloc != self.host:
            self.outside.append(request.url)

    def _finished(self, request) -> None:
        size = request.sizes()["responseBodySize"]
        if "/base-" in request.url:
            self.base_bytes += size
        elif size > 0:
            self.bytes_received += size

    def _heard(self, message) -> None:
        if message.type == "error" and not message.location.get("url", "").endswith(PROBES):
            self.errors.append(message.text)

    def drawn(self) -> None:
        body = self.page.frame_locator("iframe").first.locator("body[data-drawn]")
        body.wait_for(state="attached")

    def frame(self):
        return next(frame for frame in self.page.frames if "map_files.map" in frame.url)


def main() -> None:
    folder = sys.argv[1] if len(sys.argv) > 2 else None
    district = sys.argv[2] if folder else "demo"
    large = folder is not None
    chromium = shutil.which("chromium") or "/usr/bin/chromium"
    with tempfile.TemporaryDirectory() as work, sync_playwright() as playwright:
        process, url = served(folder, work)
        browser = playwright.chromium.launch(executable_path=chromium, args=OPTIONS)
        try:
            warmed = opened(browser, url)
            warmed.page.goto(f"{url}/?lang=en&district={district}")
            warmed.drawn()
            warmed.page.context.close()
            measure(browser, url, district, large)
        finally:
            browser.close()
            process.terminate()
            process.wait(20)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def served(folder: str | None, work: str, **more: str) -> tuple[subprocess.Popen, str]:
    """Start the dashboard; `more` are variables of its environment."""
    port = free_port()
    call = f"serve(data={folder!r}, port={port}, language='en')"
    process = subprocess.Popen(
        [sys.executable, "-c", f"from planner.app.server.serve import serve; {call}"],
        stdout=subprocess.PIPE,
        text=True,
        cwd=work,
        env={**os.environ, "PLANNER_SCENARIOS": str(Path(work) / "kept"), **more},
    )
    process.stdout.readline()
    return process, f"http://127.0.0.1:{port}"


def opened(browser: Browser, url: str) -> Watch:
    page = browser.new_context(viewport={"width": 1366, "height": 768}).new_page()
    watch = Watch(page, urlsplit(url).netloc)
    watch.start()
    return watch


def measure(browser: Browser, url: str, district: str, large: bool) -> None:
    watch = opened(browser, url)
    began = time.perf_counter()
    watch.page.goto(f"{url}/?lang=en&district={district}")
    watch.drawn()
    told("first useful map, s", time.perf_counter() - began, 4.0)
    watch.page.wait_for_timeout(1500)
    for path in PAGES:
        watch.bytes_received = watch.base_bytes = 0
        link = watch.page.locator(f'[data-testid="stSidebarNavLink"][href$="/{path}"]').first
        began = time.perf_counter()
        link.click()
        if path == "kinds":
            watch.page.get_by_test_id("stDataFrame").wait_for()
        else:
            watch.page.wait_for_timeout(50)
            watch.drawn()
        seconds = time.perf_counter() - began
        watch.page.wait_for_timeout(1500)
        name = path or "overview"
        told(f"page {name}, s", seconds, 1.5)
        told(
            f"page {name}, kB sent (base map {watch.base_bytes / 1000:.0f})",
            watch.bytes_received / 1000,
            300,
        )
    click(watch, url, district, 1.5 if large else 0.7)
    told("requests to other hosts", len(watch.outside), 0)
    told("console errors", len(watch.errors), 0)
    for error in watch.errors[:5]:
        print("   ", error)


def click(watch: Watch, url: str, district: str, bar_s: float) -> None:
    page = watch.page
    page.goto(f"{url}/what-if?lang=en&kind=clinic&district={district}")
    watch.drawn()
    page.wait_for_timeout(2000)
    frame, times = watch.frame(), []
    box = page.locator("iframe").first.bounding_box()
    for number in range(5):
        before = frame.evaluate(STAMP)
        began = time.perf_counter()
        x, y = frame.evaluate(FREE)[number]
        page.mouse.click(box["x"] + x, box["y"] + y)
        frame.wait_for_function(f"before => ({STAMP})() !== before", arg=before, polling=20)
        page.get_by_role("tab", name=f"Steps ({number + 1})").wait_for()
        times.append(time.perf_counter() - began)
        page.wait_for_timeout(600)
    told("what-if click to new figures and map, s, median of 5", sorted(times)[2], bar_s)


def told(what: str, value: float, bar: float) -> None:
    verdict = "ok" if value <= bar else "OVER"
    print(f"{what:<58} {value:8.2f}  bar {bar:g}  {verdict}", flush=True)


if __name__ == "__main__":
    main()
