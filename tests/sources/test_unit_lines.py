"""A unit that a title, a line above the headers or a note below names for all is heeded."""

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from planner.district import known_kinds
from planner.sources.checks.severity import severity
from planner.sources.files.points import read_candidates, read_demand, read_facilities
from planner.sources.population.totals import read_totals

AREAS = gpd.GeoDataFrame(
    {"community_id": ["A", "B"], "name": ["甲", "乙"], "subdistrict": ["S", "S"]},
    geometry=[shapely.box(0, 0, 500, 500), shapely.box(500, 0, 1000, 500)],
    crs="EPSG:32650",
)
ROWS = [["甲", "64"], ["乙", "104"]]


def table(path, rows):
    width = max(map(len, rows))
    cells = [[*row, *[""] * (width - len(row))] for row in rows]
    pd.DataFrame(cells).to_csv(path, header=False, index=False)
    return path


def told(findings, code):
    return next((dict(each.params) for each in findings if each.code == f"tables.{code}"), {})


@pytest.mark.long(but=1)
@pytest.mark.parametrize(
    ("above", "below", "times"),
    [
        ([["各社区人口（单位：百人）"]], [], 100),
        ([["各社区人口"], ["", "单位：千人"]], [], 1000),
        ([["各社区人口统计表(万人)"]], [], 10_000),
        ([["单位:公顷、万人"]], [], 10_000),
        ([["单位：千人  年份：2023"]], [], 1000),
        ([["单位: 千人 2023"]], [], 1000),
        ([["单位：千 人"]], [], 1000),
        ([["面积单位：公顷 人口单位：千人"]], [], 1000),
        ([["各社区人口和户数（千人、千户）"]], [], 1000),
        ([["Population ('000)"]], [], 1000),
        ([["Population, ’000"]], [], 1000),
        ([["Population of 1'000 places"]], [], 1),
        ([], [["注：人口单位为百人"]], 100),
        ([["Population, in thousands"]], [], 1000),
        ([["Residents (in 1,000)"]], [], 1000),
        ([["Einwohner in Tsd."]], [], 1000),
        ([["Población, en miles"]], [], 1000),
        # no units: places, people, a distance, one that makes no difference
        ([["万人社区人口"]], [], 1),
        ([["填报单位：千人街道办事处"]], [], 1),
        ([["建设单位：万科"]], [], 1),
        ([["全区人口（20万人）"]], [], 1),
        ([["Residents in 1000 m, in miles"]], [], 1),
        ([["单位：人"]], [], 1),
    ],
)
def test_residents_are_read_in_the_unit_of_a_line(tmp_path, above, below, times):
    path = table(tmp_path / "a.csv", [*above, ["社区", "人口"], *ROWS, *below])
    totals = read_totals(path, AREAS, groups={})
    assert totals.areas["population"].tolist() == [64 * times, 104 * times]
    said = told(totals.findings, "unit_of_line")
    assert said.get("columns") == (None if times == 1 else "人口")
    assert not told(totals.findings, "unit_line_unread")


def test_what_a_header_or_a_cell_names_goes_before_a_line(tmp_path):
    head = ["社区", "人口(人)", "65岁以上人口", "60岁以上人口"]
    rows = [["甲", "6400", "3", "300人"], ["乙", "10400", "5", "5"]]
    path = table(tmp_path / "a.csv", [["单位：百人"], head, *rows])
    totals = read_totals(path, AREAS, groups={})
    assert totals.areas["population"].tolist() == [6400, 10400]
    assert totals.areas["pop_65plus"].tolist() == [300, 500]
    assert told(totals.findings, "unit_of_line")["columns"] == "65岁以上人口, 60岁以上人口"


PLACES = [["113.1", "23.1"], ["113.2", "23.1"]]
HEAD = ["名称", "经度", "纬度"]


def placed(path, line, column, *figures):
    rows = [["甲", *PLACES[0], figures[0]], ["乙", *PLACES[1], figures[-1]]]
    return table(path, [[line], [*HEAD, column], *rows])


def test_homes_areas_capacities_and_prices_are_read_so(tmp_path):
    path = tmp_path / "a.csv"
    found = read_demand(placed(path, "单位：百人", "人口", "3", "1,200"))
    assert found.table["population"].tolist() == [300, 120_000]
    for line, column, name, right in (
        ("单位：亩", "建筑面积", "floor_area_m2", 200),
        ("（单位：百人）", "服务人数", "capacity", 30),
    ):
        found = read_facilities(placed(path, line, column, "0.3"), known_kinds(), kind="clinic")
        assert found.table[name].tolist() == pytest.approx([right] * 2)
    found = read_candidates(placed(path, "单位：元", "造价", "300000"))
    assert found.table["cost"].tolist() == pytest.approx([30] * 2)
    assert told(found.findings, "prices_in_yuan")


@pytest.mark.parametrize(
    ("line", "column"),
    [
        ("单位：百户", "人口"),
        ("单位：千人每季", "人口"),
        ("Cost in EUR 1,000", "cost"),
        ("单位：欧元", "造价"),
    ],
)
def test_a_unit_in_which_nothing_can_be_read_is_told(tmp_path, line, column):
    path = placed(tmp_path / "a.csv", line, column, "3")
    found = read_demand(path) if column == "人口" else read_candidates(path)
    assert told(found.findings, "unit_line_unread")["columns"] == column
    assert severity("tables.unit_line_unread") == "harmful"
