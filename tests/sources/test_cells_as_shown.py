"""Cells of workbooks as people see them: number formats, hidden rows, merged cells; odd totals."""

import zipfile
from io import BytesIO
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely
import xlsxwriter
from effort import few
from other_workbooks import old_form, open_document

from planner.sources.checks.severity import severity
from planner.sources.population.tables import rows_of
from planner.sources.population.totals import read_totals, unlikely_totals
from planner.sources.tables.headers.headers import header_words
from planner.sources.tables.headers.units import unit_words
from planner.sources.tables.set_aside import Allowance
from planner.sources.tables.workbooks.excel import read_sheet
from planner.sources.tables.workbooks.marks import SheetMarks
from planner.sources.tables.workbooks.number_formats import shown, tells_more
from planner.sources.tables.workbooks.old_form_marks import old_form_marks
from planner.sources.tables.workbooks.open_document_marks import told as told_by_text
from planner.sources.tables.workbooks.sheet_marks import sheet_marks


def workbook(path, rows, formats=None, merged=(), hidden=(), under=None):
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        for at, row in enumerate(rows):
            sheet.write_row(at, 0, row)
        for (row, column), code in (formats or {}).items():
            sheet.write(row, column, rows[row][column], book.add_format({"num_format": code}))
        for area in merged:
            first = rows[area[0]][area[1]]
            sheet.merge_range(*area, first)
        for (row, column), value in (under or {}).items():
            sheet.write(row, column, value)
        for row in hidden:
            sheet.set_row(row, None, None, {"hidden": True})
    return Path(path)


def communities():
    return gpd.GeoDataFrame(
        {"community_id": ["A", "B"], "name": ["Alpha", "Beta"], "subdistrict": ["S", "S"]},
        geometry=[shapely.box(0, 0, 500, 500), shapely.box(500, 0, 1000, 500)],
        crs="EPSG:32650",
    )


def told(findings):
    return {finding.code: dict(finding.params) for finding in findings}


@pytest.mark.parametrize(
    ("value", "code", "seen"),
    [
        (0.1, '0.00"万人"', "0.1万人"),
        (1000.0, '0.00"万人"', "1000万人"),
        (12345.0, '0!.0,"万"', "1.2345万"),
        (12345.0, '0\\.0,"万人"', "1.2345万人"),
        (1234567.0, '#,##0,"千人"', "1234.567千人"),
        (0.186, "0.0%", "18.6%"),
        (18.6, '0.0"％"', "18.6％"),
        (3e4, '[>=10000]0!.0,"万";0', "3万"),
        (3.0, '[>=10000]0!.0,"万";0', None),
        (-2.0, '0"人";(0)', None),
        (120.0, '[$¥-804]#,##0.00"元"', "120元"),
        (5.0, 'G/通用格式"人"', "5人"),
        (5.0, '0"号"', None),
        (12000.0, "#,##0,", None),
        (43831.0, 'yyyy"年"m"月"', None),
        (0.5, "0.00E+00", None),
        (1.5, "# ?/?", None),
        (0.12, '"约"0.00"万人"', "0.12万人"),
        (0.12, '"¥"0.00"万"', "0.12万"),
        (0.12, '0.00"万人左右"', "0.12万人"),
        (0.12, '0.00"万人(2020年)"', "0.12万人"),
        (0.12, "0.00 [$万人]", "0.12万人"),
        (0.12, '[$¥-804]0.00"万元"', "0.12万元"),
        (-0.12, '0.00_);(0.00"万人")', "-0.12万人"),
        (-0.2, "0%;(0%)", "-20%"),
        (0.2, "+0%;-0%", "20%"),
        (0.2, "%0", "20%"),
        (0.2, '0%"左右"', "20%"),
        (0.2, '0" %"', "0.2%"),
        (5.0, "0‰", "5‰"),
    ],
)
def test_a_number_is_read_as_its_format_shows_it(value, code, seen):
    assert shown(value, code) == seen
    assert seen is None or tells_more(code)


