"""Templates are read by the import that they are for."""

import zipfile

import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook

from planner.district import LAYERS, builtin_kinds
from planner.district.layers import GROUP_PREFIX
from planner.errors import InputError
from planner.sources import read_demand, read_facilities
from planner.sources.files.points import read_candidates, read_gates
from planner.sources.tables.headers.columns import known_columns
from planner.sources.tables.headers.units import header_factor
from planner.views.exports.templates import COLUMNS, header, write_template

KINDS = builtin_kinds()
READERS = {
    "facilities": lambda path: read_facilities(path, KINDS),
    "demand": read_demand,
    "candidates": read_candidates,
    "gates": read_gates,
}


@pytest.mark.parametrize("layer", COLUMNS)
def test_every_header_means_its_column_and_no_unit(layer):
    headers = {header(layer, column): column for column in COLUMNS[layer]}
    assert known_columns(layer, headers) == headers
    assert {header_factor(name, column) for name, column in headers.items()} == {1.0}


@pytest.mark.parametrize("layer", COLUMNS)
def test_what_a_layer_requires_is_there_to_be_filled_in(layer):
    required = {column.name for column in LAYERS[layer].columns if column.required}
    assert required <= set(COLUMNS[layer])
    beside = {"name", "lon", "lat"}
    unknown = {name for name in COLUMNS[layer] if LAYERS[layer].column(name) is None}
    assert {name for name in unknown if not name.startswith(GROUP_PREFIX)} <= beside


def filled(template, layer, path):
    """Write what a template holds, its example twice: as it is, and as a row of one's own."""
    with CalamineWorkbook.from_path(template) as book:
        head, example, *rest = book.get_sheet_by_index(0).to_python()
    assert rest == []
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("a")
        for row, cells in enumerate([head, example, ["own", *example[1:]]]):
            sheet.write_row(row, 0, cells)
    return path


@pytest.mark.long(but=1)
@pytest.mark.parametrize("layer", READERS)
def test_what_is_written_is_read_without_its_example(tmp_path, layer):
    template = write_template(tmp_path / "t.xlsx", layer, KINDS)
    with pytest.raises(InputError, match="holds no rows"):
        READERS[layer](template)
    reading = READERS[layer](filled(template, layer, tmp_path / "filled.xlsx"))
    assert len(reading.table) == 1
    assert reading.set_aside == ()
    told = {finding.code for finding in reading.findings}
    assert "tables.examples_left_out" in told
    row = reading.table.iloc[0]
    if layer == "facilities":
        assert (row["kind"], row["status"], row["ownership"]) == ("clinic", "existing", "public")
        assert row["opening_hours"] == "Mo-Fr 08:30-17:30"
    if layer == "demand":
        assert (row["demand_id"], row["community_id"]) == ("own", "360702001001")


def test_every_choice_is_understood(tmp_path):
    path = write_template(tmp_path / "t.xlsx", "facilities", KINDS)
    with CalamineWorkbook.from_path(path) as book:
        lists = book.get_sheet_by_name("选项 Lists").to_python()
    columns = {cells[0]: [cell for cell in cells[1:] if cell] for cells in zip(*lists, strict=True)}
    assert list(columns) == ["kind", "status", "ownership"]
    count = max(map(len, columns.values()))
    rows = [
        [f"n{n}", 114, 25, *(values[n % len(values)] for values in columns.values())]
        for n in range(count)
    ]
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        sheet = book.add_worksheet()
        for at, row in enumerate([["name", "lon", "lat", *columns], *rows]):
            sheet.write_row(at, 0, row)
    table = read_facilities(tmp_path / "a.xlsx", KINDS).table
    assert table["kind"].tolist() == list(KINDS)
    assert set(table["status"]) == {"existing", "planned", "proposed", "closed"}
    assert set(table["ownership"]) == {"public", "partner", "internal"}


def test_lists_limits_and_notes_are_there_in_both_languages(tmp_path):
    path = write_template(tmp_path / "t.xlsx", "facilities", KINDS)
    with zipfile.ZipFile(path) as parts:
        sheet = parts.read("xl/worksheets/sheet1.xml").decode()
        comments = parts.read("xl/comments1.xml").decode()
    assert sheet.count("<dataValidation ") == 6
    for note in ("Floor area in square metres.", "建筑面积（平方米）。"):
        assert note in comments


def test_other_layers_and_endings_are_refused(tmp_path):
    with pytest.raises(InputError, match="no template for 'streets'"):
        write_template(tmp_path / "a.xlsx", "streets", KINDS)
    with pytest.raises(InputError, match="whose name ends in"):
        write_template(tmp_path / "a.csv", "gates", KINDS)
