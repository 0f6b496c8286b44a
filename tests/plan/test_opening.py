"""What opened becomes part of the data: corrections beside the workspace, with their source."""

from pathlib import Path

import pytest
from street_town import CRS, crowded_street

import planner
from planner.district import (
    AddService,
    Close,
    Connect,
    Enlarge,
    ExtendHours,
    Move,
    Open,
    OpenInternal,
    Scenario,
)
from planner.errors import InputError
from planner.plan import Plan
from planner.sources import read_district
from planner.sources.corrections import read_corrections

SPOT = (391_000.0, 2_860_000.0)
STEPS = [
    Open("n", "clinic", *SPOT, name="New", floor_area_m2=150.0),
    Open("m", "library", *SPOT),
    OpenInternal("unit"),
    ExtendHours("a", "24/7"),
    AddService("b", "vaccination"),
    Enlarge("c", 80.0),
    Move("d", 392_050.0, 2_860_000.0),
    Close("partner"),
]


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("town") / "street.gpkg"
    planner.write_district(crowded_street(), file)
    return file


@pytest.fixture
def copy(workspace: Path, tmp_path: Path) -> Path:
    file = tmp_path / "street.gpkg"
    file.write_bytes(workspace.read_bytes())
    return file


def approved(plan: Plan, steps, result):
    made = plan.propose(Scenario("all", steps, CRS), assessment=result, figures=False)
    for each in made:
        plan.edit(each, department="health")
        plan.step(each.id, "submit")
        plan.step(each.id, "take_up")
        for asked in plan.case(each.id).consultations:
            plan.consult(each.id, asked.department, "none", why="agreed")
        plan.step(each.id, "approve")
    return [plan.get(each.id) for each in made]


def test_what_opened_is_what_was_proposed(file_plan: Plan, copy: Path) -> None:
    result = planner.assess(read_district(copy))
    wanted = result.apply(Scenario("all", STEPS, CRS)).district.facilities
    decided = approved(file_plan, STEPS, result)
    for each in decided:
        done, made = file_plan.open_in(each, copy, "hand-over of 2027-05-01")
        assert (done.status, done.opened_source) == ("opened", "hand-over of 2027-05-01")
        assert made
    now = read_district(copy).facilities
    columns = [
        "name",
        "kind",
        "status",
        "ownership",
        "opening_hours",
        "services",
        "capacity",
        "floor_area_m2",
    ]

    def plain(rows):
        told = rows.assign(x=rows.geometry.x, y=rows.geometry.y)[[*columns, "x", "y"]]
        return sorted(map(str, told.astype(object).itertuples(index=False, name=None)))

    assert plain(now) == plain(wanted)
    told = now["source"][now["source"].str.contains("hand-over")]
    assert len(told) == len(STEPS)
    assert all(f"({each.id})" in " ".join(told) for each in decided)
    assert file_plan.decided() == []
    assert file_plan.verify() == ()


def test_nothing_is_corrected_twice(file_plan: Plan, copy: Path, monkeypatch) -> None:
    result = planner.assess(read_district(copy))
    (only,) = approved(file_plan, STEPS[:1], result)

    def fail(*_args: object, **_more: object) -> None:
        raise InputError("plan.no_such_row", id="x")

    monkeypatch.setattr(file_plan, "step", fail)
    with pytest.raises(InputError):
        file_plan.open_in(only, copy, "seen")
    monkeypatch.undo()
    kept = read_corrections(copy)
    assert len(kept.steps) == 1
    done, made = file_plan.open_in(only, copy, "seen")
    assert (done.status, made) == ("opened", ())
    assert read_corrections(copy) == kept


def test_who_may_not_open_corrects_nothing(file_plan: Plan, copy: Path, as_actor) -> None:
    result = planner.assess(read_district(copy))
    (only,) = approved(file_plan, STEPS[:1], result)
    for plan, source in ((as_actor(file_plan, "reviewer"), "seen"), (file_plan, " ")):
        with pytest.raises(InputError):
            plan.open_in(only, copy, source)
    draft = file_plan.propose(Scenario("x", STEPS[2:3], CRS), assessment=result, figures=False)[0]
    with pytest.raises(InputError):
        file_plan.open_in(draft, copy, "seen")
    assert read_corrections(copy).steps == ()


def test_a_way_that_opened_stays_in_the_joint_plan(file_plan: Plan, copy: Path) -> None:
    result = planner.assess(read_district(copy))
    way = Connect(390_000.0, 2_860_000.0, 390_050.0, 2_860_020.0)
    (only,) = approved(file_plan, [way], result)
    done, made = file_plan.open_in(only, copy, "seen")
    assert (done.status, made) == ("opened", ())
    assert [each.id for each in file_plan.decided()] == [done.id]
