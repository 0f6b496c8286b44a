"""Whole journeys through the dashboard in a browser without the internet."""

import csv
import io
import sqlite3
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from effort import tries
from pyproj import Geod
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from planner import assess
from planner.app.widgets import drawn_area
from planner.sources import demo_district

pytestmark = [pytest.mark.browser, pytest.mark.journey]

WORDS = {
    "en": {
        "share": "Coverage rate",
        "kind": "Kind of facility",
        "group": "Counted",
        "standard": "Standard",
        "police": "Police room",
        "elderly": "65 and over",
        "15-minute": "15-minute city",
        "made_up": "this place is made up",
        "download": "Download",
        "files": ("Table (CSV)", "Map layers (GeoPackage)", "Map (HTML)"),
        "name": "Name",
    },
    "zh": {
        "share": "覆盖率",
        "kind": "设施类别",
        "group": "统计人群",
        "standard": "标准",
        "police": "警务室",
        "elderly": "65 岁及以上",
        "15-minute": "15 分钟生活圈",
        "made_up": "此地为虚构",
        "download": "下载",
        "files": ("表格（CSV）", "地图图层（GeoPackage）", "地图（HTML）"),
        "name": "名称",
    },
}

DRAWN = """() => {
    const painted = canvas => {
        const all = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
        let count = 0;
        for (let i = 3; i < all.length; i += 4) count += all[i] > 0;
        return count;
    };
    const box = document.querySelector(".leaflet-container").getBoundingClientRect();
    return {
        width: box.width, height: box.height,
        painted: [...document.querySelectorAll("canvas")].map(painted).reduce((a, b) => a + b, 0),
        markers: document.querySelectorAll(".pl-marker").length,
        labels: document.querySelectorAll(".pl-label").length,
    };
}"""


LAYERS = "() => document.body.dataset.drawn"


@pytest.mark.parametrize("lang", ["zh", "en"][: tries(1, 2)])
def test_the_first_look_at_a_district(visit, lang, tmp_path):
    """The map without the internet, panned; its files taken away; the other pages."""
    sent = []
    visit.page.on(
        "websocket", lambda socket: socket.on("framesent", lambda frame: sent.append(frame))
    )
    visit.open(f"coverage?lang={lang}&kind=clinic")
    frame = visit.map_frame()
    visit.settle()
    _all_is_drawn(visit, frame, WORDS[lang])
    visit.picture(f"coverage-{lang}")
    count = len(sent)
    assert count
    frame.evaluate("() => { plannerMaps()[0].panBy([120, 60], {animate: false}).zoomOut(); }")
    visit.page.wait_for_timeout(1200)
    assert len(sent) == count, "panning asked the server"
    _all_can_be_taken_away(visit, WORDS[lang], tmp_path)
    kinds, data = ("All kinds", "Data") if lang == "en" else ("各类设施", "数据")
    for name, path in ((kinds, "/kinds"), (data, "/data")):
        visit.page.get_by_test_id("stSidebarNavLink").filter(has_text=name).click()
        visit.page.wait_for_url(lambda address, path=path: address.split("?")[0].endswith(path))
        visit.page.get_by_test_id("stDataFrame").first.wait_for()
        visit.settle()
        visit.page.wait_for_url(lambda address: f"lang={lang}" in address)
        for trouble in ("stAlertContentError", "stAlertContentWarning", "stException"):
            assert visit.page.get_by_test_id(trouble).count() == 0
        visit.picture(f"{path.strip('/')}-{lang}")


def _all_is_drawn(visit, frame, words) -> None:
    drawn = frame.evaluate(DRAWN)
    demo = demo_district()
    clinics = (demo.facilities["kind"] == "clinic").sum()
    assert drawn["width"] > 500
    assert drawn["height"] >= 400
    assert drawn["painted"] > 0.3 * drawn["width"] * drawn["height"]
    assert drawn["markers"] == clinics
    assert drawn["labels"] == len(demo.communities)
    assert visit.figure(words["share"]).inner_text().endswith("%")
    assert visit.page.get_by_text(words["made_up"]).first.is_visible()


