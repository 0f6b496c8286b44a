"""Where the joint plan lies, and as whom somebody at the dashboard works on it."""

import time
import tomllib

import pytest

from planner.app.pages.plan.page import APPROVER
from planner.app.server.settings import configuration
from planner.app.server.settings.configuration import Auth, Configuration, read_configuration
from planner.app.session import plan
from planner.app.session.reader import permissions
from planner.errors import InputError
from planner.plan.people import ROLES, checked_people

PLACE = plan.place  # the tests of pages put another in its place

AUTH = Auth(
    "https://id.example.org/x",
    "planner",
    "s",
    "c" * 32,
    "https://plan.example.org/oauth2callback",
    editors=("boss@example.org", "li@example.org"),
    viewers=("@example.org",),
)
PEOPLE = {
    "li@example.org": {"name": "李伟", "department": "health", "roles": ["planner", "reviewer"]},
    "group:committee": {"roles": ["approver"]},
}


@pytest.fixture
def signed_in(monkeypatch, tmp_path):
    """Return a function that signs somebody in to a server with that configuration."""
    monkeypatch.setenv("PLANNER_SCENARIOS", str(tmp_path))

    def sign_in(email: str, **claims: object) -> None:
        told = {"is_logged_in": True, "iat": time.time(), "sub": "7", "email": email, **claims}
        given = Configuration(auth=AUTH, plan_people=PEOPLE)
        monkeypatch.setattr(configuration, "current", lambda: given)
        monkeypatch.setattr(permissions, "claims", lambda: told)

    return sign_in


def test_who_is_listed_has_the_roles_that_are_said(signed_in):
    signed_in("Li@Example.org", name="Li Wei")
    who = plan.session_actor()
    assert (who.name, who.department, who.login, who.via) == (
        "李伟",
        "health",
        "li@example.org",
        "sign_in",
    )
    assert who.roles == {"planner", "reviewer"}
    assert plan.may_propose()


def test_an_editor_of_whom_nothing_is_said_is_planner_and_administrator(signed_in):
    signed_in("boss@example.org", name="Boss")
    who = plan.session_actor()
    assert (who.name, who.department, who.roles) == ("Boss", "", {"planner", "administrator"})


def test_a_viewer_looks_and_a_group_may_approve(signed_in):
    signed_in("wang@example.org")
    assert plan.session_actor().roles == {"viewer"}
    assert not plan.may_propose()
    signed_in("wang@example.org", groups=["committee"])
    assert plan.session_actor().roles == {"approver"}


@pytest.mark.parametrize(
    ("auth", "people", "lacking"),
    [
        (AUTH, PEOPLE, False),
        (AUTH, {}, True),
        (AUTH, {"li@example.org": {"roles": ["reviewer"]}}, True),
        (AUTH, {"li@example.org": {"department": "health"}}, True),
        (None, {}, False),  # without sign-in one person is everybody
    ],
)
def test_whether_anybody_who_signs_in_approves(monkeypatch, auth, people, lacking):
    given = Configuration(auth=auth, plan_people=people)
    monkeypatch.setattr(configuration, "current", lambda: given)
    assert plan.lacks_approvers() is lacking


def test_what_an_administrator_is_told_to_write_makes_an_approver():
    people = checked_people({"people": tomllib.loads(APPROVER)["plan"]["people"]}, "x")["people"]
    assert [each["roles"] for each in people.values()] == [["approver"]]


@pytest.mark.parametrize(
    "claims", [{"email_verified": False}, {"is_logged_in": False}, {"iat": time.time() - 9e6}]
)
def test_who_is_not_let_in_is_nobody_in_the_plan(signed_in, claims):
    signed_in("li@example.org", **claims)
    assert plan.session_actor().roles == frozenset()
    assert not plan.may_propose()


@pytest.mark.parametrize(("may", "roles"), [(True, set(ROLES)), (False, {"viewer"})])
def test_without_sign_in_one_is_everybody_or_looks(monkeypatch, may, roles):
    monkeypatch.setattr(permissions, "may_change", lambda: may)
    who = plan.session_actor()
    assert (who.roles, who.via) == (roles, "alone")


def test_the_plan_lies_beside_the_workspaces_or_where_it_is_said(monkeypatch, tmp_path):
    monkeypatch.setenv("PLANNER_DATA", str(tmp_path))
    monkeypatch.delenv("PLANNER_DATABASE_URL", raising=False)
    assert PLACE() == str(tmp_path / "plan.sqlite")
    monkeypatch.setenv("PLANNER_DATABASE_URL", "postgresql://x@localhost/plan")
    assert PLACE() == "postgresql://x@localhost/plan"


@pytest.mark.parametrize(
    "told",
    [
        '[plan.people."li@example.org"]\nroles = ["chief"]',
        '[plan.people."li@example.org"]\ndepartment = "navy"',
        '[plan.people."li"]\nroles = ["planner"]',
        '[plan.people]\n"li@example.org" = 3',
    ],
)
def test_what_is_no_person_role_or_department_is_refused(tmp_path, told):
    file = tmp_path / "planner.toml"
    file.write_text(told, encoding="utf-8")
    with pytest.raises(InputError):
        read_configuration(file)


def test_people_are_read_from_the_configuration(tmp_path):
    file = tmp_path / "planner.toml"
    file.write_text(
        '[plan.people."li@example.org"]\nroles = ["reviewer"]\ndepartment = "health"\n',
        encoding="utf-8",
    )
    told = {"roles": ["reviewer"], "department": "health"}
    assert read_configuration(file).plan_people == {"li@example.org": told}
