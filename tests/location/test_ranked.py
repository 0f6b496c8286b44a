"""The value at a rank, which the relaxation of covering asks for, against a sorted array."""

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from planner.location.covering.relaxation import ranked

SOME = st.lists(st.integers(-5, 5) | st.floats(allow_nan=False), min_size=1, max_size=40)


@pytest.mark.long
@given(SOME)
@example([0.0] * 9)
@example([3.0, 2.0, 1.0, 0.0, -1.0])
def test_each_rank_has_the_value_that_stands_there_once_all_ascend(given_values: list[float]):
    values = np.array(given_values, np.float64)
    before, room = values.copy(), np.empty(values.size)
    found = [ranked(values, rank, room) for rank in range(values.size)]
    assert found == np.sort(values).tolist()
    assert values.tolist() == before.tolist()


@pytest.mark.parametrize("size", [1, 2, 1000])
def test_the_room_is_all_that_is_moved(size: int):
    values = np.random.default_rng(size).permutation(size).astype(np.float64)
    room = np.empty(size)
    assert ranked(values, size // 2, room) == size // 2
    assert sorted(room.tolist()) == list(range(size))
