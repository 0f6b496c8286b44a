"""Stretches of street within a limit, and the ground beside them."""

import numpy as np
import pytest
import shapely
from effort import tries
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.errors import InputError
from planner.network import Barriers, Positions, WalkNetwork
from planner.network.areas import service_areas


@pytest.mark.long
@settings(max_examples=tries(100, 1000), deadline=None)
@given(st.data())
def test_a_millimetre_is_told_exactly_where_it_is_within_the_limit(data):
    """Multigraphs with loops, parallel and empty edges; every millimetre is asked by nearest."""
    nodes = data.draw(st.integers(1, 4))
    node = st.integers(0, nodes - 1)
    edges = data.draw(st.lists(st.tuples(node, node, st.integers(0, 8)), min_size=1, max_size=6))
    xy = np.column_stack([np.arange(nodes), np.zeros(nodes)])
    length = np.array([edge[2] for edge in edges])
    network = WalkNetwork.from_edges(xy, np.array([e[:2] for e in edges]), length / 1000)
    edge = data.draw(st.integers(0, len(edges) - 1))
    offset = data.draw(st.integers(0, edges[edge][2]))
    here = Positions([edge], [offset], [data.draw(st.integers(0, 2))], [[0, 0]], [[0, 0]])
    limits = np.array([5, 0, 2, 12]) / 1000
    areas = service_areas(network, here, limits, polygons=False)

    every = np.repeat(np.arange(len(edges)), 2 * length)
    within = np.concatenate([np.arange(n) for n in 2 * length]) if every.size else np.empty(0, int)
    # a half millimetre is within where both whole ones beside it leave room for it
    n = len(every)
    none = np.zeros((n, 2))
    for i, limit in enumerate(limits):
        told = np.zeros(n, bool)
        for e, (low, high) in zip(
            areas.stretch_edge[areas.stretch_area == i],
            areas.stretch_mm[areas.stretch_area == i],
            strict=True,
        ):
            told |= (every == e) & (within >= 2 * low) & (within < 2 * high)
        # the middle of each half, by counting in quarters
        fine = WalkNetwork.from_edges(xy, network.edge_uv, length * 4 / 1000)
        at = Positions(every, 2 * within + 1, np.zeros(n), none, none)
        start = Positions([edge], [4 * offset], 4 * here.access_mm, [[0, 0]], [[0, 0]])
        away = fine.nearest(start, at).distance_m
        np.testing.assert_array_equal(told, away <= limit * 4)


@pytest.fixture(scope="module")
def town():
    """A jittered grid of 15 by 15 streets with some left out, 100 m apart."""
    rng = np.random.default_rng(3)
    k = 15
    x, y = np.meshgrid(np.arange(k) * 100.0, np.arange(k) * 100.0)
    xy = np.column_stack([x.ravel(), y.ravel()]) + rng.uniform(-25, 25, (k * k, 2))
    number = np.arange(k * k).reshape(k, k)
    right = np.column_stack([number[:, :-1].ravel(), number[:, 1:].ravel()])
    up = np.column_stack([number[:-1].ravel(), number[1:].ravel()])
    uv = np.vstack([right, up])
    uv = uv[rng.random(len(uv)) < 0.8]
    bend = xy[uv].mean(axis=1) + rng.uniform(-15, 15, (len(uv), 2))
    lines = shapely.linestrings(np.stack([xy[uv[:, 0]], bend, xy[uv[:, 1]]], axis=1))
    return WalkNetwork.from_edges(xy, uv, geometry=lines)


def test_the_cut_is_at_the_limit_within_a_millimetre(town):
    source = town.snap([(700, 700)])
    areas = service_areas(town, source, [300, 600], polygons=False)
    for area, limit in enumerate([300, 600]):
        ends = [np.array(part.coords)[[0, -1]] for part in areas.lines[area].geoms]
        lengths = shapely.length(shapely.get_parts(areas.lines[area]))
        mine = areas.stretch_area == area
        np.testing.assert_allclose(lengths * 1000, np.ptp(areas.stretch_mm[mine], axis=1), atol=2)
        spans, edges = areas.stretch_mm[mine], areas.stretch_edge[mine]
        cut = (spans > 0) & (spans < town.edge_length_mm[edges][:, None])
        assert cut.any()
        spots = np.concatenate(ends).reshape(-1, 2, 2)[cut]
        join = town.snap(spots)
        assert join.access_mm.max() <= 1
        away = town.nearest(source, join).distance_m
        np.testing.assert_allclose(away, limit, atol=0.0021)  # the spot, its leg, its rounding


