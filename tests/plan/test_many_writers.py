"""Many writers at once, and writers that are killed: nothing is lost, everything is in order."""

import random
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from effort import LONG, tries

from planner.errors import PlannerError
from planner.plan import Plan, Proposal

WRITER = Path(__file__).with_name("writers.py")
PROCESSES, EDITS = tries(2, 20), tries(10, 200)
KILLS = tries(2, 200)


def writer(target: str, own: str, count: int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, str(WRITER), target, own, str(count)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )


@pytest.mark.long
def test_many_processes_lose_no_edit(
    target: str, plan: Plan, complete: Callable[..., Proposal]
) -> None:
    own = complete(plan, cost=0.0).id
    processes = [writer(target, own, EDITS) for _ in range(PROCESSES)]
    said = [process.communicate() for process in processes]
    assert [errors for _, errors in said] == [""] * PROCESSES
    versions = sorted(int(line) for text, _ in said for line in text.split()[1:])
    assert versions == list(range(2, PROCESSES * EDITS + 2))
    assert plan.get(own).cost == float(PROCESSES * EDITS)
    assert plan.verify() == ()
    assert [entry["version"] for entry in plan.trail(own)] == [1, *versions]


@pytest.mark.long
@pytest.mark.parametrize("kind", ["file", *(["server"] if LONG else [])])
def test_a_writer_that_is_killed_loses_nothing_that_was_acknowledged(
    request: pytest.FixtureRequest,
    kind: str,
    opened: Callable[..., Plan],
    complete: Callable[..., Proposal],
) -> None:
    target = str(request.getfixturevalue(f"{kind}_target"))
    plan = opened(target)
    if kind == "server":
        plan.actor = opened(str(request.getfixturevalue("file_target"))).actor
    own = complete(plan, cost=0.0).id
    drawn = random.Random(7)
    for _ in range(KILLS):
        before = plan.get(own).version
        process = writer(target, own, 100_000)
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        time.sleep(drawn.random() * 0.2)
        process.kill()
        said, _ = process.communicate()
        acknowledged = [int(line) for line in said.split("\n")[:-1]]
        now = plan.get(own)
        assert now.version >= max(acknowledged, default=before)
        assert now.cost == now.version - 1
        assert plan.verify() == ()
    assert plan.edit(own, note="goes on").note == "goes on"


def test_two_windows_see_each_other_and_lose_nothing(
    target: str, plan: Plan, complete: Callable[..., Proposal], opened: Callable[..., Plan]
) -> None:
    own = complete(plan, cost=0.0).id
    other = opened(target, plan.actor)
    conflicts = 0
    drawn = random.Random(3)
    for number in range(tries(12, 400)):
        window, field = drawn.choice([plan, other]), drawn.choice(["cost", "year"])
        read = plan.get(own)
        drawn.choice([plan, other]).edit(read, year=2030 + number % 9)
        try:
            window.edit(read, **{field: 5.0 + number if field == "cost" else 2050})
        except PlannerError as error:
            assert error.code == "plan.conflict"  # noqa: PT017
            assert field == "year"
            conflicts += 1
        assert plan.get(own) == other.get(own)
    assert conflicts
    assert plan.verify() == ()
