"""Residents by cells: areas, middles of hexagons, and the pixels of a raster."""

import os
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from effort import few

import planner
from planner.errors import InputError
from planner.sources import Residents
from planner.sources.files.parts import assigned, file_parts

CRS = "EPSG:32650"
EAST, NORTH = 400_000.0, 2_900_000.0


def table(shapes, **columns):
    return gpd.GeoDataFrame(columns, geometry=list(shapes), crs=CRS)


def box(x, y, side):
    return shapely.box(EAST + x, NORTH + y, EAST + x + side, NORTH + y + side)


def made(residents):
    line = shapely.LineString([(EAST, NORTH + 100), (EAST + 1000, NORTH + 100)])
    return planner.from_frames(
        "Town",
        communities=table([box(0, 0, 1000)], community_id=["1"], name=["One"]),
        streets=table([line], highway=["residential"], street_id=["s"]),
        facilities=table([shapely.Point(EAST + 30, NORTH + 101)], kind=["clinic"]),
        residents=residents,
    )


def codes(district):
    return {finding.code: dict(finding.params) for finding in district.findings}


def test_people_stay_in_their_cell_and_those_across_the_border_are_divided():
    cells = table(
        [box(0, 0, 400), box(400, 0, 400), box(800, 0, 400), box(0, 5000, 400)],
        id=["a", "b", "c", "far"],
        人口=[100, 51, 80, 999],
        **{"65岁以上人口": [10, 5, 8, 99]},
    )
    district = made(Residents(cells=cells))
    sums = district.demand.groupby("spread_from")[["population", "pop_65plus"]].sum()
    assert sums["population"].to_dict() == {"a": 100, "b": 51, "c": 40}
    assert sums["pop_65plus"].to_dict() == {"a": 10, "b": 5, "c": 4}
    for key, rows in district.demand.groupby("spread_from"):
        x = rows.geometry.x - EAST
        left = {"a": 0, "b": 400, "c": 800}[key]
        assert ((x >= left) & (x <= left + 400)).all()
    told = codes(district)["population.cells_clipped"]
    assert (told["cells"], told["of"], told["cut"], told["before"], told["after"]) == (
        3, 4, 1, 1230, 191,
    )  # fmt: skip
    assert codes(district)["population.no_data_in"]["percent"] == pytest.approx(60, abs=0.5)
    assert set(district.demand["community_id"]) == {"1"}


def test_a_cell_without_a_figure_has_no_data():
    cells = table([box(0, 0, 400), box(400, 0, 400)], id=["a", "b"], population=[100.0, np.nan])
    district = made(Residents(cells=cells))
    assert codes(district)["population.cells_without_data"]["count"] == 1
    assert district.demand["population"].sum() == 100


def test_middles_of_a_grid_become_cells_and_scattered_points_do_not():
    xy = [(EAST + 100 + 200 * i, NORTH + 100 + 200 * j) for i in range(5) for j in range(5)]
    frame = table(map(shapely.Point, xy), id=list(map(str, range(25))), population=[8] * 25)
    district = made(Residents(cells=frame))
    assert codes(district)["population.cells_around_middles"]["metres"] == 200
    assert district.demand["population"].sum() == 200
    rng = np.random.default_rng(0)
    spots = shapely.points(rng.uniform(0, 1000, (25, 2)) + np.array([EAST, NORTH]))
    with pytest.raises(InputError) as error:
        made(Residents(cells=frame.set_geometry(spots, crs=CRS)))
    assert error.value.code == "population.no_grid"


@pytest.mark.long  # of made cells above and below
def test_hexagons_of_sao_paulo_keep_their_people():
    folder = os.environ.get("PLANNER_TEST_DATA")
    if not folder:
        pytest.skip("needs the data folder")
    grid = Path(folder) / "spo_hexgrid.csv"
    people = pd.read_csv(grid).set_index("id")["population"]
    district = planner.from_osm(
        Path(folder) / "spo_osm.pbf",
        residents=Residents(cells=grid),
        facilities=grid,
        facility_columns={"clinic": "healthcare"},
    )
    told = codes(district)
    assert told["population.cells_around_middles"]["cells"] == 323
    sums = district.demand.groupby("spread_from")["population"].sum()
    whole = told["population.cells_clipped"]["cells"] - told["population.cells_clipped"]["cut"]
    assert (sums == people.reindex(sums.index)).sum() >= whole - (people == 0).sum() > 50
    assert (sums <= people.reindex(sums.index) + 1e-9).all()
    result = planner.assess(district)
    assert any(f.code == "analysis.spread_demand" for f in result.findings)


