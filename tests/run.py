"""Run every check of this repository in turn and stop at the first that fails.

``python tests/run.py`` runs the linter, the formatter's check, the type checker, the import
contracts and the tests; arguments go to pytest. Where PLANNER_ARTEFACTS names a folder, pytest
leaves its JUnit report there. The tests are shared out among the processor's cores. Beside the
checks, two processes make ready what each process of the tests would otherwise make for itself:
compiled kernels and test modules (``FIRST`` in ``tests/conftest.py``). The tests wait for these:
else each of them, and each server that they start, would compile the same once more. They do not
wait for the checks; a check that fails ends them. What tests write lies in memory where the system
has a roomy file system there: they wait for a disk thousands of times else.

``python tests/run.py --checks`` runs what stands before the tests.

``python tests/run.py --journeys`` runs the tests that walk a whole way in a browser, or resolve
the packages that an installation takes, and which the first leaves out; with ``--order WORD`` a
part only of those that are marked as repeating each other, another for each word.

``python tests/run.py --long`` runs only the tests that draw their cases by chance or walk through
many, with the full counts (see ``tests/effort.py``). ``--minutes 5`` starts none after that time,
``--order WORD`` shuffles them; a sample of less than ten minutes looks for them in a part of the
files, which the word decides, since reading all takes a minute.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from itertools import repeat
from pathlib import Path
from typing import IO

ROOT = Path(__file__).parents[1]
MEMORY = Path("/dev/shm")
ROOM = 4 << 30
"""Bytes that must be free there; a whole run writes less than a tenth of it."""
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
ALONE = [sys.executable, "-m", "pytest", "-n", "0", "-q"]
READY = [
    [*ALONE, "--first", "network"],  # reads all tests: each module of them is compiled too
    [*ALONE, "--first", "location", "tests/location"],
]


def run(commands: list[list[str]], environment: dict[str, str]) -> int:
    """Run one command after the other and return 0 or the first failure's code."""
    for command in commands:
        print("$", "lint-imports" if CONTRACTS in command else " ".join(command[2:]), flush=True)
        code = subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode
        if code:
            print(f"failed with exit code {code}", flush=True)
            return code
    return 0


def run_beside(tests: list[str], environment: dict[str, str]) -> int:
    """Run :data:`READY` and the tests beside the checks; return 0 or the first failure's code.

    What the checks say is told once they end, and what :data:`READY` says where it fails.
    """
    # where this runs in the background, an interrupt is ignored, by what is started here too
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    with ExitStack() as files:
        said, *aside = (
            files.enter_context(tempfile.TemporaryFile()) for _ in range(1 + len(READY))
        )
        checks = started([sys.executable, __file__, "--checks"], environment, said)
        try:
            ready = [started(*each) for each in zip(READY, repeat(environment), aside)]
            code = wait(ready, checks)
            if code and not checks.poll():
                print(*map(text, aside))
            if not code:
                print("$", *tests[2:], flush=True)
                code = wait([started(tests, environment)], checks)
            code = code or checks.wait()
        finally:
            stop(checks)
            signal.signal(signal.SIGINT, before)
        print(text(said), f"failed with exit code {code}" if code else "", flush=True)
        return code


def wait(processes: list[subprocess.Popen[bytes]], checks: subprocess.Popen[bytes]) -> int:
    """Return 0 once all have ended well; else end the others and return the failure's code."""
    try:
        while any(process.poll() is None for process in processes):
            if checks.poll() or any(process.poll() for process in processes):
                break
            time.sleep(0.1)
        return checks.poll() or next(filter(None, (each.poll() for each in processes)), 0)
    finally:
        for process in processes:
            stop(process)


def started(
    command: list[str], environment: dict[str, str], into: IO[bytes] | None = None
) -> subprocess.Popen[bytes]:
    """Start a command that says all into a file, or here where there is none."""
    beside = subprocess.STDOUT if into else None
    return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=into, stderr=beside)


def stop(process: subprocess.Popen[bytes]) -> None:
    """Interrupt a process that runs, so that it ends its own; end it where it does not listen."""
    if process.poll() is None:
        process.terminate() if os.name == "nt" else process.send_signal(signal.SIGINT)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def text(said: IO[bytes]) -> str:
    """Return what a command said into a file."""
    said.seek(0)
    return said.read().decode("utf-8", "replace")


def roomy(folder: Path) -> bool:
    """Return whether a folder of temporary files may lie there: with room, and programs may run."""
    if not folder.is_dir() or not os.access(folder, os.W_OK):
        return False
    state = os.statvfs(folder)
    return state.f_bavail * state.f_frsize > ROOM and not state.f_flag & os.ST_NOEXEC


def main(arguments: list[str]) -> int:
    """Run what is asked for, temporary files in memory; return 0 or the first failure's code."""
    environment = dict(os.environ)
    if "TMPDIR" in environment or not roomy(MEMORY):
        return run_what(arguments, environment)
    with tempfile.TemporaryDirectory(dir=MEMORY, ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o711)  # a database's server runs as somebody else
        return run_what(arguments, {**environment, "TMPDIR": folder})


def run_what(arguments: list[str], environment: dict[str, str]) -> int:
    """Run the checks, the tests, the journeys or the long tests."""
    # else each of many hundred processes would compile every module for itself
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    if "--checks" in arguments:
        return run(CHECKS, environment)
    if "--long" in arguments:
        environment["PLANNER_LONG"] = "1"
        others = [argument for argument in arguments if argument != "--long"]
        return run([pytest_command("pytest-long.xml", "--dist", "worksteal", *others)], environment)
    shared_out = ["--dist", "loadfile", "--no-loadscope-reorder"]
    if "--journeys" in arguments:
        environment["PLANNER_JOURNEYS"] = "1"
        others = [argument for argument in arguments if argument != "--journeys"]
        return run([pytest_command("pytest-journeys.xml", *shared_out, *others)], environment)
    return run_beside(pytest_command("pytest.xml", *shared_out, *arguments), environment)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
