"""Slopes of streets from the heights of a GeoTIFF."""

import geopandas as gpd
import numpy as np
import pytest
import shapely

rasterio = pytest.importorskip("rasterio")

import planner  # noqa: E402
from planner.district import District, builtin_kinds  # noqa: E402
from planner.errors import InputError  # noqa: E402

CRS = "EPSG:32650"
WEST, NORTH = 400_000, 2_901_000


def dem(file, heights, pixel=10.0, crs=CRS, west=WEST, north=NORTH, **more):
    transform = rasterio.Affine(pixel, 0, west, 0, -pixel, north)
    rows, columns = heights.shape
    with rasterio.open(
        file, "w", driver="GTiff", width=columns, height=rows, count=1, dtype="float32", crs=crs,
        transform=transform, **more,
    ) as out:  # fmt: skip
        out.write(heights.astype("float32")[None])
    return file


def plane(percent=10.0, pixel=10.0, size=100):
    """A plane that climbs to the east."""
    east = (np.arange(size) + 0.5) * pixel
    return np.broadcast_to(east * percent / 100, (size, size)).copy()


def district(lines, **columns) -> District:
    def points(rows, **told):
        return gpd.GeoDataFrame(told, geometry=[shapely.Point(xy) for xy in rows], crs=CRS)

    box = shapely.box(WEST, NORTH - 1000, WEST + 1000, NORTH)
    middle = (WEST + 500, NORTH - 500)
    layers = {
        "streets": gpd.GeoDataFrame(
            {"street_id": [str(i) for i in range(len(lines))], **columns},
            geometry=[
                shapely.LineString([(WEST + x, NORTH - y) for x, y in line]) for line in lines
            ],
            crs=CRS,
        ),
        "communities": gpd.GeoDataFrame(
            {"community_id": ["1"], "name": ["One"]}, geometry=[box], crs=CRS
        ),
        "demand": points([middle], demand_id=["h"], community_id=["1"], population=[1]),
        "facilities": points([middle], facility_id=["c"], name=["C"], kind=["clinic"]),
    }
    return District.from_layers("Hill", layers, complete=builtin_kinds())


EAST = [(100, 500), (300, 500)]
SOUTH = [(300, 500), (300, 700)]
SLANT = [(300, 500), (500, 700)]


def test_a_plane_of_ten_per_cent(tmp_path):
    streets = planner.with_elevation(
        district([EAST, SOUTH, SLANT, EAST[::-1]]), dem(tmp_path / "a.tif", plane())
    ).streets
    expected = [10.0, 0.0, 10 / np.sqrt(2), 10.0]
    assert streets["slope_percent"].to_numpy() == pytest.approx(expected, abs=0.02)
    assert streets["ascent_m"].to_numpy() == pytest.approx([20, 0, 20, 0], abs=0.02)
    assert streets["descent_m"].to_numpy() == pytest.approx([0, 0, 0, 20], abs=0.02)


def test_the_steepest_part_counts_and_a_hill_climbs_and_falls(tmp_path):
    heights = np.zeros((100, 100))
    heights[:, 20:] = (np.arange(20, 100) - 19.5) * 1.5  # flat to 200 m, then 15 %
    heights[:, 30:] = heights[:, 29:30] - (np.arange(30, 100) - 29) * 0.5
    row = planner.with_elevation(
        district([[(100, 500), (400, 500)]]), dem(tmp_path / "a.tif", heights)
    ).streets.iloc[0]
    assert row["slope_percent"] == pytest.approx(15, abs=0.3)
    assert row["ascent_m"] > 10
    assert row["descent_m"] > 4


