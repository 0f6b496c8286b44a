"""One house of several proposals: what it is, who may make it, and what becomes of the parts."""

import itertools
import shutil
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from postgres import Postgres
from street_town import X, Y, crowded_street

import planner
from planner.district import Open
from planner.errors import InputError
from planner.plan import Actor, ConflictError, Plan, Proposal, houses
from planner.plan.coordination.houses import planned_once
from planner.plan.coordination.meeting.house_matters import stuck_houses
from planner.plan.coordination.meeting.matters import matters_without_district
from planner.plan.coordination.meeting.open_cases import asked_of, objected_to, waiting_cases
from planner.plan.houses import FOLLOWS
from planner.plan.people import ROLES
from planner.plan.store.opening import open_store
from planner.plan.workflow.guards import offers
from planner.siting.costs import builtin_costs
from planner.views.tables.plan.joint_plan import costs_table
from planner.views.words.labels import Labels
from planner.views.words.plan.agenda import agenda_points, matter_sentence, talk_sentence
from planner.views.words.plan.areas import area_sentence
from planner.views.words.plan.proposals import (
    cost_source_word,
    entry_cells,
    house_sentences,
)
from planner.views.words.plan.targets import budget_sentence

UNIT = "CNY 10,000"
NUMBERS = itertools.count()


@pytest.fixture(scope="module")
def result():
    return planner.assess(crowded_street())


@pytest.fixture(params=["file", pytest.param("server", marks=pytest.mark.long)])
def target(request: pytest.FixtureRequest) -> str:
    """Where an empty plan is kept; what a server keeps otherwise is in test_store.py and beside."""
    return str(request.getfixturevalue(f"{request.param}_target"))


def at(plan: Plan, result, metres: float, kind: str, **values: object) -> Proposal:
    steps = [Open("n", kind, X + metres, Y, f"{kind} {metres:.0f}")]
    (made,) = plan.propose(steps, assessment=result, **values)
    return made


def propose_two(target: str, result) -> None:
    """Propose a clinic, and a police room 130 m away where fewer live."""
    priced = {"cost_high": None, "currency": UNIT, "year": 2028}
    with Plan(open_store(target), Actor("Wang", frozenset(ROLES))) as plan:
        at(plan, result, 3200.0, "clinic", cost=100.0, cost_source="verified", **priced)
        at(plan, result, 3330.0, "police_room", cost=50.0, cost_source="tender", **priced)


