import shutil

import pytest
from demo_part import part_of_demo

import planner


@pytest.fixture(scope="session")
def made(tmp_path_factory):
    """Three small districts, made once."""
    folder = tmp_path_factory.mktemp("made")
    for number in (1, 2, 3):
        planner.write_district(part_of_demo(number), folder / f"d{number}.gpkg")
    return folder


@pytest.fixture
def workspaces(made, tmp_path):
    """A folder of the three districts of its own, to be spoilt."""
    return shutil.copytree(made, tmp_path / "workspaces")
