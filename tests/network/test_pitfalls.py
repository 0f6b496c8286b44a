"""What peers get wrong, what users give wrong, and what a process must survive."""

import os
import shutil
import subprocess
import sys
import threading
from itertools import pairwise
from pathlib import Path

import networkx as nx
import numpy as np
import pytest
import shapely
from effort import tries
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from network_reference import positions, split_graph

import planner
from planner.errors import InputError, PlannerError, messages
from planner.network import Positions, WalkNetwork, warm_up
from planner.network.weights import edge_seconds, tobler_factor


def test_parallel_edges_take_the_shorter_and_both_can_be_joined() -> None:
    net = WalkNetwork.from_edges([(0, 0), (100, 0)], [(0, 1), (0, 1)], [130, 100])
    on_longer = positions([0], [65_000], [0])
    assert net.nearest(net.at_nodes([0]), net.at_nodes([1])).distance_m.tolist() == [100]
    assert net.nearest(on_longer, net.at_nodes([1])).distance_m.tolist() == [65]


def test_a_long_edge_can_be_left_for_a_short_one_between_its_own_places() -> None:
    net = WalkNetwork.from_edges([(0, 0), (1, 0)], [(0, 1), (0, 1)], [1000, 10])
    ends = positions([0, 0], [5_000, 995_000], [0, 0])
    assert net.nearest(ends.take([0]), ends.take([1])).distance_m.tolist() == [20]


def test_on_a_loop_the_shorter_way_round_counts() -> None:
    net = WalkNetwork.from_edges([(0, 0)], [(0, 0)], [100])
    at = positions([0, 0, 0], [10_000, 90_000, 45_000], [0, 0, 0])
    found = net.nearest(at.take([0]), at).distance_m
    assert found.tolist() == [0, 20, 35]


def test_zero_is_a_distance_and_stays_in_the_matrix() -> None:
    net = WalkNetwork.from_edges([(0, 0), (1, 0), (2, 0)], [(0, 1), (1, 2)], [0, 5])
    matrix = net.matrix(net.at_nodes([0]), net.at_nodes([1, 2]))
    assert matrix.nnz == 2
    assert matrix.toarray().tolist() == [[0, 5]]


def test_empty_sources_and_targets() -> None:
    net = WalkNetwork.from_edges([(0, 0), (1, 0)], [(0, 1)])
    none, some = net.snap(np.empty((0, 2))), net.at_nodes()
    assert np.isinf(net.nearest(none, some).distance_m).all()
    assert (net.nearest(none).source == -1).all()
    assert net.nearest(some, none).distance_m.shape == (0,)
    assert np.isinf(net.k_nearest(none, some, 2).distance_m).all()
    assert net.count_within(none, some, 9.0).tolist() == [0, 0]
    assert net.matrix(none, some).shape == (0, 2)
    assert net.matrix(some, none).shape == (2, 0)


def test_two_facilities_at_one_spot_and_one_removed() -> None:
    net = WalkNetwork.from_edges([(0, 0), (100, 0)], [(0, 1)])
    twins = net.snap([(70, 0), (70, 0)])
    home = net.snap([(0, 0)])
    assert net.nearest(twins, home).source.tolist() == [0]
    assert net.k_nearest(twins, home, 2).source.tolist() == [[0, 1]]
    assert net.nearest(twins.take([1]), home).distance_m.tolist() == [70]


def test_a_cutoff_is_exact_and_the_same_both_ways() -> None:
    net = WalkNetwork.from_edges([(0, 0), (1, 0), (2, 0)], [(0, 1), (1, 2)], [166.7, 333.3])
    a, b = net.at_nodes([0]), net.at_nodes([2])
    for start, end in ((a, b), (b, a)):
        assert net.nearest(start, end, cutoff_m=500).distance_m.tolist() == [500]
        assert np.isinf(net.nearest(start, end, cutoff_m=499.999).distance_m).all()
    tenths = WalkNetwork.from_edges(np.zeros((11, 2)), [(i, i + 1) for i in range(10)], [0.1] * 10)
    assert tenths.count_within(tenths.at_nodes([0]), tenths.at_nodes([10]), 1.0).tolist() == [1]


