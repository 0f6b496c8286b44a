"""Each group is judged by its own limit, in every table and after every scenario."""

from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd
import pytest
from effort import tries
from hypothesis import given, settings
from hypothesis import strategies as st
from measured_towns import STANDARD, random_town

import planner
from planner.analysis.measures.redundancy import redundancy
from planner.analysis.measures.week import week
from planner.analysis.walks import rings_from, ways_from
from planner.district import Close, Connect, Move, OpenInternal, Scenario
from planner.district.standards.standards import Rule, Standard
from planner.views.words.labels import Labels
from planner.views.words.provenance import limit_line

OWN = Standard(
    **{
        **vars(STANDARD),
        "rules": {
            "clinic": Rule("clinic", 300.0, limits={"pop_65plus": 150.0}),
            "police_room": Rule("police_room", 420.0),
        },
    }
)


def rows(result, group):
    table = result.summary()
    return table[table["group"] == group].set_index("kind")


@pytest.mark.long
def test_a_group_is_covered_within_its_own_limit():
    town = random_town(0)
    result = planner.assess(town, OWN)
    assert result.limit_m("clinic") == result.limit_m("clinic", "population") == 300
    assert result.limit_m("clinic", "pop_65plus") == 150
    old = rows(result, "pop_65plus")
    people = town.demand["pop_65plus"].to_numpy()
    near = result.distances["clinic"].to_numpy() <= 150
    assert old.loc["clinic", "covered"] == np.nansum(people[near]) > 0
    assert old["limit_m"].loc[["clinic", "police_room"]].tolist() == [150, 420]
    plain = planner.assess(town, STANDARD)
    pd.testing.assert_frame_equal(
        rows(result, "population").loc[["clinic"]].drop(columns="clause"),
        rows(plain, "population").loc[["clinic"]].drop(columns="clause"),
    )
    assert old.loc["clinic", "covered"] < rows(plain, "pop_65plus").loc["clinic", "covered"]


def test_what_figures_rest_on_tells_the_limit_of_each_group():
    result = planner.assess(random_town(0), OWN)
    line = limit_line(result, "clinic", Labels("en"))
    assert "300 m" in line
    assert "150 m" in line
    assert "150 m" not in limit_line(result, "police_room", Labels("en"))


def test_a_place_is_judged_as_the_standard_measures_and_counts_the_group():
    town = random_town(0)
    straight = Standard(**{**vars(OWN), "measure": "straight"})
    row = int(np.argmax(np.isfinite(planner.assess(town, OWN).distances["clinic"])))
    home = town.demand.geometry.iloc[row]
    for standard in (OWN, straight):
        result = planner.assess(town, standard)
        ways = ways_from(result, home.x, home.y)
        judged = result.distances.iloc[row][ways.index]
        np.testing.assert_allclose(ways["judged_m"], judged, rtol=0, atol=0.002)
    old = rings_from(result, home.x, home.y, [2000.0], group="pop_65plus")["people"].iloc[0]
    everyone = rings_from(result, home.x, home.y, [2000.0])["people"].iloc[0]
    assert 0 < old < everyone
    nowhere = rings_from(result, home.x + 1e5, home.y, [5.0])["people"]
    assert nowhere.isna().all()


@pytest.mark.parametrize("case", ["hours", "far_doors", "no_street", "border", "profile"])
def test_a_place_is_as_unknown_as_a_home_there(case):
    town, asked = random_town(0), {}
    clinics = town.facilities["kind"] == "clinic"
    if case == "hours":
        hours = town.facilities.assign(opening_hours="24/7")
        hours.loc[clinics, "opening_hours"] = ""
        town, asked = town.with_layers(facilities=hours), {"at": "Su 22:00"}
    elif case == "far_doors":
        asked = {"unmapped_m": 5.0}
    elif case == "no_street":
        moved = town.facilities.copy()
        moved.loc[clinics, "geometry"] = moved.geometry[clinics].translate(0, 450)
        town, asked = town.with_layers(facilities=moved), {"max_access_m": 40.0}
    elif case == "border":
        town = replace(town, buffer_m=100.0)
    else:
        asked = {"profile": "wheelchair"}
    result = planner.assess(town, OWN, **asked)
    within, unknown = result.within_or_unknown("clinic")
    assert unknown.any() or case == "far_doors"
    for row, home in enumerate(town.demand.geometry):
        way = ways_from(result, home.x, home.y).loc["clinic"]
        assert (way["judged_m"] <= 300) == within[row]
        is_unknown = np.isnan(way["judged_m"]) or (not within[row] and way["best_m"] <= 300)
        assert is_unknown == unknown[row]


