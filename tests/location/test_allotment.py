"""A number of sites allotted to areas, held against trying every choice."""

from itertools import product

import numpy as np
import pytest
from effort import tries

from planner.errors import InputError
from planner.location import allot, max_coverage


def choices(curves, number):
    """Every number of sites an area, and what they bring together."""
    for counts in product(*(range(len(curve) + 1) for curve in curves)):
        if sum(counts) <= number:
            worth = [curve[n - 1] if n else 0.0 for curve, n in zip(curves, counts, strict=True)]
            yield counts, sum(worth)


@pytest.mark.parametrize("seed", range(30))
def test_no_other_choice_brings_more(seed):
    rng = np.random.default_rng(seed)
    # neither falling gains nor falling values are asked for: what was found need not be the best
    curves = [rng.integers(0, 50, rng.integers(0, 4)).astype(float) for _ in range(4)]
    number = int(rng.integers(1, 9))
    found = allot(curves, curves, [float(max(each, default=0.0)) for each in curves], number)
    best = max(worth for _, worth in choices(curves, number))
    assert found.value == best <= found.bound
    assert found.counts.sum() <= number
    told = [curve[n - 1] for curve, n in zip(curves, found.counts, strict=True) if n]
    assert sum(told) == found.value
    fewest = min(sum(counts) for counts, worth in choices(curves, number) if worth == best)
    assert found.counts.sum() == fewest


def areas(rng):
    """Areas that share nothing: which place covers which homes, and how many live there."""
    for _ in range(int(rng.integers(2, 4))):
        homes, places = int(rng.integers(4, 9)), int(rng.integers(2, 5))
        covers = rng.random((homes, places)) < 0.4
        covers[0, 0] = True
        yield covers, rng.integers(1, 20, homes).astype(float)


@pytest.mark.parametrize("seed", range(tries(12, 200)))
def test_the_bound_holds_for_all_places_at_once_beyond_what_was_looked_at(seed):
    rng = np.random.default_rng(seed)
    given = list(areas(rng))
    looked_at = int(rng.integers(1, 3))
    curves = [
        np.array(
            [
                max_coverage(covers, weight, n).objective
                for n in range(1, min(looked_at, covers.shape[1]) + 1)
            ]
        )
        for covers, weight in given
    ]
    reachable = [float(weight[covers.any(axis=1)].sum()) for covers, weight in given]
    every = sum(covers.shape[1] for covers, _ in given)
    for number in range(1, every + 1):
        found = allot(curves, curves, reachable, number)
        whole = np.zeros((sum(len(weight) for _, weight in given), every), dtype=bool)
        row = column = 0
        for covers, _ in given:
            whole[row : row + covers.shape[0], column : column + covers.shape[1]] = covers
            row, column = row + covers.shape[0], column + covers.shape[1]
        best = max_coverage(whole, np.concatenate([weight for _, weight in given]), number)
        assert best.optimal
        assert found.value <= best.objective <= found.bound + 1e-9
        if number <= looked_at:
            # no area can get more than was looked at: what is found is the best of all
            assert found.value == pytest.approx(best.objective)
            assert found.bound == pytest.approx(best.objective)


def test_loose_bounds_of_searches_stay_bounds():
    values = [np.array([40.0, 60.0]), np.array([30.0])]
    bounds = [np.array([45.0, 80.0]), np.array([35.0])]
    found = allot(values, bounds, [200.0, 35.0], 2)
    assert (found.value, found.bound) == (70.0, 80.0)
    # a third site in the first area, at which nobody looked, may bring half as much again
    assert allot(values, bounds, [200.0, 35.0], 3).bound == 120.0
    assert allot(values, bounds, [90.0, 35.0], 3).bound == 115.0


@pytest.mark.parametrize("seed", range(20))
def test_what_must_be_built_is(seed):
    rng = np.random.default_rng(seed)
    curves = [np.sort(rng.integers(0, 50, 3)).astype(float) for _ in range(3)]
    least = rng.integers(0, 3, 3).tolist()
    number = sum(least) + int(rng.integers(1, 3))
    found = allot(curves, curves, [float(each[-1]) for each in curves], number, least=least)
    able = [
        (worth, counts)
        for counts, worth in choices(curves, number)
        if all(n >= few for n, few in zip(counts, least, strict=True))
    ]
    assert found.value == max(worth for worth, _ in able)
    assert (found.counts >= least).all()
    with pytest.raises(InputError) as refused:
        allot(curves, curves, [50.0] * 3, 1, least=[1, 1, 0])
    assert refused.value.code == "location.allotment_too_small"


def test_the_bound_beyond_what_was_looked_at_leaves_out_what_must_be_built():
    # of three sites one must be there and brings nothing: two others bring twice what one does
    bounds = [np.array([0.0, 10.0])]
    assert allot(bounds, bounds, [100.0], 3, least=[1]).bound == 20.0
    assert allot(bounds, bounds, [100.0], 3).bound == 15.0
    assert allot([np.zeros(1)], [np.zeros(1)], [100.0], 3, least=[1]).bound == 100.0


def test_what_cannot_be_allotted_is_refused():
    for number, bounds in ((0, [np.ones(1)]), (1, []), (1, [np.ones(2)])):
        with pytest.raises(InputError) as refused:
            allot([np.ones(1)], bounds, [1.0], number)
        assert refused.value.code == "location.bad_allotment"
