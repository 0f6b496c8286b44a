"""Pairs within reach, against the distances of one facility at a time."""

import numpy as np
import pytest
from measured_towns import STANDARD, STRAIGHT, random_town

import planner
from planner.analysis.distances.pairs import pairs_within
from planner.analysis.people import people_of
from planner.errors import InputError


@pytest.mark.parametrize("standard", [STANDARD, STRAIGHT])
@pytest.mark.parametrize("seed", [0, 1])
def test_pairs_are_those_of_one_facility_at_a_time(standard, seed):
    result = planner.assess(random_town(seed), standard, at="Sa 10:00")
    reach = result.reach
    pairs = pairs_within(result.reach, "clinic", 400.0)
    metres = np.array(
        [reach.nearest(np.arange(len(reach.places)) == row).distance_m for row in pairs.rows]
    )
    facility, home = np.nonzero(metres <= 400.0)
    assert (pairs.facility == facility).all()
    assert (pairs.home == home).all()
    assert (pairs.distance_m == metres[facility, home]).all()
    assert (reach.states[pairs.rows] != 0).all()


def test_no_facility_no_pairs():
    result = planner.assess(random_town(0), STANDARD)
    pairs = pairs_within(result.reach, "bathhouse", 500.0)
    assert len(pairs.rows) == len(pairs.home) == 0
    assert not pairs.reached().any()


def test_people_of_a_group_that_is_not_counted():
    result = planner.assess(random_town(0), STANDARD, groups=["population"])
    with pytest.raises(InputError, match="pop_65plus"):
        people_of(result, "pop_65plus")
