"""The page of the joint plan as somebody sees it from whom small counts of groups are withheld."""

import pytest
from kept_counts import GROUP, SHARE, keep_counts, told_counts
from test_small_numbers import said, withheld
from towns import judged

from planner import assess
from planner.app.pages.plan.page import PARTS
from planner.app.session import plan as session_plan
from planner.district import Scenario
from planner.district.scenarios.scenario import Open
from planner.plan import Actor, open_plan
from planner.plan.people import ROLES

__all__ = ["withheld"]


@pytest.fixture
def ids(plan_folder) -> list[str]:
    """Propose clinics whose gain counts one group, or all, and set a target by what was so."""
    of_all = judged(plan_folder / "town.gpkg")
    of_group = assess(of_all.district, groups=[GROUP])
    home = of_all.district.demand.geometry.iloc[8]
    crs = of_all.district.crs.to_string()
    with open_plan(plan_folder / "plan.sqlite") as plan:
        found = []
        for number, result in enumerate((of_group, of_all, of_group)):
            place = (float(home.x) + number, float(home.y))
            steps = [Open(f"new-{number}", "clinic", *place, f"Clinic {number}")]
            values = {"assessment": result, "workspace": "town.gpkg", "year": 2028}
            found += [each.id for each in plan.propose(Scenario("", steps, crs), **values)]
            keep_counts(plan, found[-1])
        for step in ("submit", "take_up"):
            plan.step(found[2], step)
        for asked in plan.case(found[2]).waiting_for:
            plan.review(found[2], "support", "fits", asked.department)
        plan.step(found[2], "approve")
        values = {"kind": "clinic", "workspace": "town.gpkg", "year": 2029, "group": GROUP}
        plan.set_target(share=SHARE, by_today=True, **values)
    return found


def told(app) -> str:
    """Return what a page tells, with all rows of its tables and what stands in boxes."""
    tables = [each.value.to_csv() for each in app.dataframe]
    boxes = [str(each.value) for kind in (app.number_input, app.info) for each in kind]
    return "\n".join([said(app), *tables, *boxes])


@pytest.mark.parametrize("part", PARTS)
def test_no_part_of_the_plan_tells_kept_counts(withheld, ids, plan_page, part):
    assert not told_counts(told(plan_page(plan_part=part)))


def test_no_card_tells_kept_counts(withheld, ids, plan_page):
    for own in ids:
        shown = told(plan_page(proposal=own))
        assert not told_counts(shown)
        assert "Brings" in shown or "small counts are withheld" in shown


def test_who_is_shown_them_sees_them_and_whose_they_are(ids, plan_page):
    shown = told(plan_page())
    assert told_counts(shown)
    card = told(plan_page(proposal=ids[0]))
    assert r"Brings 48,271 residents \(65 and over\) within a limit" in card
    assert told_counts(told(plan_page(plan_part="targets")))


def test_planners_from_whom_they_are_withheld_are_told_none(withheld, ids, plan_page, monkeypatch):
    """Who works on the plan may be a viewer of the data: boxes and forms tell no more."""
    actor = Actor("Li", frozenset(ROLES), "", "li", "sign_in")
    monkeypatch.setattr(session_plan, "session_actor", lambda: actor)
    for asked in ({}, {"proposal": ids[0]}, {"plan_part": "targets"}, {"plan_part": "trail"}):
        app = plan_page(**asked)
        assert not told_counts(told(app))
        assert not [each for each in app.button if each.key == "plan_whole"]
