"""The demo district: what it must hold, and that each planted gap is one, computed apart."""

import sys
from collections import Counter
from itertools import pairwise
from pathlib import Path

import geopandas as gpd
import networkx as nx
import numpy as np
import pandas as pd
import pytest
import shapely
from geopandas.testing import assert_geodataframe_equal
from shapely.geometry import LineString, Point

from planner.district import District, builtin_kinds, builtin_standards
from planner.sources import read_district

GEO = Path(__file__).resolve().parents[2] / "data" / "geo"
RULES = builtin_standards()["gb50180-2018"].rules
LIMIT_M = {kind: rule.limit_m for kind, rule in RULES.items()}
REACH_M = 250.0
FAR_M = max(limit for limit in LIMIT_M.values() if limit) + 100.0
SHUT = {
    "Su 22:00": {"Mo-Sa 08:00-18:00", "Mo-Su 08:00-20:00"},
    "Sa 10:00": {"Mo-Fr 08:30-12:00,14:00-17:30"},
}
"""Hours that plainly leave out the moment asked about."""


class Streets:
    """Walks on the streets by networkx, homes and facilities joined to the nearest free edge."""

    def __init__(self, district: District) -> None:
        table = district.streets
        self.lines = table.geometry.to_numpy()
        self.joinable = np.flatnonzero(~(table["bridge"] | table["tunnel"]).to_numpy())
        self.tree = shapely.STRtree(self.lines[self.joinable])
        self.barriers = shapely.STRtree(district.barriers.geometry.to_numpy())
        self.graph = nx.Graph()
        for line in self.lines:
            a, b = line.coords[0], line.coords[-1]
            if not self.graph.has_edge(a, b) or self.graph[a][b]["weight"] > line.length:
                self.graph.add_edge(a, b, weight=line.length)
        self.main = max(nx.connected_components(self.graph), key=len)
        self.joined: dict[tuple[float, float], tuple[int, float, float] | None] = {}

    def join(self, at: Point) -> tuple[int, float, float] | None:
        """Return edge, way along it and access leg of the nearest edge in free sight."""
        if (at.x, at.y) not in self.joined:
            self.joined[at.x, at.y] = self._join(at)
        return self.joined[at.x, at.y]

    def _join(self, at: Point) -> tuple[int, float, float] | None:
        near = self.joinable[self.tree.query(at, predicate="dwithin", distance=REACH_M)]
        for edge in near[np.argsort(shapely.distance(self.lines[near], at))]:
            leg = shapely.shortest_line(at, self.lines[edge])
            if not len(self.barriers.query(leg, predicate="intersects")):
                return int(edge), float(self.lines[edge].project(at)), float(leg.length)
        return None

    def walks(self, sources: list[Point], homes: list[Point], links=()) -> np.ndarray:
        """Return each home's walk to the nearest source, with some links added; far is inf."""
        graph, streets = self.graph, set(self.graph)
        on_edge: dict[int, list[tuple[float, tuple]]] = {}

        def add(name: tuple, place: tuple[int, float, float] | None) -> None:
            if place is not None:
                edge, along, access = place
                on_edge.setdefault(edge, []).append((along, (*name, "street")))
                graph.add_edge(name, (*name, "street"), weight=access)

        for i, at in enumerate(sources):
            add(("source", i), self.join(at))
        for i, at in enumerate(homes):
            add(("home", i), self.join(at))
        for i, (a, b) in enumerate(links):
            add(("link", i, 0), self._on_street(a))
            add(("link", i, 1), self._on_street(b))
            graph.add_edge(("link", i, 0), ("link", i, 1), weight=a.distance(b))
        for edge, places in on_edge.items():
            line = self.lines[edge]
            chain = [(0.0, line.coords[0]), *sorted(places), (line.length, line.coords[-1])]
            for (along, name), (further, other) in pairwise(chain):
                graph.add_edge(name, other, weight=further - along)
        starts = [("source", i) for i in range(len(sources)) if ("source", i) in graph]
        reach = nx.multi_source_dijkstra_path_length(graph, starts, cutoff=FAR_M)
        graph.remove_nodes_from(set(graph) - streets)  # and with them the edges that they split
        return np.array([reach.get(("home", i), np.inf) for i in range(len(homes))])

    def _on_street(self, at: Point) -> tuple[int, float, float]:
        edge = int(self.joinable[self.tree.nearest(at)])
        assert self.lines[edge].distance(at) < 1.0
        return edge, float(self.lines[edge].project(at)), 0.0


