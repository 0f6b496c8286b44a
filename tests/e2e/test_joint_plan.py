"""Departments in windows of their own propose, object, answer, approve and open, signed in."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import unavailable
from dashboard_server import Server

pytest.importorskip("authlib", reason="sign-in needs community-planner[server]")
from oidc_server import Provider
from postgres import Postgres, binaries
from signed_in import Window, served

from planner import assess, demo_district, propose
from planner.district import Open
from planner.plan import Actor, Plan, open_plan
from planner.plan.people import ROLES
from planner.plan.store.opening import open_store
from planner.sources import read_district, write_district

pytestmark = [pytest.mark.browser, pytest.mark.journey]

DISTRICT = "three-rivers.gpkg"
SPOT = (604823.72, 2838247.52)
PLAN = """
[plan.people."li@planning.example"]
name = "李伟"
department = "health"
roles = ["planner"]

[plan.people."wang@bureau.example"]
name = "王芳"
department = "planning"
roles = ["reviewer"]

[plan.people."group:planners"]
name = "赵主任"
roles = ["approver"]
"""


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    running = Provider()
    yield running
    running.stop()


@pytest.fixture(scope="module", params=[pytest.param("file", marks=pytest.mark.long), "server"])
def store(request, tmp_path_factory) -> Iterator[str]:
    """Return the address of a database, empty for the file beside the workspaces.

    The file is of a long run: the same pages on a file are in tests/app, without a browser.
    """
    if request.param == "file":
        yield ""
        return
    programs = binaries()
    if programs is None:
        unavailable("no PostgreSQL server is installed")
    pytest.importorskip("psycopg")
    running = Postgres(programs)
    running.sql("CREATE DATABASE joint")
    yield running.address("joint")
    running.close()


@pytest.fixture(scope="module")
def folder(store, tmp_path_factory) -> Path:
    """Return a folder with a copy of the demo."""
    folder = tmp_path_factory.mktemp("joint")
    write_district(demo_district(), folder / DISTRICT)
    return folder


@pytest.fixture(scope="module")
def target(store, folder) -> str | Path:
    return store or folder / "plan.sqlite"


def as_everybody(target: str | Path) -> Plan:
    """Open the plan: a database's login has roles that only the server reads from its file."""
    return Plan(open_store(target), Actor("李伟", frozenset(ROLES), via="sign_in"))


@pytest.fixture(scope="module")
def proposals(target, folder) -> list[str]:
    """Return the ids of two clinics that the health department has drafted."""
    result = assess(read_district(folder / DISTRICT), "gb50180-2018")
    with as_everybody(target) as plan:
        made = plan.propose(
            propose(result, kind="clinic", new=2),
            workspace=DISTRICT,
            department="health",
            year=2027,
        )
    return [each.id for each in made]


@pytest.fixture(scope="module")
def guarded(chromium, provider, folder, store, proposals, tmp_path_factory) -> Iterator[Server]:
    home = tmp_path_factory.mktemp("guarded")

    with pytest.MonkeyPatch.context() as patch:
        if store:
            patch.setenv("PLANNER_DATABASE_URL", store)
        running = served(home, folder, provider, PLAN)
    yield running
    running.end()


