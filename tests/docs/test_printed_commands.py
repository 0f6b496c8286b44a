"""Every Python and shell block of README and docs runs as printed, each in a folder of its own.

A block that cannot run here has a comment before it, ``<!-- not run: why -->``; a line that serves
until somebody stops it is left out.
"""

import contextlib
import io
import os
import re
import shlex
import shutil
from pathlib import Path

import pytest
from docs_field import write_field

from planner.cli import main

pytestmark = pytest.mark.journey

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
BLOCK = re.compile(
    r"(<!-- not run: (?P<why>.+?) -->\n+)?^```(?P<language>bash|python)\n(?P<code>.*?)^```",
    re.S | re.M,
)
NOT_RUN = 8
"""So many blocks say why they do not run; one more is to be looked at."""


def blocks() -> list[tuple[str, re.Match[str]]]:
    found = []
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        for block in BLOCK.finditer(text):
            line = text[: block.start("code")].count("\n")
            found.append((f"{page.name}:{line}", block))
    return found


ALL = blocks()
RUN = [(where, block) for where, block in ALL if not block["why"]]
SHELL = [(where, block["code"]) for where, block in RUN if block["language"] == "bash"]
PYTHON: dict[str, list[tuple[str, str]]] = {}
for where_, block_ in RUN:
    if block_["language"] == "python":
        PYTHON.setdefault(where_.partition(":")[0], []).append((where_, block_["code"]))


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


def test_so_many_blocks_do_not_run() -> None:
    assert sum(bool(block["why"]) for _, block in ALL) == NOT_RUN
    assert len(SHELL) > 30
    assert len(PYTHON) > 10


@pytest.mark.parametrize(("where", "code"), SHELL, ids=[where for where, _ in SHELL])
def test_a_shell_block_runs(here: Path, where: str, code: str) -> None:
    lines = [shlex.split(line, comments=True) for line in code.replace("\\\n", " ").splitlines()]
    for words in filter(None, lines):
        assert words[0] == "planner", f"{where}: say why it is not run"
        if words[1] == "serve":
            continue
        # docs name one place and one standard; what is there of them came by an earlier line
        if words[1] == "import" and "--show" not in words:
            Path(words[words.index("--out") + 1]).unlink(missing_ok=True)
        if words[1:3] == ["standards", "copy"]:
            Path(words[-1]).unlink(missing_ok=True)
        said, wrong = io.StringIO(), io.StringIO()
        with (
            pytest.raises(SystemExit) as stopped,
            contextlib.redirect_stdout(said),
            contextlib.redirect_stderr(wrong),
        ):
            main(words[1:])
        told = f"{where}: {' '.join(words)}\n{said.getvalue()[-800:]}\n{wrong.getvalue()[-800:]}"
        assert not stopped.value.code, told


@pytest.mark.parametrize("page", PYTHON)
def test_the_python_of_a_page_runs_from_top_to_bottom(here: Path, page: str) -> None:
    names: dict[str, object] = {}
    for where, code in PYTHON[page]:
        with contextlib.redirect_stdout(io.StringIO()):
            exec(compile(code, where, "exec"), names)
