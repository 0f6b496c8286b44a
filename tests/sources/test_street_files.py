"""Streets of files: which are walked, what does not join, and what catches nobody."""

import json
from dataclasses import replace
from itertools import pairwise

import geopandas as gpd
import pytest
import shapely
from effort import few
from grid_town import (
    ALL,
    CRS,
    HOMES,
    NOBODY,
    NORTHWARD,
    ROW_ONLY,
    SIDE,
    Files,
    boundaries,
    covered,
    facilities,
    finding,
    frame,
    homes,
    line,
    point,
    streets,
    with_rows,
)

from planner.errors import InputError
from planner.sources import check
from planner.sources.files.streets.lines import read_streets
from planner.sources.tables.headers.columns import known_columns


def tagged(**tags):
    """The town, the two streets that bring the second row carrying tags."""
    table = streets()
    for key, value in tags.items():
        column = table[key].tolist() if key in table else [None] * len(table)
        column[NORTHWARD : NORTHWARD + 2] = [value] * 2
        table[key] = column
    return table


def codes(district):
    return {each.code for each in (*district.findings, *check(district))}


def test_the_figures_that_the_others_are_held_against(tmp_path):
    town = Files(tmp_path).district()
    assert covered(town) == ALL
    assert town.demand["population"].sum() == 100 * len(HOMES)
    assert not codes(town) & {"sources.unjoined", "sources.loose_streets", "sources.not_walked"}


@pytest.mark.long(but=1)
@pytest.mark.parametrize(
    ("tags", "told"),
    few(
        [
            ({"highway": "motorway"}, "highway=motorway: 2"),
            ({"highway": "motorway_link"}, "highway=motorway_link: 2"),
            ({"highway": "proposed"}, "highway=proposed: 2"),
            ({"highway": "construction"}, "highway=construction: 2"),
            ({"foot": "no"}, "foot=no: 2"),
            ({"Access": "private"}, "access=private: 2"),
            ({"motorroad": "yes"}, "motorroad=yes: 2"),
        ],
        4,
    ),
)
def test_streets_that_nobody_walks_are_left_out_and_counted(tmp_path, tags, told):
    town = Files(tmp_path, {"streets": tagged(**tags)}).district()
    assert covered(town) == ROW_ONLY
    found = finding(town, "sources.not_walked")
    assert (found["count"], found["km"], found["reasons"]) == (2, 1.0, told)


@pytest.mark.long(but=1)
@pytest.mark.parametrize(
    "tags",
    [
        {"highway": "primary"},
        {"highway": "footway"},
        {"access": "destination"},
        {"access": "private", "foot": "yes"},
        {"surface": "private"},
    ],
)
def test_streets_that_one_walks_stay(tmp_path, tags):
    town = Files(tmp_path, {"streets": tagged(**tags)}).district()
    assert covered(town) == ALL
    assert "sources.not_walked" not in codes(town)


def test_classes_of_an_export_are_asked_as_those_of_an_extract(tmp_path):
    table = streets().drop(columns="highway")
    table["code"] = 5122
    table["fclass"] = "residential"
    table.loc[NORTHWARD : NORTHWARD + 1, ["code", "fclass"]] = [5111, "motorway"]
    path = tmp_path / "gis_osm_roads.shp"
    table.to_crs(4326).to_file(path)
    town = Files(tmp_path, {"streets": path}).district()
    assert covered(town) == ROW_ONLY
    assert finding(town, "sources.not_walked")["reasons"].endswith("=motorway: 2")


def test_a_file_of_which_nothing_is_walked_is_refused_with_counts(tmp_path):
    planned = streets().assign(highway="proposed")
    with pytest.raises(InputError) as caught:
        Files(tmp_path, {"streets": planned}).district()
    assert caught.value.code == "sources.nothing_walked"
    assert caught.value.params["reasons"] == "highway=proposed: 12"


def test_lines_of_a_collection_are_walked_and_rows_without_a_line_are_told(tmp_path):
    table = streets()
    shapes = table.geometry.tolist()
    for row in (NORTHWARD, NORTHWARD + 1):
        inner = shapely.GeometryCollection([shapes[row], point(5, 5)])
        shapes[row] = shapely.GeometryCollection([inner, shapely.box(0, 0, 1, 1)])
    table = with_rows(table.set_geometry(shapes, crs=CRS), point(250, 250), name="a lamp")
    town = Files(tmp_path, {"streets": table}).district()
    assert covered(town) == ALL
    assert finding(town, "sources.lines_taken")["rows"] == "7, 8"
    assert finding(town, "sources.not_a_line") == {
        "file": "streets.geojson",
        "count": 1,
        "rows": "13",
    }


