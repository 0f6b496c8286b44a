"""Motorways of street files are barriers on the ground; merged streets are as their worst part."""

import geopandas as gpd
import numpy as np
import pytest
import shapely

import planner
from planner.sources import read_update, write_district

CRS = "EPSG:32650"
X, Y = 390_000.0, 2_860_000.0


def frame(shapes, **columns):
    return gpd.GeoDataFrame(columns, geometry=shapes, crs=CRS)


def line(*xy):
    return shapely.LineString([(X + x, Y + y) for x, y in xy])


def streets(**columns):
    """A street with a home beyond the road that runs along its end."""
    road = {"street_id": ["s", "m"], "highway": ["residential", "motorway"], **columns}
    return frame([line((0, 0), (200, 0)), line((220, -300), (220, 300))], **road)


def town(**layers):
    given = {
        "communities": frame([shapely.box(X - 50, Y - 60, X + 320, Y + 60)], name=["East"]),
        "streets": streets(),
        "facilities": frame([shapely.Point(X + 100, Y)], kind=["clinic"]),
        "demand": frame([shapely.Point(X + 250, Y), shapely.Point(X + 50, Y)], population=[10, 20]),
        **layers,
    }
    return planner.from_frames("Town", **given)


def codes(district):
    return [finding.code for finding in district.findings]


def test_a_motorway_of_a_file_stops_the_way_to_the_street():
    district = town()
    assert district.barriers["kind"].tolist() == ["motorway"]
    assert "sources.fast_roads" in codes(district)
    beyond, near = planner.assess(district).distances["clinic"]
    assert np.isnan(beyond)
    assert near == 50


@pytest.mark.long
def test_neither_a_road_on_a_bridge_nor_one_that_is_walked_or_only_planned_does():
    for columns in (
        {"bridge": ["no", "yes"]},
        {"highway": ["residential", "trunk"]},
        {"highway": ["residential", "construction"]},
    ):
        assert town(streets=streets(**columns)).barriers.empty
    slow = {"highway": ["residential", "trunk"], "foot": ["yes", "no"]}
    assert len(town(streets=streets(**slow)).barriers) == 1


def test_those_of_newer_streets_and_barriers_are_kept_apart(tmp_path):
    own = frame([line((-40, -50), (-40, 50))], barrier_id=["w"], kind=["wall"])
    file = tmp_path / "town.gpkg"
    write_district(town(barriers=own), file)
    gone = read_update(file, "streets", streets(highway=["residential", "primary"]), "replace")
    assert gone.after.barriers["kind"].tolist() == ["wall"]
    kept = read_update(file, "barriers", own, "replace")
    assert sorted(kept.after.barriers["kind"]) == ["motorway", "wall"]


def test_a_merged_street_is_as_the_part_that_hinders(tmp_path):
    """OSMnx lists the values of the streets that it has merged, in any order."""
    merged = [["footway", "steps"], ["residential", "construction"], ["service", "residential"]]
    lines = [line((0, y), (100, y)) for y in (0, 20, 40)] + [line((0, 0), (0, 40))]
    table = frame(
        lines,
        highway=[*merged, "residential"],
        access=[["yes", "permissive"], None, ["yes", "no"], None],
        surface=[["asphalt", "gravel"], None, None, None],
    )
    district = town(streets=table)
    assert district.streets["highway"].tolist() == ["steps", "residential"]
    assert district.streets["surface"].tolist() == ["asphalt;gravel", ""]
