"""The one command that runs all checks and tests: whichever fails, it fails and says so."""

import os
import sys
import time

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
