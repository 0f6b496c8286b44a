"""A way by hand has the price of what is proposed, whatever the data has there to be crossed."""

import math
from dataclasses import replace

import pytest
from street_town import X, Y, crowded_street

import planner
from planner.plan import Plan
from planner.plan.proposals.by_hand import Described
from planner.plan.proposals.computing import compute
from planner.plan.proposals.making import by_hand
from planner.siting.costs import builtin_costs
from planner.views.words.labels import Labels
from planner.views.words.plan.prices import off_sentences, way_sentence


@pytest.fixture(scope="module")
def result():
    return planner.assess(crowded_street())


@pytest.mark.long(but=1)
@pytest.mark.parametrize(
    ("action", "work"), [("footbridge", "footbridge"), ("gate", "new_gate"), ("path", "path")]
)
def test_a_way_is_priced_as_what_is_proposed(file_plan: Plan, result, action, work) -> None:
    # two metres beside the street there is nothing to cross
    told = Described(x=X + 10, y=Y + 2, x2=X + 40, y2=Y + 2)
    draft = by_hand(result, action, told)
    assert draft.action == action
    assert draft.cost == pytest.approx(builtin_costs().link(work, math.hypot(30.0, 0.0)))
    (made,) = file_plan.propose([draft], assessment=result)
    anew = file_plan.recompute(made, result)
    assert anew.cost == draft.cost
    said = way_sentence(Labels("en"), result.district, anew)
    assert ("priced as what is proposed" in said) is (action != "path")


@pytest.mark.long
def test_what_changes_no_coverage_brings_nobody_and_what_is_not_known_is_told_so(
    file_plan: Plan, result
) -> None:
    draft = by_hand(result, "gate", Described(x=X + 10, y=Y + 2, x2=X + 40, y2=Y + 2))
    (made,) = file_plan.propose([draft], assessment=result)
    assert made.figures.rows == ()
    assert list(file_plan.table()["gained"]) == [0.0]
    hidden = planner.assess(result.district.withhold(10**6), groups=["pop_65plus"])
    withheld = compute(hidden, made)
    assert {row.covered_after for row in withheld.rows} == {None}
    assert withheld.gained() is None
    by_nothing = planner.assess(result.district, replace(result.standard, rules={}))
    assert compute(by_nothing, made).gained() is None


@pytest.mark.long
def test_a_way_drawn_off_the_streets_is_priced_as_it_is_walked_and_told(
    file_plan: Plan, result
) -> None:
    """Its price was that of the line as drawn, however far the way between the streets is."""
    drafts = [
        by_hand(result, "footbridge", Described(x=X + 10, y=Y + off, x2=X + 70, y2=Y - off))
        for off in (0, 3, 40)
    ]
    assert {round(each.cost, 6) for each in drafts} == {builtin_costs().link("footbridge", 60.0)}
    made = file_plan.propose(drafts, assessment=result)
    told = [off_sentences(Labels("en"), result.district, each) for each in made]
    assert [len(each) for each in told] == [0, 0, 1]
    assert "40 m off the streets" in told[2][0]
    assert "60 m, is walked and priced" in told[2][0]
    elsewhere = replace(made[2], crs="EPSG:4547")
    assert off_sentences(Labels("en"), result.district, elsewhere) == []