@pytest.fixture(scope="module")
def demo() -> District:
    return read_district(GEO / "demo.gpkg")


@pytest.fixture(scope="module")
def truth() -> pd.DataFrame:
    text = {"community_id": str, "facility_id": str, "gate_id": str, "at": str, "service": str}
    return pd.read_csv(GEO / "demo_truth.csv", dtype=text, keep_default_na=False,
                       na_values={c: [""] for c in ("x1", "y1", "x2", "y2")})  # fmt: skip


@pytest.fixture(scope="module")
def streets(demo: District) -> Streets:
    return Streets(demo)


def _homes(demo: District, row) -> gpd.GeoDataFrame:
    table = demo.demand.set_index("demand_id")
    return table.loc[row.demand_ids.split(";")]


def _open(demo: District, kind: str) -> gpd.GeoDataFrame:
    return demo.open_facilities(kind).set_index("facility_id")


@pytest.mark.long
def test_is_small_and_says_that_it_is_synthetic(demo):
    assert (GEO / "demo.gpkg").stat().st_size < 6_000_000
    assert demo.synthetic
    assert "synthetic" in demo.name
    assert "synthetic" in demo.attribution
    assert demo.crs.to_epsg() == 4547


def test_has_the_size_that_was_asked_for(demo):
    assert len(demo.communities) == 30
    assert demo.communities["subdistrict"].nunique() == 5
    assert 110_000 < demo.demand["population"].sum() < 130_000
    assert 2_500 <= len(demo.demand) <= 4_600
    ends = {xy for line in demo.streets.geometry for xy in (line.coords[0], line.coords[-1])}
    assert 5_000 <= len(ends) <= 10_000


def test_community_ids_group_by_subdistrict(demo):
    ids = demo.communities["community_id"]
    assert ids.str.fullmatch(r"990702\d{6}").all()
    names = demo.communities.groupby(ids.str[:9])["subdistrict"].nunique()
    assert len(names) == 5
    assert (names == 1).all()
    assert demo.communities["name"].is_unique


def test_communities_share_the_district_out_without_gap_or_overlap(demo):
    shapes = demo.communities.geometry.to_numpy()
    assert shapely.coverage_is_valid(shapes)
    whole = shapely.union_all(shapes)
    assert whole.geom_type == "Polygon"
    assert not whole.interiors
    assert shapely.area(shapes).sum() == pytest.approx(whole.area, abs=0.1)


def test_residents_add_up_and_live_in_their_community(demo):
    communities = demo.communities.set_index("community_id")
    sums = demo.demand.groupby("community_id")[demo.groups].sum()
    for group in demo.groups:
        assert (sums[group] == communities.loc[sums.index, group]).all()
        assert (demo.demand[group] <= demo.demand["population"]).all()
    inside = gpd.sjoin(demo.demand, demo.communities[["community_id", "geometry"]])
    assert (inside["community_id_left"] == inside["community_id_right"]).all()
    assert len(inside) == len(demo.demand)


def test_every_kind_is_there_and_told_fully(demo):
    table = demo.facilities
    assert set(table["kind"]) == set(builtin_kinds())
    assert {"existing", "planned", "closed"} <= set(table["status"])
    assert set(table["ownership"]) == {"public", "partner", "internal"}
    assert table["name"].str.len().gt(3).all()
    assert table["name_en"].str.len().gt(3).all()
    assert (table["floor_area_m2"] < 100).any()
    assert (table["opening_hours"] == "").any()
    assert (table["opening_hours"] == "24/7").any()
    clinics = table[(table["kind"] == "clinic") & (table["services"] != "")]
    assert set(clinics["services"].str.count(";") + 1) >= {4, 5, 6}
    assert not shapely.intersects(_water(demo), table.geometry.to_numpy()).any()


