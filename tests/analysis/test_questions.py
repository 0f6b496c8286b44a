"""Hours and services: what is open counts, what is not known makes a range."""

import json

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

import planner
from planner.analysis.hours.moments import moment
from planner.analysis.hours.states import part_may_be_free
from planner.analysis.questions import Question
from planner.errors import InputError
from planner.views.exports.analysis.result_layers import result_layers
from planner.views.maps.assessment import assessment_map
from planner.views.maps.parts.homes import home_circles
from planner.views.maps.parts.legend import figures_html
from planner.views.tables.analysis.assessment import league_table
from planner.views.words.labels import Labels


@pytest.fixture
def clinics(town):
    """Three clinics: one by day, one day and night, one that does not say."""
    table = pd.concat([town.facilities.iloc[[0]]] * 3, ignore_index=True)
    table["facility_id"] = ["day", "night", "silent"]
    table["opening_hours"] = ["Mo-Fr 08:00-18:00", "24/7", "ask"]
    table["services"] = ["medical; prevention", "medical", ""]
    table["geometry"] = [shapely.Point(x, 0) for x in (50, 950, 650)]
    return town.with_layers(facilities=table)


def row(result):
    return result.summary().set_index(["kind", "group"]).loc[("clinic", "population")]


@pytest.mark.long
def test_by_night_only_what_is_open_counts_and_the_unknown_makes_a_range(clinics):
    result = planner.assess(clinics, at="Su 22:00")
    assert set(result.nearest["clinic"]) == {"night", ""}
    # home e stands by the night clinic; c and d are near the silent one, nobody knows
    assert row(result)["covered"] == 40
    assert row(result)["unknown"] == 30 + 20 + 7
    assert row(result)["uncovered"] == 100 + 50
    assert row(result)["share_low"] == pytest.approx(40 / 247)
    assert row(result)["share_high"] == pytest.approx(97 / 247)
    found = {finding.code: finding.params for finding in result.findings}
    assert found["analysis.question_open"] == {"kind": "clinic", "count": 1, "total": 3}
    assert found["analysis.hours_unreadable"]["ids"] == "silent"


@pytest.mark.long
def test_what_a_holiday_leaves_open_is_told_with_its_cause(clinics):
    """It is the day that is not known, not the hours: they are told."""

    def told(at, hours):
        table = clinics.facilities.assign(opening_hours=hours)
        # in China, on the same net
        moved = {
            name: layer.set_geometry(layer.geometry.translate(390_000, 2_860_000))
            for name, layer in clinics.with_layers(facilities=table).layers.items()
            if len(layer)
        }
        result = planner.assess(clinics.with_layers(**moved), at=at)
        codes = ("question_open", "day_of_holiday", "day_not_known", "days_by_decree")
        codes += ("days_made_up",)
        return {
            each.code.removeprefix("analysis."): each.params["count"]
            for each in result.findings
            if each.code.removeprefix("analysis.") in codes
        }

    weekdays = ["Mo-Fr 08:00-18:00", "24/7", "ask"]
    by_law = ["Mo-Fr 08:00-18:00; PH off", "24/7", "ask"]
    assert told("2026-10-01 10:00", weekdays) == {"day_of_holiday": 1, "question_open": 1}
    assert told("2026-10-06 10:00", by_law) == {"day_not_known": 1, "question_open": 1}
    assert told("2026-10-06 10:00", weekdays) == {"days_by_decree": 1, "question_open": 1}
    assert told("2026-10-10 10:00", weekdays) == {"days_made_up": 1, "question_open": 1}
    assert told("2026-02-28 10:00", by_law) == {"days_made_up": 1, "question_open": 1}
    assert told("2026-11-14 10:00", weekdays) == {"question_open": 1}
    assert told("2150-10-01 10:00", by_law) == {"day_not_known": 1, "question_open": 1}
    assert told("2026-11-11 10:00", weekdays) == {"question_open": 1}
    assert told("We 10:00", weekdays) == {"question_open": 1}


def test_within_is_missing_where_it_turns_on_unknown_hours(clinics):
    within = planner.assess(clinics, at="Su 22:00").within("clinic")
    assert within.loc["e"]
    assert not within.loc["a"]
    assert within.loc[["c", "d", "f"]].isna().all()


def test_always_means_every_hour_of_the_week(clinics):
    result = planner.assess(clinics, at="always")
    assert set(result.nearest["clinic"]) == {"night", ""}


def test_a_service_must_be_offered(clinics):
    result = planner.assess(clinics, service="prevention")
    assert set(result.nearest["clinic"]) == {"day", ""}
    assert row(result)["unknown"] == 30 + 20 + 7


