"""Enlargements by load: room told in residents and in people a day, worked out by hand."""

import geopandas as gpd
import pytest
import shapely

import planner
from planner.analysis.measures.enlarged import enlarged
from planner.district import District, Scenario, builtin_kinds
from planner.district.scenarios.scenario import Enlarge

CRS = "EPSG:32650"


def layer(shapes, **columns):
    return gpd.GeoDataFrame(columns, geometry=shapes, crs=CRS)


@pytest.mark.parametrize(
    ("change", "load", "per_capacity"),
    [
        (Enlarge("f", capacity_residents=200.0), (1.0, 0.5), (2.0, 1.0)),
        (Enlarge("f", capacity=200.0), (1.0, 0.25), (2.0, 0.5)),
    ],
)
def test_load_before_and_after(change, load, per_capacity):
    layers = {
        "communities": layer([shapely.box(-9, -9, 999, 9)], community_id=["1"], name=["E"]),
        "streets": layer([shapely.LineString([(0, 0), (900, 0)])], street_id=["s"]),
        "facilities": layer(
            [shapely.Point(0, 0)],
            facility_id=["f"],
            name=["Clinic"],
            kind=["clinic"],
            capacity=[50.0],
            capacity_residents=[100.0],
        ),
        "demand": layer(
            [shapely.Point(50, 0)], demand_id=["a"], community_id=["1"], population=[100.0]
        ),
    }
    before = planner.assess(District.from_layers("Street", layers, complete=builtin_kinds()))
    scenario = Scenario("more", [change])
    row = enlarged(before, before.apply(scenario), scenario).loc["f"]
    assert (row["load_before"], row["load_after"]) == load
    assert (row["per_capacity_before"], row["per_capacity_after"]) == per_capacity
    assert row["name"] == "Clinic"
    assert enlarged(before, before, Scenario("none")).empty
