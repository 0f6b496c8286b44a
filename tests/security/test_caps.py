"""The process that reads a file of unknown origin: capped in memory and time, and its slot free."""

import sqlite3
import sys
import time
from contextlib import closing

import osmium
import psutil
import pytest
from osmium.osm.mutable import Node
from towns import town

from planner import write_district
from planner.app.server.reading import caps, jobs, vetting, worker
from planner.app.server.reading.caps import Caps
from planner.app.server.settings import configuration
from planner.app.session.answers import assessments, cache
from planner.app.session.catalogue import catalogue
from planner.errors import InputError
from planner.views.words.labels import Labels

MEMORY_MB = 450


@pytest.fixture
def allowed(monkeypatch):
    """Allow little memory, and more time than a busy machine takes to fill it."""
    little = Caps(MEMORY_MB, 300.0)
    for module in (jobs, vetting):
        monkeypatch.setattr(module, "caps", lambda: little)
    return little


def finished(job: jobs.Job, seconds: float = 400.0) -> jobs.Job:
    end = time.monotonic() + seconds
    while job.state == "running":
        assert time.monotonic() < end, "the work did not end"
        time.sleep(0.05)
    return job


@pytest.fixture(scope="module")
def swelling(tmp_path_factory):
    """Write an extract that is small and takes much memory: the same long tags many times."""
    path = tmp_path_factory.mktemp("swelling") / "city.osm.pbf"
    tags = {f"k{n}": f"{n:02}" * 125 for n in range(16)}
    writer = osmium.SimpleWriter(str(path))
    for n in range(100_000):
        writer.add_node(Node(id=n + 1, location=(1.0, 1.0), version=1, tags=tags))
    writer.close()
    assert path.stat().st_size < 5_000_000
    return path


@pytest.mark.long
def test_a_small_file_that_takes_much_memory_is_stopped_and_told(tmp_path, allowed, swelling):
    job = finished(jobs.start({"do": "look", "file": swelling}, tmp_path))
    assert job.state == "failed"
    assert job.error is not None
    assert job.error.code == "uploads.too_much_memory"
    assert job.error.params["most"] == MEMORY_MB
    for language, words in (("en", "memory"), ("zh", "内存")):
        assert words in Labels(language).finding(job.error)
    assert not jobs._running


@pytest.mark.long
def test_work_that_does_not_end_is_stopped_and_told(tmp_path, swelling, monkeypatch):
    monkeypatch.setattr(jobs, "caps", lambda: Caps(4000, 0.5))
    job = finished(jobs.start({"do": "look", "file": swelling}, tmp_path))
    assert job.error is not None
    assert job.error.code == "uploads.too_long"
    assert str(job.error)
    assert not jobs._running


@pytest.mark.long
@pytest.mark.skipif(sys.platform == "win32", reason="the kernel's own limit is POSIX's")
def test_the_kernel_refuses_memory_where_nobody_looks(tmp_path, allowed, swelling, monkeypatch):
    monkeypatch.setattr(caps.Watch, "__init__", _watch_of(100_000))
    job = finished(jobs.start({"do": "look", "file": swelling}, tmp_path))
    assert job.error is not None
    assert job.error.code == "uploads.too_much_memory"


