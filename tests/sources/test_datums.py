"""Datums of Chinese map services: converted as published, both ways, and as headers say."""

import geopandas as gpd
import numpy as np
import pytest
import shapely
from effort import few
from grid_town import CRS, Files, facilities, finding

from planner.errors import InputError
from planner.sources.datums.recognition import spots_of
from planner.sources.datums.shifts import SHIFTED, from_wgs84, shifted, to_wgs84

# googollee/eviltransform, python/test.py: WGS 84 latitude, longitude, the same in GCJ-02
EVILTRANSFORM = [
    (31.1774276, 121.5272106, 31.17530398364597, 121.531541859215),
    (22.543847, 113.912316, 22.540796131694766, 113.9171764808363),
    (39.911954, 116.377817, 39.91334545536069, 116.38404722455657),
]
# hujiulong/gcoord, test/fixtures/china-cities.json: places of the services, longitude first
CITIES = [
    ((114.0164322, 33.0133556), (114.022306, 33.0115324), (114.0287781, 33.0176697)),
    ((112.1935849, 31.0376011), (112.1994301, 31.0354012), (112.2058231, 31.0417338)),
    ((92.0499619, 31.4784436), (92.0512438, 31.4762063), (92.0576832, 31.4824421)),
    ((98.4937175, 39.7319946), (98.4943595, 39.7328234), (98.5008441, 39.7388949)),
    ((113.0092288, 25.7734864), (113.014722, 25.7705143), (113.0211835, 25.7765929)),
    ((123.4253306, 41.8032629), (123.4314787, 41.8057023), (123.438095, 41.8114013)),
]


def metres(one, other):
    (x, y), (x2, y2) = one, other
    return np.hypot((x - x2) * 111_320 * np.cos(np.radians(y)), (y - y2) * 110_574)


@pytest.mark.parametrize(("lat", "lon", "gcj_lat", "gcj_lon"), EVILTRANSFORM)
def test_gcj02_is_that_of_eviltransform(lat, lon, gcj_lat, gcj_lon):
    found = from_wgs84(np.array([lon]), np.array([lat]), "gcj02")
    assert metres(found, (gcj_lon, gcj_lat)) < 1e-4


def test_bd09_is_that_of_coordtransform():
    # wandergis/coordtransform: GCJ-02 116.404, 39.915 in BD-09
    wgs = to_wgs84(np.array([116.404]), np.array([39.915]), "gcj02")
    found = from_wgs84(*wgs, "bd09")
    assert metres(found, (116.41036949371029, 39.92133699351021)) < 1e-3


@pytest.mark.parametrize(("wgs", "gcj", "bd"), CITIES)
def test_places_of_the_services_are_met_within_metres(wgs, gcj, bd):
    for datum, given in (("gcj02", gcj), ("bd09", bd)):
        there = from_wgs84(*(np.array([value]) for value in wgs), datum)
        assert metres(there, given) < 3.0
        back = to_wgs84(*(np.array([value]) for value in given), datum)
        assert metres(back, wgs) < 3.0


@pytest.mark.parametrize("datum", SHIFTED)
def test_the_inverse_is_within_a_centimetre(datum):
    rng = np.random.default_rng(3)
    lon, lat = rng.uniform(98, 120, 20_000), rng.uniform(30, 41, 20_000)
    lon[:100] = 105 + np.linspace(-1e-6, 1e-6, 100)  # where the formula has a kink
    there = from_wgs84(lon, lat, datum)
    assert metres(there, (lon, lat)).min() > 10
    assert metres(to_wgs84(*there, datum), (lon, lat)).max() < 0.01


@pytest.mark.parametrize("datum", SHIFTED)
def test_outside_mainland_china_nothing_moves(datum):
    lon, lat = np.array([24.94, -46.6, 121.5, np.nan]), np.array([60.17, -23.5, 25.03, 30.0])
    for move in (from_wgs84, to_wgs84):
        x, y = move(lon, lat, datum)
        np.testing.assert_array_equal(x, lon)
        np.testing.assert_array_equal(y, lat)


def csv(folder, header, datum, note="", name="facilities"):
    """Write the clinic of the town as a table whose coordinates are in a datum."""
    (spot,) = facilities().to_crs(4326).geometry
    x, y = np.array([spot.x]), np.array([spot.y])
    if datum in SHIFTED:
        x, y = from_wgs84(x, y, datum)
    path = folder / f"{name}.csv"
    path.write_text(f"{header}\nf1,clinic,{x[0]},{y[0]}{note}\n", encoding="utf-8")
    return path


