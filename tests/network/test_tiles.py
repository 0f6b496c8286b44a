"""Tile by tile every answer is that of the whole network, to the last bit."""

import pickle

import numpy as np
import pytest
from effort import tries
from scipy.spatial import Delaunay

from planner.errors import InputError
from planner.network import Positions, TiledNetwork, WalkNetwork
from planner.network.tiles import halo

SIZES = [3.0, 90.0, 400.0, 1e7]


def streets(rng):
    """Streets with all that may be odd: a node's place, edges, lengths in metres."""
    n = int(rng.integers(8, 100))
    side = 60.0 * np.sqrt(n)
    if rng.random() < 0.5:
        k = int(np.sqrt(n)) + 1
        x, y = np.meshgrid(np.arange(k) * 60.0, np.arange(k) * 60.0)
        xy = np.column_stack([x.ravel(), y.ravel()])
        number = np.arange(k * k).reshape(k, k)
        uv = np.concatenate(
            [
                np.column_stack([number[:, :-1].ravel(), number[:, 1:].ravel()]),
                np.column_stack([number[:-1].ravel(), number[1:].ravel()]),
            ]
        )
    else:
        xy = rng.uniform(0, side, (n, 2))
        triangles = Delaunay(xy).simplices
        uv = np.concatenate([triangles[:, [0, 1]], triangles[:, [1, 2]]])
    # disconnected pieces, and nodes without any street
    uv = uv[rng.random(len(uv)) < rng.uniform(0.4, 1.0)]
    nodes = len(xy)
    across = rng.integers(0, nodes, (int(rng.integers(0, 5)), 2))  # cross many tiles
    loops = np.repeat(rng.integers(0, nodes, (int(rng.integers(0, 4)), 1)), 2, axis=1)
    parallel = uv[rng.integers(0, len(uv), 5)] if len(uv) else uv
    uv = np.concatenate([uv, across, loops, parallel, [[0, nodes - 1]]])
    uv = uv[rng.permutation(len(uv))]
    metres = np.hypot(*(xy[uv[:, 0]] - xy[uv[:, 1]]).T)
    # drawn to the metre, longer than straight, or shorter: a few, many, some of no length at all
    metres = np.round(metres) if rng.random() < 0.3 else metres * rng.uniform(1, 1.5, len(uv))
    short = rng.random(len(uv)) < rng.choice([0.0, 0.02, 0.5])
    metres = np.where(short, metres * rng.choice([0.0, 0.0, 0.1, 0.7], len(uv)), metres)
    return xy, uv, metres


def network(rng):
    xy, uv, metres = streets(rng)
    net = WalkNetwork.from_edges(xy, uv, metres)
    if rng.random() < 0.4:
        seconds = metres * rng.uniform(0.5, 2.0, len(uv))
        seconds[rng.random(len(uv)) < 0.1] = 30.0  # where it has no length, it takes time
        seconds[rng.random(len(uv)) < 0.05] = 0.0
        net = net.with_weights(seconds, access_speed_m_s=0.9)
    return net


def places(net, rng, count):
    """Positions anywhere, some unknown, some together, some at the ends of streets."""
    edge = rng.integers(-1, len(net.edge_uv), count).astype(np.int32)
    part = rng.choice([0.0, 1.0, 0.5, *rng.random(5)], count)
    offset = np.where(edge >= 0, np.rint(part * net.edge_length_mm[edge]), 0).astype(np.int32)
    access = rng.choice([0, 0, 1000, 25_000], count)
    nowhere = np.zeros((count, 2))
    return Positions(edge, offset, access, nowhere, nowhere)


def same(found, expected) -> None:
    np.testing.assert_array_equal(found.value, expected.value)
    np.testing.assert_array_equal(found.source, expected.source)
    assert found.unit == expected.unit
    assert found.value.dtype == expected.value.dtype
    assert found.source.dtype == expected.source.dtype


def assert_equal(net, tiled, sources, targets, cutoff, rng) -> None:
    """All four questions."""
    cut = {f"cutoff_{net.unit}": cutoff}
    same(tiled.nearest(sources, targets, **cut), net.nearest(sources, targets, **cut))
    k = int(rng.integers(1, 6))
    same(tiled.k_nearest(sources, targets, k, **cut), net.k_nearest(sources, targets, k, **cut))
    for weights in (None, rng.integers(0, 900, len(sources)), rng.random(len(sources))):
        limit = {f"limit_{net.unit}": cutoff, "weights": weights}
        np.testing.assert_array_equal(
            tiled.count_within(sources, targets, **limit),
            net.count_within(sources, targets, **limit),
        )
    found, expected = tiled.matrix(sources, targets, **cut), net.matrix(sources, targets, **cut)
    assert found.shape == expected.shape
    for name in ("indptr", "indices", "data"):
        np.testing.assert_array_equal(getattr(found, name), getattr(expected, name))
        assert getattr(found, name).dtype == getattr(expected, name).dtype