# ---- rasters


def raster(folder, values, *, nodata=-99999.0, crs=CRS, size=100.0, **more):
    rasterio = pytest.importorskip("rasterio")
    values = np.asarray(values, dtype="float32")
    file = folder / "people.tif"
    top = NORTH + 1000
    transform = rasterio.Affine(size, 0, EAST - 100, 0, -size, top + 100)
    with rasterio.open(
        file, "w", driver="GTiff", width=values.shape[-1], height=values.shape[-2], count=1,
        dtype="float32", nodata=nodata, crs=crs, transform=transform, **more,
    ) as out:  # fmt: skip
        out.write(values, 1)
    return file


@pytest.mark.parametrize(
    ("name", "dtype", "unit", "asked"),
    [
        ("people.tif", "float32", "", False),
        ("raster_2020.tif", "float32", "", False),
        ("gdem_2020.tif", "float32", "", True),
        ("全市高程.tif", "float32", "", True),
        ("a.tif", "float32", "metre", True),
        ("N25E114.tif", "int16", "", True),
        ("worldpop.tif", "int16", "", False),
    ],
)
def test_a_raster_that_may_be_heights_is_not_taken_for_residents(
    tmp_path, name, dtype, unit, asked
):
    rasterio = pytest.importorskip("rasterio")
    with rasterio.open(
        tmp_path / name, "w", driver="GTiff", width=3, height=2, count=1, dtype=dtype, crs=CRS,
        transform=rasterio.Affine(10, 0, 0, 0, -10, 0),
    ) as out:  # fmt: skip
        out.write(np.ones((2, 3), dtype), 1)
        out.units = (unit,)
    parts = file_parts(tmp_path / name)
    assert (parts[0].rows, parts[0].shape) == (6, "pixels")
    assert assigned(parts) == ["" if asked else "raster"]


def test_pixels_are_cells_and_no_data_is_not_zero(tmp_path):
    values = np.full((12, 12), 2.5)
    values[0] = 40  # north of the district
    values[5, 3:6] = -99999
    values[6, 2] = np.nan
    file = raster(tmp_path, values)
    district = made(Residents(raster=file))
    told = codes(district)
    assert told["population.raster_read"]["without"] == 4
    assert district.demand["population"].sum() == 2.5 * (100 - 4)
    assert told["population.no_data_in"]["percent"] == 4.0
    assert [s.source for s in district.sources if s.layer == "demand"] == ["people.tif"]


def test_numbers_are_stored_with_a_scale_and_an_offset(tmp_path):
    rasterio = pytest.importorskip("rasterio")
    file = raster(tmp_path, np.full((12, 12), 30.0))
    with rasterio.open(file, "r+") as data:
        data.scales, data.offsets = (0.1,), (-0.5,)
    assert made(Residents(raster=file)).demand["population"].sum() == pytest.approx(2.5 * 100)


def other_raster(folder, values, name, **said):
    rasterio = pytest.importorskip("rasterio")
    values = np.asarray(values)
    file = folder / f"{name}.tif"
    with rasterio.open(
        file, "w", driver="GTiff", width=12, height=12, count=1, dtype=values.dtype, crs=CRS,
        transform=rasterio.Affine(100, 0, EAST - 100, 0, -100, NORTH + 1100),
    ) as out:  # fmt: skip
        out.write(values, 1)
        out.units = (said.get("unit", ""),)
        if "description" in said:
            out.set_band_description(1, said["description"])
        out.update_tags(**said.get("tags", {}))
    return file


@pytest.mark.long
@pytest.mark.parametrize(
    ("kind", "mark", "times"),
    [("uint8", 255, 1), ("uint16", 65535, 1), ("float32", 65535, 2), ("int32", 9999, 2),
     ("float32", 3.4e38, 1)],
)  # fmt: skip
def test_marks_of_no_data_that_are_not_declared_are_no_people(tmp_path, kind, mark, times):
    values = np.full((12, 12), 30, kind)
    values[5, 5 : 5 + times] = mark
    with pytest.raises(InputError, match=f"{times} pixel") as refused:
        made(Residents(raster=other_raster(tmp_path, values, "people")))
    assert refused.value.code == "population.raster_undeclared"


