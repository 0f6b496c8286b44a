"""A province's extract cut into districts by the areas of a layer."""

import json

import geopandas as gpd
import pytest
import shapely
from grid_town import extract
from osm_maker import degrees
from typer.testing import CliRunner

import planner
from planner.batch import cut, run
from planner.batch.cutting import CUT, _Area, _zones
from planner.batch.jobs import Place
from planner.cli import app
from planner.sources import from_osm, read_boundaries
from planner.sources.osm.extracts import read_osm_file
from planner.sources.osm.windows import Windows, window_around

AREAS = {
    "west": (0, -30, 240, 520),
    "east": (240, -30, 520, 520),
    "wide": (140, -30, 340, 520),
    "nowhere": (90_000, 0, 90_500, 500),
    "twin": (0, 0, 100, 100),
}


def box(west, south, east, north):
    corners = ((west, south), (east, south), (east, north), (west, north))
    return shapely.Polygon([degrees(*each) for each in corners])


def layer(folder, *names):
    """Write a layer of some of the areas, their ids as often as they are named."""
    shapes = [box(*AREAS[name]) for name in names]
    table = gpd.GeoDataFrame(
        {"community_id": names, "name": [f"{each} side" for each in names]},
        geometry=shapes,
        crs=4326,
    )
    file = folder / f"{'-'.join(names)}.geojson"
    table.to_file(file)
    return file


@pytest.fixture
def town(tmp_path):
    """The grid town as an extract."""
    return extract().write(tmp_path / "town.osm")


@pytest.mark.long
def test_districts_are_those_of_an_import_with_the_same_boundary(town, tmp_path):
    areas = layer(tmp_path, "west", "east")
    made = cut(town, areas, tmp_path / "cut", buffer_m=200, complete=["clinic"])
    assert not made.failures
    assert [place.district for place in made.places] == ["west", "east"]
    whole = read_boundaries(areas).table
    for place, n in zip(made.places, (0, 1), strict=True):
        alone = tmp_path / f"{place.district}.geojson"
        whole.iloc[[n]].to_file(alone)
        own = from_osm(town, alone, buffer_m=200, complete=["clinic"])
        got = planner.read_district(place.workspace)
        assert got.name == own.name == f"{place.district} side"
        mine, its = (planner.assess(each).summary() for each in (got, own))
        assert mine.equals(its)
        for name, table in own.layers.items():
            assert len(got.layers[name]) == len(table)
            gone = got.layers[name].geometry.geom_equals_exact(table.geometry, 1e-6, align=False)
            assert gone.all()
        assert got.findings


def test_each_object_near_a_window_is_whole_and_as_in_the_extract(town):
    made = extract()
    far = [made.node(x, 0) for x in (-9000, 9000)]
    lake = made.way([*far, made.node(0, 9000), far[0]], {})
    made.relation([("way", lake, "outer")], {"type": "multipolygon", "natural": "water"})
    made.way([made.node(20_000, 0), made.node(20_100, 0)], {"highway": "residential"})
    data = read_osm_file(made.write(town.parent / "lake.osm"))
    near = Windows(data).of(window_around(box(*AREAS["west"]).bounds, 100))
    # the lake around the town is whole, the streets at its east and beyond it are not there
    assert lake in near.way_id
    assert len(near.way_id) == len(data.way_id) - 3
    assert near.relations == data.relations
    assert near.whole.all()
    for way in near.way_id:
        mine, its = (
            each.xy[each.points([each.way_position[int(way)]])[0]].tolist() for each in (near, data)
        )
        assert mine == its


@pytest.mark.long
def test_what_cannot_be_cut_is_told_and_the_rest_goes_on(town, tmp_path):
    areas = layer(tmp_path, "west", "east", "wide", "nowhere", "twin", "twin")
    made = cut(town, areas, tmp_path / "cut", buffer_m=200, province="p")
    assert [place.called for place in made.places] == ["p/west", "p/east", "p/wide"]
    codes = {failure.place.district: failure.reason.code for failure in made.failures}
    assert codes == {"twin": "batch.same_id_in_layer", "nowhere": "osm.boundary_outside"}
    pairs = [(each.params["first"], each.params["second"]) for each in made.notes]
    assert pairs == [("p/west", "p/wide"), ("p/east", "p/wide")]
    results = run(made, tmp_path / "results")
    states = results.districts().set_index("district")["state"].to_dict()
    assert {states["twin"], states["nowhere"]} == {"failed"}
    told = results.failures().set_index("district")["code"]
    assert told["nowhere"] == "osm.boundary_outside"


