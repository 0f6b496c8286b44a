"""Readers of map layers: each driver that the installed GDAL has, under every name that is read."""

import ast
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pyogrio
import pytest
import traps
from effort import few
from traps import COLLECTION, POINT, SECRET, listening, texts

import planner
from planner.errors import InputError, PlannerError
from planner.sources import from_files, read_boundaries, read_demand
from planner.sources.files.shapes import read_shapes
from planner.sources.vector.reading import read_vector

OWN = {
    "GeoJSON": (".geojson", ".json"),
    "JSONFG": (".geojson", ".json"),
    "GPKG": (".gpkg",),
    "ESRI Shapefile": (".shp",),
    "FlatGeobuf": (".fgb",),
    "LIBKML": (".kml",),
    "KML": (".kml",),
    "MapML": (),
}
"""The endings under which a driver may be read."""

ENDINGS = (".geojson", ".json", ".gpkg", ".shp", ".fgb", ".kml", ".parquet")
PREFIXES = "ES PG MYSQL ODBC OCI MSSQL Carto AmigoCloud NGW PLScenes EEDA CSW WFS OAPIF OGCAPI"


@pytest.fixture
def secret(tmp_path):
    file = tmp_path / "planner.csv"
    file.write_text(f"kind,lon,lat\n{SECRET},1,2\n", encoding="utf-8")
    return file


def refused(path) -> InputError:
    with pytest.raises(InputError) as error:
        read_vector(path, crs=4326)
    assert SECRET not in str(error.value)
    return error.value


def test_this_gdal_has_drivers_to_be_refused():
    """Asked of a process that no test of a verb or page made one of our own."""
    code = "import pyogrio; print(*pyogrio.list_drivers(), sep=chr(10))"
    asked = [sys.executable, "-c", code]
    found = subprocess.run(asked, capture_output=True, encoding="utf-8", check=True).stdout
    assert {"GDALG", "OGR_VRT", "WFS"} & set(found.splitlines())


@pytest.mark.long(but=1)
@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("driver", list(texts(Path(__file__), 0)))
def test_texts_that_have_other_files_or_servers_read(tmp_path, secret, driver, ending):
    with listening() as (port, asked):
        file = tmp_path / f"layer{ending}"
        file.write_text(texts(secret, port)[driver], encoding="utf-8")
        refused(file)
    assert asked == []


@pytest.fixture(scope="module")
def layers(tmp_path_factory) -> dict[str, Path]:
    """A layer that holds the secret for each driver that writes one to a file."""
    made = [sys.executable, traps.__file__, str(tmp_path_factory.mktemp("drivers"))]
    told = subprocess.run(made, capture_output=True, encoding="utf-8", check=True).stdout
    return {driver: Path(file) for driver, file in json.loads(told.splitlines()[-1]).items()}


@pytest.mark.long(but=1)
@pytest.mark.parametrize("driver", sorted(pyogrio.list_drivers(write=True)))
def test_files_of_each_driver_under_the_endings_of_the_others(tmp_path, layers, driver):
    if driver not in layers:
        pytest.skip(f"{driver} writes no such layer to one file")
    made = layers[driver]
    for ending in set(ENDINGS) - set(OWN.get(driver, ())):
        file = tmp_path / f"other{ending}"
        file.write_bytes(made.read_bytes())
        refused(file)


@pytest.mark.long(but=1)
@pytest.mark.parametrize("driver", [*sorted(pyogrio.list_drivers()), *PREFIXES.split()])
def test_addresses_in_place_of_names(tmp_path, driver):
    with listening() as (port, asked):
        for name in (f"{driver}:http://127.0.0.1:{port}/a", f"{driver}:host=127.0.0.1 port={port}"):
            refused(name)
    assert asked == []


