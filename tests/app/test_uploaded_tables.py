"""Workbooks and tables uploaded beside an extract: read, and rows set aside shown with reasons."""

import json

import geopandas as gpd
import pytest
import shapely
import xlsxwriter
from osm_maker import degrees, town
from streamlit.testing.v1 import AppTest

from planner import read_district
from planner.app.server.reading import importer
from planner.errors import InputError


@pytest.fixture
def files(tmp_path):
    """An extract and a workbook of residents with a row that has no place."""
    lon, lat = degrees(200, 12)
    rows = [["居民点一览表"], ["编号", "坐标(WGS84)", "人口"]]
    rows += [[f"h{n}", f"{lon},{lat}", "约20人"] for n in range(40)]
    rows += [["h40", "", 20], ["合计", "", 820]]
    book = tmp_path / "homes.xlsx"
    with xlsxwriter.Workbook(book) as out:
        sheet = out.add_worksheet("居民")
        for at, row in enumerate(rows):
            sheet.write_row(at, 0, row)
    return town().write(tmp_path / "town.osm"), book


def imported(extract, book, out):
    request = {"do": "import", "file": str(extract), "out": str(out), "buffer_m": 1500.0}
    return importer._import(request | {"demand": str(book)}, lambda **_: None)


@pytest.mark.long
def test_a_workbook_of_residents_is_read_and_its_odd_row_named(files, tmp_path):
    extract, book = files
    answer = imported(extract, book, tmp_path / "made.gpkg")
    assert read_district(tmp_path / "made.gpkg").demand["population"].sum() == 800
    (row,) = json.loads(json.dumps(answer["set_aside"], default=str))
    assert (row["file"], row["layer"], row["row"], row["column"]) == (
        "homes.xlsx",
        "居民",
        43,
        "坐标(WGS84)",
    )
    assert row["reason"]["code"] == "sources.missing_value"


def test_what_is_no_workbook_is_refused_by_its_content(files, tmp_path):
    extract, book = files
    book.write_bytes(b"<html><table></table></html>")
    with pytest.raises(InputError, match="is a web page"):
        imported(extract, book, tmp_path / "made.gpkg")


def shown(answer: dict) -> None:
    """Draw rows set aside by themselves; runs as a script of its own."""
    import os
    from pathlib import Path

    from planner.app.pages.data import upload
    from planner.app.session.catalogue import catalogue
    from planner.app.session.context import Context
    from planner.views.words.labels import Labels

    entry = catalogue(Path(os.environ["PLANNER_DATA"]))["town.gpkg"]
    upload._set_aside(Context(Labels("zh"), entry, "gb50180-2018"), answer)


@pytest.mark.long
def test_rows_set_aside_are_shown_in_the_readers_language(files, tmp_path, workspaces, monkeypatch):
    monkeypatch.setenv("PLANNER_DATA", str(workspaces))
    extract, book = files
    answer = imported(extract, book, tmp_path / "made.gpkg")
    app = AppTest.from_function(shown, args=(answer,), default_timeout=60).run()
    assert not app.exception
    table = app.dataframe[0].value
    assert table["行"].tolist() == ["43"]
    assert "单元格为空" in table["原因"].iloc[0]


# ---- before an import: how a file would be read; then files only


LIST = """一览表,,,
名称,类别,坐标,
甲,图书馆,"{spot}",
乙,养老院,"{spot}",
"""


@pytest.fixture
def folder(tmp_path):
    """Files of a small district: one map file of two layers, two tables."""
    crs, both = "EPSG:32650", tmp_path / "map.gpkg"
    area = gpd.GeoDataFrame({"id": ["1"]}, geometry=[shapely.box(0, -9, 900, 9)], crs=crs)
    area.to_file(both, layer="areas")
    line = shapely.LineString([(0, 0), (900, 0)])
    gpd.GeoDataFrame({"id": ["s"]}, geometry=[line], crs=crs).to_file(both, layer="roads")
    (spot,) = gpd.GeoSeries([shapely.Point(50, 5)], crs=crs).to_crs(4326)
    homes, listed = tmp_path / "homes.csv", tmp_path / "list.csv"
    homes.write_text(f"id,lon,lat,population\n1,{spot.x},{spot.y},7\n", encoding="utf-8")
    listed.write_text(LIST.format(spot=f"{spot.x},{spot.y}"), encoding="gb18030")
    return {"boundaries": both, "streets": both, "demand": homes, "facilities": listed}


def quiet(**_told: object) -> None:
    """Heed no progress."""


