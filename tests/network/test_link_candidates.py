"""Places where streets are near each other but far on foot, against all pairs of a matrix."""

import itertools

import networkx as nx
import numpy as np
import pytest
import shapely
from effort import tries
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra
from small_extract import walk_lines

from planner.errors import InputError
from planner.network import Positions, WalkNetwork
from planner.network.links.candidates import (
    PIECE_M,
    LinkCandidates,
    link_candidates,
    pair_gains,
    walked_m,
    warm_up,
)

CORNERS = [(0, 20), (0, 0), (190, 0), (190, 20)]


def hairpin():
    """Two parallel streets 20 m apart, joined at their west end."""
    return WalkNetwork.from_edges(CORNERS, [(0, 1), (1, 2), (0, 3)])


def place(net, edge, offset):
    edge, offset = np.atleast_1d(edge).astype(np.int32), np.atleast_1d(offset).astype(np.int32)
    xy = np.zeros((len(edge), 2))
    return Positions(edge, offset, np.zeros(len(edge), np.int32), xy, xy)


# --------------------------------------------------------------------------- small networks


@st.composite
def small_networks(draw):
    """Straight edges of at most 50 m, one piece each, between places on the plane."""
    number = st.floats(0, 60, allow_nan=False)
    nodes = draw(st.lists(st.tuples(number, number), min_size=3, max_size=9, unique=True))
    pairs = st.sampled_from(list(itertools.combinations(range(len(nodes)), 2)))
    uv = draw(st.lists(pairs, min_size=2, max_size=9, unique=True))
    uv = [(a, b) for a, b in uv if 0.1 < np.hypot(*np.subtract(nodes[a], nodes[b])) <= 50]
    return np.array(nodes), uv


def walked(net, a_edge, a_mm, b_edge, b_mm):
    """Walk in millimetres by networkx."""
    graph = nx.MultiGraph()
    for e, (u, v) in enumerate(net.edge_uv.tolist()):
        length = int(net.edge_length_mm[e])
        spots = [(0, u), (length, v)]
        spots += [(a_mm, "a")] if e == a_edge else []
        spots += [(b_mm, "b")] if e == b_edge else []
        spots.sort(key=lambda spot: spot[0])
        for (x, p), (y, q) in itertools.pairwise(spots):
            graph.add_edge(p, q, weight=y - x)
    if not nx.has_path(graph, "a", "b"):
        return np.inf
    return nx.shortest_path_length(graph, "a", "b", weight="weight")


@settings(max_examples=tries(70, 1500), deadline=None)
@given(small_networks(), st.integers(0, 40), st.integers(0, 120))
def test_every_pair_of_edges_near_but_far_is_found_and_no_other(drawn, gap, least):
    nodes, uv = drawn
    if len(uv) < 2:
        return
    net = WalkNetwork.from_edges(nodes, uv)
    found = link_candidates(net, max_gap_m=gap, min_walk_m=least, min_detour=1.5)
    by_pair = {
        tuple(sorted(pair)): i
        for i, pair in enumerate(zip(found.a.edge.tolist(), found.b.edge.tolist(), strict=True))
    }
    lines = net.lines()
    for e, f in itertools.combinations(range(len(uv)), 2):
        apart = shapely.distance(lines[e], lines[f])
        i = by_pair.pop((e, f), None)
        if i is not None:
            here, there = found.a.offset_mm[i], found.b.offset_mm[i]
            assert found.length_m[i] == pytest.approx(apart, abs=0.002)
            assert found.length_m[i] <= gap + 0.001
            ends = np.hypot(*(found.a.join_xy[i] - found.b.join_xy[i]))
            assert ends == pytest.approx(apart, abs=1e-4)
            way = walked(net, found.a.edge[i], here, found.b.edge[i], there)
            assert walked_m(found.take([i]))[0] == way / 1000
            assert way >= 1000 * max(least, 1.5 * found.length_m[i])
        elif apart < gap - 0.001:
            here, there = (
                round(shapely.line_locate_point(line, shapely.Point(xy)) * 1000)
                for line, xy in zip(
                    (lines[e], lines[f]),
                    shapely.shortest_line(lines[e], lines[f]).coords,
                    strict=True,
                )
            )
            way = walked(net, e, here, f, there)
            need = 1000 * max(least, 1.5 * apart)
            tie = np.hypot(*np.subtract(nodes[uv[e][0]], nodes[uv[e][1]])) < 0.2
            assert way < need + 10 or tie or parallel(lines[e], lines[f])
    assert not by_pair


