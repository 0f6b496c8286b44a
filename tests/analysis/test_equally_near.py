"""Who is as near to several facilities is shared by them, whatever the order of rows."""

from dataclasses import replace

import geopandas as gpd
import networkx as nx
import numpy as np
import pandas as pd
import pytest
import shapely

import planner
from planner.analysis.distances.equally_near import EquallyNear
from planner.analysis.measures.redundancy import redundancy
from planner.analysis.measures.supply import catchments
from planner.district import builtin_standards

CRS = "EPSG:4547"
SIDE = 5


def at(x, y):
    return (500_000.0 + 100 * x, 3_000_000.0 + 100 * y)


def grid_town(chosen, hours=None, seed=0):
    """Streets every 100 m, a home at each crossing, clinics at some in an order of the seed."""
    places = [at(x, y) for x in range(SIDE) for y in range(SIDE)]
    lines = [
        shapely.LineString([at(x, y), to])
        for x in range(SIDE)
        for y in range(SIDE)
        for to in (at(x + 1, y), at(x, y + 1))
        if max(to) and to in places
    ]

    def frame(shapes, **columns):
        return gpd.GeoDataFrame(columns, geometry=list(shapes), crs=CRS)

    facilities = frame(
        [shapely.Point(places[n]) for n in chosen],
        facility_id=[f"f{n}" for n in range(len(chosen))],
        kind=["clinic"] * len(chosen),
        opening_hours=hours or ["24/7"] * len(chosen),
    )
    order = np.random.default_rng(seed).permutation(len(chosen))
    layers = {
        "communities": frame(
            [shapely.box(*at(-1, -1), *at(SIDE, SIDE))],
            community_id=["A"],
            name=["A"],
            subdistrict=["S"],
        ),
        "streets": frame(lines, street_id=[f"s{n}" for n in range(len(lines))]),
        "facilities": facilities.iloc[order].reset_index(drop=True),
        "demand": frame(
            [shapely.Point(each) for each in places],
            demand_id=[f"d{n}" for n in range(len(places))],
            population=np.arange(1.0, len(places) + 1),
        ),
    }
    return planner.District.from_layers("Grid", layers)


def ways_m(district, measure):
    """Metres from each home (rows) to each clinic (columns), by another program."""
    homes = [(p.x, p.y) for p in district.demand.geometry]
    clinics = [(p.x, p.y) for p in district.facilities.geometry]
    if measure == "straight":
        gaps = np.array(homes)[:, None] - np.array(clinics)[None]
        return np.rint(np.hypot(*np.moveaxis(gaps, -1, 0)) * 1000) / 1000
    graph = nx.Graph()
    for line in district.streets.geometry:
        graph.add_edge(*line.coords, length=100)
    return np.array(
        [[nx.shortest_path_length(graph, a, b, "length") for b in clinics] for a in homes], float
    )


@pytest.mark.parametrize("measure", ["walk", "straight"])
@pytest.mark.parametrize("chosen", [(0, 4, 20, 24), (2, 22, 12, 12), (0, 24, 24)])
def test_homes_are_shared_by_all_that_are_as_near(measure, chosen):
    standard = replace(builtin_standards()["gb50180-2018"], measure=measure)
    tables = []
    for seed in range(3):
        district = grid_town(chosen, seed=seed)
        result = planner.assess(district, standard)
        ways = ways_m(district, measure)
        people = district.demand["population"].to_numpy()
        near = ways == ways.min(axis=1)[:, None]
        assert (near.sum(axis=1) > 1).any()
        part = people[:, None] * near / near.sum(axis=1)[:, None]
        ids = district.facilities["facility_id"]
        table = catchments(result, "clinic").loc[ids]
        # a place is a facility, or several of them
        places = pd.Series(list(map(tuple, district.facilities.get_coordinates().to_numpy())))
        first = ~places.duplicated().to_numpy()
        shares = near[:, first] / near[:, first].sum(axis=1)[:, None]
        of_place = pd.Series(people @ shares, index=pd.Index(places[first]))
        served = of_place.loc[places].to_numpy() / places.map(places.value_counts()).to_numpy()
        np.testing.assert_allclose(table["residents_low"], served)
        np.testing.assert_allclose(table["residents_high"], served)
        closed = redundancy(result, "clinic").loc[ids]
        second = np.sort(ways, axis=1)[:, 1]
        extra = (part * (second - ways.min(axis=1))[:, None]).sum(axis=0) / part.sum(axis=0)
        np.testing.assert_allclose(closed["extra_m"], extra, atol=1e-9)
        tables.append(pd.concat([table, closed], axis=1).sort_index())
    for other in tables[1:]:
        pd.testing.assert_frame_equal(tables[0], other)


def test_of_unknown_hours_too_the_order_of_rows_does_not_tell():
    standard = builtin_standards()["gb50180-2018"]
    hours = ["24/7", "", "24/7", ""]
    towns = [grid_town((0, 4, 20, 24), hours, seed) for seed in range(4)]
    tables = [
        catchments(planner.assess(town, standard, at="We 10:00"), "clinic").sort_index()
        for town in towns
    ]
    assert (tables[0]["residents_high"] > tables[0]["residents_low"]).any()
    for other in tables[1:]:
        pd.testing.assert_frame_equal(tables[0], other)


def test_homes_that_are_all_kept_off_are_near_nothing():
    reach = planner.assess(grid_town((0, 4)), "gb50180-2018").reach
    every = replace(reach, kept_off=np.ones(len(reach.homes), dtype=bool))
    near = EquallyNear.of(every, np.array([0, 1]), "walk")
    assert [len(each) for each in (near.home, near.row, near.distance_m, near.part)] == [0] * 4
