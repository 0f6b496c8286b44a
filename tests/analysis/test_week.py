"""Each hour of the week equals an assessment at that hour."""

from datetime import timedelta

import numpy as np
import pandas as pd
import pytest
from effort import tries
from measured_towns import STANDARD, STRAIGHT, random_town
from opening_hours import OpeningHours, State

import planner
from planner.analysis.hours.moments import HOURS_A_WEEK, REFERENCE_MONDAY
from planner.analysis.hours.seasons import week_states
from planner.analysis.measures.week import hours_covered, round_the_clock, week

FIGURES = ["covered", "uncovered", "unknown", "share", "share_low", "share_high"]


@pytest.mark.long(but=1)
@pytest.mark.parametrize("standard", [STANDARD, STRAIGHT])
@pytest.mark.parametrize("seed", range(tries(1, 2)))
def test_each_hour_is_an_assessment_at_that_hour(standard, seed):
    town = random_town(seed)
    found = week(planner.assess(town, standard, at="Mo 03:00")).set_index("hour")
    for hour in (0, 3, 9, 17, 18, 130, 136, 167):
        at = REFERENCE_MONDAY + timedelta(hours=hour)
        expected = planner.assess(town, standard, at=at).summary()
        expected = expected[expected["judged"]].set_index(["kind", "group"])[FIGURES]
        row = found.loc[hour].set_index(["kind", "group"])
        pd.testing.assert_frame_equal(row[FIGURES], expected, rtol=1e-12)
        assert row["weekday"].eq(["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"][hour // 24]).all()
        assert row["hour_of_day"].eq(hour % 24).all()


def test_the_service_asked_for_still_counts():
    services = ["care", "care;drugs", "", *["care"] * 8]
    town = random_town(0, services=services)
    result = planner.assess(town, STANDARD, service="drugs")
    row = week(result, ["clinic"], groups=["population"]).set_index("hour").loc[9]
    both = planner.assess(town, STANDARD, service="drugs", at="Mo 09:00").summary()
    expected = both[(both["kind"] == "clinic") & (both["group"] == "population")].iloc[0]
    assert row[FIGURES].astype(float).tolist() == pytest.approx(
        expected[FIGURES].tolist(), nan_ok=True
    )


def test_the_states_are_those_of_the_parser():
    hours = ["24/7", "Mo-Fr 08:00-12:00,13:00-18:00; Sa off", "Mo 22:00-26:00", "Su 10:00-12:00"]
    found = week_states(hours)
    for row, text in enumerate(hours):
        parsed = OpeningHours(text)
        for hour in range(HOURS_A_WEEK):
            is_open = parsed.state(REFERENCE_MONDAY + timedelta(hours=hour))[0] == State.OPEN
            assert found[row, hour] == is_open


@pytest.mark.long
def test_round_the_clock_asks_one_facility_or_any():
    hours = ["Mo-Su 00:00-12:00", "Mo-Su 12:00-24:00", *["Mo-Su 08:00-09:00"] * 9]
    town = random_town(0, opening_hours=hours)
    result = planner.assess(town, STANDARD)
    found = round_the_clock(result, ["clinic"]).set_index(["reading", "group"])
    assert found.loc[("24h", "population"), "covered"] == 0
    assert found.loc[("24h", "population"), "facilities"] == 0
    near = planner.assess(town.with_layers(facilities=town.facilities.iloc[:2]), STANDARD)
    expected = near.summary().set_index(["kind", "group"]).loc[("clinic", "population"), "covered"]
    assert found.loc[("always", "population"), "covered"] == expected > 0


@pytest.mark.parametrize("seed", [0, 1])
def test_24h_is_what_assess_calls_always(seed):
    town = random_town(seed)
    found = round_the_clock(planner.assess(town, STANDARD)).set_index(["reading", "kind", "group"])
    expected = planner.assess(town, STANDARD, at="always").summary()
    expected = expected[expected["judged"]].set_index(["kind", "group"])[FIGURES]
    pd.testing.assert_frame_equal(found.loc["24h"][FIGURES], expected, rtol=1e-12)


def test_hours_covered_add_up_to_the_week():
    result = planner.assess(random_town(1), STANDARD)
    by_home = hours_covered(result, "clinic")
    people = result.district.people()["population"]
    by_hour = week(result, ["clinic"], groups=["population"])
    assert (by_home["hours_low"] * people).sum() == pytest.approx(by_hour["covered"].sum())
    located = by_home["hours_low"].notna()
    most = (by_home["hours_high"] * people).sum() + HOURS_A_WEEK * people[~located].sum()
    assert most == pytest.approx((by_hour["covered"] + by_hour["unknown"]).sum())
    assert (~located).sum() == 1
    assert by_home.max().max() <= HOURS_A_WEEK


def test_shares_stay_shares_where_nobody_lives_or_nothing_stands():
    town = random_town(0)
    empty = town.with_layers(demand=town.demand.assign(pop_65plus=np.nan))
    found = week(planner.assess(empty, STANDARD), groups=["pop_65plus"])
    assert found[["share", "share_low", "share_high"]].isna().all(axis=None)
    none = week(planner.assess(town, STANDARD), ["bathhouse"])
    assert (none["share"] == 0).all()
    assert (none["facilities_open"] == 0).all()
