"""``planner batch``: what it says, as text and JSON, and how it ends."""

import json

import pytest
from small_towns import small_town

import planner
from planner.cli import main


@pytest.fixture(scope="module")
def workspaces(tmp_path_factory):
    folder = tmp_path_factory.mktemp("workspaces")
    planner.write_district(small_town(1), folder / "d1.gpkg")
    return folder


def ended(*arguments):
    with pytest.raises(SystemExit) as end:
        main(["batch", *map(str, arguments)])
    return end.value.code


@pytest.mark.long
def test_what_is_done_and_done_before(workspaces, tmp_path, capsys):
    asked = workspaces, "--into", tmp_path, "--group", "population", "--language", "en"
    assert ended(*asked) == 0
    assert "1 of 1 districts have results; 0 of them" in capsys.readouterr().out
    assert ended(*asked, "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert told["resumed"] == 1
    assert [each["state"] for each in told["districts"]] == ["done"]
    assert told["failures"] == []


def test_a_district_that_fails_ends_with_1_and_its_reason(workspaces, tmp_path, capsys):
    broken = tmp_path / "broken.gpkg"
    broken.write_bytes(b"no GeoPackage")
    asked = workspaces, broken, "--into", tmp_path / "results", "--group", "population"
    assert ended(*asked, "--language", "zh") == 1
    told = capsys.readouterr().out
    assert "共 2 个区，1 个有结果" in told
    assert "broken：" in told
    assert ended(*asked, "--json") == 1
    failures = json.loads(capsys.readouterr().out)["failures"]
    assert [(each["district"], each["code"]) for each in failures] == [
        ("broken", "sources.not_workspace")
    ]
    assert "broken.gpkg" in failures[0]["text"]


def test_nothing_named_ends_with_2(tmp_path, capsys):
    assert ended(tmp_path, "--into", tmp_path / "results") == 2
    assert "workspace" in capsys.readouterr().err