@pytest.mark.long(but=1)
@pytest.mark.parametrize(
    ("header", "datum", "note"),
    few(
        [
            ("id,kind,经度(GCJ02),纬度(GCJ02)", "gcj02", ""),
            ("id,kind,lon_gcj02,lat_gcj02", "gcj02", ""),
            ("id,kind,gcj02_lng,lat", "gcj02", ""),
            ("id,kind,经度（百度）,纬度（百度）", "bd09", ""),
            ("id,kind,lon,lat,坐标系", "gcj02", ",GCJ-02"),
            ("id,kind,lon,lat,坐标系", "gcj02", ",高德"),
            ("id,kind,lon,lat,坐标系", "gcj02", ",国测局"),
            ("id,kind,lon,lat,坐标系", "wgs84", ",EPSG:4326"),
            ("id,kind,lon,lat,CRS", "bd09", ",BD09"),
            ("id,kind,lon,lat,坐标系", "wgs84", ",WGS84"),
            ("id,kind,lon,lat,坐标系", "wgs84", ",CGCS2000"),
        ],
        5,
    ),
)
def test_coordinates_said_to_be_shifted_are_converted_and_told(tmp_path, header, datum, note):
    path = csv(tmp_path, header, datum, note)
    town = Files(tmp_path, {"facilities": path}).district()
    at = town.facilities.geometry.to_crs(CRS).distance(facilities().geometry[0]).max()
    assert at < 0.05
    if datum in SHIFTED:
        told = finding(town, "datums.converted_as_said")
        assert told["count"] == 1
        assert 300 < told["metres"] < 1500
    else:
        assert not any(each.code.startswith("datums.") for each in town.findings)


def test_each_datum_of_a_list_is_told_by_the_cell_that_says_it(tmp_path):
    first = csv(tmp_path, "id,kind,lon,lat,坐标系", "gcj02", ",高德")
    other = csv(tmp_path, "id,kind,lon,lat,坐标系", "bd09", ",百度", "other")
    lines = [*first.read_text("utf-8").splitlines(), other.read_text("utf-8").splitlines()[1]]
    lines[2] = lines[2].replace("f1,", "f2,")
    first.write_text("\n".join(lines), encoding="utf-8")
    town = Files(tmp_path, {"facilities": first}).district()
    told = [each.params for each in town.findings if each.code == "datums.converted_as_said"]
    assert {each["datum"]: each["told"] for each in told} == {
        "GCJ-02": "坐标系 = 高德",
        "BD-09": "坐标系 = 百度",
    }
    away = town.facilities.geometry.to_crs(CRS).distance(facilities().geometry[0])
    assert away.max() < 0.05


@pytest.mark.long
@pytest.mark.parametrize(
    "date",
    few(
        [
            "2024-05-01",
            "2024-05-01 08:30",
            "1.5.24",
            "1. Mai 2024",
            "März 2024",
            "2024",
            "45413",
            "20240501",
        ],
        3,
    ),
)
def test_a_date_in_a_column_datum_says_nothing_of_the_datum(tmp_path, date):
    path = csv(tmp_path, "id,kind,lon,lat,Datum", "wgs84", f",{date}")
    town = Files(tmp_path, {"facilities": path}).district()
    told = {each.code for each in town.findings if each.code.startswith("datums.")}
    assert told == {"datums.taken_as_others"}


@pytest.mark.parametrize(
    ("header", "note", "code"),
    [
        ("id,kind,lon_gcj02,lat_bd09", "", "datums.contradiction"),
        ("id,kind,lon_gcj02,lat_gcj02,坐标系", ",BD-09", "datums.contradiction"),
        ("id,kind,lon,lat,坐标系", ",BD-09\nf2,clinic,115.9,25.8,", "datums.partly_said"),
        ("id,kind,lon,lat,坐标系", ",北京54", "datums.word_not_known"),
        ("id,kind,lon,lat,坐标系", ",EPSG:4214", "datums.word_not_known"),
        ("id,kind,lon,lat,crs", ",local grid", "datums.word_not_known"),
        ("id,kind,lon,lat,datum", ",Beijing 54", "datums.word_not_known"),
        ("id,kind,lon,lat,Datum", ",EPSG:4214", "datums.word_not_known"),
        ("id,kind,lon,lat,datum", ",BD-09\nf2,clinic,115.9,25.8,1.5.2024", "datums.partly_said"),
    ],
)
def test_what_contradicts_itself_is_refused(tmp_path, header, note, code):
    path = csv(tmp_path, header, "gcj02", note)
    with pytest.raises(InputError) as caught:
        Files(tmp_path, {"facilities": path}).district()
    assert caught.value.code == code


@pytest.mark.parametrize("datum", SHIFTED)
@pytest.mark.parametrize("crs", [32650, 4490])
def test_a_layer_is_moved_by_its_degrees(datum, crs):
    lon, lat = np.random.default_rng(0).uniform([[113], [29]], [[115], [31]], (2, 200))
    lines = shapely.linestrings(np.column_stack([lon, lat]).reshape(-1, 2, 2))
    lines[3] = None
    layer = gpd.GeoSeries(lines, lon[::2], crs=4326).to_crs(crs).to_frame("geometry")
    degrees = layer.geometry.to_crs(4326)
    moved = shapely.transform(
        degrees.to_numpy(), lambda xy: np.column_stack(from_wgs84(*xy.T, datum))
    )
    wanted = gpd.GeoSeries(moved, index=layer.index, crs=4326).to_crs(crs)
    found = shifted(layer, datum)
    assert found.crs == layer.crs
    assert found.index.equals(layer.index)
    assert shapely.to_wkb(found.geometry).tolist() == shapely.to_wkb(wanted).tolist()


def test_a_spot_is_told_by_the_first_place_of_its_cell():
    xy = np.random.default_rng(0).normal(0, 40.0, (300, 2))
    xy[7], xy[11] = np.nan, xy[2]
    known = np.delete(np.arange(300), 7)
    _, first = np.unique(np.floor(xy[known] / 30.0), axis=0, return_index=True)
    assert spots_of(xy, np.random.default_rng(0)).tolist() == known[np.sort(first)].tolist()
    assert len(first) < 200
