"""Proposals made of what the tool advises: what they do, cost and bring, and when that is old."""

import math
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from street_town import CRS, crowded_street

import planner
from planner.district import Close, Connect, District, Open, OpenInternal, Scenario
from planner.errors import InputError, messages
from planner.plan import ACTIONS, ConflictError, Plan, Proposal
from planner.plan.exchange.file import read_plan
from planner.plan.proposals.by_hand import Described, change_by_hand
from planner.plan.proposals.merging import merge
from planner.plan.proposals.origins import ORIGINS
from planner.siting.one_stop_sites.answers import OneStopProposal

ROOM = "capacity_residents"


@pytest.fixture(scope="module")
def street() -> District:
    return crowded_street()


@pytest.fixture(scope="module")
def result(street: District):
    return planner.assess(street, groups=["population", "pop_65plus"])


def counts(assessment, kind="clinic", group="population"):
    rows = assessment.summary()
    own = rows[(rows["kind"] == kind) & (rows["group"] == group)].iloc[0]
    return own["covered"], own["unknown"]


@pytest.mark.long
def test_sites_become_proposals_that_say_what_they_cost_and_bring(file_plan: Plan, result) -> None:
    siting = planner.propose(result, kind="clinic", new=2, where=["candidates"])
    made = file_plan.propose(siting, workspace="street.gpkg", year=2027)
    sites = siting.sites
    assert [each.cost for each in made] == list(sites["cost"])
    assert {each.department for each in made} == {"health"}
    assert [each.action for each in made] == ["build"] * 2
    assert [each.shape.equals(spot) for each, spot in zip(made, sites.geometry, strict=True)]
    for each in made:
        before, after = result, result.apply(each.scenario())
        (row,) = [row for row in each.figures.rows if row.group == "population"]
        assert (row.covered_before, row.unknown_before) == counts(before)
        assert (row.covered_after, row.unknown_after) == counts(after)
        assert row.gained == row.covered_after - row.covered_before > 0
    both = result.apply(Scenario("both", [step for each in made for step in each.changes], CRS))
    assert counts(both)[0] - counts(result)[0] == siting.gained
    table = file_plan.table()
    assert set(table["gained"]) == {each.figures.gained() for each in made}
    assert file_plan.verify() == ()


@pytest.mark.long
def test_what_is_decided_is_one_scenario(file_plan: Plan, result, complete) -> None:
    siting = planner.propose(result, kind="clinic", new=2, where=["candidates"])
    made = file_plan.propose(siting, workspace="street.gpkg")
    for each, year in zip(made, (2030, 2027), strict=True):
        file_plan.edit(each, year=year)
        for name in ("submit", "take_up"):
            file_plan.step(each.id, name)
        file_plan.review(each.id, "support", "good", "planning")
        file_plan.step(each.id, "approve")
    decided = file_plan.scenario("decided", "street.gpkg")
    assert [step.facility_id for step in decided.changes] == [
        f"{each.id}/clinic" for each in made[::-1]
    ]
    assert counts(result.apply(decided))[0] - counts(result)[0] == siting.gained
    assert file_plan.scenario("other", "other.gpkg").changes == ()


@pytest.mark.long
def test_figures_are_old_once_what_they_come_from_changed(file_plan: Plan, street, result) -> None:
    siting = planner.propose(result, kind="clinic", new=2, where=["candidates"])
    first, second = file_plan.propose(siting, workspace="street.gpkg")
    assert file_plan.stale(first, result) == ()
    moved = street.with_layers(
        demand=street.demand.assign(population=street.demand["population"] + 1)
    )
    assert file_plan.stale(first, planner.assess(moved, groups=["population", "pop_65plus"])) == (
        "data",
    )
    rules = dict(result.standard.rules)
    rules["clinic"] = replace(rules["clinic"], limit_m=500.0)
    stricter = replace(result.standard, rules=rules)
    other = planner.assess(street, stricter, groups=["population", "pop_65plus"])
    assert file_plan.stale(first, other) == ("standard",)
    fewer = planner.assess(street, groups=["population"])
    assert file_plan.stale(first, fewer) == ("question",)
    for name in ("submit", "take_up"):
        file_plan.step(first.id, name)
    file_plan.review(first.id, "support", "good", "planning")
    file_plan.step(first.id, "approve")
    assert file_plan.stale(second, result) == ("earlier",)
    again = file_plan.recompute(second, result)
    assert file_plan.stale(again, result) == ()
    assert again.figures.gained() == siting.gained - first.figures.gained()
    assert file_plan.stale(file_plan.get(first.id), result) == ()
    assert file_plan.stale(file_plan.add(title="x"), result) == ("never",)


