"""The town that proposals and moves are tried on."""

import pytest
from street_town import crowded_street

import planner
from planner.district import District


@pytest.fixture(scope="module")
def street() -> District:
    return crowded_street()


@pytest.fixture(scope="module")
def result(street):
    return planner.assess(street, groups=["population", "pop_65plus"])
