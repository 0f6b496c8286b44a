"""Facilities, barriers, gates, context and estimated residents of made-up extracts."""

from pathlib import Path

import numpy as np
import pytest
import shapely
from effort import few
from osm_maker import Extract, town

from planner.district import District
from planner.errors import InputError
from planner.sources import read_district, write_district
from planner.sources.osm.district import from_osm


def district_of(extract: Extract, tmp_path: Path) -> District:
    return from_osm(extract.write(tmp_path / "a.osm"), "章贡区", buffer_m=500)


@pytest.mark.long
def test_facilities_of_nodes_areas_and_relations(tmp_path: Path) -> None:
    extract = town()
    extract.box(100, 100, 20, 30, building="yes", amenity="library", name="A", **{"name:zh": "甲"})
    ring = extract.box(600, 100, 40, 40)
    tags = {"type": "multipolygon", "healthcare": "centre", "opening_hours": "24/7"}
    extract.relation([("way", ring, "outer")], tags)
    extract.node(700, 700, amenity="police", access="private", operator="Bureau")
    table = district_of(extract, tmp_path).facilities.set_index("facility_id")
    library = table[table["kind"] == "library"].iloc[0]
    assert library["floor_area_m2"] == pytest.approx(600, rel=0.01)
    assert (library["name"], library["name_zh"]) == ("A", "甲")
    hospital = table[table["kind"] == "health_centre"].iloc[0]
    assert hospital["opening_hours"] == "24/7"
    assert hospital["source"].startswith("osm:relation/")
    police = table[table["kind"] == "police_station"].iloc[0]
    assert (police["ownership"], police["operator"]) == ("internal", "Bureau")
    assert police["department"] == "public_security"
    assert police.name.startswith("node/")


@pytest.mark.long
def test_a_site_of_several_objects_is_one_facility(tmp_path: Path) -> None:
    """A relation of the type site: its houses by their ways, else its places by their nodes."""
    extract = town()
    houses = [extract.box(100 + 60 * n, 100, 40, 30, building="yes") for n in range(2)]
    members = [("way", house, "") for house in houses]
    extract.relation(members, {"type": "site", "amenity": "clinic", "name": "Two houses"})
    gate = extract.node(640, 120, barrier="gate")
    extract.relation([("node", gate, "")], {"type": "site", "amenity": "library", "name": "Hall"})
    extract.node(110, 110, amenity="clinic", name="Two houses")  # the same, mapped once more
    extract.relation([("way", 777_777, "")], {"type": "site", "amenity": "police", "name": "Far"})
    table = district_of(extract, tmp_path).facilities
    assert sorted(table["name"]) == ["Clinic", "Hall", "Two houses"]
    own = table.set_index("name")
    assert own.loc["Two houses", "source"].startswith("osm:relation/")


def test_a_site_whose_houses_are_cut_off_is_named(tmp_path: Path) -> None:
    """Its only way has a point that the extract does not hold."""
    extract = town()
    cut = extract.line((100, 100), (140, 100), (140, 130), building="yes")
    extract.relation([("way", cut, "")], {"type": "site", "amenity": "clinic", "name": "Half"})
    district = district_of(extract, tmp_path)
    assert "Half" not in set(district.facilities["name"])
    (told,) = [each for each in district.findings if each.code == "osm.outlines_cut"]
    assert "Half" in told.params["facilities"]


def test_a_facility_mapped_twice_counts_once(tmp_path: Path) -> None:
    extract = town()
    extract.box(100, 100, 40, 40, building="yes", amenity="library", name="A")
    extract.node(110, 110, amenity="library", opening_hours="Mo-Fr 09:00-17:00")
    extract.box(600, 100, 90, 90, amenity="clinic", name="B")
    extract.box(610, 110, 20, 20, building="yes", amenity="clinic", name="b")
    extract.node(620, 120, amenity="clinic", name="Another practice")
    extract.node(115, 115, amenity="police")
    table = district_of(extract, tmp_path).facilities
    library = table[table["kind"] == "library"]
    assert library["opening_hours"].tolist() == ["Mo-Fr 09:00-17:00"]
    assert library["name"].tolist() == ["A"]
    assert sorted(table.loc[table["kind"] == "clinic", "name"]) == [
        "Another practice",
        "B",
        "Clinic",
    ]
    assert (table["kind"] == "police_station").sum() == 1