def test_without_a_question_hours_do_not_matter(clinics):
    result = planner.assess(clinics)
    assert result.question.plain
    pd.testing.assert_frame_equal(result.distances, result.best_distances)
    assert np.isfinite(result.distances["clinic"].loc["c"])


@pytest.mark.long
@pytest.mark.parametrize("at", ["Sunday night", "Su 25:00", "2026-13-01"])
def test_what_is_not_a_moment_is_refused(town, at):
    with pytest.raises(InputError, match="not a moment"):
        planner.assess(town, at=at)


@pytest.mark.long(but=1)
@pytest.mark.parametrize(
    "listed", ["康复、预防", "康复；预防", "康复，预防", "预防;康复", "预防,康复"]
)
def test_services_are_parted_by_whatever_lists_use(clinics, listed):
    table = clinics.facilities.assign(services=[listed, "义诊", "义诊"])
    district = clinics.with_layers(facilities=table)
    asked = planner.assess(district, service="康复")
    assert set(asked.nearest["clinic"]) == {"day", ""}
    assert row(asked)["covered"] == 100
    assert row(asked)["unknown"] == 7, "the home that no street reaches"


@pytest.mark.long
def test_services_are_the_same_in_any_case_and_width(clinics):
    asked = planner.assess(clinics, service=" Ｍedical")
    assert row(asked)["covered"] == row(planner.assess(clinics, service="medical"))["covered"] > 0


@pytest.mark.long(but=1)
@pytest.mark.parametrize("asked", ["rehabilitation", "康复", "Rehabilitation"])
def test_a_service_is_the_same_in_both_languages(clinics, asked):
    table = clinics.facilities.assign(services=["康复、预防", "rehabilitation", "义诊"])
    district = clinics.with_layers(facilities=table)
    found = planner.assess(district, service=asked)
    assert found.question.states(table).tolist() == [1, 1, 0]
    chinese = clinics.with_layers(facilities=table.assign(services=["康复", "", "义诊"]))
    codes = {each.code for each in planner.assess(chinese, service=asked).findings}
    assert "analysis.service_of_none" not in codes


def test_a_service_that_nobody_names_is_told(clinics):
    found = {each.code: each.params for each in planner.assess(clinics, service="medcal").findings}
    told = found["analysis.service_of_none"]
    assert told == {"service": "medcal", "known": "medical, prevention"}
    codes = {each.code for each in planner.assess(clinics, service="MEDICAL").findings}
    assert "analysis.service_of_none" not in codes


def test_a_service_that_is_not_told_is_not_one_that_is_not_offered(clinics):
    for word in ("不详", "待定", "—", "-", "？", "未填", "N/A", "Unknown", "tbd"):
        table = clinics.facilities.assign(services=["康复", word, "义诊"])
        found = planner.assess(clinics.with_layers(facilities=table), service="康复")
        assert found.question.states(table).tolist() == [1, -1, 0], word
    none = clinics.facilities.assign(services=["康复", "无", "none"])
    assert found.question.states(none).tolist() == [1, 0, 0]


def test_services_that_read_like_the_one_asked_are_told(clinics):
    told = ["预防接种", "儿童预防接种室; 接种", "预防接种（暂停）"]
    table = clinics.facilities.assign(services=told)
    asked = planner.assess(clinics.with_layers(facilities=table), service="预防接种")
    (told,) = [each for each in asked.findings if each.code == "analysis.services_alike"]
    assert (told.params["count"], told.params["names"]) == (1, "儿童预防接种室, 接种")
    latin = clinics.facilities.assign(services=["CT", "doctor", "CT scan"])
    found = planner.assess(clinics.with_layers(facilities=latin), service="CT")
    (told,) = [each for each in found.findings if each.code == "analysis.services_alike"]
    assert told.params["names"] == "CT scan"
    plain = clinics.facilities.assign(services=["预防接种; 儿童预防接种", "康复", "义诊"])
    found = planner.assess(clinics.with_layers(facilities=plain), service="预防接种")
    assert "analysis.services_alike" not in {each.code for each in found.findings}


@pytest.mark.long
@pytest.mark.parametrize(
    ("at", "told"),
    [("We 10:00", "We 10:00"), ("2026-05-01 08:30", "2026-05-01T08:30:00"), ("always", "always")],
)
def test_a_moment_is_told_as_it_was_asked(clinics, at, told):
    assert planner.assess(clinics, at=at).question.asked_at == told


