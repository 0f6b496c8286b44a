"""Columns of groups of residents: what is read, by which age, and what nobody reads is told."""

import pandas as pd
import pytest

from planner.sources.tables.guessing import guess_columns


def seen(**columns):
    body = pd.DataFrame({"名称": ["a", "b"], "常住人口": [1447, 900], **columns})
    mapping, notes = guess_columns(body, "totals", "a.csv")
    return mapping.columns, [(note.code.removeprefix("tables."), note.params) for note in notes]


def test_old_people_without_an_age_are_those_of_60_by_law_and_that_is_told():
    columns, notes = seen(老年人口=[201, 90])
    assert columns["老年人口"] == "pop_60plus"
    assert notes == [
        ("age_not_said", {"file": "a.csv", "column": "老年人口", "group": "pop_60plus"})
    ]
    columns, notes = seen(**{"65岁及以上人口": [101, 50], "老年人口": [201, 90]})
    assert [columns[name] for name in ("65岁及以上人口", "老年人口")] == [
        "pop_65plus",
        "pop_60plus",
    ]
    assert [code for code, _ in notes] == ["age_not_said"]


@pytest.mark.parametrize("header", ["65岁以上人口", "aged 65 and over", "0-14岁", "残疾人"])
def test_a_header_that_says_its_age_or_has_none_to_say_is_read_in_silence(header):
    columns, notes = seen(**{header: [101, 50]})
    assert columns[header].startswith("pop_")
    assert notes == []


@pytest.mark.parametrize(
    "header",
    [
        "75岁以上占比", "学龄前", "未成年人", "65plus_share", "pct_65", "age_65_plus", "p65plus",
        "65_74", "≥65", "＜18", "六十五岁以上", "老龄化率", "elderly",
    ],
)  # fmt: skip
def test_a_group_that_nobody_reads_is_told(header):
    _, notes = seen(**{header: [101, 50]})
    assert notes == [("groups_unread", {"file": "a.csv", "columns": header})]


@pytest.mark.parametrize(
    "header", ["2019_2020", "package", "village", "楼号", "1-2单元电费", "ages_text"]
)
def test_what_is_no_group_is_not_told(header):
    cells = ["多", "少"] if header == "ages_text" else [101, 50]
    assert seen(**{header: cells})[1] == []


def test_a_column_that_means_the_same_as_another_is_told_as_that_alone():
    _, notes = seen(流动人口=[101, 50], 外来人口=[99, 48])
    assert [code for code, _ in notes] == ["same_meaning"]


def test_a_column_called_as_ours_is_no_other_count_of_residents():
    columns, notes = seen(pop_75plus=[101, 50])
    assert columns["pop_75plus"] in ("", "pop_75plus")
    assert "other_residents" not in [code for code, _ in notes]