@pytest.mark.long
def test_a_building_stands_at_its_main_entrance(tmp_path: Path) -> None:
    extract = town()
    door = extract.node(140, 120, entrance="main")
    ring = [extract.node(100, 100), extract.node(140, 100), door, extract.node(100, 140)]
    extract.way([*ring, ring[0]], {"building": "yes", "amenity": "library"})
    extract.street((140, 120), (160, 120))
    district = district_of(extract, tmp_path)
    library = district.facilities[district.facilities["kind"] == "library"].geometry.iloc[0]
    assert district.streets.distance(library).min() == pytest.approx(0, abs=0.01)


def kinds_of(district: District) -> dict[str, float]:
    lengths = district.barriers.length.groupby(district.barriers["kind"]).sum()
    return {kind: round(float(length)) for kind, length in lengths.items()}


@pytest.mark.long
def test_barriers_on_the_ground_only(tmp_path: Path) -> None:
    extract = town()
    extract.line((100, 60), (1100, 60), railway="rail")
    extract.line((100, 70), (1100, 70), railway="rail", tunnel="yes")
    extract.line((100, 80), (1100, 80), railway="rail", bridge="yes")
    extract.line((100, 90), (1100, 90), railway="tram")
    extract.line((100, 160), (600, 160), highway="motorway")
    extract.line((100, 170), (600, 170), highway="motorway", foot="yes")
    extract.line((100, 175), (600, 175), highway="motorway", status="demolished")
    extract.line((100, 180), (600, 180), highway="trunk")
    extract.line((100, 190), (300, 190), highway="trunk", motorroad="yes")
    extract.line((700, 60), (700, 160), barrier="wall")
    extract.line((710, 60), (710, 160), barrier="fence")
    extract.line((720, 60), (720, 160), barrier="kerb")
    extract.line((100, 1300), (600, 1300), waterway="canal", tunnel="culvert")
    extract.line((100, 1400), (600, 1400), waterway="ditch")
    found = kinds_of(district_of(extract, tmp_path))
    assert found == {
        "railway": pytest.approx(1000, rel=5e-3),
        "motorway": pytest.approx(700, rel=5e-3),
        "wall": pytest.approx(200, rel=5e-3),
        "water": pytest.approx(3000, rel=5e-3),
    }


def lesser_tracks() -> Extract:
    """A main line, spurs (crossed, unfenced, fenced), a siding that a path meets, and yards."""
    extract = town()
    extract.line((100, 60), (1100, 60), railway="rail")
    extract.line((100, 200), (200, 200), railway="rail", service="spur")
    extract.line((100, 300), (300, 300), railway="rail", service="spur")
    extract.line((100, 305), (260, 305), barrier="fence")
    crossing = extract.node(250, 400, railway="level_crossing")
    extract.way([extract.node(100, 400), crossing, extract.node(500, 400)], YARD)
    extract.line((100, 404), (500, 404), barrier="fence")
    met = extract.node(300, 500)
    extract.way([extract.node(100, 500), met, extract.node(900, 500)], YARD | {"service": "siding"})
    extract.way([met, extract.node(300, 560)], {"highway": "footway"})
    extract.line((100, 600), (1700, 600), railway="rail", service="yard")
    return extract


YARD = {"railway": "rail", "service": "yard"}


def railway_m(district: District) -> int:
    return round(kinds_of(district).get("railway", 0), -2)


def test_lesser_tracks_are_walls_unless_the_map_shows_them_crossed_or_unfenced(
    tmp_path: Path,
) -> None:
    district = district_of(lesser_tracks(), tmp_path)
    # the main line, the fenced spur and the yard that nothing crosses
    assert railway_m(district) == 1000 + 200 + 1600
    (finding,) = [f for f in district.findings if f.code == "osm.tracks_crossed"]
    assert finding.params["tracks"] == 3
    sidings = district.context[district.context["kind"] == "siding"]
    assert round(sidings.length.sum(), -2) == 100 + 400 + 800


