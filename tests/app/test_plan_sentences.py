"""What the Chinese pages of the joint plan say: no blank parts two signs."""

import pytest
from chinese_signs import blanks_between_signs
from effort import few
from test_plan_page import proposed
from test_plan_years import finished

from planner.plan import open_plan


@pytest.fixture
def folder(plan_folder):
    return plan_folder


@pytest.mark.parametrize(
    "part", few(["proposals", "talk", "years", "compare", "targets", "trail"], 3)
)
def test_no_blank_parts_two_signs_on_a_chinese_page(plan_page, folder, part):
    own = proposed(folder)
    with open_plan(folder / "plan.sqlite") as plan:
        plan.step(own, "submit")
        plan.review(own, "object", "场地属于学校", "planning")
        plan.set_target(workspace="town.gpkg", kind="clinic", year=2030, share=0.95)
        other = proposed(folder, department="health")
        plan.step(other, "submit")
        plan.step(other, "take_up")
        for asked in plan.case(other).waiting_for:
            plan.review(other, "support", "同意", asked.department)
        plan.step(other, "approve")
    app = finished(plan_page, plan_part=part, lang="zh")
    told = [each.value for each in (*app.markdown, *app.caption, *app.warning, *app.info)]
    told += [str(cell) for table in app.dataframe for cell in table.value.to_numpy().ravel()]
    assert any(each.strip() for each in told)
    for line in "\n".join(told).splitlines():
        assert blanks_between_signs(line) == [], line