def test_totals_by_the_formats_of_their_cells(tmp_path):
    rows = [["社区名称", "常住人口", "75岁以上占比"], ["Alpha", 0.1, 0.186], ["Beta", 0.2, 0.2]]
    formats = {(r, c): code for r in (1, 2) for c, code in ((1, '0.00"万人"'), (2, "0.0%"))}
    path = workbook(tmp_path / "a.xlsx", rows, formats)
    totals = read_totals(path, communities(), groups={"pop_75plus": "75岁以上占比"})
    assert totals.areas["population"].tolist() == [1000, 2000]
    assert totals.areas["pop_75plus"].tolist() == pytest.approx([186, 400])
    notes = told(totals.findings)
    assert notes["tables.cell_formats"]["count"] == 4
    assert notes["tables.cell_formats"]["shown"] == "0.1万人"
    assert notes["tables.groups_unread"]["columns"] == "75岁以上占比"


def test_percent_under_a_head_count_is_not_people(tmp_path):
    rows = [["社区名称", "常住人口", "65岁以上人口"], ["Alpha", 1000, 0.186], ["Beta", 2000, 0.2]]
    path = workbook(tmp_path / "a.xlsx", rows, {(r, 2): "0.0%" for r in (1, 2)})
    totals = read_totals(path, communities(), groups={})
    assert "pop_65plus" not in totals.areas
    assert told(totals.findings)["tables.columns_of_words"]["columns"] == "65岁以上人口"


def test_words_of_merged_cells_are_filled_down_figures_are_not(tmp_path):
    rows = [["类别", "名称", "面积"], ["图书室", "甲", 300], ["", "乙", ""], ["警务室", "丙", 80]]
    path = workbook(tmp_path / "a.xlsx", rows, merged=[(1, 0, 2, 0), (1, 2, 2, 2)])
    table, _, _, findings = rows_of(path, None, None, Allowance())
    assert table.iloc[:, 0].tolist() == ["图书室", "图书室", "警务室"]
    assert table.iloc[:, 2].tolist() == ["300", "", "80"]
    notes = told(findings)
    assert notes["tables.merged_words"]["rows"] == notes["tables.merged_figures"]["rows"] == "2–3"


@pytest.mark.parametrize("under", [None, 300, 77])
def test_what_lies_under_a_merged_figure_is_no_figure(tmp_path, under):
    rows = [
        ["类别", "名称", "面积"],
        ["图书室", "甲", 300],
        ["图书室", "乙", ""],
        ["警务室", "丙", 80],
    ]
    path = workbook(tmp_path / "a.xlsx", rows, merged=[(1, 2, 2, 2)], under={(2, 2): under})
    table, _, _, findings = rows_of(path, None, None, Allowance())
    assert table.iloc[:, 2].tolist() == ["300", "", "80"]
    assert told(findings)["tables.merged_figures"]["rows"] == "2–3"


def test_a_figure_merged_across_columns_is_that_of_the_first(tmp_path):
    rows = [["名称", "户籍人口", "常住人口"], ["甲", 300, ""], ["乙", 80, 90]]
    path = workbook(tmp_path / "a.xlsx", rows, merged=[(1, 1, 1, 2)], under={(1, 2): 200})
    table, _, _, _ = rows_of(path, None, None, Allowance())
    assert table.iloc[:, 1:].to_numpy().tolist() == [["300", ""], ["80", "90"]]


@pytest.mark.parametrize("header", ["楼栋号", "社区编码", "X", "经度"])
def test_codes_and_places_of_merged_cells_are_those_of_all_rows(tmp_path, header):
    rows = [["名称", header, "人口"], ["甲", 114.5, 3], ["乙", "", 4], ["丙", 115, 5]]
    path = workbook(tmp_path / "a.xlsx", rows, merged=[(1, 1, 2, 1)])
    table, _, _, findings = rows_of(path, None, None, Allowance())
    assert table.iloc[:, 1].tolist() == ["114.5", "114.5", "115"]
    assert "tables.merged_figures" not in told(findings)


