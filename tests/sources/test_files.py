import geopandas as gpd
import pandas as pd
import pytest
import shapely
from places import CRS, X, Y, layers

from planner.errors import InputError, MissingFileError
from planner.result import assess
from planner.sources import from_files, read_district, write_district


@pytest.fixture
def files(tmp_path):
    tables = layers()
    tables["facilities"].loc[1, "kind"] = "library"
    paths = {}
    for layer, name in {"communities": "boundaries"}.items() | {
        (layer, layer) for layer in ("streets", "facilities", "demand", "barriers", "gates")
    }:
        paths[name] = tmp_path / f"{name}.gpkg"
        tables[layer].to_file(paths[name])
    return paths


def table(tmp_path, rows, name="demand.csv"):
    path = tmp_path / name
    path.write_text("\n".join(["id,lon,lat,population", *rows]) + "\n", encoding="utf-8")
    return path


@pytest.mark.long
def test_every_file_becomes_a_layer(files, tmp_path):
    district = from_files("Small", **files)
    assert district.crs.to_epsg() == 4547
    assert [len(t) for t in district.layers.values()] == [2, 2, 3, 3, 0, 2, 1, 0]
    assert [s.layer for s in district.sources][:2] == ["communities", "streets"]
    assert district.demand["pop_65plus"].sum() == 13
    assert not district.estimated
    again = read_district(write_district(district, tmp_path / "out.gpkg"))
    assert again.demand["population"].tolist() == [100, 50, 30.5]


@pytest.mark.long
def test_demand_is_put_into_communities(files, tmp_path):
    spots = gpd.GeoSeries(
        [shapely.Point(X + 20, Y), shapely.Point(X + 400, Y), shapely.Point(X, Y + 900)], crs=CRS
    ).to_crs(4326)
    rows = [f"00{i},{p.x},{p.y},5" for i, p in enumerate(spots)]
    district = from_files("Small", **{**files, "demand": table(tmp_path, rows)}, datum="wgs84")
    assert district.demand["community_id"].tolist() == ["036000000001", "036000000002", ""]
    assert district.demand["demand_id"].tolist() == ["000", "001", "002"]


@pytest.mark.parametrize(("layer", "column"), [("demand", "所属社区"), ("facilities", "community")])
def test_places_that_lie_in_another_community_than_they_name_are_told(
    files, tmp_path, layer, column
):
    table = layers()[layer].drop(columns="community_id", errors="ignore")
    areas = gpd.read_file(files["boundaries"])
    inside = table.sjoin(areas[["name", "geometry"]].rename(columns={"name": "lies"}), how="left")
    own = inside.groupby(level=0)["lies"].first().fillna("")
    other = dict(zip(areas["name"], areas["name"][::-1], strict=True))
    path = tmp_path / "named.gpkg"
    codes = {}
    for said in (own, own.map(other).fillna("")):
        table.assign(**{column: said}, kind="clinic").to_file(path)
        district = from_files("Small", **{**files, layer: path})
        codes[len(codes)] = {f.code: f.params for f in district.findings}
    assert "sources.named_elsewhere" not in codes[0]
    found = codes[1]["sources.named_elsewhere"]
    assert (found["layer"], found["column"]) == (layer, column)
    assert found["count"] == found["of"] == (own != "").sum()


@pytest.mark.long
def test_a_point_on_a_border_falls_to_the_first_community(files, tmp_path):
    tables = layers()
    tables["demand"].loc[0, "geometry"] = shapely.Point(X + 200, Y)
    path = tmp_path / "border.gpkg"
    tables["demand"].drop(columns="community_id").to_file(path)
    district = from_files("Small", **{**files, "demand": path})
    assert district.demand["community_id"].iloc[0] == "036000000001"


