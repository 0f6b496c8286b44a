"""Maximal covering region by region: choices of the whole, and a bound that holds at any prices."""

import itertools

import numpy as np
import pytest
from effort import tries

from planner.errors import InputError
from planner.location import Limits, max_coverage
from planner.location.covering import by_region
from planner.location.covering.bounds import Prices
from planner.location.covering.model import CoverModel
from planner.location.search import Search


def question(seed):
    """Homes and candidates on a plane, regions that share homes, and limits of number or money."""
    rng = np.random.default_rng(seed)
    demand, candidates = int(rng.integers(4, 40)), int(rng.integers(3, 10))
    homes, places = rng.random((demand, 2)), rng.random((candidates, 2))
    away = np.hypot(*(homes[:, None] - places[None]).transpose(2, 0, 1))
    covers = (away < rng.uniform(0.15, 0.5)).astype(float)
    if rng.random() < 0.3:
        covers *= rng.choice([0.25, 0.5, 1.0], covers.shape)
    weight = rng.integers(0, 20, demand) * rng.choice([1.0, 0.37])
    cost = rng.integers(1, 6, candidates).astype(float)
    count = int(rng.integers(1, candidates)) if rng.random() < 0.7 else None
    budget = float(rng.integers(5, 15)) if count is None or rng.random() < 0.4 else None
    region = np.floor(places * rng.integers(2, 4)).astype(int) @ [10, 1]
    fixed = [0] if rng.random() < 0.2 and count != 0 else []
    return covers, weight, count, cost, budget, region, fixed


def best_of_all(covers, weight, count, cost, budget, fixed):
    """What the best choice is worth, by trying every one."""
    candidates = covers.shape[1]
    worth = 0.0
    for size in range(1, candidates + 1 if count is None else count + 1):
        for sites in itertools.combinations(range(candidates), size):
            chosen = list(sites)
            if set(fixed) <= set(sites) and (budget is None or cost[chosen].sum() <= budget):
                worth = max(worth, float(weight @ covers[:, chosen].max(axis=1)))
    return worth


@pytest.mark.parametrize("seed", range(tries(25, 1000)))
def test_the_answer_is_a_choice_and_its_bound_holds(seed) -> None:
    covers, weight, count, cost, budget, region, fixed = question(seed)
    limits = Limits(max_iterations=2000)
    asked = {"cost": cost, "budget": budget, "fixed": fixed, "limits": limits}
    try:
        max_coverage(covers, weight, count, **asked)
    except InputError as refused:
        with pytest.raises(InputError) as again:
            max_coverage(covers, weight, count, region=region, **asked)
        assert str(again.value) == str(refused)  # noqa: PT017 - the same both ways
        return
    siting = max_coverage(covers, weight, count, region=region, **asked)
    best = best_of_all(covers, weight, count, cost, budget, fixed)
    sites = siting.sites.tolist()
    assert set(fixed) <= set(sites)
    assert count is None or len(sites) <= count
    assert budget is None or cost[sites].sum() <= budget
    reached = float(weight @ covers[:, sites].max(axis=1)) if sites else 0.0
    assert siting.objective == pytest.approx(reached)
    assert siting.objective == pytest.approx(best)
    assert siting.bound >= best * (1 - 1e-9)
    assert siting.optimal


def shared(seed):
    """A model, its regions, and what the best choice is worth; None where nothing is shared."""
    rng = np.random.default_rng(seed)
    rows, columns = int(rng.integers(5, 30)), int(rng.integers(4, 9))
    covers = rng.random((rows, columns)) < 0.3
    covers = covers[covers.any(axis=1)]
    weight = rng.integers(1, 20, len(covers)).astype(float)
    start = np.r_[0, np.cumsum(covers.sum(axis=1))].astype(np.int64)
    model = CoverModel.plain(start, np.nonzero(covers)[1].astype(np.int32), weight, columns)
    count = int(rng.integers(1, columns))
    cost = rng.integers(1, 5, columns).astype(float)
    budget = float(rng.integers(2, 9)) if rng.random() < 0.5 else np.inf
    model = by_region.replace(model, p=count, cost=cost, budget=budget)
    prices = Prices(model)
    prices.improve(20, 0.0)
    made = by_region._Shared(model, rng.integers(0, 3, columns), prices)
    best = best_of_all(
        covers.astype(float), weight, count, cost, budget if budget < np.inf else None, []
    )
    return rng, model, made, best


