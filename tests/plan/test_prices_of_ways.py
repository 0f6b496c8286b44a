"""A way by hand has the price of what is proposed, whatever the data has there to be crossed."""

import math
from dataclasses import replace

import pytest
from street_town import X, Y, crowded_street

import planner
from planner.plan import Plan
from planner.plan.proposals.by_hand import Described
from planner.plan.proposals.figures import compute
from planner.plan.proposals.making import by_hand
from planner.siting.costs import builtin_costs
from planner.views.words.labels import Labels
from planner.views.words.plan.prices import way_sentence


@pytest.fixture(scope="module")
def result():
    return planner.assess(crowded_street())


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
