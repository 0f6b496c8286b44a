"""The floor area that departments decide is the one that is built, and goes into the data."""

from dataclasses import replace

import pytest
from street_town import X, Y, crowded_street

import planner
from planner.district import Open
from planner.district.scenarios.changes import apply_scenario
from planner.errors import InputError
from planner.plan import Plan
from planner.plan.workflow.opening import corrections_of
from planner.siting.change_prices import prices_of
from planner.siting.costs import builtin_costs
from planner.views.words.labels import Labels
from planner.views.words.plan.areas import area_sentence

ONE = [Open("n", "clinic", X + 3200, Y, floor_area_m2=250.0)]
TWO = [*ONE, Open("m", "library", X + 3200, Y, floor_area_m2=100.0)]


@pytest.fixture(scope="module")
def result():
    return planner.assess(crowded_street())


@pytest.mark.long
def test_an_edit_of_the_area_is_what_is_built_and_goes_into_the_data(
    file_plan: Plan, result
) -> None:
    (one,) = file_plan.propose(ONE, assessment=result)
    assert one.floor_area_m2 == one.changes[0].floor_area_m2 == 250.0
    edited = file_plan.edit(one, floor_area_m2=200.0)
    assert edited.floor_area_m2 == edited.changes[0].floor_area_m2 == 200.0
    # the list's price was for 250
    assert (edited.cost, edited.cost_source) == (None, "")
    (added,) = corrections_of(edited, result.district, "visited", "2027-01-01T00:00:00+08:00")
    assert added.new["floor_area_m2"] == 200.0
    after = apply_scenario(result.district, edited.scenario())
    assert after.facilities["floor_area_m2"].iloc[-1] == 200.0
    assert not area_sentence(Labels("en"), edited)


@pytest.mark.long
def test_an_edit_of_what_is_built_is_the_area(file_plan: Plan, result) -> None:
    (one,) = file_plan.propose(ONE, assessment=result)
    larger = file_plan.edit(one, changes=[replace(ONE[0], floor_area_m2=300.0)])
    assert larger.floor_area_m2 == 300.0
    both = file_plan.edit(larger, changes=TWO, kinds=["clinic", "library"])
    assert both.floor_area_m2 == 350.0
    assert file_plan.edit(both, title="A house").floor_area_m2 == 350.0


@pytest.mark.long
def test_an_area_given_with_a_proposal_is_built_and_priced(file_plan: Plan, result) -> None:
    (one,) = file_plan.propose(ONE, assessment=result, floor_area_m2=200.0)
    assert one.changes[0].floor_area_m2 == 200.0
    wanted = [replace(ONE[0], floor_area_m2=200.0)]
    assert one.cost == pytest.approx(sum(prices_of(result, wanted, builtin_costs())))
    own = file_plan.add(kinds=["clinic"], changes=[Open("n", "clinic", X, Y)], floor_area_m2=90.0)
    assert own.changes[0].floor_area_m2 == 90.0


def test_a_house_refuses_an_area_that_its_rooms_do_not_come_to(file_plan: Plan, result) -> None:
    (both,) = file_plan.propose(TWO, assessment=result)
    assert both.floor_area_m2 == 350.0
    with pytest.raises(InputError, match="2 rooms come to 350") as refused:
        file_plan.edit(both, floor_area_m2=200.0)
    assert refused.value.finding.code == "plan.area_of_rooms"
    assert file_plan.edit(both, floor_area_m2=350.0).floor_area_m2 == 350.0
    unsized = [TWO[0], replace(TWO[1], floor_area_m2=None)]
    rest = file_plan.edit(both, changes=unsized)
    assert rest.floor_area_m2 is None
    # one room is not told: the figure is the house's whole, and no less than the other room
    assert file_plan.edit(rest, floor_area_m2=400.0).floor_area_m2 == 400.0
    with pytest.raises(InputError, match="come to 250"):
        file_plan.edit(rest.id, floor_area_m2=200.0)


@pytest.mark.long
@pytest.mark.parametrize(("built", "said"), [(250.0, "250"), (None, "would have none")])
def test_an_older_proposal_whose_areas_differ_says_so(
    file_plan: Plan, result, built: float | None, said: str
) -> None:
    (one,) = file_plan.propose([replace(ONE[0], floor_area_m2=built)], assessment=result)
    old = file_plan._write_edit(one, replace(one, floor_area_m2=200.0).to_row(), "")
    told = area_sentence(Labels("en"), old)
    assert "200" in told
    assert said in told
    # the same figure given again mends it
    mended = file_plan.edit(old, floor_area_m2=200.0)
    assert mended.changes[0].floor_area_m2 == 200.0
    assert not area_sentence(Labels("en"), mended)


def test_the_command_line_says_that_areas_differ(
    file_plan: Plan, result, file_target: str, run
) -> None:
    (one,) = file_plan.propose(ONE, assessment=result)
    file_plan._write_edit(one, replace(one, floor_area_m2=200.0).to_row(), "")
    for verb, more, differs in (
        ("show", (), True),
        ("submit", (), True),
        ("edit", ("--area", 200), False),
    ):
        code, out, _ = run("plan", verb, one.id, *more, "--plan", file_target)
        assert code == 0
        assert ("is not what is built" in " ".join(out.split())) is differs
    assert file_plan.get(one.id).changes[0].floor_area_m2 == 200.0
