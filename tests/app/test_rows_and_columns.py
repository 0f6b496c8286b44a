"""Rows of plans are two lines high at most, and columns that decide fit a screen of 1024 pixels."""

import pandas as pd
import pytest

from planner.app.pages.departments.page import _DECIDE, _KINDS_DECIDE
from planner.app.pages.links.page import _FIRST
from planner.app.pages.one_stop.page import ROOM
from planner.app.widgets.column_widths import laid_out
from planner.app.widgets.tables import HALF, NARROW, TICKS
from planner.views.words.labels import Labels

STREETS = ("Jinxiu Garden Wall, Mingde North Road", "Wangjiang Third Lane")


def two_lines(heads: list[str], texts: dict[str, list[str]], room: int) -> None:
    table = pd.DataFrame({head: texts.get(head, [1.0, 2.0]) for head in heads})
    laid = laid_out(table, heads, {}, room, deciding=len(heads))
    assert laid.names == heads, "a column that decides has no room"
    assert laid.lines <= 2


def test_a_link_is_two_lines_high():
    labels = Labels("en")
    heads = [labels.message(f"links.col_{name}") for name in _FIRST]
    works = [labels.message(f"links.work_{work}") for work in ("open_gate", "new_gate")]
    two_lines(heads, {heads[1]: works, heads[2]: list(STREETS)}, HALF - TICKS)


def test_a_one_stop_site_is_two_lines_high():
    labels = Labels("en")
    names = ("rank", "kinds", "place", "gained", "cost")
    heads = [labels.message(f"one_stop.col_{name}") for name in names]
    kinds = ["Community service station and 2 more", "Police room"]
    two_lines(heads, {heads[1]: kinds, heads[2]: ["Old City Avenue", STREETS[1]]}, ROOM - TICKS)


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("names", [_DECIDE, _KINDS_DECIDE])
def test_what_decides_who_must_act_is_in_one_line_on_a_screen_of_1024_pixels(language, names):
    labels = Labels(language)
    heads = [labels.message(f"departments.col_{n}", currency=labels.money_word()) for n in names]
    department = {"en": "Housing and urban-rural development", "zh": "自然资源和规划"}[language]
    prices = {heads[-1]: ["10,397–256,875", "from 23,956"]}
    if names == _KINDS_DECIDE:
        texts = {heads[0]: ["Community service centre (subdistrict)"] * 2}
        texts[heads[1]] = ["Culture, tourism and sport"] * 2
    else:
        texts = {heads[0]: [department] * 2}
    table = pd.DataFrame({head: {**texts, **prices}.get(head, [66155.0, 586.0]) for head in heads})
    laid = laid_out(table, heads, {}, NARROW - TICKS, deciding=len(heads))
    assert laid.names == heads
    assert sum(column["width"] for column in laid.config.values()) <= NARROW
    assert names == _KINDS_DECIDE or laid.lines == 1
