"""The one command that runs all checks and tests: whichever fails, it fails and says so."""

import os
import stat
import sys
import time
from pathlib import Path

import pytest
import run as runner

WELL = "print('all is well')"
LONG = "import time; time.sleep(600)"


def fails(code: int, after: float = 0.0) -> str:
    return f"import sys, time; time.sleep({after}); print('it is wrong'); sys.exit({code})"


@pytest.mark.parametrize(
    ("checks", "ready", "tests", "code"),
    [
        (WELL, WELL, WELL, 0),
        (fails(3, after=0.5), WELL, LONG, 3),
        (fails(3, after=0.5), LONG, WELL, 3),
        (LONG, fails(4), WELL, 4),
        (LONG, WELL, fails(5), 5),
        (fails(3, after=0.5), WELL, WELL, 3),
    ],
)
def test_the_first_failure_ends_the_others(checks, ready, tests, code, monkeypatch, capfd):
    started = runner.started

    def instead(command, environment, into=None):
        script = ready if "--first" in command else checks if "--checks" in command else tests
        return started([sys.executable, "-c", script], environment, into)

    monkeypatch.setattr(runner, "started", instead)
    began = time.monotonic()
    assert runner.run_beside(runner.pytest_command("pytest.xml"), dict(os.environ)) == code
    # far from how long the others would have taken, and from what a busy machine takes
    assert time.monotonic() - began < 300
    told = capfd.readouterr().out
    assert ("failed with exit code" in told) == bool(code)
    if code in (3, 4):
        assert "it is wrong" in told


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps no files in memory")
def test_temporary_files_lie_where_there_is_room_and_go_with_the_run(monkeypatch, tmp_path):
    seen = []

    def looked(arguments, environment):
        folder = environment.get("TMPDIR")
        mode = folder and stat.S_IMODE(Path(folder).stat().st_mode)
        seen.append((folder, mode, arguments))
        return 5

    monkeypatch.setattr(runner, "run_what", looked)
    monkeypatch.setattr(runner, "MEMORY", tmp_path)
    monkeypatch.setattr(runner, "ROOM", 0)
    monkeypatch.delenv("TMPDIR", raising=False)
    assert runner.main(["-x"]) == 5
    (folder, mode, arguments) = seen.pop()
    assert Path(folder).parent == tmp_path
    assert (mode, arguments) == (0o711, ["-x"])
    assert not Path(folder).exists()
    monkeypatch.setattr(runner, "ROOM", 1 << 60)  # there is no such room
    assert runner.main([]) == 5
    assert seen.pop()[0] is None
    monkeypatch.setattr(runner, "ROOM", 0)
    monkeypatch.setenv("TMPDIR", str(tmp_path))  # somebody has said where
    assert runner.main([]) == 5
    assert seen.pop()[0] == str(tmp_path)
    assert list(tmp_path.iterdir()) == []
