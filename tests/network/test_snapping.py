"""Snapping equals a brute-force search by shapely; barriers, gates and ties."""

import struct

import numpy as np
import pytest
import shapely
from effort import tries
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.errors import InputError
from planner.network import Barriers, WalkNetwork

NOT_FINITE = struct.pack("<BII4d", 1, 2, 2, 0.0, 0.0, float("inf"), 1.0)
"""A line to infinity in well-known binary, as a broken file may hold it."""


def curved(rng: np.random.Generator, n: int) -> list[shapely.LineString]:
    starts = rng.uniform(0, 1000, (n, 2))
    turns = rng.uniform(-80, 80, (n, 6, 2)).cumsum(axis=1)
    return [shapely.LineString(a + t) for a, t in zip(starts, turns, strict=True)]


@pytest.mark.parametrize("seed", range(4))
def test_nearest_point_on_curved_edges(seed: int) -> None:
    rng = np.random.default_rng(seed)
    lines = np.array(curved(rng, 150), dtype=object)
    joinable = rng.random(150) < 0.8
    net = WalkNetwork.from_lines(lines, joinable=joinable)
    xy = rng.uniform(-300, 1300, (500, 2))
    found = net.snap(xy, max_access_m=200)
    every = shapely.distance(lines[None, :], shapely.points(xy)[:, None])
    every[:, ~joinable] = np.inf
    best = every.min(axis=1)
    np.testing.assert_array_equal(found.known, np.rint(best * 1000) <= 200_000)
    known = found.known
    np.testing.assert_array_equal(found.edge[known], every.argmin(axis=1)[known])
    np.testing.assert_allclose(found.access_mm[known], best[known] * 1000, atol=0.51)
    along = shapely.line_locate_point(lines[found.edge[known]], shapely.points(xy[known]))
    # half a millimetre each from rounding the edge's length and the offset
    np.testing.assert_allclose(found.offset_mm[known], along * 1000, atol=1.01)
    on_line = shapely.line_interpolate_point(lines[found.edge[known]], along)
    np.testing.assert_allclose(found.join_xy[known], shapely.get_coordinates(on_line), atol=1e-6)


@pytest.mark.long(but=1)
@pytest.mark.parametrize("seed", range(4))
def test_barriers_against_brute_force(seed: int) -> None:
    rng = np.random.default_rng(seed)
    nodes = rng.uniform(0, 1000, (120, 2))
    uv = rng.integers(0, 120, (150, 2))
    net = WalkNetwork.from_edges(nodes, uv)
    walls = [*curved(rng, 25), shapely.box(300, 300, 600, 500)]
    gates = np.array([line.coords[2] for line in walls[:12]])
    found = net.snap(rng.uniform(0, 1000, (300, 2)), barriers=Barriers(walls, gates, 5.0))
    union = shapely.unary_union(
        [shapely.boundary(w) if w.geom_type == "Polygon" else w for w in walls]
    )
    closed = union.difference(
        shapely.unary_union(shapely.buffer(shapely.points(gates), 5.0, quad_segs=64))
    )
    lines = net.lines()
    for xy, edge, access in zip(found.xy, found.edge, found.access_mm, strict=True):
        dot = shapely.Point(xy)
        legs = [shapely.shortest_line(dot, line) for line in lines]
        free = [
            (leg.length, e)
            for e, leg in enumerate(legs)
            if leg.length <= 250 and not leg.intersects(closed)
        ]
        assert edge == (min(free)[1] if free else -1)
        if free:
            assert access == pytest.approx(min(free)[0] * 1000, abs=0.51)


def test_equally_near_edges_give_the_lowest() -> None:
    nodes = [(0, 0), (100, 0), (0, 20), (100, 20)]
    net = WalkNetwork.from_edges(nodes, [(2, 3), (1, 0), (0, 1), (0, 1)])
    assert net.snap([(50, 10), (33.3, 1), (100, 0)]).edge.tolist() == [0, 1, 1]


def test_a_street_along_a_wall_is_joined_from_both_sides() -> None:
    net = WalkNetwork.from_edges([(0, 0), (99.9, 31.7), (150, 0)], [(0, 1), (1, 2)])
    wall = Barriers(net.lines())
    homes = net.snap([(50, 40), (50, 5), (100, 60), (0, 0)], barriers=wall)
    assert homes.known.all()
    assert homes.access_mm[3] == 0


