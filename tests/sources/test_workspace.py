import errno
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyogrio
import pytest
import shapely
from effort import few
from geopandas.testing import assert_geodataframe_equal
from places import CRS, X, Y, layers, small_district

from planner import assess
from planner.district import LAYERS, Defaults, KindRecord, Money, Source
from planner.errors import Finding, InputError, MissingFileError, WorkError
from planner.sources import read_district, write_defaults, write_district
from planner.sources.workspace import demo, writing

MOMENT = "2025-01-01T00:00:00.000Z"


@pytest.fixture
def saved(tmp_path) -> Path:
    return write_district(small_district(), tmp_path / "small.gpkg")


def overwrite(path, layer, table, **options):
    pyogrio.write_dataframe(table, path, layer=layer, driver="GPKG", append=False, **options)


@pytest.mark.long
def test_round_trip_keeps_everything(saved):
    before, after = small_district(), read_district(saved)
    for name in LAYERS:
        assert_geodataframe_equal(
            getattr(before, name),
            getattr(after, name)[getattr(before, name).columns],
            check_dtype=False,
            check_like=True,
            check_geom_type=False,
        )
    assert after.crs.to_epsg() == 4547
    assert after.communities["community_id"].tolist() == ["036000000001", "036000000002"]
    assert after.streets["bridge"].dtype == bool
    assert pd.isna(after.demand["pop_65plus"].iloc[1])
    same = shapely.equals_exact(
        before.streets.geometry.to_numpy(), after.streets.geometry.to_numpy(), tolerance=0
    )
    assert same.all()
    assert (after.name, after.synthetic) == ("Small", True)
    assert after.sources == before.sources
    assert set(after.findings) == set(before.findings)
    assert after.kinds == before.kinds


def test_qgis_finds_layers_with_geometry_types_and_attribute_tables(saved):
    types = dict(pyogrio.list_layers(saved))
    assert types == {
        "communities": "MultiPolygon",
        "facilities": "Point",
        "streets": "LineString",
        "demand": "Point",
        "barriers": "Unknown",
        "gates": "Point",
        "provenance": None,
        "planner_metadata": None,
    }


def test_a_district_without_facilities_comes_back(tmp_path):
    district = small_district(facilities=layers()["facilities"].iloc[:0])
    assert read_district(write_district(district, tmp_path / "none.gpkg")).facilities.empty


@pytest.mark.long
def test_equal_districts_make_equal_files_at_a_fixed_time(tmp_path):
    first = write_district(small_district(), tmp_path / "a.gpkg", timestamp=MOMENT)
    second = write_district(small_district(), tmp_path / "b.gpkg", timestamp=MOMENT)
    assert first.read_bytes() == second.read_bytes()
    assert pyogrio.get_gdal_config_option("OGR_CURRENT_DATE") is None


def test_it_is_seen_onto_the_disk_once_before_it_stands_in_its_place(tmp_path, monkeypatch):
    done, flush, replace, tables = [], writing.flush, os.replace, writing._write_tables

    def written(district, part, moment):
        tables(district, part, moment)
        done.append((part, pyogrio.get_gdal_config_option("OGR_SQLITE_SYNCHRONOUS")))

    def flushed(part):
        flush(part)
        done.append((part, "flushed"))

    def put(part, file):
        replace(part, file)
        done.append((part, "put"))

    monkeypatch.setattr(writing, "_write_tables", written)
    monkeypatch.setattr(writing, "flush", flushed)
    monkeypatch.setattr(os, "replace", put)
    write_district(small_district(), tmp_path / "a.gpkg")
    # GDAL itself waits for the disk after no layer
    assert [step for _, step in done] == [False, "flushed", "put"]
    assert len({part for part, _ in done}) == 1
    assert pyogrio.get_gdal_config_option("OGR_SQLITE_SYNCHRONOUS") is None


def test_missing_folders_are_made(tmp_path):
    assert write_district(small_district(), tmp_path / "a" / "b" / "c.gpkg").is_file()


def test_edits_in_qgis_are_accepted(saved):
    streets = pyogrio.read_dataframe(saved, layer="streets")
    overwrite(saved, "streets", streets, promote_to_multi=True)
    demand = pyogrio.read_dataframe(saved, layer="demand")
    demand["geometry"] = shapely.force_3d(demand.geometry.to_numpy(), 5.0)
    overwrite(saved, "demand", demand, promote_to_multi=True)
    district = read_district(saved)
    assert set(district.streets.geom_type) == {"LineString"}
    assert set(district.demand.geom_type) == {"Point"}
    assert not district.demand.has_z.any()
    assert "fid" not in district.streets


