"""planner template: a workbook to fill in, named by its layer."""

import json

import pytest
from python_calamine import CalamineWorkbook

from planner.views.exports.templates import COLUMNS, header


@pytest.mark.parametrize(
    ("name", "options", "layer"),
    [
        ("my facilities.xlsx", (), "facilities"),
        ("Gates.xlsx", (), "gates"),
        ("list.xlsx", (), "facilities"),
        ("list.xlsx", ("--layer", "demand"), "demand"),
    ],
)
def test_the_workbook_has_the_columns_of_its_layer(run, tmp_path, name, options, layer):
    file = tmp_path / name
    code, out, _ = run("template", file, *options, "--json")
    assert code == 0
    assert json.loads(out)["columns"] == list(COLUMNS[layer])
    rows = CalamineWorkbook.from_path(str(file)).get_sheet_by_index(0).to_python()
    assert [header(layer, column) for column in COLUMNS[layer]] == rows[0]


def test_a_layer_that_is_none_is_refused(run, tmp_path):
    code, _, said = run("template", tmp_path / "list.xlsx", "--layer", "streets")
    assert code == 2
    assert "streets" in said
    assert not (tmp_path / "list.xlsx").exists()
