"""A small made-up town and its assessment."""

import geopandas as gpd
import numpy as np
import pytest
import shapely

from planner.analysis.assessment import Assessment
from planner.district import District, Source, builtin_kinds
from planner.result import assess

CRS = "EPSG:32650"
EAST, NORTH = 390_000.0, 2_860_000.0
HOSTILE = '</script><img src=x onerror="window.__ran=1">`${window.__ran=2}`{{ 7*7 }}{% x %}\'\\'


def _frame(shapes, **columns) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(columns, geometry=list(shapes), crs=CRS)


def _layers(hostile: bool = False) -> dict[str, gpd.GeoDataFrame]:
    name = HOSTILE if hostile else "Bridge 社区"
    boxes = [
        shapely.box(EAST + 500 * x, NORTH + 500 * y, EAST + 500 * (x + 1), NORTH + 500 * (y + 1))
        for y in range(2)
        for x in range(3)
    ]
    ways = [
        *(((EAST, NORTH + y), (EAST + 1500, NORTH + y)) for y in (100, 400, 600, 900)),
        *(((EAST + x, NORTH), (EAST + x, NORTH + 1000)) for x in (100, 700, 1400)),
    ]
    # split where they cross: streets join at their ends only
    streets = list(shapely.get_parts(shapely.node(shapely.multilinestrings(ways))))
    classes = ["primary", "residential", "footway", "", "tertiary", "residential", "steps"]
    homes = [
        shapely.Point(EAST + 75 + 150 * x, NORTH + 60 + 125 * y)
        for y in range(8)
        for x in range(10)
    ]
    # the last home is too far from any street: its distance is unknown
    cells = [int(p.x - EAST) // 500 + 3 * (int(p.y - NORTH) // 500) for p in homes]
    community = [f"36070200100{1 + cell}" for cell in cells]
    homes[-1] = shapely.Point(EAST + 1450, NORTH + 1500)
    doors = ((100, 100), (700, 600), (1400, 900), (720, 410))
    return {
        "communities": _frame(
            boxes,
            community_id=[f"36070200100{n}" for n in range(1, 7)],
            name=[name, "East Gate", "South Field", "Old Town", "Mill", "Hill"],
            subdistrict=["North"] * 3 + ["South"] * 3,
        ),
        "streets": _frame(
            streets,
            street_id=[f"s{n}" for n in range(len(streets))],
            highway=[classes[n % len(classes)] for n in range(len(streets))],
        ),
        "facilities": _frame(
            [shapely.Point(EAST + x, NORTH + y) for x, y in doors],
            facility_id=["f1", "f2", "f3", "f4"],
            name=[name, "Clinic 2", "Library", "Works clinic"],
            kind=["clinic", "clinic", "library", "clinic"],
            ownership=["public", "public", "public", "internal"],
            opening_hours=["Mo-Fr 08:00-18:00", "24/7", "", ""],
            services=["prevention; rehabilitation", "", name, ""],
            floor_area_m2=[120.0, np.nan, 300.0, np.nan],
        ),
        "demand": _frame(
            homes,
            demand_id=[f"d{n}" for n in range(len(homes))],
            community_id=community,
            population=[10.0 + n for n in range(len(homes))],
            pop_65plus=[2.0 + n % 5 for n in range(len(homes))],
        ),
        "context": _frame(
            [
                shapely.box(EAST - 200, NORTH + 470, EAST + 1700, NORTH + 530),
                shapely.LineString([(EAST, NORTH + 950), (EAST + 1500, NORTH + 960)]),
                shapely.box(EAST + 1200, NORTH + 50, EAST + 1350, NORTH + 250),
                shapely.box(EAST + 60, NORTH + 300, EAST + 90, NORTH + 330),
            ],
            kind=["water", "rail", "green", "building"],
            name=["River", "", "Park", ""],
        ),
        "barriers": _frame(
            [shapely.LineString([(EAST + 800, NORTH + 650), (EAST + 800, NORTH + 850)])],
            barrier_id=["b1"],
            kind=["wall"],
        ),
    }


def build_district(hostile: bool = False, estimated: bool = False) -> District:
    layers = _layers(hostile)
    if estimated:
        layers["demand"] = (
            layers["demand"].rename(columns={"population": "weight"}).drop(columns="pop_65plus")
        )
    return District.from_layers(
        HOSTILE if hostile else "River Town",
        layers,
        sources=[
            Source("streets", "hand", "2026-01-02", "ODbL-1.0", "© OpenStreetMap contributors")
        ],
        synthetic=True,
        complete=builtin_kinds(),
    )


def build_assessment(district: District, at: str | None = None) -> Assessment:
    return assess(district, at=at)


@pytest.fixture(scope="session")
def town() -> District:
    return build_district()


@pytest.fixture(scope="session")
def result(town: District) -> Assessment:
    return build_assessment(town)


@pytest.fixture(scope="session")
def hostile_result() -> Assessment:
    return build_assessment(build_district(hostile=True))


@pytest.fixture(scope="session")
def estimated_result() -> Assessment:
    return build_assessment(build_district(estimated=True))


@pytest.fixture(scope="session")
def make_assessment():
    return build_assessment
