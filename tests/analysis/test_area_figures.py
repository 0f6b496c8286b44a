"""The figures of any area: worked out by hand, and beside those of the communities."""

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pytest
import shapely

from planner import assess
from planner.analysis.measures.areas import area_figures
from planner.errors import InputError


@pytest.fixture
def result(town):
    return assess(town)


def one(table, kind="clinic", group="population"):
    return table[(table["kind"] == kind) & (table["group"] == group)].iloc[0]


@pytest.mark.long
def test_people_and_facilities_of_an_area_by_hand(result):
    """Homes at 50 (10 m off), 350 and 450 lie in it; the clinic at 50 reaches 300 m."""
    row = one(area_figures(result, shapely.box(0, -50, 500, 50)))
    assert (row["total"], row["homes"], row["facilities"]) == (180, 3, 1)
    limit = result.limit_m("clinic")
    metres = result.distances["clinic"]
    people = result.district.demand.set_index("demand_id")["population"]
    near = [home for home in "abc" if metres[home] <= limit]
    assert row["covered"] == people[near].sum()
    assert row["covered"] + row["uncovered"] + row["unknown"] == row["total"]
    assert row["area_m2"] == 500 * 100
    assert row["outside"] == 0
    assert (row["total_low"], row["total_high"]) == (180, 180)


def test_what_is_on_the_edge_is_inside_and_a_hair_beyond_is_not(result):
    assert one(area_figures(result, shapely.box(50, -50, 60, 10)))["total"] == 100
    assert one(area_figures(result, shapely.box(50.001, -50, 60, 10)))["total"] == 0


@pytest.mark.long
def test_the_district_s_areas_have_the_district_s_figures(result):
    figures = area_figures(result, result.district.communities.assign(name=""))
    league = result.league("community")
    for number, code in enumerate(result.district.communities["community_id"]):
        here = figures[figures["area_id"] == str(number)]
        for kind in result.kinds:
            for group in result.groups:
                mine = one(here, kind, group)
                rows = league[(league["area_id"] == code) & (league["kind"] == kind)]
                theirs = rows[rows["group"] == group].iloc[0]
                for name in ("total", "covered", "uncovered", "unknown", "share"):
                    np.testing.assert_equal(mine[name], theirs[name])


def test_areas_come_in_any_crs_and_keep_their_names(result):
    areas = gpd.GeoDataFrame(
        {"name": ["West", ""]},
        geometry=[shapely.box(0, -50, 500, 50), shapely.box(600, -50, 1000, 50)],
        crs=result.district.crs,
    )
    table = area_figures(result, areas.to_crs(4326), kinds=["clinic"])
    assert list(dict.fromkeys(table["area_id"])) == ["West", "1"]
    assert table[table["group"] == "population"]["total"].to_list() == [180, 60]


def test_a_line_that_crosses_itself_keeps_all_that_it_encloses(result):
    """A lasso drawn twice round counts nobody out: even-odd filling would leave a hole."""
    twice = [(0, -50), (500, -50), (500, 50), (0, 50)] * 2
    assert not shapely.Polygon(twice).is_valid
    assert one(area_figures(result, shapely.Polygon(twice)))["total"] == 180
    eight = shapely.Polygon([(0, -50), (100, 50), (0, 50), (100, -50)])
    assert one(area_figures(result, eight))["area_m2"] == pytest.approx(5000)


@pytest.mark.long
def test_what_lies_beyond_the_district_is_told(result):
    assert one(area_figures(result, shapely.box(-300, -100, -100, 700)))["outside"] == 1
    half = one(area_figures(result, shapely.box(-300, -100, 100, 700)))
    assert half["outside"] == pytest.approx(0.5)


@pytest.mark.long
@pytest.mark.parametrize("shape", [shapely.Point(1, 2), shapely.LineString([(0, 0), (9, 9)])])
def test_what_is_no_area_is_refused(result, shape):
    with pytest.raises(InputError) as refused:
        area_figures(result, shape)
    assert refused.value.code == "measures.area_shape"


def test_areas_without_crs_are_refused(result):
    with pytest.raises(InputError) as refused:
        area_figures(result, gpd.GeoSeries([shapely.box(0, 0, 1, 1)]))
    assert refused.value.code == "measures.area_crs"


def test_what_is_withheld_in_a_community_is_withheld_in_an_area(town):
    """The seven over 65 of whom nothing may be told are not told through a drawn area either."""
    result = assess(town.withhold(5))
    table = area_figures(result, shapely.box(-100, -100, 1100, 700), kinds=["clinic"])
    assert np.isnan(one(table, group="pop_65plus")["total"])
    assert np.isnan(one(table, group="pop_65plus")["covered"])
    assert one(table)["total"] == 247


@pytest.mark.long
def test_a_part_of_a_block_is_called_an_estimate(town):
    homes = town.demand.assign(pop_65plus=[30, 20, 20, 10, 20, 3])
    result = assess(replace(town, demand=homes).withhold(5))
    block = result.district.withheld.block
    pair = next(rows.index for _, rows in block[block >= 0].groupby(block) if len(rows) > 1)
    home = homes.set_index("demand_id").geometry[pair[0]]
    some = area_figures(result, home.buffer(5), kinds=["clinic"])
    assert one(some, group="pop_65plus")["part_of_block"]
    assert not one(some)["part_of_block"]
    everybody = area_figures(result, shapely.box(-100, -100, 1100, 700), kinds=["clinic"])
    assert not everybody["part_of_block"].any()


def test_spreading_leaves_a_range_of_the_people_in_a_part(town):
    """Of 180 spread over three homes, none may hold more than twice its part."""
    homes = town.demand.assign(
        spread_from=["001", "001", "001", "", "", ""],
        spread_by=["floor_area_m2"] * 3 + [""] * 3,
    )
    row = one(area_figures(assess(replace(town, demand=homes)), shapely.box(0, -50, 100, 50)))
    assert row["total"] == 100
    assert (row["total_low"], row["total_high"]) == (20, 180)
