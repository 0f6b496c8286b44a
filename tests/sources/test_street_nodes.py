"""What a node on a way tells of who gets along it."""

from pathlib import Path

import pytest
from osm_maker import Extract, town

from planner.analysis.distances.profile_streets import ProfileStreets
from planner.district.walk_profiles import find_profile
from planner.sources.osm.district import from_osm

FEET = {"highway": "footway", "surface": "asphalt"}
ACROSS = {**FEET, "footway": "crossing"}
ROAD = {"highway": "residential"}


def streets_of(extract: Extract, tmp_path: Path):
    return from_osm(extract.write(tmp_path / "a.osm"), "章贡区", buffer_m=500).streets


def of_way(streets, way: int):
    return streets[streets["source"] == f"osm:way/{way}"]


def with_node(tags: dict[str, str], way: dict[str, str]) -> tuple[Extract, int]:
    """Add a way between two streets whose middle is a node with tags."""
    extract = town()
    ends = [extract.node(*place) for place in ((560, 500), (560, 750))]
    middle = extract.node(560, 620, **tags)
    return extract, extract.way([ends[0], middle, ends[1]], way)


@pytest.mark.long(but=3)
@pytest.mark.parametrize(
    ("tags", "way", "kerb"),
    [
        ({"barrier": "kerb", "kerb": "raised"}, FEET, "raised"),
        ({"barrier": "kerb", "kerb": "regular"}, FEET, "regular"),
        ({"barrier": "kerb"}, FEET, "yes"),
        ({"kerb": "of granite"}, FEET, "yes"),
        ({"barrier": "kerb", "kerb:height": "0.15"}, FEET, "raised"),
        ({"kerb": "yes", "kerb:height": "2 cm"}, FEET, "lowered"),
        ({"kerb": "yes", "kerb:height": "0"}, FEET, "flush"),
        ({"kerb": "lowered"}, {**FEET, "kerb": "raised"}, "raised"),
        ({"barrier": "kerb", "kerb": "raised", "wheelchair": "yes"}, FEET, "lowered"),
        ({"barrier": "gate", "wheelchair": "yes"}, FEET, ""),
        ({"barrier": "bollard"}, FEET, ""),
    ],
)
def test_a_kerb_is_that_of_the_node(tmp_path, tags, way, kerb):
    extract, number = with_node(tags, way)
    assert of_way(streets_of(extract, tmp_path), number)["kerb"].tolist() == [kerb]


@pytest.mark.long(but=5)
@pytest.mark.parametrize(
    ("tags", "way", "said"),
    [
        ({"barrier": "gate", "wheelchair": "no"}, FEET, "no"),
        ({"barrier": "gate", "wheelchair": "no"}, ROAD, "no"),
        ({"barrier": "bollard", "wheelchair": "limited"}, FEET, "limited"),
        ({"highway": "elevator", "wheelchair": "no"}, FEET, "no"),
        ({"barrier": "kerb", "wheelchair": "no"}, FEET, "no"),
        ({"barrier": "kerb", "wheelchair": "no"}, ROAD, ""),
        ({"highway": "crossing", "wheelchair": "no"}, ACROSS, "no"),
        ({"highway": "crossing", "wheelchair": "no"}, ROAD, ""),
        ({"wheelchair": "no"}, {**FEET, "wheelchair": "yes"}, "no"),
        ({"wheelchair": "limited"}, {**FEET, "wheelchair": "no"}, "no"),
        ({"wheelchair": "yes"}, {**FEET, "wheelchair": "no"}, "no"),
        ({"amenity": "cafe", "wheelchair": "no"}, FEET, ""),
        ({"highway": "bus_stop", "wheelchair": "no"}, FEET, ""),
    ],
)
def test_what_a_node_denies_wheelchairs_its_way_denies(tmp_path, tags, way, said):
    extract, number = with_node(tags, way)
    assert of_way(streets_of(extract, tmp_path), number)["wheelchair"].tolist() == [said]


def test_a_crossing_at_the_road_is_no_word_on_the_road(tmp_path):
    extract = town()
    left, middle, right = (extract.node(x, 620) for x in (450, 500, 560))
    extract.nodes[middle] = (500, 620, {"highway": "crossing", "wheelchair": "no"})
    road = extract.way([extract.node(500, 560), middle, extract.node(500, 680)], ROAD)
    across = extract.way([left, middle, right], ACROSS)
    streets = streets_of(extract, tmp_path)
    assert of_way(streets, road)["wheelchair"].tolist() == ["", ""]
    assert of_way(streets, across)["wheelchair"].tolist() == ["no", "no"]


@pytest.mark.parametrize(
    ("tags", "way", "width"),
    [
        ({"barrier": "bollard", "maxwidth:physical": "0.7"}, {**FEET, "width": "3"}, 0.7),
        ({"barrier": "bollard", "width": "0.2"}, FEET, None),
        ({"barrier": "bollard"}, {**FEET, "width": "3", "maxwidth:physical": "80 cm"}, 0.8),
    ],
)
def test_a_way_is_as_wide_as_where_it_is_narrowest(tmp_path, tags, way, width):
    extract, number = with_node(tags, way)
    found = of_way(streets_of(extract, tmp_path), number)["width_m"]
    assert found.tolist() == pytest.approx([width if width else float("nan")], nan_ok=True)


def test_a_kerb_of_unknown_height_is_read_both_ways(tmp_path):
    extract, number = with_node({"barrier": "kerb"}, FEET)
    own = of_way(streets_of(extract, tmp_path), number)
    on_streets = ProfileStreets.of(find_profile("wheelchair"), own)
    rules = {each.rule.id: each for each in on_streets.rules}
    assert rules["kerb"].doubt.tolist() == [True]
    assert rules["kerb"].bites.tolist() == [False]
