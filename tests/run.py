"""Run every check of this repository in turn and stop at the first that fails.

``python tests/run.py`` runs the linter, the formatter's check, the type checker, the import
contracts and the tests; arguments go to pytest. Where PLANNER_ARTEFACTS names a folder, pytest
leaves its JUnit report there. The files are shared out among the processor's cores.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
CONTRACTS = "import sys; from importlinter.cli import lint_imports_command as c; sys.exit(c())"


def checks(pytest_arguments: list[str]) -> list[list[str]]:
    """Return the commands in the order in which they run."""
    folder = os.environ.get("PLANNER_ARTEFACTS")
    report = [f"--junit-xml={Path(folder).resolve() / 'pytest.xml'}"] if folder else []
    return [
        [sys.executable, "-m", "ruff", "check", "."],
        [sys.executable, "-m", "ruff", "format", "--check", "."],
        [sys.executable, "-m", "mypy"],
        [sys.executable, "-c", CONTRACTS],
        [
            sys.executable,
            "-m",
            "pytest",
            "-n",
            "auto",
            "--dist",
            "loadfile",
            *report,
            *pytest_arguments,
        ],
    ]


def main() -> int:
    """Run the checks; return 0 or the first failure's code."""
    for command in checks(sys.argv[1:]):
        print("$", "lint-imports" if CONTRACTS in command else " ".join(command[2:]), flush=True)
        code = subprocess.run(command, cwd=ROOT, check=False).returncode
        if code:
            print(f"failed with exit code {code}", flush=True)
            return code
    return 0


if __name__ == "__main__":
    sys.exit(main())
