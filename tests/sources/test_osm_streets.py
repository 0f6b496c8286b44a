"""Streets from ways: joined at shared nodes, cut at gates, squares crossed."""

from collections import defaultdict
from pathlib import Path

import geopandas as gpd
import networkx as nx
import numpy as np
import pytest
import shapely
from effort import few
from osm_maker import LAT, LON, Extract, degrees

from planner.errors import InputError
from planner.sources.osm.extracts import read_osm_file
from planner.sources.osm.rules import walk_rules
from planner.sources.osm.streets import read_streets
from planner.sources.projection import metric_crs

EVERYWHERE = shapely.box(-1e8, -1e8, 1e8, 1e8)


def streets_of(extract: Extract, tmp_path: Path) -> gpd.GeoDataFrame:
    data = read_osm_file(extract.write(tmp_path / "a.osm"))
    return read_streets(data.projected(metric_crs(LON, LAT)), EVERYWHERE, walk_rules())[0]


def graph_of(streets: gpd.GeoDataFrame) -> nx.MultiGraph:
    graph = nx.MultiGraph()
    for line in streets.geometry:
        graph.add_edge(line.coords[0], line.coords[-1], length=line.length)
    return graph


def spot(x: float, y: float) -> shapely.Point:
    table = gpd.GeoSeries([shapely.Point(degrees(x, y))], crs=4326)
    return table.to_crs(metric_crs(LON, LAT)).iloc[0]


def walk(streets: gpd.GeoDataFrame, a: tuple[float, float], b: tuple[float, float]) -> float:
    """Return the walking distance between the line ends nearest to two places."""
    graph = graph_of(streets)
    nodes = np.array(graph.nodes)

    def nearest(place: tuple[float, float]) -> tuple[float, float]:
        at = spot(*place)
        return tuple(nodes[np.hypot(*(nodes - (at.x, at.y)).T).argmin()].tolist())

    return nx.shortest_path_length(graph, nearest(a), nearest(b), weight="length")


def test_ways_join_where_they_share_a_node_only(tmp_path: Path) -> None:
    extract = Extract()
    middle = extract.node(0, 0)
    extract.way([extract.node(-100, 0), middle, extract.node(100, 0)], {"highway": "residential"})
    extract.way([extract.node(0, -100), middle, extract.node(0, 100)], {"highway": "footway"})
    extract.line((-50, -100), (-50, 100), highway="primary", bridge="yes", layer="1")
    streets = streets_of(extract, tmp_path)
    assert len(streets) == 5
    assert sorted(streets["street_id"]) == [
        "way/1000/1",
        "way/1000/2",
        "way/1001/1",
        "way/1001/2",
        "way/1002/1",
    ]
    assert nx.number_connected_components(graph_of(streets)) == 2
    bridge = streets[streets["bridge"]].iloc[0]
    assert (bridge["highway"], bridge["layer"], bridge["source"]) == ("primary", 1, "osm:way/1002")


def test_columns_follow_the_tags(tmp_path: Path) -> None:
    extract = Extract()
    signal = extract.node(50, 0, highway="traffic_signals")
    ends = [extract.node(0, 0), extract.node(100, 0)]
    tags = {"highway": "steps", "name": "青年路", "foot": "yes", "access": "private"}
    extract.way([ends[0], signal, ends[1]], tags)
    extract.street((0, 10), (100, 10), tunnel="building_passage")
    extract.street((0, 20), (100, 20), tunnel="yes", layer="-1;0")
    streets = streets_of(extract, tmp_path).set_index("source")
    steps = streets.loc["osm:way/1000"]
    assert bool(steps["steps"])
    assert (steps["name"], steps["foot"], steps["access"]) == ("青年路", "yes", "private")
    assert steps["signals"] == 1
    assert not streets.loc["osm:way/1001", "tunnel"]
    assert streets.loc["osm:way/1002", "tunnel"]
    assert streets["layer"].tolist() == [0, 0, 0]


def test_a_shut_gate_cuts_the_way_and_an_open_one_does_not(tmp_path: Path) -> None:
    extract = Extract()
    for y, access in ((0, "private"), (50, "yes")):
        gate = extract.node(50, y, barrier="gate", access=access)
        ends = extract.node(0, y), extract.node(100, y)
        extract.way([ends[0], gate, ends[1]], {"highway": "service"})
    streets = streets_of(extract, tmp_path)
    shut = streets[streets["source"] == "osm:way/1000"].geometry
    assert len(shut) == 2
    assert shut.iloc[0].distance(shut.iloc[1]) == pytest.approx(1.0)
    assert len(streets[streets["source"] == "osm:way/1001"]) == 1