def test_layers_far_away_and_swapped_are_told_apart(files, tmp_path):
    far = table(tmp_path, ["1,24.9,60.2,5"])
    with pytest.raises(InputError, match=r"layer demand lies .* km from the communities. Check"):
        from_files("x", **{**files, "demand": far})
    tables = layers()["communities"].to_crs(4326)
    tables["geometry"] = shapely.transform(tables.geometry.to_numpy(), lambda xy: xy - (60, 0))
    streets = layers()["streets"].to_crs(4326)
    streets["geometry"] = shapely.transform(streets.geometry.to_numpy(), lambda xy: xy - (60, 0))
    tables.to_file(tmp_path / "b2.gpkg")
    streets.to_file(tmp_path / "s2.gpkg")
    x, y = tables.geometry.iloc[0].centroid.coords[0]
    stations = tmp_path / "f2.csv"
    stations.write_text(f"kind,lon,lat\nclinic,{x},{y}\n", encoding="utf-8")
    swapped = table(tmp_path, [f"1,{y},{x},5"])
    district = from_files(
        "x",
        boundaries=tmp_path / "b2.gpkg",
        streets=tmp_path / "s2.gpkg",
        facilities=stations,
        demand=swapped,
    )
    assert district.demand["community_id"].tolist() == ["036000000001"]
    assert "tables.turned_by_place" in [finding.code for finding in district.findings]


@pytest.mark.long
def test_what_lies_beyond_the_buffer_is_left_out_and_told(files):
    district = from_files("Small", **files, buffer_m=10)
    assert len(district.streets) == 3
    tables = layers()["facilities"].assign(kind="clinic")
    tables.loc[0, "geometry"] = shapely.Point(X, Y + 5000)
    tables.to_file(files["facilities"])
    district = from_files("Small", **files)
    assert district.facilities["facility_id"].tolist() == ["f2"]
    (note,) = [f for f in district.findings if f.code == "sources.left_out_far"]
    assert (note.params["count"], note.params["metres"]) == (1, 1500)


@pytest.mark.long
def test_degrees_and_count_columns(files, tmp_path):
    (spot,) = gpd.GeoSeries([shapely.Point(X + 20, Y)], crs=CRS).to_crs(4326)
    path = tmp_path / "grid.csv"
    path.write_text(
        f"id,lon,lat,population,healthcare\na,{spot.x},{spot.y},5,2\n", encoding="utf-8"
    )
    both = {**files, "demand": path, "facilities": path, "datum": "wgs84"}
    district = from_files("Small", **both, facility_columns={"library": "healthcare"})
    assert district.facilities["kind"].tolist() == ["library"]
    assert from_files("Small", **both).facilities["kind"].tolist() == ["clinic"]


def test_a_missing_file_is_named(files, tmp_path):
    with pytest.raises(MissingFileError, match=r"none\.gpkg"):
        from_files("x", **{**files, "streets": tmp_path / "none.gpkg"})


@pytest.mark.long
def test_a_community_that_no_boundary_has_is_told(files, tmp_path):
    tables = layers()
    tables["demand"]["community_id"] = ["036000000001", "ZZ", "ZZ"]
    path = tmp_path / "strange.gpkg"
    tables["demand"].to_file(path)
    district = from_files("Small", **{**files, "demand": path})
    told = {finding.code: finding.params for finding in district.findings}
    assert told["sources.community_ids"] == {"count": 2, "values": "ZZ"}
    assert district.demand["community_id"].tolist() == [
        "036000000001", "036000000001", "036000000002",
    ]  # fmt: skip


@pytest.mark.long
def test_layers_that_an_assessment_wrote_are_read_and_assessed_again(files, tmp_path):
    result = assess(from_files("Small", **files))
    for layer, table in {"boundaries": result.communities(), "demand": result.demand()}.items():
        files[layer] = tmp_path / f"again_{layer}.geojson"
        table.to_crs(4326).to_file(files[layer])
    again = assess(from_files("Small", **files))
    figures = ["distance_m_library", "nearest_library"]
    pd.testing.assert_frame_equal(again.demand()[figures], result.demand()[figures])
    assert set(again.communities()) == set(result.communities())
