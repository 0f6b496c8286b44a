"""Who has every judged kind of facility near."""

import numpy as np
import pytest
import shapely
from towns import town

from planner import assess
from planner.analysis.measures.completeness import completeness
from planner.district import Rule, Standard
from planner.views.words.analysis.overview import finding_sentences, mean_kinds
from planner.views.words.labels import Labels


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


def test_kinds_near_are_a_range_where_it_is_not_known_of_some(result):
    """What is not known is neither near nor lacking, so no one mean can be told of it."""
    table = completeness(result)
    assert (table["kinds_high"] >= table["kinds"]).all()
    district = result.district
    demand = district.demand.copy()
    far = demand.geometry.translate(0, 9_000)  # no street is near: no way is measured
    half = np.arange(len(demand)) % 2 == 0
    demand["geometry"] = demand.geometry.where(half, far)
    unsure = assess(district.with_layers(demand=demand))
    row = completeness(unsure).loc[""]
    people = demand["population"].to_numpy()
    unknown = sum(people[unsure.within(kind).isna()].sum() for kind in unsure.judged_kinds)
    assert unknown >= people[~half].sum() * len(unsure.judged_kinds)
    assert row["kinds_high"] - row["kinds"] == pytest.approx(unknown / people.sum())
    told = mean_kinds(row, Labels("en"))
    assert told == f"{row['kinds']:.1f}–{row['kinds_high']:.1f}"


@pytest.mark.long
@pytest.mark.parametrize("language", ["en", "zh"])
def test_of_whom_it_is_not_known_it_is_not_said_that_they_live_near(language):
    district = town()
    demand = district.demand.copy()
    stands = district.facilities.geometry.iloc[0]
    kind = str(district.facilities["kind"].iloc[0])
    demand["geometry"] = [
        stands,
        *[shapely.affinity.translate(stands, 0, 9_000)] * (len(demand) - 1),
    ]
    rule = Rule(kind, 500.0)
    standard = Standard("own", "Own", "自定", "test", {kind: rule})
    unsure = assess(district.with_layers(demand=demand), standard)
    row = unsure.summary().query("kind == @kind").iloc[0].to_dict()
    assert (row["uncovered"], row["unknown"] > 0, row["covered"] > 0) == (0, True, True)
    labels = Labels(language)
    (said,) = finding_sentences(unsure, row, unsure.league("community"), labels)
    everybody = labels.count(demand["population"].sum())
    known = labels.count(row["covered"])
    assert f"{known} of {everybody} residents" in said or f"{known} / {everybody}" in said
    assert "All " not in said
    assert "全部" not in said
