"""Whole districts from extracts, made up and real."""

from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely
from osm_maker import Extract, degrees, town

from planner.errors import InputError, MissingFileError, messages
from planner.sources.osm.district import from_osm


@pytest.fixture(scope="module")
def extract(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return town().write(tmp_path_factory.mktemp("osm") / "town.osm.gz")


def codes(district) -> set[str]:
    return {finding.code for finding in district.findings}


def square(x: float, y: float, size: float) -> shapely.Polygon:
    corners = [(x, y), (x + size, y), (x + size, y + size), (x, y + size)]
    return shapely.Polygon([degrees(*corner) for corner in corners])


@pytest.mark.long
def test_by_name_with_both_levels(extract: Path) -> None:
    district = from_osm(extract, "章贡区", buffer_m=1000)
    assert district.name == "章贡区"
    assert district.crs.to_string() == "EPSG:4547"
    communities = district.communities.set_index("name")
    assert set(communities.index) == {f"社区{i}" for i in (1, 2, 3, 4)}
    assert communities.loc["社区1", "subdistrict"] == "西街道"
    assert communities.loc["社区2", "subdistrict"] == "东街道"
    assert district.communities["community_id"].str.startswith("relation/").all()
    assert district.estimated
    assert district.groups == ["weight"]
    assert district.demand_unit == "floor_area_m2"
    assert len(district.demand) == 64
    assert district.demand["community_id"].isin(district.communities["community_id"]).all()
    assert district.demand["weight"].sum() == pytest.approx(64 * 40 * 20 * 2, rel=0.01)
    assert "osm.residents_from_buildings" in codes(district)
    assert "osm.buffer_missing" not in codes(district)
    assert set(district.facilities["name"]) == {"Clinic", "Library across the border"}
    source = district.sources[1]
    assert (source.licence, source.attribution) == ("ODbL 1.0", "© OpenStreetMap contributors")
    assert source.date == "2026-03-01"
    assert district.attribution == "© OpenStreetMap contributors"


@pytest.mark.long
def test_streets_and_facilities_reach_as_far_as_the_buffer(extract: Path) -> None:
    near = from_osm(extract, "章贡区", buffer_m=200)
    assert set(near.facilities["name"]) == {"Clinic"}
    far = from_osm(extract, "章贡区", buffer_m=1500)
    whole = far.communities.union_all()
    assert far.streets.distance(whole).max() <= 1500
    assert far.streets.distance(whole).max() > 1200
    assert near.streets.distance(whole).max() <= 200


@pytest.mark.long
@pytest.mark.parametrize("name", ["zhanggong", "Zhanggong", "relation/9006"])
def test_other_names_and_ids(extract: Path, name: str) -> None:
    assert from_osm(extract, name).name == "章贡区"


@pytest.mark.long
def test_a_subdistrict_is_divided_into_its_communities(extract: Path) -> None:
    district = from_osm(extract, "西街道")
    assert set(district.communities["name"]) == {"社区1", "社区3"}
    assert len(district.demand) == 32


def test_by_default_the_coarsest_whole_area(tmp_path: Path) -> None:
    district = from_osm(town(margin=2).write(tmp_path / "a.osm"))
    assert district.name == "章贡区"
    assert "osm.boundary_chosen" in codes(district)


@pytest.mark.long
def test_by_polygon_by_table_and_by_file(extract: Path, tmp_path: Path) -> None:
    by_polygon = from_osm(extract, square(-50, -50, 1100))
    assert set(by_polygon.communities["name"]) == {"社区1"}
    assert by_polygon.communities.area.sum() == pytest.approx(1000**2, rel=0.01)
    plain = from_osm(extract, square(900, 900, 300))
    assert plain.communities["name"].tolist() == ["town"]
    table = gpd.GeoDataFrame(
        {"community_id": ["001", "002"], "name": ["甲", "乙"]},
        geometry=[square(0, 0, 500), square(500, 0, 500)],
        crs=4326,
    )
    by_table = from_osm(extract, table.to_crs(3857))
    assert by_table.communities["community_id"].tolist() == ["001", "002"]
    assert by_table.communities.area.to_numpy() == pytest.approx([250_000] * 2, rel=0.01)


@pytest.mark.long
def test_by_file(extract: Path, tmp_path: Path) -> None:
    table = gpd.GeoDataFrame({"name": ["甲"]}, geometry=[square(0, 0, 1000)], crs=4326)
    table.to_crs(3857).to_file(tmp_path / "one.gpkg")
    one = from_osm(extract, tmp_path / "one.gpkg")
    assert one.communities["name"].tolist() == ["甲"]
    assert [s.source for s in one.sources if s.layer == "communities"] == ["one.gpkg"]
    gpd.GeoDataFrame(geometry=[square(0, 0, 2000)], crs=4326).to_file(tmp_path / "all.geojson")
    divided = from_osm(extract, str(tmp_path / "all.geojson"))
    assert set(divided.communities["name"]) == {f"社区{i}" for i in (1, 2, 3, 4)}
    assert [s.source for s in divided.sources if s.layer == "communities"] == [
        "all.geojson",
        "town.osm.gz",
    ]
    with pytest.warns(UserWarning, match="crs"):
        gpd.GeoDataFrame(geometry=[square(0, 0, 1000)]).to_file(tmp_path / "bare.shp")
    with pytest.raises(InputError, match="coordinate reference system"):
        from_osm(extract, tmp_path / "bare.shp")
    with pytest.raises(MissingFileError):
        from_osm(extract, tmp_path / "none.gpkg")


@pytest.mark.long
def test_files_of_residents_and_facilities_replace_the_estimates(
    extract: Path, tmp_path: Path
) -> None:
    rows = ["id,lon(WGS84),lat(WGS84),population,clinics"]
    for number, (x, y) in enumerate([(100, 100), (1500, 1500), (-400, 100), (9000, 100)]):
        lon, lat = degrees(x, y)
        rows.append(f"{number},{lon:.7f},{lat:.7f},100,1")
    file = tmp_path / "grid.csv"
    file.write_text("\n".join(rows), encoding="utf-8")
    columns = {"clinic": "clinics"}
    district = from_osm(
        extract,
        "章贡区",
        buffer_m=500,
        demand=file,
        facilities=file,
        facility_columns=columns,
    )
    assert not district.estimated
    assert district.demand["population"].tolist() == [100, 100]
    names = district.communities.set_index("community_id")["name"]
    assert names[district.demand["community_id"]].tolist() == ["社区1", "社区4"]
    assert district.facilities["kind"].tolist() == ["clinic"] * 3
    told = {finding.code: finding.params for finding in district.findings}
    assert told["osm.demand_left_out"]["people"] == 200
    assert told["osm.facilities_left_out"]["facilities"] == 1
    mapped = from_osm(extract, "章贡区", buffer_m=500).open_facilities()["kind"].value_counts()
    assert told["osm.facilities_in_list"] == {"count": mapped["clinic"], "kinds": "clinic"}
    assert "osm.facilities_not_in_list" not in told
    other = from_osm(
        extract, "章贡区", buffer_m=500, facilities=file, facility_columns={"library": "clinics"}
    )
    told = {finding.code: finding.params for finding in other.findings}
    lacking = {"count": mapped.sum(), "kinds": ", ".join(sorted(mapped.index))}
    assert told["osm.facilities_not_in_list"] == lacking
    assert "osm.facilities_in_list" not in told
    with pytest.raises(InputError) as error:
        from_osm(extract, "章贡区", demand=file, population=5000)
    assert error.value.code == "osm.population_with_residents"
    with pytest.raises(InputError) as error:
        from_osm(extract, square(-1200, -1200, 300), demand=file)
    assert error.value.code == "osm.demand_outside"


def test_population_scales_the_weights_and_stays_an_estimate(extract: Path) -> None:
    district = from_osm(extract, "章贡区", population=12_000)
    assert district.demand["weight"].sum() == pytest.approx(12_000)
    assert district.demand_unit == "weight"
    assert district.estimated
    assert "population" not in district.demand
    assert "osm.scaled" in codes(district)


def test_rest_beside_incomplete_sub_areas(tmp_path: Path) -> None:
    extract = town()
    del extract.relations[9000], extract.relations[9004], extract.relations[9005]
    district = from_osm(extract.write(tmp_path / "a.osm"), "章贡区")
    assert set(district.communities["name"]) == {"社区2", "社区3", "社区4", "章贡区"}
    assert "osm.communities_with_rest" in codes(district)
    assert len(district.demand) == 64


@pytest.mark.long
def test_without_boundary_the_outline_less_the_buffer(tmp_path: Path) -> None:
    extract = town()
    extract.relations.clear()
    district = from_osm(extract.write(tmp_path / "a.osm"), buffer_m=500)
    assert len(district.communities) == 1
    assert district.communities.area.sum() == pytest.approx(4000**2, rel=0.05)
    assert "osm.no_boundary" in codes(district)
    assert "osm.buffer_shrunk" not in codes(district)
    small = from_osm(tmp_path / "a.osm", buffer_m=4000)
    assert "osm.buffer_shrunk" in codes(small)
    assert small.communities.area.sum() > 0


def test_a_ring_beyond_the_extract_is_told(tmp_path: Path) -> None:
    extract = Extract()
    extract.area(0, 0, 1000, 1000, admin_level="8", name="A")
    for k in range(5):
        extract.street((k * 240, 10), (k * 240, 990))
        extract.street((10, k * 240), (990, k * 240))
    district = from_osm(extract.write(tmp_path / "a.osm"), "A")
    (finding,) = [f for f in district.findings if f.code == "osm.buffer_missing"]
    assert 60 <= finding.params["percent"] <= 95


def test_inner_rings_and_parts(tmp_path: Path) -> None:
    extract = town()
    outer = [extract.box(0, 0, 900, 900), extract.box(1100, 0, 900, 900)]
    hole = extract.box(300, 300, 300, 300)
    members = [("way", outer[0], "outer"), ("way", outer[1], ""), ("way", hole, "inner")]
    tags = {"type": "boundary", "boundary": "administrative", "admin_level": "9", "name": "两部分"}
    extract.relation(members, tags)
    district = from_osm(extract.write(tmp_path / "a.osm"), "两部分")
    assert district.communities.area.sum() == pytest.approx(2 * 900**2 - 300**2, rel=0.01)


@pytest.mark.long
def test_same_name_at_two_places_must_be_told_apart(tmp_path: Path) -> None:
    extract = town()
    extract.area(-1000, 0, 900, 900, admin_level="8", name="章贡区")
    file = extract.write(tmp_path / "a.osm")
    with pytest.raises(InputError) as error:
        from_osm(file, "章贡区")
    assert error.value.code == "osm.ambiguous_boundary"
    assert "admin_level 6" in str(error.value)
    assert "admin_level 8" in str(error.value)
    assert from_osm(file, error.value.params["id"]).name == "章贡区"


@pytest.mark.long
def test_areas_that_bear_the_name_too_are_told(tmp_path: Path) -> None:
    extract = town()
    extract.area(-1000, 0, 900, 900, admin_level="8", name="Elsewhere", **{"name:zh": "章贡区"})
    tags = {"type": "boundary", "boundary": "administrative", "admin_level": "4", "name": "章贡区"}
    extract.relation([("way", extract.box(0, 0, 9, 9), "outer"), ("way", 77, "outer")], tags)
    file = extract.write(tmp_path / "a.osm")
    code = "osm.boundary_namesakes"
    (told,) = [each for each in from_osm(file, "章贡区").findings if each.code == code]
    assert "admin_level 6" in told.params["chosen"]
    assert "Elsewhere (admin_level 8" in told.params["others"]
    assert "章贡区 (admin_level 4" in told.params["others"]
    by_id = told.params["chosen"].split(", ")[1].rstrip(")")
    assert code not in {each.code for each in from_osm(file, by_id).findings}


@pytest.mark.long
def test_same_shape_under_one_name_is_one_area(tmp_path: Path) -> None:
    extract = town()
    extract.area(0, 0, 2000, 2000, admin_level="7", name="章贡区")
    assert len(from_osm(extract.write(tmp_path / "a.osm"), "章贡区").communities) == 4


def test_incomplete_boundary(tmp_path: Path) -> None:
    extract = town()
    tags = {"type": "boundary", "boundary": "administrative", "admin_level": "8", "name": "缺"}
    extract.relation([("way", extract.box(0, 0, 9, 9), "outer"), ("way", 77, "outer")], tags)
    open_ring = extract.line((0, 0), (500, 0), (500, 500))
    extract.relation([("way", open_ring, "outer")], {**tags, "name": "开"})
    file = extract.write(tmp_path / "a.osm")
    for name in ("缺", "开"):
        with pytest.raises(InputError) as error:
            from_osm(file, name)
        assert error.value.code == "osm.boundary_incomplete"


def test_bad_boundaries(extract: Path) -> None:
    for boundary, code in [
        ("Nowhere", "osm.unknown_boundary"),
        (square(90_000, 90_000, 500), "osm.boundary_outside"),
        (gpd.GeoDataFrame(geometry=[square(0, 0, 500)]), "osm.boundary_without_crs"),
        (shapely.box(500_000, 2_800_000, 501_000, 2_801_000), "osm.boundary_without_crs"),
        (shapely.Point(114.9, 25.8), "osm.not_a_boundary"),
    ]:
        with pytest.raises(InputError) as error:
            from_osm(extract, boundary)
        assert error.value.code == code
        assert "{" not in str(error.value)
    with pytest.raises(InputError, match="章贡区"):
        from_osm(extract, "章贡曲")


def test_bad_options(extract: Path) -> None:
    with pytest.raises(InputError, match="buffer"):
        from_osm(extract, buffer_m=-1)
    with pytest.raises(InputError, match="population"):
        from_osm(extract, population=0)


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(MissingFileError) as error:
        from_osm(tmp_path / "none.osm.pbf")
    assert error.value.code == "osm.missing_file"
    with pytest.raises(MissingFileError):
        from_osm("none.osm.pbf")
    with pytest.raises(MissingFileError):
        from_osm("none.geojson")


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.osm.pbf", b"this is no protocol buffer at all", "osm.not_osm"),
        ("a.osm", b"<html></html>", "osm.not_osm"),
        ("a.geojson", b"{}", "osm.wrong_ending"),
        ("a.osm", b"<osm version='0.6'><node id='1' lat='0' lon='0'/>", "osm.truncated"),
        ("a.osm", b"<osm version='0.6'></osm>", "osm.no_highway"),
        ("a.osm.pbf", b"", "osm.not_osm"),
    ],
)
def test_not_an_extract(tmp_path: Path, name: str, content: bytes, code: str) -> None:
    file = tmp_path / name
    file.write_bytes(content)
    with pytest.raises(InputError) as error:
        from_osm(file)
    assert error.value.code == code
    assert name in str(error.value)


