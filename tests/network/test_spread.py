"""First and repeated questions equal scipy on streets of very uneven lengths."""

import networkx as nx
import numpy as np
import pytest
from effort import tries
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from planner.network import WalkNetwork

SPANS = [(0, 3), (1, 1000), (1, 200_000_000), (60_000, 90_000)]


def some_town(rng: np.random.Generator, low: int, high: int):
    """A random graph of 50 to 400 nodes, degrees 0 to many; lengths spread over magnitudes."""
    n = int(rng.integers(50, 400))
    uv = rng.integers(0, n, (int(n * rng.uniform(0.8, 3)), 2))
    if rng.random() < 0.3:
        uv[: n // 2, 0] = 0  # a hub with many arms
    low, high = np.log(low + 1), np.log(high + 1)
    return n, uv, np.floor(np.exp(rng.uniform(low, high, len(uv)))).astype(np.int64)


def shortest_edges(n: int, uv, length) -> csr_array:
    """CSR for scipy, which adds parallel edges and drops zeros: the cheapest, plus one."""
    a, b = uv.min(axis=1), uv.max(axis=1)
    order = np.lexsort((length, b, a))
    a, b, length = a[order], b[order], length[order]
    first = np.r_[True, (np.diff(a) != 0) | (np.diff(b) != 0)] & (a != b)
    return csr_array((length[first] * 1000.0 + 1.0, (a[first], b[first])), (n, n))


@pytest.mark.long
@settings(max_examples=tries(80, 1000), deadline=None)
@given(st.integers(0, 2**32 - 1), st.sampled_from(SPANS), st.booleans())
def test_uneven_streets(seed: int, span: tuple[int, int], chain: bool) -> None:
    rng = np.random.default_rng(seed)
    n, uv, length = some_town(rng, *span)
    if chain:
        uv = np.column_stack([np.arange(n - 1), np.arange(1, n)])
        length = np.resize(length, n - 1)
    nodes = np.unique(rng.choice(uv.ravel(), int(rng.integers(1, 9))))
    # scipy's hops are counted in its last three digits, so that zero lengths stay edges
    graph = shortest_edges(n, uv, length)
    expected = dijkstra(graph, directed=False, indices=nodes, min_only=True)
    expected = np.floor(expected / 1000)
    expected[expected > 2**31 - 2] = np.inf
    net = WalkNetwork.from_edges(np.zeros((n, 2)), uv, length / 1000)
    reached = expected[np.isfinite(expected)]
    limit = float(rng.choice([*reached, np.inf]))
    for _ in range(2):
        for cutoff in (np.inf, limit):
            told = net.nearest(net.at_nodes(nodes), cutoff_m=cutoff / 1000).distance_m
            wanted = np.where(expected <= cutoff, expected, np.inf)
            np.testing.assert_array_equal(np.rint(told * 1000), wanted)
        net.prepare()


@pytest.mark.parametrize("length", [0, 1, 2_000_000])
def test_a_long_row_of_equal_streets(length: int) -> None:
    n = 3000
    uv = np.column_stack([np.arange(n - 1), np.arange(1, n)])
    net = WalkNetwork.from_edges(np.zeros((n, 2)), uv, np.full(n - 1, length / 1000))
    way = nx.path_graph(n)
    steps = nx.single_source_shortest_path_length(way, 7)
    expected = np.array([steps[i] * length for i in range(n)], float)
    expected[expected > 2**31 - 2] = np.inf
    for _ in range(2):
        told = net.nearest(net.at_nodes([7])).distance_m
        np.testing.assert_array_equal(np.rint(told * 1000), expected)
        net.prepare()
