"""Measure the way to the first map: python benchmarks/dashboard/first_map.py [FOLDER ID]

A server is started and opened at once, then again as a later reader finds it and as the same
reader comes back; an empty page of Streamlit's is opened in the same way in the same run. Prints
each figure beside its bar and how many times the empty page it takes. Without a folder of
workspaces the demo district is measured.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from urllib.request import ProxyHandler, build_opener

from measure import OPTIONS, free_port, opened, served
from playwright.sync_api import Browser, sync_playwright

EMPTY = 'import streamlit as st\n\nst.title("Nothing")\n'
VISITS = 5
FIRST_S, LATER_S = 4.0, 2.0


def main() -> None:
    folder = sys.argv[1] if len(sys.argv) > 2 else None
    district = sys.argv[2] if folder else "demo"
    chromium = shutil.which("chromium") or "/usr/bin/chromium"
    with tempfile.TemporaryDirectory() as work, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=OPTIONS)
        try:
            empty = measured(browser, *empty_page(work), "", "")
            began = time.perf_counter()
            process, url = served(folder, work)
            print(f"{'server answers after, s':<40} {time.perf_counter() - began:8.2f}")
            ours = measured(browser, process, url, f"/?lang=en&district={district}", "map")
        finally:
            browser.close()
    bars = (FIRST_S, LATER_S, LATER_S)
    visits = ("server just started", "later visit", "same reader again")
    for visit, own, other, bar in zip(visits, ours, empty, bars, strict=True):
        verdict = "ok" if own <= bar else "OVER"
        print(
            f"{visit:<20} map {own:6.2f} s  bar {bar:g}  {verdict:<5} "
            f"empty page {other:5.2f} s  ratio {own / other:5.2f}",
            flush=True,
        )


def measured(
    browser: Browser, process: subprocess.Popen, url: str, path: str, what: str
) -> tuple[float, float, float]:
    """Return the seconds of a first visit, of later ones and of those of the same reader."""
    try:
        first, window = visit(browser, url, path, what)
        window.page.wait_for_timeout(3000)
        window.page.context.close()
        later, again = [], []
        for _ in range(VISITS):
            seconds, window = visit(browser, url, path, what)
            later.append(seconds)
            again.append(seen(window, url, path, what))
            window.page.context.close()
        return first, median(later), median(again)
    finally:
        process.terminate()
        process.wait(20)


def visit(browser: Browser, url: str, path: str, what: str):
    """Open the page in a window that knows nothing of it; return seconds and window."""
    window = opened(browser, url)
    return seen(window, url, path, what), window


def seen(window, url: str, path: str, what: str) -> float:
    began = time.perf_counter()
    window.page.goto(f"{url}{path}")
    if what:
        window.drawn()
    else:
        window.page.get_by_text("Nothing").wait_for()
    return time.perf_counter() - began


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