@pytest.mark.parametrize("under", [300, 77])
def test_what_lies_under_a_merged_figure_of_an_open_document_is_none(tmp_path, under):
    rows = [
        ["类别", "名称", "面积"],
        ["图书室", "甲", 300],
        ["图书室", "乙", under],
        ["警务室", "丙", 80],
    ]
    path = open_document(tmp_path / "a.ods", rows)
    with zipfile.ZipFile(path) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    first, rest = parts["content.xml"].decode().split("甲", 1)
    spanned = rest.replace(
        "<table:table-cell", '<table:table-cell table:number-rows-spanned="2"', 1
    )
    before, below = spanned.split("乙", 1)
    opened = below.replace("<table:table-cell", "<table:covered-table-cell", 1)
    covered = opened.replace("</table:table-cell>", "\0", 1).replace(
        "</table:table-cell>", "</table:covered-table-cell>", 1
    )
    content = f"{first}甲{before}乙{covered}".replace("\0", "</table:table-cell>")
    with zipfile.ZipFile(path, "w") as book:
        for name, part in parts.items():
            book.writestr(name, content if name == "content.xml" else part)
    table, _, _, findings = rows_of(path, None, None, Allowance())
    assert table.iloc[:, 2].tolist() == ["300", "", "80"]
    assert told(findings)["tables.merged_figures"]["rows"] == "2–3"


def test_hidden_rows_are_told(tmp_path):
    path = workbook(tmp_path / "a.xlsx", [["名称", "人口"], ["甲", 1], ["乙", 2]], hidden=[2])
    cells = read_sheet(path, "totals")
    assert len(cells.rows) == 3
    assert told(cells.findings)["tables.hidden_rows"] == {"file": "a.xlsx", "count": 1, "rows": "3"}


@pytest.mark.parametrize(("results", "left"), [((0, 7), "7"), ((0, 0), "")])
def test_formulas_that_nobody_computed_are_no_zero(tmp_path, results, left):
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["名称", "人口"])
        for at, result in enumerate(results, 1):
            sheet.write_row(at, 0, [f"S{at}", None])
            sheet.write_formula(at, 1, "=3+4", None, result)
    cells = read_sheet(path, "totals")
    assert cells.rows[1].tolist() == ["人口", "", left]
    zeros = results.count(0)
    assert told(cells.findings)["tables.formulas_not_computed"] == {
        "file": "a.xlsx", "count": zeros, "rows": "2" if zeros == 1 else "2, 3",
    }  # fmt: skip


def test_formulas_that_a_spreadsheet_computed_may_be_zero(tmp_path):
    path, made = tmp_path / "a.xlsx", tmp_path / "made.xlsx"
    with xlsxwriter.Workbook(made) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["名称", "人口"])
        sheet.write_row(1, 0, ["S1", None])
        sheet.write_row(2, 0, ["S2", None])
        sheet.write_formula("B2", "=4-4", None, 0)
        sheet.write_formula("B3", "=3+4", None, 7)
    replaced(made, path, (b' fullCalcOnLoad="1"', b""))
    cells = read_sheet(path, "totals")
    assert cells.rows[1].tolist() == ["人口", "0", "7"]
    assert "tables.formulas_not_computed" not in told(cells.findings)


def replaced(made, path, *pairs):
    with zipfile.ZipFile(made) as source, zipfile.ZipFile(path, "w") as saved:
        for name in source.namelist():
            text = source.read(name)
            for old, new in pairs:
                text = text.replace(old, new)
            saved.writestr(name, text)


def test_the_part_of_a_sheet_is_parsed_once(tmp_path, monkeypatch):
    path, opened, unpack = tmp_path / "a.xlsx", [], zipfile.ZipFile.open

    def counted(book, part, *args, **options):
        opened.append(part)
        return unpack(book, part, *args, **options)

    of_formulas(path, [0, 7])
    monkeypatch.setattr(zipfile.ZipFile, "open", counted)
    marks = sheet_marks(BytesIO(path.read_bytes()), "Sheet1")
    assert len(marks.formats) == len(marks.formulas) == 2
    assert opened.count("xl/worksheets/sheet1.xml") == 1


def of_formulas(path, results):
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["名称", "人口", "核对"])
        for at, result in enumerate(results, 1):
            sheet.write_row(at, 0, [f"S{at}", 0.12], book.add_format({"num_format": '0.00"万人"'}))
            sheet.write_formula(at, 2, "=B2-B2", None, result)