@pytest.mark.long(but=1)
@pytest.mark.parametrize("share", [0.2, 0.5, 0.9])
@pytest.mark.parametrize("file", ["Helsinki.osm.pbf", "monaco.osm.gz"])
def test_a_truncated_file(test_data: Path, tmp_path: Path, file: str, share: float) -> None:
    whole = (test_data / file).read_bytes()
    (tmp_path / file).write_bytes(whole[: int(len(whole) * share)])
    with pytest.raises(InputError) as error:
        from_osm(tmp_path / file)
    assert error.value.code == "osm.truncated"


def test_progress_runs_from_start_to_end(extract: Path) -> None:
    told: list[tuple[str, float]] = []
    from_osm(extract, progress=lambda code, share: told.append((code, share)))
    shares = [share for _, share in told]
    assert shares == sorted(shares)
    assert (shares[0], shares[-1]) == (0.0, 1.0)
    assert {code for code, _ in told} <= set(messages())


@pytest.mark.long
def test_ids_do_not_change_from_run_to_run(extract: Path) -> None:
    first, second = (from_osm(extract, "章贡区") for _ in range(2))
    for layer, column in (("streets", "street_id"), ("demand", "demand_id")):
        assert first.layers[layer][column].equals(second.layers[layer][column])


@pytest.mark.long  # of made extracts above; real ones: below, and in test_osm_streets.py
def test_liechtenstein(test_data: Path) -> None:
    district = from_osm(test_data / "liechtenstein-latest.osm.pbf")
    assert district.name == "Liechtenstein"
    assert district.sources[0].date == "2015-07-27"
    assert len(district.communities) == 11
    assert set(district.communities["subdistrict"]) == {"Wahlkreis Oberland", "Wahlkreis Unterland"}
    assert district.communities.area.sum() == pytest.approx(160.5e6, rel=0.01)
    assert 6000 < len(district.demand) < 9000
    assert set(district.barriers["kind"]) == {"water", "railway", "wall"}
    kinds = district.facilities["kind"].value_counts()
    assert (kinds["service_centre"], kinds["library"], kinds["police_station"]) == (3, 1, 1)
    inside = from_osm(test_data / "liechtenstein-latest.osm.pbf", "Vaduz").demand
    assert 400 < len(inside) < 2000


