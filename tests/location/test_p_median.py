"""p-median: against every set of sites, and its promises."""

import numpy as np
import pytest
from effort import tries
from hypothesis import given, settings
from hypothesis import strategies as st
from location_reference import (
    allowed_sets,
    as_csr,
    choices,
    random_graph,
    tables,
    weights,
)

from planner.errors import InputError
from planner.siting import p_median


def walking(distances: np.ndarray, weight: np.ndarray, sites: list[int], penalty: float) -> float:
    nearest = distances[:, sites].min(axis=1, initial=np.inf)
    return float(sum(w * min(d, penalty) for w, d in zip(weight, nearest, strict=True) if w > 0))


@settings(max_examples=tries(60, 1500), deadline=None)
@given(st.data())
def test_optimal_and_bounded_on_small_problems(data: st.DataObject):
    holes = data.draw(st.booleans())
    distances = data.draw(tables(holes=holes))
    n, m = distances.shape
    weight = data.draw(weights(n))
    fixed, forbidden = data.draw(choices(m))
    penalty = data.draw(st.sampled_from([0.5, 3.0, 8.0, 20.0])) if holes else None
    cost = budget = None
    if data.draw(st.booleans()):
        cost = data.draw(weights(m))
        budget = data.draw(st.sampled_from([0.0, 1.0, 4.1, 13.0, 30.0]))
    p = data.draw(st.integers(max(1, len(fixed)), m - len(forbidden)))
    limit_s = data.draw(st.sampled_from([0.0, 60.0, 60.0]))
    options = {
        "fixed": fixed,
        "forbidden": forbidden,
        "cost": cost,
        "budget": budget,
        "penalty_m": penalty,
        "time_limit_s": limit_s,
    }
    plans = list(allowed_sets(m, p, fixed, forbidden, cost, budget))
    worst = np.inf if penalty is None else penalty
    best = min((walking(distances, weight, sites, worst) for sites in plans), default=np.inf)
    given_as = as_csr(distances) if data.draw(st.booleans()) else distances
    try:
        answer = p_median(given_as, weight, p, **options)
    except InputError as error:
        code = error.code.removeprefix("location.")
        assert code in {"no_weight", "budget_too_small", "nobody_in_reach"}
        if code == "budget_too_small":
            assert not [sites for sites in plans if sites]
        elif code == "nobody_in_reach":
            assert best == pytest.approx(weight.sum() * worst)
        else:
            assert not weight.any()
        return
    assert answer.sites.tolist() in plans
    assert answer.objective == pytest.approx(walking(distances, weight, answer.sites, worst))
    assert answer.bound <= best * (1 + 1e-9)
    if limit_s:
        assert answer.optimal
        assert answer.objective == pytest.approx(best)
    told = [
        worst if site < 0 else distances[row, site] for row, site in enumerate(answer.assignment)
    ]
    assert float(np.dot(weight, np.where(weight > 0, told, 0.0))) == pytest.approx(answer.objective)


@pytest.mark.parametrize(("n", "p"), [(60, 3), (100, 10), (150, 30)])
def test_graphs_are_solved_to_optimality(n: int, p: int):
    answer = p_median(random_graph(n, p), np.ones(n), p)
    assert answer.optimal
    assert len(answer.sites) == p