def test_the_ground_holds_the_streets_and_grows_with_the_limit(town):
    sources = town.snap([(700, 700), (100, 100), (1300, 900)])
    areas = service_areas(town, sources, [200, 400, 800])
    assert areas.source.tolist() == [0, 0, 0, 1, 1, 1, 2, 2, 2]
    assert areas.limit.tolist() == [200, 400, 800] * 3
    assert shapely.is_valid(areas.polygons).all()
    assert shapely.contains(areas.polygons, areas.lines).all()
    for small in (0, 1, 3, 4, 6, 7):
        grown = shapely.buffer(areas.polygons[small + 1], 3.5)  # a corner of 40 m in 4 steps
        assert grown.contains(areas.polygons[small])
        assert areas.polygons[small + 1].area > areas.polygons[small].area


@pytest.mark.parametrize("bridge", [False, True])
def test_the_ground_ends_at_a_river(bridge):
    # two quays 30 m apart, a river between them, joined at most by a bridge at x = 0
    xy = [(0, 0), (300, 0), (0, 30), (300, 30)]
    uv = [(0, 1), (2, 3), *([(0, 2)] if bridge else [])]
    network = WalkNetwork.from_edges(xy, uv, joinable=[True, True, *([False] if bridge else [])])
    river = shapely.box(-100, 10, 400, 20)
    areas = service_areas(
        network, network.snap([(50, 0)]), [60, 150], barriers=Barriers([river]), access_m=40
    )
    for polygon, lines in zip(areas.polygons, areas.lines, strict=True):
        assert polygon.is_valid
        assert polygon.contains(lines)
    far_bank = shapely.box(-100, 20.1, 400, 100)
    near, far = areas.polygons
    assert near.intersection(far_bank).area == 0
    if bridge:
        # 150 - 50 - 30 = 70 m along the far quay, and the ground beside it only
        reached = far.intersection(far_bank)
        assert reached.bounds[2] == pytest.approx(70 + 40, abs=0.5)
        # in the river the bridge itself and nothing beside it
        assert far.intersection(river.buffer(-0.1)).area == pytest.approx(9.8, rel=0.05)
    else:
        assert far.intersection(far_bank).area == 0
        assert far.intersection(river.buffer(-0.1)).area == 0


def test_the_ground_passes_a_gate_only_with_the_street():
    network = WalkNetwork.from_edges([(0, -200), (0, 10)], [(0, 1)])
    wall = shapely.LineString([(-500, 0), (500, 0)])
    inside = shapely.box(-500, 0.1, 500, 500)
    short, long = service_areas(
        network, network.snap([(0, -100)]), [95, 110], barriers=Barriers([wall])
    ).polygons
    assert short.intersection(inside).area == 0
    assert long.intersection(inside).bounds[3] == pytest.approx(50, abs=0.5)


def test_unknown_places_reach_nothing():
    network = WalkNetwork.from_edges([(0, 0), (100, 0)], [(0, 1)])
    places = network.snap([(0, 900), (50, 0)])
    areas = service_areas(network, places, [10.0])
    assert areas.lines[0].is_empty
    assert areas.polygons[0].is_empty
    assert areas.lines[1].length == pytest.approx(20)


def test_seconds():
    network = WalkNetwork.from_edges([(0, 0), (100, 0)], [(0, 1)]).with_weights([200.0])
    areas = network.service_areas(network.snap([(50, 0)]), [60.0], polygons=False)
    assert list(areas.lines[0].geoms[0].coords) == [(20, 0), (80, 0)]


@pytest.mark.parametrize(
    ("limits", "options", "code"),
    [
        ([], {}, "network.no_limits"),
        ([-1], {}, "network.bad_limit"),
        ([np.nan], {}, "network.bad_limit"),
        ([5], {"access_m": 0}, "network.bad_limit"),
    ],
)
def test_bad_input(limits, options, code):
    network = WalkNetwork.from_edges([(0, 0), (100, 0)], [(0, 1)])
    with pytest.raises(InputError) as error:
        service_areas(network, network.snap([(0, 0)]), limits, **options)
    assert error.value.code == code
    assert str(error.value)
