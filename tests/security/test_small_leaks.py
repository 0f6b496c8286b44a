"""What is small by itself: a folder's name in a message, a moment at the end of the calendar."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from planner.analysis.hours.moments import moment
from planner.analysis.hours.states import state_at
from planner.app.server import map_files, temporary
from planner.app.server.folders import without_folders
from planner.app.server.reading import vetting
from planner.app.server.reading.caps import Caps
from planner.app.server.reading.worker import Worker, environment
from planner.app.session import errors
from planner.errors import InputError
from planner.views.words.labels import Labels

EDGES = ["0001-01-01 00:00+14:00", "0001-01-01 00:00", "9999-12-31T23:59-12:00", "9999-12-31 23:30"]


@pytest.mark.parametrize("at", EDGES)
def test_moments_at_the_edge_of_the_calendar(at):
    with pytest.raises(InputError) as error:
        moment(at)
    assert error.value.code == "analysis.bad_moment"


@pytest.mark.parametrize("at", ["0002-01-01 00:00+14:00", "9998-12-31T23:59-12:00"])
def test_moments_before_the_edge_are_answered(at):
    assert state_at("Mo-Su 00:00-24:00", moment(at), (25.0, 115.0)) in (-1, 0, 1)


@pytest.mark.long
def test_a_reader_tells_no_folder(tmp_path):
    file = tmp_path / "a.kml"
    head = "<kml xmlns='http://www.opengis.net/kml/2.2'><Document>"
    file.write_text(head + "<Folder>" * 90_000)
    worker = Worker({"do": "parts", "files": [str(file)]}, tmp_path, Caps(2000, 60.0))
    answer = worker.run(lambda _stage, _share: None)
    assert answer is not None
    error = answer["parts"][0]["error"]
    assert "a.kml" in str(error)
    assert str(tmp_path) not in str(error)


def test_what_a_reader_leaves_goes_with_it(tmp_path, monkeypatch):
    """An archive is being unpacked when its reader is ended."""
    above, own = tmp_path / "tmp", tmp_path / "own"
    above.mkdir()
    own.mkdir()
    monkeypatch.setenv("TMPDIR", str(above))
    monkeypatch.setattr(tempfile, "tempdir", str(above))
    code = "import tempfile, os; tempfile.mkdtemp(); os.kill(os.getpid(), 9)"
    subprocess.run([sys.executable, "-c", code], env=environment(own), check=False)
    assert len(list(own.iterdir())) == 1
    assert not list(above.iterdir())


_SERVER = """
import sys, tempfile
from planner.app.server import temporary
own = temporary.claim()
kept = tempfile.TemporaryDirectory()
print(own, kept.name, flush=True)
sys.stdin.read()
"""


@pytest.mark.parametrize("killed", [True, False])
def test_what_a_server_leaves_goes_with_it_or_at_the_next_start(tmp_path, killed):
    def server() -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-c", _SERVER],
            env={**os.environ, "TMPDIR": str(tmp_path), "TEMP": str(tmp_path)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    with server() as first:
        assert first.stdout is not None
        own, kept = first.stdout.readline().split()
        assert Path(own).parent == tmp_path
        assert Path(kept).parent == Path(own)
        if killed:
            first.kill()
        else:
            first.communicate("")
    assert Path(own).exists() == killed
    (tmp_path / f"{temporary.PREFIX}{'9' * 30}-x").mkdir()
    with server() as second:
        assert second.stdout is not None
        other, _ = second.stdout.readline().split()
        assert not Path(own).exists()
        with server() as third:
            assert third.stdout is not None
            third.stdout.readline()
            assert Path(other).exists(), "that of a server that is there stays"
            third.communicate("")
        second.communicate("")


def test_a_page_tells_no_folder(monkeypatch):
    said = []
    monkeypatch.setattr(errors.st, "error", lambda text, **_: said.append(text))
    monkeypatch.setattr(errors, "_way_back", lambda _labels: None)
    reason = "[Errno 13] Permission denied: '/srv/planner/data/town.gpkg'"
    with errors.showing_errors(Labels("en")):
        raise InputError("sources.cannot_read", file="/srv/planner/data/town.gpkg", reason=reason)
    assert "town" in said[0]
    assert "srv" not in said[0]


def test_folders_of_other_systems():
    told = without_folders({"reason": r"cannot open C:\Users\wang\data\a.gpkg, D:/x/b.shp"})
    assert told == {"reason": "cannot open a.gpkg, b.shp"}


@pytest.mark.parametrize("number", ["9" * 30, "٣٣", "1e5", "-1"])
def test_a_folder_of_a_process_that_cannot_be(tmp_path, monkeypatch, number):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    (tmp_path / f"{map_files.PREFIX}{number}-x").mkdir()
    map_files.remove_left()


def test_a_file_exchanged_for_one_of_the_same_time_and_size_is_read_anew(tmp_path, monkeypatch):
    read = []
    monkeypatch.setattr(vetting, "_read", read.append)
    file = tmp_path / "a.gpkg"
    file.write_bytes(b"good")
    status = file.stat()
    vetting.vet(file)
    vetting.vet(file)
    assert len(read) == 1
    other = tmp_path / "other"
    other.write_bytes(b"evil")
    os.utime(other, ns=(status.st_atime_ns, status.st_mtime_ns))
    other.replace(file)
    assert (file.stat().st_mtime_ns, file.stat().st_size) == (status.st_mtime_ns, status.st_size)
    vetting.vet(file)
    assert read == [Path(file)] * 2