def uncut():
    """The grid drawn as twelve lines of two points each, which cross and share no vertex."""
    across = [line((0, y), (500, y)) for y in range(0, 501, 100)]
    north = [line((x, 0), (x, 500)) for x in range(0, 501, 100)]
    return gpd.GeoDataFrame({"name": "S"}, index=range(12), geometry=[*across, *north], crs=CRS)


def test_crossings_without_a_vertex_are_counted_and_joined_when_asked(tmp_path):
    town = Files(tmp_path, {"streets": uncut()})
    apart = town.district()
    assert covered(apart) == ROW_ONLY
    found = finding(apart, "sources.unjoined")
    assert (found["crossings"], found["tees"]) == (16, 16)
    assert "sources.unjoined" in {each.code for each in check(apart)}
    joined = town.district(join_streets=True)
    assert covered(joined) == ALL
    assert finding(joined, "sources.joined")["crossings"] == 16
    assert "sources.unjoined" not in codes(joined)


@pytest.mark.long
@pytest.mark.parametrize("column", few(["bridge", "layer", "Layer", "LAYER"], 2))
def test_what_passes_overhead_is_not_joined(tmp_path, column):
    table = uncut()
    table[column] = [0] * NORTHWARD + [1] * 6
    town = Files(tmp_path, {"streets": table})
    assert "sources.unjoined" not in codes(town.district())
    assert covered(town.district(join_streets=True)) == ROW_ONLY


def test_sheets_of_a_drawing_are_no_levels(tmp_path):
    table = uncut().assign(Layer=["0"] * NORTHWARD + ["1"] * 6, EntityHandle="2F")
    town = Files(tmp_path, {"streets": table})
    assert finding(town.district(join_streets=True), "sources.joined")["crossings"] == 16


@pytest.mark.parametrize(("height", "places"), [(6.0, 1), (1.0, 0), (None, 0)])
def test_lines_over_one_another_by_their_heights_are_told(tmp_path, height, places):
    def at(z, *xy):
        return line(*xy) if z is None else shapely.force_3d(line(*xy), z)

    over = [at(height, (50, -50), (50, 0), (50, 50)), at(0.0, (0, 0), (50, 0), (100, 0))]
    table = gpd.GeoDataFrame({"highway": "footway"}, index=[0, 1], geometry=over, crs=CRS)
    for crs in (CRS, 4326):
        path = tmp_path / f"{crs}.gpkg".replace(":", "")
        table.to_crs(crs).to_file(path)
        found = {each.code: each.params for each in read_streets(path).findings}
        assert found.get("sources.heights_apart", {}).get("count", 0) == places


def walked(times, *, cut=False):
    """The town, its streets walked longer than drawn; whole lines, or cut at crossings before."""
    table = streets().assign(length_m=[SIDE * each for each in times])
    if not cut:
        return table
    part = [(n, a, b) for n, way in enumerate(table.geometry) for a, b in pairwise(way.coords)]
    return frame(
        [shapely.LineString([a, b]) for _, a, b in part],
        highway="residential",
        length_m=[100 * times[n] for n, _, _ in part],
    )


@pytest.mark.long
@pytest.mark.parametrize("join", [False, True])
def test_streets_walked_longer_than_drawn_are_so_however_they_come(tmp_path, join):
    times = [1.6 + 0.02 * n for n in range(12)]
    towns = [
        Files(tmp_path, {"streets": walked(times, cut=cut)}).district(join_streets=join)
        for cut in (False, True)
    ]
    assert [covered(town) for town in towns] == [200.0, 200.0]
    for town in towns:
        assert town.streets["length_m"].sum() == pytest.approx(SIDE * sum(times))
        assert not {code for code in codes(town) if code.startswith("district.length")}


def test_a_street_of_which_the_length_is_told_is_one_street_and_no_unit(tmp_path):
    told = [2.0, *[None] * 11]
    table = streets().assign(length_m=[each and SIDE * each for each in told])
    many = with_rows(
        table,
        *(line((x, 0), (x, -20)) for x in range(5, 500, 10)),  # so that it is cut often
        highway="footway",
    )
    town = Files(tmp_path, {"streets": many}).district(join_streets=True)
    assert town.streets["length_m"].notna().sum() > 40
    assert "district.length_scaled" not in codes(town)
    short = Files(tmp_path, {"streets": walked([0.5, *[1.0] * 11])}).district()
    below = [each for each in check(short) if each.code == "district.length_below_drawn"]
    assert [each.params["count"] for each in below] == [1]


def test_a_length_that_a_mapping_leaves_out_is_told(tmp_path):
    path = tmp_path / "streets.gpkg"
    walked([2.0] * 12).to_file(path)
    known = read_streets(path)
    assert known.mapping.columns["length_m"] == "length_m"
    columns = {**known.mapping.columns, "length_m": ""}
    left = read_streets(path, mapping=replace(known.mapping, columns=columns))
    (told,) = [each for each in left.findings if each.code == "sources.lengths_unread"]
    assert told.params == {"file": "streets.gpkg", "count": 12}
    assert "length_m" not in left.table


