import csv
import errno
import json
from pathlib import Path

import geopandas as gpd
import numpy as np
import pyogrio
import pytest

import planner
import planner.views.exports.analysis.assessment as exports
from planner.errors import InputError, WorkError
from planner.sources.write_errors import write_error
from planner.views.exports.analysis.assessment import FILES, write_outputs
from planner.views.exports.files import harmless, write_csv
from planner.views.exports.folders import whole_folder
from planner.views.tables.analysis.assessment import league_table


@pytest.fixture(scope="module")
def written(result, tmp_path_factory):
    folder = tmp_path_factory.mktemp("out") / "result"
    assert {file.name for file in write_outputs(result, folder, "zh")} == set(FILES)
    return folder


def rows(file):
    return list(csv.DictReader(file.read_text(encoding="utf-8-sig").splitlines()))


def test_nothing_but_the_files_is_left(written):
    assert {file.name for file in written.iterdir()} == set(FILES)


def test_csv_opens_in_a_spreadsheet(written):
    assert (written / "communities.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    found = rows(written / "communities.csv")
    assert found[0]["代码"].startswith("360702001")


def test_homes_out_of_reach_and_unknown_are_told_apart(written, result):
    found = rows(written / "demand.csv")
    assert {row["社区服务站：距离（米）"] for row in found[:-1]} == {"不可达"}
    assert found[-1]["社区卫生服务站：距离（米）"] == "未知"
    assert float(found[0]["社区卫生服务站：距离（米）"]) == result.distances["clinic"].iloc[0]


def test_geopackage_holds_the_results(written, result):
    file = written / "result.gpkg"
    names = set(pyogrio.list_layers(file)[:, 0])
    assert {"communities", "subdistricts", "demand", "facilities", "provenance", "about"} <= names
    communities = gpd.read_file(file, layer="communities")
    assert communities.crs == result.district.crs
    np.testing.assert_array_equal(
        communities["share_clinic"].to_numpy(float),
        result.communities()["share_clinic"].to_numpy(float),
    )
    states = gpd.read_file(file, layer="demand")["state_clinic"].value_counts()
    assert states["within"] == result.within("clinic").sum()
    assert states["unknown"] == 1
    facilities = gpd.read_file(file, layer="facilities").set_index("facility_id")
    assert not facilities.loc["f4", "counts"]
    known = result.distances["clinic"].notna().to_numpy()
    people = result.district.demand["population"][known].sum()
    assert facilities.loc[["f1", "f2"], "nearest_for"].sum() == people
    about = pyogrio.read_dataframe(file, layer="about").set_index("key")["value"]
    assert about["standard"] == "gb50180-2018"
    assert "OpenStreetMap" in about["attribution"]


def test_geojson_is_in_degrees_and_credits_its_source(written, result):
    for name, count in (("communities", 6), ("demand", 80)):
        text = (written / f"{name}.geojson").read_text(encoding="utf-8")
        document = json.loads(text, parse_constant=lambda word: pytest.fail(word))
        assert document["attribution"] == "© OpenStreetMap contributors"
        assert document["synthetic"] is True
        assert len(document["features"]) == count
    layer = gpd.read_file(written / "demand.geojson")
    apart = layer.to_crs(result.district.crs).geometry.distance(result.district.demand.geometry)
    assert apart.max() < 0.2


def test_readme_and_metadata_say_what_the_figures_rest_on(written):
    readme = (written / "README.txt").read_text(encoding="utf-8-sig")
    for words in ("模拟数据", "GB 50180-2018", "尚未与正式文本核对", "OpenStreetMap", "图书室"):
        assert words in readme
    about = json.loads((written / "metadata.json").read_text(encoding="utf-8"))
    assert "analysis.kinds_not_judged" in {finding["code"] for finding in about["findings"]}
    assert {limit["kind"]: limit["limit_m"] for limit in about["limits"]}["library"] is None
    defined = {each["column"]: each for each in about["definitions"]}
    assert defined["share"]["formula"] == "P_in / (P_in + P_out)"
    clinic = next(row for row in about["figures"] if row["kind"] == "clinic")
    assert clinic["share_low"] <= clinic["share_high"]
    assert "定义" in readme
    assert "未知与区间" in readme


def test_a_table_beside_the_tables_says_the_same(written):
    facts = rows(written / "provenance.csv")
    by_topic = {}
    for fact in facts:
        by_topic.setdefault(fact["事项"], []).append(fact["说明"])
    assert any("300 米" in text and "尚未与正式文本核对" in text for text in by_topic["限值与条款"])
    assert any("未知者全部超出限值" in text for text in by_topic["未知与区间"])
    assert any("2026年1月2日" in text for text in by_topic["数据来源与日期"])
    assert any("P_in / (P_in + P_out)" in text for text in by_topic["定义"])


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "＝", " ="])
def test_formulas_are_not_live(start):
    assert harmless(f"{start}1+1") == f"'{start}1+1"


