"""What words of status and ownership mean: known, said, kept, and asked where nobody knows."""

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from places import small_district

from planner.district import Source, builtin_kinds
from planner.errors import InputError
from planner.sources import Intake
from planner.sources.files.points import read_facilities, states_of
from planner.sources.files.previews import preview
from planner.sources.tables.kept_mappings import read_mappings, write_mappings
from planner.sources.tables.set_aside import SetAside, parse_allowance
from planner.sources.tables.words.states import StateWord, read_states
from planner.views.words.labels import Labels

SAID = {"status": {"试运行": "existing", "并入总馆": ""}, "ownership": {"街道自有": "public"}}


@pytest.fixture
def listed(tmp_path) -> Path:
    rows = [
        "甲馆,图书馆,在用,街道自有,114.93,25.85",
        "乙馆,图书馆,试运行,民办,114.94,25.85",
        "丙馆,图书馆,并入总馆,公办,114.95,25.85",
    ]
    file = tmp_path / "list.csv"
    headers = "名称,类别,状态,性质,经度(WGS84),纬度(WGS84)"
    file.write_text("\n".join([headers, *rows]), encoding="utf-8")
    return file


ALL = parse_allowance("100%")


def test_an_owner_that_is_said_to_be_unknown_is_told(listed):
    listed.write_text(listed.read_text(encoding="utf-8").replace("民办", "未知"), encoding="utf-8")
    told = read_facilities(listed, builtin_kinds(), allowance=ALL).findings
    (left,) = [f for f in told if f.code == "tables.words_left_empty"]
    assert "未知 (1)" in left.params["words"]


def test_unknown_statuses_are_set_aside_and_listed(listed):
    read = read_facilities(listed, builtin_kinds(), allowance=ALL)
    assert read.table["name"].tolist() == ["甲馆"]
    assert {row.value for row in read.set_aside} == {"试运行", "并入总馆"}
    assert StateWord("status", "试运行", "", 1) in read.states
    assert StateWord("ownership", "民办", "partner", 1) in read.states


def test_what_is_said_goes_before_and_is_kept_for_the_next_file(listed, tmp_path):
    read = read_facilities(listed, builtin_kinds(), state_words=SAID, allowance=ALL)
    assert read.table["status"].tolist() == ["existing", "existing"]
    assert read.table["ownership"].tolist() == ["public", "partner"]
    assert read.table["status_text"].tolist() == ["在用", "试运行"]
    assert [row.value for row in read.set_aside] == ["并入总馆"]
    kept = tmp_path / "a.mappings.json"
    assert read.mapping is not None
    write_mappings(kept, {"facilities": read.mapping})
    again = read_facilities(
        listed, builtin_kinds(), mapping=read_mappings(kept)["facilities"], allowance=ALL
    )
    assert again.table["status"].tolist() == read.table["status"].tolist()
    changed = {"status": {"在用": "planned"}}
    now = read_facilities(listed, builtin_kinds(), state_words=changed, allowance=ALL)
    assert now.table["status"].tolist() == ["planned"]


def test_a_list_of_unknown_statuses_alone_still_tells_its_words(listed):
    text = listed.read_text(encoding="utf-8").replace("在用", "试运行")
    listed.write_text(text, encoding="utf-8")
    shown = preview({"facilities": listed}, builtin_kinds(), Intake(allowance=ALL))
    answer = shown["layers"]["facilities"]
    assert answer["error"] is not None
    words = {each["word"]: each["count"] for each in answer["states"] if not each["value"]}
    assert words == {"试运行": 2, "并入总馆": 1, "街道自有": 1}
    assert states_of(listed, state_words=SAID)[0].value == "existing"


@pytest.mark.parametrize("said", [{"status": {"a": "open"}}, {"kind": {"a": "clinic"}}])
def test_what_is_no_status_is_refused(said):
    with pytest.raises(InputError) as error:
        Intake(state_words=said)
    assert error.value.code == "tables.state_word_value"


@pytest.mark.parametrize(
    ("word", "value"),
    [("企业内部", "internal"), ("staff only", "internal"), ("私立", "partner"), ("军队", "")],
)
def test_facilities_of_staff_are_no_public_ones_and_unknown_words_are_told_to_count(word, value):
    table = pd.DataFrame({"ownership": [word]}, index=[2])
    findings, _ = read_states(table, SetAside("a.csv"))
    assert table["ownership"].tolist() == [value]
    left = [f for f in findings if f.code == "tables.words_left_empty"]
    assert len(left) == (value == "")
    for each in left:
        assert "count as public" in Labels("en").finding(each, builtin_kinds())


def test_a_kind_of_several_lists_is_told_with_all_and_dated_where_they_agree():
    place = small_district()
    first, second = Source("facilities", "a.csv", "2025"), Source("facilities", "b.csv", "2026")
    told = replace(place, sources=(first, second), records={}).with_layers().records
    assert {(each.source, each.date) for each in told.values()} == {("a.csv; b.csv", "")}
    same = (first, replace(second, date="2025"))
    told = replace(place, sources=same, records={}).with_layers().records
    assert {each.date for each in told.values()} == {"2025"}