@pytest.mark.parametrize("by_whom", [b' calcId="124519"', b""])
def test_a_check_column_of_zeros_stays_zero(tmp_path, by_whom):
    path, made = tmp_path / "a.xlsx", tmp_path / "made.xlsx"
    of_formulas(made, [0, 0])
    replaced(made, path, (b' calcId="124519" fullCalcOnLoad="1"', by_whom))
    cells = read_sheet(path, "totals")
    assert cells.rows[2].tolist() == ["核对", "0", "0"]
    notes = told(cells.findings)
    assert "tables.formulas_not_computed" not in notes
    assert ("tables.formulas_all_zero" in notes) is (not by_whom)


@pytest.mark.parametrize("kept", [b"<v></v>", b"<v/>", b"", b"<v>x</v>"])
def test_formulas_without_a_result_are_told_and_one_odd_result_takes_no_marks(tmp_path, kept):
    path, made = tmp_path / "a.xlsx", tmp_path / "made.xlsx"
    of_formulas(made, [77, 7])
    replaced(made, path, (b"<v>77</v>", kept), (b' fullCalcOnLoad="1"', b""))
    marks = sheet_marks(BytesIO(path.read_bytes()), "Sheet1")
    assert len(marks.formats) == 2
    assert not marks.unread
    assert marks.formulas[2, 2] == 7
    if kept == b"<v>x</v>":
        return
    cells = read_sheet(path, "totals")
    assert cells.rows[2].tolist() == ["核对", "", "7"]
    assert told(cells.findings)["tables.formulas_not_computed"]["rows"] == "2"


@pytest.mark.long
@pytest.mark.parametrize("form", ["xls", "ods"])
def test_formulas_of_other_forms_that_nobody_computed_are_no_zero(tmp_path, form):
    rows, path = [["名称", "人口"], ["甲", 0.0], ["乙", 0.0]], tmp_path / f"a.{form}"
    make = old_form if form == "xls" else open_document
    make(path, rows, formulas=[(1, 1)])
    cells = read_sheet(path, "totals")
    asks = form == "xls"  # the other form cannot say so
    assert cells.rows[1].tolist() == ["人口", "" if asks else "0", "0"]
    code = "tables.formulas_not_computed" if asks else "tables.formulas_all_zero"
    assert told(cells.findings)[code]["rows"] == "2"


def test_formulas_of_open_documents_without_a_result_are_told(tmp_path):
    path, made = tmp_path / "a.ods", tmp_path / "made.ods"
    open_document(made, [["名称", "人口"], ["甲", 77.0], ["乙", 7.0]], formulas=[(1, 1), (2, 1)])
    replaced(made, path, (b' office:value-type="float" office:value="77.0"', b""), (b"77.0", b""))
    cells = read_sheet(path, "totals")
    assert cells.rows[1].tolist() == ["人口", "", "7"]
    assert told(cells.findings)["tables.formulas_not_computed"]["rows"] == "2"


@pytest.mark.long(but=1)
@pytest.mark.parametrize("form", ["xlsx", "xls", "ods", "named.ods"])
def test_rows_that_are_struck_through_are_told(tmp_path, form):
    rows, path = [["名称", "人口"], ["甲", 1.0], ["乙", 2.0], ["丙", ""]], tmp_path / f"a.{form}"
    if form == "xlsx":
        with xlsxwriter.Workbook(path) as book:
            sheet, crossed = book.add_worksheet(), book.add_format({"font_strikeout": True})
            book.add_format({"bold": True})
            for at, row in enumerate(rows):
                sheet.write_row(at, 0, row, crossed if at == 2 else None)
            sheet.write_blank(3, 1, None, crossed)
    elif form == "xls":
        old_form(path, rows, struck=[(2, 0), (2, 1)])
    else:
        open_document(path, rows, struck=[(2, 0), (2, 1), (3, 1)], named=form == "named.ods")
    cells = read_sheet(path, "totals")
    assert cells.rows.iloc[2].tolist() == ["乙", "2"]
    assert told(cells.findings)["tables.struck_rows"] == {
        "file": path.name, "count": 1, "rows": "3",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("people", "codes"),
    [
        ([0.1, 0.2], ["population.few_people", "population.broken_people"]),
        ([1.0, 2.0], ["population.few_people"]),
        ([1234.5, 2000], ["population.broken_people"]),
        ([0, 5, 1800, 2400], []),
        ([float("nan"), 3000], []),
    ],
)
def test_totals_that_communities_hardly_have_are_told(people, codes):
    areas = pd.DataFrame({"area_id": "A", "name": "甲", "population": people})
    assert [note.code for note in unlikely_totals(areas, "a.csv")] == codes