def test_agrees_with_the_model_solved_by_highs():
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import coo_array

    n, p = 40, 4
    distances, weight = random_graph(n, 7), np.arange(1.0, n + 1)
    pair = np.arange(n * n)
    once = coo_array((np.ones(n * n), (pair // n, n + pair)), shape=(n, n + n * n))
    opened = coo_array(
        (np.r_[np.ones(n * n), -np.ones(n * n)], (np.r_[pair, pair], np.r_[n + pair, pair % n])),
        shape=(n * n, n + n * n),
    )
    count = np.r_[np.ones(n), np.zeros(n * n)]
    model = milp(
        np.r_[np.zeros(n), (weight[:, None] * distances).ravel()],
        constraints=[
            LinearConstraint(once.tocsr(), 1, 1),
            LinearConstraint(opened.tocsr(), -np.inf, 0),
            LinearConstraint(count, 0, p),
        ],
        integrality=count,
        bounds=Bounds(0, 1),
    )
    answer = p_median(distances, weight, p)
    assert answer.objective == pytest.approx(model.fun)
    assert answer.optimal


def test_same_seed_and_iterations_same_answer():
    distances = random_graph(120, 1)
    first, second = (
        p_median(distances, np.ones(120), 8, seed=3, max_iterations=20, time_limit_s=600)
        for _ in range(2)
    )
    assert first.sites.tolist() == second.sites.tolist()
    assert (first.objective, first.bound) == (second.objective, second.bound)


def test_stops_when_cancelled_and_still_answers():
    answer = p_median(random_graph(150, 2), np.ones(150), 5, cancel=lambda: True)
    assert answer.stopped == "cancelled"
    assert len(answer.sites) == 5
    assert answer.bound <= answer.objective


def test_tells_its_progress():
    lines = []
    answer = p_median(random_graph(100, 4), np.ones(100), 5, progress=lines.append)
    assert tuple(lines) == answer.log
    assert lines[-1].objective == answer.objective


def test_stops_at_the_gap():
    answer = p_median(random_graph(150, 2), np.ones(150), 5, gap=0.5)
    assert answer.stopped in {"gap", "optimal"}
    assert answer.gap <= 0.5


def test_decimal_costs_fit_into_their_budget():
    walk = 100.0 * (1 - np.eye(3))
    answer = p_median(walk, np.ones(3), cost=[0.1, 0.2, 5.0], budget=0.3)
    assert answer.sites.tolist() == [0, 1]


SQUARE = 1.0 - np.eye(3)


@pytest.mark.parametrize(
    ("code", "arguments"),
    [
        ("bad_p", {"p": 0}),
        ("bad_p", {"p": 1.5}),
        ("too_many_sites", {"p": 4}),
        ("too_many_sites", {"p": 3, "forbidden": [1]}),
        ("too_many_fixed", {"p": 1, "fixed": [0, 1]}),
        ("fixed_and_forbidden", {"p": 1, "fixed": [0], "forbidden": [0]}),
        ("no_candidate", {"p": 1, "fixed": [3]}),
        ("no_candidate", {"p": 1, "forbidden": [-1]}),
        ("all_forbidden", {"p": 1, "forbidden": [0, 1, 2]}),
        ("no_limit", {}),
        ("budget_without_cost", {"budget": 3.0}),
        ("budget_too_small", {"budget": 3.0, "cost": [4, 5, 6]}),
        ("budget_too_small", {"budget": 8.0, "cost": [4, 5, 6], "fixed": [0, 1]}),
        ("bad_amount", {"p": 1, "cost": [-1, 0, 0]}),
        ("bad_amount", {"p": 1, "weight": [1, -1, 1]}),
        ("bad_amount", {"p": 1, "weight": [1, np.nan, 1]}),
        ("wrong_length", {"p": 1, "weight": [1, 1]}),
        ("no_weight", {"p": 1, "weight": [0, 0, 0]}),
        ("nan_distance", {"p": 1, "distances": [[np.nan]], "weight": [1]}),
        ("negative_distance", {"p": 1, "distances": [[-1.0]], "weight": [1]}),
        ("not_a_table", {"p": 1, "distances": [1.0, 2.0]}),
        ("not_a_table", {"p": 1, "distances": np.empty((3, 0))}),
        ("no_penalty", {"p": 1, "distances": [[1, np.inf], [1, 1]], "weight": [1, 1]}),
        ("nobody_in_reach", {"p": 1, "distances": [[5.0]], "weight": [1], "penalty_m": 5}),
        ("bad_option", {"p": 1, "penalty_m": -1}),
        ("bad_option", {"p": 1, "time_limit_s": np.nan}),
        ("bad_option", {"p": 1, "gap": -0.1}),
        ("bad_option", {"budget": np.nan, "cost": [1, 1, 1]}),
    ],
)
def test_bad_input_is_refused(code: str, arguments: dict):
    given_ = {"distances": SQUARE, "weight": np.ones(3)} | arguments
    with pytest.raises(InputError) as caught:
        p_median(**given_)
    assert caught.value.code == f"location.{code}"
    assert "{" not in str(caught.value)


def test_doubled_entries_are_refused():
    from scipy.sparse import csr_array

    twice = csr_array((np.array([1.0, 2.0]), np.array([0, 0]), np.array([0, 2])), shape=(1, 1))
    with pytest.raises(InputError, match="more than once"):
        p_median(twice, [1], 1)


def test_zero_distances_may_be_stored():
    stored = as_csr(np.zeros((2, 2)))
    answer = p_median(stored, [1, 1], 1, penalty_m=10)
    assert answer.objective == 0
    assert answer.optimal


def test_what_is_fixed_stays_where_a_budget_lets_more_in_than_the_number():
    metres = np.full((6, 8), np.inf)
    metres[:, 7] = 3.0
    for home, site, away in [(2, 6, 1.0), (3, 0, 1.0), (4, 3, 1.0), (5, 1, 2.0), (5, 5, 1.0)]:
        metres[home, site] = away
    weight = np.array([0.0, 0.0, 3.0, 1.0, 1.0, 3.0])
    cost = np.array([0.0, 0.0, 0.0, 0.0, 1.0, 1.0, 1.0, 0.0])
    found = p_median(metres, weight, 4, fixed=[7], cost=cost, budget=1.0, penalty_m=20.0)
    tried = [
        walking(metres, weight, sites, 20.0)
        for sites in allowed_sets(8, 4, [7], [], cost, 1.0)
        if 7 in sites
    ]
    assert 7 in found.sites
    assert len(found.sites) <= 4
    assert found.objective == pytest.approx(min(tried))
