"""Two streets beside a wall: gaps of the police and of health to be worked out by hand."""

import geopandas as gpd
import shapely

from planner.district import District, Rule, Standard, builtin_kinds
from planner.district.kinds import Kind

CRS = "EPSG:32650"
X, Y = 390_000.0, 2_860_000.0
KINDS = ("clinic", "police_room")
STANDARD = Standard(
    "test",
    "Test",
    "试",
    "",
    rules={
        "clinic": Rule("clinic", 300.0, floor_area_m2=120.0),
        "police_room": Rule("police_room", 300.0, floor_area_m2=60.0),
        "elderly_care": Rule("elderly_care", 300.0, floor_area_m2=350.0),
    },
    measure="walk",
)
PEOPLE = {"south": 80.0, "behind": 200.0, "middle": 60.0, "north": 50.0}


def frame(shapes, **columns) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(columns, geometry=list(shapes), crs=CRS)


def point(x: float, y: float) -> shapely.Point:
    return shapely.Point(X + x, Y + y)


def line(*xy) -> shapely.LineString:
    return shapely.LineString([point(x, y) for x, y in xy])


def two_streets(**facilities: list) -> District:
    """A police room at (100, 0), a clinic at (1900, 40); a wall between, open only at its end.

    ``south`` has the police room beside it, ``behind`` has it behind the wall, ``north`` has the
    clinic beside it, ``middle`` has nothing.
    """
    at = [(100, 0), (100, 40), (1000, 0), (1900, 40)]
    stands = {
        "facility_id": ["p", "c"],
        "name": ["Room", "Clinic"],
        "kind": ["police_room", "clinic"],
        "department": ["章贡区公安局", "health"],
    }
    layers = {
        "communities": frame(
            [shapely.box(X - 300, Y - 300, X + 2300, Y + 500)], community_id=["1"], name=["Only"]
        ),
        "streets": frame(
            [line((0, 0), (2000, 0)), line((2000, 0), (2000, 40)), line((2000, 40), (0, 40))],
            street_id=["a", "b", "c"],
            name=["South Road", "", "North Road"],
        ),
        "facilities": frame([point(100, 0), point(1900, 40)], **{**stands, **facilities}),
        "demand": frame(
            [point(x, y) for x, y in at],
            demand_id=list(PEOPLE),
            community_id="1",
            population=list(PEOPLE.values()),
            pop_65plus=[8.0, 2.0, 6.0, 5.0],
        ),
        "candidates": frame(
            [point(1000, 0), point(100, 40)],
            candidate_id=["yard", "shed"],
            name=["Yard", "Shed"],
            cost=[100.0, 100.0],
            floor_area_m2=[200.0, 200.0],
        ),
        "barriers": frame([line((-100, 20), (1950, 20))], barrier_id=["w"], kind="wall"),
    }
    kinds = builtin_kinds() | {"hut": Kind("hut", "Hut", "亭")}
    return District.from_layers("Two streets", layers, kinds=kinds, complete=KINDS)
