"""Facilities moved and closed: best of all choices, bounds valid, promises kept."""

import itertools

import numpy as np
import pandas as pd
import pytest
import shapely
from effort import tries
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array
from street_town import covered

import planner
from planner.district import Scenario
from planner.district.scenarios.scenario import Close
from planner.errors import InputError
from planner.location.relocation import move_to_cover, move_to_shorten
from planner.siting import closings, relocation_curve


def walked(assessment) -> float:
    people = assessment.district.people()["population"].to_numpy()
    return float(people @ assessment.distances["clinic"].to_numpy())


@pytest.fixture(scope="module")
def outcomes():
    """Return a function that gives what each choice of those that keep `left` comes to.

    The street is straight, so a walk is the difference of two places along it.
    """
    known: dict[int, pd.DataFrame] = {}

    def outcome(result, left: int, moves: int) -> pd.DataFrame:
        if left not in known:
            district, people = result.district, result.district.people()
            stand = district.open_facilities("clinic").set_index("facility_id").geometry.x
            sites = planner.relocate(result, "clinic").ground.sites.geometry.x.to_numpy()
            homes = district.demand.geometry.x.to_numpy()
            rows = []
            for made in range(left + 1):
                for kept in itertools.combinations("abcd", left - made):
                    stays = stand.drop([each for each in "abcd" if each not in kept]).to_numpy()
                    for places in itertools.combinations(sites, made):
                        walk = np.abs(homes[:, None] - np.append(stays, places)).min(axis=1)
                        near = [
                            people[g][walk <= 300.0].sum() for g in ("population", "pop_65plus")
                        ]
                        rows.append((made, *near, people["population"] @ walk))
            columns = ["moves", "population", "pop_65plus", "walked"]
            known[left] = pd.DataFrame(rows, columns=columns)
        return known[left][known[left]["moves"] <= moves]

    return outcome


@pytest.mark.parametrize(("moves", "closing"), [(1, 0), (2, 0), (4, 0), (0, 1), (1, 1), (2, 2)])
@pytest.mark.parametrize("group", ["population", "pop_65plus"])
def test_the_moves_are_the_best_of_all_and_exact(result, outcomes, moves, closing, group):
    found = planner.relocate(result, "clinic", moves, closing=closing, group=group)
    best = outcomes(result, 4 - closing, moves)[group].max()
    assert found.optimal
    assert found.objective == found.bound == found.covered_after == best
    assert covered(found.after, group) == best
    assert found.net == best - covered(result, group)
    assert found.plan["gained"].sum() == found.gained
    assert found.plan["lost"].sum() == found.lost
    homes = found.homes().groupby("change")[group].sum()
    assert homes.get("gained", 0.0) == found.gained
    assert homes.get("lost", 0.0) == found.lost
    assert (found.plan["does"] == "close").sum() == closing
    assert (found.plan["does"] == "move").sum() <= moves


@pytest.mark.parametrize(("moves", "closing"), [(1, 0), (2, 1), (0, 2)])
def test_least_walking_is_the_least_of_all(result, outcomes, moves, closing):
    found = planner.relocate(result, "clinic", moves, closing=closing, objective="distance")
    assert found.objective == pytest.approx(walked(found.after))
    best = outcomes(result, 4 - closing, moves)["walked"].min()
    assert found.objective == pytest.approx(best)
    assert found.bound <= found.objective
    assert covered(found.after) - covered(result) == found.net


def test_partners_neighbours_and_what_is_kept_stay(result):
    everything = planner.relocate(result, "clinic")
    touched = set(everything.plan["facility_id"]) | set(everything.kept)
    assert touched == {"a", "b", "c", "d"}
    pinned = planner.relocate(result, "clinic", keep=["a", "d"])
    assert set(pinned.plan["facility_id"]) <= {"b", "c"}
    assert pinned.objective <= everything.objective


def test_a_move_that_brings_nobody_anything_is_not_made(result):
    few = [planner.relocate(result, "clinic", n).objective for n in range(1, 5)]
    enough = few.index(few[-1]) + 1
    assert len(planner.relocate(result, "clinic").plan) == enough


def test_the_pairs_are_the_nearest_in_total(result):
    found = planner.relocate(result, "clinic", 3)
    old = np.array([[p.x, p.y] for p in found.plan.geometry])
    new = found.plan[["to_x", "to_y"]].to_numpy()
    least = min(
        np.hypot(*(old - new[list(order)]).T).sum()
        for order in itertools.permutations(range(len(new)))
    )
    assert found.plan["moved_m"].sum() == pytest.approx(least)


