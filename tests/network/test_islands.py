"""Small loose pieces of street catch nobody while other streets are within reach."""

import numpy as np
import pytest
import shapely

from planner.errors import InputError
from planner.network import Barriers, Islands, WalkNetwork


def network(*loose):
    """A street of 5 km along y = 0, and loose pieces (x0, y0, x1, y1)."""
    lines = [[(0, 0), (5000, 0)], *([p[:2], p[2:]] for p in loose)]
    return WalkNetwork.from_lines(shapely.linestrings(lines))


STUB = (100, 30, 106, 30)


def test_a_place_joins_past_a_stub_and_only_past_it():
    net = network(STUB)
    islands = Islands.of(net)
    xy = [(103, 31), (103, 2000), (4000, 10)]
    at = islands.snap(xy)
    assert at.edge.tolist() == [0, -1, 0]
    assert at.access_mm.tolist() == [31_000, 0, 10_000]
    passed = islands.passed(at)
    assert passed.edge.tolist() == [1, -1, -1]
    assert passed.access_mm[0] == 1000
    assert islands.piece_m.tolist() == [5000.0, 6.0]


def test_a_stub_keeps_who_reaches_no_other_street():
    net = network((100, 300, 106, 300))
    islands = Islands.of(net)
    at = islands.snap([(103, 310)])
    assert at.edge.tolist() == [1]
    assert islands.on_island(at).all()
    assert not islands.passed(at).known.any()


def test_a_barrier_between_keeps_a_place_on_its_own_streets():
    islands = Islands.of(network(STUB))
    wall = Barriers([shapely.LineString([(0, 20), (5000, 20)])])
    assert islands.snap([(103, 31)], barriers=wall).edge.tolist() == [1]
    gate = Barriers([shapely.LineString([(0, 20), (5000, 20)])], gate_xy=[(103, 20)])
    assert islands.snap([(103, 31)], barriers=gate).edge.tolist() == [0]


def test_the_rule_can_be_switched_off_and_is_then_the_plain_snap():
    net = network(STUB, (500, 50, 600, 50))
    xy = np.column_stack([np.linspace(0, 1000, 400), np.full(400, 40.0)])
    plain, off = net.snap(xy), Islands.of(net, 0).snap(xy)
    for name in ("edge", "offset_mm", "access_mm", "join_xy"):
        np.testing.assert_array_equal(getattr(plain, name), getattr(off, name))
    assert not Islands.of(net, 0).edge.any()


@pytest.mark.parametrize(("length", "island"), [(499.0, True), (500.0, False)])
def test_a_hamlet_has_no_islands_a_tenth_as_long_as_itself(length, island):
    islands = Islands.of(network((0, 100, length, 100)))
    assert islands.edge.tolist() == [False, island]


def test_two_kilometres_are_a_network_of_their_own():
    lines = shapely.linestrings(
        [[(0, 0), (90_000, 0)], [(0, 90), (2000, 90)], [(0, 99), (1999, 99)]]
    )
    assert Islands.of(WalkNetwork.from_lines(lines)).edge.tolist() == [False, False, True]


def test_a_length_must_be_a_length():
    with pytest.raises(InputError) as caught:
        Islands.of(network(STUB), float("nan"))
    assert caught.value.code == "network.bad_limit"