def test_two_departments_and_a_committee(windows, guarded, proposals, target, folder):
    own, other = proposals
    health = Window(windows, guarded, "editor", DISTRICT)
    health.sees("李伟")
    for each in proposals:
        health.open(f"plan?proposal={each}")
        health.step("plan_step_submit", "Submit")
        health.sees("Submitted. The departments that must agree are asked.")

    planning = Window(windows, guarded, "viewer", DISTRICT)
    planning.sees("What needs an answer")
    planning.open(f"plan?proposal={own}")
    planning.sees("submitted")
    assert planning.page.locator(".st-key-plan_edit").count() == 0, "a reviewer edits nothing"
    health.open(f"plan?proposal={own}")
    health.sees("submitted")
    planning.step("plan_say", "Send", choose="objects", Reason="The yard is a school's.")
    planning.sees("Your department's view is kept.")
    # the other window shows it by itself
    health.sees("The yard is a school's.")
    health.step("plan_answer", "Send", Your_answer="The school lends it.")
    health.sees("Your answer is kept.")

    committee = Window(windows, guarded, "member", DISTRICT)
    committee.open(f"plan?proposal={own}")
    committee.step("plan_step_take_up", "Take up for review")
    committee.sees("Taken up for review.")
    committee.step("plan_step_approve", "Approve")
    committee.sees("Approved. It counts in the joint plan.")
    committee.open(f"plan?proposal={other}")
    committee.step("plan_step_take_up", "Take up for review")
    committee.sees("Taken up for review.")
    assert committee.page.locator(".st-key-plan_step_approve button").first.is_disabled()

    before = len(read_district(folder / DISTRICT).facilities)
    health.open(f"plan?proposal={own}")
    health.step("plan_step_opened", "It opened", By_what="seen on site")
    health.sees("Opened, and put into the data of this district as a correction.")
    assert len(read_district(folder / DISTRICT).facilities) == before + 1
    with open_plan(target) as plan:
        deeds = [(each["actor"], each["deed"]) for each in plan.trail(own)]
        assert plan.verify() == ()
    assert [each for each in deeds if each[1] in ("submit", "object", "answer", "approve")] == [
        ("李伟", "submit"),
        ("王芳", "object"),
        ("李伟", "answer"),
        ("赵主任", "approve"),
    ]


@pytest.fixture
def neighbours(target, folder) -> tuple[str, str]:
    """Return the ids of a clinic and a police room that two departments want 60 m apart."""
    result = assess(read_district(folder / DISTRICT), "gb50180-2018")
    made = []
    with as_everybody(target) as plan:
        for kind, department, beside in (
            ("clinic", "health", 0.0),
            ("police_room", "public_security", 60.0),
        ):
            steps = [Open(f"new-{kind}", kind, SPOT[0] + beside, SPOT[1])]
            told = {"workspace": DISTRICT, "department": department, "year": 2028}
            made += plan.propose(steps, assessment=result, **told)
    return made[0].id, made[1].id


@pytest.mark.long  # without a browser: tests/app/test_plan_page.py; of one proposal: above
def test_two_proposals_become_one_house(windows, guarded, neighbours, target, folder):
    clinic, room = neighbours
    health = Window(windows, guarded, "editor", DISTRICT)
    health.open(f"plan?proposal={clinic}")
    form = health.open_form("plan_combine")
    form.get_by_role("combobox").click()
    health.page.get_by_role("option").filter(has_text=room).click()
    health.page.keyboard.press("Tab")  # the list of choices closes
    form.get_by_role("button", name="Make one house of these").click()
    health.sees("A draft of one house for these proposals.")
    with open_plan(target) as plan:
        (house,) = [each.id for each in plan.proposals() if set(each.made_of) == {clinic, room}]
    health.step("plan_step_submit", "Submit")
    health.sees("Submitted. The departments that must agree are asked.")

    planning = Window(windows, guarded, "viewer", DISTRICT)
    planning.open(f"plan?proposal={house}")
    planning.sees("submitted")
    planning.step("plan_say", "Send", choose="supports", Reason="One yard for both.")
    planning.sees("Your department's view is kept.")
    with as_everybody(target) as plan:  # a third office, by its own program
        for asked in plan.case(house).waiting_for:
            plan.review(house, "support", "one house suits us", asked.department)

    committee = Window(windows, guarded, "member", DISTRICT)
    committee.open(f"plan?proposal={house}")
    committee.step("plan_step_take_up", "Take up for review")
    committee.sees("Taken up for review.")
    committee.step("plan_step_approve", "Approve")
    committee.sees("Approved. It counts in the joint plan.")

    before = read_district(folder / DISTRICT).facilities
    health.open(f"plan?proposal={house}")
    health.step("plan_step_opened", "It opened", By_what="hand-over")
    health.sees("Opened, and put into the data of this district as a correction.")
    after = read_district(folder / DISTRICT).facilities
    new = after[~after["facility_id"].isin(before["facility_id"])]
    assert sorted(new["kind"]) == ["clinic", "police_room"]
    assert new.geometry.iloc[0].distance(new.geometry.iloc[1]) < 1.0
    with open_plan(target) as plan:
        assert [plan.get(each).status for each in (clinic, room, house)] == [
            "superseded",
            "superseded",
            "opened",
        ]
        assert plan.verify() == ()