def test_a_length_is_known_by_its_own_name_alone():
    named = ["length_m", "Length (m)", "LENGTH_M", "长度"]
    assert known_columns("streets", named) == {"length_m": "length_m"}
    assert known_columns("streets", named[1:]) == {}


def beside_a_stub(highway="footway"):
    """A loose piece of 6 m is nearest to the clinic, the street 20 m behind it."""
    table = with_rows(streets(), line((47, -15), (53, -15)), name="stub", highway=highway)
    return {"streets": table, "facilities": facilities((50, -20))}


def test_a_loose_stub_catches_no_clinic_and_it_is_told_by_name(tmp_path):
    town = Files(tmp_path, beside_a_stub()).district()
    assert covered(town) == ALL
    (moved,) = [each for each in check(town) if each.code == "sources.islands_moved"]
    assert (moved.params["facilities"], moved.params["homes"]) == (1, 0)
    assert "First (f1)" in moved.params["ids"]


def test_without_the_rule_the_stub_catches_it(tmp_path):
    town = Files(tmp_path, beside_a_stub()).district(island_m=0)
    assert covered(town) == NOBODY


def test_a_stub_behind_a_wall_keeps_the_clinic_and_it_is_told(tmp_path):
    wall = gpd.GeoDataFrame(
        {"kind": ["wall"]}, geometry=[line((20, -25), (20, -10), (80, -10), (80, -25))], crs=CRS
    )
    shut_in = shapely.Polygon([*wall.geometry[0].coords]).exterior
    wall = wall.set_geometry([shut_in], crs=CRS)
    town = Files(tmp_path, beside_a_stub() | {"barriers": wall}).district()
    assert covered(town) == NOBODY
    (kept,) = [each for each in check(town) if each.code == "sources.islands_kept"]
    assert "First (f1)" in kept.params["ids"]


@pytest.mark.long
@pytest.mark.parametrize("kind", ["platform", "pier"])
def test_a_platform_that_hangs_on_nothing_is_no_street(tmp_path, kind):
    town = Files(tmp_path, beside_a_stub(kind)).district(island_m=0)
    assert covered(town) == ALL
    assert kind not in set(town.streets["highway"])
    assert finding(town, "sources.hanging_streets")["pieces"] == 1
    joined = with_rows(streets(), line((0, 0), (-40, 0)), name="stub", highway=kind)
    town = Files(tmp_path, {"streets": joined}).district()
    assert kind in set(town.streets["highway"])


def beyond(*spots):
    """The town and a street north of it that only a way around, farther out, leads to."""
    around = [line((400, 550), (400, 800)), line((400, 800), (900, 800), (900, 500))]
    return with_rows(streets(), line((0, 550), (400, 550)), *around, *spots, name="far")


@pytest.mark.long
def test_a_piece_cut_off_by_the_buffer_is_not_a_gap_of_the_map(tmp_path):
    whole = Files(tmp_path, {"streets": beyond(line((900, 500), (500, 500)))})
    assert not codes(whole.district()) & {"sources.loose_streets", "sources.cut_streets"}
    cut = whole.district(buffer_m=100)
    assert "sources.loose_streets" not in codes(cut)
    assert finding(cut, "sources.cut_streets")["pieces"] == 1
    loose = Files(tmp_path, {"streets": beyond()}).district()
    assert finding(loose, "sources.loose_streets")["pieces"] == 1
    assert "sources.cut_streets" not in codes(loose)


def bare(path, table):
    """Write GeoJSON in metres that does not say so."""
    text = json.loads(table.to_json(drop_id=True))
    text.pop("crs", None)
    path.write_text(json.dumps(text), encoding="utf-8")
    return path


def test_metres_without_a_crs_are_read_in_the_crs_that_is_given(tmp_path):
    files = {
        name: bare(tmp_path / f"{name}.geojson", table)
        for name, table in (
            ("boundaries", boundaries()),
            ("streets", streets()),
            ("facilities", facilities()),
            ("demand", homes()),
        )
    }
    town = Files(tmp_path, files)
    assert covered(town.district(crs=CRS)) == ALL
    with pytest.raises(InputError) as caught:
        town.district()
    assert caught.value.code == "sources.off_globe"


def test_a_crs_that_is_given_does_not_move_degrees(tmp_path):
    town = Files(tmp_path)
    town.layers["boundaries"] = bare(tmp_path / "b.geojson", boundaries())
    degrees = {"demand": tmp_path / "d.geojson"}
    bare(degrees["demand"], homes().to_crs(4326))
    town.layers |= degrees
    assert covered(town.district(crs=CRS)) == ALL
