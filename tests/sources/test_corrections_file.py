"""Corrections beside a workspace: applied on reading, the workspace itself unchanged."""

import os
from dataclasses import replace

import pytest
from towns import town
from typer.testing import CliRunner

from planner import assess, read_district, write_district
from planner.cli import app
from planner.district.corrections.corrections import Corrections
from planner.district.corrections.steps import add, edit
from planner.errors import InputError, WorkError
from planner.sources.corrections import (
    ADDED_NEAR,
    change_corrections,
    corrections_file,
    drop_unlisted,
    read_corrections,
    with_added_near,
)
from planner.sources.kept_files import LOCK

AT = "2026-03-04T09:30:00+08:00"


def another(_kept):
    """Return other corrections than those kept."""
    return Corrections(crs="EPSG:32651")


@pytest.fixture
def workspace(tmp_path):
    return write_district(town(), tmp_path / "town.gpkg")


@pytest.fixture
def closed(workspace):
    step = edit(read_district(workspace), "f1", {"status": "closed"}, AT)
    kept = Corrections(crs="EPSG:32650").do(step)
    change_corrections(workspace, Corrections().sign, lambda _: kept)
    return workspace


@pytest.mark.long
def test_they_are_applied_on_reading_and_the_file_stays_as_it_is(workspace, closed):
    original = workspace.read_bytes()
    assert read_district(workspace).open_facilities("clinic").empty
    assert len(read_district(workspace, corrections=False).open_facilities("clinic")) == 1
    assert workspace.read_bytes() == original
    assert corrections_file(workspace).name == "town.gpkg.corrections.json"
    assert sorted(path.name for path in workspace.parent.iterdir() if path.name != LOCK) == [
        "town.gpkg",
        "town.gpkg.corrections.json",
    ]


@pytest.mark.long
def test_a_workspace_written_with_them_carries_them_alone(closed, tmp_path):
    copy = write_district(read_district(closed), tmp_path / "elsewhere" / "copy.gpkg")
    again = read_district(copy)
    assert again.open_facilities("clinic").empty
    assert "corrected by hand" in [source.source for source in again.sources]
    told = [finding.code for finding in again.findings]
    assert "corrections.held" in told
    assert "corrections.applied" not in told


@pytest.mark.long
@pytest.mark.parametrize("verb", [["check"], ["assess"]])
def test_verbs_say_that_they_are_applied(closed, verb):
    answer = CliRunner().invoke(app, [*verb, str(closed), "--language", "en"])
    assert answer.exit_code == 0
    assert "1 correction made by hand is applied" in " ".join(answer.output.split())


@pytest.mark.long
def test_findings_reach_an_assessment(closed):
    codes = [finding.code for finding in assess(read_district(closed)).findings]
    assert "corrections.applied" in codes


def test_a_broken_file_is_not_passed_over(workspace):
    corrections_file(workspace).write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InputError) as error:
        read_district(workspace)
    assert error.value.code in ("corrections.not_corrections", "sources.kept_no_text")


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="whoever is root may write")
def test_a_folder_that_cannot_be_written(workspace):
    workspace.parent.chmod(0o500)
    try:
        with pytest.raises(WorkError):
            change_corrections(workspace, Corrections().sign, another)
    finally:
        workspace.parent.chmod(0o700)


def test_a_failure_leaves_the_old_file(closed, monkeypatch):
    before = corrections_file(closed).read_bytes()

    def full(number):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(WorkError):
        change_corrections(closed, read_corrections(closed).sign, another)
    monkeypatch.undo()
    assert corrections_file(closed).read_bytes() == before
    assert not list(closed.parent.glob(".*.part"))
    assert read_corrections(closed).steps


def test_an_import_over_corrections_tells_what_it_lists_beside_what_was_added(tmp_path):
    place, path = town(), tmp_path / "town.gpkg"
    write_district(place, path)
    spot = place.facilities.geometry[place.facilities["facility_id"] == "f1"].iloc[0]
    new = {"name": "Another name", "kind": "clinic", "x": spot.x + 40.0, "y": spot.y}
    step = add(read_district(path), new, AT)
    kept = Corrections(crs="EPSG:32650").do(step)
    assert with_added_near(place, path) is place
    change_corrections(path, Corrections().sign, lambda _: kept)

    def told(district):
        return [each.params for each in district.findings if each.code == ADDED_NEAR]

    write_district(with_added_near(place, path), path)
    own = {"count": 1, "ids": step.facility_id, "others": "f1", "metres": 100}
    assert told(read_district(path)) == [own]
    corrections_file(path).unlink()  # what was added is not there any more
    assert told(read_district(path)) == []


def believed(path, new):
    """Keep a facility added by hand, of which a list that had it was believed."""
    step = add(read_district(path), new, AT)
    kept = Corrections(crs="EPSG:32650").do(step).believing({step.facility_id: True}, AT)
    change_corrections(path, Corrections().sign, lambda _: kept)
    return step.facility_id


@pytest.mark.long
def test_an_import_does_not_bring_back_what_a_list_drops_of_which_it_was_believed(tmp_path):
    place, path = town(), tmp_path / "town.gpkg"
    write_district(place, path)
    spot = place.facilities.geometry[place.facilities["facility_id"] == "f1"].iloc[0]
    own = believed(path, {"name": "By hand", "kind": "clinic", "x": spot.x + 40.0, "y": spot.y})
    clinics = place.open_facilities("clinic")["facility_id"].tolist()
    listed = with_added_near(place, path)
    assert ADDED_NEAR not in {each.code for each in listed.findings}
    write_district(listed, path)
    (told,) = drop_unlisted(listed, path)
    assert (told.code, told.params) == ("update.corrections_gone", {"count": 1, "ids": own})
    again = read_district(path)
    assert again.open_facilities("clinic")["facility_id"].tolist() == clinics
    # asked a second time, the list says nothing new
    assert drop_unlisted(listed, path) == ()


@pytest.mark.long
def test_a_list_without_the_kind_says_nothing_of_it(tmp_path):
    path = tmp_path / "town.gpkg"
    place = replace(town(), records={})
    write_district(place, path)
    spot = place.facilities.geometry.iloc[0]
    own = believed(path, {"name": "By hand", "kind": "library", "x": spot.x, "y": spot.y})
    assert drop_unlisted(place, path) == ()
    assert own in read_district(path).facilities["facility_id"].tolist()