@pytest.mark.parametrize(
    "name",
    [
        "http://127.0.0.1:{port}/a.geojson",
        "/vsicurl/http://127.0.0.1:{port}/a.geojson",
        "/vsizip//vsicurl/http://127.0.0.1:{port}/a.zip/a.geojson",
        "/vsisubfile/0_100,{secret}",
        "/vsistdin/",
        "zip+http://127.0.0.1:{port}/a.zip!a.shp",
        "zip://{secret}",
        "{secret}!a.geojson",
        '{{"type":"FeatureCollection","features":[]}}',
        "<OGRVRTDataSource/>",
    ],
)
def test_virtual_file_systems_and_content_in_place_of_names(secret, name):
    with listening() as (port, asked):
        for reader in (read_vector, read_boundaries, read_demand):
            with pytest.raises(InputError):
                reader(name.format(port=port, secret=secret))
        with pytest.raises(PlannerError):
            from_files(
                "a", **dict.fromkeys(("boundaries", "streets", "facilities", "demand"), name)
            )
    assert asked == []


CRS = {
    "link": {"type": "link", "properties": {"href": "{url}", "type": "proj4"}},
    "url": {"type": "URL", "properties": {"url": "{url}"}},
    "file": {"type": "link", "properties": {"href": "file:///{secret}", "type": "esriwkt"}},
    "unknown": {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::99999"}},
    "address": {"type": "name", "properties": {"name": "{url}"}},
}


@pytest.mark.long(but=1)
@pytest.mark.parametrize("disguise", [str, lambda text: text.replace('"crs"', '"\\u0063rs"')])
@pytest.mark.parametrize("last", [False, True])
@pytest.mark.parametrize("kind", list(CRS))
def test_a_coordinate_system_that_is_a_link(tmp_path, secret, kind, last, disguise):
    with listening() as (port, asked):
        crs = json.dumps(CRS[kind]).replace("{url}", f"http://127.0.0.1:{port}/crs")
        crs = crs.replace("{secret}", secret.as_posix())
        member = {"crs": json.loads(crs)}
        text = json.dumps(COLLECTION | member if last else member | COLLECTION)
        file = tmp_path / "layer.geojson"
        file.write_text(disguise(text), encoding="utf-8")
        assert refused(file).code in ("sources.crs_elsewhere", "sources.unknown_crs")
    assert asked == []


def test_a_shapes_own_coordinate_system_that_is_a_link(tmp_path):
    with listening() as (port, asked):
        link = {"type": "link", "properties": {"href": f"http://127.0.0.1:{port}/a"}}
        shape = POINT["geometry"] | {"crs": link}
        feature = POINT | {"geometry": shape}
        file = tmp_path / "layer.geojson"
        file.write_text(json.dumps(COLLECTION | {"features": [feature]}), encoding="utf-8")
        refused(file)
    assert asked == []


def test_good_files_of_each_ending_are_read(tmp_path):
    import geopandas as gpd

    file = tmp_path / "a.geojson"
    named = {"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}}
    file.write_text("\ufeff" + json.dumps({"crs": named} | COLLECTION), encoding="utf-8")
    table = gpd.read_file(file)
    for ending in (".json", ".gpkg", ".shp", ".fgb", ".kml"):
        driver = {".json": "GeoJSON", ".kml": "KML"}.get(ending)
        table.to_file(tmp_path / f"b{ending}", driver=driver)
        assert len(read_vector(tmp_path / f"b{ending}")[0]) == 1
    assert read_shapes(file, "context").table["kind"].tolist() == ["river"]


def test_a_shapefiles_companions_are_not_followed(tmp_path, secret):
    import geopandas as gpd

    with listening() as (port, asked):
        file = tmp_path / "a.shp"
        gpd.GeoDataFrame.from_features([POINT], crs=4326).to_file(file)
        url = f"http://127.0.0.1:{port}/crs"
        for text in (url, f"/vsicurl/{url}", f"+init={secret}:a", secret.as_posix()):
            file.with_suffix(".prj").write_text(text, encoding="utf-8")
            file.with_suffix(".cpg").write_text(url, encoding="utf-8")
            try:
                said = read_vector(file, crs=4326)[0].to_json()
            except InputError as error:
                said = str(error)
            assert SECRET not in said
    assert asked == []


def python(code: str, **environment: str) -> str:
    """Run Python in a process of its own and return what it prints."""
    root = str(Path(planner.__file__).parents[1])
    ran = subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | {"PYTHONPATH": root} | environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr[-2000:]
    return ran.stdout.strip()


CLAIM = "from planner.sources import own_process; own_process.claim(); "


@pytest.mark.long
@pytest.mark.parametrize("first", ["", "import pyogrio; "])
def test_a_process_of_ours_keeps_the_drivers_that_it_needs(first):
    code = first + CLAIM + "from planner.sources.vector import gdal; import pyogrio; "
    kept = python(code + "print(*pyogrio.list_drivers(), sep=',')").split(",")
    assert set(kept) <= set(OWN)
    assert {"GeoJSON", "GPKG", "ESRI Shapefile"} <= set(kept)


@pytest.mark.parametrize(
    "entry", ["planner.cli", "planner.app.main", "planner.app.server.reading.importer"]
)
def test_command_server_and_importer_claim_their_process(entry):
    source = Path(planner.__file__).parent.joinpath(*entry.split(".")[1:])
    file = source / "__init__.py" if source.is_dir() else source.with_suffix(".py")
    assert "own_process.claim()" in file.read_text(encoding="utf-8")


@pytest.mark.long
@pytest.mark.parametrize(
    ("name", "past"),
    few(
        [
            (name, past)
            for name in ("NO_PROXY", "no_proxy")
            for past in ("", "*", "127.0.0.1", "localhost,127.0.0.1,.example")
        ],
        3,
    ),
)
def test_gdal_of_our_processes_asks_no_server(name, past):
    """Whatever the environment says of proxies, which Python's own clients still hear."""
    with listening() as (port, asked):
        names = [f"{p}http://127.0.0.1:{port}/a.geojson" for p in ("", "/vsicurl/", "GeoJSON:")]
        code = (
            CLAIM + "from planner.sources.vector import gdal; import pyogrio\n"
            f"for name in {names!r}:\n"
            "    try: pyogrio.read_dataframe(name)\n"
            "    except pyogrio.errors.DataSourceError: print('refused')\n"
            f"import os; print(os.environ[{name!r}])\n"
        )
        proxy = f"http://127.0.0.1:{port}"
        around = {"HTTP_PROXY": proxy, "http_proxy": proxy, "ALL_PROXY": proxy}
        around |= {"NO_PROXY": "", "no_proxy": ""} | {name: past}
        assert python(code, **around).split() == ["refused"] * 3 + past.split()
    assert asked == []


@pytest.mark.long
def test_gdal_in_a_notebook_asks_no_server_while_a_file_is_read():
    """The library takes the way past its proxy only as long as it reads."""
    with listening() as (port, asked):
        code = (
            "import os, pyogrio\n"
            "from planner.sources.vector import gdal\n"
            f"name = '/vsicurl/http://127.0.0.1:{port}/a.geojson'\n"
            "with gdal._offline():\n"
            "    try: pyogrio.read_dataframe(name)\n"
            "    except pyogrio.errors.DataSourceError: print('refused')\n"
            "print(os.environ['NO_PROXY'])\n"
        )
        assert python(code, NO_PROXY="*", no_proxy="*").split() == ["refused", "*"]
    assert asked == []


READS = {"list_layers", "read_info", "read_dataframe", "read_arrow", "open_arrow", "read_bounds"}
HOMES = {"gdal.py", "geopackages.py", "schema.py", "counts.py"}  # the last two: a plan of our own


def test_files_are_opened_in_one_place():
    """No other module opens files with GDAL or SQLite, and what is written names its driver."""
    asked = re.compile(r"pyogrio|sqlite3|read_file|from_file|write_dataframe")
    for file in Path(planner.__file__).parent.rglob("*.py"):
        if not asked.search(file.read_text(encoding="utf-8")):
            continue
        calls = [
            node
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
        ]
        for call in calls:
            name = call.func.attr
            of = getattr(call.func.value, "id", "")
            opens = (of == "pyogrio" and name in READS) or name in ("read_file", "from_file")
            opens = opens or (of == "sqlite3" and name == "connect")
            assert not opens or file.name in HOMES, f"{file}:{call.lineno}"
            if name == "write_dataframe":
                driver = {word.arg: word.value for word in call.keywords}.get("driver")
                assert isinstance(driver, ast.Constant), f"{file}:{call.lineno}"