@pytest.fixture(scope="module")
def file_of_two(blank_file: Path, result, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A plan in a file with the two proposals that most tests begin with."""
    file = Path(shutil.copyfile(blank_file, tmp_path_factory.mktemp("two") / "plan.sqlite"))
    propose_two(str(file), result)
    return file


@pytest.fixture(scope="module")
def database_of_two(postgres: Postgres, blank_database: str, result) -> str:
    """The same on the server."""
    # a run that shuffles the tests comes to this module several times
    name = f"two{next(NUMBERS)}"
    postgres.copy(blank_database, name)
    propose_two(postgres.address(name), result)
    return name


@pytest.fixture
def file_target(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    begun = "file_of_two" if "two" in request.fixturenames else "blank_file"
    return str(shutil.copyfile(request.getfixturevalue(begun), tmp_path / "plan.sqlite"))


@pytest.fixture
def server_target(request: pytest.FixtureRequest, postgres: Postgres) -> str:
    begun = "database_of_two" if "two" in request.fixturenames else "blank_database"
    name = f"house{next(NUMBERS)}"
    postgres.copy(request.getfixturevalue(begun), name)
    return postgres.address(name)


@pytest.fixture
def two(plan: Plan) -> tuple[Proposal, Proposal]:
    """The clinic and the police room."""
    by_kind = {each.kinds[0]: each for each in plan.proposals()}
    return by_kind["clinic"], by_kind["police_room"]


def refused(call: Callable[[], object]) -> InputError:
    with pytest.raises(InputError) as error:
        call()
    assert str(error.value)
    return error.value


def codes(plan: Plan, result) -> dict[str, tuple[str, ...]]:
    return {each.code: each.proposals for each in plan.agenda(result).matters}


def agreed(plan: Plan, own: str) -> Proposal:
    plan.step(own, "submit")
    plan.step(own, "take_up")
    for asked in plan.case(own).waiting_for:
        plan.review(own, "support", "fits", asked.department)
    return plan.step(own, "approve")


@pytest.mark.long
def test_a_house_has_all_kinds_where_they_bring_most(plan: Plan, two, result) -> None:
    clinic, room = two
    house = plan.combine([room.id, clinic.id], result)
    assert (house.status, house.origin, house.action) == ("draft", "joint", "build")
    assert house.made_of == (room.id, clinic.id)
    assert set(house.kinds) == {"clinic", "police_room"}
    assert [step.facility_id for step in house.changes] == [
        f"{house.id}/{kind}" for kind in house.kinds
    ]
    brought = {}
    for single in two:
        moved = [Open(f"n-{kind}", kind, single.shape.x, single.shape.y) for kind in house.kinds]
        draft = plan.propose([moved[0]], assessment=result, figures=False)[0]
        both = plan.edit(draft, changes=moved, kinds=list(house.kinds))
        brought[single.id] = plan.recompute(both, result).figures.gained()
    assert brought[clinic.id] != brought[room.id]
    best = max(brought, key=brought.__getitem__)
    assert house.geometry == plan.get(best).geometry
    assert house.figures.gained() == brought[best]
    assert house.department == plan.get(best).department
    assert house.year == 2028
    assert plan.verify() == ()


@pytest.mark.long
@pytest.mark.parametrize("host", [0, 1])
def test_the_price_is_that_of_all_less_what_the_agenda_says_is_saved(
    plan: Plan, two, result, host: int
) -> None:
    first, guest = two[host], two[1 - host]
    house = plan.combine([each.id for each in two], result, site=first.id)
    saving = builtin_costs().one_stop_saving
    assert house.geometry == first.geometry
    assert house.cost == first.cost + (1 - saving) * guest.cost
    assert (house.cost_high, house.currency) == (None, UNIT)
    assert "nobody has checked" in cost_source_word(Labels("en"), house.cost_source)
    assert "未经核对" in cost_source_word(Labels("zh"), house.cost_source)


@pytest.mark.long
def test_a_house_without_all_prices_has_none_and_says_so(plan: Plan, two, result) -> None:
    clinic, room = two
    for values in ({"cost": None, "cost_source": ""}, {"cost": 50.0, "currency": "EUR"}):
        room = plan.edit(room.id, **values)
        house = plan.combine([clinic.id, room.id], result)
        assert (house.cost, house.currency, house.cost_source) == (None, "", "")
        told = house_sentences(Labels("en"), house, plan.parts_of(house))
        assert any("no price" in each and room.id in each for each in told)
        plan.step(house, "withdraw", "tried")
    ranged = plan.edit(room.id, cost=50.0, cost_high=80.0, currency=UNIT, cost_source="a")
    house = plan.combine([clinic.id, ranged.id], result, site=clinic.id)
    assert (house.cost, house.cost_high) == (137.5, 160.0)


def test_it_may_stand_elsewhere_and_the_dearest_pays_all(plan: Plan, two, result) -> None:
    house = plan.combine([each.id for each in two], result, site=(X + 3250.0, Y), title="House")
    assert (house.shape.x, house.title, house.cost) == (X + 3250.0, "House", 137.5)
    assert {(step.x, step.building) for step in house.changes} == {(X + 3250.0, house.id)}
    plan.step(house, "withdraw", "tried")
    far = refused(lambda: plan.combine([x.id for x in two], result, site=(X, Y + 90_000.0)))
    assert far.code == "plan.place_outside"


@pytest.mark.long
def test_the_parts_stay_until_the_house_is_approved(plan: Plan, two, result) -> None:
    clinic, room = two
    assert "shared_building" in codes(plan, result)
    house = plan.combine([clinic.id, room.id], result)
    assert [plan.get(each.id).status for each in two] == ["draft", "draft"]
    assert plan.house_of(clinic).id == house.id
    # a draft moves nothing, and nobody is advised to make a second
    assert codes(plan, result) == {"house_drafted": (house.id, clinic.id, room.id)}
    plan.step(house, "submit")
    assert codes(plan, result) == {"one_house": (house.id, clinic.id, room.id)}
    (matter,) = plan.agenda(result).matters
    assert matter.people == house.figures.gained()
    plan.step(house.id, "send_back", "look again")
    agreed(plan, house.id)
    for each in two:
        ended = plan.get(each.id)
        assert (ended.status, ended.superseded_by) == ("superseded", house.id)
        assert plan.trail(each.id)[-1]["deed"] == "supersede"
        assert plan.trail(each.id)[-1]["why"] == house.id
    assert plan.agenda(result).matters == ()
    assert plan.stale(plan.get(house.id), result) == ()
    assert [each.id for each in plan.decided()] == [house.id]
    assert plan.verify() == ()


@pytest.mark.long
def test_a_house_that_is_withdrawn_leaves_all_as_it_was(plan: Plan, two, result) -> None:
    before = codes(plan, result)
    house = plan.combine([each.id for each in two], result)
    plan.step(house, "withdraw", "no land")
    assert codes(plan, result) == before
    assert plan.house_of(two[0]) is None
    again = plan.combine([each.id for each in two], result)
    error = refused(lambda: plan.step(house.id, "reopen", "land was found"))
    assert error.code == "plan.combine_taken"
    assert again.id in str(error)
    plan.step(again, "withdraw", "the first is better")
    plan.step(house.id, "reopen", "land was found")
    assert plan.step(house.id, "submit").status == "submitted"


@pytest.mark.long
def test_no_limit_of_a_budget_counts_both(plan: Plan, two, result) -> None:
    plan.set_limit(department="health", year=2028, amount=500.0, currency=UNIT)
    plan.set_limit(department="public_security", year=2028, amount=500.0, currency=UNIT)
    house = plan.combine([each.id for each in two], result)
    asked = [own for each in plan.budgets() for own in each.asked.proposals]
    assert asked == [each.id for each in two]  # a draft moves nobody's sums
    plan.step(house, "submit")
    asked = [own for each in plan.budgets() for own in each.asked.proposals]
    assert asked == [house.id]
    agreed(plan, two[0].id)
    asked = [own for each in plan.budgets() for own in each.asked.proposals]
    assert asked == [two[1].id]  # the house can no longer be approved
    assert refused(lambda: plan.step(house.id, "take_up")).code == "plan.part_ended"


@pytest.mark.long
def test_who_is_asked_about_the_house_is_not_asked_about_its_parts(plan: Plan, two, result) -> None:
    plan.step(two[1].id, "submit")
    house = plan.combine([each.id for each in two], result, site=two[0].id)
    assert [case.proposal.id for case in plan.agenda().to_take_up] == [two[1].id]
    plan.step(house, "submit")
    assert [case.proposal.id for case in plan.agenda().to_take_up] == [house.id]
    assert "public_security" in {each.department for each in plan.case(house.id).consultations}


@pytest.mark.long
def test_a_house_and_its_parts_are_asked_for_once(plan: Plan, two, result) -> None:
    clinic, room = two
    for each in two:
        plan.step(each.id, "submit")
        plan.consult(each.id, "planning", due="2099-01-01")
    house = plan.combine([each.id for each in two], result)

    def asked() -> set[str]:
        return {case.proposal.id for case in asked_of(plan.cases())}

    def waiting(department: str = "") -> list[str]:
        return [case.proposal.id for case in waiting_cases(plan.cases(), department)]

    assert asked() == {clinic.id, room.id}
    plan.step(house.id, "submit")
    assert asked() == {house.id}
    assert waiting() == waiting("planning") == [house.id]
    said = plan.review(clinic.id, "object", "no water", "culture")
    assert {case.proposal.id for case in objected_to(plan.cases())} == {clinic.id}
    assert set(waiting()) == {clinic.id, house.id}
    assert waiting("planning") == [house.id]
    assert clinic.id in waiting(clinic.department)
    plan.answer(said.id, "A pipe is laid.")
    plan.step(house.id, "withdraw", "each by itself")
    assert asked() == set(waiting("planning")) == {clinic.id, room.id}


@pytest.mark.long
def test_the_department_of_a_part_is_asked_whatever_its_kind(plan: Plan, two, result) -> None:
    clinic, room = two
    plan.edit(room.id, department="education")
    house = plan.combine([clinic.id, room.id], result, site=clinic.id)
    plan.step(house, "submit")
    asked = {each.department: each.need for each in plan.case(house.id).consultations}
    assert asked["education"] == asked["public_security"] == "needed"


def needed_on(plan: Plan, own: str) -> set[str]:
    return {each.department for each in plan.case(own).consultations if each.need == "needed"}


@pytest.mark.long
@pytest.mark.parametrize("handed_in", [True, False], ids=["handed in", "draft"])
def test_an_answer_needed_on_a_part_is_needed_on_its_house(
    plan: Plan, two, result, handed_in: bool
) -> None:
    clinic, _ = two
    for each in two:
        plan.step(each.id, "submit")
    house = plan.combine([each.id for each in two], result, site=clinic.id)
    if handed_in:
        plan.step(house.id, "submit")
    plan.consult(clinic.id, "education", "wished")
    plan.consult(clinic.id, "housing", "needed", note="the yard")
    if not handed_in:
        assert plan.case(house.id).consultations == ()
        plan.step(house.id, "submit")
    assert "housing" in needed_on(plan, house.id)
    assert "education" not in needed_on(plan, house.id)
    plan.step(house.id, "take_up")
    for asked in plan.case(house.id).waiting_for:
        if asked.department != "housing":
            plan.review(house.id, "support", "fits", asked.department)
    assert [x.proposal.id for x in waiting_cases(plan.cases(), "housing")] == [house.id]
    assert refused(lambda: plan.step(house.id, "approve")).params["departments"] == "housing"
    plan.review(house.id, "support", "no yard is lost", "housing")
    assert plan.step(house.id, "approve").status == "approved"


@pytest.mark.long
def test_who_proposes_a_part_since_an_edit_is_asked_on_its_house(plan: Plan, two, result) -> None:
    clinic, room = two
    plan.step(clinic.id, "submit")
    house = plan.combine([each.id for each in two], result, site=clinic.id)
    plan.step(house.id, "submit")
    # the room is a draft still, and what is asked on the clinic is asked on the house as well
    plan.edit(room.id, department="civil_affairs")
    assert "civil_affairs" in needed_on(plan, house.id)
    before = needed_on(plan, house.id)
    plan.edit(clinic.id, department="culture")
    assert needed_on(plan, house.id) == {*before, "culture"}
    assert "health" in needed_on(plan, clinic.id)
    assert plan.get(house.id).department == "health"
    assert "health" not in needed_on(plan, house.id)  # it proposes the house


@pytest.mark.long
def test_only_planners_of_one_of_the_departments_make_it(
    plan: Plan, two, result, as_actor: Callable[..., Plan]
) -> None:
    ids = [each.id for each in two]
    entries = plan.store.head()[0]
    for roles, department in (
        (("viewer",), ""),
        (("approver",), ""),
        (("reviewer",), "health"),
        (("planner",), "education"),
    ):
        who = as_actor(plan, *roles, department=department)
        assert refused(lambda who=who: who.combine(ids, result)).code == "plan.may_not"
    assert plan.store.head()[0] == entries
    own = as_actor(plan, "planner", department="public_security")
    house = own.combine(ids, result, site=ids[0])
    assert house.department == "public_security"
    assert plan.trail(house.id)[0]["actor"] == "Li"
    assert plan.trail(house.id)[0]["deed"] == "combine"
    plan.step(house, "withdraw", "tried")
    every = as_actor(plan, "administrator").combine(ids, result, site=ids[0])
    assert every.department == "health"


@pytest.mark.long
def test_what_cannot_be_one_house_is_refused_in_words(plan: Plan, two, result) -> None:
    clinic, room = two
    second = at(plan, result, 1500.0, "clinic")
    (unit,) = plan.propose([planner.district.OpenInternal("unit")], assessment=result)
    elsewhere = at(plan, result, 1500.0, "library", workspace="other.gpkg")
    gone = at(plan, result, 1500.0, "library")
    plan.step(gone, "withdraw", "no money")
    decided = at(plan, result, 2600.0, "library")
    agreed(plan, decided.id)

    def code(*ids: str, **values: object) -> str:
        return refused(lambda: plan.combine(list(ids), result, **values)).code

    assert code(clinic.id) == code(clinic.id, clinic.id) == "plan.combine_few"
    assert code(clinic.id, second.id) == "plan.combine_kinds"
    assert code(room.id, unit.id) == "plan.combine_action"
    assert code(room.id, elsewhere.id) == "plan.combine_districts"
    assert code(room.id, gone.id) == code(room.id, decided.id) == "plan.combine_status"
    assert code(room.id, "P-0000-0000") == "plan.no_such_proposal"
    assert code(room.id, clinic.id, site=second.id) == "plan.combine_site"
    assert code(elsewhere.id, room.id, workspace="x.gpkg") == "plan.other_workspace"
    plan.combine([room.id, clinic.id], result)
    assert code(room.id, clinic.id) == "plan.combine_taken"


def test_what_changed_since_it_was_read_is_not_taken_in(plan: Plan, two, result) -> None:
    plan.edit(two[1].id, cost=90.0)
    with pytest.raises(ConflictError):
        plan.combine(list(two), result)
    assert all(not each.made_of for each in plan.proposals())


def test_a_place_of_a_gap_is_none(plan: Plan, two, result) -> None:
    gap = plan.propose(result.gaps("clinic").iloc[[0]], assessment=result)[0]
    assert not gap.changes
    house = plan.combine([gap.id, two[1].id], result)
    assert house.geometry == two[1].geometry
    assert set(house.kinds) == {"clinic", "police_room"}
    plan.step(house, "withdraw", "tried")
    other = plan.add(kinds=["library"], department="culture", crs=gap.crs, geometry=gap.geometry)
    error = refused(lambda: plan.combine([gap.id, other.id], result))
    assert error.code == "plan.combine_no_place"


@pytest.mark.long
def test_an_area_that_is_not_known_is_said_and_the_sum_is_the_least(plan: Plan, result) -> None:
    clinic = at(plan, result, 3200.0, "clinic", floor_area_m2=250.0)
    gap = {"kinds": ["library"], "geometry": clinic.geometry, "crs": clinic.crs}
    room = plan.add(department="culture", **gap)
    house = plan.combine([clinic, room], result, site=clinic.id)
    assert house.floor_area_m2 is None
    for language, least in (("en", "at least 250.00 m²"), ("zh", "至少 250.00 m²")):
        said = area_sentence(Labels(language), house)
        assert least in said
        assert Labels(language).kind("library") in said
        assert "clinic 3200" not in said
    assert area_sentence(Labels("en"), clinic) == ""
    plan.step(house, "withdraw", "its area is known now")
    known = plan.edit(room.id, floor_area_m2=80.0)
    whole = plan.combine([clinic, known], result, site=clinic.id)
    assert [step.floor_area_m2 for step in whole.changes] == [250.0, 80.0]
    assert whole.floor_area_m2 == 330.0
    assert area_sentence(Labels("en"), whole) == ""


@pytest.mark.long
def test_a_house_in_a_house_is_refused_with_the_way_out(plan: Plan, two, result) -> None:
    house = plan.combine([each.id for each in two], result)
    third = at(plan, result, 3250.0, "library")
    error = refused(lambda: plan.combine([house.id, third.id], result))
    assert error.code == "plan.combine_house"
    assert all(each.id in str(error) for each in (house, *two))
    plan.step(house, "withdraw", "a third comes in")
    larger = plan.combine([*(each.id for each in two), third.id], result)
    assert larger.made_of == (*house.made_of, third.id)
    assert len(larger.kinds) == len(larger.changes) == 3


@pytest.mark.long
def test_a_house_passes_to_another_office(plan: Plan, two, result, tmp_path, opened) -> None:
    house = plan.combine([each.id for each in two], result)
    file = plan.export(tmp_path / "a.plan")
    other = opened(str(tmp_path / "other.sqlite"))
    other.merge(file)
    assert other.get(house.id) == plan.get(house.id)
    assert other.verify() == ()


@pytest.mark.long
def test_a_price_given_to_a_house_is_not_the_sum_and_has_no_range_of_it(
    plan: Plan, two, result
) -> None:
    clinic, room = two
    plan.edit(room.id, cost_high=90.0, cost_source="tender")
    own = [each.id for each in two]
    house = plan.combine(own, result, site=clinic.id, cost=70.0)
    assert (house.cost, house.cost_high, house.cost_source) == (70.0, None, "")
    plan.step(house, "withdraw", "tried")
    told = plan.combine(own, result, site=clinic.id, cost=70.0, cost_source="tender")
    assert (told.cost, told.cost_high, told.cost_source) == (70.0, None, "tender")


@pytest.mark.long
def test_the_agenda_tells_the_saving_of_the_list_that_the_house_is_made_by(
    plan: Plan, two, result
) -> None:
    dear = replace(builtin_costs(), one_stop_saving=0.5)
    (matter,) = plan.agenda(result, costs=dear).matters
    host, guest = (plan.get(own) for own in matter.proposals)
    house = plan.combine(matter.proposals, result, site=host.id, costs=dear)
    assert matter.told["saved"] == 0.5 * guest.cost == host.cost + guest.cost - house.cost


def test_gains_by_several_standards_or_units_are_told_each_by_its_own(two, result) -> None:
    clinic, room = two
    of = Proposal(id="P-H", made_of=(clinic.id, room.id), cost=1.0)
    gained = [each.figures.gained() for each in two]
    (_, together) = house_sentences(Labels("en"), of, two)
    assert f"{sum(gained):,.0f} residents together" in together
    figures = room.figures
    for other in (
        replace(figures, standard_sign="another"),
        replace(figures, asked={**figures.asked, "at": "2026-01-05T19:00"}),
        replace(figures, asked={**figures.asked, "unit": "floor_area_m2"}),
    ):
        (_, told) = house_sentences(Labels("en"), of, [clinic, replace(room, figures=other)])
        assert "do not add up" in told
        assert f"{clinic.id} {gained[0]:,.0f} residents (" in told
        alike = other.asked["unit"] == figures.asked["unit"]
        assert (f"{room.id} {gained[1]:,.0f} residents" in told) == alike
        assert f"{room.id} {gained[1]:,.0f} " in told
        assert f"{sum(gained):,.0f}" not in told


@pytest.fixture
def house(plan: Plan, two, result) -> Proposal:
    return plan.combine([each.id for each in two], result, site=two[0].id)


def told(plan: Plan, own: str) -> str:
    proposal = plan.get(own)
    other = plan.house_of(proposal) or plan.gave_back(proposal)
    for language in ("zh", "en"):
        said = house_sentences(Labels(language), proposal, plan.parts_of(proposal), other)
    return " ".join(said)


@pytest.mark.long
def test_a_house_without_a_year_is_not_handed_in(plan: Plan, two, result) -> None:
    clinic, room = two
    plan.edit(room.id, year=2029)
    house = plan.combine([clinic.id, room.id], result, site=clinic.id)
    assert house.year is None
    error = refused(lambda: plan.step(house.id, "submit"))
    assert error.code == "plan.house_year"
    assert room.id in str(error)
    plan.edit(house.id, year=2029)
    plan.step(house.id, "submit")
    assert refused(lambda: plan.edit(house.id, year=None)).code == "plan.house_year"
    for each in two:
        plan.edit(each.id, year=None)
    assert plan.edit(house.id, year=None).year is None


def test_parts_that_opened_are_seen_by_the_agenda(two) -> None:
    clinic, room = (replace(each, status="submitted") for each in two)
    house = replace(clinic, id="P-H", made_of=(clinic.id, room.id))
    opened = replace(clinic, status="opened")
    assert planned_once([clinic, room, house]) == [house]
    told = matters_without_district([clinic, room, house])
    assert [each.code for each in told] == ["one_house"]
    assert planned_once([opened, room, house]) == [opened, room]
    (stuck,) = list(stuck_houses([opened, room, house]))
    assert stuck.told["ended"] == (clinic.id,)


def test_of_two_houses_of_one_part_none_counts(two) -> None:
    clinic, room = two
    made = replace(clinic, status="submitted", made_of=(clinic.id, room.id))
    early = replace(made, id="P-1", created_at="2026-01-01")
    late = replace(made, id="P-2", created_at="2026-01-02", status="under_review")
    for other in (late, replace(late, status="draft")):
        assert planned_once([clinic, room, other, early]) == [clinic, room]
        (matter,) = [
            each
            for each in matters_without_district([clinic, room, early, other])
            if each.code == "house_twice"
        ]
        assert set(matter.proposals) == {early.id, late.id}
        assert set(matter.told["twice"]) == {clinic.id, room.id}
    gone = replace(late, status="withdrawn")
    assert planned_once([clinic, room, gone, early]) == [gone, early]


@pytest.mark.long
def test_a_house_has_no_more_floor_area_than_its_place(plan: Plan) -> None:
    town = crowded_street()
    offered = town.candidates.assign(floor_area_m2=250.0)
    small = planner.assess(replace(town, candidates=offered))
    parts = [at(plan, small, 3200.0, kind, floor_area_m2=250.0) for kind in ("clinic", "library")]
    house = plan.combine([each.id for each in parts], small)
    assert house.floor_area_m2 == 250.0
    assert [step.floor_area_m2 for step in house.changes] == [None, None]
    assert area_sentence(Labels("en"), house) == ""
    for language, words in (("en", "ask for 500 m² together"), ("zh", "合计 500 平方米")):
        said = "\n".join(house_sentences(Labels(language), house, parts))
        assert words in said
        assert "than they tell themselves" not in said
    plan.step(house, "withdraw", "elsewhere")
    ids = [each.id for each in parts]
    far = plan.combine(ids, small, site=(X + 3250.0, Y))
    assert far.floor_area_m2 == 500.0
    assert "together, and the house" not in "\n".join(house_sentences(Labels("en"), far, parts))


@pytest.fixture
def twice(plan: Plan, two, result, tmp_path, opened) -> tuple[Proposal, Proposal]:
    """Houses of the same two that two offices made, each without the other's."""
    own = [each.id for each in two]
    other = opened(str(tmp_path / "other.sqlite"))
    other.merge(plan.export(tmp_path / "before.plan"))
    theirs = other.combine(own, result, title="Theirs")
    other.step(theirs.id, "submit")
    ours = plan.combine(own, result, title="Ours")
    plan.step(ours.id, "submit")
    plan.step(ours.id, "take_up")
    plan.merge(other.export(tmp_path / "theirs.plan"))
    return ours, theirs


@pytest.mark.long
def test_houses_of_two_offices_are_held_until_one_is_withdrawn(
    plan: Plan, two, twice, result
) -> None:
    ours, theirs = twice
    plan.set_limit(department="health", year=2028, amount=1000.0, currency=UNIT)
    for asked in plan.case(ours.id).waiting_for:
        plan.review(ours.id, "support", "fits", asked.department)
    agenda = plan.agenda(result)
    (matter,) = [each for each in agenda.matters if each.code == "house_twice"]
    assert matter.proposals == (ours.id, theirs.id)
    for language in ("en", "zh"):
        said = matter_sentence(Labels(language), matter, agenda.named)
        assert all(each.id in said for each in (ours, theirs, *two))
    assert "one_house" not in {each.code for each in agenda.matters}
    assert agenda.to_decide == ()
    assert agenda.hindered == ()  # the matter says so, with what to decide
    assert [each.code for each in plan.hindering(ours, "approve")] == ["plan.combine_taken"] * 2
    (budget,) = plan.budgets()
    assert budget.asked.proposals == (two[0].id,)
    assert refused(lambda: plan.step(ours.id, "approve")).code == "plan.combine_taken"
    plan.step(theirs.id, "withdraw", "the other is built")
    after = plan.agenda(result)
    assert [case.proposal.id for case in after.to_decide] == [ours.id]
    assert after.hindered == ()
    assert "house_twice" not in {each.code for each in after.matters}
    assert plan.step(ours.id, "approve").status == "approved"


@pytest.mark.long
def test_each_house_and_its_parts_tell_of_the_other(plan: Plan, two, twice) -> None:
    ours, theirs = twice
    beside = {two[0].id: [ours, theirs], ours.id: [theirs], theirs.id: [ours]}
    for own, others in beside.items():
        proposal = plan.get(own)
        rivals = plan.rivals_of(proposal)
        assert [each.id for each in rivals] == [each.id for each in others]
        for language, word in (("en", "all but one are withdrawn"), ("zh", "只保留一个之前")):
            parts, house = plan.parts_of(proposal), plan.house_of(proposal)
            said = house_sentences(Labels(language), proposal, parts, house, rivals)
            (line,) = [each for each in said if word in each]
            assert all(each.id in line for each in others)
    plan.step(theirs.id, "withdraw", "the other is built")
    assert [plan.rivals_of(plan.get(own)) for own in (two[0].id, ours.id)] == [[], []]


def test_a_limit_tells_which_house_a_draft_of_the_same_holds_back(
    plan: Plan, two, result, tmp_path, opened
) -> None:
    """A mere draft of another office took the house that was handed in out of the sum."""
    own = [each.id for each in two]
    other = opened(str(tmp_path / "other.sqlite"))
    other.merge(plan.export(tmp_path / "before.plan"))
    theirs = other.combine(own, result, year=2028)
    ours = plan.combine(own, result, year=2028)
    for department in ("health", "public_security"):
        plan.set_limit(department=department, year=2028, amount=110.0, currency=UNIT)
    plan.set_limit(department="health", year=2029, amount=110.0, currency=UNIT)
    plan.step(ours.id, "submit")
    assert all(each.twice == () for each in plan.budgets())
    plan.merge(other.export(tmp_path / "theirs.plan"))
    twice = {(each.limit.department, each.limit.year): each.twice for each in plan.budgets()}
    held = ((ours.id, (theirs.id,)),)
    assert twice == {
        ("health", 2028): held,
        ("public_security", 2028): held,
        ("health", 2029): (),
    }
    for budget in plan.budgets():
        for language in ("en", "zh"):
            said = budget_sentence(Labels(language), budget)
            assert (theirs.id in said) == bool(budget.twice)
    # 100 for the clinic by itself, which is more than may be spent
    (limit,) = [x.limit for x in plan.budgets() if x.twice and x.limit.department == "health"]
    plan.edit_limit(limit, amount=90.0, why="cut")
    agenda = plan.agenda(result)
    (passed,) = [each for each in agenda.matters if each.code == "budget_asked_over"]
    for language in ("en", "zh"):
        assert theirs.id in matter_sentence(Labels(language), passed, agenda.named)
    plan.step(theirs.id, "withdraw", "ours is built")
    assert all(each.twice == () for each in plan.budgets())


@pytest.mark.long
def test_houses_are_found_in_one_order(plan: Plan, two, twice) -> None:
    ours, theirs = twice
    assert theirs.created_at < ours.created_at  # but ours is further on
    (matter,) = [each for each in plan.agenda().matters if each.code == "house_twice"]
    assert matter.proposals == (ours.id, theirs.id)
    assert [plan.house_of(each).id for each in two] == [ours.id, ours.id]


@pytest.mark.long
def test_the_agenda_does_not_offer_a_house_that_would_be_refused(
    plan: Plan, two, house, result
) -> None:
    room = two[1]
    for each in (*two, house):
        plan.edit(each.id, year=None)
    plan.step(house.id, "submit")
    assert [case.proposal.id for case in plan.agenda(result).to_take_up] == [house.id]

    def hindered_by(step: str) -> set[str]:
        agenda = plan.agenda(result)
        assert (agenda.to_take_up, agenda.to_decide) == ((), ())
        (held,) = agenda.hindered
        assert held.case.proposal.id == house.id
        codes = [each.code for each in held.faults]
        assert refused(lambda: plan.step(house.id, step)).code == codes[0]
        for language in ("en", "zh"):
            labels = Labels(language)
            heading = labels.message("plan_words.point_hindered")
            points = agenda_points(labels, agenda, result.district)
            ((line,),) = [each.lines for each in points if each.heading == heading]
            assert [room.id in each for each in line.splitlines()[1:]] == [True] * len(codes)
        return set(codes)

    plan.edit(room.id, year=2030)
    assert hindered_by("take_up") == {"plan.house_year"}
    plan.edit(house.id, year=2030, cost=120.0, cost_source="tender")
    plan.step(house.id, "take_up")
    for asked in plan.case(house.id).waiting_for:
        plan.review(house.id, "support", "fits", asked.department)
    assert [case.proposal.id for case in plan.agenda(result).to_decide] == [house.id]
    step = replace(room.changes[0], kind="library")
    plan.edit(room.id, changes=[step], kinds=["library"])
    assert hindered_by("approve") == {"plan.house_lacks"}
    plan.edit(room.id, changes=room.changes, kinds=room.kinds)
    plan.step(room.id, "submit")
    plan.review(room.id, "object", "no water", "civil_affairs")
    plan.review(house.id, "support", "fits", "civil_affairs")
    assert hindered_by("approve") == {"plan.part_unanswered"}


@pytest.mark.long
def test_what_becomes_of_a_house_is_told_without_a_district(plan: Plan, two, house) -> None:
    plan.step(house.id, "submit")
    (matter,) = plan.agenda().matters
    assert (matter.code, matter.proposals[0]) == ("one_house", house.id)
    for language in ("en", "zh"):
        said = matter_sentence(Labels(language), matter, plan.agenda().named)
        assert all(each.id in said for each in (house, *two))
        assert Labels(language).number(matter.people) not in said
    plan.edit(two[1].id, cost=90.0)
    agenda = plan.agenda()
    said = matter_sentence(Labels("en"), agenda.matters[0], agenda.named)
    assert f"Changed since the house was made or computed last: {two[1].id}" in said
    plan.step(two[1].id, "withdraw", "no need")
    assert [each.code for each in plan.agenda().matters] == ["house_stuck"]


def test_an_edit_keeps_what_each_part_is_for(plan: Plan, two, house, result) -> None:
    rest = [step for step in house.changes if step.kind == "clinic"]
    error = refused(lambda: plan.edit(house.id, changes=rest, kinds=["clinic"]))
    assert error.code == "plan.house_lacks"
    assert two[1].id in str(error)
    for values in ({"changes": ()}, {"action": "extend"}):
        with pytest.raises(InputError):
            plan.edit(house.id, **values)
    assert plan.get(house.id) == house
    assert plan.edit(house.id, title="Both", cost=9.0).title == "Both"
    other = replace(house.changes[0], facility_id="n", kind="library")
    more = plan.edit(house.id, changes=(*house.changes, other), kinds=(*house.kinds, "library"))
    assert len(more.kinds) == 3


def test_what_follows_from_the_parts_is_not_given(plan: Plan, two, result) -> None:
    entries = plan.store.head()
    for name in FOLLOWS:
        error = refused(lambda name=name: plan.combine(list(two), result, **{name: ()}))
        assert error.code == "plan.combine_follows"
    assert plan.store.head() == entries
    own = plan.combine(list(two), result, cost=70.0)
    assert (own.cost, own.cost_high, own.cost_source) == (70.0, None, "")


@pytest.mark.long
def test_parts_are_in_one_house_also_after_putting_aside(plan: Plan, two, house, result) -> None:
    plan.put_aside(house.id, "later")
    again = plan.combine([each.id for each in two], result)
    error = refused(lambda: plan.put_aside(house.id, "now", back=True))
    assert error.code == "plan.combine_taken"
    assert again.id in str(error)
    plan.step(again, "withdraw", "the first is better")
    assert not plan.put_aside(house.id, "now", back=True).deleted


@pytest.mark.long(but=1)
@pytest.mark.parametrize("ending", ["withdraw", "reject", "put_aside", "approve"])
def test_a_house_does_not_go_on_without_a_part(plan: Plan, two, house, result, ending) -> None:
    room = two[1]
    if ending == "put_aside":
        plan.put_aside(room.id, "later")
    elif ending == "approve":
        agreed(plan, room.id)
    else:
        if ending == "reject":
            plan.step(room.id, "submit")
        plan.step(room.id, ending, "no need")
    code = "plan.part_put_aside" if ending == "put_aside" else "plan.part_ended"
    assert refused(lambda: plan.step(house.id, "submit")).code == code
    assert "Not open any more" in told(plan, house.id)
    assert room.id in told(plan, house.id)


def test_a_house_handed_in_that_lost_a_part_is_on_the_agenda(
    plan: Plan, two, house, result
) -> None:
    plan.step(house.id, "submit")
    plan.step(house.id, "take_up")
    for asked in plan.case(house.id).waiting_for:
        plan.review(house.id, "support", "fits", asked.department)
    assert [case.proposal.id for case in plan.agenda(result).to_decide] == [house.id]
    plan.step(two[1].id, "withdraw", "no need")
    agenda = plan.agenda(result)
    assert agenda.to_decide == ()
    (matter,) = [each for each in agenda.matters if each.code == "house_stuck"]
    assert two[1].id in matter_sentence(Labels("en"), matter, agenda.named)
    assert refused(lambda: plan.step(house.id, "approve")).code == "plan.part_ended"


@pytest.mark.long
def test_a_part_that_changed_is_told_and_the_sum_forgotten(plan: Plan, two, house, result) -> None:
    room = two[1]
    plan.edit(room.id, note="a word more")
    assert "Changed since" not in told(plan, house.id)
    assert plan.get(house.id).cost == house.cost
    plan.edit(room.id, cost=90.0)
    now = plan.get(house.id)
    assert (now.cost, now.cost_source) == (None, "")
    assert plan.trail(house.id)[-1]["why"] == room.id
    said = told(plan, house.id)
    for word in ("Changed since", "Compute it anew", room.id):
        assert word in said
    plan.step(house.id, "submit")
    anew = plan.recompute(house.id, result)
    saving = builtin_costs().one_stop_saving
    assert anew.cost == pytest.approx(100.0 + (1 - saving) * 90.0)
    agenda = plan.agenda(result)
    (matter,) = [each for each in agenda.matters if each.code == "one_house"]
    assert matter.told["changed"] == ()  # it was looked at since
    assert "Changed since" not in told(plan, house.id)
    assert plan.verify() == ()
    plan.edit(room.id, year=2029)
    agenda = plan.agenda(result)
    (matter,) = [each for each in agenda.matters if each.code == "one_house"]
    assert matter.told["changed"] == (room.id,)
    assert "Changed since" in matter_sentence(Labels("en"), matter, agenda.named)
    assert "Changed since" in told(plan, house.id)
    plan.recompute(house.id, result)
    assert "Changed since" not in told(plan, house.id)
    assert plan.verify() == ()


def test_what_the_house_would_build_otherwise_is_told_as_long_as_it_does(
    plan: Plan, two, house, result
) -> None:
    room = two[1]
    plan.edit(room.id, floor_area_m2=80.0)
    plan.recompute(house.id, result)
    said = told(plan, house.id)
    assert "Changed since" not in said
    assert f"than they tell themselves: {room.id}." in said
    changes = [
        replace(step, floor_area_m2=80.0) if step.kind == "police_room" else step
        for step in plan.get(house.id).changes
    ]
    plan.edit(house.id, changes=changes)
    assert "than they tell themselves" not in told(plan, house.id)


@pytest.mark.long
def test_two_offices_may_each_look_at_a_house_anew(
    plan: Plan, two, house, result, tmp_path, opened
) -> None:
    clinic, room = two
    other = opened(str(tmp_path / "other.sqlite"))
    other.merge(plan.export(tmp_path / "before.plan"))
    for office, part in ((plan, room), (other, clinic)):
        office.edit(part.id, year=2029)
        office.recompute(house.id, result)
    plan.edit(house.id, figures=None)
    other.edit(house.id, figures=None)
    merged = plan.merge(other.export(tmp_path / "theirs.plan"))
    assert merged.conflicts == ()
    assert f"computed last: {clinic.id}." in told(plan, house.id)
    assert plan.verify() == ()


@pytest.mark.long
def test_a_part_that_the_house_does_not_build_whole_is_told_after_it_is_computed_anew(
    plan: Plan, two, house, result
) -> None:
    step = replace(two[1].changes[0], kind="library")
    plan.edit(two[1].id, changes=[step], kinds=["library"])
    plan.recompute(house.id, result)
    assert "Changed since" in told(plan, house.id)


@pytest.mark.long
def test_that_a_sum_was_forgotten_is_a_deed_of_the_trail(plan: Plan, two, house) -> None:
    room = two[1]
    plan.step(house.id, "submit")
    plan.edit(room.id, cost=90.0)
    assert plan.trail(house.id)[-1]["deed"] == "forget_sum"
    for language, said in (("en", "sum of its prices forgotten"), ("zh", "造价合计作废")):
        assert said in entry_cells(Labels(language), plan.trail(house.id)[-1])[3]
    assert plan.sum_forgotten(plan.get(house.id))
    # whoever takes a price away, and writes a part's id as the reason, forgets no sum
    plan.edit(house.id, cost=120.0, cost_source="tender")
    plan.edit(house.id, cost=None, why=room.id)
    assert plan.trail(house.id)[-1]["why"] == room.id
    assert not plan.sum_forgotten(plan.get(house.id))


@pytest.mark.long
def test_a_sum_that_was_forgotten_before_there_was_a_deed_is_known(
    plan: Plan, two, house, monkeypatch
) -> None:
    monkeypatch.setattr(houses, "SUM_FORGOTTEN", "edit")
    plan.edit(two[1].id, cost=90.0)
    assert plan.trail(house.id)[-1]["deed"] == "edit"
    monkeypatch.undo()
    assert plan.sum_forgotten(plan.get(house.id))


@pytest.mark.long
def test_a_price_that_somebody_answers_for_stays(plan: Plan, two, house) -> None:
    plan.edit(house.id, cost=120.0, cost_source="tender")
    plan.edit(two[1].id, cost=90.0)
    assert plan.get(house.id).cost == 120.0


def test_a_kind_that_a_part_got_since_is_not_lost(plan: Plan, two, house, result) -> None:
    step = replace(two[1].changes[0], kind="library")
    plan.edit(two[1].id, changes=[step], kinds=["library"])
    error = refused(lambda: plan.step(house.id, "submit"))
    assert error.code == "plan.house_lacks"
    assert "library" in str(error)


@pytest.mark.long
def test_objections_to_parts_are_not_lost(plan: Plan, two, house, result) -> None:
    clinic = two[0]
    plan.step(clinic.id, "submit")
    plan.consult(clinic.id, "culture")
    said = plan.review(clinic.id, "object", "no water", "civil_affairs")
    plan.step(house.id, "submit")
    asked = {each.department: each.need for each in plan.case(house.id).consultations}
    assert asked["culture"] == asked["civil_affairs"] == "needed"
    assert [case.proposal.id for case in plan.agenda(result).to_answer] == [clinic.id]
    plan.step(house.id, "take_up")
    late = plan.review(clinic.id, "change", "smaller", "education")
    assert "education" in {each.department for each in plan.case(house.id).waiting_for}
    for each in plan.case(house.id).waiting_for:
        plan.review(house.id, "support", "fits", each.department)
    assert plan.agenda(result).to_decide == ()
    error = refused(lambda: plan.step(house.id, "approve"))
    assert error.code == "plan.part_unanswered"
    assert clinic.id in str(error)
    plan.step(clinic.id, "send_back", "look again")
    for each in (said, late):
        plan.answer(each.id, "A pipe is laid.")
    assert [case.proposal.id for case in plan.agenda(result).to_decide] == [house.id]
    assert plan.step(house.id, "approve").status == "approved"


def test_an_approved_house_that_is_withdrawn_gives_back(plan: Plan, two, house, as_actor) -> None:
    agreed(plan, house.id)
    room = two[1]
    assert refused(lambda: plan.step(room.id, "reopen", "again")).code == "plan.ends_here"
    plan.step(house.id, "withdraw", "no money")
    for own in (house.id, room.id):
        assert "can be reopened" in told(plan, own)
    today = date.today()
    for room_now in (plan.case(room.id), *(x for x in plan.cases() if x.proposal.id == room.id)):
        assert "reopen" in {each.step for each in offers(plan.actor, room_now, today)}
    stranger = as_actor(plan, "planner", department="education")
    assert refused(lambda: stranger.step(room.id, "reopen", "x")).code == "plan.may_not"
    assert refused(lambda: plan.step(house.id, "reopen", "x")).code == "plan.part_ended"
    for each in two:
        again = plan.step(each.id, "reopen", "each by itself")
        assert (again.status, again.superseded_by) == ("draft", "")
    assert plan.step(house.id, "reopen", "money was found").status == "draft"
    assert plan.verify() == ()


def test_what_another_took_the_place_of_is_not_reopened(plan: Plan, two) -> None:
    plan.step(two[0].id, "supersede", "better", by=two[1].id)
    plan.step(two[1].id, "withdraw", "no money")
    assert refused(lambda: plan.step(two[0].id, "reopen", "x")).code == "plan.ends_here"


@pytest.mark.long(but=1)
@pytest.mark.parametrize("made_of", ["P-0000-0000", "own", "twice"])
def test_odd_parts_in_a_file_are_refused(
    plan: Plan, two, house, tmp_path, opened, made_of: str
) -> None:
    parts = {"own": house.id, "twice": f"{two[0].id} {two[0].id}"}.get(made_of, made_of)
    plan.store.write(
        plan.actor.author,
        lambda writing: writing.change("proposal", house.id, {"made_of": parts}, "edit"),
    )
    file = plan.export(tmp_path / "odd.plan")
    other = opened(str(tmp_path / "other.sqlite"))
    assert refused(lambda: other.merge(file)).code == "plan.not_an_export"
    assert len(plan.parts_of(plan.get(house.id))) == (
        0 if made_of == "P-0000-0000" else len(parts.split())
    )


@pytest.mark.long
def test_a_part_that_another_office_changed_takes_the_sum_from_the_house(
    plan: Plan, two, result, tmp_path, opened
) -> None:
    """The other office knew of no house, and its edit could not forget the sum there."""
    clinic, room = two
    other = opened(str(tmp_path / "other.sqlite"))
    other.merge(plan.export(tmp_path / "before.plan"))
    house = plan.combine([clinic.id, room.id], result)
    assert house.cost is not None
    other.edit(room.id, cost=80.0, cost_source="tender")
    plan.merge(other.export(tmp_path / "theirs.plan"))
    now = plan.get(house.id)
    assert now.cost is None
    assert plan.sum_forgotten(now)
    again = plan.recompute(now, result)
    saving = builtin_costs().one_stop_saving
    assert again.cost == pytest.approx(100.0 + (1 - saving) * 80.0)
    assert plan.verify() == ()
    # and the other way round, where the house comes to who changed the part
    other.merge(plan.export(tmp_path / "ours.plan"))
    assert other.get(house.id).cost == again.cost


def test_a_house_comes_to_who_changed_a_part_without_its_sum(
    plan: Plan, two, result, tmp_path, opened
) -> None:
    other = opened(str(tmp_path / "other.sqlite"))
    other.merge(plan.export(tmp_path / "before.plan"))
    house = plan.combine([each.id for each in two], result)
    other.edit(two[1].id, cost=80.0, cost_source="tender")
    other.merge(plan.export(tmp_path / "house.plan"))
    assert other.get(house.id).cost is None


def test_a_house_with_a_part_without_a_price_gets_none_of_the_list(plan: Plan, two, result) -> None:
    clinic, room = two
    house = plan.combine([clinic.id, room.id], result)
    plan.edit(room.id, cost=None, cost_source="", currency="")
    again = plan.recompute(house.id, result)
    assert (again.cost, again.cost_source) == (None, "")


@pytest.mark.long
def test_a_house_without_a_year_does_not_hide_a_part_that_got_one(plan: Plan, two, result) -> None:
    clinic, room = two
    undated = [plan.edit(each.id, year=None) for each in (clinic, room)]
    house = plan.combine([each.id for each in undated], result)
    plan.step(house.id, "submit")
    assert planned_once(plan.proposals()) == [plan.get(house.id)]
    plan.edit(room.id, year=2028)
    assert {each.id for each in planned_once(plan.proposals())} == {clinic.id, room.id}
    plan.set_limit(department="public_security", year=2028, amount=500.0, currency=UNIT)
    (budget,) = plan.budgets()
    assert budget.asked.proposals == (room.id,)


@pytest.mark.long
def test_both_sides_are_told_in_whose_limit_a_house_counts(plan: Plan, two, result) -> None:
    for department in ("health", "public_security"):
        plan.set_limit(department=department, year=2028, amount=500.0, currency=UNIT)
    house = plan.combine([each.id for each in two], result)
    plan.step(house.id, "submit")
    of = {each.limit.department: each for each in plan.budgets()}
    builder = house.department
    guest = "public_security" if builder == "health" else "health"
    assert of[builder].whole == ((house.id, (guest,)),)
    assert of[guest].elsewhere == ((house.id, builder, 2028),)
    for language in ("en", "zh"):
        said = [budget_sentence(Labels(language), each) for each in of.values()]
        assert all(house.id in each for each in said)


@pytest.mark.long
def test_what_a_house_ended_can_be_reopened_where_another_takes_its_place(
    plan: Plan, two, result
) -> None:
    house = plan.combine([each.id for each in two], result)
    agreed(plan, house.id)
    instead = at(plan, result, 3100.0, "clinic", year=2028)
    plan.step(house.id, "supersede", "a better site", by=instead.id)
    part = two[0].id
    assert plan.gave_back(plan.get(part)) == plan.get(house.id)
    assert part in " ".join(
        house_sentences(Labels("en"), plan.get(house.id), plan.parts_of(plan.get(house.id)))
    )
    assert plan.step(part, "reopen", "still needed").status == "draft"


@pytest.mark.long
def test_each_room_of_a_house_is_its_departments(plan: Plan, two, result, tmp_path) -> None:
    file = tmp_path / "street.gpkg"
    planner.write_district(result.district, file)
    house = plan.combine([each.id for each in two], result, workspace=file.name)
    agreed(plan, house.id)
    plan.step(house.id, "start")
    plan.open_in(house.id, file, "hand-over")
    built = planner.read_district(file).facilities
    built = built[built["source"].str.contains(house.id, regex=False)].set_index("kind")
    assert built["department"].to_dict() == {"clinic": "health", "police_room": "public_security"}


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="the time zone is the system's here")
def test_the_year_of_an_opening_is_that_of_the_place(two, monkeypatch) -> None:
    own = two[0]
    # the last evening of the year in Greenwich is the first morning of the next in China
    early = replace(own, status="opened", changed_at="2026-12-31T23:30:00+00:00")
    monkeypatch.setenv("TZ", "Asia/Shanghai")
    time.tzset()
    try:
        assert early.opened_in == 2027
    finally:
        monkeypatch.undo()
        time.tzset()