def test_candidates_cost_something(demo):
    assert len(demo.candidates) >= 50
    assert (demo.candidates["cost"] > 0).all()
    kinds = {kind for cell in demo.candidates["kinds"] for kind in cell.split(";") if kind}
    assert kinds <= set(builtin_kinds())


def _water(demo: District):
    return demo.barriers.loc[demo.barriers["kind"] == "water"].geometry.union_all()


def test_streets_cross_water_and_railway_on_bridges_and_in_tunnels_only(demo):
    ground = demo.streets[~(demo.streets["bridge"] | demo.streets["tunnel"])]
    shapes = ground.geometry.to_numpy()
    assert not shapely.intersects(_water(demo), shapes).any()
    rail = demo.barriers.loc[demo.barriers["kind"] == "railway"].geometry.union_all()
    assert not shapely.intersects(rail, shapes).any()
    over = demo.streets[demo.streets["bridge"]]
    assert 5 <= shapely.intersects(_water(demo), over.geometry.to_numpy()).sum() <= 14


def test_streets_meet_at_their_ends_only(demo):
    ground = demo.streets[~(demo.streets["bridge"] | demo.streets["tunnel"])].geometry.to_numpy()
    a, b = shapely.STRtree(ground).query(ground, predicate="crosses")
    assert not len(a), list(zip(a, b, strict=True))[:3]
    ends = Counter(xy for line in demo.streets.geometry for xy in (line.coords[0], line.coords[-1]))
    inner = {xy for line in demo.streets.geometry for xy in line.coords[1:-1]}
    assert not inner & set(ends)


def test_bridges_end_on_streets_and_join_nothing_they_cross(demo):
    above = demo.streets["bridge"] | demo.streets["tunnel"]
    ground = {
        xy for line in demo.streets[~above].geometry for xy in (line.coords[0], line.coords[-1])
    }
    crossing = 0
    for line in demo.streets[above].geometry:
        assert line.coords[0] in ground
        assert line.coords[-1] in ground
        assert not ground & set(line.coords[1:-1])
        crossing += int(demo.streets[~above].crosses(line).any())
    assert crossing >= 3


def test_streets_hang_together(demo, streets, truth):
    planted = sum(line.length for line in streets.lines if line.coords[0] not in streets.main)
    whole = sum(line.length for line in streets.lines)
    assert 0 < planted < 0.02 * whole
    assert nx.number_connected_components(streets.graph) - 1 <= 2 * 6


def test_walls_stand_whole_but_for_their_gates(demo):
    walls = demo.barriers[demo.barriers["kind"] == "wall"].geometry.to_numpy()
    ground = demo.streets.geometry.to_numpy()
    w, s = shapely.STRtree(ground).query(walls, predicate="intersects")
    crossings = shapely.intersection(walls[w], ground[s])
    gates = demo.gates[demo.gates["open"]].geometry.union_all()
    bridge = (demo.streets["bridge"] | demo.streets["tunnel"]).to_numpy()[s]
    assert (shapely.distance(crossings[~bridge], gates) < 3.0).all()
    shut = demo.gates[~demo.gates["open"]].geometry.to_numpy()
    assert len(shut) > 50
    assert (shapely.distance(shut, shapely.union_all(walls)) < 0.1).all()


def test_buildings_stand_on_dry_land_beside_the_streets(demo):
    houses = demo.context[demo.context["kind"] == "building"].geometry.to_numpy()
    assert len(houses) > 3_000
    assert not shapely.intersects(_water(demo), houses).any()
    a, _ = shapely.STRtree(houses).query(demo.streets.geometry.to_numpy(), predicate="intersects")
    assert not len(a)
    h, w = shapely.STRtree(houses).query(
        demo.barriers[demo.barriers["kind"] == "wall"].geometry.to_numpy(), predicate="crosses"
    )
    assert not len(h), w


def test_hills_climb(demo):
    hilly = demo.streets[demo.streets["ascent_m"] + demo.streets["descent_m"] > 8]
    assert len(hilly) > 10
    assert demo.streets["steps"].sum() >= 3
    assert demo.streets["signals"].sum() > 20


