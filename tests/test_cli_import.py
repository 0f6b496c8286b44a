"""Kinds without data and kinds that are complete, from ``planner import`` to ``assess``."""

import json
from pathlib import Path

import geopandas as gpd
import pytest
import shapely

import planner
from planner.cli import main
from planner.district import District

CRS = "EPSG:32650"


def small() -> District:
    def points(rows, **columns):
        shapes = [shapely.Point(xy) for xy in rows]
        return gpd.GeoDataFrame(columns, geometry=shapes, crs=CRS)

    layers = {
        "streets": gpd.GeoDataFrame(
            {"street_id": ["s"]}, geometry=[shapely.LineString([(0, 0), (900, 0)])], crs=CRS
        ),
        "communities": gpd.GeoDataFrame(
            {"community_id": ["1"], "name": ["One"]}, geometry=[shapely.box(0, -9, 900, 9)], crs=CRS
        ),
        "demand": points([(50, 5)], demand_id=["a"], community_id=["1"], population=[10]),
        "facilities": points([(60, 0)], facility_id=["f"], kind=["clinic"]),
    }
    return District.from_layers("Small", layers)


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    return Path(planner.write_district(small(), tmp_path / "small.gpkg"))


@pytest.fixture
def run(capsys, monkeypatch):
    monkeypatch.setenv("PLANNER_LANGUAGE", "en")

    def call(*arguments) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as stopped:
            main([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        return int(stopped.value.code or 0), captured.out, captured.err

    return call


def rows(run, workspace: Path) -> dict:
    code, out, _ = run("assess", workspace, "--json")
    assert code == 0
    return {row["kind"]: row for row in json.loads(out)["summary"]}


@pytest.mark.long
def test_a_kind_without_data_is_told_and_a_complete_one_is_judged(run, workspace, tmp_path):
    row = rows(run, workspace)["police_room"]
    assert (row["data"], row["share"], row["facilities"]) == ("none", None, None)
    code, out, _ = run("assess", workspace)
    assert code == 0
    assert "no data" in next(line for line in out.splitlines() if "Police room" in line)
    assert "No data: no source tells of" in out
    code, out, _ = run("check", workspace)
    assert (code, "No data: no source tells of" in out) == (0, True)

    before, copy = workspace.read_bytes(), tmp_path / "copy.gpkg"
    code, out, _ = run("correct", workspace, "--complete", "police_room", "--out", copy)
    assert code == 0
    assert "Said by hand" in out
    assert workspace.read_bytes() == before
    for file in (workspace, copy):
        row = rows(run, file)["police_room"]
        assert (row["data"], row["share"], row["facilities"]) == ("complete", 0.0, 0)
        assert planner.read_district(file).records["police_room"].date


def test_a_kind_that_is_not_known_cannot_be_complete(run, workspace):
    code, _, err = run("correct", workspace, "--complete", "moon")
    assert (code, "moon" in err) == (2, True)


@pytest.mark.long
def test_an_import_says_which_kinds_have_no_data(run, tmp_path):
    files = {}
    for name, layer in small().layers.items():
        if len(layer):
            files[name] = tmp_path / f"{name}.geojson"
            layer.to_crs(4326).to_file(files[name])
    given = [f"--boundaries={files.pop('communities')}"]
    given += [f"--{name}={file}" for name, file in files.items()]
    out = tmp_path / "made.gpkg"
    code, text, err = run("import", *given, "--complete", "police_room", "--out", out)
    assert code == 0, err
    told = next(line for line in text.splitlines() if "No data" in line)
    assert ("Library" in told, "Police room" in told) == (True, False)
    found = planner.read_district(out)
    assert (found.data_state("clinic"), found.data_state("police_room")) == ("listed", "complete")
    assert found.records["police_room"].source == "facilities.geojson"
    assert found.name == "made", "as the dashboard offers it, not as a file of outlines is called"
    code, _, err = run("import", *given, "--name", "Small", "--out", out)
    assert (code, planner.read_district(out).name) == (0, "Small"), err
    code, _, err = run("import", *given, "--complete", "moon", "--out", out)
    assert (code, "moon" in err) == (2, True)