@pytest.mark.long
def test_what_opened_elsewhere_opened_then_and_not_when_it_was_merged(
    plan: Plan, two, tmp_path, opened
) -> None:
    own = two[0].id
    agreed(plan, own)
    plan.step(own, "start")
    other = opened(str(tmp_path / "other.sqlite"))
    other.merge(plan.export(tmp_path / "before.plan"))
    other.step(own, "opened", source="hand-over")
    (then,) = [entry["at"] for entry in other.trail(own) if entry["deed"] == "opened"]
    plan.edit(own, note="as built", why="for the minutes")  # so that the two are joined
    plan.merge(other.export(tmp_path / "theirs.plan"))
    assert plan.get(own).status == "opened"
    assert plan.get(own).note == "as built"
    assert plan.get(own).changed_at == then
    assert plan.verify() == ()


@pytest.mark.long
def test_a_merge_forgets_no_sum_for_what_it_does_not_turn_on(
    plan: Plan, two, result, tmp_path, opened
) -> None:
    """A year or a title of a part changes no price: an import was no true copy."""
    house = plan.combine([each.id for each in two], result)
    plan.edit(two[1].id, year=2029)
    assert plan.get(house.id).cost == house.cost
    other = opened(str(tmp_path / "other.sqlite"))
    other.merge(plan.export(tmp_path / "a.plan"))
    assert other.get(house.id) == plan.get(house.id)
    other.edit(two[1].id, title="Called otherwise")
    plan.merge(other.export(tmp_path / "b.plan"))
    assert plan.get(house.id).cost == house.cost


