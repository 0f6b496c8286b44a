"""Many readers at once: memory of each further session, and the answer to a change of kind.

python benchmarks/dashboard/sessions.py [--sessions 10] [--rounds 4]

Every session is a window of its own in headless Chromium with the coverage page of the demo open. A
change of kind counts from the click on the option until the map is drawn anew, by the browser's
clock; in a round all sessions change at nearly the same time. Memory is the resident set of the
server's process.
"""

from __future__ import annotations

import argparse
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import psutil
from playwright.sync_api import sync_playwright

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
LAUNCH = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
KINDS = ("Police room", "Community health station (clinic)", "Community service station")
WATCH = """() => {
    window.__drawn = 0;
    new MutationObserver(() => { window.__drawn = Date.now(); })
        .observe(document.body, {attributes: true, attributeFilter: ["data-drawn"]});
}"""


def start(folder: str) -> tuple[subprocess.Popen[str], str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    call = f"from planner.app.server.serve import serve; serve(port={port}, language='en')"
    process = subprocess.Popen(
        [sys.executable, "-c", call], stdout=subprocess.PIPE, text=True, cwd=folder
    )
    assert process.stdout is not None
    return process, process.stdout.readline().strip()


def opened(browser: Any, url: str) -> Any:
    page = browser.new_context(viewport={"width": 1366, "height": 768}).new_page()
    page.set_default_timeout(120_000)
    page.goto(f"{url}/coverage?kind=clinic")
    page.frame_locator("iframe").first.locator("body[data-drawn]").wait_for(state="attached")
    page.wait_for_timeout(800)
    frame(page).evaluate(WATCH)
    return page


def frame(page: Any) -> Any:
    return next(each for each in page.frames if "served.map" in each.url)


def change(page: Any, kind: str) -> None:
    """Choose a kind and let the page remember when."""
    page.get_by_role("combobox", name="Kind of facility").click()
    option = page.get_by_role("option", name=kind, exact=True)
    option.wait_for()
    frame(page).evaluate("() => { window.__drawn = 0; }")
    page.evaluate(
        "() => addEventListener('pointerup', () => { window.__asked = Date.now(); }, {once: true})"
    )
    option.click()


def answered_ms(page: Any) -> float:
    frame(page).wait_for_function("() => window.__drawn > 0")
    return float(frame(page).evaluate("() => window.__drawn")) - page.evaluate("() => __asked")


def rounds(pages: list[Any], count: int) -> list[float]:
    taken: list[float] = []
    for number in range(count):
        for page in pages:
            change(page, KINDS[number % 2])
        taken += [answered_ms(page) for page in pages]
    return taken


def told(words: str, taken: list[float]) -> None:
    taken = sorted(taken)
    late = taken[min(len(taken) - 1, int(0.95 * len(taken)))]
    print(f"{words}: median {statistics.median(taken):.0f} ms, p95 {late:.0f} ms, n {len(taken)}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sessions", type=int, default=10)
    parser.add_argument("--rounds", type=int, default=4)
    given = parser.parse_args()
    chromium = next(filter(None, map(shutil.which, BROWSERS)))
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as running:
        process, url = start(folder)
        server = psutil.Process(process.pid)
        try:
            browser = running.chromium.launch(executable_path=chromium, args=LAUNCH)
            pages = [opened(browser, url)]
            rounds(pages, 2)
            told("change of kind, 1 session", rounds(pages, 2 * given.rounds))
            before = server.memory_info().rss
            while len(pages) < given.sessions:
                pages.append(opened(browser, url))
            time.sleep(2)
            after = server.memory_info().rss
            told(f"change of kind, {len(pages)} sessions at once", rounds(pages, given.rounds))
            worked = server.memory_info().rss
            more = len(pages) - 1
            print(f"server with 1 session: {before / 2**20:.0f} MB")
            print(f"each further session, opened: {(after - before) / more / 2**20:.1f} MB")
            print(f"each further session, at work: {(worked - before) / more / 2**20:.1f} MB")
            for page in pages:
                page.context.close()
            browser.close()
        finally:
            process.terminate()
            process.wait(timeout=30)
    print(f"in {Path(__file__).name}, {psutil.cpu_count()} cores shared with the browser")
    return 0


if __name__ == "__main__":
    sys.exit(main())
