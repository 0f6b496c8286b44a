"""The best place in a gap, against every place of the gap tried by hand."""

import numpy as np
import pytest
import shapely
from street_town import LENGTH, X, Y, covered

from planner.analysis.gaps.gaps import find_gaps
from planner.district import Open, Scenario
from planner.siting.best_place import best_place


def brought_by_hand(result, homes, metres: float) -> float:
    """People of some homes, beyond the limit of a clinic, within 300 m of a place on the street."""
    demand = result.district.demand
    lacking = (result.distances["clinic"] > 300).to_numpy() & demand["demand_id"].isin(homes)
    near = np.abs(demand.geometry.x - (X + metres)) <= 300
    return float(demand["population"][lacking & near].sum())


@pytest.fixture(scope="module")
def gap(result):
    """The gap of most people: it is longer than one clinic reaches."""
    return next(find_gaps(result, "clinic").itertuples())


@pytest.mark.long
def test_no_place_in_the_gap_brings_more_of_it(result, gap):
    homes = gap.demand_ids.split(";")
    found = best_place(result, "clinic", homes, gap.geometry)
    # listed sites and homes of this street; its ends are outside the gap
    at = [600.0, 1500.0, 2600.0, 3200.0, 3600.0, *np.arange(50.0, LENGTH, 100.0)]
    inside = [m for m in at if gap.geometry.intersects(shapely.Point(X + m, Y))]
    assert found.brought == max(brought_by_hand(result, homes, m) for m in inside)
    assert found.brought < found.people == gap.population
    assert found.places == len(inside)


@pytest.mark.long
def test_what_it_claims_is_what_a_new_assessment_finds(result, gap):
    found = best_place(result, "clinic", gap.demand_ids.split(";"), gap.geometry)
    crs = result.district.crs.to_string()
    after = result.apply(Scenario("", (found.change,), crs))
    assert covered(after) - covered(result) == found.gained
    middle = gap.geometry.representative_point()
    tried = result.apply(Scenario("", (Open("n", "clinic", middle.x, middle.y),), crs))
    assert covered(tried) - covered(result) <= found.gained


def test_of_equal_places_the_one_that_brings_more_in_all_is_taken(result):
    demand = result.district.demand
    lacking = demand[(result.distances["clinic"] > 300).to_numpy()]
    one = lacking.iloc[:1]
    found = best_place(result, "clinic", one["demand_id"].tolist(), lacking.union_all().envelope)
    assert found.brought == found.people == one["population"].iloc[0]
    assert found.gained > found.brought


def test_a_place_that_brings_nobody_is_none(result, gap):
    far = shapely.Point(X, Y + 10_000).buffer(5)
    assert best_place(result, "clinic", gap.demand_ids.split(";"), far) is None
    near_others = shapely.Point(X + 250, Y).buffer(60)
    assert best_place(result, "clinic", gap.demand_ids.split(";"), near_others) is None
