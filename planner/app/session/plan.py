"""The joint plan of all departments, as the person at this session sees and changes it."""

from __future__ import annotations

import os

from planner.app.server.settings.settings import settings
from planner.app.session import permissions
from planner.plan.people import ROLES, Actor, Role, actor_of
from planner.plan.plan import ADDRESS, FILE, Plan
from planner.plan.store.opening import open_store


def opened() -> Plan:
    """Open the plan; a file that is not there is made."""
    address, folder = os.environ.get(ADDRESS, ""), settings().work
    if not address:
        folder.mkdir(parents=True, exist_ok=True)
    store = open_store(address or folder / FILE)
    try:
        known = actor_of(store)
        roles: frozenset[Role] = frozenset(ROLES if permissions.may_change() else ("viewer",))
        return Plan(store, Actor(permissions.user_name() or known.name, roles, login=known.login))
    except BaseException:
        store.close()
        raise


def may_propose() -> bool:
    """Whether this person may propose something for a department."""
    return permissions.may_change()