def test_a_way_that_leads_out_of_the_extract_is_not_joined_across_the_gap(tmp_path: Path) -> None:
    extract = Extract()
    nodes = [extract.node(x, 0) for x in (0, 50, 200, 250)]
    extract.way([nodes[0], nodes[1], 99_999, nodes[2], nodes[3]], {"highway": "path"})
    streets = streets_of(extract, tmp_path)
    assert np.allclose(sorted(streets.length), [50, 50], atol=0.2)


def test_loops_and_doubled_points_are_kept_sane(tmp_path: Path) -> None:
    extract = Extract()
    extract.box(0, 0, 50, 50, highway="footway")
    start = extract.node(100, 0)
    extract.way([start, start], {"highway": "footway"})
    streets = streets_of(extract, tmp_path)
    assert len(streets) == 1
    assert streets.geometry.iloc[0].is_ring


def square_with_entries(extract: Extract, corners: list[tuple[float, float]]) -> list[int]:
    nodes = [extract.node(*corner) for corner in corners]
    for node in nodes:
        x, y, _ = extract.nodes[node]
        far = extract.node(x * 3 - 100, y * 3 - 100)
        extract.way([node, far], {"highway": "footway"})
    return [*nodes, nodes[0]]


@pytest.mark.parametrize("by_relation", [False, True])
def test_a_square_is_crossed_straight(tmp_path: Path, by_relation: bool) -> None:
    extract = Extract()
    ring = square_with_entries(extract, [(0, 0), (100, 0), (100, 100), (0, 100)])
    tags = {"highway": "pedestrian", "area": "yes", "name": "Square"}
    if by_relation:
        way = extract.way(ring, {})
        extract.relation([("way", way, "outer")], {"type": "multipolygon", **tags})
    else:
        extract.way(ring, tags)
    streets = streets_of(extract, tmp_path)
    across = streets[streets["street_id"].str.contains("/x")]
    assert np.allclose(across.length, np.hypot(100, 100), rtol=2e-3)
    assert len(across) == 2
    assert set(across["name"]) == {"Square"}
    assert walk(streets, (0, 0), (100, 100)) == pytest.approx(np.hypot(100, 100), rel=2e-3)
    assert walk(streets, (0, 0), (100, 0)) == pytest.approx(100, rel=2e-3)


def test_a_bent_square_is_crossed_around_its_inner_corner(tmp_path: Path) -> None:
    extract = Extract()
    corners = [(0, 0), (100, 0), (100, 40), (40, 40), (40, 100), (0, 100)]
    nodes = [extract.node(*corner) for corner in corners]
    for node, far in ((nodes[2], (200, 40)), (nodes[4], (40, 200))):
        extract.way([node, extract.node(*far)], {"highway": "footway"})
    extract.way([*nodes, nodes[0]], {"highway": "pedestrian", "area": "yes"})
    streets = streets_of(extract, tmp_path)
    square = shapely.Polygon([(spot(*corner).x, spot(*corner).y) for corner in corners])
    across = streets[streets["street_id"].str.contains("/x")].geometry
    assert shapely.covers(square.buffer(0.1), across.to_numpy()).all()
    assert walk(streets, (100, 40), (40, 100)) == pytest.approx(120, rel=2e-3)


def test_a_hole_in_a_square_is_walked_around(tmp_path: Path) -> None:
    extract = Extract()
    ring = square_with_entries(extract, [(0, 0), (100, 0), (100, 100), (0, 100)])
    outer = extract.way(ring, {})
    inner = extract.box(40, 40, 20, 20)
    extract.relation(
        [("way", outer, "outer"), ("way", inner, "inner")],
        {"type": "multipolygon", "highway": "pedestrian"},
    )
    streets = streets_of(extract, tmp_path)
    straight, around = np.hypot(100, 100), 2 * np.hypot(60, 40)
    assert straight < around
    assert walk(streets, (0, 0), (100, 100)) == pytest.approx(around, rel=2e-3)


def test_a_square_with_very_many_entries_stays_small(tmp_path: Path) -> None:
    extract = Extract()
    angles = np.linspace(0, 2 * np.pi, 80, endpoint=False)
    ring = [extract.node(100 * np.cos(a), 100 * np.sin(a)) for a in angles]
    for node, a in zip(ring, angles, strict=True):
        far = extract.node(200 * np.cos(a), 200 * np.sin(a))
        extract.way([node, far], {"highway": "footway"})
    extract.way([*ring, ring[0]], {"highway": "pedestrian", "area": "yes"})
    streets = streets_of(extract, tmp_path)
    assert streets["street_id"].str.contains("/x").sum() <= 24 * 23 / 2
    assert nx.number_connected_components(graph_of(streets)) == 1


def test_nothing_to_walk_is_told(tmp_path: Path) -> None:
    extract = Extract()
    extract.line((0, 0), (100, 0), highway="motorway")
    with pytest.raises(InputError) as error:
        streets_of(extract, tmp_path)
    assert error.value.code == "osm.no_highway"


