"""Hand-computed distances on networks small enough to draw."""

import numpy as np
import pytest
import shapely

from planner.errors import InputError
from planner.network import Barriers, WalkNetwork


@pytest.fixture
def cross() -> WalkNetwork:
    return WalkNetwork.from_edges([(0, 0), (100, 0), (0, 100)], [(0, 1), (0, 2)])


def test_a_distance_counts_both_legs_and_the_corner(cross: WalkNetwork) -> None:
    found = cross.nearest(cross.snap([(0, 30)]), cross.snap([(40, 10)]))
    assert found.distance_m.tolist() == [80.0]
    assert found.source.tolist() == [0]


def test_two_on_one_edge_walk_straight_between_them(cross: WalkNetwork) -> None:
    found = cross.nearest(cross.snap([(90, 0)]), cross.snap([(40, 10), (95, 1)]))
    assert found.distance_m.tolist() == [60.0, 6.0]


def test_unknown_unreached_and_beyond_the_cutoff() -> None:
    net = WalkNetwork.from_edges([(0, 0), (100, 0), (0, 900), (100, 900)], [(0, 1), (2, 3)])
    homes = net.snap([(50, 0), (50, 900), (50, 450)])
    found = net.nearest(net.snap([(0, 0)]), homes, cutoff_m=50)
    assert found.distance_m[0] == 50
    assert np.isinf(found.distance_m[1])
    assert np.isnan(found.distance_m[2])
    assert found.source.tolist() == [0, -1, -1]
    assert np.isinf(net.nearest(net.snap([(0, 0)]), homes, cutoff_m=49.999).distance_m[0])


def test_equally_near_sources_give_the_lowest(cross: WalkNetwork) -> None:
    homes = cross.snap([(0, 0)])
    assert cross.nearest(cross.snap([(50, 0), (0, 50)]), homes).source.tolist() == [0]
    assert cross.nearest(cross.snap([(0, 50), (50, 0)]), homes).source.tolist() == [0]
    twice = cross.snap([(70, 0), (50, 0), (50, 0)])
    assert cross.nearest(twice, homes).source.tolist() == [1]


def test_no_source_reaches_nothing(cross: WalkNetwork) -> None:
    homes = cross.snap([(0, 0)])
    for sources in (cross.snap(np.empty((0, 2))), cross.snap([(5000, 5000)])):
        found = cross.nearest(sources, homes)
        assert np.isinf(found.distance_m).all()
        assert found.source.tolist() == [-1]


def test_a_leg_crosses_no_barrier_but_at_a_gate() -> None:
    net = WalkNetwork.from_edges([(0, 0), (100, 0), (0, 50), (100, 50)], [(0, 1), (2, 3)])
    river = shapely.LineString([(-10, 10), (110, 10)])
    home = [(50, 12)]
    assert net.snap(home).edge.tolist() == [0]
    assert net.snap(home, barriers=Barriers([river])).edge.tolist() == [1]
    assert net.snap(home, max_access_m=37, barriers=Barriers([river])).edge.tolist() == [-1]
    assert net.snap(home, barriers=Barriers([river], [(52, 10)])).edge.tolist() == [0]
    assert net.snap(home, barriers=Barriers([river], [(54, 10)])).edge.tolist() == [1]


def test_bridges_are_not_joined() -> None:
    net = WalkNetwork.from_edges(
        [(0, 0), (100, 0), (0, 50), (100, 50)], [(0, 1), (2, 3)], joinable=[False, True]
    )
    assert net.snap([(50, 1)]).edge.tolist() == [1]


def test_directed_edges_are_refused() -> None:
    with pytest.raises(InputError, match="both ways"):
        WalkNetwork.from_edges([(0, 0), (1, 0)], [(0, 1)], directed=True)
