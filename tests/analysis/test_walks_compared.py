"""Means of walks before and after, where others can walk to a facility than before."""

import numpy as np
import pandas as pd
import pytest
import shapely

import planner
from planner.analysis.measures.groups import group_coverage
from planner.district import Close, Open, Scenario
from planner.district.scenarios.changes import apply_scenario


@pytest.fixture
def parted(town):
    """The town with its street broken at x = 700: home e and the inner clinic are cut off.

    Home f is far from any street, and never known.
    """
    streets = town.streets[town.streets["street_id"] != "s7"]
    return town.with_layers(streets=streets.reset_index(drop=True))


def figures(comparison, kind, group="population"):
    return comparison.summary().set_index(["kind", "group"]).loc[(kind, group)]


def test_who_can_walk_to_one_anew_makes_no_walk_longer(town, parted):
    comparison = planner.compare(planner.assess(parted), planner.assess(town))
    for kind in ("clinic", "library"):
        row = figures(comparison, kind)
        # nobody's walk is longer or shorter; e can walk to one for the first time
        assert row["mean_distance_m_change"] == pytest.approx(0.0)
        assert row["mean_distance_m_after"] > row["mean_distance_m_before"]
        assert (row["unreachable_before"], row["unreachable_after"]) == (40.0, 0.0)
        assert row["unreachable_change"] == -40.0
    told = {each.params["kind"]: each for each in comparison.walk_notes("population")}
    assert told["clinic"].params == {"kind": "clinic", "anew": 40, "lost": 0}
    assert "analysis.compare_reached" in {each.code for each in comparison.findings}
    rows = comparison.league("community").set_index(["area_id", "kind", "group"])
    for area in ("001", "002"):
        assert rows.loc[(area, "clinic", "population"), "mean_distance_m_change"] == 0.0
    back = planner.compare(planner.assess(town), planner.assess(parted))
    assert figures(back, "clinic")["mean_distance_m_change"] == pytest.approx(0.0)
    assert back.walk_notes("population", ["clinic"])[0].params["lost"] == 40


def test_a_shorter_walk_of_some_counts_beside_a_first_walk_of_others(parted):
    # a second clinic beside home c, on this side of the break: nobody of the other side gains
    new = Scenario("one more", [Open("new", "clinic", 450.0, 0.0)])
    both = apply_scenario(parted, new)
    comparison = planner.compare(planner.assess(parted), planner.assess(both))
    row = figures(comparison, "clinic")
    # where all who could still can, the change is that of the two means
    assert row["mean_distance_m_change"] == pytest.approx(
        row["mean_distance_m_after"] - row["mean_distance_m_before"]
    )
    assert comparison.walk_notes("population") == []


def test_a_clinic_closed_leaves_nobody_a_mean(parted):
    closed = apply_scenario(parted, Scenario("none", [Close("clinic-1")]))
    comparison = planner.compare(planner.assess(parted), planner.assess(closed))
    row = figures(comparison, "clinic")
    assert np.isnan(row["mean_distance_m_change"])
    assert row["unreachable_change"] == 200.0
    assert comparison.walk_notes("population", ["clinic"])[0].params["lost"] == 200


def test_who_can_walk_to_none_stands_beside_the_mean_of_the_others(parted):
    result = planner.assess(parted)
    areas = result.communities().set_index("community_id")
    assert areas["unreachable_library"].tolist() == [0.0, 40.0]
    found = group_coverage(result, ["clinic"])
    first = found[found["group"] == "population"].iloc[0]
    assert first["unreachable"] == 40.0


def test_who_was_not_known_before_is_not_told_as_out_of_reach(town):
    # home f is far from any street until one is mapped to it
    way = town.streets.iloc[[0]].assign(street_id="way")
    way = way.set_geometry([shapely.LineString([(800, 0), (800, 590)])], crs=town.crs)
    cut = [
        shapely.LineString([(700, 0), (800, 0)]),
        shapely.LineString([(800, 0), (900, 0)]),
    ]
    assert set(town.streets.geometry.iloc[[7, 8]].to_wkt()) == {each.wkt for each in cut}
    mapped = town.with_layers(streets=pd.concat([town.streets, way], ignore_index=True))
    comparison = planner.compare(planner.assess(town), planner.assess(mapped))
    row = figures(comparison, "clinic")
    assert (row["unknown_before"], row["unknown_after"]) == (7.0, 0.0)
    assert row["share_change"] < 0
    assert row["mean_distance_m_change"] == 0.0
    told = {each.code: each.params for each in comparison.findings}
    assert "analysis.compare_reached" not in told
    notes = [each.params for each in comparison.unsure_notes("clinic", "population")]
    assert {"kind": "clinic", "anew": 7, "lost": 0} in notes
    back = planner.compare(planner.assess(mapped), planner.assess(town))
    assert {"kind": "clinic", "anew": 0, "lost": 7} in [
        each.params for each in back.unsure_notes("clinic", "population")
    ]


def test_areas_are_matched_by_their_ids_whatever_their_order_or_number(town):
    # a second clinic shortens the walks of the west
    nearer = apply_scenario(town, Scenario("one more", [Open("new", "clinic", 450.0, 0.0)]))
    away = nearer.with_layers(streets=nearer.streets[nearer.streets["street_id"] != "s7"])
    keys = ["area_id", "kind", "group"]

    def changes(before, after):
        rows = planner.compare(planner.assess(before), planner.assess(after)).league("community")
        own = rows.set_index(keys)["mean_distance_m_change"]
        return {area: own.get((area, "clinic", "population")) for area in ("001", "002")}

    usual = changes(town, away)
    assert usual["001"] < 0
    turned = away.with_layers(communities=away.communities.iloc[::-1].reset_index(drop=True))
    assert changes(town, turned) == pytest.approx(usual, nan_ok=True)
    back = changes(turned, town)
    assert back["001"] == pytest.approx(-usual["001"])
    # of two that became one, and of one that became two, no change is known
    one = away.communities.dissolve().assign(community_id="003", name="Both")
    merged = away.with_layers(communities=one, demand=away.demand.assign(community_id="003"))
    for before, after in ((town, merged), (merged, town)):
        assert all(value is None or np.isnan(value) for value in changes(before, after).values())
