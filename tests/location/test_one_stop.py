"""One-stop sites: against every way to fill the buildings, and their promises."""

from itertools import product

import numpy as np
import pytest
from effort import tries
from hypothesis import given, settings
from hypothesis import strategies as st
from location_reference import weights
from scipy import sparse

from planner.errors import InputError
from planner.siting import one_stop


@settings(max_examples=tries(40, 1000), deadline=None)
@given(st.data())
def test_optimal_and_bounded_on_small_problems(data: st.DataObject):
    kinds, m = data.draw(st.sampled_from([(1, 4), (2, 3), (3, 2), (4, 2), (2, 4)]))
    n = data.draw(st.integers(1, 6))
    cells = st.lists(st.booleans(), min_size=n * m, max_size=n * m)
    covers = [np.array(data.draw(cells)).reshape(n, m) for _ in range(kinds)]
    weight = np.array([data.draw(weights(n)) for _ in range(kinds)])
    house = data.draw(weights(m))
    by_kind = data.draw(st.booleans())
    once = house[:, None] + by_kind * np.array([0.0, 3.0, 1.0, 3.0])[None, :kinds]
    space = np.array(
        data.draw(st.lists(st.sampled_from([0.0, 1.0, 3.0, 5.0, np.inf]), min_size=m, max_size=m))
    )
    area = np.array([2.0, 1.0, 2.0, 3.0])[:kinds] if data.draw(st.booleans()) else None
    each = np.array(data.draw(st.lists(st.sampled_from([1.0, 2.5, 4.0]), min_size=m, max_size=m)))
    each = each[:, None] + np.arange(kinds)
    saving = data.draw(st.sampled_from([0.0, 0.5, 1.0]))
    allowed = np.array(data.draw(st.lists(st.booleans(), min_size=m * kinds, max_size=m * kinds)))
    allowed = allowed.reshape(m, kinds) | data.draw(st.booleans())
    budget = data.draw(st.sampled_from([1.0, 4.0, 7.3, 12.0, 40.0]))
    p = data.draw(st.none() | st.integers(1, m))
    limit_s = data.draw(st.sampled_from([0.0, 60.0, 60.0]))

    def judged(opened: np.ndarray) -> tuple[float, float]:
        inside = opened.sum(axis=1)
        shared = saving * np.maximum(inside - 1, 0).sum()
        paid_once = sum(
            max((each[j, k], once[j, k]) for k in np.flatnonzero(opened[j]))[1]
            for j in np.flatnonzero(inside)
        )
        cost = paid_once + each[opened].sum() - shared
        hit = [covers[k][:, opened[:, k]].any(axis=1) for k in range(kinds)]
        return cost, sum(weight[k][hit[k]].sum() for k in range(kinds))

    def fits(opened: np.ndarray) -> bool:
        if area is None:
            return True
        return bool(((opened @ area <= space) | (opened.sum(axis=1) <= 1)).all())

    best, least = 0.0, 0.0
    for bits in product([False, True], repeat=m * kinds):
        opened = np.array(bits).reshape(m, kinds)
        few = p is None or opened.any(axis=1).sum() <= p
        if (opened <= allowed).all() and few and fits(opened):
            cost, gain = judged(opened)
            if cost > budget * (1 + 1e-9) or gain < best * (1 - 1e-9):
                continue
            least = cost if gain > best * (1 + 1e-9) else min(least, cost)
            best = max(best, gain)
    given_as = [sparse.csr_array(table) for table in covers] if data.draw(st.booleans()) else covers
    try:
        plan = one_stop(
            given_as,
            weight,
            budget,
            building_cost=once if by_kind else house,
            kind_cost=each,
            saving=saving,
            allowed=allowed,
            p=p,
            room=None if area is None else space,
            area=area,
            time_limit_s=limit_s,
        )
    except InputError as error:
        code = error.code.removeprefix("location.")
        assert code in {"nobody_in_reach", "budget_too_small", "bad_saving"}
        assert best == 0.0 or code == "bad_saving"
        assert code != "bad_saving" or not allowed.any()
        return
    cost, gain = judged(plan.opened)
    assert (plan.opened <= allowed).all()
    assert fits(plan.opened)
    assert plan.siting.sites.tolist() == np.flatnonzero(plan.opened.any(axis=1)).tolist()
    assert p is None or len(plan.siting.sites) <= p
    assert cost == pytest.approx(plan.cost)
    assert cost <= budget * (1 + 1e-6)
    assert plan.siting.objective == pytest.approx(gain)
    assert plan.covered.sum() == pytest.approx(gain)
    assert plan.siting.bound >= best * (1 - 1e-9)
    if limit_s:
        assert plan.siting.optimal
        assert gain == pytest.approx(best)
        assert cost == pytest.approx(least)
        assert plan.cost_bound == pytest.approx(least)


def test_of_plans_that_cover_as_much_the_cheapest_is_taken():
    """The first buildings to be chosen are those that cover most for their money."""
    covers = [[[1, 1, 0], [1, 0, 1], [0, 1, 0]]]
    plan = one_stop(covers, [[4, 4, 3]], 30, building_cost=[7, 5, 3], kind_cost=[1], p=2)
    assert (plan.siting.objective, plan.cost, plan.cost_bound) == (11, 10, 10)
    assert plan.siting.sites.tolist() == [1, 2]
    assert plan.siting.optimal


