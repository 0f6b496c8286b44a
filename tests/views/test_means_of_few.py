"""Mean distances of areas in which some, or most, can walk to none: told on maps and paper."""

import geopandas as gpd
import pytest
import shapely
from matplotlib.text import Text

from planner.district import District, builtin_kinds
from planner.result import assess
from planner.views.maps.assessment import coverage_groups
from planner.views.maps.parts.legend import legend_html
from planner.views.maps.parts.palettes import UNREACHABLE
from planner.views.plots.coverage import plot_coverage

CRS = "EPSG:32650"
X, Y = 500_000.0, 2_860_000.0
MOST = "more can walk to none than to one"


def frame(shapes, **columns):
    return gpd.GeoDataFrame(columns, geometry=shapes, crs=CRS)


@pytest.fixture(scope="module")
def parted():
    """Three communities along a street that is broken at 1,700 m, with a library at its start.

    Everybody of the first can walk to it, three homes of four of the second, none of the third.
    """
    homes = [200, 400, 600, 800, 1100, 1300, 1500, 1900, 2200, 2400, 2600, 2800]
    pieces = [(0, 1600), (1800, 3000)]
    layers = {
        "communities": frame(
            [shapely.box(X + at, Y - 200, X + at + 1000, Y + 200) for at in (0, 1000, 2000)],
            community_id=["1", "2", "3"],
            name=["First", "Second", "Third"],
        ),
        "streets": frame(
            [shapely.LineString([(X + a, Y), (X + b, Y)]) for a, b in pieces],
            street_id=["a", "b"],
        ),
        "facilities": frame([shapely.Point(X, Y)], facility_id=["l"], name=["L"], kind=["library"]),
        "demand": frame(
            [shapely.Point(X + at, Y) for at in homes],
            demand_id=[f"h{at}" for at in homes],
            community_id=[str(1 + at // 1000) for at in homes],
            population=[10.0] * len(homes),
        ),
    }
    return assess(District.from_layers("Street", layers, complete=builtin_kinds()), "gb50180-2018")


def test_on_paper(parted):
    texts = [text.get_text() for text in plot_coverage(parted, "library").findobj(Text)]
    lettered = [text for text in texts if text in ("–", "1,300 m*", "1,300 m", "500 m*")]
    assert lettered == ["1,300 m*", "–"]
    told = " ".join(" ".join(texts).split())  # long words are broken into lines
    assert MOST in told
    assert "* some can walk to none and are not in the mean" in told
    assert ") can reach none on foot and are left out of it; " in told
    assert "unreachable" in told  # the crosses of the homes
    judged = "\n".join(text.get_text() for text in plot_coverage(parted, "clinic").findobj(Text))
    assert MOST not in judged


def test_on_the_map(parted):
    assert MOST in legend_html(parted, "library")
    assert MOST not in legend_html(parted, "clinic")
    drawn = [
        each.arguments
        for group in coverage_groups(parted, "library")
        for each in group._children.values()
        if hasattr(each, "arguments")
    ]
    lettered = next(each for each in drawn if "1,300 m" in each and "Mean distance" not in each)
    assert "1,300 m*" in lettered
    assert "500 m*" not in lettered
    assert "* some can walk to none" in legend_html(parted, "library")
    areas = next(each for each in drawn if "Mean distance" in each)
    assert areas.count(UNREACHABLE[1:]) == 1
    assert "Can walk to none: 10" in areas
    assert "Can walk to none: 40" in areas
    assert areas.count("Can walk to none") == 2
    assert areas.count("Mean distance: unreachable") == 1


def test_a_kind_to_which_all_can_walk_has_neither(parted):
    near = parted.district.demand.iloc[:4]
    all_reach = assess(parted.district.with_layers(demand=near), "gb50180-2018")
    assert MOST not in legend_html(all_reach, "library")
    told = "\n".join(t.get_text() for t in plot_coverage(all_reach, "library").findobj(Text))
    assert "none on foot" not in told
    assert "median distance" in told
