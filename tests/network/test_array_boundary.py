"""Whatever arrays come in, a clear error or a sound answer goes out."""

import numpy as np
import pytest
import shapely
from effort import tries
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from network_reference import positions, questions

from planner.errors import InputError, PlannerError, messages
from planner.network import NearestIndex, Positions, WalkNetwork, service_areas

SQUARE = [(0, 0), (1, 0), (1, 1)]
whole = st.integers(-3, 5) | st.sampled_from([-(2**31), 2**31 - 1])
numbers = st.integers(-5, 2000) | st.sampled_from([2**31 - 1])
limits = st.sampled_from([0.0, 0.5, 1.0, 3.0, np.inf, -1.0, np.nan])
fuzz = settings(max_examples=tries(60, 1500), deadline=None)


def survives(call) -> object:
    """The answer, or None where it was refused with a known code."""
    try:
        with np.errstate(all="ignore"):
            return call()
    except PlannerError as error:
        refused = error
    assert refused.code in messages()
    assert "{" not in str(refused)
    return None


@st.composite
def places(draw) -> Positions | None:
    n = draw(st.integers(0, 3))
    edge, offset, access = (
        draw(arrays.arrays(np.int32, (n,), elements=some)) for some in (whole, numbers, numbers)
    )
    found = survives(lambda: positions(edge, offset, access))
    assert found is None or isinstance(found, Positions)
    return found


@pytest.mark.long
@fuzz
@given(places(), places(), limits, st.integers(-1, 3))
def test_any_positions(sources, targets, limit, k) -> None:
    net = WalkNetwork.from_edges(SQUARE, [(0, 1), (1, 2)])
    if sources is None or targets is None:
        return
    for _ in range(2):
        near = survives(lambda: net.nearest(sources, targets, cutoff_m=limit))
        assert near is None or near.value.shape == near.source.shape == (len(targets),)
        several = survives(lambda: net.k_nearest(sources, targets, k, cutoff_m=limit))
        assert several is None or several.value.shape == (len(targets), k)
        total = survives(lambda: net.count_within(sources, targets, limit))
        assert total is None or total.shape == (len(targets),)
        matrix = survives(lambda: net.matrix(sources, targets, limit))
        assert matrix is None or matrix.shape == (len(sources), len(targets))
        net.prepare()
    way = survives(lambda: net.path(sources, targets))
    assert way is None or way.value >= 0
    index = survives(lambda: NearestIndex(net, sources).distances(targets))
    plain = survives(lambda: net.nearest(sources, targets))
    assert (index is None) == (plain is None)
    if index is not None:
        np.testing.assert_array_equal(index.value, plain.value)
    areas = survives(lambda: service_areas(net, sources, [limit], polygons=False))
    assert areas is None or len(areas.lines) == len(sources)


@fuzz
@given(arrays.arrays(np.float64, st.tuples(st.integers(0, 4), st.integers(0, 3))), limits)
def test_any_points(xy, max_access_m) -> None:
    net = WalkNetwork.from_edges(SQUARE, [(0, 1), (1, 2)])
    at = survives(lambda: net.snap(xy, max_access_m=max_access_m))
    assert at is None or (len(at) == len(xy) and (at.offset_mm <= 1000).all())


LARGEST = np.finfo(np.float64).max


@fuzz
@given(
    st.lists(
        arrays.arrays(np.float64, st.tuples(st.integers(2, 3), st.just(2))), min_size=1, max_size=4
    )
)
@example([np.full((2, 2), LARGEST), np.full((2, 2), -LARGEST / 1e16)])
def test_any_lines(coordinates) -> None:
    with np.errstate(all="ignore"):
        lines = [shapely.LineString(xy) for xy in coordinates]
    net = survives(lambda: WalkNetwork.from_lines(lines))
    assert net is None or len(net.edge_uv) == len(lines)


@pytest.mark.long
@settings(max_examples=tries(40, 1000), deadline=None)
@given(questions(), st.integers(0, 30))
def test_within_a_limit_is_the_same_both_ways(question, limit) -> None:
    net, sources, targets = question
    there = net.matrix(sources, targets, limit / 1000)
    back = net.matrix(targets, sources, limit / 1000).T.tocsr()
    np.testing.assert_array_equal(there.toarray(), back.toarray())
    np.testing.assert_array_equal(there.indices, back.indices)
    for s in range(len(sources)):
        one = net.nearest(sources.take([s]), targets, cutoff_m=limit / 1000).distance_m
        other = [
            float(net.nearest(targets.take([t]), sources.take([s]), cutoff_m=limit / 1000).value[0])
            for t in range(len(targets))
        ]
        both = targets.known & bool(sources.known[s])
        np.testing.assert_array_equal(one[both], np.array(other)[both])


def test_directed_edges_are_refused() -> None:
    with pytest.raises(InputError) as caught:
        WalkNetwork.from_edges(SQUARE, [(0, 1)], directed=True)
    assert caught.value.code == "network.directed"


def test_farther_than_the_longest_leg_is_unknown() -> None:
    net = WalkNetwork.from_edges([(0, 0), (100, 0)], [(0, 1)])
    at = net.snap([(50, 250), (50, 250.001)])
    assert at.known.tolist() == [True, False]
    assert np.isnan(net.nearest(net.at_nodes([0]), at).distance_m).tolist() == [False, True]