def test_beyond_the_largest_distance_is_unreachable_not_negative() -> None:
    net = WalkNetwork.from_edges(
        np.zeros((5, 2)), [(i, i + 1) for i in range(4)], [2_000_000, 147_483, 0.646, 0.001]
    )
    for _ in range(2):
        found = net.nearest(net.at_nodes([0])).distance_m
        assert found[:4].tolist() == [0, 2_000_000, 2_147_483, 2_147_483.646]
        assert np.isinf(found[4])
        net.prepare()
    assert np.isinf(net.path(net.at_nodes([0]), net.at_nodes([4])).value)
    far_leg = positions([0], [0], [2**31 - 2])
    assert np.isinf(net.nearest(far_leg, net.at_nodes([1])).distance_m).all()


def test_lines_join_at_their_ends_only() -> None:
    lines = shapely.linestrings(
        [[(0, 0), (100, 0)], [(100.0003, 0), (200, 0)], [(50, -50), (50, 50)]]
    )
    net = WalkNetwork.from_lines(lines)
    assert net.edge_uv.tolist() == [[0, 1], [1, 2], [3, 4]]
    assert net.component.tolist() == [0, 0, 0, 1, 1]


def test_geometry_drawn_backwards_is_turned_round() -> None:
    line = shapely.LineString([(100, 0), (100, 50), (0, 50), (0, 0)])
    net = WalkNetwork.from_edges([(0, 0), (100, 0)], [(0, 1)], geometry=[line])
    assert net.snap([(0, 10)]).offset_mm.tolist() == [10_000]
    assert net.edge_length_mm.tolist() == [200_000]


def test_a_path_is_drawn_from_door_to_door() -> None:
    bend = shapely.LineString([(0, 0), (0, 50), (100, 50)])
    net = WalkNetwork.from_lines([bend, shapely.LineString([(200, 50), (100, 50)])])
    way = net.path(net.snap([(5, 20)]), net.snap([(150, 40)]))
    assert way.xy.tolist() == [[5, 20], [0, 20], [0, 50], [100, 50], [150, 50], [150, 40]]
    assert way.value == 5 + 30 + 100 + 50 + 10 == shapely.LineString(way.xy).length
    assert way.edges.tolist() == [0, 1]
    assert net.path(net.snap([(5, 20)]), net.snap([(9e5, 0)])).xy.shape == (0, 2)


def test_time_takes_the_same_part_of_an_edge_and_its_own_speed_on_legs() -> None:
    net = WalkNetwork.from_edges([(0, 0), (100, 0), (200, 0)], [(0, 1), (1, 2)])
    slow = net.with_weights(edge_seconds([100, 100], speed_m_s=[1.0, 0.5]), access_speed_m_s=0.8)
    clinic, home = net.snap([(50, 8)]), net.snap([(150, 0)])
    found = slow.nearest(clinic, home)
    assert found.time_s.tolist() == [10 + 50 + 100]
    assert np.isinf(slow.nearest(clinic, home, cutoff_s=159.999).time_s).all()
    with pytest.raises(InputError, match="unit"):
        _ = found.distance_m
    with pytest.raises(InputError, match="unit"):
        slow.nearest(clinic, home, cutoff_m=100)
    with pytest.raises(InputError, match="speed"):
        net.with_weights([1, 1], access_speed_m_s=0)
    assert net.nearest(clinic, home).distance_m.tolist() == [108]


def test_seconds_by_tobler_are_the_mean_of_both_directions() -> None:
    there = 100 / 1.25 / tobler_factor(0.1)
    back = 100 / 1.25 / tobler_factor(-0.1)
    found = edge_seconds([100, 100], speed_m_s=1.25, ascent_m=[10, 0], descent_m=[0, 10])
    np.testing.assert_allclose(found, (there + back) / 2)
    assert edge_seconds([0.0], ascent_m=[3.0]).tolist() == [0]
    assert edge_seconds([100.0], ascent_m=[np.nan], speed_m_s=1.0).tolist() == [100]
    for wrong in ({"speed_m_s": 0}, {"ascent_m": [-1.0]}, {"signals": [-1]}):
        with pytest.raises(InputError):
            edge_seconds([10.0], **wrong)


SQUARE = [(0, 0), (1, 0), (1, 1)]


