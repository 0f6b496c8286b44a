"""Counts of people that are rounded to hundreds or more are told, with what each may be off by."""

import pandas as pd
import pytest

from planner.sources.tables.set_aside import SetAside
from planner.sources.tables.values.figures import figures


def told(cells, header, column="population"):
    aside = SetAside("a.csv", total=len(cells))
    _, found = figures(pd.Series(cells), column, aside, header=header)
    return [each.params for each in found if each.code == "tables.rounded_figures"]


@pytest.mark.parametrize(
    ("cells", "header", "step", "count"),
    [
        (["0.1", "0.1"], "人口(万人)", 1000, 2),
        ([0.1, 0.3], "人口(万人)", 1000, 2),
        (["0.5"], "人口（万人）", 1000, 1),
        (["0.1万", "0.2万", "843", "1127"], "人口", 1000, 2),
        (["2", "3", "1"], "人口(千人)", 1000, 3),
        (["700", "800", "500", "900", "600"], "人口", 100, 5),
        (["12000", "8000", "0", "9000", "21000", "", "5000"], "人口", 1000, 5),
    ],
)
def test_rounded_residents_are_told_with_their_step(cells, header, step, count):
    (params,) = told(cells, header)
    assert (params["step"], params["half"], params["count"]) == (step, step // 2, count)


@pytest.mark.parametrize(
    ("cells", "header"),
    [
        (["0.1234", "0.0987"], "人口(万人)"),  # single people
        (["5.2", "8.1", "6.4"], "人口(万人)"),  # ±500 of 60,000 is little
        (["0.12345"], "人口(万人)"),
        (["1200", "800", "1500", "900"], "人口"),  # four may be so by chance
        (["100"] * 30, "人口"),  # one figure for all is no count that was rounded
        (["120", "80", "150", "90", "210", "330"], "人口"),  # tens wash out over homes
        (["1200", "800", "1500", "900", "2101"], "人口"),
        (["0", "0", "0", "0", "0"], "人口"),
        ([], "人口(万人)"),
    ],
)
def test_other_figures_are_not_called_rounded(cells, header):
    assert told(cells, header) == []


def test_groups_and_households_are_held_to_the_same_and_floors_are_not():
    cells = ["0.1", "0.2"]
    assert told(cells, "65岁以上人口(万人)", "pop_65plus")[0]["step"] == 1000
    assert told(["500", "700", "300", "900", "1100"], "户数", "households")[0]["percent"] == 7
    assert told(["500", "700", "300", "900", "1100"], "建筑面积", "floor_area_m2") == []
