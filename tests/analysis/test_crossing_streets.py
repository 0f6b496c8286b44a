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


@pytest.mark.long
def test_who_lives_behind_a_shut_gate_lacks_the_gate_and_not_the_map():
    """One street through a wall, cut at its shut gate: a home behind, a clinic before it."""
    east, north = 500_000, 3_000_000
    streets = [shapely.LineString([(0, 0), (299, 0)]), shapely.LineString([(301, 0), (420, 0)])]
    layers = {
        "streets": gpd.GeoDataFrame(geometry=streets, crs=CRS),
        "demand": gpd.GeoDataFrame(
            {"population": [10, 5]}, geometry=[shapely.Point(x, 5) for x in (400, 100)], crs=CRS
        ),
        "facilities": gpd.GeoDataFrame(
            {"kind": ["clinic"]}, geometry=[shapely.Point(160, 5)], crs=CRS
        ),
        "communities": gpd.GeoDataFrame(
            {"name": ["A"]}, geometry=[shapely.box(-100, -400, 1100, 400)], crs=CRS
        ),
        "barriers": gpd.GeoDataFrame(
            {"kind": ["wall"], "name": ["The wall"]},
            geometry=[shapely.LineString([(300, -400), (300, 400)])],
            crs=CRS,
        ),
        "gates": gpd.GeoDataFrame(
            {"gate_id": ["g"], "name": ["North gate"], "open": [False]},
            geometry=[shapely.Point(300, 0)],
            crs=CRS,
        ),
    }
    for layer in layers.values():
        layer["geometry"] = layer.translate(east, north)
    result = planner.assess(planner.from_frames(**layers))
    (gap,) = result.gaps("clinic").to_dict("records")
    assert (gap["population"], gap["cause"], gap["remedy"]) == (10.0, "barrier", "link")
    assert (gap["barrier"], gap["barrier_id"]) == ("wall", "1")
    (link,) = result.links().to_dict("records")
    assert (link["work"], link["gate_id"], link["gain_clinic"]) == ("open_gate", "g", 10.0)
