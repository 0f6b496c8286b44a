"""Streets of which some are shut: where places go that were on them."""

import numpy as np
import pytest

from planner.network.hindered import HinderedNetwork
from planner.network.walk_network import WalkNetwork

STAIRS, DECK, STREET, RAMP, LANE = range(5)
NODES = [(0, 0), (0, 20), (100, 20), (0, -80), (100, 0), (-60, 20)]
ENDS = [(0, 1), (1, 2), (0, 3), (2, 4), (1, 5)]


def footbridge(*, lane: bool) -> tuple[WalkNetwork, HinderedNetwork]:
    """Shut stairs to a bridge's deck, and maybe a lane on the ground beside their upper end."""
    count = 5 if lane else 4
    joinable = np.arange(count) != DECK
    net = WalkNetwork.from_edges(NODES[: count + 1], ENDS[:count], joinable=joinable)
    return net, HinderedNetwork.of(net, np.arange(count) == STAIRS, np.ones(count))


@pytest.mark.parametrize("rejoin_m", [None, 250.0])
@pytest.mark.parametrize("home", [(0.0, 30.0), (0.0, 20.0), (0.0, 19.5)])
def test_no_place_at_shut_stairs_is_on_the_deck_that_they_lead_to(home, rejoin_m):
    net, hindered = footbridge(lane=False)
    here = net.snap([home])
    assert here.edge.tolist() == [STAIRS]
    moved = hindered.on_network(here, rejoin_m=rejoin_m)
    clinic = hindered.on_network(net.snap([(100.0, -5.0)]), rejoin_m=rejoin_m)
    assert clinic.edge.tolist() == [RAMP]
    assert moved.edge.tolist() == [STREET if rejoin_m else -1]
    assert not np.isfinite(hindered.network.nearest(clinic, moved).distance_m[0])


def test_a_place_where_shut_stairs_meet_deck_and_lane_is_on_the_lane():
    net, hindered = footbridge(lane=True)
    moved = hindered.on_network(net.snap([(0.0, 30.0)]))
    assert (moved.edge.tolist(), moved.offset_mm.tolist()) == ([LANE], [0])
    clinic = hindered.on_network(net.snap([(100.0, -5.0)]))
    # from the lane's end on the ground one gets onto the deck, as the network says
    assert hindered.network.nearest(clinic, moved).distance_m[0] == 10 + 100 + 20 + 5


def test_each_place_on_open_and_shut_edges_is_on_one_that_may_be_joined():
    rng = np.random.default_rng(7)
    xy = rng.uniform(0, 500, (40, 2))
    pairs = np.unique(np.sort(rng.integers(0, 40, (120, 2)), axis=1), axis=0)
    pairs = pairs[pairs[:, 0] != pairs[:, 1]]
    joinable, shut = rng.random(len(pairs)) < 0.6, rng.random(len(pairs)) < 0.5
    net = WalkNetwork.from_edges(xy, pairs, joinable=joinable)
    hindered = HinderedNetwork.of(net, shut, np.ones(len(pairs)))
    for rejoin_m in (None, 250.0):
        edge = hindered.on_network(net.snap(xy), rejoin_m=rejoin_m).edge
        assert hindered.network.joinable[edge[edge >= 0]].all()