@pytest.mark.parametrize(
    ("call", "code"),
    [
        (lambda: WalkNetwork.from_edges([], []), "network.bad_shape"),
        (lambda: WalkNetwork.from_edges(SQUARE, []), "network.no_edges"),
        (lambda: WalkNetwork.from_lines([]), "network.no_edges"),
        (lambda: WalkNetwork.from_edges([(0, np.nan)], [(0, 0)]), "network.not_finite"),
        (lambda: WalkNetwork.from_edges(SQUARE, [(0, 3)]), "network.id_range"),
        (lambda: WalkNetwork.from_edges(SQUARE, [(-1, 0)]), "network.id_range"),
        (lambda: WalkNetwork.from_edges(SQUARE, [(0.0, 1.0)]), "network.not_integer"),
        (lambda: WalkNetwork.from_edges(SQUARE, [(0, 1, 2)]), "network.bad_shape"),
        (lambda: WalkNetwork.from_edges(SQUARE, [(0, 1)], [-1]), "network.bad_length"),
        (lambda: WalkNetwork.from_edges(SQUARE, [(0, 1)], [np.nan]), "network.bad_length"),
        (lambda: WalkNetwork.from_edges(SQUARE, [(0, 1)], [np.inf]), "network.bad_length"),
        (lambda: WalkNetwork.from_edges(SQUARE, [(0, 1)], [2.2e6]), "network.too_long"),
        (lambda: WalkNetwork.from_edges(SQUARE, [(0, 1)], [1, 2]), "network.bad_shape"),
        (lambda: WalkNetwork.from_edges(SQUARE, [(0, 1)], joinable=[]), "network.bad_shape"),
        (lambda: WalkNetwork.from_edges(SQUARE, [(0, 1)], geometry=[]), "network.bad_shape"),
        (lambda: WalkNetwork.from_lines([None]), "network.geometry_type"),
        (lambda: WalkNetwork.from_lines([shapely.Point(0, 0)]), "network.geometry_type"),
        (lambda: WalkNetwork.from_lines([shapely.LineString()]), "network.geometry_type"),
        (
            lambda: WalkNetwork.from_edges(
                SQUARE, [(0, 1)], geometry=[shapely.LineString([(0, 0), (9, 9)])]
            ),
            "network.geometry_ends",
        ),
        (lambda: WalkNetwork.from_edges(SQUARE, [(0, 1)]).at_nodes([3]), "network.id_range"),
        (lambda: ask([7], [0]), "network.id_range"),
        (lambda: ask([0], [1001]), "network.offset_range"),
        (lambda: ask([0], [-5]), "network.negative_offset"),
        (lambda: ask([0], [0], cutoff_m=-1), "network.bad_limit"),
        (lambda: ask([0], [0], cutoff_m=np.nan), "network.bad_limit"),
        (lambda: Positions([0], [0, 1], [0], [(0, 0)], [(0, 0)]), "network.positions_shape"),
    ],
)
def test_bad_input_is_refused_with_a_reason(call, code: str) -> None:
    with pytest.raises(InputError) as caught:
        call()
    assert caught.value.code == code
    assert "{" not in str(caught.value)


def ask(edge, offset, **options):
    net = WalkNetwork.from_edges(SQUARE, [(0, 1)])
    return net.nearest(positions(edge, offset, [0]), **options)


@pytest.mark.long
@settings(max_examples=tries(60, 1500), deadline=None)
@given(
    arrays.arrays(np.float64, st.tuples(st.integers(0, 4), st.integers(0, 3))),
    arrays.arrays(
        st.sampled_from([np.int32, np.int64, np.uint8]),
        st.tuples(st.integers(0, 5), st.integers(1, 3)),
        elements=st.integers(0, 5),
    ),
    st.none() | arrays.arrays(np.float64, st.integers(0, 5)),
)
def test_any_arrays_give_a_network_or_a_clear_error(nodes, uv, length) -> None:
    with np.errstate(all="ignore"):
        try:
            net = WalkNetwork.from_edges(nodes, uv, length)
            found = net.nearest(net.at_nodes([0]), net.snap(np.zeros((1, 2))))
        except PlannerError as error:
            answer = error.code in messages()
        else:
            answer = found.distance_m.shape == (1,)
    assert answer


def test_read_only_and_strided_arrays_are_fine() -> None:
    nodes = np.zeros((3, 4))[:, ::2]
    uv = np.array([(0, 1), (1, 2)], np.int64)
    uv.setflags(write=False)
    net = WalkNetwork.from_edges(nodes, uv, [1, 2])
    edge = np.array([0], np.int32)
    edge.setflags(write=False)
    at = positions(edge, edge, edge)
    assert net.nearest(at, net.at_nodes([2])).distance_m.tolist() == [3]


def test_threads_share_a_network() -> None:
    rng = np.random.default_rng(0)
    xy = rng.uniform(0, 1000, (400, 2))
    net = WalkNetwork.from_edges(xy, rng.integers(0, 400, (700, 2)))
    at = net.snap(rng.uniform(0, 1000, (30, 2)))
    expected = WalkNetwork.from_edges(xy, net.edge_uv).nearest(at).distance_m
    answers = []

    def work() -> None:
        warm_up()
        answers.extend(net.nearest(at).distance_m for _ in range(5))

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == 30
    assert all(np.array_equal(answer, expected) for answer in answers)


