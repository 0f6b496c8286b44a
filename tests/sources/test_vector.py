import json

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from places import CRS, X, Y, layers

from planner.errors import InputError, MissingFileError
from planner.sources import read_boundaries, read_demand
from planner.sources.files.off_ground import without_off_ground
from planner.sources.files.shapes import read_shapes
from planner.sources.files.streets.lines import read_streets
from planner.sources.population.tables import rows_of
from planner.sources.streets.noding import node_lines
from planner.sources.tables.set_aside import STRICT
from planner.sources.vector.reading import read_vector


def save(table, path, **options):
    if path.suffix == ".shp":
        table = table.rename(
            columns={"community_id": "id", "subdistrict": "街道", "population": "pop"}
        )
    table.to_file(path, **options)
    return path


def lines(*coords, **columns):
    return gpd.GeoDataFrame(columns, geometry=[shapely.LineString(c) for c in coords], crs=CRS)


@pytest.mark.parametrize("name", ["a.geojson", "a.gpkg", "a.shp", "a.fgb", "a.parquet"])
def test_every_format_gives_the_same_boundaries(tmp_path, name):
    path = tmp_path / name
    table = layers()["communities"].rename(columns={"community_id": "id"})
    if name.endswith("parquet"):
        pytest.importorskip("pyarrow")
        table.to_parquet(path)
    else:
        save(table.to_crs(4326) if name.endswith("json") else table, path)
    reading = read_boundaries(path, to_crs=CRS)
    found = reading.table.set_index("community_id")
    assert sorted(found.index) == ["036000000001", "036000000002"]
    assert found.loc["036000000001", "name"] == "赣江社区"
    assert found.area.sum() == pytest.approx(table.area.sum(), rel=1e-6)
    assert (reading.source.layer, reading.source.source) == ("communities", name)


def test_chinese_headers_and_numbers(tmp_path):
    table = layers()["communities"].set_axis(
        ["代码", "社区", "所属街道", "人口", "geometry"], axis=1
    )
    table["人口"] = ["１，２３４", None]
    found = read_boundaries(save(table, tmp_path / "a.gpkg")).table
    assert found["subdistrict"].tolist() == ["解放街道"] * 2
    assert found["population"].iloc[0] == 1234
    assert np.isnan(found["population"].iloc[1])


@pytest.mark.parametrize("others", [slice(0, 1), slice(0, 3)])
def test_a_shapefile_with_other_rows_than_shapes_is_refused(tmp_path, others):
    table = layers()["communities"]
    path = save(table, tmp_path / "a.shp")
    other = pd.concat([table, table], ignore_index=True).iloc[others]
    save(other, tmp_path / "b.shp").with_suffix(".dbf").replace(path.with_suffix(".dbf"))
    with pytest.raises(InputError, match=rf"2 shapes .* {len(other)} row"):
        read_boundaries(path)


def test_a_geopackage_with_several_layers_asks_for_one(tmp_path):
    path = save(layers()["communities"], tmp_path / "a.gpkg", layer="areas")
    save(layers()["streets"], path, layer="roads")
    with pytest.raises(InputError, match="several layers: areas, roads"):
        read_boundaries(path)
    with pytest.raises(InputError, match=r"no layer 'x'. Its layers: areas, roads"):
        read_boundaries(path, layer="x")
    assert len(read_boundaries(path, layer="areas").table) == 2


@pytest.mark.parametrize("encoding", ["GBK", "UTF-8"])
def test_shapefiles_without_cpg(tmp_path, encoding):
    path = save(layers()["streets"], tmp_path / "a.shp", encoding=encoding)
    path.with_suffix(".cpg").unlink(missing_ok=True)
    reading = read_streets(path)
    assert reading.table["name"].iloc[0] == "红旗大道"
    told = [f.params["encoding"] for f in reading.findings if f.code == "sources.decoded"]
    assert told == (["GB18030"] if encoding == "GBK" else [])


def _fewer_rows(part, count):
    """Let a table tell so many rows, whatever it has."""
    data = bytearray(part.read_bytes())
    data[4:8] = count.to_bytes(4, "little")
    part.write_bytes(data)


