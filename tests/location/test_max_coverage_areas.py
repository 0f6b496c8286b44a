"""Least shares by area, and the worst-off area first, against every choice there is."""

import itertools

import numpy as np
import pytest
from effort import tries
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from planner.errors import InputError
from planner.siting import max_coverage

QUIET = settings(
    max_examples=tries(60, 1000),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)


def by_area(shares, weight, area, sites):
    """Share covered of each area in which somebody lives."""
    best = shares[:, list(sites)].max(axis=1, initial=0.0) * weight
    total = np.bincount(area, weight)
    return np.bincount(area, best)[total > 0] / total[total > 0]


def covered(shares, weight, sites):
    return float((shares[:, list(sites)].max(axis=1, initial=0.0) * weight).sum())


def question(seed):
    rng = np.random.default_rng(seed)
    shares = (rng.random((12, 7)) < 0.25) * rng.choice([0.5, 1.0], (12, 7))
    fixed = [0] if seed % 3 == 0 else []
    return shares, rng.integers(0, 9, 12) + 0.5, rng.integers(0, 3, 12), fixed


def choices(count, fixed):
    for size in range(count + 1):
        yield from (s for s in itertools.combinations(range(7), size) if set(fixed) <= set(s))


@pytest.mark.long
@QUIET
@given(st.integers(0, 2**32), st.integers(1, 4), st.sampled_from([0.2, 0.4, 0.6, 0.9]))
def test_floors_are_kept_at_the_most_that_can_be_covered(seed, count, floor):
    shares, weight, area, fixed = question(seed)
    kept = [
        s for s in choices(count, fixed) if (by_area(shares, weight, area, s) >= floor - 1e-9).all()
    ]
    try:
        siting = max_coverage(
            shares, weight, count, fixed=fixed, area=area, floor=floor, time_limit_s=60
        )
    except InputError as error:
        code, nearest = error.code, error.params.get("nearest")
    else:
        code = nearest = None
    if code == "covering.all_covered":
        return
    if kept:
        assert code is None
        assert siting.objective == pytest.approx(max(covered(shares, weight, s) for s in kept))
        assert siting.optimal
        assert (by_area(shares, weight, area, siting.sites) >= floor - 1e-9).all()
    else:
        assert code in {"covering.floor_out_of_reach", "covering.floors_infeasible"}
        if code == "covering.floors_infeasible":
            best = max(by_area(shares, weight, area, s).min() for s in choices(count, fixed))
            assert float(nearest) == pytest.approx(best / floor, rel=1e-3)


@pytest.mark.long
@QUIET
@given(st.integers(0, 2**32), st.integers(1, 4))
def test_the_worst_area_is_raised_first(seed, count):
    shares, weight, area, fixed = question(seed)
    most = by_area(shares, weight, area, range(7))
    try:
        siting = max_coverage(
            shares, weight, count, fixed=fixed, area=area, equity=True, time_limit_s=60
        )
    except InputError as error:
        assert error.code == "covering.all_covered"  # noqa: PT017
        return
    today = by_area(shares, weight, area, fixed)
    held = np.where(most <= today + 1e-9, today, 0.0)
    active = most > today + 1e-9
    raised, least = active.copy(), None
    while True:
        free = [
            s
            for s in choices(count, fixed)
            if (by_area(shares, weight, area, s) >= held - 1e-9).all()
        ]
        best = max(by_area(shares, weight, area, s)[active].min() for s in free)
        least = best if least is None else least
        settled = active & (most <= best + 1e-9)
        if not settled.any() or not (active & ~settled).any():
            break
        held[settled] = most[settled]
        active &= ~settled
    assert siting.objective == pytest.approx(least)
    assert by_area(shares, weight, area, siting.sites)[raised].min() == pytest.approx(least)
    assert siting.optimal
    fair = [s for s in free if by_area(shares, weight, area, s)[active].min() >= best - 1e-9]
    top = max(covered(shares, weight, s) for s in fair)
    assert covered(shares, weight, siting.sites) == pytest.approx(top)


