"""What a gate's word opens: a home behind a wall whose only gate has that word."""

import geopandas as gpd
import pytest
from effort import few
from grid_town import ALL, CRS, Files, covered, facilities, finding, line, point

from planner.sources import check

BEHIND = 100.0


def walled(tmp_path, **columns):
    """The first home stands in a court with one gate towards the street."""
    wall = line((40, 5), (60, 5), (60, 20), (40, 20), (40, 5))
    court = gpd.GeoDataFrame({"kind": ["wall"]}, geometry=[wall], crs=CRS)
    told = {"gate_id": ["g1"], **{key: [value] for key, value in columns.items()}}
    gate = gpd.GeoDataFrame(told, geometry=[point(50, 5)], crs=CRS)
    return Files(tmp_path, {"barriers": court, "gates": gate, "facilities": facilities((50, -20))})


def as_table(town, tmp_path, *words):
    """A gate for each word in one place, as a table, whose rows are counted with the header."""
    spot = gpd.GeoSeries([point(50, 5)], crs=CRS).to_crs(4326).iloc[0]
    rows = [f"g{n},{spot.x},{spot.y},{word}" for n, word in enumerate(words)]
    path = tmp_path / "gates.csv"
    path.write_text("\n".join(["编号,经度,纬度,是否开放", *rows]) + "\n", encoding="utf-8")
    town.layers["gates"] = path
    return town


@pytest.mark.long
def test_words_that_open(tmp_path):
    words = ["open", "yes", "TRUE", "1", "开", "开放", "常开", ""]
    town = as_table(walled(tmp_path), tmp_path, *words).district()
    assert dict(zip(words, town.gates["open"], strict=True)) == dict.fromkeys(words, True)
    assert covered(town) == ALL


@pytest.mark.long
def test_words_that_shut(tmp_path):
    words = ["closed", "Closed ", "locked", "no", "0", "关闭", "关", "常闭", "ｃｌｏｓｅｄ"]
    town = as_table(walled(tmp_path), tmp_path, *words).district()
    assert dict(zip(words, town.gates["open"], strict=True)) == dict.fromkeys(words, False)
    assert covered(town) == ALL - BEHIND
    assert "sources.gate_words" not in {each.code for each in town.findings}
    (lost,) = [f for f in check(town) if f.code == "sources.demand_without_street"]
    assert lost.params["ids"] == "d0"


@pytest.mark.long
def test_a_word_that_is_not_known_shuts_is_told_by_row_and_can_be_mapped(tmp_path):
    files = as_table(walled(tmp_path), tmp_path, "问门卫")
    town = files.district()
    assert covered(town) == ALL - BEHIND
    found = finding(town, "sources.gate_words")
    assert (found["file"], found["count"], found["words"]) == ("gates.csv", 1, "问门卫 (2)")
    for state, people in ((True, ALL), (False, ALL - BEHIND)):
        told = files.district(gate_words={"问门卫": state})
        assert covered(told) == people
        assert "sources.gate_words" not in {each.code for each in told.findings}


@pytest.mark.long(but=1)
@pytest.mark.parametrize(
    ("columns", "is_open"),
    few(
        [
            ({"open": True}, True),
            ({"open": False}, False),
            ({"locked": "yes"}, False),
            ({"locked": "no"}, True),
            ({"access": "private"}, False),
            ({"access": "yes"}, True),
        ],
        4,
    ),
)
def test_columns_of_a_layer(tmp_path, columns, is_open):
    town = walled(tmp_path, **columns).district()
    assert town.gates["open"].tolist() == [is_open]
    assert covered(town) == (ALL if is_open else ALL - BEHIND)


def test_what_is_unknown_to_its_bureau_is_shut_and_a_blank_beside_others_is_told(tmp_path):
    words = ["开", "未知", "不详", "待定", "", "-", "/"]
    town = as_table(walled(tmp_path), tmp_path, *words).district()
    assert town.gates["open"].tolist() == [True, False, False, False, True, True, True]
    assert finding(town, "sources.gate_words")["count"] == 3
    untold = finding(town, "sources.gates_untold")
    assert (untold["count"], untold["rows"]) == (3, "6, 7, 8")


@pytest.mark.long
def test_gates_of_a_file_without_any_state_are_told_as_open(tmp_path):
    town = as_table(walled(tmp_path), tmp_path, "", "").district()
    assert town.gates["open"].tolist() == [True, True]
    assert finding(town, "sources.gates_untold")["count"] == 2