@pytest.mark.long(but=1)
@pytest.mark.parametrize(
    ("ending", "spoil"),
    [
        (".dbf", lambda part, rows: _fewer_rows(part, rows - 1)),
        (".dbf", lambda part, rows: part.write_bytes(part.read_bytes()[:-90])),
        (".shx", lambda part, rows: part.write_bytes(part.read_bytes()[:-8])),
        (".shp", lambda part, rows: part.write_bytes(part.read_bytes()[:-8])),
    ],
)
def test_a_shapefile_whose_parts_do_not_fit_is_refused(tmp_path, ending, spoil):
    streets = layers()["streets"]
    path = save(streets, tmp_path / "a.shp")
    assert len(read_streets(path).table) >= len(streets)
    part = path.with_suffix(ending)
    if ending == ".dbf":
        part = part.rename(path.with_suffix(".DBF"))
    spoil(part, len(streets))
    with pytest.raises(InputError) as error:
        read_streets(path)
    assert error.value.code == "sources.shapefile_counts"


def test_a_layer_without_crs_needs_one(tmp_path):
    path = save(layers()["communities"], tmp_path / "a.shp")
    path.with_suffix(".prj").unlink()
    with pytest.raises(InputError, match="--crs"):
        read_boundaries(path)
    assert read_boundaries(path, crs="EPSG:4547").table.crs.to_epsg() == 4547
    with pytest.raises(InputError, match="'EPSG:nonsense' is not a coordinate"):
        read_boundaries(path, crs="EPSG:nonsense")


def test_missing_and_unreadable_files(tmp_path):
    with pytest.raises(MissingFileError):
        read_boundaries(tmp_path / "none.geojson")
    bad = tmp_path / "bad.geojson"
    bad.write_text("{nonsense", encoding="utf-8")
    with pytest.raises(InputError, match="cannot be read as a map layer"):
        read_boundaries(bad)
    empty = save(layers()["communities"].iloc[:0], tmp_path / "e.gpkg", geometry_type="Polygon")
    with pytest.raises(InputError, match="holds no rows"):
        read_boundaries(empty)


def test_invalid_rings_are_mended_and_told(tmp_path):
    bow = shapely.Polygon([(X, Y), (X + 10, Y + 10), (X + 10, Y), (X, Y + 10)])
    table = gpd.GeoDataFrame(
        {"id": ["a", "b"]}, geometry=[shapely.box(X, Y, X + 5, Y + 5), bow], crs=CRS
    )
    reading = read_boundaries(save(table, tmp_path / "a.gpkg"))
    assert reading.table.is_valid.all()
    assert reading.table.area.iloc[1] == pytest.approx(50)
    (note,) = reading.findings
    assert (note.code, note.params["rows"]) == ("sources.mended", "2")


def test_a_hopeless_ring_names_its_row(tmp_path):
    flat = shapely.Polygon([(X, Y), (X + 10, Y), (X + 5, Y)])
    table = gpd.GeoDataFrame({"id": ["a"]}, geometry=[flat], crs=CRS)
    with pytest.raises(InputError, match=r"row 1.*cannot be mended"):
        read_boundaries(save(table, tmp_path / "a.gpkg"))


def test_wrong_shapes_empty_shapes_and_repeated_ids(tmp_path):
    with pytest.raises(InputError, match="row 1: the geometry is a LineString where Polygon"):
        read_boundaries(save(layers()["streets"], tmp_path / "s.gpkg"))
    table = layers()["communities"]
    table.loc[1, "geometry"] = None
    with pytest.raises(InputError, match="row 2: the row has no place"):
        read_boundaries(save(table, tmp_path / "n.gpkg"))
    table = layers()["communities"].assign(community_id="1")
    with pytest.raises(InputError, match="row 2: the community_id '1' stands more than once"):
        read_boundaries(save(table, tmp_path / "d.gpkg"))
    table = layers()["communities"].assign(population=[5, -1])
    with pytest.raises(InputError, match=r"row 2, column population: -1.0 is less than 0"):
        read_boundaries(save(table, tmp_path / "p.gpkg"))


def test_swapped_degrees(tmp_path):
    table = layers()["communities"].to_crs(4326)
    table["geometry"] = shapely.transform(table.geometry.to_numpy(), lambda xy: xy[:, ::-1])
    with pytest.raises(InputError, match="look swapped"):
        read_boundaries(save(table, tmp_path / "a.geojson"))


def test_heights_are_dropped(tmp_path):
    table = layers()["streets"]
    table["geometry"] = shapely.force_3d(table.geometry.to_numpy(), 80.0)
    assert not read_streets(save(table, tmp_path / "a.gpkg")).table.has_z.any()


