"""Streets that meet on the ground but not in the data: counted, and joined at one level."""

import geopandas as gpd
import numpy as np
import pytest
import shapely
from effort import few

from planner.network import WalkNetwork
from planner.sources.streets.joining import find_unjoined, join_streets
from planner.sources.streets.noding import inner_junctions, node_lines
from planner.sources.streets.unjoined import joined_findings
from planner.sources.streets.walls import Walls


def table(*lines, **columns):
    ids = [chr(97 + i) for i in range(len(lines))]
    shapes = (
        shapely.linestrings(lines)
        if len({len(x) for x in lines}) == 1
        else [shapely.LineString(line) for line in lines]
    )
    return gpd.GeoDataFrame({"street_id": ids, **columns}, geometry=list(shapes), crs=32650)


def counts(found):
    return len(found.crossings), len(found.tees), len(found.gaps)


def pieces_apart(streets):
    component = WalkNetwork.from_lines(streets.geometry.to_numpy()).component
    return int(component.max()) + 1


WAYS = {
    "crossing": ([(0, 0), (10, 0)], [(5, -5), (5, 5)], (1, 0, 0)),
    "bent crossing": ([(0, 0), (3, 0), (10, 0)], [(5, -5), (5, 2), (6, 5)], (1, 0, 0)),
    "end on a line": ([(0, 0), (10, 0)], [(5, 0), (5, 5)], (0, 1, 0)),
    "end before a line": ([(0, 0), (10, 0)], [(5, 0.2), (5, 5)], (0, 1, 0)),
    "ends apart": ([(0, 0), (10, 0)], [(10.03, 0.02), (20, 0)], (0, 0, 1)),
    "overlap": ([(0, 0), (10, 0)], [(5, 0), (15, 0)], (0, 2, 0)),
}


@pytest.mark.parametrize("case", WAYS)
def test_streets_that_do_not_join_are_counted_and_joined(case):
    first, second, expected = WAYS[case]
    streets = table(first, second)
    assert counts(find_unjoined(streets)) == expected
    assert pieces_apart(streets) == 2
    joined, found = join_streets(streets)
    assert counts(found) == expected
    assert pieces_apart(joined) == 1
    assert counts(find_unjoined(joined)) == (0, 0, 0)
    assert joined["street_id"].is_unique


@pytest.mark.long(but=1)
@pytest.mark.parametrize(
    "columns", [{"layer": [0, 1]}, {"bridge": [False, True]}, {"tunnel": [True, False]}]
)
@pytest.mark.parametrize("case", WAYS)
def test_never_across_levels_bridges_and_tunnels(case, columns):
    first, second, _ = WAYS[case]
    streets = table(first, second, **columns)
    assert counts(find_unjoined(streets)) == (0, 0, 0)
    joined, _ = join_streets(streets)
    assert pieces_apart(joined) == 2
    assert len(joined) == 2


LOOP = [(50, 0), (50, 50), (10, 50)]
ITSELF = {
    "crosses": ([(0, 0), *LOOP, (10, -10)], (1, 0, 0), 20.0),
    "crosses, a vertex on one pass": ([(0, 0), *LOOP, (10, 0), (10, -10)], (1, 0, 0), 20.0),
    "end on the line": ([(0, 0), *LOOP, (10, 0)], (0, 1, 0), 10.0),
    "end beside the line": ([(0, 0), *LOOP, (10, 0.3)], (0, 1, 0), 10.3),
    "ring that does not close": ([(0, 0), *LOOP, (0, 50), (0, 0.3)], (0, 0, 1), 0.3),
}


@pytest.mark.long
@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize("case", ITSELF)
def test_a_line_that_meets_itself_is_told_and_joined(case, turned):
    line, expected, metres = ITSELF[case]
    # a second line beside it, so that places of lines are not counted by chance
    streets = table([(-9, 9), (-9, 0)], line[::-1] if turned else line)
    assert counts(find_unjoined(streets)) == expected
    joined, found = join_streets(streets)
    assert counts(found) == expected
    assert counts(find_unjoined(joined)) == (0, 0, 0)
    network = WalkNetwork.from_lines(joined.geometry.to_numpy())
    places = network.snap(np.array([line[0], line[-1]], dtype=float))
    assert network.matrix(places, places)[0, 1] == pytest.approx(metres, abs=0.01)
    kept, _ = join_streets(streets, apart=np.array([line[0], (10.0, 0.0), line[-1]]))
    assert len(kept) == 2
    bridge = streets.assign(bridge=[False, True])
    assert counts(find_unjoined(bridge)) == (0, 0, 0)


def test_a_line_that_joins_itself_is_left_as_it_is():
    ring = table([(0, 0), *LOOP, (0, 0)], [(0, 0), (-5, 0)])
    hook = table([(0, 0), (50, 0), (50, 0.3), (0, 0.3)], [(0, 0), (-5, 0)])
    passed = table([(0, 0), (10, 0), *LOOP, (10, 0)], [(0, 0), (-5, 0)])
    assert counts(find_unjoined(ring)) == counts(find_unjoined(passed)) == (0, 0, 0)
    back = table([(0, 0), (2, 0), (2, 0.3), (0, 0.3)], [(0, 0), (-5, 0)])
    assert counts(find_unjoined(back)) == (0, 0, 0)
    assert counts(find_unjoined(hook)) == (0, 0, 1)


