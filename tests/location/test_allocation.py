"""Allocation: against the linear programme, and what one more place is worth by solving again."""

import numpy as np
import pytest
from effort import tries
from hypothesis import given, settings
from hypothesis import strategies as st
from location_reference import as_csr, tables
from scipy.optimize import linprog

from planner.errors import InputError
from planner.siting import allocate

UNSERVED = 1e4


def least(distances: np.ndarray, needs: np.ndarray, capacity: np.ndarray) -> tuple[float, float]:
    """Unserved amount and metres walked, by the linear programme."""
    n, m = distances.shape
    i, j = np.nonzero(np.isfinite(distances))
    arcs = len(i)
    once = np.zeros((n, arcs + n))
    once[i, np.arange(arcs)] = 1
    once[np.arange(n), arcs + np.arange(n)] = 1
    within = np.zeros((m, arcs + n))
    within[j, np.arange(arcs)] = 1
    metres = np.concatenate([distances[i, j], np.full(n, UNSERVED)])
    found = linprog(metres, A_eq=once, b_eq=needs, A_ub=within, b_ub=capacity)
    unserved = found.x[arcs:].sum()
    return unserved, found.fun - UNSERVED * unserved


@pytest.mark.long
@settings(max_examples=tries(40, 1000), deadline=None)
@given(st.data())
def test_serves_the_most_at_least_walking(data: st.DataObject):
    distances = data.draw(tables(holes=True, rows=6, columns=5))
    n, m = distances.shape
    unit = data.draw(st.sampled_from([1.0, 1.0, 0.37]))
    whole = st.integers(0, 5)
    needs = unit * np.array(data.draw(st.lists(whole, min_size=n, max_size=n)), float)
    room = unit * np.array(data.draw(st.lists(whole, min_size=m, max_size=m)), float)
    given_as = as_csr(distances) if data.draw(st.booleans()) else distances
    answer = allocate(given_as, needs, room)
    unserved, walked = least(distances, needs, room)
    served = answer.served.toarray()
    assert answer.unserved.sum() == pytest.approx(unserved, abs=1e-7)
    assert answer.walking_m == pytest.approx(walked, abs=1e-6)
    assert (served >= 0).all()
    assert not served[np.isinf(distances)].any()
    assert served.sum(axis=1) + answer.unserved == pytest.approx(needs)
    assert served.sum(axis=0) + answer.room_left == pytest.approx(room)
    reach = np.isfinite(distances)
    for i in range(n):
        if not answer.unserved[i]:
            assert answer.why[i] == ""
        else:
            assert answer.why[i] == ("full" if reach[i].any() else "no_place")
            assert answer.room_left[reach[i]] == pytest.approx(0)
    if unit == 1.0:
        assert (served == np.rint(served)).all()
        for j in range(m):
            more_unserved, more_walked = least(distances, needs, room + (np.arange(m) == j))
            assert answer.one_more_serves[j] == pytest.approx(unserved - more_unserved, abs=1e-7)
            assert answer.one_more_walk_m[j] == pytest.approx(more_walked - walked, abs=1e-6)


def test_one_more_place_helps_through_others_who_move_on():
    distances = np.array([[100.0, 150.0], [80.0, np.inf]])
    answer = allocate(distances, [1, 1], [1, 0])
    assert answer.unserved.tolist() == [1.0, 0.0]
    assert answer.why.tolist() == ["full", ""]
    assert answer.place.tolist() == [-1, 0]
    assert answer.one_more_serves.tolist() == [1.0, 1.0]
    assert answer.one_more_walk_m.tolist() == [100.0, 150.0]


def test_room_to_spare_is_worth_nothing():
    answer = allocate([[10.0]], [3], [5])
    assert answer.served.sum() == 3
    assert answer.one_more_serves.tolist() == [0.0]
    assert answer.one_more_walk_m.tolist() == [0.0]


def test_many_needs_agree_with_the_linear_programme():
    random = np.random.default_rng(4)
    distances = random.integers(1, 900, (150, 8)).astype(float)
    distances[random.random((150, 8)) < 0.5] = np.inf
    needs, room = random.integers(1, 9, 150), np.full(8, 80)
    answer = allocate(distances, needs, room)
    unserved, walked = least(distances, needs, room)
    assert answer.unserved.sum() == pytest.approx(unserved)
    assert answer.walking_m == pytest.approx(walked)


@pytest.mark.parametrize(
    ("code", "arguments"),
    [
        ("bad_amount", {"needs": [1, -1]}),
        ("bad_amount", {"needs": [1, np.nan]}),
        ("bad_amount", {"capacity": [np.inf, 1]}),
        ("wrong_length", {"capacity": [1]}),
        ("nan_distance", {"distances": [[np.nan, 1], [1, 1]]}),
        ("negative_distance", {"distances": [[-1, 1], [1, 1]]}),
        ("not_a_table", {"distances": [1, 1]}),
    ],
)
def test_bad_input_is_refused(code: str, arguments: dict):
    given_ = {"distances": np.ones((2, 2)), "needs": [1, 1], "capacity": [1, 1]} | arguments
    with pytest.raises(InputError) as caught:
        allocate(**given_)
    assert caught.value.code == f"location.{code}"
