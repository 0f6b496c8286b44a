"""Streets that cross without a common vertex: a fault of the map, or one passes over the other."""

import geopandas as gpd
import pytest
import shapely

import planner

CRS = "EPSG:32650"


def crossing_town(layer: int) -> planner.Assessment:
    """A street of 1 km with a clinic, crossed by another that joins it 2.4 km off on foot.

    Two homes stand on the crossing street, 90 m from where it crosses.
    """
    east, north = 500_000, 3_000_000
    lines = [
        [(0, 0), (1000, 0)],
        [(900, -300), (900, 300)],
        [(0, 0), (0, 300)],
        [(0, 300), (900, 300)],
    ]
    streets = gpd.GeoDataFrame(
        {"layer": [0, layer, 0, 0]}, geometry=[shapely.LineString(line) for line in lines], crs=CRS
    )
    homes = [shapely.Point(900, -90), shapely.Point(900, 90)]
    layers = {
        "streets": streets,
        "demand": gpd.GeoDataFrame({"population": [100, 50]}, geometry=homes, crs=CRS),
        "facilities": gpd.GeoDataFrame(
            {"kind": ["clinic"]}, geometry=[shapely.Point(800, 5)], crs=CRS
        ),
        "communities": gpd.GeoDataFrame(
            {"name": ["A"]}, geometry=[shapely.box(-100, -400, 1100, 400)], crs=CRS
        ),
    }
    for layer_of in layers.values():
        layer_of["geometry"] = layer_of.translate(east, north)
    return planner.assess(planner.from_frames(**layers))


@pytest.mark.parametrize(
    ("layer", "cause", "remedy"), [(0, "data", "map_streets"), (1, "none_near", "build")]
)
def test_no_path_of_no_metres_is_offered_where_streets_cross(layer, cause, remedy):
    result = crossing_town(layer)
    assert result.links().empty
    gaps = result.gaps("clinic")
    assert gaps["population"].tolist() == [150.0]
    assert (gaps["cause"].tolist(), gaps["remedy"].tolist()) == ([cause], [remedy])
