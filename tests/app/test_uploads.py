"""Uploads: names, sizes, the process that reads them, cancelling, and that nothing is left."""

import subprocess
import sys
import time
from dataclasses import replace
from typing import cast

import pytest
from towns import town

from planner import write_district
from planner.app.pages.data import upload
from planner.app.server.reading import jobs, uploads, worker
from planner.app.session.reader import permissions
from planner.errors import InputError
from planner.sources.workspace.demo import demo_file
from planner.views.words.labels import Labels


def finished(job: jobs.Job, seconds: float = 90.0) -> jobs.Job:
    end = time.monotonic() + seconds
    while job.state == "running":
        assert time.monotonic() < end, "the work did not end"
        time.sleep(0.05)
    return job


@pytest.mark.parametrize(
    ("given", "stem"),
    [
        ("../../x/passwd.gpkg", "passwd"),
        ("C:\\x\\city.osm.pbf", "city"),
        ("章贡区.OSM.GZ", "章贡区"),
        ("con.gpkg", "con-district"),
        ("demo.gpkg", "demo-district"),
        (".gpkg", "district"),
        ("..hidden.gpkg", "hidden"),
        ("a\x00b\n<c>.gpkg", "a-b-c"),
        ("x" * 300 + ".gpkg", "x" * 60),
    ],
)
def test_names_of_files_become_names_of_ours(given, stem):
    assert uploads.safe_stem(given) == stem


def test_files_land_in_their_folder_whatever_they_are_called(tmp_path):
    folder = uploads.new_folder(tmp_path / "made")
    file = uploads.keep(b"x", "../../../evil.gpkg", folder, "source")
    assert file == folder / "source" / "evil.gpkg"
    assert folder.name.startswith(".")


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (b"", "a.gpkg", "uploads.empty"),
        (b"x", "a.exe", "uploads.unknown_ending"),
        (b"x" * 1_000_001, "a.gpkg", "uploads.too_large"),
    ],
)
def test_files_that_are_refused_at_once(tmp_path, monkeypatch, content, name, code):
    monkeypatch.setenv("PLANNER_MAX_UPLOAD_MB", "1")
    with pytest.raises(InputError) as error:
        uploads.keep(content, name, tmp_path, "source")
    assert error.value.code == code
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_overwritten(tmp_path):
    names = []
    (tmp_path / "city-2.gpkg.corrections.json").write_text("{}", encoding="utf-8")
    for left in ("city-3.mappings.json", "city-4.set_aside.csv"):
        (tmp_path / left).write_text("", encoding="utf-8")
    for n in range(3):
        file = tmp_path / ".part"
        file.write_text(str(n), encoding="utf-8")
        names.append(uploads.publish(file, tmp_path, "city").name)
    assert names == ["city.gpkg", "city-5.gpkg", "city-6.gpkg"]
    assert (tmp_path / "city.gpkg").read_text(encoding="utf-8") == "0"


def test_folders_of_a_stopped_server_go(tmp_path, monkeypatch):
    own = uploads.new_folder(tmp_path)
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    computer, pid, began, _ = own.name.removeprefix(uploads.PREFIX).split("-", 3)
    other = "00000000" if computer != "00000000" else "11111111"
    left = [f"{computer}-{ended.pid}-{began}-a", f"{computer}-{pid}-{int(began) - 900}-b"]
    stay = [f"{computer}-{pid}-{began}-c", f"{other}-{ended.pid}-{began}-d", "of-an-older-version"]
    for name in (*left, *stay):
        (tmp_path / f"{uploads.PREFIX}{name}").mkdir()
    uploads.remove_left(tmp_path)
    there = {folder.name.removeprefix(uploads.PREFIX) for folder in tmp_path.iterdir()}
    assert there == {*stay, own.name.removeprefix(uploads.PREFIX)}
    monkeypatch.setattr(uploads, "STALE_SECONDS", -1.0)
    uploads.remove_left(tmp_path)
    there = {folder.name.removeprefix(uploads.PREFIX) for folder in tmp_path.iterdir()}
    assert there == {stay[0], own.name.removeprefix(uploads.PREFIX)}
    uploads.discard(own)
    assert own.name not in uploads._own


