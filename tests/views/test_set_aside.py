"""The list of rows set aside: written, emptied by a clean file, told where it cannot be written."""

import csv
import io

import pytest

from planner.app.pages.data.files import set_aside
from planner.errors import WorkError
from planner.views.exports.set_aside import keep_set_aside
from planner.views.tables.set_aside import set_aside_rows
from planner.views.words.labels import Labels

REASON = {"code": "sources.not_a_number", "params": {}}
ROW = {"file": "a.csv", "layer": "", "row": 3, "column": "x", "value": "?", "reason": REASON}


def table(*rows):
    return set_aside_rows(rows, Labels("en"), lambda told: told["code"])


def test_an_empty_list_empties_an_earlier_one_and_makes_none(tmp_path):
    workspace = tmp_path / "town.v2.gpkg"
    assert keep_set_aside(table(), workspace) is None
    file = keep_set_aside(table(ROW), workspace)
    assert file == tmp_path / "town.v2.set_aside.csv"
    assert file.read_text(encoding="utf-8-sig").splitlines() == [
        "File,Layer,Row,Column,Value,Reason",
        "a.csv,,3,x,?,sources.not_a_number",
    ]
    assert keep_set_aside(table(), workspace) == file
    assert file.read_text(encoding="utf-8-sig").splitlines() == [
        "File,Layer,Row,Column,Value,Reason"
    ]


def test_a_newer_layer_replaces_the_rows_of_its_former_files_only(tmp_path):
    workspace = tmp_path / "town.gpkg"
    homes, former = {**ROW, "file": "homes.csv"}, {**ROW, "file": "list2024.csv"}
    keep_set_aside(table(homes, former), workspace)
    newer = table({**ROW, "file": "list2025.csv", "row": 7})
    file = keep_set_aside(newer, workspace, ("list2024.csv", "list2025.csv"))
    assert file is not None
    lines = file.read_text(encoding="utf-8-sig").splitlines()[1:]
    assert [line.split(",")[0] for line in lines] == ["homes.csv", "list2025.csv"]
    keep_set_aside(table(), workspace, ("list2025.csv",))
    lines = file.read_text(encoding="utf-8-sig").splitlines()[1:]
    assert [line.split(",")[0] for line in lines] == ["homes.csv"]


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16", "utf-8"])
def test_a_list_that_a_spreadsheet_saved_otherwise_keeps_its_rows(tmp_path, encoding):
    workspace = tmp_path / "town.gpkg"
    homes = {**ROW, "file": "居民,一.csv", "value": "三十人"}
    file = keep_set_aside(table(homes), workspace)
    assert file is not None
    text = file.read_text(encoding="utf-8-sig")
    if encoding == "utf-16":  # what Excel calls Unicode text has tabs
        text = "\n".join("\t".join(row) for row in csv.reader(io.StringIO(text)))
    file.write_text(text, encoding=encoding)
    keep_set_aside(table({**ROW, "file": "设施.csv"}), workspace, ("设施.csv",))
    kept = set_aside.read(file)
    assert kept.iloc[:, 0].tolist() == ["居民,一.csv", "设施.csv"]
    assert kept.iloc[0, 4] == "三十人"


def test_a_list_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "town.set_aside.csv").mkdir()
    with pytest.raises(WorkError) as error:
        keep_set_aside(table(ROW), tmp_path / "town.gpkg")
    assert error.value.params["file"] == "town.set_aside.csv"
