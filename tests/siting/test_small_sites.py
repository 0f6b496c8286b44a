"""Places with less floor area than the standard asks are told wherever something is built there."""

import planner
from planner.siting.budget import best_mix
from planner.siting.findings import small_sites
from tests.siting.test_one_stop_proposals import street


def small(findings):
    return [each for each in findings if each.code == "siting.sites_too_small"]


def result_with(area_m2):
    district = street()
    room = district.candidates.assign(floor_area_m2=area_m2, kinds="", cost=100.0)
    return planner.assess(district.with_layers(candidates=room))


def test_a_proposal_tells_which_of_its_sites_are_too_small():
    found = planner.propose(result_with(80.0), "clinic", 1)
    (told,) = small(found.findings)
    assert (told.params["kind"], told.params["count"], told.params["needed_m2"]) == (
        "clinic",
        1,
        "120",
    )
    assert "(80 m²)" in told.params["sites"]
    assert not small(planner.propose(result_with(120.0), "clinic", 1).findings)
    assert not small(planner.propose(result_with(float("nan")), "clinic", 1).findings)


def test_a_mix_tells_it_too():
    found = best_mix(result_with(80.0), 300.0, kinds=["clinic"], links=0)
    assert any(row.remedy == "build" for row in found.actions.itertuples())
    assert small(found.findings)


def test_a_move_to_a_small_site_is_told() -> None:
    result = result_with(80.0)
    moved = planner.relocate(result, "clinic", moves=1, where=["candidates"])
    assert (moved.plan["origin"] == "candidates").any()
    assert small(moved.findings)
    roomy = planner.relocate(result_with(500.0), "clinic", moves=1, where=["candidates"])
    assert not small(roomy.findings)


def test_each_place_is_told_once_and_what_is_no_candidate_never():
    result = result_with(80.0)
    own = result.district.candidates["candidate_id"].iloc[0]
    chosen = [("clinic", own), ("clinic", own), ("clinic", "street:7"), ("police_room", own)]
    (told,) = small_sites(result, chosen)
    assert told.params["count"] == 1