@st.composite
def limited(draw):
    """Questions about areas with every other option that they may be joined with."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    shares = (rng.random((10, 6)) < 0.35) * 1.0
    if draw(st.booleans()):
        shares *= rng.choice([0.5, 1.0], shares.shape)
    shares[:, 5] = shares[:, 4]
    fixed = [0] if draw(st.booleans()) else []
    options = {
        "p": draw(st.sampled_from([None, 2, 3, 4])),
        "cost": rng.integers(1, 5, 6).astype(float),
        "budget": float(draw(st.integers(5, 10))),
        "fixed": fixed,
        "forbidden": [1] if draw(st.booleans()) else [],
        "conflicts": [(2, 3)] if draw(st.booleans()) else None,
        "backup": draw(st.sampled_from([0.0, 0.0, 0.4, 0.8])),
    }
    return shares, rng.integers(0, 6, 10) * 1.0, rng.integers(0, 3, 10), options


def allowed(options):
    for size in range((options["p"] or 5) + 1):
        for sites in itertools.combinations(range(6), size):
            if not set(options["fixed"]) <= set(sites) or set(options["forbidden"]) & set(sites):
                continue
            if options["cost"][list(sites)].sum() > options["budget"]:
                continue
            if options["conflicts"] and {2, 3} <= set(sites):
                continue
            yield sites


def told_by_area(shares, weight, area, backup, sites):
    best = np.sort(np.hstack([shares[:, list(sites)], np.zeros((len(weight), 2))]), axis=1)
    value = weight * ((1 - backup) * best[:, -1] + backup * best[:, -2])
    total = np.bincount(area, weight)
    return np.bincount(area, value, len(total))[total > 0] / total[total > 0], float(value.sum())


REFUSED = {
    "covering.nothing_coverable",
    "covering.all_covered",
    "covering.floor_out_of_reach",
    "covering.floors_infeasible",
}


@pytest.mark.long
@QUIET
@given(limited(), st.sampled_from([0.1, 0.3, 0.5]), st.booleans())
def test_floors_hold_together_with_all_other_options(question, floor, named):
    shares, weight, area, options = question
    judged = {s: told_by_area(shares, weight, area, options["backup"], s) for s in allowed(options)}
    asked = np.full(3, floor)
    if named:
        asked[1:] = 0.0
    lived = np.bincount(area, weight, 3) > 0
    total = np.bincount(area, weight)
    need = asked[: len(total)][total > 0] if len(total) < 3 else asked[lived]
    kept = {s: value for s, (each, value) in judged.items() if (each >= need - 1e-9).all()}
    given_floor = {0: floor} if named and (area == 0).any() else floor
    if named and not (area == 0).any():
        return
    try:
        siting = max_coverage(
            shares, weight, area=area, floor=given_floor, time_limit_s=60, **options
        )
    except InputError as error:
        assert error.code in REFUSED  # noqa: PT017
        if error.code in {"covering.floor_out_of_reach", "covering.floors_infeasible"}:
            assert not kept
        return
    assert tuple(siting.sites.tolist()) in kept
    assert siting.optimal
    assert siting.objective == pytest.approx(max(kept.values()))
    assert siting.objective == pytest.approx(kept[tuple(siting.sites.tolist())])


@pytest.mark.long
@QUIET
@given(limited())
def test_the_least_share_is_the_highest_with_all_other_options(question):
    shares, weight, area, options = question
    backup = options["backup"]
    judged = {s: told_by_area(shares, weight, area, backup, s)[0] for s in allowed(options)}
    try:
        siting = max_coverage(shares, weight, area=area, equity=True, time_limit_s=60, **options)
    except InputError as error:
        assert error.code in REFUSED  # noqa: PT017
        return
    assert tuple(siting.sites.tolist()) in judged
    open_to = [j for j in range(6) if j not in options["forbidden"]]
    most = told_by_area(shares, weight, area, backup, open_to)[0]
    today = told_by_area(shares, weight, area, backup, options["fixed"])[0]
    raised = most > today + 1e-9
    if raised.any():
        best = max(each[raised].min() for each in judged.values())
        assert siting.objective == pytest.approx(best, abs=1e-6)
        assert judged[tuple(siting.sites.tolist())][raised].min() == pytest.approx(best, abs=1e-6)


def test_floors_where_there_is_nothing_to_choose_cannot_be_kept():
    """The fixed site takes the money, and the area that it leaves short has no other."""
    shares = np.array([[1.0, 0.0], [0.5, 1.0], [0.0, 1.0]])
    with pytest.raises(InputError) as caught:
        max_coverage(
            shares,
            np.ones(3),
            area=np.array([0, 1, 1]),
            floor=0.5,
            cost=np.array([4.0, 2.0]),
            budget=5.0,
            fixed=[0],
        )
    assert caught.value.code == "covering.floors_infeasible"


def test_floors_that_the_solver_stumbles_over_at_first_are_kept():
    """HiGHS 1.16 takes this question apart to nothing and then finds its own answer wrong."""
    halves = [
        (0, 0, 1, 1, 0, 0),
        (2, 2, 0, 1, 2, 2),
        (1, 0, 2, 0, 0, 0),
        (0, 2, 0, 1, 0, 0),
        (2, 2, 1, 2, 0, 0),
        (0, 0, 0, 2, 1, 1),
        (0, 2, 0, 0, 0, 0),
        (0, 0, 2, 2, 1, 1),
        (0, 0, 0, 2, 0, 0),
        (0, 0, 2, 2, 1, 1),
    ]
    siting = max_coverage(
        np.array(halves) / 2,
        np.array([2.0, 4.0, 0.0, 2.0, 4.0, 2.0, 2.0, 1.0, 4.0, 4.0]),
        area=np.array([0, 0, 2, 0, 2, 0, 1, 2, 2, 2]),
        floor={0: 0.5},
        cost=np.array([1.0, 4.0, 3.0, 2.0, 3.0, 2.0]),
        budget=6.0,
        fixed=[0],
        conflicts=[(2, 3)],
        backup=0.8,
    )
    assert siting.optimal
    assert siting.objective == pytest.approx(13.4)


BAD = [
    ({"floor": 0.5}, "covering.no_area"),
    ({"area": [0, 1, 1]}, "covering.area_without_use"),
    ({"area": [0, 1], "floor": 0.5}, "covering.bad_area"),
    ({"area": ["a", "b", "b"], "floor": {"c": 0.5}}, "covering.unknown_area"),
    ({"area": ["a", "b", "b"], "floor": 1.5}, "covering.bad_floor"),
    ({"area": ["a", "b", "b"], "floor": np.nan}, "covering.bad_floor"),
    ({"area": ["a", "b", "b"], "floor": 0.5, "equity": True}, "covering.floor_with_equity"),
    (
        {"area": ["a", "b", "b"], "floor": {"a": 1.0}, "forbidden": [0]},
        "covering.floor_out_of_reach",
    ),
    ({"area": ["a", "b", "c"], "floor": 0.5}, "covering.floors_infeasible"),
]


@pytest.mark.parametrize(("changes", "code"), BAD, ids=[f"{c}-{i}" for i, (_, c) in enumerate(BAD)])
def test_bad_questions_about_areas_are_refused(changes, code):
    question = {"covers": np.eye(3, dtype=bool), "weight": [1, 2, 3], "p": 2} | changes
    with pytest.raises(InputError) as refused:
        max_coverage(**question)
    assert refused.value.code == code
    assert str(refused.value)


def test_the_least_share_is_told_where_the_next_is_raised_too():
    """Area a has at most a half, whatever opens; b is raised to the whole."""
    covers = [[1, 0], [0, 0], [0, 1], [0, 1]]
    siting = max_coverage(covers, [1, 1, 1, 1], p=2, area=["a", "a", "b", "b"], equity=True)
    assert siting.sites.tolist() == [0, 1]
    assert (siting.objective, siting.bound) == (0.5, 0.5)
    assert siting.optimal
