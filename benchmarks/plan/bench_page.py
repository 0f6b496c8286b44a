"""The page of a whole city's plan in a headless Chromium, from the click to the table.

Five thousand proposals with fifty thousand entries in the trail, as ``bench_plan.py`` beside this
file writes them, are served on the loopback address. Each figure is told as a reader waits for it,
and as the processor time that the server spent on it, which a busy machine changes less.

Run: ``python benchmarks/plan/bench_page.py [folder that was filled before]``.
"""

import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "dashboard"))

from bench_plan import WORKSPACE, filled
from measure import OPTIONS, Watch, opened, served
from playwright.sync_api import sync_playwright

import planner
from planner.plan import open_plan
from planner.sources import write_district
from planner.sources.workspace.demo import demo_district

BAR_S = 2.0
PARTS = {"years": "Year by year", "talk": "To talk about", "targets": "Targets", "trail": "Trail"}
SHOWS = {
    "years": "iframe",
    "talk": '[class*="st-key-plan_point_"]',
    "targets": '[class*="st-key-plan_new_target"]',
    "trail": '[class*="st-key-plan_verify"]',
}
"""What is there once a part is drawn."""


def fill(folder: Path) -> None:
    """Write the demo and a plan of a whole city into a folder, unless it has one."""
    if (folder / "plan.sqlite").exists():
        return
    district = demo_district()
    write_district(district, folder / WORKSPACE)
    with open_plan(folder / "plan.sqlite") as plan:
        filled(plan, planner.assess(district), 5_000, 50_000, 300)


def spent_s(pid: int) -> float:
    """Return the processor time that a process has taken, seconds."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def timed(name: str, pid: int, work: Callable[[], object], bar_s: float | None = BAR_S) -> None:
    """Do something and print how long it took in the browser, and what the server spent."""
    before, began = spent_s(pid), time.perf_counter()
    work()
    waited = time.perf_counter() - began
    bar = "" if bar_s is None else f"  bar {bar_s:.0f} s {'ok' if waited <= bar_s else 'OVER'}"
    print(f"{name:48s} {waited:6.2f} s (server {spent_s(pid) - before:5.2f}){bar}", flush=True)


@contextmanager
def window(folder: Path) -> Iterator[tuple[Watch, str, int]]:
    """Give a browser's window on a server of its own."""
    chromium = shutil.which("chromium") or "/usr/bin/chromium"
    with tempfile.TemporaryDirectory() as work, sync_playwright() as playwright:
        process, url = served(str(folder), work)
        browser = playwright.chromium.launch(executable_path=chromium, args=OPTIONS)
        try:
            yield opened(browser, url), url, process.pid
        finally:
            browser.close()
            process.terminate()
            process.wait(20)


def measure(folder: Path) -> None:
    """Print the figures."""
    with window(folder) as (watch, url, pid):
        page = watch.page

        def quiet() -> None:
            # a run begins a moment after the click
            page.wait_for_timeout(200)
            page.get_by_test_id("stStatusWidget").wait_for(state="hidden")

        def idle() -> None:
            quiet()
            page.wait_for_timeout(1500)

        def to(path: str) -> None:
            page.locator(f'[data-testid="stSidebarNavLink"][href$="/{path}"]').first.click()

        def table() -> None:
            page.get_by_test_id("stDataFrame").first.wait_for()

        def listed() -> None:
            # the page before has a table too
            page.get_by_text("A ticked row opens the proposal.").wait_for()
            table()

        page.goto(f"{url}/kinds?lang=en&district={WORKSPACE}")
        table()
        idle()
        timed("the page, first", pid, lambda: (to("plan"), listed()))
        idle()
        to("kinds")
        idle()
        timed("the page, again", pid, lambda: (to("plan"), listed()))
        idle()
        page.get_by_role("combobox", name="Kinds").last.click()
        option = page.get_by_role("option").nth(1)
        timed("narrowed down to a kind", pid, lambda: (option.click(), quiet()), None)
        for part, words in PARTS.items():
            button = page.get_by_role("radio", name=words, exact=False)
            if not button.count():
                button = page.get_by_text(words, exact=False)
            shows = page.locator(SHOWS[part]).first
            timed(
                f"the part {part}",
                pid,
                lambda at=button, s=shows: (at.first.click(), s.wait_for()),
                None,
            )
            idle()
        for error in watch.errors[:5]:
            print("   ", error)


def main() -> None:
    """Fill a folder and measure it."""
    if len(sys.argv) > 1:
        folder = Path(sys.argv[1])
        folder.mkdir(parents=True, exist_ok=True)
        fill(folder)
        measure(folder)
        return
    with tempfile.TemporaryDirectory() as folder:
        fill(Path(folder))
        measure(Path(folder))


if __name__ == "__main__":
    main()
