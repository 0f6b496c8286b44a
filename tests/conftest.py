"""Fixtures shared by all tests."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
LAUNCH = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-quic",
    "--no-first-run",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def test_data() -> Path:
    """Folder of real sample data, named by PLANNER_TEST_DATA."""
    folder = os.environ.get("PLANNER_TEST_DATA")
    if not folder:
        if os.environ.get("PLANNER_REQUIRE_ALL"):
            pytest.fail("PLANNER_TEST_DATA is not set, and this run requires the real data")
        pytest.skip("PLANNER_TEST_DATA is not set: no real sample data here")
    return Path(folder)


@pytest.fixture(scope="session")
def chromium() -> str:
    """Path of a Chromium or Chrome on this machine."""
    found = next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)
    if not found:
        if os.environ.get("PLANNER_REQUIRE_ALL"):
            pytest.fail("no Chromium is installed, and this run requires it")
        pytest.skip("no Chromium is installed")
    return found


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[object]:
    """One headless browser for all tests; Playwright allows no second one in a process."""
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as running:
        started = running.chromium.launch(executable_path=chromium, args=LAUNCH)
        yield started
        started.close()
