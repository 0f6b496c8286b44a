"""Files with the fields that Overture Maps publishes: buildings, places and divisions."""

from pathlib import Path

import geopandas as gpd
import pytest
import shapely

import planner
from planner.district import builtin_kinds
from planner.district.kinds import known_kinds
from planner.documents import parse_toml
from planner.errors import InputError
from planner.sources import Residents, read_boundaries, read_facilities
from planner.sources.files import overture
from planner.sources.population.homes import read_homes

pytest.importorskip("pyarrow")

CRS = "EPSG:32650"
SOURCES = [{"property": "", "dataset": "OpenStreetMap", "record_id": "w1@1", "confidence": None}]
BOX = {"xmin": 1.0, "xmax": 2.0, "ymin": 1.0, "ymax": 2.0}


def names(primary):
    return {"primary": primary, "common": None, "rules": None}


def published(tmp_path, name, shapes, **columns):
    """Write a GeoParquet file with the columns that every theme has, and those given."""
    shapes = list(shapes)
    count = len(shapes)
    table = gpd.GeoDataFrame(
        {
            "id": [f"{name}-{n}" for n in range(count)],
            "version": [1] * count,
            "sources": [SOURCES] * count,
            "bbox": [BOX] * count,
            **columns,
        },
        geometry=shapes,
        crs=CRS,
    ).to_crs(4326)
    file = tmp_path / f"{name}.parquet"
    table.to_parquet(file)
    return file


@pytest.fixture
def places(tmp_path):
    rows = [
        ("City Library", "library", 0.95, "open"),
        ("Walk-in", "walk_in_clinic", 0.8, "open"),
        ("Old Library", "library", 0.9, "permanently_closed"),
        ("Perhaps", "library", 0.2, "open"),
        ("Noodles", "noodles_restaurant", 0.99, "open"),
        ("Unnamed", None, 0.99, None),
    ]
    return published(
        tmp_path,
        "place",
        [shapely.Point(30 + 10 * n, 2) for n in range(len(rows))],
        names=[names(row[0]) for row in rows],
        categories=[{"primary": row[1], "alternate": ["landmark"]} for row in rows],
        confidence=[row[2] for row in rows],
        operating_status=[row[3] for row in rows],
    )


def test_places_become_facilities_by_category_and_confidence(places):
    found = read_facilities(places, builtin_kinds(), to_crs=CRS)
    table = found.table.set_index("name")
    assert table["kind"].to_dict() == {
        "City Library": "library",
        "Walk-in": "clinic",
        "Old Library": "library",
    }
    assert table["status"].to_dict()["Old Library"] == "closed"
    assert table.loc["Walk-in", "confidence"] == 0.8
    assert [(w.word, w.kind, w.count) for w in found.words] == [
        ("library", "library", 2),
        ("walk_in_clinic", "clinic", 1),
    ]
    told = {f.code: dict(f.params) for f in found.findings}
    assert told["population.overture_unsure"]["count"] == 1
    assert told["population.overture_left"]["count"] == 2
    assert found.source.licence == "CDLA-Permissive-2.0"


def test_a_category_can_be_said_to_be_another_kind_or_none(places):
    said = {"noodles_restaurant": "canteen", "library": ""}
    found = read_facilities(places, builtin_kinds(), to_crs=CRS, kind_words=said)
    assert sorted(found.table["kind"]) == ["canteen", "clinic"]


def test_the_taxonomy_of_later_releases_is_read_too(tmp_path):
    file = published(
        tmp_path,
        "place",
        [shapely.Point(30, 2), shapely.Point(40, 2)],
        names=[names("A"), names("B")],
        taxonomy=[
            {"primary": "rare_books", "hierarchy": ["a", "library"], "alternates": []},
            {"primary": "police_station", "hierarchy": ["b"], "alternates": []},
        ],
        basic_category=["library", "police_station"],
        confidence=[0.9, 0.9],
    )
    found = read_facilities(file, builtin_kinds(), to_crs=CRS)
    assert found.table["kind"].tolist() == ["library", "police_station"]


def test_places_of_no_kind_at_all_are_refused(tmp_path):
    file = published(
        tmp_path,
        "place",
        [shapely.Point(30, 2)],
        names=[names("A")],
        categories=[{"primary": "zoo", "alternate": None}],
        confidence=[0.9],
    )
    with pytest.raises(InputError) as error:
        read_facilities(file, builtin_kinds())
    assert error.value.code == "population.overture_no_kind"


