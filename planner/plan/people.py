"""Who works on a plan, and what they may do.

Alone on a PC one person is everybody. Of a shared PostgreSQL database its login tells who somebody
is; the table ``[plan.logins]`` of the configuration that ``PLANNER_CONFIG`` names says what that
login may do::

    [plan.logins.li_wei]
    name = "李伟"
    department = "health"
    roles = ["planner", "reviewer"]

A login that is not listed may look. Of whoever signs in to the dashboard, ``[plan.people]`` says
the same by the words of ``[auth]``: an address, ``@domain``, ``group:name`` or ``*``; the first
that fits counts::

    [plan.people."wang@example.org"]
    department = "civil_affairs"
    roles = ["planner", "reviewer"]
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, get_args

from planner.district.kinds import DEPARTMENTS
from planner.documents import parse_toml
from planner.errors import InputError, MissingFileError
from planner.plan.store.author import Author, Via

if TYPE_CHECKING:
    from planner.plan.store.store import Store

Role = Literal["viewer", "planner", "reviewer", "approver", "administrator"]
ROLES: tuple[Role, ...] = get_args(Role)
CONFIGURATION = "PLANNER_CONFIG"
"""Variable of the environment that names the configuration file."""

KEYS = ("name", "department", "roles")
TABLES = ("logins", "people")
"""Tables of ``[plan]``: logins of the database, and who signs in to the dashboard."""


@dataclass(frozen=True)
class Actor:
    """Somebody who works on a plan.

    Parameters
    ----------
    name
        As the trail calls them.
    roles
        Any of :data:`ROLES`.
    department
        Whose planner or reviewer they are, a key of :data:`planner.district.kinds.DEPARTMENTS`;
        empty for somebody who acts for every department.
    login, via
        As :class:`planner.plan.store.author.Author`.

    Examples
    --------
    >>> nurse = Actor("Li", frozenset({"reviewer"}), "health")
    >>> nurse.is_a("reviewer", "health"), nurse.is_a("reviewer", "culture")
    (True, False)
    """

    name: str
    roles: frozenset[Role]
    department: str = ""
    login: str = ""
    via: Via = "alone"

    def is_a(self, role: Role, department: str = "") -> bool:
        """Whether somebody has a role, for a department where one is named."""
        return role in self.roles and self.department in ("", department or self.department)

    @property
    def author(self) -> Author:
        """Who they are for the trail."""
        return Author(self.name, self.login, self.via)


def actor_of(store: Store) -> Actor:
    """Return who works on a plan through a verb or the library.

    Raises
    ------
    InputError
        Where the configuration cannot be read.
    """
    login = store.login()
    if not store.shared:
        return Actor(login, frozenset(ROLES), login=login)
    told = logins(os.environ.get(CONFIGURATION, "")).get(login)
    return named(told or {}, login, login, "database")


def named(told: Mapping[str, Any], name: str, login: str, via: Via) -> Actor:
    """Return the person of whom a configuration tells name, department and roles.

    Parameters
    ----------
    told
        What it says; what it leaves out is `name`, no department, a viewer.
    name, login, via
        As of :class:`Actor`.
    """
    return Actor(
        str(told.get("name") or name),
        frozenset(told.get("roles", ("viewer",))),
        str(told.get("department", "")),
        login,
        via,
    )


def logins(file: str) -> Mapping[str, Mapping[str, Any]]:
    """Return what a configuration file says of the database's logins, nothing without a file.

    Raises
    ------
    MissingFileError, InputError
        Where there is no such file, or it names a role or a department that there is not.
    """
    if not file:
        return {}
    path = Path(file)
    try:
        said = parse_toml(path.read_text(encoding="utf-8-sig"))
    except (FileNotFoundError, IsADirectoryError) as error:
        raise MissingFileError("plan.no_configuration", file=file) from error
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InputError("plan.bad_configuration", file=file, key="TOML") from error
    return checked_people(said.get("plan", {}), file)["logins"]


People = Mapping[str, Mapping[str, Any]]
"""Name, department and roles by what somebody is known by."""


def checked_people(plan: object, file: str) -> dict[str, People]:
    """Return the tables of ``[plan]`` of a configuration, :data:`TABLES`, once they are in order.

    Raises
    ------
    InputError
        ``plan.bad_configuration``, which names the key.
    """

    def wrong(key: str) -> InputError:
        return InputError("plan.bad_configuration", file=file, key=key)

    if not isinstance(plan, Mapping) or set(plan) - set(TABLES):
        raise wrong("plan")
    found: dict[str, People] = {}
    for table in TABLES:
        found[table] = people = plan.get(table, {})
        if not isinstance(people, Mapping):
            raise wrong(f"plan.{table}")
        _check_table(people, f"plan.{table}", wrong)
    return found


def _check_table(people: People, table: str, wrong: Callable[[str], InputError]) -> None:
    for own, told in people.items():
        key = f"{table}.{own}"
        if not isinstance(told, Mapping) or set(told) - set(KEYS):
            raise wrong(key)
        if not all(isinstance(told.get(name, ""), str) for name in ("name", "department")):
            raise wrong(key)
        if told.get("department", "") not in ("", *DEPARTMENTS):
            raise wrong(f"{key}.department")
        roles = told.get("roles", [])
        if not isinstance(roles, list) or any(role not in ROLES for role in roles):
            raise wrong(f"{key}.roles")
