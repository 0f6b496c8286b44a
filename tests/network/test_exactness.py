"""Every answer equals networkx, to the millimetre, on random multigraphs."""

from itertools import pairwise

import numpy as np
import pytest
from effort import tries
from hypothesis import given, settings
from hypothesis import strategies as st
from network_reference import all_distances, positions, questions

from planner.network import WalkNetwork

limits = st.sampled_from([0, 3, 5, 10, 20, 2**31 - 2])
exact = settings(max_examples=tries(40, 1000), deadline=None)


def reference(net, sources, targets, limit):
    found = all_distances(net.edge_uv, net.edge_length_mm, sources, targets)
    found[found > limit] = np.inf
    return found


def same(metres, millimetres) -> None:
    np.testing.assert_array_equal(np.rint(metres * 1000), millimetres)


@pytest.mark.long
@exact
@given(questions(), limits)
def test_nearest(question, limit) -> None:
    net, sources, targets = question
    found = net.nearest(sources, targets, cutoff_m=limit / 1000)
    expected = reference(net, sources, targets, limit)
    best = expected.min(axis=0, initial=np.inf)
    same(found.distance_m, np.where(targets.known, best, np.nan))
    lowest = np.argmax(expected == best, axis=0) if len(sources) else np.full(len(targets), -1)
    np.testing.assert_array_equal(found.source, np.where(np.isinf(best), -1, lowest))


@pytest.mark.long
@exact
@given(questions(), limits)
def test_nearest_of_all_nodes(question, limit) -> None:
    net, sources, _ = question
    everywhere = net.at_nodes()
    on_street = everywhere.known
    found = net.nearest(sources, None, cutoff_m=limit / 1000)
    assert found.distance_m.shape == (len(net.node_xy),)
    best = reference(net, sources, everywhere, limit).min(axis=0, initial=np.inf)
    same(found.distance_m[on_street], best[on_street])
    assert np.isinf(found.distance_m[~on_street]).all()


@exact
@given(questions(), limits, st.integers(1, 4))
def test_k_nearest(question, limit, k) -> None:
    net, sources, targets = question
    found = net.k_nearest(sources, targets, k, cutoff_m=limit / 1000)
    expected = reference(net, sources, targets, limit)
    for t in np.flatnonzero(targets.known):
        order = list(np.lexsort((np.arange(len(sources)), expected[:, t])))
        order = [s for s in order if np.isfinite(expected[s, t])][:k]
        padding = [-1] * (k - len(order))
        assert found.source[t].tolist() == order + padding
        same(found.distance_m[t], [*expected[order, t], *([np.inf] * len(padding))])
    assert np.isnan(found.distance_m[~targets.known]).all()
    assert (found.source[~targets.known] == -1).all()


@pytest.mark.long
@exact
@given(questions(), limits)
def test_matrix_and_counts(question, limit) -> None:
    net, sources, targets = question
    expected = reference(net, sources, targets, limit)
    matrix = net.matrix(sources, targets, limit / 1000)
    assert matrix.shape == expected.shape
    assert matrix.has_canonical_format or matrix.nnz == 0
    dense = np.full(expected.shape, np.inf)
    row, column = matrix.tocoo().coords
    dense[row, column] = matrix.data
    same(dense, expected)
    capacity = np.arange(1.0, len(sources) + 1)
    for weights, each in ((None, np.ones(len(sources))), (capacity, capacity)):
        total = net.count_within(sources, targets, limit / 1000, weights=weights)
        sums = (np.isfinite(expected) * each[:, None]).sum(axis=0)
        np.testing.assert_array_equal(total, np.where(targets.known, sums, np.nan))


@pytest.mark.long
@exact
@given(questions())
def test_path_is_as_long_as_the_distance(question) -> None:
    net, sources, targets = question
    expected = reference(net, sources, targets, 2**31 - 2)
    for s in range(min(len(sources), 2)):
        for t in range(min(len(targets), 3)):
            way = net.path(sources.take([s]), targets.take([t]))
            same(way.value, expected[s, t])
            if np.isfinite(way.value):
                whole = net.edge_length_mm[way.edges[1:-1]].sum(dtype=np.int64)
                assert whole <= expected[s, t]
                ends = [set(net.edge_uv[e].tolist()) for e in way.edges]
                assert all(a & b for a, b in pairwise(ends))


@pytest.mark.long
@exact
@given(questions())
def test_distances_are_the_same_both_ways(question) -> None:
    net, sources, targets = question
    there = net.matrix(sources, targets)
    back = net.matrix(targets, sources).T.tocsr()
    np.testing.assert_array_equal(there.indptr, back.indptr)
    np.testing.assert_array_equal(there.indices, back.indices)
    np.testing.assert_array_equal(there.data, back.data)


@pytest.mark.long
@exact
@given(questions(), st.integers(0, 8), st.integers(0, 8), st.integers(0, 20))
def test_more_facilities_and_streets_never_lengthen(question, u, v, length) -> None:
    net, sources, targets = question
    fewer = net.nearest(sources.take(np.arange(len(sources)) > 0), targets).value
    all_of_them = net.nearest(sources, targets).value
    known = targets.known
    assert (all_of_them[known] <= fewer[known]).all()
    n = len(net.node_xy)
    larger = WalkNetwork.from_edges(
        net.node_xy,
        np.vstack([net.edge_uv, [(u % n, v % n)]]),
        np.append(net.edge_length_mm, length) / 1000,
    )
    assert (larger.nearest(sources, targets).value[known] <= all_of_them[known]).all()


@pytest.mark.long
@settings(max_examples=tries(15, 400), deadline=None)
@given(st.integers(0, 10**6))
def test_larger_grids_agree_between_all_engines(seed) -> None:
    rng = np.random.default_rng(seed)
    k = int(rng.integers(5, 22))
    number = np.arange(k * k).reshape(k, k)
    uv = np.vstack(
        [
            np.column_stack([number[:, :-1].ravel(), number[:, 1:].ravel()]),
            np.column_stack([number[:-1].ravel(), number[1:].ravel()]),
        ]
    )
    uv = uv[rng.random(len(uv)) < rng.uniform(0.5, 1)]
    length = rng.integers(0, rng.choice([3, 40, 90_000]), len(uv)) / 1000
    xy = np.column_stack([np.repeat(np.arange(k), k), np.tile(np.arange(k), k)]) * 50.0
    plain = WalkNetwork.from_edges(xy, uv, length)

    def some(n):
        edge = rng.integers(0, len(uv), n)
        offset = np.rint(rng.random(n) * plain.edge_length_mm[edge])
        return positions(edge, offset, rng.integers(0, 3, n))

    sources, targets = some(12), some(60)
    expected = reference(plain, sources, targets, 2**31 - 2)
    prepared = WalkNetwork.from_edges(xy, uv, length)
    prepared.prepare()
    for net in (plain, prepared):
        found = net.nearest(sources, targets)
        same(found.distance_m, expected.min(axis=0))
        reached = np.isfinite(found.distance_m)
        np.testing.assert_array_equal(found.source[reached], expected.argmin(axis=0)[reached])
        same(net.k_nearest(sources, targets, 4).distance_m, np.sort(expected, axis=0)[:4].T)