def test_streets_split_where_they_share_a_vertex_only(tmp_path):
    table = lines(
        [(X, Y), (X + 50, Y), (X + 100, Y)],
        [(X + 50, Y), (X + 50, Y + 80)],
        [(X + 80, Y - 50), (X + 80, Y + 50)],
        osm_id=["7", "8", "9"],
        bridge=["", "F", "viaduct"],
    )
    found = read_streets(save(table, tmp_path / "a.gpkg")).table
    assert found["street_id"].tolist() == ["7/1", "7/2", "8", "9"]
    assert found["bridge"].tolist() == [False, False, False, True]
    assert found.length.tolist() == pytest.approx([50, 50, 80, 100])


def test_multi_part_streets_become_single_and_points_no_streets(tmp_path):
    multi = shapely.MultiLineString([[(X, Y), (X + 1, Y)], [(X + 5, Y), (X + 9, Y)]])
    table = gpd.GeoDataFrame({"name": ["a"]}, geometry=[multi], crs=CRS)
    found = read_streets(save(table, tmp_path / "a.gpkg")).table
    assert found["street_id"].tolist() == ["1/1", "1/2"]
    dot = lines([(X, Y), (X, Y)], name=["a"])
    with pytest.raises(InputError, match="no line with a length"):
        read_streets(save(dot, tmp_path / "b.gpkg"))


def test_degrees_are_projected(tmp_path):
    found = read_streets(save(layers()["streets"].to_crs(4326), tmp_path / "a.geojson")).table
    assert found.crs.to_epsg() == 4547
    assert found.length.sum() == pytest.approx(400, rel=1e-4)


def test_barriers_need_a_kind(tmp_path):
    table = layers()["barriers"]
    assert read_shapes(save(table, tmp_path / "a.geojson"), "barriers").table["kind"].tolist() == [
        "water",
        "wall",
    ]
    with pytest.raises(InputError, match=r"no column .kind..*water, railway"):
        read_shapes(save(table.drop(columns="kind"), tmp_path / "b.geojson"), "barriers")


def test_a_point_layer_is_read_with_rows_from_one(tmp_path):
    table, findings = read_vector(save(layers()["gates"], tmp_path / "a.gpkg"))
    assert table.index.tolist() == [1]
    assert findings == []


SPOT = st.tuples(st.integers(0, 4), st.integers(0, 4))


@given(st.lists(st.lists(SPOT, min_size=2, max_size=6), min_size=1, max_size=6))
def test_noding_keeps_length_and_leaves_no_inner_junction(coords):
    shapes = np.array([shapely.LineString(c) for c in coords], dtype=object)
    pieces, origin = node_lines(shapes)
    total = sum(s.length for s in shapes)
    assert sum(p.length for p in pieces) == pytest.approx(total)
    assert (np.diff(origin) >= 0).all()
    spots = [xy for p in pieces for xy in p.coords[1:-1]]
    ends = {xy for p in pieces for xy in (p.coords[0], p.coords[-1])}
    assert len(spots) == len(set(spots))
    assert not ends & set(spots)


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("河流", "water"),
        ("铁路", "railway"),
        ("高速公路", "motorway"),
        (" 围墙", "wall"),
        ("River", "water"),
    ],
)
def test_barriers_are_called_as_lists_call_them(tmp_path, word, kind):
    line = shapely.LineString([(0, 0), (100, 0)])
    table = gpd.GeoDataFrame({"类型": [word]}, geometry=[line], crs="EPSG:32650")
    table.to_file(tmp_path / "barriers.gpkg")
    read = read_shapes(tmp_path / "barriers.gpkg", "barriers")
    assert read.table["kind"].tolist() == [kind]


def railways(path, **columns):
    """Write two railways; `columns` tells of the first, and nothing of the second."""
    shapes = [shapely.LineString([(0, n), (100, n)]) for n in range(2)]
    told = {name: [cell, ""] for name, cell in columns.items()}
    table = gpd.GeoDataFrame({"kind": "railway", **told}, geometry=shapes, crs="EPSG:32650")
    table.to_file(path)
    return read_shapes(path, "barriers")


@pytest.mark.parametrize(
    ("header", "cell"),
    [
        ("bridge", "yes"),
        ("bridge", "T"),
        ("bridge", "viaduct"),
        ("桥", "是"),
        ("is_bridge", "1"),
        ("敷设方式", "高架"),
        ("structure", "viaduct"),
        ("tunnel", "T"),
        ("tunnel", "culvert"),
        ("隧道", "是"),
        ("敷设方式", "隧道"),
    ],
)
def test_barriers_on_bridges_and_in_tunnels_are_none(tmp_path, header, cell):
    read = railways(tmp_path / "a.gpkg", **{header: cell})
    assert read.table["barrier_id"].tolist() == ["2"]
    (told,) = [each for each in read.findings if each.code == "sources.barriers_off_ground"]
    assert (told.params["count"], told.params["total"], told.params["rows"]) == (1, 2, "1")
    assert not [each for each in read.findings if each.code == "tables.barriers_unread"]
    plain = railways(tmp_path / "b.gpkg", **{header: "no"})
    assert len(plain.table) == 2


