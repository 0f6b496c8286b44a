"""Catchments, loads and floating catchments, against PySAL's `access` and by hand."""

import itertools
import warnings

import numpy as np
import pandas as pd
import pytest
from access import weights
from access.fca import three_stage_fca, two_stage_fca
from measured_towns import STANDARD, STRAIGHT, random_town

import planner
from planner.analysis.compliance.premises import residents_served, serving
from planner.analysis.distances.pairs import pairs_within
from planner.analysis.measures.decay import DECAYS, find_decay
from planner.analysis.measures.floating_catchments import access_by_community, access_scores
from planner.analysis.measures.supply import catchments, load, room_residents
from planner.analysis.people import people_of
from planner.errors import InputError

LIMIT_M = 300.0
CAPACITY = np.arange(20.0, 31.0)


def everywhere(seed=0):
    """A town in which all capacities and hours are known."""
    return planner.assess(random_town(seed, capacity=CAPACITY, opening_hours="24/7"), STANDARD)


def peer(result, method):
    """The scores of `access` on the same pairs, people and capacities."""
    pairs = pairs_within(result.reach, "clinic", LIMIT_M)
    cost = pd.DataFrame({"origin": pairs.home, "dest": pairs.facility, "cost": pairs.distance_m})
    people = pd.DataFrame({"demand": people_of(result)}).rename_axis("geoid")
    offered = pd.DataFrame({"supply": CAPACITY[pairs.rows]}).rename_axis("geoid")
    tables = {"demand_df": people, "supply_df": offered, "cost_df": cost}
    steps = weights.step_fn({100: 1, 200: 0.68, 300: 0.22})
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if method == "3sfca":
            return three_stage_fca(**tables, max_cost=LIMIT_M, weight_fn=steps)
        return two_stage_fca(
            **tables, max_cost=LIMIT_M, weight_fn=steps if method == "e2sfca" else None
        )


@pytest.mark.long
@pytest.mark.parametrize("seed", [0, 1, 2])
@pytest.mark.parametrize("method", ["2sfca", "e2sfca", "3sfca"])
def test_scores_are_those_of_access(method, seed):
    result = everywhere(seed)
    expected = peer(result, method).reindex(range(len(result.distances))).fillna(0).to_numpy()
    found = access_scores(result, "clinic", method=method)
    located = result.distances["clinic"].notna().to_numpy()
    np.testing.assert_allclose(found["per_1000_low"][located] / 1000, expected[located], atol=1e-9)
    assert found["per_1000_low"].equals(found["per_1000_high"].rename("per_1000_low"))
    assert found[~located].isna().all(axis=None)
    assert located.sum() == len(located) - 1


def test_all_supply_in_reach_of_someone_is_handed_out():
    result = everywhere()
    found = access_scores(result, "clinic")["per_1000_low"].fillna(0) / 1000
    pairs = pairs_within(result.reach, "clinic", LIMIT_M)
    used = np.unique(pairs.rows[pairs.facility])
    assert (found * people_of(result)).sum() == pytest.approx(CAPACITY[used].sum())


def test_unknown_capacity_has_no_upper_bound_and_no_lower_one_either():
    result = planner.assess(random_town(0), STANDARD)
    found = access_scores(result, "clinic")
    pairs = pairs_within(result.reach, "clinic", LIMIT_M)
    near = pairs.of(pairs.rows == 2).reached()
    assert near.any()
    assert np.isinf(found["per_1000_high"][near]).all()
    assert np.isfinite(found["per_1000_low"][near]).all()
    assert np.isfinite(found["per_1000_high"][~near & found["per_1000_low"].notna()]).all()
    assert (found["unknown_facilities"].fillna(0) == near).all()


@pytest.mark.long
def test_unknown_hours_give_the_two_ends():
    hours = ["24/7", "", "24/7", "24/7", "24/7", "24/7"] + ["24/7"] * 5
    town = random_town(0, capacity=CAPACITY, opening_hours=hours)
    found = access_scores(planner.assess(town, STANDARD, at="Su 22:00"), "clinic", method="3sfca")
    ends = []
    for state in ("off", "24/7"):
        hours[1] = state
        closed = random_town(0, capacity=CAPACITY, opening_hours=hours)
        known = planner.assess(closed, STANDARD, at="Su 22:00")
        ends.append(access_scores(known, "clinic", method="3sfca")["per_1000_low"])
    pd.testing.assert_series_equal(
        found["per_1000_low"], np.minimum(*ends).rename("per_1000_low"), rtol=1e-12
    )
    pd.testing.assert_series_equal(
        found["per_1000_high"], np.maximum(*ends).rename("per_1000_high"), rtol=1e-12
    )