ROWS = [["社区名称", "常住人口", "75岁以上占比"], ["Alpha", 0.1, 0.186], ["Beta", 0.2, 0.2]]
CODES = {(r, c): code for r in (1, 2) for c, code in ((1, '0.00"万人"'), (2, "0.0%"))}
SEEN = {(1, 1): "0.10 万人", (2, 1): "0,20万人", (1, 2): "19%", (2, 2): "20%"}


@pytest.mark.long(but=1)
@pytest.mark.parametrize("form", ["xls", "small.xls", "ods", "late.ods"])
def test_totals_of_other_workbooks_by_the_formats_of_their_cells(tmp_path, form):
    path = tmp_path / f"a.{form}"
    if form.endswith("xls"):
        old_form(path, ROWS, CODES, small=form == "small.xls")
    else:
        open_document(path, ROWS, SEEN, before=3 * form.startswith("late"))
    totals = read_totals(path, communities(), groups={"pop_75plus": "75岁以上占比"})
    assert totals.areas["population"].tolist() == [1000, 2000]
    assert totals.areas["pop_75plus"].tolist() == pytest.approx([186, 400])
    notes = told(totals.findings)
    assert notes["tables.cell_formats"]["count"] == 4
    assert notes["tables.cell_formats"]["shown"] == "0.1万人"


@pytest.mark.long
@pytest.mark.parametrize("form", ["xls", "ods", "filter.ods"])
def test_hidden_rows_of_other_workbooks_are_told(tmp_path, form):
    rows, path = [["名称", "人口"], ["甲", 1.0], ["乙", 2.0]], tmp_path / f"a.{form}"
    if form == "xls":
        old_form(path, rows, hidden=[2])
    else:
        open_document(path, rows, hidden=[2], way="filter" if "filter" in form else "collapse")
    cells = read_sheet(path, "totals")
    assert cells.rows.to_numpy().tolist() == [["名称", "人口"], ["甲", "1"], ["乙", "2"]]
    assert told(cells.findings)["tables.hidden_rows"]["rows"] == "3"


