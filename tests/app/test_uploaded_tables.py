"""Workbooks and tables uploaded beside an extract: read, and rows set aside shown with reasons."""

import json

import pytest
import xlsxwriter
from osm_maker import degrees, town
from streamlit.testing.v1 import AppTest

from planner import read_district
from planner.app.server import importer
from planner.errors import InputError


@pytest.fixture
def files(tmp_path):
    """An extract and a workbook of residents with a row that has no place."""
    lon, lat = degrees(200, 12)
    rows = [["居民点一览表"], ["编号", "坐标", "人口"]]
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


def test_a_workbook_of_residents_is_read_and_its_odd_row_named(files, tmp_path):
    extract, book = files
    answer = imported(extract, book, tmp_path / "made.gpkg")
    assert read_district(tmp_path / "made.gpkg").demand["population"].sum() == 800
    (row,) = json.loads(json.dumps(answer["set_aside"], default=str))
    assert (row["file"], row["layer"], row["row"], row["column"]) == (
        "homes.xlsx",
        "居民",
        43,
        "坐标",
    )
    assert row["reason"]["code"] == "sources.missing_value"


def test_what_is_no_workbook_is_refused_by_its_content(files, tmp_path):
    extract, book = files
    book.write_bytes(b"<html><table></table></html>")
    with pytest.raises(InputError, match="is a web page"):
        imported(extract, book, tmp_path / "made.gpkg")


def shown(rows: list) -> None:
    """Draw rows set aside by themselves; runs as a script of its own."""
    import os
    from pathlib import Path

    from planner.app.pages.data import upload
    from planner.app.session.catalogue import catalogue
    from planner.app.session.context import Context
    from planner.views.words.labels import Labels

    entry = catalogue(Path(os.environ["PLANNER_DATA"]))["town.gpkg"]
    upload._set_aside(Context(Labels("zh"), entry, "gb50180-2018"), rows)


def test_rows_set_aside_are_shown_in_the_readers_language(files, tmp_path, workspaces, monkeypatch):
    monkeypatch.setenv("PLANNER_DATA", str(workspaces))
    extract, book = files
    answer = imported(extract, book, tmp_path / "made.gpkg")
    app = AppTest.from_function(shown, args=(answer["set_aside"],), default_timeout=60).run()
    assert not app.exception
    table = app.dataframe[0].value
    assert table["行"].tolist() == ["43"]
    assert "单元格为空" in table["原因"].iloc[0]
