"""Hours on no date, by season, on holidays, with open ends and where a comment stands for them."""

import pickle
from datetime import UTC, date, datetime, timedelta, timezone

import pytest

import planner
from planner.analysis.hours.moments import moment, of_no_date
from planner.analysis.hours.rules import OPEN, SHUT, UNKNOWN
from planner.analysis.hours.seasons import week_states
from planner.analysis.hours.states import state_at, states_at
from planner.analysis.questions import Question
from planner.errors import InputError

CHINA = (26.0, 115.0)
OCEAN = (0.0, 0.0)


@pytest.mark.long(but=1)
@pytest.mark.parametrize(
    ("hours", "at", "state"),
    [
        # the reference week begins on 1 January, but holds no holiday and no month
        ("Mo-Su 08:00-18:00; Jan 01 off", "Mo 10:00", OPEN),
        ("Mo-Su 08:00-18:00; Dec 24-Jan 02 off", "Mo 10:00", OPEN),
        ("Jan 01-07 off; Mo-Fr 08:00-18:00", "We 10:00", OPEN),
        ("Apr-Oct 09:00-18:00", "Su 10:00", UNKNOWN),
        ("Apr-Oct 09:00-18:00", "Su 20:00", SHUT),
        ("Apr-Oct 09:00-18:00; Nov-Mar 10:00-16:00", "Su 11:00", OPEN),
        ("Apr-Oct 09:00-18:00; Nov-Mar 10:00-16:00", "Su 17:00", UNKNOWN),
        ("week 1-53/2 Mo 09:00-12:00", "Mo 10:00", UNKNOWN),
        ("Mo-Fr 08:00-18:00; PH off", "We 10:00", OPEN),
        ("Su[1] 10:00-12:00", "Su 11:00", UNKNOWN),
        # what a comment or an open end leaves open
        ('Mo-Fr 08:00-18:00 || "by appointment"', "We 10:00", OPEN),
        ('Mo-Fr 08:00-18:00 || "by appointment"', "We 20:00", UNKNOWN),
        ('Mo-Fr 08:00-18:00 || "by appointment"', "Su 10:00", UNKNOWN),
        ('Mo-Fr 08:00-18:00 "on demand"', "We 10:00", UNKNOWN),
        ('Mo-Fr 08:00-18:00 open "ring twice"', "We 10:00", OPEN),
        ("Mo-Fr 08:00-18:00+", "We 17:00", OPEN),
        ("Mo-Fr 08:00-18:00+", "We 19:00", UNKNOWN),
        ("Mo-Fr 08:00+", "We 07:00", SHUT),
        ("Mo-Fr 08:00+", "We 10:00", UNKNOWN),
        ("Mo-Fr 08:00-12:00 || Mo-Fr 14:00-18:00", "We 15:00", OPEN),
        ("Mo-Fr 08:00-12:00 || Mo-Fr 14:00-18:00", "We 13:00", SHUT),
        # a rule that replaces one of the same days was hardly to do so
        ("08:30-12:00; 14:30-18:00", "We 10:00", UNKNOWN),
        ("08:30-12:00; 14:30-18:00", "We 15:00", OPEN),
        ("08:30-12:00; 14:30-18:00", "We 20:00", SHUT),
        ("Mo-Fr 08:30-12:00; Mo-Fr 14:30-18:00", "We 10:00", UNKNOWN),
        ("Mo-Fr 08:00-18:00; Fr 08:00-12:00", "Fr 15:00", SHUT),
        ("08:30-12:00,02:30-06:00", "We 03:00", UNKNOWN),
        ("08:30-12:00,02:30-06:00", "We 15:00", UNKNOWN),
    ],
)
def test_a_week_without_holiday_and_month(hours, at, state):
    assert state_at(hours, moment(at)) == state
    day, hour = divmod((moment(at) - moment("Mo 00:00")) // timedelta(hours=1), 24)
    assert week_states([hours])[0, 24 * day + hour] == state


HELSINKI, GANZHOU = (60.17, 24.94), (25.85, 114.93)


@pytest.mark.long(but=1)
@pytest.mark.parametrize(
    ("hours", "at", "place", "state"),
    [
        ("sunrise-sunset", "We 12:00", HELSINKI, OPEN),
        ("sunrise-sunset", "We 18:30", HELSINKI, UNKNOWN),
        ("sunrise-sunset", "We 08:00", HELSINKI, UNKNOWN),
        ("sunrise-sunset", "We 02:00", HELSINKI, SHUT),
        ("sunrise-sunset", "We 16:30", GANZHOU, OPEN),
        ("sunrise-sunset", "We 20:30", GANZHOU, SHUT),
        ("08:00-sunset", "We 08:30", HELSINKI, OPEN),
        ("08:00-sunset", "We 18:30", HELSINKI, UNKNOWN),
        # of a place that is not known
        ("sunrise-sunset", "We 12:00", None, OPEN),
        ("sunrise-sunset", "We 18:30", None, UNKNOWN),
        ("(sunrise+02:00)-(sunset-01:00)", "We 12:30", None, OPEN),
        ("(sunrise+02:00)-(sunset-01:00)", "We 11:30", None, UNKNOWN),
        ("08:00-dusk", "We 23:45", None, SHUT),
    ],
)
def test_the_sun_of_a_week_is_that_of_all_seasons(hours, at, place, state):
    assert state_at(hours, moment(at), place) == state
    day, hour = divmod((moment(at) - moment("Mo 00:00")) // timedelta(hours=1), 24)
    if at.endswith(":00"):
        assert week_states([hours], place)[0, 24 * day + hour] == state


def test_a_date_in_the_first_week_of_2024_is_a_date():
    new_year, monday = moment("2024-01-01 10:00"), moment("Mo 10:00")
    assert of_no_date(monday)
    assert not of_no_date(new_year)
    assert monday != new_year
    assert len({monday, new_year, moment("Mo 10:00")}) == 2
    hours = "Mo-Fr 08:00-18:00; PH off"
    assert state_at(hours, new_year, CHINA) == SHUT
    assert state_at(hours, monday, CHINA) == OPEN
    assert Question.of("2024-01-01 10:00").asked_at == "2024-01-01T10:00:00"
    assert pickle.loads(pickle.dumps(monday)) == monday


def test_on_a_date_the_month_and_the_countrys_holidays_count():
    def on(hours, at, place=CHINA):
        return state_at(hours, moment(at), place)

    assert on("Apr-Oct 09:00-18:00", "2026-05-03 10:00") == OPEN
    assert on("Apr-Oct 09:00-18:00", "2026-12-06 10:00") == SHUT
    assert on("Mo-Fr 08:00-18:00; PH off", "2026-10-01 10:00") == SHUT
    assert on("Mo-Fr 08:00-18:00; PH off", "2026-10-15 10:00") == OPEN
    # by the syntax the later rule holds on every Thursday, but hardly on one that is a holiday
    assert on("PH off; Mo-Fr 08:00-18:00", "2026-10-01 10:00") == UNKNOWN
    assert on("Su,PH 09:00-12:00; Mo-Fr 08:00-18:00", "2026-10-01 15:00") == UNKNOWN
    assert on("Su,PH 09:00-12:00; Mo-Fr 08:00-18:00", "2026-10-01 10:00") == OPEN
    assert on("PH off; Mo-Fr 08:00-18:00", "2026-10-15 10:00") == OPEN
    # of a country that is not known, and of school holidays, the days are not known
    assert on("Mo-Fr 08:00-18:00; PH off", "2026-10-15 10:00", OCEAN) == UNKNOWN
    assert on("Mo-Fr 08:00-18:00; PH off", "2026-10-15 10:00", None) == UNKNOWN
    assert on("Mo-Fr 08:00-18:00; SH off", "2026-10-15 10:00") == UNKNOWN


def test_the_offset_of_a_moment_counts():
    at = moment("2026-05-06T12:30:00Z")
    assert at == datetime(2026, 5, 6, 12, 30, tzinfo=UTC)
    assert state_at("Mo-Su 08:00-18:00", at, CHINA) == SHUT, "it is 20:30 there"
    east = datetime(2026, 5, 6, 12, 30, tzinfo=timezone(timedelta(hours=8)))
    assert state_at("Mo-Su 08:00-18:00", moment(east), CHINA) == OPEN
    assert states_at(["Mo-Su 08:00-18:00"], at).tolist() == [UNKNOWN]


@pytest.mark.parametrize(
    "said",
    [
        "周日 22:00",
        "星期天22:00",
        "礼拜日 晚上10点",
        "周日２２：００",
        "Sun 22:00",
        "SUNDAY 22:00",
        "su 22:00",
    ],
)
def test_a_weekday_is_said_in_words(said):
    assert moment(said) == moment("Su 22:00")
    assert Question.of(said).asked_at == "Su 22:00"


@pytest.mark.parametrize(
    "said", ["周八 22:00", "周日 25:00", "周六日 22:00", "S 22:00", "Sunny 22:00", "周日"]
)
def test_words_that_are_no_weekday_are_refused(said):
    with pytest.raises(InputError, match="moment"):
        moment(said)


@pytest.mark.parametrize("said", ["always", "全天", "24小时", "24/7"])
def test_every_hour_of_the_week_is_said_in_words(said):
    assert Question.of(said).at == "always"


@pytest.mark.parametrize("at", ["2026-05-06", "20260506", "2026-W19", date(2026, 5, 6), 7])
def test_a_date_without_an_hour_is_no_moment(at):
    with pytest.raises(InputError) as error:
        moment(at)
    assert error.value.code == "analysis.bad_moment"


@pytest.mark.long
def test_a_season_gives_a_range_and_a_date_a_figure(town):
    table = town.facilities.assign(opening_hours="Apr-Oct 08:00-18:00")
    seasonal = town.with_layers(facilities=table)

    def clinic(at):
        rows = planner.assess(seasonal, at=at).summary().set_index(["kind", "group"])
        return rows.loc[("clinic", "population"), ["share_low", "share_high"]].tolist()

    low, high = clinic("Su 10:00")
    assert (low, high > 0) == (0.0, True)
    assert clinic("2026-05-03 10:00")[0] > 0
    assert clinic("2026-12-06 10:00") == [0.0, pytest.approx(7 / 247)]


def test_a_question_takes_the_place_of_its_facilities(town):
    table = town.facilities.assign(opening_hours="Mo-Fr 08:00-18:00; PH off")
    asked = Question.of("2026-10-01 10:00")
    assert asked.states(table).tolist() == [OPEN] * 3, "no holiday on Borneo"
    china = table.set_geometry(table.geometry.translate(390_000, 2_860_000))
    assert asked.states(china).tolist() == [SHUT] * 3


@pytest.mark.long(but=1)
@pytest.mark.parametrize(
    ("hours", "state"),
    [
        ("2025-2030 Mo-Fr 08:00-17:00", OPEN),
        ("2026+ Mo-Fr 08:00-17:00", OPEN),
        ("2025 Mar 01+ Mo-Fr 08:00-17:00", OPEN),
        ("2020-2024 Mo-Fr 08:00-17:00", SHUT),
        ("Mo-Fr 08:00-17:00; 2024 off", OPEN),
        # shut still for half a year, and open then
        ("Mo-Fr 08:00-17:00; 2026 Jan 01-2026 Dec 31 off", UNKNOWN),
    ],
)
def test_hours_of_named_years_are_those_of_the_year_from_now(hours, state, monkeypatch):
    monkeypatch.setattr("planner.analysis.hours.seasons._today", lambda: date(2026, 7, 1))
    assert state_at(hours, moment("We 10:00")) == state
    assert week_states([hours])[0, 2 * 24 + 10] == state


def test_days_around_a_holiday_are_not_known_where_a_government_makes_more_of_them_free():
    """National Day is three days by law and about eight in fact; of them one is known."""
    hours = "Mo-Su 08:00-18:00; PH off"

    def on(day, place=CHINA, text=hours):
        return state_at(text, moment(f"{day} 10:00"), place)

    assert on("2026-10-01") == SHUT
    days = ("2026-10-02", "2026-10-03", "2026-10-07", "2026-02-16", "2026-02-19", "2026-05-02")
    assert {on(day) for day in days} == {UNKNOWN}
    assert on("2026-04-05") == UNKNOWN, "Qingming"
    assert on("2026-03-11") == on("2026-11-11") == OPEN
    assert on("2026-10-02", text="Mo-Su 08:00-18:00") == OPEN, "no rule on holidays"
    assert on("2026-10-05", (48.85, 2.35)) == OPEN, "in France the days are known"


def test_hours_of_weekdays_say_nothing_of_a_public_holiday():
    def on(hours, day, place=CHINA, hour="10:00"):
        return state_at(hours, moment(f"{day} {hour}"), place)

    assert on("Mo-Fr 08:00-17:00", "2026-10-01") == UNKNOWN
    assert on("Mo-Fr 08:00-17:00; Sa 09:00-12:00", "2026-10-01") == UNKNOWN
    assert on("Mo-Fr 08:00-17:00", "2026-10-01", hour="20:00") == SHUT, "it never opens so late"
    # who opens every day does so on holidays; a rule of their own is what holds
    assert on("Mo-Su 08:00-17:00", "2026-10-01") == on("24/7", "2026-10-01") == OPEN
    assert on("Mo-Fr 08:00-17:00; PH 09:00-12:00", "2026-10-01") == OPEN
    assert on("Mo-Fr 08:00-17:00", "2026-11-11") == OPEN
    assert on("Mo-Fr 08:00-17:00", "2026-10-01", OCEAN) == OPEN, "no country, no holiday"
    assert on("Mo-Fr 08:00-17:00", "2026-07-14", (48.85, 2.35)) == UNKNOWN, "France"


def test_days_by_decree_stay_unknown_where_holidays_stand_before_weekdays():
    beijing = (39.9, 116.4)
    hours = "PH Mo-Fr 08:00-12:00; Mo-Fr 08:00-12:00"
    assert state_at(hours, moment("2026-10-05 09:00"), beijing) == -1
    assert state_at(hours, moment("2026-11-25 09:00"), beijing) == 1


@pytest.mark.parametrize(
    ("hours", "at", "state"),
    [
        # school holidays that are weekdays, by the syntax; what nobody may have meant is not known
        ("SH Mo-Fr 08:00-12:00", "Mo 10:00", -1),
        ("SH Mo-Fr 08:00-12:00", "Sa 10:00", 0),
        ("PH Mo-Fr 08:00-12:00", "We 10:00", -1),
        ("Mo-Fr 14:00-18:00; SH Mo-Fr 10:00-18:00", "Mo 15:00", 1),
        ("Mo-Fr 14:00-18:00; SH Mo-Fr 10:00-18:00", "Mo 11:00", -1),
        ("PH,Mo-Fr 08:00-12:00", "Mo 10:00", 1),
        ("Mo-Fr 08:00-12:00; PH off", "Mo 10:00", 1),
    ],
)
def test_holidays_before_weekdays_are_read_both_ways(hours, at, state):
    assert state_at(hours, moment(at)) == state
    day = "MoTuWeThFrSaSu".index(at[:2]) // 2
    assert week_states([hours])[0, day * 24 + int(at[3:5])] == state


@pytest.mark.parametrize(
    ("hours", "at", "state"),
    [
        # Friday's shift ends on Saturday, whatever Saturday says of itself: not known to be shut
        ("Mo-Fr 22:00-06:00; Sa 10:00-12:00", "Sa 03:00", UNKNOWN),
        ("Mo-Fr 18:00-02:00; Sa,Su off", "Sa 01:00", UNKNOWN),
        ("Su-Th 20:00-28:00; Fr 10:00-12:00", "Fr 03:00", UNKNOWN),
        ("Mo-Fr 22:00-06:00; Sa 10:00-12:00", "Tu 03:00", OPEN),
        ("Mo-Fr 22:00-06:00; Sa 10:00-12:00", "Sa 11:00", OPEN),
        ("Mo-Fr 22:00-06:00; Sa 10:00-12:00", "Su 03:00", SHUT),
        ("Mo-Fr 08:00-24:00; Sa 10:00-12:00", "Sa 00:30", SHUT),
        ("Mo-Fr 22:00-06:00; PH off", "Sa 07:00", SHUT),
    ],
)
def test_a_shift_past_midnight_ends_when_it_says(hours, at, state):
    assert state_at(hours, moment(at)) == state


@pytest.mark.parametrize(
    ("hours", "at", "state"),
    [
        ("Mo-Su,PH 00:00-24:00", "2026-10-06 10:00", 1),
        ("Mo-Su,PH 08:00-12:00", "2026-10-06 20:00", 0),
        ("Mo-Fr 08:00-17:00; PH off", "2026-10-06 10:00", -1),
        ("Mo-Fr 08:00-17:00; PH off", "2026-10-06 20:00", 0),
        ("PH off; Mo-Su 08:00-17:00", "2026-10-05 10:00", -1),
        ("Su,PH off; Mo-Sa 08:00-17:00", "2026-10-05 10:00", -1),
        ("PH off; 24/7", "2026-10-05 10:00", -1),
        ("SH off; Mo-Su 08:00-17:00", "2026-10-05 10:00", -1),
        ("PH off; Mo-Su 08:00-17:00", "2026-10-05 20:00", 0),
        ("Mo-Fr 08:00-17:00; SH 09:00-12:00", "2026-11-24 10:00", 1),
        ("Mo-Fr 08:00-17:00; SH 09:00-12:00", "2026-11-24 14:00", -1),
        ("Mo-Fr 08:00-17:00; PH off", "2026-10-01 10:00", 0),
        ('Mo-Fr 08:00-17:00; PH "预约"', "2026-10-05 10:00", -1),
        ('Mo-Fr 08:00-17:00; PH "PH only; call"', "2026-10-05 10:00", -1),
        ('Mo-Fr 08:00-17:00 "PH by bell"; PH off', "2026-10-05 10:00", -1),
        ('24/7; PH "call"', "2026-10-05 10:00", -1),
        ('Mo-Su 08:00-17:00; PH 09:00-12:00 "仅急诊"', "2026-10-05 10:00", -1),
        ('Mo-Su,PH 08:00-17:00 "入口在北"; Sa off', "2026-10-05 20:00", 0),
    ],
)
def test_what_is_alike_on_holidays_is_known_whatever_the_day_is(hours, at, state):
    assert state_at(hours, moment(at), (39.9, 116.4)) == state