def test_every_cause_is_planted_twice_at_least(truth):
    causes = Counter(truth["cause"])
    assert set(causes) == {"none_near", "barrier", "closed", "full", "data"}
    assert min(causes.values()) >= 2
    assert set(truth["question"]) == {"distance", "hour", "service", "capacity"}
    barriers = Counter(truth.loc[truth["cause"] == "barrier", "barrier"])
    assert {"wall", "railway", "water"} == set(barriers)
    assert min(barriers.values()) >= 2
    assert {"open_gate", "new_gate"} <= set(truth["remedy"])


def test_truth_tells_place_and_people(demo, truth):
    for row in truth.itertuples():
        homes = _homes(demo, row)
        assert homes["population"].sum() == row.residents
        assert (homes.distance(Point(row.x, row.y)) <= row.radius_m).all()
        assert row.community_id in set(homes["community_id"])


def test_none_near_gaps(demo, truth):
    for row in truth[truth["cause"] == "none_near"].itertuples():
        stand = _open(demo, row.kind).geometry.union_all()
        assert (_homes(demo, row).distance(stand) > LIMIT_M[row.kind]).all(), row.gap_id
        if row.remedy == "open_internal":
            own = demo.facilities.set_index("facility_id").loc[row.facility_id]
            assert own["ownership"] == "internal"
            assert own["kind"] == row.kind


@pytest.mark.long
def test_barrier_gaps(demo, streets, truth):
    for row in truth[truth["cause"] == "barrier"].itertuples():
        homes = list(_homes(demo, row).geometry)
        stand = _open(demo, row.kind)
        near = stand.loc[row.facility_id].geometry
        limit = LIMIT_M[row.kind]
        assert (shapely.distance(homes, near) <= limit).all(), row.gap_id
        assert (streets.walks(list(stand.geometry), homes) > limit + 5).all(), row.gap_id
        walls = demo.barriers[demo.barriers["kind"] == row.barrier].geometry.union_all()
        assert all(LineString([home, near]).intersects(walls) for home in homes), row.gap_id
        link = (Point(row.x1, row.y1), Point(row.x2, row.y2))
        assert LineString(link).intersects(walls), row.gap_id
        assert (streets.walks([near], homes, [link]) <= limit).all(), row.gap_id


def test_internal_place_would_serve_its_unit(demo, streets, truth):
    for row in truth[truth["remedy"] == "open_internal"].itertuples():
        own = demo.facilities.set_index("facility_id").loc[row.facility_id].geometry
        walks = streets.walks([own], list(_homes(demo, row).geometry))
        assert (walks <= LIMIT_M[row.kind]).all()


@pytest.mark.long
def test_planted_gate_is_the_best_gate_for_its_gap(demo, streets, truth):
    nodes = np.array(sorted(streets.graph.nodes))
    tree = shapely.STRtree(shapely.points(nodes))
    gates = demo.gates[~demo.gates["open"]].set_index("gate_id")
    rows = truth[truth["remedy"] == "open_gate"]
    assert len(rows) >= 3
    for row in rows.itertuples():
        homes = _homes(demo, row)
        stand = list(_open(demo, row.kind).geometry)
        assert not demo.gates.set_index("gate_id").loc[row.gate_id, "open"]
        for gate_id, gate in gates[gates.distance(Point(row.x, row.y)) < 450].iterrows():
            ends = tree.query(gate.geometry, predicate="dwithin", distance=1.7)
            if len(ends) != 2:
                continue
            link = tuple(Point(nodes[i]) for i in ends)
            walks = streets.walks(stand, list(homes.geometry), [link])
            brought = homes["population"][walks <= LIMIT_M[row.kind]].sum()
            if gate_id == row.gate_id:
                assert brought == row.residents, row.gap_id
            else:
                assert brought <= 0.6 * row.residents, (row.gap_id, gate_id)


