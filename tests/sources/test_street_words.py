"""Classes, answers and gates of streets in the words of those who drew them."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from effort import few
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from planner.sources.files.shapes import read_shapes
from planner.sources.files.streets.lines import read_streets
from planner.sources.streets.joining import find_unjoined
from planner.sources.streets.layer import finish_streets
from planner.sources.tables.words.gates import opened
from planner.sources.vector.reading import read_vector


def streets(tmp_path, **columns):
    count = len(next(iter(columns.values())))
    lines = [
        shapely.LineString([(5e5 + 100 * i, 3e6), (5e5 + 100 * i + 100, 3e6)]) for i in range(count)
    ]
    path = tmp_path / "streets.gpkg"
    gpd.GeoDataFrame(columns, geometry=lines, crs=32650).to_file(path)
    return read_streets(path)


def found(reading):
    return {finding.code: finding.params for finding in reading.findings}


def test_chinese_words_for_the_class_of_a_street_decide(tmp_path):
    words = ["高速公路", "快速路", "主干路", "支路", "在建", "小区道路"]
    reading = streets(tmp_path, 道路等级=words)
    assert reading.table["highway"].tolist() == ["primary", "tertiary", "residential"]
    told = found(reading)["sources.not_walked"]
    assert told["count"] == 3
    assert "高速公路 (highway=motorway): 1" in told["reasons"]  # in the words of the file
    assert "sources.street_words" not in found(reading)


@pytest.mark.parametrize(
    ("column", "gone", "there"),
    few(
        [
            ("access", "禁止", "公共"),
            ("access", "内部道路", ""),
            ("access", "no", "yes"),
            ("通行", "禁止通行", "可通行"),
            ("步行", "否", "是"),
            ("foot", "no", "designated"),
            ("状态", "在建", "已建"),
            ("status", "under construction", "open"),
            ("道路状态", "规划", "现状"),
            ("status", "out_of_order", "active"),
            ("operational_status", "Out of order", "operational"),
            ("removed", "yes", "no"),
            ("closed", "yes", "no"),
            ("opening_hours", 'closed "works, road"', "06:00-22:00"),
            ("建设状态", "拆除", ""),
            ("道路类型", "规划道路", "支路"),
            ("道路等级", "拟建道路", "支路"),
            ("等级", "规划支路", "支路"),
            ("道路等级", "支路（规划）", "支路"),
            ("现状/规划", "规划", "现状"),
            ("是否建成", "否", "是"),
            ("是否建成", "0", "1"),
            ("是否建成", "×", "√"),
            ("是否建成", "N", "Y"),
            ("是否建成", "无", "有"),
            ("是否在建", "√", "无"),
            ("通行性", "不可通行", "可通行"),
            ("行人", "禁行", "允许"),
            ("pedestrian", "no", "yes"),
            ("construction", "yes", "no"),
            ("状态", "封闭", "已通车"),
            ("end_date", "2020-01-01", "2999"),
            ("建成时间", "2999年", "2019-05"),
        ],
        12,
    ),
)
def test_a_street_that_is_shut_or_not_there_is_not_walked(tmp_path, column, gone, there):
    reading = streets(tmp_path, **{column: [gone, there, None]}, street_id=["a", "b", "c"])
    assert reading.table["street_id"].tolist() == ["b", "c"]
    assert "tables.states_unread" not in found(reading)
    assert found(reading)["sources.not_walked"]["count"] == 1
    assert "sources.street_states" not in found(reading)


@pytest.mark.parametrize(
    ("column", "usual", "header", "gone"),
    [
        ("highway", "residential", "道路等级", "规划支路"),
        ("status", "existing", "建设状态", "在建"),
        ("access", "yes", "通行性", "不可通行"),
    ],
)
def test_a_second_column_of_the_same_matter_is_asked_too(tmp_path, column, usual, header, gone):
    reading = streets(tmp_path, **{column: [usual] * 2, header: [gone, ""], "编号": ["a", "b"]})
    assert reading.table["street_id"].tolist() == ["b"]
    assert "sources.street_states" not in found(reading)


def test_the_class_to_come_of_a_street_that_is_built_is_no_answer(tmp_path):
    reading = streets(tmp_path, highway=["construction", "service"], construction=["primary", None])
    assert reading.table["highway"].tolist() == ["service"]
    assert "sources.street_states" not in found(reading)


def test_dates_of_streets_that_are_not_read_are_told(tmp_path):
    reading = streets(tmp_path, 通车时间=["soon", "2019"], 道路名称=["规划路", "在建路"])
    assert len(reading.table) == 2
    told = found(reading)["sources.dates_unread"]
    assert (told["column"], told["count"], told["words"]) == ("opening_date", 1, "soon")


@pytest.mark.parametrize("column", ["access", "status", "built", "construction"])
def test_a_word_of_access_or_state_that_is_not_known_is_told(tmp_path, column):
    reading = streets(tmp_path, **{column: ["ask the porter", "yes" if column == "access" else ""]})
    assert len(reading.table) == 2
    assert found(reading)["sources.street_states"] == {
        "file": "streets.gpkg", "column": column, "count": 1, "words": "ask the porter: 1",
    }  # fmt: skip


def test_a_class_that_is_not_known_is_walked_and_told(tmp_path):
    reading = streets(tmp_path, highway=["Residential", "Zubringer", "['footway', 'steps']", None])
    assert len(reading.table) == 4
    assert reading.table["highway"].fillna("").tolist() == [
        "residential",
        "zubringer",
        "steps",
        "",
    ]
    assert found(reading)["sources.street_words"] == {
        "file": "streets.gpkg", "count": 1, "words": "zubringer: 1",
    }  # fmt: skip


def test_a_bridge_that_is_none_is_none(tmp_path):
    words = ["没有", "不是", "off", "viaduct", "yes", "vielleicht", None]
    reading = streets(tmp_path, bridge=words)
    assert reading.table["bridge"].tolist() == [False] * 3 + [True, True, False, False]
    assert found(reading)["sources.flag_words"]["words"] == "vielleicht (6)"


@pytest.mark.parametrize(
    ("header", "cells", "bridges"),
    [
        ("bridge", [0, 1, 2, 3], [False] * 4),
        ("bridge", ["0", "1", "", "3"], [False] * 4),
        ("桥梁", [3.0, None, 1.0, 0.0], [False] * 4),
        ("tunnel", [2, 0, 0, 0], [False] * 4),
        ("bridge", [0, 1, 1, 0], [False, True, True, False]),
        ("bridge", ["3", "yes", "", "viaduct"], [False, True, False, True]),
    ],
)
def test_how_many_bridges_a_street_leads_over_puts_it_on_none(tmp_path, header, cells, bridges):
    reading = streets(tmp_path, highway=["residential"] * 4, **{header: cells})
    told = reading.table.get("tunnel" if header == "tunnel" else "bridge")
    assert told.tolist() == bridges
    counted = not set(map(str, cells)) <= {"0", "1"}
    assert ("sources.streets_with_bridges" in found(reading)) == counted


def test_a_fast_road_that_counts_its_bridges_lies_on_none(tmp_path):
    reading = streets(tmp_path, highway=["residential", "motorway", "motorway"], bridge=[0, 3, 1])
    assert reading.left_out["wall"].tolist() == [True, True]


@pytest.mark.parametrize(
    ("column", "word", "state"),
    [
        ("locked", "unlocked", True), ("locked", "开", True), ("locked", "no", True),
        ("locked", "无", True), ("locked", "closed", False), ("locked", "关闭", False),
        ("locked", "yes", False), ("locked", "上锁", False), ("open", "关", False),
        ("open", "open", True), ("open", 1.0, True), ("open", 0, False), ("open", None, True),
        ("open", np.nan, True), ("open", "-", True), ("access", "private", False),
    ],
)  # fmt: skip
def test_a_gate_is_open_by_what_its_column_asks(column, word, state):
    states, notes = opened(pd.DataFrame({column: [word]}, dtype=object), "gates.csv", {})
    says_nothing = word is None or word == "-" or word != word
    codes = ["sources.gates_untold"] if says_nothing else []
    assert (states, [each.code for each in notes]) == ([state], codes)


@pytest.mark.parametrize("word", ["none", "无", "porter"])
def test_a_word_that_could_mean_either_shuts_the_gate_and_is_told(word):
    states, notes = opened(pd.DataFrame({"open": [word]}), "gates.csv", {})
    assert states == [False]
    assert notes[0].params["words"] == f"{word} (0)"
    assert opened(pd.DataFrame({"open": [word]}), "gates.csv", {word: True})[0] == [True]


@pytest.mark.long(but=1)
@pytest.mark.parametrize(
    ("column", "ground", "over"),
    [
        ("类型", "道路", "高架桥"),
        ("道路类型", "支路", "人行天桥"),
        ("道路等级", "支路", "高架"),
        ("是否桥梁", "否", "是"),
        ("桥隧", "", "桥梁"),
        ("层级", "0", "1"),
        ("备注", "", "下穿通道"),
        ("fclass", "residential", "viaduct"),
        ("structure", "", "bridge"),
        ("is_bridge", "F", "T"),
        ("ELEVATED", "N", "Y"),
        ("立交", "否", "是"),
        ("layer", "", "1"),
        ("Z_Level", "0", "1"),
    ],
)
def test_a_line_over_another_is_not_joined_whatever_says_so(tmp_path, column, ground, over):
    lines = [shapely.LineString([(0, 0), (100, 0)]), shapely.LineString([(50, -50), (50, 50)])]
    told = {"highway": ["residential"] * 2} if column != "fclass" else {}
    path = tmp_path / "streets.gpkg"
    for words, crossings in (([ground, over], 0), ([ground, ground], 1)):
        table = gpd.GeoDataFrame({**told, column: words}, geometry=lines, crs=32650)
        table.to_file(path)
        assert len(find_unjoined(read_streets(path).table).crossings) == crossings


def test_the_name_of_a_street_puts_it_on_no_bridge(tmp_path):
    names = ["高架桥", "隧道"]
    reading = streets(tmp_path, 名称=names, highway=["residential"] * 2)
    assert not reading.table.get(["bridge"], pd.DataFrame({"bridge": [False]})).any(axis=None)
    assert found(reading)["sources.called_as_structures"]["names"] == "高架桥, 隧道"
    said = streets(tmp_path, 名称=names, highway=["residential"] * 2, bridge=["no", "no"])
    assert "sources.called_as_structures" not in found(said)


WEST, EAST, SOUTH, NORTH, MIDDLE = (
    (5e5 + x, 3e6 + y) for x, y in ((-50, 0), (50, 0), (0, -50), (0, 50), (0, 0))
)
CROSS = [(WEST, MIDDLE), (MIDDLE, EAST), (SOUTH, MIDDLE), (MIDDLE, NORTH)]
THROUGH = [(WEST, MIDDLE, EAST), (SOUTH, MIDDLE), (MIDDLE, NORTH)]


@pytest.mark.parametrize(
    ("ways", "begin", "end", "places"),
    [
        (CROSS, [0, 0, 0, 1], [0, 0, 1, 0], 1),
        (CROSS, [0, 1, 0, 0], [1, 0, 0, 0], 1),
        (CROSS, [0, 2, 0, 0], [2, 0, 0, 0], 1),
        (CROSS, [0, 0, 0, -1], [0, 0, -1, 0], 1),
        (CROSS, [0, 0, 1, 1], [0, 0, 1, 1], 1),
        (THROUGH, [0, 0, 1], [0, 1, 0], 1),
        (CROSS, [0, 0, 0, 0], [0, 0, 0, 0], 0),
        (CROSS, [1, 1, 1, 1], [1, 1, 1, 1], 0),
    ],
)
@pytest.mark.parametrize("names", [("F_ZLEV", "T_ZLEV"), ("起点层级", "终点层级")])
@pytest.mark.parametrize("join", [False, True])
def test_lines_at_other_levels_do_not_meet(tmp_path, ways, begin, end, places, names, join):
    """As in road maps for cars: lines end where one leads over the other."""
    path = tmp_path / "streets.gpkg"
    lines = [shapely.LineString(points) for points in ways]
    told = dict(zip(names, (begin, end), strict=True))
    gpd.GeoDataFrame(told, geometry=lines, crs=32650).to_file(path)
    reading = read_streets(path)
    apart = found(reading).get("sources.levels_apart", {"count": 0})
    assert apart["count"] == places
    assert len(find_unjoined(reading.table)) == 0
    table = finish_streets(reading.table, join=join)[0]
    pieces, _ = connected(table)
    assert pieces == 1 + places
    assert table.length.sum() == pytest.approx(200, abs=0.1)


RAMP = [(0, 0), (10, 10), (10, 30), (0, 40)]
FLYOVER = [[(0, -50), (0, 0)], [(0, 0), (0, 40)], [(0, 40), (0, 50)]]


@pytest.mark.parametrize("east", [3, 10, -10])
@pytest.mark.parametrize("downwards", [False, True])
def test_a_ramp_under_the_road_that_it_leads_up_to_meets_it_above(tmp_path, east, downwards):
    """It begins where that road leads over the ground, whichever way it turns from there."""
    ramp = [(x * east / 10, y) for x, y in RAMP]
    ground = [[(-50, 0), (0, 0)], [(0, 0), (50, 0)]]
    ways = [*ground, *FLYOVER, ramp[::-1] if downwards else ramp]
    lines = [shapely.LineString([(5e5 + x, 3e6 + y) for x, y in way]) for way in ways]
    levels = [0, 0, 1, 1, 1]
    told = {"F_ZLEV": [*levels, int(downwards)], "T_ZLEV": [*levels, int(not downwards)]}
    path = tmp_path / "streets.gpkg"
    gpd.GeoDataFrame(told, geometry=lines, crs=32650).to_file(path)
    reading = read_streets(path)
    assert len(find_unjoined(reading.table)) == 0
    table = finish_streets(reading.table, join=True)[0]
    assert len(table) == len(reading.table) == len(ways) + 2, "the ramp is cut, and nothing else"
    assert connected(table)[0] == 1
    without = table[~table["street_id"].str.startswith("6")]
    assert connected(without)[0] == 2, "nothing but the ramp leads up"


@pytest.mark.parametrize("top", [1, 2, -1])
@pytest.mark.parametrize("share", [0.3, 0.45, 0.7])
def test_a_ramp_joins_no_street_that_it_passes_over(tmp_path, top, share):
    lines = [[(-50, 0), (50, 0)], [(0, 0), (0, 90)], [(0, 90), (50, 90)]]
    lines.append([(-50, 90 * share), (50, 90 * share)])
    shapes = [shapely.LineString([(5e5 + x, 3e6 + y) for x, y in way]) for way in lines]
    path = tmp_path / "streets.gpkg"
    told = {"F_ZLEV": [0, 0, top, 0], "T_ZLEV": [0, top, top, 0]}
    gpd.GeoDataFrame(told, geometry=shapes, crs=32650).to_file(path)
    reading = read_streets(path)
    table = finish_streets(reading.table, join=True)[0]
    assert connected(table)[0] == 2
    assert len(find_unjoined(reading.table)) == 1, "its foot alone"
    assert table["bridge" if top > 0 else "tunnel"].sum() == 1


def test_what_the_file_says_of_other_streets_stays_beside_levels_of_ends(tmp_path):
    lines = [[(-50, 0), (50, 0)], [(0, -50), (0, 50)], [(100, 0), (190, 0)]]
    shapes = [shapely.LineString([(5e5 + x, 3e6 + y) for x, y in way]) for way in lines]
    path = tmp_path / "streets.gpkg"
    told = {"layer": [1, 0, 0], "F_ZLEV": [0, 0, 0], "T_ZLEV": [0, 0, 1]}
    gpd.GeoDataFrame(told, geometry=shapes, crs=32650).to_file(path)
    table = read_streets(path).table
    assert [int(each) for each in table["layer"]][:2] == [1, 0]
    assert len(find_unjoined(table)) == 0


def test_the_foot_of_a_ramp_joins_the_middle_of_a_street(tmp_path):
    lines = [[(-50, 0), (50, 0)], [(0, 0), (10, 40)], [(-50, 40), (10, 40)]]
    shapes = [shapely.LineString([(5e5 + x, 3e6 + y) for x, y in way]) for way in lines]
    path = tmp_path / "streets.gpkg"
    told = {"F_ZLEV": [0, 0, 1], "T_ZLEV": [0, 1, 1]}
    gpd.GeoDataFrame(told, geometry=shapes, crs=32650).to_file(path)
    table, findings, _ = finish_streets(read_streets(path).table, join=True)
    assert connected(table)[0] == 1
    assert [each.code for each in findings] == ["sources.joined"]


def connected(table):
    ends = [shapely.get_coordinates(shapely.get_point(table.geometry, n)).round(3) for n in (0, -1)]
    _, node = np.unique(np.concatenate(ends), axis=0, return_inverse=True)
    pairs = node.reshape(2, -1)
    size = node.max() + 1
    return connected_components(coo_array((np.ones(len(table)), tuple(pairs)), (size, size)))


def test_lines_that_cross_at_other_heights_are_told(tmp_path):
    path = tmp_path / "streets.gpkg"
    for height, count in ((9, 1), (1, 0)):
        ground = shapely.LineString([(5e5, 3e6, 0), (5e5 + 100, 3e6, 0)])
        over = shapely.LineString([(5e5 + 50, 3e6 - 50, height), (5e5 + 50, 3e6 + 50, height)])
        gpd.GeoDataFrame(geometry=[ground, over], crs=32650).to_file(path)
        _, told = read_vector(path, joined=True)
        assert sum(each.params["count"] for each in told if "across" in each.code) == count
    # with a vertex of both there they share a point, which is told as such and not twice
    ground = shapely.LineString([(5e5, 3e6, 0), (5e5 + 50, 3e6, 0), (5e5 + 100, 3e6, 0)])
    ends = [(5e5 + 50, 3e6 + y, 9) for y in (-50, 0, 50)]
    gpd.GeoDataFrame(geometry=[ground, shapely.LineString(ends)], crs=32650).to_file(path)
    codes = [each.code for each in read_vector(path, joined=True)[1]]
    assert codes == ["sources.heights_apart"]


@pytest.mark.parametrize("column", ["wkt", "geometry", "WKT"])
def test_streets_and_barriers_of_a_table_are_read_from_well_known_text(tmp_path, column):
    street = "LINESTRING (114.93 25.85, 114.94 25.85)"
    path = tmp_path / "lines.csv"
    path.write_text(f'highway,kind,{column}\nresidential,wall,"{street}"\n', encoding="utf-8")
    assert read_streets(path).table["highway"].tolist() == ["residential"]
    assert read_shapes(path, "barriers").table["kind"].tolist() == ["wall"]