def at_any_price(rng, made) -> None:
    price = made._ascent.price
    price[:2] = rng.exponential(price[:2] + 1.0)
    price[2:] = rng.random(len(price) - 2) * made._high[2:]


@pytest.mark.parametrize("seed", range(tries(15, 500)))
def test_the_bound_holds_at_any_prices_and_where_the_solver_is_stopped(seed) -> None:
    rng, _, made, best = shared(seed)
    for seconds in (None, None, 0.0):
        at_any_price(rng, made)
        search = Search(Limits(seconds), "maximise")
        bound, _ = made.solve(search, np.empty(0, np.int64))
        assert bound >= best * (1 - 1e-9)


def test_without_what_the_borders_keep_it_would_not_hold() -> None:
    """A test of the test above: the bound is not above the best by mere width."""
    below = 0
    for seed in range(15):
        rng, model, made, best = shared(seed)
        at_any_price(rng, made)
        bound, _ = made.solve(Search(Limits(), "maximise"), np.empty(0, np.int64))
        kept = float((model.first[made._row] - made._ascent.price[2:]).sum())
        below += bound - kept < best
    assert below > 3


def towns(seed, each=60, count=9, apart=True):
    rng = np.random.default_rng(seed)
    town = np.repeat(np.arange(count), each)
    corner = np.column_stack([town % 3, town // 3])
    xy = corner + rng.random((len(town), 2)) * (0.7 if apart else 1.0)
    covers = np.hypot(*(xy[:, None] - xy[None]).transpose(2, 0, 1)) < 0.17
    return covers, rng.integers(1, 50, len(town)).astype(float), town


@pytest.mark.parametrize("apart", [True, False])
def test_answers_of_both_ways_bound_one_another(apart: bool) -> None:
    covers, weight, town = towns(1, apart=apart)
    whole = max_coverage(covers, weight, 30, limits=Limits(max_iterations=20_000))
    siting = max_coverage(covers, weight, 30, region=town, limits=Limits(max_iterations=20_000))
    assert siting.objective <= whole.bound
    assert whole.objective <= siting.bound
    assert siting.objective >= 0.995 * whole.objective
    assert siting.gap < 0.01
    assert siting.optimal or not apart


def test_towns_apart_are_bounded_better_than_by_prices_alone() -> None:
    covers, weight, town = towns(2)
    search = Search(Limits(), "maximise")
    start = np.r_[0, np.cumsum(covers.sum(axis=1))].astype(np.int64)
    model = CoverModel.plain(start, np.nonzero(covers)[1].astype(np.int32), weight, len(town))
    model = by_region.replace(model, p=30)
    prices = Prices(model)
    prices.improve(2000, float(weight.sum()) * 0.9)
    made = by_region._Shared(model, town, prices)
    assert not made._border.any()
    bound, _ = made.solve(search, np.empty(0, np.int64))
    assert bound < prices.bound


def test_counted_steps_give_the_same_answer_again() -> None:
    covers, weight, town = towns(3, apart=False)
    found = [
        max_coverage(covers, weight, 25, region=town, limits=Limits(max_iterations=5000))
        for _ in range(2)
    ]
    assert found[0].sites.tolist() == found[1].sites.tolist()
    assert found[0].bound == found[1].bound


def test_one_region_is_the_whole() -> None:
    covers = np.array([[1, 0, 0], [1, 1, 0], [0, 1, 0], [0, 0, 1]], dtype=bool)
    siting = max_coverage(covers, [10, 20, 30, 15], 2, region=["a", "a", "a"])
    assert (siting.sites.tolist(), siting.objective, siting.optimal) == ([1, 2], 65.0, True)


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"region": [0, 1]}, "covering.bad_region"),
        ({"region": ["a", None, "b"]}, "covering.mixed_labels"),
        ({"backup": 0.5}, "covering.region_alone"),
        ({"conflicts": [[0, 1]]}, "covering.region_alone"),
        ({"capacity": [1.0, 1.0, 1.0]}, "covering.region_alone"),
        ({"area": [0, 0, 1], "equity": True}, "covering.region_alone"),
    ],
)
def test_what_is_refused(asked, code) -> None:
    with pytest.raises(InputError) as refused:
        max_coverage(np.eye(3, dtype=bool), None, 1, **{"region": [0, 0, 1], **asked})
    assert refused.value.code == code
