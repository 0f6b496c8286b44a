"""Targets and limits: set, changed, put aside, in the trail and in every exchange."""

import gzip
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from planner.errors import PlannerError
from planner.plan import ConflictError, Limit, Plan, Proposal, Target
from planner.plan.store.tables import canonical
from planner.views.words.labels import Labels
from planner.views.words.plan.agenda import matter_sentence
from planner.views.words.plan.targets import budget_sentence

TARGET = {"kind": "clinic", "year": 2030, "share": 0.9, "workspace": "town.gpkg"}
LIMIT = {"department": "health", "year": 2028, "amount": 500.0, "currency": "CNY 10,000"}


def refused(call: Callable[[], object]) -> PlannerError:
    with pytest.raises(PlannerError) as error:
        call()
    str(error.value)
    return error.value


def test_what_is_set_is_kept_changed_and_put_aside_with_its_trail(plan: Plan) -> None:
    target = plan.set_target(**TARGET, why="council of 3 May")
    limit = plan.set_limit(**LIMIT)
    assert (plan.targets(), plan.limits()) == ([target], [limit])
    assert plan.targets("other.gpkg") == []
    changed = plan.edit_target(target, share=0.95, why="council of 5 June")
    assert (changed.share, changed.version, changed.created_by) == (0.95, 2, "Wang")
    assert (plan.target(target.id, 1), plan.target(target.id)) == (target, changed)
    assert plan.edit_limit(limit.id, amount=450, why="cut").amount == 450.0
    plan.put_target_aside(target.id, "no longer asked")
    assert plan.targets() == []
    assert [each.deleted for each in plan.targets(put_aside=True)] == [True]
    assert refused(lambda: plan.edit_target(target.id, share=0.5, why="x")).code == "plan.put_aside"
    assert plan.put_target_aside(target.id, "asked again", back=True).deleted is False
    deeds = [(entry["deed"], entry["why"]) for entry in plan.trail(target.id)]
    assert deeds == [
        ("set_target", "council of 3 May"),
        ("edit_target", "council of 5 June"),
        ("put_aside_target", "no longer asked"),
        ("take_back_target", "asked again"),
    ]
    assert plan.verify() == ()


@pytest.mark.long(but=1)
@pytest.mark.parametrize("roles", [("viewer",), ("planner",), ("reviewer",)])
def test_only_who_approves_or_administers_sets_them(
    plan: Plan, as_actor: Callable[..., Plan], roles: tuple[str, ...]
) -> None:
    target, limit = plan.set_target(**TARGET), plan.set_limit(**LIMIT)
    before = plan.store.head()
    other = as_actor(plan, *roles)
    for call in (
        lambda: other.set_target(**TARGET),
        lambda: other.set_limit(**{**LIMIT, "year": 2029}),
        lambda: other.edit_target(target, share=0.1, why="x"),
        lambda: other.edit_limit(limit, amount=1, why="x"),
        lambda: other.put_target_aside(target, "x"),
        lambda: other.put_limit_aside(limit, "x"),
    ):
        assert refused(call).code == "plan.may_not"
    assert plan.store.head() == before
    for role in ("approver", "administrator"):
        as_actor(plan, role).set_target(**TARGET)


@pytest.mark.long(but=1)
@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"kind": ""}, "kind"),
        ({"kind": "x" * 41}, "kind"),
        ({"share": 1.2}, "share"),
        ({"share": 0}, "share"),
        ({"share": float("nan")}, "share"),
        ({"share": True}, "share"),
        ({"level": "city"}, "level"),
        ({"level": "community"}, "area"),
        ({"area": "17"}, "area"),
        ({"measure": "communities", "level": "community", "area": "1"}, "measure"),
        ({"years": 5}, "step"),
        ({"step": 0.1}, "step"),
        ({"years": 51, "step": 0.1}, "years"),
        ({"year": 20300}, "year"),
        ({"year": "2030"}, "year"),
        ({"reached": 0}, "reached"),
        ({"note": "\x00"}, "note"),
    ],
)
def test_a_target_that_cannot_stand_is_refused(plan: Plan, values: object, field: str) -> None:
    error = refused(lambda: plan.set_target(**{**TARGET, **values}))
    assert (error.code, error.params["field"]) == ("plan.bad_value", field)
    assert plan.targets() == []