@pytest.mark.long
@pytest.mark.parametrize(
    ("file", "least"),
    few(
        [
            ("Helsinki.osm.pbf", 0.98),
            ("spo_osm.pbf", 0.97),
            ("liechtenstein-latest.osm.pbf", 0.95),
            ("monaco.osm.gz", 0.97),
        ],
        2,
    ),
)
def test_real_streets_hang_together(test_data: Path, file: str, least: float) -> None:
    data = read_osm_file(test_data / file)
    data = data.projected(metric_crs(*np.nanmedian(data.xy, axis=0)))
    streets, _, _ = read_streets(data, EVERYWHERE, walk_rules())
    graph = graph_of(streets)
    number = {n: i for i, part in enumerate(nx.connected_components(graph)) for n in part}
    length: dict[int, float] = defaultdict(float)
    for line in streets.geometry:
        length[number[line.coords[0]]] += line.length
    assert max(length.values()) / sum(length.values()) >= least
    assert streets["street_id"].is_unique
    assert (streets.length > 0).all()


def test_private_nodes_without_a_barrier_are_passed_and_told(tmp_path: Path) -> None:
    extract = Extract()
    told = [{"access": "private"}, {"foot": "no"}, {"access": "no", "highway": "crossing"}]
    others = [{"access": "private", "foot": "yes"}, {"access": "private", "amenity": "parking"},
              {"access": "customers"}]  # fmt: skip
    nodes = []
    for y, tags in enumerate([*told, *others]):
        ends = extract.node(0, 10 * y), extract.node(100, 10 * y)
        nodes.append(extract.node(50, 10 * y, **tags))
        extract.way([ends[0], nodes[-1], ends[1]], {"highway": "service"})
    end = extract.node(0, 90, access="private")  # a way that ends there leads nowhere else
    extract.way([end, extract.node(100, 90)], {"highway": "service"})
    data = read_osm_file(extract.write(tmp_path / "a.osm")).projected(metric_crs(LON, LAT))
    streets, findings, _ = read_streets(data, EVERYWHERE, walk_rules())
    (found,) = [f.params for f in findings if f.code == "osm.private_nodes"]
    assert found == {"count": 3, "ids": ", ".join(f"node/{node}" for node in nodes[:3])}
    assert len(streets) == 7


def test_gates_that_remarks_call_shut_are_passed_and_told(tmp_path: Path) -> None:
    extract = Extract()
    told = [
        {"note": "permanently locked"},
        {"description": "常闭"},
        {"fixme": "closed?"},
    ]
    others = [{"note": "new gate"}, {"note": "permanently locked", "access": "private"}, {}]
    nodes = []
    for y, tags in enumerate([*told, *others]):
        ends = extract.node(0, 10 * y), extract.node(100, 10 * y)
        nodes.append(extract.node(50, 10 * y, barrier="gate", **tags))
        extract.way([ends[0], nodes[-1], ends[1]], {"highway": "service"})
    data = read_osm_file(extract.write(tmp_path / "a.osm")).projected(metric_crs(LON, LAT))
    _, findings, _ = read_streets(data, EVERYWHERE, walk_rules())
    (found,) = [f.params for f in findings if f.code == "osm.gates_doubtful"]
    assert found["count"] == len(told)
    for node, tags in zip(nodes, told, strict=False):
        ((key, text),) = tags.items()
        assert f"node/{node} ({key}={text})" in found["ids"]


def test_words_by_which_nobody_knows_whether_one_may_walk_are_told(tmp_path: Path) -> None:
    extract = Extract()
    extract.street((0, 0), (100, 0))
    known = [{"access": "destination"}, {"highway": "Primary"}, {"access": "school", "foot": "yes"},
             {"name": "规划局路"}]  # fmt: skip
    unknown = [{"access": "school"}, {"foot": "maybe"}, {"highway": "alley"},
               {"highway": "trunk", "expressway": "yes"}, {"passable": "no"},
               {"removed:highway": "residential"}, {"name": "规划一路"}]  # fmt: skip
    for row, tags in enumerate([*known, *unknown], 1):
        extract.street((0, 10 * row), (100, 10 * row), **tags)
    data = read_osm_file(extract.write(tmp_path / "a.osm")).projected(metric_crs(LON, LAT))
    found = {f.code: f.params for f in read_streets(data, EVERYWHERE, walk_rules())[1]}
    told = found["osm.words_unknown"]
    assert told["ways"] == 7
    assert set(told["words"].split(", ")) == {
        "access=school 1", "foot=maybe 1", "highway=alley 1", "expressway=yes 1",
        "passable=no 1", "removed:highway=residential 1", "name=规划一路 1",
    }  # fmt: skip
