"""What is edited for a year leaves the years before it as they were carried out."""

from dataclasses import replace

import pytest
from demo_part import part_of_demo

from planner import assess
from planner.analysis.assessment import Assessment
from planner.district.scenarios.scenario import Open
from planner.plan.coordination.years.kept_years import Years
from planner.plan.coordination.years.years import joint_plan
from planner.plan.proposals.making import drafts


@pytest.fixture(scope="module")
def result():
    return assess(part_of_demo(3), "gb50180-2018")


@pytest.fixture(scope="module")
def decided(result):
    homes = result.district.demand.geometry
    made = []
    for number, year in enumerate((2027, 2028, 2029)):
        home = homes.iloc[len(homes) // 4 * number]
        (draft,) = drafts([Open(f"new-{number}", "clinic", home.x, home.y)], result)
        made.append(replace(draft, id=f"P-{number}", year=year, status="approved"))
    return made


@pytest.mark.long
def test_only_the_year_that_was_edited_and_later_ones_are_carried_out_anew(
    result, decided, monkeypatch
):
    carried: list[str] = []
    apply = Assessment.apply

    def counted(self, scenario):
        carried.append(scenario.name)
        return apply(self, scenario)

    monkeypatch.setattr(Assessment, "apply", counted)
    kept = Years()
    first = joint_plan(result, decided, kept=kept)
    assert carried == ["2027", "2028", "2029"]
    home = result.district.demand.geometry.iloc[77]
    step = Open("new-1", "clinic", home.x, home.y)
    edited = [decided[0], replace(decided[1], changes=(step,)), decided[2]]
    carried.clear()
    again = joint_plan(result, edited, kept=kept)
    assert carried == ["2028", "2029"]
    assert again.after[1] is first.after[1]
    # the same as without anything kept
    whole = joint_plan(result, edited)
    assert again.coverage.equals(whole.coverage)
    assert not again.coverage.equals(first.coverage)


def test_the_sign_of_a_content_says_nothing_of_figures(decided, monkeypatch):
    own = decided[0]
    sign = replace(own).content_sign
    monkeypatch.setattr(type(own), "to_row", None)
    assert replace(own).content_sign == sign