def _reachable(demo, streets, row) -> set[str]:
    """Return the open facilities of the kind that some home of the gap can walk to."""
    homes = list(_homes(demo, row).geometry)
    stand = _open(demo, row.kind)
    limit = LIMIT_M[row.kind]
    near = stand[stand.distance(Point(row.x, row.y)) <= limit + row.radius_m]
    return {
        facility_id
        for facility_id, at in near.geometry.items()
        if (streets.walks([at], homes) <= limit).any()
    }


@pytest.mark.long
def test_closed_gaps(demo, streets, truth):
    for row in truth[truth["cause"] == "closed"].itertuples():
        facility = _open(demo, row.kind).loc[row.facility_id]
        walks = streets.walks([facility.geometry], list(_homes(demo, row).geometry))
        assert (walks <= LIMIT_M[row.kind]).all(), row.gap_id
        assert _reachable(demo, streets, row) == {row.facility_id}
        if row.question == "hour":
            assert facility["opening_hours"] in SHUT[row.at]
        else:
            assert row.question == "service"
            assert facility["services"]
            assert row.service not in facility["services"].split(";")


def test_full_gaps(demo, streets, truth):
    for row in truth[truth["cause"] == "full"].itertuples():
        facility = _open(demo, row.kind).loc[row.facility_id]
        assert _reachable(demo, streets, row) == {row.facility_id}
        assert facility["capacity_residents"] < 0.5 * row.residents


def test_data_gaps(demo, streets, truth):
    rows = truth[truth["cause"] == "data"]
    for row in rows.itertuples():
        places = [streets.join(home) for home in _homes(demo, row).geometry]
        if row.remedy == "map_street":
            assert places == [None] * len(places)
            continue
        starts = [streets.lines[edge].coords[0] for edge, _, _ in places]
        assert not set(starts) & streets.main
        link = LineString([(row.x1, row.y1), (row.x2, row.y2)])
        assert link.length < 40
    assert {"map_street", "map_link"} == set(rows["remedy"])


@pytest.mark.long
def test_only_planted_homes_are_off_the_network(demo, streets, truth):
    planted = set(";".join(truth.loc[truth["cause"] == "data", "demand_ids"]).split(";"))
    homes = demo.demand.set_index("demand_id").geometry
    places = {demand_id: streets.join(at) for demand_id, at in homes.items()}
    off = {
        demand_id
        for demand_id, place in places.items()
        if place is None or streets.lines[place[0]].coords[0] not in streets.main
    }
    assert off == planted


@pytest.mark.long
def test_coverage_varies_and_is_plausible(demo, streets):
    people = demo.demand["population"].to_numpy()
    homes = list(demo.demand.geometry)
    share = {}
    for kind in ("clinic", "police_room", "elderly_care", "service_centre"):
        walks = streets.walks(list(_open(demo, kind).geometry), homes)
        share[kind] = people[walks <= LIMIT_M[kind]].sum() / people.sum()
    assert all(0.35 < value < 0.9 for value in share.values()), share
    assert max(share.values()) - min(share.values()) > 0.15


@pytest.fixture(scope="module")
def built():
    sys.path.insert(0, str(GEO))
    try:
        from make_demo import build_demo

        return build_demo()
    finally:
        sys.path.remove(str(GEO))


def test_the_demo_was_made_by_these_scripts():
    """Whoever changes a script makes the demo anew; the long run does so and compares."""
    sys.path.insert(0, str(GEO))
    try:
        from make_demo import fingerprint
    finally:
        sys.path.remove(str(GEO))
    assert (GEO / "demo_made_by.txt").read_text(encoding="utf-8").strip() == fingerprint()


@pytest.mark.long  # that a script was changed and the demo was not is seen above
def test_script_makes_the_same_layers_again(demo, truth, built):
    district, table = built
    for name, layer in district.layers.items():
        stored = demo.layers[name]
        assert_geodataframe_equal(
            layer.reset_index(drop=True),
            stored[layer.columns].reset_index(drop=True),
            check_dtype=False,
            check_less_precise=False,
        )
    assert table["demand_ids"].tolist() == truth["demand_ids"].tolist()
    assert table["facility_id"].tolist() == truth["facility_id"].tolist()
    assert district.name == demo.name