@pytest.mark.long
def test_a_sum_that_the_other_office_made_anew_comes_with_it(
    plan: Plan, two, result, tmp_path, opened
) -> None:
    house = plan.combine([each.id for each in two], result)
    other = opened(str(tmp_path / "other.sqlite"))
    other.merge(plan.export(tmp_path / "a.plan"))
    other.edit(two[1].id, cost=80.0, cost_source="tender")
    anew = other.recompute(house.id, result)
    plan.merge(other.export(tmp_path / "b.plan"))
    assert plan.get(house.id).cost == anew.cost is not None


@pytest.mark.long
def test_what_another_agreed_house_builds_is_not_given_back(
    plan: Plan, two, result, tmp_path, opened
) -> None:
    clinic, room = two
    library = at(plan, result, 3300.0, "library", year=2028)
    other = opened(str(tmp_path / "other.sqlite"))
    other.merge(plan.export(tmp_path / "a.plan"))
    theirs = other.combine([clinic.id, library.id], result)
    agreed(other, theirs.id)
    ours = plan.combine([clinic.id, room.id], result)
    agreed(plan, ours.id)
    plan.merge(other.export(tmp_path / "b.plan"), take={clinic.id: "ours"})
    plan.step(ours.id, "supersede", "theirs is larger", by=theirs.id)
    assert plan.gave_back(plan.get(clinic.id)) is None
    assert plan.gave_back(plan.get(room.id)) == plan.get(ours.id)
    refused(lambda: plan.step(clinic.id, "reopen", "still needed"))


