"""Tables as workbooks to take away, read again."""

import re
import zipfile

import pandas as pd
from python_calamine import CalamineWorkbook

from planner.views.exports.files import write_workbook


def test_a_table_is_a_workbook_without_formulas_and_with_its_figures(tmp_path):
    table = pd.DataFrame(
        {
            "行": ["4", "19"],
            "代码": ["0012", "360702001001"],
            "值": ["=HYPERLINK(1)", "https://a.example"],
            "人口": [4591.5, float("nan")],
        }
    )
    write_workbook(table, tmp_path / "a.xlsx")
    rows = CalamineWorkbook.from_path(tmp_path / "a.xlsx").get_sheet_by_index(0).to_python()
    assert rows[0] == ["行", "代码", "值", "人口"]
    assert rows[1] == [4.0, "0012", "=HYPERLINK(1)", 4591.5]
    assert rows[2] == [19.0, "360702001001", "https://a.example", ""]


def test_figures_are_written_in_the_digits_that_are_shown(tmp_path):
    shares = [84.1, 16.9, 0.3, 8.0, 0.1 + 0.2]
    write_workbook(pd.DataFrame({"share": shares}), tmp_path / "a.xlsx")
    sheet = zipfile.ZipFile(tmp_path / "a.xlsx").read("xl/worksheets/sheet1.xml").decode()
    assert re.findall(r"<v>(.*?)</v>", sheet)[1:] == ["84.1", "16.9", "0.3", "8", "0.3"]
