"""Demand that is coarse for a limit: the range is told, and cells beside each other are one gap."""

from itertools import pairwise

import geopandas as gpd
import numpy as np
import pytest
import shapely

import planner
from planner.analysis.coverage.spacing import grid_spacing_m, nearest_other_m
from planner.district import District, Rule, Standard, builtin_kinds

CRS = "EPSG:32650"
STANDARD = Standard("one", "One", "一类", "made up", {"clinic": Rule("clinic", 300.0)})


def grid_town(step: float, count: int, *, river: bool = False) -> District:
    """Streets 50 m apart under square cells of residents, a clinic in the middle of the first."""
    side = step * count

    def frame(shapes, **columns):
        return gpd.GeoDataFrame(columns, geometry=shapes, crs=CRS)

    ways = np.arange(0.0, side + 1, 50.0)
    lines = []
    for a in ways:
        for b, c in pairwise(ways):
            lines += [[(a, b), (a, c)], [(b, a), (c, a)]]
    middles = [(step * (i + 0.5), step * (j + 0.5)) for i in range(count) for j in range(count)]
    layers = {
        "streets": frame(
            [shapely.LineString(line) for line in lines],
            street_id=[f"s{n}" for n in range(len(lines))],
        ),
        "communities": frame([shapely.box(0, 0, side, side)], community_id=["1"], name=["One"]),
        "demand": frame(
            [shapely.Point(xy) for xy in middles],
            demand_id=[f"d{n}" for n in range(len(middles))],
            community_id=["1"] * len(middles),
            population=[100.0] * len(middles),
        ),
        "facilities": frame([shapely.Point(middles[0])], facility_id=["f"], kind=["clinic"]),
    }
    if river:
        x = step * 2
        layers["barriers"] = frame(
            [shapely.LineString([(x, -1), (x, side + 1)])], barrier_id=["r"], kind=["water"]
        )
    return District.from_layers("Grid", layers, complete=builtin_kinds())


def coarse(result) -> list[dict]:
    return [dict(f.params) for f in result.findings if f.code == "analysis.coarse_demand"]


def test_the_range_is_that_of_the_cells_nearest_and_farthest_point():
    result = planner.assess(grid_town(200.0, 3), STANDARD)
    (found,) = coarse(result)
    assert (found["kind"], found["spacing_m"], found["limit_m"]) == ("clinic", 200, 300)
    metres = result.distances["clinic"]
    half = 200 / np.sqrt(2)
    for name, moved in (("share", 0.0), ("low", half), ("high", -half)):
        assert found[name] == round(100 * (metres + moved <= 300).mean(), 1)
    assert found["low"] < found["share"] < found["high"]
    text = result.findings[-1]
    assert text.code == "analysis.coarse_demand"


def test_a_limit_of_less_than_a_metre_keeps_its_digits():
    near = Standard("near", "Near", "近", "made up", {"clinic": Rule("clinic", 0.3)})
    town = grid_town(200.0, 3)
    spots = [shapely.Point(each.x, each.y) for each in town.demand.geometry]
    facilities = town.facilities.iloc[[0]].set_geometry(spots[:1], crs=town.crs)
    (found,) = coarse(planner.assess(town.with_layers(facilities=facilities), near))
    assert found["limit_m"] == 0.3


def test_fine_demand_is_not_called_coarse():
    assert coarse(planner.assess(grid_town(100.0, 6), STANDARD)) == []


def test_a_point_alone_in_its_community_may_be_anywhere_in_it():
    town = grid_town(400.0, 2)
    parts = [shapely.box(x, y, x + 400, y + 400) for x in (0, 400) for y in (0, 400)]
    names = ["1", "2", "3", "4"]
    communities = gpd.GeoDataFrame({"community_id": names, "name": names}, geometry=parts, crs=CRS)
    demand = town.demand.assign(community_id=names)
    (found,) = coarse(
        planner.assess(town.with_layers(communities=communities, demand=demand), STANDARD)
    )
    # 25 % live in the clinic's cell; half a diagonal of 400 m is within 300 m, so all of them do
    assert (found["share"], found["low"]) == (25.0, 25.0)
    assert found["high"] == 75.0, "the cells beside begin within 300 m, the one across does not"


@pytest.mark.long
def test_neighbouring_cells_are_one_gap_and_a_river_parts_them():
    one = planner.assess(grid_town(300.0, 4), STANDARD).gaps("clinic")
    assert one["population"].tolist() == [1300.0]
    assert one["homes"].tolist() == [13]
    two = planner.assess(grid_town(300.0, 4, river=True), STANDARD).gaps("clinic")
    assert sum(two["population"]) == 1300.0
    for ids in two["demand_ids"]:
        columns = {int(each.removeprefix("d")) // 4 for each in ids.split(";")}
        assert columns <= {0, 1} or columns <= {2, 3}


def test_a_grid_is_told_from_houses():
    rng = np.random.default_rng(0)
    assert np.isnan(grid_spacing_m(rng.uniform(0, 1000, (50, 2))))
    assert np.isnan(grid_spacing_m(np.zeros((3, 2))))
    assert nearest_other_m(np.zeros((3, 2))).tolist() == [np.inf] * 3


def test_distances_are_described_without_what_cannot_be_reached(town):
    loose = town.streets.geometry.iloc[-1]
    streets = town.streets.set_geometry(
        [*town.streets.geometry.iloc[:-1], shapely.LineString([(940, 0), loose.coords[1]])]
    )
    result = planner.assess(town.with_layers(streets=streets))
    metres = result.distances["library"].to_numpy()
    finite = metres[np.isfinite(metres)]
    told = result.distances.describe()["library"]
    assert told["mean"] == pytest.approx(finite.mean())
    assert told["max"] == finite.max()
    assert (told["count"], told["unknown"]) == (len(finite), np.isnan(metres).sum())
    assert told["unreachable"] == np.isinf(metres).sum()


@pytest.mark.long
def test_the_unreachable_are_counted_beside_mean_and_median(town):
    closed = town.facilities.assign(status="closed")
    row = planner.assess(town.with_layers(facilities=closed)).summary().set_index(["kind", "group"])
    row = row.loc[("clinic", "population")]
    assert row["unreachable"] == 240, "all but the home without a street"
    assert np.isnan(row["median_distance_m"])
    open_row = planner.assess(town).summary().set_index(["kind", "group"])
    assert open_row.loc[("clinic", "population"), "unreachable"] == 0
