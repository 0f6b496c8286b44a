"""Whether a boundary is another one than before."""

import numpy as np
import pytest
import shapely

from planner.district.identity.outlines import redrawn, redrawn_in_degrees

SQUARE = shapely.box(0, 0, 1000, 1000)
CHANGED = {
    "the same": (SQUARE, False),
    "begun at another corner": (shapely.box(0, 0, 1000, 1000, ccw=False), False),
    "half a metre off": (shapely.box(0.5, 0, 1000.5, 1000), False),
    "five metres off": (shapely.box(5, 0, 1005, 1000), True),
    "cut in two": (shapely.box(0, 0, 1000, 500), True),
    "elsewhere": (shapely.box(5000, 0, 6000, 1000), True),
}


@pytest.mark.parametrize("changed", CHANGED)
@pytest.mark.parametrize("north", [0.0, 30.0, -60.0])
def test_a_metre_along_the_boundary_is_no_other_one(changed, north):
    now, expected = CHANGED[changed]
    assert redrawn(np.array([SQUARE]), np.array([now])).tolist() == [expected]
    metre = np.array([1 / np.cos(np.radians(north)), 1.0]) / 111_195.0
    was_at, now_at = (
        shapely.transform(each, lambda xy: xy * metre + np.array([115.0, north]))
        for each in (SQUARE, now)
    )
    found = redrawn_in_degrees(np.array([was_at]), np.array([now_at]))
    assert found.tolist() == [expected]


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("find", [redrawn, redrawn_in_degrees])
def test_an_area_that_lost_all_its_ground_or_got_its_first_is_another_one(find):
    bare, ground = shapely.Polygon(), shapely.box(115, 30, 115.1, 30.1)
    if find is redrawn:
        ground = SQUARE
    before = np.array([ground, bare, bare, ground], dtype=object)
    after = np.array([bare, ground, shapely.MultiPolygon(), ground], dtype=object)
    assert find(before, after).tolist() == [True, True, False, False]
