"""A shut gate on a street shuts it, in files as in extracts."""

import numpy as np
import pytest
import shapely
from effort import few
from grid_town import ALL, ROW_ONLY, Files, covered, finding, frame, line, point, streets, with_rows

import planner
from planner.sources import check, read_district, read_update, write_district, write_update
from planner.sources.checks.severity import severity
from planner.sources.streets.gates import cut_at_gates
from planner.sources.streets.reopened import cut_at, joined_at

WALL = line((-50, 50), (550, 50))
NORTHWARD = [(x, 50) for x in range(0, 501, 100)]
"""Where the streets that lead north pass the wall."""


def town(tmp_path, spots, *, wall=True, opened=False, join=False, rows=None):
    gates = frame(
        [point(*spot) for spot in spots],
        gate_id=[f"g{n}" for n in range(len(spots))],
        open=opened,
    )
    layers = {"gates": gates}
    if wall:
        layers["barriers"] = frame([WALL], barrier_id=["w"], kind=["wall"])
    if rows is not None:
        layers["streets"] = rows
    return Files(tmp_path, layers).district(join_streets=join)


@pytest.mark.long(but=1)
@pytest.mark.parametrize("off", [0, 1, 2.5])
def test_a_street_that_passes_a_wall_at_a_shut_gate_is_cut(tmp_path, off):
    shut = town(tmp_path, [(x + off, y) for x, y in NORTHWARD])
    assert covered(shut) == ROW_ONLY
    told = finding(shut, "sources.gates_cut")
    assert (told["count"], told["ids"]) == (6, "g0, g1, g2, g3, g4, g5")
    assert "sources.unjoined" not in {each.code for each in check(shut)}


@pytest.mark.long
def test_joining_streets_does_not_open_it_again(tmp_path):
    assert covered(town(tmp_path, NORTHWARD, join=True)) == ROW_ONLY


@pytest.mark.long
def test_open_gates_and_gates_away_from_the_street_cut_nothing(tmp_path):
    for spots, opened in ((NORTHWARD, True), ([(x + 30, y) for x, y in NORTHWARD], False)):
        place = town(tmp_path, spots, opened=opened)
        assert covered(place) == ALL
        assert not {f.code for f in place.findings if f.code.startswith("sources.gates_")}


@pytest.mark.long
@pytest.mark.parametrize("off", few([4, 8, 15], 2))
def test_a_shut_gate_on_a_wall_beside_where_a_street_crosses_it_is_told(tmp_path, off):
    beside = [(x + off, y) for x, y in NORTHWARD]
    place = town(tmp_path, beside)
    assert covered(place) == ALL
    assert finding(place, "sources.gates_off")["count"] == 6
    both = town(tmp_path, [*beside, *NORTHWARD])  # the street has a gate of its own
    assert "sources.gates_off" not in {each.code for each in both.findings}
    away = town(tmp_path, [(x + off, y + 10) for x, y in NORTHWARD])
    assert "sources.gates_off" not in {each.code for each in away.findings}


@pytest.mark.long
def test_a_gate_on_a_street_shuts_it_without_a_wall(tmp_path):
    assert covered(town(tmp_path, NORTHWARD, wall=False)) == ROW_ONLY


@pytest.mark.long(but=1)
@pytest.mark.parametrize(("off", "is_told"), [(0.0, True), (0.003, False)])
def test_a_gate_of_an_extract_is_a_point_of_its_street(tmp_path, off, is_told):
    place = town(tmp_path, NORTHWARD, opened=True)
    first, *others = place.streets.geometry
    at = shapely.get_coordinates(shapely.line_interpolate_point(first, 40.0))
    through = shapely.LineString(np.insert(shapely.get_coordinates(first), 1, at, 0))
    gate = place.gates.iloc[:1].assign(gate_id="node/7", open=False)
    shut = place.with_layers(
        streets=place.streets.set_geometry([through, *others], crs=place.crs),
        gates=gate.set_geometry(shapely.points(np.add(at, [0.0, off])), crs=place.crs),
    )
    assert ("sources.gates_passed" in {each.code for each in check(shut)}) == is_told


