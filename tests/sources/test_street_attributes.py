"""What streets of files tell of surface, slope and wheels, in the words of those who wrote it."""

import geopandas as gpd
import pytest
import shapely

from planner.analysis.distances.profile_streets import ProfileStreets
from planner.district.walk_profiles import find_profile
from planner.sources.files.streets.lines import read_streets


def streets(tmp_path, **columns):
    lines = [shapely.LineString([(5e5 + 100 * i, 3e6), (5e5 + 100 * i + 100, 3e6)]) for i in (0, 1)]
    path = tmp_path / "streets.gpkg"
    told = {"highway": ["residential"] * 2, **{name: [x, x] for name, x in columns.items()}}
    gpd.GeoDataFrame(told, geometry=lines, crs=32650).to_file(path)
    return read_streets(path)


@pytest.mark.parametrize(
    ("header", "cell", "column", "value"),
    [
        ("路面类型", "土路", "surface", "ground"),
        ("surface", "砂石", "surface", "gravel"),
        ("Surface", "Asphalt", "surface", "asphalt"),
        ("无障碍", "否", "wheelchair", "no"),
        ("wheelchair", False, "wheelchair", "no"),
        ("无障碍", "无", "wheelchair", "no"),
        ("扶手", "无", "handrail", "no"),
        ("路缘石", "无", "kerb", "no"),
        ("wheelchair", 0, "wheelchair", "no"),
        ("wheelchair", "designated", "wheelchair", "designated"),
        ("平整度", "差", "smoothness", "bad"),
        ("路缘石", "降坡", "kerb", "lowered"),
        ("坡度（%）", 9.0, "slope_percent", 9.0),
        ("坡度(‰)", 90, "slope_percent", 9.0),
        ("纵坡（度）", "5", "slope_percent", 8.7),
        ("路宽(cm)", 80, "width_m", 0.8),
        ("宽度", 3.5, "width_m", 3.5),
        ("宽度（毫米）", 800, "width_m", 0.8),
        ("路宽(dm)", 8, "width_m", 0.8),
        ("宽度", "约0.6-0.8", "width_m", 0.6),
        ("坡度", "8~12%", "slope_percent", 12.0),
        ("坡度", "约10%", "slope_percent", 10.0),
        ("轮椅坡道", "有", "ramp", "wheelchair"),
        ("扶手", "无扶手", "handrail", "no"),
        ("扶手", "没有扶手", "handrail", "no"),
        ("扶手", "缺失", "handrail", "no"),
        ("扶手", "无（待装）", "handrail", "no"),
        ("扶手", "有扶手", "handrail", "yes"),
        ("坡道", "无坡道", "ramp", "no"),
        ("坡度%", 12, "slope_percent", 12.0),
        ("最大坡度", 12, "slope_percent", 12.0),
        ("平均坡度", "12", "slope_percent", 12.0),
        ("坡度分级", "陡坡", "incline", "steep"),
        ("坡度", "平坦", "slope_percent", 0.0),
        ("宽度_m", 0.7, "width_m", 0.7),
        ("路宽m", 0.7, "width_m", 0.7),
        ("有效宽度", 0.7, "width_m", 0.7),
        ("人行道宽", 0.7, "width_m", 0.7),
        ("宽度(mm)", "1,200", "width_m", 1.2),
        ("路面等级", "未铺装", "surface", "unpaved"),
        ("缘石高度", 15, "kerb", "raised"),
        ("缘石高度(cm)", "2", "kerb", "lowered"),
        ("kerb:height", 0.15, "kerb", "raised"),
        ("障碍物", "无", "obstacle", ""),
        ("坡度(°)", "8~12", "slope_percent", 21.26),
        ("坡度(°)", "约5", "slope_percent", 8.75),
        ("宽度(cm)", "约90", "width_m", 0.9),
        ("宽度(cm)", "80~90", "width_m", 0.8),
        ("宽度(mm)", "1,200~1,500", "width_m", 1.2),
        ("缘石高度(dm)", "0", "kerb", "flush"),
        ("缘石高度", "2-12cm", "kerb", "raised"),
        ("扶手", "有（东侧）", "handrail", "yes"),
        ("扶手", "有（已损坏）", "handrail", "有(已损坏)"),
        ("无障碍", "是（需协助）", "wheelchair", "是(需协助)"),
        ("轮椅坡道", "有（封闭）", "ramp", "有(封闭)"),
        ("障碍物", "stile", "obstacle", "stile"),
    ],
)
def test_words_and_units_of_bureaus_are_read(tmp_path, header, cell, column, value):
    table = streets(tmp_path, **{header: cell}).table
    close = pytest.approx(value, abs=0.05) if isinstance(value, float) else value
    assert table[column].iloc[0] == close


