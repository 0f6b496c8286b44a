"""Networks with links added or streets taken away."""

import networkx as nx
import numpy as np
import pytest
import shapely
from effort import tries
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.errors import InputError
from planner.network import Positions, WalkNetwork
from planner.network.links.networks import with_links, without_edges


def place(edge, offset, access=0):
    edge, offset = np.atleast_1d(edge), np.atleast_1d(offset)
    n = len(edge)
    return Positions(edge, offset, np.full(n, access), np.zeros((n, 2)), np.zeros((n, 2)))


@st.composite
def linked_networks(draw):
    """Edges, links between spots on them, and places, in millimetres."""
    nodes = draw(st.integers(1, 5))
    node = st.integers(0, nodes - 1)
    edges = draw(st.lists(st.tuples(node, node, st.integers(0, 9)), min_size=1, max_size=7))

    def spot():
        edge = draw(st.integers(0, len(edges) - 1))
        return edge, draw(st.integers(0, edges[edge][2]))

    links = [(spot(), spot(), draw(st.integers(0, 6))) for _ in range(draw(st.integers(0, 4)))]
    return nodes, edges, links, [spot() for _ in range(4)]


def reference(nodes, edges, links, places):
    """Distances between places by networkx: every millimetre of every edge is a node."""
    graph = nx.Graph()
    graph.add_nodes_from(range(nodes))

    def mm(edge, offset):
        u, v, length = edges[edge]
        return u if offset == 0 else v if offset == length else (edge, offset)

    def join(a, b, weight):
        if a != b and not (graph.has_edge(a, b) and graph[a][b]["weight"] <= weight):
            graph.add_edge(a, b, weight=weight)

    for e, (u, v, length) in enumerate(edges):
        if length == 0:
            join(u, v, 0)
        for offset in range(length):
            join(mm(e, offset), mm(e, offset + 1), 1)
    for a, b, length in links:
        join(mm(*a), mm(*b), length)
    every = dict(nx.all_pairs_dijkstra_path_length(graph))
    return np.array([[every[mm(*a)].get(mm(*b), np.inf) for b in places] for a in places])


@pytest.mark.long
@settings(max_examples=tries(200, 2000), deadline=None)
@given(linked_networks())
def test_carried_places_are_as_far_apart_as_networkx_says(drawn):
    nodes, edges, links, places = drawn
    xy = np.column_stack([np.arange(nodes), np.zeros(nodes)])
    uv = np.array([edge[:2] for edge in edges])
    network = WalkNetwork.from_edges(xy, uv, [edge[2] / 1000 for edge in edges])
    a = place([x[0][0] for x in links], [x[0][1] for x in links])
    b = place([x[1][0] for x in links], [x[1][1] for x in links])
    changed = with_links(network, a, b, [x[2] / 1000 for x in links])
    after = changed.on_network(place([p[0] for p in places], [p[1] for p in places]))
    found = [changed.network.nearest(after.take([i]), after).distance_m for i in range(len(places))]
    np.testing.assert_array_equal(np.array(found) * 1000, reference(nodes, edges, links, places))
    assert changed.network.edge_length_mm.sum() == sum(e[2] for e in edges) + sum(
        x[2] for x in links
    )


def test_pieces_follow_the_street_and_keep_what_is_known_of_it():
    line = [(0, 0), (30, 0), (30, 40)]
    network = WalkNetwork.from_edges(
        [(0, 0), (30, 40), (60, 40)],
        [(0, 1), (1, 2)],
        geometry=[shapely.LineString(line), shapely.LineString([(30, 40), (60, 40)])],
        joinable=[True, False],
    )
    a = network.snap([(10, 0), (30, 20)])
    changed = with_links(network, a, network.snap([(30, 30), (30, 20)]), [5, 0]).network
    assert [list(x.coords) for x in changed.lines()] == [
        [(0, 0), (10, 0)],
        [(30, 40), (60, 40)],
        [(10, 0), (30, 0), (30, 20)],
        [(30, 20), (30, 30)],
        [(30, 30), (30, 40)],
        [(10, 0), (30, 30)],
        [(30, 20), (30, 20)],
    ]
    assert changed.edge_length_mm.tolist() == [10000, 30000, 40000, 10000, 10000, 5000, 0]
    assert changed.joinable.tolist() == [True, False, True, True, True, False, False]


def test_snapping_to_the_split_street_equals_carrying():
    rng = np.random.default_rng(5)
    network = WalkNetwork.from_edges(
        [(0, 0), (100, 0), (100, 100), (0, 100)], [(0, 1), (1, 2), (2, 3), (3, 0)]
    )
    a, b = network.snap(rng.uniform(0, 100, (6, 2))), network.snap(rng.uniform(0, 100, (6, 2)))
    changed = with_links(network, a, b, np.full(6, 3.0))
    homes = rng.uniform(0, 100, (200, 2))
    carried, snapped = changed.on_network(network.snap(homes)), changed.network.snap(homes)
    np.testing.assert_array_equal(carried.edge, snapped.edge)
    np.testing.assert_allclose(carried.offset_mm, snapped.offset_mm, atol=1)
    np.testing.assert_array_equal(carried.access_mm, snapped.access_mm)


def test_a_closed_street_leaves_its_places_unknown():
    network = WalkNetwork.from_edges([(0, 0), (50, 0), (90, 0)], [(0, 1), (1, 2), (0, 2)])
    changed = without_edges(network, [1])
    assert changed.network.edge_uv.tolist() == [[0, 1], [0, 2]]
    carried = changed.on_network(place([0, 1, 2, -1], [5, 6, 7, 0], 9))
    assert carried.edge.tolist() == [0, -1, 1, -1]
    assert carried.offset_mm.tolist() == [5, 0, 7, 0]
    assert carried.access_mm.tolist() == [9, 0, 9, 0]
    assert np.isnan(carried.join_xy[[1, 3]]).all()


@pytest.mark.parametrize(
    ("act", "code"),
    [
        (lambda net, at: with_links(net, at, place(-1, 0), [1]), "network.unknown_end"),
        (lambda net, at: with_links(net, at, at, [-1]), "network.bad_link_length"),
        (lambda net, at: with_links(net, at, at, [3e6]), "network.bad_link_length"),
        (lambda net, at: with_links(net, at, at, [1, 2]), "network.bad_shape"),
        (lambda net, at: with_links(net, at, place(0, 50001), [1]), "network.offset_range"),
        (
            lambda net, at: with_links(net.with_weights([9.0]), at, at, [1]),
            "network.timed_links",
        ),
        (lambda net, at: without_edges(net, [1]), "network.id_range"),
        (lambda net, at: without_edges(net, [0]), "network.no_edges"),
    ],
)
def test_bad_input(act, code):
    network = WalkNetwork.from_edges([(0, 0), (50, 0)], [(0, 1)])
    with pytest.raises(InputError) as error:
        act(network, network.snap([(9, 0)]))
    assert error.value.code == code
    assert str(error.value)