@pytest.mark.parametrize(
    ("number", "text", "percentage", "seen"),
    [
        # groups of thousands: German, Swiss, English, French, and two of them
        (1234.0, "1.234 m²", False, "1234m²"),
        (12345.0, "12.345人", False, "12345人"),
        (12345.0, "12.345 ha", False, "12345ha"),
        (250000.0, "250.000 m²", False, "250000m²"),
        (1500000.0, "1.500.000 m²", False, "1500000m²"),
        (1234.5, "1.234,50 m²", False, "1234.5m²"),
        (1234.5, "1'234.50 m²", False, "1234.5m²"),
        (1234.5, "1’234,5 m²", False, "1234.5m²"),
        (1234567.0, "1,234,567 people", False, "1234567people"),
        (1234.0, "1,234 thousand", False, "1234thousand"),
        (1234.0, "1\u202f234 m²", False, "1234m²"),
        # without a group, and with so many decimals as a group has digits
        (1.234, "1.234 m²", False, "1.234m²"),
        (1.234, "1,234 m²", False, "1.234m²"),
        (1.234, "1.234万人", False, "1.234万人"),
        (0.5, ".5万人", False, "0.5万人"),
        # drawn in thousands, 万, millions, 亿
        (1234.0, "1.234千", False, "1.234千"),
        (1234.0, "1,2千人", False, "1.234千人"),
        (12340.0, "1.234万", False, "1.234万"),
        (1234.0, "1.234万", False, "1234万"),
        (2.5e6, "2.5 million", False, "2.5million"),
        (120000000.0, "1.2亿元", False, "1.2亿元"),
        (2500000.0, "2.5 km2", False, "2.5km2"),
        # what stands before and behind
        (0.12, "约0.12万人", False, "0.12万人"),
        (0.12, "约 0,12 万人左右", False, "0.12万人"),
        (1200.0, "¥0.12万", False, "0.12万"),
        (1200.0, "+1.200 m²", False, "1200m²"),
        (-1200.0, "(1,200 m²)", False, "-1200m²"),
        (-0.12, "−0.12万人", False, "-0.12万人"),
        (0.12, "60岁以上0.12万人", False, "0.12万人"),
        (0.12, "0.12万人(2020年)", False, "0.12万人"),
        # percent: a cell of that type is one, whatever it shows
        (0.2, "约20%", True, "20%"),
        (0.2, "+20%", True, "20%"),
        (-0.2, "(20%)", True, "-20%"),
        (0.2, "20 Prozent", True, "20%"),
        (0.2, "20％", True, "20%"),
        (0.2, "", True, "20%"),
        (0.2, "20%", False, "20%"),
        (15.0, "15%", False, "15%"),
        (5.0, "5‰", False, "5‰"),
        (0.005, "5‰", False, "5‰"),
        # no unit, another one, a fraction
        (1234.0, "1.234", False, None),
        (12.0, "第12 号", False, None),
        (3.5, "3 1/2万", False, None),
        (0.18612, "18,6 %", True, "18.612%"),
        (12345.0, "1.2万", False, "1.2345万"),
        (12345.0, "12 345 人", False, "12345人"),
        (12345.0, "12,345人", False, "12345人"),
        (12345.0, "12,345.00 人", False, "12345人"),
        (1234.0, "1.23千人", False, "1.234千人"),
        (1234567.0, "1.234,57千人", False, "1234.567千人"),
        (12.0, "13万人", False, None),
        (12.0, "12 号", False, None),
        (12.0, "", False, None),
        (45000.0, "2023-03-15", False, None),
    ],
)
def test_what_a_cell_shows_gives_its_unit_and_not_its_rounding(number, text, percentage, seen):
    assert told_by_text(number, text, percentage=percentage) == seen


@pytest.mark.long(but=1)
@pytest.mark.parametrize("unit", sorted(unit_words() - {"亩"}))
def test_a_unit_that_is_a_power_of_ten_may_be_drawn_in_it(unit):
    tables = header_words()["units"]
    yuan = {name: 1e4 * factor for name, factor in tables["money"].items()}
    factor = {**yuan, **{name: each for t in tables.values() if t is not tables["money"]
                         for name, each in t.items()}}[unit]  # fmt: skip
    assert told_by_text(1.5 * factor, f"1.5 {unit}") == f"1.5{unit}"
    assert told_by_text(1500.0 * factor, f"1.500 {unit}") == f"1500{unit}"


@pytest.mark.parametrize(
    ("other", "seen"), [("0,20 千人", "1234千人"), ("0.20 千人", "1.234千人"), ("0", "1.234千人")]
)
def test_the_sheet_tells_what_a_point_between_thousands_is(tmp_path, other, seen):
    rows = [["名称", "人口"], ["甲", 1234.0], ["乙", 0.2]]
    path = open_document(tmp_path / "a.ods", rows, {(1, 1): "1.234 千人", (2, 1): other})
    assert read_sheet(path, "totals").rows.iloc[1, 1] == seen


def test_people_and_shares_that_are_shown_with_signs_and_groups(tmp_path):
    rows = [["社区名称", "常住人口", "75岁以上占比"], ["Alpha", 12345.0, 0.186], ["Beta", 0.2, 0.2]]
    shows = {(1, 1): "12.345 人", (2, 1): "约0.20万人", (1, 2): "约19%", (2, 2): "+20%"}
    path = open_document(tmp_path / "a.ods", rows, shows)
    totals = read_totals(path, communities(), groups={"pop_75plus": "75岁以上占比"})
    assert totals.areas["population"].tolist() == [12345, 2000]
    assert totals.areas["pop_75plus"].tolist() == pytest.approx([0.186 * 12345, 400])