def test_importing_the_network_does_not_import_numba() -> None:
    code = (
        "import sys, planner.network.walk_network as w;"
        "w.WalkNetwork.from_edges([(0,0),(1,0)],[(0,1)]);"
        "assert 'numba' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.long
def test_kernels_work_where_nothing_can_be_cached(tmp_path: Path) -> None:
    package = tmp_path / "planner"
    shutil.copytree(Path(planner.__file__).parent, package, ignore=shutil.ignore_patterns("__pyc*"))
    code = (
        "import numba.core.caching as c; c.CacheImpl._locator_classes = [];"
        "from planner.network import WalkNetwork, kernels;"
        f"assert kernels.__file__.startswith({str(tmp_path)!r});"
        "net = WalkNetwork.from_edges([(0, 0), (3, 0)], [(0, 1)]);"
        "assert net.snap([(1, 2)]).access_mm.tolist() == [2000]"
    )
    environment = {**os.environ, "PYTHONPATH": str(tmp_path), "PYTHONDONTWRITEBYTECODE": "1"}
    subprocess.run([sys.executable, "-c", code], check=True, env=environment, cwd=tmp_path)


@pytest.mark.parametrize("file", ["Helsinki.osm.pbf", "spo_osm.pbf"])
def test_real_streets_equal_networkx_on_split_streets(test_data: Path, file: str) -> None:
    from small_extract import walk_lines

    net = WalkNetwork.from_lines(walk_lines(test_data / file))
    rng = np.random.default_rng(0)
    spots = net.coords[rng.integers(0, len(net.coords), 2012)] + rng.normal(0, 40, (2012, 2))
    at = net.snap(spots)
    facilities, homes = at.take(np.arange(12)), at.take(np.arange(12, 2012))
    found = net.nearest(facilities, homes)
    places = {"f": facilities, "h": homes}
    joined = [("f", i) for i in np.flatnonzero(facilities.known)]

    exact = split_graph(net.edge_uv, net.edge_length_mm, places)
    reached = nx.multi_source_dijkstra_path_length(exact, joined)
    expected = np.array([reached.get(("h", i), np.inf) for i in range(len(homes))])
    expected[~homes.known] = np.nan
    np.testing.assert_array_equal(np.rint(found.distance_m * 1000), expected)

    lengths, legs, edges = float_reference(net, places, joined)
    near = np.isfinite(found.distance_m)
    off = np.abs(found.distance_m[near] - lengths[near]) * 1000
    assert (off <= 0.5 * edges[near] + 2).all()
    for limit in (300, 500, 800, 1000):
        flipped = near & ((found.distance_m <= limit) != (lengths <= limit))
        assert (np.abs(lengths[flipped] - limit) * 1000 <= 0.5 * edges[flipped] + 2).all()
    assert legs > 0


def float_reference(net: WalkNetwork, places: dict[str, Positions], joined: list):
    """Distances on float lengths, the sum of legs, and how many pieces each way has."""
    lines = net.lines()
    graph = nx.Graph()
    cuts: dict[int, list] = {e: [] for e in range(len(lines))}
    legs = 0.0
    for name, some in places.items():
        for i in np.flatnonzero(some.known):
            e = int(some.edge[i])
            along = shapely.line_locate_point(lines[e], shapely.Point(some.xy[i]))
            cuts[e].append((along, ("at", name, i)))
            leg = shapely.distance(lines[e], shapely.Point(some.xy[i]))
            graph.add_edge((name, i), ("at", name, i), weight=leg)
            legs += leg
    for e, (u, v) in enumerate(net.edge_uv.tolist()):
        chain = [(0.0, u), *sorted(cuts[e], key=lambda c: c[0]), (lines[e].length, v)]
        for (a, start), (b, end) in pairwise(chain):
            if start != end:
                known = graph.get_edge_data(start, end, {"weight": np.inf})["weight"]
                graph.add_edge(start, end, weight=min(known, b - a))
    distance, path = nx.multi_source_dijkstra(graph, joined)
    homes = [("h", i) for i in range(len(places["h"]))]
    return (
        np.array([distance.get(h, np.inf) for h in homes]),
        legs,
        np.array([len(path.get(h, ())) for h in homes]),
    )
