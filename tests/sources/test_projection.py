import math

import geopandas as gpd
import pytest
import shapely
from pyproj import CRS, Geod, Transformer

from planner.errors import InputError
from planner.sources import metric_crs
from planner.sources.projection import metre_error, metric_crs_for


@pytest.mark.parametrize(
    ("lon", "lat", "epsg"),
    [
        (114.93, 25.85, 4547),
        (116.4, 39.9, 4548),
        (73.6, 39.4, 4534),
        (134.7, 48.4, 4554),
        (126.6, 45.75, 4551),
        (24.94, 60.17, 32635),
        (-46.63, -23.55, 32723),
        (121.5, 25.04, 32651),
        (180.0, 0.0, 32660),
    ],
)
def test_the_crs_of_a_place(lon, lat, epsg):
    assert metric_crs(lon, lat).to_epsg() == epsg


@pytest.mark.parametrize(("lon", "lat"), [(75.0, 40.0), (114.93, 25.85), (-70.0, -53.0)])
def test_a_metre_is_a_metre(lon, lat):
    ends = [(lon, lat), (lon + 0.01, lat + 0.01)]
    line = gpd.GeoSeries([shapely.LineString(ends)], crs=4326)
    projected = line.to_crs(metric_crs(lon, lat)).length.iloc[0]
    true = Geod(ellps="WGS84").line_length(*zip(*ends, strict=True))
    assert projected == pytest.approx(true, rel=1e-3)


@pytest.mark.parametrize(("lon", "lat"), [(25.0, 114.9), (500_000.0, 25.0), (float("nan"), 1.0)])
def test_no_place_on_the_globe(lon, lat):
    with pytest.raises(InputError, match="order of the two columns"):
        metric_crs(lon, lat)


def layer(x, y, crs):
    return gpd.GeoDataFrame(geometry=[shapely.Point(x, y)], crs=crs)


def test_a_true_metric_crs_is_kept_and_others_replaced():
    assert metric_crs_for(layer(493_000, 2_860_000, 4547)).to_epsg() == 4547
    assert metric_crs_for(layer(114.93, 25.85, 4490)).to_epsg() == 4547
    mercator = layer(114.93, 25.85, 4326).to_crs(3857)
    assert metric_crs_for(mercator).to_epsg() == 4547
    feet = layer(-74.0, 40.7, 4326).to_crs(2263)
    assert metric_crs_for(feet).to_epsg() == 32618


def test_feet_and_mercator_metres_err():
    assert metre_error(CRS.from_epsg(2263), 980_000, 200_000) == pytest.approx(2.28, abs=0.01)
    assert metre_error(CRS.from_epsg(4547), 500_000, 2_860_000) < 1e-6


def test_metres_that_are_false_in_one_direction_only_are_so():
    sinusoidal = CRS.from_user_input("+proj=sinu +lon_0=110")
    place = (1e6, 4e6)  # true along parallels and meridians' spacing, sheared between them
    lon, lat = Transformer.from_crs(sinusoidal, 4326, always_xy=True).transform(*place)
    told = metre_error(sinusoidal, *place)
    geod = Geod(ellps="WGS84")
    turns = [(geod.fwd(lon, lat, azimuth, 100.0)[:2]) for azimuth in range(0, 180, 5)]
    there = Transformer.from_crs(4326, sinusoidal, always_xy=True)
    lengths = [math.dist(there.transform(*end), place) for end in turns]
    worst = max(abs(length / 100.0 - 1) for length in lengths)
    assert worst > 0.05
    assert told == pytest.approx(worst, rel=0.15)
