"""A folder of workspace files of a small town, and the dashboard on it without a browser."""

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest
from towns import as_it_is, town

from planner.app import main
from planner.app.server.folders import without_folders
from planner.app.server.reading import importer, jobs, vetting
from planner.app.server.reading.worker import Worker
from planner.app.session import background
from planner.app.session import plan as session_plan
from planner.app.session.answers import assessments, kept
from planner.app.widgets import column_widths
from planner.errors import PlannerError
from planner.sources import write_district

SCRIPT = Path(__file__).parents[2] / "app_streamlit.py"


@pytest.fixture(scope="session")
def workspaces(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("workspaces")
    write_district(town(), folder / "town.gpkg")
    write_district(town("weight"), folder / "estimated.gpkg")
    (folder / "broken.gpkg").write_text("no GeoPackage", encoding="utf-8")
    (folder / "notes.txt").write_text("not a workspace", encoding="utf-8")
    return folder


@pytest.fixture(autouse=True)
def trusted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read the towns of these tests at once; how unknown files are read is tests/security's."""
    monkeypatch.setattr(vetting, "vet", lambda _path: None)


@pytest.fixture(scope="session", autouse=True)
def towns_read_once() -> Iterator[None]:
    """Let pages share what they read of equal workspaces, of which each test has a copy."""
    read, known = assessments.read_district, {}

    def shared(path: Path, **how: object) -> object:
        key = (*as_it_is(path), *sorted(how.items()))
        if key not in known:
            known[key] = read(path, **how)
        return known[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(assessments, "read_district", shared)
        yield


class Here(Worker):
    """Does a request in the job's own thread: asked and answered as JSON, as the process is."""

    def run(self, tell: Callable[[str, float], None]) -> dict[str, Any] | None:
        def answer(**said: object) -> dict[str, Any] | None:
            return self._heard(json.dumps(said, default=str).encode(), tell)

        request = json.loads(json.dumps(self._request, default=str))
        try:
            return answer(done=importer._WORK[request["do"]](request, answer))
        except PlannerError as error:
            return answer(error=error.code, params=without_folders(error.params))


@pytest.fixture
def worked_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Work on files without a process for each step; test_uploads has what the process is for."""
    monkeypatch.setattr(jobs, "Worker", Here)


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait for long work on the spot: what is run without a browser does not look again."""
    monkeypatch.setattr(background, "PATIENCE_S", 100.0)


@pytest.fixture(autouse=True)
def plain_cells(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave out of tables what ends their texts for the browser; it is test_column_widths's."""
    if not request.module.__name__.endswith("test_column_widths"):
        monkeypatch.setattr(column_widths, "NO_WIDTH", "")


@pytest.fixture(autouse=True)
def no_file_at_home(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, plans_migrated_once: None
) -> None:
    """Keep what a page keeps, and the joint plan, in a folder of the test's own; no answers."""
    monkeypatch.setattr(kept, "_folder", None)
    monkeypatch.setenv("PLANNER_SCENARIOS", str(tmp_path / "scenarios"))
    monkeypatch.setattr(session_plan, "place", lambda: str(tmp_path / "plan.sqlite"))


@pytest.fixture
def scenarios(tmp_path: Path) -> Path:
    """Folder that the server keeps scenarios in."""
    return tmp_path / "scenarios"


@pytest.fixture
def open_app(workspaces: Path, scenarios: Path, monkeypatch: pytest.MonkeyPatch):
    """Return a function that opens a page of the dashboard at an address and runs it once.

    The districts are those of `folder`, or of all tests.
    """

    def opened(page: str = "coverage", folder: Path = workspaces, **query: str) -> AppTest:
        monkeypatch.setenv("PLANNER_DATA", str(folder))
        monkeypatch.setenv("PLANNER_SCENARIOS", str(scenarios))
        pages = {leaf.path: leaf for leaves in main.PAGES.values() for leaf in leaves}
        monkeypatch.setattr(main, "PAGES", {"explore": (pages[page],)})
        app = AppTest.from_file(str(SCRIPT), default_timeout=120)
        for name, value in query.items():
            app.query_params[name] = value
        return app.run()

    return opened


@pytest.fixture
def plan_folder(workspaces: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder of the test's own with the town; the joint plan lies beside it."""
    own = tmp_path / "data"
    own.mkdir()
    shutil.copy(workspaces / "town.gpkg", own / "town.gpkg")
    monkeypatch.setenv("PLANNER_DATA", str(own))
    monkeypatch.setattr(session_plan, "place", lambda: str(own / "plan.sqlite"))
    return own


@pytest.fixture
def plan_page(plan_folder: Path, monkeypatch: pytest.MonkeyPatch):
    """Return a function that opens a page of the dashboard on the town of that folder."""

    def opened(page: str = "plan", **query: str) -> AppTest:
        pages = {leaf.path: leaf for leaves in main.PAGES.values() for leaf in leaves}
        monkeypatch.setattr(main, "PAGES", {"explore": (pages[page],)})
        app = AppTest.from_file(str(SCRIPT), default_timeout=120)
        for name, value in {"district": "town.gpkg", "lang": "en", **query}.items():
            app.query_params[name] = value
        app.run()
        assert not app.exception
        assert not app.error, [each.value for each in app.error]
        return app

    return opened
