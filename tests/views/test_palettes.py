import math

import pytest

from planner.views.maps.palettes import BEYOND_M, COVERAGE, DISTANCE_M, NO_DATA, is_sequential


@pytest.mark.parametrize("classes", [COVERAGE, DISTANCE_M, BEYOND_M])
def test_lightness_alone_tells_the_classes(classes):
    assert len(classes.colours) == len(classes.breaks) + 1
    assert is_sequential(classes.colours)


def test_bounds_of_shares_belong_above_and_of_metres_below():
    assert COVERAGE.of(0.2) == 1
    assert COVERAGE.of(1.0) == 4
    assert BEYOND_M.of(100.0) == 0
    assert BEYOND_M.of(100.001) == 1


def test_no_figure_has_no_class():
    assert COVERAGE.colour(math.nan) == NO_DATA
