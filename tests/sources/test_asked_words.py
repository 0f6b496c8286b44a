"""Words of streets, barriers and gates: known, said, kept for the next file, and never silent."""

from pathlib import Path

import geopandas as gpd
import pytest
import shapely
from grid_town import Files, finding, line, streets, with_rows

from planner.district import builtin_kinds
from planner.errors import InputError
from planner.sources import Intake
from planner.sources.files.layers import asked_words
from planner.sources.files.points import read_gates
from planner.sources.files.previews import preview
from planner.sources.files.shapes import read_shapes
from planner.sources.files.streets.lines import read_streets
from planner.sources.tables.guessing import as_before
from planner.sources.tables.kept_mappings import read_mappings, write_mappings
from planner.sources.tables.set_aside import parse_allowance
from planner.sources.tables.words.states import ASKED, StateWord, check_state_words, values_of

ALL = parse_allowance("100%")


def drawn(tmp_path: Path, name: str = "a.gpkg", **columns: list[object]) -> Path:
    count = len(next(iter(columns.values())))
    lines = [
        shapely.LineString([(5e5 + 100 * i, 3e6), (5e5 + 100 * i + 100, 3e6)]) for i in range(count)
    ]
    gpd.GeoDataFrame(columns, geometry=lines, crs=32650).to_file(tmp_path / name)
    return tmp_path / name


def told(reading, code):
    return next(each.params for each in reading.findings if each.code == code)


# ---- streets


def test_private_streets_are_told_by_their_words_with_metres_and_can_be_walked(tmp_path):
    file = drawn(tmp_path, 通行=["内部", "小区内部", "禁行", None])
    closed = read_streets(file)
    assert len(closed.table) == 1
    found = told(closed, "sources.private_streets")
    assert (found["count"], found["km"], found["words"]) == (2, 0.2, "内部: 1; 小区内部: 1")
    assert StateWord("access", "内部", "private", 1) in closed.states
    assert StateWord("access", "禁行", "no", 1) in closed.states

    opened = read_streets(file, state_words={"access": {"内部": "yes"}})
    assert len(opened.table) == 2
    assert told(opened, "sources.private_streets")["words"] == "小区内部: 1"
    found = told(opened, "sources.streets_opened")
    assert (found["count"], found["km"], found["words"]) == (1, 0.1, "内部: 1")
    assert opened.mapping is not None
    assert opened.mapping.access_words == {"内部": "yes"}


@pytest.mark.long(but=1)
@pytest.mark.parametrize(
    ("tags", "private"),
    [
        ({"access": "private"}, True),
        ({"foot": "residents"}, True),
        ({"service": "private", "highway": "service"}, True),
        ({"access": "no"}, False),
        ({"access": "private", "highway": "motorway"}, False),
        ({"access": "private", "foot": "no"}, False),
    ],
)
def test_only_what_would_be_walked_otherwise_is_told_as_private(tmp_path, tags, private):
    reading = read_streets(drawn(tmp_path, **{key: [value, None] for key, value in tags.items()}))
    assert len(reading.table) == 1
    codes = {each.code for each in reading.findings}
    assert ("sources.private_streets" in codes) == private
    assert "sources.not_walked" in codes


@pytest.mark.long
def test_whom_a_private_street_concerns_is_told_of_it_alone(tmp_path):
    rows = with_rows(streets(), line((120, 12), (180, 12)), name="drive", highway="service")
    rows["通行"] = ["内部" if name == "drive" else "" for name in rows["name"]]
    files = Files(tmp_path, {"streets": rows})
    found = finding(files.district(), "sources.private_places")
    assert (found["homes"], found["facilities"], found["ids"]) == (1, 0, "d5")
    town = files.district(intake=Intake(state_words={"access": {"内部": "yes"}}))
    codes = {each.code for each in town.findings}
    assert "sources.streets_opened" in codes
    assert not codes & {"sources.private_places", "sources.private_streets"}


def test_a_class_that_is_not_known_is_asked_and_what_is_said_decides(tmp_path):
    file = drawn(tmp_path, 道路等级=["生活街巷", "生活街巷", "管廊", "主干路"])
    asked = read_streets(file)
    assert StateWord("street_class", "生活街巷", "", 2) in asked.states
    assert StateWord("street_class", "主干路", "primary", 1) in asked.states
    assert len(asked.table) == 4
    said = {"street_class": {"生活街巷": "residential", "管廊": "no"}}
    reading = read_streets(file, state_words=said)
    assert reading.table["highway"].tolist() == ["residential", "residential", "primary"]
    assert "sources.street_words" not in {each.code for each in reading.findings}


def test_what_columns_and_words_of_streets_mean_is_kept_for_the_next_file(tmp_path):
    file = drawn(tmp_path, 分级=["甲", "乙"], access=["private", None])
    guess = read_streets(file).mapping
    assert guess is not None
    assert dict(guess.columns) == {"分级": "", "access": "access"}
    columns = {"分级": "highway", "access": ""}
    own = guess.with_state_words({"street_class": {"甲": "footway", "乙": "no"}})
    own = as_before(guess, own, ())
    mapping = type(own)(**{**vars(own), "columns": columns})
    reading = read_streets(file, mapping=mapping)
    # a column that means nothing is not asked, though it bears the name of one that is
    assert reading.table["highway"].tolist() == ["footway"]
    assert "sources.private_streets" not in {each.code for each in reading.findings}
    kept = tmp_path / "a.mappings.json"
    assert reading.mapping is not None
    write_mappings(kept, {"streets": reading.mapping})
    again = read_streets(file, mapping=read_mappings(kept)["streets"])
    assert again.table["highway"].tolist() == ["footway"]


