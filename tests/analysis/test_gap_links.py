"""The best link of each gap, beside the gap."""

import numpy as np
import pandas as pd
import pytest

import planner
from planner.analysis.gaps.links import with_links
from planner.analysis.links.links import best_link_for
from planner.district import Scenario
from planner.district.scenarios.scenario import Connect


@pytest.fixture(scope="module")
def result():
    return planner.assess(planner.demo_district(), groups=["population"])


@pytest.fixture(scope="module")
def gaps(result):
    return result.gaps("clinic", links=6)


@pytest.mark.long
def test_only_the_largest_gaps_behind_a_barrier_or_a_hole_are_looked_at(gaps):
    looked = gaps["cause"].isin(["barrier", "data"])
    found = gaps[gaps["link_work"] != ""]
    assert 0 < len(found) <= 6
    assert looked[found.index].all()
    assert found.index.max() <= gaps.index[looked][5]
    assert gaps.loc[gaps["link_work"] == "", "link_gain"].isna().all()


@pytest.mark.long
def test_a_link_is_the_best_of_its_gap_and_brings_what_it_says(result, gaps):
    gap = gaps[gaps["link_work"] != ""].iloc[0]
    ids = gap["demand_ids"].split(";")
    best = best_link_for(result, ids, "clinic").iloc[0]
    assert gap["link_gain"] == best["gain"]
    change = Connect(
        gap["link_x1"],
        gap["link_y1"],
        gap["link_x2"],
        gap["link_y2"],
        length_m=gap["link_length_m"],
    )
    after = result.apply(Scenario("link", [change]))
    people = result.district.people()["population"].loc[ids]
    limit = result.limit_m("clinic")
    now, before = (each.distances.loc[ids, "clinic"] <= limit for each in (after, result))
    assert people[now & ~before].sum() == gap["link_gain"]


def test_other_columns_and_rows_are_those_of_the_gaps(result, gaps):
    plain = result.gaps("clinic")
    pd.testing.assert_frame_equal(pd.DataFrame(gaps[plain.columns]), pd.DataFrame(plain))
    none = with_links(result, plain, 0)
    assert (none["link_work"] == "").all()
    assert np.isnan(none["link_gain"]).all()


@pytest.mark.long
def test_gaps_of_kinds_together_have_no_link(result):
    together = result.gaps("several", links=3)
    assert (together["link_work"] == "").all()
