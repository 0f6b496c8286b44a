"""Which examples the tests look for; fixtures and the rest stand in ``tests/conftest.py``.

That one is asked about files below ``tests`` only; examples stand in ``planner``.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from _pytest.doctest import DoctestModule

TESTS = Path(__file__).parent / "tests"


@pytest.hookimpl(wrapper=True)
def pytest_collect_file(file_path: Path) -> Iterator[object]:
    """Look for examples only in modules that hold one: each other would be loaded to find none."""
    collectors = yield
    if TESTS not in file_path.parents and b">>>" in file_path.read_bytes():
        return collectors
    return [each for each in collectors if not isinstance(each, DoctestModule)]