def test_a_decay_is_shown_and_falls():
    for decay in DECAYS.values():
        curve = decay.curve(300.0)
        assert curve["weight"].iloc[0] == 1
        assert (curve["weight"].diff().dropna() <= 1e-12).all()
        assert curve["weight"].between(0, 1).all()
        assert decay(300.001, 300.0) == 0
        assert decay.source


@pytest.mark.long
@pytest.mark.parametrize("standard", [STANDARD, STRAIGHT])
def test_a_catchment_holds_those_whose_nearest_it_is(standard):
    result = planner.assess(random_town(1), standard)
    found = catchments(result, "clinic")
    people = people_of(result)
    # what is asked of each place alone tells how many are equally near; each has its part
    facilities = result.district.facilities
    place = facilities.set_index("facility_id").geometry.to_wkb()[found.index]
    alone = {}
    for where, here in found.groupby(place.to_numpy()):
        only = facilities[facilities["facility_id"].isin(here.index)]
        town = result.district.with_layers(facilities=only)
        alone[where] = planner.assess(town, standard).distances["clinic"].to_numpy()
    metres = pd.DataFrame(alone)
    nearest = metres.eq(metres.min(axis=1), axis=0) & np.isfinite(metres)
    part = nearest.div(nearest.sum(axis=1), axis=0).fillna(0)
    for where, here in found.groupby(place.to_numpy()):
        mine, there = nearest[where].to_numpy(), people * part[where].to_numpy()
        assert (here["residents_low"] == here["residents_high"]).all()
        assert here["residents_low"].sum() == pytest.approx(there.sum())
        if mine.any():
            mean = np.average(alone[where][mine], weights=there[mine])
            assert here["mean_distance_m"].to_numpy() == pytest.approx(mean)
            assert (here["farthest_m"] == alone[where][mine].max()).all()
    reaching = np.isfinite(result.distances["clinic"].to_numpy())
    assert found["residents_low"].sum() == pytest.approx(people[reaching].sum())
    assert "f4" not in found.index
    assert found["counts"].all()


def test_catchments_of_unknown_hours_are_a_range():
    town = random_town(1, opening_hours=["24/7", "24/7", "", *["24/7"] * 8])
    found = catchments(planner.assess(town, STANDARD, at="Su 22:00"), "clinic")
    assert pd.isna(found.loc["f2", "counts"])
    assert found.loc["f2", "residents_low"] == 0
    assert found.loc["f2", "residents_high"] > 0
    others = found.drop(index="f2")
    gained = (others["residents_high"] - others["residents_low"]).sum()
    assert gained == pytest.approx(found.loc["f2", "residents_high"])


@pytest.mark.long
def test_the_ends_of_a_catchment_are_those_of_every_combination():
    """Whichever of the facilities of unknown hours are open."""
    hours = ["24/7", "", "24/7", "", "off", "24/7", "", "", "24/7", "24/7", "24/7"]
    town = random_town(3, capacity=CAPACITY, opening_hours=hours)
    table = catchments(planner.assess(town, STANDARD, at="We 10:00"), "clinic")
    unsure = [row for row, own in enumerate(hours) if own == ""]
    found = []
    for some in itertools.product(["24/7", "off"], repeat=len(unsure)):
        said = list(hours)
        for row, own in zip(unsure, some, strict=True):
            said[row] = own
        every = town.with_layers(facilities=town.facilities.assign(opening_hours=said))
        result = planner.assess(every, STANDARD, at="We 10:00")
        found.append(catchments(result, "clinic")["residents_low"])
    each = pd.concat(found, axis=1).reindex(table.index).fillna(0.0)
    assert table["counts"].isna().sum() >= 2
    assert (table["residents_high"] > 0).any()
    np.testing.assert_allclose(table["residents_low"], each.min(axis=1))
    np.testing.assert_allclose(table["residents_high"], each.max(axis=1))


