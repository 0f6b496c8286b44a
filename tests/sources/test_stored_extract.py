"""A large extract is put away on the disk: windows of it are those of the extract in memory."""

import contextlib
import errno
import shutil
import tempfile
from functools import partial
from pathlib import Path

import geopandas as gpd
import numpy as np
import osmium
import pytest
import shapely
from geopandas.testing import assert_geodataframe_equal
from osm_maker import degrees, town

from planner.district import District
from planner.errors import InputError, WorkError
from planner.sources import from_osm
from planner.sources.osm import stored_extract
from planner.sources.osm.boundaries import admin_areas, is_admin
from planner.sources.osm.extracts import parts_of, read_osm_file
from planner.sources.osm.objects import OsmData
from planner.sources.osm.stored_extract import StoredExtract, windows_of
from planner.sources.osm.windows import Windows, window_around

ARRAYS = ("node_id", "node_xy", "way_id", "way_start", "ref", "xy")


def same(one: OsmData, other: OsmData) -> None:
    assert (one.source, one.date, one.box) == (other.source, other.date, other.box)
    for name in ARRAYS:
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name))
    assert one.node_tags == other.node_tags
    assert one.way_tags == other.way_tags
    assert one.relations == other.relations


def same_district(one: District, other: District) -> None:
    assert (one.name, one.crs, one.findings) == (other.name, other.crs, other.findings)
    assert one.layers.keys() == other.layers.keys()
    for name, table in one.layers.items():
        assert_geodataframe_equal(table, other.layers[name])


def packed(xml: Path) -> Path:
    """Return an extract as ``.osm.pbf``, in the order of the file."""
    file = xml.with_suffix(".osm.pbf")
    with osmium.SimpleWriter(str(file), overwrite=True) as writer:
        for item in osmium.FileProcessor(str(xml)):
            writer.add(item)
    return file


@pytest.fixture
def extract(tmp_path: Path) -> Path:
    """A town with a lake around it, a way that lacks a node, and relations of several sorts."""
    made = town()
    far = [made.node(x, 0) for x in (-9000, 9000)]
    lake = made.way([*far, made.node(0, 9000), far[0]], {})
    island = made.box(100, 3000, 50, 50)
    members = [("way", lake, "outer"), ("way", island, "inner"), ("way", 77, "inner")]
    made.relation(members, {"type": "multipolygon", "natural": "water", "name": "大湖\n\U0001f30a"})
    made.relation([], {"type": "route", "note": ""})
    door = made.node(-8000, 10, entrance="main")
    school = {"type": "site", "amenity": "clinic", "name": "A site"}
    made.relation([("node", door, ""), ("way", island, ""), ("relation", 9001, "")], school)
    made.way([made.node(700, 20), 99_999, made.node(900, 20)], {"highway": "path"})
    made.way([made.node(700, 30)], {"barrier": "wall"})
    return packed(made.write(tmp_path / "town.osm"))


