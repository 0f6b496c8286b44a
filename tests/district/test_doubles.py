"""Which facilities are compared as doubles, and how much work a crowd on one spot makes."""

import numpy as np
import pytest

from planner.district.identity.doubles import ALIKE_M, MOST_NEAR, doubles


@pytest.mark.parametrize("seed", range(4))
def test_all_pairs_of_a_kind_are_found(seed):
    chance = np.random.default_rng(seed)
    count = 120
    xy = np.round(chance.random((count, 2)) * 900, -1)
    kinds = chance.choice(np.array(["clinic", "library"], dtype=object), count)
    away = np.hypot(*(xy[:, None] - xy[None]).transpose(2, 0, 1))
    alike = (kinds[:, None] == kinds[None]) & (away <= ALIKE_M)
    first, second = np.nonzero(np.triu(alike, 1))
    assert len(first) > 50
    found = doubles(xy, kinds, ["East"] * count)
    assert np.array_equal(found[0], first)
    assert np.array_equal(found[1], second)
    assert np.allclose(found[2], away[first, second])


def test_a_crowd_on_one_spot_is_told_without_a_pair_of_each_two():
    count = 20_000
    kinds = np.full(count, "clinic", dtype=object)
    first, second, away = doubles(np.zeros((count, 2)), kinds, ["East"] * count)
    assert 0 < len(first) <= count * MOST_NEAR
    assert (first < second).all()
    assert not away.any()


def test_nothing_is_no_double():
    none = np.empty(0, dtype=object)
    assert not len(doubles(np.empty((0, 2)), none, [])[0])
