"""Walking speeds and slopes by group."""

import numpy as np
import pandas as pd
import pytest
from measured_towns import STANDARD, STRAIGHT, random_town

import planner
from planner.analysis.distances.streets import streets_of
from planner.analysis.measures.groups import SPEEDS_M_S, flat_metres, group_coverage, speed_of
from planner.district import Connect, Scenario
from planner.district.standards.standards import Rule, Standard
from planner.errors import InputError
from planner.network.weights import edge_seconds


def flat(seed=0):
    town = random_town(seed)
    return town.with_layers(streets=town.streets.assign(ascent_m=0.0, descent_m=np.nan))


def test_on_the_flat_and_at_the_standards_speed_nothing_differs():
    result = planner.assess(flat(), STANDARD)
    found = group_coverage(result, speeds_m_s={"pop_65plus": 1.2}).set_index(["kind", "group"])
    clinic = found.loc["clinic"]
    assert clinic["share_in_time"].tolist() == clinic["share"].tolist()
    assert (flat_metres(result, "clinic") == result.distances["clinic"]).sum() == 69
    assert clinic.loc["population", "limit_s"] == 250


@pytest.mark.long
def test_half_the_speed_is_half_the_way():
    result = planner.assess(flat(), STANDARD)
    found = group_coverage(result, ["clinic"], speeds_m_s={"population": 0.6}).iloc[0]
    near = Standard(**{**vars(STANDARD), "rules": {"clinic": Rule("clinic", 150.0)}})
    expected = planner.assess(flat(), near).summary().set_index(["kind", "group"])
    expected = expected.loc[("clinic", "population")]
    assert found["share_in_time"] == expected["share"]
    assert found["share_in_time_low"] == expected["share_low"]
    assert found["time_s"] == pytest.approx(expected["mean_distance_m"] / 0.6)


def test_a_time_in_the_standard_is_the_limit():
    result = planner.assess(flat(), STANDARD)
    found = group_coverage(result, ["police_room"]).set_index("group")
    assert (found["limit_s"] == 350).all()
    assert found["speed_m_s"].to_dict() == {"population": 1.2, "pop_65plus": 0.95}


def test_own_metres_of_a_group_are_not_held_against_the_seconds_of_all():
    """600 s for all, 200 m for the elderly, who are asked for the time those take at 1.2 m/s."""
    rule = Rule("clinic", 720.0, 600.0, limits={"pop_65plus": 200.0})
    timed = Standard(**{**vars(STANDARD), "rules": {"clinic": rule}})
    found = group_coverage(planner.assess(flat(), timed), ["clinic"]).set_index("group")
    assert found["limit_s"].to_dict() == {"population": 600, "pop_65plus": 200 / 1.2}


def test_slopes_lengthen_the_way_by_toblers_function():
    result = planner.assess(random_town(0), STANDARD)
    ground = streets_of(result.district).ground
    streets = result.district.streets
    seconds = edge_seconds(
        ground.edge_length_mm / 1000,
        speed_m_s=1.0,
        ascent_m=streets["ascent_m"],
        descent_m=streets["descent_m"],
    )
    timed = ground.with_weights(seconds, access_speed_m_s=1.0)
    reach = result.reach
    rows = np.flatnonzero(reach.counting("clinic", if_unknown=False))
    expected = timed.nearest(reach.places.take(rows), reach.homes).time_s
    found = flat_metres(result, "clinic")
    np.testing.assert_array_equal(found, expected)
    known = np.isfinite(found)
    assert (found[known] >= result.distances["clinic"].to_numpy()[known] - 0.01).all()
    assert (found[known] > result.distances["clinic"].to_numpy()[known] + 1).any()
    sloped = group_coverage(result, ["clinic"])
    plain = group_coverage(result, ["clinic"], slope=False)
    assert (sloped["share_in_time"] <= plain["share_in_time"]).all()


def test_a_link_of_a_scenario_is_flat_and_splits_streets_as_they_slope():
    before = planner.assess(random_town(0), STANDARD, island_m=0.0)
    after = before.apply(Scenario("path", [Connect(720.0, 90.0, 745.0, 100.0, length_m=40.0)]))
    metres, was = flat_metres(after, "clinic"), flat_metres(before, "clinic")
    loose = np.isinf(was)
    assert loose.sum() == 3
    assert (metres[loose] >= after.distances["clinic"].to_numpy()[loose]).all()
    assert np.isfinite(metres[loose]).all()
    np.testing.assert_allclose(metres[~loose], was[~loose], atol=0.01)


def test_straight_lines_know_no_slope():
    result = planner.assess(random_town(0), STRAIGHT)
    np.testing.assert_array_equal(flat_metres(result, "clinic"), result.distances["clinic"])


@pytest.mark.long
def test_differences_are_to_the_first_group():
    found = group_coverage(planner.assess(random_town(0), STANDARD), groups=["pop_65plus"])
    assert set(found["group"]) == {"pop_65plus"}
    whole = group_coverage(planner.assess(random_town(0), STANDARD)).set_index(["kind", "group"])
    share = whole["share"]
    expected = share["clinic", "pop_65plus"] - share["clinic", "population"]
    assert found.set_index("kind")["difference"]["clinic"] == expected
    assert whole.loc[("clinic", "population"), ["difference", "difference_in_time"]].eq(0).all()


def test_whose_speed_counts():
    own = Standard(
        **{
            **vars(STANDARD),
            "rules": {"clinic": Rule("clinic", 300.0, speeds_m_s={"pop_65plus": 0.8})},
            "speeds_m_s": {"pop_65plus": 0.9, "pop_80plus": 0.5},
        }
    )
    result = planner.assess(random_town(0), own)
    assert speed_of(result, "clinic", "pop_65plus", {"pop_65plus": 1.0}) == 1.0
    assert speed_of(result, "clinic", "pop_65plus") == 0.8
    assert speed_of(result, "police_room", "pop_65plus") == 0.9
    assert speed_of(result, "clinic", "population") == 1.2
    plain = planner.assess(random_town(0), STANDARD)
    assert speed_of(plain, "clinic", "pop_65plus") == SPEEDS_M_S["pop_65plus"]


@pytest.mark.long
@pytest.mark.parametrize("speed", [0.0, -1.0, np.nan, np.inf])
def test_a_speed_is_above_zero(speed):
    result = planner.assess(random_town(0), STANDARD)
    with pytest.raises(InputError, match="walking speed"):
        group_coverage(result, speeds_m_s={"pop_65plus": speed})


@pytest.mark.long
@pytest.mark.parametrize(("each", "people"), [(0.0, 0.0), (np.nan, np.nan)])
def test_a_group_without_people_has_no_share_and_one_untold_no_people(each, people):
    town = random_town(0)
    result = planner.assess(town.with_layers(demand=town.demand.assign(pop_65plus=each)), STANDARD)
    row = group_coverage(result, ["clinic"], groups=["pop_65plus"]).iloc[0]
    assert row["people"] == pytest.approx(people, nan_ok=True)
    assert pd.isna(row["share_in_time"])
    assert pd.isna(row["time_s"])
