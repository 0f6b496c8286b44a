"""``planner update`` as a user and as a program meet it."""

import json
from pathlib import Path

import pandas as pd
import pytest
from effort import few
from towns import EAST, NORTH, town
from typer.testing import CliRunner

from planner import read_district, write_district
from planner.cli import app
from planner.district.corrections.corrections import Corrections
from planner.district.corrections.steps import add
from planner.sources.corrections import change_corrections


def run(*arguments: object, language: str = "en"):
    return CliRunner().invoke(app, ["update", *map(str, arguments), "--language", language])


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    return write_district(town(), tmp_path / "town.gpkg")


@pytest.fixture
def newer(tmp_path: Path) -> Path:
    """Return a list in which the canteen has another name and place, and a library is new."""
    file = tmp_path / "设施2026.csv"
    rows = {
        "名称": ["Clinic", "Canteen of the bank", "Library", "Nowhere"],
        "类别": ["社区卫生服务站", "长者饭堂", "图书室", "图书室"],
        "x": [EAST, EAST + 6, EAST + 800, "?"],
        "y": [NORTH, NORTH, NORTH, NORTH],
    }
    pd.DataFrame(rows).to_csv(file, index=False, encoding="gbk")
    return file


OPTIONS = ("--crs", "EPSG:32650", "--set-aside", "1")


def test_shown_taken_and_undone(workspace, newer):
    before = workspace.read_bytes()
    shown = run(workspace, "--facilities", newer, "--replace", "--show", *OPTIONS)
    assert shown.exit_code == 0, shown.output
    words = " ".join(shown.output.split())
    for said in ("1 new, 0 gone, 1 changed, 1 as they were", "moved 6 m", "place and kind"):
        assert said in words, said
    assert workspace.read_bytes() == before
    assert list(workspace.parent.glob("town*")) == [workspace]

    taken = run(workspace, "--facilities", newer, "--replace", "--json", *OPTIONS)
    said = json.loads(taken.stdout)
    assert said["taken"] is True
    assert said["counts"]["new"] == 1
    assert [row["column"] for row in said["changed"]] == ["name", "geometry"]
    assert [row["reason"]["code"] for row in said["reading"]["set_aside"]] == [
        "sources.not_a_number"
    ]
    assert "Nowhere" not in read_district(workspace).facilities["name"].tolist()
    assert "设施2026.csv" in workspace.with_suffix(".set_aside.csv").read_text(encoding="utf-8-sig")
    again = run(workspace, "--facilities", newer, "--replace", *OPTIONS, language="zh")
    assert "不会有任何变化" in again.output

    could = run(workspace, "--undo", "--show")
    assert "can be taken back" in " ".join(could.output.split())
    after = workspace.read_bytes()
    write_district(read_district(workspace), workspace)
    could = run(workspace, "--undo", "--show")
    assert could.exit_code == 2
    assert "was changed after" in " ".join(could.output.split())
    workspace.write_bytes(after)
    undone = json.loads(run(workspace, "--undo", "--json").stdout)
    assert (undone["layer"], undone["undone"]) == ("facilities", True)
    assert workspace.read_bytes() == before
    refused = run(workspace, "--undo")
    assert refused.exit_code == 2
    assert "no change of a layer that could be taken back" in refused.output


@pytest.mark.long
def test_what_fits_several_is_asked_and_taken_once_it_is_said(workspace, tmp_path):
    file = tmp_path / "list.csv"
    places = {"x": [EAST + 4, EAST + 5], "y": [NORTH, NORTH]}
    pd.DataFrame({"kind": ["clinic", "clinic"], **places}).to_csv(file, index=False)
    before = workspace.read_bytes()
    asked = run(workspace, "--facilities", file, "--append", "--crs", "EPSG:32650")
    assert asked.exit_code == 2
    assert "f1 Clinic" in asked.output
    assert workspace.read_bytes() == before
    said = ("--same", "2=f1", "--same", "3=")
    done = run(workspace, "--facilities", file, "--append", "--crs", "EPSG:32650", *said)
    assert done.exit_code == 0, done.output
    assert len(read_district(workspace).facilities) == 3