@pytest.mark.long
def test_what_was_cut_before_is_not_cut_again(town, tmp_path):
    areas = layer(tmp_path, "west", "east")
    first = cut(town, areas, tmp_path / "cut", buffer_m=200)
    files = {place.workspace: place.workspace.stat().st_mtime_ns for place in first.places}
    again = cut(town, areas, tmp_path / "cut", buffer_m=200)
    assert again.resumed == 2
    assert {file: file.stat().st_mtime_ns for file in files} == files
    # one that is lost is made again, and with another buffer all are
    first.places[0].workspace.unlink()
    assert cut(town, areas, tmp_path / "cut", buffer_m=200).resumed == 1
    assert cut(town, areas, tmp_path / "cut", buffer_m=100).resumed == 0
    # what is no area any more is no district any more
    cut(town, layer(tmp_path, "west"), tmp_path / "cut", buffer_m=100)
    assert not first.places[1].workspace.exists()
    assert len(json.loads((tmp_path / "cut" / CUT).read_text("utf-8"))["workspaces"]) == 1


def test_an_area_in_two_zones_is_told():
    shape = shapely.box(5.5, 47.0, 6.4, 47.2)
    reading = type("Read", (), {"table": gpd.GeoDataFrame(geometry=[shape], crs=4326)})
    note = _zones(_Area(Place("a.gpkg", "border"), reading, ""), shape)
    assert note is not None
    assert note.params == {"district": "border", "crs": "EPSG:32631", "others": "EPSG:32632"}
    assert _zones(_Area(Place("a.gpkg", "b"), reading, ""), shapely.box(7, 47, 8, 48)) is None


@pytest.mark.long
def test_the_command_cuts_and_assesses(town, tmp_path):
    into = tmp_path / "results"
    given = ["batch", str(town), "--boundaries", str(layer(tmp_path, "west", "nowhere"))]
    given += ["--into", str(into), "--buffer-m", "400", "--complete", "clinic"]
    done = CliRunner().invoke(app, given)
    said = " ".join(done.output.split())
    assert done.exit_code == 1, done.output
    assert "1 area of the layer is a district; 0 of them had been cut before" in said
    assert "No street of town.osm lies in the boundary" in said
    assert (into / "workspaces" / "west.gpkg").is_file()
    summary = planner.open_results(into).summary().set_index("kind")
    own = planner.assess(planner.read_district(into / "workspaces" / "west.gpkg")).summary()
    assert 0 < summary.loc["clinic", "share"] < 1
    assert summary.loc["clinic", "share"] == own.set_index("kind").loc["clinic", "share"]


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (["town.osm.pbf"], "--boundaries"),
        (["town.osm.pbf", "more", "--boundaries", "a.geojson"], "alone"),
        (["folder", "--boundaries", "a.geojson"], "OpenStreetMap file"),
        (["folder", "--buffer-m", "3"], "OpenStreetMap file"),
    ],
)
def test_what_does_not_go_together_is_refused(tmp_path, given, words):
    failed = CliRunner().invoke(app, ["batch", *given, "--into", str(tmp_path / "o")])
    assert failed.exit_code == 2
    assert words in " ".join(failed.output.split())


@pytest.mark.long
def test_a_workspace_that_no_run_has_cut_is_left_as_it_is(town, tmp_path):
    own = tmp_path / "cut" / "west.gpkg"
    own.parent.mkdir()
    own.write_bytes(b"somebody's work")
    made = cut(town, layer(tmp_path, "west", "east"), own.parent, buffer_m=200)
    assert [place.district for place in made.places] == ["east"]
    assert [each.reason.code for each in made.failures] == ["batch.workspace_there"]
    assert own.read_bytes() == b"somebody's work"
    # what a run has cut is cut anew where it is asked otherwise
    again = cut(town, layer(tmp_path, "west", "east"), own.parent, buffer_m=100)
    assert [place.district for place in again.places] == ["east"]
    assert own.read_bytes() == b"somebody's work"


def test_no_file_outside_the_folder_is_removed(town, tmp_path):
    """Whoever may write beside the workspaces could name any file as one that is cut no more."""
    areas = layer(tmp_path, "east")
    made = cut(town, areas, tmp_path / "cut", buffer_m=200)
    outside = [tmp_path / "kept.gpkg", tmp_path / "kept.txt"]
    for file in outside:
        file.write_text("kept", encoding="utf-8")
    told = json.loads((tmp_path / "cut" / CUT).read_text(encoding="utf-8"))
    told["workspaces"] |= {"a": "../kept.gpkg", "b": str(outside[1]), "c": "..\\kept.gpkg"}
    (tmp_path / "cut" / CUT).write_text(json.dumps(told), encoding="utf-8")
    again = cut(town, areas, tmp_path / "cut", buffer_m=200)
    assert again.resumed == 1
    assert again.places == made.places
    assert all(file.exists() for file in outside)
