import pytest

import planner
from planner.district import Open, Scenario
from planner.district.changes import apply_scenario
from planner.errors import InputError


@pytest.fixture
def comparison(town):
    after = apply_scenario(town, Scenario("one more", [Open("new", "clinic", 650.0, 0.0)]))
    return planner.compare(planner.assess(town), planner.assess(after))


def test_the_summary_tells_who_is_gained(comparison):
    row = comparison.summary().set_index(["kind", "group"]).loc[("clinic", "population")]
    assert row["covered_before"] == 100
    assert row["covered_after"] == 150
    assert row["covered_change"] == 50
    assert row["share_change"] == pytest.approx(50 / 240)
    assert row["limit_m"] == 300


def test_communities_carry_their_change(comparison):
    communities = comparison.communities().set_index("community_id")
    assert communities.loc["001", "covered_change_clinic"] == 30
    assert communities.loc["002", "covered_change_clinic"] == 20
    assert communities.loc["001", "covered_change_police_room"] == 0


def test_homes_that_did_not_change_are_left_out(comparison):
    homes = comparison.homes("clinic")
    assert list(homes.index) == ["c", "d", "e"]
    assert set(homes["nearest_after"]) == {"new"}
    assert comparison.homes("library").empty


def test_only_like_is_compared_with_like(town):
    result = planner.assess(town)
    with pytest.raises(InputError, match="different standards"):
        planner.compare(result, planner.assess(town, "15-minute"))
    with pytest.raises(InputError, match="different groups"):
        planner.compare(result, planner.assess(town, groups=["pop_65plus"]))
    fewer = town.with_layers(demand=town.demand.iloc[:-1])
    with pytest.raises(InputError, match="same homes"):
        planner.compare(result, planner.assess(fewer))