@pytest.mark.long
@pytest.mark.parametrize("tags", [{"highway": "motorway"}, {"barrier": "wall"}])
def test_a_barrier_whose_nodes_lie_at_one_place_is_left_out(tmp_path: Path, tags) -> None:
    extract = town()
    extract.line((300, 300), (300, 300), **tags)
    extract.line((310, 310), (390, 310), barrier="wall")
    barriers = district_of(extract, tmp_path).barriers
    assert (barriers.geometry.length > 0).all()
    assert barriers["kind"].tolist().count("wall") == 1


@pytest.mark.long
@pytest.mark.parametrize(("how", "metres"), [("walls", 4100), ("open", 1000)])
def test_the_rule_for_lesser_tracks_can_be_set_aside(tmp_path: Path, how: str, metres: int) -> None:
    file = lesser_tracks().write(tmp_path / "a.osm")
    assert railway_m(from_osm(file, "章贡区", buffer_m=500, lesser_tracks=how)) == metres
    with pytest.raises(InputError) as caught:
        from_osm(file, "章贡区", buffer_m=500, lesser_tracks="all")
    assert caught.value.code == "osm.bad_lesser_tracks"


def test_roads_that_are_only_crossed_and_closed_ground_are_told_to_links(tmp_path: Path) -> None:
    extract = town()
    extract.line((100, 160), (600, 160), highway="primary", foot="use_sidepath")
    extract.line((100, 170), (600, 170), highway="primary")
    extract.line((100, 180), (600, 180), highway="trunk", foot="use_sidepath")
    extract.box(100, 300, 50, 50, landuse="industrial", access="private")
    extract.box(200, 300, 50, 50, landuse="military")
    extract.box(300, 300, 50, 50, landuse="industrial")
    extract.box(400, 300, 50, 50, building="yes", access="private")
    district = district_of(extract, tmp_path)
    context = district.context
    assert round(context[context["kind"] == "road"].length.sum(), -2) == 500
    assert (context["kind"] == "private").sum() == 2
    assert kinds_of(district)["motorway"] == pytest.approx(500, rel=5e-3)


@pytest.mark.long
def test_a_river_line_inside_its_area_counts_once(tmp_path: Path) -> None:
    extract = town()
    extract.box(-5000, 1090, 10_000, 40, natural="water", name="赣江")
    district = district_of(extract, tmp_path)
    water = district.barriers[district.barriers["kind"] == "water"]
    assert water.geom_type.tolist() == ["Polygon"]
    assert water.area.sum() == pytest.approx(3000 * 40, rel=0.01)
    assert "water" in set(district.context["kind"])


@pytest.mark.long
def test_gates_are_open_unless_private(tmp_path: Path) -> None:
    extract = town()
    for k, tags in enumerate([{}, {"access": "private"}, {"access": "private", "foot": "yes"}]):
        extract.node(100 + k, 100, barrier="gate", **tags)
    extract.node(200, 100, barrier="bollard")
    gates = district_of(extract, tmp_path).gates
    assert gates["open"].tolist() == [True, False, True]
    assert gates["gate_id"].is_unique


def test_a_fence_around_homes_without_a_gate_is_no_barrier(tmp_path: Path) -> None:
    extract = town()
    extract.box(20, 20, 60, 40, barrier="fence")
    corners = [extract.node(x, y) for x, y in ((270, 20), (340, 20), (340, 80), (270, 80))]
    gate = extract.node(300, 20, barrier="gate", access="private")
    extract.way([corners[0], gate, *corners[1:], corners[0]], {"barrier": "wall"})
    extract.box(600, 100, 30, 30, barrier="fence")
    district = district_of(extract, tmp_path)
    assert (district.barriers["kind"] == "wall").sum() == 2
    (finding,) = [f for f in district.findings if f.code == "osm.walls_without_gate"]
    assert finding.params["walls"] == 1


