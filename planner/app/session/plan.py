"""The departments' joint plan, as whoever is at this session sees and changes it.

The plan and its database are imported where they are used: the first page of a server without a
plan needs to know only that there is none, and of one that is there only its numbers.
"""

from __future__ import annotations

import os
from collections import Counter
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from planner.app.server.settings import configuration
from planner.app.server.settings.configuration import SmallNumbers
from planner.app.server.settings.settings import settings
from planner.app.server.sign_in import roles
from planner.app.session.reader import permissions
from planner.plan.people import ROLES, Actor, named
from planner.plan.store.counts import proposals_by_workspace
from planner.plan.store.places import ADDRESS, FILE, is_server

if TYPE_CHECKING:
    from planner.plan.plan import Plan
    from planner.plan.store.store import Store
    from planner.plan.withheld import Withheld

EDITOR = {"roles": ("planner", "administrator")}
"""What ``editors`` of ``[auth]`` are in the plan, where nothing else is said of them."""


def place() -> str:
    """Return where the plan lies: the database that is named, else a file beside the workspaces."""
    return os.environ.get(ADDRESS) or str(settings().workspaces / FILE)


def proposals_by_district() -> Counter[str]:
    """Return how many proposals the plan's file has by district; none where there is no file.

    A database is not asked: the first page waits for no other server. What is wrong with a file is
    told by the page of the plan, which opens it as well.
    """
    where = place()
    file = Path(where)
    if is_server(where) or not file.is_file():
        return Counter()
    return proposals_by_workspace(file)


def is_begun() -> bool:
    """Whether there is a plan, or who looks may begin one."""
    where = place()
    return is_server(where) or Path(where).exists() or not session_actor().roles <= {"viewer"}


def may_propose() -> bool:
    """Whether this person may propose something for a department."""
    return not session_actor().roles.isdisjoint(("planner", "administrator"))


def lacks_approvers() -> bool:
    """Whether people sign in, and of none of them the configuration says that they approve.

    Editors are planners and administrators: nothing that is proposed would ever be decided here.
    """
    known = configuration.current()
    said = known.plan_people.values()
    return known.auth is not None and not any("approver" in each.get("roles", ()) for each in said)


def opened() -> Plan:
    """Open the plan; a file that is not there is made.

    From whom small counts of groups are withheld, gets one without the counts of groups that it
    keeps.

    Raises
    ------
    InputError, WorkError
        As :func:`planner.plan.store.opening.open_store`.
    """
    from planner.plan.plan import Plan
    from planner.plan.store.opening import open_store

    actor, where, withheld = session_actor(), place(), _withheld()
    if is_server(where):
        return Plan(_store(where, 0), actor, withheld)
    file = Path(where)
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        open_store(file).close()
    return Plan(_store(where, file.stat().st_ino), actor, withheld)


def _withheld() -> Withheld | None:
    """Return in which districts counts are withheld from this person; None where in none.

    It is asked in other threads too, which know nobody's session.
    """
    said, role = settings().small_numbers, permissions.role()
    if said is None or not said.is_for(role):
        return None
    return partial(_is_withheld, said, role)


def _is_withheld(said: SmallNumbers, role: str | None, workspace: str) -> bool:
    # of what names no district, nobody knows whose counts it has
    return not workspace or said.threshold_for(role, workspace) > 0


@st.cache_resource(max_entries=4, show_spinner=False)
def _store(where: str, _file: int) -> Store:
    """Return the store, shared by all sessions; another file under the same name is another."""
    from planner.plan.store.opening import open_store

    return open_store(where)


def session_actor() -> Actor:
    """Return as whom somebody works on the plan.

    Who signs in has the roles that ``[plan.people]`` of the configuration says; where it says
    nothing of them, an editor of ``[auth]`` is planner and administrator of every department and
    anybody else may look. Without sign-in, whoever may change data is everybody.
    """
    auth = configuration.current().auth
    if auth is None:
        from planner.plan.store.writing import system_user

        login = system_user()
        own = ROLES if permissions.may_change() else ("viewer",)
        return Actor(login, frozenset(own), login=login)
    role = permissions.role()
    if role is None:
        return Actor("", frozenset())
    claims = permissions.claims()
    people = configuration.current().plan_people
    entry = roles.first_fitting(people, auth, claims)
    told = people[entry] if entry is not None else EDITOR if role == "editor" else {}
    login = roles.email_of(claims) or str(claims.get("sub", ""))
    return named(told, roles.name_of(claims), login, "sign_in")