def test_a_scenario_becomes_a_proposal_for_each_thing(file_plan: Plan, result, street) -> None:
    spot = street.facilities.geometry.iloc[0]
    steps = [
        Open("n1", "clinic", spot.x, spot.y, "One roof"),
        Open("n2", "library", spot.x, spot.y),
        OpenInternal("unit"),
        Close("a"),
        Connect(spot.x, spot.y, spot.x, spot.y + 90.0),
    ]
    made = file_plan.propose(Scenario("all", steps, CRS), assessment=result, figures=False)
    told = [(each.action, each.kinds, each.facility_id) for each in made]
    assert told == [
        ("build", ("clinic", "library"), ""),
        ("open_internal", ("clinic",), "unit"),
        ("close", ("clinic",), "a"),
        ("path", (), ""),
    ]
    assert [step.facility_id for step in made[0].changes] == [
        f"{made[0].id}/clinic",
        f"{made[0].id}/library",
    ]
    assert made[0].title == "One roof"
    assert made[1].known_by["unit"]["name"] == "U"
    assert made[3].shape.length == 90.0
    with pytest.raises(InputError, match="workspace"):
        file_plan.propose(Scenario("all", steps, CRS))
    with pytest.raises(InputError, match="nothing"):
        file_plan.propose(Scenario("none", [], CRS), assessment=result)


@pytest.mark.long
def test_a_one_stop_building_is_one_proposal(file_plan: Plan, result) -> None:
    kinds = ["clinic", "police_room"]
    advice: OneStopProposal = planner.propose_one_stop(result, kinds, 400.0)
    made = file_plan.propose(advice, figures=False)
    buildings = advice.buildings
    assert [";".join(each.kinds) for each in made] == list(buildings["kinds"])
    assert [each.cost for each in made] == list(buildings["cost"])
    assert {each.origin for each in made} == {"one_stop"}


def test_gaps_become_proposals_that_wait_for_a_site(file_plan: Plan, result) -> None:
    gaps = result.gaps("clinic")
    made = file_plan.propose(gaps, assessment=result, figures=False)
    assert len(made) == len(gaps) > 0
    for each, area in zip(made, gaps.geometry, strict=True):
        assert (each.origin, each.kinds, each.department) == ("gap", ("clinic",), "health")
        assert area.covers(each.shape)
    with pytest.raises(InputError, match="changes"):
        file_plan.step(next(each for each in made if not each.changes), "submit")


def test_links_become_proposals(file_plan: Plan, result) -> None:
    line = shapely.LineString([(390_000.0, 2_860_000.0), (390_000.0, 2_860_100.0)])
    row = {"x1": 390_000.0, "y1": 2_860_000.0, "x2": 390_000.0, "y2": 2_860_100.0}
    links = gpd.GeoDataFrame(
        [{**row, "gate_name": "North", "length_m": 100.0}], geometry=[line], crs=CRS
    )
    (made,) = file_plan.propose(links, assessment=result, figures=False)
    assert (made.origin, made.action, made.title) == ("link", "path", "North")
    assert made.kinds == ()


@pytest.mark.long(but=1)
@pytest.mark.parametrize("action", ACTIONS)
def test_every_action_is_described_by_hand(
    street: District, action: str, file_plan, result
) -> None:
    whose = "unit" if action == "open_internal" else "a"
    told = Described(
        "clinic", whose, 390_500.0, 2_860_010.0, 390_520.0, 2_860_060.0, "24/7", "vaccination", 50.0
    )
    steps = change_by_hand(street, action, told)
    if action == "outreach":
        assert steps == ()
        return
    district = result.apply(Scenario("x", steps, CRS)).district
    assert district is not street
    (made,) = file_plan.propose(
        steps, assessment=result, action=action, figures=False, origin="hand"
    )
    assert (made.action, made.origin) == (action, "hand")
    with pytest.raises(InputError):
        change_by_hand(street, action, Described())


@pytest.mark.long
def test_an_enlargement_is_in_the_unit_in_which_the_facility_tells_its_room(street) -> None:
    def roomy(**columns: float) -> District:
        row = street.facilities["facility_id"] == "a"
        there = street.facilities.assign(**dict.fromkeys(("capacity", ROOM), math.nan))
        for name, value in columns.items():
            there.loc[row, name] = value
        return street.with_layers(facilities=there)

    residents, visits = roomy(capacity_residents=400.0), roomy(capacity=40.0)
    for town, code, wrong, right in (
        (residents, "plan.room_in_residents", {"capacity": 900.0}, {ROOM: 900.0}),
        (visits, "plan.room_in_visits", {ROOM: 900.0}, {"capacity": 900.0}),
    ):
        with pytest.raises(InputError) as error:
            change_by_hand(town, "enlarge", Described(facility_id="a", **wrong))
        assert error.value.code == code
        assert error.value.params["room"] == ("400" if town is residents else "40")
        (step,) = change_by_hand(town, "enlarge", Described(facility_id="a", **right))
        assert {name: getattr(step, name) for name in right} == right
    # one that tells none has whichever is told, and one that tells both has them in proportion
    for town in (roomy(), roomy(capacity=40.0, capacity_residents=400.0)):
        assert change_by_hand(town, "enlarge", Described(facility_id="a", capacity=80.0))


