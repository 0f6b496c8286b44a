"""Of two counts of residents in one table it is told which was taken and which was left."""

import pandas as pd
import pytest

from planner.sources.tables.guessing import guess_columns


def told(layer="totals", **columns):
    body = pd.DataFrame({"名称": ["a", "b"], **columns})
    notes = guess_columns(body, layer, "a.csv")[1]
    found = [each.params for each in notes if each.code == "tables.other_residents"]
    return (found[0]["column"], found[0]["others"]) if found else None


@pytest.mark.long(but=1)
@pytest.mark.parametrize(
    ("taken", "left"),
    [
        ("常住人口", "户籍人口"),
        ("常住人口", "户籍人数（人）"),
        ("population", "registered residents"),
        ("population", "household population"),
        ("population", "populati_1"),
        ("population", "Einwohner HW"),
        ("人口", "实有人口"),
    ],
)
@pytest.mark.parametrize("layer", ["totals", "communities", "demand", "cells"])
def test_the_other_column_is_told(taken, left, layer):
    for columns in ({taken: [1447, 900], left: [901, 700]}, {left: [901, 700], taken: [1447, 900]}):
        assert told(layer, **columns) == (taken, left)


@pytest.mark.parametrize(
    "other", ["人口密度", "population growth", "male population", "流动人口", "服务人口", "备注"]
)
def test_what_is_no_other_count_of_all_is_not_told(other):
    assert told(常住人口=[1447, 900], **{other: [12, 13]}) is None


def test_a_column_of_words_or_without_residents_beside_it_is_not_told():
    assert told(常住人口=[1447, 900], 人口情况=["多", "少"]) is None
    assert told(户数=[12, 13]) is None


@pytest.mark.parametrize(
    ("header", "is_told"), [("人口", True), ("户数", True), ("居住人数", True), ("楼栋号", False)]
)
def test_counts_of_people_in_a_file_of_buildings_are_told(header, is_told):
    body = pd.DataFrame({"层数": [6, 7], header: [120, 80]})
    codes = {each.code for each in guess_columns(body, "homes", "a.csv")[1]}
    assert ("tables.residents_of_buildings" in codes) == is_told
