"""Zip archives of map layers: links, streams, names that leave the folder, bombs, other drivers."""

import stat
import zipfile

import geopandas as gpd
import pytest
from traps import POINT, SECRET, listening, texts

from planner.errors import InputError
from planner.sources.untrusted.archives import split
from planner.sources.vector.gdal import DRIVERS
from planner.sources.vector.reading import read_vector


@pytest.fixture
def shapefile(tmp_path):
    folder = tmp_path / "shape"
    folder.mkdir()
    gpd.GeoDataFrame.from_features([POINT], crs=4326).to_file(folder / "地块.shp", encoding="UTF-8")
    return folder


@pytest.fixture
def packed(tmp_path, shapefile):
    """Return a maker of archives: a good shapefile and what is added to it."""

    def make(*members: tuple[str | zipfile.ZipInfo, str]):
        file = tmp_path / "layer.zip"
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            for part in shapefile.iterdir():
                archive.write(part, f"folder/{part.name}")
            for name, text in members:
                archive.writestr(name, text)
        return file

    return make


def refused(file) -> str:
    with pytest.raises(InputError) as error:
        read_vector(file, crs=4326)
    assert SECRET not in str(error.value)
    return error.value.code


def link(name: str) -> zipfile.ZipInfo:
    member = zipfile.ZipInfo(name)
    member.create_system = 3
    member.external_attr = (stat.S_IFLNK | 0o777) << 16
    return member


def test_a_shapefile_in_an_archive_is_read_with_its_companions(packed):
    table, _ = read_vector(packed(("readme.txt", "a"), ("__MACOSX/._地块.shp", "a")))
    assert table["kind"].tolist() == ["river"]
    assert table.crs is not None


@pytest.mark.parametrize(
    "name",
    [
        "../layer.dbf",
        "folder/../../a.dbf",
        "/etc/cron.d/a",
        "C:/a.dbf",
        "folder\\..\\..\\a.dbf",
        "folder/地块.dbf:stream",
        "folder/地块.dbf::$DATA",
        "folder/a\x01.dbf",
        "folder/a?.dbf",
    ],
)
def test_names_that_leave_the_folder_or_hide_a_stream(packed, name):
    assert refused(packed((name, "a"))) == "sources.archive_member"


def test_links_are_no_files(packed, tmp_path):
    (tmp_path / "secret.csv").write_text(SECRET, encoding="utf-8")
    file = packed((link("folder/地块.cst"), str(tmp_path / "secret.csv")))
    assert refused(file) == "sources.archive_member"


@pytest.mark.long
def test_an_archive_that_unpacks_to_far_too_much(packed, tmp_path):
    file = tmp_path / "layer.zip"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.geojson", '{"type": "FeatureCollection"' + " " * 90_000_000)
    assert refused(file) == "uploads.bomb"


@pytest.mark.long
def test_sizes_that_the_archive_states_are_not_believed(tmp_path):
    file = tmp_path / "layer.zip"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.geojson", " " * 90_000_000)
        archive.infolist()[0].file_size = 10
    assert refused(file) in ("uploads.bomb", "uploads.broken_archive", "sources.other_content")


@pytest.mark.parametrize(
    ("members", "code"),
    [
        ([("b.geojson", "{}")], "sources.archive_several"),
        ([(f"{n}.txt", "a") for n in range(250)], "sources.archive_many"),
    ],
)
def test_several_layers_and_very_many_files(packed, members, code):
    assert refused(packed(*members)) == code


@pytest.mark.parametrize("ending", [".geojson", ".kml", ".vrt", ".xml", ".zip", ".csv"])
@pytest.mark.parametrize("driver", ["GDALG", "OGR_VRT", "WFS", "GML"])
def test_drivers_that_refer_elsewhere_do_not_in_archives(tmp_path, driver, ending):
    secret = tmp_path / "secret.csv"
    secret.write_text(f"kind,lon,lat\n{SECRET},1,2\n", encoding="utf-8")
    with listening() as (port, asked):
        file = tmp_path / "layer.zip"
        with zipfile.ZipFile(file, "w") as archive:
            archive.writestr(f"a{ending}", texts(secret, port)[driver])
        refused(file)
    assert asked == []


@pytest.mark.parametrize(
    "content", [b"", b"PK\x03\x04", b"PK\x05\x06" + b"\x00" * 18, b"Rar!\x1a\x07\x00"]
)
def test_what_is_no_archive(tmp_path, content):
    file = tmp_path / "layer.zip"
    file.write_bytes(content)
    assert refused(file) in ("uploads.broken_archive", "sources.archive_empty")


def test_an_encrypted_archive(packed):
    file = packed()
    data = bytearray(file.read_bytes())
    at = data.find(b"PK\x01\x02")
    data[at + 8] |= 1
    file.write_bytes(data)
    assert refused(file) == "sources.archive_member"


# ---- an archive of several map files is parted


def test_several_shapefiles_are_parted_and_what_else_lies_there_is_not(packed, shapefile, tmp_path):
    more = [(f"other/地块{part.suffix}", part.read_bytes()) for part in shapefile.iterdir()]
    file = packed(*more, ("readme.txt", SECRET))
    parts = split(file, tuple(DRIVERS), tmp_path / "parts")
    assert [part.name for part in parts] == ["地块.zip", "地块.zip"]
    assert [read_vector(part)[0]["kind"].tolist() for part in parts] == [["river"], ["river"]]
    assert "readme.txt" not in zipfile.ZipFile(parts[0]).namelist()


@pytest.mark.parametrize("name", ["../layer.dbf", "/etc/cron.d/a", "folder/a\x01.dbf"])
def test_an_archive_that_means_harm_is_not_parted(packed, tmp_path, name):
    file = packed((name, "a"), ("b.geojson", "{}"))
    with pytest.raises(InputError) as error:
        split(file, tuple(DRIVERS), tmp_path / "parts")
    assert error.value.code == "sources.archive_member"
    assert not (tmp_path / "parts").exists()


@pytest.mark.long
def test_a_bomb_is_not_parted(tmp_path):
    file = tmp_path / "layer.zip"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in ("a", "b"):
            archive.writestr(f"{name}.geojson", " " * 50_000_000)
    with pytest.raises(InputError) as error:
        split(file, tuple(DRIVERS), tmp_path / "parts")
    assert error.value.code == "uploads.bomb"