@pytest.mark.long(but=1)
@pytest.mark.parametrize(
    ("number", "code", "text"),
    few(
        [
            (0.5, '0.0"万册"', "0.5万册"),
            (3.5, '# ?/?"万"', "3 1/2万"),
            (0.5, '0.0" Mio."', "0,5 Mio."),
            (5000.0, '0.0E+0"万"', "5.0E+3万"),
            (0.5, '0.0"册"', "0.5册"),
            (12000.0, "#,##0,", "12"),
            (0.5, '"第十"0.0', "第十0.5"),
            (0.5, '0.0;0"万册"', "0.5"),
        ],
        4,
    ),
)
@pytest.mark.parametrize("form", ["xlsx", "xls", "ods"])
def test_a_scale_that_is_not_known_is_told(tmp_path, form, number, code, text):
    rows, path = [["名称", "藏书"], ["甲", number], ["乙", number]], tmp_path / f"a.{form}"
    formats = {(1, 1): code, (2, 1): code}
    if form == "xlsx":
        workbook(path, rows, formats)
    elif form == "xls":
        old_form(path, rows, formats)
    else:
        open_document(path, rows, dict.fromkeys(formats, text))
    cells = read_sheet(path, "totals")
    bare = str(int(number)) if number.is_integer() else str(number)
    assert cells.rows.iloc[1:, 1].tolist() == [bare, bare]
    shows = {"file": path.name, "count": 2, "value": bare, "shown": text if form == "ods" else code}
    unknown = any(sign in text for sign in ("万", "Mio"))
    assert told(cells.findings) == ({"tables.formats_not_understood": shows} if unknown else {})
    assert severity("tables.formats_not_understood") == "harmful"


def test_an_old_workbook_whose_tables_do_not_hold_together_has_no_marks(tmp_path):
    path = old_form(tmp_path / "a.xls", ROWS, CODES)
    data = bytearray(path.read_bytes())
    for at in range(0, len(data), 7):
        broken = bytes(data[:at]) + b"\xff\x00\x07" + bytes(data[at + 3 :])
        marks = old_form_marks(broken, "data")
        assert isinstance(marks, SheetMarks)
        assert not (marks.unread and (marks.formats or marks.hidden))
    assert len(old_form_marks(bytes(data), "data").formats) == 4
    assert old_form_marks(bytes(data[:1024]), "data").unread
    assert old_form_marks(bytes(data), "another").unread


@pytest.mark.long
@pytest.mark.parametrize("figures", few([True, False], 1))
def test_of_a_workbook_of_excel_95_it_is_told_that_formats_are_not_read(tmp_path, figures):
    rows = ROWS if figures else [["社区名称", "类别"], ["Alpha", "甲"]]
    path = old_form(tmp_path / "a.xls", rows, CODES if figures else {}, stream_name="Book")
    cells = read_sheet(path, "totals")
    assert cells.rows.iloc[1, 1] == ("0.1" if figures else "甲")
    notes = told(cells.findings)
    assert notes.get("tables.formats_not_read") == ({"file": "a.xls"} if figures else None)
    assert severity("tables.formats_not_read") == "harmful"
    whole = old_form(tmp_path / "b.xls", rows, CODES if figures else {})
    assert "tables.formats_not_read" not in told(read_sheet(whole, "totals").findings)


@pytest.mark.parametrize("gone", ["xl/_rels/workbook.xml.rels", "broken"])
def test_marks_of_a_newer_workbook_that_cannot_be_read_are_unread(tmp_path, gone):
    path = workbook(tmp_path / "a.xlsx", ROWS, CODES)
    packed = BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(packed, "w") as new:
        for name in old.namelist():
            if name != gone:
                cut = -9 if gone == "broken" and "sheet1" in name else None
                new.writestr(name, old.read(name)[:cut])
    assert sheet_marks(packed, "Sheet1").unread
    whole = sheet_marks(BytesIO(path.read_bytes()), "Sheet1")
    assert (whole.unread, len(whole.formats)) == (False, 4)
