"""When searches end: steps, processor time, the clock; and what is never claimed."""

import itertools
import time
from dataclasses import fields
from types import SimpleNamespace

import numpy as np
import pytest
from numba.core import event
from scipy.sparse import csr_array

from planner.errors import InputError
from planner.location import (
    clock,
    max_coverage,
    move_to_cover,
    one_stop,
    p_center,
    p_median,
    set_cover,
)
from planner.location.limits import LimitKeywords, Limits
from planner.location.search import WALL_FACTOR, Search
from planner.siting.candidates import PlaceKeywords, PlaceOptions
from planner.siting.keywords import grouped
from planner.siting.proposals.options import SiteKeywords, SiteOptions


def test_wholeness_asks_the_capacities_too():
    siting = max_coverage(
        np.ones((3, 2)), [2, 3, 3], 1, capacity=[6.0, 6.9], cost=[1, 10], budget=20
    )
    assert siting.objective == pytest.approx(6.9)
    assert siting.optimal
    assert siting.sites.tolist() == [1]


def test_nothing_to_raise_is_answered():
    """All candidates are fixed, or together raise no area: the least share is what there is."""
    covers = np.array([[1, 0], [1, 0], [0, 1], [0, 0]])
    siting = max_coverage(
        covers, [4, 4, 2, 6], 2, fixed=[0, 1], area=["a", "a", "b", "b"], equity=True
    )
    assert siting.sites.tolist() == [0, 1]
    assert siting.objective == pytest.approx(0.25)
    assert siting.optimal


def test_a_building_without_room_holds_one_kind():
    covers = [np.ones((1, 1))] * 2
    asked = {"building_cost": [1.0], "kind_cost": [1.0, 1.0], "area": [5.0, 5.0]}
    shared = one_stop(covers, [[3.0], [4.0]], 9.0, room=[10.0], **asked)
    assert shared.siting.objective == 7.0
    alone = one_stop(covers, [[3.0], [4.0]], 9.0, room=[0.0], **asked)
    assert alone.siting.objective == 4.0
    assert alone.opened.tolist() == [[False, True]]


def test_no_penalty_is_a_clear_error():
    with pytest.raises(InputError, match="penalty_m"):
        p_median([[1.0, 2.0]], [1], 1, penalty_m=0)


def town(seed: int = 1) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    homes, sites = rng.random((300, 1, 2)), rng.random((1, 80, 2))
    return np.hypot(*np.moveaxis(homes - sites, 2, 0)), rng.integers(1, 50, 300).astype(float)


METRES, WEIGHT = town()
NEAR = METRES < 0.12
COST = np.random.default_rng(2).integers(1, 9, 80).astype(float)
SEARCHES = {
    "coverage": lambda **how: max_coverage(NEAR, WEIGHT, 9, **how),
    "capacity": lambda **how: max_coverage(NEAR, WEIGHT, 6, capacity=np.full(80, 300.5), **how),
    "budget": lambda **how: max_coverage(NEAR, WEIGHT, cost=COST, budget=30.0, **how),
    "areas": lambda **how: max_coverage(
        NEAR[:120, :30], WEIGHT[:120], 5, area=np.arange(120) % 4, equity=True, **how
    ),
    "median": lambda **how: p_median(METRES, WEIGHT, 9, **how),
    "median with room": lambda **how: p_median(
        METRES[:40, :12], WEIGHT[:40], 4, capacity=np.full(12, 400.0), penalty_m=2.0, **how
    ),
    "center": lambda **how: p_center(METRES[:60, :25], 4, **how),
    "cover": lambda **how: set_cover(NEAR[NEAR.any(axis=1)], COST, share=0.9, **how),
    "one-stop": lambda **how: (
        one_stop(
            [NEAR, METRES < 0.2],
            np.stack([WEIGHT, WEIGHT]),
            40.0,
            building_cost=COST,
            kind_cost=[2.0, 3.0],
            saving=1.0,
            **how,
        ).siting
    ),
}


