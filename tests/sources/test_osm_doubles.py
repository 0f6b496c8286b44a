"""Buildings that are mapped twice or in one another, and spellings of who may come in."""

from pathlib import Path

import pytest
import shapely
from osm_maker import town

from planner.sources.osm.barriers import is_closed_compound
from planner.sources.osm.district import from_osm
from planner.sources.osm.doubled_homes import homes_once
from planner.sources.osm.objects import Area


def home(name: str, shape: shapely.Polygon, **tags: str) -> Area:
    told = {"building": "apartments", "building:levels": "10", **tags}
    return Area(name, {key: value for key, value in told.items() if value}, shape)


def square(x: float, y: float, side: float) -> shapely.Polygon:
    return shapely.box(x, y, x + side, y + side)


def ground(homes: list[Area]) -> dict[str, float]:
    return {each.id: each.shape.area for each in homes}


def test_a_building_mapped_as_relation_and_way_is_the_one_with_the_courtyard() -> None:
    outer = square(0, 0, 30)
    both = [
        home("way/1", outer),
        home("relation/2", outer - square(10, 10, 10), building="yes", **{"building:levels": ""}),
    ]
    for homes in (both, both[::-1]):
        found, kept, (told,) = homes_once(homes, "a.osm")
        assert ground(found) == {"relation/2": 800.0}
        assert found[0].tags == {"building": "apartments", "building:levels": "10"}
        assert kept.sum() == 1
        assert told.params == {"file": "a.osm", "twice": 1, "under": 0, "ids": "way/1"}


def test_ground_under_another_home_counts_once() -> None:
    podium = home("way/1", square(0, 0, 30), **{"building:levels": "3"})
    tower = home("way/2", square(2, 2, 20), **{"building:levels": "30"})
    inside = home("way/3", square(4, 4, 10), **{"building:levels": ""})
    found, _, (told,) = homes_once([podium, tower, inside], "a.osm")
    assert ground(found) == {"way/1": 500.0, "way/2": 300.0, "way/3": 100.0}
    assert {each.id: each.tags["building:levels"] for each in found}["way/3"] == "30"
    assert told.params["under"] == 2


def test_a_terrace_drawn_around_its_houses_is_no_home_of_its_own() -> None:
    row = home("way/9", shapely.box(0, 0, 60, 12))
    houses = [home(f"way/{i}", shapely.box(i * 10, 0, i * 10 + 10, 11.9)) for i in range(6)]
    found, kept, _ = homes_once([row, *houses], "a.osm")
    assert sorted(ground(found)) == sorted(each.id for each in houses)
    assert kept.tolist() == [False, *[True] * 6]


def test_neighbours_that_touch_or_are_drawn_a_little_over_each_other_stay() -> None:
    homes = [home("way/1", square(0, 0, 30)), home("way/2", square(29.5, 0, 30))]
    homes.append(home("way/3", square(0, 30, 30)))
    found, kept, told = homes_once(homes, "a.osm")
    assert found == homes
    assert kept.all()
    assert told == []
    assert homes_once([], "a.osm")[0] == []


@pytest.mark.long
def test_an_extract_with_a_home_mapped_twice_weighs_it_once(tmp_path: Path) -> None:
    extract = town()
    tags = {"building": "apartments", "building:levels": "6"}
    extract.box(1500 + 90, 90, 10, 10, **tags)
    extract.box(1500 + 90, 90, 10, 10, **tags)
    district = from_osm(extract.write(tmp_path / "a.osm"), "章贡区", buffer_m=500)
    assert (district.demand["weight"].between(590, 610)).sum() == 1
    (told,) = [f for f in district.findings if f.code == "osm.homes_doubled"]
    assert told.params["twice"] == 1


@pytest.mark.long
@pytest.mark.parametrize(
    ("access", "ownership"),
    [
        ("private", "internal"),
        ("Private", "internal"),
        ("no;private", "internal"),
        ("private; staff", "internal"),
        ("staff_only", "internal"),
        ("employees;customers", "public"),
        ("customers", "public"),
    ],
)
def test_who_may_come_in_is_read_however_it_is_spelt(
    tmp_path: Path, access: str, ownership: str
) -> None:
    extract = town()
    extract.node(620, 120, amenity="library", name="L", access=access)
    table = from_osm(extract.write(tmp_path / "a.osm"), "章贡区", buffer_m=500).facilities
    assert table.loc[table["name"] == "L", "ownership"].tolist() == [ownership]


def test_closed_ground_is_read_however_it_is_spelt() -> None:
    assert is_closed_compound({"landuse": "industrial", "access": "Private;permit"})
    assert not is_closed_compound({"landuse": "industrial", "access": "yes;customers"})


@pytest.mark.long
def test_a_clinic_in_a_tower_has_not_the_floor_area_of_the_tower(tmp_path: Path) -> None:
    extract = town()
    for place, tags in enumerate(
        (
            {"building": "apartments", "building:levels": "20", "name": "tower"},
            {"building": "retail", "name": "mall"},
            {"building": "yes", "building:levels": "8", "level": "2", "name": "storey"},
            {"building": "yes", "building:levels": "2", "name": "own"},
        )
    ):
        extract.box(600 + 60 * place, 120, 20, 30, amenity="library", **tags)
    district = from_osm(extract.write(tmp_path / "a.osm"), "章贡区", buffer_m=500)
    area = district.facilities.set_index("name")["floor_area_m2"]
    assert area["own"] == pytest.approx(1200, rel=0.01)
    assert area[["tower", "mall", "storey"]].isna().all()
    told = {f.code: f.params["count"] for f in district.findings if "floor_areas" in f.code}
    assert told["osm.floor_areas_shared"] == 3
    assert told["osm.floor_areas_estimated"] == area.notna().sum()


@pytest.mark.long
def test_homes_of_several_values_and_storeys_of_several_figures_are_weighed(tmp_path: Path) -> None:
    extract = town()
    for place, tags in enumerate(
        (
            {"building": "Apartments;retail"},
            {"building": "apartments", "building:levels": "6-8"},
            {"building": "apartments", "building:height": "60 ft"},
            {"building": "apartments", "building:levels": "5", "building:min_level": "3"},
            {"building": "apartments", "building:levels": "6+1"},
        )
    ):
        extract.box(600 + 60 * place, 120, 20, 30, **tags)
    district = from_osm(extract.write(tmp_path / "a.osm"), "章贡区", buffer_m=500)
    added = district.demand.tail(5)["weight"].to_numpy() / 600
    assert added == pytest.approx([5, 7, 6.1, 2, 7], rel=0.01)