@pytest.mark.long
def test_a_workspace_is_checked_in_a_process_of_its_own(tmp_path):
    file = write_district(town(), tmp_path / "town.gpkg")
    ended = []
    job = finished(jobs.start({"do": "workspace", "file": file}, tmp_path, clean=ended.append))
    assert job.error is None
    assert job.state == "done"
    assert job.answer["rows"]["demand"] == 11
    assert ended == ["done"]


@pytest.mark.long
def test_a_broken_workspace_is_told_with_layer_and_row(tmp_path):
    sound = town()
    district = replace(sound, facilities=sound.facilities.assign(kind=["clinic", "castle"]))
    file = write_district(district, tmp_path / "town.gpkg")
    job = finished(jobs.start({"do": "workspace", "file": file}, tmp_path))
    assert job.state == "failed"
    assert job.error is not None
    assert job.error.code == "district.unknown_kind"
    assert (job.error.params["layer"], job.error.params["row"]) == ("facilities", 2)


@pytest.mark.long
def test_errors_do_not_tell_where_the_server_keeps_files(tmp_path):
    job = finished(jobs.start({"do": "workspace", "file": demo_file().parent / "x"}, tmp_path))
    assert job.state == "failed"
    assert str(demo_file().parent) not in str(job.error)


def test_a_process_that_dies_is_told_and_hurts_nobody(tmp_path, monkeypatch):
    monkeypatch.setattr(worker, "environment", lambda: {"PYTHONPATH": "no", "PYTHONHOME": "x"})
    job = finished(jobs.start({"do": "look"}, tmp_path))
    assert job.state == "failed"
    assert job.error is not None
    assert job.error.code == "uploads.crashed"


def test_cancelling_ends_the_process_soon_and_cleans_up(tmp_path):
    folder = uploads.new_folder(tmp_path)
    file = uploads.keep(demo_file().read_bytes(), "demo.gpkg", folder, "source")
    job = jobs.start(
        {"do": "workspace", "file": file}, folder, clean=lambda _: uploads.discard(folder)
    )
    while not job._worker.alive:
        time.sleep(0.01)
    job.cancel()
    finished(job, 10.0)
    assert job.state == "cancelled"
    assert not job._worker.alive
    assert list(tmp_path.iterdir()) == []


def test_a_server_takes_so_much_work_and_no_more(tmp_path, monkeypatch):
    monkeypatch.setattr(jobs, "MOST_AT_ONCE", 0)
    with pytest.raises(InputError) as error:
        jobs.start({}, tmp_path)
    assert error.value.code == "uploads.busy"


@pytest.mark.parametrize(
    ("setting", "address", "may"),
    [
        ("", "127.0.0.1", True),
        ("", "::1", True),
        ("", "0.0.0.0", False),
        ("on", "0.0.0.0", True),
        ("off", "127.0.0.1", False),
        ("perhaps", "10.0.0.1", False),
    ],
)
def test_who_may_upload(monkeypatch, setting, address, may):
    monkeypatch.setenv("PLANNER_UPLOADS", setting)
    monkeypatch.setattr("streamlit.get_option", lambda _name: address)
    assert permissions.may_upload() is may


@pytest.mark.parametrize("left", [".gpkg.checked.json", ".gpkg.previous", ".gpkg.corrections.json"])
def test_what_lies_beside_a_workspace_that_went_is_not_taken_for_anothers(tmp_path, left):
    assert uploads.free_name(tmp_path, "city") == "city"
    (tmp_path / f"city{left}").write_text("{}", encoding="utf-8")
    assert uploads.free_name(tmp_path, "city") != "city"


def test_the_second_press_of_an_import_begins_nothing(tmp_path, monkeypatch):
    monkeypatch.setattr(upload.jobs, "start", lambda *_: pytest.fail("begun twice"))
    job = cast("jobs.Job", None)
    going = upload.Upload(tmp_path, tmp_path / "a.osm.pbf", "import", job)
    upload._start_import(going, Labels("en"))
    assert going.phase == "import"
