"""Rasters: GDAL's reader of GeoTIFF alone, nothing beside the file; bombs end with a word."""

import os
import subprocess
import sys
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely

rasterio = pytest.importorskip("rasterio")

import planner  # noqa: E402
from planner.errors import InputError, MissingFileError, messages  # noqa: E402
from planner.sources.population.rasters import read_raster  # noqa: E402

CRS = "EPSG:32650"
HERE = gpd.GeoDataFrame(
    {"community_id": ["1"], "name": ["One"]},
    geometry=[shapely.box(400_000, 2_900_000, 401_000, 2_901_000)],
    crs=CRS,
)
MEMORY_MB = 700
READ = """
import sys
import geopandas as gpd, shapely
from planner.app.server.reading.caps import hold
from planner.errors import PlannerError
from planner.sources import own_process
from planner.sources.population.rasters import read_raster
own_process.claim()
hold(int(sys.argv[2]))
here = gpd.GeoDataFrame({"community_id": ["1"], "name": ["One"]},
    geometry=[shapely.box(400_000, 2_900_000, 401_000, 2_901_000)], crs="EPSG:32650")
try:
    read_raster(sys.argv[1], here, {})
    print("read")
except PlannerError as error:
    print(error.code)
except MemoryError:
    print("uploads.too_much_memory")
lines = open("/proc/self/status").read().splitlines()
print(next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) // 1024)
"""


def written(file, width, height, *, value=1.0, **more):
    transform = rasterio.Affine(1000 / width, 0, 400_000, 0, -1000 / height, 2_901_000)
    with rasterio.open(
        file, "w", driver="GTiff", width=width, height=height, count=1, dtype="float32",
        crs=CRS, transform=transform, **more,
    ) as out:  # fmt: skip
        if value is not None:
            out.write(np.full((1, height, width), value, "float32"))
    return file


def code_of(path):
    with pytest.raises((InputError, MissingFileError)) as error:
        read_raster(path, HERE, {})
    return error.value.code


def test_a_plain_raster_is_read(tmp_path):
    totals = read_raster(written(tmp_path / "a.tif", 10, 10), HERE, {})
    assert totals.areas["population"].sum() == 100


def test_virtual_rasters_are_refused_by_any_name(tmp_path):
    secret = written(tmp_path / "secret.tif", 10, 10)
    vrt = (
        '<VRTDataset rasterXSize="10" rasterYSize="10"><VRTRasterBand dataType="Float32" band="1">'
        f'<SimpleSource><SourceFilename relativeToVRT="0">{secret}</SourceFilename>'
        "</SimpleSource></VRTRasterBand></VRTDataset>"
    )
    for name in ("a.vrt", "a.tif"):
        (tmp_path / name).write_text(vrt, encoding="utf-8")
        assert code_of(tmp_path / name) == "population.not_tiff"


@pytest.mark.parametrize(
    "path",
    [
        "/vsicurl/http://127.0.0.1:9/a.tif",
        "/vsizip/a.zip/a.tif",
        "/vsimem/a.tif",
        "GTIFF_DIR:1:a.tif",
        "NETCDF:a.tif",
        "http://127.0.0.1:9/a.tif",
    ],
)
def test_names_of_virtual_files_and_servers_are_refused(path, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert code_of(path) in ("sources.not_local", "sources.missing_file")


def test_other_formats_under_the_name_are_refused(tmp_path):
    for start in (b"\x89PNG\r\n", b"GIF89a", b"CDF\x01", b"<?xml", b""):
        file = tmp_path / "a.tif"
        file.write_bytes(start + b"\x00" * 64)
        assert code_of(file) == "population.not_tiff"


def test_what_lies_beside_a_raster_is_not_read(tmp_path):
    """A side file would say that nothing is data, a world file that it lies elsewhere."""
    file = written(tmp_path / "a.tif", 10, 10)
    (tmp_path / "a.tif.aux.xml").write_text(
        "<PAMDataset><PAMRasterBand band='1'><NoDataValue>1</NoDataValue></PAMRasterBand>"
        "</PAMDataset>",
        encoding="utf-8",
    )
    (tmp_path / "a.tfw").write_text("100\n0\n0\n-100\n0\n0\n", encoding="utf-8")
    (tmp_path / "a.tif.msk").write_bytes(b"II*\x00")
    assert read_raster(file, HERE, {}).areas["population"].sum() == 100


def test_broken_and_cut_files_end_with_a_word(tmp_path):
    whole = written(tmp_path / "a.tif", 50, 50).read_bytes()
    for size in (4, 8, 100, 400, len(whole) // 2):
        file = tmp_path / "cut.tif"
        file.write_bytes(whole[:size])
        assert code_of(file) in ("population.raster_broken", "sources.no_crs")


BOMBS = {
    "strip": (30_000, {"blockysize": 30_000}),
    "many": (60_000, {"tiled": True, "blockxsize": 16, "blockysize": 16}),
    "wide": (40_000, {"tiled": True, "blockxsize": 512, "blockysize": 512}),
}
"""Side in pixels, and how they are stored: one block, very many, and far more than a district's."""


@pytest.fixture(scope="module", params=list(BOMBS))
def bomb(request, tmp_path_factory) -> Path:
    side, how = BOMBS[request.param]
    file = tmp_path_factory.mktemp("bomb") / "bomb.tif"
    packed = {"compress": "deflate", "sparse_ok": True, "bigtiff": "YES"}
    written(file, side, side, value=None, **packed, **how)
    assert file.stat().st_size < 200_000_000
    return file


@pytest.mark.long
@pytest.mark.skipif(sys.platform != "linux", reason="what was held is read as Linux tells it")
def test_a_capped_process_ends_with_a_word(bomb):
    ran = subprocess.run(
        [sys.executable, "-c", READ, str(bomb), str(MEMORY_MB)],
        env=os.environ
        | {"PYTHONPATH": os.pathsep.join([str(Path(planner.__file__).parents[1]), *sys.path])},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    said, held_mb = ran.stdout.split()
    assert said in messages(), ran.stderr[-2000:]
    assert int(held_mb) < MEMORY_MB