@pytest.mark.parametrize(
    ("header", "cell", "code"),
    [
        ("layer", "1", "tables.barriers_unread"),
        ("F_ZLEV", "1", "tables.barriers_unread"),
        ("敷设方式", "地下", "tables.barriers_unread"),
        ("建成时间", "2099年", "tables.barriers_unread"),
        ("备注", "全线高架桥", "sources.barriers_doubtful"),
        ("备注", "高架线路", "tables.barriers_unread"),
        ("name", "京张高铁高架桥", "sources.barriers_called_off_ground"),
    ],
)
def test_barriers_that_may_lie_above_the_ground_are_told(tmp_path, header, cell, code):
    read = railways(tmp_path / "a.gpkg", **{header: cell})
    assert len(read.table) == 2
    assert code in [each.code for each in read.findings]


@pytest.mark.parametrize(
    ("header", "cells", "left"),
    [
        ("桥梁", [3, 0], ["1", "2"]),
        ("桥梁", [3.0, 1.0], ["1", "2"]),
        ("桥梁", ["3", "1"], ["1", "2"]),
        ("bridge", [2, None], ["1", "2"]),
        ("桥", ["有", "无"], ["1", "2"]),
        ("隧道", ["有", "是"], ["1"]),
        ("桥梁", [1, 0], ["2"]),
    ],
)
def test_how_many_bridges_lead_across_is_no_flag_that_a_barrier_lies_on_one(
    tmp_path, header, cells, left
):
    rows = {"kind": ["river", "river"], header: cells}
    lines = [shapely.LineString([(0, 0), (9, n)]) for n in range(2)]
    table = gpd.GeoDataFrame(rows, geometry=lines, crs="EPSG:32650", index=[1, 2])
    kept, notes = without_off_ground(table, "a.gpkg")
    assert kept.index.astype(str).tolist() == left
    told = [each.code for each in notes]
    assert ("sources.barriers_with_bridges" in told) == (cells != [1, 0])


@pytest.mark.parametrize("remark", ["位于高架下", "高架桥旁", "邻近高架"])
def test_what_stands_below_a_viaduct_is_in_no_doubt(tmp_path, remark):
    read = railways(tmp_path / "a.gpkg", 备注=remark)
    assert not [each for each in read.findings if "barriers" in each.code]


@pytest.mark.parametrize(
    ("header", "cell"),
    [("过街设施", "高架"), ("设施", "人行天桥"), ("crossing", "viaduct"), ("备注", "地下通道")],
)
def test_how_people_get_across_lifts_no_barrier_off_the_ground(tmp_path, header, cell):
    read = railways(tmp_path / "a.gpkg", **{header: cell})
    assert len(read.table) == 2


def test_barriers_may_all_lie_off_the_ground(tmp_path):
    shape = shapely.LineString([(0, 0), (100, 0)])
    table = gpd.GeoDataFrame({"kind": ["motorway"], "bridge": ["T"]}, geometry=[shape], crs=32650)
    table.to_file(tmp_path / "a.gpkg")
    read = read_shapes(tmp_path / "a.gpkg", "barriers")
    assert read.table.empty


@pytest.mark.parametrize("value", [{"total": 5}, [5], [[1, 2]], {"a": [1]}])
def test_a_property_that_is_a_record_or_a_list_is_refused_by_its_column(tmp_path, value):
    def feature(at, **properties):
        place = {"type": "Point", "coordinates": [114.9 + at / 1000, 25.8]}
        return {"type": "Feature", "geometry": place, "properties": properties}

    def written(name, features):
        path = tmp_path / name
        path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
        return path

    read = written("a.geojson", [feature(n, population=n, note=value) for n in range(2)])
    assert read_demand(read).table["note"].tolist() == [json.dumps(value)] * 2
    nested = written("b.geojson", [feature(n, population=value) for n in range(2)])
    with pytest.raises(InputError, match="column population"):
        read_demand(nested)
    totals = written("c.geojson", [feature(n, name=f"S{n}", population=value) for n in range(2)])
    with pytest.raises(InputError, match="column population"):
        rows_of(totals, None, None, STRICT)
