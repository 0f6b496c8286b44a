"""Profiles of walking on the command line: asked for, told, written, refused."""

import json
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

import planner
from planner.cli import main
from planner.district import District, builtin_kinds
from planner.sources import read_district

CRS = "EPSG:32650"
X, Y = 400_000.0, 2_900_000.0


@pytest.fixture
def run(capsys, monkeypatch):
    monkeypatch.setenv("PLANNER_LANGUAGE", "en")

    def call(*arguments) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as stopped:
            main([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        return int(stopped.value.code or 0), captured.out, captured.err

    return call


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """A home 240 m from a clinic over steps, 340 m round; the limit is 300 m."""

    def frame(shapes, **columns):
        return gpd.GeoDataFrame(columns, geometry=list(shapes), crs=CRS)

    ways = [[(0, 0), (240, 0)], [(0, 0), (0, 50), (240, 50), (240, 0)]]
    layers = {
        "communities": frame(
            [shapely.box(X - 50, Y - 50, X + 300, Y + 90)], community_id=["001"], name=["East"]
        ),
        "streets": frame(
            [shapely.LineString([(X + x, Y + y) for x, y in way]) for way in ways],
            street_id=["a", "b"],
            highway=["steps", "residential"],
        ),
        "facilities": frame(
            [shapely.Point(X + 240, Y)], facility_id=["f"], name=["F"], kind=["clinic"]
        ),
        "demand": frame(
            [shapely.Point(X, Y + 10)],
            demand_id=["h"],
            community_id=["001"],
            population=[40.0],
            pop_65plus=[9.0],
        ),
    }
    district = District.from_layers("Steps", layers, complete=builtin_kinds())
    return Path(planner.write_district(district, tmp_path / "steps.gpkg"))


def test_a_program_reads_whom_a_profile_moves(run, workspace):
    code, out, _ = run("assess", workspace, "--profile", "wheelchair", "--json")
    assert code == 0
    told = json.loads(out)["profile"]
    assert told["id"] == "wheelchair"
    (moved,) = [
        row for row in told["effect"] if (row["kind"], row["group"]) == ("clinic", "population")
    ]
    assert (moved["within_everyone"], moved["within"], moved["moved"]) == (40, 0, 40)
    by_rule = {
        row["rule"]: row["moved"]
        for row in told["by_rule"]
        if (row["kind"], row["group"]) == ("clinic", "pop_65plus")
    }
    assert by_rule["steps"] == 9
    assert {row["rule"]: row["km"] for row in told["rules"]}["steps"] == pytest.approx(0.24)
    plain = json.loads(run("assess", workspace, "--json")[1])
    assert plain["profile"] is None


@pytest.mark.long
def test_people_read_it_as_tables_and_files(run, workspace, tmp_path):
    folder = tmp_path / "out"
    code, out, _ = run(
        "assess", workspace, "--profile", "wheelchair", "--out", folder, "--language", "zh"
    )
    assert code == 0
    assert "轮椅" in out
    rules = pd.read_csv(folder / "profile_streets.csv")
    assert {"steps", "kerb", "slope"} <= set(rules["规则"])
    effect = pd.read_csv(folder / "profile_effect.csv")
    assert effect.loc[effect["设施类别"].str.contains("卫生服务站"), "移出限值"].max() == 40
    assert "步行人群：轮椅" in (folder / "README.txt").read_text(encoding="utf-8-sig")
    about = json.loads((folder / "metadata.json").read_text(encoding="utf-8"))
    assert about["profile"]["id"] == "wheelchair"


@pytest.mark.long
def test_a_rule_is_switched_and_a_wrong_one_refused(run, workspace):
    code, out, _ = run(
        "assess", workspace, "--profile", "wheelchair", "--profile-rule", "steps=off", "--json"
    )
    assert code == 0
    assert sum(row["moved"] for row in json.loads(out)["profile"]["effect"]) == 0
    for rule, word in (("steps", "steps"), ("stairs=off", "stairs"), ("steps=no", "no")):
        code, _, err = run("assess", workspace, "--profile", "wheelchair", "--profile-rule", rule)
        assert code == 2
        assert word in err
    assert run("assess", workspace, "--profile", "roller")[0] == 2
    assert run("assess", workspace, "--profile-rule", "steps=off")[0] == 2


@pytest.mark.long
def test_gaps_of_a_profile(run, workspace):
    code, out, _ = run("gaps", workspace, "--profile", "wheelchair", "--kind", "clinic", "--json")
    assert code == 0
    document = json.loads(out)
    assert document["profile"] == "wheelchair"
    (gap,) = document["gaps"]
    assert (gap["cause"], gap["remedy"]) == ("barrier", "clear_way")


@pytest.mark.long
@pytest.mark.parametrize("walk", [("--profile", "wheelchair"), ("--unmapped-m", "60")])
@pytest.mark.parametrize("more", [("--links", "2"), ("--capacity",)])
def test_gaps_refuse_at_once_what_only_everyones_walk_has(run, workspace, walk, more):
    code, _, err = run("gaps", workspace, *walk, *more)
    assert code == 2
    assert f"{more[0]} measures as everyone walks" in err


@pytest.mark.long
def test_gaps_tell_the_reading_of_doors(run, workspace):
    code, out, _ = run("gaps", workspace, "--profile", "everyone", "--unmapped-m", "60", "--json")
    assert code == 0
    assert json.loads(out)["unmapped_m"] == 60
    assert run("gaps", workspace, "--profile", "everyone", "--links", "1")[0] == 0


@pytest.mark.long
def test_heights_are_read_with_an_import(run, workspace, tmp_path):
    rasterio = pytest.importorskip("rasterio")
    heights = np.broadcast_to(np.arange(80) * 10 * 0.12, (40, 80)).astype("float32")
    with rasterio.open(
        tmp_path / "dem.tif", "w", driver="GTiff", width=80, height=40, count=1, dtype="float32",
        crs=CRS, transform=rasterio.Affine(10, 0, X - 200, 0, -10, Y + 200),
    ) as out:  # fmt: skip
        out.write(heights[None])
    district = read_district(workspace)
    given = {}
    for option, layer in (
        ("--boundaries", "communities"),
        ("--streets", "streets"),
        ("--facilities", "facilities"),
        ("--demand", "demand"),
    ):
        given[option] = tmp_path / f"{layer}.gpkg"
        getattr(district, layer).dropna(axis=1, how="all").to_file(given[option])
    arguments = [part for pair in given.items() for part in pair]
    made = tmp_path / "made.gpkg"
    code, out, err = run("import", *arguments, "--elevation", tmp_path / "dem.tif", "--out", made)
    assert code == 0, err
    assert "pixels of 10.0 m" in out + err
    streets = read_district(made).streets
    assert streets["slope_percent"].max() == pytest.approx(12, abs=0.05)
    assert run("import", *arguments, "--elevation", workspace, "--out", made)[0] == 2