def parallel(first, second):
    """Whether two lines are so nearly parallel that the nearest places are not unique."""
    a, b = (np.subtract(line.coords[1], line.coords[0]) for line in (first, second))
    return abs(a[0] * b[1] - a[1] * b[0]) < 1e-2 * np.hypot(*a) * np.hypot(*b)


def test_a_hairpin_is_linked_all_along_where_the_walk_is_long():
    found = link_candidates(hairpin(), min_walk_m=200)
    found = found.take(found.length_m == 20.0)
    assert len(found) >= 2
    across = np.abs(found.a.join_xy - found.b.join_xy)
    np.testing.assert_allclose(across[:, 1], 20)
    assert (found.a.join_xy[:, 0] >= 90).all()
    np.testing.assert_allclose(walked_m(found), 2 * found.a.join_xy[:, 0] + 20, atol=0.002)


def test_one_long_edge_that_comes_back_to_itself_is_linked():
    line = shapely.LineString([(0, 0), (300, 0), (300, 30), (0, 30)])
    found = link_candidates(WalkNetwork.from_lines([line]), min_walk_m=500)
    assert len(found) > 0
    assert set(found.a.edge) == set(found.b.edge) == {0}
    assert found.length_m.min() == 30.0
    assert walked_m(found).max() == pytest.approx(630, abs=2 * PIECE_M)


def test_streets_that_cross_without_a_junction_are_linked_where_they_cross():
    lines = shapely.linestrings([[(0, 0), (40, 0)], [(10, -15), (10, 15)]])
    found = link_candidates(WalkNetwork.from_lines(lines))
    assert found.length_m.tolist() == [0.0]
    assert found.a.offset_mm.tolist() == [10_000]
    assert found.b.offset_mm.tolist() == [15_000]
    assert np.isinf(walked_m(found)).all()


def test_pieces_in_one_line_are_apart_by_their_gap():
    """Where rounding makes two pieces look as if they met on their common line."""
    a, b, c, d = (np.array([0.1, 0.7]) + t * np.array([70.3, 71.9]) for t in (0, 0.45, 0.5, 1))
    found = link_candidates(WalkNetwork.from_lines(shapely.linestrings([[a, b], [c, d]])))
    assert found.length_m.min() == pytest.approx(np.hypot(*(c - b)), abs=0.001)


def test_bridges_take_no_links():
    lines = shapely.linestrings([[(0, 0), (40, 0)], [(10, -15), (10, 15)]])
    assert len(link_candidates(WalkNetwork.from_lines(lines, joinable=[True, False]))) == 0


def test_a_wide_river_is_spanned_where_both_banks_have_a_street():
    banks = [[(0, -20), (400, -20)], [(0, 170), (400, 170)], [(0, 400), (400, 400)]]
    net = WalkNetwork.from_lines(shapely.linestrings(banks))
    river = shapely.box(-100, 0, 500, 150)
    spanned = link_candidates(net, spanned=[river], max_span_m=200)
    assert set(zip(spanned.a.edge.tolist(), spanned.b.edge.tolist(), strict=True)) == {(0, 1)}
    np.testing.assert_allclose(
        spanned.length_m,
        np.hypot(190, spanned.b.join_xy[:, 0] - spanned.a.join_xy[:, 0]),
        atol=0.001,
    )
    assert len(link_candidates(net, spanned=[river], max_span_m=180)) == 0
    assert len(link_candidates(net, max_span_m=300)) == 0
    far_bank = shapely.box(-100, 80, 500, 90)  # a ditch 100 m from one of the streets
    assert len(link_candidates(net, spanned=[far_bank], max_span_m=300)) == 0


