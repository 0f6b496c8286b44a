"""A small town whose figures can be worked out by hand."""

from pathlib import Path

import geopandas as gpd
import shapely

from planner import assess
from planner.district import District, Source, builtin_kinds
from planner.result import AssessmentResult
from planner.sources import read_district

CRS = "EPSG:32650"
EAST, NORTH = 390_000.0, 2_860_000.0
JUDGED: dict[tuple[bytes, ...], AssessmentResult] = {}


def as_it_is(file: Path) -> tuple[bytes, ...]:
    """Return what a workspace and the files beside it that speak of it hold."""
    files = sorted(file.parent.glob(f"{file.name}*"))
    return tuple(part for each in files for part in (each.name.encode(), each.read_bytes()))


def judged(file: Path) -> AssessmentResult:
    """Return the assessment of a workspace as it is now; equal ones are read and judged once."""
    content = as_it_is(file)
    if content not in JUDGED:
        JUDGED[content] = assess(read_district(file), "gb50180-2018")
    return JUDGED[content]


def frame(shapes, **columns) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(columns, geometry=list(shapes), crs=CRS)


def town(people: str = "population", name: str = "River Town", **community_names: str) -> District:
    """Two communities on one street, a clinic and a canteen at its west end, a home every 100 m.

    One home lies far from any street, so its distance is unknown.
    """
    homes = [shapely.Point(EAST + 50 + 100 * n, NORTH + 10) for n in range(10)]
    homes.append(shapely.Point(EAST + 950, NORTH + 390))
    groups = {"pop_65plus": [1.0] * 11} if people == "population" else {}
    layers = {
        "communities": frame(
            [shapely.box(EAST + x, NORTH - 400, EAST + x + 500, NORTH + 400) for x in (0, 500)],
            community_id=["360702001001", "360702001002"],
            name=[community_names.get("west", "West"), "East"],
            subdistrict=["Bank", "Bank"],
        ),
        "streets": frame(
            [shapely.LineString([(EAST, NORTH), (EAST + 1000, NORTH)])],
            street_id=["s1"],
            highway=["residential"],
        ),
        "facilities": frame(
            [shapely.Point(EAST, NORTH)] * 2,
            facility_id=["f1", "f2"],
            name=["Clinic", "Canteen"],
            kind=["clinic", "canteen"],
        ),
        "demand": frame(
            homes,
            demand_id=[f"d{n}" for n in range(11)],
            community_id=["360702001001"] * 5 + ["360702001002"] * 6,
            **{people: [10.0] * 11},
            **groups,
        ),
    }
    return District.from_layers(
        name,
        layers,
        sources=[Source("streets", "hand", "2026-01-02", "ODbL-1.0", "© River Town survey")],
        synthetic=True,
        complete=builtin_kinds(),
    )