@pytest.mark.long
def test_helsinki_and_sao_paulo_have_no_boundary(test_data: Path) -> None:
    helsinki = from_osm(test_data / "Helsinki.osm.pbf")
    assert {"osm.no_boundary", "osm.buffer_shrunk"} <= codes(helsinki)
    assert len(helsinki.communities) == 1
    assert (helsinki.facilities["kind"] == "library").sum() == 7
    sao_paulo = from_osm(test_data / "spo_osm.pbf")
    assert {"osm.no_boundary", "osm.residents_from_streets"} <= codes(sao_paulo)
    assert "osm.buffer_shrunk" not in codes(sao_paulo)
    assert sao_paulo.streets["bridge"].any()
    assert np.allclose(sao_paulo.demand["weight"].median(), 50, atol=8)


@pytest.mark.long  # of a made extract: test_files_of_residents_and_facilities_replace_the_estimates
def test_sao_paulo_with_the_residents_of_its_grid(test_data: Path) -> None:
    grid = test_data / "spo_hexgrid.csv"
    district = from_osm(
        test_data / "spo_osm.pbf",
        demand=grid,
        facilities=grid,
        facility_columns={"clinic": "healthcare"},
    )
    assert not district.estimated
    codes = [finding.code for finding in district.findings]
    assert "osm.area_of_residents" in codes
    assert "osm.demand_left_out" not in codes
    assert district.demand["population"].sum() == pytest.approx(517_569, abs=1)
    assert len(district.facilities) > 20


def test_an_area_mapped_as_relation_and_as_its_outer_way_is_one(tmp_path: Path) -> None:
    extract = town()
    for ring, tags in extract.relations.values():
        way = ring[0][1]
        extract.ways[way] = (extract.ways[way][0], dict(tags))
    district = from_osm(extract.write(tmp_path / "twice.osm"), "章贡区")
    ids = district.communities["community_id"]
    assert len(ids) == 4
    assert ids.str.startswith("relation/").all()
    assert district.demand["community_id"].nunique() == 4