@pytest.mark.long
@pytest.mark.skipif(sys.platform == "win32", reason="the kernel's own limit is POSIX's")
@pytest.mark.parametrize("signal_name", ["SIGSEGV", "SIGABRT"])
@pytest.mark.parametrize(
    ("held_mb", "code"), [(MEMORY_MB * 2 // 3, "uploads.too_much_memory"), (1, "uploads.crashed")]
)
def test_a_reader_that_falls_where_it_is_refused_memory_took_too_much(
    tmp_path, allowed, monkeypatch, held_mb, code, signal_name
):
    """As a compiled reader does that does not look whether it was given any."""
    falls = tmp_path / "falls"
    falls.write_text(
        f"#!{sys.executable}\nimport os, signal, time\nheld = b'1' * {held_mb}_000_000\n"
        f"time.sleep(1)\nos.kill(os.getpid(), signal.{signal_name})\n",
        encoding="utf-8",
    )
    falls.chmod(0o700)
    monkeypatch.setattr(worker.sys, "executable", str(falls))
    reading = worker.Worker({"do": "look"}, tmp_path, allowed)
    assert reading.run(lambda *_: None) is None
    assert reading.error is not None
    assert reading.error.code == code


@pytest.mark.long
def test_memory_is_watched_where_the_kernel_does_not_refuse(tmp_path, swelling, monkeypatch):
    """As on Windows, where only the parent looks."""
    monkeypatch.setattr(caps.Watch, "__init__", _watch_of(MEMORY_MB))
    monkeypatch.setattr(jobs, "caps", lambda: Caps(20_000, 300.0))
    job = finished(jobs.start({"do": "look", "file": swelling}, tmp_path))
    assert job.error is not None
    assert job.error.code == "uploads.too_much_memory"


def _watch_of(memory_mb: int):
    begin = caps.Watch.__init__

    def begun(self, pid, allowed, end):
        begin(self, pid, Caps(memory_mb, allowed.seconds), end)

    return begun


@pytest.mark.long
def test_ordinary_work_fits_into_the_least_memory(tmp_path, monkeypatch):
    monkeypatch.setattr(jobs, "caps", lambda: Caps(caps.LEAST_MB, 300.0))
    file = write_district(town(), tmp_path / "town.gpkg")
    job = finished(jobs.start({"do": "workspace", "file": file}, tmp_path))
    assert job.error is None
    assert job.state == "done"


def test_what_is_allowed_can_be_said_in_the_configuration(tmp_path, monkeypatch):
    file = tmp_path / "planner.toml"
    file.write_text("[server]\nimport_memory_mb = 2000\nimport_minutes = 5\n", encoding="utf-8")
    monkeypatch.setenv(configuration.VARIABLE, str(file))
    assert caps.caps() == Caps(2000, 300.0)
    monkeypatch.delenv(configuration.VARIABLE)
    usual = caps.caps()
    assert caps.LEAST_MB <= usual.memory_mb <= caps.MOST_MB
    assert usual.seconds == caps.MINUTES * 60


def test_the_process_is_given_no_secrets(monkeypatch, tmp_path):
    for name in ("PLANNER_COOKIE_SECRET", "PLANNER_CLIENT_SECRET", "PLANNER_CONFIG", "NO_PROXY"):
        monkeypatch.setenv(name, "a secret")
    assert "a secret" not in worker.environment(tmp_path).values()


# ---- workspaces laid into the data folder


@pytest.fixture
def folder(tmp_path):
    write_district(town(), tmp_path / "data" / "town.gpkg")
    cache.SHARED.clear()
    return tmp_path / "data"


def run(file, *statements: str) -> None:
    with closing(sqlite3.connect(file)) as base:
        for statement in statements:
            base.execute(statement)
        base.commit()


@pytest.mark.long
def test_a_workspace_of_the_data_folder_is_read_by_a_process_first(folder, monkeypatch):
    asked = []
    ran = worker.Worker.run

    def counted(self, tell):
        asked.append(self._request["do"])
        return ran(self, tell)

    monkeypatch.setattr(worker.Worker, "run", counted)
    entry = catalogue(folder)["town.gpkg"]
    for _ in range(2):
        assert len(assessments.as_read(entry).streets) == 1
        cache.SHARED.clear()
    assert asked == ["open"]


@pytest.mark.long
def test_a_file_that_takes_too_much_never_reaches_the_server(folder, monkeypatch):
    monkeypatch.setattr(vetting, "caps", lambda: Caps(150, 30.0))
    monkeypatch.setattr(assessments, "read_district", lambda *_, **__: pytest.fail("it was opened"))
    held = psutil.Process().memory_info().rss
    for _ in range(2):
        with pytest.raises(InputError) as error:
            assessments.as_read(catalogue(folder)["town.gpkg"])
        assert error.value.code == "uploads.too_much_memory"
    assert psutil.Process().memory_info().rss < held + 100_000_000


@pytest.mark.long
@pytest.mark.parametrize(
    ("statement", "code"),
    [
        (
            (
                "CREATE VIEW trap AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 "
                "FROM n) SELECT max(i) AS a FROM n WHERE strftime('%s', 'now') > 0"
            ),
            "sources.gpkg_view",
        ),
        ("ALTER TABLE streets ADD COLUMN trap AS (hex(fid))", "sources.gpkg_generated"),
    ],
)
def test_a_workspace_of_the_data_folder_that_runs_something(folder, statement, code):
    run(folder / "town.gpkg", statement)
    with pytest.raises(InputError) as error:
        assessments.as_read(catalogue(folder)["town.gpkg"])
    assert error.value.code == code