@pytest.mark.long(but=1)
@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("people", {"unit": "thousand people"}),
        ("people", {"unit": "people/km2"}),
        ("people", {"unit": "千人"}),
        ("people", {"unit": "千人/网格"}),
        ("people", {"unit": "thousand people per cell"}),
        ("people", {"unit": "人/平方公里（1km网格）"}),
        ("chn_pd_2020_1km", {}),
        ("人口密度", {}),
    ],
)
def test_pixels_that_are_said_to_count_something_else_are_refused(tmp_path, name, said):
    file = other_raster(tmp_path, np.full((12, 12), 30, "float32"), name, **said)
    with pytest.raises(InputError) as refused:
        made(Residents(raster=file))
    assert refused.value.code == "population.raster_other_unit"


@pytest.mark.long(but=1)
@pytest.mark.parametrize(
    ("name", "said", "text"),
    few(
        [
            ("a", {"description": "population density per km2"}, "population density per km2"),
            (
                "a",
                {"tags": {"TIFFTAG_IMAGEDESCRIPTION": "People per square kilometre"}},
                "People per",
            ),
            ("a", {"description": "Population density per grid cell"}, "Population density"),
            ("a", {"description": "人口密度栅格数据，单位：人/平方公里"}, "人口密度"),
            ("a", {"description": "persons in 1000"}, "persons in 1000"),
            ("a", {"description": "number of people per cell of 100 m, 100 x 100 m"}, ""),
            ("a", {"unit": "people per 1 km2 grid cell"}, ""),
            ("chn_f_65_2020", {}, "chn_f_65_2020"),
            ("kunshan_pd", {}, "kunshan_pd"),
            ("chn_ppp_2020", {"unit": "people per pixel", "description": "people per cell"}, ""),
        ],
        6,
    ),
)
def test_pixels_that_may_count_something_else_are_told(tmp_path, name, said, text):
    file = other_raster(tmp_path, np.full((12, 12), 30, "float32"), name, **said)
    told = codes(made(Residents(raster=file)))
    found = told.get("population.raster_perhaps_other", {"text": ""})
    assert found["text"].startswith(text) if text else not found["text"]


@pytest.mark.long
@pytest.mark.parametrize(("most", "is_told"), [(0.9, True), (1.0, True), (30.0, False)])
def test_pixels_that_are_rather_shares_are_told(tmp_path, most, is_told):
    values = np.full((12, 12), 0.4)
    values[5, 5] = most
    told = codes(made(Residents(raster=raster(tmp_path, values))))
    assert ("population.raster_shares" in told) == is_told


def test_a_raster_in_degrees_is_clipped_to_the_district(tmp_path):
    rasterio = pytest.importorskip("rasterio")
    west, north = (
        gpd.GeoSeries([shapely.Point(EAST, NORTH + 1000)], crs=CRS).to_crs(4326)[0].coords[0]
    )
    step = 0.001
    file = tmp_path / "people.tif"
    with rasterio.open(
        file, "w", driver="GTiff", width=60, height=60, count=1, dtype="float32", nodata=-1,
        crs="EPSG:4326",
        transform=rasterio.Affine(step, 0, west - 0.02, 0, -step, north + 0.02),
    ) as out:  # fmt: skip
        out.write(np.full((1, 60, 60), 10, "float32"))
    district = made(Residents(raster=file))
    pixel_m2 = (step * 111_320) ** 2 * np.cos(np.radians(north))
    expected = 10 * 1_000_000 / pixel_m2
    assert district.demand["population"].sum() == pytest.approx(expected, rel=0.01)


@pytest.mark.parametrize(
    ("values", "options", "code"),
    [
        (np.full((12, 12), -3.0), {"nodata": None}, "population.raster_negative"),
        (np.full((12, 12), -99999.0), {}, "population.raster_without_data"),
        (np.full((12, 12), 0.0), {}, "population.cells_elsewhere"),
        (np.full((12, 12), 1.0), {"crs": None}, "sources.no_crs"),
        (np.full((12, 12), 1.0), {"crs": "EPSG:32633"}, "population.raster_elsewhere"),
    ],
)
@pytest.mark.filterwarnings("ignore:Dataset has no geotransform")
def test_rasters_that_cannot_be_are_refused(tmp_path, values, options, code):
    file = raster(tmp_path, values, **options)
    with pytest.raises(InputError) as error:
        made(Residents(raster=file))
    assert error.value.code == code
