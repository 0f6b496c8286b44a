import math
from itertools import pairwise

import pytest
from colours import luminance

from planner.views.maps.parts.palettes import BEYOND_M, COVERAGE, DISTANCE_M, NO_DATA


@pytest.mark.parametrize("classes", [COVERAGE, DISTANCE_M, BEYOND_M])
def test_lightness_alone_tells_the_classes(classes):
    assert len(classes.colours) == len(classes.breaks) + 1
    levels = [luminance(colour) for colour in classes.colours]
    assert all(later < earlier for earlier, later in pairwise(levels))


def test_bounds_of_shares_belong_above_and_of_metres_below():
    assert COVERAGE.of(0.2) == 1
    assert COVERAGE.of(1.0) == 4
    assert BEYOND_M.of(100.0) == 0
    assert BEYOND_M.of(100.001) == 1


def test_no_figure_has_no_class():
    assert COVERAGE.colour(math.nan) == NO_DATA