def test_streets_that_join_are_left_as_they_are():
    streets = table([(0, 0), (5, 0)], [(5, 0), (10, 0)], [(5, 0), (5, 5)], [(5, 5), (5.2, 0.3)])
    assert counts(find_unjoined(streets)) == (0, 0, 1)
    plain = streets.iloc[:3]
    assert counts(find_unjoined(plain)) == (0, 0, 0)
    assert join_streets(plain)[0].geometry.tolist() == plain.geometry.tolist()


def test_a_sharp_angle_is_no_gap():
    streets = table([(0, 0), (4, 0.3)], [(0, 0), (40, 0)])
    assert counts(find_unjoined(streets)) == (0, 0, 0)


def test_two_halves_of_a_drawing_that_share_no_end():
    streets = table(
        [(0, 0), (10, 0)], [(10, 0), (10, 9)], [(10.04, 0), (20, 0)], [(10.04, 0), (10.04, -9)]
    )
    assert counts(find_unjoined(streets)) == (0, 0, 1)
    assert pieces_apart(join_streets(streets)[0]) == 1


def test_two_side_streets_end_on_a_street_without_a_vertex():
    streets = table([(0, 0), (10, 0)], [(5, 0), (5, 5)], [(5, 0), (5, -5)])
    assert counts(find_unjoined(streets)) == (0, 1, 0)
    assert pieces_apart(join_streets(streets)[0]) == 1


def test_a_cut_at_a_shut_gate_stays():
    streets = table([(0, 0), (10, 0)], [(10.4, 0), (20, 0)])
    gate = np.array([[10.2, 0.0]])
    assert counts(find_unjoined(streets, shut=gate)) == (0, 0, 0)
    assert pieces_apart(join_streets(streets, shut=gate)[0]) == 2


def test_a_grid_of_uncut_lines_is_one_network_with_its_length():
    lines = [[(0, 10.0 * i), (100, 10.0 * i)] for i in range(11)]
    lines += [[(10.0 * i, 0), (10.0 * i, 100)] for i in range(11)]
    joined, found = join_streets(table(*lines))
    assert counts(found)[0] == 81
    assert counts(found)[1:] == (36, 0)
    assert pieces_apart(joined) == 1
    assert joined.length.sum() == pytest.approx(2200)


def test_the_tolerance_is_inclusive_and_gaps_add_their_length():
    streets = table([(0, 0), (10, 0)], [(12, 0), (20, 0)])
    assert counts(find_unjoined(streets, 1.9)) == (0, 0, 0)
    joined, found = join_streets(streets, 2.0)
    assert counts(found) == (0, 0, 1)
    assert joined.length.sum() == pytest.approx(20)


def drawn(points, rng):
    """A line as a file has it whose coordinates are rounded to the millimetre."""
    return shapely.LineString(np.round(points + rng.normal(0, 0.0003, (len(points), 2)), 3))


def test_vertices_that_rounding_moved_apart_are_one(tmp_path):
    """Each line rounds for itself: of a grid so drawn every second crossing was lost, unsaid."""
    rng, count = np.random.default_rng(5), 12
    at = np.arange(count) * 100.0
    lines = [drawn(np.column_stack([at, np.full(count, y)]), rng) for y in at]
    lines += [drawn(np.column_stack([np.full(count, x), at]), rng) for x in at]
    streets = gpd.GeoDataFrame({"street_id": range(len(lines))}, geometry=lines, crs=32650)
    pieces, _ = node_lines(streets.geometry.to_numpy())
    assert len(pieces) == 2 * count * (count - 1)
    network = WalkNetwork.from_lines(pieces)
    assert len(network.node_xy) == count**2
    assert len(inner_junctions(streets.geometry.to_numpy())) == (count - 2) ** 2 + 4 * (count - 2)
    assert len(inner_junctions(pieces)) == 0


@pytest.mark.long(but=1)
@pytest.mark.parametrize("apart_m", [0.0004, 0.0006, 0.001, 0.0014, 0.0019, 0.0021, 0.01])
def test_a_gap_is_joined_or_told_however_small(apart_m):
    streets = table([(0, 0), (100, 0)], [(100 + apart_m, 0), (200, 0)])
    told = counts(find_unjoined(streets)) == (0, 0, 1)
    assert (pieces_apart(streets) == 1) != told
    assert pieces_apart(join_streets(streets)[0]) == 1


def test_a_line_drawn_millimetre_by_millimetre_keeps_its_length():
    fine = shapely.LineString([(0.001 * i, 0) for i in range(3001)])
    pieces, _ = node_lines(np.array([fine, shapely.LineString([(3, 0), (3, 5)])]))
    assert shapely.length(pieces).sum() == pytest.approx(8)
    assert len(WalkNetwork.from_lines(pieces).node_xy) == 3