def test_hostile_names_cannot_become_formulas(tmp_path, make_assessment, town):
    communities = town.communities.assign(name="=HYPERLINK(1)")
    assessment = make_assessment(town.with_layers(communities=communities))
    write_csv(league_table(assessment), tmp_path / "t.csv")
    assert {row["Name"] for row in rows(tmp_path / "t.csv")} == {"'=HYPERLINK(1)"}


@pytest.mark.parametrize("cell", [-1.5, "-1.5", "+3", "-1,250", "+8.5%"])
def test_negative_numbers_stay_numbers(cell):
    assert harmless(cell) == cell


@pytest.mark.parametrize("cell", ["-1+2", "+cmd|' /C calc'!A0", "-1.5=", "-٣", "=1", "@SUM(1)"])
def test_what_only_begins_as_a_number_does_not(cell):
    assert harmless(cell) == f"'{cell}"


def test_no_other_code_writes_csv():
    package = Path(planner.__file__).parent
    others = [
        file.relative_to(package).as_posix()
        for file in package.rglob("*.py")
        if ".to_csv(" in file.read_text(encoding="utf-8")
    ]
    assert others == ["views/exports/files.py"]


def test_full_disk_leaves_the_old_files(result, written, monkeypatch):
    before = {file.name: file.read_bytes() for file in written.iterdir()}

    def full(*args, **kwargs):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(exports, "write_geojson", full)
    with pytest.raises(WorkError, match="disk is full") as caught:
        write_outputs(result, written, "en")
    assert caught.value.exit_code == 1
    assert {file.name: file.read_bytes() for file in written.iterdir()} == before


def test_full_disk_makes_no_folder(result, tmp_path, monkeypatch):
    def full(*args, **kwargs):
        raise pyogrio.errors.DataSourceError("sqlite3_exec failed: database or disk is full")

    monkeypatch.setattr(exports, "write_geopackage", full)
    with pytest.raises(WorkError, match="disk is full"):
        write_outputs(result, tmp_path / "a" / "b", "en")
    assert list(tmp_path.iterdir()) == []


def test_a_file_in_the_way(result, tmp_path):
    (tmp_path / "out").write_text("", encoding="utf-8")
    with pytest.raises(InputError, match="a folder is needed"):
        write_outputs(result, tmp_path / "out")


def test_a_file_that_cannot_be_replaced_undoes_all(tmp_path, monkeypatch):
    folder = tmp_path / "out"
    folder.mkdir()
    for name in ("a.txt", "b.txt"):
        (folder / name).write_text("old", encoding="utf-8")
    import planner.views.exports.folders as writing

    real, calls = writing.os.replace, []

    def held(source, target):
        calls.append(target)
        if target == folder / "b.txt" and source.parent.name.startswith(".part-"):
            raise PermissionError(errno.EACCES, "held by another program")
        real(source, target)

    monkeypatch.setattr(writing.os, "replace", held)

    def write_all():
        with whole_folder(folder) as part:
            for name in ("a.txt", "b.txt", "c.txt"):
                (part / name).write_text("new", encoding="utf-8")

    with pytest.raises(WorkError, match="may not be written"):
        write_all()
    monkeypatch.undo()
    assert {file.name: file.read_text(encoding="utf-8") for file in folder.iterdir()} == {
        "a.txt": "old",
        "b.txt": "old",
    }


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (PermissionError(errno.EACCES, "Permission denied"), "sources.no_permission"),
        (OSError(errno.EROFS, "Read-only file system"), "sources.no_permission"),
        (OSError(errno.ENOSPC, "No space left on device"), "sources.disk_full"),
        (OSError(errno.EIO, "Input/output error"), "sources.cannot_write"),
    ],
)
def test_system_errors_are_worded(error, code):
    assert write_error("out", error).code == code
