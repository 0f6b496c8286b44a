"""Run every check of this repository in turn and stop at the first that fails.

``python tests/run.py`` runs the linter, the formatter's check, the type checker, the import
contracts and the tests; arguments go to pytest. Where PLANNER_ARTEFACTS names a folder, pytest
leaves its JUnit report there. The tests are shared out among the processor's cores.

``python tests/run.py --long`` runs only the tests that draw their cases by chance or walk through
many, with the full counts (see ``tests/effort.py``). ``--minutes 5`` starts none after that time,
``--order WORD`` shuffles them.
"""

from __future__ import annotations

import os
import subprocess
import sys
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


def checks(pytest_arguments: list[str]) -> list[list[str]]:
    """Return the commands in the order in which they run."""
    return [
        [sys.executable, "-m", "ruff", "check", "."],
        [sys.executable, "-m", "ruff", "format", "--check", "."],
        [sys.executable, "-m", "mypy"],
        [sys.executable, "-c", CONTRACTS],
        pytest_command("pytest.xml", "--dist", "loadfile", *pytest_arguments),
    ]


def main(arguments: list[str]) -> int:
    """Run the checks, or the long tests; return 0 or the first failure's code."""
    environment = dict(os.environ)
    if "--long" in arguments:
        environment["PLANNER_LONG"] = "1"
        others = [argument for argument in arguments if argument != "--long"]
        commands = [pytest_command("pytest-long.xml", "--dist", "worksteal", *others)]
    else:
        commands = checks(arguments)
    for command in commands:
        print("$", "lint-imports" if CONTRACTS in command else " ".join(command[2:]), flush=True)
        code = subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode
        if code:
            print(f"failed with exit code {code}", flush=True)
            return code
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
