"""What is built and installed: dependencies, data files, light imports."""

import ast
import re
import subprocess
import sys
import tomllib
import zipfile
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

import planner

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
MACHINE_WORDS = ("/ho" + "me/", "/ro" + "ot/", "/t" + "mp/", "/wo" + "rk/")


def modules() -> list[Path]:
    return sorted((ROOT / "planner").rglob("*.py"))


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).casefold()


def declared() -> set[str]:
    return {canonical(re.split(r"[<>=; \[]", line)[0]) for line in PROJECT["dependencies"]}


def imported(file: Path) -> set[str]:
    """Names of the top-level packages that a file imports anywhere."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module.partition(".")[0])
    return names


def test_every_import_is_a_declared_dependency() -> None:
    homes = packages_distributions()
    used = {name for file in modules() for name in imported(file)}
    used -= set(sys.stdlib_module_names) | {"planner", "__future__"}
    lacking = {
        name: homes.get(name, [])
        for name in used
        if not declared() & {canonical(home) for home in homes.get(name, [])}
    }
    assert lacking == {}


def test_dependencies_have_lower_bounds_only() -> None:
    everything = [*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["notebook"]]
    assert [line for line in everything if not re.match(r"[\w.-]+>=[\d.]+(;.*)?$", line)] == []


def test_import_is_light() -> None:
    code = (
        "import sys, planner, planner.cli;"
        "heavy = {'numpy', 'pandas', 'geopandas', 'numba', 'streamlit', 'folium', 'rich.table'};"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=True
    )
    assert done.stdout.strip() == "[]"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    """The wheel, built by the backend itself."""
    folder = tmp_path_factory.mktemp("wheel")
    code = f"import hatchling.build as b; print(b.build_wheel({str(folder)!r}))"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, encoding="utf-8", check=True
    )
    return zipfile.ZipFile(folder / done.stdout.split()[-1])


def test_wheel_carries_code_data_and_demo(wheel: zipfile.ZipFile) -> None:
    names = set(wheel.namelist())
    files = subprocess.run(
        ["git", "ls-files", "planner"], cwd=ROOT, capture_output=True, encoding="utf-8", check=False
    ).stdout.splitlines() or [str(file.relative_to(ROOT)) for file in modules()]
    assert sorted(set(files) - names) == []
    assert wheel.getinfo("planner/data/demo.gpkg").file_size < 6_000_000
    assert {Path(name).suffix for name in names} >= {".toml", ".po", ".svg", ".py", ".typed"}
    assert [name for name in names if name.startswith(("tests/", "docs/", "notebooks/"))] == []


def test_wheel_is_small(wheel: zipfile.ZipFile) -> None:
    assert Path(str(wheel.filename)).stat().st_size <= 8_000_000


def test_wheel_metadata(wheel: zipfile.ZipFile) -> None:
    folder = f"community_planner-{planner.__version__}.dist-info"
    metadata = wheel.read(f"{folder}/METADATA").decode()
    assert "Requires-Python: <3.14,>=3.11" in metadata
    assert wheel.read(f"{folder}/entry_points.txt").decode().split() == [
        "[console_scripts]",
        "planner",
        "=",
        "planner.cli:main",
    ]


def test_no_file_names_a_path_of_one_machine() -> None:
    suffixes = {".py", ".toml", ".md", ".po", ".ipynb", ".yml", ".cfg", ".html", ".css"}
    files = [file for file in ROOT.rglob("*") if file.suffix in suffixes]
    own = [f for f in files if not any(part.startswith(".venv") for part in f.parts)]
    found = [
        f"{file.relative_to(ROOT)}: {word}"
        for file in own
        for word in MACHINE_WORDS
        if word in file.read_text(encoding="utf-8")
    ]
    assert found == []
