"""``planner links`` as a user and as a program meet it."""

import json
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely

import planner
from planner.district import District, Scenario, builtin_kinds

CRS = "EPSG:32650"
X, Y = 390_000.0, 2_860_000.0


def frame(shapes, **columns) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(columns, geometry=shapes, crs=CRS)


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """Two streets 40 m apart, a wall and a shut gate between; the clinic is on the south one."""
    north, south = ([(X, Y + y), (X + 1000, Y + y)] for y in (40, 0))
    layers = {
        "communities": frame(
            [shapely.box(X - 9, Y - 9, X + 1009, Y + 60)], community_id=["001"], name=["East"]
        ),
        "streets": frame(
            [shapely.LineString(xy) for xy in (south, north, [(X, Y), (X, Y + 40)])],
            street_id=["s", "n", "w"],
            name=["South Street", "=North Street", ""],
        ),
        "facilities": frame([shapely.Point(X + 800, Y)], facility_id=["f"], kind=["clinic"]),
        "demand": frame(
            [shapely.Point(X + 700, Y + 40), shapely.Point(X + 800, Y + 40)],
            demand_id=["a", "b"],
            community_id="001",
            population=[100.0, 50.0],
            pop_65plus=[9.0, 1.0],
        ),
        "barriers": frame(
            [shapely.LineString([(X + 30, Y + 20), (X + 1000, Y + 20)])],
            barrier_id=["w"],
            kind=["wall"],
        ),
        "gates": frame(
            [shapely.Point(X + 800, Y + 20)], gate_id=["g"], name=["=North gate"], open=[False]
        ),
    }
    town = District.from_layers("Walled", layers, complete=builtin_kinds())
    return Path(planner.write_district(town, tmp_path / "town.gpkg"))


def test_links_are_listed_with_what_they_gain(run, workspace):
    code, out, err = run("links", workspace, "--kind", "clinic")
    assert (code, err) == (0, "")
    best, steps = out.split("One after another")
    assert "Open the shut gate" in best
    assert "North gate" in best
    assert "East" in best
    assert " 40 " in best
    assert " 150 " in best
    assert "North gate" in steps


@pytest.mark.long
def test_chinese(run, workspace):
    code, out, _ = run("links", workspace, "--kind", "clinic", "--language", "zh")
    assert code == 0
    assert "开放已关闭的大门" in out


def test_json_has_everything(run, workspace):
    code, out, _ = run("links", workspace, "--json", "--kind", "clinic", "--sites")
    answer = json.loads(out, parse_constant=pytest.fail)
    assert code == 0
    (link,) = answer["links"]
    assert (link["rank"], link["work"], link["gate_id"]) == (1, "open_gate", "g")
    assert (link["gain"], link["residents"], link["gain_clinic"]) == (150, 150, 150)
    assert answer["sequence"][0]["total"] == 150
    (site,) = answer["sites"]
    assert (site["kind"], site["gain_link"], site["gain_site"]) == ("clinic", 150, 150)
    assert answer["group"] == "population"
    assert {"district", "standard", "findings", "files"} <= set(answer)


@pytest.mark.long
def test_a_group_is_counted(run, workspace):
    _, out, _ = run("links", workspace, "--json", "--kind", "clinic", "--group", "pop_65plus")
    assert json.loads(out)["links"][0]["gain"] == 10


@pytest.mark.long
def test_files_are_written_and_the_scenario_does_what_is_said(run, workspace, tmp_path):
    folder = tmp_path / "out"
    code, out, _ = run("links", workspace, "--kind", "clinic", "--out", folder)
    assert code == 0
    names = {"links.csv", "link_sequence.csv", "links.gpkg", "links_scenario.json"}
    names |= {"map_work.csv", "map_work.gpkg"}
    assert {file.name for file in folder.iterdir()} == names
    assert all(name in out for name in names)
    table = pd.read_csv(folder / "links.csv", encoding="utf-8-sig")
    (where,) = table["Where"]
    assert where.startswith(("'=North gate", "at =North gate", "in "))
    assert "=North gate" in where
    assert table["Community health station (clinic): gained"].tolist() == [150]
    for layer in ("links", "link_sequence"):
        drawn = gpd.read_file(folder / "links.gpkg", layer=layer)
        assert drawn.crs == CRS
        assert drawn["gain"].tolist() == [150]
        assert "=North gate" in drawn["place"][0]
    scenario = Scenario.load(folder / "links_scenario.json")
    assert len(scenario.changes) == 1
    code, out, _ = run("compare", workspace, folder / "links_scenario.json", "--json")
    summary = pd.DataFrame(json.loads(out)["summary"])
    change = summary[(summary["kind"] == "clinic") & (summary["group"] == "population")]
    assert change["covered_change"].tolist() == [150]


@pytest.mark.long
def test_programs_are_made_ready_only_where_a_link_is_looked_for(run, workspace, monkeypatch):
    calls = []
    monkeypatch.setattr("planner.network.links.candidates.warm_up", lambda: calls.append(1))
    assert run("links", workspace, "--kind", "clinic")[0] == 0
    assert calls == [1]
    # there is no cultural station, and the source lists all there are
    assert run("links", workspace, "--kind", "cultural_station")[0] == 0
    assert calls == [1]


@pytest.mark.long
def test_no_link_helps(run, workspace):
    code, out, _ = run("links", workspace, "--kind", "library")
    assert code == 2
    code, out, _ = run("links", workspace, "--kind", "cultural_station", "--max-gap-m", 10)
    assert code == 0
    assert "No link brings anyone" in out


@pytest.mark.long(but=1)
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--kind", "canteen"], "canteen"),
        (["--group", "pop_0_14"], "pop_0_14"),
        (["--count", "0"], "count"),
        (["--bridge-m", "-1"], "bridge-m"),
    ],
)
def test_what_cannot_be_is_told_in_one_line(run, workspace, arguments, said):
    code, out, err = run("links", workspace, *arguments)
    assert (code, out) == (2, "")
    assert said in err
    assert err.count("\n") == 1


@pytest.mark.long
@pytest.mark.parametrize(
    ("language", "said"), [("en", "Draw on the map what joins it"), ("zh", "在地图上补绘连接")]
)
def test_work_at_the_map_is_listed_apart(run, workspace, tmp_path, language, said):
    district = planner.read_district(workspace)
    streets = district.streets[district.streets["street_id"] != "w"].copy()
    long = shapely.LineString([(X - 12_000, Y), (X, Y), (X + 1000, Y)])
    streets.loc[streets["street_id"] == "s", "geometry"] = long
    loose = planner.write_district(district.with_layers(streets=streets), tmp_path / "loose.gpkg")
    code, out, err = run("links", loose, "--language", language)
    assert (code, err) == (0, "")
    assert said in " ".join(out.split())
