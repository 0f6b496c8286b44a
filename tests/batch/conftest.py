import shutil

import pytest
from small_towns import small_town

import planner
from planner.batch import run


@pytest.fixture(scope="session")
def made(tmp_path_factory):
    """Three small towns as workspaces, made once."""
    folder = tmp_path_factory.mktemp("made")
    for number in (1, 2, 3):
        planner.write_district(small_town(number), folder / f"d{number}.gpkg")
    return folder


@pytest.fixture(scope="session")
def results(made, tmp_path_factory):
    """Their results, not to be changed."""
    return run(made, tmp_path_factory.mktemp("results"), groups=["population"])


@pytest.fixture
def workspaces(made, tmp_path):
    """A folder of the three towns of its own, to be spoilt."""
    return shutil.copytree(made, tmp_path / "workspaces")
