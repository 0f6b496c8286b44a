"""The notebooks run from top to bottom, and carry nothing of the machine that wrote them."""

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from conftest import unavailable

QUICK_START = Path(__file__).parents[1] / "notebooks" / "quickstart.ipynb"
NOTEBOOKS = sorted((Path(__file__).parents[1] / "notebooks").glob("*.ipynb"))
RUN = """
import sys, nbformat
from nbclient import NotebookClient

notebook = nbformat.read(sys.argv[1], as_version=4)
NotebookClient(notebook, timeout=300, kernel_name="python3").execute()
nbformat.write(notebook, sys.argv[2])
"""


def test_there_is_a_quick_start() -> None:
    assert "quickstart.ipynb" in [file.name for file in NOTEBOOKS]


@pytest.mark.parametrize("file", NOTEBOOKS, ids=lambda file: file.stem)
def test_stored_without_outputs(file: Path) -> None:
    notebook = nbformat.read(file, as_version=4)
    nbformat.validate(notebook)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            assert cell.outputs == []
            assert cell.execution_count is None
        assert cell.metadata == {}
    assert set(notebook.metadata) == {"kernelspec", "language_info"}
    assert notebook.metadata.kernelspec.name == "python3"
    assert notebook.metadata.language_info == {"name": "python"}


@pytest.mark.long
def test_the_quick_start_runs(tmp_path: Path) -> None:
    produced = ran(QUICK_START, tmp_path)
    assert {"text/html", "image/png", "text/plain"} <= produced
    assert (tmp_path / "quickstart-results" / "map.html").is_file()


OTHERS = [file for file in NOTEBOOKS if file.stem not in ("quickstart", "published-benchmark")]


SEEN_ELSEWHERE = ("many-districts-on-dask", "quickstart-zh")
"""What tests/batch/test_running.py runs on several processes, and the quick start once more."""


@pytest.mark.journey(one_in=2)  # what their cells call is tested by itself
@pytest.mark.parametrize(
    "file",
    [
        pytest.param(file, id=file.stem, marks=[pytest.mark.long] * (file.stem in SEEN_ELSEWHERE))
        for file in OTHERS
    ],
)
def test_the_others_run(file: Path, tmp_path: Path) -> None:
    if file.stem.endswith("-dask") and not importlib.util.find_spec("distributed"):
        unavailable("Dask is not installed (the extra batch)")
    assert {"text/html", "text/plain"} <= ran(file, tmp_path)


def ran(file: Path, tmp_path: Path) -> set[str]:
    """Run a notebook from top to bottom and return the kinds of what its cells gave."""
    out = tmp_path / file.name
    done = subprocess.run(
        [sys.executable, "-c", RUN, str(file), str(out)],
        cwd=tmp_path,
        env=os.environ | {"MPLBACKEND": "module://matplotlib_inline.backend_inline"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    cells = nbformat.read(out, as_version=4).cells
    return {kind for cell in cells for given in cell.get("outputs", []) for kind in kinds(given)}


def kinds(output: nbformat.NotebookNode) -> list[str]:
    return list(output.get("data", {}))


@pytest.mark.long  # its search is that of tests/location, its cells run below without the data
def test_the_published_benchmark_is_reproduced(tmp_path: Path) -> None:
    folder = Path(os.environ.get("PLANNER_TEST_DATA", "no-such-folder")) / "mclp"
    if not (folder / "NewYork.txt").is_file():
        pytest.skip("PLANNER_TEST_DATA names no folder with mclp/NewYork.txt")
    file = QUICK_START.with_name("published-benchmark.ipynb")
    ran(file, tmp_path)
    text = (tmp_path / file.name).read_text(encoding="utf-8")
    assert "all within half a per cent of the best known" in text
    assert "1,153,640" in text


@pytest.mark.long
def test_without_its_data_the_benchmark_says_that_nothing_was_reproduced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PLANNER_TEST_DATA", raising=False)
    file = QUICK_START.with_name("published-benchmark.ipynb")
    ran(file, tmp_path)
    text = (tmp_path / file.name).read_text(encoding="utf-8")
    assert "skipped: PLANNER_TEST_DATA" in text
