"""Rows that sum up others as spreadsheets write them, and days that are no stretch."""

import pandas as pd
import pytest

from planner.sources.tables.cells import Cells
from planner.sources.tables.layout.header_rows import find_header, without_totals
from planner.sources.tables.words.hours import plain_hours


def kept(**columns) -> list[int]:
    """Return the rows that stay, numbered from 2."""
    length = len(next(iter(columns.values())))
    body = pd.DataFrame(columns, index=range(2, length + 2))
    table, notes = without_totals(body, "a.xlsx")
    left = sorted(set(body.index) - set(table.index))
    assert [note.params["rows"] for note in notes] == ([", ".join(map(str, left))] if left else [])
    return list(table.index)


@pytest.mark.parametrize(
    "word", [" 汇总", "合计", "小计", "总计", " Total", " Subtotal", "（合计）", " 汇 总"]
)
def test_a_subtotal_of_what_other_rows_are_named_is_left_out(word):
    names = ["1栋", "1栋", f"1栋{word}", "2栋", "2栋", f"2栋{word}", "总计"]
    assert kept(楼栋=names, 单元=["1", "2", "", "1", "2", "", ""]) == [2, 3, 5, 6]


def test_a_subtotal_of_a_compound_sums_up_its_buildings():
    names = ["幸福小区1栋", "幸福小区2栋", "幸福小区合计", "平安里1号", "平安里小计"]
    assert kept(地址=names, 人口=["5", "6", "11", "7", "7"]) == [2, 3, 5]


def test_the_compound_may_stand_in_another_column():
    assert kept(小区=["甲", "甲", ""], 楼栋=["1栋", "2栋", "甲小计"]) == [2, 3]


def test_names_that_only_end_so_stay():
    names = ["Cinema Total", "City Total", "Cityscape", "社会福利合计楼"]
    assert kept(name=names, kind=["culture"] * 4) == [2, 3, 4, 5]
    assert kept(name=["东区汇总", "西区汇总"], kind=["clinic"] * 2) == [2, 3]


@pytest.mark.parametrize(
    ("upper", "lower", "names"),
    [
        (
            ["楼栋", "常住人口", "", "X"],
            ["", "合计", "65岁以上", ""],
            ("楼栋", "常住人口", "65岁以上", "X"),
        ),
        (
            ["楼栋", "人口", "", "", "X"],
            ["", "60岁以上", "0-14岁", "合计", ""],
            ("楼栋", "60岁以上", "0-14岁", "人口", "X"),
        ),
    ],
)
def test_a_total_under_a_merged_heading_is_what_the_heading_says(upper, lower, names):
    rows = pd.DataFrame([upper, lower, ["1栋", *["5"] * (len(upper) - 1)]], index=[1, 2, 3])
    header = find_header(Cells(rows, "a.xlsx"), "demand")
    assert (header.depth, header.names) == (2, names)


@pytest.mark.parametrize(
    "words",
    ["周一至周六日 9:00-17:00", "周一至周五至周日 9:00-17:00", "节假日至周一 9:00-17:00"],
)
def test_days_that_are_no_stretch_tell_no_hours(words):
    assert plain_hours(words) is None


@pytest.mark.parametrize("word", ["全街道", "全区", "全镇", "全部", "汇总"])
def test_a_row_of_the_whole_is_a_total(word):
    assert kept(社区=["甲社区", "乙社区", word], 人口=["5", "6", "11"]) == [2, 3]
