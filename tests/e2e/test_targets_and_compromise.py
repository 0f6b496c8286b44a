"""Two departments set a target and a limit, edit one at once, and see what the plan costs them."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from dashboard_server import Server

pytest.importorskip("authlib", reason="sign-in needs community-planner[server]")
from oidc_server import Provider
from playwright.sync_api import expect
from signed_in import Window, served

from planner import assess, demo_district, propose
from planner.plan import Actor, Plan, open_plan
from planner.plan.people import ROLES
from planner.plan.store.opening import open_store
from planner.sources import read_district, write_district
from planner.views.words.labels import Labels

pytestmark = [pytest.mark.browser, pytest.mark.journey(one_in=2)]

DISTRICT = "three-rivers.gpkg"
PEOPLE = """
[plan.people."li@planning.example"]
name = "李伟"
department = "health"
roles = ["planner", "approver"]

[plan.people."group:planners"]
name = "赵主任"
department = "planning"
roles = ["approver"]
"""
SAY = Labels("zh").message
KIND, COST = "社区卫生服务站", 170.0


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """Return a folder with the demo, of which two clinics are decided for more than they bring."""
    folder = tmp_path_factory.mktemp("targets")
    write_district(demo_district(), folder / DISTRICT)
    result = assess(read_district(folder / DISTRICT), "gb50180-2018")
    everybody = Actor("李伟", frozenset(ROLES), via="sign_in")
    with Plan(open_store(folder / "plan.sqlite"), everybody) as plan:
        told = {"workspace": DISTRICT, "department": "health", "year": 2027}
        price = {"cost": COST, "currency": "CNY 10,000"}
        for own in plan.propose(propose(result, kind="clinic", new=2), **told, **price):
            plan.step(own.id, "submit")
            plan.step(own.id, "take_up")
            for asked in plan.case(own.id).waiting_for:
                plan.review(own.id, "support", "可行", asked.department)
            plan.step(own.id, "approve")
    return folder


@pytest.fixture(scope="module")
def guarded(chromium, folder, tmp_path_factory) -> Iterator[Server]:
    provider = Provider()
    home = tmp_path_factory.mktemp("guarded")
    running = served(home, folder, provider, PEOPLE)
    yield running
    running.end()
    provider.stop()


def set_target(window: Window) -> None:
    """Ask for 95 % by the end of 2030."""
    form = window.open_form("plan_new_target")
    form.get_by_role("combobox", name=SAY("app_targets.col_kind")).click()
    window.page.get_by_role("option", name=KIND).click()
    form.get_by_label(SAY("app_targets.year")).fill("2030")
    form.get_by_label(SAY("app_targets.share")).fill("95")
    form.get_by_label(SAY("app_targets.note")).fill("区政府会议")
    form.get_by_role("button", name=SAY("app_plan.save")).click()
    window.sees(SAY("app_plan.done_set_target"))


def set_limit(window: Window) -> None:
    """Let the department of health spend less in 2027 than is decided."""
    form = window.open_form("plan_new_limit")
    form.get_by_role("combobox", name=SAY("app_targets.col_department")).click()
    window.page.get_by_role("option", name="卫健").click()
    form.get_by_label(SAY("app_targets.limit_year")).fill("2027")
    form.get_by_label(SAY("app_targets.amount")).fill("200")
    form.get_by_role("button", name=SAY("app_plan.save")).click()
    window.sees(SAY("app_plan.done_set_limit"))


def edit_target(form, year: str, why: str) -> None:
    form.get_by_label(SAY("app_targets.year")).fill(year)
    form.get_by_label(SAY("app_plan.why")).fill(why)
    form.get_by_role("button", name=SAY("app_plan.save")).click()


def legend_stands_below(window: Window) -> None:
    """Check that the legend of the years has what is decided, and covers nothing of the map."""
    frame = window.page.frame_locator("iframe").first
    frame.locator("body.docked[data-drawn]").wait_for(state="attached")
    legend, panes = frame.locator("body > .pl-legend"), frame.locator("#panes")
    sign = legend.locator(".pl-row", has_text=SAY("plan_words.planned_approved"))
    expect(sign).to_be_visible()
    above, below = panes.bounding_box(), legend.bounding_box()
    assert below["y"] >= above["y"] + above["height"]
    assert frame.locator("html").evaluate("page => page.scrollHeight <= window.innerHeight")
    legend.locator("summary").click()
    expect(sign).to_be_hidden()


def test_a_target_two_edit_at_once_the_agenda_and_what_the_compromise_costs(
    windows, guarded, folder
):
    health = Window(windows, guarded, "editor", DISTRICT, "zh")
    health.open("plan?plan_part=targets")
    planning = Window(windows, guarded, "member", DISTRICT, "zh")
    planning.open("plan?plan_part=targets")
    planning.sees(SAY("plan_targets.no_targets"))

    set_target(health)
    set_limit(health)
    # the other window shows both by itself
    planning.sees("到 2030 年底限值以内达到 95.0%")
    limit = planning.page.get_by_role("combobox", name=SAY("app_targets.which_limit"))
    expect(limit).to_have_value("卫健，2027 年：不超过 200（万元）", timeout=30_000)

    # both open the form; the second to save is asked, and nothing is lost
    ours = health.open_form("plan_edit_target")
    edit_target(planning.open_form("plan_edit_target"), "2029", "提前")
    planning.sees(SAY("app_plan.done_edit_target"))
    expect(ours.get_by_text(SAY("app_targets.changed_meanwhile"))).to_be_visible(timeout=20_000)
    edit_target(ours, "2031", "推迟")
    health.sees(SAY("app_plan.met"))
    with open_plan(folder / "plan.sqlite") as plan:
        assert [each.year for each in plan.targets()] == [2029]
    health.page.get_by_role("button", name=SAY("app_plan.take_ours")).click()
    health.sees("到 2031 年底限值以内达到 95.0%")
    planning.sees("到 2031 年底限值以内达到 95.0%")

    planning.open("plan?plan_part=talk")
    planning.sees("到 2031 年底限值以内达到 95.0%")
    planning.sees("肯定超出")

    health.open("plan?plan_part=compare")
    health.sees("因此，折中方案使进入限值以内的少了")
    map_frame = health.page.frame_locator("iframe").first
    map_frame.locator("body[data-drawn]").wait_for(state="attached")
    for word in ("instead", "left_out"):
        sign = map_frame.locator(".pl-row", has_text=SAY(f"plan_words.map_{word}"))
        expect(sign).to_be_visible()
    health.open("plan?plan_part=years&kind=clinic")
    legend_stands_below(health)
    with open_plan(folder / "plan.sqlite") as plan:
        told = [(each["actor"], each["deed"], each["why"]) for each in plan.trail()]
        assert plan.verify() == ()
    assert [each for each in told if each[1] == "edit_target"] == [
        ("赵主任", "edit_target", "提前"),
        ("李伟", "edit_target", "推迟"),
    ]
