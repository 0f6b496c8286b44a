"""What a facility carries alone is what closing it takes away."""

import numpy as np
import pandas as pd
import pytest
from effort import few
from measured_towns import STANDARD, STRAIGHT, random_town

import planner
from planner.analysis.measures.redundancy import redundancy, taken_as_open
from planner.analysis.people import people_of
from planner.district import Close, Scenario
from planner.errors import InputError


def covered(result, kind="clinic"):
    row = result.summary().set_index(["kind", "group"]).loc[(kind, "population")]
    return row["covered"]


@pytest.mark.long
@pytest.mark.parametrize("standard", [STANDARD, STRAIGHT])
@pytest.mark.parametrize("seed", few([0, 1, 2], 1))
def test_closing_takes_away_what_is_carried_alone(standard, seed):
    town = random_town(seed)
    result = planner.assess(town, standard)
    people = people_of(result)
    found = redundancy(result, "clinic")
    assert found["alone_high"].is_monotonic_decreasing
    # what is asked of each alone tells how many are equally near; each of these has its part
    clinics = town.facilities[town.facilities["kind"] == "clinic"]
    alone = pd.DataFrame(
        {
            row.facility_id: planner.assess(
                town.with_layers(facilities=clinics.iloc[[number]]), standard
            ).distances["clinic"]
            for number, row in enumerate(clinics.itertuples())
        }
    )
    nearest = alone.eq(alone.min(axis=1), axis=0) & np.isfinite(alone)
    part = nearest.div(nearest.sum(axis=1), axis=0)
    for facility_id, row in found.iterrows():
        after = result.apply(Scenario("close", [Close(facility_id)]))
        assert covered(result) - covered(after) == row["alone_low"] == row["alone_high"]
        mine = nearest[facility_id].to_numpy()
        there = people * part[facility_id].to_numpy()
        later = after.distances["clinic"].to_numpy()
        going = mine & np.isfinite(later)
        if going.any():
            extra = later[going] - result.distances["clinic"].to_numpy()[going]
            assert row["extra_m"] == pytest.approx(np.average(extra, weights=there[going]))
            assert row["next_m"] == pytest.approx(np.average(later[going], weights=there[going]))
        assert row["stranded"] == pytest.approx(there[mine & ~np.isfinite(later)].sum())


def test_two_at_one_place_carry_nobody_alone():
    found = redundancy(planner.assess(random_town(0), STANDARD), "clinic")
    assert found.loc["f0", "alone_high"] == found.loc["f1", "alone_high"] == 0
    assert found.loc["f0", "overlap_low"] == 1


def test_unknown_hours_give_a_range():
    hours = ["24/7", "", "24/7", "", "24/7", "24/7"] + ["24/7"] * 5
    result = planner.assess(random_town(0, opening_hours=hours), STANDARD, at="Su 22:00")
    found = redundancy(result, "clinic")
    assert pd.isna(found.loc["f1", "counts"])
    assert found.loc["f1", "alone_low"] == 0
    assert (found["alone_low"] <= found["alone_high"]).all()
    assert (found["alone_high"] <= found["residents_within"]).all()
    assert found.loc["f0", "alone_high"] > found.loc["f0", "alone_low"] == 0
    assert (found[["overlap_low", "overlap_high"]].stack() <= 1).all()
    assert [each.params["count"] for each in taken_as_open(found)] == [2]
    assert not taken_as_open(found[found["counts"].notna()])
    sure = found[found["counts"].fillna(value=False)]
    assert sure["alone_high"].sum() <= covered(result), "nobody has one sure place alone twice"


def test_a_single_facility_strands_everyone():
    town = random_town(0)
    one = town.facilities.iloc[[5]].reset_index(drop=True)
    result = planner.assess(town.with_layers(facilities=one), STANDARD)
    row = redundancy(result, "clinic").iloc[0]
    assert row["alone_high"] == row["residents_within"]
    reaching = np.isfinite(result.distances["clinic"].to_numpy())
    assert row["stranded"] == people_of(result)[reaching].sum()
    assert np.isnan(row["next_m"])


def test_no_facility_and_no_limit():
    result = planner.assess(random_town(0), STANDARD)
    assert redundancy(result, "bathhouse").empty
    with pytest.raises(InputError, match="no limit"):
        redundancy(result, "library")
    assert len(redundancy(result, "library", limit_m=200.0)) == 2
