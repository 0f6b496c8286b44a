"""A town small enough to check by hand."""

import geopandas as gpd
import pytest
import shapely

from planner.district import District, builtin_kinds

CRS = "EPSG:32650"


def points(rows, **columns):
    return gpd.GeoDataFrame(columns, geometry=[shapely.Point(xy) for xy in rows], crs=CRS)


@pytest.fixture
def town() -> District:
    """One street of 1000 m along the x axis, in pieces of 100 m; two communities, west and east.

    Homes stand 10 m north of it at 50, 350, 450 (west), 650 and 950 (east), and one more 600 m
    away from any street. A clinic stands on the street at x = 50, another at x = 950 is internal.
    """
    streets = gpd.GeoDataFrame(
        {"street_id": [f"s{i}" for i in range(10)], "highway": "residential"},
        geometry=[shapely.LineString([(100 * i, 0), (100 * i + 100, 0)]) for i in range(10)],
        crs=CRS,
    )
    communities = gpd.GeoDataFrame(
        {
            "community_id": ["001", "002"],
            "name": ["West", "East"],
            "subdistrict": ["Town", "Town"],
        },
        geometry=[shapely.box(-100, -100, 500, 700), shapely.box(500, -100, 1100, 700)],
        crs=CRS,
    )
    demand = points(
        [(50, 10), (350, 10), (450, 10), (650, 10), (950, 10), (800, 600)],
        demand_id=list("abcdef"),
        community_id=["001", "001", "001", "002", "002", "002"],
        population=[100, 50, 30, 20, 40, 7],
        pop_65plus=[10, 5, 3, 2, None, 1],
    )
    facilities = points(
        [(50, 0), (950, 0), (500, 5)],
        facility_id=["clinic-1", "clinic-2", "library-1"],
        name=["First", "Inner", "Books"],
        kind=["clinic", "clinic", "library"],
        ownership=["public", "internal", "public"],
    )
    layers = {
        "streets": streets,
        "communities": communities,
        "demand": demand,
        "facilities": facilities,
    }
    return District.from_layers("Town", layers, complete=builtin_kinds())
