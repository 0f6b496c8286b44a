"""Columns of tables fit their room: those that decide first, nothing cut."""

import pandas as pd
import pytest

from planner.app.widgets.column_widths import PADDING, laid_out, text_width

TABLE = pd.DataFrame(
    {
        "Place": ["North of the old station, behind the wall", "West"],
        "Residents": [12345, 7],
        "What would mend it": ["open a gate", "build one"],
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
    assert width_of(laid) <= room + len(laid.names)
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
