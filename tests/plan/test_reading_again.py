"""Proposals are taken apart once: what is read again is what stands in the database then."""

from collections.abc import Callable

import pytest
from sqlalchemy import text
from street_town import X, Y, covered, crowded_street

import planner
from planner.district import Open
from planner.plan import Plan, Proposal
from planner.plan.coordination.gains import Gains
from planner.plan.store.tables import PROPOSALS


@pytest.mark.long
def test_only_what_was_written_since_is_taken_apart_again(
    plan: Plan, complete: Callable[..., Proposal], monkeypatch: pytest.MonkeyPatch
) -> None:
    made = [complete(plan) for _ in range(4)]
    assert [each.id for each in plan.proposals()] == [each.id for each in made]
    edited = plan.edit(made[2], title="Another name")
    taken: list[str] = []
    from_row = Proposal.from_row

    def counted(row: dict) -> Proposal:
        taken.append(row["id"])
        return from_row(row)

    monkeypatch.setattr(Proposal, "from_row", counted)
    first, again = plan.proposals(), plan.cases()
    assert first[2] == edited
    assert [each.proposal for each in again] == first
    assert set(taken) <= {edited.id}
    assert plan.get(made[0].id) == made[0]


def test_a_row_that_another_program_wrote_is_read_although_it_tells_no_version(
    plan: Plan, complete: Callable[..., Proposal]
) -> None:
    own = complete(plan)
    assert plan.get(own.id).title == own.title
    with plan.store.engine.begin() as connection:
        told = {"name": "By other means", "own": own.id}
        connection.execute(text(f"UPDATE {PROPOSALS.name} SET title = :name WHERE id = :own"), told)
    assert plan.get(own.id).title == "By other means"
    assert plan.proposals()[0].title == "By other means"


def test_two_of_a_kind_in_one_proposal_bring_what_a_new_assessment_says(file_plan: Plan) -> None:
    """Some homes are near both, and count once; some that are near already count not at all."""
    result = planner.assess(crowded_street(), groups=["population"])
    steps = [Open(f"n{metres}", "clinic", X + metres, Y) for metres in (3000, 3200)]
    own = file_plan.add(
        changes=steps, kinds=["clinic"], crs=result.district.crs.to_string(), action="build"
    )
    gains = Gains(result)
    brought = gains.of([own], "clinic")
    after = result.apply(own.scenario())
    assert set(brought.data.tolist()) == {1.0}
    assert (brought.T @ gains.people).tolist() == [covered(after) - covered(result)]
