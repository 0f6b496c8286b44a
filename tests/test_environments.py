"""The command that runs the tests elsewhere says what it ran, and fails where it ran nothing."""

import environments
import pytest


@pytest.mark.parametrize(
    ("outcomes", "code", "said"),
    [
        ({"lowest": True, "3.12": True, "3.13": None}, 0, "passed: lowest, 3.12"),
        ({"lowest": True, "3.12": False, "3.13": True}, 1, "passed: lowest, 3.13; failed: 3.12"),
        ({"lowest": None, "3.12": None, "3.13": None}, 1, "nothing was tested"),
    ],
)
def test_it_passes_only_what_it_ran(outcomes, code, said, monkeypatch, capsys):
    monkeypatch.delenv("PLANNER_REQUIRE_PYTHONS", raising=False)
    monkeypatch.setattr(environments, "check", lambda name, *_: outcomes[name])
    assert environments.main(list(outcomes)) == code
    assert said in capsys.readouterr().out.splitlines()[-1]
