"""A scenario applied bit by bit equals a full reassessment, exactly."""

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from effort import tries
from hypothesis import given, settings
from hypothesis import strategies as st

import planner
from planner.district import (
    Close,
    Connect,
    Convert,
    District,
    ExtendHours,
    Move,
    Open,
    OpenInternal,
    Scenario,
    builtin_kinds,
)
from planner.errors import InputError

CRS = "EPSG:32650"
SIZE = 6
STEP = 150.0


def grid_town(seed: int) -> District:
    """A grid of streets with a river through it: one bridge, homes and facilities at random."""
    rng = np.random.default_rng(seed)
    lines = []
    for i in range(SIZE):
        for j in range(SIZE):
            x, y = i * STEP, j * STEP
            if i + 1 < SIZE and (i != 2 or j == 0):
                lines.append([(x, y), (x + STEP, y)])
            if j + 1 < SIZE:
                lines.append([(x, y), (x, y + STEP)])
    side = STEP * (SIZE - 1)
    streets = gpd.GeoDataFrame(
        {"street_id": [f"s{n}" for n in range(len(lines))]},
        geometry=[shapely.LineString(line) for line in lines],
        crs=CRS,
    )
    communities = gpd.GeoDataFrame(
        {"community_id": ["1"], "name": ["All"]}, geometry=[shapely.box(0, 0, side, side)], crs=CRS
    )
    homes = rng.uniform(0, side, (40, 2)).round(2)
    demand = gpd.GeoDataFrame(
        {
            "demand_id": [f"d{n}" for n in range(40)],
            "community_id": "1",
            "population": rng.integers(1, 50, 40),
        },
        geometry=list(shapely.points(homes)),
        crs=CRS,
    )
    places = rng.uniform(0, side, (8, 2)).round(2)
    places[1] = places[0]
    facilities = gpd.GeoDataFrame(
        {
            "facility_id": [f"f{n}" for n in range(8)],
            "kind": ["clinic"] * 5 + ["police_room"] * 3,
            "ownership": ["public", "public", "internal", "public", "public"] + ["public"] * 3,
            "opening_hours": ["24/7", "Mo-Fr 08:00-18:00", "24/7", "", "24/7"] + ["24/7"] * 3,
        },
        geometry=list(shapely.points(places)),
        crs=CRS,
    )
    layers = {
        "streets": streets,
        "communities": communities,
        "demand": demand,
        "facilities": facilities,
    }
    return District.from_layers("Grid", layers, complete=builtin_kinds())


PLACE = st.floats(0, STEP * (SIZE - 1)).map(lambda value: round(value, 3))
IDS = st.sampled_from([f"f{n}" for n in range(8)])
CHANGES = st.one_of(
    st.builds(Close, IDS),
    st.builds(Move, IDS, PLACE, PLACE),
    st.builds(Convert, IDS, st.sampled_from(["clinic", "police_room", "library"])),
    st.builds(OpenInternal, IDS),
    st.builds(ExtendHours, IDS, st.sampled_from(["24/7", "Mo 08:00-09:00", ""])),
    st.builds(Connect, PLACE, PLACE, PLACE, PLACE),
    st.builds(Open, st.uuids().map(str), st.sampled_from(["clinic", "library"]), PLACE, PLACE),
)


def assert_same(found, expected):
    for table in ("distances", "nearest", "best_distances"):
        pd.testing.assert_frame_equal(getattr(found, table), getattr(expected, table))
    pd.testing.assert_frame_equal(found.summary(), expected.summary())
    assert found.findings == expected.findings


@settings(deadline=None, max_examples=tries(6, 1000))
@given(
    seed=st.integers(0, 3),
    changes=st.lists(CHANGES, max_size=5),
    at=st.sampled_from([None, "Su 22:00"]),
)
def test_any_scenario_equals_a_full_reassessment(seed, changes, at):
    before = planner.assess(grid_town(seed), at=at)
    after = before.apply(Scenario("any", changes))
    assert_same(after, planner.assess(after.district, at=at))


@pytest.mark.long
@settings(deadline=None, max_examples=tries(4, 400))
@given(first=st.lists(CHANGES, max_size=3), second=st.lists(CHANGES, max_size=3))
def test_scenarios_may_follow_each_other(first, second):
    before = planner.assess(grid_town(7))
    once = before.apply(Scenario("first", first))
    twice = once.apply(Scenario("second", second))
    assert_same(twice, planner.assess(twice.district))


@pytest.mark.long
def test_trying_a_scenario_leaves_the_assessment_as_it_was():
    before = planner.assess(grid_town(1))
    expected = before.distances.copy()
    for _ in range(2):
        before.apply(Scenario("try", [Close("f0"), Connect(300, 450, 450, 450)]))
    pd.testing.assert_frame_equal(before.distances, expected)
    assert_same(before.apply(Scenario("nothing")), before)


@pytest.mark.long
def test_a_footbridge_brings_the_other_bank_near():
    town = grid_town(2)
    facilities = town.facilities.iloc[[0]].copy()
    facilities["geometry"] = [shapely.Point(300, 750)]
    demand = town.demand.iloc[[0]].copy()
    demand["geometry"] = [shapely.Point(450, 750)]
    town = town.with_layers(facilities=facilities, demand=demand)
    before = planner.assess(town)
    assert before.distances["clinic"].iloc[0] == 750 + 150 + 750
    after = before.apply(Scenario("bridge", [Connect(300, 750, 450, 750)]))
    assert after.distances["clinic"].iloc[0] == 150
    longer = before.apply(Scenario("bridge", [Connect(300, 750, 450, 750, length_m=200)]))
    assert longer.distances["clinic"].iloc[0] == 200


def test_a_connection_must_reach_a_street():
    before = planner.assess(grid_town(1))
    with pytest.raises(InputError, match="connection"):
        before.apply(Scenario("nowhere", [Connect(0, 0, 5000, 5000)]))


def test_a_connection_shorter_than_its_straight_line_is_refused():
    town = grid_town(1)
    short = Connect(0.0, 0.0, 300.0, 0.0, length_m=1.0)
    with pytest.raises(InputError) as error:
        planner.assess(town).apply(Scenario("short", [short]))
    assert error.value.code == "district.link_too_short"
    assert error.value.params["straight_m"] == 300
    planner.assess(town).apply(Scenario("as drawn", [replace(short, length_m=300.0)]))


@pytest.mark.long
def test_scenarios_of_one_name_add_their_links():
    result = planner.assess(grid_town(3))
    links = [Connect(20.0, 75.0, 130.0, 75.0), Connect(320.0, 75.0, 430.0, 75.0)]
    one_by_one = result
    for link in links:
        one_by_one = one_by_one.apply(Scenario("links", [link]))
    together = result.apply(Scenario("links", links))
    pd.testing.assert_frame_equal(one_by_one.distances, together.distances)
    ids = one_by_one.district.streets["street_id"]
    assert ids.tail(2).tolist() == ["link/links/1", "link/links/1/2"]