@pytest.fixture
def buildings(tmp_path):
    return published(
        tmp_path,
        "building",
        [shapely.box(x, 2, x + 20, 12) for x in (20, 120, 220, 320, 420)],
        names=[None] * 5,
        subtype=["residential", None, "education", None, "residential"],
        **{"class": ["apartments", None, "school", "garage", None]},
        height=[None, 9.0, None, None, None],
        num_floors=[10, None, 3, 1, 2],
        has_parts=[False] * 5,
        is_underground=[False, False, False, False, True],
    )


def test_buildings_under_ground_are_none_in_geojson_either(buildings, tmp_path):
    """Nulls beside yes and no come as numbers there."""
    table = gpd.read_parquet(buildings)
    told = [None, None, None, None, True]
    plain = table.assign(is_underground=told)[["id", "subtype", "is_underground", "geometry"]]
    plain = plain.assign(version=1, num_floors=2)
    plain["class"] = table["class"]
    file = tmp_path / "buildings.geojson"
    plain.to_file(file, driver="GeoJSON")
    assert gpd.read_file(file)["is_underground"].dtype != bool
    ids = read_homes(file, to_crs=CRS).table["demand_id"]
    assert "building-4" not in set(ids)
    assert "building-0" in set(ids)


def test_buildings_are_homes_by_class_subtype_and_floors(buildings):
    found = read_homes(buildings, to_crs=CRS)
    weight = found.table.set_index("demand_id")["weight"]
    assert list(weight.index) == ["building-0", "building-1"]
    assert weight["building-0"] == pytest.approx(2000, rel=0.01)
    assert weight["building-1"] == pytest.approx(600, rel=0.01)
    assert "OpenStreetMap" in found.source.attribution


@pytest.fixture
def divisions(tmp_path):
    return published(
        tmp_path,
        "division_area",
        [
            shapely.box(0, -50, 500, 50),
            shapely.box(500, -50, 900, 50),
            shapely.box(0, -90, 900, 90),
            shapely.box(900, 0, 990, 90),
        ],
        names=[names("West"), names("East"), names("Town"), names("Sea")],
        subtype=["neighborhood", "neighborhood", "locality", "neighborhood"],
        division_id=list("abcd"),
        country=["XX"] * 4,
        **{"class": ["land", "land", "land", "maritime"]},
    )


def test_the_smallest_divisions_on_land_are_the_communities(divisions):
    found = read_boundaries(divisions, to_crs=CRS)
    assert found.table["name"].tolist() == ["West", "East"]
    told = {f.code: dict(f.params) for f in found.findings}["population.overture_divisions"]
    assert (told["subtype"], told["counts"]) == ("neighborhood", "locality: 1, neighborhood: 2")


def test_every_kind_has_its_categories_or_is_named_as_having_none():
    file = Path(overture.__file__).with_name("overture_categories.toml")
    categories = parse_toml(file.read_text(encoding="utf-8"))
    assert set(categories) == set(known_kinds())
    untold = {kind for kind, names in categories.items() if not names}
    assert untold & set(builtin_kinds()) == {"police_room", "cultural_station"}
    told = [name for names in categories.values() for name in names]
    assert len(told) == len(set(told))


@pytest.mark.long
def test_a_district_of_overture_files_and_a_table_of_totals(tmp_path, places, buildings, divisions):
    streets = tmp_path / "streets.gpkg"
    line = shapely.LineString([(0, 0), (900, 0)])
    gpd.GeoDataFrame({"highway": ["residential"]}, geometry=[line], crs=CRS).to_file(streets)
    totals = tmp_path / "totals.csv"
    totals.write_text("name,population\nWest,120\nEast,31\n", encoding="utf-8")
    district = planner.from_files(
        "Town",
        boundaries=divisions,
        streets=streets,
        facilities=places,
        residents=Residents(totals=totals, homes=buildings),
    )
    assert district.demand.groupby("spread_by")["population"].sum().sum() == 151
    assert planner.write_district(district, tmp_path / "town.gpkg").is_file()
    assert "Overture Maps Foundation" in district.attribution
