"""What is installed with the product: bounds that hold, wheels for each system, lazy imports."""

import ast
import json
import re
import shlex
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterable, Iterator
from importlib import metadata
from pathlib import Path

import pytest
from conftest import unavailable
from effort import tries
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
NAME = PROJECT["name"]
ONLINE_ONLY = {"osmnx", "requests"}
ONLINE_DOOR = ROOT / "planner" / "sources" / "osm" / "online.py"
PYTHONS = [
    line.rpartition(" ")[2]
    for line in PROJECT["classifiers"]
    if re.fullmatch(r"Programming Language :: Python :: 3\.\d+", line)
]
WINDOWS = {
    "os_name": "nt",
    "sys_platform": "win32",
    "platform_system": "Windows",
    "platform_machine": "AMD64",
    "platform_release": "10",
    "platform_version": "10.0.19045",
    "implementation_name": "cpython",
    "platform_python_implementation": "CPython",
}


def office(python: str) -> dict[str, str]:
    """What markers say on an office PC with Windows and that Python."""
    whole = f"{python}.0"
    versions = {"python_full_version": whole, "implementation_version": whole}
    return {**WINDOWS, "python_version": python, **versions}


def needed(
    requires: Callable[[str], Iterable[str]], environment: dict[str, str]
) -> Iterator[tuple[str, Requirement]]:
    """Each requirement that holds in an environment, with who asks for it, from this project on."""
    waiting: list[tuple[str, frozenset[str]]] = [(canonicalize_name(NAME), frozenset())]
    seen: set[tuple[str, frozenset[str]]] = set()
    while waiting:
        name, wanted = waiting.pop()
        if (name, wanted) in seen:
            continue
        seen.add((name, wanted))
        for line in requires(name):
            asked = Requirement(line)
            contexts = [environment | {"extra": extra} for extra in (wanted or {""})]
            if asked.marker is None or any(map(asked.marker.evaluate, contexts)):
                yield name, asked
                waiting.append((canonicalize_name(asked.name), frozenset(asked.extras)))


def installed(name: str) -> list[str]:
    try:
        return metadata.requires(name) or []
    except metadata.PackageNotFoundError:
        return []


def is_installed(name: str) -> bool:
    return any(metadata.distributions(name=name))


def everywhere() -> list[Requirement]:
    """Return the direct dependencies of every system."""
    return [r for r in map(Requirement, PROJECT["dependencies"]) if r.marker is None]


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, capture_output=True, encoding="utf-8", check=False
    )


@pytest.fixture(scope="module")
def registry() -> None:
    """Nothing; the tests that look packages up are left out where they cannot be."""
    asked = ("--dry-run", "--no-deps", "--ignore-installed", "--retries", "0", "colorama")
    if run("-m", "pip", "install", "--quiet", "--timeout", "15", *asked).returncode:
        unavailable("no package registry can be reached")


def test_what_only_windows_needs_is_named_for_other_systems() -> None:
    """From the metadata of what is installed here, without a look at the registry."""
    python = "{}.{}".format(*sys.version_info)
    asked = {canonicalize_name(r.name): f"{by}: {r}" for by, r in needed(installed, office(python))}
    assert len(asked) > 50
    assert canonicalize_name("colorama") in asked
    named = {
        canonicalize_name(Requirement(line).name)
        for line in PROJECT["optional-dependencies"]["windows"]
    }
    lacking = [by for name, by in asked.items() if name not in named and not is_installed(name)]
    assert lacking == []
    assert named <= set(asked)


