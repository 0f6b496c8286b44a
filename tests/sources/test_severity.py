"""Which findings may make figures wrong: every code is one that is raised."""

from planner.errors import messages
from planner.sources.checks.severity import HARMFUL, PLAIN, SEVERITIES, severity


def test_each_code_is_known_and_of_one_severity():
    assert {*HARMFUL, *PLAIN} <= set(messages())
    assert not HARMFUL & PLAIN
    told = {severity(code) for code in messages()}
    assert told == set(SEVERITIES)
