"""Who has every judged kind of facility near."""

import numpy as np
import pytest
from towns import town

from planner import assess
from planner.analysis.measures.completeness import completeness


@pytest.fixture(scope="module")
def result():
    return assess(town())


def test_three_answers_add_up_to_everybody(result):
    table = completeness(result)
    total = table[["complete", "incomplete", "unknown"]].sum(axis=1)
    np.testing.assert_allclose(total, table["total"])
    assert table.index[-1] == ""
    assert table["total"].iloc[-1] == result.district.demand["population"].sum()


def test_one_kind_beyond_its_limit_is_enough(result):
    table = completeness(result)
    within = [result.within(kind).fillna(False) for kind in result.judged_kinds]
    everything = np.logical_and.reduce([each.to_numpy(dtype=bool) for each in within])
    people = result.district.demand["population"].to_numpy()
    assert table.loc["", "complete"] == people[everything].sum()
    counts = np.sum([each.to_numpy(dtype=bool) for each in within], axis=0)
    assert table.loc["", "kinds"] == pytest.approx((people * counts).sum() / people.sum())


def test_a_community_that_does_not_tell_the_group_is_not_nobody():
    district = town()
    demand = district.demand.copy()
    silent = district.communities["community_id"].iloc[0]
    demand["pop_disabled"] = np.where(demand["community_id"] == silent, np.nan, 3.0)
    table = completeness(assess(district.with_layers(demand=demand)), "pop_disabled")
    assert table.loc[silent].isna().all()
    told = table.drop(index=silent)
    assert told[["total", "complete", "incomplete", "unknown"]].notna().all(axis=None)


def test_nothing_judged_gives_no_share(result):
    class Unjudged:
        district, groups, distances = result.district, result.groups, result.distances
        judged_kinds = ()

    table = completeness(Unjudged())
    assert table["share"].isna().all()
    assert (table["unknown"] == table["total"]).all()