@pytest.mark.long
def test_a_part_of_another_year_is_told_by_the_limit_that_it_leaves(
    plan: Plan, two, result
) -> None:
    clinic, room = two
    plan.edit(room.id, year=2027)
    plan.set_limit(department="public_security", year=2027, amount=500.0, currency=UNIT)
    house = plan.combine([clinic.id, room.id], result, year=2028)
    plan.step(house.id, "submit")
    (budget,) = plan.budgets()
    assert budget.asked.proposals == ()
    assert budget.elsewhere == ((house.id, house.department, 2028),)
    assert "2028" in budget_sentence(Labels("en"), budget)


@pytest.mark.long
def test_a_room_of_a_part_without_a_department_is_the_builders(
    plan: Plan, two, result, tmp_path
) -> None:
    file = tmp_path / "street.gpkg"
    planner.write_district(result.district, file)
    house = plan.combine([each.id for each in two], result, workspace=file.name)
    plan.edit(two[1].id, department="")
    agreed(plan, house.id)
    plan.step(house.id, "start")
    plan.open_in(house.id, file, "hand-over")
    built = planner.read_district(file).facilities
    built = built[built["source"].str.contains(house.id, regex=False)]
    assert set(built["department"]) == {house.department}


def test_what_changes_nothing_for_the_first_group_brings_it_nobody(two) -> None:
    """A row of a group whose counts are withheld made the gain of all not known."""
    figures = two[0].figures
    assert figures is not None
    groups = figures.asked["groups"]
    withheld = [replace(row, covered_before=None, covered_after=None) for row in figures.rows]
    others = tuple(row for row in withheld if row.group != groups[0])
    told = replace(figures, rows=others)
    assert told.gained() == 0.0
    assert others == () or told.gained(groups[1]) is None
    assert told.gained("nobody") is None or not others