def test_a_street_that_ends_at_a_wall_is_joined_from_its_own_side_only() -> None:
    net = WalkNetwork.from_edges([(50, 0), (50, 100)], [(0, 1)])
    wall = Barriers([shapely.LineString([(0, 0), (100, 0)])])
    assert net.snap([(50, -20), (40, -1)], barriers=wall).edge.tolist() == [-1, -1]
    assert net.snap([(40, 20), (49, 0)], barriers=wall).edge.tolist() == [0, 0]
    gate = Barriers(wall.shapes, gate_xy=[(50, 0)])
    assert net.snap([(50, -20)], barriers=gate).edge.tolist() == [0]


def test_inside_a_lake_the_shore_must_be_crossed_and_inside_a_compound_not() -> None:
    net = WalkNetwork.from_edges([(0, 0), (100, 0)], [(0, 1)])
    assert net.snap([(50, 30)], barriers=Barriers([shapely.box(40, 20, 60, 40)])).edge[0] == -1
    assert net.snap([(50, 30)], barriers=Barriers([shapely.box(-9, -9, 110, 40)])).edge[0] == 0
    nested = shapely.GeometryCollection(
        [shapely.MultiPolygon([shapely.box(40, 20, 60, 40)]), shapely.LineString()]
    )
    assert net.snap([(50, 30)], barriers=Barriers([None, nested])).edge[0] == -1


def test_the_longest_leg_is_inclusive() -> None:
    net = WalkNetwork.from_edges([(0, 0), (100, 0)], [(0, 1)])
    at = net.snap([(50, 250), (50, 250.001), (50, 0)], max_access_m=250)
    assert at.edge.tolist() == [0, -1, 0]
    assert net.snap([(50, 0), (50, 1)], max_access_m=0).edge.tolist() == [0, -1]
    assert net.snap([(50, 9e6)], max_access_m=np.inf).edge.tolist() == [-1]
    assert net.snap([(50, 2e6)], max_access_m=np.inf).edge.tolist() == [0]


def test_far_outliers_do_not_slow_the_search() -> None:
    rng = np.random.default_rng(0)
    nodes = np.vstack([rng.uniform(0, 100, (400, 2)), [(9e8, 9e8), (9e8 + 5, 9e8)]])
    uv = np.vstack([np.column_stack([np.arange(399), np.arange(1, 400)]), [(400, 401)]])
    net = WalkNetwork.from_edges(nodes, uv)
    assert net.snap([(9e8 + 2, 9e8 + 1)]).edge.tolist() == [399]
    xy = rng.uniform(0, 100, (50, 2))
    every = shapely.distance(net.lines()[None, :399], shapely.points(xy)[:, None])
    np.testing.assert_array_equal(net.snap(xy).edge, every.argmin(axis=1))


@pytest.mark.parametrize(
    ("xy", "options", "code"),
    [
        ([(np.nan, 0)], {}, "network.not_finite"),
        ([(0, np.inf)], {}, "network.not_finite"),
        ([1.0, 2.0], {}, "network.bad_shape"),
        ([(1.0, 2.0, 3.0)], {}, "network.bad_shape"),
        ([(0, 0)], {"max_access_m": -1}, "network.bad_limit"),
        ([(0, 0)], {"max_access_m": np.nan}, "network.bad_limit"),
    ],
)
def test_bad_points_are_refused(xy, options, code: str) -> None:
    net = WalkNetwork.from_edges([(0, 0), (1, 0)], [(0, 1)])
    with pytest.raises(InputError) as caught:
        net.snap(xy, **options)
    assert caught.value.code == code
    assert str(caught.value)


@pytest.mark.parametrize(
    ("shapes", "options", "code"),
    [
        ([shapely.Point(0, 0)], {}, "network.barrier_type"),
        ([shapely.from_wkb(NOT_FINITE)], {}, "network.not_finite"),
        ([], {"gate_xy": [(np.inf, 0)]}, "network.not_finite"),
        ([], {"gate_reach_m": -1.0}, "network.bad_limit"),
    ],
)
def test_bad_barriers_are_refused(shapes, options, code: str) -> None:
    with pytest.raises(InputError) as caught:
        Barriers(shapes, **options)
    assert caught.value.code == code
    assert str(caught.value)


@settings(max_examples=tries(60, 1000), deadline=None)
@given(st.lists(st.tuples(*[st.floats(allow_nan=False, allow_infinity=False)] * 2), max_size=5))
def test_any_finite_point_gets_an_answer(points) -> None:
    net = WalkNetwork.from_edges([(0, 0), (100, 0), (100, 50)], [(0, 1), (1, 2), (2, 2)])
    with np.errstate(over="ignore", invalid="ignore"):
        at = net.snap(np.reshape(points, (-1, 2)))
    assert len(at) == len(points)
    assert (at.access_mm <= 250_000).all()