@pytest.mark.long
def test_who_may_walk_to_a_place_of_unknown_hours_is_not_called_unreachable(clinics):
    """The silent clinic stands within reach of all, whoever is told nothing else."""
    only = clinics.facilities[clinics.facilities["facility_id"] == "silent"]
    result = planner.assess(clinics.with_layers(facilities=only), at="Su 22:00")
    assert row(result)["unreachable"] == 0
    assert row(result)["unknown"] + row(result)["uncovered"] == 247
    layer = result_layers(result)["demand"].set_index("demand_id")["state_clinic"]
    within = result.within("clinic")
    assert layer[within.isna().to_numpy()].eq("unknown").all()
    assert layer[within.eq(False).fillna(False).to_numpy()].eq("beyond").all()
    shut = only.assign(opening_hours="Mo 08:00-09:00")
    result = planner.assess(clinics.with_layers(facilities=shut), at="Su 22:00")
    assert row(result)["unreachable"] == 240


def test_who_is_not_known_to_be_covered_is_drawn_as_such(clinics):
    """And not as one who can reach no facility."""
    result = planner.assess(clinics, at="Su 22:00")
    beyond, unknown = home_circles(result, "clinic", "population", Labels("en"))
    names = list(result.distances.index)

    def drawn(circles):
        return {names[home] for home, *_ in json.loads(f"[{circles.arguments[2:]}]")[0]}

    (rings,), (discs,) = unknown, beyond
    assert drawn(rings) == {"c", "d", "f"}
    assert drawn(discs) == {"a", "b"}
    assert "does not tell its hours" in rings.arguments
    (plain,) = home_circles(planner.assess(clinics), "clinic", "population", Labels("en"))[1]
    assert "does not tell its hours" not in plain.arguments


def test_leagues_tell_the_range_of_what_is_not_known(clinics):
    table = league_table(planner.assess(clinics, at="Su 22:00"))
    assert {"Coverage not known", "Coverage rate at least (%)", "Coverage rate at most (%)"} <= set(
        table
    )


@pytest.mark.long
def test_maps_tell_the_range_where_it_is_not_known_who_is_covered(clinics):
    result = planner.assess(clinics, at="Su 22:00")
    league = result.league(kind="clinic")
    west = league[(league["area_id"] == "001") & (league["group"] == "population")].iloc[0]
    assert 0 < west["unknown"] < west["total"]
    labels = Labels("en")
    low, high = (labels.percent(west[end]) for end in ("share_low", "share_high"))
    told = assessment_map(result, kind="clinic").get_root().render().replace("\\u0025", "%")
    assert f"The share lies between {low} (all unknown beyond the limit) and {high}" in told
    figures = figures_html(result, "clinic")
    row = result.summary().set_index(["kind", "group"]).loc[("clinic", "population")]
    ends = "–".join(labels.percent(row[end]) for end in ("share_low", "share_high"))
    assert f"Coverage rate {ends}" in figures


def test_a_date_on_which_a_part_of_a_country_may_have_a_holiday_is_told():
    west, north = -0.12, 51.5  # London
    assert part_may_be_free(["Mo-Fr 08:00-20:00; PH off", "24/7"], moment("2026-04-06 10:00"),
                            (north, west)) == 1  # fmt: skip
    # of no date, on a holiday of the whole country, in a country whose parts have none
    for at, place in (
        ("We 10:00", (north, west)),
        ("2026-12-25 10:00", (north, west)),
        ("2026-04-06 10:00", (35.7, 139.7)),
    ):
        assert part_may_be_free(["Mo-Fr 08:00-20:00; PH off"], moment(at), place) == 0


@pytest.mark.parametrize(
    ("services", "at", "state"),
    [
        ("接种（仅周三）", None, 1),
        ("接种（仅周三）", "We 10:00", 1),
        ("接种（仅周三）", "Th 10:00", 0),
        ("接种（仅周三）", "We 20:00", 0),
        ("接种（仅周三）", "always", 0),
        ("接种（仅周三）;接种（周四 8:00-11:00）", "Th 10:00", 1),
        ("接种（仅周三）;接种", "Th 10:00", 1),
        ("接种（每月第一周周三）", "We 10:00", -1),
        ("接种（24小时）", "Th 10:00", 1),
        ("全科（仅周三）", "We 10:00", 0),
    ],
)
def test_hours_behind_a_service_hold_at_the_moment_asked_for(services, at, state):
    table = gpd.GeoDataFrame(
        {"services": [services], "opening_hours": ["Mo-Fr 08:00-17:00"]},
        geometry=gpd.points_from_xy([500_000], [2_860_000]),
        crs=32650,
    )
    assert Question.of(at, "接种").states(table).tolist() == [state]
