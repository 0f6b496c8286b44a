"""Who must agree by the kinds of the district, and not of the table that ships."""

from dataclasses import replace

import pytest
from street_town import X, Y, crowded_street

import planner
from planner.district import Close, Convert, Open
from planner.plan import Plan, Proposal
from planner.plan.proposals import making
from planner.plan.proposals.by_hand import Described
from planner.plan.proposals.owners import owners_of


@pytest.fixture(scope="module")
def result():
    """A town with a kind of its own, whose police rooms are of civil affairs."""
    town = crowded_street()
    room = replace(town.kinds["police_room"], department="civil_affairs")
    tea = replace(room, id="tea_room", department="culture")
    return planner.assess(replace(town, kinds=town.kinds | {"tea_room": tea, "police_room": room}))


def rooms(*kinds: str) -> list[Open]:
    return [Open(f"n-{kind}", kind, X + 3200.0, Y, building="b") for kind in kinds]


def asked(plan: Plan, own: str) -> set[str]:
    return {each.department for each in plan.case(own).consultations if each.need == "needed"}


def submitted(plan: Plan, proposal: Proposal) -> set[str]:
    plan.step(proposal.id, "submit")
    return asked(plan, proposal.id)


@pytest.mark.long(but=1)
def test_who_answers_for_the_districts_own_kinds_is_asked(plan: Plan, result) -> None:
    steps = rooms("clinic", "tea_room", "police_room")
    (made,) = plan.propose(steps, assessment=result, figures=False)
    assert made.department == "health"
    assert submitted(plan, made) == {"culture", "civil_affairs", "planning"}
    # what the table that ships says too is not kept
    assert plan.propose(rooms("clinic"), assessment=result)[0].known_by == {}
    assert plan.verify() == ()


@pytest.mark.long
def test_a_house_asks_as_its_parts_do(file_plan: Plan, result) -> None:
    steps = [rooms("clinic"), rooms("police_room")]
    made = [file_plan.propose(each, assessment=result, department="health")[0] for each in steps]
    house = file_plan.combine([each.id for each in made], result)
    assert submitted(file_plan, house) == {"civil_affairs", "planning"}


def test_an_edit_asks_as_the_plan_knows_and_computing_anew_as_the_district_does(
    file_plan: Plan, result
) -> None:
    (made,) = file_plan.propose(rooms("clinic"), assessment=result, figures=False)
    assert submitted(file_plan, made) == {"planning"}
    both = rooms("clinic", "tea_room")
    file_plan.edit(made.id, changes=both, kinds=["clinic", "tea_room"])
    assert asked(file_plan, made.id) == {"planning"}  # nobody knows of the kind yet
    file_plan.recompute(made.id, result)
    assert asked(file_plan, made.id) == {"planning", "culture"}
    signs = {file_plan.recompute(made.id, result).content_sign for _ in range(2)}
    assert signs == {file_plan.get(made.id).content_sign}
    (other,) = file_plan.propose(rooms("clinic"), assessment=result, figures=False)
    file_plan.step(other, "submit")
    file_plan.edit(other.id, changes=both, kinds=["clinic", "tea_room"])
    assert asked(file_plan, other.id) == {"planning", "culture"}
    by_hand = file_plan.add(
        department="health", action="close", kinds=["tea_room"], changes=[Close("x")], geometry=""
    )
    assert owners_of(by_hand) == ["culture"]


@pytest.mark.long
def test_what_has_no_changes_yet_and_what_is_taken_away_are_asked_about(
    file_plan: Plan, result
) -> None:
    told = Described(kind="tea_room", x=X + 3200.0, y=Y, name="Tea")
    drafts = [making.by_hand(result, "outreach", told)]
    gaps = result.gaps().query("kind == 'police_room'").head(1)
    drafts += making.outreach(result, gaps)
    assert [owners_of(each) for each in drafts] == [["culture"], ["civil_affairs"]]
    (made,) = file_plan.propose([Convert("d", "tea_room")], assessment=result, department="housing")
    assert submitted(file_plan, made) == {"culture", "health"}


@pytest.mark.long
def test_who_answered_is_not_asked_again_because_another_answers_for_a_kind(
    file_plan: Plan, complete, result
) -> None:
    about = {"workspace": "", "crs": str(result.district.crs)}
    made = complete(file_plan, kinds=["police_room"], changes=rooms("police_room"), **about)
    file_plan.step(made.id, "submit")
    file_plan.step(made.id, "take_up")
    before = file_plan.get(made.id).content_sign
    for name in sorted(asked(file_plan, made.id)):
        file_plan.review(made.id, "support", "fits", name)
    file_plan.recompute(made.id, result)  # by the district police rooms are of civil affairs
    assert file_plan.get(made.id).content_sign == before
    waiting = {each.department for each in file_plan.case(made.id).waiting_for}
    assert waiting == {"civil_affairs"}
