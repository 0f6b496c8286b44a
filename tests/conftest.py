"""Fixtures shared by all tests."""

import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def test_data() -> Path:
    """Folder of real sample data, named by PLANNER_TEST_DATA."""
    folder = os.environ.get("PLANNER_TEST_DATA")
    if not folder:
        if os.environ.get("PLANNER_REQUIRE_ALL"):
            pytest.fail("PLANNER_TEST_DATA is not set, and this run requires the real data")
        pytest.skip("PLANNER_TEST_DATA is not set: no real sample data here")
    return Path(folder)
