"""Columns that nobody reads, whose cells say that a row is shut, planned or not for all."""

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from planner.district import builtin_kinds
from planner.sources.files.points import read_facilities, read_gates
from planner.sources.files.streets.lines import read_streets
from planner.sources.tables.frames import Frame

CODE = "tables.states_unread"


def told(reading) -> str:
    return "|".join(f.params["columns"] for f in reading.findings if f.code == CODE)


def facilities(**columns) -> Frame:
    rows = len(next(iter(columns.values())))
    table = pd.DataFrame({"name": [f"馆{n}" for n in range(rows)], "kind": "library", **columns})
    table["lon"], table["lat"] = [114.93 + 0.01 * n for n in range(rows)], 25.85
    return Frame(table, "facilities")


@pytest.mark.parametrize(
    ("column", "cells", "said"),
    [
        ("建设情况", ["规划", "正常", "未建"], "建设情况: 规划 (1), 未建 (1)"),
        ("备注", ["", "", "已关闭"], "备注: 已关闭 (1)"),
        ("是否正常运营", ["是", "否", "是"], "是否正常运营: 否 (1)"),
        ("是否停用", ["是", "否", "否"], "是否停用: 是 (1)"),
        ("对外开放", ["不开放", "", "是"], "对外开放: 不开放 (1)"),
        ("operating", [1, 0, 1], "operating: 0 (1)"),
        ("有无电梯", ["有", "无", "无"], ""),
        ("开放面积", [120, 0, 80], ""),
        ("备注", ["规划面积大", "旧", "近关闭的学校"], ""),
    ],
)
def test_a_list_whose_state_nobody_reads_says_so(column, cells, said):
    assert told(read_facilities(facilities(**{column: cells}), builtin_kinds())) == said


def test_a_state_that_is_read_is_not_told_twice():
    read = read_facilities(facilities(状态=["在用", "停用", "规划"]), builtin_kinds())
    assert told(read) == ""
    assert read.table["status"].tolist() == ["existing", "closed", "planned"]


def streets(**columns) -> Frame:
    lines = shapely.linestrings([[(0, 0), (100, 0)], [(100, 0), (200, 0)], [(200, 0), (300, 0)]])
    return Frame(gpd.GeoDataFrame(columns, geometry=lines, crs=32650), "streets")


@pytest.mark.parametrize(
    ("column", "cells", "said"),
    [
        ("road_type", ["residential", "motorway", "motorway"], "road_type: motorway (2)"),
        ("技术等级", ["高速公路", "三级", "地铁"], "技术等级: 高速公路 (1), 地铁 (1)"),
        ("建成情况", ["未建成", "", ""], "建成情况: 未建成 (1)"),
        ("walkable", ["no", "yes", "yes"], "walkable: no (1)"),
        ("oneway", ["no", "yes", "no"], ""),
        ("highway", ["residential", "motorway", "residential"], ""),
    ],
)
def test_streets_whose_class_or_state_nobody_reads_say_so(column, cells, said):
    assert told(read_streets(streets(**{column: cells}))) == said


def gates(**columns) -> Frame:
    table = pd.DataFrame({"lon": [114.93, 114.94], "lat": [25.85, 25.85], **columns})
    return Frame(table, "gates")


def test_gates_that_do_not_tell_whether_they_are_open_say_so():
    for columns, codes in (
        ({"出入情况": ["关闭", "正常"]}, {CODE, "sources.gates_not_told"}),
        ({"number": [1, 2]}, {"sources.gates_not_told"}),
        ({"open": ["no", "yes"]}, set()),
    ):
        read = read_gates(gates(**columns))
        assert {f.code for f in read.findings} & {CODE, "sources.gates_not_told"} == codes
