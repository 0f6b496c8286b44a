"""The Python of README and docs runs as printed, each page from top to bottom.

README's runs each time, of the other pages' a third where the journeys are told a word.
"""

import contextlib
import io
from pathlib import Path

import pytest
from printed import RUN

pytestmark = pytest.mark.journey

PYTHON: dict[str, list[tuple[str, str]]] = {}
for where_, block_ in RUN:
    if block_["language"] == "python":
        PYTHON.setdefault(where_.partition(":")[0], []).append((where_, block_["code"]))


def test_there_are_pages_with_python() -> None:
    assert len(PYTHON) > 10


@pytest.mark.parametrize(
    "page",
    [
        pytest.param(page, marks=[pytest.mark.journey(one_in=3)] * (page != "README.md"))
        for page in PYTHON
    ],
)
def test_the_python_of_a_page_runs_from_top_to_bottom(here: Path, page: str) -> None:
    names: dict[str, object] = {}
    for where, code in PYTHON[page]:
        with contextlib.redirect_stdout(io.StringIO()):
            exec(compile(code, where, "exec"), names)