@pytest.mark.long
def test_findings_of_the_validation_are_drawn_anew(tmp_path):
    table = layers()["communities"]
    table["population"] = [500.0, None]
    path = write_district(small_district(communities=table), tmp_path / "a.gpkg")
    assert "district.control_total" in {f.code for f in read_district(path).findings}
    mended = pyogrio.read_dataframe(path, layer="communities")
    mended["population"] = [150.0, None]
    overwrite(path, "communities", mended)
    assert "district.control_total" not in {f.code for f in read_district(path).findings}


def set_metadata(path, key, value):
    rows = pyogrio.read_dataframe(path, layer="planner_metadata")
    rows.loc[rows.key == key, "value"] = value
    overwrite(path, "planner_metadata", rows)


def test_a_newer_version_asks_for_an_update(saved):
    set_metadata(saved, "schema_version", "99")
    with pytest.raises(InputError, match="Update the program") as error:
        read_district(saved)
    assert error.value.code == "sources.newer_version"
    assert error.value.params["version"] == 99


def test_broken_metadata_names_the_table(saved):
    set_metadata(saved, "schema_version", "{")
    with pytest.raises(InputError, match="planner_metadata"):
        read_district(saved)


@pytest.mark.long
def test_a_finding_of_a_later_program_is_told_as_such(saved):
    set_metadata(saved, "findings", json.dumps([{"code": "sources.from_the_future", "params": {}}]))
    found = read_district(saved).findings
    assert [f.code for f in found] == ["sources.unknown_finding"]
    assert "from_the_future" in str(found[0])


def test_missing_layers_are_named_with_those_present(tmp_path):
    path = tmp_path / "half.gpkg"
    overwrite(path, "communities", layers()["communities"], promote_to_multi=True)
    with pytest.raises(InputError, match=r"no layer 'facilities'.*Its layers: communities"):
        read_district(path)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 not a database", b"SQLite format 3\x00junk"])
def test_what_is_no_geopackage(tmp_path, content):
    path = tmp_path / "file.gpkg"
    path.write_bytes(content)
    with pytest.raises(InputError, match="not a GeoPackage"):
        read_district(path)


def test_a_missing_file(tmp_path):
    with pytest.raises(MissingFileError, match="There is no file") as error:
        read_district(tmp_path / "none.gpkg")
    assert error.value.exit_code == 2


def test_columns_that_differ_in_case_only(tmp_path):
    table = layers()["streets"].assign(Name="x")
    with pytest.raises(InputError, match="'Name' and 'name'"):
        write_district(small_district(streets=table), tmp_path / "a.gpkg")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.long
@pytest.mark.parametrize(
    ("failure", "code"),
    few(
        [
            (OSError(errno.ENOSPC, "No space left on device"), "sources.disk_full"),
            (PermissionError(errno.EACCES, "denied"), "sources.no_permission"),
            (OSError(errno.EIO, "input/output error"), "sources.cannot_write"),
        ],
        2,
    ),
)
@pytest.mark.parametrize("step", ["pyogrio.write_dataframe", "os.replace"])
def test_a_failed_write_leaves_the_old_file(saved, monkeypatch, failure, code, step):
    old = saved.read_bytes()
    count = iter(range(100))
    real = pyogrio.write_dataframe

    def fail(*args, **kwargs):
        if step == "pyogrio.write_dataframe" and next(count) < 2:
            return real(*args, **kwargs)
        raise failure

    monkeypatch.setattr(step, fail)
    with pytest.raises(WorkError) as error:
        write_district(small_district(), saved)
    assert (error.value.code, error.value.exit_code) == (code, 1)
    assert str(saved) in str(error.value)
    assert saved.read_bytes() == old
    assert list(saved.parent.iterdir()) == [saved]


CHILD = """
import os, resource, signal, sys
sys.path.insert(0, {tests!r})
from places import small_district
from planner.sources import write_district
{setup}
write_district(small_district(), sys.argv[1])
"""


def run_child(path, setup):
    code = CHILD.format(tests=str(Path(__file__).parent), setup=setup)
    return subprocess.run(
        [sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=False
    )


@pytest.mark.long
@pytest.mark.skipif(sys.platform == "win32", reason="limits of POSIX")
def test_a_disk_that_takes_no_more_bytes(saved):
    old = saved.read_bytes()
    setup = (
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))"
    )
    done = run_child(saved, setup)
    assert "WorkError" in done.stderr
    assert done.returncode == 1
    assert saved.read_bytes() == old
    assert list(saved.parent.iterdir()) == [saved]


