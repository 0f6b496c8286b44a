"""A group that homes do not tell, or that is withheld, is not known: never nobody."""

import dataclasses
import html

import numpy as np
import pandas as pd
import pytest
from effort import few
from gap_towns import town
from typer.testing import CliRunner

import planner
from planner.analysis.coverage.population_within import count_people
from planner.analysis.measures.equity import equity
from planner.analysis.measures.groups import group_coverage
from planner.analysis.measures.uncertainty import uncertainty
from planner.analysis.measures.week import round_the_clock, week
from planner.analysis.notes.groups import group_notes
from planner.cli import app
from planner.district import Rule, Standard
from planner.errors import InputError
from planner.reports.briefing import briefing, briefing_html
from planner.siting.budget import best_mix
from planner.siting.departments.departments import who_must_act

STANDARD = Standard("test", "Test", "试", "", rules={"clinic": Rule("clinic", 200.0)})


def assessed(told):
    """Four homes along a street, the last two beyond the limit; a group as it is told of each."""
    place = town([(x, 5) for x in (0, 100, 600, 700)], [{"at": (0, 0)}])
    demand = place.demand.assign(pop_disabled=np.asarray(told, dtype=float))
    return planner.assess(dataclasses.replace(place, demand=demand), STANDARD)


@pytest.fixture(scope="module")
def nowhere():
    return assessed([np.nan] * 4)


@pytest.mark.parametrize(
    "ask",
    [
        lambda result: result.gaps("clinic", group="pop_disabled"),
        lambda result: result.links("clinic", group="pop_disabled"),
        lambda result: result.departments(group="pop_disabled"),
        lambda result: planner.propose(result, "clinic", new=1, group="pop_disabled"),
        lambda result: planner.relocate(result, "clinic", moves=1, group="pop_disabled"),
        lambda result: best_mix(result, 900.0, group="pop_disabled"),
    ],
    ids=["gaps", "links", "departments", "propose", "relocate", "mix"],
)
def test_what_no_home_tells_is_asked_of_nothing(nowhere, ask):
    with pytest.raises(InputError) as error:
        ask(nowhere)
    assert error.value.code == "analysis.group_not_told"


@pytest.mark.long
@pytest.mark.parametrize("measure", [group_coverage, equity, uncertainty, week, round_the_clock])
def test_measures_of_all_groups_leave_it_empty(nowhere, measure):
    table = measure(nowhere).set_index("group")
    counts = [c for c in ("people", "covered", "uncovered", "unknown", "share") if c in table]
    assert counts
    assert table.loc["pop_disabled", counts].isna().all(axis=None)
    assert table.loc["population", counts].notna().all(axis=None)


def test_gaps_of_those_who_are_told_say_that_others_are_not():
    result = assessed([3, 3, np.nan, np.nan])
    assert result.gaps("clinic", group="pop_disabled").empty
    (note,) = group_notes(result.district, "pop_disabled")
    assert (note.code, note.params["rows"]) == ("analysis.group_missing", 2)
    with pytest.raises(InputError) as error:
        planner.propose(result, "clinic", new=1, group="pop_disabled")
    assert error.value.code == "siting.told_covered"


@pytest.mark.parametrize(
    "verb", few([["checkup"], ["audit"], ["gaps", "--kind", "clinic"], ["assess"]], 2)
)
def test_verbs_say_of_whom_the_group_is_not_told(tmp_path, verb):
    planner.write_district(assessed([3, 3, np.nan, np.nan]).district, tmp_path / "town.gpkg")
    command = [verb[0], str(tmp_path / "town.gpkg"), *verb[1:], "--group", "pop_disabled"]
    answer = CliRunner().invoke(app, [*command, "--language", "en"])
    assert answer.exit_code == 0, answer.output
    assert "2 homes have no figure for" in " ".join(answer.output.split())


@pytest.mark.long
def test_the_briefing_says_on_its_page_of_whom_the_group_is_not_told():
    result = assessed([3, np.nan, 3, np.nan])
    found = who_must_act(result, group="pop_disabled")
    assert "2 homes have no figure for" in html.unescape(briefing_html(briefing(found)))


def test_an_area_that_tells_nothing_is_not_known_and_one_of_nobody_is_nobody():
    people = pd.DataFrame({"a": [5.0, np.nan, np.nan, 0.0]})
    area = np.array([0, 0, 1, 2])
    table = count_people(["part", "untold", "none", "empty"], area, people, np.full(4, 50.0), 100.0)
    assert table["total"].to_list()[::2] == [5.0, 0.0]
    assert np.isnan(table["total"][1])
    assert np.isnan(table["covered"][1])
    assert table["total"][3] == 0.0
