"""Code that lies where the server was started, or in a reader's way, is never run."""

import os
from pathlib import Path

import pytest
from effort import few
from towns import town

from planner import write_district
from planner.app.server.reading import vetting, worker
from planner.app.server.reading.caps import Caps
from planner.app.server.reading.worker import Worker
from planner.errors import InputError, PlannerError
from planner.views.words.labels import Labels

TRAPS = ("resource", "json", "sqlite3", "pyogrio", "planner", "sitecustomize", "usercustomize")


@pytest.fixture
def trapped(tmp_path, monkeypatch) -> Path:
    """Start the server where files of strangers lie: modules that leave a sign when they run."""
    folder = tmp_path / "data"
    write_district(town(), folder / "town.gpkg")
    sign = tmp_path / "ran.txt"
    for name in TRAPS:
        code = f"open({str(sign)!r}, 'a').write('{name} ')\n"
        (folder / f"{name}.py").write_text(code, encoding="utf-8")
    monkeypatch.chdir(folder)
    return sign


@pytest.mark.long
@pytest.mark.parametrize("path", few([None, "", f".{os.pathsep}", ".", os.pathsep], 3))
def test_the_reader_runs_no_code_of_the_folder_where_the_server_was_started(
    trapped, monkeypatch, path
):
    own = os.environ.get("PYTHONPATH", "")
    if path is not None:
        monkeypatch.setenv("PYTHONPATH", os.pathsep.join([path, own]))
    vetting.vet(Path("town.gpkg"))
    assert not trapped.exists()


@pytest.mark.long
def test_a_file_named_from_where_the_server_was_started_is_found(trapped, tmp_path):
    work = tmp_path / "work"
    work.mkdir()
    file = Path("town.gpkg")
    found = Worker({"do": "workspace", "file": file}, work, Caps(2000, 60.0)).run(lambda *_: None)
    assert found is not None
    assert found["rows"]["streets"] == 1


def test_a_reader_that_dies_is_told_as_that(tmp_path, monkeypatch):
    file = write_district(town(), tmp_path / "town.gpkg")
    monkeypatch.setattr(worker, "environment", lambda _folder: {"PYTHONHOME": str(tmp_path)})
    with pytest.raises(InputError) as error:
        vetting.vet(file)
    assert error.value.code == "uploads.crashed"
    for language in ("en", "zh"):
        assert Labels(language).finding(error.value.finding)


def test_errors_may_have_values_of_any_name():
    names = ("code", "self", "params", "cls", "finding")
    error = PlannerError("uploads.crashed", **dict.fromkeys(names, 1))
    assert error.code == "uploads.crashed"
    assert error.params["code"] == 1
