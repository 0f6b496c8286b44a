"""Run every check of this repository in turn and stop at the first that fails.

``python tests/run.py`` runs the linter, the formatter's check, the type checker, the import
contracts and the tests; arguments go to pytest. Where PLANNER_ARTEFACTS names a folder, pytest
leaves its JUnit report there. The tests are shared out among the processor's cores. While the
checks that use one core run, the other makes ready what each process of the tests would otherwise
make for itself: compiled kernels and test modules (``FIRST`` in ``tests/conftest.py``). The tests
wait for it: else each of them, and each server that they start, would compile the same once more.

``python tests/run.py --journeys`` runs the tests that walk a whole way in a browser, or ask a
package index, and which the first leaves out.

``python tests/run.py --long`` runs only the tests that draw their cases by chance or walk through
many, with the full counts (see ``tests/effort.py``). ``--minutes 5`` starts none after that time,
``--order WORD`` shuffles them.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
CONTRACTS = "import sys; from importlinter.cli import lint_imports_command as c; sys.exit(c())"


def pytest_command(report_name: str, *arguments: str) -> list[str]:
    """Return the command that shares the tests out and leaves a report where one is asked for."""
    folder = os.environ.get("PLANNER_ARTEFACTS")
    report = [f"--junit-xml={Path(folder).resolve() / report_name}"] if folder else []
    # one more than there are cores: tests of the browser wait, for it and for their server
    workers = str((os.cpu_count() or 1) + 1)
    return [sys.executable, "-m", "pytest", "-n", workers, *report, *arguments]


CHECKS = [
    [sys.executable, "-m", "ruff", "check", "."],
    [sys.executable, "-m", "ruff", "format", "--check", "."],
    [sys.executable, "-m", "mypy"],
    [sys.executable, "-c", CONTRACTS],
]
READY = [sys.executable, "-m", "pytest", "-n", "0", "-q", "--first"]


def run(commands: list[list[str]], environment: dict[str, str]) -> int:
    """Run one command after the other and return 0 or the first failure's code."""
    for command in commands:
        print("$", "lint-imports" if CONTRACTS in command else " ".join(command[2:]), flush=True)
        code = subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode
        if code:
            print(f"failed with exit code {code}", flush=True)
            return code
    return 0


def run_beside(commands: list[list[str]], environment: dict[str, str]) -> int:
    """Run the commands while :data:`READY` runs, which is told only where it fails; wait for it."""
    with tempfile.TemporaryFile() as said:
        ready = subprocess.Popen(
            READY, cwd=ROOT, env=environment, stdout=said, stderr=subprocess.STDOUT
        )
        try:
            code = run(commands, environment)
            if code:
                return code
            code = ready.wait()
        finally:
            ready.kill()
            ready.wait()
        if code:
            said.seek(0)
            print("$", *READY[2:], said.read().decode("utf-8", "replace"))
            print(f"failed with exit code {code}", flush=True)
        return code


def main(arguments: list[str]) -> int:
    """Run the checks, or the long tests; return 0 or the first failure's code."""
    environment = dict(os.environ)
    # else each of many hundred processes would compile every module for itself
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    if "--long" in arguments:
        environment["PLANNER_LONG"] = "1"
        others = [argument for argument in arguments if argument != "--long"]
        return run([pytest_command("pytest-long.xml", "--dist", "worksteal", *others)], environment)
    shared_out = ["--dist", "loadfile", "--no-loadscope-reorder"]
    if "--journeys" in arguments:
        environment["PLANNER_JOURNEYS"] = "1"
        others = [argument for argument in arguments if argument != "--journeys"]
        return run([pytest_command("pytest-journeys.xml", *shared_out, *others)], environment)
    tests = pytest_command("pytest.xml", *shared_out, *arguments)
    return run_beside(CHECKS, environment) or run([tests], environment)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