def test_kernels_are_made_ready_on_a_place_that_uses_them():
    warm_up()
    assert len(link_candidates(hairpin(), min_walk_m=300)) > 0


def test_what_is_given_is_checked():
    net = hairpin()
    for wrong in (
        {"max_gap_m": -1},
        {"min_walk_m": np.nan},
        {"max_span_m": -1},
        {"min_detour": -1},
    ):
        with pytest.raises(InputError, match=next(iter(wrong))):
            link_candidates(net, **wrong)
    timed = net.with_weights([1.0, 1.0, 1.0])
    with pytest.raises(InputError) as caught:
        link_candidates(timed)
    assert caught.value.code == "network.timed_links"
    links = link_candidates(net)
    with pytest.raises(InputError):
        pair_gains(links, 100, origins=[1.0])
    with pytest.raises(InputError):
        links.merged(links.length_m, -1)


@pytest.mark.long
def test_no_places_where_there_is_nothing_to_link():
    net = WalkNetwork.from_edges([(0, 0), (10, 0)], [(0, 1)])
    none = link_candidates(net)
    assert len(none) == 0
    assert len(none.merged([], 50)) == 0
    assert len(walked_m(none)) == len(pair_gains(none, 100)) == 0


# --------------------------------------------------------------------------- merging


def test_merged_links_have_both_ends_near_those_of_the_one_that_stands_for_them():
    net = city(3)
    links = link_candidates(net, max_gap_m=60, min_walk_m=300)
    by = links.merged(links.length_m, 70)
    kept = np.flatnonzero(by == np.arange(len(by)))
    assert 5 < len(kept) < len(links) / 2
    order = np.argsort(links.length_m, kind="stable")
    rank = np.empty_like(order)
    rank[order] = np.arange(len(order))
    near = close_links(links, 70)
    rows = np.arange(len(by))
    assert near[rows, by].all()
    assert (rank[by] <= rank).all()
    among = near[np.ix_(kept, kept)] & ~np.eye(len(kept), dtype=bool)
    assert not among.any()


def close_links(links, radius_m):
    """Which links have both ends within a walk of each other's, (n, n) bool, by a full matrix."""
    ends = Positions.concatenate(links.a, links.b)
    near = links.network.matrix(ends, ends, radius_m).toarray() > 0
    ways = links.network.matrix(ends, ends, radius_m)
    near[np.repeat(np.arange(len(ends)), np.diff(ways.indptr)), ways.indices] = True
    n = len(links)
    straight = near[:n, :n] & near[n:, n:]
    return straight | (near[:n, n:] & near[n:, :n])


def city(seed):
    """A grid of streets, some blocks of which are cut off, with bends."""
    rng = np.random.default_rng(seed)
    side = 12
    xy = np.stack(np.meshgrid(np.arange(side), np.arange(side)), -1).reshape(-1, 2) * 70.0
    xy += rng.normal(0, 9, xy.shape)
    number = np.arange(side * side).reshape(side, side)
    uv = np.concatenate(
        [
            np.column_stack([number[:, :-1].ravel(), number[:, 1:].ravel()]),
            np.column_stack([number[:-1].ravel(), number[1:].ravel()]),
        ]
    )
    return WalkNetwork.from_edges(xy, uv[rng.random(len(uv)) < 0.62])


# --------------------------------------------------------------------------- gains in pairs


