"""More room at a place: the gain is that of solving from nothing."""

import numpy as np
import pytest
from effort import tries
from hypothesis import given, settings
from hypothesis import strategies as st
from location_reference import as_csr, tables

from planner.location.allocation.growth import Growth
from planner.siting import allocate


def walked(growth: Growth) -> float:
    return float(growth.table.metres @ growth.flow)


@settings(max_examples=tries(40, 1000), deadline=None)
@given(st.data())
def test_a_sequence_of_enlargements_is_that_of_new_allocations(data: st.DataObject):
    distances = data.draw(tables(holes=True, rows=7, columns=5))
    n, m = distances.shape
    unit = data.draw(st.sampled_from([1.0, 0.37]))
    whole = st.integers(0, 6)
    needs = unit * np.array(data.draw(st.lists(whole, min_size=n, max_size=n)), float)
    room = unit * np.array(data.draw(st.lists(whole, min_size=m, max_size=m)), float)
    table = as_csr(distances)
    before = allocate(table, needs, room)
    growth = Growth.of(table, before)
    for _ in range(2):
        place = data.draw(st.integers(0, m - 1))
        more = unit * data.draw(st.integers(0, 9))
        alone, took = growth.gain(place, more), None
        served = needs.sum() - growth.unserved.sum()
        metres = walked(growth)
        took = growth.take(place, more)
        room = room + more * (np.arange(m) == place)
        after = allocate(table, needs, room)
        assert alone.serves == took.serves
        assert served + took.serves == pytest.approx(after.served.sum(), abs=1e-9)
        assert metres + took.flow @ growth.table.metres == pytest.approx(after.walking_m, abs=1e-6)
        assert growth.left.sum() == pytest.approx(after.room_left.sum(), abs=1e-9)
        per_place = np.bincount(growth.table.site, growth.flow, m)
        assert per_place + growth.left == pytest.approx(room, abs=1e-9)


def test_more_room_serves_until_nobody_in_reach_is_left_out():
    distances = np.array([[100.0, np.inf], [200.0, 50.0], [300.0, np.inf]])
    found = allocate(distances, [4, 4, 4], [4, 4])
    growth = Growth.of(distances, found)
    assert growth.gain(0, 3).serves == 3
    assert growth.gain(0, 100).serves == 4
    assert growth.gain(0, 100).used == 4
    assert growth.gain(1, 5).serves == 0