@pytest.mark.long(but=1)
@pytest.mark.parametrize(
    ("column", "word", "reason"),
    [
        ("foot", "no", "foot=no"),
        ("foot", "private", "foot=private"),
        ("foot", "residents", "foot=residents"),
        ("access", "no", "access=no"),
        ("highway", "motorway", "highway=motorway"),
        ("highway", "proposed", "highway=proposed"),
        ("highway", "cycleway", ""),  # an import knows more of it than the workspace keeps
        ("access", "private", ""),  # left in where residents of an extract walk there
        ("access", "", ""),
    ],
)
def test_streets_shut_in_a_workspace_are_told(tmp_path, column, word, reason):
    place = town(tmp_path, NORTHWARD, opened=True)
    crosses = place.streets.geometry.crosses(place.barriers.geometry.iloc[0])
    edited = place.streets.assign(**{column: place.streets[column].mask(crosses, word)})
    edited = place.with_layers(streets=edited)
    told = {each.code: each.params for each in planner.assess(edited).findings}
    found = told.get("sources.walked_all_the_same", {"reasons": ""})
    assert found["reasons"] == (f"{reason}: {crosses.sum()}" if reason else "")
    assert ("sources.walked_all_the_same" in {each.code for each in check(edited)}) == bool(reason)


@pytest.mark.long
def test_a_street_that_is_cut_at_the_gate_already_is_shut(tmp_path):
    table = streets()
    north = WALL.coords[0][1]
    table.geometry = [
        shapely.LineString(
            np.insert(shapely.get_coordinates(each), 1, (each.coords[0][0], north), 0)
        )
        if each.crosses(WALL)
        else each
        for each in table.geometry
    ]
    joined = with_rows(table, line((0, 50), (-30, 50)), name="yard", highway="service")
    assert covered(town(tmp_path, NORTHWARD, rows=joined)) == ROW_ONLY


@pytest.mark.long
def test_a_district_whose_gates_were_shut_since_is_not_called_sound(tmp_path):
    place = town(tmp_path, NORTHWARD, opened=True)
    shut = place.with_layers(gates=place.gates.assign(open=False))
    (passed,) = [each for each in check(shut) if each.code == "sources.gates_passed"]
    assert passed.params["count"] == 6
    assert passed in planner.assess(shut).findings
    assert severity(passed.code) == "harmful"


@pytest.mark.long
@pytest.mark.parametrize("off", few([(1, 0), (0, 2.5), (0, -2.5), (1, 2)], 2))
def test_a_shut_gate_beside_the_wall_is_not_told_once_its_street_is_cut(tmp_path, off):
    cut = town(tmp_path, [(x + off[0], y + off[1]) for x, y in NORTHWARD])
    assert covered(cut) == ROW_ONLY
    told = {each.code for each in (*check(cut), *planner.assess(cut).findings)}
    assert not told & {"sources.gates_passed", "sources.gates_off"}
    again, spots, told = cut_at_gates(cut.streets, cut.gates, cut.barriers)
    assert (len(again), len(spots), told) == (len(cut.streets), 0, [])


@pytest.mark.long(but=1)
@pytest.mark.parametrize("spot", [(50, 2), (100, 0)])
def test_a_gate_beside_a_street_or_at_a_corner_is_told_and_cuts_nothing(tmp_path, spot):
    place = town(tmp_path, [spot])
    assert covered(place) == ALL
    assert finding(place, "sources.gates_beside")["ids"] == "g0"


def kept(place, tmp_path):
    path = tmp_path / "town.gpkg"
    path.unlink(missing_ok=True)
    return write_district(place, path)


@pytest.mark.long
@pytest.mark.parametrize(
    ("join", "off"), few([(False, 0), (True, 0), (False, 2.5), (True, 2.5)], 2)
)
def test_streets_follow_gates_that_a_newer_file_shuts_or_opens(tmp_path, off, join):
    spots = [(x + off, y) for x, y in NORTHWARD]
    opened, shut = (
        town(tmp_path, spots, opened=state, join=join) for state in (True, False)
    )  # fmt: skip
    for place, gates, people in ((opened, shut.gates, ROW_ONLY), (shut, opened.gates, ALL)):
        path = kept(place, tmp_path)
        change = read_update(path, "gates", gates, "replace")
        assert change.written == ("gates", "streets")
        assert "update.streets_follow" in {each.code for each in change.findings}
        write_update(change)
        after = read_district(path)
        assert covered(after) == people
        codes = {each.code for each in after.findings}
        assert ("sources.gates_cut" in codes) == (people == ROW_ONLY)
        assert "sources.gates_passed" not in {each.code for each in check(after)}
        again = read_update(path, "gates", gates, "replace")
        assert again.changes_nothing
        assert again.written == ("gates",)