def test_the_solver_that_hands_its_start_back_is_asked_again():
    """HiGHS 1.16 called the dearer plan that it was given to start from the cheapest."""
    everywhere = [[1, 1, 1, 1]] * 3
    covers = [
        everywhere,
        [[0, 1, 1, 1], [1, 1, 1, 1], [0, 0, 1, 1]],
        [[1, 0, 1, 1], [1, 1, 1, 1], [1, 1, 0, 0]],
    ]
    weight = [[7, 7, 3], [4, 8, 3], [2, 8, 5]]
    building = [[0.1, 5.9, 4.6], [1.9, 0.1, 0.6], [3.9, 2.3, 2.3], [2.0, 2.1, 2.0]]
    plan = one_stop(covers, weight, 35.4, building_cost=building, kind_cost=[0, 5, 5])
    assert plan.siting.objective == 47
    assert (plan.cost, plan.cost_bound) == (pytest.approx(16.7), pytest.approx(16.7))


def town(candidates: int) -> dict:
    """Make homes, candidates and four kinds of an invented town."""
    random = np.random.default_rng(candidates)
    homes, sites = random.random((800, 2)) * 3000, random.random((candidates, 2)) * 3000
    walk = np.hypot(*(homes[:, None] - sites[None]).transpose(2, 0, 1))
    return {
        "covers": [walk <= limit for limit in (300, 300, 500, 1000)],
        "weight": random.integers(0, 60, (4, 800)).astype(float),
        "budget": 700.0,
        "building_cost": random.integers(80, 160, candidates).astype(float),
        "kind_cost": np.array([40.0, 30.0, 60.0, 90.0]),
        "saving": 15.0,
    }


@pytest.mark.long  # of small problems: test_optimal_and_bounded_on_small_problems
def test_a_town_is_bounded_within_300_steps():
    plan = one_stop(**town(30), time_limit_s=600, max_iterations=300, gap=0.01)
    assert plan.siting.stopped in {"gap", "optimal"}
    assert plan.siting.gap <= 0.01
    assert plan.cost <= 700
    assert plan.siting.log[-1].bound == pytest.approx(plan.siting.bound)


def test_sharing_a_building_is_told():
    plan = one_stop(
        [[[1]], [[1]], [[1]]], np.ones((3, 1)), 10, building_cost=[4], kind_cost=[2] * 3, saving=1
    )
    assert plan.opened.all()
    assert (plan.cost, plan.saved) == (8.0, 2.0)
    assert plan.siting.optimal


@pytest.mark.long
def test_same_seed_and_iterations_same_answer():
    first, second = (
        one_stop(**town(15), seed=2, max_iterations=5, time_limit_s=600, gap=0.05) for _ in range(2)
    )
    assert (first.opened == second.opened).all()


def test_stops_when_cancelled_and_still_answers():
    plan = one_stop(**town(15), cancel=lambda: True)
    assert plan.siting.stopped == "cancelled"
    assert plan.siting.objective > 0


@pytest.mark.parametrize(
    ("code", "arguments"),
    [
        ("kinds_differ", {"covers": []}),
        ("kinds_differ", {"covers": [np.eye(2), np.eye(3)]}),
        ("wrong_length", {"weight": [1, 1]}),
        ("wrong_length", {"building_cost": [1]}),
        ("wrong_length", {"kind_cost": [1]}),
        ("bad_amount", {"kind_cost": [1, -1]}),
        ("bad_amount", {"weight": [[1, 1], [np.nan, 1]]}),
        ("bad_saving", {"saving": 3}),
        ("bad_saving", {"saving": -1}),
        ("bad_option", {"budget": -1}),
        ("bad_p", {"p": 0}),
        ("budget_too_small", {"budget": 1.5}),
        ("nobody_in_reach", {"weight": np.zeros((2, 2))}),
    ],
)
def test_bad_input_is_refused(code: str, arguments: dict):
    plain = {
        "covers": [np.eye(2), np.eye(2)],
        "weight": np.ones((2, 2)),
        "budget": 5,
        "building_cost": [1, 1],
        "kind_cost": [1, 2],
    }
    with pytest.raises(InputError) as caught:
        one_stop(**plain | arguments)
    assert caught.value.code == f"location.{code}"
    assert "{" not in str(caught.value)


def test_too_many_kinds_are_refused():
    with pytest.raises(InputError) as caught:
        one_stop([np.eye(2)] * 11, np.ones((11, 2)), 5, building_cost=[1, 1], kind_cost=[1] * 11)
    assert caught.value.code == "one_stop.too_many_kinds"


def test_room_is_for_several_kinds_and_never_refuses_one():
    plan = one_stop(
        [[[1]], [[1]], [[1]]],
        [[5], [4], [3]],
        100,
        building_cost=[4],
        kind_cost=[2] * 3,
        room=[10],
        area=[20, 6, 4],
    )
    assert plan.opened.tolist() == [[False, True, True]]
    assert plan.siting.optimal
