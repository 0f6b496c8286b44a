"""Run the quick tests elsewhere: at the lowest versions allowed, and on each other Python.

``python tests/environments.py`` makes one environment after another with uv, which must be
installed as the extra ``test`` does, and runs in each the tests named by ``QUICK``:

- ``lowest``: the oldest Python claimed, each direct dependency at the lowest version that
  ``pyproject.toml`` allows; this proves the bounds;
- ``3.12``, ``3.13``, …: the other Pythons claimed, each with the newest releases.

Names of environments given as arguments choose among them. A Python that this machine lacks is
told and left out; PLANNER_REQUIRE_PYTHONS names those that must not be (``"3.12 3.13"``).
Where none could be made nothing was tested, which is a failure: exit 1.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
import time
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]
UV = [sys.executable, "-m", "uv", "--quiet", "--no-progress"]
QUICK = [
    "tests/district",
    "tests/sources/test_corrections_file.py",
    "tests/sources/test_datums.py",
    "tests/sources/test_files.py",
    "tests/sources/test_messy_tables.py",
    "tests/sources/test_osm_extracts.py",
    "tests/sources/test_osm_layers.py",
    "tests/sources/test_osm_online.py",
    "tests/sources/test_tables.py",
    "tests/sources/test_vector.py",
    "tests/sources/test_workspace.py",
    "tests/security/test_workbooks.py",
    "tests/network/test_exactness.py",
    "tests/location/test_max_coverage.py",
    "tests/location/test_p_median.py",
    "tests/analysis/test_assessment.py",
    "tests/plan/test_store.py",
    "tests/views/test_maps.py",
    "tests/views/test_exports.py",
    "tests/views/test_labels.py",
    "tests/app/test_pages.py",
    "tests/app/test_configuration.py",
    "tests/test_cli_gaps.py",
]
"""Tests that touch every dependency and take a few minutes of one core, compiling included."""
OLD = ["DeprecationWarning", "PendingDeprecationWarning", "FutureWarning"]
"""Warnings that an old release gives of a newer one below it; they are errors elsewhere."""


def claimed() -> list[str]:
    """Return the Pythons that ``pyproject.toml`` claims, oldest first."""
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    lines = tomllib.loads(text)["project"]["classifiers"]
    return [line.rpartition(" ")[2] for line in lines if re.search(r"Python :: 3\.\d+$", line)]


def make(folder: Path, python: str, *options: str) -> Path | None:
    """Make an environment with the product and its tests; None where that Python is lacking."""
    made = subprocess.run(
        [*UV, "venv", "--no-python-downloads", "--python", python, str(folder)],
        capture_output=True,
        encoding="utf-8",
        env=os.environ | all_of_pyenv(),
        check=False,
    )
    if made.returncode:
        print(made.stderr.strip().splitlines()[-1], flush=True)
        return None
    program = folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    install = [*UV, "pip", "install", "--python", str(program), *options]
    wheels = ["--only-binary", ":all:", "--no-binary", "community-planner"]
    subprocess.run([*install, *wheels, "--editable", ".[test]"], cwd=ROOT, check=True)
    return program


def all_of_pyenv() -> dict[str, str]:
    """Name every Python that pyenv keeps: it lets none start of those that are not chosen."""
    folder = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv") / "versions"
    kept = sorted(each.name for each in folder.glob("3.*"))
    return {"PYENV_VERSION": ":".join(kept)} if kept else {}


def check(name: str, python: str, lowest: bool) -> bool | None:
    """Run the quick tests in one environment; None where its Python is lacking."""
    with tempfile.TemporaryDirectory(prefix=f"planner-{name}-") as folder:
        began = time.monotonic()
        options = ["--resolution", "lowest-direct"] if lowest else []
        program = make(Path(folder) / "environment", python, *options)
        if program is None:
            return None
        print(f"$ {name}: {' '.join(QUICK)} (made in {time.monotonic() - began:.0f} s)", flush=True)
        ignored = [f"--pythonwarnings=ignore::{warning}" for warning in OLD] if lowest else []
        # one process: each further one would compile the same kernels once more, half of all work
        tests = ["-m", "pytest", "-q", "-n", "0", "-m", "not browser"]
        # kernels compiled by another Python or numba are none of this environment's
        kept = os.environ | {"NUMBA_CACHE_DIR": str(Path(folder) / "kernels")}
        done = subprocess.run(
            [str(program), *tests, *ignored, *QUICK], cwd=ROOT, env=kept, check=False
        )
        return done.returncode == 0


def main(names: list[str]) -> int:
    """Run the environments named, or all; return 0 where each that could be made passed.

    1 where a test failed, a Python that must be there is lacking, or none could be made.
    """
    oldest, *others = claimed()
    environments = {"lowest": (oldest, True)} | {python: (python, False) for python in others}
    unknown = set(names) - set(environments)
    if unknown:
        print(f"no environment is called {', '.join(sorted(unknown))}: {', '.join(environments)}")
        return 2
    required = os.environ.get("PLANNER_REQUIRE_PYTHONS", "").split()
    failed, passes = [], []
    for name in names or environments:
        passed = check(name, *environments[name])
        if passed is None:
            print(f"{name}: left out, there is no Python {environments[name][0]} here", flush=True)
        if passed is False or (passed is None and environments[name][0] in required):
            failed.append(name)
        if passed:
            passes.append(name)
    said = [f"passed: {', '.join(passes)}"] if passes else []
    said += [f"failed: {', '.join(failed)}"] if failed else []
    print("; ".join(said) or "no environment was made, so nothing was tested", flush=True)
    return 0 if passes and not failed else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
