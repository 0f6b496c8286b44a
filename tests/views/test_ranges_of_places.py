"""Where homes are known by totals or cells alone, what is counted of shares tells their ranges."""

import html
from dataclasses import replace

import numpy as np
import pytest
import shapely
from effort import few
from test_spacing import STANDARD, grid_town

import planner
from planner import relocate
from planner.analysis.comparison import compare
from planner.analysis.compliance.checkup import checkup
from planner.analysis.coverage.spacing import share_ranges
from planner.district import Open, Rule, Scenario, Standard
from planner.siting import propose
from planner.siting.departments.departments import who_must_act
from planner.views.exports.analysis.card import cards_html
from planner.views.exports.analysis.checkups import write_checkup
from planner.views.exports.siting.comparisons import write_comparison
from planner.views.exports.siting.departments import write_departments
from planner.views.exports.siting.proposals import write_proposal
from planner.views.exports.siting.relocations import write_relocation
from planner.views.words.labels import Labels
from planner.views.words.ranges import MOST_RANGES, spread_after_words, spread_words
from planner.views.words.siting.proposals import answer
from planner.views.words.siting.relocations import relocation_answer

SURER = {"en": "is no surer than that", "zh": "都不会比这更准确"}


@pytest.fixture(scope="module")
def result():
    return planner.assess(grid_town(200.0, 3), STANDARD)


@pytest.fixture(scope="module")
def known(result):
    """Return the same town with its homes so near one another that nothing turns on them."""
    return planner.assess(grid_town(50.0, 12), STANDARD)


def ends(result, language):
    """Return the share and the ends of its range, in words."""
    found, labels = share_ranges(result.findings)["clinic"], Labels(language)
    assert found.low < found.share < found.high
    return [labels.percent(each) for each in (found.share, found.low, found.high)]


def told(lines, result, language):
    """Return the one sentence of some that tells how sure the figures are, with its ends."""
    (line,) = (each for each in lines if SURER[language] in each)
    assert all(end in line for end in ends(result, language)[1:])
    return line


@pytest.mark.parametrize("language", ["en", "zh"])
def test_sites_and_moves_tell_the_range_of_todays_share(result, known, language):
    found = propose(result, "clinic", 1, where=["streets"])
    assert ends(result, language)[0] in told(answer(found, language), result, language)
    moved = relocate(result, "clinic", 1, where=["streets"])
    assert ends(result, language)[0] in told(relocation_answer(moved, language), result, language)
    sure = propose(known, "clinic", 1, where=["streets"])
    assert not [each for each in answer(sure, language) if SURER[language] in each]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_scenario_tells_the_range_before_and_after(result, known, language):
    labels = Labels(language)
    after = result.apply(Scenario("more", (Open("new", "clinic", 500.0, 500.0),)))
    (line,) = spread_after_words(result, after, "population", labels, ["clinic"])
    for side in (result, after):
        assert all(end in line for end in ends(side, language))
    assert ends(result, language) != ends(after, language)
    assert spread_after_words(result, result, "population", labels, ["clinic"]) == spread_words(
        result, "population", labels, ["clinic"]
    )
    assert spread_after_words(known, known, "population", labels, ["clinic"]) == []


def test_of_many_kinds_the_widest_ranges_are_told_and_the_rest_counted(result):
    kinds = ["clinic", "library", "post", "bank", "market", "park"]
    (found,) = (each for each in result.findings if "low" in each.params)
    many = [
        replace(found, params={**found.params, "kind": kind, "high": 90.0 + number})
        for number, kind in enumerate(kinds)
    ]

    class Judged:
        district = result.district

        @staticmethod
        def range_notes(group):
            return many if group == "population" else ()

    labels = Labels("en")
    (line,) = spread_words(Judged, "population", labels)
    low = labels.percent(found.params["low"] / 100)
    assert f"{low}–95.0%" in line
    assert f"{low}–90.0%" not in line
    assert f"and {len(kinds) - MOST_RANGES} more" in line
    assert spread_words(Judged, "pop_65plus", labels) == []
    (few,) = spread_words(Judged, "population", labels, ["park", "bank"])
    assert few.count(low) == 2
    assert "share of" in spread_words(Judged, "population", labels, ["park"])[0]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_groups_range_is_that_of_its_own_people_and_limit(language):
    town = grid_town(200.0, 3)
    near = town.demand.geometry.distance(shapely.Point(100.0, 100.0)) < 250.0
    town = town.with_layers(demand=town.demand.assign(pop_65plus=np.where(near, 30.0, 1.0)))
    rules = {"clinic": Rule("clinic", 300.0, limits={"pop_65plus": 270.0})}
    judged = planner.assess(town, Standard("one", "One", "一类", "made up", rules))
    (found,) = judged.range_notes("pop_65plus")
    metres, half = judged.distances["clinic"].to_numpy(), 200 / np.sqrt(2)
    people = town.demand["pop_65plus"].to_numpy()
    for name, moved in (("share", 0.0), ("low", half), ("high", -half)):
        within = people[metres + moved <= 270.0].sum() / people.sum()
        assert found.params[name] == round(100 * within, 1)
    assert found.params["low"] < found.params["share"] < found.params["high"]
    labels = Labels(language)
    (line,) = spread_words(judged, "pop_65plus", labels, ["clinic"])
    for name in ("share", "low", "high"):
        assert labels.percent(found.params[name] / 100) in line
    assert line != spread_words(judged, "population", labels, ["clinic"])[0]


@pytest.mark.parametrize("language", few(["en", "zh"], 1))
def test_the_files_tell_it_beside_their_tables(result, tmp_path, language):
    after = result.apply(Scenario("more", (Open("new", "clinic", 500.0, 500.0),)))
    made = checkup(result)
    written = [
        *write_proposal(propose(result, "clinic", 1, where=["streets"]), tmp_path / "a", language),
        *write_relocation(
            relocate(result, "clinic", 1, where=["streets"]), tmp_path / "b", language
        ),
        *write_departments(who_must_act(result), tmp_path / "c", language),
        *write_checkup(made, tmp_path / "d", language),
        *write_comparison(compare(result, after), tmp_path / "e", language),
    ]
    notes = [file for file in written if file.name.endswith("_notes.txt")]
    assert len(notes) == 5
    for file in notes:
        told(file.read_text(encoding="utf-8-sig").splitlines(), result, language)
    (line,) = spread_words(result, "population", Labels(language))
    page = cards_html(made, list(made.scores.index), language)
    assert line in html.unescape(page)
