"""GeoPackages whose schema runs something while it is read: refused by every reader of one."""

import shutil
import sqlite3
from contextlib import closing

import geopandas as gpd
import pytest
import shapely
from towns import town

from planner import read_district, write_district
from planner.errors import InputError
from planner.sources.untrusted.uploads import check_workspace
from planner.sources.vector.reading import read_vector

ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n"
LATER = f"SELECT CASE WHEN strftime('%s', 'now') > 0 THEN ({ENDLESS}) END AS name"
REGISTER = (
    "INSERT INTO gpkg_contents (table_name, data_type, identifier) "
    "VALUES ('{0}', 'attributes', '{0}')"
)

SCHEMAS = {
    "a view that ends": ("sources.gpkg_view", "CREATE VIEW trap AS SELECT 1 AS name"),
    "a view behind a clock": ("sources.gpkg_view", f"CREATE VIEW trap AS {LATER}"),
    "a view in place of a layer": (
        "sources.gpkg_view",
        "ALTER TABLE provenance RENAME TO kept",
        f"CREATE VIEW provenance AS {LATER}",
    ),
    "an endless trigger": (
        "sources.gpkg_trigger",
        f"CREATE TRIGGER trap AFTER INSERT ON streets BEGIN {ENDLESS}; END",
    ),
    "a trigger in the guise of an index": (
        "sources.gpkg_trigger",
        (
            "CREATE TRIGGER rtree_streets_geometry_a AFTER INSERT ON streets BEGIN "
            "DELETE FROM streets WHERE fid IN (SELECT fid FROM streets); END"
        ),
    ),
    "a trigger that calls": (
        "sources.gpkg_trigger",
        (
            "CREATE TRIGGER trap AFTER INSERT ON streets WHEN load_extension('a') BEGIN "
            "DELETE FROM streets WHERE fid = 1; END"
        ),
    ),
    "a search index": ("sources.gpkg_virtual", "CREATE VIRTUAL TABLE trap USING fts5(a)"),
    "another spatial index": (
        "sources.gpkg_virtual",
        "CREATE VIRTUAL TABLE trap USING rtree(id, minx, maxx)",
    ),
    "an index with columns to be told": (
        "sources.gpkg_virtual",
        "CREATE VIRTUAL TABLE rtree_trap USING rtree(id, minx, maxx, miny, maxy, +a)",
    ),
    "a column worked out": (
        "sources.gpkg_generated",
        "ALTER TABLE provenance ADD COLUMN trap TEXT AS (hex(zeroblob(100000000))) VIRTUAL",
    ),
    "a column worked out and kept": (
        "sources.gpkg_generated",
        "CREATE TABLE trap (a INTEGER, b TEXT AS (hex(a)) STORED)",
    ),
    "an index of an expression": (
        "sources.gpkg_index",
        "CREATE INDEX trap ON streets (length(hex(name)))",
    ),
    "an index of a part": (
        "sources.gpkg_index",
        "CREATE INDEX trap ON streets (name) WHERE fid > 1",
    ),
}


@pytest.fixture(scope="module")
def good(tmp_path_factory):
    return write_district(town(), tmp_path_factory.mktemp("good") / "town.gpkg")


@pytest.fixture
def workspace(good, tmp_path):
    return shutil.copy(good, tmp_path / "town.gpkg")


def run(file, *statements: str) -> None:
    with closing(sqlite3.connect(file)) as base:
        for statement in statements:
            base.execute(statement)
        base.commit()


@pytest.mark.long(but=1)
@pytest.mark.parametrize("case", list(SCHEMAS))
@pytest.mark.parametrize(
    "reader",
    [read_district, check_workspace, lambda file: read_vector(file, layer="streets")],
    ids=["workspace", "upload", "layer"],
)
def test_what_a_workspace_does_not_need_is_refused(workspace, case, reader):
    code, *statements = SCHEMAS[case]
    run(workspace, *statements)
    with pytest.raises(InputError) as error:
        reader(workspace)
    assert error.value.code == code


