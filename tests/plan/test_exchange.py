"""Backups that come back whole, and the plans of two offices that become one."""

import gzip
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from planner.errors import PlannerError
from planner.plan import Plan, Proposal
from planner.plan.store.tables import canonical


@pytest.fixture
def lived(plan: Plan, complete: Callable[..., Proposal]) -> Plan:
    made = complete(plan)
    plan.step(made, "submit")
    plan.step(made.id, "take_up")
    plan.review(made.id, "object", "no land", "planning")
    plan.comment(made.id, "seen on site")
    return plan


def everything(plan: Plan) -> tuple[object, ...]:
    return plan.cases(), plan.trail(), plan.store.head(), plan.store.store_id()


def test_a_backup_comes_back_whole_in_either_database(
    lived: Plan,
    file_target: str,
    server_target: str,
    opened: Callable[..., Plan],
    tmp_path: Path,
    as_actor: Callable[..., Plan],
) -> None:
    file = lived.export(tmp_path / "plan.backup")
    for target in (file_target, server_target):
        again = as_actor(opened(target), "administrator")
        if again.store.place == lived.store.place:
            with pytest.raises(PlannerError) as error:
                again.restore(file)
            assert error.value.code == "plan.not_empty"
            continue
        assert again.restore(file) == 5 + 1
        assert everything(again) == everything(lived)
        assert again.verify() == ()
        own = again.proposals()[0]
        again.comment(own.id, "after the restoring")
        assert again.verify() == ()
        assert again.export(tmp_path / "b").read_bytes() != file.read_bytes()


def test_equal_plans_make_equal_files(lived: Plan, tmp_path: Path) -> None:
    files = [lived.export(tmp_path / name).read_bytes() for name in ("a", "b")]
    assert files[0] == files[1]


def changed(file: Path, change: Callable[[dict[str, object]], object]) -> Path:
    told = json.loads(gzip.decompress(file.read_bytes()))
    change(told)
    file.write_bytes(gzip.compress(canonical(told).encode()))
    return file


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda told: told.update(version=99), "plan.newer_export"),
        (lambda told: told.update(format="other"), "plan.not_an_export"),
        (lambda told: told.pop("layers"), "plan.not_an_export"),
        (lambda told: told["layers"]["proposal"][0].pop("title"), "plan.not_an_export"),
        (lambda told: told["layers"]["proposal"][0].update(status="mine"), "plan.not_an_export"),
        (lambda told: told["layers"]["proposal"][0].update(title=5), "plan.not_an_export"),
        (lambda told: told["layers"]["proposal"][0].update(geometry="00"), "plan.not_an_export"),
        (lambda told: told["layers"]["proposal"][0].update(title="x"), "plan.export_damaged"),
        (lambda told: told["trail"][1].update(why="x"), "plan.export_damaged"),
        (lambda told: told["trail"].pop(), "plan.export_damaged"),
        (lambda told: told["layers"]["comment"].clear(), "plan.export_damaged"),
    ],
)
def test_a_file_that_was_changed_is_refused(
    file_plan: Plan,
    complete: Callable[..., Proposal],
    tmp_path: Path,
    change: Callable[[dict[str, object]], object],
    code: str,
) -> None:
    made = complete(file_plan)
    file_plan.comment(made.id, "seen")
    file = changed(file_plan.export(tmp_path / "plan"), change)
    before = everything(file_plan)
    for call in (file_plan.restore, file_plan.merge):
        with pytest.raises(PlannerError) as error:
            call(file)
        assert error.value.code == code
        assert str(error.value)
    assert everything(file_plan) == before


