"""A folder of badly written files becomes the demo again, in the browser, without a command.

A long run does it. An ordinary one reads the same files by the process that reads uploads
(`tests/app/test_ugly_folder.py`), goes through the same steps without a browser
(`tests/app/test_files_page.py`), and takes a list through them in one (`test_data_journey.py`).
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from dashboard_server import Server, start
from ugly_folder import AMBIGUOUS_WORD, UNFIT_FACILITIES, UNFIT_HOMES, write_ugly_folder

from planner import read_district
from planner.sources import demo_district

pytestmark = [pytest.mark.browser, pytest.mark.journey]
READ_MS = 180_000
"""Files are read in a process of their own, which takes a minute on a machine with other work."""


@pytest.fixture
def folder(tmp_path) -> Path:
    (tmp_path / "own").mkdir()
    return tmp_path / "own"


@pytest.fixture
def server(chromium, folder, tmp_path) -> Iterator[Server]:
    """A server of its own, whose folder the journey fills."""
    (tmp_path / "server").mkdir()
    running = start(tmp_path / "server", folder)
    yield running
    running.end()


def police_list(file: Path) -> Path:
    """Write a list without a column of kinds, beside the facilities of the demo."""
    places = demo_district().facilities.geometry.to_crs(4326).iloc[:6]
    rows = [f"便民点{n},试运行,{place.x + 0.002},{place.y}" for n, place in enumerate(places)]
    file.write_text("\n".join(["名称,状态,经度(WGS84),纬度(WGS84)", *rows]), encoding="utf-8")
    return file


# without a browser: tests/app/test_ugly_folder.py, tests/app/test_files_page.py
@pytest.mark.long
def test_a_folder_of_ugly_files_gives_the_demos_own_figures(visit, folder, tmp_path):
    page = visit.page
    visit.open("coverage?lang=zh&kind=clinic&district=demo")
    visit.map_frame()
    visit.settle()
    rate, within = (visit.figure(name).inner_text() for name in ("覆盖率", "限值以内"))

    visit.open("data?lang=zh&part=add&district=demo")
    box = page.locator("input[type=file]").first
    box.wait_for(state="attached")
    written = list(write_ugly_folder(tmp_path / "ugly").values())
    box.set_input_files([*written, police_list(tmp_path / "警务.csv")])
    look = page.get_by_role("button", name="查看这些文件")
    page.wait_for_function(
        "() => [...document.querySelectorAll('button')]"
        ".some(b => b.innerText.includes('查看这些文件') && !b.disabled)"
    )
    look.click(timeout=120_000)  # each file that arrives draws the page anew
    read = page.get_by_role("button", name="读取文件")
    read.wait_for(timeout=READ_MS)
    visit.settle()
    visit.picture("files-listed-zh")
    assert list(folder.glob("*.gpkg")) == []
    read.click()
    onward = page.get_by_role("button", name="下一步", exact=True)
    onward.wait_for(timeout=READ_MS)
    visit.settle()
    visit.picture("files-columns-zh")

    onward.click()  # words: what may mean two kinds is asked
    page.get_by_role("combobox", name=AMBIGUOUS_WORD).wait_for()
    visit.settle()
    page.get_by_role("combobox", name=AMBIGUOUS_WORD).click()
    page.get_by_role("option", name="老年人日间照料中心").click()
    visit.settle()  # a box that is opened while the page is drawn anew shuts again
    # a second list, of another department: one kind for all, and a status that nobody knows
    page.get_by_role("combobox", name="警务").first.click()
    page.get_by_role("option", name="警务室", exact=True).click()
    visit.settle()
    page.get_by_role("combobox", name="试运行").click()
    page.get_by_role("option", name="现状", exact=True).click()
    again = page.get_by_role("button", name="重新读取")
    again.click()
    again.wait_for(state="hidden", timeout=READ_MS)
    onward.wait_for(timeout=READ_MS)
    visit.settle()
    visit.picture("files-words-zh")
    onward.click()  # places: found of the list, said by the residents' headers
    page.get_by_text("识别为").first.wait_for()
    visit.settle()
    visit.picture("files-places-zh")

    onward.click()
    count = UNFIT_FACILITIES + UNFIT_HOMES
    page.get_by_text(f"有 {count} 行无法使用").wait_for()
    final = page.get_by_test_id("stMainBlockContainer").get_by_role(
        "button", name="导入", exact=True
    )
    assert final.is_disabled(), "rows are left out only where that was agreed to"
    page.get_by_text("同意搁置这些行", exact=True).click()
    visit.settle()
    visit.picture("files-finish-zh")
    final.click()
    to_map = page.get_by_role("button", name="在地图上打开")
    to_map.wait_for(timeout=90_000)
    visit.settle()
    visit.picture("files-made-zh")
    assert [path.name for path in folder.iterdir() if path.name.startswith(".upload")] == []

    to_map.click()
    page.wait_for_url("**/coverage**")
    visit.map_frame()
    visit.settle()
    visit.picture("files-map-zh")
    assert [visit.figure(name).inner_text() for name in ("覆盖率", "限值以内")] == [rate, within]
    assert rate.startswith("66.5")
    (made,) = folder.glob("*.gpkg")
    added = read_district(made).facilities.query("name.str.startswith('便民点')")
    assert added["kind"].tolist() == ["police_room"] * 6
    assert set(added["status"]) == {"existing"}
