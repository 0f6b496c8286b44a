"""Measure the way to the first map: python benchmarks/dashboard/first_map.py [FOLDER ID]

A server is started as it is right after an installation, with no compiled program and no kept
answer, and opened at once. Then one that finds both is, and again as a later reader finds it and as
the same reader comes back; an empty page of Streamlit's is opened in the same way right before each
of them. Of several tries the shortest counts, since a busy machine only ever adds. Prints each
figure beside its bar, how much longer it takes than the empty page, what it would take on the
machine that the bars were set on, by the empty page of a server just started, and the processor
seconds that server and browser spent on it and on the empty page, which other work on the machine
changes less. Without a folder of workspaces the demo district is measured.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple
from urllib.request import ProxyHandler, build_opener

import psutil
from measure import MS, OPTIONS, free_port, served
from playwright.sync_api import Browser, Page, sync_playwright

EMPTY = 'import streamlit as st\n\nst.title("Nothing")\n'
STARTS, VISITS = 3, 4
EMPTY_S = 1.4
"""What an empty page of a server just started took on the machine that the bars were set on."""
FIRST_START = "first start of all"
BARS = {
    FIRST_START: 4.0,
    "server just started": 4.0,
    "later visit": 2.0,
    "same reader again": 2.0,
}


class Visit(NamedTuple):
    """What a visit took until there was something to see."""

    seconds: float
    server_s: float
    browser_s: float


def main() -> None:
    folder = sys.argv[1] if len(sys.argv) > 2 else None
    district = sys.argv[2] if folder else "demo"
    chromium = shutil.which("chromium") or "/usr/bin/chromium"
    path = f"/?lang=en&district={district}"
    ours: dict[str, list[Visit]] = {name: [] for name in BARS}
    empty: dict[str, list[Visit]] = {name: [] for name in BARS}
    with tempfile.TemporaryDirectory() as work, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=OPTIONS)
        try:
            for number in range(STARTS):
                first_start(browser, folder, Path(work) / f"installed {number}", path, ours)
                measured(browser, *empty_page(work), "", empty)
                measured(browser, *served(folder, work), path, ours)
            # an empty page has nothing to compile
            empty[FIRST_START] = empty["server just started"]
        finally:
            browser.close()
    times = min(empty["server just started"]).seconds / EMPTY_S
    for name, bar in BARS.items():
        best, other = (min(each[name]) for each in (ours, empty))
        verdict = "ok" if best.seconds <= bar else "OVER"
        spent = [
            [min(visit[part] for visit in each[name]) for part in (1, 2)] for each in (ours, empty)
        ]
        (server_s, browser_s), (least_server_s, least_browser_s) = spent
        print(
            f"{name:<20} map {best.seconds:6.2f} s  bar {bar:g}  {verdict:<5}"
            f"empty page {other.seconds:5.2f} s  longer by {best.seconds - other.seconds:5.2f} s  "
            f"where an empty page takes {EMPTY_S:g} s {best.seconds / times:5.2f} s  "
            f"processor: server {server_s:5.2f} s, browser {browser_s:5.2f} s "
            f"(empty page {least_server_s:.2f}, {least_browser_s:.2f})",
            flush=True,
        )


def first_start(
    browser: Browser, folder: str | None, work: Path, path: str, into: dict[str, list[Visit]]
) -> None:
    """Note what the first visit of a server takes that was just installed."""
    work.mkdir()
    process, url = served(folder, str(work), NUMBA_CACHE_DIR=str(work / "programs"))
    try:
        page = opened(browser)
        into[FIRST_START].append(seen(page, process, url, path))
        page.context.close()
    finally:
        process.terminate()
        process.wait(60)


def opened(browser: Browser) -> Page:
    """Open a window of a reader who was never here, and listen to nothing in it."""
    page = browser.new_context(viewport={"width": 1366, "height": 768}).new_page()
    page.set_default_timeout(MS)
    return page


def measured(
    browser: Browser,
    process: subprocess.Popen,
    url: str,
    path: str,
    into: dict[str, list[Visit]],
) -> None:
    """Note what the first visit of a server, later ones and those of the same reader take."""
    _, first, later, again = into.values()
    try:
        page = opened(browser)
        first.append(seen(page, process, url, path))
        page.wait_for_timeout(4000)
        page.context.close()
        for _ in range(VISITS):
            page = opened(browser)
            later.append(seen(page, process, url, path))
            again.append(seen(page, process, url, path))
            page.context.close()
    finally:
        process.terminate()
        process.wait(20)


def seen(page: Page, process: subprocess.Popen, url: str, path: str) -> Visit:
    """Open the page, ours by its path and else the empty one, and return what it takes."""
    server = psutil.Process(process.pid)
    spent, browsing, began = spent_s(server), browser_spent_s(), time.perf_counter()
    page.goto(f"{url}{path}")
    if path:
        frame = page.frame_locator("iframe").first
        frame.locator("body[data-drawn]").wait_for(state="attached")
    else:
        page.get_by_text("Nothing").wait_for()
    seconds = time.perf_counter() - began
    return Visit(seconds, spent_s(server) - spent, browser_spent_s() - browsing)


def spent_s(process: psutil.Process) -> float:
    """Return the processor seconds of a process."""
    times = process.cpu_times()
    return times.user + times.system


def browser_spent_s() -> float:
    """Return the processor seconds of the browser that this program started."""
    children = psutil.Process().children(recursive=True)
    return sum(spent_s(each) for each in children if "chrom" in each.name())


def empty_page(work: str) -> tuple[subprocess.Popen, str]:
    """Serve an empty page with the settings of our own server."""
    from planner.app.server.serve import environment

    script, port = Path(work) / "empty.py", free_port()
    script.write_text(EMPTY, encoding="utf-8")
    options = [f"--server.port={port}", "--server.address=127.0.0.1", "--server.headless=true"]
    process = subprocess.Popen(
        [sys.executable, "-m", "streamlit", "run", str(script), *options],
        stdout=subprocess.DEVNULL,
        cwd=work,
        env={**os.environ, **environment()},
    )
    url = f"http://127.0.0.1:{port}"
    while not answers(url):
        time.sleep(0.1)
    return process, url


def answers(url: str) -> bool:
    """Whether a server answers under an address of this machine."""
    try:
        with build_opener(ProxyHandler({})).open(f"{url}/_stcore/health", timeout=2):
            return True
    except OSError:
        return False


if __name__ == "__main__":
    main()
