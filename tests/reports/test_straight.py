"""A report under a standard that measures as the crow flies: whole, and without a word of walks."""

import re
from dataclasses import replace

import pytest
from demo_part import part_of_demo

from planner import assess
from planner.district import find_standard
from planner.reports.briefing import briefing
from planner.reports.report import report

OF_WALKS = re.compile(r"\bwalk|on foot|步行", re.IGNORECASE)


@pytest.fixture(scope="module")
def demo():
    return part_of_demo(2)


@pytest.fixture(scope="module")
def straight(demo):
    return assess(demo, replace(find_standard("gb50180-2018"), measure="straight"))


def of_one_kind(demo, measure):
    standard = find_standard("gb50180-2018")
    rule = replace(standard.rules["clinic"], measure=measure)
    return assess(demo, replace(standard, rules={"clinic": rule}))


@pytest.mark.parametrize(("language", "word"), [("en", "as the crow flies"), ("zh", "直线距离")])
def test_maps_leave_out_links_that_shorten_no_straight_line_and_say_so(straight, language, word):
    (maps, _) = report(straight, language=language, parts=["maps"]).parts
    said = [each for each in maps.blocks if isinstance(each, str)]
    assert any(word in each for each in said)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_nothing_of_it_is_called_a_walk(demo, language):
    told = report(of_one_kind(demo, "straight"), language=language, parts=["summary", "method"])
    said = [told.title, *(each for each in told.parts[0].blocks if isinstance(each, str))]
    assert not [each for each in said if OF_WALKS.search(each)]
    method = told.parts[1]
    assert not any("Dijkstra" in each for each in method.blocks if isinstance(each, str))
    page = briefing(of_one_kind(demo, "straight").departments(), language)
    assert not [each for each in page.finding if OF_WALKS.search(each)]
    assert not [each for row in page.figures for each in row if OF_WALKS.search(each)]


def test_walks_are_still_called_walks(demo):
    told = report(of_one_kind(demo, "walk"), parts=["summary", "method"])
    assert "within walking distance" in told.title
    assert any("The median walk" in str(each) for each in told.parts[0].blocks)
    assert any("Dijkstra" in str(each) for each in told.parts[1].blocks)