@pytest.mark.long
def test_files_are_shown_and_imported_by_the_mapping_that_was_shown(folder, tmp_path):
    files = {**folder, "communities": folder["boundaries"]}
    del files["boundaries"]
    asked = {
        "files": {layer: str(file) for layer, file in files.items()},
        "layers": {"communities": "areas", "streets": "roads"},
        "datum": {"facilities": "wgs84", "demand": "wgs84"},
    }
    answer = json.loads(json.dumps(importer._preview(asked, quiet), default=str))
    listed = answer["layers"]["facilities"]
    assert listed["mapping"]["columns"] == {"名称": "name", "类别": "kind", "坐标": "place"}
    assert [(w["word"], w["kind"], w["choices"]) for w in listed["words"]] == [
        ("养老院", "", ["elderly_care", "health_centre"]),
        ("图书馆", "library", []),
    ]
    assert listed["columns"][1] == {
        "header": "类别",
        "samples": ["图书馆", "养老院"],
        "role": "kind",
        "factor": 1.0,
    }
    assert listed["sample"][0] == {"name": "甲", "kind": "library"}
    assert [row["reason"]["code"] for row in listed["set_aside"]] == ["tables.ambiguous_kind"]
    assert answer["layers"]["demand"]["sums"] == {"population": 7.0}
    assert all(told["error"] is None for told in answer["layers"].values())
    assert [len(answer["drawing"]["points"][layer]) for layer in ("facilities", "demand")] == [1, 1]
    mapping = listed["mapping"]
    request = {
        "do": "files",
        "files": {option: str(file) for option, file in folder.items()},
        "layers": {"communities": "areas", "streets": "roads"},
        "mappings": {"facilities": mapping},
        "kind_words": {"养老院": "elderly_care"},
        "buffer_m": 1500.0,
        "name": "Town",
        "out": str(tmp_path / "made.gpkg"),
    }
    made = importer._files(json.loads(json.dumps(request)), quiet)
    assert made["rows"]["facilities"] == 2
    assert made["readings"][0]["layer"] == "communities"
    district = read_district(tmp_path / "made.gpkg")
    assert sorted(district.facilities["kind"]) == ["elderly_care", "library"]
    strict = request | {"kind_words": {}, "mappings": {}}
    with pytest.raises(InputError, match="养老院"):
        importer._files(strict, quiet)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"files": {"moon": "LIST"}}, "no layer of a district"),
        ({"mappings": {"facilities": {"layer": 7}}}, "no file of mappings"),
        ({"files": {"facilities": "a.exe"}}, "no file for a layer"),
    ],
)
def test_requests_that_make_no_sense_are_refused(folder, change, message):
    here = str(folder["facilities"])
    asked = {"files": {"facilities": here}} | change
    asked["files"] = {layer: file.replace("LIST", here) for layer, file in asked["files"].items()}
    with pytest.raises(InputError, match=message):
        importer._preview(asked, quiet)


def test_each_sheet_and_layer_is_listed_with_what_it_may_be(folder):
    files = [str(folder[name]) for name in ("boundaries", "demand", "facilities")]
    told = importer._parts({"files": files}, quiet)["parts"]
    assert [(part["file"], part["name"], part["rows"], part["layer"]) for part in told] == [
        ("map.gpkg", "areas", 1, "communities"),
        ("map.gpkg", "roads", 1, "streets"),
        ("homes.csv", "", 1, "demand"),
        ("list.csv", "", 2, "facilities"),
    ]


def test_a_file_that_cannot_be_read_hinders_no_other(folder, tmp_path):
    broken = tmp_path / "broken.xlsx"
    broken.write_bytes(b"<html></html>")
    told = importer._parts({"files": [str(broken), str(folder["demand"])]}, quiet)["parts"]
    assert told[0]["error"]["code"] == "tables.web_page_as_workbook"
    assert told[1]["layer"] == "demand"
    # one that reads well but is no list of facilities hinders none either
    asked = {"files": {"facilities": str(folder["demand"]), "demand": str(folder["demand"])}}
    layers = importer._preview(asked, quiet)["layers"]
    assert layers["facilities"]["error"]["code"] == "sources.no_kind"
    assert layers["demand"]["rows"] == 1


def test_words_are_listed_where_none_of_them_means_a_kind(folder):
    text = folder["facilities"].read_text(encoding="gb18030")
    strange = text.replace("图书馆", "甲类").replace("养老院", "乙类")
    folder["facilities"].write_text(strange, encoding="gb18030")
    asked = {"files": {"facilities": str(folder["facilities"])}}
    told = importer._preview(asked, quiet)["layers"]["facilities"]
    assert told["error"]["code"] == "tables.words_without_kind"
    assert [(word["word"], word["kind"]) for word in told["words"]] == [("乙类", ""), ("甲类", "")]
    own = {"own_kinds": {"own_1": "甲类站"}, "kind_words": {"甲类": "own_1", "乙类": ""}}
    told = importer._preview(asked | own, quiet)["layers"]["facilities"]
    assert told["error"] is None
    assert told["sample"] == [{"name": "甲", "kind": "own_1"}]


@pytest.mark.long
def test_totals_by_community_are_shown_joined_and_spread(folder, tmp_path):
    totals = tmp_path / "各社区人口.csv"
    totals.write_text("社区代码,人口(人)\n1,70\n9,5\n合计,75\n", encoding="utf-8")
    given = [str(folder[name]) for name in ("boundaries", "facilities")]
    told = importer._parts({"files": [*given, str(totals)]}, quiet)["parts"]
    used = {part["layer"]: part for part in told}
    assert set(used) == {"communities", "streets", "facilities", "totals"}
    asked = {
        "layers": {layer: part["name"] for layer, part in used.items() if part["name"]},
        "datum": {"facilities": "wgs84"},
        "kind_words": {"养老院": "elderly_care"},
    }
    files = {layer: part["path"] for layer, part in used.items()}
    shown = importer._preview(asked | {"files": files}, quiet)["layers"]
    assert {layer: answer["error"] for layer, answer in shown.items()} == dict.fromkeys(used)
    assert shown["totals"]["sums"] == {"population": 70.0}
    assert [(row["row"], row["value"]) for row in shown["totals"]["set_aside"]] == [(3, "9")]
    alone = importer._preview({"files": {"totals": str(totals)}}, quiet)["layers"]["totals"]
    assert alone["error"]["code"] == "population.needs_communities"
    out = tmp_path / "made.gpkg"
    request = asked | {"out": str(out), "buffer_m": 1500.0, "set_aside": "100%", "name": "Town"}
    request["files"] = {"boundaries" if k == "communities" else k: v for k, v in files.items()}
    made = importer._files(request, quiet)
    assert len(made["set_aside"]) == 1
    assert read_district(out).demand["population"].sum() == 70
