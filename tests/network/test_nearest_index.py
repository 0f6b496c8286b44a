"""The index equals a full recomputation after every change."""

from dataclasses import dataclass, field

import numpy as np
import pytest
from effort import tries
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from planner.errors import InputError
from planner.network import Positions, WalkNetwork
from planner.network.links.networks import with_links
from planner.network.links.scores import score_links
from planner.network.nearest.index import NearestIndex

LENGTHS = st.sampled_from([0, 0, 1, 2, 3, 4, 5, 10, 1000, 2**31 - 2])


@st.composite
def multigraphs(draw):
    """Few nodes, many parallel edges, loops, zero and huge lengths: ties are the rule."""
    nodes = draw(st.integers(1, 7))
    node = st.integers(0, nodes - 1)
    edges = draw(st.lists(st.tuples(node, node, LENGTHS), min_size=2, max_size=12))
    xy = np.column_stack([np.arange(nodes) * 10.0, np.zeros(nodes)])
    uv = np.array([edge[:2] for edge in edges])
    return WalkNetwork.from_edges(xy, uv, [edge[2] / 1000 for edge in edges])


def place(network, edge, offset, access):
    """A position by numbers, the offset taken modulo the edge's length."""
    edges = np.atleast_1d(np.asarray(edge, np.int32)) % len(network.edge_uv)
    offset = np.atleast_1d(offset) % (network.edge_length_mm[edges].astype(np.int64) + 1)
    n = len(edges)
    return Positions(edges, offset, np.full(n, access), np.zeros((n, 2)), np.zeros((n, 2)))


