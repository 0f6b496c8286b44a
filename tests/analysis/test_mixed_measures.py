"""One kind walked, another as the crow flies, under one standard."""

import pandas as pd
import pytest
from measured_towns import STANDARD, STRAIGHT, random_town

import planner
from planner.analysis.measures.redundancy import redundancy
from planner.analysis.measures.supply import catchments
from planner.analysis.measures.uncertainty import uncertainty
from planner.analysis.measures.week import week
from planner.district import Close, Connect, Scenario
from planner.district.standards.standards import Rule, Standard

MIXED = Standard(
    **{
        **vars(STANDARD),
        "rules": {
            "clinic": Rule("clinic", 300.0, measure="straight"),
            "police_room": Rule("police_room", 420.0, limit_s=350.0),
        },
    }
)


def test_each_kind_is_measured_its_own_way():
    town = random_town(0)
    mixed, walked, straight = (planner.assess(town, s) for s in (MIXED, STANDARD, STRAIGHT))
    pd.testing.assert_series_equal(mixed.distances["clinic"], straight.distances["clinic"])
    pd.testing.assert_series_equal(mixed.distances["police_room"], walked.distances["police_room"])
    by_kind = mixed.summary().set_index("kind")["measure"]
    assert set(by_kind["clinic"]) == {"straight"}
    assert set(by_kind["police_room"]) == set(by_kind["library"]) == {"walk"}
    for measure in (catchments, redundancy):
        pd.testing.assert_frame_equal(measure(mixed, "clinic"), measure(straight, "clinic"))
        pd.testing.assert_frame_equal(measure(mixed, "police_room"), measure(walked, "police_room"))
    for measure in (week, uncertainty):
        pd.testing.assert_frame_equal(measure(mixed, ["clinic"]), measure(straight, ["clinic"]))


@pytest.mark.long
def test_a_scenario_stays_exact():
    before = planner.assess(random_town(1), MIXED)
    changes = [Close("f0"), Close("f7"), Connect(300.0, 500.0, 420.0, 505.0)]
    after = before.apply(Scenario("some", changes))
    fresh = planner.assess(after.district, MIXED)
    pd.testing.assert_frame_equal(after.distances, fresh.distances)
    pd.testing.assert_frame_equal(after.summary(), fresh.summary())
    assert after.findings == fresh.findings