def test_bridges_and_what_the_raster_lacks_stay_unknown_and_tags_go_first(tmp_path):
    heights = plane()
    heights[:, 60:] = -9999
    made = planner.with_elevation(
        district(
            [EAST, EAST, [(500, 500), (700, 500)], SOUTH],
            bridge=[False, True, False, False],
            slope_percent=[4.0, np.nan, np.nan, np.nan],
        ),
        dem(tmp_path / "a.tif", heights, nodata=-9999),
    )
    slope = made.streets["slope_percent"].tolist()
    assert slope[0] == 4.0
    assert np.isnan(slope[1])
    assert np.isnan(slope[2])
    assert slope[3] == pytest.approx(0)
    (told,) = [f for f in made.findings if f.code == "sources.elevation_read"]
    assert told.params["pixel_m"] == 10
    assert told.params["without_km"] == 0.4
    assert any(source.source == "a.tif" for source in made.sources)


def test_a_raster_in_degrees(tmp_path):
    from pyproj import Transformer

    west, south, east, north = Transformer.from_crs(CRS, 4326, always_xy=True).transform_bounds(
        WEST, NORTH - 1000, WEST + 1000, NORTH
    )
    lon = np.linspace(west - 0.01, east + 0.01, 200)
    pixel = float(lon[1] - lon[0])
    x, _ = Transformer.from_crs(4326, CRS, always_xy=True).transform(
        lon, np.full(200, (south + north) / 2)
    )
    heights = np.broadcast_to((x - WEST) * 0.05 + 100, (200, 200)).copy()
    file = dem(
        tmp_path / "a.tif", heights, pixel, "EPSG:4326", lon[0] - pixel / 2, north + pixel * 40
    )
    slope = planner.with_elevation(district([EAST, SOUTH]), file).streets["slope_percent"]
    assert slope.to_numpy() == pytest.approx([5.0, 0.0], abs=0.1)


def test_files_that_are_none_are_refused(tmp_path):
    hill = district([EAST])
    (tmp_path / "a.vrt").write_text("<VRTDataset/>", encoding="utf-8")
    (tmp_path / "b.tif").write_text("<VRTDataset/>", encoding="utf-8")
    far = dem(tmp_path / "far.tif", plane(), west=WEST + 90_000)
    holes = dem(tmp_path / "holes.tif", np.full((100, 100), -1.0), nodata=-1)
    feet = dem(tmp_path / "feet.tif", plane())
    with rasterio.open(feet, "r+") as out:
        out.units = ("ft",)
    for name, code in (
        ("a.vrt", "population.not_tiff"),
        ("b.tif", "population.not_tiff"),
        (far.name, "population.raster_elsewhere"),
        (holes.name, "population.raster_elsewhere"),
        (feet.name, "sources.elevation_unit"),
    ):
        with pytest.raises(InputError) as error:
            planner.with_elevation(hill, tmp_path / name)
        assert error.value.code == code, name


@pytest.mark.parametrize("void", [-9999.0, -32768.0, 65535.0])
def test_a_void_that_the_file_does_not_declare_is_no_flat_land(tmp_path, void):
    heights = plane()
    heights[:, :50] = void
    town = district([EAST, [(600, 500), (800, 500)]])
    streets = planner.sources.elevation.with_elevation(
        town, dem(tmp_path / "dem.tif", heights)
    ).streets
    assert np.isnan(streets["slope_percent"].iloc[0])
    assert streets["slope_percent"].iloc[1] == pytest.approx(10.0, abs=0.2)


@pytest.mark.parametrize(("percent", "is_told"), [(3.0, False), (3.0 * 3.28084, True)])
def test_heights_by_which_hardly_any_street_could_be_walked_are_told(tmp_path, percent, is_told):
    lines = [[(100, y), (400, y)] for y in range(300, 700, 40)]
    file = dem(tmp_path / "a.tif", plane(percent))
    codes = {f.code for f in planner.with_elevation(district(lines), file).findings}
    assert ("district.slopes_too_steep" in codes) == is_told


