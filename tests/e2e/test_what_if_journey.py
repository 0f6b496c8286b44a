"""Scenarios drawn in the browser: clicks, undo, saving, a reload, a restart, files, comparison."""

import json
import os
import re

import pytest
from dashboard_server import start
from effort import tries
from map_clicks import click_place, click_share

pytestmark = [pytest.mark.browser, pytest.mark.journey]

STAMP = "() => document.body.dataset.drawn"

FAR_OFF = (25.66135, 115.0434)
"""A place of the demo, latitude first, where many have no clinic near, wherever within 80 m."""


def click(visit, frame, place: tuple[float, float]) -> None:
    """Click on a place of the map, and wait until it is drawn anew."""
    before = frame.evaluate(STAMP)
    click_place(frame, place)
    frame.wait_for_function(f"before => ({STAMP})() !== before", arg=before, timeout=60_000)
    visit.settle()


@pytest.mark.parametrize("lang", ["zh", "en"][: tries(1, 2)])
def test_from_a_click_to_a_comparison_and_a_file(visit, lang, tmp_path):
    words = {
        "en": ("Within limit", "Undo", "Redo", "Scenarios", "Name of this scenario", "Save"),
        "zh": ("限值以内", "撤销", "重做", "情景", "情景名称", "保存"),
    }[lang]
    covered, undo, redo, scenarios, name_box, save = words
    visit.open(f"what-if?lang={lang}&kind=clinic")
    frame = visit.map_frame()
    visit.settle()
    frame.evaluate("() => { window.kept = 1; }")
    before = visit.figure(covered).inner_text()
    click(visit, frame, FAR_OFF)
    after = visit.figure(covered).inner_text()
    assert int(after.replace(",", "")) > int(before.replace(",", ""))
    visit.picture(f"what-if-{lang}")
    visit.page.get_by_role("button", name=undo).click()
    visit.shows(covered, before)
    visit.page.get_by_role("button", name=redo).click()
    visit.shows(covered, after)
    visit.settle()
    assert frame.evaluate("() => window.kept") == 1, "the map was built anew"

    visit.page.get_by_role("tab", name=scenarios).click()
    visit.page.get_by_label(name_box).fill("东岸 <img src=x onerror=top.__ran=1>")
    visit.page.get_by_role("button", name=save, exact=True).click()
    visit.settle()
    download = "Download this scenario" if lang == "en" else "下载此情景"
    with visit.page.expect_download() as got:
        visit.page.get_by_role("button", name=download).click()
    file = tmp_path / "own.scenario.json"
    got.value.save_as(file)
    assert json.loads(file.read_text(encoding="utf-8"))["changes"][0]["do"] == "open"

    visit.page.goto(visit.page.url)
    visit.map_frame()
    visit.settle()
    visit.shows(covered, after, "a reload lost the work")
    visit.page.get_by_text("Compare" if lang == "en" else "对比", exact=True).click()
    visit.settle()
    visit.page.frame_locator("iframe").first.locator(".pane h2").nth(1).wait_for()
    frame = visit.map_frame()
    frame.evaluate("() => { plannerMaps()[0].setView([25.64, 115.03], 15, {animate: false}); }")
    zooms = frame.evaluate("() => plannerMaps().map(map => map.getZoom())")
    assert len(zooms) == 2, "today and the scenario; the draft is its own copy"
    assert len(set(zooms)) == 1, "the maps do not move together"
    assert visit.page.evaluate("() => window.__ran") is None
    visit.picture(f"compare-{lang}")

    visit.open(f"what-if?lang={lang}&kind=clinic&work={'c' * 26}")
    visit.map_frame()
    visit.settle()
    visit.page.get_by_role("tab", name=scenarios).click()
    visit.page.locator("input[type=file]").set_input_files(file)
    visit.page.get_by_role("tab").first.get_by_text("1").wait_for(timeout=60_000)
    visit.settle()
    visit.shows(covered, after, "the file did not open")


@pytest.mark.journey(one_in=2)
def test_work_survives_a_clean_stop_of_the_server(windows, workspaces, tmp_path, monkeypatch):
    monkeypatch.setenv("PLANNER_SCENARIOS", str(tmp_path / "kept"))
    figures = []
    address = ""
    for _ in range(2):
        running = start(tmp_path, workspaces)
        context = windows.lend(running.url)
        page = context.new_page()
        page.set_default_timeout(60_000)
        page.goto(f"{running.url}/what-if?{address or 'lang=en&kind=clinic'}")
        page.frame_locator("iframe").first.locator("body[data-drawn]").wait_for(state="attached")
        frame = next(frame for frame in page.frames if "map_files.map" in frame.url)
        value = page.get_by_test_id("stMetric").filter(has_text="Within limit")
        if not address:
            before = frame.evaluate(STAMP)
            click_place(frame, FAR_OFF)
            frame.wait_for_function(f"before => ({STAMP})() !== before", arg=before)
            page.wait_for_timeout(500)
            address = page.url.split("?")[1]
            assert re.search(r"work=[a-z2-7]{26}", address)
        figures.append(value.get_by_test_id("stMetricValue").inner_text())
        windows.take_back(context)
        assert running.stop() == 0, "Ctrl+C did not end the server cleanly"
        assert "Traceback" not in "".join(running.said)
    assert figures[0] == figures[1]


@pytest.mark.journey(one_in=3)
def test_the_base_is_fetched_once_and_kept(windows, server):
    context = windows.lend(server.url)
    page = context.new_page()
    page.set_default_timeout(90_000)
    headers: dict[str, str] = {}
    page.on("response", lambda r: headers.setdefault(r.url, r.headers.get("cache-control", "")))
    page.goto(f"{server.url}/?lang=en")
    map_ = page.frame_locator("iframe").first
    map_.locator("body[data-drawn]").wait_for(state="attached")
    base = [url for url in headers if "/base-" in url]
    assert len(base) == 1
    assert "immutable" in headers[base[0]]
    page.get_by_test_id("stSidebarNavLink").filter(has_text="Coverage").click()
    page.wait_for_url("**/coverage**")
    map_.locator(".pl-marker").first.wait_for()
    frame = next(frame for frame in page.frames if "map_files.map" in frame.url)
    sizes = frame.evaluate(
        """() => performance.getEntriesByType("resource")
            .filter(entry => entry.name.includes("/base-")).map(entry => entry.transferSize)"""
    )
    windows.take_back(context)
    assert sizes == [0]


@pytest.mark.long  # of two windows without a browser: tests/app/test_two_windows.py
def test_sessions_do_not_see_one_another(windows, server):
    count = int(os.environ.get("PLANNER_SESSIONS", 3))
    contexts = [windows.lend(server.url) for _ in range(count)]
    pages = [context.new_page() for context in contexts]
    for page in pages:
        page.set_default_timeout(90_000)
        page.goto(f"{server.url}/what-if?lang=en&kind=clinic")
    addresses = set()
    for number, page in enumerate(pages):
        page.frame_locator("iframe").first.locator("body[data-drawn]").wait_for(state="attached")
        page.wait_for_timeout(1500)
        frame = next(frame for frame in page.frames if "map_files.map" in frame.url)
        click_share(frame, 0.4 + 0.02 * number, 0.3)
        # the map may be drawn in a new frame: the step is what tells that the click was heard
        page.get_by_role("tab", name="Steps (1)").wait_for()
        addresses.add(re.search(r"work=(\w+)", page.url)[1])
    for page in pages:
        page.get_by_role("tab", name="Steps (1)").wait_for()
    assert len(addresses) == len(pages)
    for context in contexts:
        windows.take_back(context)