def test_limits_that_cannot_stand_are_refused(plan: Plan) -> None:
    first = plan.set_limit(**LIMIT)
    for values, code in (
        ({"amount": -1}, "plan.bad_value"),
        ({"department": "none"}, "plan.unknown_department"),
        ({"department": ""}, "plan.unknown_department"),
        ({"year": None}, "plan.bad_value"),
        ({}, "plan.limit_twice"),
    ):
        assert refused(lambda told=values: plan.set_limit(**{**LIMIT, **told})).code == code
    assert refused(lambda: plan.set_limit(**LIMIT, id="L-1")).code == "plan.unknown_field"
    second = plan.set_limit(**{**LIMIT, "year": 2029})
    error = refused(lambda: plan.edit_limit(second, year=2028, why="x"))
    assert (error.code, error.params["id"]) == ("plan.limit_twice", first.id)
    plan.put_limit_aside(first, "another year")
    plan.edit_limit(second, year=2028, why="moved")
    assert (
        refused(lambda: plan.put_limit_aside(first.id, "x", back=True)).code == "plan.limit_twice"
    )


def test_the_second_writer_sees_both_versions(plan: Plan, as_actor: Callable[..., Plan]) -> None:
    read = plan.set_target(**TARGET)
    other = as_actor(plan, "approver")
    other.edit_target(read, share=0.8, why="less")
    with pytest.raises(ConflictError) as error:
        plan.edit_target(read, year=2032, why="later")
    assert {each.field for each in error.value.conflicts} == {"year"}
    with pytest.raises(ConflictError):
        plan.put_target_aside(read, "not needed")
    assert plan.edit_target(read, note="minutes 4", why="source").share == 0.8
    assert refused(lambda: plan.edit_target(read.id, share=0.7)).code == "plan.needs_reason"
    assert plan.verify() == ()


@pytest.mark.long
def test_a_backup_and_another_office_have_them(
    plan: Plan, file_target: str, opened: Callable[..., Plan], tmp_path: Path
) -> None:
    target, limit = plan.set_target(**TARGET), plan.set_limit(**LIMIT)
    file = plan.export(tmp_path / "a")
    copy = tmp_path / "copy.sqlite"
    again = opened(str(copy), plan.actor)
    assert again.restore(file) == 2
    assert (again.targets(), again.limits(), again.trail()) == ([target], [limit], plan.trail())
    theirs = opened(str(tmp_path / "theirs.sqlite"), plan.actor)
    assert set(theirs.merge(file).added) == {target.id, limit.id}
    theirs.edit_target(target.id, share=0.7, why="theirs")
    plan.edit_target(target.id, year=2031, why="ours")
    plan.edit_limit(limit.id, note="minutes 7", why="source")
    conflicts = plan.merge(theirs.export(tmp_path / "b")).conflicts
    assert {each.row_id for each in conflicts} == {target.id}
    assert plan.merge(tmp_path / "b", {target.id: "theirs"}).conflicts == ()
    assert (plan.target(target.id).share, plan.target(target.id).year) == (0.7, 2030)
    assert plan.verify() == theirs.verify() == ()


def test_a_file_of_before_there_were_targets_comes_back(
    plan: Plan, complete: Callable[..., object], tmp_path: Path, opened: Callable[..., Plan]
) -> None:
    complete(plan)
    told = json.loads(gzip.decompress(plan.export(tmp_path / "a").read_bytes()))
    again = opened(str(tmp_path / "again.sqlite"), plan.actor)
    for name in ("target", "limit"):
        del told["layers"][name]
    (tmp_path / "a").write_bytes(gzip.compress(canonical(told).encode()))
    assert refused(lambda: again.restore(tmp_path / "a")).code == "plan.not_an_export"
    told["version"] = 1
    for row in told["layers"]["proposal"]:
        del row["cost_high"]
    (tmp_path / "a").write_bytes(gzip.compress(canonical(told).encode()))
    assert again.restore(tmp_path / "a") == 1
    assert again.proposals() == plan.proposals()
    assert again.verify() == ()


@pytest.mark.parametrize("values", [{"share": 7}, {"level": "city"}, {"kind": ""}])
def test_a_file_with_another_target_is_refused(
    file_plan: Plan, tmp_path: Path, values: dict[str, object]
) -> None:
    file_plan.set_target(**TARGET)
    file = file_plan.export(tmp_path / "a")
    told = json.loads(gzip.decompress(file.read_bytes()))
    told["layers"]["target"][0].update(values)
    file.write_bytes(gzip.compress(canonical(told).encode()))
    assert refused(lambda: file_plan.merge(file)).code == "plan.not_an_export"


def test_a_price_has_a_range(plan: Plan, complete: Callable[..., object]) -> None:
    made = complete(plan, cost=10.0)
    sign = made.content_sign
    ranged = plan.edit(made, cost_high=15)
    assert ranged.cost_high == 15.0
    assert ranged.content_sign != sign
    assert plan.edit(ranged, cost_high=None).content_sign == sign
    for values in ({"cost_high": 5.0}, {"cost": None, "cost_high": 5.0}):
        error = refused(lambda told=values: plan.edit(made.id, **told))
        assert (error.code, error.params["field"]) == ("plan.bad_value", "cost_high")