def _all_can_be_taken_away(visit, words, folder: Path) -> None:
    visit.page.get_by_role("button", name=words["download"]).click()
    files = {}
    for name in words["files"]:
        with visit.page.expect_download(timeout=60_000) as download:
            visit.page.get_by_role("button", name=name).click()
        target = folder / download.value.suggested_filename
        download.value.save_as(target)
        files[target.suffix] = target
    visit.picture("download")
    visit.page.keyboard.press("Escape")
    demo = demo_district()
    rows = list(csv.DictReader(io.StringIO(files[".csv"].read_text(encoding="utf-8-sig"))))
    assert {row[words["name"]] for row in rows} == set(demo.communities["name"])
    tables = _tables(files[".gpkg"])
    assert {"communities", "demand", "facilities"} <= tables
    assert "leaflet" in files[".html"].read_text(encoding="utf-8").casefold()


def test_an_area_is_drawn_and_read_in_two_clicks(visit):
    """The button, then round the area: the figures stand in the map, and are the library's."""
    visit.open("coverage?lang=en&kind=clinic")
    frame = visit.map_frame()
    visit.settle()
    inside, mouse = visit.page.frame_locator("iframe").first, visit.page.mouse
    inside.locator(".area-button").click()
    box = visit.page.locator("iframe").first.bounding_box()
    x, y = box["x"] + 0.35 * box["width"], box["y"] + 0.45 * box["height"]
    mouse.move(x, y)
    mouse.down()
    for dx, dy in ((40, -30), (90, -20), (110, 40), (60, 70), (10, 50), (2, 4)):
        mouse.move(x + dx, y + dy, steps=3)
    mouse.up()
    told = inside.locator(".figures")
    told.wait_for()
    visit.page.wait_for_function("() => location.search.includes('drawn=')")
    (text,) = parse_qs(urlsplit(visit.page.url).query)["drawn"]
    result = assess(demo_district())
    table = result.area_figures(drawn_area._read(text), kinds=["clinic"])
    assert table["total"].iloc[0] > 0
    words = told.inner_text()
    for name in ("total", "covered", "uncovered"):
        assert f"{table[name].iloc[0]:,.0f}" in words
    visit.picture("area")
    metres = frame.evaluate(
        "() => plannerSketch.straight(L.latLng(25.6, 115), L.latLng(25.63, 115.04))"
    )
    assert metres == pytest.approx(Geod(ellps="WGS84").inv(115, 25.6, 115.04, 25.63)[2], rel=1e-5)
    inside.get_by_role("button", name="Clear").click()
    told.wait_for(state="detached")
    visit.page.wait_for_function("() => !location.search.includes('drawn=')")


@pytest.mark.parametrize("lang", ["zh", "en"][: tries(1, 2)])
def test_kind_group_and_standard_change_the_figures_and_not_the_map(visit, lang):
    words = WORDS[lang]
    visit.open(f"coverage?lang={lang}&kind=clinic")
    frame = visit.map_frame()
    visit.settle()
    place = """() => {
        const map = plannerMaps()[0], centre = map.getCenter();
        return [window.kept, map.getZoom(), centre.lat, centre.lng];
    }"""
    frame.evaluate("() => { window.kept = 1; plannerMaps()[0].zoomIn(1, {animate: false}); }")
    before, figures, loads = frame.evaluate(place), [], visit.asked.count(frame.url)
    for box, option, part in (
        ("kind", "police", "kind=police_room"),
        ("group", "elderly", "group=pop_65plus"),
        ("standard", "15-minute", "standard=15-minute"),
    ):
        figures.append(visit.figure(words["share"]).inner_text())
        drawn = frame.evaluate(LAYERS)
        visit.choose(words[box], words[option])
        visit.page.wait_for_function("part => location.search.includes(part)", arg=part)
        frame.wait_for_function(f"drawn => ({LAYERS})() !== drawn", arg=drawn)
        visit.settle()
        assert frame.evaluate(place) == before, f"the {box} moved or rebuilt the map"
    figures.append(visit.figure(words["share"]).inner_text())
    assert len(set(figures)) == len(figures)
    assert visit.asked.count(frame.url) == loads
    visit.picture(f"changed-{lang}")

    assert f"lang={lang}" in visit.page.url
    visit.page.goto(visit.page.url)
    visit.map_frame()
    visit.settle()
    assert visit.figure(words["share"]).inner_text() == figures[-1]


