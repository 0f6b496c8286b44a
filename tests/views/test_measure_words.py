"""Metres as the crow flies are not called a walk, whatever tells them."""

import re
from dataclasses import replace

import pytest
from demo_part import part_of_demo

import planner
from planner.analysis.compliance.audit import audit
from planner.district import find_standard
from planner.siting import propose, reasons
from planner.views.tables.analysis.checkups import clauses_table
from planner.views.tables.siting import matching as tables
from planner.views.words.labels import Labels
from planner.views.words.measured import straight_word
from planner.views.words.siting import matching as words
from planner.views.words.siting.answers import reason_sentences

OF_WALKS = re.compile(r"\bwalk|on foot|步行", re.IGNORECASE)
TIPS = ("walk", "home_served", "place", "line")
SAMPLE = dict.fromkeys(
    ("metres", "distance", "used", "room", "share", "community", "name", "amount"), ""
)
LANGUAGES = pytest.mark.parametrize("language", ["en", "zh"])


@pytest.fixture(scope="module")
def part():
    return part_of_demo(3)


@pytest.fixture(scope="module")
def straight(part):
    return planner.assess(part, replace(find_standard("gb50180-2018"), measure="straight"))


@pytest.fixture(scope="module")
def matched(straight):
    return planner.match_needs(straight, "clinic", capacity=500.0)


@LANGUAGES
def test_needs_are_matched_over_straight_lines_that_say_so(matched, language):
    said = words.answer(matched, language)
    assert Labels(language).value("straight") in said
    assert not OF_WALKS.search(said + words.note(matched, language))
    told = (
        tables.places_table(matched, language),
        tables.communities_table(matched, language),
        tables.owners_table(matched, language),
        tables.enlargements_table(matched, matched.enlarge(50.0), language),
        tables.homes_table(matched, language),
        tables.flows_table(matched, language),
    )
    assert not [name for table in told for name in table if OF_WALKS.search(name)]


@LANGUAGES
def test_the_map_of_it_tells_no_walk(language):
    labels = Labels(language)
    said = [labels.message(f"matching.tip_{name}", **SAMPLE) for name in TIPS]
    assert not [each for each in said if OF_WALKS.search(each)]


@LANGUAGES
def test_why_a_site_stands_where_it_does_tells_no_walk(straight, language):
    proposal = propose(straight, "clinic", 1)
    (said,) = reason_sentences(proposal, reasons(proposal), language)
    assert not OF_WALKS.search(said)
    assert Labels(language).value("straight") in said


@LANGUAGES
def test_clauses_on_distances_have_one_name(straight, language):
    table = clauses_table(straight, audit(straight), language)
    assert not [each for each in table.to_numpy().ravel() if OF_WALKS.search(str(each))]


def test_walks_are_called_walks_and_both_where_kinds_differ(part):
    labels = Labels("en")
    standard = find_standard("gb50180-2018")
    assert straight_word(standard, standard.rules, labels) == ""
    rules = {**standard.rules, "clinic": replace(standard.rules["clinic"], measure="straight")}
    mixed = replace(standard, rules=rules)
    assert straight_word(mixed, ["clinic"], labels) == "straight line"
    assert straight_word(mixed, ["clinic", "police_room"], labels).endswith("by kind")
    walked = planner.match_needs(planner.assess(part), "clinic", capacity=500.0)
    assert "on foot" in words.answer(walked)