def all_places(network):
    """Both ends and three spots of every edge, and an unknown place."""
    edges = np.repeat(np.arange(len(network.edge_uv)), 5)
    length = network.edge_length_mm[edges].astype(np.int64)
    offset = length * np.tile([0, 1, 2, 3, 4], len(edges) // 5) // 4
    known = place(network, edges, offset, 1)
    return Positions.concatenate(known, unknown())


def unknown():
    return Positions([-1], [0], [0], np.zeros((1, 2)), np.full((1, 2), np.nan))


@dataclass
class Model:
    """What the index should hold, kept the plain way and recomputed in full."""

    network: WalkNetwork
    sources: dict = field(default_factory=dict)
    links: dict = field(default_factory=dict)

    def copy(self):
        return Model(self.network, dict(self.sources), dict(self.links))

    def nearest(self, targets):
        """Distances and source numbers by WalkNetwork.nearest on the changed network."""
        numbers = sorted(self.sources)
        places = [self.sources[s] for s in numbers]
        network, steps = self.network, []
        if self.links:
            a, b, length = zip(*self.links.values(), strict=True)
            changed = with_links(
                network, Positions.concatenate(*a), Positions.concatenate(*b), length
            )
            network, steps = changed.network, [changed.on_network]
        places = Positions.concatenate(*places) if places else targets.take(np.empty(0, np.int32))
        found = network.nearest(self.moved(steps, places), self.moved(steps, targets))
        owner = np.array([*numbers, -1])[found.source]
        return found.distance_m, owner

    @staticmethod
    def moved(steps, positions):
        for onto in steps:
            positions = onto(positions)
        return positions


def change(draw, model, index):
    """Draw one change and make it on both; answers what it was."""
    network = model.network

    def some_place():
        edge, offset = draw(st.integers(0, 99)), draw(st.integers(0, 2**31))
        return place(network, edge, offset, draw(st.integers(0, 3)))

    kinds = ["add", "add", "link"]
    kinds += ["remove", "move", "move"] if model.sources else []
    kinds += ["unlink"] if model.links else []
    kind = draw(st.sampled_from(kinds))
    if kind == "add":
        at = draw(st.sampled_from([unknown()])) if draw(st.integers(0, 9)) == 0 else some_place()
        model.sources[index.add(at)] = at
    elif kind == "remove":
        source = draw(st.sampled_from(sorted(model.sources)))
        del model.sources[source]
        index.remove(source)
    elif kind == "move":
        source = draw(st.sampled_from(sorted(model.sources)))
        model.sources[source] = some_place()
        index.move(source, model.sources[source])
    elif kind == "link":
        a, b, length = some_place(), some_place(), draw(LENGTHS) / 1000
        model.links[index.add_link(a, b, length)] = (a, b, length)
    else:
        link = draw(st.sampled_from(sorted(model.links)))
        del model.links[link]
        index.remove_link(link)


def assert_same(model, index, targets):
    distance, owner = model.nearest(targets)
    found = index.distances(targets)
    np.testing.assert_array_equal(found.distance_m, distance)
    np.testing.assert_array_equal(found.source, owner)


@pytest.mark.long
@settings(max_examples=tries(40, 1500), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_every_change_equals_a_full_recomputation(data):
    network = data.draw(multigraphs())
    first = place(network, data.draw(st.lists(st.integers(0, 99), max_size=3)), 1, 1)
    model = Model(network, {s: first.take([s]) for s in range(len(first))})
    index = NearestIndex(network, first)
    targets = all_places(network)
    view = index.watch(targets)
    assert_same(model, index, targets)
    marks = []
    for _ in range(data.draw(st.integers(1, 12))):
        seen = view.nearest
        action = data.draw(st.integers(0, 9))
        if action == 0:
            marks.append((index.snapshot(), model.copy()))
        elif action == 1 and marks:
            at = data.draw(st.integers(0, len(marks) - 1))
            mark, model = marks[at][0], marks[at][1].copy()
            del marks[at + 1 :]
            index.undo(mark)
        else:
            change(data.draw, model, index)
        assert_same(model, index, targets)
        np.testing.assert_array_equal(view.nearest.distance_m, model.nearest(targets)[0])
        np.testing.assert_array_equal(view.nearest.source, model.nearest(targets)[1])
        if action > 1:
            altered = (seen.source != view.nearest.source) | ~(
                (seen.distance_m == view.nearest.distance_m)
                | (np.isnan(seen.distance_m) & np.isnan(view.nearest.distance_m))
            )
            assert set(np.flatnonzero(altered)) <= set(view.changed.tolist()) | set(
                np.flatnonzero(np.isnan(view.nearest.distance_m) | np.isnan(seen.distance_m))
            )


@pytest.mark.long
@settings(max_examples=tries(30, 1000), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_scored_links_equal_links_opened_and_counted(data):
    network = data.draw(multigraphs())
    index = NearestIndex(network, place(network, [data.draw(st.integers(0, 99))], 1, 1))
    model = Model(network, {0: place(network, 0, 0, 0)})
    for _ in range(data.draw(st.integers(0, 4))):
        change(data.draw, model, index) if model.sources else None
    targets = all_places(network)
    weight = np.arange(1.0, len(targets) + 1)
    limit = data.draw(st.sampled_from([0, 1, 2, 3, 5, 8, 12, 1003, 2**31 - 2])) / 1000
    numbers = st.lists(st.integers(0, 2**31), min_size=5, max_size=5)
    a = place(network, np.array(data.draw(numbers)) % 1000, data.draw(numbers), 0)
    b = place(network, np.array(data.draw(numbers)) % 1000, data.draw(numbers), 2)
    length = np.array([data.draw(LENGTHS) for _ in range(5)]) / 1000
    gains = score_links(index, a, b, length, targets, weight, limit)
    served = index.distances(targets).distance_m <= limit
    for i, gain in enumerate(gains):
        with index.trial():
            index.add_link(a.take([i]), b.take([i]), length[i])
            now = index.distances(targets).distance_m <= limit
        assert gain == weight[now & ~served].sum()


@pytest.fixture
def street():
    """Three nodes in a row, 100 m apart, and two facilities at one spot."""
    network = WalkNetwork.from_edges([(0, 0), (100, 0), (200, 0)], [(0, 1), (1, 2)])
    return network, NearestIndex(network, network.snap([(20, 0), (20, 0)]))


def test_two_at_one_spot_and_one_removed(street):
    network, index = street
    home = network.snap([(150, 0)])
    view = index.watch(home)
    assert index.distances(home).source == [0]
    index.remove(0)
    assert view.changed.tolist() == [0]  # the source changed, not the distance
    assert index.distances(home).source == [1]
    assert index.distances(home).distance_m == [130]


def test_a_trial_link_leaves_no_trace(street):
    network, index = street
    before, view = index.distances(), index.watch(network.snap([(150, 0), (200, 0)]))
    with index.trial():
        index.add_link(network.snap([(20, 0)]), network.snap([(180, 0)]), 10.0)
        assert view.changed.tolist() == [0, 1]
        assert view.nearest.distance_m.tolist() == [40, 30]
    assert view.nearest.distance_m.tolist() == [130, 180]
    np.testing.assert_array_equal(index.distances().distance_m, before.distance_m)


def test_many_links_and_sources_outgrow_the_first_arrays(street):
    network, index = street
    model = Model(network, {s: network.snap([(20, 0)]) for s in range(2)})
    for i in range(70):
        a, b = network.snap([(i + 1, 0)]), network.snap([(200 - i, 0)])
        model.links[index.add_link(a, b, 50 + i)] = (a, b, 50 + i)
        model.sources[index.add(b)] = b
        if i % 3 == 0:
            index.remove(i)
            del model.sources[i]
    assert_same(model, index, all_places(network))


def test_a_network_in_seconds(street):
    network, _ = street
    timed = network.with_weights([100.0, 200.0], access_speed_m_s=1.0)
    index = NearestIndex(timed, timed.snap([(0, 0)]))
    home = timed.snap([(200, 5)])
    assert index.distances(home).time_s == [305]
    index.add_link(timed.snap([(50, 0)]), timed.snap([(150, 0)]), time_s=7.0)
    assert index.distances(home).time_s == [50 + 7 + 100 + 5]
    with pytest.raises(InputError, match="unit"):
        index.add_link(timed.snap([(50, 0)]), timed.snap([(150, 0)]), 7.0)


@pytest.mark.parametrize(
    ("act", "code"),
    [
        (lambda net, index: index.add(net.snap([(0, 0), (1, 0)])), "network.one_position_each"),
        (lambda net, index: index.remove(2), "network.no_source"),
        (lambda net, index: index.remove(-1), "network.no_source"),
        (lambda net, index: index.move(7, net.snap([(0, 0)])), "network.no_source"),
        (lambda net, index: index.remove_link(0), "network.no_link"),
        (lambda net, index: index.undo(0), "network.no_mark"),
        (
            lambda net, index: index.add_link(net.snap([(0, 0)]), unknown(), 1.0),
            "network.unknown_end",
        ),
        (
            lambda net, index: index.add_link(net.snap([(0, 0)]), net.snap([(9, 0)]), np.nan),
            "network.bad_link_length",
        ),
        (
            lambda net, index: score_links(
                index, net.snap([(0, 0)]), net.snap([(9, 0)]), [1.0, 2.0], unknown(), [1], 5
            ),
            "network.bad_shape",
        ),
    ],
)
def test_bad_input(street, act, code):
    network, index = street
    before = index.distances().distance_m
    with pytest.raises(InputError) as error:
        act(network, index)
    assert error.value.code == code
    assert str(error.value)
    np.testing.assert_array_equal(index.distances().distance_m, before)
