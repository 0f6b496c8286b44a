"""Of facilities equally far in a straight line the first of the layer is the nearest."""

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pytest
import shapely

import planner
from planner.district import builtin_standards

CRS = "EPSG:4547"


def grid_town(seed: int):
    """A grid of 100 m with a home at each crossing and eight clinics at some of them."""
    drawn = np.random.default_rng(seed)
    places = [(500_000.0 + 100 * x, 3_000_000.0 + 100 * y) for x in range(6) for y in range(6)]
    chosen = drawn.choice(len(places), 8, replace=False)
    lines = [
        shapely.LineString([places[0][:2], (places[0][0] + 500, places[0][1])]),
        *(
            shapely.LineString([(x, 3_000_000.0), (x, 3_000_500.0)])
            for x in 500_000.0 + 100.0 * np.arange(6)
        ),
    ]

    def frame(shapes, **columns):
        return gpd.GeoDataFrame(columns, geometry=list(shapes), crs=CRS)

    box = shapely.box(499_900, 2_999_900, 500_600, 3_000_600)
    layers = {
        "communities": frame([box], community_id=["A"], name=["A"], subdistrict=["S"]),
        "streets": frame(lines, street_id=[f"s{n}" for n in range(len(lines))]),
        "facilities": frame(
            [shapely.Point(places[n]) for n in chosen],
            facility_id=[f"f{n}" for n in range(8)],
            kind=["clinic"] * 8,
        ),
        "demand": frame(
            [shapely.Point(each) for each in places],
            demand_id=[f"d{n}" for n in range(len(places))],
            population=[1.0] * len(places),
        ),
    }
    return planner.District.from_layers("Grid", layers)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(6))
def test_the_first_of_equals_serves(seed):
    district = grid_town(seed)
    standard = replace(builtin_standards()["gb50180-2018"], measure="straight")
    result = planner.assess(district, standard)
    homes, clinics = district.demand.geometry, district.facilities.geometry
    away = np.array([[home.distance(clinic) for clinic in clinics] for home in homes])
    away = np.rint(away * 1000) / 1000
    assert (away == away.min(axis=1)[:, None]).sum() > len(homes)
    expected = district.facilities["facility_id"].to_numpy()[away.argmin(axis=1)]
    assert result.nearest["clinic"].tolist() == expected.tolist()
    assert result.distances["clinic"].tolist() == away.min(axis=1).tolist()


def test_subdistricts_add_up_only_what_every_community_tells():
    district = grid_town(0)
    west, east = (
        shapely.box(499_900, 2_999_900, 500_250, 3_000_600),
        shapely.box(500_250, 2_999_900, 500_600, 3_000_600),
    )
    both = gpd.GeoDataFrame(
        {
            "community_id": ["W", "E"],
            "name": ["W", "E"],
            "subdistrict": ["S", "S"],
            "population": [200.0, np.nan],
            "households": [100.0, 50.0],
        },
        geometry=[west, east],
        crs=CRS,
    )
    ids = np.where(district.demand.geometry.x < 500_250, "W", "E")
    changed = district.with_layers(
        communities=both, demand=district.demand.assign(community_id=ids)
    )
    table = planner.assess(changed).subdistricts()
    assert np.isnan(table["population"].iloc[0])
    assert table["households"].iloc[0] == 150.0