def test_load_by_visits_and_by_column():
    result = planner.assess(random_town(0), STANDARD)
    found = catchments(result, "clinic", visits_a_day=0.5)
    expected = found["residents_low"] / (found["capacity"] / 0.5)
    pd.testing.assert_series_equal(found["load_low"], expected, check_names=False)
    assert np.isnan(found.loc["f2", "load_low"])
    assert found["room_residents"].isna().sum() == found["capacity"].isna().sum() == 1
    assert catchments(result, "clinic")["load_low"].isna().all()
    by_kind = catchments(result, "clinic", visits_a_day={"clinic": 0.5})
    pd.testing.assert_frame_equal(by_kind, found)
    told = random_town(0, capacity_residents=[10.0] * 10 + [np.nan])
    assert room_residents(planner.assess(told, STANDARD)).tolist()[:10] == [10.0] * 10


def test_relative_load_is_one_on_average():
    found = catchments(everywhere(), "clinic")
    mean = np.average(found["relative_load"], weights=found["capacity"])
    assert mean == pytest.approx(1)


@pytest.mark.long
def test_kinds_of_which_nothing_is_known_stay_unknown():
    town = random_town(0, capacity=np.nan)
    found = load(planner.assess(town, STANDARD))
    assert found.loc["clinic", "unknown_room"] == found.loc["clinic", "facilities"] == 5
    assert np.isnan(found.loc["clinic", "capacity"])
    assert found.loc["clinic", "residents_at_full_low"] == 0
    assert found.loc["clinic", "residents_at_full_high"] == found.loc["clinic", "residents"]
    assert found.loc["bathhouse", "facilities"] == 0
    assert found.loc["bathhouse", "residents"] == 0


def test_nobody_of_the_group_lives_there():
    town = random_town(0)
    result = planner.assess(town.with_layers(demand=town.demand.assign(pop_65plus=0.0)), STANDARD)
    asked = {"kind": "clinic", "group": "pop_65plus"}
    assert (access_scores(result, **asked)["per_1000_low"].dropna() == 0).all()
    assert (catchments(result, **asked)["residents_high"] == 0).all()
    assert catchments(result, **asked)["mean_distance_m"].isna().all()


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"method": "4sfca"}, "4sfca"),
        ({"decay": "cliff"}, "cliff"),
        ({"supply": "beds"}, "beds"),
        ({"limit_m": 0.0}, "above 0"),
        ({"kind": "library"}, "no limit"),
        ({"kind": "castle"}, "castle"),
        ({"group": "cats"}, "cats"),
    ],
)
def test_bad_questions_are_refused(asked, said):
    result = planner.assess(random_town(0), STANDARD)
    with pytest.raises(InputError, match=said):
        access_scores(result, **{"kind": "clinic", **asked})


def test_visits_are_above_zero():
    result = planner.assess(random_town(0), STANDARD)
    with pytest.raises(InputError, match="visits"):
        catchments(result, "clinic", visits_a_day=0)


def test_a_decay_of_ones_own():
    result = everywhere()
    own = find_decay("steps")
    pd.testing.assert_frame_equal(
        access_scores(result, "clinic", method="e2sfca", decay=own),
        access_scores(result, "clinic", method="e2sfca"),
    )


def test_the_mean_of_a_community_weighs_its_residents():
    result = everywhere()
    scores = access_scores(result, "clinic")
    found = access_by_community(result, scores).set_index("community_id")
    demand, people = result.district.demand, people_of(result)
    value = scores["per_1000_low"].to_numpy()
    for code in ("1", "2"):
        rows = (demand["community_id"] == code).to_numpy() & ~np.isnan(value)
        assert found.loc[code, "residents"] == people[rows].sum()
        expected = np.average(value[rows], weights=people[rows])
        assert found.loc[code, "per_1000_low"] == pytest.approx(expected)