@pytest.mark.long
@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_a_killed_process_leaves_the_old_file_and_the_next_write_sweeps(saved):
    old = saved.read_bytes()
    setup = "os.replace = lambda *_: os.kill(os.getpid(), signal.SIGKILL)"
    assert run_child(saved, setup).returncode == -signal.SIGKILL
    assert saved.read_bytes() == old
    (left,) = [file for file in saved.parent.iterdir() if file != saved]
    assert left.name.startswith(".small.gpkg.")
    hour_ago = time.time() - 7200
    os.utime(left, (hour_ago, hour_ago))
    write_district(small_district(), saved)
    assert list(saved.parent.iterdir()) == [saved]


def test_a_folder_that_is_a_file(tmp_path):
    (tmp_path / "a").write_text("", encoding="utf-8")
    with pytest.raises(WorkError):
        write_district(small_district(), tmp_path / "a" / "b.gpkg")


@pytest.mark.long
def test_the_demo_is_read_from_where_it_lies(monkeypatch, tmp_path):
    package = tmp_path / "planner" / "sources" / "workspace"
    package.mkdir(parents=True)
    monkeypatch.setattr(demo, "__file__", str(package / "demo.py"))
    with pytest.raises(MissingFileError, match="demo district is not installed"):
        demo.demo_district()
    write_district(small_district(), tmp_path / "data" / "geo" / "demo.gpkg")
    assert demo.demo_file().parent.name == "geo"
    write_district(small_district(), tmp_path / "planner" / "data" / "demo.gpkg")
    assert demo.demo_file().parent.parent.name == "planner"
    assert demo.demo_district().name == "Small"


def _calls_to_read(path) -> int:
    """How often Python calls a function while a workspace is read; the same on every machine."""
    calls = 0

    def count(frame, event, argument):
        nonlocal calls
        calls += event == "call"

    sys.setprofile(count)
    try:
        read_district(path)
    finally:
        sys.setprofile(None)
    return calls


@pytest.mark.long
def test_many_streets_are_read_at_once_and_only_their_words_one_by_one(tmp_path):
    def saved(n: int) -> Path:
        streets = gpd.GeoDataFrame(
            {"street_id": [f"s{i}" for i in range(n)], "name": "长征路"},
            geometry=[
                shapely.LineString([(X + i, Y), (X + i + 1, Y), (X + i + 1, Y + 1)])
                for i in range(n)
            ],
            crs=CRS,
        )
        return write_district(small_district(streets=streets), tmp_path / f"{n}.gpkg")

    few, many = saved(70), saved(7000)
    read_district(few)
    words = sum(column.dtype == "str" for column in LAYERS["streets"].columns)
    assert _calls_to_read(many) < _calls_to_read(few) + (words + 0.5) * 7000


def estimated_district(*findings):
    demand = layers()["demand"].rename(columns={"population": "weight"})
    source = Source("demand", "town.osm", unit="street_m")
    return replace(small_district(demand=demand), sources=(source,), findings=findings)


@pytest.mark.long
def test_the_unit_of_estimated_demand_is_kept(tmp_path):
    assert small_district().demand_unit == "residents"
    path = write_district(estimated_district(), tmp_path / "a.gpkg")
    assert read_district(path).demand_unit == "street_m"


@pytest.mark.long(but=1)
@pytest.mark.parametrize(
    ("codes", "unit"),
    [
        (["osm.residents_from_streets"], "street_m"),
        (["osm.residents_from_buildings"], "floor_area_m2"),
        (["osm.residents_from_buildings", "osm.scaled"], "weight"),
        ([], "weight"),
    ],
)
def test_a_file_that_names_no_unit_tells_it_by_its_findings(tmp_path, codes, unit):
    path = write_district(estimated_district(*map(Finding, codes)), tmp_path / "a.gpkg")
    sources = pyogrio.read_dataframe(path, layer="provenance").drop(columns="unit")
    overwrite(path, "provenance", sources)
    assert read_district(path).demand_unit == unit


@pytest.mark.long
def test_who_tells_of_which_kind_is_kept(tmp_path):
    district = small_district()
    kinds = set(district.facilities["kind"])
    free = next(kind for kind in district.kinds if kind not in kinds)
    said = district.with_complete([free], "the office", "2026-01-02")
    found = read_district(write_district(said, tmp_path / "a.gpkg"))
    assert found.records == said.records
    assert found.records[free] == KindRecord("the office", "2026-01-02", True)
    assert found.data_state(next(iter(kinds))) == "listed"


