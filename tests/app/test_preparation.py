"""What a server makes ready at its start, and the programs compiled beside it."""

import gc
import shutil
import sys
from typing import ClassVar

import pytest

from planner import compiled as compiled_kernels
from planner.app import preparation
from planner.app.server import programs
from planner.app.session.answers import assessments
from planner.app.session.answers.assessments import Question
from planner.app.session.catalogue import DEMO, Entry, catalogue
from planner.app.widgets import map_view
from planner.location import warming
from planner.network.links import candidates


def test_the_first_district_is_the_one_that_a_page_takes(monkeypatch):
    monkeypatch.delenv("PLANNER_DATA", raising=False)
    assert preparation.first_entry() == Entry(DEMO)


def test_what_is_made_ready_is_not_made_again(workspaces, monkeypatch):
    entry = catalogue(workspaces)["town.gpkg"]
    preparation.first_map(entry)

    def never(*_given, **_named):
        raise AssertionError("made again")

    for module, name in ((assessments, "assess"), (map_view, "base_rows")):
        monkeypatch.setattr(module, name, never)
    question = Question(entry, preparation.usual_standard(entry))
    assert len(assessments.summary(question))
    assert map_view._base(entry)


@pytest.mark.long
def test_faults_of_streets_are_not_looked_for_before_somebody_asks(workspaces, tmp_path):
    shutil.copy(workspaces / "town.gpkg", tmp_path / "unasked.gpkg")
    entry = catalogue(tmp_path)["unasked.gpkg"]
    preparation.first_map(entry)
    result = Question(entry, preparation.usual_standard(entry)).assessment()
    assert "findings" not in vars(result)
    assert "findings" not in vars(result.reach.streets.faults)
    assert result.findings is result.findings


@pytest.mark.long
def test_what_lasts_is_not_looked_through_for_garbage_after_each_run(monkeypatch):
    monkeypatch.setattr(preparation, "first_map", lambda _entry: None)
    monkeypatch.setattr(programs, "compile_ahead", lambda: None)
    monkeypatch.setattr(preparation, "TURN_OF_MAP_S", 0.0)
    monkeypatch.setattr(preparation, "TURN_OF_READER_S", 0.0)
    lasting = [[] for _ in range(1000)]
    before = gc.get_freeze_count()
    try:
        preparation.prepare()
        assert gc.get_freeze_count() >= before + len(lasting)
        assert not any(each is lasting for each in gc.get_objects())
    finally:
        gc.unfreeze()  # other tests look for who holds an object


class Process:
    """A process that is over at once; it notes whether it was said to be under way."""

    started: ClassVar[list["Process"]] = []

    def __init__(self, command, **_named):
        self.command, self.pid, self.seen = command, 2**22 + 1, False
        Process.started.append(self)

    def wait(self) -> None:
        self.seen = programs.are_compiled_now()

    def terminate(self) -> None:
        raise AssertionError("it was over")


@pytest.fixture
def started(monkeypatch) -> list[Process]:
    monkeypatch.setattr(programs.subprocess, "Popen", Process)
    monkeypatch.setattr(Process, "started", [])
    return Process.started


@pytest.mark.parametrize("compiled", [True, False])
def test_programs_are_compiled_beside_the_server_and_only_once(started, monkeypatch, compiled):
    for part in (warming, candidates):
        monkeypatch.setattr(part, "is_compiled", lambda: compiled)
    monkeypatch.setattr(compiled_kernels, "is_kept", lambda _kernel: True)
    programs.compile_ahead()
    assert len(started) == (0 if compiled else 1)
    assert not programs.are_compiled_now()
    for process in started:
        assert process.seen
        assert process.command == [sys.executable, "-P", "-s", "-m", "planner.app.server.programs"]


def test_where_the_disk_keeps_nothing_none_is_started(started, monkeypatch):
    monkeypatch.setattr(warming, "is_compiled", lambda: False)
    monkeypatch.setattr(compiled_kernels, "is_kept", lambda _kernel: False)
    programs.compile_ahead()
    assert not started


def test_the_searches_for_sites_are_made_ready_by_searching():
    warming.warm_up()
    assert warming.is_compiled()