@pytest.mark.long
def test_the_agenda_says_whose_rooms_count_for_a_limit_that_is_passed(
    plan: Plan, two, result
) -> None:
    priced = {"year": 2028, "currency": UNIT}
    plan.set_limit(department="health", amount=90.0, **priced)
    house = plan.combine([each.id for each in two], result, site=two[0].id)
    plan.step(house.id, "submit")
    (matter,) = [each for each in plan.agenda().matters if each.code == "budget_asked_over"]
    for language, police in (("en", "Public security"), ("zh", "公安")):
        said = talk_sentence(Labels(language), matter)
        (budget,) = plan.budgets()
        told = budget_sentence(Labels(language), budget)
        last = told.removesuffix(".").rpartition(f"{house.id}")[2]
        assert police in last
        assert said.endswith(told[told.rindex(house.id) :])


@pytest.mark.long
def test_what_another_office_asked_of_a_part_is_needed_before_its_house_is_approved(
    plan: Plan, two, result, opened: Callable[..., Plan], tmp_path: Path
) -> None:
    clinic, room = two
    plan.step(clinic.id, "submit")
    theirs = opened(str(tmp_path / "theirs.sqlite"))
    theirs.merge(plan.export(tmp_path / "begun.plan"))
    house = plan.combine([clinic.id, room.id], result, site=clinic.id)
    plan.step(house.id, "submit")
    theirs.consult(clinic.id, "housing", "needed")
    plan.merge(theirs.export(tmp_path / "asked.plan"))
    plan.step(house.id, "take_up")
    for asked in plan.case(house.id).waiting_for:
        plan.review(house.id, "support", "fits", asked.department)
    (held,) = plan.agenda().hindered
    assert [each.code for each in held.faults] == ["plan.part_asked"]
    error = refused(lambda: plan.step(house.id, "approve"))
    assert (error.code, error.params["departments"]) == ("plan.part_asked", "housing")
    plan.consult(house.id, "housing", "needed")
    assert refused(lambda: plan.step(house.id, "approve")).code == "plan.answer_needed"
    plan.review(house.id, "support", "no yard is lost", "housing")
    assert plan.step(house.id, "approve").status == "approved"


