"""Columns of tables fit their room: those that decide first, nothing cut."""

import pandas as pd
import pytest

from planner.app.widgets.column_widths import (
    ENOUGH,
    FEW_LINES,
    MOST_LINES,
    NO_BREAK,
    NO_WIDTH,
    PADDING,
    broken,
    laid_out,
    searched_text,
    text_width,
    with_line_ends,
)

TABLE = pd.DataFrame(
    {
        "Place": ["North of the old station, behind the wall", "West"],
        "Residents": [12345, 7],
        "What would mend it": ["open a gate", "build here"],
        "Detour": [1.25, 3.5],
        "Nothing": [None, None],
    }
)
ORDER = list(TABLE)


def width_of(laid):
    return sum(column["width"] for column in laid.config.values())


@pytest.mark.parametrize("room", [200, 300, 420, 600, 1050])
def test_what_is_shown_fits_and_no_heading_is_cut(room):
    laid = laid_out(TABLE, ORDER, {}, room, deciding=3)
    assert laid.names == ORDER[: len(laid.names)]
    assert width_of(laid) <= room
    for name, column in laid.config.items():
        assert column["width"] >= text_width(name) + PADDING
    long = laid.config["Place"]["width"] - PADDING
    assert text_width(TABLE["Place"][0]) <= laid.lines * long


def test_texts_are_wrapped_only_where_a_deciding_column_would_be_left_out():
    wide = laid_out(TABLE, ORDER, {}, 700, deciding=3)
    assert (wide.names, wide.lines) == (ORDER[:4], 1)
    narrow = laid_out(TABLE, ORDER, {}, 420, deciding=3)
    assert narrow.names == ORDER[:3]
    assert narrow.lines > 1
    assert laid_out(TABLE, ORDER, {}, 420, deciding=2).lines == 1


def test_columns_that_hold_nothing_are_left_to_choice():
    assert "Nothing" not in laid_out(TABLE, ORDER, {}, 2000).names
    every = laid_out(TABLE, ["Nothing", "Place"], {}, 200, every=True)
    assert every.names == ["Nothing", "Place"]


def test_labels_count_as_headings():
    config = {"Detour": {"label": "A heading that is longer than its name"}}
    laid = laid_out(TABLE, ["Detour"], config, 100)
    assert laid.config["Detour"]["width"] >= text_width(config["Detour"]["label"]) + PADDING


@pytest.mark.parametrize("width", [20.0, 60.0, 116.0, 300.0])
def test_lines_hold_the_whole_text_and_none_is_wider_than_its_column(width):
    for text in (
        "Civil affairs, Health, Public security",
        "备选点 007, 古浮桥社区",
        "Unpartedword" * 3,
    ):
        lines = broken(text, width)
        assert "".join(lines).replace(" ", "") == text.replace(" ", "")
        assert all(text_width(line) <= width for line in lines)


def test_what_is_drawn_ends_in_characters_of_no_width_where_it_is_chinese():
    laid = laid_out(TABLE, ORDER, {}, 420, deciding=3)
    texts = dict.fromkeys(TABLE.select_dtypes(exclude="number"), "钟楼")
    table = TABLE.assign(**{**texts, "Place": ["钟楼社区", "West"]})
    shown = laid.measured(table)
    assert shown["Place"].tolist() == ["钟楼社区" + NO_WIDTH * 8, "West"]
    assert shown["Residents"].tolist() == [12345, 7]
    assert laid_out(TABLE, ORDER, {}, 1050).measured(table) is table