@pytest.mark.long(but=1)
@pytest.mark.parametrize("name", SEARCHES)
def test_with_steps_and_a_seed_the_answer_is_that_of_every_machine(name, monkeypatch):
    """A machine on which a second holds ten thousand times the work gives the same answer."""
    ask = SEARCHES[name]
    first = ask(max_iterations=20, seed=3)
    began = time.perf_counter()

    def fast():
        return began + 1e4 * (time.perf_counter() - began)

    monkeypatch.setattr(clock, "time", SimpleNamespace(perf_counter=fast, thread_time=fast))
    slow = ask(max_iterations=20, seed=3)
    assert slow.sites.tolist() == first.sites.tolist()
    assert (slow.objective, slow.bound, slow.stopped) == (
        first.objective,
        first.bound,
        first.stopped,
    )


@pytest.mark.long(but=1)
@pytest.mark.parametrize("name", SEARCHES)
def test_a_starved_search_answers_and_claims_only_what_is_proven(name):
    ask = SEARCHES[name]
    try:
        starved = ask(time_limit_s=0.0)
    except InputError as error:
        assert error.code == "location.none_found"  # noqa: PT017
        return
    best = ask(max_iterations=20)
    least = name in ("median", "median with room", "center", "cover")
    sign = -1 if least else 1
    assert sign * starved.objective <= sign * best.bound * (1 + sign * 1e-9) + 1e-9
    assert sign * starved.bound >= sign * best.objective * (1 - sign * 1e-9) - 1e-9


def test_limits_are_processor_time_of_the_own_thread():
    """Sleeping, or waiting for others, is no work; the clock on the wall ends it all the same."""
    search = Search(Limits(0.05))
    time.sleep(0.1)
    assert not search.stopped
    time.sleep(0.05 * WALL_FACTOR)
    assert search.stopped == "clock"
    busy = Search(Limits(0.05))
    while not busy.stopped:
        sum(range(1000))
    assert busy.stopped in ("time", "clock")
    assert busy.spent_s >= 0.05 or busy.stopped == "clock"


def test_compiling_does_not_count(monkeypatch):
    shown = [100.0]
    now = SimpleNamespace(perf_counter=lambda: shown[0], thread_time=lambda: shown[0])
    monkeypatch.setattr(clock, "time", now)
    search = Search(Limits(100.0))
    lock = "numba:compiler_lock"
    shown[0] += 1.0
    with event.trigger_event(lock), event.trigger_event(lock):
        shown[0] += 20.0
    shown[0] += 2.0
    assert (search.spent_s, search.seconds) == (3.0, 3.0)


@pytest.mark.parametrize("seed", range(20))
def test_few_moves_are_all_tried_however_short_the_time(seed):
    rng = np.random.default_rng(seed)
    old, new = rng.random((40, 4)) < 0.2, rng.random((40, 12)) < 0.2
    weight = rng.integers(1, 9, 40).astype(float)
    columns = np.hstack([old, new])

    def reached(sites: tuple[int, ...]) -> float:
        return float(weight[columns[:, list(sites)].any(axis=1)].sum())

    best = max(
        reached((*kept, place))
        for kept in itertools.combinations(range(4), 3)
        for place in range(16)
        if place not in kept
    )
    found = move_to_cover(csr_array(old), csr_array(new), weight, 4, 1, time_limit_s=0.0)
    assert found.objective == best
    assert found.optimal
    assert reached(tuple(found.sites)) == best


def test_keywords_are_those_of_the_groups():
    for keywords, options in (
        (LimitKeywords, Limits),
        (PlaceKeywords, PlaceOptions),
        (SiteKeywords, SiteOptions),
    ):
        assert set(keywords.__annotations__) == {field.name for field in fields(options)}


def test_an_unknown_keyword_is_refused_as_python_does():
    with pytest.raises(TypeError, match=r"ask\(\) got an unexpected keyword argument 'sed'"):
        grouped("ask", {"seed": 1, "sed": 2}, Limits())
    (limits,) = grouped("ask", {"seed": 4}, Limits(gap=0.1))
    assert limits == Limits(gap=0.1, seed=4)
