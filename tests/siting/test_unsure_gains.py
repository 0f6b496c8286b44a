"""Of gains it is told how many may be none: a facility near does not tell its hours."""

import geopandas as gpd
import numpy as np
import pytest
import shapely

import planner
from planner.analysis.comparison import compare
from planner.district import District, Scenario, builtin_kinds
from planner.district.scenarios.scenario import ExtendHours
from planner.siting import compare_scenarios
from planner.siting.budget import best_mix
from planner.siting.unsure import gains_of_links_unsure
from planner.views.words.siting.budget import mix_sentences
from planner.views.words.siting.one_stop import sentences

CRS = "EPSG:32650"
X, Y = 390_000.0, 2_860_000.0


def layer(shapes, **columns):
    return gpd.GeoDataFrame(columns, geometry=shapes, crs=CRS)


@pytest.fixture(scope="module")
def result():
    """A street with a home every 100 m, at its start a clinic that does not tell its hours."""
    spots = np.arange(50, 1050, 100.0)
    homes = [shapely.Point(X + metres, Y) for metres in spots]
    layers = {
        "communities": layer(
            [shapely.box(X - 50, Y - 50, X + 1050, Y + 50)], community_id=["1"], name=["Long"]
        ),
        "streets": layer([shapely.LineString([(X, Y), (X + 1000, Y)])], street_id=["s"]),
        "facilities": layer([shapely.Point(X, Y)], facility_id=["f"], kind=["clinic"]),
        "demand": layer(
            homes,
            demand_id=[f"d{n}" for n in range(len(homes))],
            community_id=["1"] * len(homes),
            population=[10.0] * len(homes),
        ),
        "candidates": layer(
            [shapely.Point(X + 400, Y)], candidate_id=["c"], cost=[50.0], kinds=["clinic"]
        ),
    }
    district = District.from_layers("Town", layers, complete=builtin_kinds())
    return planner.assess(district, at="Su 22:00")


def test_remedies_under_a_budget_and_shared_buildings_tell_it(result):
    mix = best_mix(result, 60, ["clinic"])
    assert mix.gained == 60.0  # homes 150 to 650 m; within 300 m of the clinic are those to 250 m
    assert mix.gained_unsure == 20.0
    assert any("20 of these gains" in each for each in mix_sentences(mix))
    plan = planner.propose_one_stop(result, ["clinic"], 60)
    assert (plan.total, plan.gained_unsure) == (60.0, 20.0)
    assert any("20 of these gains" in each for each in sentences(plan))


def test_a_comparison_tells_what_may_be_no_change(result):
    longer = Scenario("s", [ExtendHours("f", "24/7")])
    found = compare(result, result.apply(longer))
    assert found.unsure("clinic", "population") == 30.0
    told = {f.code: f.params for f in found.findings}
    assert told["analysis.compare_unsure"] == {"kind": "clinic", "count": 30}
    back = compare(result.apply(longer), result)
    assert back.unsure("clinic", "population") == 0
    assert back.unsure_lost("clinic", "population") == 30.0
    told = {f.code: f.params for f in back.findings}
    assert "analysis.compare_unsure" not in told
    assert told["analysis.compare_unsure_lost"] == {"kind": "clinic", "count": 30}
    rows = compare_scenarios(result, [longer]).table.set_index("measure")["value"]
    assert (rows["gained_sum"], rows["gained_unsure"]) == (30.0, 30.0)
    known = planner.assess(result.district)
    assert "gained_unsure" not in set(compare_scenarios(known, [longer]).table["measure"])


def test_links_are_asked_only_where_something_is_not_known(result):
    none = gpd.GeoDataFrame({"x1": []})
    assert gains_of_links_unsure(result, none) == 0.0
    assert gains_of_links_unsure(planner.assess(result.district), none) == 0.0