def question(seed):
    rng = np.random.default_rng(seed)
    net = network(rng)
    sources = places(net, rng, int(rng.integers(0, 40)))
    targets = None if rng.random() < 0.3 else places(net, rng, int(rng.integers(0, 120)))
    return rng, net, sources, targets, float(rng.choice([0.0, 30.0, 100.0, 250.0, 1000.0]))


@pytest.mark.parametrize("seed", range(tries(20, 400)))
def test_every_answer_is_that_of_the_whole(seed) -> None:
    rng, net, sources, targets, cutoff = question(seed)
    if rng.random() < 0.3:
        net.prepare()
    for size in rng.choice(SIZES, 2, replace=False):
        assert_equal(net, TiledNetwork(net, size), sources, targets, cutoff, rng)


def differs(seed) -> bool:
    try:
        test_every_answer_is_that_of_the_whole(seed)
    except AssertionError:
        return True
    return False


def test_without_the_halo_these_tests_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(halo.Halo, "edges", lambda self, nodes, left: np.empty(0, np.int32))
    assert sum(differs(seed) for seed in range(10)) > 4


def test_a_halo_must_be_as_wide_as_the_cutoff(monkeypatch: pytest.MonkeyPatch) -> None:
    xy = [(100.0 * i, 0.0) for i in range(12)]
    net = WalkNetwork.from_edges(xy, [(i, i + 1) for i in range(11)])
    sources, targets = net.at_nodes([9]), net.at_nodes([0])
    tiled = TiledNetwork(net, 50.0)
    assert tiled.nearest(sources, targets, cutoff_m=900).distance_m.tolist() == [900.0]
    edges = halo.Halo.edges
    # two streets less: one leads out of the halo, and one comes of the metre for rounding
    monkeypatch.setattr(
        halo.Halo, "edges", lambda self, nodes, left: edges(self, nodes, left * 6 // 9)
    )
    assert tiled.nearest(sources, targets, cutoff_m=900).distance_m.tolist() == [np.inf]


def test_a_halo_of_straight_lines_alone_is_too_narrow(monkeypatch: pytest.MonkeyPatch) -> None:
    """A tunnel of a metre leads out of a halo as wide as the cutoff."""
    xy = [(0, 0), (10, 0), (5000, 0), (5010, 0), *((20.0 * i, 500.0) for i in range(400))]
    uv = [(0, 1), (1, 2), (2, 3), *((i, i + 1) for i in range(4, 403))]
    metres = [10.0, 1.0, 10.0, *[20.0] * 399]
    net = WalkNetwork.from_edges(xy, uv, metres)
    sources, targets = net.at_nodes([3]), net.at_nodes([0])
    tiled = TiledNetwork(net, 100.0)
    assert tiled.nearest(sources, targets, cutoff_m=30).distance_m.tolist() == [21.0]
    assert halo.Halo(halo.EdgeEnds(net), 30_000, 100.0)._speed == 0.001

    def without_excess(self, speed) -> None:
        chosen(self, speed)
        self._excess[:] = 0.0

    chosen = halo.Halo._set
    monkeypatch.setattr(halo.Halo, "_set", without_excess)
    assert tiled.nearest(sources, targets, cutoff_m=30).distance_m.tolist() == [np.inf]


def test_the_halo_is_about_as_wide_as_the_cutoff_where_lengths_are_as_drawn() -> None:
    k = 60
    number = np.arange(k * k).reshape(k, k)
    x, y = np.meshgrid(np.arange(k) * 50.0, np.arange(k) * 50.0)
    uv = np.concatenate(
        [
            np.column_stack([number[:, :-1].ravel(), number[:, 1:].ravel()]),
            np.column_stack([number[:-1].ravel(), number[1:].ravel()]),
        ]
    )
    net = WalkNetwork.from_edges(np.column_stack([x.ravel(), y.ravel()]), uv)
    # one street of length zero, far away from most tiles
    net = WalkNetwork.from_edges(net.node_xy, [*uv, (0, k * 20 + 20)], [*[50.0] * len(uv), 0.0])
    everywhere = net.at_nodes()
    tiles = list(TiledNetwork(net, 500.0).tiles(everywhere, everywhere, cutoff_m=300))
    assert len(tiles) == 36
    sizes = np.array([np.ptp(tile.network.node_xy, axis=0) for tile in tiles])
    # a tile, the halo, a street that leads out of it on either side, and a metre for rounding
    assert np.sum((sizes > 500 + 2 * (300 + 50 + 2)).any(axis=1)) < 12
    assert sum(len(tile.target) for tile in tiles) == len(everywhere)


def test_a_tile_can_be_sent_elsewhere_and_is_a_network() -> None:
    _, net, sources, targets, cutoff = question(3)
    tiled = TiledNetwork(net, 90.0)
    cut = {f"cutoff_{net.unit}": cutoff + 100.0}
    found = tiled.nearest(sources, targets, **cut)
    count = 0
    for tile in tiled.tiles(sources, targets, **cut):
        tile.network.prepare()
        sent = pickle.loads(pickle.dumps(tile))
        answer = sent.nearest()
        np.testing.assert_array_equal(answer.value, found.value[tile.target])
        np.testing.assert_array_equal(answer.source, found.source[tile.target])
        # lines of the part are lines of the whole
        lengths = np.isin(sent.network.edge_length_mm, net.edge_length_mm)
        assert lengths.all()
        assert len(sent.network.lines()) == len(sent.network.edge_uv)
        ends = sent.network.coords[sent.network.coord_start[:-1]]
        np.testing.assert_array_equal(ends, sent.network.node_xy[sent.network.edge_uv[:, 0]])
        count += 1
    assert count > 1


def test_work_is_told() -> None:
    net = WalkNetwork.from_edges([(0, 0), (100, 0), (200, 0)], [(0, 1), (1, 2)])
    told: list[tuple[str, float]] = []
    everywhere = net.at_nodes()
    tiled = TiledNetwork(net, 50)
    tiled.nearest(everywhere, cutoff_m=10, progress=lambda *step: told.append(step))
    assert {code for code, _ in told} == {"network.progress_tiles"}
    shares = [share for _, share in told]
    assert shares == sorted(shares)
    assert (shares[0], shares[-1]) == (0.0, 1.0)


def test_sums_do_not_depend_on_the_side_that_is_searched_from() -> None:
    """Fractions are added up in the order of the sources, however many targets there are."""
    rng = np.random.default_rng(5)
    net = WalkNetwork.from_edges([(0, 0), (100, 0)], [(0, 1)])
    sources = net.snap(np.column_stack([rng.uniform(0, 100, 60), np.zeros(60)]))
    target = net.snap([(50, 0)])
    weights = rng.random(60) * 10.0 ** rng.integers(-8, 9, 60)
    few = net.count_within(sources, target, 1000, weights=weights)[0]
    many = net.count_within(sources, target.take(np.zeros(80, int)), 1000, weights=weights)
    in_order = 0.0
    for each in weights.tolist():
        in_order += each
    assert few == in_order
    assert (many == in_order).all()


@pytest.mark.parametrize("size", [0, -1.0, np.nan])
def test_a_size_of_nothing_is_refused(size) -> None:
    net = WalkNetwork.from_edges([(0, 0), (100, 0)], [(0, 1)])
    with pytest.raises(InputError) as refused:
        TiledNetwork(net, size)
    assert refused.value.code == "network.bad_tile_size"


def test_what_is_refused() -> None:
    net = WalkNetwork.from_edges([(0, 0), (100, 0)], [(0, 1)])
    place = net.at_nodes([0])
    elsewhere = Positions([7], [0], [0], [(0, 0)], [(0, 0)])
    tiled = TiledNetwork(net, np.inf)
    timed = TiledNetwork(net.with_weights([90.0]), 10)
    for ask, code in [
        (lambda: tiled.nearest(place, place), "network.tiles_without_cutoff"),
        (lambda: tiled.tiles(place, place), "network.tiles_without_cutoff"),
        (lambda: tiled.count_within(place, place), "network.tiles_without_cutoff"),
        (lambda: tiled.k_nearest(place, None, 2), "network.tiles_without_cutoff"),
        (lambda: timed.matrix(place, None), "network.tiles_without_cutoff"),
        (lambda: timed.matrix(place, None, 10), "network.wrong_unit"),
        (lambda: tiled.nearest(place, cutoff_s=10), "network.wrong_unit"),
        (lambda: tiled.nearest(place, cutoff_m=-1), "network.bad_limit"),
        (lambda: tiled.k_nearest(place, place, 0, cutoff_m=5), "network.bad_count"),
        (lambda: tiled.count_within(place, place, 5, weights=[1, 2]), "network.bad_shape"),
        (lambda: tiled.nearest(elsewhere, place, cutoff_m=5), "network.id_range"),
        (lambda: tiled.tiles(place, elsewhere, cutoff_m=5), "network.id_range"),
    ]:
        with pytest.raises(InputError) as refused:
            ask()
        assert refused.value.code == code
