"""New facilities meet the hour and the service that are asked for, at the price of any: told."""

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


def test_maps_of_an_answer_name_the_hour():
    result = planner.assess(street(), at="Su 23:00")
    found = propose_one_stop(result, ["clinic"], 300.0)
    assert "Only what is open: Sunday 23:00" in one_stop_map(found).get_root().render()
    asked = planner.match_needs(result, "clinic", capacity=50)
    assert "Only what is open: Sunday 23:00" in matching_map(asked).get_root().render()
