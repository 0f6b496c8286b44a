import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

import planner
from planner.analysis.coverage.league import League
from planner.district import find_standard
from planner.district.small_numbers.withheld import Withheld
from planner.errors import InputError
from planner.siting.budget import best_mix


@pytest.fixture
def result(town):
    return planner.assess(town)


def test_distances_count_both_access_legs(result):
    clinic = result.distances["clinic"]
    assert clinic.loc["a"] == 10.0
    assert clinic.loc["b"] == 310.0
    assert clinic.loc["e"] == 910.0
    assert result.distances["library"].loc["c"] == 10 + 50 + 5


@pytest.mark.long
def test_a_home_far_from_any_street_is_unknown_and_told(result):
    assert np.isnan(result.distances["clinic"].loc["f"])
    assert result.within("clinic").loc["f"] is pd.NA
    found = {finding.code: finding.params for finding in result.findings}
    assert found["analysis.homes_without_street"]["people"] == 7


@pytest.mark.long
def test_the_limit_is_inclusive(town):
    home = town.demand.copy()
    home.loc[1, "geometry"] = shapely.Point(340, 10)
    clinic = planner.assess(town.with_layers(demand=home)).distances["clinic"]
    assert clinic.loc["b"] == 300.0
    assert planner.assess(town.with_layers(demand=home)).within("clinic").loc["b"]


def test_internal_facilities_do_not_count(result):
    assert set(result.nearest["clinic"]) == {"clinic-1", ""}


@pytest.mark.long
def test_kinds_without_a_rule_are_measured_but_not_judged(result):
    assert "library" in result.kinds
    assert "library" not in result.judged_kinds
    row = result.summary().set_index(["kind", "group"]).loc[("library", "population")]
    assert not row["judged"]
    assert np.isnan(row["share"])
    assert row["mean_distance_m"] > 0
    assert result.within("library").isna().all()


def test_kinds_of_the_standard_without_a_facility_leave_everyone_uncovered(result):
    row = result.summary().set_index(["kind", "group"]).loc[("police_room", "population")]
    assert row["facilities"] == 0
    assert row["share"] == 0
    assert row["communities_lacking"] == 2


@pytest.mark.long
@pytest.mark.parametrize(
    ("hours", "lacking", "unknown"),
    [
        (["24/7", "24/7"], 0, 0),
        (["24/7", None], 0, 1),
        (["Mo-Fr 08:00-17:00", None], 1, 1),
        ([None, None], 0, 2),
        (["Mo-Fr 08:00-17:00"] * 2, 2, 0),
    ],
)
def test_a_community_whose_facility_tells_no_hours_is_not_one_without(
    town, hours, lacking, unknown
):
    facilities = town.facilities.assign(ownership="public", opening_hours=[*hours, None])
    asked = planner.assess(town.with_layers(facilities=facilities), at="Su 22:00")
    row = asked.summary().set_index(["kind", "group"]).loc[("clinic", "population")]
    assert (row["communities_lacking"], row["communities_unknown"]) == (lacking, unknown)
    assert len(asked.lacking("clinic")) == lacking


@pytest.mark.long
def test_summary_adds_up(result):
    row = result.summary().set_index(["kind", "group"]).loc[("clinic", "population")]
    assert (row["population"], row["covered"], row["uncovered"], row["unknown"]) == (
        247,
        100,
        140,
        7,
    )
    assert row["share"] == pytest.approx(100 / 240)
    assert row["share_low"] == pytest.approx(100 / 247)
    assert row["share_high"] == pytest.approx(107 / 247)
    assert row["communities_lacking"] == 1


@pytest.mark.long
def test_the_summary_is_made_once_and_each_who_asks_has_a_table_of_its_own(result, monkeypatch):
    made = []
    count = League.of
    monkeypatch.setattr(League, "of", lambda *asked: made.append(asked) or count(*asked))
    first, kept = result.summary(), result.summary()
    assert len(made) == 1
    first["covered"] = -1.0
    pd.testing.assert_frame_equal(result.summary(), kept)


@pytest.mark.long
def test_what_is_withheld_is_looked_up_once_for_a_table(town, monkeypatch):
    asked = []
    areas = Withheld.areas
    monkeypatch.setattr(
        Withheld, "areas", lambda *at, **how: asked.append(how) or areas(*at, **how)
    )
    table = planner.assess(town.withhold(20)).league("community")
    assert len(set(table["kind"])) > 1
    assert len(asked) == 1


@pytest.mark.long
def test_people_of_a_group_that_are_not_known_are_left_out_and_told(result):
    row = result.summary().set_index(["kind", "group"]).loc[("clinic", "pop_65plus")]
    assert row["population"] == 21
    codes = [finding.code for finding in result.findings]
    assert "analysis.group_missing" in codes