def test_a_file_of_format_1_opens_and_knows_the_kinds_it_has(saved):
    rows = pyogrio.read_dataframe(saved, layer="planner_metadata")
    rows = rows[rows.key != "records"]
    rows.loc[rows.key == "schema_version", "value"] = "1"
    overwrite(saved, "planner_metadata", rows)
    before = saved.read_bytes()
    district = read_district(saved)
    assert set(district.records) == set(district.facilities["kind"])
    assert not any(record.complete for record in district.records.values())
    assert saved.read_bytes() == before


@pytest.mark.long
@pytest.mark.parametrize("value", ["[]", '"x"', '{"clinic": 3}'])
def test_broken_records_are_named(saved, value):
    set_metadata(saved, "records", value)
    with pytest.raises(InputError, match="planner_metadata"):
        read_district(saved)


@pytest.mark.long
def test_standard_benchmark_and_currency_of_a_place_are_kept(tmp_path):
    said = small_district().with_defaults(
        standard="15-minute", benchmark="none", currency="EUR 1000"
    )
    read = read_district(write_district(said, tmp_path / "town.gpkg"))
    assert read.defaults == Defaults("15-minute", "none", "EUR 1,000")
    assert read.money == Money("EUR", 1000)
    assert assess(read).standard.id == "15-minute"
    assert assess(read, "gb50180-2018").standard.id == "gb50180-2018"


@pytest.mark.long
@pytest.mark.parametrize(
    ("said", "problem"),
    [
        ({"standard": "mine"}, "no standard 'mine'"),
        ({"benchmark": "mars"}, "mars"),
        ({"currency": "1,000 euros"}, "no currency"),
    ],
)
def test_what_nobody_knows_is_no_default(said, problem):
    here = small_district()
    with pytest.raises(InputError, match=problem):
        here.with_defaults(**said)


@pytest.mark.parametrize(
    ("layer", "column", "text"),
    [
        ("demand", "population", "1,000"),
        ("demand", "population", "12人"),
        ("streets", "length_m", ""),
    ],
)
def test_text_in_a_column_of_figures_is_refused_with_its_row(saved, layer, column, text):
    """GDAL cuts it to the number that it begins with: of 1,000 people one was left."""
    with closing(sqlite3.connect(saved)) as base:
        for (name,) in base.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'"):
            base.execute(f'DROP TRIGGER "{name}"')
        base.execute(f"UPDATE {layer} SET {column} = ? WHERE fid = 1", (text,))
        base.commit()
    with pytest.raises(InputError) as error:
        read_district(saved)
    assert error.value.code == "sources.text_in_figures"
    told = error.value.params
    assert (told["layer"], told["row"], told["column"], told["value"]) == (layer, 1, column, text)


@pytest.mark.long
@pytest.mark.skipif(sys.platform == "win32", reason="files have no such mode there")
def test_a_workspace_keeps_its_mode_and_a_link_stays_one(saved, tmp_path):
    saved.chmod(0o600)
    link = tmp_path / "link.gpkg"
    link.symlink_to(saved)
    write_district(replace(small_district(), name="Other"), link)
    write_defaults(link, Defaults(currency="EUR"))
    assert link.is_symlink()
    assert saved.stat().st_mode & 0o777 == 0o600
    assert read_district(saved).name == "Other"
    assert read_district(saved).defaults.currency == "EUR"


def test_what_another_writer_puts_into_its_place_meanwhile_hinders_no_writer(tmp_path, monkeypatch):
    listed = Path.glob

    def with_one_that_is_gone(folder: Path, pattern: str) -> list[Path]:
        gone = [folder / pattern.replace("*", "0")] if ".*.part" in pattern else []
        return [*listed(folder, pattern), *gone]

    monkeypatch.setattr(Path, "glob", with_one_that_is_gone)
    assert write_district(small_district(), tmp_path / "a.gpkg").exists()


@pytest.mark.long
def test_writers_beside_one_another_leave_no_option_of_theirs(tmp_path):
    def write(number: int) -> Path:
        return write_district(small_district(), tmp_path / f"{number % 2}.gpkg", timestamp=MOMENT)

    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(write, range(8)))
    for option in ("OGR_SQLITE_SYNCHRONOUS", "OGR_CURRENT_DATE"):
        assert pyogrio.get_gdal_config_option(option) is None
    assert all(len(read_district(each).demand) for each in made)