def test_one_resident_without_bound_leaves_the_mean_without_bound():
    result = planner.assess(random_town(0), STANDARD)
    found = access_by_community(result, access_scores(result, "clinic"))
    assert np.isinf(found["per_1000_high"]).any()
    assert np.isfinite(found["per_1000_low"]).all()
    nobody = access_by_community(result, access_scores(result, "clinic") * np.nan)
    assert nobody[["per_1000_low", "per_1000_high"]].isna().all(axis=None)


@pytest.mark.parametrize("order", [[0, 1, 2], [2, 1, 0]])
@pytest.mark.parametrize(
    ("told", "parts"),
    [
        ({"capacity_residents": [600.0, 200.0, 50.0]}, [0.75, 0.25]),
        ({"capacity_residents": [600.0, None, 50.0], "capacity": [10.0, 30.0, 1.0]}, [0.25, 0.75]),
        ({"capacity": [10.0, None, 1.0]}, [0.5, 0.5]),
        ({}, [0.5, 0.5]),
    ],
)
def test_facilities_at_one_place_share_who_is_nearest(order, told, parts):
    """Two rooms of one house: whichever row of the list comes first."""
    town = random_town(0, opening_hours="24/7")
    clinics = town.facilities[town.facilities["kind"] == "clinic"].iloc[:3].reset_index(drop=True)
    for column in ("capacity", "capacity_residents"):
        clinics[column] = pd.Series(told.get(column, [np.nan] * 3), dtype="float64")
    whole = catchments(planner.assess(town.with_layers(facilities=clinics), STANDARD), "clinic")
    places = clinics.geometry.to_numpy()
    moved = clinics.set_geometry([places[0], places[0], places[2]], crs=town.crs).iloc[order]
    result = planner.assess(town.with_layers(facilities=moved.reset_index(drop=True)), STANDARD)
    alone = clinics.iloc[[0, 2]].reset_index(drop=True)
    one = catchments(planner.assess(town.with_layers(facilities=alone), STANDARD), "clinic")
    found = catchments(result, "clinic").loc[clinics["facility_id"]]
    together = one["residents_high"].iloc[0]
    assert whole["residents_high"].sum() == found["residents_high"].sum()
    assert found["residents_high"].iloc[:2].tolist() == pytest.approx(
        [part * together for part in parts]
    )
    assert found["farthest_m"].iloc[0] == found["farthest_m"].iloc[1]
    served, more = residents_served(result, "clinic")
    by_row = pd.Series(served, index=result.district.facilities["facility_id"])
    assert by_row[clinics["facility_id"]].tolist() == pytest.approx(
        found["residents_high"].tolist()
    )
    assert len(set(more)) == 1, "only homes whose nearest is not known leave it open"
    asked = serving(result, "district", "clinic")
    assert {order.index(0), order.index(1)} <= set(asked.sure.facility.tolist())


def test_who_stands_beside_one_of_unknown_hours_serves_between_its_part_and_all():
    """Which figure decides the parts does not turn on who is open."""
    town = random_town(0, opening_hours="24/7")
    clinics = town.facilities[town.facilities["kind"] == "clinic"].iloc[:3].reset_index(drop=True)
    hours = ["24/7", "", ""]
    told = clinics.assign(opening_hours=hours, capacity_residents=[10.0, 90.0, np.nan])
    told = told.set_geometry([clinics.geometry[0]] * 3, crs=town.crs)
    result = planner.assess(town.with_layers(facilities=told), STANDARD, at="We 10:00")
    found = catchments(result, "clinic")
    whole = found["residents_high"].iloc[0]
    assert found["residents_low"].tolist() == pytest.approx([whole / 3, 0.0, 0.0])
    assert found["residents_high"].tolist() == pytest.approx([whole, whole / 2, whole / 2])
    served, more = residents_served(result, "clinic")
    reached = found["residents_low"].iloc[0]
    assert served[0] == pytest.approx(reached)
    assert served[0] + more[0] >= whole
    # every state of the hours lies in the range
    for states in itertools.product(["24/7", "off"], repeat=2):
        known = told.assign(opening_hours=["24/7", *states])
        one = planner.assess(town.with_layers(facilities=known), STANDARD, at="We 10:00")
        each = catchments(one, "clinic")["residents_high"].reindex(found.index, fill_value=0.0)
        assert (each >= found["residents_low"] - 1e-9).all()
        assert (each <= found["residents_high"] + 1e-9).all()
