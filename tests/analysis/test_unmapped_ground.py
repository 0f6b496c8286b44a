"""Homes far from every mapped street, as in compounds, are read both ways where that is asked."""

import numpy as np
import pandas as pd
import pytest
from test_profiles import STANDARD, town

from planner import InputError, assess, compare, propose
from planner.analysis.compliance.checkup import checkup
from planner.analysis.distances.reach import AROUND_CORNERS
from planner.analysis.measures.equity import equity
from planner.analysis.measures.groups import group_coverage
from planner.analysis.measures.redundancy import redundancy
from planner.analysis.measures.uncertainty import uncertainty
from planner.analysis.measures.week import hours_covered
from planner.district import Open, Scenario
from planner.district.scenarios.changes import apply_scenario
from planner.views.exports.analysis.assessment import metadata
from planner.views.words.labels import Labels


def found(home, **asked):
    return assess(town(home=home), STANDARD, **asked)


def test_a_far_door_is_read_straight_and_round_corners():
    # 60 m to the street, 50 m along it and 10 m beyond: 120 m, or 60 x 0.414 more
    plain, both = found((50, -60)), found((50, -60), unmapped_m=50)
    assert plain.distances["clinic"].tolist() == [60 + 50 + 10]
    assert both.distances["clinic"].iloc[0] == pytest.approx(
        120 + 60 * (AROUND_CORNERS - 1), abs=1e-3
    )
    assert both.best_distances["clinic"].tolist() == [120]
    assert both.within("clinic").tolist() == [True]


def test_who_is_within_by_one_reading_only_is_not_known():
    both = found((50, -85), unmapped_m=50)
    assert both.within("clinic").iloc[0] is pd.NA
    row = both.summary().set_index("kind").loc["clinic"]
    assert row[["covered", "uncovered", "unknown", "share_low", "share_high"]].tolist() == [
        *(0, 0, 100),
        *(0, 1),
    ]
    gap = both.gaps("clinic").iloc[0]
    assert (gap["cause"], gap["remedy"]) == ("data", "map_streets")
    (told,) = [f for f in both.findings if f.code == "analysis.unmapped_ground"]
    assert told.params == {"rows": 1, "people": 100, "metres": 50}


@pytest.mark.long
def test_whom_the_other_reading_would_take_beyond_is_told_unasked():
    def told(home, **asked):
        findings = found(home, **asked).findings
        return [f.params for f in findings if f.code == "analysis.round_corners"]

    # 145 m of 150: with 35 m more it is beyond; 60 m more of 180 m would be beyond anyhow
    assert told((50, -85)) == [{"rows": 1, "people": 100, "metres": 60}]
    assert told((50, -40)) == told((50, -150)) == []
    assert told((50, -85), unmapped_m=50) == []


@pytest.mark.long
def test_doors_near_a_street_stay_as_they_are():
    plain, both = found((50, -40)), found((50, -40), unmapped_m=50)
    pd.testing.assert_frame_equal(plain.distances, both.distances)
    assert plain.findings == both.findings


def test_a_scenario_is_read_as_from_nothing():
    district = town(home=(50, -85))
    scenario = Scenario("One more", [Open("new", "clinic", 20.0, 0.0)], crs="EPSG:32650")
    after = assess(district, STANDARD, unmapped_m=50).apply(scenario)
    anew = assess(apply_scenario(district, scenario), STANDARD, unmapped_m=50)
    pd.testing.assert_frame_equal(after.distances, anew.distances)
    pd.testing.assert_frame_equal(after.best_distances, anew.best_distances)


@pytest.mark.parametrize("metres", [-1, np.nan, np.inf])
def test_what_is_no_length_is_told(metres):
    with pytest.raises(InputError) as error:
        found((50, -60), unmapped_m=metres)
    assert error.value.code == "analysis.bad_unmapped"


def test_what_is_measured_from_doors_straight_refuses_doors_read_both_ways():
    both = found((50, -60), unmapped_m=50)
    for ask in (
        both.links,
        both.map_work,
        both.departments,
        lambda: redundancy(both, "clinic"),
        lambda: equity(both),
        lambda: group_coverage(both),
        lambda: hours_covered(both, "clinic"),
        lambda: uncertainty(both),
        lambda: checkup(both),
        lambda: propose(both, "clinic", 1),
    ):
        with pytest.raises(InputError) as error:
            ask()
        assert error.value.code == "analysis.straight_doors_only"


def test_readings_of_doors_are_not_compared_and_named_in_both_languages():
    plain, both = found((50, -60)), found((50, -60), unmapped_m=50)
    with pytest.raises(InputError) as error:
        compare(plain, both)
    assert error.value.finding.params == {"before": "–", "after": "50"}
    assert metadata(both, Labels())["unmapped_m"] == 50
    for language, word in (("en", "50 m"), ("zh", "50 米")):
        assert Labels(language).asked(plain) == []
        (said,) = Labels(language).asked(both)
        assert word in said


def test_a_profile_is_held_against_everyone_by_the_same_reading():
    both = found((50, -85), unmapped_m=50, profile="wheelchair")
    row = both.profile_effect().set_index("kind").loc["clinic"]
    covered = both.summary().set_index("kind").loc["clinic", "covered"]
    assert (row["within"], row["within_everyone"]) == (covered, 0)
    assert row["within_at_best"] == 100