@pytest.mark.long
def test_an_answer_waited_for_no_longer_on_a_house_is_not_asked_again_by_a_part(
    plan: Plan, two, result
) -> None:
    clinic, room = two
    house = plan.combine([clinic.id, room.id], result, site=clinic.id)
    plan.step(house.id, "submit")
    plan.consult(house.id, "planning", "none", why="the land is ours")
    plan.step(room.id, "submit")
    assert "planning" not in needed_on(plan, house.id)
    plan.consult(room.id, "planning", "needed", due="2099-01-01")
    assert "planning" in needed_on(plan, house.id)  # whoever asks by name is heard


@pytest.mark.long
def test_a_wish_for_a_view_on_a_house_is_no_answer_that_a_part_needs(
    plan: Plan, two, result, opened: Callable[..., Plan], tmp_path: Path
) -> None:
    clinic, room = two
    plan.step(clinic.id, "submit")
    theirs = opened(str(tmp_path / "theirs.sqlite"))
    theirs.merge(plan.export(tmp_path / "begun.plan"))
    house = plan.combine([clinic.id, room.id], result, site=clinic.id)
    plan.step(house.id, "submit")
    plan.consult(house.id, "housing", "wished")
    theirs.consult(clinic.id, "housing", "needed")
    plan.merge(theirs.export(tmp_path / "asked.plan"))
    plan.step(house.id, "take_up")
    for asked in plan.case(house.id).waiting_for:
        if asked.need == "needed":
            plan.review(house.id, "support", "fits", asked.department)
    error = refused(lambda: plan.step(house.id, "approve"))
    assert (error.code, error.params["departments"]) == ("plan.part_asked", "housing")