@pytest.mark.long
def test_gains_in_pairs_are_those_of_all_distances_with_and_without_the_link():
    net = city(5)
    rng = np.random.default_rng(0)
    origins, aims = rng.integers(0, 9, (2, len(net.node_xy))).astype(float)
    links = link_candidates(net, min_walk_m=250)
    links = links.take(rng.choice(len(links), 12, replace=False))
    cutoff = 400.0
    before = nodes_apart(net)
    gains = pair_gains(links, cutoff, origins, aims)
    for i in range(len(links)):
        after = nodes_apart(net, links.take([i]))
        newly = (before > cutoff * 1000) & (after <= cutoff * 1000)
        assert gains[i] == (origins[:, None] * aims[None, :])[newly].sum()
    assert (gains > 0).any()


def test_a_pair_that_gains_in_both_directions_counts_once_each_way():
    """On a ring cut open, a link of no length brings some pairs near over either of its ends."""
    net = WalkNetwork.from_edges([(0, 0), (100, 0), (100, 100), (0, 100)], [(0, 1), (1, 2), (2, 3)])
    link = LinkCandidates(net, place(net, 0, 0), place(net, 2, 100_000), np.array([0.0]))
    before = nodes_apart(net)
    for cutoff in (50.0, 100.0, 150.0, 250.0):
        newly = (before > cutoff * 1000) & (nodes_apart(net, link) <= cutoff * 1000)
        assert pair_gains(link, cutoff).tolist() == [newly.sum()]


def nodes_apart(net, link=None):
    """All distances between nodes in millimetres, with one more link, by scipy."""
    n = len(net.node_xy)
    u, v = net.edge_uv.T
    length = net.edge_length_mm.astype(float)
    if link is not None:
        for side, k in ((link.a, n), (link.b, n + 1)):
            e, at = side.edge[0], side.offset_mm[0]
            u, v = np.append(u, [net.edge_uv[e, 0], k]), np.append(v, [k, net.edge_uv[e, 1]])
            length = np.append(length, [at, net.edge_length_mm[e] - at])
        u, v = np.append(u, n), np.append(v, n + 1)
        length = np.append(length, link.length_m[0] * 1000)
    dense = np.full((n + 2, n + 2), np.inf)
    np.minimum.at(dense, (u, v), length)
    dense = np.minimum(dense, dense.T)
    graph = nx.from_numpy_array(np.where(np.isfinite(dense), dense, 0))
    for a, b in np.argwhere(dense == 0):
        graph.add_edge(int(a), int(b), weight=0.0)
    found = dict(nx.all_pairs_dijkstra_path_length(graph))
    return np.array([[found[a].get(b, np.inf) for b in range(n)] for a in range(n)])


# --------------------------------------------------------------------------- MissingLinks.jl


@pytest.fixture(scope="module", params=["monaco.osm.gz", "Helsinki.osm.pbf"][: tries(1, 2)])
def reference(request, test_data):
    """A town in whole metres and what the method of MissingLinks.jl finds there.

    The method as published: a matrix of all distances between junctions in whole metres; for each
    pair of edges at most 100 m apart the nearest places, in whole metres along the edges; kept
    where they are more than 1000 m apart on foot.
    """
    lines = walk_lines(test_data / request.param)
    metres = np.maximum(np.rint(shapely.length(lines)), 1.0)
    net = WalkNetwork.from_lines(lines, length_m=metres)
    apart = all_metres(net)
    e, f = shapely.STRtree(lines).query(lines, predicate="dwithin", distance=100.0)
    e, f = e[e < f], f[e < f]
    uv, length = net.edge_uv, net.edge_length_mm // 1000
    bound = np.min([apart[uv[e, s], uv[f, t]] for s in (0, 1) for t in (0, 1)], axis=0)
    maybe = bound + length[e] + length[f] > 1000
    e, f = e[maybe], f[maybe]
    shortest = shapely.get_coordinates(shapely.shortest_line(lines[e], lines[f])).reshape(-1, 2, 2)
    here, there = (
        np.minimum(
            np.rint(shapely.line_locate_point(lines[edge], shapely.points(shortest[:, side]))),
            length[edge],
        ).astype(np.int64)
        for side, edge in ((0, e), (1, f))
    )
    walk = way_over(apart, net, e, here, f, there)
    gap = np.rint(np.hypot(*(shortest[:, 0] - shortest[:, 1]).T))
    return net, apart, walk, (e, here, f, there, gap)


