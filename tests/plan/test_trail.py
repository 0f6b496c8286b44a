"""The trail: complete, in order, sealed; whatever is changed behind its back is seen."""

from collections.abc import Callable

import pytest
from sqlalchemy import text

from planner.plan import Actor, Plan, Proposal
from planner.plan.people import ROLES


@pytest.fixture
def lived(plan: Plan, complete: Callable[..., Proposal]) -> Plan:
    """A plan in which something happened."""
    made = complete(plan)
    plan.edit(made, cost=12.5)
    plan.step(made.id, "submit")
    plan.comment(made.id, "seen on site")
    complete(plan, title="another")
    assert plan.verify() == ()
    return plan


@pytest.mark.long(but=1)
@pytest.mark.parametrize(
    ("statement", "codes"),
    [
        ("UPDATE plan_trail SET why = 'x' WHERE number = 2", ["entry_changed"]),
        ("UPDATE plan_trail SET actor = 'x' WHERE number = 1", ["entry_changed"]),
        ("UPDATE plan_trail SET after = '{}' WHERE number = 3", ["entry_changed", "row_differs"]),
        ("DELETE FROM plan_trail WHERE number = 2", ["entry_missing", "row_differs"]),
        ("UPDATE plan_trail SET number = 99 WHERE number = 5", ["entry_missing"]),
        ("UPDATE plan_store SET entries = entries - 1", ["entry_missing"]),
        ("UPDATE plan_store SET head = 'x'", ["entry_missing"]),
        ("UPDATE plan_proposals SET cost = 1 WHERE title = 'another'", ["row_differs"]),
        ("UPDATE plan_comments SET text = 'other'", ["row_differs"]),
        ("DELETE FROM plan_comments", ["row_missing"]),
        ("DELETE FROM plan_proposals WHERE title = 'another'", ["row_missing"]),
    ],
)
def test_what_is_changed_behind_its_back_is_seen(
    lived: Plan, statement: str, codes: list[str]
) -> None:
    with lived.store.engine.begin() as connection:
        connection.execute(text(statement))
    found = [finding.code.removeprefix("plan.") for finding in lived.verify()]
    assert found[: len(codes)] == codes
    assert all(map(str, lived.verify()))


def test_every_step_is_told_with_who_when_what_and_why(lived: Plan) -> None:
    entries = lived.trail()
    assert [entry["number"] for entry in entries] == list(range(1, len(entries) + 1))
    told = [entry["deed"] for entry in entries]
    assert told == ["propose", "edit", "submit", "consult", "comment", "propose"]
    assert {entry["actor"] for entry in entries} == {"Wang"}
    assert [entry["at"] for entry in entries] == sorted(entry["at"] for entry in entries)
    edit = entries[1]
    assert (edit["before"]["cost"], edit["after"]["cost"], edit["version"]) == (None, 12.5, 2)
    assert lived.as_of(edit["row_id"], 1).cost is None
    assert lived.as_of(edit["row_id"], 2).cost == 12.5
    own = lived.trail(edit["proposal_id"])
    assert [entry["deed"] for entry in own] == told[:-1]


def test_alone_on_a_pc_one_person_is_everybody(file_plan: Plan) -> None:
    assert file_plan.actor.roles == set(ROLES)
    file_plan.add(title="x")
    (entry,) = file_plan.trail()
    assert (entry["via"], entry["login"]) == ("alone", file_plan.actor.name)


def test_a_shared_database_tells_who_somebody_is(
    postgres: object,
    server_target: str,
    opened: Callable[..., Plan],
    tmp_path: object,
    monkeypatch: pytest.MonkeyPatch,
    complete: Callable[..., Proposal],
) -> None:
    file = tmp_path / "planner.toml"  # type: ignore[operator]
    file.write_text(
        '[plan.logins.li_wei]\nname = "李伟"\ndepartment = "health"\nroles = ["planner"]\n',
        encoding="utf-8",
    )
    monkeypatch.setenv("PLANNER_CONFIG", str(file))
    plan = opened(server_target.replace("planner@", "li_wei@"))
    assert plan.actor == Actor("李伟", frozenset({"planner"}), "health", "li_wei", "database")
    complete(plan)
    (entry,) = plan.trail()
    assert (entry["actor"], entry["login"], entry["via"]) == ("李伟", "li_wei", "database")
    stranger = opened(server_target.replace("planner@", "chen@"))
    assert stranger.actor.roles == {"viewer"}
    assert stranger.verify() == ()


def test_the_newest_entries_are_read_alone(file_plan: Plan, complete) -> None:
    own = complete(file_plan)
    for number in range(5):
        file_plan.edit(own.id, note=f"note {number}")
    whole = file_plan.trail()
    assert file_plan.trail(newest=3) == whole[-3:]
    assert file_plan.trail(own.id, newest=99) == [e for e in whole if e["proposal_id"] == own.id]