@pytest.mark.parametrize(
    "content",
    [b"", b"no plan", gzip.compress(b"\xff\xfe", mtime=0), b"\x1f\x8b\x08"],
    ids=["empty", "text", "packed", "cut"],
)
def test_another_file_is_refused(file_plan: Plan, tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "plan"
    file.write_bytes(content)
    with pytest.raises(PlannerError) as error:
        file_plan.merge(file)
    assert error.value.code == "plan.not_an_export"


class Offices:
    """Two offices without a common server."""

    def __init__(self, ours: Plan, theirs: Plan, folder: Path) -> None:
        self.ours, self.theirs, self.folder = ours, theirs, folder

    def to_us(self, **take: str) -> object:
        chosen = {name.replace("_", "-"): side for name, side in take.items()}
        return self.ours.merge(self.theirs.export(self.folder / "t"), chosen)  # type: ignore[arg-type]

    def to_them(self) -> object:
        return self.theirs.merge(self.ours.export(self.folder / "o"))

    def content(self) -> list[list[tuple[object, ...]]]:
        return [
            [
                (each.id, each.status, each.title, each.cost, each.year, each.kinds)
                for each in sorted(plan.proposals(), key=lambda each: each.id)
            ]
            for plan in (self.ours, self.theirs)
        ]

    def agree(self) -> bool:
        assert self.ours.verify() == self.theirs.verify() == ()
        ours, theirs = self.content()
        return ours == theirs


@pytest.fixture
def offices(
    file_plan: Plan,
    server_target: str,
    opened: Callable[..., Plan],
    tmp_path: Path,
    as_actor: Callable[..., Plan],
) -> Offices:
    theirs = as_actor(opened(server_target), *file_plan.actor.roles, name="Zhang")
    return Offices(file_plan, theirs, tmp_path)


def test_what_only_one_office_changed_is_taken(
    offices: Offices, complete: Callable[..., Proposal]
) -> None:
    mine, yours = complete(offices.ours), complete(offices.theirs, title="theirs")
    merged = offices.to_us()
    assert merged.added == (yours.id,)
    offices.to_them()
    assert offices.agree()
    offices.theirs.edit(mine.id, year=2028)
    offices.theirs.step(yours.id, "submit")
    offices.theirs.comment(mine.id, "seen by us")
    merged = offices.to_us()
    assert set(merged.changed) == {mine.id, yours.id}
    assert offices.agree()
    assert offices.ours.case(mine.id).comments[0].by == "Zhang"
    who = {(entry["actor"], entry["deed"]) for entry in offices.ours.trail(mine.id)}
    assert ("Zhang", "edit") in who
    assert offices.to_us().changed == ()
    offices.to_them()
    assert offices.agree()
    assert offices.to_them().changed == ()


def test_edits_of_different_fields_merge_by_themselves(
    offices: Offices, complete: Callable[..., Proposal]
) -> None:
    own = complete(offices.ours).id
    offices.to_them()
    offices.ours.edit(own, cost=50.0)
    offices.theirs.edit(own, year=2029)
    assert offices.to_us().conflicts == ()
    found = offices.ours.get(own)
    assert (found.cost, found.year) == (50.0, 2029)
    offices.to_them()
    assert offices.agree()


@pytest.mark.parametrize("side", ["ours", "theirs"])
def test_the_same_field_shows_all_three_and_somebody_chooses(
    offices: Offices, complete: Callable[..., Proposal], side: str
) -> None:
    own = complete(offices.ours, cost=10.0).id
    offices.to_them()
    offices.ours.edit(own, cost=50.0, title="ours")
    offices.theirs.edit(own, cost=60.0, year=2029)
    before = everything(offices.ours)
    (conflict,) = offices.to_us().conflicts
    told = conflict.conflict
    assert (conflict.row_id, told.field) == (own, "cost")
    assert (told.base, told.ours, told.theirs) == (10.0, 50.0, 60.0)
    assert everything(offices.ours) == before
    assert offices.to_us(**{own.replace("-", "_"): side}).conflicts == ()
    found = offices.ours.get(own)
    cost = {"ours": 50.0, "theirs": 60.0}[side]
    assert (found.cost, found.title, found.year) == (cost, "ours", 2029)
    assert offices.to_them().conflicts == ()
    assert offices.agree()


def test_a_place_of_one_and_a_kind_of_the_other_is_nobodys_proposal(
    offices: Offices, complete: Callable[..., Proposal]
) -> None:
    own = complete(offices.ours).id
    offices.to_them()
    offices.ours.edit(own, kinds=["library"])
    offices.theirs.edit(own, geometry="010100000000000000000034400000000000003440")
    assert {each.conflict.field for each in offices.to_us().conflicts} == {"geometry"}
