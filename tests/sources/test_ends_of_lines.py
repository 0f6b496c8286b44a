"""Ends and vertices of lines, taken out of all coordinates at once, are those of each line."""

import numpy as np
import shapely

from planner.sources.streets.meetings import _to_vertices, end_points

LINES = shapely.from_wkt(
    ["LINESTRING (0 0, 5 0, 9 0)", "LINESTRING (5 5, 5 0)", "LINESTRING (1 1, 2 2, 1 1)"]
)


def test_the_ends_are_the_first_and_the_last_vertex():
    for which in (0, -1):
        points = shapely.get_coordinates(shapely.get_point(LINES, which))
        assert end_points(LINES, which).tolist() == points.tolist()
        assert end_points(LINES[:0], which).shape == (0, 2)
        assert end_points(LINES[:1], which).tolist() == points[:1].tolist()


def test_each_place_is_held_against_its_own_line_only():
    xy = np.array([[5.0, 1.0], [5.0, 1.0], [2.0, 5.0]])
    wanted = shapely.distance(shapely.points(xy), shapely.extract_unique_points(LINES))
    assert _to_vertices(xy, LINES).tolist() == wanted.tolist() == [1.0, 1.0, 3.0]
    assert _to_vertices(xy[:0], LINES[:0]).shape == (0,)
