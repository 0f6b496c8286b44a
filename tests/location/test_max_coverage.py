"""Maximal covering against every choice there is, and what it says of bad questions."""

import itertools

import numpy as np
import pytest
from effort import tries
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy import sparse

from planner.errors import InputError
from planner.siting import max_coverage

QUIET = settings(
    max_examples=tries(60, 1200),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)


def worth(shares, weight, backup, sites):
    """Residents covered, by the definition."""
    best = np.sort(np.hstack([shares[:, list(sites)], np.zeros((len(weight), 2))]), axis=1)
    return float((weight * ((1 - backup) * best[:, -1] + backup * best[:, -2])).sum())


@st.composite
def questions(draw):
    demand, candidates = draw(st.integers(1, 10)), draw(st.integers(1, 8))
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    shares = (rng.random((demand, candidates)) < draw(st.sampled_from([0.1, 0.3, 0.6]))) * 1.0
    if draw(st.booleans()):
        shares *= rng.choice([0.25, 0.5, 0.7, 1.0], shares.shape)
    weight = rng.integers(0, 9, demand) * draw(st.sampled_from([1.0, 0.37]))
    count = draw(st.one_of(st.none(), st.integers(1, candidates)))
    budget = draw(st.one_of(st.none(), st.integers(0, 12)))
    if count is None and budget is None:
        count = 1
    fixed = [int(j) for j in rng.permutation(candidates)[: draw(st.integers(0, 1))]]
    forbidden = [
        int(j) for j in rng.permutation(candidates)[: draw(st.integers(0, 2))] if j not in fixed
    ]
    conflicts = rng.integers(0, candidates, (draw(st.integers(0, 4)), 2))
    backup = draw(st.sampled_from([0.0, 0.0, 0.3, 0.7, 1.0]))
    cost = rng.integers(0, 6, candidates).astype(float)
    return shares, weight, count, fixed, forbidden, conflicts, backup, cost, budget


def choices(question):
    """All feasible sets of sites."""
    shares, _, count, fixed, forbidden, conflicts, _, cost, budget = question
    candidates = shares.shape[1]
    for size in range(candidates + 1 if count is None else count + 1):
        for sites in itertools.combinations(range(candidates), size):
            chosen = set(sites)
            if not set(fixed) <= chosen or chosen & set(forbidden):
                continue
            if budget is not None and cost[list(sites)].sum() > budget:
                continue
            if any(a != b and a in chosen and b in chosen for a, b in conflicts):
                continue
            yield sites


REFUSALS = {
    "covering.nothing_coverable",
    "covering.all_covered",
    "location.too_many_sites",
    "location.budget_too_small",
    "location.all_forbidden",
}


@QUIET
@given(questions(), st.booleans())
def test_answer_is_the_best_of_all_choices(question, counted):
    shares, weight, count, fixed, forbidden, conflicts, backup, cost, budget = question
    best = max((worth(shares, weight, backup, s) for s in choices(question)), default=None)
    try:
        siting = max_coverage(
            sparse.csr_array(shares),
            weight,
            count,
            fixed=fixed,
            forbidden=forbidden,
            conflicts=conflicts,
            backup=backup,
            cost=cost,
            budget=budget,
            time_limit_s=60,
            max_iterations=500 if counted else None,
        )
    except InputError as error:
        refused = error.code
    else:
        refused = ""
    if refused:
        assert refused in REFUSALS
        if refused == "covering.nothing_coverable":
            assert best == 0
        if refused == "covering.all_covered":
            # not that money or neighbours forbid what would cover more
            every = [j for j in range(shares.shape[1]) if j not in forbidden]
            assert worth(shares, weight, backup, every) == pytest.approx(
                worth(shares, weight, backup, fixed)
            )
        return
    assert siting.objective == pytest.approx(best, abs=1e-9)
    assert siting.optimal
    assert siting.bound >= best - 1e-9
    assert tuple(siting.sites.tolist()) in set(choices(question))
    assert worth(shares, weight, backup, siting.sites) == pytest.approx(siting.objective)
    assert (siting.covered * weight).sum() == pytest.approx(siting.objective)


@pytest.mark.parametrize(
    "asked",
    [
        {"p": 2, "cost": [1, 5], "budget": 3},
        {"p": 2, "conflicts": [(0, 1)]},
        {"cost": [1, 5], "budget": 6},
    ],
)
def test_fixed_sites_beside_which_no_other_may_be_are_the_answer(asked):
    covers = np.array([[1, 0], [0, "budget" not in asked or asked["budget"] < 6]], dtype=bool)
    siting = max_coverage(covers, [10, 20], fixed=[0], **asked)
    assert (siting.sites.tolist(), siting.objective, siting.optimal) == ([0], 10.0, True)


