"""A plan of a whole city: thousands of proposals, and a trail of tens of thousands of entries."""

from collections.abc import Callable

import pytest
from sqlalchemy import event

from planner.plan import Plan, Proposal, Wanted
from planner.plan.store.writing import Writing

PROPOSALS, ENTRIES = 5_000, 50_000


@pytest.mark.long
def test_a_large_plan_is_read_in_few_questions_and_stays_in_order(
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
    asked: list[str] = []
    event.listen(
        plan.store.engine, "before_cursor_execute", lambda _c, _x, told, *_: asked.append(told)
    )
    assert len(plan.table()) == PROPOSALS
    assert plan.proposals(Wanted(status=("approved",))) == []
    assert len([each for each in asked if each.startswith("SELECT")]) <= 8
    changes = len(range(7, ENTRIES - PROPOSALS, PROPOSALS - 1))
    assert len(plan.trail("P-7")) == 1 + changes
    assert plan.edit("P-7", note="x").version == len(plan.trail("P-7"))
    assert plan.verify() == ()