@pytest.mark.long
def test_buildings_that_stand_for_no_homes_are_told(tmp_path: Path) -> None:
    extract = town()
    told = [
        f for f in district_of(extract, tmp_path).findings if f.code == "osm.buildings_left_out"
    ]
    before = told[0].params["count"] if told else 0
    for k, use in enumerate(["mixed_use", "retail", "retail", "shed"]):
        extract.box(100 + 40 * k, 110, 20 if use != "shed" else 4, 20, building=use)
    district = district_of(extract, tmp_path)
    (finding,) = [f for f in district.findings if f.code == "osm.buildings_left_out"]
    assert finding.params["count"] == before + 4
    assert finding.params["mixed"] == 1
    assert "retail: 2" in finding.params["uses"]


@pytest.mark.long
@pytest.mark.parametrize(
    "tags",
    few(
        [
            {"end_date": "2010"},
            {"start_date": "2999"},
            {"razed": "yes"},
            {"proposed": "yes"},
            {"damage": "destroyed"},
            {"condition": "ruinous"},
            {"vacant": "yes"},
            {"occupied": "no"},
            {"status": "demolished"},
            {"abandoned:building": "apartments"},
            {"location": "underground"},
            {"layer": "-1"},
        ],
        6,
    ),
)
def test_buildings_that_are_gone_to_come_or_empty_are_no_homes_and_told(tmp_path, tags) -> None:
    extract = town()
    before = len(district_of(extract, tmp_path).demand)
    extract.box(100, 110, 20, 20, building="apartments", **tags)
    district = district_of(extract, tmp_path)
    assert len(district.demand) == before
    (finding,) = [f for f in district.findings if f.code == "osm.buildings_left_out"]
    ((key, value),) = tags.items()
    assert f"apartments {key}={value}: 1" in finding.params["uses"]


def test_homes_tagged_as_a_school_and_storeys_that_are_no_figures_are_told(tmp_path: Path) -> None:
    extract = town()
    for k, tags in enumerate(({"amenity": "school"}, {"building:levels": "many"}, {"shop": "yes"})):
        extract.box(100 + 40 * k, 110, 20, 20, building="apartments", **tags)
    found = {f.code: f.params for f in district_of(extract, tmp_path).findings}
    assert found["osm.homes_of_other_use"] == {"count": 1, "uses": "school: 1"}
    assert found["population.storeys_not_read"]["values"] == "many (1)"


@pytest.mark.long
def test_homes_by_their_tags_and_the_land_around(tmp_path: Path) -> None:
    extract = town()
    before = len(district_of(extract, tmp_path).demand)
    extract.box(1500 + 90, 90, 10, 10, building="apartments", **{"building:levels": "6"})
    extract.box(1500 + 110, 90, 10, 10, building="yes", amenity="school")
    extract.box(1500 + 130, 90, 10, 10, building="garage")
    extract.box(1500 + 150, 90, 4, 4, building="yes")
    extract.box(1500 + 170, 90, 10, 10, building="yes", abandoned="yes")
    extract.box(500, 500, 250, 250, landuse="industrial")
    extract.box(750, 500, 250, 250, landuse="industrial")
    extract.box(755, 505, 240, 240, landuse="residential")
    table = district_of(extract, tmp_path).demand
    assert len(table) == before + 1 - 1
    assert table["weight"].max() == pytest.approx(40 * 20 * 2, rel=0.01)
    assert table["weight"].min() == pytest.approx(10 * 10 * 6, rel=0.01)


def test_without_buildings_points_along_residential_streets(tmp_path: Path) -> None:
    extract = town()
    for number in [n for n, (_, tags) in extract.ways.items() if "building" in tags]:
        del extract.ways[number]
    extract.line((100, 130), (800, 130), highway="secondary")
    district = district_of(extract, tmp_path)
    assert "osm.residents_from_streets" in {f.code for f in district.findings}
    assert 14 * 2000 / 50 <= len(district.demand) <= 18 * 2000 / 50
    assert np.allclose(district.demand["weight"], 50, atol=1)
    assert district.demand_unit == "street_m"
    assert district.demand["demand_id"].is_unique
    streets = district.streets[district.streets["highway"] == "secondary"].union_all()
    assert shapely.distance(streets, district.demand.geometry.to_numpy()).min() > 1


