"""A district of tables in memory, as OSMnx, geopandas and pandas users have them."""

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from osm_maker import Extract, degrees
from places import CRS, X, Y, layers
from pyproj.transformer import TransformerMaker

import planner
from planner.errors import InputError
from planner.sources import from_files
from planner.sources.tables.frames import frame
from planner.sources.vector.reading import parse_crs, read_vector


def frames():
    tables = layers()
    tables["facilities"].loc[1, "kind"] = "library"
    return {
        name: tables[name] for name in ("communities", "streets", "facilities", "demand", "gates")
    }


@pytest.mark.long
def test_tables_give_the_same_district_as_files(tmp_path):
    tables = frames()
    paths = {}
    for layer, table in tables.items():
        option = "boundaries" if layer == "communities" else layer
        paths[option] = tmp_path / f"{option}.gpkg"
        table.to_file(paths[option])
    by_files = from_files("Small", **paths)
    before = {layer: table.copy() for layer, table in tables.items()}
    in_degrees = {layer: table.to_crs(4326) for layer, table in tables.items()}
    for given in (tables, in_degrees):
        district = planner.from_frames("Small", **given)
        for layer, table in by_files.layers.items():
            found = district.layers[layer]
            assert found.columns.tolist() == table.columns.tolist()
            assert len(found) == len(table)
            assert found.geometry.geom_equals_exact(table.geometry.to_crs(found.crs), 1e-3).all(), (
                layer
            )
        assert {finding.code for finding in district.findings} == {
            finding.code for finding in by_files.findings
        }
    for layer, table in tables.items():
        pd.testing.assert_frame_equal(table, before[layer])
    told = {source.layer: source.source for source in district.sources}
    assert told["demand"] == "demand (GeoDataFrame)"


def test_who_prints_a_district_learns_that_there_are_findings():
    tables = frames()
    assert "findings to read" not in repr(planner.demo_district())
    x, y = shapely.LineString([(X, Y), (X + 200, Y)]), shapely.LineString([(X, Y - 9), (X, Y + 9)])
    tables["streets"] = gpd.GeoDataFrame({"street_id": ["a", "b"]}, geometry=[x, y], crs=CRS)
    district = planner.from_frames("Small", **tables)
    count = len(district.findings)
    assert count
    assert repr(district).endswith(f"; findings to read: {count})")
    result = planner.assess(district)
    assert f"findings to read: {len(result.findings)}" in repr(result)


def test_features_and_edges_as_osmnx_has_them():
    tables = frames()
    one = shapely.LineString([(X, Y), (X + 200, Y)])
    edges = gpd.GeoDataFrame(
        {"osmid": [[7, 8], [7, 8], 9], "highway": [["footway", "steps"]] * 2 + ["residential"]},
        geometry=[one, one.reverse(), shapely.LineString([(X + 200, Y), (X + 400, Y)])],
        index=pd.MultiIndex.from_tuples([(1, 2, 0), (2, 1, 0), (2, 3, 0)], names=["u", "v", "key"]),
        crs=CRS,
    )
    features = gpd.GeoDataFrame(
        {"amenity": ["clinic", "library"], "name": ["A", "B"]},
        geometry=[shapely.Point(X + 9, Y), shapely.box(X + 20, Y, X + 30, Y + 9)],
        index=pd.MultiIndex.from_tuples([("node", 5), ("way", 6)], names=["element", "id"]),
        crs=CRS,
    )
    district = planner.from_frames(**{**tables, "streets": edges, "facilities": features})
    assert district.facilities["facility_id"].tolist() == ["node/5", "way/6"]
    assert district.facilities["kind"].tolist() == ["clinic", "library"]
    assert len(district.streets) == 2
    told = {finding.code: finding.params for finding in district.findings}
    assert told["tables.streets_twice"]["count"] == 1
    assert told["sources.kinds_by_tags"]["file"] == "facilities (GeoDataFrame)"


def test_plain_tables_with_columns_of_coordinates_and_an_index_of_ids():
    tables = frames()
    degrees = tables["demand"].geometry.to_crs(4326)
    homes = pd.DataFrame(
        {"经度": degrees.x.to_numpy(), "纬度": degrees.y.to_numpy(), "人口(百人)": [1.0, 2.0, 0.5]},
        index=pd.Index(["a", "b", "c"], name="编号"),
    )
    district = planner.from_frames(**{**tables, "demand": homes}, datum="wgs84")
    assert district.demand["demand_id"].tolist() == ["a", "b", "c"]
    assert district.demand["population"].tolist() == [100, 200, 50]


@pytest.mark.long
def test_what_is_no_table_or_has_no_crs_is_named():
    tables = frames()
    with pytest.raises(InputError, match=r"'demand' must be a GeoDataFrame.*not a str"):
        planner.from_frames(**{**tables, "demand": "homes.csv"})
    with pytest.raises(InputError, match=r"'facilities' must be a GeoDataFrame.*not a NoneType"):
        planner.from_frames(**{**tables, "facilities": None})
    bare = tables["demand"].set_crs(None, allow_override=True)
    with pytest.raises(InputError, match=r"demand \(GeoDataFrame\) does not say"):
        planner.from_frames(**{**tables, "demand": bare})
    assert len(planner.from_frames(**{**tables, "demand": bare}, crs=CRS).demand) == 3
    with pytest.raises(InputError, match="holds no rows"):
        planner.from_frames(**{**tables, "demand": tables["demand"].iloc[:0]})


