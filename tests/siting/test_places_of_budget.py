"""A budget that builds several kinds at one place says so, and what it leaves of a list's marks."""

import geopandas as gpd
import numpy as np
import pytest
import shapely

import planner
from planner.district import District, builtin_kinds
from planner.siting.budget import best_mix
from planner.siting.scenario_comparison import compare_scenarios

CRS = "EPSG:32650"
X, Y = 390_000.0, 2_860_000.0


def layer(shapes, **columns):
    return gpd.GeoDataFrame(columns, geometry=shapes, crs=CRS)


def chosen(area, budget=400):
    """What is chosen in a street with a hall of that floor area among its homes."""
    homes = [shapely.Point(X + metres, Y) for metres in np.arange(50, 650, 100.0)]
    layers = {
        "communities": layer(
            [shapely.box(X - 50, Y - 50, X + 650, Y + 50)], community_id=["1"], name=["Long"]
        ),
        "streets": layer([shapely.LineString([(X, Y), (X + 600, Y)])], street_id=["s"]),
        "demand": layer(
            homes,
            demand_id=[f"d{n}" for n in range(len(homes))],
            community_id="1",
            population=10.0,
        ),
        "facilities": layer([shapely.Point(X, Y)], facility_id=["f"], kind=["library"]),
        "candidates": layer(
            [shapely.Point(X + 300, Y), shapely.Point(X + 600, Y)],
            candidate_id=["hall", "far"],
            name=["Hall", "Far"],
            cost=[100.0, 900.0],
            floor_area_m2=[area, 50.0],
            required=[False, True],
        ),
    }
    district = District.from_layers("Town", layers, complete=builtin_kinds())
    return best_mix(planner.assess(district), budget, ["clinic", "police_room"])


def told(area, budget=400):
    """What is said of it."""
    mix = chosen(area, budget)
    return {finding.code: finding.params for finding in mix.findings}


@pytest.mark.long
@pytest.mark.parametrize("area", [130.0, 500.0, np.nan])
def test_two_kinds_in_one_hall_are_told_with_the_room_that_they_need(area):
    found = told(area)
    small = area < 180
    params = found["siting.place_too_small" if small else "siting.place_shared"]
    assert (params["name"], params["alone"], params["needed_m2"]) == ("Hall", 200.0, 180)
    assert 100.0 < params["cost"] < 200.0
    assert params.get("area_m2") == (130 if small else None)
    assert set(params["kinds"].split(", ")) == {"clinic", "police_room"}
    assert found["siting.required_not_taken"] == {"count": 1, "ids": "far"}


def test_one_kind_in_a_hall_is_nothing_to_tell():
    codes = set(told(500.0, 120))
    assert not {"siting.place_taken_twice", "siting.place_shared", "siting.place_too_small"} & codes


@pytest.mark.long(but=1)
@pytest.mark.parametrize("area", [130.0, 500.0, np.nan])
def test_what_a_budget_chooses_costs_what_its_scenario_costs(area):
    mix = chosen(area)
    compared = compare_scenarios(mix.assessment, [mix.scenario("mix")], costs=mix.costs).table
    (cost,) = compared.loc[compared["measure"] == "cost", "value"]
    assert mix.cost == pytest.approx(cost)
    assert mix.table["cost"].sum() == pytest.approx(cost)


def test_a_budget_that_would_do_for_two_kinds_in_one_hall_says_so():
    """100 for one kind in the hall, 175 for both together, of which each was taken for 100."""
    assert told(500.0, budget=180)["siting.could_share"] == {"count": 1}
    both = chosen(500.0, budget=400)
    assert both.cost <= 180
    assert "siting.could_share" not in {finding.code for finding in both.findings}
