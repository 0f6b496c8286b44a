"""Places told by what is near them and has a name."""

import geopandas as gpd
import numpy as np
import pytest
import shapely

from planner.analysis.nearby import nearby
from planner.district import District
from planner.views.words.labels import Labels
from planner.views.words.places import nearby_word, place_words, site_names

CRS = "EPSG:32650"
EAST, NORTH = 390_000.0, 2_860_000.0


def frame(shapes, **columns) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(columns, geometry=list(shapes), crs=CRS)


def place(x: float, y: float) -> shapely.Point:
    return shapely.Point(EAST + x, NORTH + y)


@pytest.fixture(scope="module")
def district() -> District:
    """A compound with a gate 80 m east of a corner, a planned clinic, a street without a name."""
    low, high = (EAST, NORTH), (EAST + 2000, NORTH + 2000)
    layers = {
        "communities": frame([shapely.box(*low, *high)], community_id=["c1"], name=["锦绣社区"]),
        "streets": frame(
            [
                shapely.LineString([low, (EAST + 2000, NORTH)]),
                shapely.LineString([high, (EAST, NORTH + 2000)]),
            ],
            street_id=["s1", "s2"],
            highway=["residential"] * 2,
            name=["新华路", ""],
        ),
        "facilities": frame(
            [place(270, 0), place(300, 0)],
            facility_id=["f1", "f2"],
            name=["Planned clinic", ""],
            kind=["clinic", "library"],
            status=["planned", "existing"],
        ),
        "demand": frame([place(5, 5)], demand_id=["d1"], community_id=["c1"], population=[1.0]),
        "barriers": frame(
            [shapely.box(EAST + 280, NORTH, EAST + 400, NORTH + 100)],
            barrier_id=["b1"],
            name=["锦绣花园围墙"],
            kind=["wall"],
        ),
        "gates": frame([place(280, 0)], gate_id=["g1"], name=["锦绣花园南门"], open=[True]),
    }
    return District.from_layers("town", layers)


def xy(*points: tuple[float, float]) -> np.ndarray:
    return np.array(points) + np.array([EAST, NORTH])


def test_a_place_is_told_by_its_street_and_the_gate_near_it(district):
    (spot,) = nearby(district, xy((202.0, 0.0)))
    assert spot.street == "新华路"
    # the wall is as near as its gate, the planned clinic nearer: neither is what people know
    assert (spot.landmark, spot.landmark_m, spot.bearing) == ("锦绣花园南门", 78.0, "w")
    assert nearby_word(spot, Labels("en")) == "in 新华路, 80 m west of 锦绣花园南门"
    assert nearby_word(spot, Labels("zh")) == "新华路，锦绣花园南门以西 80 米"


def test_where_nothing_has_a_name_the_community_and_its_part_are_said(district):
    places = xy((1000.0, 1900.0), (1000.0, 1000.0), (1500.0, 50.0), (-500.0, 1500.0))
    assert place_words(district, places, Labels("en")) == [
        "锦绣社区, north",
        "锦绣社区, middle",
        "in 新华路, 锦绣社区",
        "outside the communities, near 锦绣社区",
    ]


def test_no_places_have_no_words(district):
    assert place_words(district, np.empty((0, 2)), Labels("en")) == []


def test_sites_that_were_made_up_are_called_by_their_place(district):
    sites = frame(
        [place(202, 0), place(202, 0), place(1000, 1900)],
        site_id=["c7", "streets:390202,2860000", "c8"],
        origin=["candidates", "streets", "candidates"],
        name=["Old mill", "新华路", ""],
    )
    assert site_names(sites, district, Labels("en")).to_dict() == {
        "c7": "Old mill",
        "streets:390202,2860000": "in 新华路, 80 m west of 锦绣花园南门",
        "c8": "锦绣社区, north",
    }


def test_no_place_is_told_by_a_name_that_many_far_places_bear(district):
    many = frame(
        [place(280, 0), place(1500, 0), place(1560, 0), place(600, 0)],
        gate_id=["g1", "g2", "g3", "g4"],
        name=["锦绣花园北门", "锦绣花园北门", "香樟花园北门", "香樟路口"],
        open=[True] * 4,
    )
    made = district.with_layers(gates=many)
    spots = nearby(made, xy((280, 0), (1500, 0), (600, 0)))
    # the nearest distinguished place instead, and none where there is none
    assert [each.landmark for each in spots] == ["锦绣花园围墙", "香樟花园北门", "香樟路口"]
    # two gates of one compound bear one name and are still a place
    two = many.assign(name=["锦绣花园门", "另一处", "另一处", "锦绣花园门"])
    assert nearby(district.with_layers(gates=two), xy((280, 0)))[0].landmark == "锦绣花园门"
