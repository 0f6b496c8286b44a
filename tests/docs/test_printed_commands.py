"""Every shell block of README and docs runs as printed, each in a folder of its own.

A block that cannot run here has a comment before it, ``<!-- not run: why -->``; a line that serves
until somebody stops it is left out. README's blocks run each time, of the others a third where the
journeys are told a word; that the command takes all of them is seen each time (test_printed.py).
"""

import contextlib
import io
import re
import shlex
from pathlib import Path

import pytest
from printed import PAGES, RUN

from planner.cli import main

pytestmark = pytest.mark.journey

SHELL = [(where, block["code"]) for where, block in RUN if block["language"] == "bash"]


def marks(where: str) -> list[pytest.MarkDecorator]:
    """Return when a block runs; of pages in Chinese, see test_printed.py."""
    if ".zh-CN.md:" in where:
        return [pytest.mark.long]
    return [] if where.startswith("README.md:") else [pytest.mark.journey(one_in=3)]


@pytest.mark.usefixtures("read_once", "small_demo")
@pytest.mark.parametrize(
    ("where", "code"),
    [pytest.param(where, code, id=where, marks=marks(where)) for where, code in SHELL],
)
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


def test_who_follows_all_pages_in_one_folder_copies_no_standard_onto_another() -> None:
    copies = [name for _, code in SHELL for name in re.findall(r"standards copy \S+ (\S+)", code)]
    assert len(copies) > 1
    assert len(set(copies)) == len(copies)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_no_block_hides_from_these_tests(page: Path) -> None:
    fences = re.findall(r"^( *)```(\S+)$", page.read_text(encoding="utf-8"), re.M)
    assert not [language for indent, language in fences if indent]
    assert {language for _, language in fences} <= {"bash", "python", "powershell", "toml", "ini"}
