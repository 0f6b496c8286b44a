from dataclasses import replace

import pytest

import planner
from planner.district import Open, Scenario, Source
from planner.district.scenarios.changes import apply_scenario
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
    for other in ({"at": "Su 22:00"}, {"service": "prevention"}, {"max_access_m": 10.0}):
        asked = planner.assess(town, **other)
        for sides in ((result, asked), (asked, result)):
            with pytest.raises(InputError) as refused:
                planner.compare(*sides)
            assert refused.value.code == "analysis.compare_questions"
        assert planner.compare(asked, asked).findings == ()
    fewer = town.with_layers(demand=town.demand.iloc[:-1])
    with pytest.raises(InputError, match="same homes"):
        planner.compare(result, planner.assess(fewer))


@pytest.mark.long
def test_the_same_homes_in_another_order_are_the_same(town, comparison):
    turned = town.with_layers(demand=town.demand.iloc[::-1].reset_index(drop=True))
    built = Scenario("one more", [Open("new", "clinic", 650.0, 0.0)])
    for before, after in ((town, turned), (turned, town)):
        result = planner.assess(apply_scenario(after, built))
        found = planner.compare(planner.assess(before), result)
        assert found.findings == ()
        rows = found.summary().set_index(["kind", "group"])
        expected = comparison.summary().set_index(["kind", "group"])
        assert rows["covered_change"].equals(expected["covered_change"])


def test_a_home_that_only_one_holds_is_left_out_and_told(town, monkeypatch):
    monkeypatch.setattr("planner.analysis.comparison.LEAST_SAME", 0.7)
    fewer = town.with_layers(demand=town.demand.iloc[1:].reset_index(drop=True))
    found = planner.compare(planner.assess(town), planner.assess(fewer))
    (told,) = found.findings
    assert (told.code, told.params["count"]) == ("analysis.compare_alone", 1)
    assert told.params["ids"] == town.demand["demand_id"].iloc[0]
    assert (found.summary()["covered_change"].fillna(0) == 0).all()


@pytest.mark.long
def test_other_demand_under_the_same_ids_is_told(town, comparison):
    assert comparison.findings == ()
    demand = town.demand.assign(population=town.demand["population"] * 2)
    doubled = planner.compare(planner.assess(town), planner.assess(town.with_layers(demand=demand)))
    (totals,) = doubled.findings
    assert totals.code == "analysis.compare_totals"
    assert totals.params == {"group": "population", "before": 247, "after": 494}
    shifted = town.demand.set_geometry(town.demand.geometry.translate(30, 40))
    away = planner.compare(planner.assess(town), planner.assess(town.with_layers(demand=shifted)))
    (moved,) = away.findings
    assert moved.params == {"homes": 6, "total": 6, "metres": 50}


def findings(before, after):
    return {
        f.code: f.params for f in planner.compare(*map(planner.assess, (before, after))).findings
    }


@pytest.mark.long
def test_other_areas_under_the_same_homes_are_told(town):
    demand = town.demand.copy()
    people = demand["population"].iloc[0]
    demand.loc[demand.index[0], "community_id"] = "002"
    assert town.demand["community_id"].iloc[0] != "002"
    assert findings(town, town.with_layers(demand=demand)) == {
        "analysis.compare_communities": {"homes": 1, "total": 6, "people": round(people)}
    }
    communities = town.communities.copy()
    communities.geometry = [
        shape.buffer(30) if i == 0 else shape.buffer(0.1)
        for i, shape in enumerate(communities.geometry)
    ]
    first = communities["community_id"].iloc[0]
    assert findings(town, town.with_layers(communities=communities)) == {
        "analysis.compare_boundaries": {"count": 1, "ids": first}
    }
    moved = town.communities.assign(subdistrict="Elsewhere")
    told = findings(town, town.with_layers(communities=moved))
    assert told["analysis.compare_subdistricts"]["count"] == len(moved)


@pytest.mark.long
def test_square_metres_are_not_set_against_other_units(town):
    demand = town.demand.drop(columns=town.groups).assign(weight=10.0)

    def counted_in(unit):
        sources = tuple(s for s in town.sources if s.layer != "demand")
        source = Source("demand", "made up", unit=unit)
        return replace(town.with_layers(demand=demand), sources=(*sources, source))

    area, plain = (planner.assess(counted_in(unit)) for unit in ("floor_area_m2", ""))
    with pytest.raises(InputError) as refused:
        planner.compare(area, plain)
    assert refused.value.code == "analysis.compare_units"
    assert planner.compare(area, area).findings == ()


@pytest.mark.long
@pytest.mark.parametrize("first", [True, False])
def test_a_kind_with_data_in_one_of_both_has_a_row(town, first):
    """No data is not missing, and no error whichever comes first."""
    bare = replace(town, records={})._recorded()
    known = bare.with_complete(["police_room"], "the police", "2026-01-02")
    sides = [planner.assess(each) for each in ((known, bare) if first else (bare, known))]
    table = planner.compare(*sides).summary().set_index(["kind", "group"])
    row = table.loc[("police_room", "population")]
    states = [row["data_before"], row["data_after"]]
    assert states == (["complete", "none"] if first else ["none", "complete"])
    assert row["limit_m"] == 500
    assert row["share_change"] != row["share_change"]
    nowhere = table.loc[("labour_office", "population")] if "labour_office" in table.index else None
    none = table.loc[("elderly_care", "population")]
    assert nowhere is None or nowhere["data_before"] == "none"
    assert (none["data_before"], none["data_after"], none["limit_m"]) == ("none", "none", 300)
    assert none[["covered_before", "covered_after", "share_change"]].isna().all()
