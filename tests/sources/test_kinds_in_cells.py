"""Cells that name several kinds, another thing beside a kind, or a facility that is not there."""

import pandas as pd
import pytest
from effort import few
from grid_town import Files, facilities, finding

from planner.district import builtin_kinds
from planner.sources.tables.set_aside import SetAside
from planner.sources.tables.words.allowed_kinds import allowed_kinds
from planner.sources.tables.words.kinds import WordTable
from planner.sources.tables.words.states import read_states


@pytest.mark.parametrize(
    "word",
    [
        "宠物诊所",
        "兽医诊所",
        "医疗保健服务;动物医疗场所;宠物诊所",
        "社区服务中心停车场",
        "图书馆停车场",
        "非警务室",
        "社区卫生服务中心(公交站)",
        "派出所宿舍",
        "图书馆旧址",
        "学校食堂",
        "职业学校",
        "汽车诊所",
        "口腔诊所",
        "社区卫生服务站停车点",
        "派出所旁",
        "体育场东门",
        "森林派出所",
        "社区卫生服务站家属楼",
        "图书馆设备仓库",
    ],
)
def test_what_stands_beside_a_kind_or_is_for_animals_is_none(word):
    assert WordTable(builtin_kinds()).kind(word) == ()


@pytest.mark.long
@pytest.mark.parametrize(
    ("word", "status"),
    few(
        [
            ("派出所(已撤销)", "closed"),
            ("拟建社区卫生服务站", "planned"),
            ("图书馆（在建）", "planned"),
            ("社区卫生服务站（筹）", "planned"),
        ],
        2,
    ),
)
def test_a_cell_that_says_a_facility_is_not_there_is_heeded(tmp_path, word, status):
    table = facilities((50, 0), (450, 0)).drop(columns="kind").assign(kind=["诊所", word])
    town = Files(tmp_path, {"facilities": table}).district()
    assert town.facilities["status"].tolist() == ["existing", status]
    assert finding(town, "sources.facilities_gone")["count"] == 1


@pytest.mark.parametrize(
    "word",
    [
        "社区卫生服务站\n图书室",
        "社区卫生服务站 图书室",
        "社区卫生服务站兼图书室",
        "社区卫生服务站（含图书室）",
        "1社区卫生服务站2图书室",
        "1. 社区卫生服务站 2. 图书室",
    ],
)
def test_kinds_of_a_cell_stand_one_below_the_other_or_in_brackets(word):
    assert WordTable(builtin_kinds()).kinds(word) == ("clinic", "library")


def test_what_a_cell_says_is_lacking_is_no_kind_of_it():
    table = WordTable(builtin_kinds())
    assert table.kinds("社区卫生服务站，无图书室") == ()
    assert table.kind("社区卫生服务站，无图书室") == "clinic"
    assert table.kinds("社区卫生服务站、警务室、无图书室") == ("clinic", "police_room")


@pytest.mark.parametrize(
    "word",
    ["卫生站(不含图书室)", "卫生站，图书室暂无", "卫生站，原图书室", "卫生站、未设图书室"],
)
def test_what_a_cell_denies_in_other_ways_is_no_kind_of_it_either(word):
    table = WordTable(builtin_kinds())
    assert (table.kinds(word), table.kind(word)) == ((), "clinic")
    assert table.kind("太原图书馆") == "library"


@pytest.mark.parametrize("tie", ["·", "—", "-", "暨", "加", "附设", "内设"])
def test_kinds_are_tied_by_dashes_and_words(tie):
    word = f"社区卫生服务站{tie}图书室"
    assert WordTable(builtin_kinds()).kinds(word) == ("clinic", "library")


def test_a_name_with_a_space_is_no_list():
    name = "社区服务站 图书室"
    assert WordTable(builtin_kinds()).kinds(name, name) == ()


@pytest.mark.long
def test_only_the_part_that_is_to_come_is_planned(tmp_path):
    table = facilities((50, 0), (450, 0)).drop(columns="kind")
    table = table.assign(kind=["社区卫生服务站,图书室（在建）", "警务室"])
    found = Files(tmp_path, {"facilities": table}).district().facilities.set_index("kind")
    assert found["status"].to_dict() == {
        "clinic": "existing",
        "library": "planned",
        "police_room": "existing",
    }


@pytest.mark.long
@pytest.mark.parametrize("mark", few(["、", ";", "/", "和"], 2))
def test_a_cell_of_two_kinds_is_a_facility_of_each(tmp_path, mark):
    table = facilities((50, 0), (450, 0)).drop(columns="kind")
    table = table.assign(kind=[f"社区卫生服务站{mark}图书室", "警务室"], floor_area_m2=[90, 20])
    town = Files(tmp_path, {"facilities": table}).district()
    found = town.facilities.set_index("kind")
    assert sorted(found.index) == ["clinic", "library", "police_room"]
    assert found.loc["library", "facility_id"].endswith("/library")
    assert found["floor_area_m2"].notna().tolist() == [
        kind == "police_room" for kind in found.index
    ]
    assert finding(town, "tables.several_kinds")["count"] == 1


def test_levels_of_a_category_are_no_list():
    words = WordTable(builtin_kinds())
    assert words.kinds("科教文化服务;文化宫;图书馆") == ()
    assert words.kinds("劳动和社会保障所") == ()
    assert words.kinds("图书室、警务室、棋牌室") == ("library", "police_room")


@pytest.mark.parametrize("word", ["无", "没有", "未知", "待定", "none"])
def test_a_status_that_says_none_is_no_facility_in_use(word):
    table = pd.DataFrame({"status": ["在用", word, ""]}, index=[2, 3, 4])
    aside = SetAside("a.csv")
    read_states(table, aside)
    assert table["status"].tolist() == ["existing", "", ""]
    assert [(row.row, row.reason.code) for row in aside.rows] == [(3, "tables.unknown_status")]


def test_what_a_name_holds_in_brackets_is_there_too():
    table = WordTable(builtin_kinds())
    name = "文化站（含图书室）"
    assert table.kinds(name, name) == ("cultural_station", "library")
    assert table.kinds("文化站（不含图书室）", "文化站（不含图书室）") == ()


@pytest.mark.parametrize(
    "cell",
    [
        "除诊所外",
        "除诊所、图书馆外均可",
        "不含诊所",
        "非诊所",
        "诊所除外",
        "except clinic",
        "No clinics",
        "all but clinics",
    ],
)
def test_a_site_that_says_what_it_is_not_for_is_set_aside(cell):
    aside = SetAside("a.csv", total=2)
    ids, findings = allowed_kinds(pd.Series([cell, "诊所"]), builtin_kinds(), aside)
    assert ids.tolist() == [ids[0], "clinic"]
    assert [(row.row, row.reason.code) for row in aside.rows] == [(0, "sources.unknown_kind")]
    assert aside.rows[0].reason.params["kind"] == cell
    assert cell not in str(findings)
