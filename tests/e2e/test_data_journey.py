"""The Data page in the browser: import, cancel, hostile files, a correction and its undoing."""

import gzip
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import shapely
from dashboard_server import Server, start
from towns import EAST, NORTH, town

from planner.sources import read_district, write_district
from planner.sources.corrections import corrections_file, read_corrections

pytestmark = [pytest.mark.browser, pytest.mark.journey]

WHOLE = "input[type=file]:not([multiple])"
"""The box for one file that holds a district; the other takes several."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("own")
    here = town()
    clinics = here.facilities.assign(kind="clinic")
    clinics["geometry"] = [shapely.Point(EAST + x, NORTH) for x in (0, 900)]
    write_district(here.with_layers(facilities=clinics), made / "own.gpkg")
    return made


@pytest.fixture(scope="module")
def server(chromium, folder, tmp_path_factory) -> Iterator[Server]:
    """A server of its own, whose folder these tests fill."""
    running = start(tmp_path_factory.mktemp("server"), folder)
    yield running
    running.end()


def upload(visit, file: Path, lang: str = "en") -> None:
    visit.open(f"data?lang={lang}&part=add&district=own.gpkg")
    box = visit.page.locator(WHOLE)
    box.wait_for(state="attached")
    box.set_input_files(file)


def left_behind(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.name.startswith("."))


def files(folder):
    """Return the files of the folder of data; drafts that others keep lie in one of their own."""
    return sorted(path.name for path in folder.iterdir() if path.is_file())


def test_an_extract_becomes_an_assessed_map(visit, folder, test_data):
    upload(visit, test_data / "Helsinki.osm.pbf")
    start_button = visit.page.get_by_role("button", name="Import", exact=True)
    start_button.wait_for(timeout=60_000)
    visit.picture("data-import-options")
    visit.page.get_by_label("Name", exact=True).fill("../Kallio & <b>co</b>")
    start_button.click()
    visit.page.get_by_role("button", name="Cancel").wait_for()
    visit.picture("data-import-progress")
    # the work goes on while another page is looked at
    visit.page.get_by_test_id("stSidebarNavLink").filter(has_text="Help").click()
    visit.page.wait_for_url("**/help**")
    visit.page.get_by_test_id("stSidebarNavLink").filter(has_text="Data").click()
    visit.page.get_by_test_id("stAlert").filter(has_text="is open").wait_for(timeout=90_000)
    visit.settle()
    visit.picture("data-import-done")
    assert "district=Kallio-b-co-b.gpkg" in visit.page.url
    made = [path for path in folder.glob("*.gpkg") if path.name != "own.gpkg"]
    assert len(made) == 1
    assert read_district(made[0]).name == "../Kallio & <b>co</b>"
    assert left_behind(folder) == []
    visit.page.get_by_test_id("stSidebarNavLink").filter(has_text="Coverage").click()
    visit.map_frame()
    visit.settle()
    assert visit.figure("Coverage rate").inner_text().endswith("%")
    visit.picture("data-import-assessed")


@pytest.mark.long  # without a browser: tests/app/test_uploads.py
def test_a_cancelled_import_leaves_nothing(visit, folder, test_data):
    before = files(folder)
    upload(visit, test_data / "liechtenstein-latest.osm.pbf", "zh")
    button = visit.page.get_by_role("button", name="导入", exact=True)
    button.wait_for(timeout=60_000)
    visit.page.get_by_role("combobox", name="本区范围").click()
    assert visit.page.get_by_role("option").count() > 5
    visit.picture("data-boundaries-zh")
    visit.page.get_by_role("option").nth(2).click()
    button.click()
    visit.page.get_by_role("button", name="取消").click()
    visit.page.get_by_text("已取消").wait_for()
    visit.settle()
    visit.picture("data-cancelled-zh")
    assert files(folder) == before
    visit.page.get_by_role("button", name="另选文件").click()
    visit.page.locator(WHOLE).wait_for(state="attached")


@pytest.mark.long  # without a browser: tests/app/test_uploads.py, tests/security/
def test_hostile_files_are_told_in_plain_words(visit, folder, tmp_path):
    before = files(folder)
    bomb = tmp_path / "bomb.osm.gz"
    with gzip.open(bomb, "wb", compresslevel=1) as packed:
        packed.write(b"<osm version='0.6'>")
        packed.write(b" " * 70_000_000)
    fake = tmp_path / "fake<img src=x onerror=top.__ran=1>.gpkg"
    fake.write_text("no GeoPackage", encoding="utf-8")
    for file, words in ((bomb, "unpacks to more than"), (fake, "is not a GeoPackage")):
        upload(visit, file)
        visit.page.get_by_test_id("stAlert").filter(has_text=words).wait_for(timeout=60_000)
        visit.picture(f"data-{file.name[:4]}")
    assert visit.page.evaluate("() => window.__ran") is None
    assert files(folder) == before


@pytest.mark.long  # without a browser: tests/app/test_data_page.py
def test_a_correction_changes_the_coverage_until_it_is_undone(visit, folder):
    workspace = folder / "own.gpkg"
    original = workspace.read_bytes()
    clinics = read_district(workspace).open_facilities("clinic")["facility_id"]
    visit.open("coverage?lang=en&kind=clinic&district=own.gpkg")
    visit.map_frame()
    visit.settle()
    before = visit.figure("Within limit").inner_text()

    visit.open(f"data?lang=en&district=own.gpkg&part=correct&fixing={clinics.iloc[0]}")
    visit.map_frame()
    hours = visit.page.get_by_role("textbox", name="Opening hours")
    hours.fill("whenever")
    save = visit.page.get_by_role("button", name="Save")
    save.click()
    visit.page.get_by_text("cannot be read").wait_for()
    visit.page.get_by_role("combobox", name="Status").click()
    visit.page.get_by_role("option", name="closed").click()
    hours.fill("Mo-Fr 08:00-18:00")
    save.click()
    visit.page.get_by_role("tab", name="Corrections (1)").click()
    visit.page.get_by_test_id("stTabs").get_by_text("existing → closed").wait_for()
    visit.settle()
    visit.picture("data-corrected")
    assert [step.do for step in read_corrections(workspace).steps] == ["edit"]

    visit.page.get_by_test_id("stSidebarNavLink").filter(has_text="Coverage").click()
    visit.map_frame()
    visit.settle()
    after = visit.figure("Within limit").inner_text()
    assert int(after.replace(",", "")) < int(before.replace(",", ""))

    visit.page.get_by_test_id("stSidebarNavLink").filter(has_text="Data").click()
    visit.page.get_by_role("button", name="Undo").first.click()
    visit.page.get_by_role("tab", name="Corrections (0)").wait_for()
    visit.page.get_by_test_id("stSidebarNavLink").filter(has_text="Coverage").click()
    visit.map_frame()
    visit.settle()
    assert visit.figure("Within limit").inner_text() == before
    assert workspace.read_bytes() == original
    assert json.loads(corrections_file(workspace).read_text(encoding="utf-8"))["undone"]


@pytest.mark.journey(one_in=2)  # without a browser: tests/app/test_update_page.py
def test_a_newer_list_is_compared_taken_and_taken_back(visit, folder, tmp_path):
    workspace = folder / "own.gpkg"
    original = workspace.read_bytes()
    spots = read_district(workspace).facilities.geometry.to_crs(4326)
    rows = [f"Clinic,卫生服务站,{spots.iloc[0].x:.7f},{spots.iloc[0].y:.7f}"]
    rows += [f"东门,卫生服务站,{spots.iloc[1].x:.7f},{spots.iloc[1].y + 0.003:.7f}"]
    file = tmp_path / "名录2026.csv"
    text = "\n".join(["名称,类别,经度(WGS84),纬度(WGS84)", *rows])
    file.write_text(text, encoding="gb18030")

    visit.open("data?lang=zh&part=update&district=own.gpkg")
    page = visit.page
    main = page.get_by_test_id("stMainBlockContainer")
    box = page.locator("input[type=file]")
    box.wait_for(state="attached", timeout=90_000)
    box.set_input_files(file)
    look = page.get_by_role("button", name="查看这些文件")
    page.wait_for_function(
        "() => [...document.querySelectorAll('button')]"
        ".some(b => b.innerText.includes('查看这些文件') && !b.disabled)"
    )
    look.click()
    page.get_by_role("button", name="读取文件").click(timeout=60_000)
    onward = page.get_by_role("button", name="下一步", exact=True)
    onward.wait_for(timeout=60_000)
    page.get_by_role("button", name="5 差异").click()
    page.get_by_text("替换图层", exact=True).click()
    main.get_by_role("button", name="对比", exact=True).click()
    page.get_by_text("新增 1，移除 1").wait_for(timeout=60_000)
    visit.settle()
    visit.picture("data-update-zh")
    assert workspace.read_bytes() == original
    main.get_by_role("button", name="更新到片区").click()
    back = page.get_by_role("button", name="撤销更新")
    back.wait_for(timeout=60_000)
    assert "东门" in read_district(workspace).facilities["name"].tolist()
    visit.settle()
    back.click()
    page.get_by_text("之前的状态").wait_for()
    assert workspace.read_bytes() == original