@pytest.mark.long
def test_levels_add_up_to_the_district(result):
    for level in ("community", "subdistrict"):
        league = result.league(level)
        sums = league.groupby(["kind", "group"])["total"].sum()
        whole = result.league("district").set_index(["kind", "group"])["total"]
        pd.testing.assert_series_equal(sums.sort_index(), whole.sort_index())


@pytest.mark.long
@pytest.mark.parametrize("level", ["community", "subdistrict", "district"])
def test_the_table_of_one_kind_is_its_part_of_that_of_all(result, level):
    everything = result.league(level)
    for kind in result.kinds:
        part = everything[everything["kind"] == kind].reset_index(drop=True)
        pd.testing.assert_frame_equal(result.league(level, kind), part)
    with pytest.raises(InputError, match="not part of this assessment"):
        result.league(level, "castle")


@pytest.mark.long
def test_communities_and_subdistricts_are_maps(result):
    communities = result.communities()
    assert isinstance(communities, gpd.GeoDataFrame)
    assert communities.crs == result.district.crs
    west = communities.set_index("community_id").loc["001"]
    assert west["share_clinic"] == pytest.approx(100 / 180)
    assert west["facilities_clinic"] == 1
    subdistricts = result.subdistricts()
    assert list(subdistricts["name"]) == ["Town"]
    assert subdistricts.area.iloc[0] == pytest.approx(1200 * 800)


@pytest.mark.long
def test_a_facility_on_a_border_is_one_in_what_holds_both_its_sides(result):
    by_kind = {
        level: result.league(level).query("kind == 'library' and group == 'population'")
        for level in ("community", "subdistrict", "district")
    }
    counts = {level: rows["facilities"].to_list() for level, rows in by_kind.items()}
    assert counts == {"community": [1, 1], "subdistrict": [1], "district": [1]}


def test_a_straight_standard_measures_as_the_crow_flies(town, tmp_path):
    file = tmp_path / "straight.toml"
    file.write_text(
        'en = "s"\nzh = "s"\nsource = "own"\nmeasure = "straight"\n'
        '[[rule]]\nkind = "clinic"\nlimit_m = 400\n',
        encoding="utf-8",
    )
    result = planner.assess(town, file)
    assert result.distances["clinic"].loc["a"] == 10.0
    assert result.distances["clinic"].loc["f"] == pytest.approx(np.hypot(750, 600), abs=5e-4)


@pytest.mark.long
def test_a_time_standard_turns_minutes_into_metres(town):
    assert find_standard("15-minute").rules["clinic"].limit_m == 1080
    assert planner.assess(town, "15-minute").limit_m("clinic") == 1080


def test_lacking_names_the_communities_without_one(result):
    assert list(result.lacking("clinic")["community_id"]) == ["002"]


@pytest.mark.long
@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"standard": "nowhere"}, "district.unknown_standard"),
        ({"groups": ["pop_martian"]}, "analysis.unknown_group"),
        ({"max_access_m": 0}, "analysis.bad_access"),
        ({"max_access_m": float("nan")}, "analysis.bad_access"),
    ],
)
def test_bad_questions_are_refused(town, options, code):
    with pytest.raises(planner.InputError) as caught:
        planner.assess(town, **options)
    assert caught.value.code == code
    assert str(caught.value)


def test_unknown_kinds_and_levels_are_refused(result):
    with pytest.raises(planner.InputError, match="not part of this assessment"):
        result.within("martian")
    with pytest.raises(planner.InputError, match="level"):
        result.league("planet")


@pytest.mark.long
def test_facilities_without_a_street_are_told(town):
    facilities = town.facilities.copy()
    facilities.loc[0, "geometry"] = shapely.Point(50, 5000)
    result = planner.assess(town.with_layers(facilities=facilities))
    codes = [finding.code for finding in result.findings]
    assert "analysis.facility_without_street" in codes
    assert np.isinf(result.distances["clinic"].loc["a"])


@pytest.mark.parametrize(
    ("ask", "code"),
    [
        (lambda result: planner.assess(result.district, service=5), "analysis.bad_service"),
        (lambda result: planner.propose(result, ["clinic"]), "analysis.unknown_kind"),
        (lambda result: planner.propose(result, "clinic", budget="9"), "location.bad_option"),
        (lambda result: planner.propose_one_stop(result, "clinic", "9"), "siting.bad_budget"),
        (lambda result: best_mix(result, "9"), "siting.bad_budget"),
    ],
)
def test_what_is_of_another_type_is_refused_by_name(ask, code) -> None:
    with pytest.raises(InputError) as caught:
        ask(planner.assess(planner.demo_district()))
    assert caught.value.code == code