def test_what_serves_the_online_door_is_imported_there_only() -> None:
    def imports(file: Path) -> Iterator[str]:
        text = file.read_text(encoding="utf-8")
        if not any(name in text for name in ONLINE_ONLY):
            return
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Import):
                yield from (alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                yield node.module or ""

    files = {
        file
        for file in (ROOT / "planner").rglob("*.py")
        if any(name.partition(".")[0] in ONLINE_ONLY for name in imports(file))
    }
    assert files == {ONLINE_DOOR}


@pytest.mark.long
def test_without_the_online_door_osmnx_and_requests_are_not_loaded() -> None:
    code = """if True:
        import sys

        def loaded(*names):
            return [name for name in names if name in sys.modules]

        import planner, planner.cli
        district = planner.demo_district()
        planner.assess(district).summary()
        import planner.sources.osm.district
        assert loaded("osmnx", "requests") == [], loaded("osmnx", "requests")
        # folium and Streamlit load requests themselves
        import planner.app.main, planner.app.server.serve, planner.app.server.reading.importer
        assert loaded("osmnx") == []
        import planner.sources.osm.online
        assert loaded("osmnx", "requests") == ["osmnx", "requests"]
    """
    done = run("-W", "ignore", "-c", code)
    assert done.returncode == 0, done.stderr


@pytest.mark.long
def test_a_server_starts_without_what_reads_plans_and_results_of_many_districts() -> None:
    code = """if True:
        import sys
        from pathlib import Path
        from planner.app import preparation
        from planner.app.session import plan

        plan.place = lambda: str(Path("nowhere") / "plan.sqlite")
        assert preparation.first_entry().id == "demo"
        names = ("sqlalchemy", "planner.plan.plan", "planner.siting.budget")
        names += ("planner.batch.results", "planner.batch.leagues")
        early = [name for name in names if name in sys.modules]
        assert early == [], early
    """
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def resolved(python: str, system: str, resolution: str, *options: str) -> dict[str, str]:
    """Name and version of what a new environment gets, wheels only."""
    done = run(
        *("-m", "uv", "--quiet", "--no-progress", "pip", "compile", "pyproject.toml"),
        *("--python-version", python, "--python-platform", system, "--resolution", resolution),
        *("--only-binary", ":all:", "--no-header", "--no-annotate", *options),
    )
    assert done.returncode == 0, done.stderr
    lines = [line for line in done.stdout.splitlines() if "==" in line]
    return {canonicalize_name(n): v for n, _, v in (line.partition("==") for line in lines)}


@pytest.mark.long  # .ci/run installs both on Linux; of Windows see the folder below
@pytest.mark.parametrize("resolution", ["highest", "lowest-direct"])
@pytest.mark.parametrize("system", ["windows", "x86_64-manylinux_2_28"])
@pytest.mark.parametrize("python", PYTHONS[tries(-1, 0) :])
def test_every_dependency_has_a_wheel(
    registry: None, python: str, system: str, resolution: str
) -> None:
    found = resolved(python, system, resolution, "--all-extras")
    assert len(found) > 100
    assert {canonicalize_name(r.name) for r in everywhere()} <= set(found)


@pytest.mark.journey
def test_the_lower_bounds_are_what_the_lowest_environment_gets(registry: None) -> None:
    """A bound below what its neighbours allow is a promise that nobody can try."""
    found = resolved(PYTHONS[0], "x86_64-manylinux_2_28", "lowest-direct")
    lowest = {
        canonicalize_name(r.name): SpecifierSet(str(r.specifier).replace(">=", "==") + ".*")
        for r in everywhere()
    }
    untrue = {name: found[name] for name in lowest if not lowest[name].contains(found[name])}
    assert untrue == {}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheelhouse")
    done = run("-c", f"import hatchling.build as b; print(b.build_wheel({str(folder)!r}))")
    assert done.returncode == 0, done.stderr
    return folder / done.stdout.split()[-1]


def readme_download() -> list[str]:
    """The arguments of the command with which README fills the folder for Windows elsewhere."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    (line,) = re.findall(r"^python3 -m pip download .*win_amd64.*$", readme, re.MULTILINE)
    return shlex.split(line)[4:]


@pytest.mark.journey
@pytest.mark.parametrize("python", ["3.12", "3.13", "3.11"][: tries(1, 3)])
def test_the_folder_for_an_office_pc_with_windows_is_complete(
    registry: None, wheel: Path, tmp_path: Path, python: str
) -> None:
    """What README's command downloads: each requirement that holds on Windows is met by it."""
    arguments = [
        re.sub(r"^wheelhouse/[\w.-]+\.whl", lambda _: str(wheel), a) for a in readme_download()
    ]
    assert str(wheel) in arguments[-1]
    arguments[arguments.index("--python-version") + 1] = python
    at = arguments.index("-d")
    del arguments[at : at + 2]
    report = tmp_path / "report.json"
    done = run(
        *("-m", "pip", "install", "--quiet", "--dry-run", "--ignore-installed"),
        *("--target", str(tmp_path / "none"), "--report", str(report), *arguments),
    )
    assert done.returncode == 0, done.stderr
    chosen = [
        item["metadata"] for item in json.loads(report.read_text(encoding="utf-8"))["install"]
    ]
    folder = {canonicalize_name(item["name"]): item for item in chosen}

    def wants(name: str) -> list[str]:
        return folder.get(name, {}).get("requires_dist", [])

    assert len(folder) > 50

    def has(asked: Requirement) -> bool:
        there = folder.get(canonicalize_name(asked.name))
        return bool(there and asked.specifier.contains(there["version"], prereleases=True))

    asked = list(needed(wants, office(python)))
    assert [f"{by}: {requirement}" for by, requirement in asked if not has(requirement)] == []
