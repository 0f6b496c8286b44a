"""One house of several proposals: what it is, who may make it, and what becomes of the parts."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from street_town import X, Y, crowded_street

import planner
from planner.district import Open
from planner.errors import InputError
from planner.plan import ConflictError, Plan, Proposal
from planner.plan.coordination.houses import planned_once
from planner.siting.costs import builtin_costs
from planner.views.words.labels import Labels
from planner.views.words.plan import cost_source_word, house_sentences

UNIT = "CNY 10,000"


@pytest.fixture(scope="module")
def result():
    return planner.assess(crowded_street())


def at(plan: Plan, result, metres: float, kind: str, **values: object) -> Proposal:
    steps = [Open("n", kind, X + metres, Y, f"{kind} {metres:.0f}")]
    (made,) = plan.propose(steps, assessment=result, **values)
    return made


@pytest.fixture
def two(plan: Plan, result) -> tuple[Proposal, Proposal]:
    """A clinic, and a police room 130 m away where fewer live."""
    priced = {"cost_high": None, "currency": UNIT, "year": 2028}
    clinic = at(plan, result, 3200.0, "clinic", cost=100.0, cost_source="verified", **priced)
    room = at(plan, result, 3330.0, "police_room", cost=50.0, cost_source="tender", **priced)
    return clinic, room


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


def test_the_parts_stay_until_the_house_is_approved(plan: Plan, two, result) -> None:
    clinic, room = two
    assert "shared_building" in codes(plan, result)
    house = plan.combine([clinic.id, room.id], result)
    assert [plan.get(each.id).status for each in two] == ["draft", "draft"]
    assert plan.house_of(clinic).id == house.id
    assert codes(plan, result) == {"one_house": (house.id, clinic.id, room.id)}
    (matter,) = plan.agenda(result).matters
    assert matter.people == house.figures.gained()
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


def test_a_house_that_is_withdrawn_leaves_all_as_it_was(plan: Plan, two, result) -> None:
    before = codes(plan, result)
    house = plan.combine([each.id for each in two], result)
    plan.step(house, "withdraw", "no land")
    assert codes(plan, result) == before
    assert plan.house_of(two[0]) is None
    again = plan.combine([each.id for each in two], result)
    plan.step(house.id, "reopen", "land was found")
    assert refused(lambda: plan.step(house.id, "submit")).code == "plan.combine_taken"
    plan.step(again, "withdraw", "the first is better")
    assert plan.step(house.id, "submit").status == "submitted"


def test_no_limit_of_a_budget_counts_both(plan: Plan, two, result) -> None:
    plan.set_limit(department="health", year=2028, amount=500.0, currency=UNIT)
    plan.set_limit(department="public_security", year=2028, amount=500.0, currency=UNIT)
    house = plan.combine([each.id for each in two], result)
    asked = [own for each in plan.budgets() for own in each.asked.proposals]
    assert asked == [house.id]
    agreed(plan, two[0].id)
    asked = [own for each in plan.budgets() for own in each.asked.proposals]
    assert asked == [two[1].id]  # the house can no longer be approved
    assert refused(lambda: plan.step(house.id, "submit")).code == "plan.part_decided"


def test_who_is_asked_about_the_house_is_not_asked_about_its_parts(plan: Plan, two, result) -> None:
    plan.step(two[1].id, "submit")
    house = plan.combine([each.id for each in two], result, site=two[0].id)
    assert [case.proposal.id for case in plan.agenda().to_take_up] == [two[1].id]
    plan.step(house, "submit")
    assert [case.proposal.id for case in plan.agenda().to_take_up] == [house.id]
    assert "public_security" in {each.department for each in plan.case(house.id).consultations}


def test_the_department_of_a_part_is_asked_whatever_its_kind(plan: Plan, two, result) -> None:
    clinic, room = two
    plan.edit(room.id, department="education")
    house = plan.combine([clinic.id, room.id], result, site=clinic.id)
    plan.step(house, "submit")
    asked = {each.department: each.need for each in plan.case(house.id).consultations}
    assert asked["education"] == asked["public_security"] == "needed"


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


def test_a_house_takes_a_third_in_and_all_end_with_it(plan: Plan, two, result) -> None:
    house = plan.combine([each.id for each in two], result)
    third = at(plan, result, 3250.0, "library")
    larger = plan.combine([house.id, third.id], result)
    assert larger.made_of == (*house.made_of, house.id, third.id)
    assert len(larger.kinds) == len(larger.changes) == 3
    assert [each.id for each in planned_once(plan.proposals())] == [larger.id]
    agreed(plan, larger.id)
    assert {plan.get(own).status for own in larger.made_of} == {"superseded"}


def test_a_house_passes_to_another_office(plan: Plan, two, result, tmp_path, opened) -> None:
    house = plan.combine([each.id for each in two], result)
    file = plan.export(tmp_path / "a.plan")
    other = opened(str(tmp_path / "other.sqlite"))
    other.merge(file)
    assert other.get(house.id) == plan.get(house.id)
    assert other.verify() == ()


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