@pytest.mark.long(but=1)
@pytest.mark.parametrize("apart", few([0.0003, 0.0006, 0.001, 0.0015, 0.002, 0.0025], 3))
@pytest.mark.parametrize("at", [10.0, 10.0004, 10.0007])
@pytest.mark.parametrize("way", ["end to end", "end to vertex", "end to line", "vertices"])
def test_what_the_network_does_not_join_is_told_and_joined(way, at, apart):
    first = [(0, 0), (at, 0)] if way == "end to end" else [(0, 0), (at, 0), (20, 0)]
    second = [(at, apart), (at, 30)]
    if way == "end to line":
        first = [(0, 0), (20, 0)]
    if way == "vertices":
        second = [(at + 1, -30), (at, apart), (at, 30)]
    joined, found = join_streets(table(first, second))
    pieces = node_lines(table(first, second).geometry.to_numpy())[0]
    whole = pieces_apart(gpd.GeoDataFrame(geometry=list(pieces))) == 1
    assert whole or sum(counts(found)) == 1
    assert pieces_apart(joined) == 1


def test_three_ends_a_millimetre_apart_all_meet():
    streets = table([(0, 0), (9, 0)], [(9.0004, 0.0004), (9, 9)], [(9.0004, -0.0004), (9, -9)])
    assert pieces_apart(join_streets(streets)[0]) == 1


@pytest.mark.parametrize("case", [case for case in WAYS if case != "overlap"])
def test_a_walked_length_is_shared_out_over_the_pieces_of_its_street(case):
    first, second, _ = WAYS[case]
    streets = table(first, second, length_m=[13.0, np.nan], ascent_m=[3.0, np.nan])
    joined, _ = join_streets(streets)
    own = joined["street_id"].str.match(r"a(/\d+)?$")
    assert joined["length_m"].notna().tolist() == own.tolist()
    assert (joined["length_m"] / joined.length)[own].to_numpy() == pytest.approx(1.3)
    assert joined["length_m"].sum() == pytest.approx(13)
    assert joined["ascent_m"].sum() == pytest.approx(3)


def test_a_line_across_a_gap_has_no_length_of_the_street():
    streets = table([(0, 0), (10, 0)], [(20, 0), (10.3, 0)], length_m=[1300.0, 0.0])
    joined, _ = join_streets(streets)
    across = joined["street_id"].str.contains("join")
    assert across.sum() == 1
    assert joined["length_m"][across].isna().all()
    assert joined["length_m"].sum() == 1300


WALL = shapely.LineString([(50, -100), (50, 100)])


def gap_of(metres):
    """Two streets that end so far from each other, a wall between their ends."""
    ends = (50 - metres / 2, 50 + metres / 2)
    lines = shapely.linestrings([[(0, 0), (ends[0], 0)], [(ends[1], 0), (100, 0)]])
    return gpd.GeoDataFrame({"street_id": ["w", "e"]}, geometry=lines, crs=32650)


def layer(shapes, **columns):
    return gpd.GeoDataFrame(columns, geometry=shapes, crs=32650)


@pytest.mark.parametrize("metres", [0.3, 4.0])
@pytest.mark.parametrize(
    ("barrier", "gate", "joins"),
    [
        (None, None, True),
        (WALL, None, False),
        (WALL, (2.0, True), True),
        (WALL, (5.0, True), False),
        (WALL, (0.0, False), False),
        (None, (0.0, False), False),
        (shapely.box(49.9, -9, 50.1, 9), None, False),
        (shapely.LineString([(0, 1), (100, 1)]), None, True),
    ],
)
def test_no_gap_is_closed_through_a_barrier_or_a_shut_gate(metres, barrier, gate, joins):
    barriers = None if barrier is None else layer([barrier], kind=["wall"])
    gates = None
    if gate is not None:
        gates = layer([shapely.Point(50, gate[0])], gate_id=["g"], open=[gate[1]])
    walls = Walls.of(barriers, gates)
    joined, found = join_streets(gap_of(metres), 5.0, walls=walls)
    assert (len(joined) == 3) == joins
    assert (len(found.gaps), bool(found.barred)) == (int(joins), not joins)
    told = [each.code for each in joined_findings(found, 5.0)]
    assert told == (["sources.joined"] if joins else ["sources.gaps_barred"])
    loose = find_unjoined(gap_of(metres), 5.0, walls=walls)
    assert len(loose.gaps) == int(joins)


def test_a_street_that_ends_at_a_wall_joins_what_leads_along_it():
    """A tee into a street on whose line the wall stands."""
    lines = shapely.linestrings([[(0, 0), (49.8, 0)], [(50, -50), (50, 50)]])
    streets = gpd.GeoDataFrame({"street_id": ["w", "along"]}, geometry=lines, crs=32650)
    walls = Walls.of(layer([WALL], kind=["wall"]), None)
    _, found = join_streets(streets, 0.5, walls=walls)
    assert (len(found.tees), found.barred) == (1, 0)