@pytest.mark.long
def test_gates_that_go_come_or_move_are_followed(tmp_path):
    path = kept(town(tmp_path, NORTHWARD), tmp_path)
    fewer = frame([point(*NORTHWARD[0]), point(130, 50)], gate_id=["g0", "x"], open=False)
    after = read_update(path, "gates", fewer, "replace").after
    assert covered(after) == ALL
    assert finding(after, "sources.gates_cut")["ids"] == "g0"
    none = kept(town(tmp_path, NORTHWARD[:1]), tmp_path)
    more = frame([point(*spot) for spot in NORTHWARD[1:]], gate_id=list("abcde"), open=False)
    change = read_update(none, "gates", more, "append")
    assert covered(change.after) == ROW_ONLY
    assert finding(change.after, "sources.gates_cut")["count"] == 6


def test_how_a_street_went_on_is_not_guessed(tmp_path):
    place = town(tmp_path, NORTHWARD)
    lines = place.streets.geometry.to_numpy()
    ends = shapely.dwithin(lines, place.gates.geometry.iloc[0], 1.0)
    assert ends.sum() == 2
    place = place.with_layers(streets=place.streets[~(ends & (np.cumsum(ends) == 2))])
    change = read_update(
        kept(place, tmp_path), "gates", place.gates.assign(open=True), "replace"
    )  # fmt: skip
    (told,) = [each for each in change.findings if each.code == "update.streets_end"]
    assert (told.params["count"], told.params["ids"]) == (1, "g0")
    assert told in change.after.findings


@pytest.mark.long
@pytest.mark.parametrize(("off", "people"), [(2, ALL), (0, ROW_ONLY)])
def test_without_the_wall_a_street_passes_beside_the_shut_gate_again(tmp_path, off, people):
    path = kept(town(tmp_path, [(x + off, y) for x, y in NORTHWARD]), tmp_path)
    elsewhere = frame([line((-900, 50), (-800, 50))], barrier_id=["w"], kind=["wall"])
    assert covered(read_update(path, "barriers", elsewhere, "replace").after) == people


@pytest.mark.long
def test_a_new_wall_cuts_at_the_shut_gate_of_it(tmp_path):
    place = town(tmp_path, [(x + 2, y) for x, y in NORTHWARD], wall=False)
    assert covered(place) == ALL
    wall = frame([WALL], barrier_id=["w"], kind=["wall"])
    change = read_update(kept(place, tmp_path), "barriers", wall, "replace")
    assert covered(change.after) == ROW_ONLY


def test_a_way_of_an_extract_is_joined_at_its_node():
    at = [(0, 0), (10, 0), (10.3, 8), (2, 9)]
    gate = point(5, 5)
    ways = frame(
        [
            shapely.LineString([before(gate, point(*spot))] * 2 + [point(*spot)])  # one point twice
            for spot in at
        ],
        street_id=list("abcd"),
    )
    cut, ends = cut_at(ways.geometry.to_numpy(), np.array([gate]))
    assert (cut.tolist(), ends.tolist()) == ([True], [False])
    joined = joined_at(ways, np.array([gate])).geometry.to_numpy()
    assert shapely.distance(joined, gate).max() < 1e-6


def test_a_walked_length_loses_at_a_gate_what_the_line_does_and_has_it_back():
    rows = frame([line((0, 0), (100, 0))], street_id=["s"], length_m=[150.0])
    gate = frame([point(40, 0)], gate_id=["g"], open=[False])
    cut, spots, _ = cut_at_gates(rows, gate, None)
    assert len(spots) == 1
    assert cut["length_m"].to_numpy() == pytest.approx([39.5 * 1.5, 59.5 * 1.5])
    joined = joined_at(cut, gate.geometry.to_numpy())
    assert joined["length_m"].to_numpy() == pytest.approx([60, 90])


def before(gate, end):
    """Return where a way ends that was cut half a metre before a gate."""
    return shapely.LineString([gate, end]).interpolate(0.5)