def test_files_and_tables_are_not_mixed_up():
    tables = frames()
    with pytest.raises(InputError, match=r"planner\.from_frames"):
        from_files("x", boundaries=tables["communities"], streets="s", facilities="f", demand="d")


def test_an_extract_takes_tables_of_residents_and_facilities(tmp_path):
    extract = Extract()
    extract.street((0, 0), (1000, 0))
    path = extract.write(tmp_path / "a.osm")
    spots = gpd.points_from_xy(*zip(degrees(200, 10), degrees(800, 10), strict=True))
    homes = gpd.GeoDataFrame({"population": [10, 20]}, geometry=spots, crs=4326)
    listed = gpd.GeoDataFrame({"类别": ["图书馆"]}, geometry=spots[:1], crs=4326).to_crs(CRS)
    district = planner.from_osm(path, demand=homes, facilities=listed)
    assert district.demand["population"].sum() == 30
    assert district.facilities["kind"].tolist() == ["library"]


SWAPPED = "+proj=tmerc +lat_0=0 +lon_0=114 +k=1 +x_0=500000 +ellps=GRS80 +axis=wsu +no_defs"


@pytest.mark.parametrize("crs", ["EPSG:4978", SWAPPED])
def test_a_crs_that_cannot_be_converted_is_refused_by_its_name(crs):
    given = gpd.GeoDataFrame(geometry=[shapely.Point(1, 2)]).set_crs(crs)
    for refuse in (lambda: parse_crs(crs), lambda: read_vector(frame(given, "demand"))):
        with pytest.raises(InputError) as error:
            refuse()
        assert error.value.code == "sources.unusable_crs"


def test_whether_a_crs_can_be_converted_is_asked_once(monkeypatch):
    given = gpd.GeoDataFrame(geometry=[shapely.Point(1, 2)], crs=32652)
    read_vector(frame(given, "demand"))
    made = []
    prepare = TransformerMaker.__call__
    monkeypatch.setattr(TransformerMaker, "__call__", lambda it: made.append(it) or prepare(it))
    read_vector(frame(given, "demand"))
    parse_crs("EPSG:32652")
    assert not made


@pytest.mark.parametrize("name", ["population", "note"])
def test_two_columns_of_one_name_are_refused_by_it(name):
    table = pd.DataFrame([[114.0, 25.0, 5, 6, 7]], columns=["lon", "lat", "population", name, name])
    with pytest.raises(InputError) as error:
        frame(table, "demand")
    assert error.value.code == "sources.column_twice"
    assert error.value.params["column"] == name


@pytest.mark.long
def test_categories_with_gaps_and_records_are_read_or_told():
    tables = frames()
    facilities = tables["facilities"]
    states = pd.Categorical(["existing", None] + ["existing"] * (len(facilities) - 2))
    hours = [{"a": 1}] + [None] * (len(facilities) - 1)
    tables["facilities"] = facilities.assign(status=states, opening_hours=hours)
    district = planner.from_frames("Small", **tables)
    assert "tables.hours_not_understood" in {finding.code for finding in district.findings}
    assert len(district.facilities) == len(facilities)


def test_sparse_figures_are_figures():
    tables = frames()
    residents = tables["demand"]["population"].to_numpy(dtype=float)
    expected = planner.from_frames("Small", **tables).demand["population"]
    tables["demand"] = tables["demand"].assign(population=pd.arrays.SparseArray(residents))
    assert planner.from_frames("Small", **tables).demand["population"].equals(expected)


@pytest.mark.long
def test_yes_and_no_are_no_residents():
    tables = frames()
    lived_in = [True] * len(tables["demand"])
    tables["demand"] = tables["demand"].assign(population=lived_in)
    with pytest.raises(InputError):
        planner.from_frames("Small", **tables)
    district = planner.from_frames("Small", **frames())
    for wrong in (True, pd.Timestamp("2026-01-01")):
        with pytest.raises(InputError) as error:
            district.with_layers(demand=district.demand.assign(population=wrong))
        assert error.value.code == "district.not_a_number"


def test_names_of_several_levels_are_refused():
    tables = frames()
    names = [(str(name), "") for name in tables["demand"].columns]
    tables["demand"].columns = pd.MultiIndex.from_tuples(names)
    with pytest.raises(InputError) as refused:
        planner.from_frames("Small", **tables)
    assert refused.value.code == "tables.levels_of_names"


@pytest.mark.long
def test_a_column_called_geometry_beside_the_shapes():
    """The active shapes count, whatever they are called; a text beside them is kept."""
    tables = frames()
    homes = tables["demand"].rename_geometry("centre")
    text = homes.assign(geometry=["POINT (0 0)"] * len(homes))
    district = planner.from_frames("Small", **{**tables, "demand": text})
    as_before = planner.from_frames("Small", **tables)
    assert district.demand.geometry.equals(as_before.demand.geometry)
    assert set(district.demand["geometry_as_text"]) == {"POINT (0 0)"}
    moved = homes.geometry.translate(500)
    shapes = homes.assign(geometry=gpd.GeoSeries(moved.to_numpy(), index=homes.index, crs=CRS))
    with pytest.raises(InputError) as refused:
        planner.from_frames("Small", **{**tables, "demand": shapes})
    assert refused.value.code == "district.second_geometry"
