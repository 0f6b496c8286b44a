"""The page on the house says where things are: what it names is there."""

import ast
import functools
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
SERVER = ROOT / "planner" / "app" / "server"
PATH = re.compile(r"[\w.<>…*-]+(?:/[\w.<>…*-]+)*(?:/|\.(?:py|toml|md|po))")


def paths(text: str) -> list[str]:
    """Return what is written as code and looks like a folder or a file."""
    return [each for each in re.findall(r"`([^`]+)`", text) if PATH.fullmatch(each)]


def missing(text: str) -> list[str]:
    """Return the paths of a text that are neither in the house nor in a folder that it names.

    A name by itself is looked for in the folders that the text names, as a reader would.
    """
    folders, absent = [ROOT, ROOT / "planner"], paths(text)
    while True:
        left = []
        for path in absent:
            pattern = re.sub(r"<\w+>|…", "*", path).rstrip("/")
            found = [each for folder in folders for each in sorted(folder.glob(pattern))]
            folders += [each if each.is_dir() else each.parent for each in found]
            left += [] if found else [path]
        if len(left) == len(absent):
            return left
        absent = left


def rows() -> list[str]:
    """Return the rows of the tables, each behind the head of its table."""
    found, head = [], ""
    for line, after in zip(PAGE.splitlines(), [*PAGE.splitlines()[1:], ""], strict=True):
        if after.startswith("|--"):
            head = line
        elif line.startswith("| "):
            found.append(line + head)
    return found


@pytest.mark.parametrize("line", rows(), ids=lambda line: line.split("|")[1].strip()[:50])
def test_what_a_row_names_is_there(line: str) -> None:
    assert missing(line) == []


def test_what_the_sentences_name_is_there() -> None:
    sentences = [line for line in PAGE.splitlines() if not line.startswith("|")]
    text = re.sub(r"```.*?```", "", "\n".join(sentences), flags=re.DOTALL)
    assert missing(f"`planner/analysis/` {text}") == []


def test_a_row_that_names_what_is_gone_is_seen() -> None:
    assert missing("| a | `district/` (`layers.py`, `gone.py`) |") == ["gone.py"]
    assert missing("| a | `app/pages/<page>/` | `locale/zh/…/standards.po` |") == []


def test_every_file_of_the_server_is_named() -> None:
    section = PAGE.split("### The dashboard's server")[1].split("\nTests mirror")[0]
    named = set(paths(section))
    files = {file.name for file in SERVER.glob("*.py")} - {"__init__.py"}
    assert files - named == set()


def test_every_folder_of_the_house_is_named() -> None:
    rooms = {each.parent.name for each in (ROOT / "planner").glob("*/__init__.py")}
    assert {room for room in rooms if f"| `{room}/` |" not in PAGE} == set()


@functools.cache
def defined(file: Path) -> frozenset[str]:
    """Return the names of a module, those that it imports on first use among them."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    names = {n.name for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.ClassDef)}
    names |= {n.id for n in ast.walk(tree) if isinstance(n, ast.Name)}
    if file.name == "__init__.py":
        names |= {str(n.value) for n in ast.walk(tree) if isinstance(n, ast.Constant)}
        names |= {a.name for n in ast.walk(tree) if isinstance(n, ast.ImportFrom) for a in n.names}
    return frozenset(names)


def is_there(name: str) -> bool:
    """Return whether a module, or what is defined in one, has that full name."""
    parts = name.split(".")
    for length in range(len(parts), 0, -1):
        place = ROOT.joinpath(*parts[:length])
        package = place / "__init__.py"
        # a folder that was moved stays behind with what was compiled of it
        file = package if package.is_file() else place.with_suffix(".py")
        if file.is_file():
            return length == len(parts) or parts[length] in defined(file)
    return False


def test_what_docstrings_refer_to_is_there() -> None:
    said = re.compile(r":(?:mod|func|class|meth|attr|data):`~?(planner\.[\w.]+)`")
    names = {
        name
        for file in (ROOT / "planner").rglob("*.py")
        for name in said.findall(file.read_text(encoding="utf-8"))
    }
    assert len(names) > 100
    assert {name for name in names if not is_there(name)} == set()
    assert not is_there("planner.analysis.gaps.diagnosis.CAUSES")


def unknown_names(file: Path) -> set[str]:
    """Return what docstrings refer to by a short name that the module neither has nor imports."""
    text = file.read_text(encoding="utf-8")
    said = re.findall(r":(?:mod|func|class|meth|attr|data):`~?([\w.]+)`", text)
    others = {name for name in said if name.split(".")[0] not in {"planner", "pandas", "streamlit"}}
    if not others:  # of most files: they are not parsed then
        return set()
    imports = [n for n in ast.walk(ast.parse(text)) if isinstance(n, ast.Import | ast.ImportFrom)]
    known = defined(file) | {(a.asname or a.name).split(".")[0] for n in imports for a in n.names}
    return {name for name in others if name.split(".")[0] not in known}


def test_what_docstrings_name_in_short_is_known_where_they_stand(tmp_path: Path) -> None:
    files = [*(ROOT / "planner").rglob("*.py")]
    assert {file.name: names for file in files if (names := unknown_names(file))} == {}
    file = tmp_path / "module.py"
    file.write_text('"""As :meth:`Figures.stale` and :func:`here`."""\ndef here(): ...\n')
    assert unknown_names(file) == {"Figures.stale"}
