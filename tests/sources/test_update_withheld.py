"""What an update shows of groups where small counts are withheld."""

import geopandas as gpd
import numpy as np
import shapely

import planner
from planner.sources import read_update, write_district
from planner.sources.update.described import described
from planner.sources.update.withheld import without_groups

CRS = "EPSG:32650"
X, Y = 390_000.0, 2_860_000.0


def frame(shapes, **columns):
    return gpd.GeoDataFrame(columns, geometry=shapes, crs=CRS)


def test_no_count_of_a_group_is_shown_and_all_is_written(tmp_path):
    points = [shapely.Point(X + 10, Y), shapely.Point(X + 90, Y)]
    counts = {"demand_id": ["a", "b"], "population": [20.0, 30.0]}
    district = planner.from_frames(
        "Town",
        communities=frame([shapely.box(X - 50, Y - 50, X + 150, Y + 50)], name=["East"]),
        streets=frame([shapely.LineString([(X, Y), (X + 100, Y)])]),
        facilities=frame([points[0]], kind=["clinic"]),
        demand=frame(points, **counts, pop_disabled=[3.0, 9.0]),
    )
    file = write_district(district, tmp_path / "town.gpkg")
    newer = frame(points, **counts, pop_disabled=[4.0, 9.0])
    change = read_update(file, "demand", newer, "replace")
    shown = without_groups(change)
    told = described(shown, 10)
    assert [(row["column"], row["old"], row["new"]) for row in told["changed"]] == [
        ("pop_disabled", "", "")
    ]
    sums = {each["name"]: each["after"] for each in told["figures"]}
    assert (sums["population"], sums["pop_disabled"]) == (50.0, None)
    assert shown.findings[-1].code == "update.groups_withheld"
    assert np.nansum(shown.after.demand["pop_disabled"]) == 13.0


def test_a_group_of_more_than_all_is_told_before_it_is_taken_and_not_where_it_is_withheld(tmp_path):
    points = [shapely.Point(X + 10, Y), shapely.Point(X + 90, Y)]
    counts = {"demand_id": ["a", "b"], "population": [20.0, 30.0]}
    district = planner.from_frames(
        "Town",
        communities=frame([shapely.box(X - 50, Y - 50, X + 150, Y + 50)], name=["East"]),
        streets=frame([shapely.LineString([(X, Y), (X + 100, Y)])]),
        facilities=frame([points[0]], kind=["clinic"]),
        demand=frame(points, **counts, pop_disabled=[3.0, 9.0]),
    )
    file = write_district(district, tmp_path / "town.gpkg")
    newer = frame(points, **counts, pop_disabled=[40.0, 9.0])
    change = read_update(file, "demand", newer, "replace")
    told = {each.code: each.params for each in change.findings}
    assert told["district.group_exceeds"] == {"column": "pop_disabled", "count": 1, "ids": "a"}
    assert "district.group_exceeds" not in {each.code for each in without_groups(change).findings}
    # what the workspace said before is not told once more
    planner.write_update(change)
    newer["population"] = [21.0, 30.0]
    again = read_update(file, "demand", newer, "replace")
    assert "district.group_exceeds" not in {each.code for each in again.findings}
