"""What is handed out may be changed by whoever takes it: no later figure turns on it."""

import dataclasses
import warnings

import numpy as np
import pytest
from measured_towns import random_town

import planner
from planner.analysis.compliance.checkup import checkup
from planner.district.benchmarks import builtin_benchmarks
from planner.district.standards.files import builtin_standards, find_standard
from planner.district.walk_profiles import builtin_profiles
from planner.district.weights import default_weights
from planner.plan.targets.lead_times import builtin_lead_times
from planner.siting import relocate
from planner.siting.costs import builtin_costs
from planner.siting.departments.duties import builtin_duties


@pytest.fixture(scope="module")
def result():
    return planner.assess(planner.demo_district(), "gb50180-2018")


def spoil(table):
    """Write over a table all that a notebook may, in place."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # pandas warns of what it will no longer take one day
        figures = table.select_dtypes("number").columns
        table.loc[:, figures] = 0.0
        table.drop(columns=table.columns[-1], inplace=True)
        table.drop(index=table.index[0], inplace=True)


@pytest.mark.parametrize("name", ["distances", "nearest", "best_distances"])
def test_distances_of_a_result_are_its_own(name):
    result = planner.assess(random_town(0), "gb50180-2018")
    spoil(getattr(result, name))
    table = result.distances
    table[np.isinf(table)] = np.nan
    fresh = planner.assess(random_town(0), "gb50180-2018")
    assert getattr(result, name).equals(getattr(fresh, name))
    assert result.summary().equals(fresh.summary())
    assert result.distances.describe().equals(fresh.distances.describe())


@pytest.mark.long(but=2)
@pytest.mark.parametrize(
    ("ask", "names"),
    [
        (lambda result: planner.propose(result, "clinic", 2), ["sites", "candidates"]),
        (
            lambda result: planner.propose_one_stop(result, ["clinic", "police_room"], 500.0),
            ["buildings", "overlap"],
        ),
        (lambda result: relocate(result, "clinic", 1), ["plan"]),
        (checkup, ["scores", "parts"]),
    ],
)
def test_so_are_the_tables_of_answers(result, ask, names):
    answer = ask(result)
    for name in names:
        before = getattr(answer, name).copy()
        assert len(before)
        spoil(getattr(answer, name))
        assert getattr(answer, name).equals(before)


def test_sites_stay_those_that_were_proposed(result):
    proposal = planner.propose(result, "clinic", 2)
    spoil(proposal.sites)
    assert len(proposal.scenario().changes) == 2


def test_a_built_in_standard_stays_as_it_ships():
    rules = find_standard("gb50180-2018").rules
    rules["clinic"] = dataclasses.replace(rules["clinic"], limit_m=9000)
    builtin_standards()["gb50180-2018"].rules.clear()
    assert find_standard("gb50180-2018").rules["clinic"].limit_m < 9000


@pytest.mark.parametrize(
    "ship",
    [
        builtin_standards,
        builtin_benchmarks,
        builtin_profiles,
        builtin_costs,
        builtin_duties,
        builtin_lead_times,
        default_weights,
    ],
)
def test_all_that_ships_is_given_in_copies(ship):
    assert ship() == ship()
    assert ship() is not ship()