def all_metres(net):
    """Distances between all nodes in metres, (N, N) uint16, 65535 where there is no way."""
    n = len(net.node_xy)
    order = np.argsort(-net.edge_length_mm, kind="stable")  # of parallel edges the shortest stays
    dense = {}
    for (u, v), mm in zip(net.edge_uv[order].tolist(), net.edge_length_mm[order], strict=True):
        dense[min(u, v), max(u, v)] = mm // 1000
    u, v = np.array(list(dense)).T
    graph = coo_array((np.array(list(dense.values()), float), (u, v)), (n, n)).tocsr()
    found = dijkstra(graph, directed=False, limit=3000)
    return np.where(np.isfinite(found), found, 65535).astype(np.uint16)


def way_over(apart, net, e, here, f, there):
    """Metres between places on different edges over the matrix of the nodes."""
    length = net.edge_length_mm // 1000
    legs_e, legs_f = (here, length[e] - here), (there, length[f] - there)
    ways = [
        legs_e[s] + apart[net.edge_uv[e, s], net.edge_uv[f, t]].astype(np.int64) + legs_f[t]
        for s in (0, 1)
        for t in (0, 1)
    ]
    return np.min(ways, axis=0)


@pytest.mark.long
def test_no_place_of_missing_links_is_missing(reference):
    net, _, walk, (e, here, f, there, _) = reference
    found = link_candidates(net, max_gap_m=100, min_walk_m=1000, min_detour=0)
    kept = found.take(np.unique(found.merged(found.length_m, 100)))
    far = np.flatnonzero(walk > 1003)  # what rounding to metres may decide is left out
    assert len(far) > 500
    mine = Positions.concatenate(kept.a, kept.b)
    ends = np.stack([np.r_[e[far], f[far]], np.r_[here[far], there[far]]])
    spots, spot = np.unique(ends, axis=1, return_inverse=True)
    near = net.matrix(place(net, spots[0], spots[1] * 1000), mine, 102.0)  # twice rounded metres
    near.data[:] = 1.0
    a, b = near[spot.ravel()[: len(far)]], near[spot.ravel()[len(far) :]]
    k = len(kept)
    same = a[:, :k].multiply(b[:, k:]).sum(axis=1) + a[:, k:].multiply(b[:, :k]).sum(axis=1)
    assert (np.asarray(same).ravel() > 0).all()


def test_scores_are_those_of_missing_links(reference):
    net, apart, walk, (e, here, f, there, gap) = reference
    rng = np.random.default_rng(0)
    chosen = rng.choice(np.flatnonzero(walk > 1000), 10, replace=False)
    e, here, f, there, gap = (each[chosen] for each in (e, here, f, there, gap))
    origins, aims = rng.integers(0, 5, (2, len(net.node_xy))).astype(float)
    links = LinkCandidates(net, place(net, e, here * 1000), place(net, f, there * 1000), gap)
    scores = pair_gains(links, 800, origins, aims)
    length = net.edge_length_mm // 1000
    for i in range(len(chosen)):
        to_a, to_b = (
            np.minimum(
                apart[net.edge_uv[edge, 0]].astype(np.int64) + at,
                apart[net.edge_uv[edge, 1]].astype(np.int64) + length[edge] - at,
            )
            for edge, at in ((e[i], here[i]), (f[i], there[i]))
        )
        score = 0.0
        for near, far in ((to_a, to_b), (to_b, to_a)):
            x, y = np.flatnonzero(near <= 800 - gap[i]), np.flatnonzero(far <= 800 - gap[i])
            new = near[x][:, None] + gap[i] + far[y][None, :]
            newly = (new <= 800) & (apart[np.ix_(x, y)] > 800)
            score += (origins[x][:, None] * aims[y][None, :])[newly].sum()
        assert scores[i] == score
    assert (scores > 0).sum() > 5
