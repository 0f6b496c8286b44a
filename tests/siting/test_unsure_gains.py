"""Of gains it is told how many may be none: a facility near does not tell its hours."""

import geopandas as gpd
import numpy as np
import pytest
import shapely

import planner
from planner.analysis.comparison import compare
from planner.district import District, Scenario, builtin_kinds
from planner.district.scenarios.scenario import ExtendHours
from planner.siting import budget_curve, compare_scenarios, coverage_curve, relocation_curve
from planner.siting.budget import best_mix
from planner.siting.unsure import gains_of_links_unsure
from planner.views.tables.siting.answers import money_table
from planner.views.tables.siting.proposals import curve_table
from planner.views.tables.siting.relocations import moves_table
from planner.views.words.labels import Labels
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


def test_shares_of_curves_are_ranges_where_it_is_not_known_who_is_covered(result):
    """Of 100 people 30 may be near the clinic; the site at 400 m serves 60, of them 20 of these."""
    proposal = planner.propose(result, "clinic", 1)
    labels = Labels("en")
    for curve, table in (
        (coverage_curve(proposal, 1), curve_table),
        (budget_curve(proposal, [50]), money_table),
    ):
        row = curve.iloc[0]
        assert (row["share_low_after"], row["share_high_after"]) == pytest.approx((0.6, 0.7))
        told = table(curve, labels)
        assert told["Coverage, range"].tolist() == [labels.percent_range(0.6, 0.7)]
    both = layer(
        [shapely.Point(X, Y), shapely.Point(X + 1000, Y)],
        facility_id=["f", "g"],
        kind=["clinic", "clinic"],
        opening_hours=["", "24/7"],
    )
    late = planner.assess(result.district.with_layers(facilities=both), at="Su 22:00")
    moved = relocation_curve(planner.relocate(late, "clinic", moves=1), 1)
    none = moved.iloc[0]
    assert (none["share_low_after"], none["share_high_after"]) == pytest.approx((0.3, 0.6))
    assert np.isnan(none["share_after"])
    assert "Coverage, range" in moves_table(moved, labels)
    known = planner.assess(result.district)
    sure = coverage_curve(planner.propose(known, "clinic", 1), 1)
    assert sure["share_after"].iloc[0] == sure["share_low_after"].iloc[0]
    assert "Coverage, range" not in curve_table(sure, labels)
