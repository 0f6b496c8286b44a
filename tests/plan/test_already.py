"""What a plan has already of that which is about to be proposed."""

import pytest
from street_town import X, Y, crowded_street

import planner
from planner.analysis.gaps.gaps import find_gaps
from planner.district import Connect, Open, OpenInternal
from planner.errors import InputError
from planner.plan import Plan
from planner.plan.proposals import making


@pytest.fixture(scope="module")
def result():
    return planner.assess(crowded_street(), groups=["population", "pop_65plus"])


def drafts(result, *steps):
    return making.drafts(list(steps), result)


def clinic(metres: float, kind: str = "clinic") -> Open:
    return Open("n", kind, X + metres, Y)


@pytest.mark.long
def test_the_same_within_the_limit_is_told_and_nothing_else(file_plan: Plan, result) -> None:
    (made,) = file_plan.propose([clinic(3200.0)], assessment=result, workspace="a.gpkg")
    asked = [clinic(3200.0), clinic(3500.0), clinic(3501.0), clinic(3200.0, "library")]
    found = [file_plan.already(drafts(result, step), result, "a.gpkg")[0] for step in asked]
    # the limit of a clinic is 300 m
    assert [[each.id for each in one] for one in found] == [[made.id], [made.id], [], []]
    assert file_plan.already(drafts(result, clinic(3200.0)), result, "b.gpkg") == [[]]


def test_ways_are_the_same_in_either_direction_and_facilities_by_their_id(
    file_plan: Plan, result
) -> None:
    way, back = Connect(X, Y, X + 40, Y + 40), Connect(X + 40, Y + 40, X, Y)
    beside = Connect(X, Y, X + 40, Y + 44)
    made = file_plan.propose([way, OpenInternal("unit")], assessment=result, figures=False)
    asked = drafts(result, back, beside, OpenInternal("unit"))
    found = file_plan.already(asked, result)
    assert [[each.id for each in one] for one in found] == [[made[0].id], [], [made[1].id]]


def test_what_ended_or_was_put_aside_may_be_proposed_anew(file_plan: Plan, result) -> None:
    (made,) = file_plan.propose([clinic(3200.0)], assessment=result, figures=False)
    file_plan.put_aside(made, "by mistake")
    assert file_plan.already(drafts(result, clinic(3200.0)), result) == [[]]


def test_a_round_is_proposed_of_a_gap_and_changes_no_figure(file_plan: Plan, result) -> None:
    gap = find_gaps(result, "clinic").head(1)
    (made,) = file_plan.propose(making.outreach(result, gap), assessment=result)
    assert (made.action, made.kinds, made.origin) == ("outreach", ("clinic",), "gap")
    assert made.changes == ()
    assert gap.geometry.iloc[0].covers(made.shape)
    assert made.figures.gained() == 0
    assert file_plan.already(making.outreach(result, gap), result)[0] == [made]


def test_drafts_made_before_are_proposed_as_they_are(file_plan: Plan, result, as_actor) -> None:
    (draft,) = drafts(result, clinic(3200.0))
    (made,) = file_plan.propose([draft], assessment=result, title="At the well")
    assert (made.title, made.changes[0].facility_id) == ("At the well", f"{made.id}/clinic")
    assert made.figures.gained() > 0
    viewer = as_actor(file_plan, "viewer")
    with pytest.raises(InputError) as refused:
        viewer.propose([draft], assessment=result)
    assert refused.value.code == "plan.may_not"
    assert len(file_plan.proposals()) == 1
