"""p-median with capacities: against the linear programme of every set of sites."""

import numpy as np
import pytest
from effort import tries
from hypothesis import given, settings
from hypothesis import strategies as st
from location_reference import allowed_sets, as_csr, choices, random_graph, tables, weights
from scipy.optimize import linprog

from planner.errors import InputError
from planner.siting import p_median

UNSERVED = 1e5


def walking(
    distances: np.ndarray, weight: np.ndarray, room: np.ndarray, sites: list[int], penalty: float
) -> float:
    """Least walking to these sites, by the linear programme; inf where somebody is unserved."""
    n = len(weight)
    i, j = np.nonzero(np.isfinite(distances[:, sites]))
    arcs = len(i)
    once = np.zeros((n, arcs + n))
    once[i, np.arange(arcs)] = 1
    once[np.arange(n), arcs + np.arange(n)] = 1
    within = np.zeros((len(sites), arcs + n))
    within[j, np.arange(arcs)] = 1
    metres = np.r_[distances[:, sites][i, j], np.full(n, min(penalty, UNSERVED))]
    found = linprog(metres, A_eq=once, b_eq=weight, A_ub=within, b_ub=room[sites])
    return np.inf if np.isinf(penalty) and found.x[arcs:].sum() > 1e-6 else found.fun


@pytest.mark.long
@settings(max_examples=tries(60, 1000), deadline=None)
@given(st.data())
def test_optimal_and_bounded_on_small_problems(data: st.DataObject):
    distances = data.draw(tables(holes=True, rows=5, columns=4))
    n, m = distances.shape
    weight, room = data.draw(weights(n)), data.draw(weights(m))
    fixed, forbidden = data.draw(choices(m))
    p = data.draw(st.integers(max(1, len(fixed)), m - len(forbidden)))
    penalty = data.draw(st.sampled_from([None, 5.0, 50.0]))
    cost = budget = None
    if data.draw(st.booleans()):
        cost, budget = data.draw(weights(m)), data.draw(st.sampled_from([1.0, 4.1, 20.0]))
    limit_s = data.draw(st.sampled_from([0.0, 60.0, 60.0]))
    worst = np.inf if penalty is None else penalty
    plans = {
        tuple(sites): walking(distances, weight, room, sites, worst)
        for sites in allowed_sets(m, p, fixed, forbidden, cost, budget)
    }
    best = min(plans.values(), default=np.inf)
    try:
        answer = p_median(
            as_csr(distances),
            weight,
            p,
            fixed=fixed,
            forbidden=forbidden,
            capacity=room,
            cost=cost,
            budget=budget,
            penalty_m=penalty,
            time_limit_s=limit_s,
        )
    except InputError as error:
        code = error.code.removeprefix("location.")
        if code in {"room_too_small", "not_everyone"}:
            assert penalty is None
            assert np.isinf(best) or not limit_s
        else:
            assert code in {"no_weight", "budget_too_small", "nobody_in_reach"}
        return
    assert plans[tuple(answer.sites.tolist())] == pytest.approx(answer.objective, abs=1e-6)
    assert answer.bound <= best + 1e-6
    if limit_s:
        assert answer.optimal
        assert answer.objective == pytest.approx(best, abs=1e-6)


def test_capacity_that_does_not_bind_changes_nothing():
    distances, weight = random_graph(40, 3), np.ones(40)
    plain = p_median(distances, weight, 4)
    roomy = p_median(distances, weight, 4, capacity=np.full(40, 40.0), time_limit_s=60)
    assert roomy.objective == pytest.approx(plain.objective)
    assert roomy.covered.tolist() == [1.0] * 40


def test_tight_capacity_is_kept():
    distances = random_graph(40, 3)
    answer = p_median(distances, np.ones(40), 5, capacity=np.full(40, 8.0), time_limit_s=60)
    assert answer.optimal
    assert np.bincount(answer.assignment, minlength=40).max() <= 8


def test_says_how_many_sites_have_room():
    with pytest.raises(InputError) as caught:
        p_median(np.ones((4, 4)), [5, 5, 5, 5], 2, capacity=[8, 6, 6, 6])
    assert caught.value.code == "location.room_too_small"
    assert caught.value.params["least"] == 3


def test_says_how_many_are_left():
    apart = np.array([[1.0, np.inf], [np.inf, 1.0]])
    with pytest.raises(InputError) as caught:
        p_median(apart, [5, 3], 1, capacity=[9, 9])
    assert caught.value.code == "location.not_everyone"
    assert caught.value.params["unserved"] == pytest.approx(3)
