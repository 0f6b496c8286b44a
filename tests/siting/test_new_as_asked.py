"""New facilities meet the hour and the service that are asked for, at the price of any: told."""

import geopandas as gpd
import pandas as pd
import pytest

import planner
from planner.siting.budget import best_mix
from planner.siting.one_stop_sites.proposals import propose_one_stop
from planner.views.maps.matching import matching_map
from planner.views.maps.one_stop import one_stop_map
from tests.siting.test_one_stop_proposals import street

TOLD = {"siting.new_open", "siting.new_service"}


def codes(findings):
    return TOLD & {each.code for each in findings}


@pytest.mark.long(but=1)
@pytest.mark.parametrize(
    ("question", "told"),
    [
        ({}, set()),
        ({"at": "Su 23:00"}, {"siting.new_open"}),
        ({"at": "always"}, {"siting.new_open"}),
        ({"service": "义诊"}, {"siting.new_service"}),
        ({"at": "Su 23:00", "service": "义诊"}, TOLD),
    ],
)
def test_every_search_that_builds_tells_it(question, told):
    district = street()
    priced = district.candidates.assign(kinds="", cost=100.0)
    result = planner.assess(district.with_layers(candidates=priced), **question)
    assert codes(planner.propose(result, "clinic", 1).findings) == told
    assert codes(propose_one_stop(result, ["clinic"], 300.0).findings) == told
    assert codes(best_mix(result, 300.0, kinds=["clinic"], links=0).findings) == told


@pytest.mark.long
def test_maps_of_an_answer_name_the_hour():
    result = planner.assess(street(), at="Su 23:00")
    found = propose_one_stop(result, ["clinic"], 300.0)
    assert "Only what is open: Sunday 23:00" in one_stop_map(found).get_root().render()
    asked = planner.match_needs(result, "clinic", capacity=50)
    assert "Only what is open: Sunday 23:00" in matching_map(asked).get_root().render()


def test_a_units_door_that_tells_no_hours_is_told_by_every_search():
    district = street()
    priced = district.candidates.assign(kinds="", cost=100.0)
    facilities = district.facilities.copy()
    door = facilities.iloc[[0]].assign(
        facility_id="door", kind="clinic", ownership="internal", opening_hours=""
    )
    both = pd.concat([facilities, door], ignore_index=True)
    there = gpd.GeoDataFrame(both, geometry="geometry", crs=district.crs)
    town = district.with_layers(candidates=priced, facilities=there)

    def told(findings):
        return [each.params for each in findings if each.code == "siting.doors_unsure"]

    unsure = planner.assess(town, at="Su 23:00")
    searches = (
        planner.propose(unsure, "clinic", 1),
        propose_one_stop(unsure, ["clinic"], 300.0),
        best_mix(unsure, 300.0, kinds=["clinic"], links=0),
    )
    for each in searches:
        assert told(each.findings) == [{"count": 2, "ids": "unit, door"}]
    assert told(planner.propose(unsure, "clinic", 1, where=["candidates"]).findings) == []
    assert told(planner.propose(planner.assess(town), "clinic", 1).findings) == []
