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
    ],
)
def test_words_and_units_of_bureaus_are_read(tmp_path, header, cell, column, value):
    table = streets(tmp_path, **{header: cell}).table
    close = pytest.approx(value, abs=0.05) if isinstance(value, float) else value
    assert table[column].iloc[0] == close


@pytest.mark.parametrize(
    ("column", "word"), [("surface", "泡沫"), ("kerb", "有"), ("wheelchair", "?")]
)
def test_a_word_that_nobody_knows_is_told_and_read_both_ways(tmp_path, column, word):
    reading = streets(tmp_path, **{column: word})
    (told,) = (x for x in reading.findings if x.code == "sources.words_for_profiles")
    assert (told.params["column"], told.params["words"], told.params["count"]) == (column, word, 2)
    table = reading.table.assign(**{name: "" for name in COLUMNS if name not in reading.table})
    table = table.assign(slope_percent=float("nan"), width_m=float("nan"), steps=False)
    for switch, doubts in (({}, True), ({RULES[column]: "passes"}, False)):
        profile = find_profile("wheelchair").with_rules(switch)
        rules = {each.rule.id: each for each in ProfileStreets.of(profile, table).rules}
        assert rules[RULES[column]].doubt.tolist() == [doubts] * 2
        assert not rules[RULES[column]].bites.any()


COLUMNS = ("surface", "smoothness", "tracktype", "wheelchair", "kerb", "crossing", "ramp")
COLUMNS += ("incline", "obstacle")
RULES = {"surface": "surface", "kerb": "kerb", "wheelchair": "said-shut"}


def test_what_is_known_and_what_is_silent_is_not_told(tmp_path):
    found = streets(tmp_path, surface="asphalt;sand", kerb="", 平整度="无", crossing="否")
    assert "crossing" not in found.table or not found.table["crossing"].any()
    codes = [x.code for x in found.findings]
    assert "sources.words_for_profiles" not in codes


@pytest.mark.parametrize(
    ("header", "cell"), [("坡度", "i=0.12"), ("宽度", "<0.9"), ("坡度", "很陡")]
)
def test_what_is_no_figure_is_told(tmp_path, header, cell):
    reading = streets(tmp_path, **{header: cell})
    (told,) = (x for x in reading.findings if x.code == "sources.figures_for_profiles")
    assert (told.params["words"], told.params["count"]) == (cell, 2)
    if header == "坡度":
        assert reading.table["incline"].tolist() == [cell] * 2, "asked by the profiles: in doubt"