@pytest.mark.long
def test_the_price_of_a_house_stands_once_with_all_whose_rooms_it_builds(
    plan: Plan, two, result
) -> None:
    priced = {"currency": UNIT, "cost_high": None, "cost_source": "tender"}
    for own, cost in zip(two, (100.0, 50.0), strict=True):
        plan.edit(own.id, cost=cost, year=2028, **priced)
    alone = plan.propose(
        [Open("n", "clinic", two[0].shape.x + 900.0, two[0].shape.y, "n")],
        assessment=result,
        department="health",
        year=2028,
        cost=30.0,
        **priced,
    )[0]
    house = plan.combine([each.id for each in two], result, year=2028)
    agreed(plan, house.id)
    agreed(plan, alone.id)
    other = {each.department for each in two} - {house.department}
    joint = plan.joint(result)
    told = joint.costs.set_index("others")
    assert set(told.index) == {"", *other}
    whole = plan.get(house.id).cost
    assert whole is not None
    row = told.loc[other.pop()]
    assert (row["department"], row["cost"], row["proposals"]) == (house.department, whole, 1)
    assert told.loc[""]["cost"] == 30.0
    assert joint.costs["cost"].sum() == whole + 30.0
    assert joint.money()["cost"].tolist() == [whole + 30.0]
    for language, words in (("en", "houses with rooms of"), ("zh", "合建")):
        table = costs_table(joint.costs, Labels(language))
        assert table.iloc[:, 1].str.contains(words).sum() == 1


@pytest.mark.long
@pytest.mark.parametrize("handed_in", [False, True])
def test_an_open_house_does_not_take_the_place_of_its_part(
    plan: Plan, two, result, handed_in: bool
) -> None:
    """It could never be approved then, and the money of the part was in no limit."""
    clinic, room = two
    house = plan.combine([clinic.id, room.id], result, year=2028)
    if handed_in:
        plan.step(house.id, "submit")
    error = refused(lambda: plan.step(room.id, "supersede", "built there", by=house.id))
    assert (error.code, error.params["other"]) == ("plan.ended_by_approval", house.id)
    assert plan.get(room.id).status == "draft"
    if not handed_in:
        plan.step(house.id, "submit")
    plan.step(house.id, "take_up")
    for asked in plan.case(house.id).waiting_for:
        plan.review(house.id, "support", "fits", asked.department)
    assert plan.step(house.id, "approve").status == "approved"
    assert plan.get(room.id).superseded_by == house.id
