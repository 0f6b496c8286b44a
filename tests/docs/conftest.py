"""A folder with the files that docs name, to stand in."""

import os
import shutil
from pathlib import Path

import pytest
from docs_field import write_field


@pytest.fixture(scope="session")
def field(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("field")
    write_field(folder)
    return folder


@pytest.fixture
def here(field: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stand in a folder with the files that docs name."""
    folder = tmp_path / "here"
    shutil.copytree(field, folder)
    monkeypatch.chdir(folder)
    for name in [name for name in os.environ if name.startswith("PLANNER_")]:
        monkeypatch.delenv(name)
    return folder
