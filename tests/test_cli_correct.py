"""``planner correct`` as a user and as a program meet it."""

import json
from pathlib import Path

import pytest
from towns import town
from typer.testing import CliRunner

from planner import read_district, write_district
from planner.cli import app
from planner.district.corrections.corrections import Corrections
from planner.district.corrections.steps import edit
from planner.sources.corrections import change_corrections, corrections_file

AT = "2026-03-04T09:30:00+08:00"


def run(*arguments: object):
    told = map(str, arguments)
    return CliRunner().invoke(app, ["correct", *told, "--language", "en"])


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    return write_district(town(), tmp_path / "town.gpkg")


@pytest.fixture
def closed(workspace: Path) -> Path:
    step = edit(read_district(workspace), "f1", {"status": "closed", "name": ""}, AT)
    kept = Corrections(crs="EPSG:32650").do(step)
    change_corrections(workspace, Corrections().sign, lambda _: kept)
    return workspace


def test_without_corrections_it_says_where_they_would_be(workspace):
    answer = run(workspace)
    assert answer.exit_code == 0, answer.output
    assert corrections_file(workspace).name in answer.output.replace("\n", "")
    said = json.loads(run(workspace, "--json").stdout)
    assert said["corrections"] == []
    assert said["file"] is None


@pytest.mark.long
def test_each_field_is_listed_with_its_old_and_its_new_value(closed):
    answer = run(closed)
    assert answer.exit_code == 0, answer.output
    words = " ".join(answer.output.split())
    for word in ("2026-03-04T09:30", "f1", "status", "existing", "closed", "Clinic", "–"):
        assert word in words, word
    (row,) = json.loads(run(closed, "--json").stdout)["corrections"]
    assert (row["number"], row["facility_id"], row["at"]) == (1, "f1", AT)
    assert row["old"] == {"name": "Clinic", "status": "existing"}
    assert row["new"] == {"name": "", "status": "closed"}


@pytest.mark.long
def test_the_copy_carries_them_and_the_workspace_stays(closed, tmp_path):
    before = closed.read_bytes()
    copy = tmp_path / "copy" / "corrected.gpkg"
    answer = run(closed, "--out", copy, "--json")
    assert answer.exit_code == 0, answer.output
    said = json.loads(answer.stdout)
    assert said["file"] == str(copy)
    assert "corrections.applied" in {finding["code"] for finding in said["findings"]}
    assert read_district(copy).open_facilities("clinic").empty
    assert not corrections_file(copy).exists()
    assert closed.read_bytes() == before


@pytest.mark.long
def test_it_is_not_written_onto_itself(closed):
    before = closed.read_bytes()
    answer = run(closed, "--out", closed)
    assert answer.exit_code == 2
    assert closed.read_bytes() == before