def test_beside_latin_names_each_sign_of_chinese_is_as_wide_as_a_latin_letter():
    places = ["Rua Conde de Sarzedas，spo", "钟楼社区", "Oodi"]
    table = pd.DataFrame({"位置": places, "造价": [1.0, 2.0, 3.0]})
    laid = laid_out(table, list(table), {}, 190)
    assert laid.lines > 1
    long, chinese, short = laid.measured(table)["位置"]
    assert (long, short) == ("Rua Conde de Sarzedas， spo" + NO_WIDTH * 2, "Oodi")
    assert chinese == "".join(sign + NO_WIDTH for sign in places[1])
    assert text_width("钟楼") / 4 == pytest.approx(text_width("Rua Conde") / 9, rel=0.15)
    alone = laid.measured(table.assign(位置=[places[1]] * 3))["位置"]
    assert set(alone) == {places[1] + NO_WIDTH * 8}, "it can be searched for"


@pytest.mark.long
def test_rows_are_high_enough_for_a_text_that_takes_more_lines_than_it_was_laid_out_for():
    kinds = " ".join(["Administration"] * 8)  # two words are just wider than a line
    table = pd.DataFrame({"Kinds": [kinds], "Residents": [1606.0], "Gained": [938.0]})
    needed = set()
    for room in range(240, 500, 4):
        laid = laid_out(table, list(table), {}, room)
        lines = len(broken(kinds, laid.config["Kinds"]["width"] - PADDING))
        assert laid.lines >= lines - 1, "half a pixel is no line"
        needed.add(laid.lines)
    assert max(needed) > MOST_LINES


@pytest.mark.parametrize("width", range(80, 300, 7))
def test_no_line_of_chinese_begins_with_a_comma_or_parts_a_word_from_its_number(width):
    for text in (
        "锦绣苑围墙（新安街，春晓警务室以东 20 米）",
        "老年人日间照料中心、派出所、社区卫生服务站、警务室",
        "备选点 073（河套五巷，钟楼以东 90 米）",
    ):
        lines = broken(with_line_ends(text), width)
        assert not [line for line in lines if line[0] in "，、；：。）"], lines
        assert not [line for line in lines if line.endswith(("备选点", "20", "90"))], lines


def test_what_browsers_are_given_parts_chinese_as_it_is_laid_out():
    text = "备选点 073（河套五巷，钟楼以东 90 米）"
    table = pd.DataFrame({"位置": [text], "居民": [1.0]})
    (shown,) = laid_out(table, list(table), {}, 230).measured(table)["位置"]
    assert f"备选点{NO_BREAK}073 （" in shown
    assert searched_text(shown) == text


def test_a_short_word_of_chinese_stands_in_one_line():
    table = pd.DataFrame(
        {"名称": ["东洲头社区", "春晓社区"], "覆盖率": [1.0, 2.0], "超出限值": [3469.0, 3263.0]}
    )
    for room in range(150, 400, 10):
        laid = laid_out(table, list(table), {}, room)
        inner = laid.config["名称"]["width"] - PADDING
        assert broken(table["名称"][0], inner + 0.5) == [table["名称"][0]], room


def test_rows_are_higher_than_two_lines_only_where_few_columns_would_else_fit():
    """Otherwise a list of many columns shows two of its rows."""
    long = "社区卫生服务站、老年人日间照料中心、文化活动站"
    table = pd.DataFrame({f"列{number}": [long] for number in range(8)})
    high = laid_out(table, list(table), {}, 640, deciding=8)
    assert len(high.names) == ENOUGH
    assert high.lines > FEW_LINES
    wide = laid_out(table, list(table), {}, 1050, deciding=8)
    assert len(wide.names) >= ENOUGH
    assert wide.lines <= FEW_LINES + 1


def test_what_fits_a_narrow_screen_is_laid_out_for_it():
    """On a wide one its columns grow; laid out for that it would be moved sideways on the other."""
    few = laid_out(TABLE, ORDER[:3], {}, 1050)
    narrow = laid_out(TABLE, ORDER[:3], {}, 715)
    assert narrow.shows_as_much_as(few)
    assert width_of(narrow) <= 715 + len(narrow.names)
    assert not laid_out(TABLE, ORDER[:3], {}, 250).shows_as_much_as(few)