@pytest.mark.long
def test_an_origin_that_is_none_is_refused_and_each_other_has_its_words(file_plan, result) -> None:
    longer = change_by_hand(
        result.district, "extend_hours", Described(facility_id="a", hours="24/7")
    )
    with pytest.raises(InputError) as error:
        file_plan.propose(longer, assessment=result, figures=False, origin="guess")
    assert (error.value.code, error.value.params["field"]) == ("plan.bad_value", "origin")
    assert file_plan.proposals() == []
    for origin in ORIGINS:
        (made,) = file_plan.propose(longer, assessment=result, figures=False, origin=origin)
        assert made.origin == origin
        assert f"plan_details.of_{origin}" in messages()


def test_edits_of_different_fields_merge_and_of_the_same_conflict(
    plan: Plan, complete, for_kinds
) -> None:
    read = complete(plan, cost=10.0)
    plan.edit(read, cost=20.0)
    assert (plan.edit(read, year=2028).cost, plan.get(read.id).year) == (20.0, 2028)
    assert plan.edit(read, cost=20.0).version == 3  # both want the same
    with pytest.raises(ConflictError) as error:
        plan.edit(read, cost=30.0, title="lost?")
    (conflict,) = error.value.conflicts
    assert (conflict.base, conflict.ours, conflict.theirs) == (10.0, 30.0, 20.0)
    assert plan.get(read.id).title == read.title
    plan.edit(read, **for_kinds("library"))
    with pytest.raises(ConflictError):
        plan.edit(read, geometry="010100000000000000000034400000000000003440")
    assert plan.verify() == ()


FIELDS = ["a", "b", "c", "d"]
ROWS = st.fixed_dictionaries(dict.fromkeys(FIELDS, st.integers(0, 2)))


@settings(max_examples=60, derandomize=True)
@given(ROWS, ROWS, ROWS)
def test_a_merge_loses_nothing(base, ours, theirs) -> None:
    taken, conflicts = merge(base, ours, theirs, [["c", "d"]])
    merged = {**theirs, **taken}
    clashing = {each.field for each in conflicts}
    for name in FIELDS:
        mine, yours = ours[name] != base[name], theirs[name] != base[name]
        if mine and yours and ours[name] != theirs[name]:
            assert name in clashing
        elif name not in clashing:
            assert merged[name] == (ours[name] if mine else theirs[name])
    if not clashing:
        bound = [tuple(row[name] for name in "cd") for row in (merged, base, ours, theirs)]
        assert bound[0] in bound[1:]


@pytest.mark.long
def test_many_proposals_are_read_in_few_questions(file_plan: Plan, complete) -> None:
    from sqlalchemy import event

    for number in range(30):
        made = complete(file_plan, title=str(number))
        file_plan.comment(made.id, "seen")
    asked: list[str] = []
    event.listen(
        file_plan.store.engine,
        "before_cursor_execute",
        lambda _c, _x, statement, *_: asked.append(statement),
    )
    assert len(file_plan.table()) == 30
    assert all(len(case.comments) == 1 for case in file_plan.cases())
    assert len([each for each in asked if each.startswith("SELECT")]) == 2 * 6


def test_only_what_is_wanted_is_read(file_plan: Plan, complete: Callable[..., object]) -> None:
    from planner.plan import Wanted

    one = complete(file_plan, year=2027)
    two = complete(file_plan, department="culture", kinds=["library"], action="close")
    file_plan.step(two, "submit")
    for wanted, found in (
        (Wanted(status=("draft",)), one),
        (Wanted(department="culture"), two),
        (Wanted(year=2027), one),
        (Wanted(kind="library"), two),
    ):
        assert [each.id for each in file_plan.proposals(wanted)] == [found.id]
    assert file_plan.proposals(Wanted(workspace="other.gpkg")) == []


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ({"cost": 12.0}, {"currency": "EUR"}),
        ({"cost": 120.0}, {"cost_high": 90.0}),
        ({"cost_source": "checked by the bureau"}, {"cost": 99.0}),
    ],
)
def test_the_parts_of_a_price_are_never_of_two_people(
    file_plan: Plan,
    complete: Callable[..., Proposal],
    tmp_path: Path,
    ours: dict[str, object],
    theirs: dict[str, object],
) -> None:
    read = complete(file_plan, cost=50.0, currency="CNY")
    file_plan.edit(read, note="seen", **theirs)
    with pytest.raises(ConflictError) as error:
        file_plan.edit(read, **ours)
    assert [each.field for each in error.value.conflicts] == list(ours)
    assert file_plan.edit(read, title="Another name").title == "Another name"
    assert read_plan(file_plan.export(tmp_path / "plan")).entries


def test_the_price_of_one_office_does_not_meet_the_unit_of_the_other(
    file_plan: Plan,
    complete: Callable[..., Proposal],
    blank_file: Path,
    opened: Callable[..., Plan],
    tmp_path: Path,
) -> None:
    own = complete(file_plan, cost=50.0, currency="CNY").id
    other = opened(shutil.copyfile(blank_file, tmp_path / "other.sqlite"))
    other.merge(file_plan.export(tmp_path / "a"))
    file_plan.edit(own, cost=12.0)
    other.edit(own, currency="EUR")
    found = file_plan.merge(other.export(tmp_path / "b"))
    assert {each.conflict.field for each in found.conflicts} == {"cost", "currency"}
    assert (file_plan.get(own).cost, file_plan.get(own).currency) == (12.0, "CNY")
