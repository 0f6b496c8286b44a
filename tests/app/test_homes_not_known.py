"""Homes of which it is not known before or after a scenario are neither gained nor lost there."""

from dataclasses import replace

import pytest
from towns import EAST, NORTH, town

from planner import Scenario, assess
from planner.analysis.comparison import compare
from planner.app.pages.what_if.differences import COLOURS, _changes
from planner.district.scenarios.scenario import Close, Open


@pytest.fixture(scope="module")
def edge():
    """A town of which what stands more than 50 m beyond its border is not known."""
    return assess(replace(town(), buffer_m=50.0), "gb50180-2018")


def moved(before, change):
    after = before.apply(Scenario("", [change]))
    changes = _changes(before.within("clinic"), after.within("clinic"))
    return after, {name: int((changes == name).sum()) for name in COLOURS}


def test_who_may_have_had_one_beyond_the_border_is_perhaps_gained(edge):
    unknown = int(edge.within("clinic").isna().sum())
    after, counts = moved(edge, Open("n", "clinic", EAST + 900, NORTH))
    assert counts["perhaps_gained"] > 0
    assert counts["perhaps_gained"] <= unknown
    assert counts["lost"] == counts["perhaps_lost"] == 0
    told = {
        each.code: each.params["count"]
        for each in compare(edge, after).unsure_notes("clinic", edge.groups[0])
    }
    assert told == {"analysis.compare_unsure": 10 * counts["perhaps_gained"]}


def test_without_the_only_one_nothing_is_known_to_be_lost(edge):
    covered = int(edge.within("clinic").fillna(False).sum())
    after, counts = moved(edge, Close("f1"))
    assert counts["lost"] + counts["perhaps_lost"] == covered > 0
    assert counts["perhaps_lost"] == int(
        (edge.within("clinic").fillna(False) & after.within("clinic").isna()).sum()
    )
    assert counts["gained"] == counts["perhaps_gained"] == 0


def test_where_all_is_known_homes_are_gained(edge):
    before = assess(town(), "gb50180-2018")
    _, counts = moved(before, Open("n", "clinic", EAST + 900, NORTH))
    assert counts["gained"] > 0
    assert not counts["perhaps_gained"]