@pytest.mark.long
@QUIET
@given(st.integers(0, 2**32), st.integers(2, 5))
def test_bound_and_objective_hold_when_stopped_early(seed, count):
    rng = np.random.default_rng(seed)
    shares = rng.random((40, 14)) < 0.15
    weight = rng.random(40)
    sets = itertools.combinations(range(14), count)
    best = max(worth(shares * 1.0, weight, 0.0, s) for s in sets)
    if best == 0:
        return
    siting = max_coverage(shares, weight, count, time_limit_s=0.0)
    assert siting.objective <= best + 1e-9
    assert siting.bound >= best - 1e-9
    assert len(siting.sites) <= count


def town(points=400, seed=0, reach_m=900.0):
    rng = np.random.default_rng(seed)
    xy = rng.uniform(0, 8000, (points, 2))
    near = np.hypot(*(xy[:, None] - xy[None]).transpose(2, 0, 1)) <= reach_m
    return sparse.csr_array(near), rng.integers(1, 300, points)


@pytest.mark.long
def test_same_seed_and_iterations_give_the_same_answer():
    covers, weight = town()
    first, second = (
        max_coverage(covers, weight, 15, seed=3, max_iterations=20_000, time_limit_s=np.inf)
        for _ in range(2)
    )
    assert first.sites.tolist() == second.sites.tolist()
    assert (first.objective, first.bound) == (second.objective, second.bound)


@pytest.mark.long
def test_gap_cancel_and_progress():
    covers, weight = town()
    near = max_coverage(covers, weight, 15, gap=0.2, time_limit_s=60)
    assert near.gap <= 0.2
    assert near.stopped in {"gap", "optimal"}
    lines = []
    siting = max_coverage(covers, weight, 15, progress=lines.append, time_limit_s=60)
    assert lines
    assert siting.optimal
    assert all(a.bound >= b.bound for a, b in itertools.pairwise(siting.log))
    assert all(line.bound >= siting.objective for line in lines)
    stopped = max_coverage(covers, weight, 15, cancel=lambda: True, time_limit_s=60)
    assert stopped.stopped == "cancelled"
    assert stopped.bound >= siting.objective >= stopped.objective > 0


def test_sites_that_add_nothing_are_left_out():
    siting = max_coverage(np.eye(3, dtype=bool), [1, 0, 0], p=3)
    assert siting.sites.tolist() == [0]
    assert siting.optimal


BAD = [
    ({"p": 0}, "location.bad_p"),
    ({"p": 9}, "location.too_many_sites"),
    ({"p": None}, "location.no_limit"),
    ({"weight": [1, -1, 1]}, "location.bad_amount"),
    ({"weight": [1, np.nan, 1]}, "location.bad_amount"),
    ({"weight": [0, 0, 0]}, "covering.nothing_coverable"),
    ({"cost": [1, -2, 1], "budget": 3}, "location.bad_amount"),
    ({"budget": 3}, "location.budget_without_cost"),
    ({"cost": [5, 4, 6], "budget": 3}, "location.budget_too_small"),
    ({"fixed": [1], "forbidden": [1]}, "location.fixed_and_forbidden"),
    ({"fixed": [0, 1, 2], "p": 2}, "location.too_many_fixed"),
    ({"fixed": [0, 2], "conflicts": [(0, 2)]}, "covering.fixed_conflict"),
    ({"conflicts": [(0, 7)]}, "covering.no_conflict_candidate"),
    ({"conflicts": [(0, 1, 2)]}, "covering.bad_conflicts"),
    ({"forbidden": [8]}, "location.no_candidate"),
    ({"backup": 1.5}, "covering.bad_backup"),
    ({"covers": np.full((3, 3), 2.0)}, "covering.bad_share"),
    ({"covers": np.full((3, 3), np.nan)}, "covering.bad_share"),
    ({"covers": np.zeros((3, 3))}, "covering.nothing_coverable"),
    ({"covers": np.zeros((3, 0))}, "covering.not_a_table"),
    ({"covers": np.ones(3)}, "covering.not_a_table"),
    ({"covers": np.ones((3, 3)), "fixed": [0]}, "covering.all_covered"),
    ({"time_limit_s": -1}, "location.bad_option"),
]


@pytest.mark.parametrize(("changes", "code"), BAD, ids=[f"{c}-{i}" for i, (_, c) in enumerate(BAD)])
def test_bad_questions_are_refused(changes, code):
    question = {"covers": np.eye(3, dtype=bool), "weight": [1, 2, 3], "p": 2} | changes
    with pytest.raises(InputError) as refused:
        max_coverage(**question)
    assert refused.value.code == code
    assert str(refused.value)
