"""A small district in EPSG:4547 for the tests of what reads and writes."""

import geopandas as gpd
import shapely

from planner.district import District, Kind, Source, builtin_kinds
from planner.errors import Finding

CRS = "EPSG:4547"
X, Y = 493_000.123456789, 2_860_000.987654321


def points(rows, **columns):
    return gpd.GeoDataFrame(columns, geometry=[shapely.Point(xy) for xy in rows], crs=CRS)


def layers():
    streets = gpd.GeoDataFrame(
        {
            "street_id": ["s1", "s2", "s3"],
            "name": ["红旗大道", "", "Long 'Bridge'"],
            "bridge": [False, False, True],
            "ascent_m": [1.5, None, None],
            "surface": ["asphalt", None, "wood"],
        },
        geometry=[
            shapely.LineString([(X, Y), (X + 100, Y)]),
            shapely.LineString([(X + 100, Y), (X + 200, Y), (X + 300, Y)]),
            shapely.LineString([(X + 300, Y), (X + 400, Y)]),
        ],
        crs=CRS,
    )
    communities = gpd.GeoDataFrame(
        {
            "community_id": ["036000000001", "036000000002"],
            "name": ["赣江社区", "East"],
            "subdistrict": ["解放街道", "解放街道"],
            "population": [150.0, None],
        },
        geometry=[
            shapely.box(X - 50, Y - 50, X + 200, Y + 50),
            shapely.MultiPolygon(
                [
                    shapely.box(X + 200, Y - 50, X + 450, Y + 50),
                    shapely.box(X + 200, Y + 60, X + 250, Y + 90),
                ]
            ),
        ],
        crs=CRS,
    )
    return {
        "streets": streets,
        "communities": communities,
        "demand": points(
            [(X + 20, Y + 10), (X + 120, Y - 10), (X + 320, Y + 10)],
            demand_id=["001", "002", "003"],
            community_id=["036000000001", "036000000001", "036000000002"],
            population=[100.0, 50.0, 30.5],
            pop_65plus=[10.0, None, 3.0],
        ),
        "facilities": points(
            [(X, Y + 5), (X + 350, Y + 5)],
            facility_id=["f1", "f2"],
            name=["First", "茶馆"],
            kind=["clinic", "tea_house"],
        ),
        "barriers": gpd.GeoDataFrame(
            {"barrier_id": ["b1", "b2"], "kind": ["water", "wall"]},
            geometry=[
                shapely.box(X, Y + 100, X + 400, Y + 150),
                shapely.LineString([(X, Y - 80), (X + 400, Y - 80)]),
            ],
            crs=CRS,
        ),
        "gates": points([(X + 10, Y - 80)], gate_id=["g1"], open=[True]),
    }


def kinds():
    return builtin_kinds() | {"tea_house": Kind("tea_house", "Tea house", "茶馆", poi=("茶馆",))}


def small_district(**changed) -> District:
    return District.from_layers(
        "Small",
        {**layers(), **changed},
        sources=[
            Source("streets", "map.pbf", "2024-01-01", "ODbL-1.0", "© OpenStreetMap contributors"),
            Source("demand", "register.csv"),
        ],
        findings=[Finding("sources.not_on_globe", {"lon": 1.5, "lat": 99})],
        synthetic=True,
        kinds=kinds(),
    )