@pytest.mark.parametrize(
    ("column", "word"),
    [
        *(("surface", "泡沫"), ("kerb", "有"), ("wheelchair", "?")),
        *(("handrail", "破损"), ("ramp", "陡"), ("obstacle", "石墩")),
    ],
)
def test_a_word_that_nobody_knows_is_told_and_read_both_ways(tmp_path, column, word):
    reading = streets(tmp_path, **{column: word})
    (told,) = (x for x in reading.findings if x.code == "sources.words_for_profiles")
    assert (told.params["column"], told.params["words"], told.params["count"]) == (column, word, 2)
    table = reading.table.assign(**{name: "" for name in COLUMNS if name not in reading.table})
    table = table.assign(slope_percent=float("nan"), width_m=float("nan"))
    # of stairs alone it is asked whether they have a handrail or a ramp
    table = table.assign(steps=column in ("handrail", "ramp"))
    whose, rule = RULES[column]
    for switch, doubts in (({}, True), ({rule: "passes"}, False)):
        profile = find_profile(whose).with_rules(switch)
        rules = {each.rule.id: each for each in ProfileStreets.of(profile, table).rules}
        assert rules[rule].doubt.tolist() == [doubts] * 2
        assert not rules[rule].bites.any()


COLUMNS = ("surface", "smoothness", "tracktype", "wheelchair", "kerb", "crossing", "ramp")
COLUMNS += ("incline", "obstacle", "handrail")
RULES = {
    "surface": ("wheelchair", "surface"),
    "kerb": ("wheelchair", "kerb"),
    "wheelchair": ("wheelchair", "said-shut"),
    "obstacle": ("wheelchair", "obstacle"),
    "ramp": ("wheelchair", "steps"),
    "handrail": ("elderly", "steps-no-handrail"),
}


def test_what_is_known_and_what_is_silent_is_not_told(tmp_path):
    found = streets(tmp_path, surface="asphalt;sand", kerb="", 平整度="无", crossing="否")
    assert "crossing" not in found.table or not found.table["crossing"].any()
    codes = [x.code for x in found.findings]
    assert "sources.words_for_profiles" not in codes


@pytest.mark.parametrize(
    ("header", "cell"), [("坡度", "i=0.12"), ("宽度", "<0.9"), ("坡度", "崎岖")]
)
def test_what_is_no_figure_is_told(tmp_path, header, cell):
    reading = streets(tmp_path, **{header: cell})
    (told,) = (x for x in reading.findings if x.code == "sources.figures_for_profiles")
    assert (told.params["words"], told.params["count"]) == (cell, 2)
    if header == "坡度":
        assert reading.table["incline"].tolist() == [cell] * 2, "asked by the profiles: in doubt"


def test_of_several_slopes_the_steepest_is_asked(tmp_path):
    table = streets(tmp_path, 平均坡度=4, 坡度=6, 最大坡度=12).table
    assert table["slope_percent"].tolist() == [12.0, 12.0]


def test_a_height_says_more_than_a_word_of_the_same_kerb(tmp_path):
    table = streets(tmp_path, 路缘石="降坡", 缘石高度="15cm").table
    assert table["kerb"].tolist() == ["raised", "raised"]


def test_a_blank_of_the_steepest_is_filled_by_the_next_and_means_are_told(tmp_path):
    lines = [shapely.LineString([(5e5, 3e6 + n), (5e5 + 90, 3e6 + n)]) for n in range(3)]
    told = {"平均坡度": [4, 3, 2], "坡度": [5, None, None], "最大坡度": [None, 8, None]}
    path = tmp_path / "streets.gpkg"
    gpd.GeoDataFrame(told, geometry=lines, crs=32650).to_file(path)
    reading = read_streets(path)
    assert reading.table["slope_percent"].tolist() == [5.0, 8.0, 2.0]
    (mean,) = (x for x in reading.findings if x.code == "sources.mean_slopes")
    assert (mean.params["column"], mean.params["count"]) == ("平均坡度", 1)


@pytest.mark.parametrize("cell", ["1.2.3", "2024.5.1"])
def test_a_height_that_is_none_is_told(tmp_path, cell):
    reading = streets(tmp_path, 缘石高度=cell)
    (told,) = (x for x in reading.findings if x.code == "sources.figures_for_profiles")
    assert told.params["words"] == cell
