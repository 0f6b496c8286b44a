"""A plan of a whole city: thousands of proposals, and a trail of tens of thousands of entries."""

import time
from collections.abc import Callable

import pytest

from planner.plan import Plan, Proposal, Wanted
from planner.plan.store.writing import Writing

PROPOSALS, ENTRIES = 5_000, 50_000


@pytest.mark.long
def test_a_large_plan_is_read_and_changed_quickly(
    plan: Plan, complete: Callable[..., Proposal]
) -> None:
    """In small, test_many_proposals_are_read_in_few_questions says the same."""
    row = complete(plan).to_row()

    def fill(writing: Writing) -> None:
        ids = [f"P-{number}" for number in range(PROPOSALS - 1)]
        for own in ids:
            writing.add("proposal", {**row, "id": own, "version": 1}, "propose")
        for number in range(ENTRIES - PROPOSALS):
            own = ids[number % len(ids)]
            writing.change("proposal", own, {"cost": float(number)}, "edit")

    plan.store.write(plan.actor.author, fill)
    took: dict[str, float] = {}
    for name, call in {
        "table": plan.table,
        "one": lambda: plan.case("P-7"),
        "some": lambda: plan.proposals(Wanted(status=("approved",))),
        "trail": lambda: plan.trail("P-7"),
        "edit": lambda: plan.edit("P-7", note="x"),
    }.items():
        began = time.perf_counter()
        call()
        took[name] = time.perf_counter() - began
    assert len(plan.table()) == PROPOSALS
    assert plan.verify() == ()
    assert took["table"] < 2.0, took
    assert max(took["one"], took["some"], took["trail"], took["edit"]) < 0.5, took