@pytest.mark.parametrize(
    ("tags", "bars"),
    [
        ({"barrier": "wall"}, True),
        ({"barrier": "wall", "status": "demolished"}, False),
        ({"barrier": "fence", "end_date": "2020"}, False),
        ({"barrier": "wall", "start_date": "2999"}, False),
        ({"barrier": "wall", "height": "0.4"}, False),
        ({"barrier": "wall", "height": "2 m"}, True),
        ({"railway": "rail"}, True),
        ({"railway": "rail", "abandoned": "yes"}, False),
        ({"railway": "subway", "layer": "-2"}, False),
        ({"railway": "rail", "layer": "-1"}, True),
        ({"waterway": "river", "end_date": "1990"}, False),
    ],
)
def test_barriers_that_are_gone_or_low_or_deep_bar_nobody(tmp_path: Path, tags, bars) -> None:
    extract = town()
    way = extract.line((100, 130), (400, 130), **tags)
    district = district_of(extract, tmp_path)
    assert (f"way/{way}" in "".join(district.barriers["barrier_id"])) == bars
    told = {f.code: f.params for f in district.findings}.get("osm.barriers_gone")
    assert (told is None) == bars
    if told is not None:
        assert told == {"count": 1, "ids": f"way/{way}"}


@pytest.mark.parametrize("lanes", ["footway", "path", "steps", "service", "residential"])
def test_quarters_in_which_nobody_is_estimated_are_told(tmp_path: Path, lanes: str) -> None:
    """Three quarters of a town have homes, the last has lanes every 50 m and none mapped."""
    extract = town()
    buildings = [n for n, (_, tags) in extract.ways.items() if "building" in tags]
    for step in range(0, 401, 50):
        extract.street((1300, 1300 + step), (1700, 1300 + step), highway=lanes)
        extract.street((1300 + step, 1300), (1300 + step, 1700), highway=lanes)
    wood = extract.box(1150, 1150, 800, 800, landuse="forest")
    for place, number in enumerate(buildings):
        if place // 8 >= 4 and place % 8 >= 4:
            del extract.ways[number]
    mapped = {f.code for f in district_of(extract, tmp_path).findings}
    assert "osm.bare_quarters" not in mapped
    del extract.ways[wood]
    found = {f.code: f.params for f in district_of(extract, tmp_path).findings}
    told = found["osm.bare_quarters"]
    assert told["lanes_km"] == pytest.approx(0 if lanes == "residential" else 7.2, abs=0.1)
    assert told["km"] > 7.2
    extract.box(1150, 1150, 800, 800, landuse="forest")
    found = {f.code: f.params for f in district_of(extract, tmp_path).findings}
    assert "osm.bare_quarters" not in found


def test_a_single_mapped_building_does_not_stand_for_all(tmp_path: Path) -> None:
    extract = town()
    buildings = [n for n, (_, tags) in extract.ways.items() if "building" in tags]
    for number in buildings[1:]:
        del extract.ways[number]
    codes = {f.code for f in district_of(extract, tmp_path).findings}
    assert "osm.residents_from_streets" in codes


@pytest.mark.long
def test_ways_left_out_of_the_streets_stay_by_name_and_source(tmp_path: Path) -> None:
    extract = town()
    unclear = extract.street((50, 50), (250, 50), highway="cycleway", name="Corn Way")
    shut = extract.street((50, 80), (250, 80), highway="footway", foot="no")
    extract.street((50, 110), (250, 110), highway="cycleway", foot="yes")
    made = district_of(extract, tmp_path)
    write_district(made, tmp_path / "a.gpkg")
    for district in (made, read_district(tmp_path / "a.gpkg")):
        rows = district.context[district.context["kind"].isin(["cycleway", "shut"])]
        found = set(zip(rows["kind"], rows["name"], rows["source"], strict=True))
        assert found == {
            ("cycleway", "Corn Way", f"osm:way/{unclear}"),
            ("shut", "", f"osm:way/{shut}"),
        }
