"""Files of strangers: what is refused before a reader opens it, and that good files pass."""

import bz2
import gzip
import sqlite3
from contextlib import closing

import pytest
from towns import town

from planner import write_district
from planner.errors import InputError
from planner.sources import read_district
from planner.sources.untrusted.uploads import Limits, check_osm, check_table, check_workspace
from planner.sources.workspace.demo import demo_file

XML = b"<?xml version='1.0'?>\n<osm version='0.6'>\n</osm>\n"


@pytest.fixture
def workspace(tmp_path):
    return write_district(town(), tmp_path / "town.gpkg")


def refused(check, *given) -> InputError:
    with pytest.raises(InputError) as error:
        check(*given)
    assert str(error.value)
    return error.value


def run(file, *statements: str) -> None:
    with closing(sqlite3.connect(file)) as base:
        for statement in statements:
            base.execute(statement)
        base.commit()


def test_good_workspaces_pass(workspace):
    check_workspace(workspace)
    check_workspace(demo_file())


def test_what_is_no_geopackage(tmp_path):
    text = tmp_path / "a.gpkg"
    text.write_text("hello", encoding="utf-8")
    assert refused(check_workspace, text).code == "uploads.not_geopackage"
    plain = tmp_path / "b.gpkg"
    run(plain, "CREATE TABLE t (a)")
    assert refused(check_workspace, plain).code == "uploads.not_geopackage"


def test_a_damaged_geopackage(workspace):
    data = bytearray(workspace.read_bytes())
    data[100:] = b"\x07" * (len(data) - 100)
    workspace.write_bytes(data)
    assert refused(check_workspace, workspace).code == "uploads.broken_geopackage"


def test_a_layer_that_is_a_view_is_not_read(workspace):
    endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n"
    run(
        workspace,
        f"CREATE VIEW trap AS {endless}",
        "UPDATE gpkg_contents SET table_name = 'trap' WHERE table_name = 'provenance'",
    )
    error = refused(check_workspace, workspace)
    assert (error.code, error.params["name"]) == ("sources.gpkg_view", "trap")


@pytest.mark.long(but=1)
@pytest.mark.parametrize(
    ("limits", "code"),
    [
        (Limits(layers=2), "uploads.too_many_layers"),
        (Limits(rows=5), "uploads.too_many_rows"),
        (Limits(columns=3), "uploads.too_many_columns"),
        (Limits(geometry_bytes=40), "uploads.large_geometry"),
    ],
)
def test_too_much_of_anything(workspace, limits, code):
    assert refused(check_workspace, workspace, limits).code == code


def test_a_large_geometry_is_named_by_layer_and_row(workspace):
    error = refused(check_workspace, workspace, Limits(geometry_bytes=100))
    assert (error.params["layer"], error.params["row"]) == ("communities", 1)


def test_names_of_tables_are_no_sql(workspace):
    run(
        workspace,
        'CREATE TABLE "a""; DROP TABLE streets; --" (x TEXT)',
        """INSERT INTO gpkg_contents (table_name, data_type, identifier)
        VALUES ('a"; DROP TABLE streets; --', 'attributes', 'x')""",
    )
    check_workspace(workspace)
    assert len(read_district(workspace).streets) == 1


@pytest.mark.parametrize(
    ("ending", "pack"), [(".osm", bytes), (".osm.gz", gzip.compress), (".osm.bz2", bz2.compress)]
)
def test_extracts_are_known_by_their_content(tmp_path, ending, pack):
    good, bad = tmp_path / f"good{ending}", tmp_path / f"bad{ending}"
    good.write_bytes(pack(XML))
    bad.write_bytes(pack(b"<html></html>"))
    check_osm(good)
    assert refused(check_osm, bad).code == "uploads.not_osm"


@pytest.mark.long
def test_an_archive_that_unpacks_to_far_too_much(tmp_path):
    bomb = tmp_path / "bomb.osm.gz"
    bomb.write_bytes(gzip.compress(XML + b" " * 80_000_000))
    assert refused(check_osm, bomb).code == "uploads.bomb"
    small = Limits(expanded_bytes=1_000_000)
    assert refused(check_osm, bomb, small).params["megabytes"] == 1


def test_an_archive_cut_short_and_one_that_is_none(tmp_path):
    cut, none = tmp_path / "cut.osm.gz", tmp_path / "none.osm.gz"
    cut.write_bytes(gzip.compress(XML * 5000, compresslevel=0)[:60_000])
    none.write_bytes(XML)
    for file in (cut, none):
        assert refused(check_osm, file).code == "uploads.broken_archive"


def test_pbf_by_its_first_block(tmp_path):
    file = tmp_path / "a.osm.pbf"
    file.write_bytes(b"\x00\x00\x00\x0d\x0a\x07OSMDat")
    assert refused(check_osm, file).code == "uploads.not_osm"
    assert refused(check_osm, tmp_path / "a.exe").code == "uploads.not_osm"


def test_real_extracts_pass(test_data):
    for name in ("Helsinki.osm.pbf", "liechtenstein-latest.osm.pbf", "monaco.osm.gz"):
        check_osm(test_data / name)


def test_a_table_that_would_have_other_files_read(tmp_path):
    trap = tmp_path / "homes.geojson"
    trap.write_text(
        "<OGRVRTDataSource><OGRVRTLayer name='a'><SrcDataSource>/etc/passwd</SrcDataSource>"
        "</OGRVRTLayer></OGRVRTDataSource>",
        encoding="utf-8",
    )
    assert refused(check_table, trap).code == "sources.other_content"
    good = tmp_path / "good.geojson"
    good.write_text('{"type": "FeatureCollection", "features": []}', encoding="utf-8")
    check_table(good)
    csv = tmp_path / "homes.csv"
    csv.write_text("lon,lat,population\n1,2,3\n", encoding="utf-8")
    check_table(csv)
    assert refused(check_table, tmp_path / "homes.vrt").code == "uploads.not_a_points_file"


def test_areas_to_choose_from(test_data):
    from planner.sources.osm.areas import boundary_choices

    found = boundary_choices(test_data / "liechtenstein-latest.osm.pbf")
    names = {area.name: area for area in found}
    assert names["Liechtenstein"].level == 2
    assert {"Vaduz", "Schaan", "Triesen"} <= set(names)
    assert 0.85 < names["Liechtenstein"].share <= 1
    assert [area.level for area in found] == sorted(area.level for area in found)