def test_words_are_listed_of_a_file_in_which_nobody_walks(tmp_path):
    file = drawn(tmp_path, 通行=["内部", "内部"])
    with pytest.raises(InputError) as refused:
        read_streets(file)
    assert refused.value.code == "sources.nothing_walked"
    assert asked_words("streets", file, {}, Intake())[1] == (
        StateWord("access", "内部", "private", 2),
    )


# ---- barriers and gates


def test_words_of_barriers_that_are_not_known_are_asked(tmp_path):
    file = drawn(tmp_path, 类型=["河流", "隔离带", "桥", "围墙", "围墙"])
    read = read_shapes(file, "barriers", allowance=ALL)
    assert read.table["kind"].tolist() == ["water", "wall", "wall"]
    assert {row.value for row in read.set_aside} == {"隔离带", "桥"}
    assert {row.reason.code for row in read.set_aside} == {"tables.no_barrier"}
    assert StateWord("barrier", "隔离带", "", 1) in read.states
    with pytest.raises(InputError) as refused:
        read_shapes(file, "barriers")
    assert refused.value.code == "tables.words_without_barrier"
    assert refused.value.params["words"] == "隔离带 (1); 桥 (1)"
    with pytest.raises(InputError) as refused:
        read_shapes(drawn(tmp_path, "b.gpkg", 类型=["河流", "隔离带", "隔离带"]), "barriers")
    assert refused.value.params["words"] == "隔离带 (2)"

    said = {"barrier": {"隔离带": "wall", "桥": ""}}
    read = read_shapes(file, "barriers", state_words=said, allowance=ALL)
    assert read.table["kind"].tolist() == ["water", "wall", "wall", "wall"]
    assert [row.reason.code for row in read.set_aside] == ["tables.word_set_aside"]
    assert read.mapping is not None
    again = read_shapes(file, "barriers", mapping=read.mapping, allowance=ALL)
    assert again.table["kind"].tolist() == read.table["kind"].tolist()


def test_barriers_without_a_column_for_their_kind_may_be_said_to_be_of_one(tmp_path):
    file = drawn(tmp_path, 名称=["章江", "贡江"])
    with pytest.raises(InputError) as refused:
        read_shapes(file, "barriers")
    assert refused.value.code == "sources.no_barrier_kind"
    read = read_shapes(file, "barriers", kind="water")
    assert read.table["kind"].tolist() == ["water", "water"]
    assert read.mapping is not None
    assert read_shapes(file, "barriers", mapping=read.mapping).table["kind"].eq("water").all()
    with pytest.raises(InputError):
        read_shapes(file, "barriers", kind="lake")


def test_words_of_gates_are_listed_said_and_kept(tmp_path):
    file = tmp_path / "gates.csv"
    rows = ["编号,经度,纬度,是否开放", "g1,114.9,25.8,问门卫", "g2,114.9,25.8,关闭"]
    file.write_text("\n".join(rows), encoding="utf-8")
    read = read_gates(file)
    assert read.states == (
        StateWord("gate", "问门卫", "", 1),
        StateWord("gate", "关闭", "shut", 1),
    )
    said = read_gates(file, state_words={"gate": {"问门卫": "open"}})
    assert said.table["open"].tolist() == [True, False]
    assert read_gates(file, mapping=said.mapping).table["open"].tolist() == [True, False]


def test_what_a_word_cannot_mean_is_refused():
    for asked in (name for each in ASKED.values() for name in each):
        assert values_of(asked)
        with pytest.raises(InputError, match="moon"):
            check_state_words({asked: {"word": "moon"}})


def test_a_preview_asks_of_all_words_and_tells_whom_private_streets_concern(tmp_path):
    rows = with_rows(streets(), line((120, 12), (180, 12)), name="drive", highway="service")
    rows["通行"] = ["内部" if name == "drive" else "" for name in rows["name"]]
    walls = gpd.GeoDataFrame({"类型": ["隔离带"]}, geometry=[line((0, 90), (9, 90))], crs=rows.crs)
    files = Files(tmp_path, {"streets": rows, "barriers": walls}).paths()
    files["communities"] = files.pop("boundaries")
    shown = preview(files, builtin_kinds(), Intake(allowance=ALL))["layers"]
    assert shown["barriers"]["error"]["code"] == "tables.no_barrier"
    assert shown["barriers"]["states"] == [
        {"column": "barrier", "word": "隔离带", "value": "", "count": 1}
    ]
    words = {(each["column"], each["word"]) for each in shown["streets"]["states"]}
    assert ("access", "内部") in words
    told = {each["code"]: each["params"] for each in shown["streets"]["findings"]}
    assert told["sources.private_places"]["homes"] == 1
    assert shown["streets"]["mapping"]["columns"]["通行"] == "access"