def test_goals_of_the_yearly_kind() -> None:
    rising = Target(kind="clinic", year=2027, share=0.2, step=0.2, years=5)
    assert rising.goals() == {2027: 0.2, 2028: 0.4, 2029: 0.6, 2030: 0.8, 2031: 1.0}
    assert Target(kind="clinic", year=2030, share=0.9).goals() == {2030: 0.9}
    assert Limit.from_row(Limit(id="L", amount=1.0).to_row()) == Limit(id="L", amount=1.0)


def test_a_limit_counts_what_is_about_its_own_district(
    file_plan: Plan, complete: Callable[..., Proposal]
) -> None:
    told = {"year": 2028, "currency": "CNY", "department": "health"}
    for workspace, cost in (("north.gpkg", 90.0), ("south.gpkg", 30.0)):
        complete(file_plan, workspace=workspace, cost=cost, **told)
        file_plan.set_limit(workspace=workspace, amount=100.0, **told)
    file_plan.set_limit(workspace="", amount=1000.0, **told)
    spent = {each.limit.workspace: (each.asked.low, each.state) for each in file_plan.budgets()}
    assert spent == {
        "north.gpkg": (90.0, "within"),
        "south.gpkg": (30.0, "within"),
        "": (120.0, "within"),
    }
    south = file_plan.budgets("south.gpkg")
    assert [each.asked.low for each in south] == [30.0, 120.0]
    assert [each.limit.workspace for each in south] == ["south.gpkg", ""]


def test_prices_that_make_up_a_limit_exactly_keep_it(
    file_plan: Plan, complete: Callable[..., Proposal]
) -> None:
    told = {"year": 2028, "currency": "CNY", "department": "health"}
    made = [complete(file_plan, cost=cost, **told) for cost in (1.1, 2.2)]
    file_plan.set_limit(amount=3.3, **told)
    (budget,) = file_plan.budgets()
    assert (budget.state, budget.over) == ("within", (0.0, 0.0))
    file_plan.edit(made[0].id, cost=1.11)
    (budget,) = file_plan.budgets()
    assert (budget.state, budget.over[0]) == ("asked_over", pytest.approx(0.01))


def test_a_limit_of_all_districts_holds_wherever_one_is_named(
    file_plan: Plan, complete: Callable[..., Proposal]
) -> None:
    told = {"year": 2028, "currency": "CNY", "department": "health"}
    ids = {
        complete(file_plan, workspace=workspace, cost=60.0, **told).id
        for workspace in ("north.gpkg", "south.gpkg")
    }
    file_plan.set_limit(amount=100.0, **told)
    agenda = file_plan.agenda(None, "north.gpkg")
    assert [each.state for each in agenda.budgets] == ["asked_over"]
    (matter,) = [each for each in agenda.matters if each.code == "budget_asked_over"]
    assert set(matter.proposals) == ids == set(agenda.named)
    for language, words in (("en", "in all districts together"), ("zh", "全部区域合计")):
        assert words in matter_sentence(Labels(language), matter, agenda.named)
        assert words in budget_sentence(Labels(language), agenda.budgets[0])
    file_plan.set_limit(amount=200.0, workspace="north.gpkg", **told)
    own = file_plan.budgets("north.gpkg")[1]
    assert "together" not in budget_sentence(Labels("en"), own)


def test_an_approval_tells_which_limits_are_passed_with_it(
    file_plan: Plan, complete: Callable[..., Proposal]
) -> None:
    told = {"year": 2028, "currency": "CNY", "department": "health"}
    one, other, later = (
        complete(file_plan, cost=60.0, **{**told, "year": year}) for year in (2028, 2028, 2029)
    )
    for each in (one, other, later):
        file_plan.step(each, "submit")
        file_plan.step(each.id, "take_up")
        for asked in file_plan.case(each.id).consultations:
            file_plan.consult(each.id, asked.department, "none", why="agreed")
    file_plan.set_limit(amount=100.0, **told)
    assert file_plan.overruns(file_plan.step(one.id, "approve")) == []
    assert file_plan.overruns(file_plan.get(other.id)) == []
    (matter,) = file_plan.overruns(file_plan.step(other.id, "approve"))
    assert (matter.code, set(matter.proposals)) == ("budget_over", {one.id, other.id})
    assert (matter.told["cost_low"], matter.told["over_low"]) == (120.0, 20.0)
    assert file_plan.overruns(file_plan.step(later.id, "approve")) == []
    file_plan.edit(other.id, cost_high=70.0, cost=30.0, why="tender")
    (perhaps,) = file_plan.overruns(file_plan.get(other.id))
    assert (perhaps.code, perhaps.told["over_high"]) == ("budget_perhaps_over", 30.0)