KEEPS_ITS_SOCKETS = """
    const Plain = WebSocket;
    window.sockets = [];
    window.WebSocket = class extends Plain {
        constructor(...all) { super(...all); window.sockets.push(this); }
    };
"""


def test_a_window_whose_line_was_cut_goes_on_with_its_session_and_choices(visit):
    sessions = []

    def heard(frame) -> None:
        told = ForwardMsg.FromString(frame) if isinstance(frame, bytes) else ForwardMsg()
        if told.WhichOneof("type") == "new_session":
            sessions.append(told.new_session.initialize.session_id)
            assert told.new_session.main_script_path == ""

    visit.page.on("websocket", lambda socket: socket.on("framereceived", heard))
    visit.page.add_init_script(KEEPS_ITS_SOCKETS)
    visit.open("coverage?lang=en&kind=police_room")
    visit.map_frame()
    visit.settle()
    before = len(sessions)
    assert before
    visit.page.evaluate("() => sockets.at(-1).close()")
    visit.page.wait_for_function("() => sockets.length === 2 && sockets[1].readyState === 1")
    visit.page.get_by_test_id("stSidebar").get_by_text("中文", exact=True).click()
    visit.page.get_by_text("覆盖分析").first.wait_for()
    visit.settle()
    assert len(sessions) > before
    assert len(set(sessions)) == 1
    (mark,) = (each for each in visit.page.context.cookies() if each["name"] == "planner_browser")
    assert mark["httpOnly"]
    assert mark["sameSite"] == "Lax"
    visit.map_frame()
    visit.settle()
    assert visit.page.get_by_role("combobox", name="设施类别").input_value() == "警务室"
    visit.page.wait_for_url(lambda address: "kind=police_room" in address and "lang=zh" in address)


def _tables(file: Path) -> set[str]:
    connection = sqlite3.connect(file)
    try:
        return {row[0] for row in connection.execute("select table_name from gpkg_contents")}
    finally:
        connection.close()


@pytest.mark.long  # without a browser: tests/app/test_pages.py
@pytest.mark.parametrize(
    ("lang", "way_back"), [("zh", "打开示例区"), ("en", "Open the demo district")]
)
def test_a_broken_file_is_told_with_a_way_back(visit, lang, way_back):
    visit.open(f"coverage?lang={lang}&district=broken.gpkg")
    visit.page.get_by_test_id("stAlert").wait_for()
    visit.settle()
    visit.picture(f"broken-{lang}")
    visit.page.get_by_role("button", name=way_back).click()
    visit.map_frame()
    visit.page.wait_for_url("**district=demo**")


@pytest.mark.parametrize("visit", [(820, 1180), (1180, 820)][: tries(1, 2)], indirect=True)
def test_a_tablet_shows_everything_without_sideways_scrolling(visit):
    visit.open("coverage?lang=zh&kind=clinic")
    frame = visit.map_frame()
    visit.settle()
    size = visit.page.viewport_size
    visit.picture(f"tablet-{size['width']}x{size['height']}")
    assert frame.evaluate(DRAWN)["width"] > 300
    assert visit.page.evaluate(
        "() => document.documentElement.scrollWidth <= document.documentElement.clientWidth"
    )


@pytest.mark.journey(one_in=3)
def test_the_first_map_is_drawn_before_what_tables_need_is_asked_for(visit):
    visit.open("?lang=en&district=demo")
    visit.map_frame()
    visit.page.get_by_test_id("stDataFrame").first.wait_for()
    visit.settle()
    asked = [urlsplit(each).path for each in visit.asked]
    (told,) = (number for number, path in enumerate(asked) if "/drawn/" in path)
    (table,) = (
        number
        for number, path in enumerate(asked)
        if "/DataFrame." in path and path.endswith(".js")
    )
    assert told < table
    # told once: later pages wait for nothing
    visit.page.locator('[data-testid="stSidebarNavLink"][href$="/coverage"]').click()
    visit.page.get_by_test_id("stMetric").first.wait_for()
    visit.map_frame()
    visit.settle()
    assert sum("/drawn/" in each for each in visit.asked) == 1