def test_within_a_home_differs_by_group():
    result = planner.assess(random_town(0), OWN)
    all_, old = result.within("clinic"), result.within("clinic", "pop_65plus")
    assert (old.fillna(False) & ~all_.fillna(False)).sum() == 0
    assert old.sum() < all_.sum()
    assert old.isna().equals(all_.isna())


@pytest.mark.long
def test_leagues_and_communities_follow():
    result = planner.assess(random_town(0), OWN)
    league = result.league("community").set_index(["area_id", "kind", "group"])
    area = result.communities("pop_65plus").set_index("community_id")
    for code in ("1", "2"):
        assert (
            area.loc[code, "covered_clinic"]
            == league.loc[(code, "clinic", "pop_65plus")]["covered"]
        )
    total = league.xs(("clinic", "pop_65plus"), level=("kind", "group"))["covered"].sum()
    assert total == rows(result, "pop_65plus").loc["clinic", "covered"]


@pytest.mark.long
def test_measures_follow():
    result = planner.assess(random_town(0), OWN)
    hours = week(result, ["clinic"]).set_index(["group", "hour"])
    assert (hours["share_low"].between(0, 1)).all()
    at = planner.assess(random_town(0), OWN, at="Tu 10:00")
    assert (
        hours.loc[("pop_65plus", 34), "covered"] == rows(at, "pop_65plus").loc["clinic", "covered"]
    )
    alone = redundancy(result, "clinic", group="pop_65plus")
    wider = redundancy(result, "clinic", group="pop_65plus", limit_m=300.0)
    assert alone["residents_within"].sum() < wider["residents_within"].sum()


PLACE = st.floats(0, 700).map(lambda value: round(value, 2))
CHANGES = st.one_of(
    st.builds(Close, st.sampled_from(["f0", "f2", "f6"])),
    st.builds(Move, st.sampled_from(["f1", "f3"]), PLACE, PLACE),
    st.builds(OpenInternal, st.just("f4")),
    st.builds(Connect, PLACE, PLACE, PLACE, PLACE),
)


@cache
def before_changes(at):
    return planner.assess(random_town(2), OWN, at=at)


@pytest.mark.long
@settings(deadline=None, max_examples=tries(10, 400))
@given(changes=st.lists(CHANGES, max_size=4), at=st.sampled_from([None, "Su 10:00"]))
def test_applying_a_scenario_stays_exact(changes, at):
    before = before_changes(at)
    after = before.apply(Scenario("any", changes))
    fresh = planner.assess(after.district, OWN, at=at)
    pd.testing.assert_frame_equal(after.summary(), fresh.summary())
    pd.testing.assert_frame_equal(after.league(), fresh.league())


@pytest.mark.long(but=1)
@pytest.mark.parametrize("group", ["population", "pop_65plus"])
def test_comparing_tells_the_groups_limit(group):
    before = planner.assess(random_town(2), OWN)
    table = planner.compare(before, before.apply(Scenario("close", [Close("f0")]))).summary()
    row = table[(table["kind"] == "clinic") & (table["group"] == group)].iloc[0]
    assert row["limit_m"] == before.limit_m("clinic", group)


@pytest.mark.long
def test_a_limit_for_a_group_that_nobody_counts_is_told():
    rule = Rule("clinic", 300.0, limits={"pop_65plu": 100.0, "pop_65plus": 200.0})
    standard = Standard("own", "Own", "自", "made up", {"clinic": rule})
    town = random_town(np.random.default_rng(1))
    told = {each.code: each.params for each in planner.assess(town, standard).findings}
    unused = {"pop_65plu", "pop_65plus"} - set(town.groups)
    assert told["analysis.group_limits_unused"]["groups"].split(", ") == sorted(unused)