def test_one_added_by_hand_is_asked_of_and_counts_as_the_list_has_it(workspace, tmp_path):
    hall = {"name": "Hall", "kind": "clinic", "x": EAST + 450.0, "y": float(NORTH)}
    step = add(read_district(workspace), hall, "2026-03-04T09:30:00+08:00")
    change_corrections(workspace, "", lambda _: Corrections(crs="EPSG:32650").do(step))
    file = tmp_path / "list.csv"
    pd.DataFrame(
        {"name": ["Riverside"], "kind": ["clinic"], "x": [EAST + 400], "y": [NORTH]}
    ).to_csv(file, index=False)
    how = ("--facilities", file, "--append", "--crs", "EPSG:32650")
    asked = run(workspace, *how)
    assert asked.exit_code == 2
    assert "--as-listed ROW=ID" in " ".join(asked.output.split())
    shown = json.loads(run(workspace, *how, "--show", "--json").stdout)["undecided"]
    assert [(row["why"], row["others"]) for row in shown] == [
        ("added", [{"id": step.facility_id, "name": "Hall", "added": True}])
    ]
    done = run(workspace, *how, "--as-listed", f"2={step.facility_id}")
    assert done.exit_code == 0, done.output
    assert "It counts once, as the list has it" in " ".join(done.output.split())
    found = read_district(workspace).facilities["name"].tolist()
    assert "Riverside" in found
    assert "Hall" not in found
    told = CliRunner().invoke(app, ["correct", str(workspace), "--language", "en"]).output
    assert "taken as the list has it" in " ".join(told.split())


@pytest.mark.long
def test_a_list_of_one_kind_replaces_that_kind_alone(workspace, tmp_path):
    file = tmp_path / "canteens.csv"
    spots = {"x": [EAST + 300], "y": [NORTH]}
    pd.DataFrame({"name": ["New canteen"], **spots}).to_csv(file, index=False)
    how = ("--replace", "--list-kind", "canteens.csv=canteen")
    done = run(workspace, "--facilities", file, *how, "--crs", "EPSG:32650", "--json")
    assert done.exit_code == 0, done.output
    assert [row["name"] for row in json.loads(done.stdout)["gone"]] == ["Canteen"]
    found = read_district(workspace)
    assert sorted(found.facilities["name"]) == ["Clinic", "New canteen"]
    assert found.data_state("clinic") == "complete"
    assert found.data_state("canteen") == "listed"


@pytest.mark.long(but=1)
@pytest.mark.parametrize(
    ("arguments", "told"),
    few(
        [
            (["--facilities", "a.csv"], "--append"),
            (["--facilities", "a.csv", "--append", "--replace"], "--append"),
            (["--append"], "--facilities"),
            (["--facilities", "a.csv", "--gates", "b.csv", "--append"], "one layer"),
            (["--facilities", "a.csv", "--append", "--same", "5"], "ROW=ID"),
            (["--facilities", "a.csv", "--append", "--as-listed", "5="], "which facility added"),
            (
                ["--demand", "a.csv", "--append", "--as-listed", "5=hand-1"],
                "belongs to --facilities",
            ),
            (["--facilities", "a.csv", "--append", "--drop-other-kinds"], "belongs to --replace"),
            (["--demand", "a.csv", "--replace", "--complete", "clinic"], "belongs to --facilities"),
            (["--demand", "a.csv", "--append", "--kind-word", "甲=clinic"], "--kind-word"),
            (
                ["--facilities", "a.csv", "--append", "--gate-word", "值班=open"],
                "belongs to --gates",
            ),
            (["--gates", "a.csv", "--append", "--join-streets"], "belongs to --streets"),
            (["--undo", "--facilities", "a.csv"], "--facilities does not go with --undo"),
            (["--undo", "--strict"], "--strict does not go with --undo"),
        ],
        6,
    ),
)
def test_what_must_be_said(workspace, arguments, told):
    answer = run(workspace, *arguments)
    assert answer.exit_code == 2
    assert told in " ".join(answer.output.split())


def test_the_demo_is_looked_at_and_never_written(newer):
    answer = run("demo", "--facilities", newer, "--append")
    assert answer.exit_code == 2
    assert "Make a copy of it first" in answer.output
    assert run("demo", "--undo").exit_code == 2


@pytest.mark.long
def test_a_hall_in_the_house_of_a_clinic_is_added(workspace, tmp_path):
    file = tmp_path / "halls.csv"
    pd.DataFrame({"name": ["Clinic"], "kind": ["sports"], "x": [EAST], "y": [NORTH]}).to_csv(
        file, index=False
    )
    done = run(workspace, "--facilities", file, "--append", "--crs", "EPSG:32650")
    assert done.exit_code == 0, done.output
    assert "1 new, 0 there already" in " ".join(done.output.split())
    found = read_district(workspace).facilities
    assert sorted(found["kind"]) == ["canteen", "clinic", "sports"]