@pytest.mark.parametrize("between", ["\n", "\t", "  ", "/**/", "--x\n"])
def test_a_virtual_table_in_the_guise_of_a_plain_one(workspace, between):
    """SQLite reads the statement that stands there, however its words are set apart."""
    with closing(sqlite3.connect(workspace, isolation_level=None)) as base:
        base.execute("CREATE VIRTUAL TABLE trap USING rtree(id, minx, maxx)")
        base.execute("PRAGMA writable_schema=ON")
        base.execute(
            "UPDATE sqlite_master SET sql = replace(sql, 'CREATE VIRTUAL', ?) WHERE name = 'trap'",
            (f"CREATE{between}VIRTUAL",),
        )
        base.execute(REGISTER.format("trap"))
    for reader in (read_district, check_workspace):
        with pytest.raises(InputError) as error:
            reader(workspace)
        assert error.value.code == "sources.gpkg_virtual"


@pytest.mark.parametrize(
    "table", ["sqlite_master", "gpkg_contents", "nowhere", "rtree_streets_geometry"]
)
def test_contents_that_point_elsewhere(workspace, table):
    run(workspace, REGISTER.format(table)) if table != "gpkg_contents" else None
    run(workspace, f"UPDATE gpkg_contents SET table_name = '{table}x' WHERE table_name = 'streets'")
    with pytest.raises(InputError):
        check_workspace(workspace)
    with pytest.raises(InputError):
        read_district(workspace)


@pytest.mark.long
def test_names_of_a_file_are_no_address_of_another(good, tmp_path):
    odd = tmp_path / "town.gpkg?mode=rwc&vfs=unix-none#.gpkg"
    shutil.copy(good, odd)
    check_workspace(odd)
    assert len(read_district(odd).streets) == 1
    assert [file.name for file in tmp_path.iterdir()] == [odd.name]


def test_what_another_program_wrote_beside_the_file_counts(workspace):
    """A write-ahead log may bring a view that the file itself does not have."""
    with closing(sqlite3.connect(workspace)) as base:
        base.execute("PRAGMA journal_mode=WAL")
        base.execute("PRAGMA wal_autocheckpoint=0")
        base.execute(f"CREATE VIEW trap AS {LATER}")
        base.commit()
        with pytest.raises(InputError) as error:
            read_district(workspace)
    assert error.value.code == "sources.gpkg_view"


def test_spatial_indexes_and_counts_of_gdal_and_others_pass(tmp_path):
    """GDAL writes the triggers of GeoPackage 1.4; older programs wrote those of 1.0 to 1.3."""
    file = tmp_path / "a.gpkg"
    shapes = gpd.GeoDataFrame({"kind": ["a"]}, geometry=[shapely.Point(1, 2)], crs=4326)
    shapes.to_file(file, layer="odd name, (it's)")
    check_workspace(file)
    shapes.to_file(file, layer="other", SPATIAL_INDEX="NO")
    bounds = "ST_MinX(NEW.geom), ST_MaxX(NEW.geom), ST_MinY(NEW.geom), ST_MaxY(NEW.geom)"
    run(
        file,
        "CREATE VIRTUAL TABLE rtree_other_geom USING rtree(id, minx, maxx, miny, maxy)",
        "CREATE TRIGGER rtree_other_geom_update1 AFTER UPDATE OF geom ON other WHEN OLD.fid = "
        "NEW.fid AND (NEW.geom NOTNULL AND NOT ST_IsEmpty(NEW.geom)) BEGIN INSERT OR REPLACE INTO "
        f"rtree_other_geom VALUES (NEW.fid, {bounds}); END",
        "CREATE TRIGGER rtree_other_geom_update3 AFTER UPDATE ON other WHEN OLD.fid != NEW.fid AND "
        "(NEW.geom ISNULL OR ST_IsEmpty(NEW.geom)) BEGIN DELETE FROM rtree_other_geom WHERE id IN "
        "(OLD.fid, NEW.fid); END",
    )
    check_workspace(file)
    assert len(read_vector(file, layer="other")[0]) == 1