@pytest.fixture
def in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Extracts of any size are put away, a few objects a file."""
    monkeypatch.setattr(stored_extract, "LARGE_BYTES", 0)
    monkeypatch.setattr(stored_extract, "parts_of", partial(parts_of, most=50))


@pytest.mark.parametrize(
    "corner", [(0, 0, 400, 400), (-200, 900, 20, 20), (-9500, -500, 600, 600), (90_000, 0, 10, 10)]
)
@pytest.mark.usefixtures("in_parts")
def test_a_window_is_that_of_the_extract_in_memory(extract: Path, corner: tuple[int, ...]) -> None:
    x, y, width, height = corner
    window = (*degrees(x, y), *degrees(x + width, y + height))
    inside = Windows(read_osm_file(extract)).of(window)
    with windows_of(extract) as windows:
        assert isinstance(windows, StoredExtract)
        same(windows.of(window), inside)
        folder = windows.folder
        assert folder.is_dir()
        assert windows.disk_bytes > 0
    assert not folder.exists()
    if x < 90_000:
        assert inside.relations


@pytest.mark.usefixtures("in_parts")
def test_administrative_areas_are_those_of_all_of_it(extract: Path) -> None:
    all_of_it = admin_areas(read_osm_file(extract))
    with windows_of(extract) as windows:
        found = windows.areas(is_admin)
        assert len(found.way_id) == len(all_of_it)
        assert [(a.id, a.name, a.shape) for a in admin_areas(found)] == [
            (a.id, a.name, a.shape) for a in all_of_it
        ]


@pytest.mark.parametrize("boundary", ["西街道", "Zhanggong", "relation/9000", "polygon", "file"])
def test_a_district_is_the_same_by_both_doors(
    extract: Path, tmp_path: Path, request: pytest.FixtureRequest, boundary: str
) -> None:
    shape = shapely.Polygon([degrees(*at) for at in ((0, 0), (900, 0), (900, 1500), (0, 1500))])
    asked: object = boundary
    if boundary == "polygon":
        asked = shape
    if boundary == "file":
        asked = tmp_path / "west.geojson"
        gpd.GeoDataFrame({"name": ["West"]}, geometry=[shape], crs=4326).to_file(asked)
    inside = from_osm(extract, asked, buffer_m=300)
    request.getfixturevalue("in_parts")
    same_district(from_osm(extract, asked, buffer_m=300), inside)


@pytest.mark.parametrize("boundary", ["nowhere", "polygon", "empty"])
def test_what_cannot_be_a_district_is_told_alike(
    extract: Path, request: pytest.FixtureRequest, boundary: str
) -> None:
    around = window_around((*degrees(90_000, 0), *degrees(90_500, 500)), 0.0)
    asked = {"polygon": shapely.box(*around), "empty": gpd.GeoSeries([], crs=4326)}
    with pytest.raises(InputError) as told:
        from_osm(extract, asked.get(boundary, boundary), name="Here")
    request.getfixturevalue("in_parts")
    with pytest.raises(InputError) as again:
        from_osm(extract, asked.get(boundary, boundary), name="Here")
    assert str(again.value) == str(told.value)


@pytest.mark.usefixtures("in_parts")
def test_what_may_stand_in_any_order_is_read_into_memory(tmp_path: Path, extract: Path) -> None:
    with windows_of(extract.with_suffix("").with_suffix(".osm")) as windows:
        assert isinstance(windows, Windows)
    new = town()
    new.nodes[-1] = new.nodes.pop(1)
    new.way([-1, 2], {"highway": "path"})
    file = packed(new.write(tmp_path / "new.osm"))
    with windows_of(file) as windows:
        assert isinstance(windows, Windows)
        same(windows.data, read_osm_file(file))


@pytest.mark.usefixtures("in_parts")
def test_no_file_is_left_where_reading_fails(
    extract: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    short = tmp_path / "short.osm.pbf"
    short.write_bytes(extract.read_bytes()[:-200])
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    with pytest.raises(InputError) as told, windows_of(short):
        pass
    assert told.value.code in ("osm.truncated", "osm.not_osm")
    assert not list(temporary.iterdir())

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(np, "savez", full)
    with pytest.raises(WorkError) as failed, windows_of(extract):
        pass
    assert failed.value.code == "sources.disk_full"
    assert not list(temporary.iterdir())


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="open files are told by Linux")
@pytest.mark.usefixtures("in_parts")
def test_the_room_on_the_disk_is_given_back(extract: Path) -> None:
    """Though libosmium keeps its file open as long as the program runs."""
    with windows_of(extract) as windows:
        assert isinstance(windows, StoredExtract)
    held = []
    for each in Path("/proc/self/fd").iterdir():
        with contextlib.suppress(OSError):
            if "planner-osm" in str(each.readlink()):
                held.append(each.stat().st_blocks)
    assert sum(held) == 0


@pytest.mark.usefixtures("in_parts")
def test_a_folder_whose_name_has_a_comma_keeps_all_of_it(
    extract: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As of a user who is called "Li, Wei": nothing is written beside the folder."""
    temporary = tmp_path / "Li, Wei"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    before = sorted(tmp_path.iterdir())
    window = (*degrees(0, 0), *degrees(400, 400))
    with windows_of(extract) as windows:
        assert isinstance(windows, StoredExtract)
        same(windows.of(window), Windows(read_osm_file(extract)).of(window))
        assert sorted(tmp_path.iterdir()) == before
    assert not list(temporary.iterdir())


@pytest.mark.usefixtures("in_parts")
def test_a_disk_that_is_too_small_is_told_before(
    extract: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = shutil.disk_usage(extract.parent)._replace(free=100)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    with pytest.raises(WorkError) as failed, windows_of(extract):
        pass
    assert failed.value.code == "sources.disk_full"


@pytest.mark.usefixtures("in_parts")
@pytest.mark.parametrize("opened", [True, False])
def test_an_extract_in_parts_needs_a_boundary(extract: Path, *, opened: bool) -> None:
    with windows_of(extract) as windows:
        given = windows if opened else windows_of(extract)
        with pytest.raises(InputError) as refused:
            from_osm(given)
    assert refused.value.code == "osm.windows_need_boundary"


@pytest.mark.usefixtures("in_parts")
def test_an_extract_in_parts_may_be_given_before_it_is_opened(extract: Path) -> None:
    boundary = shapely.box(*degrees(-100, -100), *degrees(700, 700))
    with windows_of(extract) as windows:
        before = from_osm(windows, boundary, buffer_m=50)
    after = from_osm(windows_of(extract), boundary, buffer_m=50)
    assert len(before.streets) == len(after.streets) > 0