def test_who_can_be_done_without(result):
    table = closings(result, "clinic")
    assert set(table["facility_id"]) == {"a", "b", "c", "d"}
    for row in table.itertuples():
        after = result.apply(Scenario("", [Close(row.facility_id)]))
        assert covered(result) - covered(after) == row.lost
    one = planner.relocate(result, "clinic", 0, closing=1)
    assert one.lost == table["lost"].iloc[0]


def test_the_curve_rises_to_all_placed_anew(result):
    found = planner.relocate(result, "clinic", 1)
    curve = relocation_curve(found, 2)
    assert curve["moves"].tolist() == [0, 1, 2, 4]
    assert curve["net"].iloc[0] == 0
    assert curve["net"].iloc[1] == found.net
    assert curve["net"].is_monotonic_increasing
    assert (curve["most_net"] >= curve["net"]).all()
    assert curve["net"].iloc[-1] == planner.relocate(result, "clinic").net


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"kind": "library"}, "no limit for the kind"),
        ({"moves": -1}, "from 0 to 4"),
        ({"moves": 5}, "from 0 to 4"),
        ({"moves": 1.5}, "whole number"),
        ({"closing": 4}, "from 0 to 3"),
        ({"moves": 0}, "Neither a move nor a closing"),
        ({"keep": ["none"]}, "'none' is to be kept"),
        ({"keep": list("abcd")}, "may move or close"),
        ({"objective": "beauty"}, "not an objective"),
        ({"within": shapely.box(0, 0, 1, 1)}, "no place to choose"),
        ({"limit_m": float("nan")}, "limit"),
        ({"group": "pop_none"}, "pop_none"),
    ],
)
def test_what_cannot_be_answered_says_why(result, options, words):
    given_all = {"kind": "clinic", "moves": 1, **options}
    with pytest.raises(InputError, match=words):
        planner.relocate(result, **given_all)


@st.composite
def towns(draw):
    demand, today, places = draw(st.tuples(*(st.integers(1, n) for n in (7, 4, 4))))
    cells = st.lists(st.booleans(), min_size=demand * (today + places), max_size=400)
    table = np.array(draw(cells))[: demand * (today + places)].reshape(demand, today + places)
    weight = np.array(
        draw(st.lists(st.sampled_from([0, 1, 3, 0.1, 12.5]), min_size=demand, max_size=demand)),
        dtype=np.float64,
    )
    count = draw(st.integers(1, today))
    return table, weight, today, count, draw(st.integers(0, count))


def choices(today: int, places: int, count: int, moves: int):
    for made in range(min(moves, count) + 1):
        for new in itertools.combinations(range(today, today + places), made):
            for old in itertools.combinations(range(today), count - made):
                yield [*old, *new]


@pytest.mark.long
@given(towns())
@settings(max_examples=tries(80, 1000), deadline=None)
def test_moves_cover_what_trying_everything_covers(town):
    table, weight, today, count, moves = town
    old, new = csr_array(table[:, :today].astype(int)), csr_array(table[:, today:].astype(int))
    found = move_to_cover(old, new, weight, count, moves, time_limit_s=20.0)
    tried = [
        weight[table[:, sites].any(axis=1)].sum()
        for sites in choices(today, new.shape[1], count, moves)
    ]
    assert found.objective == pytest.approx(max(tried))
    assert found.bound >= max(tried) - 1e-9
    assert found.optimal
    assert len(found.sites) == count
    assert (found.sites >= today).sum() <= moves


@pytest.mark.long
@given(towns(), st.data())
@settings(max_examples=tries(60, 1000), deadline=None)
def test_moves_shorten_what_trying_everything_shortens(town, data):
    table, weight, today, count, moves = town
    metre = st.sampled_from([1.0, 2.0, 2.5, 4.0, 7.25, 9.0])
    metres = np.array(data.draw(st.lists(metre, min_size=table.size, max_size=table.size))).reshape(
        table.shape
    )
    walks = np.where(table, metres, np.inf)
    stays = np.array(
        data.draw(
            st.lists(
                st.sampled_from([3.0, 8.0, np.inf]), min_size=len(weight), max_size=len(weight)
            )
        )
    )
    if not (np.isfinite(walks[weight > 0, :today]).any() or np.isfinite(stays[weight > 0]).any()):
        return
    stored = [
        csr_array(np.where(table, metres, 0.0)[:, part])
        for part in (slice(today), slice(today, None))
    ]
    found = move_to_shorten(*stored, weight, stays, 20.0, count, moves, time_limit_s=20.0)
    tried = [
        weight @ np.minimum(np.minimum(walks[:, sites].min(axis=1), stays), 20.0)
        for sites in choices(today, stored[1].shape[1], count, moves)
    ]
    assert found.objective == pytest.approx(min(tried))
    assert found.bound <= min(tried) + 1e-9
    assert len(found.sites) == count
    assert (found.sites >= today).sum() <= moves