@pytest.mark.parametrize("pixel", [10.0, 12.5, 30.0])
def test_heights_in_whole_metres_are_evened_out_and_told(tmp_path, pixel):
    """A plain of 1.2 % climbs a metre from one pixel to the next, and none from most."""
    size = round(1200 / pixel)
    true = plane(1.2, pixel, size) + plane(0.8, pixel, size).T
    lines = [EAST, SOUTH, SLANT, [(300, 500), (320, 500)]]
    fine = planner.with_elevation(district(lines), dem(tmp_path / "f.tif", true, pixel))
    whole = dem(tmp_path / "w.tif", np.rint(true), pixel)
    made = planner.with_elevation(district(lines), whole)
    assert "sources.elevation_evened" not in {f.code for f in fine.findings}
    (told,) = [f for f in made.findings if f.code == "sources.elevation_evened"]
    assert told.params["step"] == 1
    assert 100 <= told.params["over_m"] <= 150
    slopes = made.streets["slope_percent"], fine.streets["slope_percent"]
    assert (slopes[0] - slopes[1]).abs().max() < 1
    climbs = made.streets["ascent_m"], fine.streets["ascent_m"]
    assert (climbs[0] - climbs[1]).abs().max() < 1


@pytest.mark.parametrize("edge", ["void", "raster"])
def test_no_slope_is_known_where_heights_to_be_evened_out_end(tmp_path, edge):
    """There the mean of what is around a place is that of a place farther in: it read as flat."""
    true = np.rint(plane(9.0, 12.5, 96))
    if edge == "void":
        true[:, 60:] = np.nan
    else:
        true = true[:, :60]
    near = [[(690, 500), (735, 500)], [(690, 400), (735, 430)]]
    lines = [*near, [(400, 500), (600, 500)], [(400, 400), (640, 400)]]
    made = planner.with_elevation(district(lines), dem(tmp_path / "w.tif", true, 12.5))
    slope = made.streets["slope_percent"]
    assert slope[:2].isna().all()
    assert slope[2:].to_numpy() == pytest.approx([9.0, 9.0], abs=1)
    # a single pixel without a height hides nothing around it
    hole = np.rint(plane(9.0, 12.5, 96))
    hole[30, 40] = np.nan
    made = planner.with_elevation(
        district([[(400, 500), (600, 500)], [(480, 400), (500, 360)]]),
        dem(tmp_path / "h.tif", hole, 12.5),
    )
    assert made.streets["slope_percent"].iloc[0] == pytest.approx(9.0, abs=1)


def test_a_steep_hill_in_whole_metres_stays_steep(tmp_path):
    true = np.rint(plane(9.0, 12.5, 96))
    true[:, :10] = np.nan
    lines = [EAST, [(100, 500), (110, 500)], [(400, 500), (700, 500)]]
    made = planner.with_elevation(district(lines), dem(tmp_path / "w.tif", true, 12.5))
    slope = made.streets["slope_percent"]
    assert slope[:2].isna().all()  # no height is known there
    assert slope[2] == pytest.approx(9, abs=1)


def test_flat_ground_in_whole_metres_and_coarse_pixels_are_left_as_they_are(tmp_path):
    flat = dem(tmp_path / "f.tif", np.full((100, 100), 5.0))
    coarse = dem(tmp_path / "c.tif", np.rint(plane(3.0, 90.0, 14)), 90.0)
    for file in (flat, coarse):
        made = planner.with_elevation(district([EAST, SOUTH]), file)
        assert "sources.elevation_evened" not in {f.code for f in made.findings}


def test_a_plain_beside_a_void_has_no_step_of_its_height(tmp_path):
    heights = np.full((100, 100), 37.0)
    heights[60:62, 12:14] = 0.0
    made = planner.with_elevation(district([EAST, SOUTH]), dem(tmp_path / "v.tif", heights))
    (told,) = [f for f in made.findings if f.code == "sources.elevation_evened"]
    assert told.params["step"] == 1
    assert told.params["over_m"] < 200
